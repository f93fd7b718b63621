"""Workbooks for tests: a form filled in as a clerk would, or spoilt as the world does."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl
from tiny import OCTOBER

from tracker.forms import form
from tracker.problems import Problem
from tracker.snapshot import Snapshot
from tracker.source import Source, parse
from tracker.submission_files import read_submission
from tracker.submissions import Submission
from tracker.workbook.back import parse as parse_book
from tracker.workbook.layout import EVENT_FIELDS, EVENTS, FIELDS, FIRST_ROW, HEAD, ITEM, SHEET, SHOWN
from tracker.workbook.out import write

COLUMN = {field.key: n for n, field in enumerate(FIELDS, len(SHOWN) + 1)}
CELLS = {key: cell for key, _label, cell in HEAD}
PEOPLE = {"prepared_by": "王某", "checked_by": "李某", "approved_by": "赵某"}

Answers = Mapping[str, Mapping[str, Any]]

LATE = {"cause": "资金没有到位", "measure": "已经列入预算", "promised_on": date(2026, 12, 20)}

ANSWERS: Answers = {
    "mine-1": {"state": "推进中", **LATE, "note": "还差两座"},
    "mine-2@2026-09": {"state": "受阻", **LATE, "waiting_on": "市局"},
    "chem-3": {"state": "已完成", "done_on": date(2026, 10, 20), "evidence": "评估报告；会议纪要、 照片"},
    "mine-7": {
        "state": "推进中", "done": 9, "total": 14,
        "until": date(2027, 1, 31), "reason": "设备没有到货", "progress": "改造了九座",
    },
}  # fmt: skip

EVENT_ANSWERS = [
    {"kind": "试生产开始", "ref": "2026-01", "name": "加氢装置", "planned": date(2026, 10, 12)},
    {"kind": "试生产开始", "ref": "T2", "name": "二号", "planned": date(2026, 9, 1), "actual": date(2026, 10, 2)},
]
WORDS = {"practices": "逐矿过堂", "difficulties": "人手不足", "suggestions": "加派专家"}
"""What east has to say of October, by item and on top, and two events."""


def blank(snapshot: Snapshot, unit: str = "east", month: date = OCTOBER, plans: Sequence[str] = ()) -> bytes:
    """A unit's form as it goes out."""
    return write(snapshot, form(snapshot, unit, month, plans))


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    """A workbook opened, changed and saved."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def row_of(sheet: Any, item: str) -> int:
    """The row that an item stands in."""
    return next(n for n in range(FIRST_ROW + 2, sheet.max_row + 1) if sheet.cell(n, ITEM + 1).value == item)


def filled(
    content: bytes,
    answers: Answers | None = None,
    head: Mapping[str, Any] | None = None,
    events: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """The form with answers typed in: by item and key, by key for the cells on top, one mapping an event."""

    def fill(book: Any) -> None:
        sheet = book[SHEET]
        for key, value in {**PEOPLE, **(head or {})}.items():
            sheet[CELLS[key]] = value
        for item, values in (answers or {}).items():
            row = row_of(sheet, item)
            for key, value in values.items():
                sheet.cell(row, COLUMN[key]).value = value
        for n, event in enumerate(events, 3):
            for column, field in enumerate(EVENT_FIELDS, 1):
                book[EVENTS].cell(n, column).value = event.get(field.key)

    return changed(content, fill)


def understood(snapshot: Snapshot, source: Source) -> tuple[Submission | None, list[Problem]]:
    """What a source says, checked against the snapshot's files."""
    assert snapshot.shelf is not None
    return read_submission(source, snapshot.shelf.context)


def said(submission: Submission | None) -> tuple[Any, ...]:
    """What counts of a submission, without where it stands."""
    assert submission is not None
    updates = [{k: v for k, v in vars(u).items() if k != "place"} for u in submission.updates]
    return submission.head, submission.month, updates, sorted(submission.held), submission.events


def toml(snapshot: Snapshot, text: str) -> tuple[Submission | None, list[Problem]]:
    """What a TOML file says."""
    return understood(snapshot, parse(text.encode(), "east.toml"))


def repacked(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """A packed file with some bytes of one member changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            inside = before.read(name)
            after.writestr(name, inside.replace(old, new, 1) if name == member else inside)
    return written.getvalue()


def opened(content: bytes) -> Any:
    """A workbook as the library sees it."""
    return openpyxl.load_workbook(io.BytesIO(content))


def back(snapshot: Snapshot, content: bytes) -> tuple[Any, list[Problem]]:
    """What a workbook says that came back."""
    return understood(snapshot, parse_book(content, "表.xlsx"))


def places(problems: list[Problem]) -> list[tuple[str, str]]:
    """Each problem's code and cell."""
    return sorted((p.code, p.place.cell) for p in problems)
