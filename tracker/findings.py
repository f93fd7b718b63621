"""This month against last: what a coordinator should look at, never a verdict.

Each check is one idea, has a code, and can be run alone; what was looked into can be
silenced until a day. A finding holds nothing back.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from tracker.language import _
from tracker.merge import counting
from tracker.plans import Programme
from tracker.silences import Silence as Silence
from tracker.snapshot import Snapshot
from tracker.standing import WHOLE, Standing


@dataclass(frozen=True, order=True)
class Finding:
    """Something odd about a unit's month."""

    unit: str
    code: str
    item: str
    message: str


@dataclass(frozen=True)
class Months:
    """This month's snapshot and last month's, with the pairs of standings both know."""

    now: Snapshot
    before: Snapshot

    @property
    def pairs(self) -> Iterator[tuple[Standing, Standing]]:
        """(now, before) of every occurrence that was there in both."""
        for s in self.now.standings:
            earlier = self.before.by_key.get((s.occurrence.unit, s.occurrence.id))
            if earlier is not None:
                yield s, earlier

    @property
    def fresh(self) -> Iterator[Standing]:
        """Standings whose record is of this month."""
        return (s for s in self.now.standings if s.record is not None and s.record.month == self.now.clocks.month)


def _finding(s: Standing, code: str, message: str) -> Finding:
    return Finding(s.occurrence.unit, code, s.occurrence.id, message)


def done_then_undone(months: Months) -> Iterator[Finding]:
    """W11: last month it was done, now it is not."""
    for now, before in months.pairs:
        if before.is_done and not now.is_done and now.due is not None and now.light != "grey":
            yield _finding(now, "W11", _("上月已完成，本月又未完成。"))


def numbers_fall(months: Months) -> Iterator[Finding]:
    """W12: a number done fell; W13: the total of a ratio changed."""
    for now, before in months.pairs:
        own = now.record is not None and now.record.update.done is not None
        if own and now.progress is not None and before.progress is not None and now.progress.asked == 1:
            if now.progress.done < before.progress.done:
                message = _("完成数由 {a:g} 降为 {b:g}。", a=before.progress.done, b=now.progress.done)
                yield _finding(now, "W12", message)
            if now.progress.total != before.progress.total:
                message = _("总数由 {a} 变为 {b}。", a=_number(before.progress.total), b=_number(now.progress.total))
                yield _finding(now, "W13", message)


def leaps(months: Months) -> Iterator[Finding]:
    """W14: from nothing to everything in one month."""
    for now, before in months.pairs:
        after, earlier = now.progress, before.progress
        if after is None or earlier is None or after.asked > 1:
            continue
        if earlier.done == 0 and after.share >= WHOLE and after.done > 1:
            yield _finding(now, "W14", _("一个月内从 0 到全部完成。"))


def completion_day_changes(months: Months) -> Iterator[Finding]:
    """W15: both months say done, on different days."""
    for now, before in months.pairs:
        if now.is_done and before.is_done and now.done_on != before.done_on:
            yield _finding(now, "W15", _("完成日期由 {a} 改为 {b}。", a=before.done_on, b=now.done_on))


def same_words_again(months: Months) -> Iterator[Finding]:
    """W16: an overdue item explained with last month's very words."""
    for now, before in months.pairs:
        if now.is_late and now.record is not None and before.record is not None:
            said, earlier = now.record.update, before.record.update
            repeated = said.cause and (said.cause, said.measure) == (earlier.cause, earlier.measure)
            if repeated and now.record.month > before.record.month:
                yield _finding(now, "W16", _("逾期原因和措施与上月一字不差。"))


def same_evidence_elsewhere(months: Months) -> Iterator[Finding]:
    """W17: two units name the same evidence."""
    named: dict[str, list[Standing]] = defaultdict(list)
    for s in months.fresh:
        for evidence in s.record.update.evidence if s.record is not None else ():
            named[evidence].append(s)
    for evidence, rows in named.items():
        units = {s.occurrence.unit for s in rows}
        if len(units) > 1:
            for s in rows:
                others = _("、").join(
                    u.name for u in months.now.programme.units if u.id in units and u.id != s.occurrence.unit
                )
                message = _("佐证“{evidence}”与{others}相同。", evidence=evidence, others=others)
                yield _finding(s, "W17", message)


def entries_dropped(months: Months) -> Iterator[Finding]:
    """W18: a later version of the month no longer names what the earlier one did."""
    month = months.now.clocks.month
    by_unit: dict[str, list[frozenset[str]]] = defaultdict(list)
    for filed in sorted(months.now.filed, key=lambda f: (f.submission.version, f.received)):
        if filed.submission.month == month and not filed.submission.head.part:
            by_unit[filed.submission.unit].append(frozenset((*filed.submission.by_item, *filed.submission.held)))
    for unit, versions in by_unit.items():
        for earlier, later in pairwise(versions):
            for item in sorted(earlier - later):
                yield Finding(unit, "W18", item, _("前一版报过，后一版没有了。"))


def done_without_sheets(months: Months) -> Iterator[Finding]:
    """W19: this month's file says done of what only the enterprises' sheets close, and they are not all there."""
    month = months.now.clocks.month
    for filed in counting(months.now.programme, months.now.filed, months.now.decisions, months.now.clocks):
        for update in filed.submission.updates if filed.submission.month == month else ():
            s = months.now.by_key.get((filed.submission.unit, update.item))
            if s is None or update.state != "done" or s.is_done or not s.is_owed:
                continue
            if _is_assessed(months.now.programme, s):
                yield _finding(s, "W19", _("报了完成，但考核表没有到齐。"))


def _is_assessed(programme: Programme, s: Standing) -> bool:
    """Whether a standing's unit has enterprises whose sheets close the duty."""
    checklist = s.occurrence.milestone.closed_by
    return checklist is not None and any(
        e.unit == s.occurrence.unit and e.checklist == checklist for e in programme.enterprises
    )


def _number(value: float | None) -> str:
    return _("无") if value is None else f"{value:g}"


Check = Callable[[Months], Iterator[Finding]]

CHECKS: Mapping[str, Check] = {
    "W11": done_then_undone,
    "W12": numbers_fall,
    "W13": numbers_fall,
    "W14": leaps,
    "W15": completion_day_changes,
    "W16": same_words_again,
    "W17": same_evidence_elsewhere,
    "W18": entries_dropped,
    "W19": done_without_sheets,
}
"""The check that finds each code."""


def month_findings(now: Snapshot, before: Snapshot) -> Sequence[Finding]:
    """A month's findings of all codes, without the silenced; kept where ``before`` is the end of the month before."""

    def found() -> tuple[Finding, ...]:
        return tuple(findings(now, before, now.silences))

    is_last_month = before.clocks == (now.clocks.month - timedelta(days=1), now.clocks.known_by)
    if before.day is None or not is_last_month:
        return found()
    return now.worked_out("findings", tuple[Finding, ...], found)


def findings(
    now: Snapshot, before: Snapshot, silences: Collection[Silence] = (), only: Collection[str] = ()
) -> list[Finding]:
    """A month's findings, by unit in protocol order and code; of all codes, or ``only`` of some.

    What is silenced on the day judged is left out.
    """
    months = Months(now, before)
    order = {unit.id: n for n, unit in enumerate(now.programme.units)}
    wanted = only or CHECKS
    checks = dict.fromkeys(check for code, check in CHECKS.items() if code in wanted)
    found = {f for check in checks for f in check(months) if f.code in wanted}
    day = now.clocks.as_of
    heard = (f for f in found if not any(s.covers(f.code, f.unit, f.item, day) for s in silences))
    return sorted(heard, key=lambda f: (order.get(f.unit, len(order)), f.code, f.item))


def held_entries(now: Snapshot) -> Mapping[str, int]:
    """How many entries of the month are held, by unit; only of units with any."""
    month = now.clocks.month

    def counted() -> tuple[tuple[str, int], ...]:
        held = Counter(
            f.submission.unit for f in now.filed if f.submission.month == month for _entry in f.submission.held
        )
        return tuple(sorted(held.items()))

    return dict(now.worked_out("held entries", tuple[tuple[str, int], ...], counted))
