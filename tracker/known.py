"""What is known without reading: the plans as they were read, and whether any file has changed since.

What a file says depends on more than its bytes: on this program and on the plans. They are
part of what an index is kept for.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from tracker import __version__
from tracker.codec import dumps
from tracker.index import Index, hashed
from tracker.language import LOCALE, speaks
from tracker.problems import Problem
from tracker.workspace import Workspace

if TYPE_CHECKING:  # most questions are answered by what was kept, and load no plans
    from tracker.plans import Programme

T = TypeVar("T")
Problems = tuple[Problem, ...]


class Heading(NamedTuple):
    """What of a programme's plans is known before they are looked into."""

    name: str
    is_sample: bool
    records_from: date
    until: date
    problems: Problems
    """Those of the plans."""
    content: str
    """A digest of all that they say, by which the programme's files are read."""


def heading(workspace: Workspace, programme_id: str) -> Heading | None:
    """What heads all that is shown of a programme; None where its own file cannot be read."""

    def headed() -> Heading | None:
        programme, problems, content = planned(workspace, programme_id)
        return heading_of(programme, problems, content) if programme is not None else None

    return _worked_out(workspace, programme_id, "heading", Heading | None, headed)


def heading_of(programme: "Programme", problems: Iterable[Problem], content: str) -> Heading:
    """The same of plans that were read."""
    head = programme.head
    return Heading(head.name, head.sample, head.records_from, head.until, tuple(problems), content)


def content_of(programme: "Programme") -> str:
    """A digest of all that the plans say."""
    return digest([dumps(type(programme), programme)])


def planned(workspace: Workspace, programme_id: str) -> "tuple[Programme | None, Problems, str]":
    """A programme, every problem of its plans as ``plan_files.load`` reads them, and a digest of what they say."""
    from tracker.plans import Programme  # noqa: PLC0415 - only who looks into the plans needs them

    def loaded() -> tuple[Programme | None, Problems, str]:
        from tracker.plan_files import load  # noqa: PLC0415 - only who reads needs the readers

        programme, problems = load(workspace.plans, programme_id, workspace.root)
        return programme, tuple(problems), content_of(programme) if programme is not None else ""

    return _worked_out(workspace, programme_id, "plans", tuple[Programme | None, Problems, str], loaded)


def plans(workspace: Workspace, programme_id: str) -> "tuple[Programme | None, list[Problem]]":
    """A programme and every problem of its plans."""
    programme, problems, _content = planned(workspace, programme_id)
    return programme, list(problems)


def _worked_out(workspace: Workspace, programme_id: str, name: str, kind: Any, work: Callable[[], T]) -> T:
    """What is kept of the plans as they are now, or ``work`` makes of them."""
    index = Index.open(workspace.index, f"plans of {programme_id} {speaks()}", _program())
    key = _digest_of_plans(workspace, programme_id)
    found: T = index.worked_out(name, key, kind, work)
    if index.has_new and _digest_of_plans(workspace, programme_id) == key:
        index.save(forgets=False)
    index.close()
    return found


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


def index_of(workspace: Workspace, programme_id: str, content: str) -> Index:
    """What was kept of a programme's files, read by plans with this ``content``."""
    return Index.open(workspace.index, f"{programme_id} {speaks()}", digest([_program(), content]))


def digest_of_files(index: Index, workspace: Workspace, programme_id: str) -> str | None:
    """Over every file of a programme's status; None where one is not as it was kept."""
    parts = [f"signed {workspace.signers(programme_id).exists()}"]
    root = f"{workspace.root}/"
    for name in workspace.files(programme_id):
        look = index.unchanged(root + name, name)
        if look is None:
            return None
        parts.append(f"{name} {look.digest}")
    return digest(parts)
