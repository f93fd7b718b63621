"""Sealing that is killed, and sealing by two at once: no edition or a whole one."""

import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import pytest
from sealed import EDITION, failures, issue, reported, tree
from tiny import build

from tracker.editions import sealed
from tracker.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two units have reported on September, and the city has verified an item."""
    return reported(tmp_path / "w")


def _killed_at(root: Path, n: int) -> None:
    """Seal, and be killed at the n-th time that something reaches the disk."""
    left = [n]
    real = os.fsync

    def fatal(descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        real(descriptor)

    os.fsync = fatal  # type: ignore[assignment]
    issue(root)


def test_killed_at_any_moment_there_is_no_edition_or_a_whole_one_and_the_next_run_completes_it(
    root: Path, tmp_path: Path
) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["test_editions_interrupted"])
    kills = 0
    for n in range(0, 42, 5):
        world = tmp_path / f"k{n}"
        shutil.copytree(root, world)
        before = {name: content for name, content in tree(world).items() if "/edition/" not in name}
        process = context.Process(target=_killed_at, args=(world, n))
        process.start()
        process.join(60)
        kills += process.exitcode == -signal.SIGKILL
        is_sealed = bool(sealed(Workspace(world), "city"))
        assert failures(world) == []
        assert {name: tree(world)[name] for name in before} == before
        found = issue(world)
        assert bool(found.refusal) == is_sealed
        assert failures(world) == []
        assert len(sealed(Workspace(world), "city")) == 1
    assert kills >= 5


def test_what_an_interrupted_sealing_left_gives_way_and_what_others_put_there_stays(root: Path) -> None:
    build(
        root,
        {"2026-09/edition/report-gone.md": "x", "2026-09/edition/manifest.toml": "", "2026-09/edition/我的.docx": "x"},
    )
    assert issue(root).refusal == ""
    assert failures(root) == [(f"{EDITION}/我的.docx", "清单里没有这个文件。")]


def test_of_two_at_once_one_seals_and_the_other_says_so(root: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    with context.Pool(2) as pool:
        found = pool.map(issue, [root, root])
    assert sorted(bool(one.refusal) for one in found) == [False, True]
    assert failures(root) == []
