"""The lights and the leaders' page as tables."""

from collections.abc import Sequence
from typing import TextIO

from tracker.figures import Figures
from tracker.language import _
from tracker.lights import Matrix, cell_words
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import WORST, status_words
from tracker.summary import Summary
from tracker.terminal import print_table
from tracker.views import MOST_UNITS, lateness_words


def print_matrix(out: TextIO, found: Matrix, columns: int) -> None:
    """The county × plan lights."""
    header = [_("单位"), *(plan.head.short for plan in found.plans), _("合计")]
    rows = [(unit.name, *(cell_words(c) for c in cells)) for unit, cells in zip(found.units, found.cells, strict=True)]
    lights = [min((c.light for c in cells), key=WORST.index) for cells in found.cells]
    print_table(out, header, rows, lights=lights, columns=columns)


def print_summary(out: TextIO, snapshot: Snapshot, found: Summary, columns: int) -> None:
    """The leaders' page: figures, matrix, the worst, the next, what waits."""
    names = [_("应完成"), _("已完成"), _("其中销号"), _("按期率"), _("逾期"), _("未按时报送")]
    now, before = _figures(found.now, found.not_reported), _figures(found.before, found.not_reported_before)
    rows = list(zip(names, now, before, strict=True))
    print_table(out, [_("指标"), _("本月"), _("上月")], rows, numbers=frozenset({1, 2}), columns=columns)
    out.write("\n")
    print_matrix(out, found.matrix, columns)
    header = [_("单位"), _("方案"), _("任务节点"), _("到期日"), _("情况")]
    for title, groups in (
        (_("最需要盯的"), [(s,) for s in found.worst]),
        (_("接下来到期的"), found.coming),
        (_("受阻和待上级明确的，需领导研究"), found.waiting),
    ):
        if groups:
            out.write(f"\n{title}\n")
            cells = [_group_row(snapshot, group) for group in groups]
            print_table(out, header, cells, lights=[group[0].light for group in groups], columns=columns)


def _figures(f: Figures | None, not_reported: int | None) -> list[object]:
    if f is None:
        return ["—"] * 6
    rate = f"{f.rate:.1f}%" if f.rate is not None else "—"
    return [f.owed, f.done, f.verified, rate, f.late, not_reported]


def _group_row(snapshot: Snapshot, group: Sequence[Standing]) -> tuple[object, ...]:
    units = [snapshot.unit_of(s).brief for s in group]
    s = group[0]
    return (
        _("、").join(units) if len(units) <= MOST_UNITS else _("{n} 个单位", n=len(units)),
        snapshot.plan_of(s).head.short,
        s.occurrence.milestone.title,
        s.due or "",
        lateness_words(s) or status_words(s.status),
    )
