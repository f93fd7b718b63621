"""What may be written after an option, and what it is read as."""

import argparse
import re
from datetime import date, datetime, time

from tracker.clocks import CHINA
from tracker.language import _
from tracker.months import month_of


def day(words: str) -> date:
    """A day: 2026-10-31."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(_("日期写成 2026-10-31：{words}", words=words)) from None


def month(words: str) -> date:
    """The first day of a month: 2026-10."""
    found = month_of(words)
    if found is None:
        raise argparse.ArgumentTypeError(_("月份写成 2026-10：{words}", words=words))
    return found


def count(words: str) -> int:
    """A whole number above 0."""
    if not re.fullmatch(r"[1-9][0-9]{0,5}", words):
        raise argparse.ArgumentTypeError(_("这里要写一个大于 0 的整数：{words}", words=words))
    return int(words)


def number(words: str) -> int | float:
    """A number, whole where it is written so."""
    try:
        return int(words) if re.fullmatch(r"[0-9]{1,15}", words) else float(words)
    except ValueError:
        raise argparse.ArgumentTypeError(_("这里要写一个数：{words}", words=words)) from None


def year(words: str) -> int:
    """A year of this century."""
    if not re.fullmatch("20[0-9]{2}", words):
        raise argparse.ArgumentTypeError(_("年份写成 2027：{words}", words=words))
    return int(words)


def moment(words: str) -> datetime:
    """A moment; a bare day is its end."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", words):
            return datetime.combine(date.fromisoformat(words), time(23, 59, 59), CHINA)
        found = datetime.fromisoformat(words)
    except ValueError:
        message = _("时刻写成 2026-11-02 或 2026-11-02T16:40：{words}", words=words)
        raise argparse.ArgumentTypeError(message) from None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)
