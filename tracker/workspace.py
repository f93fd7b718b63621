"""Where things are: a folder with ``plans/`` and ``status/``, found from the current folder upwards."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.plan_files import programme_ids
from tracker.submissions import month_of

KEPT = ("receipts.toml", "decisions.toml", "burden.toml")
"""Files of a month's folder that the city keeps; all other ``.toml`` files there are submissions."""

HELD = "held.toml"
"""In a month's ``held/``: whose the files are that could not be taken."""

SILENCES = "silences.toml"
"""In a programme's status folder: the findings that the city has looked into and does not want to see again."""

SCHEMA = "submission.schema.json"
"""In a programme's status folder: by what editors complete and check a submission."""

_VERSION = re.compile(r"\.(\d+)$")


@dataclass(frozen=True)
class Workspace:
    """The files of a workspace, by what they are."""

    root: Path

    @property
    def plans(self) -> Path:
        """The plans' folder."""
        return self.root / "plans"

    @property
    def programmes(self) -> list[str]:
        """The programmes that have plans here."""
        return programme_ids(self.plans)

    def shown(self, path: Path) -> str:
        """A path as people are shown it: from the workspace's root, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)

    def status(self, programme: str) -> Path:
        """A programme's submissions and rulings."""
        return self.root / "status" / programme

    def silences(self, programme: str) -> Path:
        """The findings silenced, whether or not there are any."""
        return self.status(programme) / SILENCES

    def schema(self, programme: str) -> Path:
        """The schema of the programme's submissions, whether or not it has been written."""
        return self.status(programme) / SCHEMA

    def months(self, programme: str) -> list[tuple[date, Path]]:
        """The month folders there are, in order."""
        folder = self.status(programme)
        found = [(month_of(p.name), p) for p in folder.iterdir() if p.is_dir()] if folder.is_dir() else []
        return sorted((month, path) for month, path in found if month is not None)

    def openings(self, programme: str) -> list[Path]:
        """The opening files, one a unit."""
        return sorted((self.status(programme) / "opening").glob("*.toml"))

    def submissions(self, programme: str) -> Iterator[Path]:
        """Every submission of every month, later versions after earlier ones."""
        for _month, folder in self.months(programme):
            found = (p for p in folder.glob("*.toml") if p.name not in KEPT)
            yield from sorted(found, key=lambda p: (version_of(p), p.name))


def version_of(path: Path) -> int:
    """``chiping.toml`` is 1, ``chiping.2.toml`` is 2."""
    found = _VERSION.search(path.stem)
    return int(found[1]) if found else 1


SHIPPED = Path(__file__).parent / "shipped"
"""The plans and the sample as the wheel carries them; a checkout has them at its top."""


def shipped() -> Path:
    """The folder with the plans and the sample that came with the program."""
    return SHIPPED if SHIPPED.is_dir() else Path(__file__).parent.parent


def create(folder: Path, today: date, *, sample: bool) -> None:
    """Make a workspace in an empty or new ``folder``: the plans and the guides, and the sample if wanted.

    Without it the programmes are not marked as sample, have no invented rulings, and their
    books begin in the month of ``today``.
    """
    source = shipped()
    shutil.copytree(source / "plans", folder / "plans")
    if sample:
        shutil.copytree(source / "status", folder / "status")
        return
    (folder / "status").mkdir()
    shutil.copy(source / "status" / "README.md", folder / "status" / "README.md")
    for rulings in folder.glob("plans/*/assignments.toml"):
        rulings.unlink()
    for path in folder.glob("plans/*/programme.toml"):
        text = re.sub(r"^sample = true.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        text = re.sub(r"^records_from = \S+", f"records_from = {today.replace(day=1)}", text, flags=re.MULTILINE)
        path.write_text(text, encoding="utf-8", newline="\n")


def find(start: Path) -> Workspace | None:
    """The workspace that ``start`` lies in, or None."""
    for folder in (start, *start.parents):
        if (folder / "plans").is_dir() and (folder / "status").is_dir():
            return Workspace(folder)
    return None
