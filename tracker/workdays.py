"""Chinese holidays and make-up working days: announced, entered by the office, or assumed.

The kept package knows the years whose notice it has absorbed. A later year comes from the
office's ``holidays.toml`` (the State Council's notice, cited there). For any other year a
day is judged by the weekday and the days that the law fixes, and the answer says that it is *assumed*.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from tracker.language import _, mark

Basis = Literal["announced", "entered", "assumed"]

NAMES = {
    "New Year's Day": mark("元旦"),
    "Spring Festival": mark("春节"),
    "Tomb-sweeping Day": mark("清明节"),
    "Labour Day": mark("劳动节"),
    "Dragon Boat Festival": mark("端午节"),
    "Mid-autumn Festival": mark("中秋节"),
    "National Day": mark("国庆节"),
    "Anti-Fascist 70th Day": mark("抗战胜利纪念日"),
}

SATURDAY = 5

FIXED = {
    (1, 1): mark("元旦"),
    (5, 1): mark("劳动节"),
    (5, 2): mark("劳动节"),
    (10, 1): mark("国庆节"),
    (10, 2): mark("国庆节"),
    (10, 3): mark("国庆节"),
}
"""Days off by law in any year (全国年节及纪念日放假办法, art. 2), before the year's notice is known."""


@dataclass(frozen=True, slots=True)
class Day:
    """What kind of day a date is."""

    on: date
    is_working: bool
    name: str
    """The holiday, 周六 or 周日, or 调休上班; empty for a plain working day."""
    basis: Basis


@dataclass(frozen=True)
class Workdays:
    """A calendar. ``entered`` holds the years the office entered, each date that departs from
    the weekday mapped to (is it a working day, its name).
    """

    entered: Mapping[int, Mapping[date, tuple[bool, str]]] = field(default_factory=dict)

    def day(self, on: date) -> Day:
        """What kind of day ``on`` is, and on what basis that is known."""
        # A notice may speak of the days around its year: 2019's of 29 December 2018.
        exception = next((days[on] for days in self.entered.values() if on in days), None)
        if exception:
            return Day(on, *exception, "entered")
        if on.year in self.entered:
            return _by_weekday(on, "entered")
        import chinese_calendar  # noqa: PLC0415 - help must not wait for it

        try:
            is_holiday, name = chinese_calendar.get_holiday_detail(on)
        except NotImplementedError:
            return _assumed(on)
        if is_holiday:
            return Day(on, False, _(NAMES[name]) if name in NAMES else _weekday_name(on), "announced")
        return Day(on, True, _("调休上班") if on.weekday() >= SATURDAY else "", "announced")

    def nearest(self, on: date, step: int) -> date:
        """``on`` if it is a working day, else the nearest one ``step`` (1 or -1) days on."""
        while not self.day(on).is_working:
            on += timedelta(days=step)
        return on

    def after(self, on: date, count: int) -> date:
        """The ``count``-th working day after ``on``, which itself is not counted; before it if negative."""
        step = 1 if count > 0 else -1
        for _n in range(abs(count)):
            on = self.nearest(on + timedelta(days=step), step)
        return on


def _assumed(on: date) -> Day:
    """What can be known without the year's notice: weekends, and the days that the law itself fixes."""
    name = FIXED.get((on.month, on.day))
    return Day(on, False, _(name), "assumed") if name else _by_weekday(on, "assumed")


def _by_weekday(on: date, basis: Basis) -> Day:
    weekend = on.weekday() >= SATURDAY
    return Day(on, not weekend, _weekday_name(on) if weekend else "", basis)


def _weekday_name(on: date) -> str:
    return _("周六") if on.weekday() == SATURDAY else _("周日")
