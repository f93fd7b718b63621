"""A document as a Word file laid out after GB/T 9704-2012.

A4, type area 156 × 225 mm, 22 lines of 28 characters, East Asian fonts named on every run,
page numbers outside, annexes on pages of their own, wide ones turned. Tables are written as
XML directly: a paragraph object per cell costs a hundred times more.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from tracker.language import _
from tracker.reports.document import Annex, Block, Column, Document, Heading, Paragraph, Table
from tracker.terminal import plain

SONG, TITLE, FANG, KAI, HEI = "宋体", "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
LATIN = "Times New Roman"
SIZES = {"一号": 26.0, "二号": 22.0, "三号": 16.0, "四号": 14.0, "小四": 12.0, "五号": 10.5}
"""Points of the Chinese sizes used."""

LINE = 28.95
"""Points from line to line: 22 lines in 225 mm."""

RED = RGBColor(0xE6, 0x00, 0x12)
CHARACTER = 16.0
"""Points of one character of the body, the unit of indents."""

PORTRAIT = {"width": 210, "height": 297, "top": 37, "left": 28, "right": 26, "bottom": 35}
LANDSCAPE = {"width": 297, "height": 210, "top": 28, "left": 35, "right": 37, "bottom": 26}
"""Millimetres; the turned page keeps its binding edge."""

_EPOCH = (2026, 1, 1, 0, 0, 0)


def write(document: Document) -> bytes:
    """The document as the bytes of a .docx; equal documents give equal bytes."""
    paper = docx.Document()
    _blank(paper)
    _page(paper.sections[0], PORTRAIT)
    paper.settings.odd_and_even_pages_header_footer = True
    _page_numbers(paper.sections[0])
    _properties(paper, document)
    _head(paper, document)
    _line(paper, document.title, TITLE, "二号", centred=True, before=LINE, after=LINE)
    _line(paper, document.addressee, FANG, "三号")
    for block in document.body:
        _block(paper, block, "小四", PORTRAIT)
    _annex_list(paper, document.annexes)
    _signature(paper, document)
    for n, annex in enumerate(document.annexes, 1):
        _annex(paper, n, annex, numbered=len(document.annexes) > 1)
    return _packed(paper)


def _blank(paper: Any) -> None:
    """Leave nothing of the library's template that would show."""
    normal = paper.styles["Normal"]
    normal.font.name = LATIN
    normal.font.size = Pt(SIZES["三号"])
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
    normal.paragraph_format.space_after = Pt(0)


def _page(section: Any, page: dict[str, int]) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if page["width"] > page["height"] else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(page["width"]), Mm(page["height"])
    section.top_margin, section.bottom_margin = Mm(page["top"]), Mm(page["bottom"])
    section.left_margin, section.right_margin = Mm(page["left"]), Mm(page["right"])
    section.header_distance = Mm(15)
    # The page number stands 7 mm below the type area.
    section.footer_distance = Mm(page["bottom"] - 7 - 6)


def _page_numbers(section: Any) -> None:
    """``— 1 —`` in 四号宋体: odd pages right, even pages left, one character in."""
    for footer, right in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        p = footer.paragraphs[0]
        p.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
        indent = Pt(SIZES["四号"])
        p.paragraph_format.right_indent, p.paragraph_format.left_indent = (indent, None) if right else (None, indent)
        _run(p, "— ", SONG, "四号")
        for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = _run(p, "", SONG, "四号")
            if kind:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark = OxmlElement("w:instrText")
                mark.text = code
            run._r.append(mark)  # noqa: SLF001 - the library has no fields of its own
        _run(p, " —", SONG, "四号")


def _properties(paper: Any, document: Document) -> None:
    properties = paper.core_properties
    properties.title = plain(document.title)
    properties.author = plain(document.letterhead)
    properties.comments = plain(document.notice)
    properties.identifier = document.fingerprint
    properties.created = properties.modified = datetime(*_EPOCH, tzinfo=UTC)
    properties.last_modified_by = ""
    properties.language = "zh-CN"


def _head(paper: Any, document: Document) -> None:
    """发文机关标志 in red, the number (签发人 beside it on a paper upwards), the red line."""
    if document.notice:
        _line(paper, document.notice, KAI, "小四", centred=True)
    size = "一号" if len(document.letterhead) <= 14 else "二号"  # noqa: PLR2004 - characters that fit a line
    _line(
        paper, _("{name}文件", name=document.letterhead), TITLE, size, centred=True, before=LINE, after=LINE, red=True
    )
    number = document.number or _("〔　　　〕　　号")
    if document.signer is None:
        p = _line(paper, number, FANG, "三号", centred=True)
    else:
        p = _line(paper, number, FANG, "三号")
        p.paragraph_format.left_indent = Pt(CHARACTER)
        p.paragraph_format.tab_stops.add_tab_stop(Mm(110))
        p.add_run().add_tab()
        _run(p, _("签发人："), FANG, "三号")
        _run(p, document.signer, KAI, "三号")
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="18" w:space="4" w:color="E60012"/></w:pBdr>'
    )
    p._p.get_or_add_pPr().append(border)  # noqa: SLF001 - the library has no borders


def _line(
    paper: Any,
    words: str,
    font: str,
    size: str,
    *,
    centred: bool = False,
    indented: bool = False,
    before: float = 0,
    after: float = 0,
    red: bool = False,
) -> Any:
    """A paragraph of one run."""
    p = paper.add_paragraph()
    form = p.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(LINE, SIZES[size] * 1.3))
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.widow_control = False
    if centred:
        p.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indented:
        form.first_line_indent = Pt(2 * SIZES[size])
    _run(p, words, font, size, red=red)
    return p


def _run(p: Any, words: str, font: str, size: str, *, red: bool = False) -> Any:
    run = p.add_run(plain(words))
    run.font.name = LATIN
    run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), font)  # noqa: SLF001 - the library sets Latin fonts only
    run.font.size = Pt(SIZES[size])
    if red:
        run.font.color.rgb = RED
    return run


def _block(paper: Any, block: Block, table_size: str, page: dict[str, int]) -> None:
    match block:
        case Heading(level, words):
            p = _line(paper, words, HEI if level == 1 else KAI, "三号", indented=True)
            p.paragraph_format.keep_with_next = True
        case Paragraph(words):
            p = _line(paper, words, FANG, "三号", indented=True)
            p.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        case Table(rows=()):
            _line(paper, block.empty, FANG, "三号", indented=True)
        case Table():
            paper.element.body.insert(-1, parse_xml(_table(block, table_size, page)))


def _annex_list(paper: Any, annexes: Sequence[Annex]) -> None:
    """附件说明: one blank line below the body, names without full stops."""
    if not annexes:
        return
    for n, annex in enumerate(annexes, 1):
        label = _("附件：") if n == 1 else "　　　"
        number = f"{n}. " if len(annexes) > 1 else ""
        p = _line(paper, f"{label}{number}{annex.title}", FANG, "三号", indented=True, before=LINE if n == 1 else 0)
        # The signature never stands on a page of its own.
        p.paragraph_format.keep_with_next = n == len(annexes)


def _signature(paper: Any, document: Document) -> None:
    """署名 and the day, right, with room for the seal; never apart from each other."""
    for words, before, blanks in ((document.signature, 2 * LINE, 2), (document.signed_on, 0, 4)):
        p = _line(paper, words, FANG, "三号", before=before)
        p.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        p.paragraph_format.right_indent = Pt(blanks * CHARACTER)
        p.paragraph_format.keep_with_next = before > 0


def _annex(paper: Any, n: int, annex: Annex, *, numbered: bool) -> None:
    page = LANDSCAPE if annex.is_wide else PORTRAIT
    _page(paper.add_section(WD_SECTION.NEW_PAGE), page)
    _line(paper, _("附件{n}", n=n) if numbered else _("附件"), HEI, "三号")
    _line(paper, annex.title, TITLE, "二号", centred=True, before=LINE / 2, after=LINE / 2)
    for block in annex.blocks:
        _block(paper, block, "五号", page)


def _table(table: Table, size: str, page: dict[str, int]) -> str:
    """The table's XML: the header repeats, rows stay whole."""
    twips = (page["width"] - page["left"] - page["right"]) * 56.7
    total = sum(column.width for column in table.columns)
    widths = [round(twips * column.width / total) for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    header = _row([c.title for c in table.columns], table.columns, widths, size, is_header=True)
    rows = "".join(_row(row, table.columns, widths, size) for row in table.rows)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{header}{rows}</w:tbl>"
    )


def _row(
    cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], size: str, *, is_header: bool = False
) -> str:
    repeat = "<w:tblHeader/>" if is_header else ""
    inner = "".join(
        _cell(cell, "centre" if is_header else column.align, w, HEI if is_header else FANG, size)
        for cell, column, w in zip(cells, columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{inner}</w:tr>"


def _cell(words: str, align: str, cell_width: int, font: str, size: str) -> str:
    half_points = round(SIZES[size] * 2)
    jc = {"left": "left", "centre": "center", "right": "right"}[align]
    line = round(SIZES[size] * 1.25 * 20)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{cell_width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:line="{line}" w:lineRule="exact"/><w:jc w:val="{jc}"/></w:pPr>'
        f'<w:r><w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(plain(words))}</w:t></w:r></w:p></w:tc>'
    )


def _packed(paper: Any) -> bytes:
    """The file with every member dated alike, so that time leaves no trace."""
    written = io.BytesIO()
    paper.save(written)
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            dated = zipfile.ZipInfo(member.filename, (*_EPOCH[:3], 0, 0, 0))
            dated.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(dated, old.read(member.filename))
    return packed.getvalue()
