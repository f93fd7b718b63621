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
from tracker.workbook.layout import EVENT_FIELDS, EVENTS, FIELDS, FIRST_ROW, HEAD, ITEM, SHEET, SHOWN
from tracker.workbook.out import write

COLUMN = {field.key: n for n, field in enumerate(FIELDS, len(SHOWN) + 1)}
CELLS = {key: cell for key, _label, cell in HEAD}
PEOPLE = {"prepared_by": "王某", "checked_by": "李某", "approved_by": "赵某"}

Answers = Mapping[str, Mapping[str, Any]]


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
