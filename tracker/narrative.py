"""Words of the city's bulletin that the office writes itself: ``status/<programme>/<month>/narrative.toml``.

Words may be edited, figures may not: every number of things is a field in braces, filled in when the bulletin is
written, so that no number typed by hand can differ from the others on the page. A section with a mistake is left out
and the program's own words stand.
"""

import re
from dataclasses import dataclass

from tracker.entered import Entered
from tracker.language import mark

FIGURES = {
    "owed": mark("应完成"),
    "done": mark("已完成"),
    "verified": mark("其中销号"),
    "on_time": mark("按期完成"),
    "rate": mark("按期率，带百分号"),
    "late": mark("逾期（含漏报）"),
    "missed": mark("累计漏报"),
    "month_done": mark("当月完成"),
}
"""Of the city, a plan (``plan:mine.late``) or a unit (``unit:chiping.late``); last month's with ``last.`` before it."""

OF_THE_CITY = {
    "reported": mark("按时报送的单位数"),
    "units": mark("报送单位数"),
    "coming": mark("下月到期的事项数"),
}

QUOTED = {
    "practices": mark("主要做法"),
    "difficulties": mark("存在问题"),
    "suggestions": mark("意见建议"),
}
"""A unit's own words of the month, as ``practices:chiping``."""

DEFAULT = "default"
"""Alone in a paragraph: what the program would write in the section."""

FIELD = re.compile(r"\{([^{}]*)\}")

_FIGURE = re.compile(r"(last\.)?(?:(unit|plan):([^.:]+)\.)?([a-z_]+)")

COUNTED = re.compile(
    r"(?<![第0-9０-９.．])[0-9０-９]+(?:[.．][0-9０-９]+)?\s*(?:项|家|期|个(?!工作日|月|百分点)|个百分点|[%％]|天(?!之?内|以内|前))"
)
"""A number of things. A span of time within which something is asked (10 个工作日内) is none, nor is a day or 文号."""


@dataclass(frozen=True)
class Narrative(Entered):
    """Paragraphs by section of the bulletin; an empty one leaves the section to the program."""

    achievements: tuple[str, ...] = ()
    """二、工作成效."""
    problems: tuple[str, ...] = ()
    """三、存在问题."""
    demands: tuple[str, ...] = ()
    """四、下步要求."""


@dataclass(frozen=True)
class Figure:
    """A field that is a number: of the city, or of a unit or plan; this month's or last month's."""

    name: str
    of: str = "city"
    is_last: bool = False


def figure(field: str) -> Figure | None:
    """What number a field asks for; None where it asks for none that there is."""
    match = _FIGURE.fullmatch(field)
    if match is None:
        return None
    last, kind, name, asked = match.groups()
    if asked not in (FIGURES if kind else {**FIGURES, **OF_THE_CITY}) or (last and asked == "coming"):
        return None
    return Figure(asked, f"{kind}:{name}" if kind else "city", bool(last))


def quoted(field: str) -> tuple[str, str] | None:
    """Whose words of which kind a field quotes; None where it quotes none."""
    kind, _colon, unit = field.partition(":")
    return (kind, unit) if kind in QUOTED else None
