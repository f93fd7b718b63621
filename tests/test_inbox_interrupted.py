"""Receiving that is killed, and receiving by several at once: the old state or the new one."""

import random
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from arrivals import BROKEN, GOING, PDF, desk, digests, entry, form_of, kept, month_files, receipts, see
from tiny import build, head

from tracker.inbox.receiving import receive

RECEIVE = """
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tracker.cli import main
now = datetime(2026, 11, 2, 16, 40, tzinfo=timezone(timedelta(hours=8)))
sys.exit(main(["receive", *sys.argv[2:]], now, Path(sys.argv[1])))
"""


def start(root: Path, *paths: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", RECEIVE, str(root), *map(str, paths)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_killed_at_any_moment_it_leaves_the_old_state_or_the_new_one(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    texts = [head(unit) + entry("mine-7", GOING + f'note = "第{n}份"\n') for n in range(6) for unit in ("east", "west")]
    for n, text in enumerate(texts):
        (folder / f"{n:02}.toml").write_text(text, encoding="utf-8")
    (folder / "90.xlsx").write_bytes(form_of(root, "bureau", answers={"chem-1": {"state": "推进中", "done": 3}}))
    (folder / "91.toml").write_text(BROKEN, encoding="utf-8")
    (folder / "92.pdf").write_bytes(PDF)
    started = time.monotonic()
    with start(root, folder) as whole:
        whole.wait(60)
    length = time.monotonic() - started
    whole_files = {content for name, content in kept(root).items() if not name.endswith(LISTS)}
    chance = random.Random(0)
    kills = 0
    for _n in range(8):
        world = build(tmp_path / f"k{_n}")
        for _attempt in range(2):
            with start(world, folder) as process:
                time.sleep(length * (0.4 + 0.6 * chance.random()))
                if process.poll() is None:
                    kills += 1
                else:
                    length *= 0.7  # the machine was busier when the whole run was timed
                process.send_signal(signal.SIGKILL)
                process.wait(30)
            snapshot = see(world)
            assert not any(p.holds and p.place.file.endswith("receipts.toml") for p in snapshot.problems)
            assert snapshot.held_files == ()
            # Each file is whole, or not there; lists of records are checked as such.
            for name, content in kept(world).items():
                assert ".tracker-" in name or name.endswith(LISTS) or content in whole_files, name
            assert {f.submission.file for f in snapshot.filed} >= {
                f"status/city/2026-10/{r.file}" for r in receipts_or_none(world)
            }
        found = receive(desk(world), [folder])
        assert {one.outcome for one in found} <= {"received", "same", "held", "attachment"}
        assert {text.encode() for text in texts} <= set(kept(world).values())
        # No file twice, each with one receipt.
        assert month_files(world) == month_files(root)
        assert len(receipts(world)) == len(month_files(world))
    assert kills >= 5


LISTS = ("receipts.toml", "held.toml", "attachments.toml", "burden.toml", ".report.txt")


def receipts_or_none(root: Path) -> tuple[Any, ...]:
    return receipts(root) if (root / "status/city/2026-10/receipts.toml").exists() else ()


def test_eight_at_once_lose_nothing(root: Path, tmp_path: Path) -> None:
    folders = []
    for n in range(8):
        folder = tmp_path / f"in{n}"
        folder.mkdir()
        for unit in ("east", "west"):
            (folder / f"{unit}.toml").write_text(
                head(unit) + entry("mine-7", GOING + f'note = "第{n}份"\n'), encoding="utf-8"
            )
        (folder / "bad.toml").write_text(f"{BROKEN}# {n}\n", encoding="utf-8")
        (folder / "x.pdf").write_bytes(PDF + bytes([n]))
        folders.append(folder)
    running = [start(root, folder) for folder in folders]
    for process in running:
        _out, err = process.communicate(timeout=120)
        assert process.returncode == 1, err.decode()
    assert month_files(root) == sorted(
        f"{unit}.toml" if v == 1 else f"{unit}.{v}.toml" for unit in ("east", "west") for v in range(1, 9)
    )
    assert sorted(r.file for r in receipts(root)) == month_files(root)
    there = digests(root)
    assert all(sha256(p.read_bytes()).hexdigest() in there for folder in folders for p in folder.iterdir())
    assert see(root).problems == ()
