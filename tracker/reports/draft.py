"""核对稿: what the bulletin will say of one unit, sent to it before the bulletin is issued. (Design 7.)

A unit may object to any line; an objection stays open until the city has ruled on it, and
nobody is named on it meanwhile.
"""

from collections.abc import Iterator

from tracker.figures import figures
from tracker.filters import Filter
from tracker.language import _
from tracker.reporting import reporting, reporting_words
from tracker.reports import fields
from tracker.reports.document import Annex, Block, Column, Document, Paragraph, Table
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import status_words
from tracker.views import contested, overdue


def draft(snapshot: Snapshot, unit_id: str) -> Document:
    """The draft for one unit on the month that the snapshot is judged at the end of."""
    head = snapshot.programme.head
    unit = snapshot.programme.unit(unit_id)
    first = snapshot.clocks.month
    return Document(
        head.issuer,
        _("关于核对{month}通报内容的函", month=fields.month(first)),
        _("{unit}：", unit=unit.office or unit.name),
        tuple(_body(snapshot, unit_id)),
        head.issuer,
        _("　　年　　月　　日"),
        notice=fields.notice(snapshot.programme),
        annexes=(Annex(_("拟通报事项核对表"), (_table(snapshot, unit_id),)),),
        fingerprint=snapshot.fingerprint,
        form="letter",
        templates=fields.templates(snapshot),
    )


def _body(snapshot: Snapshot, unit_id: str) -> Iterator[Block]:
    first = snapshot.clocks.month
    own = [s for s in snapshot.standings if s.occurrence.unit == unit_id]
    f = figures(own, snapshot.clocks.as_of)
    yield Paragraph(
        _(
            "{month}{name}进展情况的通报即将印发，现将拟涉及你单位的内容送请核对（数据截至{day}）。",
            month=fields.month(first),
            name=snapshot.programme.head.name,
            day=fields.day(snapshot.clocks.as_of),
        )
    )
    reported = next((r for r in reporting(snapshot, first) if r.unit.id == unit_id), None)
    yield Paragraph(
        _(
            "你单位应完成 {owed} 项，已完成 {done} 项，其中核实销号 {verified} 项，按期完成率 {rate}；逾期 {late} 项。"
            "当月月报：{status}。",
            owed=f.owed,
            done=f.done,
            verified=f.verified,
            rate=fields.percent(f.rate),
            late=f.late,
            status=reporting_words(reported.status) if reported is not None else _("不要求报送"),
        )
    )
    yield Paragraph(
        _(
            "如有异议，请在{day}通报印发前逐项写明事实和依据，盖章后反馈；逾期未反馈的，视为无异议。"
            "有异议的事项核实清楚之前不列入通报。",
            day=fields.day(fields.signed_on(snapshot)),
        )
    )


def _table(snapshot: Snapshot, unit_id: str) -> Table:
    columns = (
        Column(_("序号"), 4, "centre"),
        Column(_("方案"), 6, "centre"),
        Column(_("任务节点"), 20),
        Column(_("期限原文"), 14),
        Column(_("到期日"), fields.DATE_WIDTH, "centre"),
        Column(_("逾期天数"), 6, "right"),
        Column(_("拟通报情况"), 10, "centre"),
        Column(_("你单位意见"), 24),
    )
    disputed = contested(snapshot)
    rows = tuple(
        (
            str(n),
            snapshot.plan_of(s).head.short,
            fields.titled(s),
            s.occurrence.milestone.wording,
            fields.short_day(s.due),
            str(s.days_late),
            status_words(s.status),
            _("已提出异议，正在核对") if _key(s) in disputed else "",
        )
        for n, s in enumerate(overdue(snapshot, Filter(unit=unit_id)), 1)
    )
    return Table(columns, rows, _("没有拟通报的逾期事项。"))


def _key(s: Standing) -> tuple[str, str]:
    return s.occurrence.unit, s.occurrence.id
