"""The year's 考核 tally of each unit: how it reported, what it let slip, what the city wrote to it.

Only counts, each with the rows behind it; no points, no ranking. A number never says more than
its rows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.clocks import CHINA
from tracker.deadlines import months_later
from tracker.decisions import Decision
from tracker.language import _, mark
from tracker.letters import Book
from tracker.plans import Programme, Unit
from tracker.problems import Place, labelled
from tracker.reporting import asked, reporting, reporting_words
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import status_words

COLUMNS: Mapping[str, str] = {
    "late_reports": mark("迟报"),
    "missing_reports": mark("未报"),
    "returned": mark("退回"),
    "overdue": mark("逾期"),
    "missed": mark("漏报期次"),
    "extensions": mark("延期"),
    "verified_on_time": mark("按期销号"),
    "praise": mark("表扬"),
}
"""The counts, by name. late_reports: months whose report came after its day; missing_reports: months without
one that holds, though its day has passed; returned: rulings that sent something back; overdue: one-offs late on
some day of the year; missed: periods due in the year that ended without being done in time; extensions: days
granted; verified_on_time: what fell due in the year, was done by its day and is verified; praise: 表扬."""


@dataclass(frozen=True)
class Trace:
    """One row behind a count."""

    words: str
    place: Place | None = None
    """Where it is written, where it is one record."""


@dataclass(frozen=True)
class Tally:
    """A unit's year."""

    unit: Unit
    traces: Mapping[str, tuple[Trace, ...]]
    """By the names of ``COLUMNS``, and ``letters``."""
    steps: Mapping[str, int]
    """Letters by step, in the ladder's order."""


def tallies(snapshot: Snapshot, book: Book, year: int) -> list[Tally]:
    """The year of every unit but the city's own, in protocol order, as far as the snapshot's day."""
    known = book.on(snapshot.clocks.as_of, snapshot.clocks.known_by)
    return [_tally(snapshot, known, unit, year) for unit in snapshot.programme.units if unit.level != "city"]


def _tally(snapshot: Snapshot, book: Book, unit: Unit, year: int) -> Tally:
    own = [s for s in snapshot.standings if s.occurrence.unit == unit.id]
    rulings = [d for d in snapshot.decisions if d.unit == unit.id and _is_known(snapshot, d, year)]
    sent = [s.letter for s in book.sent if s.letter.unit == unit.id and s.letter.sent.year == year]
    names = {step.id: step.name for step in snapshot.programme.steps}
    count = Counter(letter.step for letter in sent)
    traces = {
        **_reports(snapshot, unit, year),
        "returned": tuple(_ruling(snapshot, d) for d in rulings if d.kind == "return"),
        "overdue": tuple(_standing(s) for s in own if s.occurrence.period_end is None and _was_late_in(s, year)),
        "missed": tuple(_standing(s) for s in own if _was_missed_in(s, year)),
        "extensions": tuple(_ruling(snapshot, d) for d in rulings if d.kind == "extend" and d.granted),
        "verified_on_time": tuple(
            _standing(s)
            for s in own
            if s.status == "verified" and not s.days_late and s.due is not None and s.due.year == year
        ),
        "praise": tuple(
            Trace(f"{p.on} {p.reason}", p.place) for p in book.praises if p.unit == unit.id and p.on.year == year
        ),
        "letters": tuple(Trace(f"{one.sent} {names[one.step]} {one.number}", one.place) for one in sent),
    }
    return Tally(unit, traces, {step: count[step] for step in names if count[step]})


def _is_known(snapshot: Snapshot, d: Decision, year: int) -> bool:
    return d.at.astimezone(CHINA).year == year and d.at <= snapshot.clocks.known_by


def _reports(snapshot: Snapshot, unit: Unit, year: int) -> dict[str, tuple[Trace, ...]]:
    """The months of the year whose report's day has passed: late ones, and those without one that holds."""
    found: dict[str, list[Trace]] = {"late_reports": [], "missing_reports": []}
    for month in _months(snapshot, year):
        days = asked(snapshot.programme, month)
        r = next((one for one in reporting(snapshot, month) if one.unit == unit), None)
        today = snapshot.clocks.today
        if r is None or days is None or today <= days.late_after or r.status == "on-time":
            continue
        received = f" {r.received.astimezone(CHINA):%m-%d %H:%M}" if r.received is not None else ""
        words = f"{month:%Y-%m} {reporting_words(r.status)}{received}"
        name = "late_reports" if r.status == "late" else "missing_reports"
        found[name].append(Trace(words, Place(r.file) if r.file else None))
    return {name: tuple(rows) for name, rows in found.items()}


def _months(snapshot: Snapshot, year: int) -> Iterator[date]:
    month = max(snapshot.programme.head.records_from, date(year, 1, 1))
    while month <= min(snapshot.clocks.month, date(year, 12, 1)):
        yield month
        month = months_later(month, 1)


def _was_late_in(s: Standing, year: int) -> bool:
    """Late on some day of the year: open and due before its end, or done late in it or after."""
    if s.due is None or s.due.year > year or not s.days_late:
        return False
    return s.done_on is None or s.done_on.year >= year


def _was_missed_in(s: Standing, year: int) -> bool:
    """A period due in the year, over, and not done in time; explained ones too: they were missed all the same."""
    if s.occurrence.period_end is None or s.due is None or s.due.year != year:
        return False
    return (s.is_late and not s.is_current) or s.status == "explained" or (s.is_done and s.days_late > 0)


def _standing(s: Standing) -> Trace:
    record = s.record.update.place if s.record is not None else None
    late = _("，晚 {n} 天", n=s.days_late) if s.days_late else ""
    words = _(
        "{item} {title}：{due} 到期，{status}{late}",
        item=s.occurrence.id,
        title=s.occurrence.milestone.title,
        due=s.due,
        status=status_words(s.status),
        late=late,
    )
    return Trace(words, record)


def _ruling(snapshot: Snapshot, d: Decision) -> Trace:
    what = d.item or d.file or ""
    until = _("，至 {day}", day=d.until) if d.until is not None else ""
    s = snapshot.by_key.get((d.unit, d.item or ""))
    title = f" {s.occurrence.milestone.title}" if s is not None else ""
    return Trace(labelled(f"{d.at.astimezone(CHINA).date()} {what}{title}{until}", d.reason), d.place)


def steps_words(programme: Programme, tally: Tally) -> str:
    """Letters by step, in words."""
    return _("、").join(f"{programme.step(step).name} {n}" for step, n in tally.steps.items())


def tally_row(programme: Programme, tally: Tally) -> dict[str, Any]:
    """A unit's year as ``tally --json`` prints it: the counts, and under ``rows`` what is behind each."""
    return {
        "programme": programme.id,
        "unit": tally.unit.id,
        "unit_name": tally.unit.name,
        **{key: len(tally.traces[key]) for key in COLUMNS},
        "letters": dict(tally.steps),
        "rows": {
            key: [{"words": t.words, "source": str(t.place) if t.place is not None else None} for t in rows]
            for key, rows in tally.traces.items()
        },
    }
