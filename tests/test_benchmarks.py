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


def test_the_benchmark_prints_ratios_to_a_bare_interpreter_and_to_parsing() -> None:
    small = ["--units", "2", "--months", "3", "--milestones", "20", "--runs", "1"]
    command = [sys.executable, "tests/benchmarks/run.py", *small]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    lines = run.stdout.splitlines()
    assert "x bare" in lines[1]
    assert [line.split("  ")[0] for line in lines[2:]] == [
        "bare python",
        "read with tomllib",
        "read with tracker.source",
        "tracker overdue, cold",
        "tracker overdue, warm",
    ]
