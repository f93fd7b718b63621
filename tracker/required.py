"""What the form asks for: the items that a unit must answer for in a month."""

from datetime import date, timedelta

from tracker.deadlines import month_end
from tracker.occurrences import Occurrence


def is_required(o: Occurrence, month: date, warning_days: int) -> bool:
    """Whether a unit must answer for ``o`` in the file on ``month``: newly overdue, falling due within
    the warning window, or its period ending. ``rest = "unchanged"`` never stands in for that (``asserted`` in
    ``standing.sql``).
    """
    if o.due is None or o.contributes:
        return False
    last = month_end(month)
    newly_overdue = month - timedelta(days=1) <= o.due <= last
    ending = o.period_end is not None and month <= o.period_end <= last
    return newly_overdue or ending or o.opens <= last < o.due <= last + warning_window(o, warning_days)


def warning_window(o: Occurrence, days: int) -> timedelta:
    """How long before its due day it is due soon: the warning days, at most a third of its period."""
    days = o.milestone.warning_days or days
    length = (o.due - o.opens).days + 1 if o.due is not None else 0
    return timedelta(days=min(days, length // 3))
