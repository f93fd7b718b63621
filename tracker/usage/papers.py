"""What leaves the house: reports, tables, calendars."""

from collections.abc import Mapping
from pathlib import Path

from tracker.language import _
from tracker.usage.base import Adder, Declare, Parents
from tracker.usage.kinds import day, month, year


def _report(add: Adder, of: Parents) -> None:
    report = add(
        "report.report",
        _("一个月的通报、一个单位的报告，或领导一页"),
        "tracker report 2026-10 --format docx -o 通报.docx",
        of.clocks,
    )
    report.add_argument("month", type=month, metavar=_("月份"))
    report.add_argument("--unit", metavar=_("单位"), help=_("写这个单位给市级的报告"))
    report.add_argument("--draft", action="store_true", help=_("核对稿：通报印发前送各单位核对"))
    report.add_argument("--extension", metavar=_("期次"), help=_("这个单位为这一项写的延期申请表，加 --unit"))
    report.add_argument("--page", action="store_true", help=_("领导看的一页：Word、PDF、PNG、Markdown 或 HTML"))
    formats = ["md", "txt", "docx", "pdf", "png", "html", "xlsx"]
    report.add_argument(
        "--format", choices=formats, help=_("格式，默认看文件名，否则 md；html 只用于领导一页，xlsx 是附件")
    )
    report.add_argument("--into", type=Path, metavar=_("表格"), help=_("把数据填进上级的表（.xlsx），格式不变"))
    report.add_argument("--mapping", type=Path, metavar=_("对照表"), help=_("上级的表哪一列填什么（.toml）"))
    report.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("写到文件，默认打印出来"))


def _export(add: Adder, of: Parents) -> None:
    export = add(
        "exporting.export",
        _("供其他软件用的表：状态、填报、节点、审核意见、月报"),
        "tracker export --format csv --what standings -o 状态.csv",
        of.clocks,
        of.as_json,
    )
    tables = ["standings", "updates", "milestones", "decisions", "submissions"]
    export.add_argument("--what", action="append", default=[], choices=tables, help=_("要哪张表；不写就是全部"))
    export.add_argument("--format", choices=["csv", "json", "parquet"], help=_("格式，默认 csv"))
    export.add_argument("--output", "-o", metavar=_("文件"), help=_("写到文件或文件夹，默认打印出来"))
    export.add_argument(
        "--no-bom", dest="bom", action="store_false", help=_("csv 文件开头不加 BOM（Excel 要有才认得中文）")
    )
    export.add_argument("--columns", action="store_true", help=_("只列出各表有哪些列、是什么意思"))
    export.add_argument("--standing", action="store_true", help=_("合并所用的表，供多个工作区在别的机器上一起合并"))
    export.add_argument("--origin", metavar=_("来源"), help=_("--standing：别的工作区有同名行动时写上，例如 371525"))
    export.add_argument("--input", metavar=_("文件夹"), help=_("--standing：合并这里已经导出的表，结果写到 --output"))
    export.add_argument(
        "--spark", metavar=_("集群"), help=_("--standing --input：在 Spark 上合并，例如 spark://主机:7077")
    )


def _calendar(add: Adder, of: Parents) -> None:
    calendar = add(
        "papers.calendar",
        _("到期日和收报日的日历"),
        "tracker calendar --unit chiping -o 茌平.ics　　tracker calendar --collection 2027",
        of.clocks,
        of.as_json,
    )
    which = calendar.add_mutually_exclusive_group(required=True)
    which.add_argument("--unit", metavar=_("单位"), help=_("一个单位的到期日和收报日"))
    which.add_argument("--all", action="store_true", help=_("每个单位一份，写进 --output 文件夹"))
    which.add_argument("--collection", type=year, metavar=_("年份"), help=_("一年里每个月的收报安排"))
    calendar.add_argument("--from", dest="first", type=day, metavar=_("日期"), help=_("从哪天起，默认今天"))
    calendar.add_argument("--until", dest="last", type=day, metavar=_("日期"), help=_("到哪天止，默认行动结束"))
    calendar.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("写成 .ics 文件，默认打印出来"))


COMMANDS: Mapping[str, Declare] = {
    "report": _report,
    "export": _export,
    "calendar": _calendar,
}
"""In the order of the help page."""
