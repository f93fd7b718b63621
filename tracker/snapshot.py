"""``take``: a programme, its files and every standing on a day, once, frozen.

The one door: screens, reports and commands cannot disagree, because none of them computes.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath

from tracker.closing import FiledSheet, closing, sheets_that_count
from tracker.deadlines import months_later
from tracker.decisions import OF_FILES, Decision, in_force
from tracker.merge import Clocks, Filed, counting
from tracker.narrative import Narrative
from tracker.occurrences import Event, expand
from tracker.plans import Plan, Programme, Unit
from tracker.problems import Problem
from tracker.reading import Files, HeldFile, context_of, files, plans
from tracker.sheets import Sheet
from tracker.silences import Silence
from tracker.standing import Standing, standings
from tracker.submissions import Context, Submission
from tracker.workspace import Workspace


@dataclass(frozen=True)
class Snapshot:
    """Everything known of a programme on a day."""

    programme: Programme
    clocks: Clocks
    standings: tuple[Standing, ...]
    filed: tuple[Filed, ...]
    """The submissions that could be read and were known, returned ones among them."""
    decisions: tuple[Decision, ...]
    """The rulings known and in force."""
    problems: tuple[Problem, ...]
    held_files: tuple[HeldFile, ...] = ()
    shelf: "Shelf | None" = None
    silences: tuple[Silence, ...] = ()
    """Findings not to be shown, expired ones among them."""
    sheets: tuple[FiledSheet, ...] = ()
    """The enterprises' sheets that count: of each period the last version known."""
    narrative: Narrative = field(default_factory=Narrative)
    """The office's words for the month's bulletin."""

    def on(self, as_of: date) -> "Snapshot":
        """The same knowledge judged on another day."""
        return self.shelf.on(as_of, self.clocks.known_by) if self.shelf is not None else self

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over what went in: the plans, the day, every submission with its receipt, every ruling known."""
        by = self.clocks.known_by
        parts = [
            repr((self.programme, self.clocks.as_of)),
            *sorted(
                f"{f.submission.file} {f.submission.digest} {f.received if f.received != by else ''}"
                for f in self.filed
            ),
            *sorted(repr(d) for d in self.decisions),
            *sorted(repr(s) for s in self.silences),
            *sorted(f"{f.sheet.file} {f.sheet.digest} {f.received if f.received != by else ''}" for f in self.sheets),
            *([repr(self.narrative)] if self.narrative != Narrative() else []),
        ]
        return sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def by_key(self) -> Mapping[tuple[str, str], Standing]:
        """The standings by unit and occurrence."""
        return {(s.occurrence.unit, s.occurrence.id): s for s in self.standings}

    def plan_of(self, s: Standing) -> Plan:
        """The plan a standing belongs to."""
        return self.programme.plan(s.occurrence.milestone.plan)

    def unit_of(self, s: Standing) -> Unit:
        """The unit a standing belongs to."""
        return self.programme.unit(s.occurrence.unit)


def take(
    workspace: Workspace, programme_id: str, as_of: date, known_by: datetime
) -> tuple[Snapshot | None, list[Problem]]:
    """The snapshot, or None with the problems where the programme itself has mistakes.

    By mistaken plans nothing is judged: a misspelt rhythm has no next period to come to.
    ``as_of`` is capped at the programme's close; a file without a receipt counts as
    received at ``known_by``.
    """
    programme, problems = plans(workspace, programme_id)
    if programme is None or any(p.holds for p in problems):
        return None, problems
    with _uncollected():
        snapshot = read_shelf(workspace, programme, problems).on(as_of, known_by)
    return snapshot, list(snapshot.problems)


@contextmanager
def _uncollected() -> Iterator[None]:
    """While a hundred thousand records are made that all stay, looking among them for garbage is half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@dataclass(frozen=True)
class Shelf(Files):
    """A programme's files, read and checked once; ``on`` judges them on any day."""

    workspace: Workspace
    programme: Programme

    @cached_property
    def context(self) -> Context:
        """What any further file is checked against."""
        return context_of(self.programme, self.decisions, self.events)

    @property
    def papers(self) -> tuple[tuple[Submission | Sheet, datetime | None], ...]:
        """All that units and enterprises sent and that can be read."""
        return (*self.submissions, *self.sheets)

    @cached_property
    def received(self) -> Mapping[str, str]:
        """The digests of all that was received, workbooks too, and the file each is kept as."""
        return {digest: file for file, r in self.receipts.items() for digest in (r.sha256, r.origin) if digest}

    def on(self, as_of: date, known_by: datetime) -> Snapshot:
        """The snapshot of a day, capped at the programme's close, with what was known by then."""
        clocks = Clocks(min(as_of, self.programme.head.until), known_by)
        moments = [Filed(s, received or self._first_seen(s, known_by)) for s, received in self.submissions]
        filed = tuple(f for f in moments if f.received <= known_by)
        decisions = in_force(self.decisions, known_by)
        events = latest_events(f.submission for f in counting(self.programme, filed, decisions, clocks))
        occurrences = expand(self.programme, events, known_by)
        sheets = sheets_that_count((FiledSheet(s, at or known_by) for s, at in self.sheets), decisions, known_by)
        closed = closing(self.programme, occurrences, sheets, clocks)
        found = standings(self.programme, occurrences, filed, decisions, clocks, closed)
        return Snapshot(
            self.programme,
            clocks,
            tuple(found),
            filed,
            decisions,
            self.problems,
            self.held_files,
            self,
            self.silences,
            sheets,
            self.narratives.get(clocks.month, Narrative()),
        )

    def _first_seen(self, submission: Submission, known_by: datetime) -> datetime:
        """A file without a receipt: seen now, or when the city first ruled on what it says.

        Only rulings that presuppose a file count: those that name it, and those that name none
        where no earlier version was there; a later one is the answer to them.
        """
        name = PurePosixPath(submission.file).name
        of_month = (submission.unit, submission.month)
        earlier = [
            received
            for s, received in self.submissions
            if (s.unit, s.month) == of_month and s.version < submission.version
        ]
        ruled = (
            d.at
            for d in self.decisions
            if (d.unit, d.month) == of_month
            and d.kind in ON_FILES
            and (d.file == name or (d.file is None and all(at is not None and at > d.at for at in earlier)))
        )
        return min((at for at in ruled if at <= known_by), default=known_by)


ON_FILES = (*OF_FILES, "verify", "refuse")
"""Rulings that can only be made on what a file says."""


def read_shelf(workspace: Workspace, programme: Programme, problems: Iterable[Problem] = ()) -> Shelf:
    """Read and check every file of a programme's status; ``problems`` are those found before."""
    found = files(workspace, programme, problems)
    return Shelf(**vars(found), workspace=workspace, programme=programme)


def latest_events(submissions: Iterable[Submission]) -> list[Event]:
    """The events as last reported: by unit, kind and ref, the newest month and version wins."""
    latest: dict[tuple[str, str, str], Event] = {}
    for one in sorted(submissions, key=lambda s: (s.month, s.version, s.file)):
        latest |= {(e.unit, e.kind, e.ref): e for e in one.events}
    return [latest[key] for key in sorted(latest)]


def month_end(month: date) -> date:
    """A report's default day: its month's last."""
    return months_later(month, 1) - timedelta(days=1)
