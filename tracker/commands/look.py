"""Commands that show: what is late, every deadline, how one light came about."""

import sys

from tracker import listings
from tracker.calls import Call, Exit, Stop
from tracker.commands import shared
from tracker.filters import EVERYTHING
from tracker.language import _
from tracker.overdue import late_rows
from tracker.terminal import columns, plain, print_table


def overdue(call: Call) -> int:
    """``overdue``: what is late, worst first."""
    if call.args.json:
        return _overdue_as_json(call)
    wanted = shared.wanted(call, shared.planned(call))
    is_alone = len(shared.programmes_of(call, shared.workspace_of(call))) == 1
    is_late = False
    for snapshot in shared.one_by_one(call):
        rows = late_rows(snapshot, wanted)
        is_late = is_late or bool(rows)
        if rows:
            words = wanted.words(snapshot.programme) if wanted != EVERYTHING else ""
            shared.title(snapshot, _("逾期 {n} 项", n=len(rows)), words)
            listings.print_overdue(sys.stdout, rows, columns())
        elif is_alone or wanted == EVERYTHING:
            shared.title(snapshot, _("逾期 {n} 项", n=0))
            sys.stderr.write(_("没有逾期事项。") + "\n")
    return Exit.FOUND if call.args.fail and is_late else Exit.WELL


def _overdue_as_json(call: Call) -> int:
    from tracker import views  # noqa: PLC0415 - the table shows what was kept, and needs no standings
    from tracker.json_rows import standing_row  # noqa: PLC0415 - as above

    wanted = shared.wanted(call, shared.planned(call))
    said = [standing_row(snapshot, s) for snapshot in shared.one_by_one(call) for s in views.overdue(snapshot, wanted)]
    shared.print_json(said)
    return Exit.FOUND if call.args.fail and said else Exit.WELL


def milestones(call: Call) -> int:
    """``milestones``: every deadline of the plans."""
    from tracker.json_rows import deadline_words, milestone_row  # noqa: PLC0415 - only this question is about the plans
    from tracker.plan_files import load  # noqa: PLC0415 - as above
    from tracker.plans import KINDS  # noqa: PLC0415 - as above

    workspace = shared.workspace_of(call)
    programmes = []
    for name in shared.programmes_of(call, workspace):
        programme, problems = load(workspace.plans, name, workspace.root)
        if programme is None or any(p.holds for p in problems):
            shared.print_problems(problems, sys.stderr)
            raise Stop(_("方案文件有错，改好后再运行。"), Exit.FOUND)
        programmes.append(programme)
    wanted = shared.wanted(call, programmes)
    rows = [
        (m, row)
        for programme in programmes
        for plan in programme.plans
        for m in plan.milestones
        if wanted.takes(m) and (row := milestone_row(programme, m)) and wanted.unit in (None, *row["units"])
    ]
    if call.args.json:
        shared.print_json([row for _m, row in rows])
        return Exit.WELL
    header = [_("编号"), _("节点"), _("类型"), _("期限"), _("原文"), _("目标"), _("责任")]
    cells = [
        (m.id, m.title, _(KINDS[m.kind]), deadline_words(m), m.wording, m.target or "", m.owner) for m, _row in rows
    ]
    print_table(sys.stdout, header, cells, columns=columns())
    sys.stderr.write(_("共 {n} 个节点。\n", n=len(rows)))
    return Exit.WELL


def why(call: Call) -> int:
    """``why``: the reasoning behind one light."""
    from tracker.why import why as reasons  # noqa: PLC0415 - the other lists need no reasons

    snapshots = shared.snapshots(call)
    unit, item = call.args.unit, call.args.item
    shared.check_known(unit, [u.id for s in snapshots for u in s.programme.units], _("没有报送单位“{name}”。{hint}"))
    for snapshot in snapshots:
        found = snapshot.by_key.get((unit, item))
        if found is not None:
            if call.args.sheet:
                from tracker.commands.letters import sheet_of  # noqa: PLC0415 - only the sheet needs papers

                return sheet_of(call, snapshot, found)
            steps = reasons(snapshot, found)
            if call.args.json:
                shared.print_json([{"title": step.title, "lines": list(step.lines)} for step in steps])
                return Exit.WELL
            for step in steps:
                sys.stdout.write(f"{step.title}\n")
                sys.stdout.writelines(f"  {plain(line)}\n" for line in step.lines)
            return Exit.WELL
    own = [o for s in snapshots for (u, o) in s.by_key if u == unit]
    periods = [o for o in own if o.partition("@")[0] == item]
    if periods:
        raise Stop(_("{item} 是周期性节点，要写明哪一期，例如 {example}。", item=item, example=periods[-1]))
    shared.check_known(
        item, own, _("本单位没有“{name}”这一项。{hint}") if len(own) < MOST_LISTED else _("本单位没有“{name}”这一项。")
    )
    return Exit.USAGE


MOST_LISTED = 30
"""Items named in a hint; more are no help."""
