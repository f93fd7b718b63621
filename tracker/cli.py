"""The commands, the clock, stdout, stderr and the exit code.

stdout is data, stderr is talk. 0 is well, 1 something was found where it was asked to judge
(or files are too broken to go on), 2 the command was not understood.
"""

import argparse
import gettext
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn

from tracker import __version__
from tracker.language import LANGUAGES, LOCALE, _, speaks, use
from tracker.workdays import CHINA


class Exit(IntEnum):
    """What the exit code means."""

    WELL = 0
    FOUND = 1
    USAGE = 2


class Stop(Exception):  # noqa: N818 - not an error of the program: the way out of a command
    """Say something on stderr and end with a code."""

    def __init__(self, message: str, code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Call:
    """A command as called: its arguments, the clock, and where it was called."""

    args: argparse.Namespace
    now: datetime
    here: Path


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
        return int(args.run(Call(args, now or datetime.now(CHINA), here or Path.cwd())))
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

    def command(name: str, run: Callable[[Call], int], words: str, example: str, *parents: Parser) -> Parser:
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
        "overdue", run_overdue, _("逾期清单，最久的在前"), "tracker overdue --unit chiping", clocks, rows, as_json
    )
    late.add_argument("--fail", action="store_true", help=_("有逾期时以 1 结束，供脚本使用"))
    command("matrix", run_matrix, _("县区 × 方案的灯"), "tracker matrix --as-of 2026-10-31", clocks, rows, as_json)
    command("summary", run_summary, _("领导看的一页"), "tracker summary --as-of 2026-10-31", clocks, as_json)
    command(
        "milestones",
        run_milestones,
        _("方案里的全部节点和期限"),
        "tracker milestones --plan mine --json",
        rows,
        as_json,
    )
    reason = command("why", run_why, _("一盏灯是怎么来的"), "tracker why chiping mine-5.1@2026-10", clocks, as_json)
    reason.add_argument("unit", metavar=_("单位"))
    reason.add_argument("item", metavar=_("期次"))
    form = command(
        "form",
        run_form,
        _("生成月报表：一个单位的，或全部单位的"),
        "tracker form --all --month 2026-11 -o 2026年11月",
        clocks,
    )
    whose = form.add_mutually_exclusive_group(required=True)
    whose.add_argument("--unit", metavar=_("单位"))
    whose.add_argument("--all", action="store_true", help=_("每个单位一份，写进 --output 文件夹"))
    form.add_argument("--month", required=True, type=_month, metavar=_("月份"))
    form.add_argument("--toml", action="store_true", help=_("写成 TOML；不写时 --all 和 .xlsx 文件名是工作簿"))
    form.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("写到文件或文件夹，默认打印 TOML"))
    check = command(
        "check", run_check, _("检查文件，列出全部问题"), "tracker check status/liaocheng/2026-10/chiping.toml", as_json
    )
    check.add_argument("files", nargs="*", type=Path, metavar=_("文件"), help=_("不写时检查整个工作区"))
    report = command(
        "report",
        run_report,
        _("一个月的通报或一个单位的报告"),
        "tracker report 2026-10 --format docx -o 通报.docx",
        clocks,
    )
    report.add_argument("month", type=_month, metavar=_("月份"))
    report.add_argument("--unit", metavar=_("单位"), help=_("写这个单位给市级的报告"))
    report.add_argument("--format", choices=["md", "docx"], help=_("格式，默认看文件名，否则 md"))
    report.add_argument("--output", "-o", type=Path, metavar=_("文件"), help=_("写到文件，默认打印出来"))
    receive = command(
        "receive", run_receive, _("接收月报和附件，写回执"), "tracker receive 附件文件夹 --month 2026-11", as_json
    )
    receive.add_argument("files", nargs="+", type=Path, metavar=_("文件"))
    receive.add_argument("--unit", metavar=_("单位"), help=_("只收这个单位的；附件记在它名下"))
    receive.add_argument("--month", type=_month, metavar=_("月份"), help=_("只收这个月的"))
    missing = command(
        "missing", run_missing, _("谁还没有报，现成的催报短信"), "tracker missing --month 2026-11", clocks, as_json
    )
    missing.add_argument("--month", required=True, type=_month, metavar=_("月份"))
    init = command("init", run_init, _("新建工作区"), "tracker init 我的工作区 --sample")
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


# --- what most commands need ---


def _workspace(call: Call) -> Any:
    from tracker.workspace import Workspace, find  # noqa: PLC0415 - help must not wait for it

    named: Path | None = call.args.workspace
    if named is not None:
        named = call.here / named
        if not (named / "plans").is_dir():
            raise Stop(_("{folder} 不是工作区：里面没有 plans 文件夹。用 tracker init 新建一个。", folder=named))
        return Workspace(named.resolve())
    found = find(call.here.resolve())
    if found is None:
        raise Stop(_("这里不是工作区：当前文件夹及上级都没有 plans 和 status。用 tracker init 文件夹 新建一个。"))
    return found


def _programmes(call: Call, workspace: Any) -> list[str]:
    """The programmes asked for: the one named, or all there are."""
    known: list[str] = workspace.programmes
    if call.args.programme is None:
        if not known:
            raise Stop(_("plans 里没有任何行动（缺少 programme.toml）。"))
        return known
    if call.args.programme not in known:
        from tracker.problems import nearest  # noqa: PLC0415

        hint = nearest(call.args.programme, known) or _("有：{known}。", known=_("、").join(known))
        raise Stop(_("没有行动“{name}”。{hint}", name=call.args.programme, hint=hint))
    return [call.args.programme]


def _snapshots(call: Call, as_of: date | None = None) -> list[Any]:
    """A snapshot of each programme asked for; broken plans end the command."""
    from tracker.snapshot import take  # noqa: PLC0415 - pydantic comes with it

    workspace = _workspace(call)
    day = as_of or call.args.as_of or call.now.astimezone(CHINA).date()
    found = []
    for programme in _programmes(call, workspace):
        snapshot, problems = take(workspace, programme, day, call.args.known_by or call.now)
        in_plans = [p for p in problems if p.holds and p.place.file.startswith("plans/")]
        if snapshot is None or in_plans:
            _print_problems(in_plans or problems, sys.stderr)
            raise Stop(_("方案文件有错，改好后再运行。"), Exit.FOUND)
        held = sum(p.holds for p in problems)
        if held:
            sys.stderr.write(_("月报文件里有 {n} 处错误，相应内容暂未计入；用 tracker check 查看。\n", n=held))
        found.append(snapshot)
    return found


def _wanted(call: Call, programmes: Sequence[Any]) -> Any:
    """The filter, its names checked against the programmes."""
    from tracker.views import Filter  # noqa: PLC0415

    plan, unit = call.args.plan, call.args.unit
    _known(plan, [p.stem for programme in programmes for p in programme.plans], _("没有方案“{name}”。{hint}"))
    _known(unit, [u.id for programme in programmes for u in programme.units], _("没有报送单位“{name}”。{hint}"))
    return Filter(plan, unit, call.args.level, call.args.owner)


def _known(name: str | None, known: Sequence[str], message: str) -> None:
    if name is not None and name not in known:
        from tracker.problems import nearest  # noqa: PLC0415

        hint = nearest(name, known) or _("有：{known}。", known=_("、").join(dict.fromkeys(known)))
        raise Stop(message.format(name=name, hint=hint))


def _print_problems(problems: Sequence[Any], out: Any) -> None:
    from tracker.problems import worst_first  # noqa: PLC0415
    from tracker.terminal import print_problem  # noqa: PLC0415

    for problem in worst_first(problems):
        print_problem(out, problem)


def _print_json(rows: object) -> None:
    """JSON on stdout; characters that a terminal might obey are escaped."""
    text = json.dumps(rows, ensure_ascii=False, indent=2)
    sys.stdout.write(
        re.sub(r"[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", lambda m: f"\\u{ord(m[0]):04x}", text) + "\n"
    )


def _columns() -> int:
    return shutil.get_terminal_size().columns


def _title(snapshot: Any, words: str, filter_words: str = "") -> None:
    head = snapshot.programme.head
    parts = [head.name, filter_words, words, _("截至 {day}", day=snapshot.clocks.as_of)]
    sample = _("　示例数据") if head.sample else ""
    sys.stderr.write("　".join(part for part in parts if part) + sample + "\n")


# --- commands ---


def run_overdue(call: Call) -> int:
    """``overdue``: what is late, worst first."""
    from tracker import listings, views  # noqa: PLC0415

    snapshots = _snapshots(call)
    wanted = _wanted(call, [s.programme for s in snapshots])
    found = [(snapshot, views.overdue(snapshot, wanted)) for snapshot in snapshots]
    if call.args.json:
        _print_json([views.standing_row(snapshot, s) for snapshot, rows in found for s in rows])
    else:
        for snapshot, rows in found:
            if len(found) > 1 and not rows and wanted != views.EVERYTHING:
                continue
            _title(snapshot, _("逾期 {n} 项", n=len(rows)), wanted.words(snapshot.programme) if rows else "")
            if rows:
                listings.print_overdue(sys.stdout, snapshot, rows, _columns())
            else:
                sys.stderr.write(_("没有逾期事项。") + "\n")
    return Exit.FOUND if call.args.fail and any(rows for _snapshot, rows in found) else Exit.WELL


def run_matrix(call: Call) -> int:
    """``matrix``: the county × plan lights, and the rule they follow."""
    from tracker import listings, views  # noqa: PLC0415

    snapshots = _snapshots(call)
    wanted = _wanted(call, [s.programme for s in snapshots])
    if call.args.json:
        _print_json([row for s in snapshots for row in views.matrix_rows(s.programme, views.matrix(s, wanted))])
        return Exit.WELL
    for snapshot in snapshots:
        found = views.matrix(snapshot, wanted)
        if found.units:
            _title(snapshot, _("县区 × 方案"), wanted.words(snapshot.programme))
            listings.print_matrix(sys.stdout, found, _columns())
    sys.stderr.write(views.cell_rule() + "\n")
    return Exit.WELL


def run_summary(call: Call) -> int:
    """``summary``: the leaders' page."""
    from tracker import listings, views  # noqa: PLC0415

    snapshots = _snapshots(call)
    if call.args.json:
        _print_json([views.summary_row(snapshot, views.summary(snapshot)) for snapshot in snapshots])
        return Exit.WELL
    for snapshot in snapshots:
        _title(snapshot, _("总览"))
        listings.print_summary(sys.stdout, snapshot, views.summary(snapshot), _columns())
    sys.stderr.write(views.cell_rule() + "\n")
    return Exit.WELL


def run_milestones(call: Call) -> int:
    """``milestones``: every deadline of the plans."""
    from tracker import views  # noqa: PLC0415
    from tracker.plans import KINDS, load  # noqa: PLC0415
    from tracker.terminal import print_table  # noqa: PLC0415

    workspace = _workspace(call)
    programmes = []
    for name in _programmes(call, workspace):
        programme, problems = load(workspace.plans, name, workspace.root)
        if programme is None or any(p.holds for p in problems):
            _print_problems(problems, sys.stderr)
            raise Stop(_("方案文件有错，改好后再运行。"), Exit.FOUND)
        programmes.append(programme)
    wanted = _wanted(call, programmes)
    rows = [
        (m, row)
        for programme in programmes
        for plan in programme.plans
        for m in plan.milestones
        if wanted.takes(m) and (row := views.milestone_row(programme, m)) and wanted.unit in (None, *row["units"])
    ]
    if call.args.json:
        _print_json([row for _m, row in rows])
        return Exit.WELL
    header = [_("编号"), _("节点"), _("类型"), _("期限"), _("原文"), _("目标"), _("责任")]
    cells = [
        (m.id, m.title, _(KINDS[m.kind]), views.deadline_words(m), m.wording, m.target or "", m.owner)
        for m, _row in rows
    ]
    print_table(sys.stdout, header, cells, columns=_columns())
    sys.stderr.write(_("共 {n} 个节点。\n", n=len(rows)))
    return Exit.WELL


def run_why(call: Call) -> int:
    """``why``: the reasoning behind one light."""
    from tracker.why import why  # noqa: PLC0415

    snapshots = _snapshots(call)
    unit, item = call.args.unit, call.args.item
    _known(unit, [u.id for s in snapshots for u in s.programme.units], _("没有报送单位“{name}”。{hint}"))
    for snapshot in snapshots:
        found = snapshot.by_key.get((unit, item))
        if found is not None:
            steps = why(snapshot, found)
            if call.args.json:
                _print_json([{"title": step.title, "lines": list(step.lines)} for step in steps])
                return Exit.WELL
            from tracker.terminal import plain  # noqa: PLC0415

            for step in steps:
                sys.stdout.write(f"{step.title}\n")
                sys.stdout.writelines(f"  {plain(line)}\n" for line in step.lines)
            return Exit.WELL
    own = [o for s in snapshots for (u, o) in s.by_key if u == unit]
    periods = [o for o in own if o.partition("@")[0] == item]
    if periods:
        raise Stop(_("{item} 是周期性节点，要写明哪一期，例如 {example}。", item=item, example=periods[-1]))
    _known(
        item, own, _("本单位没有“{name}”这一项。{hint}") if len(own) < MOST_LISTED else _("本单位没有“{name}”这一项。")
    )
    return Exit.USAGE


MOST_LISTED = 30


def run_form(call: Call) -> int:
    """``form``: pre-filled files for a month."""
    from tracker.forms import as_toml, form  # noqa: PLC0415
    from tracker.snapshot import month_end  # noqa: PLC0415

    month, unit, output = call.args.month, call.args.unit, call.args.output
    found = [s for s in _snapshots(call, month_end(month)) if unit is None or unit in {u.id for u in s.programme.units}]
    snapshot = _in_month(found, month, unit)
    as_book = not call.args.toml and (call.args.all or (output is not None and output.suffix == ".xlsx"))

    def filled(unit: str) -> bytes:
        one = form(snapshot, unit, month)
        if not as_book:
            return as_toml(snapshot, one).encode()
        from tracker.workbook import write  # noqa: PLC0415

        return write(snapshot, one)

    if not call.args.all:
        _deliver(call, filled(unit))
        return Exit.WELL
    folder = call.here / (output or Path(f"{month:%Y-%m}"))
    if folder.exists() and any(folder.iterdir()):
        raise Stop(_("{folder} 已经有内容，没有动它。请换一个空文件夹。", folder=folder), Exit.FOUND)
    folder.mkdir(parents=True, exist_ok=True)
    for u in snapshot.programme.units:
        name = f"{u.name}{month:%Y-%m}.xlsx" if as_book else f"{u.id}.toml"
        (folder / name).write_bytes(filled(u.id))
    sys.stderr.write(_("已写入 {folder}，{n} 份。\n", folder=folder, n=len(snapshot.programme.units)))
    return Exit.WELL


def run_receive(call: Call) -> int:
    """``receive``: files in, receipts written, what was understood said."""
    from tracker import inbox  # noqa: PLC0415
    from tracker.plans import load  # noqa: PLC0415
    from tracker.terminal import plain  # noqa: PLC0415

    workspace = _workspace(call)
    names = _programmes(call, workspace)
    desk = inbox.Desk(workspace, names, call.now, call.args.unit, call.args.month)
    try:
        results = inbox.receive(desk, [call.here / file for file in call.args.files])
    except TimeoutError:
        raise Stop(_("另一个命令正在写这个工作区，请稍后再试。"), Exit.FOUND) from None
    if call.args.json:
        _print_json([inbox.row(one) for one in results])
    else:
        programmes = [p for name in names if (p := load(workspace.plans, name, workspace.root)[0]) is not None]
        for one in results:
            sys.stdout.write(f"{plain(one.given)} → {plain(one.stored)}\n")
            programme = next(p for p in programmes if f"/{p.id}/" in one.stored or p is programmes[-1])
            sys.stdout.writelines(f"  {plain(line)}\n" for line in inbox.echo(programme, one).split("\n"))
    counts = {outcome: sum(one.outcome == outcome for one in results) for outcome in inbox.OUTCOMES}
    words = _("、").join(f"{_(inbox.OUTCOMES[outcome])} {n}" for outcome, n in counts.items() if n)
    sys.stderr.write(_("{n} 个文件：{words}。\n", n=len(results), words=words))
    return Exit.FOUND if counts["held"] else Exit.WELL


def run_missing(call: Call) -> int:
    """``missing``: who has not reported, and the texts that chase."""
    from tracker import inbox  # noqa: PLC0415
    from tracker.snapshot import month_end  # noqa: PLC0415
    from tracker.terminal import print_table  # noqa: PLC0415
    from tracker.views import reporting_words  # noqa: PLC0415

    month = call.args.month
    snapshot = _in_month(_snapshots(call, call.args.as_of or month_end(month)), month)
    waiting = inbox.missing(snapshot, month, call.now.astimezone(CHINA).date())
    if call.args.json:
        _print_json([inbox.waiting_row(w) for w in waiting])
    else:
        header = [_("单位"), _("情况"), _("暂存"), _("剩余天数"), _("短信")]
        rows = [
            (w.reported.unit.name, reporting_words(w.reported.status), w.held, w.days_left, w.text) for w in waiting
        ]
        if rows:
            print_table(sys.stdout, header, rows, columns=_columns(), numbers=frozenset({2, 3}))
        sys.stdout.write(inbox.group_text(waiting, month) + "\n")
    return Exit.FOUND if waiting else Exit.WELL


def _in_month(snapshots: Sequence[Any], month: date, unit: str | None = None) -> Any:
    """The one programme that runs in a month (and has the unit)."""
    if unit is not None and not snapshots:
        raise Stop(_("没有报送单位“{name}”。", name=unit))
    running = [s for s in snapshots if s.programme.head.records_from <= month <= s.programme.head.until]
    if len(running) == 1:
        return running[0]
    if not running:
        raise Stop(_("{month} 没有在记录的行动：早于建账月份，或行动已经结束。", month=f"{month:%Y-%m}"))
    raise Stop(
        _(
            "{month} 有几个行动，请用 --programme 指明：{known}。",
            month=f"{month:%Y-%m}",
            known=_("、").join(s.programme.id for s in running),
        )
    )


def _deliver(call: Call, content: bytes) -> None:
    """Bytes to the file named, or to stdout. A file that is there already is not overwritten."""
    output: Path | None = call.args.output
    if output is None:
        sys.stdout.flush()
        if hasattr(sys.stdout, "buffer"):
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            sys.stdout.write(content.decode())
        return
    try:
        with (call.here / output).open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Stop(_("{file} 已经存在，没有覆盖。请换个文件名。", file=output), Exit.FOUND) from None
    except OSError as error:
        raise Stop(_("{file} 写不进去：{why}。", file=output, why=error.strerror), Exit.FOUND) from None
    sys.stderr.write(_("已写入 {file}。\n", file=output))


def run_check(call: Call) -> int:
    """``check``: every problem of files, or of the whole workspace."""
    from tracker.checking import check_files, check_workspace  # noqa: PLC0415

    files = [call.here / file for file in call.args.files]
    if call.args.workspace is None and files:
        from tracker.workspace import find  # noqa: PLC0415

        workspace = find(files[0].resolve().parent) or _workspace(call)
    else:
        workspace = _workspace(call)
    names = _programmes(call, workspace)
    problems = check_files(workspace, names, files) if files else check_workspace(workspace, names)
    held = sum(p.holds for p in problems)
    if call.args.json:
        _print_json(
            [
                {
                    "file": p.place.file,
                    "line": p.place.line or None,
                    "column": p.place.column or None,
                    "code": p.code,
                    "message": p.message,
                    "hint": p.hint or None,
                }
                for p in problems
            ]
        )
    else:
        _print_problems(problems, sys.stdout)
    said = _("{e} 处错误，{w} 处提示。\n", e=held, w=len(problems) - held) if problems else _("没有问题。\n")
    sys.stderr.write(said)
    return Exit.FOUND if held else Exit.WELL


def run_report(call: Call) -> int:
    """``report``: the bulletin on a month, or one unit's report."""
    from tracker.reports import FORMATS, paper  # noqa: PLC0415
    from tracker.snapshot import month_end  # noqa: PLC0415

    month, unit = call.args.month, call.args.unit
    ending = call.args.output.suffix[1:] if call.args.output is not None else ""
    style = call.args.format or (ending if ending in FORMATS else "md")
    if style == "docx" and call.args.output is None and sys.stdout.isatty():
        raise Stop(_("Word 文件请用 --output 写到文件里。"))
    found = [
        s
        for s in _snapshots(call, call.args.as_of or month_end(month))
        if unit is None or unit in {u.id for u in s.programme.units}
    ]
    snapshot = _in_month(found, month, unit)
    _deliver(call, FORMATS[style](paper(snapshot, unit)))
    _say_when_due(snapshot, month)
    return Exit.WELL


def _say_when_due(snapshot: Any, month: date) -> None:
    """By which day the report is due, and which holiday moves the day it is asked for."""
    from tracker.views import asked  # noqa: PLC0415

    days = asked(snapshot.programme, month)
    if days is None:
        return
    sys.stderr.write(
        _(
            "{month}的报告要在 {late} 当天或之前报出（{source}）。\n",
            month=f"{month:%Y-%m}",
            late=days.late_after,
            source=days.rule.source,
        )
    )
    if days.asked.day != days.asked.was:
        named = _("、").join(dict.fromkeys(d.name for d in days.asked.over if not d.is_working))
        moved = _(
            "{was} 不是工作日（{named}），收报日移到 {day}。\n", was=days.asked.was, named=named, day=days.asked.day
        )
        sys.stderr.write(moved)
    if days.asked.assumed:
        sys.stderr.write(_("该年放假安排尚未公布，日期按周末推定（assumed）。\n"))


def run_init(call: Call) -> int:
    """``init``: a new workspace, empty or with the sample."""
    from tracker.workspace import create  # noqa: PLC0415

    folder = call.here / call.args.folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(_("{folder} 已经有内容，没有动它。请换一个空文件夹。", folder=call.args.folder), Exit.FOUND)
    create(folder, call.now.date(), sample=call.args.sample)
    sys.stderr.write(_("已在 {folder} 建好工作区。\n", folder=call.args.folder))
    return Exit.WELL
