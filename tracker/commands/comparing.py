"""``compare``: the versions of a unit's month, and two months of a programme."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date

from tracker import changes as changing
from tracker.calls import Call, Exit, Stop
from tracker.clocks import CHINA
from tracker.commands import shared
from tracker.compare import compare as compared
from tracker.deadlines import month_end
from tracker.editions import Edition, sealed
from tracker.figures import Figures
from tracker.language import _
from tracker.months import month_of
from tracker.snapshot import Snapshot
from tracker.statuses import status_words
from tracker.terminal import columns, print_table


def compare(call: Call) -> int:
    """``compare``: two months of a programme, or one unit's month with what it said before."""
    first, month = month_of(call.args.unit), call.args.month
    return _months(call, first, month) if first is not None else _unit(call, call.args.unit, month)


def _unit(call: Call, unit: str, month: date) -> int:
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
            print_table(sys.stdout, header, rows, columns=columns())
    return Exit.WELL


def _months(call: Call, first: date, second: date) -> int:
    """What is newly done, newly late, lost again, sent back or given more time from one month's end to another's."""
    if first >= second:
        raise Stop(_("先写前一个月，再写后一个月，例如：tracker compare 2026-09 2026-10。"))
    # Of a month that has not ended only what is late by today is late.
    day = call.args.as_of or min(month_end(second), call.now.astimezone(CHINA).date())
    after = shared.in_month(shared.snapshots(call, day), second)
    if first < after.programme.head.records_from:
        raise Stop(_("{month} 早于建账月份。", month=f"{first:%Y-%m}"))
    found = changing.changes(after.on(month_end(first)), after)
    since = list(_since_issued(after))
    if call.args.json:
        issued = [
            {"month": f"{e.month:%Y-%m}", "number": e.number, "rows": [_row(c, row) for row in c.rows]}
            for e, c in since
        ]
        shared.print_json({"changes": [_row(found, row) for row in found.rows], "since_issued": issued})
        return Exit.WELL
    shared.title(after, _("{first} 到 {second} 的变化", first=f"{first:%Y-%m}", second=f"{second:%Y-%m}"))
    header = [_("变化"), _("单位"), _("任务节点"), _("期次编号"), _("原来"), _("现在"), _("到期日"), _("完成日期")]
    rows = [_cells(after, row) for row in found.rows]
    if rows:
        print_table(sys.stdout, header, rows, columns=columns())
    _say_figures(*found.figures)
    for edition, changed in since:
        _say_since(edition, changed)
    return Exit.WELL


def _since_issued(after: Snapshot) -> Iterator[tuple[Edition, changing.Changes]]:
    """What has changed in each issued month, up to the last one compared, since it was issued."""
    books = after.books
    for edition in sealed(books.workspace, after.programme.id):
        if edition.month <= after.clocks.month:
            day = month_end(edition.month)
            yield edition, changing.changes(books.on(day, edition.known_by), books.on(day, after.clocks.known_by))


def _say_since(edition: Edition, changed: changing.Changes) -> None:
    counts = ((kind, changed.count(kind)) for kind in changing.KINDS)
    said = _("、").join(f"{_(changing.KINDS[kind])} {n}" for kind, n in counts if n)
    month = f"{edition.month:%Y-%m}"
    if said:
        sys.stderr.write(_("{month} 定稿以来：{said}；逐项见 tracker restate {month}。\n", month=month, said=said))
    else:
        sys.stderr.write(_("{month} 定稿以来没有变化。\n", month=month))


def _cells(snapshot: Snapshot, row: changing.Change) -> tuple[object, ...]:
    return (
        changing.words(row),
        snapshot.unit_of(row.after).brief,
        row.after.occurrence.milestone.title,
        row.item,
        status_words(row.before.status) if row.before is not None else _("（没有）"),
        status_words(row.after.status),
        row.after.due or "",
        row.after.done_on or "",
    )


def _row(found: changing.Changes, row: changing.Change) -> dict[str, object]:
    return {
        "programme": found.after.programme.id,
        "kind": row.kind,
        "unit": row.unit,
        "item": row.item,
        "before": row.before.status if row.before is not None else None,
        "after": row.after.status,
        "due": row.after.due.isoformat() if row.after.due is not None else None,
        "done_on": row.after.done_on.isoformat() if row.after.done_on is not None else None,
    }


def _say_figures(before: Figures, after: Figures) -> None:
    said = _(
        "应完成 {a} → {b}，已完成 {c} → {d}，其中销号 {e} → {f}，逾期 {g} → {h}。\n",
        a=before.owed,
        b=after.owed,
        c=before.done,
        d=after.done,
        e=before.verified,
        f=after.verified,
        g=before.late,
        h=after.late,
    )
    sys.stderr.write(said)
