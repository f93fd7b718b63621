"""Silences: read, checked, kept on the snapshot."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tiny import build, head, see, short

from tracker.checking import check_files
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.silence_files import read_silences
from tracker.silences import Silence
from tracker.workspace import Workspace

GOOD = '[[silence]]\ncode = "W12"\nuntil = 2026-12-31\nreason = "口径调整"\nby = "刘某"\n'


def read_text(folder: Path, text: str, programme: Programme) -> tuple[tuple[Silence, ...], list[Problem]]:
    path = folder / "silences.toml"
    path.write_text(text, encoding="utf-8")
    return read_silences(path, "silences.toml", programme)


def test_without_a_file_nothing_is_silent(tmp_path: Path, programme: Programme) -> None:
    assert read_silences(tmp_path / "silences.toml", "silences.toml", programme) == ((), [])


def test_a_silence_is_read_as_it_is_written(tmp_path: Path, programme: Programme) -> None:
    text = GOOD + 'unit = "east"\nitem = "mine-2@2026-08"\n' + GOOD
    silences, problems = read_text(tmp_path, text, programme)
    everywhere = Silence("W12", date(2026, 12, 31), "口径调整", "刘某")
    assert problems == []
    assert silences == (replace(everywhere, unit="east", item="mine-2@2026-08"), everywhere)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GOOD.replace("W12", "W21"), ("E06", 2)),
        (GOOD.replace("W12", "E07"), ("E06", 2)),
        (GOOD + 'unit = "eats"\n', ("E08", 6)),
        (GOOD + 'item = "mine-9@2026-08"\n', ("E07", 6)),
        (GOOD.replace("口径调整", " "), ("E04", 4)),
        (GOOD.replace("刘某", ""), ("E04", 5)),
        (GOOD.replace("until = 2026-12-31\n", ""), ("E04", 1)),
        (GOOD.replace("2026-12-31", '"2026-12-31"'), ("E05", 3)),
        (GOOD + "sha = 1\n", ("E03", 6)),
    ],
)
def test_a_mistake_is_found_at_its_line_and_only_that_silence_does_not_hold(
    tmp_path: Path, programme: Programme, text: str, problem: tuple[str, int]
) -> None:
    silences, problems = read_text(tmp_path, text + GOOD, programme)
    assert short(problems) == [problem]
    assert len(silences) == 1


def test_a_name_that_does_not_belong_there_is_said(tmp_path: Path, programme: Programme) -> None:
    silences, problems = read_text(tmp_path, "[[silences]]\n" + GOOD.split("\n", 1)[1], programme)
    assert [p.code for p in problems] == ["E03"]
    assert silences == ()


def test_of_a_file_with_unreadable_lines_no_silence_holds(tmp_path: Path, programme: Programme) -> None:
    silences, problems = read_text(tmp_path, GOOD + "unit = east\n" + GOOD, programme)
    assert [p.code for p in problems] == ["E02"]
    assert silences == ()


def test_the_snapshot_of_every_day_knows_them_and_they_are_no_submission(tmp_path: Path) -> None:
    loud = see(tmp_path, {"2026-10/east.toml": head()})
    quiet = see(tmp_path, {"silences.toml": GOOD})
    assert loud.silences == ()
    assert [s.code for s in quiet.silences] == ["W12"]
    assert quiet.on(date(2026, 9, 30)).silences == quiet.silences
    assert (quiet.problems, len(quiet.filed)) == ((), 1)
    assert quiet.fingerprint != loud.fingerprint


def test_check_tells_the_mistakes_of_the_file_alone(tmp_path: Path) -> None:
    workspace = Workspace(build(tmp_path, {"silences.toml": GOOD.replace("W12", "W1"), "2026-10/east.toml": head()}))
    path = workspace.silences("city")
    assert short(check_files(workspace, ["city"], [path])) == [("E06", 2)]
    path.write_text(GOOD, encoding="utf-8")
    assert check_files(workspace, ["city"], [path]) == []


def test_the_example_of_the_guide_is_right(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent
    guide = (root / "status" / "README.md").read_text(encoding="utf-8").split("## silences.toml")[1]
    programme, _problems = load(root / "plans", "liaocheng")
    assert programme is not None
    silences, problems = read_text(tmp_path, guide.split("```toml\n")[1].split("```")[0], programme)
    assert (problems, len(silences)) == ([], 1)
