"""The city's commands: files in, who is missing, the month's report."""

import sys
from dataclasses import asdict
from datetime import date

from tracker import inbox
from tracker.calls import Call, Exit, Stop
from tracker.commands import shared
from tracker.compare import compare as compared
from tracker.language import _
from tracker.plans import load
from tracker.reports import FORMATS, paper
from tracker.snapshot import Snapshot, month_end
from tracker.terminal import plain, print_table
from tracker.views import asked, reporting_words
from tracker.workdays import CHINA


def receive(call: Call) -> int:
    """``receive``: files in, receipts written, what was understood said."""
    workspace = shared.workspace_of(call)
    names = shared.programmes_of(call, workspace)
    desk = inbox.Desk(workspace, names, call.now, call.args.unit, call.args.month)
    try:
        results = inbox.receive(desk, [call.here / file for file in call.args.files])
    except TimeoutError:
        raise Stop(_("另一个命令正在写这个工作区，请稍后再试。"), Exit.FOUND) from None
    if call.args.json:
        shared.print_json([inbox.row(one) for one in results])
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


def missing(call: Call) -> int:
    """``missing``: who has not reported, and the texts that chase."""
    month = call.args.month
    snapshot = shared.in_month(shared.snapshots(call, call.args.as_of or month_end(month)), month)
    waiting = inbox.missing(snapshot, month, call.now.astimezone(CHINA).date())
    if call.args.json:
        shared.print_json([inbox.waiting_row(w) for w in waiting])
    else:
        header = [_("单位"), _("情况"), _("暂存"), _("剩余天数"), _("短信")]
        rows = [
            (w.reported.unit.name, reporting_words(w.reported.status), w.held, w.days_left, w.text) for w in waiting
        ]
        if rows:
            print_table(sys.stdout, header, rows, columns=shared.columns(), numbers=frozenset({2, 3}))
        sys.stdout.write(inbox.group_text(waiting, month) + "\n")
    return Exit.FOUND if waiting else Exit.WELL


def compare(call: Call) -> int:
    """``compare``: what changed between versions of a month, and against the month before."""
    unit, month = call.args.unit, call.args.month
    found = shared.snapshots(call, call.args.as_of or month_end(month))
    shared.check_known(unit, [u.id for s in found for u in s.programme.units], _("没有报送单位“{name}”。{hint}"))
    snapshot = shared.in_month([s for s in found if unit in {u.id for u in s.programme.units}], month, unit)
    comparisons = compared(snapshot, unit, month)
    if call.args.json:
        shared.print_json([asdict(one) for one in comparisons])
        return Exit.WELL
    if not comparisons:
        sys.stderr.write(_("这个月还没有收到它的月报。") + "\n")
    for one in comparisons:
        sys.stdout.write(
            _("{earlier} → {later}：{n} 处不同\n", earlier=one.earlier, later=one.later, n=len(one.changes))
        )
        header = [_("期次编号"), _("任务节点"), _("原来"), _("现在")]
        rows = [(c.item, c.title, c.before or _("（没有）"), c.after or _("（没有）")) for c in one.changes]
        if rows:
            print_table(sys.stdout, header, rows, columns=shared.columns())
    return Exit.WELL


def report(call: Call) -> int:
    """``report``: the bulletin on a month, or one unit's report."""
    month, unit = call.args.month, call.args.unit
    ending = call.args.output.suffix[1:] if call.args.output is not None else ""
    style = call.args.format or (ending if ending in FORMATS else "md")
    if style == "docx" and call.args.output is None and sys.stdout.isatty():
        raise Stop(_("Word 文件请用 --output 写到文件里。"))
    found = [
        s
        for s in shared.snapshots(call, call.args.as_of or month_end(month))
        if unit is None or unit in {u.id for u in s.programme.units}
    ]
    snapshot = shared.in_month(found, month, unit)
    shared.deliver(call, FORMATS[style](paper(snapshot, unit)))
    _say_when_due(snapshot, month)
    return Exit.WELL


def _say_when_due(snapshot: Snapshot, month: date) -> None:
    """By which day the report is due, and which holiday moves the day it is asked for."""
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
        sys.stderr.write(_("该年放假安排尚未公布，日期按周末和法定节日推定（assumed）。\n"))
