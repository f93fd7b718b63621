"""How far things have come: month by month against the plan, the days ahead, numbers against their targets.

Pure functions of a snapshot, like ``views``; the leaders' page shows what they find.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.deadlines import month_end, months_later
from tracker.figures import figures
from tracker.occurrences import needed_and_reached
from tracker.plans import Plan
from tracker.snapshot import Snapshot
from tracker.standing import WHOLE, Progress, Standing
from tracker.statuses import OFF_THE_BOOKS, WORST
from tracker.views import due_between, together

# --- what the figures count ---


@dataclass(frozen=True)
class Counted:
    """The standings behind the figures of a day, a figure's rows each."""

    owed: tuple[Standing, ...]
    done: tuple[Standing, ...]
    verified: tuple[Standing, ...]
    not_on_time: tuple[Standing, ...]
    """Owed and not done by its day: what keeps the rate below a hundred."""
    late: tuple[Standing, ...]
    """Red, the longest first."""


def counted(snapshot: Snapshot) -> Counted:
    """The rows of the city's figures, in the order of plans and units."""
    as_of = snapshot.clocks.as_of
    owed = [s for s in snapshot.standings if s.is_owed and s.due is not None and s.due <= as_of]
    return Counted(
        tuple(owed),
        tuple(s for s in owed if s.is_done),
        tuple(s for s in owed if s.status == "verified"),
        tuple(s for s in owed if not (s.is_done and s.days_late == 0)),
        tuple(sorted((s for s in owed if s.is_late), key=lambda s: -s.days_late)),
    )


def in_cell(snapshot: Snapshot, unit: str, plan: str) -> tuple[Standing, ...]:
    """What a cell of the matrix counts or takes its light from, worst first; past periods missed come last."""
    as_of = snapshot.clocks.as_of
    rows = [
        s
        for s in snapshot.standings
        if (s.occurrence.unit, s.occurrence.milestone.plan) == (unit, plan)
        and s.status not in ("contributing", "before-records")
        and (s.is_late or s.is_current)
    ]
    seen = [s for s in rows if s.light in ("red", "yellow") or (s.due is not None and (s.due <= as_of or s.is_done))]
    return tuple(sorted(seen, key=lambda s: (not s.is_current, WORST.index(s.light), -s.days_late)))


# --- burn-up ---


@dataclass(frozen=True)
class Point:
    """A plan on one day."""

    on: date
    planned: int
    """What had fallen due by then, or will have."""
    done: int | None
    """How much of that was done; None for days to come."""


@dataclass(frozen=True)
class BurnUp:
    """A plan's way from the first month of the books to the programme's close."""

    plan: Plan
    points: tuple[Point, ...]
    """The month ends in order; the day judged on stands in place of its own month's end."""
    elapsed: float
    """Percent of the time from the books' first day to the programme's close that has passed."""

    @property
    def now(self) -> Point:
        """The day judged on."""
        return next(p for p in reversed(self.points) if p.done is not None)

    @property
    def planned(self) -> int:
        """All that will have fallen due at the close."""
        return self.points[-1].planned

    @property
    def share(self) -> float:
        """Percent of all that is done."""
        return 100.0 * (self.now.done or 0) / self.planned if self.planned else 100.0


def burn_ups(snapshot: Snapshot) -> tuple[BurnUp, ...]:
    """Each plan's way, as known now: one judgement for every month end that has passed, all plans from it.

    The figures of a day are those of the leaders' page of that day. What will fall due is
    what is on the books now: terms that start with events to come are not among it.
    """
    clocks, head = snapshot.clocks, snapshot.programme.head
    past = [snapshot.on(day) for day in _month_ends(head.records_from, clocks.as_of - timedelta(days=1))]
    judged = [*past, snapshot]
    ahead = [day for day in _month_ends(clocks.as_of, head.until) if day > clocks.as_of]
    found = []
    for plan in snapshot.programme.plans:
        points = [_judged(one, plan) for one in judged]
        coming = [s for s in _of(snapshot, plan) if s.is_owed]
        points += [Point(day, sum(s.due is not None and s.due <= day for s in coming), None) for day in ahead]
        found.append(BurnUp(plan, tuple(points), _elapsed(head.records_from, head.until, clocks.as_of)))
    return tuple(found)


def _elapsed(first: date, last: date, day: date) -> float:
    """Percent of a stretch of days that has passed at the end of a day."""
    days = (last - first).days + 1
    return 100.0 * min(max((day - first).days + 1, 0), days) / days


def _month_ends(first: date, last: date) -> list[date]:
    """The month ends from one day to another, both included."""
    days = []
    month = first.replace(day=1)
    while month_end(month) <= last:
        days.append(month_end(month))
        month = months_later(month, 1)
    return days


def _of(snapshot: Snapshot, plan: Plan) -> list[Standing]:
    return [s for s in snapshot.standings if s.occurrence.milestone.plan == plan.stem]


def _judged(snapshot: Snapshot, plan: Plan) -> Point:
    found = figures(_of(snapshot, plan), snapshot.clocks.as_of)
    return Point(snapshot.clocks.as_of, found.owed, found.done)


# --- the days ahead ---

HORIZONS = (30, 60, 90)
"""Days ahead at which leaders look."""


@dataclass(frozen=True)
class Horizon:
    """What is open and falls due in a stretch of days ahead."""

    first: date
    last: date
    after: int
    """Days from the day judged on to the first one."""
    within: int
    """Days from the day judged on to the last one."""
    groups: tuple[tuple[Standing, ...], ...]
    """The units of one milestone and day together, soonest first."""

    @property
    def count(self) -> int:
        """Occurrences, every unit's own."""
        return sum(len(group) for group in self.groups)


def horizons(snapshot: Snapshot) -> tuple[Horizon, ...]:
    """The next 30 days, the 30 after them, and the 30 after those: nothing stands in two."""
    as_of = snapshot.clocks.as_of
    found = []
    after = 1
    for within in HORIZONS:
        first, last = as_of + timedelta(days=after), as_of + timedelta(days=within)
        found.append(Horizon(first, last, after, within, together(due_between(snapshot, first, last))))
        after = within + 1
    return tuple(found)


# --- targets ---


@dataclass(frozen=True)
class Goal:
    """A number that is to reach its target: one for the city, or the sum of the units' own."""

    standings: tuple[Standing, ...]
    """Those that answer for it, in protocol order."""
    progress: Progress
    elapsed: float | None
    """Percent of the time from its opening to its due day that has passed; None where it has no due day."""
    threshold: float
    """Percentage points that it may lie below that."""

    @property
    def is_reached(self) -> bool:
        """Whether it is done, or its number there."""
        return all(s.is_done for s in self.standings) or self.progress.share >= WHOLE

    @property
    def is_behind(self) -> bool:
        """Whether it grows more slowly than its time passes, beyond the threshold."""
        return self.elapsed is not None and self.progress.share + self.threshold < self.elapsed


def goals(snapshot: Snapshot) -> tuple[Goal, ...]:
    """The targets of the day with at least one number: those not reached first, the furthest behind at the top."""
    rows: dict[str, list[Standing]] = {}
    for s in snapshot.standings:
        if s.is_current and s.occurrence.milestone.target is not None and s.status not in OFF_THE_BOOKS:
            rows.setdefault(s.occurrence.id, []).append(s)
    found = [_goal(snapshot, group) for group in rows.values() if any(s.progress is not None for s in group)]
    return tuple(sorted(found, key=lambda goal: (goal.is_reached, goal.progress.share - (goal.elapsed or 0))))


def _goal(snapshot: Snapshot, group: Sequence[Standing]) -> Goal:
    s = group[0]
    due = max((one.due for one in group if one.due is not None), default=None)
    elapsed = None
    if due is not None:
        # As standing.py reckons 滞后序时进度: the first day has none of the time behind it.
        days = max((due - s.occurrence.opens).days, 1)
        elapsed = 100.0 * min(max((snapshot.clocks.as_of - s.occurrence.opens).days, 0), days) / days
    return Goal(tuple(group), _summed(group), elapsed, float(snapshot.programme.thresholds.behind_points))


def _summed(group: Sequence[Standing]) -> Progress:
    """The city's own sum where there is one; else the sum over the units, those without a number at nothing."""
    target = group[0].occurrence.milestone.target
    if target is not None and target.pool is not None:
        return max((s.progress for s in group if s.progress is not None), key=lambda p: p.asked)
    said = [s.progress for s in group if s.progress is not None]
    done = sum(p.done for p in said)
    total = sum(p.total for p in said if p.total is not None) if any(p.total for p in said) else None
    needed, reached = needed_and_reached(replace(group[0].occurrence, quota=None), done, total)
    if target is not None and not target.is_share:
        needed = sum(needed_and_reached(s.occurrence, 0, None)[0] for s in group)
    return Progress(needed, reached, done, total, len(said), len(group))
