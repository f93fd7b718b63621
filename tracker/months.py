"""A month as it is written, as its first day."""

import re
from datetime import date


def month_of(words: str) -> date | None:
    """``2026-10`` as its first day; None for anything else, years of other centuries among it."""
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", words)
    return date(int(found[1]), int(found[2]), 1) if found else None
