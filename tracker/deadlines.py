"""Deadlines: periods, days within them, and terms that start with an event, as pure functions.

A due date is the last day on which it is not late: due today is not overdue. Ranges of
days include both ends. Plan deadlines never move for holidays; only terms in working days
and the days on which reports are asked for know about holidays. (Design 3.1.)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from tracker.language import _
from tracker.workdays import Day, Workdays

EVERY = ("week", "month", "quarter", "half-year", "year")
"""The named rhythms; beside them ``"3 months"`` and the like."""

_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_N_MONTHS = re.compile(r"([2-9]|[1-9]\d) months")
_TERM = re.compile(r"(\d+) (working days|days?|months?|years?)( before)?")

Roll = Literal["none", "earlier", "later"]


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One turn of a rhythm, both ends included. ``label`` is what follows ``@`` in an occurrence's id."""

    start: date
    end: date
    label: str


@cache
def months_later(on: date, count: int) -> date:
    """The same day ``count`` months on, or that month's last day where there is no such day."""
    if on.day <= IN_EVERY_MONTH:
        years, month = divmod(on.month - 1 + count, 12)
        return date(on.year + years, month + 1, on.day)
    import pendulum  # noqa: PLC0415 - clips at month ends; most months are counted from their first day

    moved = pendulum.date(on.year, on.month, on.day).add(months=count)
    return date(moved.year, moved.month, moved.day)


IN_EVERY_MONTH = 28
"""The last day that every month has."""


def month_end(month: date) -> date:
    """The last day of the month that begins on a day: what ``X月底`` means."""
    return months_later(month, 1) - timedelta(days=1)


def is_rhythm(every: str) -> bool:
    """Whether ``every`` is a rhythm this module knows."""
    return every in EVERY or _N_MONTHS.fullmatch(every) is not None


def months_in(every: str) -> int:
    """The length of a rhythm of whole months; 0 for the week."""
    found = _N_MONTHS.fullmatch(every)
    return int(found[1]) if found else _MONTHS.get(every, 0)


def period(every: str, anchor: date, n: int) -> Period:
    """The ``n``-th period (from 0) of a rhythm whose first period holds ``anchor``.

    Named rhythms lie on the calendar's own grid (quarters begin in January, weeks on
    Monday); ``N months`` counts from the anchor's month. Always computed from the anchor,
    never stepped from the period before, so nothing drifts.
    """
    if every == "week":
        monday = anchor - timedelta(days=anchor.weekday()) + timedelta(weeks=n)
        year, week, _weekday = monday.isocalendar()
        return Period(monday, monday + timedelta(days=6), f"{year}-W{week:02}")
    length = months_in(every)
    month = anchor.month - 1
    first = date(anchor.year, month - (month % length if every in _MONTHS else 0) + 1, 1)
    start = months_later(first, n * length)
    end = months_later(start, length) - timedelta(days=1)
    return Period(start, end, _label(every, start, end))


def _label(every: str, start: date, end: date) -> str:
    match every:
        case "quarter":
            return f"{start.year}-Q{(start.month + 2) // 3}"
        case "half-year":
            return f"{start.year}-H{1 if start.month == 1 else 2}"
        case "year":
            return f"{start.year}"
        case _:
            return f"{end.year}-{end.month:02}"


def periods(every: str, anchor: date, start: date, end: date) -> Iterator[Period]:
    """The periods that begin on one of the days ``start`` to ``end``, in order.

    The one the anchor itself lies in is the first there is; it counts as beginning on the
    anchor's day, so that a rhythm ``from`` mid-period has that period.
    """
    n = 0
    while True:
        turn = period(every, anchor, n)
        begins = max(turn.start, anchor)
        if begins > end:
            return
        if begins >= start:
            yield turn
        n += 1


def due_in(turn: Period, every: str, by: str | int | None = None, lag: int = 0) -> date:
    """The due day of a period: its end, or ``by`` in it; ``lag`` moves both on by whole periods.

    ``by`` is ``"04-30"`` for a day of the year or a day of the month (a day the month does
    not have is its last).
    """
    later = period(every, turn.start, lag) if lag else turn
    match by:
        case None:
            return later.end
        case int():
            last = month_end(later.end.replace(day=1))
            return last.replace(day=min(by, last.day))
        case _:
            month, day = (int(part) for part in by.split("-"))
            year = later.start.year + (month < later.start.month)
            first = date(year, month, 1)
            return min(first + timedelta(days=day - 1), month_end(first))


def after_done(done_on: date, every: str) -> date:
    """The due day of a duty whose interval counts from the day it was last done, not from the calendar."""
    return done_on + timedelta(weeks=1) if every == "week" else months_later(done_on, months_in(every))


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time from an event: ``10 working days``, ``1 year``, ``10 days before``, ``before``."""

    count: int
    unit: Literal["working days", "days", "months", "years"]
    before: bool = False

    def __str__(self) -> str:
        words = {
            "working days": _("{n} 个工作日", n=self.count),
            "days": _("{n} 日", n=self.count),
            "months": _("{n} 个月", n=self.count),
            "years": _("{n} 年", n=self.count),
        }
        if self.before:
            return _("之前 {length}", length=words[self.unit]) if self.count else _("之前")
        return _("之日起 {length}", length=words[self.unit]) if self.count else _("当天")


def term(words: str) -> Term:
    """A term from the words of a plan file. Others raise ``ValueError``."""
    if words == "before":
        return Term(0, "days", before=True)
    found = _TERM.fullmatch(words)
    if not found:
        raise ValueError(words)
    unit = found[2].rstrip("s") + "s"
    return Term(int(found[1]), unit, before=bool(found[3]))  # type: ignore[arg-type]


def term_end(event: date, length: Term, workdays: Workdays) -> date:
    """The day a term reaches, the event's own day not counted (之日起).

    Before an event the days count backwards in the same way; a term without a length ends
    on the day before the event.
    """
    if not length.count:
        return event - timedelta(days=length.before)
    count = -length.count if length.before else length.count
    match length.unit:
        case "working days":
            return workdays.after(event, count)
        case "days":
            return event + timedelta(days=count)
        case "months":
            return months_later(event, count)
        case _:
            return months_later(event, 12 * count)


@dataclass(frozen=True, slots=True)
class Rolled:
    """A day that may have moved, and the days off that moved it."""

    day: date
    was: date
    over: tuple[Day, ...] = ()

    @property
    def assumed(self) -> bool:
        """Whether a year whose holidays are not announced was involved."""
        return any(day.basis == "assumed" for day in self.over)


def rolled(day: date, roll: Roll, workdays: Workdays) -> Rolled:
    """``day`` moved once to the nearest working day, earlier or later, or left alone.

    ``over`` ends with the working day it came to, so that the basis of the answer shows.
    """
    if roll == "none":
        return Rolled(day, day)
    step = -1 if roll == "earlier" else 1
    moved = workdays.nearest(day, step)
    passed = [workdays.day(day + timedelta(days=n * step)) for n in range(abs((moved - day).days) + 1)]
    return Rolled(moved, day, tuple(passed))
