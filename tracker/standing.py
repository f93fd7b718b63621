"""Occurrences + updates + rulings, on a day -> where each one stands.

Two clocks: ``as_of`` is the day lateness is judged on (records of later months and later
completion days do not count), ``known_by`` the moment up to which the city's knowledge
reaches (later receipts and rulings do not count). A pure function; the order of its
inputs never matters. The rules are design 3.3 (merge) and 3.4 (standing and light).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from tracker.closing import Closing, close
from tracker.deadlines import after_done, months_later
from tracker.decisions import WAIVERS, Decision
from tracker.language import mark
from tracker.merge import Clocks, Filed, Merged, Record, merge, rulings_on, warning_window
from tracker.occurrences import Occurrence, needed_and_reached
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


WHOLE = 100.0


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
    known = [d for d in decisions if d.at <= clocks.known_by and d.month <= clocks.month]
    merged = merge(programme, occurrences, filed, known, clocks)
    close(merged, closing)
    totals = _totals(occurrences, merged)
    return [_stand(programme, o, merged, totals, clocks) for o in occurrences]


def _totals(occurrences: Iterable[Occurrence], merged: Merged) -> dict[str, Progress]:
    """Numbers of the whole city: the sum of the units' numbers."""
    asked: dict[str, list[Occurrence]] = defaultdict(list)
    for o in occurrences:
        if o.milestone.target is not None and o.milestone.target.pool is not None:
            asked[o.id].append(o)
    totals = {}
    for item, rows in asked.items():
        said = [records[-1] for o in rows if (records := merged.records[o.unit][item])]
        counted = [record for record in said if record.update.done is not None]
        numbers = [record.update for record in counted]
        done = float(sum(u.done or 0 for u in numbers))
        total = float(sum(u.total or 0 for u in numbers)) if any(u.total for u in numbers) else None
        needed, reached = needed_and_reached(replace(rows[0], quota=None), done, total)
        if counted:
            last = max(_counted_on(record) for record in counted)
            totals[item] = Progress(needed, reached, done, total, len(numbers), len(rows), last)
    return totals


def _counted_from_last_done(o: Occurrence, merged: Merged) -> Occurrence:
    """Where the plan wants it, the occurrence due so long after the one before it was done."""
    m = o.milestone
    if not m.from_last_done or m.every is None:
        return o
    said = [records[-1].update for item, records in merged.records[o.unit].items() if records and _is_of(item, m.id)]
    done = [u.done_on for u in said if u.done_on is not None and u.done_on < o.opens]
    return replace(o, due=after_done(max(done), m.every)) if done else o


def _is_of(item: str, milestone: str) -> bool:
    return item.partition("@")[0] == milestone


def _counted_on(record: Record) -> date:
    u = record.update
    return u.done_on or u.as_of or months_later(record.month, 1) - timedelta(days=1)


def _stand(
    programme: Programme, o: Occurrence, merged: Merged, totals: Mapping[str, Progress], clocks: Clocks
) -> Standing:
    o = _counted_from_last_done(o, merged)
    key = (o.unit, o.id)
    rulings = rulings_on(o, merged)
    records = merged.records[o.unit][o.id]
    granted = [d.until for d in rulings if d.kind == "extend" and d.granted and d.until is not None]
    due = max([o.due, *granted]) if o.due is not None else None
    case = Case(programme, o, due, tuple(records), rulings, key in merged.returned, totals.get(o.id), clocks)
    status = case.status()
    done_on = case.done_on if status in ("done", "verified") else None
    until = done_on if done_on is not None else clocks.as_of
    late = STATUSES[status][0] == "red" or done_on is not None
    slipped = status not in OFF_THE_BOOKS and status not in ("waiting", "explained")
    asserted = max(case.record.month, merged.asserted.get(key, date.min)) if case.record is not None else None
    return Standing(
        o,
        status,
        due,
        case.record,
        max((until - due).days, 0) if due is not None and late and not o.milestone.waits_on else 0,
        max((until - o.due).days, 0) if o.due is not None and slipped else 0,
        case.progress,
        asserted,
        asserted is not None and asserted < clocks.month and not case.is_done,
        rulings,
        o.period_end is None or o.opens <= clocks.as_of <= max(o.period_end, due or o.period_end),
        done_on,
    )


@dataclass(frozen=True)
class Case:
    """Everything there is to know of one occurrence on a day; ``status`` judges it."""

    programme: Programme
    occurrence: Occurrence
    due: date | None
    records: tuple[Record, ...]
    rulings: tuple[Decision, ...]
    is_returned: bool
    pooled: Progress | None
    clocks: Clocks

    def status(self) -> str:
        """The first rule that applies, in the order of design 3.4."""
        o, as_of = self.occurrence, self.clocks.as_of
        if o.milestone.kind in ("standing", "continuing"):
            return "continuing"
        if o.contributes:
            return "contributing"
        if ruled := self._ruled_out():
            return ruled
        if self.is_verified:
            return "verified"
        if self.is_done:
            return "done"
        if self._is_before_records():
            return "before-records"
        if self.due is not None and as_of > self.due:
            return self._late()
        return self._warning() or self._quiet()

    @property
    def record(self) -> Record | None:
        """The record that stands."""
        return self.records[-1] if self.records else None

    @property
    def _closing(self) -> Decision | None:
        """The latest ruling on whether it is done."""
        found = [d for d in self.rulings if d.kind in ("verify", "refuse", "reopen")]
        return found[-1] if found else None

    @property
    def _is_refused(self) -> bool:
        """A claim of done that the city found untrue, and that no later word has answered."""
        closing, record = self._closing, self.record
        if record is None or record.update.done_on is None or closing is None:
            return False
        return closing.kind == "refuse" and record.known <= closing.at

    def _ruled_out(self) -> str:
        """Waived, suspended or closed as explained, by the latest such ruling; empty if not."""
        found = [d for d in self.rulings if d.kind in ("waive", "suspend", "close", "reopen")]
        match found[-1] if found else None:
            case Decision(kind="waive", ground=ground):
                return next(key for key, word in WAIVERS.items() if ground in (key, word))
            case Decision(kind="suspend", until=until) if until is None or until >= self.clocks.as_of:
                return "suspended"
            case Decision(kind="close"):
                return "explained"
        return ""

    @property
    def is_verified(self) -> bool:
        """By the city's ruling, or by the county where the county closes."""
        closing = self._closing
        if closing is not None and closing.kind == "verify":
            return True
        u = self.record.update if self.record is not None else None
        return (
            self.is_done
            and self.occurrence.milestone.closer == "county"
            and u is not None
            and u.verified_on is not None
            and u.verified_on <= self.clocks.as_of
        )

    @property
    def is_done(self) -> bool:
        """Claimed done by a record that no ruling has since refused or re-opened."""
        closing = self._closing
        if closing is not None and closing.kind == "verify":
            return True
        if closing is not None and self.record is not None and self.record.known <= closing.at:
            return False
        done_on = self.done_on
        return done_on is not None and done_on <= self.clocks.as_of

    @property
    def done_on(self) -> date | None:
        """The day it was done; a number of the whole city is done when the units' sum reaches it."""
        closing = self._closing
        ruled = closing.at.date() if closing is not None and closing.kind == "verify" else None
        if self.record is not None and self.record.update.done_on is not None:
            return self.record.update.done_on
        pooled = self.pooled
        if self.record is None and self.occurrence.quota is None and pooled is not None and pooled.share >= WHOLE:
            return min(pooled.on or self.clocks.as_of, self.clocks.as_of)
        return ruled

    def _is_before_records(self) -> bool:
        """Fell due, or its period ended, before the books were opened, and nobody has named it since."""
        if self.due is None or self.record is not None:
            return False
        ended = min(self.due, self.occurrence.period_end or self.due)
        return ended < self.programme.head.records_from

    def _late(self) -> str:
        o = self.occurrence
        if o.milestone.waits_on:
            return "waiting"
        if self.record is None and self.pooled is None:
            return "unreported"
        return "missed" if o.period_end is not None and self.clocks.as_of > o.period_end else "overdue"

    def _warning(self) -> str:
        o, as_of = self.occurrence, self.clocks.as_of
        if self.record is not None and self.record.update.state == "blocked":
            return "waiting" if o.milestone.waits_on else "blocked"
        if self.is_returned or self._is_refused:
            return "returned"
        if as_of < o.opens:
            return ""
        if self.due is not None and as_of >= self.due - warning_window(
            replace(o, due=self.due), self.programme.thresholds.warning_days
        ):
            return "waiting" if o.milestone.waits_on else "due-soon"
        return "behind" if self._is_behind() else ""

    def _is_behind(self) -> bool:
        """A growing number whose share lies more than the threshold below the share of time."""
        o, progress = self.occurrence, self.progress
        target = o.milestone.target
        if progress is None or self.due is None or target is None or target.op not in (">=", "=", "all"):
            return False
        time = 100.0 * (self.clocks.as_of - o.opens).days / max((self.due - o.opens).days, 1)
        return progress.share + self.programme.thresholds.behind_points < time

    def _quiet(self) -> str:
        if self.clocks.as_of < self.occurrence.opens:
            return "not-due"
        if self.pooled is not None:
            return "on-track"
        return "on-track" if self.record is not None and self.record.update.state == "in-progress" else "not-due"

    @property
    def progress(self) -> Progress | None:
        """The number against its target: the city's sum where it is one number for the city."""
        if self.pooled is not None and self.occurrence.quota is None:
            return self.pooled
        u = self.record.update if self.record is not None else None
        if u is None or u.done is None:
            return None
        needed, reached = needed_and_reached(self.occurrence, u.done, u.total)
        return Progress(needed, reached, float(u.done), None if u.total is None else float(u.total))
