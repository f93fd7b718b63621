"""Which words count and where each occurrence stands: ``standing.sql``, run on what units sent and the city ruled.

Newest month, then highest version, then latest receipt; what was sent back or withdrawn does
not count and the record before stands; what is verified stays as it was verified. The order of
inputs never matters. The rules are in the SQL; here its tables are filled and its answers read.
(Design 3.3 and 3.4.)
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing as closed_after
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, NamedTuple

from tracker.deadlines import after_done, months_later
from tracker.decisions import WAIVERS, Decision
from tracker.occurrences import Occurrence, needed_and_reached
from tracker.plans import Programme
from tracker.submissions import Submission, Update, canonical_state

TEXT = Path(__file__).with_name("standing.sql")


@dataclass(frozen=True, slots=True)
class Filed:
    """A submission and the moment the city knew it."""

    submission: Submission
    received: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """What counts as said of an occurrence: an update of a month, or the city's correction."""

    update: Update
    month: date
    known: datetime
    correction: Decision | None = None


@dataclass(frozen=True)
class Clocks:
    """The day judged on and the moment known up to."""

    as_of: date
    known_by: datetime

    @property
    def month(self) -> date:
        """First day of the month that ``as_of`` lies in; records of later ones do not count."""
        return self.as_of.replace(day=1)


Closing = Mapping[tuple[str, str], Record | None]
"""Unit and occurrence to what sheets say of it; None where there is no sheet yet."""


# --- the tables that the SQL reads ---


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

KEYS: Mapping[str, str] = {
    "occurrence": "unit, item",
    "version": "file",
    "speaks": "file, plan",
    "said": "file, item",
    "known_ruling": "unit, item",
    "known_version": "file",
    "ruling_on_file": "unit",
    "file_sent_back": "file",
    "counting": "unit, plan, month",
    "spell": "unit, item",
    "once_closed": "n",
    "sent_back_for_item": "n, file",
    "counting_for_item": "n, month",
    "word_sent_back": "n, file",
    "word": "n, month, turn, is_good",
    "record": "n, month",
    "correction": "n",
    "returned": "n",
    "closed_by_sheets": "n",
    "candidate": "n, turn",
    "last_record": "n",
    "asserted": "n",
    "pooled": "item",
    "ruled": "n",
    "closing_ruling": "n",
    "was_done": "unit, milestone",
    "last_done": "n",
    "ruled_out": "n",
    "granted": "n",
    "judged": "n",
}
"""By what a table is looked up. A step that is here is kept as a table, any other is a view: this changes the speed
and nothing else."""

Row = Sequence[Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def moment(when: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (when - EPOCH) // MICROSECOND


def _day(day: date | None) -> int | None:
    return day.toordinal() if day is not None else None


def _month_end(month: date) -> date:
    return months_later(month, 1) - timedelta(days=1)


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
        _month_end(s.month).toordinal(),
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
            (d.done_on or _month_end(d.month)).toordinal(),
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
            counted_on = _day(u.done_on or u.as_of or _month_end(month)) if u.done is not None else None
            known = moment(record.known)
            yield (unit, item, known, month.toordinal(), u.state, _day(u.done_on), u.done, u.total, counted_on)


# --- running it ---


@cache
def steps() -> Mapping[str, str]:
    """The steps of ``standing.sql``, in their order: each name with what it selects."""
    found = re.findall(
        r"^create temporary view (\w+) as\n(.*?);$", TEXT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return MappingProxyType(dict(found))


@dataclass(frozen=True)
class Tables:
    """The filled tables."""

    base: sqlite3.Connection

    def fill(self, table: str, rows: Iterable[Row]) -> None:
        """Make one of ``TABLES`` of its rows."""
        columns = TABLES[table]
        self.base.execute(f"create temporary table {table} ({columns})")
        places = ", ".join("?" for _column in columns.split(","))
        self.base.executemany(f"insert into {table} values ({places})", rows)  # noqa: S608 - names of our own
        self._key(table)

    def run(self, last: str) -> None:
        """Every step up to ``last``."""
        names = list(steps())
        for name in names[: names.index(last) + 1]:
            self.base.execute(f"create temporary {'table' if name in KEYS else 'view'} {name} as\n{steps()[name]}")
            self._key(name)

    def _key(self, table: str) -> None:
        if table in KEYS:
            self.base.execute(f"create index by_{table} on {table} ({KEYS[table]})")


@contextmanager
def opened() -> Iterator[Tables]:
    """Tables to be filled, in memory, for as long as they are needed."""
    with closed_after(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.create_function("after_done", 2, _after_done, deterministic=True)
        base.execute("pragma temp_store = memory")
        base.execute("begin")  # each row in a transaction of its own takes twice as long
        yield Tables(base)


def _after_done(day: int, every: str) -> int:
    return after_done(date.fromordinal(day), every).toordinal()


def counting(
    programme: Programme, filed: Iterable[Filed], decisions: Iterable[Decision], clocks: Clocks
) -> list[Filed]:
    """The submissions that stand: of each unit, month and plan the last version not sent back."""
    several = list(filed)
    versions = (version_row(file, programme.id, one) for file, one in enumerate(several))
    speaks = (row for file, one in enumerate(several) for row in speaks_rows(file, programme, one.submission))
    found = counting_files(clock_row(programme, clocks), versions, speaks, ruling_rows(programme.id, decisions))
    return [several[file] for file in found]


def counting_files(clock: Row, versions: Iterable[Row], speaks: Iterable[Row], rulings: Iterable[Row]) -> list[int]:
    """The files that stand, by the rows of those tables: of each unit, month and plan the last not sent back."""
    with opened() as tables:
        tables.fill("clock", [clock])
        tables.fill("version", versions)
        tables.fill("speaks", speaks)
        tables.fill("ruling", rulings)
        tables.run("counting")
        query = "select file from (select distinct file, month, unit from counting) order by month, unit, file"
        return [file for (file,) in tables.base.execute(query)]


class Stood(NamedTuple):
    """A row of ``standing``: how the SQL judged one occurrence, days as numbers."""

    n: int
    status: str
    scheduled: int | None
    due: int | None
    r: int | None
    """The ruling that stands as a correction; 0 where it is not one."""
    file: int | None
    """The place of the submission whose update stands."""
    done_on: int | None
    days_late: int
    days_late_scheduled: int
    is_sum: int
    needed: float
    reached: float | None
    done: float | None
    total: float | None
    reported: int
    asked: int
    counted_on: int | None
    has_record: int
    asserted: int | None
    is_carried: int
    is_current: int
    promised_on: int | None


def stood(
    programme: Programme,
    occurrences: Sequence[Occurrence],
    filed: Iterable[Filed],
    decisions: Iterable[Decision],
    clocks: Clocks,
    closing: Closing,
) -> list[Stood]:
    """How every occurrence stands, in the order given."""
    several = list(filed)
    of_files = list(enumerate(one.submission for one in several))
    with opened() as tables:
        tables.fill("clock", [clock_row(programme, clocks)])
        tables.fill("occurrence", occurrence_rows(programme, occurrences))
        tables.fill("version", (version_row(file, programme.id, one) for file, one in enumerate(several)))
        tables.fill("speaks", (row for file, s in of_files for row in speaks_rows(file, programme, s)))
        tables.fill("said", (row for file, s in of_files for row in said_rows(file, s)))
        tables.fill("ruling", ruling_rows(programme.id, decisions))
        tables.fill("sheet", sheet_rows(closing))
        tables.run("standing")
        columns = ", ".join(Stood._fields)
        return [Stood(*row) for row in tables.base.execute(f"select {columns} from standing order by n")]  # noqa: S608


# --- what the form asks for ---


def is_required(o: Occurrence, month: date, warning_days: int) -> bool:
    """Whether a unit must answer for ``o`` in the file on ``month``: newly overdue, falling due within
    the warning window, or its period ending. ``rest = "unchanged"`` never stands in for that.
    """
    if o.due is None or o.contributes:
        return False
    last = _month_end(month)
    newly_overdue = month - timedelta(days=1) <= o.due <= last
    ending = o.period_end is not None and month <= o.period_end <= last
    return newly_overdue or ending or o.opens <= last < o.due <= last + warning_window(o, warning_days)


def warning_window(o: Occurrence, days: int) -> timedelta:
    """How long before its due day it is due soon: the warning days, at most a third of its period."""
    days = o.milestone.warning_days or days
    length = (o.due - o.opens).days + 1 if o.due is not None else 0
    return timedelta(days=min(days, length // 3))


OF_MILESTONES = ("waive", "suspend", "reopen")
"""Kinds that may rule on all periods of a milestone at once, naming it without a period."""
