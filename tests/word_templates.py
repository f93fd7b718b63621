"""Make the Word templates that come with the program: ``python tests/word_templates.py``.

They are ordinary .docx files laid out after GB/T 9704-2012, which the office opens in WPS, changes and saves under
``plans/<programme>/templates/``. What is here is only how they begin.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

TARGET = Path(__file__).parent.parent / "tracker" / "reports" / "templates"

SONG, TITLE, FANG, KAI, HEI = "宋体", "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
LATIN = "Times New Roman"
SUBSTITUTES = {TITLE: "华文中宋", FANG: "仿宋", KAI: "楷体"}
"""What Word takes where a computer lacks a font."""

LINE = 28.95
"""Points from line to line: 22 lines in 225 mm."""

FULL = 156.0
"""Millimetres of a line."""

RED = "E60012"
MILLIMETRE = 56.7
"""Twentieths of a point."""


@dataclass(frozen=True)
class Style:
    """How a kind of paragraph looks; sizes, indents and spaces in points."""

    font: str
    size: float
    align: str = "left"
    line: float = LINE
    indent: float = 0
    """Characters of the first line."""
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    keep: bool = False
    """Whether it stays with the paragraph that follows."""
    colour: str = ""
    tight: bool = False
    """28 characters to a line of 156 mm: each a quarter of a point nearer to the next."""


NORMAL = Style(FANG, 16, tight=True)

BODY = {
    "公文正文": Style(FANG, 16, "both", indent=2, tight=True),
    "公文一级标题": Style(HEI, 16, indent=2, keep=True, tight=True),
    "公文二级标题": Style(KAI, 16, indent=2, keep=True, tight=True),
    "公文表头": Style(HEI, 12, line=17, keep=True),
    "公文表格": Style(FANG, 12, line=17),
    "公文附件号": Style(HEI, 16, keep=True),
    "公文附件标题": Style(TITLE, 22, "center", before=LINE / 2, after=LINE / 2, keep=True),
    "公文附件表头": Style(HEI, 10.5, line=15, keep=True),
    "公文附件表格": Style(FANG, 10.5, line=15),
}
"""What the program writes at the places of the template."""

HEAD = {
    "公文提示": Style(KAI, 12, "center", line=16),
    "公文发文机关": Style(TITLE, 32, "center", line=44, before=66, after=2 * LINE, colour=RED),
    "公文文号": Style(FANG, 16, "center"),
    "公文标题": Style(TITLE, 22, "center", line=34, before=2 * LINE, after=LINE, keep=True),
    "公文主送": Style(FANG, 16, tight=True),
    "公文附件说明": Style(FANG, 16, before=LINE, keep=True, tight=True),
    "公文署名": Style(FANG, 16, "right", right=32, before=2 * LINE, keep=True),
    "公文成文日期": Style(FANG, 16, "right", right=64, keep=True),
    "公文附注": Style(FANG, 16, indent=2),
    "公文版记分隔线": Style(FANG, 4, line=4),
    "公文版记": Style(FANG, 14, indent=1, right=14, line=24),
}

LETTER = {
    **HEAD,
    "公文发文机关": Style(TITLE, 30, "center", line=40, after=4, colour=RED),
    "公文文号": Style(FANG, 16, "right"),
    "公文标题": Style(TITLE, 22, "center", line=32, before=LINE / 2, after=LINE / 2, keep=True),
    "公文附件说明": Style(FANG, 16, keep=True, tight=True),
    "公文署名": Style(FANG, 16, "right", right=32, before=LINE / 2, keep=True),
}

FORM = {
    "公文表头": Style(HEI, 12, line=18, before=2, after=2, keep=True),
    "公文表格": Style(FANG, 12, line=18, before=2, after=2),
    "公文提示": HEAD["公文提示"],
    "公文标题": Style(TITLE, 22, "center", line=34, before=LINE / 2, after=LINE / 2),
    "公文主送": Style(FANG, 12, line=20, after=3),
}

SHEET_BODY = {
    "公文正文": Style(FANG, 10.5, line=14.2, indent=2, before=1, after=1),
    "公文一级标题": Style(HEI, 10.5, line=14.2, before=5, after=2, keep=True),
    "公文二级标题": Style(KAI, 10.5, line=14.2, before=3, after=1, keep=True),
    "公文表头": Style(HEI, 9, line=11.25, keep=True),
    "公文表格": Style(FANG, 9, line=11.25),
    "公文数字表头": Style(HEI, 14, line=17.5, keep=True),
    "公文数字表格": Style(FANG, 14, line=17.5),
}

SHEET = {
    "公文提示": Style(KAI, 9, "center", line=12.2),
    "公文标题": Style(TITLE, 18, "center", line=24.3),
    "公文主送": Style(FANG, 10.5, line=14.2, after=3),
}

STANDARD = {"top": 37.0, "left": 28.0, "right": 26.0, "bottom": 35.0, "footer": 22.0}
"""Millimetres; the page number stands 7 mm below the type area."""


class Maker:
    """A template in the making."""

    def __init__(self, styles: Mapping[str, Style], margins: Mapping[str, float]) -> None:
        self.paper: Any = docx.Document()
        self.styles = styles
        self._blank()
        self._define("Normal", NORMAL)
        for name, style in styles.items():
            self._define(name, style)
        self.section: Any = self.paper.sections[0]
        size, margin = self.section._sectPr.find(qn("w:pgSz")), self.section._sectPr.find(qn("w:pgMar"))
        for key, length in {"w": 210.0, "h": 297.0}.items():
            size.set(qn(f"w:{key}"), str(round(length * MILLIMETRE)))
        for key, length in {"header": 15.0, "footer": 15.0, "gutter": 0.0, **margins}.items():
            margin.set(qn(f"w:{key}"), str(round(length * MILLIMETRE)))

    def _blank(self) -> None:
        """Take away what the library's own template brings and no paper here needs."""
        for part, ending in ((self.paper.part, "stylesWithEffects"), (self.paper.part.package, "thumbnail")):
            for key in [key for key, rel in part.rels.items() if rel.reltype.endswith(ending)]:
                del part.rels[key]
        kept = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}
        for style in list(self.paper.styles.element.style_lst):
            if style.name_val not in kept:
                style.getparent().remove(style)
        fonts = next(rel.target_part for rel in self.paper.part.rels.values() if rel.reltype.endswith("fontTable"))
        named = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in SUBSTITUTES.items()
        )
        fonts._blob = f'<?xml version="1.0" encoding="UTF-8"?><w:fonts {nsdecls("w")}>{named}</w:fonts>'.encode()

    def _define(self, name: str, style: Style) -> None:
        styles = self.paper.styles.element
        old = next((s for s in styles.style_lst if s.name_val == name), None)
        if old is not None:
            styles.remove(old)
        number = "Normal" if name == "Normal" else f"Paper{len(styles.style_lst)}"
        kind = 'w:default="1"' if name == "Normal" else 'w:customStyle="1"'
        based = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
        styles.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="paragraph" {kind} w:styleId="{number}"><w:name w:val="{name}"/>'
                f"{based}<w:qFormat/>{_paragraph_form(style)}{_run_form(style)}</w:style>"
            )
        )

    def line(self, text: str, style: str, properties: str = "", **fonts: str) -> Any:
        """A paragraph; a part of the text between ``|`` has the font that is named for it."""
        number = next(s.styleId for s in self.paper.styles.element.style_lst if s.name_val == style)
        form = self.styles[style]
        runs = []
        for piece in text.split("|"):
            name, _mark, words = piece.partition("=") if piece.partition("=")[0] in fonts else ("", "", piece)
            run = _run_form(form, fonts.get(name, form.font))
            content = "<w:tab/>" if words == "\t" else f'<w:t xml:space="preserve">{words}</w:t>'
            runs.append(f"<w:r>{run}{content}</w:r>")
        return parse_xml(
            f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{number}"/>{properties}</w:pPr>{"".join(runs)}</w:p>'
        )

    def add(self, *elements: Any) -> None:
        """Elements below what there is."""
        self.paper.element.body[-1].addprevious(elements[0])
        for element in elements[1:]:
            self.paper.element.body[-1].addprevious(element)

    def end(self) -> None:
        """The last paragraph, which Word wants after a table and which takes no room."""
        self.add(_last())

    def imprint(self, lines: list[str], *, ruled: bool) -> None:
        """版记: at the foot of the last page, ruled as the standard says; a letter's has no lines."""
        width = round(FULL * MILLIMETRE)
        frame = (
            f'<w:framePr w:w="{width}" w:hSpace="0" w:vSpace="0" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" '
            'w:xAlign="center" w:yAlign="bottom"/>'
        )
        # Lines above and below all of it; LibreOffice takes no other ones within a frame, hence the leader of a tab.
        rules = "".join(
            f'<w:{edge} w:val="single" w:sz="8" w:space="1" w:color="000000"/>' for edge in ("top", "bottom")
        )
        form = f"{frame}<w:pBdr>{rules}</w:pBdr>" if ruled else frame
        stop = f'<w:tabs><w:tab w:val="right" w:pos="{width - 280}"/></w:tabs>'
        leader = f'<w:tabs><w:tab w:val="left" w:leader="underscore" w:pos="{width}"/></w:tabs>'
        made = [self.line(text, "公文版记", form + stop) for text in lines]
        if ruled:
            made.insert(1, self.line("{% if 抄送 %}|\t|{% endif %}", "公文版记分隔线", form + leader))
        self.add(*made)

    def page_numbers(self) -> None:
        """``— 1 —`` in 四号宋体: odd pages right, even pages left, one character in."""
        self.paper.settings.odd_and_even_pages_header_footer = True
        form = _run_form(Style(SONG, 14))
        for footer, side in ((self.section.footer, "right"), (self.section.even_page_footer, "left")):
            footer.is_linked_to_previous = False
            for p in list(footer._element):
                footer._element.remove(p)
            code = "".join(
                f"<w:r>{form}{inner}</w:r>"
                for inner in (
                    '<w:t xml:space="preserve">— </w:t>', '<w:fldChar w:fldCharType="begin"/>',
                    "<w:instrText>PAGE</w:instrText>", '<w:fldChar w:fldCharType="end"/>',
                    '<w:t xml:space="preserve"> —</w:t>',
                )
            )  # fmt: skip
            footer._element.append(
                parse_xml(
                    f'<w:p {nsdecls("w")}><w:pPr><w:ind w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>{code}</w:p>'
                )
            )

    def bytes(self) -> bytes:
        """The file; equal makings give equal bytes."""
        properties = self.paper.core_properties
        properties.author = properties.last_modified_by = properties.title = properties.comments = ""
        properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
        written, packed = io.BytesIO(), io.BytesIO()
        self.paper.save(written)
        with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
            for member in old.infolist():
                new.writestr(zipfile.ZipInfo(member.filename, (2026, 1, 1, 0, 0, 0)), old.read(member.filename), 8)
        return packed.getvalue()


def _run_form(style: Style, font: str = "") -> str:
    half = round(style.size * 2)
    colour = f'<w:color w:val="{style.colour}"/>' if style.colour else ""
    spacing = '<w:spacing w:val="-5"/>' if style.tight else ""
    return (
        f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font or style.font}" w:cs="{LATIN}"/>'
        f'{colour}{spacing}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    )


def _paragraph_form(style: Style) -> str:
    twips = {name: round(20 * getattr(style, name)) for name in ("line", "before", "after", "left", "right")}
    first = round(20 * style.indent * style.size)
    return (
        f"<w:pPr>{'<w:keepNext/>' if style.keep else ''}<w:widowControl w:val='0'/><w:snapToGrid w:val='0'/>"
        f'<w:spacing w:before="{twips["before"]}" w:after="{twips["after"]}" w:line="{twips["line"]}" '
        f'w:lineRule="exact"/><w:ind w:left="{twips["left"]}" w:right="{twips["right"]}" w:firstLine="{first}"/>'
        f'<w:jc w:val="{style.align}"/></w:pPr>'
    )


def _last() -> Any:
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    )


def _border(edge: str, style: str, size: int, space: int) -> str:
    return f'<w:pBdr><w:{edge} w:val="{style}" w:sz="{size}" w:space="{space}" w:color="{RED}"/></w:pBdr>'


def _official(maker: Maker, number: str, properties: str) -> bytes:
    """A paper under a red head: 通报 to below, 报告 to above."""
    rule = _border("bottom", "single", 18, 11)
    maker.page_numbers()
    maker.add(
        maker.line("{{ 提示 }}", "公文提示"),
        maker.line("{{ 发文机关 }}文件", "公文发文机关"),
        maker.line(number, "公文文号", rule + properties, kai=KAI),
        maker.line("{{ 标题 }}", "公文标题"),
        maker.line("{{ 主送 }}", "公文主送"),
        *_text(maker),
    )
    maker.imprint(["抄送：{{ 抄送 }}。", "{{ 印发机关 }}|\t|{{ 印发日期 }}印发"], ruled=True)
    maker.end()
    return maker.bytes()


def _text(maker: Maker) -> list[Any]:
    """From the body to the annexes."""
    return [
        maker.line("{{ 正文 }}", "公文正文"),
        maker.line("{{ 附件说明 }}", "公文附件说明"),
        maker.line("{{ 署名 }}", "公文署名"),
        maker.line("{{ 成文日期 }}", "公文成文日期"),
        maker.line("（{{ 附注 }}）", "公文附注"),
        maker.line("{{ 附件 }}", "公文正文"),
    ]


def bulletin() -> bytes:
    """下行文."""
    return _official(Maker({**BODY, **HEAD}, STANDARD), "{{ 文号 }}", "")


def report() -> bytes:
    """上行文: the number left, 签发人 right, one character in each."""
    width = round(FULL * MILLIMETRE)
    stop = (
        f'<w:tabs><w:tab w:val="right" w:pos="{width - 320}"/></w:tabs><w:ind w:firstLine="320"/><w:jc w:val="left"/>'
    )
    return _official(Maker({**BODY, **HEAD}, STANDARD), "{{ 文号 }}|\t|签发人：|kai={{ 签发人 }}", stop)


def letter() -> bytes:
    """信函格式: double red lines, no page number on the first page, an imprint without lines."""
    maker = Maker({**BODY, **LETTER}, {**STANDARD, "top": 30.0, "bottom": 26.0, "footer": 17.0})
    maker.page_numbers()
    # The lines are 170 mm long: 7 mm beyond the type area on either side.
    wide = f'<w:ind w:left="-{round(7 * MILLIMETRE)}" w:right="-{round(7 * MILLIMETRE)}"/>'
    maker.section.different_first_page_header_footer = True
    foot = maker.section.first_page_footer
    foot.is_linked_to_previous = False
    for p in list(foot._element):
        foot._element.remove(p)
    line = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    foot._element.append(
        parse_xml(f"<w:p {nsdecls('w')}><w:pPr>{_border('top', 'thinThickSmallGap', 24, 6)}{line}{wide}</w:pPr></w:p>")
    )
    maker.add(
        maker.line("{{ 提示 }}", "公文提示"),
        maker.line("{{ 发文机关 }}", "公文发文机关", _border("bottom", "thickThinSmallGap", 24, 6) + wide),
        maker.line("{{ 文号 }}", "公文文号"),
        maker.line("{{ 标题 }}", "公文标题"),
        maker.line("{{ 主送 }}", "公文主送"),
        *_text(maker),
    )
    maker.imprint(["抄送：{{ 抄送 }}。"], ruled=False)
    maker.end()
    return maker.bytes()


def form() -> bytes:
    """A form without a head: 延期申请表."""
    maker = Maker({**BODY, **FORM}, STANDARD)
    maker.page_numbers()
    stop = f'<w:tabs><w:tab w:val="right" w:pos="{round(FULL * MILLIMETRE)}"/></w:tabs>'
    maker.add(
        maker.line("{{ 提示 }}", "公文提示"),
        maker.line("{{ 标题 }}", "公文标题"),
        maker.line("{{ 主送 }}|\t|{{ 成文日期 }}", "公文主送", stop),
        maker.line("{{ 正文 }}", "公文正文"),
    )
    maker.end()
    return maker.bytes()


def sheet() -> bytes:
    """One sheet in small type for a reader inside: 依据单, the leaders' page."""
    margins = {"top": 13.0, "left": 14.0, "right": 14.0, "bottom": 11.0, "header": 5.0, "footer": 5.0}
    maker = Maker({**SHEET_BODY, **SHEET}, margins)
    stop = f'<w:tabs><w:tab w:val="right" w:pos="{round(182 * MILLIMETRE)}"/></w:tabs>'
    maker.add(
        maker.line("{{ 提示 }}", "公文提示"),
        maker.line("{{ 标题 }}", "公文标题"),
        maker.line("{{ 主送 }}|\t|{{ 署名 }}　{{ 成文日期 }}", "公文主送", stop),
        maker.line("{{ 正文 }}", "公文正文"),
    )
    maker.end()
    return maker.bytes()


MAKERS = {"bulletin": bulletin, "report": report, "letter": letter, "form": form, "sheet": sheet}


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    for name, make in MAKERS.items():
        (TARGET / f"{name}.docx").write_bytes(make())
