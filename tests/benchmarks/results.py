"""The table of what was measured: on a terminal as in ``RESULTS.md``."""

import os
import platform
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from measuring import Median

RESULTS = Path(__file__).parent / "RESULTS.md"
WRITTEN_BY_HAND = "时间花在哪里，下一步试什么"
"""The section that is kept when the results are written anew."""

MB = 1e6
HEAD = "| 测什么 | 时钟 ms | 处理器 ms | 最少..最多 | 内存 MB | 磁盘 MB | 上限 | 测得 | 守住没有 |"
RULE = "| --- | ---: | ---: | ---: | ---: | ---: | --- | --- | --- |"


@dataclass(frozen=True)
class Bound:
    """What was promised, what was measured, and whether it is kept."""

    promised: str
    measured: str
    is_kept: bool


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    name: str
    cost: Median | None = None
    disk: int | None = None
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True)
class Group:
    """What was measured beside one another, and on what."""

    title: str
    lines: tuple[Line, ...]
    said: tuple[str, ...] = ()
    """What else there is to say: of what size, what is not installed."""


def at_most(ratio: float, most: float, other: str) -> Bound:
    """A bound on the ratio to another row."""
    return Bound(f"≤ {most:.3g} × {other}", f"{ratio:.2f}", ratio <= most)


def markdown(group: Group) -> Iterator[str]:
    """A group as a table."""
    yield f"## {group.title}"
    yield ""
    for words in group.said:
        yield words
        yield ""
    if group.lines:
        yield HEAD
        yield RULE
        yield from map(_row, group.lines)
        yield ""


def _row(line: Line) -> str:
    cost = line.cost
    cells = [
        line.name,
        f"{1000 * cost.clock:.0f}" if cost else "",
        f"{1000 * cost.processor:.0f}" if cost else "",
        f"{1000 * cost.least:.0f}..{1000 * cost.most:.0f}" if cost else "",
        f"{cost.memory / MB:.0f}" if cost and cost.memory else "",
        f"{line.disk / MB:.1f}" if line.disk is not None else "",
        "；".join(bound.promised for bound in line.bounds),
        "；".join(bound.measured for bound in line.bounds),
        "；".join("守住" if bound.is_kept else "**没有**" for bound in line.bounds),
    ]
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """What it was measured on, and how busy that was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    found = re.search(r"model name\s*: (.*)", _text("/proc/cpuinfo"))
    system = re.search(r'PRETTY_NAME="(.*)"', _text("/etc/os-release"))
    load = "、".join(f"{n:.1f}" for n in os.getloadavg())
    return (
        f"机器：{os.cpu_count()} 个处理器（{found[1] if found else platform.machine()}），{memory:.0f} GiB 内存，"
        f"{system[1] if system else platform.system()}，CPython {platform.python_version()}。开始时的负荷：{load}。"
    )


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def document(groups: Iterable[Group], about: str, before: str, *, is_all: bool) -> str:
    """``RESULTS.md``: what was measured now, what was written by hand, and, unless this is all, what was before."""
    _head, *old = before.split("\n## ")
    sections = {words.partition("\n")[0]: f"## {words.rstrip()}\n" for words in old}
    own = sections.pop(WRITTEN_BY_HAND, f"## {WRITTEN_BY_HAND}\n")
    if is_all:
        sections.clear()
    sections |= {group.title: "\n".join(markdown(group)) for group in groups}
    return "\n".join(["# 测得的结果", "", about, "", *sections.values(), own])
