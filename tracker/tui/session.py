"""What the screens read: a workspace, a programme and the clocks; and what has changed on disk since.

The screens touch no file themselves.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from errno import EROFS
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.clocks import CHINA
from tracker.language import _
from tracker.snapshot import Snapshot, take
from tracker.tui.remembering import remembering
from tracker.workspace import Workspace

if TYPE_CHECKING:
    from tracker.deadlines import Period
    from tracker.decisions import Decision
    from tracker.editions import Edition, Issue, Sealing
    from tracker.inbox.received import Received
    from tracker.plans import Programme
    from tracker.problems import Problem
    from tracker.rulings import Ruled
    from tracker.shelf import Shelf

Stamp = Mapping[str, tuple[int, int]]
"""Each file's time of change and size."""


def read_only() -> str:
    """Why nothing is written."""
    return _("这是只读界面，不能写入")


@dataclass(frozen=True)
class Taken:
    """What one reading gave."""

    snapshot: Snapshot | None
    """None where the plans themselves have mistakes."""
    problems: "tuple[Problem, ...]"
    stamp: Stamp
    """The files as they were when the reading began."""


@dataclass
class Session:
    """One person at one workspace."""

    workspace: Workspace
    programmes: Sequence[str]
    """Those that may be looked at."""
    programme: str
    clock: Callable[[], datetime]
    user: str
    """Who writes; asked at the first writing where it is not known."""
    here: Path
    """Where exports go."""
    as_of: date | None = None
    """The day judged on; None is today."""
    known_by: datetime | None = None
    """The moment known up to; None is now."""
    is_read_only: bool = False
    """Whether nothing at all is written."""
    key: Path | None = None
    """What editions are signed with."""
    taken: Taken | None = field(default=None, init=False)

    @property
    def today(self) -> date:
        """The day in China."""
        return self.clock().astimezone(CHINA).date()

    @property
    def is_now(self) -> bool:
        """Whether the clocks are not set to another time."""
        return self.as_of is None and self.known_by is None

    def read(self) -> Taken:
        """Read the programme's files. May raise ``OSError``."""
        stamp = self.stamp()
        snapshot, problems = take(
            self.workspace, self.programme, self.as_of or self.today, self.known_by or self.clock()
        )
        seen = remembering(snapshot) if snapshot is not None else None
        return Taken(seen, (*problems, *self._of_templates()), stamp)

    def _of_templates(self) -> "list[Problem]":
        """What is wrong with Word templates of the office's own; most offices have none."""
        if not self.workspace.templates(self.programme).is_dir():
            return []
        from tracker.reports import template_problems  # noqa: PLC0415 - Word's libraries, where there are any

        return template_problems(self.workspace, self.programme)

    def look_again(self, taken: Taken) -> Taken:
        """The same files, judged by the clocks as they are set now."""
        if taken.snapshot is None:
            return taken
        seen = taken.snapshot.books.on(self.as_of or self.today, self.known_by or self.clock())
        return Taken(seen, taken.problems, taken.stamp)

    def stamp(self) -> Stamp:
        """The programme's files as they are now."""
        folders = (self.workspace.plans / self.programme, self.workspace.status(self.programme))
        return {self.workspace.shown(Path(path)): look for folder in folders for path, look in _looks(str(folder))}

    def changed(self, stamp: Stamp) -> list[str]:
        """The files that are new, gone or different since a stamp, as people are shown them."""
        now = self.stamp()
        return sorted(file for file in {*now, *stamp} if now.get(file) != stamp.get(file))

    # --- what writes: the very functions that the commands call ---

    def decide(self, when: "date | Period", wanted: Sequence["Decision"], seen: "Shelf | None") -> "Ruled":
        """Make rulings on what was seen, all or none. May raise ``OSError`` and ``TimeoutError``."""
        from tracker import rulings  # noqa: PLC0415 - only who rules needs the checks

        self._may_write()
        return rulings.decide(self.workspace, self.programme, when, wanted, self.clock(), seen)

    def seal(self, month: date, issue: "Issue") -> "Sealing":
        """Issue and archive a month. May raise ``OSError``, ``TimeoutError`` and ``UnableError``."""
        from tracker import editions  # noqa: PLC0415 - Word's libraries, when they are wanted

        self._may_write()
        return editions.seal(self.workspace, self.programme, month, self.clock(), issue)

    def receive(self, folder: Path) -> list["Received"]:
        """Take in the files of a folder. May raise ``OSError`` and ``TimeoutError``."""
        from tracker.inbox import receiving  # noqa: PLC0415 - as above
        from tracker.inbox.desk import Desk  # noqa: PLC0415

        self._may_write()
        desk = Desk(self.workspace, self.programmes, self.clock())
        found = receiving.receive(desk, [self.here / folder])
        receiving.keep_burden(self.workspace, found)
        return found

    def known_then(self, programme: "Programme", month: date) -> datetime:
        """The moment that an issued month was made from; else the one by which its report had to be out."""
        from tracker.shifts import known_then  # noqa: PLC0415 - only who looks back needs it

        edition = self.issued(month)
        return edition.known_by if edition is not None else known_then(programme, month)

    def issued(self, month: date) -> "Edition | None":
        """The month as it was issued; None where it was not."""
        if not self.workspace.edition(self.programme, month).exists():
            return None
        from tracker import editions  # noqa: PLC0415 - as above

        return next((e for e in editions.sealed(self.workspace, self.programme) if e.month == month), None)

    def _may_write(self) -> None:
        """``PermissionError`` where nothing may be written."""
        if self.is_read_only:
            raise PermissionError(EROFS, read_only())

    def export(self, name: str, ending: str, content: bytes) -> Path:
        """Write a new file in the current folder; a name that is taken is numbered. May raise ``OSError``."""
        self._may_write()
        n = 1
        while True:
            path = self.here / (f"{name}.{ending}" if n == 1 else f"{name}-{n}.{ending}")
            try:
                with path.open("xb") as file:
                    file.write(content)
            except FileExistsError:
                n += 1
            else:
                return path


def _looks(folder: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The files of data below a folder, each with its time of change and size; what cannot be read is left out."""
    try:
        found = list(os.scandir(folder))
    except OSError:
        return
    for entry in found:
        with suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                yield from _looks(entry.path)
            elif entry.name.endswith(".toml"):
                stat = entry.stat()
                yield entry.path, (stat.st_mtime_ns, stat.st_size)
