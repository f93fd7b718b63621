"""The Excel annex of a month: the figures and lights of every unit, and a sheet a plan with all that is under way.

What it says; ``as_xlsx`` writes it. Cells are typed: a day is a day, a number a number, so that the office can
filter, sort and add.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.figures import Figures, figures
from tracker.filters import Filter
from tracker.language import _
from tracker.lights import Cell, cell, cell_rule, cell_words, matrix
from tracker.plans import Plan, Unit
from tracker.reporting import reporting, reporting_words
from tracker.reports import fields
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import light_words, status_words
from tracker.summary import summary
from tracker.views import contested

Kind = Literal["text", "centre", "number", "percent", "day", "light"]
Value = str | int | float | date | None


@dataclass(frozen=True)
class Heading:
    """A column: its title, the kind of its cells, and how many columns of a terminal it may take at most."""

    title: str
    kind: Kind = "centre"
    widest: int = 14


@dataclass(frozen=True)
class Grid:
    """A table of typed cells; the last ``totals`` rows are sums and not filtered."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[Value, ...], ...]
    totals: int = 0


@dataclass(frozen=True)
class Sheet:
    """A sheet: a title, the grid whose heading stays in sight, further ones below it, and notes."""

    name: str
    title: str
    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Book:
    """A workbook."""

    title: str
    author: str
    notice: str
    """A line above everything: 示例数据."""
    sheets: tuple[Sheet, ...]
    fingerprint: str
    """For the properties, never in a sheet."""


UNSAID = frozenset({"before-records", "contributing", "continuing"})
"""Standings that a month's schedule has no row for: there is nothing to do or to say of them."""


def annex(snapshot: Snapshot, unit: str | None = None) -> Book:
    """The annex on the month a snapshot is judged in: of the whole city, or of one unit."""
    head = snapshot.programme.head
    units = [u for u in snapshot.programme.units if unit in (None, u.id)]
    whose = head.name if unit is None else f"{units[0].name}　{head.name}"
    title = _("{whose}{month}调度表", whose=whose, month=fields.month(snapshot.clocks.month))
    until = _("截至{day}", day=fields.day(snapshot.clocks.as_of))
    plans = [(plan, list(_of_plan(snapshot, plan, units))) for plan in snapshot.programme.plans]
    sheets = [
        Sheet(plan.head.short, _("{title}　{plan}　{until}", title=title, plan=plan.head.short, until=until), (grid,))
        for plan, rows in plans
        for grid in (_schedule(snapshot, rows),)
        if rows
    ]
    first = Sheet(_("汇总"), f"{title}　{until}", tuple(_totals(snapshot, units, unit)), (cell_rule(),))
    return Book(title, head.issuer, fields.notice(snapshot.programme), (first, *sheets), snapshot.fingerprint)


# --- the summary ---


def _totals(snapshot: Snapshot, units: Sequence[Unit], unit: str | None) -> Iterator[Grid]:
    found = matrix(snapshot, Filter(unit=unit))
    lights = {u.id: cells for u, cells in zip(found.units, found.cells, strict=True)}
    status = {r.unit.id: reporting_words(r.status) for r in reporting(snapshot, snapshot.clocks.month)}
    numbers = _number_headings()
    headings = (
        Heading(_("报送单位"), "centre", 24),
        *numbers,
        Heading(_("累计漏报"), "number"),
        Heading(_("报送"), "centre"),
        *(Heading(plan.head.short, "light", 18) for plan in found.plans),
        Heading(_("合计"), "light", 18),
    )
    rows = []
    for u in units:
        own = [s for s in snapshot.standings if s.occurrence.unit == u.id]
        words = [cell_words(c) for c in lights.get(u.id, ())] or [""] * (len(found.plans) + 1)
        rows.append((u.name, *_numbers(snapshot, own), status.get(u.id, ""), *words))
    if unit is None:
        rows.append((_("全市合计"), *_numbers(snapshot, snapshot.standings), *[""] * (len(found.plans) + 2)))
    yield Grid(headings, tuple(rows), totals=int(unit is None))
    if unit is None:
        yield _compared(snapshot)


def _number_headings() -> tuple[Heading, ...]:
    return (
        Heading(_("应完成"), "number"),
        Heading(_("已完成"), "number"),
        Heading(_("其中销号"), "number"),
        Heading(_("按期率"), "percent"),
        Heading(_("逾期"), "number"),
    )


def _numbers(snapshot: Snapshot, standings: Sequence[Standing]) -> tuple[Value, ...]:
    """What was owed and done, and what is late: now, and in past periods."""
    f = figures(standings, snapshot.clocks.as_of)
    c: Cell = cell(standings, "", "", snapshot.clocks.as_of)
    return f.owed, f.done, f.verified, _share(f), c.late, c.missed


def _share(f: Figures) -> float | None:
    """按期率 as a part of one, exactly as printed."""
    return round(round(f.rate, 1) / 100, 3) if f.rate is not None else None


def _compared(snapshot: Snapshot) -> Grid:
    """The five figures of the city with last month's."""
    said = summary(snapshot)
    headings = (
        Heading(_("全市")),
        *_number_headings()[:-1],
        Heading(_("逾期和漏报"), "number"),
        Heading(_("未按时报送"), "number"),
    )
    rows = [
        (name, f.owed, f.done, f.verified, _share(f), f.late, not_reported)
        for name, f, not_reported in (
            (_("本月"), said.now, said.not_reported),
            (_("上月"), said.before, said.not_reported_before),
        )
        if f is not None
    ]
    return Grid(headings, tuple(rows))


# --- a plan ---


def _of_plan(snapshot: Snapshot, plan: Plan, units: Iterable[Unit]) -> Iterator[Standing]:
    """What a plan's schedule lists, unit by unit in protocol order."""
    wanted: dict[str, list[Standing]] = {u.id: [] for u in units}
    for s in snapshot.standings:
        if s.occurrence.milestone.plan == plan.stem and s.occurrence.unit in wanted and is_under_way(snapshot, s):
            wanted[s.occurrence.unit].append(s)
    return (s for rows in wanted.values() for s in rows)


def is_under_way(snapshot: Snapshot, s: Standing) -> bool:
    """Whether a schedule lists a standing: all that was owed since the books began, is open, or was ruled out.

    What has not begun, what fell due before the books, and rules without an end are left out.
    """
    return s.status not in UNSAID and (s.occurrence.opens <= snapshot.clocks.as_of or s.is_done)


def _schedule(snapshot: Snapshot, rows: Sequence[Standing]) -> Grid:
    headings = (
        Heading(_("序号"), "number", 6),
        Heading(_("单位"), "centre", 10),
        Heading(_("任务"), "centre", 10),
        Heading(_("任务节点"), "text", 24),
        Heading(_("责任单位/责任人"), "text", 14),
        Heading(_("期限原文"), "text", 14),
        Heading(_("到期日"), "day"),
        Heading(_("灯"), "light", 6),
        Heading(_("状态"), "centre", 10),
        Heading(_("逾期天数"), "number"),
        Heading(_("完成数"), "number"),
        Heading(_("总数"), "number"),
        Heading(_("完成日期"), "day"),
        Heading(_("原因"), "text", 20),
        Heading(_("措施"), "text", 20),
        Heading(_("预计完成"), "day"),
        Heading(_("备注"), "text", 20),
    )
    objected = contested(snapshot)
    return Grid(headings, tuple(_row(snapshot, n, s, objected) for n, s in enumerate(rows, 1)))


def _row(snapshot: Snapshot, n: int, s: Standing, objected: frozenset[tuple[str, str]]) -> tuple[Value, ...]:
    m, u = s.occurrence.milestone, s.record.update if s.record is not None else None
    is_explained = s.is_late or (u is not None and u.state == "blocked")
    cause = fields.said(s)[0] if is_explained else ""
    notes = (
        u.note or "" if u is not None and u.note != cause else "",
        _("沿用上月") if s.carried else "",
        _("有异议，待裁定") if (s.occurrence.unit, s.occurrence.id) in objected else "",
    )
    return (
        n,
        snapshot.unit_of(s).brief,
        fields.clause(m.item),
        fields.titled(s),
        m.owner,
        m.wording,
        s.due,
        light_words(s.light),
        status_words(s.status),
        s.days_late or None,
        s.progress.done if s.progress is not None else None,
        s.progress.total if s.progress is not None else None,
        s.done_on,
        cause,
        (u.measure or "") if u is not None and is_explained else "",
        u.promised_on if u is not None and is_explained else None,
        _("；").join(note for note in notes if note),
    )
