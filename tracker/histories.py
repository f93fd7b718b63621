"""What happened over the months: an item's words, a month's submissions, knowledge then and now, how plans advance.

Pure functions of snapshots. A month is its first day.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import PurePosixPath

from tracker.chasing import missing
from tracker.clocks import Clocks
from tracker.deadlines import month_end, months_later
from tracker.decisions import OF_FILES, Decision
from tracker.findings import Finding, findings
from tracker.language import _
from tracker.merge import counting
from tracker.occurrences import expand
from tracker.plans import Milestone, Plan, Programme
from tracker.problems import Place
from tracker.reporting import Reported, asked, reporting
from tracker.shelf import latest_events
from tracker.snapshot import Snapshot
from tracker.standing import Standing, standings
from tracker.submissions import STATES, Submission
from tracker.why import is_on_its_sheets, kind_words, said_lines
from tracker.workdays import CHINA


def months(snapshot: Snapshot) -> list[date]:
    """The months with records up to the day judged on, oldest first."""
    first, last = snapshot.programme.head.records_from.replace(day=1), snapshot.clocks.month
    found = []
    while first <= last:
        found.append(first)
        first = months_later(first, 1)
    return found


# --- one item ---


@dataclass(frozen=True)
class Said:
    """One word on an item: who said what when, and where it stands written."""

    at: datetime
    """When the city knew it."""
    month: date
    """The month it speaks of."""
    by: str
    """The unit, or who ruled."""
    words: str
    """The state, or the kind of ruling."""
    lines: tuple[str, ...]
    """What else was said, a line each."""
    place: Place
    source: str
    """月报, 建账 or 审核意见, and of which month."""
    stands: bool
    """Whether it is the record that counts on the day judged."""


def said_of(snapshot: Snapshot, unit: str, item: str) -> list[Said]:
    """Everything said of one item of a unit and ruled on it, oldest first; versions that do not count among it."""
    standing = snapshot.by_key.get((unit, item))
    record = standing.record if standing is not None else None
    name = snapshot.programme.unit(unit).name
    found = [
        Said(
            f.received,
            f.submission.month,
            name,
            _(STATES[update.state]),
            tuple(said_lines(update)),
            update.place,
            _source(f.submission),
            stands=record is not None and record.update is update,
        )
        for f in snapshot.filed
        if f.submission.unit == unit and (update := f.submission.by_item.get(item)) is not None
    ]
    rulings = standing.rulings if standing is not None else ()
    if standing is not None:
        rulings = (*rulings, *(d for d in snapshot.decisions if is_on_its_sheets(snapshot, standing, d)))
    return sorted([*found, *(_ruled(d, record is not None and record.correction is d) for d in rulings)], key=_moment)


def _source(s: Submission) -> str:
    return _("建账") if s.head.opening else _("{month} 月报", month=f"{s.month:%Y-%m}")


def _ruled(d: Decision, stands: bool) -> Said:
    until = [_("至 {day}", day=d.until)] if d.until is not None else []
    sheet = [" ".join(name for name in (d.file, d.finding) if name)] if d.item is None else []
    lines = (
        *until,
        *sheet,
        _("理由：{reason}", reason=d.reason),
        *(said_lines(d.as_update()) if d.kind == "correct" else ()),
    )
    source = _("{month} 审核意见", month=PurePosixPath(d.folder).name)
    return Said(d.at, d.month, d.by, kind_words(d), lines, d.place, source, stands=stands)


def _moment(said: Said) -> tuple[datetime, Place]:
    return said.at, said.place


def by_month(snapshot: Snapshot, unit: str, item: str, most: int = 12) -> list[tuple[date, Standing]]:
    """Where an item stood at each month's end (the last on the day judged), with what is known now; the latest last."""
    milestone = snapshot.programme.milestones.get(item.partition("@")[0])
    if milestone is None:
        return []
    found = []
    for month in months(snapshot)[-most:]:
        clocks = Clocks(min(month_end(month), snapshot.clocks.as_of), snapshot.clocks.known_by)
        rows = _of_milestone(snapshot, milestone, clocks)
        standing = next((s for s in rows if (s.occurrence.unit, s.occurrence.id) == (unit, item)), None)
        if standing is not None and standing.occurrence.opens <= clocks.as_of:
            found.append((month, standing))
    return found


def _of_milestone(snapshot: Snapshot, milestone: Milestone, clocks: Clocks) -> list[Standing]:
    """What ``Snapshot.on`` gives for one milestone, at a fraction of its price."""
    programme = snapshot.programme
    plan = programme.plan(milestone.plan)
    task = replace(plan.task(milestone.item), milestone=(milestone,))
    alone = replace(programme, plans=(replace(plan, tasks=(task,)),))
    events = latest_events(f.submission for f in counting(programme, snapshot.filed, snapshot.decisions, clocks))
    return standings(programme, expand(alone, events, clocks.known_by), snapshot.filed, snapshot.decisions, clocks)


# --- a unit's reports ---


def reports_of(snapshot: Snapshot, unit: str) -> list[tuple[date, Reported]]:
    """How a unit reported on each month, oldest first."""
    return [(month, r) for month in months(snapshot) for r in reporting(snapshot, month) if r.unit.id == unit]


@dataclass(frozen=True)
class Arrival:
    """A unit's submission of a month on the coordinator's desk."""

    reported: Reported
    submissions: tuple[Submission, ...]
    """What counts of what it sent: one file, or one of each section."""
    returned: int
    """Entries sent back and not answered."""
    findings: tuple[Finding, ...]
    is_accepted: bool
    text: str
    """What to send to who still owes something; empty for the others."""

    @property
    def updates(self) -> int:
        """The entries."""
        return sum(len(s.updates) for s in self.submissions)

    @property
    def held(self) -> int:
        """Entries with mistakes."""
        return sum(len(s.held) for s in self.submissions)


def arrivals(snapshot: Snapshot, month: date, today: date) -> list[Arrival]:
    """A month's submissions in protocol order; ``snapshot`` is judged on that month's end or later."""
    then = snapshot.on(month_end(month))
    waiting = {w.reported.unit.id: w for w in missing(then, month, today)}
    standing = [
        f.submission
        for f in counting(then.programme, then.filed, then.decisions, then.clocks)
        if f.submission.month == month
    ]
    odd = findings(then, snapshot.on(month_end(months_later(month, -1))), then.silences)
    found = []
    for r in reporting(then, month):
        w = waiting.get(r.unit.id)
        own = tuple(s for s in standing if s.unit == r.unit.id)
        found.append(
            Arrival(
                w.reported if w is not None else r,
                own,
                w.returned if w is not None else 0,
                tuple(f for f in odd if f.unit == r.unit.id),
                bool(own) and all(_is_accepted(then, s.file, s.digest, r.unit.id, month) for s in own),
                w.text if w is not None else "",
            )
        )
    return found


def _is_accepted(snapshot: Snapshot, file: str, digest: str, unit: str, month: date) -> bool:
    """Whether the latest ruling on a file as it is now accepts it."""
    name = file.rpartition("/")[2]
    rulings = [
        d
        for d in sorted(snapshot.decisions, key=lambda d: d.at)
        if (d.unit, d.month, d.item) == (unit, month, None)
        and d.kind in OF_FILES
        and d.file == name
        and d.sha256 in (None, digest)
        and d.at <= snapshot.clocks.known_by
    ]
    return bool(rulings) and rulings[-1].kind == "accept"


def countdown(programme: Programme, month: date, today: date) -> list[str]:
    """By which day the report on a month is due, how far that is, and which holiday moves the day it is asked for."""
    days = asked(programme, month)
    if days is None:
        return []
    left = (days.late_after - today).days
    said = (
        _("{m}月报告：{day} 前报出，还有 {n} 天", m=month.month, day=days.late_after, n=left)
        if left >= 0
        else _("{m}月报告：应在 {day} 前报出，已过 {n} 天", m=month.month, day=days.late_after, n=-left)
    )
    lines = [said]
    if days.asked.day != days.asked.was:
        named = _("、").join(dict.fromkeys(d.name for d in days.asked.over if not d.is_working))
        moved = _("{was} 不是工作日（{named}），提前到 {day} 收齐", was=days.asked.was, named=named, day=days.asked.day)
        lines.append(moved)
    if days.asked.assumed:
        lines.append(_("放假安排尚未公布，日期是推定的"))
    return lines


# --- then and now ---


def known_then(programme: Programme, month: date) -> datetime:
    """The moment by which the report on a month had to be out: the end of the last day it is not late."""
    days = asked(programme, month)
    return datetime.combine(days.late_after if days is not None else month_end(month), time.max, CHINA)


@dataclass(frozen=True)
class Shift:
    """An item that looks otherwise now than it did then; None where it was not there."""

    then: Standing | None
    now: Standing | None

    @property
    def standing(self) -> Standing:
        """Now, or what was then."""
        found = self.now or self.then
        assert found is not None  # noqa: S101 - shifts makes none without either
        return found

    @property
    def is_of_days(self) -> bool:
        """Whether only the day it falls due differs, or how late it is."""
        return self.then is not None and self.now is not None and self.then.status == self.now.status


def shifts(then: Snapshot, now: Snapshot) -> list[Shift]:
    """The items whose standing or day differs between two states of knowledge, in the order of the items."""
    found = [Shift(then.by_key.get(key), s) for key, s in now.by_key.items()]
    found += [Shift(s, None) for key, s in then.by_key.items() if key not in now.by_key]
    return [shift for shift in found if _look(shift.then) != _look(shift.now)]


def _look(s: Standing | None) -> tuple[str, date | None, int] | None:
    return (s.status, s.due, s.days_late) if s is not None else None


# --- how plans advance ---


@dataclass(frozen=True)
class Pace:
    """What is done of all that a plan ever asks, against the time that has passed."""

    plan: Plan
    by_month: tuple[tuple[date, int], ...]
    """How many were done in each month with records, oldest first."""
    done: int
    owed: int
    """Everything dated and on the books, up to the plan's last day."""
    time: float
    """Percent of the plan's time that has passed."""

    @property
    def share(self) -> float:
        """Percent done."""
        return 100.0 * self.done / self.owed if self.owed else 0.0


def paces(snapshot: Snapshot) -> list[Pace]:
    """The plans' pace, in their order."""
    return list(_paces(snapshot))


def _paces(snapshot: Snapshot) -> Iterator[Pace]:
    known = months(snapshot)
    for plan in snapshot.programme.plans:
        own = [s for s in snapshot.standings if s.occurrence.milestone.plan == plan.stem and s.is_owed]
        when = Counter(s.done_on.replace(day=1) for s in own if s.is_done and s.done_on is not None)
        first, last = plan.head.from_, plan.head.until
        time = 100.0 * (snapshot.clocks.as_of - first).days / max((last - first).days, 1)
        counts = tuple((month, when[month]) for month in known)
        yield Pace(plan, counts, sum(s.is_done for s in own), len(own), min(max(time, 0.0), 100.0))
