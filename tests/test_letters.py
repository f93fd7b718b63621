"""The records of letters: which hold, and each mistake at its place."""

from datetime import datetime
from pathlib import Path

import pytest
from ladders import LADDER, REMINDED, judged, marked, sent
from tiny import build

from tracker.cli import main
from tracker.clocks import CHINA
from tracker.letters import read_letters
from tracker.plan_files import load
from tracker.workspace import Workspace


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (REMINDED.replace('"east"', '"eest"'), "E08", 4),
        (REMINDED.replace('"remind"', '"reminder"'), "E07", 3),
        (REMINDED.replace('"mine-1"', '"mine-99"'), "E07", 5),
        (REMINDED.replace('"mine-1"', '"report@2026-13"'), "E07", 5),
        (REMINDED.replace('"mine-1"', ""), "E04", 5),
        (REMINDED.replace("T09:00:00+08:00", "T09:00:00"), "E05", 8),
        (REMINDED + "colour = 1\n", "E03", 11),
        (REMINDED + "[[ltter]]\nx = 1\n", "E03", 11),
        (REMINDED.replace("2026-10-09", "十月九日", 1), "E02", 6),
        (REMINDED + REMINDED, "E11", 11),
        (REMINDED + marked("2号", "signed", "2026-10-10"), "E07", 11),
        (REMINDED + marked("1号", "lost", "2026-10-10"), "E06", 13),
        (sent("1号", "urge", "mine-1", "2026-10-09"), "E04", 1),
        (REMINDED + sent("2号", "urge", "mine-2@2026-08", "2026-10-20"), "E04", 11),
        (REMINDED + sent("2号", "urge", "mine-1", "2026-10-08"), "E04", 11),
        (REMINDED + sent("2号", "urge", "mine-1", "2026-10-20", unit="west"), "E04", 11),
        (REMINDED + sent("2号", "talk", "mine-1", "2026-10-20"), "E04", 11),
    ],
)
def test_a_mistake_in_the_letters_is_named_at_its_place(text: str, code: str, line: int, tmp_path: Path) -> None:
    build(tmp_path, {"2026-10/letters.toml": text}, LADDER)
    programme, _problems = load(tmp_path / "plans", "city")
    assert programme is not None
    _book, problems = read_letters(Workspace(tmp_path), programme)
    assert [(p.code, p.place.line) for p in problems] == [(code, line)]
    assert main(["check"], datetime(2026, 11, 1, tzinfo=CHINA), tmp_path) == 1
    kept = tmp_path / "status/city/2026-10/letters.toml"
    assert main(["check", str(kept)], datetime(2026, 11, 1, tzinfo=CHINA), tmp_path) == 1


def test_a_step_skipped_for_a_reason_and_praise_are_read(tmp_path: Path) -> None:
    letters = (
        sent("1号", "talk", "mine-1", "2026-10-09", 'skipped = "已造成事故"')
        + '[[praise]]\nunit = "west"\non = 2026-10-09\nby = "刘某"\nat = 2026-10-09T09:00:00+08:00\nreason = "按时"\n'
    )
    snapshot, _found = judged(tmp_path, letters)
    book, problems = read_letters(Workspace(tmp_path), snapshot.programme)
    assert problems == []
    assert [p.unit for p in book.praises] == ["west"]
    assert [s.letter.skipped for s in book.about("east", "mine-1")] == ["已造成事故"]
    assert book.about("west", "mine-1") == ()


def test_nothing_of_a_file_with_unreadable_lines_counts(tmp_path: Path) -> None:
    build(tmp_path, {"2026-10/letters.toml": REMINDED + "[[mark]]\nletter = 1号\n"}, LADDER)
    programme, _problems = load(tmp_path / "plans", "city")
    assert programme is not None
    book, problems = read_letters(Workspace(tmp_path), programme)
    assert book.sent == ()
    assert problems
