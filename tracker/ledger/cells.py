"""What stands in a cell of a ledger, as people write it: a text, a day, a number, a period."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

BLANK = frozenset({"", "/", "\\", "-", "—", "——", "无", "暂无"})
"""What people write where there is nothing to write."""


def text_of(value: object) -> str:
    """A cell as people read it; empty for what means nothing."""
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == datetime.min.time():
            return value.date().isoformat()
    words = str(value).strip()
    return "" if words in BLANK else words


def joined(words: str) -> str:
    """Words without what nobody sees: full width, spaces, line breaks."""
    return "".join(unicodedata.normalize("NFKC", words).split())


def squeezed(value: object) -> str:
    """A heading or a name without what people vary: that, punctuation and case."""
    return re.sub(r"[\W_]+", "", joined(text_of(value))).casefold()


_DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?(?:[T\s]+[\d:.]+)?|(\d{4})(\d\d)(\d\d)")

_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zones

_SERIALS = (20_000, 80_000)
"""Days as Excel counts them, 1954 to 2119: a date in a cell that is formatted as a number."""


def day_of(value: object) -> date | None:
    """A cell as a day; None for what is none."""
    match value:
        case datetime():
            return value.date()
        case int() | float() if _SERIALS[0] <= value < _SERIALS[1]:
            return (_FIRST_DAY + timedelta(days=value)).date()
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text_of(value)))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def number_of(value: object) -> int | float | None:
    """A cell as a number; None for what is none, a percentage among it: nobody knows of how many."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if isinstance(value, float) and value.is_integer() else value
    words = joined(text_of(value)).replace(",", "")
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", words):
        return None
    return float(words) if "." in words else int(words)


_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4", "上": "1", "下": "2"}

_PERIODS: Sequence[tuple[str, Callable[[re.Match[str]], str]]] = (
    (r"(20\d\d)年?第?([1-4一二三四])季度?", lambda m: f"{m[1]}-Q{_DIGITS.get(m[2], m[2])}"),
    (r"(20\d\d)年?([上下])半年", lambda m: f"{m[1]}-H{_DIGITS[m[2]]}"),
    (r"(20\d\d)年?度?", lambda m: m[1]),
    # Excel makes the first of the month of a month.
    (r"(20\d\d)[年./-](\d{1,2})月?(?:[./-]0?1)?", lambda m: f"{m[1]}-{int(m[2]):02}"),
)
"""How a period may be written, and the label it has."""


def label_of(words: str) -> str:
    """A period as the suffix of an occurrence; other words as they are."""
    found = ((re.fullmatch(pattern, joined(words)), label) for pattern, label in _PERIODS)
    return next((label(m) for m, label in found if m is not None), words)
