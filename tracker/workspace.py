"""Where things are: a folder with ``plans/`` and ``status/``, found from the current folder upwards."""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tracker.months import month_of

SPOTCHECKS = "spotchecks.toml"
"""In a month's folder: the claims drawn to be looked at on the spot."""

NARRATIVE = "narrative.toml"
"""In a month's folder: the bulletin's words that the office writes itself."""

KEPT = ("receipts.toml", "decisions.toml", SPOTCHECKS, "burden.toml", "letters.toml", NARRATIVE)
"""Files of a month's folder that the city keeps; all other ``.toml`` files there are submissions."""

SILENT = (SPOTCHECKS, "burden.toml", "letters.toml")
"""Those of them by which nothing is judged, and from which nothing may be kept."""

CHECKLIST = "checklist"
"""In a programme's status folder: a folder a period, with the sheets by which enterprises were assessed."""

HELD = "held.toml"
"""In a month's ``held/``: whose the files are that could not be taken."""

SILENCES = "silences.toml"
"""In a programme's status folder: the findings that the city has looked into and does not want to see again."""

SIGNERS = "allowed_signers"
"""In a programme's status folder: whose signatures count, in OpenSSH's own form."""

SCHEMA = "submission.schema.json"
"""In a programme's status folder: by what editors complete and check a submission."""

ATTRIBUTES = ".gitattributes"
"""In ``status/``: that Git leaves every byte as it is, for digests are over bytes."""

_VERSION = re.compile(r"\.(\d+)$")


class Workspace:
    """The files of a workspace, by what they are."""

    def __init__(self, root: Path, *, is_lasting: bool = True) -> None:
        self.root = root
        self.is_lasting = is_lasting
        """False for a copy that is soon thrown away: of what is read from it nothing is kept."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workspace) and (self.root, self.is_lasting) == (other.root, other.is_lasting)

    def __hash__(self) -> int:
        return hash((self.root, self.is_lasting))

    def __repr__(self) -> str:
        return f"Workspace({str(self.root)!r})"

    @property
    def index(self) -> Path | None:
        """What has been read, kept for the next time: derived, and no part of the data."""
        return self.root / ".tracker" / "index.sqlite" if self.is_lasting else None

    @property
    def plans(self) -> Path:
        """The plans' folder."""
        return self.root / "plans"

    @property
    def programmes(self) -> list[str]:
        """The programmes that have plans here."""
        return sorted(path.parent.name for path in self.plans.glob("*/programme.toml"))

    def templates(self, programme: str) -> Path:
        """The programme's own templates, whether or not there are any."""
        return self.plans / programme / "templates"

    def shown(self, path: Path) -> str:
        """A path as people are shown it: from the workspace's root, with forward slashes."""
        within, whole = f"{self.root}{os.sep}", str(path)
        return whole.removeprefix(within).replace(os.sep, "/") if whole.startswith(within) else whole

    def status(self, programme: str) -> Path:
        """A programme's submissions and rulings."""
        return self.root / "status" / programme

    def silences(self, programme: str) -> Path:
        """The findings silenced, whether or not there are any."""
        return self.status(programme) / SILENCES

    def schema(self, programme: str) -> Path:
        """The schema of the programme's submissions, whether or not it has been written."""
        return self.status(programme) / SCHEMA

    def signers(self, programme: str) -> Path:
        """Whose signatures count; without the file none is asked for."""
        return self.status(programme) / SIGNERS

    def archive(self, programme: str) -> Path:
        """What the editions were made from, by digest."""
        return self.status(programme) / "archive"

    def edition(self, programme: str, month: date) -> Path:
        """A month as it was issued, whether or not it has been."""
        return self.status(programme) / f"{month:%Y-%m}" / "edition"

    def months(self, programme: str) -> list[tuple[date, Path]]:
        """The month folders there are, in order."""
        folder = self.status(programme)
        found = [(month_of(p.name), p) for p in folder.iterdir() if p.is_dir()] if folder.is_dir() else []
        return sorted((month, path) for month, path in found if month is not None)

    def openings(self, programme: str) -> list[Path]:
        """The opening files, one a unit."""
        return sorted(_toml(self.status(programme) / "opening"))

    def submissions(self, programme: str) -> Iterator[Path]:
        """Every submission of every month, later versions after earlier ones."""
        for _month, folder in self.months(programme):
            found = (p for p in _toml(folder) if p.name not in KEPT)
            yield from sorted(found, key=lambda p: (version_of(p), p.name))

    def checklist(self, programme: str, period: str) -> Path:
        """The folder of the enterprises' sheets for a period (``2026-Q3``), whether or not there are any."""
        return self.status(programme) / CHECKLIST / period

    def checklists(self, programme: str) -> list[Path]:
        """The folders of the periods for which there are enterprises' sheets, in order."""
        folder = self.status(programme) / CHECKLIST
        return sorted(p for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []

    def sheets(self, programme: str) -> Iterator[Path]:
        """Every enterprise's sheet of every period, later versions after earlier ones."""
        for folder in self.checklists(programme):
            found = (p for p in _toml(folder) if p.name not in KEPT)
            yield from sorted(found, key=lambda p: (version_of(p), p.name))

    def files(self, programme: str) -> Iterator[str]:
        """Every file that says something of a programme's status, as people are shown it.

        It is asked of all files each time: no path is made of any.
        """
        status = self.status(programme)
        shown = self.shown(status)
        if self.silences(programme).exists():
            yield f"{shown}/{SILENCES}"
        folders: list[tuple[str, tuple[str, ...]]] = [("opening", ())]
        folders += ((path.name, SILENT) for _month, path in self.months(programme))
        folders += ((f"{CHECKLIST}/{path.name}", (*SILENT, NARRATIVE)) for path in self.checklists(programme))
        for folder, silent in folders:
            names = sorted(_toml_names(status / folder))
            yield from (f"{shown}/{folder}/{name}" for name in names if name not in silent)


def _toml(folder: Path) -> list[Path]:
    """The TOML files in a folder; none where there is none."""
    return [folder / name for name in _toml_names(folder)]


def _toml_names(folder: Path) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.endswith(".toml")]  # noqa: PTH208 - four times as fast
    except (FileNotFoundError, NotADirectoryError):
        return []


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
    import shutil  # noqa: PLC0415 - only a new workspace copies files

    source = shipped()
    shutil.copytree(source / "plans", folder / "plans")
    if sample:
        shutil.copytree(source / "status", folder / "status")
        return
    (folder / "status").mkdir()
    for guide in ("README.md", ATTRIBUTES):
        if (source / "status" / guide).exists():
            shutil.copy(source / "status" / guide, folder / "status" / guide)
    for invented in (*folder.glob("plans/*/assignments.toml"), *folder.glob("plans/*/enterprises.toml")):
        invented.unlink()
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
