"""From a key to the repaint, in a real terminal, with a nation's rows in the overdue list.

    python tests/benchmarks/repaint.py [--rows 88650] [--keys 100]

A child runs the app on a pseudo-terminal; here keys are pressed and the time is taken until the last byte of what
they draw. Prints the median and the 95th percentile in milliseconds (bound: 50), and the time to the first screen.
"""

import argparse
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from fcntl import ioctl
from functools import partial
from pathlib import Path
from termios import TIOCSWINSZ

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE.parent)]

ROWS, COLUMNS = 40, 120
QUIET = 0.025
"""Seconds without a byte after which a repaint is over."""

LONGEST = 60


def fed(rows: int, folder: Path) -> None:
    """The app with generated rows, until it is left."""
    from tiny import CHINA, build, changed

    from tracker.snapshot import take
    from tracker.tui.app import TrackerApp
    from tracker.tui.session import Session, Taken
    from tracker.workspace import Workspace

    now = datetime(2026, 11, 1, 9, tzinfo=CHINA)
    workspace = Workspace(build(folder))
    small, _problems = take(workspace, "city", now.date(), now)
    assert small is not None
    late = [s for s in small.standings if s.is_late]
    standings = tuple(
        changed(s, days_late=n % 700, occurrence=replace(s.occurrence, id=f"{s.occurrence.id}-{n}"))
        for n in range(rows)
        for s in [late[n % len(late)]]
    )
    large = small.with_standings(standings)

    class Fed(Session):
        """What was generated instead of what lies there."""

        def read(self) -> Taken:
            """The generated rows."""
            return Taken(large, (), self.stamp())

    TrackerApp(Fed(workspace, ["city"], "city", lambda: now, "", folder)).run()


class Terminal:
    """The child's terminal."""

    def __init__(self, ours: int) -> None:
        self.ours = ours

    def until(self, is_there: Callable[[bytes], bool]) -> float:
        """Read until something was drawn and the drawing is over; the moment of its last byte."""
        drawn, last = b"", time.perf_counter()
        began = last
        while time.perf_counter() - began < LONGEST:
            if select.select([self.ours], [], [], QUIET)[0]:
                drawn += os.read(self.ours, 1 << 20)
                last = time.perf_counter()
            elif is_there(drawn):
                return last
        raise TimeoutError(drawn[-500:].decode(errors="replace"))

    def press(self, keys: bytes, is_there: Callable[[bytes], bool] = bool) -> float:
        """Milliseconds from the keys to the end of what they draw."""
        began = time.perf_counter()
        os.write(self.ours, keys)
        return 1000 * (self.until(is_there) - began)


def _has(words: bytes, drawn: bytes) -> bool:
    return words in drawn


def said(name: str, times: list[float]) -> None:
    """One line of the table."""
    high = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    sys.stdout.write(f"{name:<10} {statistics.median(times):>8.1f} {high:>8.1f}\n")


def press(terminal: Terminal, rows: int, keys: int) -> None:
    """Press the keys and print the table."""
    terminal.until(lambda drawn: "最需要盯的".encode() in drawn)
    terminal.press(b"2", partial(_has, f"{rows} 项".encode()))
    sys.stdout.write(f"{rows} rows       p50      p95   ms, bound 50\n")
    said("move", [terminal.press(b"\x1b[B") for _n in range(keys)])
    said("page", [terminal.press(b"\x1b[6~") for _n in range(keys)])
    terminal.press(b"/")
    times = []
    for n in range(max(keys // 2, 2)):
        letter, words = (b"d", "查找“d”") if n % 2 == 0 else (b"\x7f", f"{rows} 项")
        times.append(terminal.press(letter, partial(_has, words.encode())))
    said("filter", times)


def measure(rows: int, keys: int) -> None:
    """Run the child and press keys."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--rows", str(rows), "--fed", folder]
        with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as run:
            os.close(theirs)
            try:
                press(Terminal(ours), rows, keys)
            finally:
                run.terminate()
    os.close(ours)


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=88_650)
    parser.add_argument("--keys", type=int, default=100)
    parser.add_argument("--fed", type=Path)
    given = parser.parse_args()
    if given.fed is not None:
        fed(given.rows, given.fed)
    else:
        measure(given.rows, given.keys)


if __name__ == "__main__":
    main()
