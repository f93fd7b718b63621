"""The city's commands: files in, who is missing, the month's report."""

import sys
from dataclasses import asdict

from tracker import chasing, echoes, writing
from tracker.calls import Call, Exit, Stop
from tracker.clocks import CHINA
from tracker.commands import shared
from tracker.deadlines import month_end, months_later
from tracker.findings import findings as findings_of
from tracker.inbox import receiving
from tracker.inbox.desk import Desk
from tracker.inbox.received import OUTCOMES, TO_ACT_ON
from tracker.language import _
from tracker.ledger.mapping import read_mapping
from tracker.ledger.openings import read_ledger, write_openings
from tracker.plan_files import load
from tracker.reporting import reporting_words
from tracker.shelf import read_shelf
from tracker.silences import CODES
from tracker.source import read
from tracker.terminal import columns, plain, print_table


def receive(call: Call) -> int:
    """``receive``: files in, receipts written, what was understood said."""
    if call.args.opening is not None:
        return _open_books(call)
    if not call.args.files:
        raise Stop(_("要写明收哪些文件或文件夹。"))
    workspace = shared.workspace_of(call)
    names = shared.programmes_of(call, workspace)
    if call.args.unit is not None:
        found = [load(workspace.plans, name, workspace.root)[0] for name in names]
        units = [u.id for programme in found if programme is not None for u in programme.units]
        shared.check_known(call.args.unit, units, _("没有报送单位“{name}”。{hint}"))
    desk = Desk(workspace, names, call.now, call.args.unit, call.args.month)
    try:
        results = receiving.receive(desk, [call.here / file for file in call.args.files])
    except TimeoutError:
        raise Stop(_("另一个命令正在写这个工作区，请稍后再试。"), Exit.FOUND) from None
    except OSError as error:
        raise Stop(_("{file} 写不进去：{why}。", file=workspace.root, why=error.strerror), Exit.FOUND) from None
    if call.args.json:
        shared.print_json([echoes.row(one) for one in results])
    else:
        programmes = [p for name in names if (p := load(workspace.plans, name, workspace.root)[0]) is not None]
        for one in results:
            where = f" → {plain(one.stored)}" if one.stored else ""
            sys.stdout.write(f"{plain(one.given)}{where}\n")
            programme = next((p for p in programmes if f"/{p.id}/" in one.stored or p is programmes[-1]), None)
            if programme is not None:
                sys.stdout.writelines(f"  {plain(line)}\n" for line in echoes.echo(programme, one).split("\n"))
    receiving.keep_burden(workspace, results)
    counts = {outcome: sum(one.outcome == outcome for one in results) for outcome in OUTCOMES}
    words = _("、").join(f"{_(OUTCOMES[outcome])} {n}" for outcome, n in counts.items() if n)
    sys.stderr.write(_("{n} 个文件：{words}。\n", n=len(results), words=words))
    return Exit.FOUND if any(one.outcome in TO_ACT_ON for one in results) else Exit.WELL


def _open_books(call: Call) -> int:
    """``receive --opening``: the office's own ledger becomes the opening files."""
    if call.args.mapping is None:
        raise Stop(_("从台账建账要用 --mapping 写明各列的对照表，写法见 status/README.md。"))
    workspace = shared.workspace_of(call)
    names = shared.programmes_of(call, workspace)
    if len(names) > 1:
        raise Stop(_("有几个行动，请用 --programme 指明：{known}。", known=_("、").join(names)))
    programme, problems = load(workspace.plans, names[0], workspace.root)
    if programme is None or any(p.holds for p in problems):
        shared.print_problems(problems, sys.stderr)
        raise Stop(_("方案文件有错，改好后再运行。"), Exit.FOUND)
    source = read(call.here / call.args.mapping, str(call.args.mapping))
    mapping, found = read_mapping(source, programme)
    if mapping is None:
        shared.print_problems(found, sys.stdout)
        return Exit.FOUND
    try:
        content = (call.here / call.args.opening).read_bytes()
    except OSError as error:
        raise Stop(_("{file} 读不出来：{why}。", file=call.args.opening, why=error.strerror), Exit.FOUND) from None
    result = read_ledger(content, mapping, read_shelf(workspace, programme).context, str(call.args.opening))
    shared.print_problems(result.problems, sys.stdout)
    sys.stdout.writelines(f"{plain(one.words)}\n" for one in result.unmatched)
    with writing.alone(workspace.root):
        written, kept = write_openings(workspace, programme, result)
    sys.stdout.writelines(_("已写入 {file}。\n", file=workspace.shown(path)) for path in written)
    sys.stdout.writelines(_("{file} 已经存在，没有覆盖。\n", file=workspace.shown(path)) for path in kept)
    said = _("建账 {n} 条，未能对上 {m} 行。\n", n=result.entries, m=len(result.unmatched))
    sys.stderr.write(said)
    return Exit.FOUND if result.unmatched or kept or any(p.holds for p in result.problems) else Exit.WELL


def findings(call: Call) -> int:
    """``findings``: this month against last."""
    month = call.args.month
    for code in call.args.only:
        shared.check_known(code, list(CODES), _("没有代码“{name}”。{hint}"))
    snapshot = shared.in_month(shared.snapshots(call, call.args.as_of or month_end(month)), month)
    before = snapshot.on(month_end(months_later(month, -1)))
    found = findings_of(snapshot, before, snapshot.silences, only=tuple(call.args.only))
    if call.args.json:
        shared.print_json([asdict(one) for one in found])
    else:
        header = [_("代码"), _("单位"), _("期次编号"), _("情况")]
        rows = [(f.code, snapshot.programme.unit(f.unit).name, f.item, f.message) for f in found]
        if rows:
            print_table(sys.stdout, header, rows, columns=columns())
    sys.stderr.write(_("{n} 处值得看一眼。\n", n=len(found)))
    return Exit.WELL


def missing(call: Call) -> int:
    """``missing``: who has not reported, and the texts that chase."""
    month = call.args.month
    snapshot = shared.in_month(shared.snapshots(call, call.args.as_of or month_end(month)), month)
    waiting = chasing.missing(snapshot, month, call.now.astimezone(CHINA).date())
    if call.args.json:
        shared.print_json([chasing.waiting_row(w) for w in waiting])
    else:
        header = [_("单位"), _("情况"), _("暂存"), _("剩余天数"), _("短信")]
        rows = [
            (w.reported.unit.name, reporting_words(w.reported.status), w.held, w.days_left, w.text) for w in waiting
        ]
        if rows:
            print_table(sys.stdout, header, rows, columns=columns(), numbers=frozenset({2, 3}))
        sys.stdout.write(chasing.group_text(waiting, month) + "\n")
    return Exit.FOUND if waiting else Exit.WELL
