"""The budgets that can be measured in one run, each beside what it is measured against.

    python tests/benchmarks/run.py [--units 12] [--months 36] [--milestones 150] [--runs 5]

Whole processes, all of them in turn, so that a slow minute of the machine hits every row alike. A bound is on
the ratio to another row of the same run, in processor time, which other work on the machine disturbs less than the
clock (every row runs on one processor and finds its files in the cache); absolute times are the machine's.
``--units 12`` is a city, ``--units 58`` has 50,000 items, ``--units 150`` is a province.
"""

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import peers
from generate import Size, build

ROOT = Path(__file__).parent.parent.parent
BARE, MODELS, CAT, EXCEL = "bare python", "import the models", "read the bytes", "openpyxl, 12 workbooks"
TASKWARRIOR, HLEDGER = "taskwarrior overdue", "hledger bal"
COLD, WARM, MONTH = "tracker overdue, first read", "tracker overdue, warm", "a month arrives"
CITY, PROVINCE = 12, 150

IMPORT_MODELS = """
import tracker.snapshot, tracker.commands.look
from pydantic import TypeAdapter
from tracker import decisions, plans, submissions
for kind in (submissions.Head, submissions.Update, decisions.ReceiptsFile, plans.PlanFile, plans.ProgrammeFile):
    TypeAdapter(kind)
"""
READ_BYTES = "import sys, pathlib\nfor p in pathlib.Path(sys.argv[1]).rglob('*.toml'): p.read_bytes()"


@dataclass(frozen=True)
class Row:
    """One thing measured: what is run, what is made ready before each run, and what it may cost."""

    name: str
    command: list[str]
    before: Callable[[], object] = lambda: None
    bounds: tuple[tuple[float, str], ...] = ()
    """At most so many times another row."""


@dataclass(frozen=True)
class Cost:
    """Of one run: seconds by the clock and of the processor."""

    clock: float
    processor: float


def cost(command: list[str]) -> Cost:
    """One run of a whole process, from compiled bytecode."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}
    begin, before = time.perf_counter(), _processor()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT)
    return Cost(time.perf_counter() - begin, _processor() - before)


def _processor() -> float:
    """Seconds that all processes started from here have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rows(world: Path, spare: Path, units: int) -> list[Row]:
    """What is measured of a world of that many units."""
    overdue = [sys.executable, "-m", "tracker", "overdue", "-C", str(world), "--as-of", "2026-10-31"]
    items = 5_000 if units <= CITY else 50_000
    found: dict[str, list[str] | None] = {
        EXCEL: peers.workbooks(world, spare / "books") if units <= CITY else None,
        TASKWARRIOR: peers.taskwarrior(spare / "task", items),
        HLEDGER: peers.hledger(spare / "hledger", items),
    }
    python = {BARE: ["-c", ""], MODELS: ["-c", IMPORT_MODELS], CAT: ["-c", READ_BYTES, str(world)]}
    against = [Row(name, [sys.executable, *arguments]) for name, arguments in python.items()]
    against += [Row(name, command) for name, command in found.items() if command is not None]
    warm: dict[str, float] = {BARE: 8, TASKWARRIOR: 1} if units <= CITY else {TASKWARRIOR: 1 / 4, HLEDGER: 1 / 8}
    if units >= PROVINCE:
        warm = {BARE: 30, CAT: 4}
    names = {row.name for row in against}
    return [
        *against,
        Row(COLD, overdue, lambda: shutil.rmtree(world / ".tracker", ignore_errors=True), _known({EXCEL: 0.6}, names)),
        Row(WARM, overdue, lambda: cost(overdue), _known(warm, names)),
        Row(MONTH, overdue, lambda: _away_and_back(world, spare, overdue), _known({MODELS: 1.5}, names)),
    ]


def _known(bounds: dict[str, float], names: set[str]) -> tuple[tuple[float, str], ...]:
    return tuple((times, name) for name, times in bounds.items() if name in names)


def _away_and_back(world: Path, spare: Path, overdue: list[str]) -> None:
    """The last month is new to the index."""
    last = max((world / "status" / "world").iterdir())
    shutil.move(last, spare / "away")
    cost(overdue)
    shutil.move(spare / "away", last)


def report(measured: dict[str, list[Cost]], bounded: list[Row], updates: int) -> None:
    """The table: medians, spread, ratios, and whether each bound is held."""
    clock = {name: statistics.median(c.clock for c in costs) for name, costs in measured.items()}
    median = {name: statistics.median(c.processor for c in costs) for name, costs in measured.items()}
    print(f"{'what':30}{'clock ms':>9}{'processor ms':>14}{'min..max':>13}{'x bare':>8}  bounds")
    for row in bounded:
        times = [c.processor for c in measured[row.name]]
        spread = f"{1000 * min(times):.0f}..{1000 * max(times):.0f}"
        held = []
        for most, other in row.bounds:
            ratio = median[row.name] / median[other]
            held.append(f"{'held' if ratio <= most else 'MISSED'}: {ratio:.2f} x {other}, at most {most:g}")
        if row.name == COLD:
            rate = updates / median[COLD]
            held.append(f"{'held' if rate >= 35_000 else 'MISSED'}: {rate:,.0f} updates/s, at least 35,000")
        times_bare = median[row.name] / median[BARE]
        print(
            f"{row.name:30}{1000 * clock[row.name]:>9.0f}{1000 * median[row.name]:>14.0f}{spread:>13}"
            f"{times_bare:>8.1f}  {'; '.join(held)}".rstrip()
        )


def main() -> None:
    """Build the world, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("units", "months", "milestones"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Size, name))
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        world, spare = Path(temporary) / "world", Path(temporary)
        build(world, Size(units=args.units, months=args.months, milestones=args.milestones))
        texts = [path.read_text(encoding="utf-8") for path in world.rglob("*.toml")]
        updates = sum(text.count("[[update]]") for text in texts)
        size = sum(len(text.encode()) for text in texts) / 1e6
        print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
        print(f"{len(texts)} files, {size:.1f} MB, {updates} updates; {args.units} units x {args.months} months")
        measured_rows = rows(world, spare, args.units)
        for name in {TASKWARRIOR, HLEDGER} - {row.name for row in measured_rows}:
            print(f"{name}: not installed, not compared")
        cost(measured_rows[-1].command)  # compiles the bytecode
        measured: dict[str, list[Cost]] = {row.name: [] for row in measured_rows}
        for _run in range(args.runs):
            for row in measured_rows:
                row.before()
                measured[row.name].append(cost(row.command))
        report(measured, measured_rows, updates)


if __name__ == "__main__":
    main()
