"""A county's report to the city on a month (报告): what was done, how, what is wrong, what comes. (Design 7.)

A paper to a higher level: it has a 签发人 and holds no request; an extension is its own paper.
"""

from collections.abc import Iterator
from datetime import timedelta

from tracker.deadlines import month_end, months_later
from tracker.figures import figures
from tracker.filters import Filter
from tracker.language import _
from tracker.plans import Unit
from tracker.reports import fields
from tracker.reports.document import Annex, Block, Column, Document, Heading, Paragraph, Table
from tracker.reports.month import Month
from tracker.reports.score import unit_summary
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import status_words
from tracker.submissions import Head
from tracker.views import due_between


def county_report(snapshot: Snapshot, unit_id: str) -> Document:
    """One unit's report on the month that the snapshot is judged at the end of."""
    first = snapshot.clocks.month
    month = Month(snapshot, snapshot.on(first - timedelta(days=1)), first)
    unit = snapshot.programme.unit(unit_id)
    own = [s for s in snapshot.standings if s.occurrence.unit == unit_id]
    head = fields.head_of(snapshot, unit_id)
    body: tuple[Block, ...] = (
        Paragraph(
            _(
                "现将{unit}{month}{name}工作进展情况报告如下（数据截至{day}）。",
                unit=unit.name,
                month=fields.month(first),
                name=snapshot.programme.head.name,
                day=fields.day(snapshot.clocks.as_of),
            )
        ),
        Heading(1, _("一、工作开展情况")),
        *_work(month, unit, own),
        *unit_summary(snapshot, first, unit_id),
        Heading(1, _("二、主要做法")),
        Paragraph((head.practices if head is not None else None) or _("本月没有单独报送做法。")),
        Heading(1, _("三、存在问题及原因")),
        *_trouble(own, head),
        Heading(1, _("四、下步打算")),
        *_next(snapshot, unit_id, own),
    )
    if head is not None and head.suggestions:
        body += (Heading(1, _("五、意见建议")), Paragraph(head.suggestions))
    office = unit.office or unit.name
    return Document(
        office,
        _(
            "{unit}关于{month}{name}工作进展情况的报告",
            unit=unit.name,
            month=fields.month(first),
            name=snapshot.programme.head.name,
        ),
        snapshot.programme.head.report_to,
        body,
        office,
        fields.day(fields.signed_on(snapshot)),
        signer="",
        notice=fields.notice(snapshot.programme),
        annexes=(Annex(_("调度表"), (_schedule(snapshot, own), *_signatures(head))),),
        fingerprint=snapshot.fingerprint,
        form="report",
        templates=fields.templates(snapshot),
    )


def _work(month: Month, unit: Unit, own: list[Standing]) -> Iterator[Block]:
    f = figures(own, month.now.clocks.as_of)
    done = month.done_by(unit.id)
    yield Paragraph(
        _(
            "截至{day}，应完成 {owed} 项，已完成 {done} 项，其中核实销号 {verified} 项，"
            "按期完成率 {rate}，逾期 {late} 项。当月完成 {n} 项。",
            day=fields.day(month.now.clocks.as_of),
            owed=f.owed,
            done=f.done,
            verified=f.verified,
            rate=fields.percent(f.rate),
            late=f.late,
            n=len(done),
        )
    )
    for plan in month.now.programme.plans:
        rows = [s for s in done if s.occurrence.milestone.plan == plan.stem]
        if rows:
            items = fields.names([f"“{fields.titled(s)}”" for s in rows], 5)
            yield Paragraph(_("{plan}：完成{items}。", plan=plan.head.short, items=items))
    numbers = [s for s in own if s.progress is not None and s.progress.asked == 1 and s.is_current and not s.is_done]
    for s in numbers:
        if s.progress is not None and s.is_owed:
            said = f"{s.progress.done:g}" if s.progress.total is None else f"{s.progress.done:g}/{s.progress.total:g}"
            target = s.occurrence.milestone.target
            yield Paragraph(
                _("“{title}”完成 {said}，目标为{target}。", title=fields.titled(s), said=said, target=target)
            )


def _trouble(own: list[Standing], head: Head | None) -> Iterator[Block]:
    if head is not None and head.difficulties:
        yield Paragraph(head.difficulties)
    rows = [s for s in own if (s.is_late and s.is_current) or s.status == "blocked"]
    for s in rows:
        cause, measure, promised = fields.said(s)
        late = _("逾期 {n} 天", n=s.days_late) if s.days_late else status_words(s.status)
        words = [
            _("“{title}”{late}", title=fields.titled(s), late=late),
            _("原因：{cause}", cause=cause.rstrip("。.")) if cause else _("未报原因"),
            *([_("措施：{measure}", measure=measure.rstrip("。."))] if measure else []),
            *([_("预计 {day} 完成", day=promised)] if promised else []),
        ]
        yield Paragraph(_("；").join(words) + _("。"))
    missed = sum(s.is_late and not s.is_current for s in own)
    if missed:
        yield Paragraph(_("周期性任务以往各期累计漏报 {n} 期。", n=missed))
    if not rows and not missed and not (head is not None and head.difficulties):
        yield Paragraph(_("没有逾期和受阻事项。"))


def _next(snapshot: Snapshot, unit_id: str, own: list[Standing]) -> Iterator[Block]:
    following = months_later(snapshot.clocks.month, 1)
    coming = due_between(snapshot, following, month_end(following), Filter(unit=unit_id))
    titles = list(dict.fromkeys(f"“{s.occurrence.milestone.title}”" for s in coming))
    if coming:
        yield Paragraph(
            _(
                "{m}月有 {n} 项到期，将重点推进{items}。",
                m=following.month,
                n=len(coming),
                items=fields.names(titles, 5),
            )
        )
    else:
        yield Paragraph(_("下月没有到期事项，按计划推进其他任务。"))
    for s in own:
        _cause, planned, promised = fields.said(s)
        if s.is_late and s.is_current and promised:
            title, measure = fields.titled(s), planned.rstrip("。.")
            if measure:
                yield Paragraph(
                    _("逾期的“{title}”：{measure}，{day} 前完成。", title=title, measure=measure, day=promised)
                )
            else:
                yield Paragraph(_("逾期的“{title}”{day} 前完成。", title=title, day=promised))


def _schedule(snapshot: Snapshot, own: list[Standing]) -> Table:
    """调度表: what is late, needs watching, was done this month or has news; what waits its turn is left out."""
    first = snapshot.clocks.month
    rows = [
        s
        for s in own
        if s.is_owed
        and (s.is_late or not s.is_done or (s.done_on is not None and s.done_on >= first))
        and (s.is_current or s.is_late)
        and s.status != "not-due"
    ]
    rows.sort(key=lambda s: (not s.is_late, s.due or snapshot.clocks.as_of))
    columns = (
        Column(_("序号"), 4, "centre"),
        Column(_("任务"), 20),
        Column(_("责任单位"), 12),
        Column(_("时限"), fields.DATE_WIDTH, "centre"),
        Column(_("进展"), 14),
        Column(_("是否完成"), 6, "centre"),
        Column(_("问题"), 14),
        Column(_("措施"), 14),
        Column(_("预计完成"), fields.DATE_WIDTH, "centre"),
        Column(_("备注"), 8),
    )
    return Table(columns, tuple(_schedule_row(snapshot, n, s) for n, s in enumerate(rows, 1)), _("没有在办事项。"))


def _schedule_row(snapshot: Snapshot, n: int, s: Standing) -> tuple[str, ...]:
    cause, measure, promised = fields.said(s)
    u = s.record.update if s.record is not None else None
    progress = status_words(s.status)
    if s.progress is not None:
        total = "" if s.progress.total is None else f"/{s.progress.total:g}"
        progress += f" {s.progress.done:g}{total}"
    note = u.note if u is not None and u.note and u.note != cause else ""
    return (
        str(n),
        f"{snapshot.plan_of(s).head.short}　{fields.titled(s)}",
        s.occurrence.milestone.owner,
        fields.short_day(s.due),
        progress,
        _("是") if s.is_done else _("否"),
        cause if s.is_late or (u is not None and u.state == "blocked") else "",
        measure,
        promised,
        _("沿用上月") if s.carried else note or "",
    )


def _signatures(head: Head | None) -> Iterator[Block]:
    prepared, checked = (head.prepared_by, head.checked_by) if head is not None else ("", "")
    yield Paragraph(
        _("填报人：{prepared}　　　　审核人：{checked}　　　　（盖章）", prepared=prepared, checked=checked)
    )
