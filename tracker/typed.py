"""Texts as people type them into a field of a form, and what they mean."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from unicodedata import normalize

from tracker.deadlines import month_end
from tracker.language import _
from tracker.problems import listed

Answer = dict[str, str]
"""What was typed, by key."""


@dataclass(frozen=True)
class Field:
    """Something to type: its key in the submission, its label, what may be typed."""

    key: str
    label: str
    kind: Literal["text", "day", "number", "list", "long", "choice", "one-of"] = "text"
    help: str = ""
    lies: Literal["before", "near", "ahead"] = "before"
    """Where a day lies that is typed without its year: hardly after the month, around it, or after it."""
    is_needed: bool = False
    choices: tuple[str, ...] = ()
    """What one of may be typed: by its number from 1, or by a part of it that no other has."""


def understood(f: Field, text: str, month: date) -> tuple[Any, str]:
    """What a typed text means, None if nothing; and what is wrong with it, an empty text if nothing."""
    text = text.strip()
    if not text:
        return None, ""
    match f.kind:
        case "day":
            return _day(text, month, f.lies)
        case "number":
            digits = re.sub(r"[\s,]", "", normalize("NFKC", text))
            if re.fullmatch(r"-?[0-9]{1,15}", digits):
                return int(digits), ""
            if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,15}", digits):
                return float(digits), ""
            return None, _("这里只写数，例如 45。")
        case "list":
            return [part for raw in re.split("[、；;]", text) if (part := raw.strip())] or None, ""
        case "one-of":
            return _one_of(text, f.choices)
    return text, ""


def _one_of(text: str, choices: tuple[str, ...]) -> tuple[str | None, str]:
    if text in choices:
        return text, ""
    number = normalize("NFKC", text)
    if re.fullmatch(r"[0-9]{1,3}", number):
        n = int(number)
        return (choices[n - 1], "") if 1 <= n <= len(choices) else (None, _("请写 1 到 {n} 的编号。", n=len(choices)))
    found = [choice for choice in choices if text in choice]
    if len(found) == 1:
        return found[0], ""
    return None, _("有几个：{names}。", names=listed(found)) if found else _("请写上面的编号或名称。")


_DAY = re.compile(r"(?:(\d{4})[-/.。年—])?(\d{1,2})[-/.。月—](\d{1,2})日?", re.ASCII)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_HALF_A_YEAR = 183


def _day(text: str, month: date, lies: str = "before") -> tuple[date | None, str]:
    """A day as people type it. Without a year it is the one that the month suggests."""
    digits = re.sub(r"\s", "", normalize("NFKC", text))
    found = _DIGITS.fullmatch(digits) or _DAY.fullmatch(digits)
    if found is None:
        return None, _("日期写成 2026-10-20、20261020 或 10-20。")
    last = month_end(month)
    try:
        if found[1]:
            return date(int(found[1]), int(found[2]), int(found[3])), ""
        day = date(last.year, int(found[2]), int(found[3]))
        distance = (day - last).days
        if (lies == "ahead" and distance <= 0) or (lies == "near" and distance < -_HALF_A_YEAR):
            return day.replace(year=last.year + 1), ""
        # In January "12-20" is last year's; a little after the month's end it is a mistake to be shown.
        if lies != "ahead" and distance > _HALF_A_YEAR:
            return day.replace(year=last.year - 1), ""
    except ValueError:
        return None, _("没有这一天，请核对。")
    return day, ""


def tidy(f: Field, text: str, month: date) -> str:
    """A typed text as it is understood: a day in full, a number in plain digits, a name whole."""
    value = understood(f, text, month)[0]
    return str(value) if f.kind in ("day", "number", "one-of") and value is not None else text
