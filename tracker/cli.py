"""The commands, the clock, stdout, stderr and the exit code.

stdout is data, stderr is talk. 0 is well, 1 something was found where it was asked to judge
(or files are too broken to go on), 2 the command was not understood.
"""

import argparse
import gettext
import os
import re
import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from tracker import __version__
from tracker.calls import Call, Exit, Stop
from tracker.language import LANGUAGES, LOCALE, _, speaks, use
from tracker.workdays import CHINA


class Parser(argparse.ArgumentParser):
    """argparse, ending as our commands end."""

    def error(self, message: str) -> NoReturn:
        """Usage mistakes: one sentence and where help is."""
        self.exit(Exit.USAGE, _("{message}\n用 {prog} --help 查看用法。\n", message=message, prog=self.prog))


def main(argv: Sequence[str] | None = None, now: datetime | None = None, here: Path | None = None) -> int:
    """Run a command; the clock and the current folder are parameters for whoever tests."""
    argv = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        use(_language(argv))
    except ValueError as error:
        sys.stderr.write(f"TRACKER_LANG/--lang: {error}: {' | '.join(LANGUAGES)}\n")
        return Exit.USAGE
    _localise_argparse()
    parser = _parser()
    if not argv:
        parser.print_help()
        return Exit.WELL
    args = parser.parse_args(argv)
    try:
        module, name = args.run.split(".")
        command = getattr(import_module(f"tracker.commands.{module}"), name)
        return int(command(Call(args, now or datetime.now(CHINA), here or Path.cwd())))
    except Stop as stop:
        sys.stderr.write(f"{stop}\n")
        return stop.code
    except BrokenPipeError:
        # The reader of a pipe went away (head, less): not our mistake, and nothing to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.WELL
    except KeyboardInterrupt:
        sys.stderr.write(_("已中断。") + "\n")
        return 130


def _language(argv: Sequence[str]) -> str:
    for n, word in enumerate(argv):
        if word == "--lang" and n + 1 < len(argv):
            return argv[n + 1]
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return os.environ.get("TRACKER_LANG") or LANGUAGES[0]


def _localise_argparse() -> None:
    """Argparse speaks through gettext's own domain: give it our catalogue of its words."""
    gettext.bindtextdomain("argparse", LOCALE)
    gettext.textdomain("argparse")
    os.environ["LANGUAGE"] = "zh_CN" if speaks() == LANGUAGES[0] else "en"


# --- the commands and their arguments ---


def _parser() -> Parser:  # noqa: PLR0915 - a list of commands, one after the other
    parser = Parser(
        prog="tracker",
        description=_("把多年行动方案的任务、责任、期限管起来：谁逾期了，为什么，每月 3 日前的报告。"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_("例：tracker overdue --as-of 2026-10-31　　tracker report 2026-10"),
    )
    parser.add_argument("--version", action="version", version=f"tracker {__version__}")
    # Read in main() before parsing, from wherever it stands.
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=_("界面语言"))
    commands = parser.add_subparsers(metavar=_("命令"), required=True)
    common = Parser(add_help=False)
    common.add_argument("--workspace", "-C", type=Path, metavar=_("文件夹"), help=_("工作区，默认从当前文件夹向上找"))
    common.add_argument("--programme", "-P", metavar=_("行动"), help=_("行动的编号；不写时按单位、月份推定"))
    common.add_argument("--lang", choices=LANGUAGES, help=_("界面语言"))
    clocks = Parser(add_help=False)
    clocks.add_argument("--as-of", type=_day, metavar=_("日期"), help=_("按哪一天评判逾期，默认今天"))
    clocks.add_argument("--known-by", type=_moment, metavar=_("时刻"), help=_("只算这一时刻之前知道的，默认现在"))
    rows = Parser(add_help=False)
    rows.add_argument("--plan", metavar=_("方案"), help=_("只看一个方案，例如 mine"))
    rows.add_argument("--unit", metavar=_("单位"), help=_("只看一个单位，例如 chiping"))
    rows.add_argument("--level", choices=["enterprise", "park", "county", "city"], help=_("只看一个层级的责任"))
    rows.add_argument("--owner", metavar=_("文字"), help=_("责任单位或责任人含这些字"))
    as_json = Parser(add_help=False)
    as_json.add_argument("--json", action="store_true", help=_("输出 JSON"))

    def command(name: str, run: str, words: str, example: str, *parents: Parser) -> Parser:
        found = commands.add_parser(
            name,
            help=words,
            description=words,
            parents=[common, *parents],
            epilog=_("例：{example}", example=example),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        found.set_defaults(run=run)
        return found

    late = command(
        "overdue", "look.overdue", _("逾期清单，最久的在前"), "tracker overdue --unit chiping", clocks, rows, as_json
    )
    late.add_argument("--fail", action="store_true", help=_("有逾期时以 1 结束，供脚本使用"))
    command("matrix", "look.matrix", _("县区 × 方案的灯"), "tracker matrix --as-of 2026-10-31", clocks, rows, as_json)
    command("summary", "look.summary", _("领导看的一页"), "tracker summary --as-of 2026-10-31", clocks, as_json)
    command(
        "milestones",
        "look.milestones",
        _("方案里的全部节点和期限"),
        "tracker milestones --plan mine --json",
        rows,
        as_json,
    )
    reason = command("why", "look.why", _("一盏灯是怎么来的"), "tracker why chiping mine-5.1@2026-10", clocks, as_json)
    reason.add_argument("unit", metavar=_("单位"))
    reason.add_argument("item", metavar=_("期次"))
    form = command(
        "form",
        "county.form",
        _("生成月报表：一个单位的，或全部单位的"),
        "tracker form --all --month 2026-11 -o 2026年11月",
        clocks,
    )
    whose = form.add_mutually_exclusive_group(required=True)
    whose.add_argument("--unit", metavar=_("单位"))
    whose.add_argument("--all", action="store_true", help=_("每个单位一份，写进 --output 文件夹"))
    form.add_argument("--month", required=True, type=_month, metavar=_("月份"))
    form.add_argument("--toml", action="store_true", help=_("写成 TOML；不写时 --all 和 .xlsx 文件名是工作簿"))
    form.add_argument("--part", action="append", default=[], metavar=_("方案"), help=_("只要这个方案的，供科室分别填"))
    form.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("写到文件或文件夹，默认打印 TOML"))
    check = command(
        "check",
        "county.check",
        _("检查文件，列出全部问题"),
        "tracker check status/liaocheng/2026-10/chiping.toml",
        as_json,
    )
    check.add_argument("files", nargs="*", type=Path, metavar=_("文件"), help=_("不写时检查整个工作区"))
    check.add_argument("--format", choices=["text", "github"], default="text", help=_("github：供代码托管平台标注"))
    check.add_argument("--fix", action="store_true", help=_("改正有把握的书写错误，原文件另存一份"))
    check.add_argument("--annotate", action="store_true", help=_("把问题批注在工作簿的格子里，另存一份"))
    fill = command("fill", "county.fill", _("在终端里填月报"), "tracker fill --unit chiping --month 2026-11", clocks)
    fill.add_argument("--unit", required=True, metavar=_("单位"))
    fill.add_argument("--month", required=True, type=_month, metavar=_("月份"))
    fill.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("填完写到哪里，默认当前文件夹"))
    explain = command("explain", "county.explain", _("一种问题的说明：什么样、为什么、怎么改"), "tracker explain E07")
    explain.add_argument("code", nargs="?", metavar=_("代码"), help=_("不写时列出全部代码"))
    findings = command(
        "findings",
        "city.findings",
        _("本月与上月对照，值得看一眼的"),
        "tracker findings 2026-10 --only W12",
        clocks,
        as_json,
    )
    findings.add_argument("month", type=_month, metavar=_("月份"))
    findings.add_argument("--only", action="append", default=[], metavar=_("代码"), help=_("只做这一项检查"))
    report = command(
        "report",
        "city.report",
        _("一个月的通报或一个单位的报告"),
        "tracker report 2026-10 --format docx -o 通报.docx",
        clocks,
    )
    report.add_argument("month", type=_month, metavar=_("月份"))
    report.add_argument("--unit", metavar=_("单位"), help=_("写这个单位给市级的报告"))
    report.add_argument("--format", choices=["md", "docx"], help=_("格式，默认看文件名，否则 md"))
    report.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("写到文件，默认打印出来"))
    receive = command(
        "receive", "city.receive", _("接收月报和附件，写回执"), "tracker receive 附件文件夹 --month 2026-11", as_json
    )
    receive.add_argument("files", nargs="*", type=Path, metavar=_("文件"))
    receive.add_argument("--opening", type=Path, metavar=_("台账"), help=_("从办公室现有的台账（.xlsx）建账"))
    receive.add_argument("--mapping", type=Path, metavar=_("对照表"), help=_("台账各列的对照表（.toml）"))
    receive.add_argument("--unit", metavar=_("单位"), help=_("只收这个单位的；附件记在它名下"))
    receive.add_argument("--month", type=_month, metavar=_("月份"), help=_("只收这个月的"))
    missing = command(
        "missing", "city.missing", _("谁还没有报，现成的催报短信"), "tracker missing --month 2026-11", clocks, as_json
    )
    missing.add_argument("--month", required=True, type=_month, metavar=_("月份"))
    comparison = command(
        "compare",
        "city.compare",
        _("一个单位的月报：各版之间、与上月相比，改了什么"),
        "tracker compare linqing 2026-08",
        clocks,
        as_json,
    )
    comparison.add_argument("unit", metavar=_("单位"))
    comparison.add_argument("month", type=_month, metavar=_("月份"))
    init = command("init", "start.init", _("新建工作区"), "tracker init 我的工作区 --sample")
    init.add_argument("folder", type=Path, metavar=_("文件夹"))
    init.add_argument("--sample", action="store_true", help=_("带上示例数据"))
    return parser


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(_("日期写成 2026-10-31：{words}", words=words)) from None


def _month(words: str) -> date:
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", words)
    if not found:
        raise argparse.ArgumentTypeError(_("月份写成 2026-10：{words}", words=words))
    return date(int(found[1]), int(found[2]), 1)


def _moment(words: str) -> datetime:
    """A moment; a bare day is its end."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", words):
            return datetime.combine(date.fromisoformat(words), time(23, 59, 59), CHINA)
        found = datetime.fromisoformat(words)
    except ValueError:
        message = _("时刻写成 2026-11-02 或 2026-11-02T16:40：{words}", words=words)
        raise argparse.ArgumentTypeError(message) from None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)
