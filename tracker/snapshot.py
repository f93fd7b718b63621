"""``take``: a programme, its files and every standing on a day, once, frozen.

The one door: screens, reports and commands cannot disagree, because none of them computes.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Self, TypeVar

from tracker import kept
from tracker.clocks import Clocks
from tracker.known import digest_of_files, index_of, plans
from tracker.language import _
from tracker.plans import Plan, Programme, Unit
from tracker.problems import FaultyError, Place, Problem
from tracker.standing import Standing
from tracker.workspace import Workspace

if TYPE_CHECKING:  # what is only needed once files are read: a second look at unchanged files loads none of it
    from tracker.closing import FiledSheet
    from tracker.decisions import Decision
    from tracker.filed import Filed
    from tracker.narrative import Narrative
    from tracker.reading import HeldFile
    from tracker.shelf import Shelf
    from tracker.silences import Silence

T = TypeVar("T")


@dataclass(frozen=True)
class Snapshot:
    """Everything known of a programme on a day. What its files say is read when somebody asks for it."""

    programme: Programme
    clocks: Clocks
    standings: Sequence[Standing]
    problems: tuple[Problem, ...]
    books: "Books" = field(repr=False, compare=False)

    def on(self, as_of: date) -> "Snapshot":
        """The same knowledge judged on another day."""
        return self.books.on(as_of, self.clocks.known_by)

    @property
    def shelf(self) -> "Shelf":
        """All that the files say."""
        return self.books.shelf

    @cached_property
    def filed(self) -> "tuple[Filed, ...]":
        """The submissions that could be read and were known, returned ones among them."""
        return self.shelf.filed(self.clocks.known_by)

    @cached_property
    def decisions(self) -> "tuple[Decision, ...]":
        """The rulings known and in force."""
        return self.shelf.in_force(self.clocks.known_by)

    @cached_property
    def sheets(self) -> "tuple[FiledSheet, ...]":
        """The enterprises' sheets that count: of each period the last version known."""
        return self.shelf.sheets_on(self.clocks.known_by)

    @property
    def held_files(self) -> "tuple[HeldFile, ...]":
        """The submissions held whole."""
        return self.shelf.held_files

    @property
    def silences(self) -> "tuple[Silence, ...]":
        """Findings not to be shown, expired ones among them."""
        return self.shelf.silences

    @property
    def narrative(self) -> "Narrative":
        """The office's words for the month's bulletin."""
        return self.shelf.narrative(self.clocks.month)

    @cached_property
    def late(self) -> Sequence[Standing]:
        """What is late."""
        known = self.standings
        return known.late if isinstance(known, kept.Kept) else tuple(s for s in known if s.is_late)

    def worked_out(self, name: str, kind: type[T], work: Callable[[], T]) -> T:
        """What ``work`` comes to from all standings; kept where they are, for as long as they stand so."""
        known = self.standings
        return known.behind.worked_out(name, kind, work) if isinstance(known, kept.Kept) else work()

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
            *([repr(self.narrative)] if self.narrative != type(self.narrative)() else []),
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
    snapshot = Books(workspace, programme, tuple(problems)).on(as_of, known_by)
    return snapshot, list(snapshot.problems)


@dataclass
class Books:
    """A programme's files, read when somebody asks for what they say; ``on`` judges them on any day."""

    workspace: Workspace
    programme: Programme
    problems: tuple[Problem, ...] = ()
    """Found before."""
    is_index: bool = True
    """Whether what was judged may be kept, and taken from what was."""
    _glanced: str | None = None
    """The digest of the files from which what was shown was once judged."""

    @property
    def is_read(self) -> bool:
        """Whether the files are in memory."""
        return "shelf" in vars(self)

    @classmethod
    def of(cls, shelf: "Shelf") -> Self:
        """Files that were read, or that somebody has changed in mind."""
        books = cls(shelf.workspace, shelf.programme, is_index=False)
        vars(books)["shelf"] = shelf
        return books

    @cached_property
    def shelf(self) -> "Shelf":
        """All that the files say."""
        from tracker.shelf import read_shelf  # noqa: PLC0415 - only who reads needs the readers

        with _uncollected():
            shelf = read_shelf(self.workspace, self.programme, self.problems)
        if self._glanced is not None and shelf.key != self._glanced:
            place = Place(self.workspace.shown(self.workspace.status(self.programme.id)))
            message, hint = _("正在查看时文件有了改动，前后对不上。"), _("请再做一次。")
            raise FaultyError(Problem(place, "E19", message, hint))
        return shelf

    def on(self, as_of: date, known_by: datetime) -> Snapshot:
        """The snapshot of a day, capped at the programme's close, with what was known by then.

        Where it was judged before, from the same files, it is not judged again.
        """
        clocks = Clocks(min(as_of, self.programme.head.until), known_by)
        was_read = self.is_read
        key = self.shelf.key if was_read else self._glanced
        is_known = self.is_index and not (was_read and key is None)
        with _uncollected():
            found = glance(self.workspace, self.programme, clocks, key, self._again) if is_known else None
            if found is not None:
                self._glanced = found.behind.key
                return Snapshot(self.programme, clocks, found, (*self.problems, *found.problems), self)
            judged = self.shelf.judged(clocks)
            snapshot = Snapshot(self.programme, clocks, judged.standings, judged.problems, self)
            if self.is_index:
                keep(self.workspace, self.programme, self.shelf, snapshot)
            return snapshot

    def _again(self, clocks: Clocks) -> Sequence[Standing]:
        return self.shelf.judged(clocks).standings


def glance(
    workspace: Workspace,
    programme: Programme,
    clocks: Clocks,
    key: str | None,
    again: Callable[[Clocks], Sequence[Standing]],
) -> kept.Kept | None:
    """How everything stood on the day, if it was judged before from the files of ``key``, or from those there are."""
    index = index_of(workspace, programme)
    try:
        found = key or digest_of_files(index, workspace, programme.id)
        return kept.get(index, found, programme, clocks, again) if found is not None else None
    finally:
        index.save(forgets=False)


def keep(workspace: Workspace, programme: Programme, shelf: "Shelf", snapshot: Snapshot) -> None:
    """Keep how everything stands, for as long as nothing changes."""
    span = shelf.span(snapshot.clocks.known_by)
    if shelf.key is not None and span is not None:
        index = index_of(workspace, programme)
        found = snapshot.problems[len(snapshot.books.problems) :]  # the plans' own are not what the files are kept for
        kept.put(index, shelf.key, span, snapshot.clocks, snapshot.standings, found, snapshot.filed)
        index.save(forgets=False)


@contextmanager
def _uncollected() -> Iterator[None]:
    """While a hundred thousand records are made that all stay, looking among them for garbage is half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
