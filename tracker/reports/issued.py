"""The bulletin as it was issued: the office's Word file read back, and its figures against ours.

The office rewrites sentences and tables in WPS; what must not change unseen are the numbers. Those of 一、总体情况 are
found by the words before them, those of the tables by their rows and columns.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from tracker.language import _
from tracker.reports.document import Document, Heading, Paragraph, Table

LARGEST = 64 * 2**20
"""Bytes of a Word file unpacked; a bulletin has a fiftieth."""

Cells = tuple[tuple[str, ...], ...]

_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_FILE_NUMBER = re.compile(r"([^\s〔\[(]*)\s*[〔\[(]\s*(20\d\d)\s*[〕\])]\s*(\d+)\s*号")
_SIGNER = re.compile(r"签发人\s*[:：]\s*(\S+)")
_DAY = re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})日")
_SECTION = re.compile(r"[一二三四五六七八九十]+、")


@dataclass(frozen=True)
class Issued:
    """A paper as issued."""

    paragraphs: tuple[str, ...]
    """Those outside tables, without spaces."""
    tables: tuple[Cells, ...]
    number: str = ""
    signer: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Difference:
    """One figure that is not as ours."""

    where: str
    ours: str
    issued: str
    """Empty where it is not there."""

    @property
    def words(self) -> str:
        """The difference as one line."""
        issued = self.issued or _("（没有）")
        return _(
            "{where}：系统 {ours}，印发稿 {issued}", where=self.where, ours=self.ours or _("（没有）"), issued=issued
        )


def read_issued(content: bytes) -> Issued | None:
    """A Word file's text, numbers and day; None where it is no Word file."""
    import docx  # noqa: PLC0415 - a tenth of a second

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(member.file_size for member in packed.infolist()) > LARGEST:
                return None
        body = docx.Document(io.BytesIO(content)).element.body
    except Exception:  # noqa: BLE001 - a damaged file can break the library anywhere
        return None
    lines = tuple(text for p in body.iter(_w("p")) if not _is_in(p, "tbl") and (text := _squeezed(_text(p))))
    tables = tuple(
        tuple(tuple(_squeezed(_text(cell)) for cell in row.iter(_w("tc"))) for row in table.iter(_w("tr")))
        for table in body.iter(_w("tbl"))
    )
    numbers = (found for line in lines if (found := _FILE_NUMBER.search(line)))
    number = next((f"{found[1]}〔{found[2]}〕{found[3]}号" for found in numbers), "")
    signer = next((found[1] for line in lines if (found := _SIGNER.search(line))), "")
    days = [found for line in lines if (found := _DAY.fullmatch(line))]
    return Issued(lines, tables, number, signer, _day(days[-1]) if days else None)


def _w(tag: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{tag}"


def _is_in(element: Any, *tags: str) -> bool:
    return any(next(element.iterancestors(_w(tag)), None) is not None for tag in tags)


def _text(element: Any) -> str:
    """The text as it reads with every tracked change accepted."""
    return "".join(t.text or "" for t in element.iter(_w("t")) if not _is_in(t, "del", "moveFrom"))


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _squeezed(text: str) -> str:
    """Text in one width, without spaces, thousands without commas."""
    wide = unicodedata.normalize("NFKC", text)
    return re.sub(r"(?<=\d),(?=\d{3})", "", "".join(wide.split()))


def differences(ours: Document, issued: Issued) -> list[Difference]:
    """Every figure of ours that the paper as issued says otherwise, or does not say."""
    return [*_in_overall(ours, issued), *_in_tables(ours, issued)]


# --- 一、总体情况 ---


def _in_overall(ours: Document, issued: Issued) -> Iterator[Difference]:
    title, said = _overall(ours)
    start = next((n for n, line in enumerate(issued.paragraphs) if line == title), None)
    if start is None:
        yield Difference(title, _("有这一部分"), "")
        return
    rest = issued.paragraphs[start + 1 :]
    end = next((n for n, line in enumerate(rest) if _SECTION.match(line)), len(rest))
    mine, theirs = _labelled("".join(said)), _labelled("".join(rest[:end]))
    matcher = SequenceMatcher(None, [label for label, _n in mine], [label for label, _n in theirs], autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        others = [number for _label, number in theirs[b1:b2]]
        for n, (label, number) in enumerate(mine[a1:a2]):
            is_paired = kind == "equal" or a2 - a1 == b2 - b1
            found = others[n] if is_paired else number if number in others else ""
            if found != number:
                yield Difference(_("{title}“{label}”", title=title, label=label), number, found)


def _overall(ours: Document) -> tuple[str, list[str]]:
    """The first part of the body: its heading and its sentences."""
    headings = [n for n, block in enumerate(ours.body) if isinstance(block, Heading) and block.level == 1]
    first, second = ours.body[headings[0]], headings[1]
    said = [_squeezed(b.text) for b in ours.body[headings[0] : second] if isinstance(b, Paragraph)]
    return _squeezed(first.text if isinstance(first, Heading) else ""), said


def _labelled(text: str) -> list[tuple[str, str]]:
    """Each number with the words right before it."""
    found, end = [], 0
    for match in _NUMBER.finditer(text):
        label = re.split(r"[,;。:、()]", text[end : match.start()])[-1]
        found.append((label, match[0]))
        end = match.end()
    return found


# --- tables ---


def _in_tables(ours: Document, issued: Issued) -> Iterator[Difference]:
    mine = [
        (annex.title, block)
        for annex in ours.annexes
        for block in annex.blocks
        if isinstance(block, Table) and block.rows
    ]
    left = list(issued.tables)
    for title, table in mine:
        header = tuple(_squeezed(column.title) for column in table.columns)
        found = next((t for t in left if t and t[0] == header), None)
        if found is None:
            yield Difference(title, _("{n} 行的表", n=len(table.rows)), "")
            continue
        left.remove(found)
        rows = tuple(tuple(_squeezed(cell) for cell in row) for row in table.rows)
        yield from _in_rows(title, header, rows, found[1:])


def _in_rows(title: str, header: Sequence[str], ours: Cells, theirs: Cells) -> Iterator[Difference]:
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        paired = min(a2 - a1, b2 - b1)
        for n in range(paired):
            yield from _in_cells(_row_named(title, ours[a1 + n]), header, ours[a1 + n], theirs[b1 + n])
        for row in ours[a1 + paired : a2]:
            yield Difference(_row_named(title, row), _("有这一行"), "")
        for row in theirs[b1 + paired : b2]:
            yield Difference(_row_named(title, row), "", _("有这一行"))


def _row_named(title: str, row: Sequence[str]) -> str:
    """A row by its first words, and its number where it has one."""
    words = [cell for cell in row if cell][:2]
    return _("附件《{title}》“{row}”", title=title, row=" ".join(words))


def _in_cells(where: str, header: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Difference]:
    for n, name in enumerate(header):
        mine, issued = (row[n] if n < len(row) else "" for row in (ours, theirs))
        if _NUMBER.findall(mine) != _NUMBER.findall(issued):
            yield Difference(_("{where}的“{column}”", where=where, column=name), mine, issued)
