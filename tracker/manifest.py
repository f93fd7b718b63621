"""The manifest of an edition: what was issued, from which files, by which program. (Design 3.3, 4.)

Its first line is the sha256 of all that follows, so that no byte of it can change unseen; ``previous`` is the sha256
of the whole manifest of the edition before, so that none can be exchanged.
"""

import platform
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import tomli_w

from tracker import __version__, records
from tracker.counted import Counts
from tracker.door import enter
from tracker.entered import Entered
from tracker.language import _
from tracker.source import parse

NAME = "manifest.toml"

LIBRARIES = ("python-docx", "docxtpl", "jinja2", "lxml", "chinese-calendar", "pendulum")
"""What shapes the figures or the bytes of a report beside the program itself."""

_TABLES = ("figures", "report", "input", "attachment")


@dataclass(frozen=True)
class Listed(Entered):
    """A file by its path and content: of a report from the edition's folder, else from the workspace's root."""

    path: str
    sha256: str
    appended: bool = False
    """Whether its records are appended: it was kept up to the moment, and may only have grown since."""

    @property
    def is_within(self) -> bool:
        """Whether the path leads to a place in the folder it starts from, on every system."""
        parts = self.path.split("/")
        return not any(p in ("", ".", "..") or ":" in p or "\\" in p for p in parts)


@dataclass(frozen=True)
class Manifest(Entered):
    """``manifest.toml``, key by key."""

    programme: str
    month: str
    as_of: date
    """The day lateness was judged on."""
    known_by: datetime
    """The moment of issue: what came later is not in it."""
    sealed: datetime
    """When it was archived."""
    by: str
    issued: date
    """The day on the paper."""
    program: str
    versions: dict[str, str]
    number: str = ""
    """文号, as 〔2026〕12号."""
    signer: str = ""
    """签发人."""
    reason: str = ""
    despite: str = ""
    """Why it was sealed though the paper as issued says other figures."""
    differing: tuple[str, ...] = ()
    """Those figures, in words."""
    key: str = ""
    """The fingerprint of the key that signed it; empty where none did."""
    previous: str = ""
    """sha256 of the manifest before; empty for the first edition."""
    previous_month: str = ""
    figures: tuple[Counts, ...] = ()
    report: tuple[Listed, ...] = ()
    input: tuple[Listed, ...] = ()
    attachment: tuple[Listed, ...] = ()
    """Evidence and files as they came: only listed, never copied."""
    seal: str = ""
    """sha256 of all that follows the line with it."""

    @property
    def is_by_this_program(self) -> bool:
        """Whether this very program, with the same libraries, made the edition."""
        return (self.program, self.versions) == (__version__, versions())


def write(manifest: Manifest) -> bytes:
    """The manifest as it is kept."""
    values = asdict(manifest)
    head = {key: value for key, value in values.items() if value not in ("", ()) and key not in (*_TABLES, "seal")}
    kept = head.pop("versions")
    parts = [
        "# 本月定稿的清单，由 tracker seal 写成，不能改动；用 tracker audit 核验。\n",
        "".join(_line(key, value) for key, value in head.items()),
        f"\n[versions]\n{tomli_w.dumps(kept)}",
    ]
    for name in _TABLES:
        parts += [f"\n{records.entry(name, _told(one))}" for one in values[name]]
    body = "".join(parts).encode()
    return f'seal = "{sha256(body).hexdigest()}"\n'.encode() + body


def _line(key: str, value: Any) -> str:
    return f"{key} = {value.isoformat()}\n" if isinstance(value, datetime) else tomli_w.dumps({key: value})


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without what goes without saying."""
    return {key: value for key, value in values.items() if value != "" and value is not False}


def read(content: bytes, shown: str) -> tuple[Manifest | None, str]:
    """A manifest, or None and what is wrong with it: changed by a byte, it is none any more."""
    source = parse(content, shown)
    first, _newline, body = content.partition(b"\n")
    if first != f'seal = "{sha256(body).hexdigest()}"'.encode():
        return None, _("与它自己的校验值不符：写成之后被改动过。")
    found, problems = enter(Manifest, dict(source.data), source)
    if found is None:
        return None, next((p.message for p in problems), _("读不出来。"))
    outside = [one.path for one in (*found.report, *found.input, *found.attachment) if not one.is_within]
    if outside:
        return None, _("列出的路径“{path}”不在工作区里。", path=outside[0])
    return found, ""


@cache
def versions() -> dict[str, str]:
    """The versions of all that shapes figures and bytes: the program's own files by their content."""
    found = {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION, "tracker": _own()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # pragma: no cover - a library put there without its papers
            found[name] = ""
    return found


def _own() -> str:
    """sha256 over the program's files: a program being worked on has the same version for months."""
    folder = Path(__file__).parent
    digest = sha256()
    code = (path for kind in ("*.py", "*.sql") for path in folder.rglob(kind))
    for name in sorted(path.relative_to(folder).as_posix() for path in code):
        digest.update(name.encode() + (folder / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
