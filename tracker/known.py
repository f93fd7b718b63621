"""What is known without reading: the plans as they were read, and whether any file has changed since.

What a file says depends on more than its bytes: on this program and on the plans. They are
part of what an index is kept for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from tracker import __version__
from tracker.codec import dumps
from tracker.index import Index, hashed
from tracker.language import LOCALE, speaks
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.workspace import Workspace

Problems = tuple[Problem, ...]


@dataclass(frozen=True)
class Planned:
    """What a programme's plans say."""

    programme: Programme | None
    problems: Problems


def plans(workspace: Workspace, programme_id: str) -> tuple[Programme | None, list[Problem]]:
    """A programme and every problem of its plans, as ``plan_files.load`` reads them."""
    index = Index.open(workspace.index, f"plans of {programme_id} {speaks()}", _program())

    def loaded() -> Planned:
        from tracker.plan_files import load  # noqa: PLC0415 - only who reads needs the readers

        programme, problems = load(workspace.plans, programme_id, workspace.root)
        return Planned(programme, tuple(problems))

    key = _digest_of_plans(workspace, programme_id)
    found = index.worked_out(programme_id, key, Planned, loaded)
    if _digest_of_plans(workspace, programme_id) == key:
        index.save()
    return found.programme, list(found.problems)


def _digest_of_plans(workspace: Workspace, programme_id: str) -> str:
    """Over every file that a programme may be made of, and whether it can be read."""
    looks = ((path, hashed(path)) for path in sorted((workspace.plans / programme_id).glob("*.toml")))
    return digest(f"{path.name} {look.digest if look is not None else path.is_dir()}" for path, look in looks)


def digest(parts: Iterable[object]) -> str:
    """sha256 over all parts, as texts."""
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _program() -> str:
    """By what files are read: this program, and the holidays that it knows."""
    return digest([__version__, _code()])


@cache
def _code() -> str:
    """The program's files as they were when it started: code that is being worked on counts too."""
    packages = (find_spec(name) for name in ("tracker", "chinese_calendar"))
    folders = [Path(spec.origin).parent for spec in packages if spec is not None and spec.origin is not None]
    code = (path for folder in folders for path in folder.iterdir() if path.suffix in (".py", ".sql"))
    kept = [*code, *LOCALE.rglob("*.mo")]
    looks = ((path, path.stat()) for path in sorted(kept))
    return digest(f"{path.name} {s.st_size} {s.st_mtime_ns}" for path, s in looks)


def index_of(workspace: Workspace, programme: Programme) -> Index:
    """What was kept of a programme as it is planned now."""
    epoch = digest([_program(), dumps(Programme, programme)])
    return Index.open(workspace.index, f"{programme.id} {speaks()}", epoch)


def digest_of_files(index: Index, workspace: Workspace, programme_id: str) -> str | None:
    """Over every file of a programme's status; None where one is not as it was kept."""
    parts = [f"signed {workspace.signers(programme_id).exists()}"]
    for path in workspace.files(programme_id):
        name = workspace.shown(path)
        look = index.unchanged(path, name)
        if look is None and path.exists():
            return None
        parts.append(f"{name} {look.digest if look is not None else ''}")
    return digest(parts)
