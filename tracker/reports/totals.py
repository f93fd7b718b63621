"""The bulletin's annexes on all units: their figures, and how they reported."""

from collections.abc import Sequence

from tracker.figures import figures
from tracker.language import _
from tracker.lights import cell
from tracker.reporting import Reported, reporting_words
from tracker.reports import fields
from tracker.reports.document import Column, Table
from tracker.reports.month import Month
from tracker.standing import Standing


def totals_table(month: Month, reports: Sequence[Reported]) -> Table:
    """汇总表: a line a unit, and the whole city."""
    columns = (
        Column(_("报送单位"), 14),
        Column(_("应完成"), 7, "right"),
        Column(_("已完成"), 7, "right"),
        Column(_("其中销号"), 8, "right"),
        Column(_("按期率"), 9, "right"),
        Column(_("逾期"), 6, "right"),
        Column(_("累计漏报"), 8, "right"),
        Column(_("当月完成"), 8, "right"),
        Column(_("报送"), 9, "centre"),
    )
    status = {r.unit.id: reporting_words(r.status) for r in reports}
    rows = []
    for unit in month.now.programme.units:
        own = [s for s in month.now.standings if s.occurrence.unit == unit.id]
        row = _totals_row(unit.name, own, len(month.done_by(unit.id)), status.get(unit.id, ""), month)
        rows.append(row)
    every = _totals_row(_("全市合计"), list(month.now.standings), len(month.done), "", month)
    return Table(columns, (*rows, every))


def _totals_row(name: str, own: list[Standing], done: int, status: str, month: Month) -> tuple[str, ...]:
    as_of = month.now.clocks.as_of
    f = figures(own, as_of)
    c = cell(own, "", "", as_of)
    return (
        name,
        str(f.owed),
        str(f.done),
        str(f.verified),
        f"{f.rate:.1f}%" if f.rate is not None else "—",
        str(c.late),
        str(c.missed),
        str(done),
        status,
    )


def reporting_table(reports: Sequence[Reported]) -> Table:
    """报送情况: when each unit's report came."""
    columns = (
        Column(_("报送单位"), 14),
        Column(_("情况"), 9, "centre"),
        Column(_("收到时间"), 12, "centre"),
        Column(_("版本数"), 7, "right"),
    )
    rows = tuple(
        (r.unit.name, reporting_words(r.status), fields.moment(r.received), str(r.versions) if r.versions else "—")
        for r in reports
    )
    return Table(columns, rows)
