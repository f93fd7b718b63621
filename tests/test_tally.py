"""The year's tally: every count is the length of its rows, and every row says where it comes from."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from ladders import DONE, LADDER, REMINDED, marked, sent
from tiny import PROGRAMME, build, decision, head, receipt, see

from tracker.cli import main
from tracker.clocks import CHINA
from tracker.letters import Book, read_letters
from tracker.tally import COLUMNS, Tally, steps_words, tallies, tally_row
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=CHINA)
AUGUST = head(month="2026-08", more='rest = "unchanged"')


def year_of(
    root: Path,
    files: dict[str, str] | None = None,
    as_of: str = "2026-11-21",
    year: int = 2026,
    unit: str = "east",
) -> Tally:
    """A unit's year in the tiny workspace."""
    snapshot = see(root, files, as_of=date.fromisoformat(as_of), plans=LADDER)
    book, problems = read_letters(Workspace(root), snapshot.programme)
    assert problems == []
    return next(t for t in tallies(snapshot, book, year) if t.unit.id == unit)


def words(found: Tally, key: str) -> list[str]:
    """The rows behind a count."""
    return [trace.words for trace in found.traces[key]]


def test_a_unit_that_never_sent_anything(tmp_path: Path) -> None:
    found = year_of(tmp_path)
    # October is known by June 2027; November is not over on the day judged on, but its day has passed by then.
    assert words(found, "missing_reports") == ["2026-08 未报", "2026-09 未报", "2026-10 未报", "2026-11 未报"]
    assert words(found, "late_reports") == []
    assert [w.partition(" ")[0] for w in words(found, "overdue")] == ["mine-1", "chem-3"]
    assert [w.partition(" ")[0] for w in words(found, "missed")] == [
        "mine-2@2026-08",
        "mine-2@2026-09",
        "mine-2@2026-10",
    ]
    assert all(not found.traces[key] for key in ("returned", "extensions", "verified_on_time", "praise", "letters"))
    assert found.steps == {}


def test_reports_are_late_by_their_first_receipt_and_only_those_of_the_year_count(tmp_path: Path) -> None:
    files = {
        "2026-08/east.toml": AUGUST,
        "2026-08/receipts.toml": receipt("east.toml", AUGUST, "2026-09-07T10:00:00+08:00"),
        "2026-09/east.toml": DONE,
        "2026-09/receipts.toml": receipt("east.toml", DONE, "2026-09-30T10:00:00+08:00"),
    }
    found = year_of(tmp_path, files, "2026-10-21")
    assert words(found, "late_reports") == ["2026-08 迟报 09-07 10:00"]
    [trace] = found.traces["late_reports"]
    assert str(trace.place) == "status/city/2026-08/east.toml"
    assert "2026-09 未报" not in words(found, "missing_reports")
    assert words(year_of(tmp_path, files, "2026-10-21", 2025), "late_reports") == []


def test_a_report_whose_day_has_not_passed_is_not_missing_and_nothing_is_late_before_its_year(tmp_path: Path) -> None:
    on_the_day = datetime(2026, 10, 2, 12, 0, tzinfo=CHINA)
    snapshot = see(tmp_path, as_of=date(2026, 10, 2), known_by=on_the_day)
    [found, _west] = tallies(snapshot, Book(), 2026)
    assert words(found, "missing_reports") == ["2026-08 未报"]
    assert words(year_of(tmp_path, year=2025), "overdue") == []


def test_without_a_rule_of_reporting_no_report_is_counted(tmp_path: Path) -> None:
    plain = {"programme.toml": PROGRAMME.partition("[[report]]")[0]}
    snapshot = see(tmp_path, as_of=date(2026, 10, 31), plans=plain)
    assert {len(t.traces["missing_reports"]) for t in tallies(snapshot, Book(), 2026)} == {0}


def test_what_was_done_late_or_closed_as_explained_was_missed_all_the_same(tmp_path: Path) -> None:
    said = head(month="2026-10") + "".join(
        f'[[update]]\nitem = "{item}"\nstate = "已完成"\ndone_on = {day}\n'
        for item, day in (("mine-1", "2026-10-08"), ("mine-2@2026-09", "2026-10-05"), ("mine-2@2026-10", "2026-10-20"))
    )
    closed = decision("close", "east", "2026-10-09T09:00:00+08:00", 'item = "mine-2@2026-08"')
    found = year_of(tmp_path, {"2026-10/east.toml": said, "2026-10/decisions.toml": closed}, "2026-10-31")
    assert words(found, "overdue") == ["mine-1 公布包保名单：2026-09-30 到期，已完成（待核实），晚 8 天"]
    assert [w.partition(" ")[0] for w in words(found, "missed")] == ["mine-2@2026-08", "mine-2@2026-09"]
    assert "已说明结案" in words(found, "missed")[0]
    # Done in 2026 and late in 2026, so not of the year after.
    assert words(year_of(tmp_path, as_of="2026-10-31", year=2027), "overdue") == []


def test_rulings_letters_and_praise_of_the_year(tmp_path: Path) -> None:
    rulings = (
        decision("return", "east", "2026-10-03T09:00:00+08:00", 'file = "east.toml"')
        + decision("return", "east", "2026-10-04T09:00:00+08:00", 'item = "mine-1"')
        + decision("extend", "east", "2026-09-20T09:00:00+08:00", 'item = "chem-3"\nuntil = 2026-11-30')
        + decision("extend", "east", "2026-09-21T09:00:00+08:00", 'item = "mine-7"\ngranted = false')
        + decision("extend", "west", "2026-09-21T09:00:00+08:00", 'item = "chem-3"\nuntil = 2026-11-30')
        + decision("verify", "east", "2026-10-05T09:00:00+08:00", 'item = "mine-2@2026-09"')
        + decision("verify", "east", "2026-10-06T09:00:00+08:00", 'item = "mine-2@2026-08"')
        + decision("return", "east", "2025-12-31T09:00:00+08:00", 'file = "old.toml"')
    )
    letters = (
        REMINDED
        + marked("1号", "signed", "2026-10-10")
        + sent("2号", "urge", "mine-1", "2026-10-21")
        + '[[praise]]\nunit = "east"\non = 2026-10-09\nby = "刘某"\nat = 2026-10-09T09:00:00+08:00\nreason = "按时"\n'
        + '[[praise]]\nunit = "east"\non = 2025-10-09\nby = "刘某"\nat = 2026-10-09T09:00:00+08:00\nreason = "早年"\n'
    )
    files = {
        "2026-09/east.toml": DONE,
        "2026-09/receipts.toml": receipt("east.toml", DONE, "2026-09-30T10:00:00+08:00"),
        "2026-10/decisions.toml": rulings,
        "2026-10/letters.toml": letters,
    }
    found = year_of(tmp_path, files)
    assert words(found, "returned") == ["2026-10-03 east.toml：属实", "2026-10-04 mine-1 公布包保名单：属实"]
    assert words(found, "extensions") == ["2026-09-20 chem-3 安全评估，至 2026-11-30：属实"]
    assert [w.partition(" ")[0] for w in words(found, "verified_on_time")] == ["mine-2@2026-08", "mine-2@2026-09"]
    assert words(found, "praise") == ["2026-10-09 按时"]
    assert words(found, "letters") == ["2026-10-09 提醒 1号", "2026-10-21 督促 2号"]
    snapshot = see(tmp_path, files, plans=LADDER)
    assert found.steps == {"remind": 1, "urge": 1}
    assert steps_words(snapshot.programme, found) == "提醒 1、督促 1"


def test_every_count_is_the_number_of_its_rows(tmp_path: Path) -> None:
    found = year_of(tmp_path)
    snapshot = see(tmp_path, plans=LADDER)
    row = tally_row(snapshot.programme, found)
    for key in COLUMNS:
        assert row[key] == len(row["rows"][key])
    assert row["unit"] == "east"


def test_the_citys_own_unit_has_no_tally(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    assert [t.unit.id for t in tallies(snapshot, Book(), 2026)] == ["east", "west"]


def test_the_command_lists_the_units_and_on_request_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tally", "2026"], NOW, ROOT) == 0
    said = capsys.readouterr()
    rows = {row[0]: row for row in (line.split("\t") for line in said.out.splitlines())}
    assert rows["单位"] == ["单位", "迟报", "未报", "退回", "逾期", "漏报期次", "延期", "按期销号", "表扬", "函件"]
    assert rows["莘县"][-1] == "提醒 2、督促 1"
    assert rows["东阿县"][-2] == "1"
    assert "2026 年考核统计" in said.err
    assert main(["tally", "2026", "--unit", "donge"], NOW, ROOT) == 0
    said = capsys.readouterr()
    assert "表扬\t2026-11-06 8月至10月连续按时报送，没有逾期　status/liaocheng/2026-11/letters.toml" in said.out
    assert "莘县" not in said.out
    assert main(["tally", "2026", "--unit", "guanxian"], NOW, ROOT) == 0
    assert "未报\t2026-09 未报\n" in capsys.readouterr().out
    assert main(["tally", "2026", "--json"], NOW, ROOT) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["programme"] for row in found} == {"liaocheng"}
    assert next(row for row in found if row["unit"] == "shenxian")["letters"] == {"remind": 2, "urge": 1}


def test_a_year_without_records_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path)
    assert main(["tally", "2031"], NOW, tmp_path) == 2
    assert "2031" in capsys.readouterr().err
    assert main(["tally", "2026", "--unit", "eas"], NOW, tmp_path) == 2
    assert "east" in capsys.readouterr().err
