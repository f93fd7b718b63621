"""Occurrences + updates + rulings, on a day -> where each one stands.

Two clocks: ``as_of`` is the day lateness is judged on (records of later months and later
completion days do not count), ``known_by`` the moment up to which the city's knowledge
reaches (later receipts and rulings do not count). A pure function; the order of its
inputs never matters. The rules are design 3.3 (merge) and 3.4 (standing and light).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from tracker.clocks import Clocks
from tracker.decisions import OF_MILESTONES, Decision
from tracker.filed import Closing, Filed, Record
from tracker.merge import Stood, stood
from tracker.merge_tables import in_order
from tracker.occurrences import Occurrence
from tracker.plans import Programme
from tracker.statuses import LATE, OFF_THE_BOOKS, STATUSES, Light

WHOLE = 100.0
"""Percent of a target that is reached."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A number against its target, in the target's unit (percent for shares)."""

    needed: float
    reached: float
    done: float
    total: float | None = None
    reported: int = 1
    """Units whose numbers are in it."""
    asked: int = 1
    on: date | None = None
    """The day the last of the numbers was counted."""

    @property
    def share(self) -> float:
        """Percent of the target reached."""
        return 100.0 * self.reached / self.needed if self.needed else 100.0


class Words(Protocol):
    """Where the words are found that a row of the merge stands on."""

    def occurrence(self, n: int) -> Occurrence:
        """The occurrence that is judged, as scheduled."""

    def record(self, row: Stood) -> Record | None:
        """The record that stands."""

    def rulings(self, n: int) -> tuple[Decision, ...]:
        """The rulings on it, oldest first."""


class Standing:
    """Where one occurrence stands on a day: a row of the merge, and its words, looked up when they are asked for."""

    def __init__(self, row: Stood, words: Words) -> None:
        self.row = row
        self.words = words

    @cached_property
    def occurrence(self) -> Occurrence:
        """What is owed, with its scheduled day."""
        o, scheduled = self.words.occurrence(self.row.n), _as_date(self.row.scheduled)
        return replace(o, due=scheduled) if scheduled != o.due else o

    @property
    def status(self) -> str:
        """One of ``STATUSES``."""
        return self.row.status

    @property
    def due(self) -> date | None:
        """With what was granted; the occurrence keeps the scheduled day."""
        return _as_date(self.row.due)

    @cached_property
    def record(self) -> Record | None:
        """The record that stands."""
        return self.words.record(self.row) if self.row.has_record else None

    @property
    def promised_on(self) -> date | None:
        """The day by which the record promises that it will be done."""
        return _as_date(self.row.promised_on)

    @property
    def days_late(self) -> int:
        """Days after ``due``: up to the day done, or up to ``as_of`` while it is open."""
        return self.row.days_late

    @property
    def days_late_scheduled(self) -> int:
        """The same after the scheduled day."""
        return self.row.days_late_scheduled

    @cached_property
    def progress(self) -> Progress | None:
        """The number against its target: the city's sum where it is one number for the city."""
        row = self.row
        if row.done is None or row.reached is None:
            return None
        total, on = (float(row.total) if row.total is not None else None), _as_date(row.counted_on)
        return Progress(row.needed, float(row.reached), float(row.done), total, row.reported, row.asked, on)

    @property
    def asserted(self) -> date | None:
        """The last month for which the unit stood by the record: its own or one that says unchanged."""
        return _as_date(self.row.asserted)

    @property
    def carried(self) -> bool:
        """Nobody stands by the record this month (沿用上月)."""
        return bool(self.row.is_carried)

    @cached_property
    def rulings(self) -> tuple[Decision, ...]:
        """The rulings on it, oldest first."""
        return self.words.rulings(self.row.n)

    @property
    def is_current(self) -> bool:
        """A one-off, or the period that holds the day."""
        return bool(self.row.is_current)

    @property
    def done_on(self) -> date | None:
        """The day it was done, where it counts as done."""
        return _as_date(self.row.done_on)

    @property
    def light(self) -> Light:
        """Red, yellow, green or grey."""
        return STATUSES[self.row.status][0]

    @property
    def is_late(self) -> bool:
        """Whether its light is red."""
        return self.row.status in LATE

    @property
    def is_owed(self) -> bool:
        """Whether it counts among what had to be done."""
        return self.row.due is not None and self.row.status not in OFF_THE_BOOKS

    @property
    def is_done(self) -> bool:
        """Done, verified or not."""
        return self.row.status in ("done", "verified")

    def _all(self) -> tuple[object, ...]:
        row = self.row._replace(n=0, r=None, file=None)
        return self.occurrence, row, self.record, self.rulings

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Standing) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash((self.occurrence.unit, self.occurrence.id, self.row.status))

    def __repr__(self) -> str:
        return f"Standing{self._all()}"


def _as_date(day: int | None) -> date | None:
    return date.fromordinal(day) if day is not None else None


def standings(
    programme: Programme,
    occurrences: Sequence[Occurrence],
    filed: Iterable[Filed],
    decisions: Iterable[Decision],
    clocks: Clocks,
    closing: Closing = MappingProxyType({}),
) -> list[Standing]:
    """The standing of every occurrence, in the order given; ``closing`` is what sheets say in place of claims."""
    several, known = list(filed), in_order(decisions)
    words = Said(occurrences, several, known, closing, _rulings_by_item(known, clocks))
    return [Standing(row, words) for row in stood(programme, occurrences, several, known, clocks, closing)]


Key = tuple[str, str]


def _rulings_by_item(decisions: Iterable[Decision], clocks: Clocks) -> dict[Key, list[Decision]]:
    """Unit and item to the rulings known on it, oldest first."""
    found: dict[Key, list[Decision]] = defaultdict(list)
    for d in decisions:
        if d.item is not None and d.at <= clocks.known_by and d.month <= clocks.month:
            found[d.unit, d.item].append(d)
    return found


@dataclass(frozen=True)
class Said:
    """The very things that were merged."""

    occurrences: Sequence[Occurrence]
    files: Sequence[Filed]
    decisions: Sequence[Decision]
    closing: Closing
    by_item: Mapping[Key, Sequence[Decision]]

    def occurrence(self, n: int) -> Occurrence:
        """By its place in the order given."""
        return self.occurrences[n]

    def record(self, row: Stood) -> Record | None:
        """From a file, the city's correction, or the sheets."""
        o = self.occurrences[row.n]
        if row.file is not None:
            one = self.files[row.file]
            return Record(one.submission.by_item[o.id], one.submission.month, one.received)
        if row.r:
            d = self.decisions[row.r - 1]
            return Record(d.as_update(), d.month, d.at, d)
        return self.closing[o.unit, o.id]

    def rulings(self, n: int) -> tuple[Decision, ...]:
        """Those on the occurrence, and those on its milestone as a whole."""
        o = self.occurrences[n]
        own = self.by_item.get((o.unit, o.id), ())
        if o.id == o.milestone.id:
            return tuple(own)
        whole = [d for d in self.by_item.get((o.unit, o.milestone.id), ()) if d.kind in OF_MILESTONES]
        return tuple(in_order([*own, *whole])) if whole else tuple(own)
