"""The faulty files of ``tests/bad/``: what each says of itself, what is expected of it, and what is found.

A file begins with ``# 题目：`` (its code in words), ``# 说明：`` (what is wrong, in one sentence), and where needed
``# 改法：`` (what to do), ``# 位置：`` (where in a workspace it lies; without it the file lies outside),
``# 回执：有`` (its place has the receipt of another content) and ``# 签名：要`` (signatures are asked for there).
``# title: ``, ``# says: `` and ``# do: `` are the first three in English.
A comment ``#~ E06 part of the message ; E13 …`` stands on the line that has the problems, alone on a line for the
file as a whole. ``#=`` lines at the end are what to write in place of the first such line. Bytes that cannot carry a
comment have all that in ``<name>.expected``, with the line's number before ``#~``.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from tracker.checking import check_files
from tracker.findings import findings
from tracker.plan_files import load
from tracker.problems import Place, Problem
from tracker.snapshot import Books
from tracker.source import parse
from tracker.workspace import Workspace, shipped

BAD = Path(__file__).parent / "bad"
MONTH = "status/liaocheng/2026-10"
SEPTEMBER_END, OCTOBER_END = date(2026, 9, 30), date(2026, 10, 31)
LATER = datetime(2026, 11, 21, tzinfo=UTC)

_HEADER = re.compile(r"\ufeff?# (?:(题目|说明|改法|位置|回执|签名)：|(title|says|do): )(.*)")
_EXPECTED = re.compile(r"^(\d+)?\s*(.*?)\s*#~ (.*)$")


@dataclass(frozen=True, order=True)
class Expected:
    """A problem that a faulty file must have."""

    line: int
    code: str
    words: str


@dataclass(frozen=True)
class BadFile:
    """One faulty file."""

    path: Path
    content: bytes

    @property
    def name(self) -> str:
        """``E06-unknown-state.toml``."""
        return self.path.name

    @property
    def code(self) -> str:
        """The code it is an example of."""
        return self.name[:3]

    @cached_property
    def described(self) -> list[str]:
        """The lines that hold the header and what is expected."""
        beside = self.path.with_name(f"{self.name}.expected")
        text = beside.read_text(encoding="utf-8") if beside.exists() else self.path.read_text(encoding="utf-8")
        return text.splitlines()

    @property
    def is_described_beside(self) -> bool:
        """Whether its bytes cannot carry a comment."""
        return self.path.with_name(f"{self.name}.expected").exists()

    @cached_property
    def header(self) -> dict[str, str]:
        """What its header says."""
        found = (_HEADER.match(line.partition("  #~")[0]) for line in self.described)
        return {match[1] or match[2]: match[3] for match in found if match}

    @cached_property
    def expected(self) -> list[Expected]:
        """The problems it must have."""
        found = []
        for n, line in enumerate(self.described, 1):
            match = _EXPECTED.match(line.removeprefix("\ufeff"))
            if match:
                at = int(match[1]) if self.is_described_beside else (n if match[2] or match[1] else 0)
                found += [Expected(at, *words.split(" ", 1)) for words in match[3].split(" ; ")]
        return sorted(found)

    @cached_property
    def fix(self) -> list[str] | None:
        """The lines to write in place of the first expected one; none to leave it out; None where it depends."""
        found = [line[2:].removeprefix(" ") for line in self.described if line.startswith("#=")]
        return [line for line in found if line] if found else None

    @cached_property
    def text(self) -> str:
        """Its text, if it is one."""
        return parse(self.content, "").text or self.content.decode(errors="ignore")

    def bare(self) -> "BadFile":
        """The file without the lines and comments that are meant for the tests."""
        if self.is_described_beside:
            return self
        text = self.content.decode()
        bom = "\ufeff" if text.startswith("\ufeff") else ""
        lines = [
            re.sub(r"\s*#~ .*", "", line)
            for line in text.removeprefix(bom).split("\n")
            if not _HEADER.match(line) and not line.startswith(("#~", "#="))
        ]
        return BadFile(self.path, (bom + "\n".join(lines)).encode())

    def mended(self) -> "BadFile":
        """The file with what is to be written in place of its faulty lines, if it says so."""
        lines = self.content.decode().split("\n")
        first = next(n for n, line in enumerate(lines, 1) if not _HEADER.match(line))
        named = [(e.code, e.words) for e in self.expected]
        faulty = {max(e.line, first) for e in self.expected if (e.code, e.words) == named[0]}
        kept = [self.fix or [] if n in faulty else [line] for n, line in enumerate(lines, 1)]
        return replace(self, content="\n".join(line for part in kept for line in part).encode())


def bad_files() -> list[BadFile]:
    """All of them, by name."""
    return [BadFile(path, path.read_bytes()) for path in sorted(BAD.glob("*.toml"))]


def workspace(folder: Path) -> Workspace:
    """A copy of the shipped workspace without 茌平区's October."""
    for part in ("plans", "status"):
        shutil.copytree(shipped() / part, folder / part)
    (folder / MONTH / "chiping.toml").unlink()
    return Workspace(folder)


def found_in(files: Sequence[BadFile], at: Workspace) -> dict[str, list[Problem]]:
    """The problems of each file, by its name; those outside the workspace are checked in one run."""
    outside = [file for file in files if "位置" not in file.header]
    for file in outside:
        (at.root / file.name).write_bytes(file.content)
    problems = check_files(at, at.programmes, [at.root / file.name for file in outside])
    found = {file.name: [p for p in problems if p.place.file == file.name] for file in outside}
    for file in outside:
        (at.root / file.name).unlink()
    return found | {file.name: _found_inside(file, at) for file in files if "位置" in file.header}


def _found_inside(file: BadFile, at: Workspace) -> list[Problem]:
    """The problems of a file in its place in the workspace, which is as before afterwards."""
    path = at.root / file.header["位置"]
    receipts = path.parent / "receipts.toml"
    signers = at.signers("liaocheng")
    before = {p: p.read_bytes() if p.exists() else None for p in (path, receipts, signers)}
    path.write_bytes(file.content)
    if "签名" in file.header:
        signers.write_text("# 只收这里列出的钥匙签过名的月报\n", encoding="utf-8")
    if "回执" not in file.header:
        kept = [r for r in receipts.read_text(encoding="utf-8").split("\n\n") if f'file = "{path.name}"' not in r]
        receipts.write_text("\n\n".join(kept), encoding="utf-8")
    try:
        problems = [*check_files(at, ["liaocheng"], [path]), *_findings(file, at)]
    finally:
        for p, content in before.items():
            if content is None:
                p.unlink(missing_ok=True)
            else:
                p.write_bytes(content)
    return [p._replace(place=p.place._replace(file=file.name)) for p in problems]


def _findings(file: BadFile, at: Workspace) -> list[Problem]:
    """What is odd about the unit's month, at the line that names the item."""
    source = parse(file.content, file.name)
    programme, _problems = load(at.plans, "liaocheng", at.root)
    if programme is None or "unit" not in source.data:
        return []
    books = Books.planned(at, programme)
    odd = findings(books.on(OCTOBER_END, LATER), books.on(SEPTEMBER_END, LATER))
    named = {entry["item"]: n for n, entry in enumerate(source.data.get("update", []))}
    return [
        source.problem(("update", named[f.item], "item"), f.code, f.message)
        if f.item in named
        else Problem(Place(file.name), f.code, f.message)
        for f in odd
        if f.unit == source.data["unit"]
    ]
