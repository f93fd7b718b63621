"""A programme's files, read and checked once, and judged on any day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import PurePosixPath

from tracker.clocks import CHINA, Clocks
from tracker.closing import FiledSheet, closing, sheets_that_count
from tracker.contests import as_ruled, voided
from tracker.decisions import OF_FILES, Decision, in_force
from tracker.filed import Filed
from tracker.kept_day import Span
from tracker.merge import counting
from tracker.narrative import Narrative
from tracker.occurrences import Event, expand
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.reading import Files, context_of, files
from tracker.sheets import Sheet
from tracker.standing import Standing, standings
from tracker.submissions import Context, Submission
from tracker.workspace import Workspace


@dataclass(frozen=True)
class Judged:
    """How everything stands on a day."""

    standings: tuple[Standing, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def late(self) -> tuple[Standing, ...]:
        """What is late."""
        return tuple(s for s in self.standings if s.is_late)


@dataclass(frozen=True)
class Shelf(Files):
    """A programme's files, read and checked once; ``judged`` on any day."""

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

    def judged(self, clocks: Clocks) -> Judged:
        """How everything stands on a day, with what was known by then."""
        filed, decisions = self.filed(clocks.known_by), in_force(self.decisions, clocks.known_by)
        events = latest_events(f.submission for f in counting(self.programme, filed, decisions, clocks))
        occurrences = expand(self.programme, events, clocks.known_by)
        sheets = self.sheets_on(clocks.known_by)
        closed = closing(self.programme, occurrences, sheets, clocks)
        found = standings(self.programme, occurrences, filed, decisions, clocks, closed)
        return Judged(tuple(found), (*self.problems, *voided(sheets, decisions)))

    def in_force(self, known_by: datetime) -> tuple[Decision, ...]:
        """The rulings made by then that had not been taken back."""
        return in_force(self.decisions, known_by)

    def narrative(self, month: date) -> Narrative:
        """The office's words for a month's bulletin."""
        return self.narratives.get(month, Narrative())

    def filed(self, known_by: datetime) -> tuple[Filed, ...]:
        """The submissions that could be read and were known by then, returned ones among them."""
        moments = [Filed(s, received or self._first_seen(s, known_by)) for s, received in self.submissions]
        return tuple(f for f in moments if f.received <= known_by)

    def sheets_on(self, known_by: datetime) -> tuple[FiledSheet, ...]:
        """The enterprises' sheets that count: of each period the last version known by then."""
        decisions = in_force(self.decisions, known_by)
        several = (FiledSheet(s, at or known_by) for s, at in self.sheets)
        return as_ruled(sheets_that_count(several, decisions, known_by), decisions)

    def span(self, known_by: datetime) -> Span | None:
        """The moments before and after ``known_by`` at which anything was received, ruled or assigned: between them
        nothing changes. None at such a moment.
        """
        moments = [r.received for r in self.receipts.values()] + [d.at for d in self.decisions]
        moments += [received for _paper, received in self.papers if received is not None]
        moments += [datetime.combine(a.at, time.min, CHINA) for a in self.programme.assignments]
        if known_by in moments:
            return None
        after = max((m for m in moments if m < known_by), default=None)
        return Span(after, min((m for m in moments if m > known_by), default=None))

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
