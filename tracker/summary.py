"""What a leader reads: the figures with last month's, the lights, the worst, the next, and what waits."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

from tracker.deadlines import months_later
from tracker.figures import Figures, figures_of
from tracker.json_rows import standing_row
from tracker.lights import Matrix, matrix
from tracker.reporting import reporting
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.views import due_between, overdue, together


@dataclass(frozen=True)
class Summary:
    """The leaders' page: five figures with last month's, the matrix, the worst, the next."""

    as_of: date
    now: Figures
    before: Figures | None
    """None where the books had not begun."""
    not_reported: int
    not_reported_before: int | None
    matrix: Matrix
    worst: tuple[Standing, ...]
    coming: tuple[tuple[Standing, ...], ...]
    """What falls due next: the units of one milestone and day together."""
    waiting: tuple[tuple[Standing, ...], ...]
    """Blocked or waiting on the upper level: what may need a leader's decision; grouped likewise."""


MANY = 10


def summary(snapshot: Snapshot) -> Summary:
    """The leaders' page of a day."""
    as_of = snapshot.clocks.as_of
    month = snapshot.clocks.month
    has_past = month > snapshot.programme.head.records_from
    previous = snapshot.on(month - timedelta(days=1))
    return Summary(
        as_of,
        figures_of(snapshot),
        figures_of(previous) if has_past else None,
        _not_reported(snapshot, month),
        _not_reported(snapshot, months_later(month, -1)) if has_past else None,
        matrix(snapshot),
        tuple(snapshot.picked("worst", lambda: [s for s in overdue(snapshot) if s.is_current][:MANY])),
        together(snapshot.picked("coming", lambda: chain(*_coming(snapshot)))),
        together(snapshot.picked("waiting", lambda: (s for s in snapshot.standings if s.status in WAITING))),
    )


WAITING = ("blocked", "waiting")


def _coming(snapshot: Snapshot) -> tuple[tuple[Standing, ...], ...]:
    """What falls due next, the units of one milestone and day together."""
    first = snapshot.clocks.as_of + timedelta(days=1)
    return together(due_between(snapshot, first, first + timedelta(days=59)))[:MANY]


def _not_reported(snapshot: Snapshot, month: date) -> int:
    return sum(r.is_late for r in reporting(snapshot, month))


def summary_row(snapshot: Snapshot, found: Summary) -> dict[str, Any]:
    """The leaders' page as ``summary --json`` prints it."""

    def row(f: Figures, not_reported: int | None) -> dict[str, Any]:
        rate = round(f.rate, 1) if f.rate is not None else None
        own = {"owed": f.owed, "done": f.done, "verified": f.verified, "rate": rate, "late": f.late}
        return {**own, "not_reported": not_reported}

    return {
        "programme": snapshot.programme.id,
        "as_of": found.as_of.isoformat(),
        "now": row(found.now, found.not_reported),
        "before": row(found.before, found.not_reported_before) if found.before is not None else None,
        "worst": [standing_row(snapshot, s) for s in found.worst],
        "coming": [standing_row(snapshot, s) for group in found.coming for s in group],
        "waiting": [standing_row(snapshot, s) for group in found.waiting for s in group],
    }
