"""Commands that show: what is late, the lights, the leaders' page, why, scores, changes."""

from collections.abc import Mapping
from pathlib import Path

from tracker.language import _
from tracker.usage.base import Adder, Declare, Parents
from tracker.usage.kinds import count, month


def _ui(add: Adder, of: Parents) -> None:
    ui = add("screens.ui", _("终端界面；只打 tracker 也会打开"), "tracker ui --as-of 2026-10-31", of.clocks)
    ui.add_argument("--read-only", action="store_true", help=_("只看，什么都不写"))


def _serve(add: Adder, of: Parents) -> None:
    serve = add("screens.serve", _("在本机的浏览器里打开同一个界面"), "tracker serve --port 8642", of.clocks)
    serve.add_argument("--port", type=count, default=8642, metavar=_("端口"), help=_("默认 8642"))
    serve.add_argument("--write", action="store_true", help=_("可以写入；不写这个选项就是只读"))


def _overdue(add: Adder, of: Parents) -> None:
    late = add(
        "look.overdue",
        _("逾期清单，最久的在前"),
        "tracker overdue --unit chiping",
        of.clocks,
        of.rows,
        of.as_json,
    )
    late.add_argument("--fail", action="store_true", help=_("有逾期时以 1 结束，供脚本使用"))


def _matrix(add: Adder, of: Parents) -> None:
    add(
        "page.matrix",
        _("县区 × 方案的灯"),
        "tracker matrix --as-of 2026-10-31",
        of.clocks,
        of.rows,
        of.as_json,
    )


def _summary(add: Adder, of: Parents) -> None:
    add("page.summary", _("领导看的一页"), "tracker summary --as-of 2026-10-31", of.clocks, of.as_json)


def _milestones(add: Adder, of: Parents) -> None:
    add(
        "look.milestones",
        _("方案里的全部节点和期限"),
        "tracker milestones --plan mine --json",
        of.rows,
        of.as_json,
    )


def _why(add: Adder, of: Parents) -> None:
    reason = add("look.why", _("一盏灯是怎么来的"), "tracker why chiping mine-5.1@2026-10", of.clocks, of.as_json)
    reason.add_argument("unit", metavar=_("单位"))
    reason.add_argument("item", metavar=_("期次"))
    reason.add_argument("--sheet", action="store_true", help=_("写成一页依据单（.docx 或 .md）"))
    reason.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("依据单写到文件，默认打印 Markdown"))


def _score(add: Adder, of: Parents) -> None:
    score = add(
        "score.score",
        _("企业考核表的得分：全部、一家、一家一期；整改后多少分；要填的表"),
        "tracker score demo-south 2026-Q2 --what-if 5.2.A1",
        of.clocks,
        of.as_json,
    )
    score.add_argument("enterprise", nargs="?", metavar=_("企业"))
    score.add_argument("period", nargs="?", metavar=_("期次"), help=_("例如 2026-Q3；只写期次就列出各家"))
    score.add_argument(
        "--what-if", nargs="+", action="extend", default=[], metavar=_("编号"), help=_("整改了这几条，得多少分")
    )
    score.add_argument("--form", action="store_true", help=_("生成要填的考核表：TOML，文件名是 .xlsx 的写成工作簿"))
    score.add_argument(
        "--output", "-o", type=Path, metavar=_("文件"), help=_("考核表写成 .docx、.pdf、.md；加 --form 是要填的表")
    )


def _compare(add: Adder, of: Parents) -> None:
    comparison = add(
        "comparing.compare",
        _("一个单位的月报各版之间、与上月相比改了什么；或两个月之间的变化"),
        "tracker compare linqing 2026-08　　tracker compare 2026-09 2026-10",
        of.clocks,
        of.as_json,
    )
    comparison.add_argument("unit", metavar=_("单位或前一个月"))
    comparison.add_argument("month", type=month, metavar=_("月份"))


def _findings(add: Adder, of: Parents) -> None:
    findings = add(
        "city.findings",
        _("本月与上月对照，值得看一眼的"),
        "tracker findings 2026-10 --only W12",
        of.clocks,
        of.as_json,
    )
    findings.add_argument("month", type=month, metavar=_("月份"))
    findings.add_argument("--only", action="append", default=[], metavar=_("代码"), help=_("只做这一项检查"))


def _tally(add: Adder, of: Parents) -> None:
    tally = add(
        "letters.tally",
        _("一年的考核统计：迟报、逾期、发函、表扬，每个数都列得出来由"),
        "tracker tally 2026 --unit shenxian",
        of.clocks,
        of.as_json,
    )
    tally.add_argument("year", type=int, metavar=_("年份"))
    tally.add_argument("--unit", metavar=_("单位"), help=_("只看一个单位，并列出每个数的来由"))


COMMANDS: Mapping[str, Declare] = {
    "ui": _ui,
    "serve": _serve,
    "overdue": _overdue,
    "matrix": _matrix,
    "summary": _summary,
    "milestones": _milestones,
    "why": _why,
    "score": _score,
    "compare": _compare,
    "findings": _findings,
    "tally": _tally,
}
"""In the order of the help page."""
