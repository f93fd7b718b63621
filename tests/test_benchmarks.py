"""The worlds that are measured are right, the same from the same seed, and the script prints its table."""

import subprocess
import sys
from pathlib import Path

from generate import Size, build

from tracker.cli import main

ROOT = Path(__file__).parent.parent
SMALL = Size(units=2, months=4, milestones=20)


def test_a_generated_world_has_no_problem(tmp_path: Path) -> None:
    build(tmp_path / "w", SMALL)
    assert main(["check", "-C", str(tmp_path / "w")]) == 0


def test_the_same_seed_gives_the_same_bytes_and_another_another_world(tmp_path: Path) -> None:
    worlds = []
    for name, size in (("a", SMALL), ("b", SMALL), ("c", Size(units=2, months=4, milestones=20, seed=2))):
        build(tmp_path / name, size)
        worlds.append({p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.toml")})
    assert worlds[0] == worlds[1]
    assert worlds[0] != worlds[2]


def test_the_benchmark_prints_every_bound_with_its_ratio() -> None:
    small = ["--units", "2", "--months", "3", "--milestones", "20", "--runs", "1"]
    command = [sys.executable, "tests/benchmarks/run.py", *small]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    table = run.stdout[run.stdout.index("what ") :].splitlines()
    assert "x bare" in table[0]
    rows = {line[:30].strip(): line[30:] for line in table[1:]}
    assert {"bare python", "openpyxl, 12 workbooks", "import the models", "read the bytes"} <= rows.keys()
    bounds = {
        "tracker overdue, first read": ("x openpyxl, 12 workbooks, at most 0.6", "updates/s, at least 35,000"),
        "tracker overdue, warm": ("x bare python, at most 8",),
        "a month arrives": ("x import the models, at most 1.5",),
    }
    assert all(words in rows[name] for name, said in bounds.items() for words in said)
    for peer in ("taskwarrior overdue", "hledger bal"):
        assert (peer in rows) != (f"{peer}: not installed, not compared" in run.stdout)


def test_the_annexs_benchmark_prints_its_ratio_to_openpyxl() -> None:
    command = [sys.executable, "tests/benchmarks/annex.py", "--rows", "30", "--runs", "1"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert [line.split()[0] for line in run.stdout.splitlines()[1:]] == ["openpyxl", "tracker"]


def test_the_repaints_benchmark_prints_move_page_and_filter() -> None:
    command = [sys.executable, "tests/benchmarks/repaint.py", "--rows", "300", "--keys", "3"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert [line.split()[0] for line in run.stdout.splitlines()] == ["300", "move", "page", "filter"]
