"""The worlds that are measured are right, the peers answer the same, and the tables say what was measured.

Small sizes, for correctness: no time is held to anything here.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import peers
import pytest
import run
from generate import Size, build
from measuring import Median, exponent
from results import Bound, Group, Line, document

from tracker.cli import main

ROOT = Path(__file__).parent.parent
SMALL = Size(units=2, months=4, milestones=20)
EVERYTHING = Size(units=14, months=9, milestones=90, second_versions=0.3, broken=0.3)
"""Two programmes in which all that can happen does."""


def test_a_world_has_the_mistakes_it_was_given_and_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = build(tmp_path / "w", EVERYTHING)
    assert set(world.broken.values()) == {"E07", "E10", "E13"}
    assert main(["check", "-C", str(tmp_path / "w")]) == 1
    found = re.findall(r"^(status/\S+?\.toml)\S* (\w+) ", "".join(capsys.readouterr()), re.MULTILINE)
    assert dict(found) == world.broken
    assert len(found) == len(world.broken)


def test_without_mistakes_a_world_is_well(tmp_path: Path) -> None:
    build(tmp_path / "w", replace(EVERYTHING, broken=0))
    assert main(["check", "-C", str(tmp_path / "w")]) == 0


def test_a_world_has_versions_parts_returns_extensions_and_late_files(tmp_path: Path) -> None:
    world = build(tmp_path / "w", EVERYTHING)
    texts = {path: path.read_text(encoding="utf-8") for path in (tmp_path / "w" / "status").rglob("*.toml")}
    rulings = "".join(text for path, text in texts.items() if path.name == "decisions.toml")
    assert Counter(re.findall(r'kind = "(\w+)"', rulings)).keys() == {"return", "extend", "verify"}
    submissions = [text for path, text in texts.items() if path.name.startswith("u")]
    assert (world.files, world.updates) == (len(submissions), sum(text.count("[[update]]") for text in submissions))
    assert world.bytes == sum(len(text.encode()) for text in submissions)
    assert any('part = ["plan1", "plan2"]' in text for text in submissions)
    received = re.findall(r"received = \d+-\d+-(\d\d)", "".join(texts.values()))
    assert set(received) == {"02", "05"}


def test_the_same_seed_gives_the_same_bytes_and_another_another_world(tmp_path: Path) -> None:
    worlds = []
    for name, size in (("a", SMALL), ("b", SMALL), ("c", replace(SMALL, seed=2))):
        build(tmp_path / name, size)
        worlds.append({p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.toml")})
    assert worlds[0] == worlds[1]
    assert worlds[0] != worlds[2]


def test_every_peer_that_is_installed_finds_the_same_number_late(tmp_path: Path) -> None:
    build(tmp_path / "w", Size(units=3, milestones=30, second_versions=0.2))
    seen = list(peers.snapshots(tmp_path / "w"))
    late = sum(s.is_late for snapshot in seen for s in snapshot.standings)
    owed = peers.items(seen)
    assert late == sum(item.is_late for item in owed) > 0
    assert _said(peers.workbooks(seen, tmp_path / "books")) == f"{late}\n"
    if overdue := peers.taskwarrior(tmp_path / "task", owed):
        assert _said([*overdue[:-1], "+OVERDUE", "count"]) == f"{late}\n"
        assert _said(overdue).count("plan") == late
    if balance := peers.hledger(tmp_path / "hledger", owed):
        assert _said(balance).splitlines()[-1].split() == [str(late)]
    if matrix := peers.duckdb(seen, tmp_path / "duckdb"):
        rows = [line.split() for line in _said(matrix).splitlines()]
        assert (sum(int(row[-1]) for row in rows), sum(int(row[-2]) for row in rows)) == (late, len(owed))
    few = [*owed[:20], *(item for item in owed if item.is_late)][:40]
    if plan := peers.taskjuggler(tmp_path / "tj3", few):
        _said(plan)
        rows_and_heading = (tmp_path / "tj3" / "late.csv").read_text(encoding="utf-8").splitlines()
        assert len(rows_and_heading) - 1 == sum(item.is_late for item in few)


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_benchmark_prints_bounds_with_what_was_measured_and_says_what_is_not_installed(tmp_path: Path) -> None:
    command = [sys.executable, "tests/benchmarks/run.py", "--quick", "--only", "warm,first-read,month"]
    nothing_installed = {**os.environ, "PATH": str(tmp_path)}
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=nothing_installed)
    rows = {line.split("|")[1].strip(): line for line in run.stdout.splitlines() if line.startswith("|")}
    assert {"只启动 Python", "openpyxl 读各单位的工作簿"} <= rows.keys()
    assert "≤ 8 × 只启动 Python" in rows["`tracker overdue` 索引热"]
    assert "≤ 0.6 × openpyxl" in rows["`tracker overdue` 第一次读"]
    assert "≤ 1.5 × 导入 pydantic" in rows["来了一个月的文件"]
    assert "taskwarrior `overdue`：没有安装，没有比（apt-get install taskwarrior）。" in run.stdout


def test_an_unknown_group_is_refused_and_the_known_are_said() -> None:
    command = ["tests/benchmarks/run", "--only", "wram"]
    this_python = {**os.environ, "PYTHON": sys.executable}
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=this_python)
    assert run.returncode == 2
    assert "wram" in run.stderr
    assert "first-read-province" in run.stderr


def test_the_exponent_of_a_made_up_line_is_its_slope() -> None:
    assert exponent({1: 3.0, 10: 30.0, 100: 300.0}) == pytest.approx(1)
    assert exponent({size: 2 * size**1.5 for size in (1, 10, 100)}) == pytest.approx(1.5)
    assert exponent({1: 4.0, 10: 4.0}) == pytest.approx(0)


def test_results_written_anew_keep_what_was_not_measured_again_and_what_was_written_by_hand() -> None:
    bounds = (Bound("≤ 8 × 甲", "9.10", is_kept=False),)
    line = Line("乙", Median(0.5, 0.25, 0.2, 0.3, 40_000_000), 1_500_000, bounds)
    own = "## 时间花在哪里，下一步试什么\n\n手写的。\n"
    before = f"# 旧的\n\n旧机器。\n\n## 城市\n\n旧的数。\n\n## 省\n\n以前测的。\n\n{own}"
    written = document([Group("城市", (line,), ("12 个单位。",))], "机器：一台。", before, is_all=False)
    assert "| 乙 | 500 | 250 | 200..300 | 40 | 1.5 | ≤ 8 × 甲 | 9.10 | **没有** |" in written
    assert "机器：一台。" in written
    assert "## 省\n\n以前测的。\n" in written
    assert written.endswith(own)
    assert "旧" not in written
    assert document([], "机器：一台。", written, is_all=False) == written
    assert document([], "机器：一台。", written, is_all=True) == f"# 测得的结果\n\n机器：一台。\n\n{own}"


def test_the_results_are_whole_and_of_one_run() -> None:
    """Numbers of two runs side by side would compare two moods of a machine."""
    *measured, own = (ROOT / "tests/benchmarks/RESULTS.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert own.startswith("时间花在哪里")
    runs = Counter(line for section in measured for line in section.split("\n") if "`tests/benchmarks/run" in line)
    assert list(runs.values()) == [len(measured)] == [len(run.GROUPS)]


def test_the_annexs_benchmark_prints_its_ratio_to_openpyxl() -> None:
    command = [sys.executable, "tests/benchmarks/annex.py", "--rows", "30", "--runs", "1"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert [line.split()[0] for line in run.stdout.splitlines()[1:]] == ["openpyxl", "tracker"]


def test_the_repaints_benchmark_prints_move_page_and_filter() -> None:
    command = [sys.executable, "tests/benchmarks/repaint.py", "--rows", "300", "--keys", "3"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert [line.split()[0] for line in run.stdout.splitlines()] == ["300", "move", "page", "filter"]
