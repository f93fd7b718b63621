"""From starting the program to the first screen with data, beside an empty Textual app, in a real terminal.

    python tests/benchmarks/first_screen.py [工作区] [--runs 5] [-- --as-of 2026-10-31]

Both are started in turn on a pseudo-terminal of 120 x 40 and stopped as soon as their words are drawn: of ours those
above the worst items, which are there only with the data. Without a workspace a city is generated. The index is warm.
Bound: twice the empty app's processor time at a city, three times at a province.
"""

import argparse
import os
import pty
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from select import select
from termios import TIOCSWINSZ
from typing import NamedTuple

from generate import Size, build

ROOT = Path(__file__).parent.parent.parent
ROWS, COLUMNS = 40, 120
LONGEST = 120
"""Seconds after which a screen that does not come has failed."""

EMPTY, OURS = "an empty Textual app", "tracker, first screen"
BOUND = 2

EMPTY_APP = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("here it is")
Empty().run()
"""


class Cost(NamedTuple):
    """Of one start: seconds until the screen was drawn, by the clock and of the processor."""

    clock: float
    processor: float


@dataclass(frozen=True)
class App:
    """What is started, and the words by which its first screen is known."""

    name: str
    command: list[str]
    words: str


def apps(workspace: Path, options: Sequence[str]) -> list[App]:
    """The two that are compared."""
    ours = [sys.executable, "-m", "tracker", "ui", "--read-only", "-C", str(workspace), *options]
    return [App(EMPTY, [sys.executable, "-c", EMPTY_APP], "here it is"), App(OURS, ours, "最需要盯的")]


def started(app: App) -> Cost:
    """Start it, read until its words are drawn, stop it."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    changed = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}
    began = time.perf_counter()
    run = subprocess.Popen(app.command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **changed})
    os.close(theirs)
    try:
        _read(ours, app.words.encode(), began + LONGEST)
        clock = time.perf_counter() - began
    finally:
        run.send_signal(signal.SIGKILL)
        _pid, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        os.close(ours)
    return Cost(clock, used.ru_utime + used.ru_stime)


def _read(terminal: int, words: bytes, until: float) -> None:
    drawn = b""
    while words not in drawn:
        if time.perf_counter() > until or not select([terminal], [], [], LONGEST)[0]:
            raise TimeoutError(drawn[-500:].decode(errors="replace"))
        drawn += os.read(terminal, 1 << 20)


def measure(workspace: Path, runs: int, options: Sequence[str] = ()) -> dict[str, list[Cost]]:
    """Both in turn, so many times, after one start each that is not counted: it compiles, and warms the index."""
    compared = apps(workspace, options)
    for app in compared:
        started(app)
    measured: dict[str, list[Cost]] = {app.name: [] for app in compared}
    for _run in range(runs):
        for app in compared:
            measured[app.name].append(started(app))
    return measured


def report(measured: dict[str, list[Cost]]) -> None:
    """Medians, and whether the bound is held."""
    sys.stdout.write(f"{'':24}{'clock ms':>9}{'processor ms':>14}\n")
    clock = {name: statistics.median(c.clock for c in costs) for name, costs in measured.items()}
    processor = {name: statistics.median(c.processor for c in costs) for name, costs in measured.items()}
    for name in measured:
        sys.stdout.write(f"{name:24}{1000 * clock[name]:>9.0f}{1000 * processor[name]:>14.0f}\n")
    ratio = processor[OURS] / processor[EMPTY]
    held = "held" if ratio <= BOUND else "MISSED"
    sys.stdout.write(
        f"{held}: {ratio:.2f} x {EMPTY}, at most {BOUND} ({clock[OURS] / clock[EMPTY]:.2f} by the clock)\n"
    )


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path, nargs="?")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("options", nargs="*", help="for tracker ui, after --")
    given = parser.parse_args()
    if given.workspace is not None:
        report(measure(given.workspace, given.runs, given.options))
        return
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world"
        build(world, Size())
        report(measure(world, given.runs, ["--as-of", "2026-10-31"]))


if __name__ == "__main__":
    main()
