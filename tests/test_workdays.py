"""Working days: announced, entered by the office, assumed; and a second library's opinion."""

import subprocess
import sys
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.clocks import CHINA
from tracker.workdays import FIXED, NAMES, Day, Workdays

ANNOUNCED = Workdays()
DAYS_2024_TO_2026 = [date(2024, 1, 1) + timedelta(days=n) for n in range(366 + 365 + 365)]

OFFICE_2027 = Workdays(
    {
        2027: {
            date(2027, 1, 1): (False, "元旦"),
            date(2027, 2, 5): (False, "春节"),
            date(2027, 2, 6): (False, "春节"),
            date(2027, 2, 8): (False, "春节"),
            date(2027, 2, 20): (True, "调休上班"),
        }
    }
)


def test_another_library_agrees_on_every_day_of_2024_to_2026() -> None:
    china = holidays.country_holidays("CN", years=[2024, 2025, 2026])
    ours = {on: ANNOUNCED.day(on).is_working for on in DAYS_2024_TO_2026}
    assert ours == {on: china.is_working_day(on) for on in DAYS_2024_TO_2026}


def test_a_day_off_always_has_a_name_and_2024_to_2026_are_announced() -> None:
    for on in DAYS_2024_TO_2026:
        day = ANNOUNCED.day(on)
        assert (day.on, day.basis) == (on, "announced")
        assert day.is_working or day.name
        assert (day.name == "调休上班") == (day.is_working and on.weekday() >= 5)


@pytest.mark.parametrize(
    ("on", "is_working", "name"),
    [
        ("2024-02-10", False, "春节"),
        ("2024-02-18", True, "调休上班"),
        ("2025-10-08", False, "国庆节"),
        ("2025-10-11", True, "调休上班"),
        ("2026-01-01", False, "元旦"),
        ("2026-04-06", False, "清明节"),
        ("2026-05-01", False, "劳动节"),
        ("2026-06-19", False, "端午节"),
        ("2026-09-20", True, "调休上班"),
        ("2026-09-25", False, "中秋节"),
        ("2026-09-30", True, ""),
        ("2026-10-01", False, "国庆节"),
        ("2026-10-07", False, "国庆节"),
        ("2026-10-08", True, ""),
        ("2026-10-10", True, "调休上班"),
        ("2026-10-31", False, "周六"),
        ("2026-11-01", False, "周日"),
        ("2015-09-03", False, "抗战胜利纪念日"),
    ],
)
def test_an_announced_day_says_what_it_is(on: str, is_working: bool, name: str) -> None:
    day = date.fromisoformat(on)
    assert ANNOUNCED.day(day) == Day(day, is_working, name, "announced")


def test_every_holiday_of_the_package_has_a_chinese_name() -> None:
    assert {holiday.value for holiday in chinese_calendar.Holiday} == set(NAMES)


FIXED_BY_LAW = {
    "01-01": "元旦",
    "05-01": "劳动节",
    "05-02": "劳动节",
    **dict.fromkeys(("10-01", "10-02", "10-03"), "国庆节"),
}


@pytest.mark.parametrize("year", [2003, 2027, 2028])
def test_a_year_without_a_notice_is_judged_by_the_weekday_and_the_law_and_says_so(year: int) -> None:
    first = date(year, 1, 1)
    days = [ANNOUNCED.day(first + timedelta(days=n)) for n in range((date(year + 1, 1, 1) - first).days)]
    assert {day.basis for day in days} == {"assumed"}
    for day in days:
        by_law = FIXED_BY_LAW.get(f"{day.on:%m-%d}", "")
        assert day.is_working == (day.on.weekday() < 5 and not by_law)
        assert day.name == (by_law or {5: "周六", 6: "周日"}.get(day.on.weekday(), ""))
    assert sum(day.name in FIXED_BY_LAW.values() for day in days) == 6


def test_the_days_fixed_by_law_are_days_off_in_every_announced_year() -> None:
    assert {f"{month:02}-{day:02}": name for (month, day), name in FIXED.items()} == FIXED_BY_LAW
    for year in (2024, 2025, 2026):
        for month, day in FIXED:
            found = ANNOUNCED.day(date(year, month, day))
            assert (found.is_working, found.basis) == (False, "announced")


def test_in_a_year_the_office_entered_nothing_is_taken_from_the_law() -> None:
    # The notice is whole: what it does not name, it does not grant. 1 October 2027 is a Friday.
    assert OFFICE_2027.day(date(2027, 10, 1)) == Day(date(2027, 10, 1), True, "", "entered")


def test_working_days_step_over_new_years_day_of_a_year_not_announced() -> None:
    # 31 December 2026 is a Thursday; Friday is New Year's Day, then a weekend.
    assert ANNOUNCED.after(date(2026, 12, 30), 2) == date(2027, 1, 4)
    assert ANNOUNCED.nearest(date(2027, 1, 2), -1) == date(2026, 12, 31)
    assert ANNOUNCED.nearest(date(2027, 1, 1), 1) == date(2027, 1, 4)


def test_days_are_meant_in_chinas_zone() -> None:
    assert CHINA.utcoffset(None) == timedelta(hours=8)


def test_the_calendar_is_not_loaded_until_a_day_is_asked_for() -> None:
    code = (
        "import sys; from datetime import date; from tracker.workdays import Workdays\n"
        "loaded = ['chinese_calendar' in sys.modules]\n"
        "Workdays({2027: {}}).day(date(2027, 3, 1)); loaded.append('chinese_calendar' in sys.modules)\n"
        "Workdays().day(date(2026, 3, 2)); loaded.append('chinese_calendar' in sys.modules)\n"
        "print(loaded)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[False, False, True]"


@pytest.mark.parametrize(
    ("on", "is_working", "name"),
    [
        ("2027-01-01", False, "元旦"),
        ("2027-02-06", False, "春节"),
        ("2027-02-20", True, "调休上班"),
        ("2027-02-21", False, "周日"),
        ("2027-02-27", False, "周六"),
        ("2027-03-01", True, ""),
    ],
)
def test_a_year_the_office_entered_is_known_whole(on: str, is_working: bool, name: str) -> None:
    day = date.fromisoformat(on)
    assert OFFICE_2027.day(day) == Day(day, is_working, name, "entered")


def test_the_office_outweighs_the_package_and_only_for_its_own_year() -> None:
    office = Workdays({2026: {date(2026, 10, 8): (False, "国庆节")}})
    assert office.day(date(2026, 10, 8)) == Day(date(2026, 10, 8), False, "国庆节", "entered")
    assert office.day(date(2026, 10, 1)).is_working
    assert office.day(date(2025, 10, 1)).basis == "announced"
    assert office.day(date(2027, 10, 1)).basis == "assumed"


def test_a_notice_that_speaks_of_the_year_before_is_heard() -> None:
    office = Workdays({2027: {date(2026, 12, 31): (False, "元旦"), date(2026, 12, 26): (True, "调休上班")}})
    assert office.day(date(2026, 12, 31)) == Day(date(2026, 12, 31), False, "元旦", "entered")
    assert office.day(date(2026, 12, 26)) == Day(date(2026, 12, 26), True, "调休上班", "entered")
    assert office.day(date(2026, 12, 30)).basis == "announced"


@pytest.mark.parametrize(
    ("on", "step", "reached"),
    [
        ("2026-10-02", -1, "2026-09-30"),
        ("2026-10-02", 1, "2026-10-08"),
        ("2026-10-08", -1, "2026-10-08"),
        ("2026-10-10", 1, "2026-10-10"),
        ("2026-10-11", 1, "2026-10-12"),
    ],
)
def test_the_nearest_working_day_knows_holidays_and_make_up_days(on: str, step: int, reached: str) -> None:
    assert ANNOUNCED.nearest(date.fromisoformat(on), step) == date.fromisoformat(reached)


@pytest.mark.parametrize(
    ("on", "count", "reached"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),  # the Saturday is worked
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-10-01", 1, "2026-10-08"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-09-30", 0, "2026-09-30"),
        ("2026-10-03", 0, "2026-10-03"),
    ],
)
def test_working_days_are_counted_from_the_day_after(on: str, count: int, reached: str) -> None:
    assert ANNOUNCED.after(date.fromisoformat(on), count) == date.fromisoformat(reached)


@given(st.dates(date(2024, 1, 1), date(2026, 9, 30)), st.integers(1, 40))
def test_between_a_day_and_the_nth_working_day_after_it_lie_n_of_another_library(on: date, count: int) -> None:
    reached = ANNOUNCED.after(on, count)
    china = holidays.country_holidays("CN", years=[2024, 2025, 2026])
    passed = [on + timedelta(days=n) for n in range(1, (reached - on).days + 1)]
    assert sum(china.is_working_day(day) for day in passed) == count
    assert china.is_working_day(reached)


@given(st.dates(date(2024, 3, 1), date(2028, 12, 31)), st.integers(1, 30))
def test_counting_back_from_a_working_day_undoes_counting_forward(on: date, count: int) -> None:
    start = ANNOUNCED.nearest(on, 1)
    assert ANNOUNCED.after(ANNOUNCED.after(start, count), -count) == start
