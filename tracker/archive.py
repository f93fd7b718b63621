"""The archive: all that a month's figures come from, copied under its own digest, once a programme.

``status/<programme>/archive/<sha256>`` holds what the editions' manifests list as inputs. Files of records that are
appended to are copied up to the moment of issue: what is added later leaves the copy a beginning of the file.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tracker import writing
from tracker.decision_files import read_receipts
from tracker.manifest import NAME, Listed, Manifest, read
from tracker.signatures import ENDING
from tracker.snapshot import Snapshot, take
from tracker.source import parse
from tracker.workspace import KEPT, Workspace

NO_INPUT = ("burden.toml",)
"""Files of the city in a month's folder from which no figure comes."""

_DIGEST = re.compile(r"[0-9a-f]{64}")

_HEADER = re.compile(rb"\s*\[\[\s*([a-z_]+)\s*\]\]")


@dataclass(frozen=True)
class Input:
    """A file that figures come from, as it was known."""

    path: str
    content: bytes
    appended: bool = False

    @property
    def listed(self) -> Listed:
        """The file as a manifest lists it."""
        return Listed(self.path, sha256(self.content).hexdigest(), self.appended)


def inputs(workspace: Workspace, programme: str, known_by: datetime) -> Iterator[Input]:
    """The files of a programme as the city knew them at a moment: plans, settings, openings, and every month's."""
    own = [p for p in sorted((workspace.plans / programme).rglob("*")) if p.is_file() and not _is_passing(p)]
    status, signers = workspace.status(programme), workspace.signers(programme)
    kept = [*sorted(status.glob("*.toml")), *([signers] if signers.is_file() else [])]
    for path in [*own, *kept, *workspace.openings(programme)]:
        yield Input(workspace.shown(path), path.read_bytes())
    for folder in _received_in(workspace, programme):
        yield from _of_folder(workspace, folder, known_by)


def _received_in(workspace: Workspace, programme: str) -> list[Path]:
    """The folders into which files come: the months', and those of the enterprises' sheets."""
    return [*(folder for _month, folder in workspace.months(programme)), *workspace.checklists(programme)]


def _of_folder(workspace: Workspace, folder: Path, known_by: datetime) -> Iterator[Input]:
    found, _problems = read_receipts(folder / "receipts.toml", "receipts.toml")
    received = {r.file: r.received for r in sorted(found, key=lambda r: r.received)}
    for path in sorted(folder.glob("*.toml")):
        content, shown = path.read_bytes(), workspace.shown(path)
        if path.name not in KEPT:
            if received.get(path.name, known_by) <= known_by:
                yield Input(shown, content)
        elif path.name not in NO_INPUT:
            beginning, appended = up_to(content, known_by)
            if beginning:
                yield Input(shown, beginning, appended)


def _is_passing(path: Path) -> bool:
    """Whether a file is one that an editor or an interrupted command left."""
    return path.name.startswith((".", "~")) or path.name.endswith("~")


def up_to(content: bytes, moment: datetime) -> tuple[bytes, bool]:
    """The beginning of a file of dated records with all that was there at a moment, and whether it is such a file."""
    source = parse(content, "")
    lists = {name: list(value) for name, value in source.data.items() if isinstance(value, list)}
    lines = content.split(b"\n")
    headers = [(n, found[1].decode()) for n, line in enumerate(lines) if (found := _HEADER.match(line))]
    if source.left_out or sorted(name for _n, name in headers) != sorted(
        name for name, value in lists.items() for _entry in value
    ):
        return content, False
    moments = [(n, _latest(lists[name].pop(0))) for n, name in headers]
    if not moments or any(at is None for _n, at in moments):
        return content, False
    later = [at is not None and at > moment for _n, at in moments]
    if not later[-1]:
        return content, True
    first = max((n for n, is_later in enumerate(later) if not is_later), default=-1) + 1
    before = lines[: moments[first][0]]
    while before and (not before[-1].strip() or before[-1].lstrip().startswith(b"#")):
        # The comments that lead to the first record left out.
        before.pop()
    return b"".join(line + b"\n" for line in before), True


def _latest(entry: object) -> datetime | None:
    """The moment of a record; None where it has none."""
    values = entry.values() if isinstance(entry, dict) else ()
    return max((v for v in values if isinstance(v, datetime) and v.tzinfo is not None), default=None)


def attachments(workspace: Workspace, programme: str, before: Iterable[Manifest]) -> list[Listed]:
    """Evidence, and files as they came, that no edition before lists: by the digest that is their name."""
    known = {one.path for manifest in before for one in manifest.attachment}
    return [
        Listed(shown, found[0])
        for folder in _received_in(workspace, programme)
        for path in sorted((folder / "attachments").glob("*"))
        if (found := _DIGEST.match(path.name))
        and path.suffix != ENDING
        and (shown := workspace.shown(path)) not in known
    ]


def keep(folder: Path, taken: Iterable[Input]) -> None:
    """Copy inputs into the archive, each content once. ``FileExistsError`` names a copy that is damaged."""
    for one in taken:
        target = folder / one.listed.sha256
        if not target.exists():
            writing.create(target, one.content)
        elif target.stat().st_size == 0:
            # On a disk without links an interrupted writer leaves the name alone.
            writing.replace(target, one.content)
        elif target.read_bytes() != one.content:
            raise FileExistsError(str(target))


def materialise(taken: Iterable[Input], root: Path) -> Workspace:
    """A workspace with these files alone."""
    for folder in ("plans", "status"):
        (root / folder).mkdir()
    for one in taken:
        path = root / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.content)
    return Workspace(root, is_lasting=False)


def manifests(workspace: Workspace, programme: str) -> list[tuple[Path, bytes, Manifest | None, str]]:
    """The manifests of a programme, in order of their months: the file, its bytes, what it says or what is wrong."""
    found = []
    for month, _folder in workspace.months(programme):
        path = workspace.edition(programme, month) / NAME
        if path.exists() and (content := path.read_bytes()):
            found.append((path, content, *read(content, workspace.shown(path))))
    return found


def rebuilt(workspace: Workspace, manifest: Manifest, folder: Path) -> Snapshot | None:
    """A month as it was issued, from the archived inputs, as a new workspace in ``folder``.

    ``OSError`` where an input is gone.
    """
    kept = workspace.archive(manifest.programme)
    copied = (Input(one.path, (kept / one.sha256).read_bytes(), one.appended) for one in manifest.input)
    return take(materialise(copied, folder), manifest.programme, manifest.as_of, manifest.known_by)[0]
