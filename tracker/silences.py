"""Findings silenced: what the city has looked into and does not want to see again until a day.

``status/<programme>/silences.toml``, written by hand; each has its reason, who says so, and
an end, so that nothing is silent for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.entered import Entered
from tracker.language import mark

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
