"""Whole processes, run in turn, and what each of them cost."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent


class Cost(NamedTuple):
    """Of one run: seconds by the clock and of the processor, and the most memory, in bytes."""

    clock: float
    processor: float
    memory: int = 0


@dataclass(frozen=True)
class Way:
    """One thing that is run, and what is made ready before each run."""

    name: str
    command: Sequence[str]
    before: Callable[[], object] = lambda: None


class Median(NamedTuple):
    """Of several runs: the medians, the least and the most of the processor's seconds, the most memory."""

    clock: float
    processor: float
    least: float
    most: float
    memory: int


def cost(command: Sequence[str]) -> Cost:
    """One run of a whole process, from compiled bytecode. What fails raises ``CalledProcessError``.

    A child's greatest memory is at least its parent's, from which it was made: worlds are built in other processes.
    """
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}
    begin = time.perf_counter()
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT)
    _pid, status, used = os.wait4(run.pid, 0)
    clock = time.perf_counter() - begin
    run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, command)
    in_kilobytes = sys.platform != "darwin"
    return Cost(clock, used.ru_utime + used.ru_stime, used.ru_maxrss * (1024 if in_kilobytes else 1))


def in_turn(ways: Iterable[Way], runs: int) -> dict[str, Median]:
    """All of them in turn, so many times: a slow minute of the machine hits every one alike."""
    several = list(ways)
    costs: dict[str, list[Cost]] = {way.name: [] for way in several}
    for _run in range(runs):
        for way in several:
            way.before()
            costs[way.name].append(cost(way.command))
    return {name: median(found) for name, found in costs.items()}


def median(costs: Sequence[Cost]) -> Median:
    """Of several runs."""
    processor = [c.processor for c in costs]
    return Median(
        statistics.median(c.clock for c in costs),
        statistics.median(processor),
        min(processor),
        max(processor),
        max(c.memory for c in costs),
    )


def size(path: Path) -> int:
    """Bytes on disk of a file, or of all the files in a folder."""
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(p.stat().st_blocks * 512 for p in files)


def exponent(growth: Mapping[float, float]) -> float:
    """The slope of the line through the logarithms of sizes and times: 1 where the time grows as the size does."""
    return statistics.linear_regression([*map(log, growth)], [*map(log, growth.values())]).slope
