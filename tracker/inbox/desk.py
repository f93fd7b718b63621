"""The desk at which files come in, and each programme's files as they are meanwhile."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from tracker.clocks import CHINA
from tracker.decisions import Receipt
from tracker.plan_files import load
from tracker.shelf import Shelf, read_shelf
from tracker.workspace import Workspace


@dataclass(frozen=True)
class Desk:
    """Where files come in: the workspace, its programmes, the clock, and what is expected if anything."""

    workspace: Workspace
    programmes: Sequence[str]
    now: datetime
    unit: str | None = None
    month: date | None = None

    @property
    def moment(self) -> datetime:
        """The clock as receipts show it."""
        return self.now.astimezone(CHINA).replace(microsecond=0)

    def shown(self, path: Path) -> str:
        """A file's path as people are shown it."""
        return legible(self.workspace.shown(path))


class Shelves:
    """Each programme's files as they are, kept true while files come in."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.mistaken: list[str] = []
        """Programmes whose plans have mistakes: nothing can be judged by them."""
        self._read: dict[str, Shelf] = {}
        for name in desk.programmes:
            programme, problems = load(desk.workspace.plans, name, desk.workspace.root)
            if programme is None or any(p.holds for p in problems):
                self.mistaken.append(name)
            else:
                self._read[name] = read_shelf(desk.workspace, programme, problems)

    def __iter__(self) -> Iterator[Shelf]:
        return iter(self._read.values())

    def read_again(self, shelf: Shelf) -> None:
        """Take up what has changed in the files."""
        name = shelf.programme.id
        self._read[name] = read_shelf(shelf.workspace, shelf.programme)

    def note(self, shelf: Shelf, file: str, receipt: Receipt) -> None:
        """Take up one receipt, without reading all again."""
        self._read[shelf.programme.id] = replace(shelf, receipts={**shelf.receipts, file: receipt})


def legible(name: str) -> str:
    """A file's name as text: one in GBK, from an archive of another system, is none yet."""
    content = os.fsencode(name)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")
