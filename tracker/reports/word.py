"""Blocks as WordprocessingML, in the styles of a template.

Written as text: a paragraph object per cell costs a hundred times more. Every run names the fonts
of its style itself, the East Asian one too, so that it keeps them wherever it is copied to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from tracker.reports.document import Align, Block, Column, Heading, Paragraph, Table
from tracker.terminal import plain

MILLIMETRE = 56.7
"""Twentieths of a point, the unit of lengths in a Word file."""

_ALIGNED: Mapping[Align, str] = {"left": "left", "centre": "center", "right": "right"}
_OF_RUNS = ("rFonts", "color", "spacing", "sz", "szCs")
"""What of a style its runs say again."""


@dataclass(frozen=True)
class Styles:
    """The styles of a Word file by their names."""

    paper: Any

    def paragraph(self, words: str, style: str, properties: str = "") -> str:
        """A paragraph of one run; ``properties`` follow the style's in their order."""
        number, run = self._found[style]
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{number}"/>{properties}</w:pPr>'
            f'<w:r>{run}<w:t xml:space="preserve">{escape(plain(words))}</w:t></w:r></w:p>'
        )

    @cached_property
    def _found(self) -> Mapping[str, tuple[str, str]]:
        """A style's id and its runs' properties, by its name."""
        return {s.name_val: (s.styleId, _run(s)) for s in self.paper.styles.element.style_lst}


def _run(style: Any) -> str:
    own = style.rPr
    kept = [child for name in _OF_RUNS if own is not None and (child := own.find(qn(f"w:{name}"))) is not None]
    return f"<w:rPr>{''.join(map(_property, kept))}</w:rPr>"


def _property(element: Any) -> str:
    """As text without the namespaces, which would stand in every run again."""
    values = "".join(f" w:{etree.QName(name).localname}={quoteattr(value)}" for name, value in element.items())
    return f"<w:{etree.QName(element).localname}{values}/>"


def elements(texts: Sequence[str]) -> list[Any]:
    """Texts of XML as elements."""
    return list(parse_xml(f"<w:body {nsdecls('w')}>{''.join(texts)}</w:body>"))


def blocks(
    found: Sequence[Block], styles: Styles, twips: int, *, in_annex: bool = False, is_kept: bool = False
) -> Iterator[str]:
    """Blocks on a line ``twips`` long; ``is_kept`` where the last paragraph stays with what follows."""
    for n, block in enumerate(found):
        keep = "<w:keepNext/>" if is_kept and n == len(found) - 1 else ""
        match block:
            case Heading(level, words):
                yield styles.paragraph(words, "公文一级标题" if level == 1 else "公文二级标题")
            case Paragraph(words):
                yield styles.paragraph(words, "公文正文", keep)
            case Table(rows=()):
                yield styles.paragraph(block.empty, "公文正文", keep)
            case _:
                if n and isinstance(found[n - 1], Table):
                    # Word makes one table of two that touch.
                    yield gap()
                kind = "附件" if in_annex else "数字" if block.is_large else ""
                yield _table(block, styles, (f"公文{kind}表头", f"公文{kind}表格"), twips)


def gap(points: int = 4) -> str:
    """A paragraph without words."""
    spacing = f'<w:spacing w:before="0" w:after="0" w:line="{20 * points}" w:lineRule="exact"/>'
    return f"<w:p><w:pPr>{spacing}</w:pPr></w:p>"


def _table(table: Table, styles: Styles, kinds: tuple[str, str], twips: int) -> str:
    """A table whose header repeats and whose rows stay whole."""
    total = sum(column.width for column in table.columns)
    widths = [round(twips * column.width / total) for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    header = [styles.paragraph(column.title, kinds[0], '<w:jc w:val="center"/>') for column in table.columns]
    cells = (_cells(row, table.columns, styles, kinds[1]) for row in table.rows)
    rows = "".join(_row(row, widths, _tall(table.height)) for row in cells)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{_row(header, widths, '<w:tblHeader/>')}{rows}</w:tbl>"
    )


def _tall(millimetres: float) -> str:
    return f'<w:trHeight w:val="{round(millimetres * MILLIMETRE)}" w:hRule="atLeast"/>' if millimetres else ""


def _cells(row: Sequence[str], columns: Sequence[Column], styles: Styles, kind: str) -> list[str]:
    return [
        styles.paragraph(words, kind, f'<w:jc w:val="{_ALIGNED[column.align]}"/>')
        for words, column in zip(row, columns, strict=True)
    ]


def _row(paragraphs: Sequence[str], widths: Sequence[int], properties: str) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{w}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{p}</w:tc>'
        for w, p in zip(widths, paragraphs, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{cells}</w:tr>"
