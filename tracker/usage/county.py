"""The county's commands: its form, its problems, what they mean."""

from collections.abc import Mapping
from pathlib import Path

from tracker.language import _
from tracker.usage.base import Adder, Declare, Parents
from tracker.usage.kinds import month


def _form(add: Adder, of: Parents) -> None:
    form = add(
        "county.form",
        _("生成月报表：一个单位的，或全部单位的"),
        "tracker form --all --month 2026-11 -o 2026年11月",
        of.clocks,
    )
    whose = form.add_mutually_exclusive_group(required=True)
    whose.add_argument("--unit", metavar=_("单位"))
    whose.add_argument("--all", action="store_true", help=_("每个单位一份，写进 --output 文件夹"))
    form.add_argument("--month", required=True, type=month, metavar=_("月份"))
    form.add_argument("--toml", action="store_true", help=_("写成 TOML；不写时 --all 和 .xlsx 文件名是工作簿"))
    form.add_argument("--part", action="append", default=[], metavar=_("方案"), help=_("只要这个方案的，供科室分别填"))
    form.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("写到文件或文件夹，默认打印 TOML"))


def _check(add: Adder, of: Parents) -> None:
    check = add(
        "county.check",
        _("检查文件，列出全部问题"),
        "tracker check status/liaocheng/2026-10/chiping.toml",
        of.as_json,
    )
    check.add_argument("files", nargs="*", type=Path, metavar=_("文件"), help=_("不写时检查整个工作区"))
    check.add_argument("--format", choices=["text", "github"], default="text", help=_("github：供代码托管平台标注"))
    check.add_argument("--fix", action="store_true", help=_("改正有把握的书写错误，原文件另存一份"))
    check.add_argument("--annotate", action="store_true", help=_("把问题批注在工作簿的格子里，另存一份"))


def _fill(add: Adder, of: Parents) -> None:
    fill = add(
        "county.fill",
        _("在终端里填月报，或企业考核表"),
        "tracker fill --unit chiping --month 2026-11　　tracker fill --enterprise demo-south --period 2026-Q4",
        of.clocks,
    )
    fill.add_argument("--unit", metavar=_("单位"))
    fill.add_argument("--month", type=month, metavar=_("月份"))
    fill.add_argument("--enterprise", metavar=_("企业"), help=_("填这家企业的考核表，用 --period 写明哪一期"))
    fill.add_argument("--period", metavar=_("期次"), help=_("考核表的期次，例如 2026-Q4"))
    fill.add_argument("--own", action="store_true", help=_("考核表填企业自评，默认填部门考核"))
    fill.add_argument("--part", action="append", default=[], metavar=_("方案"), help=_("只填这个方案的，供科室分别填"))
    fill.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("填完写到哪里，默认当前文件夹"))


def _explain(add: Adder, _of: Parents) -> None:
    explain = add("county.explain", _("一种问题的说明：什么样、为什么、怎么改"), "tracker explain E07")
    explain.add_argument("code", nargs="?", metavar=_("代码"), help=_("不写时列出全部代码"))


COMMANDS: Mapping[str, Declare] = {
    "form": _form,
    "check": _check,
    "fill": _fill,
    "explain": _explain,
}
"""In the order of the help page."""
