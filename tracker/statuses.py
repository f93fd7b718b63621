"""The words for where something stands and for its light, and which of them are late or owed. (Design 3.4.)"""

from collections.abc import Mapping
from typing import Literal

from tracker.language import _, mark

Light = Literal["red", "yellow", "green", "grey"]

STATUSES: Mapping[str, tuple[Light, str]] = {
    "overdue": ("red", mark("逾期")),
    "missed": ("red", mark("当期未完成")),
    "unreported": ("red", mark("未填报")),
    "blocked": ("yellow", mark("受阻")),
    "waiting": ("yellow", mark("待上级明确")),
    "returned": ("yellow", mark("退回")),
    "due-soon": ("yellow", mark("临近到期")),
    "behind": ("yellow", mark("滞后序时进度")),
    "verified": ("green", mark("已销号")),
    "done": ("green", mark("已完成（待核实）")),
    "on-track": ("green", mark("正常推进")),
    "not-due": ("grey", mark("未到期")),
    "not-applicable": ("grey", mark("不涉及")),
    "adjusted": ("grey", mark("任务调整")),
    "terminated": ("grey", mark("终止")),
    "suspended": ("grey", mark("中止")),
    "explained": ("grey", mark("已说明结案")),
    "continuing": ("grey", mark("长期坚持")),
    "contributing": ("grey", mark("计入全市数")),
    "before-records": ("grey", mark("建账前")),
}
"""Every standing, worst first: its light and its word."""

LIGHTS: Mapping[Light, tuple[str, str]] = {
    "red": ("x", mark("红")),
    "yellow": ("!", mark("黄")),
    "green": ("+", mark("绿")),
    "grey": ("-", mark("灰")),
}
"""Sign and word of each light, so that nothing depends on colour.

The signs are ASCII: ●, ▲ and their like are one column wide in some terminals and two in
others, and a table must not break in either.
"""

WORST: tuple[Light, ...] = ("red", "yellow", "green", "grey")
"""The lights, worst first."""

OFF_THE_BOOKS = frozenset(
    {"not-applicable", "adjusted", "terminated", "suspended", "continuing", "contributing", "before-records"}
)
"""Standings of what is not owed, or not any more."""

LATE = frozenset(status for status, (light, _word) in STATUSES.items() if light == "red")
"""Standings with a red light."""


def light_words(light: Light, signs: Mapping[Light, str] | None = None) -> str:
    """Sign and word of a light; ``signs`` are for paper, where more can be printed than a terminal shows."""
    sign, word = LIGHTS[light]
    return f"{signs[light] if signs is not None else sign} {_(word)}"


def status_words(status: str) -> str:
    """The word of a standing."""
    return _(STATUSES[status][1])
