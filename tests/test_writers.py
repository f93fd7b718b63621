"""Several writers at once, and writers killed at any moment: nothing is lost or half written. Real processes."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from programs import environment
from tiny import CHINA, LATER, OCTOBER_END, PROGRAMME, build, decision, head

from tracker import writing
from tracker.cli import main
from tracker.shelf import read_shelf
from tracker.snapshot import Snapshot, take
from tracker.workspace import Workspace

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=CHINA)
PROCESSES, CALLS, ITEMS = 8, 3, 2
MOMENTS = 20

PLAN = """
[plan]
title = "甲市化工方案"
short = "化工"
from = 2026-01-01
until = 2026-12-31
"""
TASK = """
[[task]]
item = "{n}"
title = "第{n}项"
[[task.milestone]]
id = "chem-{n}"
title = "第{n}项"
what = "改造"
wording = "2026年底前"
due = 2026-12-31
level = ["county"]
"""
OLD = decision("suspend", "east", "2026-11-02T09:00:00+08:00", 'item = "chem-0"')
KEPT = "status/city/2026-10/decisions.toml"


def built(folder: Path, items: int) -> Path:
    """A workspace with one ruling and so many items more."""
    plan = PLAN + "".join(TASK.format(n=n) for n in range(items + 1))
    plans = {"programme.toml": PROGRAMME.replace('["mine", "chem"]', '["chem"]'), "chem.toml": plan}
    root = build(folder, {"2026-10/decisions.toml": OLD}, plans)
    (root / "plans/city/mine.toml").unlink()
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with one ruling and three items more."""
    return built(tmp_path / "w", 3)


def deciding(*items: str, unit: str = "east") -> list[str]:
    """A command that suspends items of a unit."""
    return ["decide", "suspend", unit, *items, "--month", "2026-10", "--by", "刘某", "--reason", "停产"]


def look(root: Path) -> Snapshot:
    """The workspace as it is, without a mistake in it."""
    snapshot, problems = take(Workspace(root), "city", OCTOBER_END, LATER)
    assert snapshot is not None
    assert problems == []
    return snapshot


def ruled(root: Path) -> list[str]:
    """The items ruled on, as often as there are rulings."""
    return sorted(d.item or "" for d in look(root).decisions)


# --- killed ---

KILLED_AT_EVERY_STEP = """
import json, os, shutil, signal, sys
from datetime import datetime
from pathlib import Path
from tracker import writing
from tracker.cli import main

NOW = datetime.fromisoformat("2026-11-03T09:00:00+08:00")
base, folders, argv = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
WRITES = ("os.rename", "os.remove", "os.mkdir", "os.link", "os.truncate", "shutil.copymode")
count = 0

def step(last):
    global count
    count += 1
    if count == last:
        os.kill(os.getpid(), signal.SIGKILL)

def run(last, here):
    def line(frame, event, arg):
        step(last)
        return line
    def call(frame, event, arg):
        return line if frame.f_code.co_filename == writing.__file__ else None
    def audit(event, args):
        if event in WRITES or (event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR)):
            step(last)
    sys.addaudithook(audit)
    sys.settrace(call)
    os._exit(main(argv, NOW, here))

said = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
main(argv, NOW, shutil.copytree(base, folders / "first"))  # what is imported by then need not be imported again
for last in range(1, 1000):
    here = shutil.copytree(base, folders / str(last))
    child = os.fork()
    if child == 0:
        run(last, here)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(said, b"%d " % ended)
    if ended != -signal.SIGKILL:
        break
"""


def killed_at_every_step(root: Path, argv: Sequence[str]) -> list[Path]:
    """Copies of a workspace in which a command was killed before each line and act of its writing, one after the other.

    The last one is where it came to its end.
    """
    folders = root.parent / "killed"
    found = subprocess.run(
        [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(root), str(folders), json.dumps(argv)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    *killed, last = found.stdout.split()
    assert set(killed) == {"-9"}
    assert last == "0"
    return [folders / str(n) for n in range(1, len(killed) + 2)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_decide_killed_at_any_step_leaves_the_old_record_or_the_new_one(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 5.0)
    folders = killed_at_every_step(root, deciding("chem-1", "chem-2"))
    assert len(folders) > MOMENTS
    seen = []
    for folder in folders:
        text = (folder / KEPT).read_text(encoding="utf-8")
        assert text.startswith(OLD)
        seen.append(ruled(folder))
        # Another command finds its way: the lock is free, what was left unfinished bothers nobody.
        assert main(deciding("chem-3"), NOW, folder) == 0, capsys.readouterr().err
        assert ruled(folder) == sorted([*seen[-1], "chem-3"])
    old, new = ["chem-0"], ["chem-0", "chem-1", "chem-2"]
    turn = seen.index(new)
    assert (set(map(tuple, seen[:turn])), set(map(tuple, seen[turn:]))) == ({tuple(old)}, {tuple(new)})
    assert turn > 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_receive_killed_at_any_step_loses_no_file_and_can_be_run_again(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 5.0)
    text = head() + '[[update]]\nitem = "chem-1"\nstate = "推进中"\n'
    given = root.parent / "in.toml"
    given.write_text(text, encoding="utf-8")
    for folder in killed_at_every_step(root, ["receive", str(given)]):
        before = look(folder)
        assert [f.submission.file for f in before.filed] in ([], ["status/city/2026-10/east.toml"])
        assert main(["receive", str(given)], NOW, folder) == 0, capsys.readouterr().err
        after = look(folder)
        assert [(f.submission.file, f.received) for f in after.filed] == [("status/city/2026-10/east.toml", NOW)]
        assert (folder / after.filed[0].submission.file).read_text(encoding="utf-8") == text
        assert ruled(folder) == ["chem-0"]


def test_a_command_killed_at_any_moment_leaves_a_readable_workspace(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From outside, and without its knowing: at moments spread over the time that it takes."""
    monkeypatch.setattr(writing, "PATIENCE", 5.0)
    command = [sys.executable, "-m", "tracker", *deciding("chem-1", "chem-2")]

    def run(n: int, seconds: float) -> Path:
        here = root.parent / f"killed-{n}"
        shutil.copytree(root, here)
        silent = subprocess.DEVNULL
        with subprocess.Popen(command, cwd=here, env=environment(), stdout=silent, stderr=silent) as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
        return here

    began = time.monotonic()
    assert ruled(run(0, 60.0)) == ["chem-0", "chem-1", "chem-2"]
    took = time.monotonic() - began
    with ThreadPoolExecutor(2) as pool:
        for folder in pool.map(lambda n: run(n, took * (0.4 + n / MOMENTS)), range(1, MOMENTS + 1)):
            before = ruled(folder)
            assert before in (["chem-0"], ["chem-0", "chem-1", "chem-2"])
            assert main(deciding("chem-3"), NOW, folder) == 0, capsys.readouterr().err
            assert ruled(folder) == sorted([*before, "chem-3"])


# --- at once ---

AT_ONCE = """
import json, sys
from datetime import datetime
from pathlib import Path
import filelock, pydantic
from tracker.cli import main

print("ready", flush=True)
sys.stdin.readline()
now = datetime.fromisoformat("2026-11-03T09:00:00+08:00")
sys.exit(max(main(argv, now, Path(sys.argv[1])) for argv in json.loads(sys.argv[2])))
"""


def at_once(root: Path, commands: Sequence[Sequence[Sequence[str]]]) -> None:
    """Run a process for each list of commands; they begin together, and all end well."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", AT_ONCE, str(root), json.dumps(each)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for each in commands
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in running]
    assert [said for said, code in ended if code != 0] == []


def test_eight_coordinators_deciding_at_once_lose_nothing(tmp_path: Path) -> None:
    root = built(tmp_path / "w", PROCESSES * CALLS * ITEMS)
    (root / KEPT).unlink()
    names = iter(f"chem-{n}" for n in range(1, PROCESSES * CALLS * ITEMS + 1))
    commands = [[deciding(*(next(names) for _ in range(ITEMS))) for _ in range(CALLS)] for _ in range(PROCESSES)]
    at_once(root, commands)
    assert ruled(root) == sorted(f"chem-{n}" for n in range(1, PROCESSES * CALLS * ITEMS + 1))
    decisions = look(root).decisions
    assert len({d.id for d in decisions}) == len(decisions) == PROCESSES * CALLS * ITEMS
    # What one call wrote stands together.
    in_file = [d.item for d in sorted(decisions, key=lambda d: d.place.line)]
    together = [tuple(argv[3 : 3 + ITEMS]) for each in commands for argv in each]
    assert sorted(zip(in_file[::ITEMS], in_file[1::ITEMS], strict=True)) == sorted(together)


def test_deciding_and_receiving_at_once_lose_nothing(tmp_path: Path) -> None:
    root = built(tmp_path / "w", PROCESSES * CALLS * ITEMS)
    (root / KEPT).unlink()
    incoming = root.parent / "in"
    incoming.mkdir()
    texts = {}
    for unit in ("east", "west"):
        for n in range(4):
            text = head(unit) + f'[[update]]\nitem = "chem-{n + 1}"\nstate = "推进中"\nnote = "第{n}次"\n'
            texts[incoming / f"{unit}-{n}.toml"] = text
            (incoming / f"{unit}-{n}.toml").write_text(text, encoding="utf-8")
    given = [str(path) for path in texts]
    receiving = [[["receive", a], ["receive", b]] for a, b in zip(given[::2], given[1::2], strict=True)]
    ruling = [[deciding(f"chem-{4 * p + n}") for n in range(1, 4)] for p in range(4)]
    at_once(root, [*receiving, *ruling])
    assert ruled(root) == sorted(f"chem-{4 * p + n}" for n in range(1, 4) for p in range(4))
    filed = look(root).filed
    names = [f"status/city/2026-10/{unit}{n}.toml" for unit in ("east", "west") for n in ("", ".2", ".3", ".4")]
    assert sorted(f.submission.file for f in filed) == sorted(names)
    assert sorted((root / f.submission.file).read_text(encoding="utf-8") for f in filed) == sorted(texts.values())
    programme = look(root).programme
    assert sorted(read_shelf(Workspace(root), programme).receipts) == sorted(names)
