"""A document as Markdown: for mail, and for reading in any editor.

Text from files is escaped so that it stays text.
"""

import re
from collections.abc import Iterator

from tracker.language import _
from tracker.reports.document import Annex, Block, Document, Heading, Paragraph, Table
from tracker.terminal import plain

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&])")


def write(document: Document) -> bytes:
    """The document as UTF-8 Markdown."""
    return ("\n".join(_lines(document)).rstrip("\n") + "\n").encode()


def text(words: str) -> str:
    """Words that stay words: no markup, no line breaks, no control characters."""
    return _SPECIAL.sub(r"\\\1", plain(words))


def _lines(document: Document) -> Iterator[str]:
    if document.notice:
        yield from (f"> {text(document.notice)}", "")
    yield from (f"**{text(document.letterhead)}**", "")
    if document.number:
        yield from (text(document.number), "")
    yield from (f"# {text(document.title)}", "", text(document.addressee), "")
    for block in document.body:
        yield from _block(block)
    if document.annexes:
        yield from (_("附件："), "")
        yield from (f"{n}. {text(annex.title)}" for n, annex in enumerate(document.annexes, 1))
        yield ""
    yield from (text(document.signature), "", text(document.signed_on), "")
    if document.remark:
        yield from (_("（{remark}）", remark=text(document.remark)), "")
    if document.copies:
        yield from (_("抄送：{copies}。", copies=text(document.copies)), "")
    for n, annex in enumerate(document.annexes, 1):
        yield from _annex(n, annex)


def _annex(n: int, annex: Annex) -> Iterator[str]:
    yield from ("---", "", _("## 附件{n}　{title}", n=n, title=text(annex.title)), "")
    for block in annex.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, words):
            yield from (f"{'#' * (level + 1)} {text(words)}", "")
        case Paragraph(words):
            yield from (text(words), "")
        case Table(rows=()):
            yield from (text(block.empty), "")
        case Table():
            yield _row([column.title for column in block.columns])
            marks = {"left": ":--", "centre": ":-:", "right": "--:"}
            yield "| " + " | ".join(marks[column.align] for column in block.columns) + " |"
            yield from (_row(row) for row in block.rows)
            yield ""


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(text(cell) for cell in cells) + " |"
