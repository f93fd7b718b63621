"""A document as plain text, to be pasted into a mail: no markup, and no table that a mail program would bend."""

from collections.abc import Iterator

from tracker.language import _
from tracker.problems import labelled
from tracker.reports.document import Block, Document, Heading, Paragraph, Table
from tracker.terminal import plain


def write(document: Document) -> bytes:
    """The document as UTF-8 text."""
    return ("\n".join(plain(line) for line in _lines(document)).rstrip("\n") + "\n").encode()


def _lines(document: Document) -> Iterator[str]:
    if document.notice:
        yield from (document.notice, "")
    yield document.letterhead
    if document.number:
        yield document.number
    yield from ("", document.title, "", document.addressee, "")
    for block in document.body:
        yield from _block(block)
    yield from (document.signature, document.signed_on, "")
    if document.remark:
        yield from (_("（{remark}）", remark=document.remark), "")
    if document.copies:
        yield from (_("抄送：{copies}。", copies=document.copies), "")
    for n, annex in enumerate(document.annexes, 1):
        yield from (_("附件{n}　{title}", n=n, title=annex.title), "")
        for block in annex.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Paragraph():
            yield from (block.text, "")
        case Table(rows=()):
            yield from (block.empty, "")
        case Table():
            yield from (_row(block, row) for row in block.rows)
            yield ""


def _row(table: Table, row: tuple[str, ...]) -> str:
    """A row as a sentence: each cell after its heading; empty cells are passed over."""
    cells = (labelled(column.title, cell) for column, cell in zip(table.columns, row, strict=True) if cell)
    return _("；").join(cells) + _("。")
