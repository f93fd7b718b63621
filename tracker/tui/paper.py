"""A paper as lines of text: headings, paragraphs, tables aligned in the room there is. Nothing in it is markup.

Only the lines in sight are drawn: a widget for every paragraph would cost more than all the reckoning.
"""

from collections.abc import Iterator
from typing import ClassVar, Literal

from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tracker.language import _
from tracker.reports.document import Annex, Block, Document, Heading, Paragraph, Table
from tracker.terminal import cut, padded, width
from tracker.tui.words import shown
from tracker.tui.wrapping import wrapped

Look = Literal["title", "section", "said", "header", "signature", ""]
"""How a line looks; text as such has no look of its own."""

Part = tuple[Look | Literal["table"], str]
"""What a part of the paper is, and its words."""

NARROWEST = 4
GAP = 2
MARGIN = 2
"""Columns left and right of the text, at least."""

MEASURE = 96
"""Columns of a line of text, at most: a longer one is hard to read."""

LEAST = 40
"""Columns for which the paper is set where there are even fewer."""

INDENT = "　　"
"""Before a paragraph."""


class Paper(ScrollView, can_focus=True):
    """The paper, as wide as it is good to read and in the middle; what stands for it until it is there."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper--title",
        "paper--section",
        "paper--said",
        "paper--header",
        "paper--signature",
    }

    def __init__(self) -> None:
        super().__init__(id="paper")
        self.document: Document | None = None
        self._lines: list[tuple[Look, str]] = []
        self._waiting = ""

    def show(self, document: Document) -> None:
        """Show this one from its beginning."""
        self.document = document
        self._lay_out()
        self.scroll_home(animate=False)

    def wait(self, words: str) -> None:
        """There is none yet, and why."""
        self.document, self._waiting = None, words
        self._lay_out()

    def on_resize(self) -> None:
        """Lines are as wide as there is room."""
        self._lay_out()

    def _lay_out(self) -> None:
        room = self.scrollable_content_region.width
        if self.document is None:
            self._lines = [("said", " " * MARGIN + self._waiting)]
        else:
            self._lines = list(paper_lines(self.document, max(room, LEAST)))
        self.virtual_size = Size(room, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of the paper, or nothing below its end."""
        n, base, room = self.scroll_offset.y + y, self.rich_style, self.size.width
        if n >= len(self._lines):
            return Strip.blank(room, base)
        look, line = self._lines[n]
        style = base + self.get_component_rich_style(f"paper--{look}", partial=True) if look else base
        words = line.lstrip(" ")
        margin = Segment(" " * (len(line) - len(words)), base)
        return Strip([margin, Segment(words, style)]).adjust_cell_length(room, base)


def paper_lines(document: Document, room: int) -> Iterator[tuple[Look, str]]:
    """The paper's lines with how each looks, in ``room`` columns: text in the middle, tables as wide as they need."""
    measure = min(room - 2 * MARGIN, MEASURE)
    left = (room - measure) // 2
    for look, text in _parts(document, room - 2 * MARGIN):
        if look == "table":
            yield from _set(text.split("\n"), left, room)
            continue
        if look in ("title", "section", "signature"):
            yield "", ""
        for line in wrapped(text, measure):
            yield look, " " * (left + _indent(look, measure - width(line))) + line
        if look == "title":
            yield "", ""
    yield "", ""


def _indent(look: Look, rest: int) -> int:
    """Of the ``rest`` columns that a line leaves, those before it: half of a title's, all of a signature's."""
    return rest // 2 if look == "title" else rest if look == "signature" else 0


def _set(lines: list[str], left: int, room: int) -> Iterator[tuple[Look, str]]:
    """A table's lines: with the text, or in the middle where they are wider."""
    widest = max(width(line) for line in lines)
    margin = " " * (left if widest <= room - 2 * left else max((room - widest) // 2, 0))
    yield "", ""
    yield "header", margin + padded(lines[0], widest)
    yield from (("", margin + line) for line in lines[1:])
    yield "", ""


def _parts(document: Document, room: int) -> Iterator[Part]:
    """The paper's parts, each with what it is."""
    if document.notice:
        yield "said", shown(document.notice)
    yield "title", shown(document.title)
    yield "", shown(document.addressee)
    for block in document.body:
        yield from _block(block, room)
    yield "signature", f"{shown(document.signature)}　{shown(document.signed_on)}"
    for n, annex in enumerate(document.annexes, 1):
        yield from _annex(n, annex, room)


def _annex(n: int, annex: Annex, room: int) -> Iterator[Part]:
    yield "title", _("附件{n}　{title}", n=n, title=shown(annex.title))
    for block in annex.blocks:
        yield from _block(block, room)


def _block(block: Block, room: int) -> Iterator[Part]:
    match block:
        case Heading(text=words):
            yield "section", shown(words)
        case Paragraph(text=words):
            yield "", INDENT + shown(words)
        case Table(rows=(), empty=empty):
            yield "", shown(empty)
        case Table():
            yield "table", "\n".join(table_lines(block, room))


def table_lines(table: Table, room: int) -> Iterator[str]:
    """A table's lines; where the room is too small every column is cut to its share."""
    cells = [[shown(c.title) for c in table.columns], *([shown(cell) for cell in row] for row in table.rows)]
    natural = [max(width(row[n]) for row in cells) for n in range(len(table.columns))]
    free = room - GAP * (len(natural) - 1)
    if sum(natural) > free:
        whole = sum(c.width for c in table.columns)
        shares = [max(free * c.width // whole, NARROWEST) for c in table.columns]
        spare = sum(max(share - n, 0) for share, n in zip(shares, natural, strict=True))
        columns = []
        for share, n in zip(shares, natural, strict=True):
            # What some columns do not need goes to those that are cut, first come first served.
            more = min(max(n - share, 0), spare)
            spare -= more
            columns.append(min(share + more, n))
    else:
        columns = natural
    for row in cells:
        yield (
            (" " * GAP)
            .join(
                padded(cut(cell, wide), wide, right=c.align == "right")
                for cell, wide, c in zip(row, columns, table.columns, strict=True)
            )
            .rstrip()
        )
