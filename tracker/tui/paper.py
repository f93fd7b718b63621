"""A paper as lines of text: headings, paragraphs, tables aligned in the room there is. Nothing in it is markup."""

from collections.abc import Iterator

from tracker.language import _
from tracker.reports.document import Annex, Block, Document, Heading, Paragraph, Table
from tracker.terminal import cut, padded, width
from tracker.tui.words import shown

Look = str
"""``title``, ``section``, ``lines`` or ``table``: the class of the widget that shows it."""

NARROWEST = 4
GAP = 2


def paper_blocks(document: Document, room: int) -> Iterator[tuple[Look, str]]:
    """The paper's parts with how each looks, in ``room`` columns."""
    if document.notice:
        yield "lines", shown(document.notice)
    yield "title", shown(document.title)
    yield "lines", shown(document.addressee)
    for block in document.body:
        yield from _block(block, room)
    yield "lines", f"{shown(document.signature)}　{shown(document.signed_on)}"
    for n, annex in enumerate(document.annexes, 1):
        yield from _annex(n, annex, room)


def _annex(n: int, annex: Annex, room: int) -> Iterator[tuple[Look, str]]:
    yield "title", _("附件{n}　{title}", n=n, title=shown(annex.title))
    for block in annex.blocks:
        yield from _block(block, room)


def _block(block: Block, room: int) -> Iterator[tuple[Look, str]]:
    match block:
        case Heading(text=words):
            yield "section", shown(words)
        case Paragraph(text=words):
            yield "lines", shown(words)
        case Table(rows=(), empty=empty):
            yield "lines", shown(empty)
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
