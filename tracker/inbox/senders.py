"""Whom a file is from and what it is of, by what it says and never by its name: unit, month, enterprise, period."""

from collections.abc import Iterable
from datetime import date

from tracker.checklists import Enterprise
from tracker.deadlines import Period
from tracker.months import month_of
from tracker.problems import Problem
from tracker.sheet_files import read_sheet
from tracker.sheets import Sheet, is_sheet, period_of
from tracker.shelf import Shelf
from tracker.source import Source
from tracker.submission_files import read_submission
from tracker.submissions import Submission


def month_said(source: Source) -> date | None:
    """The month a file names, where it is one."""
    return month_of(str(source.data.get("month", "")))


def unit_said(shelves: Iterable[Shelf], source: Source) -> str:
    """The unit a file names, or that assesses the enterprise it names; empty where there is no such unit."""
    if is_sheet(source.data):
        return next((e.unit for shelf in shelves for e in [_enterprise(shelf, source)] if e is not None), "")
    said = source.data.get("unit")
    units = (u for shelf in shelves for u in shelf.programme.units)
    return next((u.id for u in units if said in (u.id, u.name, u.short)), "")


def _enterprise(shelf: Shelf, source: Source) -> Enterprise | None:
    """The enterprise a sheet names, where the programme has it."""
    said = source.data.get("enterprise")
    return next((e for e in shelf.programme.enterprises if said in (e.id, e.name, e.short)), None)


def period_said(shelf: Shelf, source: Source) -> Period | None:
    """The period a sheet speaks of, where the programme has it and its enterprise."""
    enterprise = _enterprise(shelf, source) if is_sheet(source.data) else None
    if enterprise is None:
        return None
    checklist = shelf.programme.checklist(enterprise.checklist)
    return period_of(checklist, shelf.programme, str(source.data.get("period", "")))


def shelf_of(shelves: Iterable[Shelf], source: Source) -> Shelf | None:
    """The programme a file is for: the one with its unit that runs in its month."""
    if is_sheet(source.data):
        return next((shelf for shelf in shelves if period_said(shelf, source) is not None), None)
    month = month_said(source)
    for shelf in shelves:
        head = shelf.programme.head
        if month is not None and head.records_from <= month <= head.until and unit_said([shelf], source):
            return shelf
    return None


def read_paper(source: Source, shelf: Shelf) -> tuple[Submission | Sheet | None, list[Problem]]:
    """A file as what it is: a unit's submission, or an enterprise's sheet."""
    return read_sheet(source, shelf.programme) if is_sheet(source.data) else read_submission(source, shelf.context)
