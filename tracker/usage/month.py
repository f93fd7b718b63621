"""The city's month: files in, who is missing, letters, rulings, spot checks."""

from collections.abc import Mapping
from pathlib import Path

from tracker.language import _
from tracker.usage.base import Adder, Declare, Parents
from tracker.usage.kinds import count, day, month, number


def _receive(add: Adder, of: Parents) -> None:
    receive = add("city.receive", _("接收月报和附件，写回执"), "tracker receive 附件文件夹 --month 2026-11", of.as_json)
    receive.add_argument("files", nargs="*", type=Path, metavar=_("文件"))
    receive.add_argument("--opening", type=Path, metavar=_("台账"), help=_("从办公室现有的台账（.xlsx）建账"))
    receive.add_argument("--mapping", type=Path, metavar=_("对照表"), help=_("台账各列的对照表（.toml）"))
    receive.add_argument("--unit", metavar=_("单位"), help=_("只收这个单位的；附件记在它名下"))
    receive.add_argument("--month", type=month, metavar=_("月份"), help=_("只收这个月的"))


def _missing(add: Adder, of: Parents) -> None:
    missing = add(
        "city.missing",
        _("谁还没有报，现成的催报短信"),
        "tracker missing --month 2026-11",
        of.clocks,
        of.as_json,
    )
    missing.add_argument("--month", required=True, type=month, metavar=_("月份"))


def _letters(add: Adder, of: Parents) -> None:
    found = add(
        "letters.letters",
        _("催办：哪些函该发了，哪些在等签收和答复；起草、登记"),
        "tracker letters --draft 函件",
        of.clocks,
        of.as_json,
    )
    found.add_argument("month", nargs="?", type=month, metavar=_("月份"), help=_("按这个月最后一天看，默认今天"))
    found.add_argument("--unit", metavar=_("单位"), help=_("只看一个单位；登记时写发给谁"))
    does = found.add_mutually_exclusive_group()
    does.add_argument("--draft", type=Path, metavar=_("文件夹"), help=_("把该发的函写成 .md 和 .docx"))
    does.add_argument("--sent", metavar=_("文号"), help=_("登记发出的函，或已采取的措施"))
    does.add_argument("--signed", metavar=_("文号"), help=_("登记签收"))
    does.add_argument("--answered", metavar=_("文号"), help=_("登记答复"))
    does.add_argument("--closed", metavar=_("文号"), help=_("了结，不再催办；--note 写理由"))
    does.add_argument("--praise", metavar=_("理由"), help=_("登记对一个单位的表扬"))
    record = found.add_argument_group(_("登记时写"))
    record.add_argument("--step", metavar=_("步骤"), help=_("走的是哪一步，默认应走的那一步"))
    record.add_argument("--item", action="append", default=[], metavar=_("期次"), help=_("哪一项，可以写几次"))
    record.add_argument("--on", type=day, metavar=_("日期"), help=_("哪一天，默认今天"))
    record.add_argument("--by", metavar=_("姓名"), help=_("谁办的；签收的写签收人"))
    record.add_argument("--signer", metavar=_("签发"), help=_("谁签发，默认照步骤"))
    record.add_argument("--answer-by", type=day, metavar=_("日期"), help=_("要求哪天前答复，默认照步骤推算"))
    record.add_argument("--finish-by", type=day, metavar=_("日期"), help=_("要求哪天前完成，默认照步骤推算"))
    record.add_argument("--skip-reason", metavar=_("理由"), help=_("不按次序走的理由"))
    record.add_argument("--note", metavar=_("摘要"), help=_("答复的摘要，了结的理由"))
    record.add_argument("--promised", type=day, metavar=_("日期"), help=_("答复里提出的完成日期"))


def _decide(add: Adder, of: Parents) -> None:
    decide = add(
        "rule.decide",
        _("作出意见：审核、退回、核实销号、延期、更正等；不写种类时列出等待意见的事项"),
        "tracker decide return hightech-zone --month 2026-10 --until 2026-11-09 --by 刘某 --reason 佐证不全",
        of.as_json,
    )
    decide.set_defaults(as_of=None, known_by=None)
    decide.add_argument(
        "kind", nargs="?", metavar=_("种类"), help=_("例如 accept 或“审核通过”；全部种类见 status/README.md")
    )
    decide.add_argument("unit", nargs="?", metavar=_("单位"), help=_("报送单位；对考核表的意见写企业"))
    decide.add_argument("item", nargs="*", metavar=_("期次"), help=_("哪几项；不写时是对整份月报的意见"))
    decide.add_argument("--month", type=month, metavar=_("月份"), help=_("记在哪个月，默认正在调度的月份"))
    decide.add_argument(
        "--period", metavar=_("期次"), help=_("对考核表的意见：哪一期，例如 2026-Q3；默认最近收到的一期")
    )
    decide.add_argument(
        "--finding",
        action="append",
        default=[],
        metavar=_("编号"),
        help=_("考核表里的哪一条扣分，企业有异议（object）、部门裁定（answer）时写，可以写几次"),
    )
    decide.add_argument("--by", metavar=_("姓名"), help=_("谁作的决定，谁提的异议；也可以用环境变量 TRACKER_USER"))
    decide.add_argument("--reason", metavar=_("文字"), help=_("理由"))
    decide.add_argument("--until", type=day, metavar=_("日期"), help=_("延到、重报到、中止到哪一天"))
    decide.add_argument("--refused", action="store_true", help=_("延期：不同意；异议：不采纳"))
    decide.add_argument("--ground", metavar=_("类别"), help=_("免除的类别：不涉及、任务调整、终止"))
    decide.add_argument("--file", metavar=_("文件"), help=_("对哪一版月报或考核表的意见，默认是算数的那一版"))
    decide.add_argument("--undoes", metavar=_("编号"), help=_("撤销哪一条意见，默认最近的一条"))
    decide.add_argument("--state", metavar=_("状态"), help=_("更正：状态"))
    decide.add_argument("--done-on", type=day, metavar=_("日期"), help=_("更正：完成日期"))
    decide.add_argument("--done", type=number, metavar=_("数"), help=_("更正：完成数"))
    decide.add_argument("--total", type=number, metavar=_("数"), help=_("更正：总数"))
    decide.add_argument("--cause", metavar=_("文字"), help=_("更正：原因"))
    decide.add_argument("--measure", metavar=_("文字"), help=_("更正：措施"))
    decide.add_argument("--promised-on", type=day, metavar=_("日期"), help=_("更正：预计完成日期"))
    decide.add_argument("--waiting-on", metavar=_("文字"), help=_("更正：在等谁"))
    decide.add_argument("--note", metavar=_("文字"), help=_("更正：说明"))


def _spotcheck(add: Adder, of: Parents) -> None:
    spotcheck = add(
        "rule.spotcheck",
        _("抽查报了完成的事项，每项写明为什么抽它；不写 --draw 时列出抽查结果"),
        "tracker spotcheck --month 2026-10 --draw 10 --by 刘某",
        of.clocks,
        of.as_json,
    )
    spotcheck.add_argument("--month", type=month, metavar=_("月份"), help=_("抽到哪个月为止报的，默认正在调度的月份"))
    spotcheck.add_argument("--draw", type=count, metavar=_("数"), help=_("抽几项"))
    spotcheck.add_argument("--seed", metavar=_("文字"), help=_("抽签的种子，同样的种子抽到同样的事项"))
    spotcheck.add_argument("--by", metavar=_("姓名"), help=_("谁抽的；也可以用环境变量 TRACKER_USER"))


COMMANDS: Mapping[str, Declare] = {
    "receive": _receive,
    "missing": _missing,
    "letters": _letters,
    "decide": _decide,
    "spotcheck": _spotcheck,
}
"""In the order of the help page."""
