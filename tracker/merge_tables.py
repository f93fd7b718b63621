"""The rows of the tables that ``standing.sql`` reads: days as numbers of the common era, moments as microseconds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from tracker.clocks import Clocks
from tracker.deadlines import month_end
from tracker.decisions import WAIVERS, Decision
from tracker.filed import Closing, Filed
from tracker.occurrences import Occurrence, needed_and_reached
from tracker.plans import Programme
from tracker.submissions import Submission, canonical_state

TABLES: Mapping[str, str] = {
    "clock": "programme, as_of, month, known_by, records_from, behind_points",
    "occurrence": (
        "n integer primary key, programme, unit, item, opens, due, period_end, contributes, has_quota, needed, "
        "milestone, plan, kind, warning_days, waits_on, closer, is_pooled, is_share, grows, needed_of_all, every"
    ),
    "version": "file, programme, path, name, digest, unit, month, month_end, number, received, is_unchanged",
    "speaks": "file, plan",
    "said": "file, is_held, item, state, done_on, done, total, verified_on, counted_on, promised_on",
    "ruling": (
        "r, programme, unit, item, kind, at, at_day, month, path, name, sha256, until, granted, ground, state, "
        "done_on, done, total, counted_on, promised_on"
    ),
    "sheet": "unit, item, known, month, state, done_on, done, total, counted_on",
}
"""Each table's columns; ``standing.sql`` says what they mean."""

Row = Sequence[Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MICROSECOND = timedelta(microseconds=1)


def moment(when: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (when - EPOCH) // MICROSECOND


def _day(day: date | None) -> int | None:
    return day.toordinal() if day is not None else None


def clock_row(programme: Programme, clocks: Clocks) -> Row:
    """What is looked at, and the programme's thresholds."""
    return (
        programme.id,
        clocks.as_of.toordinal(),
        clocks.month.toordinal(),
        moment(clocks.known_by),
        programme.head.records_from.toordinal(),
        programme.thresholds.behind_points,
    )


def occurrence_rows(programme: Programme, occurrences: Iterable[Occurrence]) -> Iterator[Row]:
    """What is owed, numbered in the order given."""
    days = programme.thresholds.warning_days
    of_milestones: dict[str, Row] = {}
    for n, o in enumerate(occurrences):
        m = o.milestone
        if m.id not in of_milestones:
            of_milestones[m.id] = _of_milestone(o, days)
        of_all = of_milestones[m.id]
        needed = of_all[-2] if o.quota is None else needed_and_reached(o, 0, None)[0]
        yield (
            n,
            programme.id,
            o.unit,
            o.id,
            o.opens.toordinal(),
            _day(o.due),
            _day(o.period_end),
            int(o.contributes),
            int(o.quota is not None),
            needed,
            *of_all,
        )


def _of_milestone(o: Occurrence, days: int) -> Row:
    """What is the same for all occurrences of a milestone."""
    m, target = o.milestone, o.milestone.target
    return (
        m.id,
        m.plan,
        m.kind,
        m.warning_days or days,
        int(bool(m.waits_on)),
        m.closer,
        int(target is not None and target.pool is not None),
        int(target is not None and target.is_share),
        int(target is not None and target.op in (">=", "=", "all")),
        needed_and_reached(replace(o, quota=None), 0, None)[0],
        m.every if m.from_last_done else None,
    )


def version_row(file: int, programme: str, one: Filed) -> Row:
    """A file and when it was known."""
    s = one.submission
    return (
        file,
        programme,
        s.file,
        PurePosixPath(s.file).name,
        s.digest,
        s.unit,
        s.month.toordinal(),
        month_end(s.month).toordinal(),
        s.version,
        moment(one.received),
        int(s.head.rest == "unchanged"),
    )


def speaks_rows(file: int, programme: Programme, submission: Submission) -> Iterator[Row]:
    """The plans that a file speaks for: those it names, or all."""
    part = submission.head.part
    return ((file, plan.stem) for plan in programme.plans if not part or plan.stem in part)


def said_rows(file: int, submission: Submission) -> Iterator[Row]:
    """What a file says of each item, and which items it names with errors."""
    held = frozenset(submission.held)
    for item in held:
        yield (file, 1, item, None, None, None, None, None, None, None)
    for gist in submission.gists:
        if gist[0] not in held:
            yield (file, 0, *gist)


def ruling_rows(programme: str, decisions: Iterable[Decision]) -> Iterator[Row]:
    """The city's rulings, numbered in the order in which they were made."""
    for r, d in enumerate(in_order(decisions), 1):
        yield (
            r,
            programme,
            d.unit,
            d.item,
            d.kind,
            moment(d.at),
            d.at.date().toordinal(),
            d.month.toordinal(),
            str(PurePosixPath(d.place.file).parent / d.file) if d.file is not None else None,
            d.file,
            d.sha256 or None,
            _day(d.until),
            int(d.granted),
            next((key for key, word in WAIVERS.items() if d.ground in (key, word)), None),
            canonical_state(d.state or "in-progress"),
            _day(d.done_on),
            d.done,
            d.total,
            (d.done_on or month_end(d.month)).toordinal(),
            _day(d.promised_on),
        )


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Rulings by moment, then as they stand in their file."""
    return sorted(decisions, key=lambda d: (d.at, d.place, d.kind, d.reason))


def sheet_rows(closing: Closing) -> Iterator[Row]:
    """What sheets say in place of claims."""
    for (unit, item), record in closing.items():
        if record is None:
            yield (unit, item, None, None, None, None, None, None, None)
        else:
            u, month = record.update, record.month
            counted_on = _day(u.done_on or u.as_of or month_end(month)) if u.done is not None else None
            known = moment(record.known)
            yield (unit, item, known, month.toordinal(), u.state, _day(u.done_on), u.done, u.total, counted_on)
