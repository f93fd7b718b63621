"""Findings silenced: what the city has looked into and does not want to see again until a day.

``status/<programme>/silences.toml``, written by hand; each has its reason, who says so, and
an end, so that nothing is silent for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.door import enter, tables
from tracker.entered import Entered
from tracker.language import _, mark
from tracker.plans import Programme
from tracker.problems import Problem, nearest
from tracker.source import Source, read

CODES: Mapping[str, str] = {
    "W11": mark("上月已完成，本月又未完成"),
    "W12": mark("完成数下降"),
    "W13": mark("总数变化"),
    "W14": mark("一个月内从 0 到全部完成"),
    "W15": mark("完成日期改动"),
    "W16": mark("逾期原因和措施与上月一字不差"),
    "W17": mark("两个单位用同一份佐证"),
    "W18": mark("后一版漏了前一版的事项"),
    "W19": mark("报了完成，但考核表没有到齐"),
}
"""Findings that can be silenced or looked for alone, in the order of their checks."""


@dataclass(frozen=True)
class Silence(Entered):
    """One finding not to be shown: of a unit, of an item, of both, or wherever it is found."""

    code: str
    until: date
    """The last day on which it is silent."""
    reason: str
    by: str
    unit: str | None = None
    item: str | None = None
    """An occurrence, or a milestone and with it all its periods."""

    def covers(self, code: str, unit: str, item: str, day: date) -> bool:
        """Whether a finding is silent on a day."""
        is_meant = self.code == code and self.unit in (None, unit) and self.item in (None, item, item.partition("@")[0])
        return is_meant and day <= self.until


def read_silences(path: Path, shown: str, programme: Programme) -> tuple[tuple[Silence, ...], list[Problem]]:
    """The silences of a programme, those that are right, and every problem; none where there is no file."""
    if not path.exists():
        return (), []
    source = read(path, shown)
    problems = list(source.problems)
    problems += [
        source.problem((key,), "E03", _("不认识的名称“{name}”。", name=key), "[[silence]]")
        for key in source.data
        if key != "silence"
    ]
    good = []
    for n, entry in enumerate(tables(source, "silence", problems)):
        silence, found = enter(Silence, entry, source, ("silence", n))
        if silence is not None:
            found += _problems(silence, source, n, programme)
        problems += found
        # Of a file with lines that cannot be read none: what is missing may be what narrows it.
        if silence is not None and not found and not source.left_out:
            good.append(silence)
    return tuple(good), problems


def _problems(s: Silence, source: Source, n: int, programme: Programme) -> list[Problem]:
    """What a silence's keys and types do not show."""
    at = ("silence", n)
    found = []
    units = [unit.id for unit in programme.units]
    if s.code not in CODES:
        hint = nearest(s.code, CODES) or _("可以写：{values}。", values=_("、").join(CODES))
        found.append(source.problem((*at, "code"), "E06", _("没有提示“{code}”。", code=s.code), hint))
    if s.unit is not None and s.unit not in units:
        message = _("没有报送单位“{unit}”。", unit=s.unit)
        found.append(source.problem((*at, "unit"), "E08", message, nearest(s.unit, units)))
    base = s.item.partition("@")[0] if s.item is not None else ""
    if base and base not in programme.milestones:
        message = _("没有节点“{item}”。", item=s.item)
        found.append(source.problem((*at, "item"), "E07", message, nearest(base, programme.milestones)))
    found += [
        source.problem((*at, key), "E04", _("没有写{what}。", what=what), _('请补上一行：{key} = "…"', key=key))
        for key, what in (("reason", _("理由")), ("by", _("是谁定的")))
        if not getattr(s, key).strip()
    ]
    return found
