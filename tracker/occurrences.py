"""Milestones x units -> every dated thing somebody owes.

An occurrence's id is computed, never stored: ``mine-5.1@2026-11``, ``@2026-Q4``,
``@<event>``; one-offs have no suffix. With the unit it is unique in a programme.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.clocks import CHINA
from tracker.deadlines import due_in, periods, term, term_end
from tracker.plans import Assignment, Milestone, Plan, Programme, Unit

MEMBERS: Mapping[str, tuple[str, ...]] = {
    "enterprise": ("county", "zone"),
    "park": ("county", "zone"),
    "county": ("county", "zone"),
    "city": ("city",),
}
"""Which units report a duty of that level: the enterprises' and the parks' by their county or zone."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened or is planned at a unit, from which terms start."""

    unit: str
    kind: str
    ref: str
    name: str
    planned: date | None
    actual: date | None

    @property
    def day(self) -> date | None:
        """The day terms are counted from: the actual one, until then the planned one."""
        return self.actual or self.planned


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated instance of a milestone for one unit."""

    id: str
    unit: str
    milestone: Milestone
    opens: date
    due: date | None
    """Last day on which it is not late; None for what never falls due."""
    period_end: date | None = None
    """Last day of its period; None for one-offs and events."""
    quota: int | float | None = None
    """The unit's share of a number of the whole city, where the city has split it."""
    contributes: bool = False
    """The unit only adds to a number that another unit answers for."""
    event: Event | None = None

    @property
    def is_recurring(self) -> bool:
        """Whether it is one period of several."""
        return self.period_end is not None


def expand(
    programme: Programme,
    events: Iterable[Event] = (),
    known_by: datetime | None = None,
    *,
    only_events: bool = False,
) -> list[Occurrence]:
    """Every occurrence of a programme, in the order of plans, milestones, units and days.

    ``known_by`` leaves out assignments ruled later; ``only_events`` all but the terms of ``events``.
    """
    rulings = assignments_known(programme, known_by)
    by_kind: dict[str, list[Event]] = {}
    for event in events:
        by_kind.setdefault(event.kind, []).append(event)
    return [
        occurrence
        for plan in programme.plans
        for milestone in plan.milestones
        if milestone.kind != "consequence" and (milestone.kind == "event" or not only_events)
        for occurrence in _of_milestone(programme, plan, milestone, rulings.get(milestone.id), by_kind)
    ]


def assignments_known(programme: Programme, known_by: datetime | None) -> dict[str, Assignment]:
    """The city's latest ruling on each milestone, of those made by ``known_by``."""
    rulings = sorted(programme.assignments, key=lambda ruling: ruling.at)
    return {r.item: r for r in rulings if known_by is None or r.at <= known_by.astimezone(CHINA).date()}


@dataclass(frozen=True, slots=True)
class Role:
    """What a unit has to do with a milestone."""

    unit: Unit
    quota: int | float | None = None
    contributes: bool = False


def roles(programme: Programme, plan: Plan, milestone: Milestone, ruling: Assignment | None = None) -> list[Role]:
    """The units a milestone concerns, in protocol order.

    Named units or else those of its levels; a lead assigned by the city answers in their
    place. A number of the whole city is answered for by the city's own row (or the lead);
    the units add to it, each with its quota where the city has split the number.
    """
    reporting = [u for u in programme.units if plan.head.units is None or u.id in plan.head.units]
    levels = {member for level in milestone.level or ("city",) for member in MEMBERS[level]}
    named = [u for u in reporting if (u.id in milestone.units if milestone.units is not None else u.level in levels)]
    lead = [u for u in programme.units if ruling is not None and u.id in ruling.lead]
    if milestone.target is None or milestone.target.pool is None:
        return [Role(u) for u in lead or named]
    answering = lead or [u for u in reporting if u.level == "city"] or named
    quotas = ruling.quotas if ruling is not None else {}
    helping = [u for u in programme.units if u not in answering and (u.id in quotas if quotas else u in named)]
    return [
        # Who answers for the sum is judged by the sum, not by a share of it.
        Role(u, None if u in answering else quotas.get(u.id), contributes=u in helping and u.id not in quotas)
        for u in programme.units
        if u in answering or u in helping
    ]


def _of_milestone(
    programme: Programme, plan: Plan, m: Milestone, ruling: Assignment | None, events: Mapping[str, list[Event]]
) -> Iterator[Occurrence]:
    """What a milestone asks of each of its units: of all the same, but for the terms of their own events."""
    asked = tuple(_asked_of_all(plan, m))
    for role in roles(programme, plan, m, ruling):
        unit, quota, contributes = role.unit.id, role.quota, role.contributes
        for item, opens, due, period_end in asked:
            yield Occurrence(item, unit, m, opens, due, period_end, quota, contributes)
        for event in events.get(m.event or "", ()) if m.kind == "event" else ():
            if event.unit == unit and event.day is not None:
                opens, due = event_term(m, event.day, programme)
                yield Occurrence(f"{m.id}@{event.ref}", unit, m, opens, due, None, quota, contributes, event)


def _asked_of_all(plan: Plan, m: Milestone) -> Iterator[tuple[str, date, date | None, date | None]]:
    """What does not hang on an event: its id, its first and its last day, and the last of its period."""
    start, end = m.from_ or plan.head.from_, m.until or plan.head.until
    match m.kind:
        case "tally":
            for turn in periods("month", start, start, end):
                yield f"{m.id}@{turn.label}", turn.start, turn.end, turn.end
        case "recurring":
            every = m.every or "month"
            for turn in periods(every, start, start, end):
                yield f"{m.id}@{turn.label}", turn.start, due_in(turn, every, m.by, m.lag or 0), turn.end
        case "event":
            pass
        case "standing" | "continuing":
            yield m.id, start, None, None
        case _:
            yield m.id, m.opens or start, m.due, None


def event_term(m: Milestone, day: date, programme: Programme) -> tuple[date, date | None]:
    """First and last day of an event's term; no last day where only an earliest one is set."""
    ends = [term_end(day, term(words), programme.workdays) for words in (m.within or m.term,) if words]
    due = ends[0] if ends else None
    if m.earliest:
        return term_end(day, term(m.earliest), programme.workdays), due
    return (day if due is None else min(day, due)), due


def needed_and_reached(occurrence: Occurrence | None, done: float, total: float | None) -> tuple[float, float]:
    """The target's number and what was reached of it, in the target's own unit (percent for shares)."""
    target = occurrence.milestone.target if occurrence is not None else None
    if occurrence is None or target is None:
        return 0.0, float(done)
    if target.is_share:
        share = 100.0 * done / total if total else 100.0
        return float(target.value if target.unit == "%" and target.value is not None else 100.0), share
    return float(occurrence.quota if occurrence.quota is not None else target.value or 0), float(done)
