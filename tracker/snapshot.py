"""``take``: a programme, its files and every standing on a day, once, frozen.

The one door: screens, reports and commands cannot disagree, because none of them computes.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from tracker import kept_day
from tracker.clocks import Clocks
from tracker.kept_day import Day
from tracker.known import Heading, content_of, digest_of_files, heading, heading_of, index_of, planned
from tracker.language import _
from tracker.problems import FaultyError, Place, Problem
from tracker.workspace import Workspace

if TYPE_CHECKING:  # what is only needed once somebody asks for it: a second look at unchanged files loads none of it
    from tracker.closing import FiledSheet
    from tracker.decisions import Decision
    from tracker.filed import Filed
    from tracker.kept import Kept
    from tracker.narrative import Narrative
    from tracker.plans import Plan, Programme, Unit
    from tracker.reading import HeldFile
    from tracker.shelf import Judged, Shelf
    from tracker.silences import Silence
    from tracker.standing import Standing

T = TypeVar("T")


class Snapshot:
    """Everything known of a programme on a day. What its plans and files say is read when somebody asks for it."""

    def __init__(self, clocks: Clocks, books: "Books", day: Day | None, judged: "Judged | None" = None) -> None:
        self.clocks = clocks
        self.books = books
        self.day = day
        """As it is kept; None where it is not."""
        self.judged = judged
        """As it was judged now; None where it is taken from what was kept."""

    def on(self, as_of: date) -> "Snapshot":
        """The same knowledge judged on another day."""
        return self.books.on(as_of, self.clocks.known_by)

    def with_standings(self, standings: "Sequence[Standing]") -> "Snapshot":
        """The snapshot with other standings in place of its own."""
        from tracker.shelf import Judged  # noqa: PLC0415 - only papers leave any out

        return Snapshot(self.clocks, self.books, None, Judged(tuple(standings), self.problems))

    def with_books(self, books: "Books") -> "Snapshot":
        """The snapshot with another way to look at other days."""
        return Snapshot(self.clocks, books, self.day, self.judged)

    @property
    def heading(self) -> Heading:
        """What of the plans is known at once."""
        return self.books.heading

    @property
    def programme(self) -> "Programme":
        """What the plans say."""
        return self.books.programme

    @property
    def standings(self) -> "Sequence[Standing]":
        """How everything stands, in the order of the plans."""
        return self.judged.standings if self.judged is not None else self._kept

    @property
    def late(self) -> "Sequence[Standing]":
        """What is late."""
        return self.judged.late if self.judged is not None else self._kept.late

    @cached_property
    def _kept(self) -> "Kept":
        from tracker.kept import Kept  # noqa: PLC0415 - a list that was kept is shown without any standing

        return Kept(self._day)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Those of the plans, then those of the files."""
        return self.judged.problems if self.judged is not None else (*self.heading.problems, *self._day.problems)

    @property
    def _day(self) -> Day:
        assert self.day is not None  # noqa: S101 - a day that was not judged now was taken from what was kept
        return self.day

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
        if not self.programme.checklists:  # there is nothing that a sheet could be of
            return ()
        return self.shelf.sheets_on(self.clocks.known_by)

    @property
    def held_files(self) -> "tuple[HeldFile, ...]":
        """The submissions held whole."""
        return self.shelf.held_files

    @property
    def silences(self) -> "tuple[Silence, ...]":
        """Findings not to be shown, expired ones among them."""
        return self.shelf.silences

    @cached_property
    def narrative(self) -> "Narrative":
        """The office's words for the month's bulletin."""
        from tracker.narrative import Narrative  # noqa: PLC0415 - only papers have them

        return self.worked_out("narrative", Narrative, lambda: self.shelf.narrative(self.clocks.month))

    def worked_out(self, name: str, kind: type[T], work: Callable[[], T]) -> T:
        """What ``work`` comes to from all that the day was judged from; kept with it, for as long as that is so.

        Not from files that are ``workspace.SILENT``: a change of these is not noticed.
        """
        return self.day.worked_out(name, kind, work) if self.day is not None else work()

    def picked(self, name: str, work: "Callable[[], Iterable[Standing]]") -> "Sequence[Standing]":
        """The few standings that ``work`` picks among all; kept as what is ``worked_out`` is."""
        return self._kept.picked(name, work) if self.day is not None else tuple(work())

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over what went in: the plans, the day, every submission with its receipt, every ruling known."""
        return self.worked_out("fingerprint", str, self._fingerprint)

    def _fingerprint(self) -> str:
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
    def by_key(self) -> "Mapping[tuple[str, str], Standing]":
        """The standings by unit and occurrence."""
        return {(s.occurrence.unit, s.occurrence.id): s for s in self.standings}

    def plan_of(self, s: "Standing") -> "Plan":
        """The plan a standing belongs to."""
        return self.programme.plan(s.occurrence.milestone.plan)

    def unit_of(self, s: "Standing") -> "Unit":
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
    known = heading(workspace, programme_id)
    if known is None or any(p.holds for p in known.problems):
        return None, [*planned(workspace, programme_id)[1]]
    snapshot = Books(workspace, programme_id, known).on(as_of, known_by)
    return snapshot, list(snapshot.problems)


class Books:
    """A programme's files, read when somebody asks for what they say; ``on`` judges them on any day."""

    def __init__(self, workspace: Workspace, programme_id: str, heading: Heading, *, is_index: bool = True) -> None:
        self.workspace = workspace
        self.programme_id = programme_id
        self.heading = heading
        self.is_index = is_index
        """Whether what was judged may be kept, and taken from what was."""
        self._glanced: str | None = None
        """The digest of the files from which what was shown was once judged."""

    @classmethod
    def of(cls, shelf: "Shelf") -> Self:
        """Files that were read, or that somebody has changed in mind."""
        books = cls.planned(shelf.workspace, shelf.programme, is_index=False)
        vars(books)["shelf"] = shelf
        return books

    @classmethod
    def planned(
        cls,
        workspace: Workspace,
        programme: "Programme",
        problems: Sequence[Problem] = (),
        *,
        is_index: bool = True,
    ) -> Self:
        """The files of plans that were read, with the ``problems`` of these."""
        books = cls(workspace, programme.id, heading_of(programme, problems, content_of(programme)), is_index=is_index)
        vars(books)["programme"] = programme
        return books

    @property
    def is_read(self) -> bool:
        """Whether the files are in memory."""
        return "shelf" in vars(self)

    @cached_property
    def programme(self) -> "Programme":
        """What the plans say."""
        found, _problems, content = planned(self.workspace, self.programme_id)
        if found is None or content != self.heading.content:
            raise self._changed(self.workspace.plans / self.programme_id)
        return found

    @cached_property
    def shelf(self) -> "Shelf":
        """All that the files say."""
        from tracker.shelf import read_shelf  # noqa: PLC0415 - only who reads needs the readers

        with _uncollected():
            shelf = read_shelf(self.workspace, self.programme, self.heading.problems)
        if self._glanced is not None and shelf.key != self._glanced:
            raise self._changed(self.workspace.status(self.programme_id))
        return shelf

    def _changed(self, folder: Path) -> FaultyError:
        """What was shown before and what is there now do not fit together."""
        message, hint = _("正在查看时文件有了改动，前后对不上。"), _("请再做一次。")
        return FaultyError(Problem(Place(self.workspace.shown(folder)), "E19", message, hint))

    def on(self, as_of: date, known_by: datetime) -> Snapshot:
        """The snapshot of a day, capped at the programme's close, with what was known by then.

        Where it was judged before, from the same files, it is not judged again.
        """
        clocks = Clocks(min(as_of, self.heading.until), known_by)
        found = self._glance(clocks)
        if found is not None:
            self._glanced = found.key
            return Snapshot(clocks, self, found)
        with _uncollected():
            judged = self.shelf.judged(clocks)
            return Snapshot(clocks, self, self._keep(clocks, judged), judged)

    def judged(self, clocks: Clocks) -> "Sequence[Standing]":
        """The day judged anew."""
        return self.shelf.judged(clocks).standings

    def _glance(self, clocks: Clocks) -> Day | None:
        """The day as it was kept, if it was judged from the files that were read, or from those there are."""
        read = self.shelf.key if self.is_read else self._glanced
        if not self.is_index or (self.is_read and read is None):
            return None
        index = index_of(self.workspace, self.programme_id, self.heading.content)
        try:
            key = read or digest_of_files(index, self.workspace, self.programme_id)
            return kept_day.get(index, key, clocks, self) if key is not None else None
        finally:
            index.save(forgets=False)

    def _keep(self, clocks: Clocks, judged: "Judged") -> Day | None:
        """Keep how everything stands, for as long as nothing changes; None where that may be at any moment."""
        span = self.shelf.span(clocks.known_by)
        if not self.is_index or self.workspace.index is None or self.shelf.key is None or span is None:
            return None
        from tracker.kept import put  # noqa: PLC0415 - only what was judged is kept

        index = index_of(self.workspace, self.programme_id, self.heading.content)
        found = judged.problems[len(self.heading.problems) :]  # the plans' own are not what the files are kept for
        put(index, self.shelf.key, span, clocks, judged.standings, found, self.shelf.filed(clocks.known_by))
        index.save(forgets=False)
        return kept_day.get(index, self.shelf.key, clocks, self)


@contextmanager
def _uncollected() -> Iterator[None]:
    """While a hundred thousand records are made that all stay, looking among them for garbage is half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
