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
from types import MappingProxyType
from typing import Literal

from tracker.decisions import Decision
from tracker.language import mark
from tracker.merge import OF_MILESTONES, Clocks, Closing, Filed, Record, Stood, in_order, stood
from tracker.occurrences import Occurrence
from tracker.plans import Programme

Light = Literal["red", "yellow", "green", "grey"]

STATUSES: Mapping[str, tuple[Light, str]] = {
    "overdue": ("red", mark("逾期")),
    "missed": ("red", mark("当期未完成")),
    "unreported": ("red", mark("未填报")),
    "blocked": ("yellow", mark("受阻")),
    "waiting": ("yellow", mark("待上级明确")),
    "returned": ("yellow", mark("退回")),
    "due-soon": ("yellow", mark("临近到期")),
    "behind": ("yellow", mark("滞后序时进度")),
    "verified": ("green", mark("已销号")),
    "done": ("green", mark("已完成（待核实）")),
    "on-track": ("green", mark("正常推进")),
    "not-due": ("grey", mark("未到期")),
    "not-applicable": ("grey", mark("不涉及")),
    "adjusted": ("grey", mark("任务调整")),
    "terminated": ("grey", mark("终止")),
    "suspended": ("grey", mark("中止")),
    "explained": ("grey", mark("已说明结案")),
    "continuing": ("grey", mark("长期坚持")),
    "contributing": ("grey", mark("计入全市数")),
    "before-records": ("grey", mark("建账前")),
}
"""Every standing, worst first: its light and its word."""

LIGHTS: Mapping[Light, tuple[str, str]] = {
    "red": ("x", mark("红")),
    "yellow": ("!", mark("黄")),
    "green": ("+", mark("绿")),
    "grey": ("-", mark("灰")),
}
"""Sign and word of each light, so that nothing depends on colour.

The signs are ASCII: ●, ▲ and their like are one column wide in some terminals and two in
others, and a table must not break in either.
"""

OFF_THE_BOOKS = frozenset(
    {"not-applicable", "adjusted", "terminated", "suspended", "continuing", "contributing", "before-records"}
)
"""Standings of what is not owed, or not any more."""


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


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one occurrence stands on a day."""

    occurrence: Occurrence
    status: str
    due: date | None
    """With what was granted; the occurrence keeps the scheduled day."""
    record: Record | None = None
    days_late: int = 0
    """Days after ``due``: up to the day done, or up to ``as_of`` while it is open."""
    days_late_scheduled: int = 0
    progress: Progress | None = None
    asserted: date | None = None
    """The last month for which the unit stood by the record: its own or one that says unchanged."""
    carried: bool = False
    """Nobody stands by the record this month (沿用上月)."""
    rulings: tuple[Decision, ...] = ()
    is_current: bool = True
    """A one-off, or the period that holds the day."""
    done_on: date | None = None

    @property
    def light(self) -> Light:
        """Red, yellow, green or grey."""
        return STATUSES[self.status][0]

    @property
    def is_late(self) -> bool:
        """Whether its light is red."""
        return self.light == "red"

    @property
    def is_owed(self) -> bool:
        """Whether it counts among what had to be done."""
        return self.due is not None and self.status not in OFF_THE_BOOKS

    @property
    def is_done(self) -> bool:
        """Done, verified or not."""
        return self.status in ("done", "verified")


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
    found = stood(programme, occurrences, several, known, clocks, closing)
    said = Said(several, known, closing, _rulings_by_item(known, clocks))
    return [said.standing(o, row) for o, row in zip(occurrences, found, strict=True)]


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
    """What the rows of the merge refer to."""

    files: Sequence[Filed]
    decisions: Sequence[Decision]
    closing: Closing
    rulings: Mapping[Key, Sequence[Decision]]

    def standing(self, o: Occurrence, row: Stood) -> Standing:
        """A row with the very words that it stands on."""
        scheduled = _as_date(row.scheduled)
        record = self._record(o, row)
        return Standing(
            replace(o, due=scheduled) if scheduled != o.due else o,
            row.status,
            _as_date(row.due),
            record,
            row.days_late,
            row.days_late_scheduled,
            self._progress(row),
            _as_date(row.asserted),
            bool(row.is_carried),
            self._rulings_on(o),
            bool(row.is_current),
            _as_date(row.done_on),
        )

    def _record(self, o: Occurrence, row: Stood) -> Record | None:
        if row.file is not None:
            one = self.files[row.file]
            return Record(one.submission.by_item[o.id], one.submission.month, one.received)
        if row.r:
            d = self.decisions[row.r - 1]
            return Record(d.as_update(), d.month, d.at, d)
        return self.closing[o.unit, o.id] if row.has_record else None

    @staticmethod
    def _progress(row: Stood) -> Progress | None:
        if row.done is None or row.reached is None:
            return None
        total = float(row.total) if row.total is not None else None
        on = _as_date(row.counted_on)
        return Progress(row.needed, float(row.reached), float(row.done), total, row.reported, row.asked, on)

    def _rulings_on(self, o: Occurrence) -> tuple[Decision, ...]:
        """The rulings on an occurrence, and those on its milestone as a whole."""
        own = self.rulings.get((o.unit, o.id), ())
        if o.id == o.milestone.id:
            return tuple(own)
        whole = [d for d in self.rulings.get((o.unit, o.milestone.id), ()) if d.kind in OF_MILESTONES]
        return tuple(in_order([*own, *whole])) if whole else tuple(own)


def _as_date(day: int | None) -> date | None:
    return date.fromordinal(day) if day is not None else None
