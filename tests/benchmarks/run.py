"""A cold and a warm ``tracker overdue`` beside a bare interpreter and parsing the same files.

    python tests/benchmarks/run.py [--units 12] [--months 36] [--milestones 150] [--runs 5]

Whole processes, run in turn; medians, and ratios in the same run. Absolute times are the machine's.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate import Size, build

ROOT = Path(__file__).parent.parent.parent

PARSE = (
    "import sys, pathlib; from tracker.source import read\nfor p in pathlib.Path(sys.argv[1]).rglob('*.toml'): read(p)"
)
TOMLLIB = (
    "import sys, pathlib, tomllib\n"
    "for p in pathlib.Path(sys.argv[1]).rglob('*.toml'): tomllib.loads(p.read_text(encoding='utf-8'))"
)


def forget(folder: Path) -> None:
    """Ask the system to drop the files from its cache, where it can be asked."""
    if hasattr(os, "posix_fadvise"):
        os.sync()
        for path in folder.rglob("*.toml"):
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def seconds(command: list[str]) -> float:
    """One run of a whole process."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT)
    return time.perf_counter() - begin


def main() -> None:
    """Build the world, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("units", "months", "milestones"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Size, name))
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        world = Path(temporary) / "world"
        build(world, Size(units=args.units, months=args.months, milestones=args.milestones))
        files = list(world.rglob("*.toml"))
        overdue = [sys.executable, "-m", "tracker", "overdue", "-C", str(world), "--as-of", "2026-10-31", "--json"]
        commands = {
            "bare python": [sys.executable, "-c", ""],
            "read with tomllib": [sys.executable, "-c", TOMLLIB, str(world)],
            "read with tracker.source": [sys.executable, "-c", PARSE, str(world)],
            "tracker overdue, cold": overdue,
            "tracker overdue, warm": overdue,
        }
        seconds(overdue)  # compiles the bytecode
        measured: dict[str, list[float]] = {name: [] for name in commands}
        for _run in range(args.runs):
            for name, command in commands.items():
                if name.endswith("cold"):
                    forget(world)
                measured[name].append(seconds(command))
        median = {name: statistics.median(times) for name, times in measured.items()}
        size = sum(path.stat().st_size for path in files) / 1e6
        print(f"{len(files)} files, {size:.1f} MB, {args.units} units x {args.months} months, {args.runs} runs")
        print(f"{'what':28}{'median s':>10}{'min..max':>16}{'x bare':>9}{'x tomllib':>11}{'x source':>10}")
        for name, times in measured.items():
            against = [median[name] / median[base] for base in list(commands)[:3]]
            spread = f"{min(times):.2f}..{max(times):.2f}"
            print(
                f"{name:28}{median[name]:>10.3f}{spread:>16}"
                + "".join(f"{r:>{w}.1f}" for r, w in zip(against, (9, 11, 10), strict=True))
            )


if __name__ == "__main__":
    main()
