"""What happened over the months: an item's words and standings, a unit's reports.

Pure functions of snapshots. A month is its first day.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePosixPath

from tracker.clocks import Clocks
from tracker.deadlines import month_end
from tracker.decisions import Decision
from tracker.language import _
from tracker.merge import counting
from tracker.occurrences import expand
from tracker.plans import Milestone
from tracker.problems import Place
from tracker.reporting import Reported, reporting
from tracker.shelf import latest_events
from tracker.snapshot import Snapshot
from tracker.standing import Standing, standings
from tracker.submissions import STATES, Submission
from tracker.views import months
from tracker.why import is_on_its_sheets, kind_words, said_lines


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


def reports_of(snapshot: Snapshot, unit: str) -> list[tuple[date, Reported]]:
    """How a unit reported on each month, oldest first."""
    return [(month, r) for month in months(snapshot) for r in reporting(snapshot, month) if r.unit.id == unit]
