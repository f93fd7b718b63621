"""Who has reported on a month, and from when reports are late."""

from datetime import date, datetime
from pathlib import Path

import pytest
import tiny
from autumn import FILES, ON_TIME, TOO_LATE, entry
from tiny import CHINA, LATER, OCTOBER, PROGRAMME, decision, head, receipt, see

from tracker.plan_files import load
from tracker.plans import Programme
from tracker.reporting import asked, reporting, reporting_words
from tracker.summary import summary


@pytest.mark.parametrize(
    ("month", "day", "late_after", "holiday"),
    [
        (date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 2), "国庆节"),
        (date(2026, 10, 1), date(2026, 11, 2), date(2026, 11, 2), ""),
        (date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 2), "周日"),
        (date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 2), "周六"),
    ],
)
def test_a_month_is_asked_for_on_the_last_working_day_and_late_from_the_day_itself(
    programme: Programme, month: date, day: date, late_after: date, holiday: str
) -> None:
    found = asked(programme, month)
    assert found is not None
    assert (found.month, found.asked.day, found.late_after) == (month, day, late_after)
    assert (found.asked.over[0].name if found.asked.day != found.asked.was else "") == holiday
    assert found.rule.source == "每月3日前"


def test_a_year_whose_holidays_are_not_announced_gives_an_answer_marked_assumed(programme: Programme) -> None:
    found, known = asked(programme, date(2031, 1, 1)), asked(programme, date(2026, 9, 1))
    assert found is not None
    assert known is not None
    assert (found.asked.day, found.asked.assumed, known.asked.assumed) == (date(2031, 1, 31), True, False)


def test_a_rule_may_move_the_day_lateness_begins_too(tmp_path: Path) -> None:
    rule = PROGRAMME.replace('roll = "earlier"', 'roll = "none"\nlate_roll = "later"')
    found = asked(tiny.programme(tmp_path, {"programme.toml": rule}), date(2026, 9, 1))
    assert found is not None
    assert (found.asked.day, found.late_after) == (date(2026, 10, 2), date(2026, 10, 8))


def test_a_day_that_the_month_does_not_have_is_its_last(tmp_path: Path) -> None:
    rule = PROGRAMME.replace("ask_by = 2", "ask_by = 30").replace("late_after = 2", "late_after = 31")
    tiny.build(tmp_path, plans={"programme.toml": rule.replace('"earlier"', '"none"')})
    programme, _problems = load(tmp_path / "plans", "city")
    assert programme is not None
    found = asked(programme, date(2026, 1, 1))
    assert found is not None
    assert (found.asked.day, found.late_after) == (date(2026, 2, 28), date(2026, 2, 28))


@pytest.mark.parametrize("every", ["quarter", ""])
def test_a_programme_without_a_monthly_rule_asks_for_no_month(tmp_path: Path, every: str) -> None:
    before, after = PROGRAMME.split("[[report]]")
    text = f"{before}[[report]]{after.replace('month', every)}" if every else before
    snapshot = see(tmp_path, FILES, plans={"programme.toml": text})
    assert asked(snapshot.programme, OCTOBER) is None
    assert [r.status for r in reporting(snapshot, OCTOBER)] == ["on-time", "on-time", "missing"]
    # Without a day nobody can say that there is still time.
    early = see(tmp_path, FILES, known_by=datetime(2026, 10, 2, tzinfo=CHINA), plans={"programme.toml": text})
    assert [r.status for r in reporting(early, OCTOBER)] == ["on-time", "on-time", "missing"]


def reported(root: Path, files: dict[str, str], known_by: datetime = LATER) -> list[tuple[str, str, int, str]]:
    found = reporting(see(root, files, known_by=known_by), OCTOBER)
    return [(r.unit.id, r.status, r.versions, r.file.rpartition("/")[2]) for r in found]


def test_reports_are_on_time_late_held_or_missing_by_their_receipts(tmp_path: Path) -> None:
    east, west = head(), head("west")
    files = {
        "2026-10/east.toml": east,
        "2026-10/west.toml": west,
        "2026-10/bureau.toml": head("bureau").replace('"bureau"', "bureau", 1).replace("bureau", '"bureau"', 1)
        + "x = y",
        "2026-10/receipts.toml": receipt("east.toml", east, ON_TIME) + receipt("west.toml", west, TOO_LATE),
    }
    assert reported(tmp_path, files) == [
        ("east", "on-time", 1, "east.toml"),
        ("west", "late", 1, "west.toml"),
        ("bureau", "held", 1, "bureau.toml"),
    ]
    assert reported(tmp_path, {}, datetime(2026, 11, 3, tzinfo=CHINA))[:2] == [
        ("east", "on-time", 1, "east.toml"),
        ("west", "missing", 0, ""),
    ]


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-10-02T09:00:00+08:00", "awaited"),
        ("2026-11-02T23:59:59+08:00", "awaited"),
        ("2026-11-03T00:00:00+08:00", "missing"),
        ("2026-11-02T15:59:59+00:00", "awaited"),
        ("2026-11-02T16:00:00+00:00", "missing"),
        ("2026-11-03T00:30:00+09:00", "awaited"),
    ],
)
def test_what_has_not_come_is_awaited_until_the_day_has_passed_in_china(
    tmp_path: Path, moment: str, status: str
) -> None:
    known_by = datetime.fromisoformat(moment)
    assert reported(tmp_path, {}, known_by) == [(unit, status, 0, "") for unit in ("east", "west", "bureau")]
    assert summary(see(tmp_path, known_by=known_by)).not_reported == (0 if status == "awaited" else 3)


@pytest.mark.parametrize(
    ("received", "status"),
    [
        ("2026-11-02T15:59:00Z", "on-time"),
        ("2026-11-02T16:30:00Z", "late"),
        ("2026-11-03T00:30:00+09:00", "on-time"),
        ("2026-11-02T20:00:00-05:00", "late"),
    ],
)
def test_a_receipt_of_any_zone_is_held_to_the_day_in_china(tmp_path: Path, received: str, status: str) -> None:
    files = {"2026-10/east.toml": head(), "2026-10/receipts.toml": receipt("east.toml", head(), received)}
    assert reported(tmp_path, files)[0] == ("east", status, 1, "east.toml")


def test_while_there_is_time_a_file_held_or_sent_back_is_called_so_and_counted(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": head(),
        "2026-10/west.toml": head("west") + "x = y",
        "2026-10/decisions.toml": back("return", 1),
    }
    noon = datetime(2026, 11, 2, 12, tzinfo=CHINA)
    assert [row[:2] for row in reported(tmp_path, files, noon)] == [
        ("east", "returned"),
        ("west", "held"),
        ("bureau", "awaited"),
    ]
    assert summary(see(tmp_path, known_by=noon)).not_reported == 2


def test_this_months_reports_are_awaited_while_last_months_are_missing(tmp_path: Path) -> None:
    page = summary(see(tmp_path, known_by=datetime(2026, 11, 1, tzinfo=CHINA)))
    assert (page.not_reported, page.not_reported_before) == (0, 3)


def test_the_first_version_decides_lateness_and_the_last_one_is_shown(tmp_path: Path) -> None:
    first, second = head(), head(more='rest = "unchanged"')
    files = {
        "2026-10/east.toml": first,
        "2026-10/east.2.toml": second,
        "2026-10/receipts.toml": receipt("east.toml", first, ON_TIME) + receipt("east.2.toml", second, TOO_LATE),
    }
    assert reported(tmp_path, files)[0] == ("east", "on-time", 2, "east.2.toml")
    snapshot = see(tmp_path)
    assert reporting(snapshot, OCTOBER)[0].received == datetime.fromisoformat(ON_TIME)


def test_of_two_versions_without_receipts_the_higher_one_is_the_last(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head(), "2026-10/east.2.toml": head(more='rest = "unchanged"')}
    assert reported(tmp_path, files, datetime.fromisoformat(ON_TIME))[0] == ("east", "on-time", 2, "east.2.toml")


def back(kind: str, day: int, more: str = "") -> str:
    return decision(kind, "east", f"2026-11-{day:02}T09:00:00+08:00", f'file = "east.toml"\n{more}')


@pytest.mark.parametrize(
    ("rulings", "status"),
    [
        (back("return", 3), "returned"),
        (back("withdraw", 3), "returned"),
        (back("return", 3) + back("accept", 4), "late"),
        (back("accept", 4) + back("return", 3), "late"),
        (back("return", 3, 'sha256 = "of another content"'), "late"),
        (decision("return", "east", TOO_LATE, 'item = "mine-7"\nfile = "east.toml"'), "late"),
        (back("return", 3).replace("2026-11-03", "2027-11-03"), "late"),
    ],
)
def test_a_report_is_returned_if_the_latest_known_ruling_on_it_as_it_is_says_so(
    tmp_path: Path, rulings: str, status: str
) -> None:
    files = {"2026-10/east.toml": head() + entry("mine-7"), "2026-10/decisions.toml": rulings}
    assert reported(tmp_path, files)[0] == ("east", status, 1, "east.toml")


def test_of_two_returned_versions_the_last_one_is_shown(tmp_path: Path) -> None:
    rulings = back("return", 3) + back("return", 4).replace("east.toml", "east.2.toml")
    files = {"2026-10/east.toml": head(), "2026-10/east.2.toml": head(), "2026-10/decisions.toml": rulings}
    assert reported(tmp_path, files)[0] == ("east", "returned", 2, "east.2.toml")


def test_a_new_version_answers_a_returned_one(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head(), "2026-10/east.2.toml": head(), "2026-10/decisions.toml": back("return", 3)}
    assert reported(tmp_path, files)[0] == ("east", "late", 2, "east.2.toml")


def test_an_opening_file_is_no_report_and_units_without_the_duty_are_left_out(tmp_path: Path) -> None:
    rule = PROGRAMME.replace("ask_by", 'units = ["east"]\nask_by')
    opening = head(month="2026-07", more="opening = true")
    snapshot = see(tmp_path, {"opening/east.toml": opening}, plans={"programme.toml": rule})
    assert [(r.unit.id, r.status) for r in reporting(snapshot, date(2026, 7, 1))] == [("east", "missing")]


def test_every_reporting_status_has_its_words() -> None:
    words = [reporting_words(status) for status in ("on-time", "late", "missing", "returned", "held", "awaited")]
    assert words == ["按时报送", "迟报", "未报", "退回待报", "暂存待改", "待报"]
