"""Where a file belongs: the folder of its month, or of a sheet's period."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from tracker.inbox.desk import Desk
from tracker.inbox.senders import month_said, period_said
from tracker.reporting import month_in_hand
from tracker.shelf import Shelf
from tracker.source import Source


def kept_before(desk: Desk, shelves: Iterable[Shelf], pattern: str) -> Path | None:
    """The month's folder in which a file is kept already; with ``--month`` only that one counts."""
    for shelf in shelves:
        for month, folder in desk.workspace.months(shelf.programme.id):
            if desk.month in (None, month) and any(folder.glob(pattern)):
                return folder
        for folder in desk.workspace.checklists(shelf.programme.id):
            if any(folder.glob(pattern)):
                return folder
    return None


def folder_of(desk: Desk, shelves: Iterable[Shelf], source: Source) -> Path:
    """Where a file belongs by what it says: the folder of its month, or of a sheet's period."""
    known = list(shelves)
    for shelf in known:
        period = period_said(shelf, source)
        if period is not None:
            return desk.workspace.checklist(shelf.programme.id, period.label)
    return month_folder(desk, known, desk.month or month_said(source))


def month_folder(desk: Desk, shelves: Iterable[Shelf], month: date | None) -> Path:
    """The month's folder of the one programme it can be; of what cannot be told, the month being asked for now."""
    today = desk.moment.date()
    asked_for = month or month_in_hand(today)
    known = list(shelves)
    running = [s for s in known if s.programme.head.records_from <= asked_for <= s.programme.head.until]
    return desk.workspace.status((running or known)[0].programme.id) / f"{asked_for:%Y-%m}"
