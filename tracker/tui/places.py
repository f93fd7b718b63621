"""The places: one key each. A new one is a file with a ``View`` and a line here."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from tracker.language import mark

if TYPE_CHECKING:
    from tracker.tui.view import View


@dataclass(frozen=True)
class Place:
    """A place and how one comes to it."""

    key: str
    name: str
    words: str
    tooltip: str
    screen: str
    """``module.Class`` in this package; imported when one goes there first."""

    def build(self) -> "View":
        """Its screen."""
        module, name = self.screen.split(".")
        return cast("View", getattr(import_module(f"tracker.tui.{module}"), name)())


PLACES: tuple[Place, ...] = (
    Place("1", "overview", mark("总览"), mark("灯、数字、进度，最要盯的和接下来到期的"), "overview.Overview"),
    Place("2", "overdue", mark("逾期"), mark("逾期和黄灯，最久的在前；查找、筛选、导出"), "overdue.Overdue"),
    Place("3", "plans", mark("任务"), mark("方案、任务、节点、期次，期限怎么来的，各单位的情况"), "plans.Plans"),
    Place("4", "inbox", mark("报送"), mark("本月谁报了、谁没报、谁报错了；打开看报了什么"), "inbox.Inbox"),
    Place("5", "times", mark("时间"), mark("回看各月：当时知道的，和现在知道的"), "times.Times"),
    Place("6", "report", mark("报告"), mark("本月通报和各单位报告的样子，还差什么，导出"), "report.Report"),
    Place(
        "7", "scores", mark("考核"), mark("企业考核表：得分、每一分扣在哪里、整改几条就合格；填考核表"), "scores.Scores"
    ),
    Place("8", "problems", mark("问题"), mark("方案和月报文件里的错误和提示"), "problems.Problems"),
    Place(
        "9",
        "queue",
        mark("待办"),
        mark("等市级作意见的：核实、延期、不涉及、结案、审核；同意或不同意各一键"),
        "queue.Queue",
    ),
)
