"""The questions people ask of a snapshot: what is late, what falls due, what is contested, of whom.

Nothing here is laid out: records in the order a reader wants them, no widths, no colours.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.deadlines import months_later
from tracker.filters import EVERYTHING, Filter
from tracker.language import _
from tracker.plans import Programme, Unit
from tracker.snapshot import Snapshot
from tracker.standing import Standing

MOST_UNITS = 3
"""Units named in a row before they are counted."""


def months(snapshot: Snapshot) -> list[date]:
    """The months with records up to the day judged on, oldest first."""
    first, last = snapshot.programme.head.records_from.replace(day=1), snapshot.clocks.month
    found = []
    while first <= last:
        found.append(first)
        first = months_later(first, 1)
    return found


def chosen(snapshot: Snapshot, wanted: Filter = EVERYTHING) -> list[Standing]:
    """The standings a filter takes."""
    if wanted == EVERYTHING:  # without asking each what it is about
        return list(snapshot.standings)
    return [s for s in snapshot.standings if wanted.takes(s.occurrence.milestone, s.occurrence.unit)]


def overdue(snapshot: Snapshot, wanted: Filter = EVERYTHING) -> list[Standing]:
    """What is late, worst first: the most days, then in the order of units and plans."""
    late = [s for s in snapshot.late if wanted.takes(s.occurrence.milestone, s.occurrence.unit)]
    return sorted(late, key=lambda s: -s.days_late)


def due_between(snapshot: Snapshot, first: date, last: date, wanted: Filter = EVERYTHING) -> list[Standing]:
    """What is still open and falls due in a span of days, soonest first."""
    rows = [
        s
        for s in chosen(snapshot, wanted)
        if s.due is not None and first <= s.due <= last and s.is_owed and not s.is_done and s.status != "explained"
    ]
    return sorted(rows, key=lambda s: s.due or last)


def contested(snapshot: Snapshot) -> frozenset[tuple[str, str]]:
    """The items (unit, occurrence) to which a county objected in the draft, until the city has ruled on it."""

    def keys() -> tuple[tuple[str, str], ...]:
        latest: dict[tuple[str, str], str] = {}
        for d in sorted(snapshot.decisions, key=lambda d: d.at):
            if d.kind in ("object", "answer") and d.item is not None and d.month <= snapshot.clocks.month:
                latest[d.unit, d.item] = d.kind
        return tuple(key for key, kind in latest.items() if kind == "object")

    return frozenset(snapshot.worked_out("contested", tuple[tuple[str, str], ...], keys))


def named(snapshot: Snapshot, disputed: frozenset[tuple[str, str]] | None = None) -> Snapshot:
    """The snapshot as a paper may name it: without the late ones of the ``contested`` items. (Design 7.)

    Another month is compared without the same ones, ``disputed``: an objection alone is no progress.
    """
    disputed = contested(snapshot) if disputed is None else disputed
    rows = (s for s in snapshot.standings if not (s.is_late and (s.occurrence.unit, s.occurrence.id) in disputed))
    return snapshot.with_standings([*rows]) if disputed else snapshot


def together(standings: Iterable[Standing]) -> tuple[tuple[Standing, ...], ...]:
    """Standings grouped by occurrence, day and status, in the order of each group's first."""
    groups: dict[tuple[str, date | None, str], list[Standing]] = {}
    for s in standings:
        groups.setdefault((s.occurrence.id, s.due, s.status), []).append(s)
    return tuple(tuple(group) for group in groups.values())


def lateness_words(s: Standing) -> str:
    """How late, in words; empty when it is not."""
    return _("逾期 {n} 天", n=s.days_late) if s.days_late else ""


def by_unit(standings: Iterable[Standing], programme: Programme) -> Sequence[tuple[Unit, list[Standing]]]:
    """Standings grouped by unit, in protocol order; units without any are left out."""
    groups: dict[str, list[Standing]] = {}
    for s in standings:
        groups.setdefault(s.occurrence.unit, []).append(s)
    return [(unit, groups[unit.id]) for unit in programme.units if unit.id in groups]
