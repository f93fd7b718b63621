"""What is wrong, in the bulletin's words (三、存在问题): reports, lateness, what is behind, doubtful data."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tracker.findings import Finding, held_entries, month_findings
from tracker.language import _
from tracker.reporting import Reported, reporting_words
from tracker.reports import fields
from tracker.reports.document import Block, Heading, Paragraph
from tracker.reports.month import Month
from tracker.snapshot import Snapshot
from tracker.views import by_unit

MOST_BEHIND = 6


def shortcomings(month: Month, reports: Sequence[Reported]) -> Iterator[Block]:
    """The four kinds, each under its heading."""
    yield Heading(2, _("（一）报送不及时"))
    yield from _not_on_time(reports)
    yield Heading(2, _("（二）任务逾期"))
    yield from _late(month)
    yield Heading(2, _("（三）进度滞后"))
    yield from _behind(month)
    yield Heading(2, _("（四）数据质量"))
    yield from _quality(month)


def _not_on_time(reports: Sequence[Reported]) -> Iterator[Block]:
    late = [r for r in reports if r.status not in ("on-time", "awaited")]
    if not late:
        yield Paragraph(_("各单位均按时报送。"))
        return
    parts = []
    for status, rows in groupby(sorted(late, key=lambda r: r.status), key=lambda r: r.status):
        units = _("、").join(
            r.unit.name + (_("（{day}收到）", day=f"{r.received:%m-%d}") if r.status == "late" else "") for r in rows
        )
        parts.append(_("{status}的有{units}", status=reporting_words(status), units=units))
    yield Paragraph(_("；").join(parts) + _("。"))


def _late(month: Month) -> Iterator[Block]:
    late = by_unit(month.late(), month.now.programme)
    missed = by_unit((s for s in month.now.standings if s.is_late and not s.is_current), month.now.programme)
    for unit, rows in late:
        worst = sorted(rows, key=lambda s: -s.days_late)
        items = fields.names([_("“{title}”逾期 {n} 天", title=fields.titled(s), n=s.days_late) for s in worst])
        yield Paragraph(_("{unit}逾期 {n} 项：{items}。", unit=unit.name, n=len(rows), items=items))
    if not late:
        yield Paragraph(_("没有逾期未完成的事项。"))
    if missed:
        parts = _("、").join(_("{unit} {n} 期", unit=unit.name, n=len(rows)) for unit, rows in missed)
        yield Paragraph(_("周期性任务以往各期累计漏报：{parts}。", parts=parts))
    if month.disputed:
        words = _("另有 {n} 项有关单位对核对稿提出异议，正在核对，未列入本通报的各项数字。", n=month.disputed)
        yield Paragraph(words)
    today = by_unit(month.open_today(), month.now.programme)
    if today:
        parts = _("、").join(_("{unit} {n} 项", unit=unit.name, n=len(rows)) for unit, rows in today)
        yield Paragraph(_("{day}到期、截至当日尚未完成的：{parts}。", day=fields.day(month.last), parts=parts))


def _behind(month: Month) -> Iterator[Block]:
    rows = [s for s in month.now.standings if s.status == "behind" and s.progress is not None]
    if not rows:
        yield Paragraph(_("有数字目标的事项均不低于序时进度。"))
        return
    rows.sort(key=lambda s: s.progress.share if s.progress is not None else 0)
    parts = [
        _(
            "{unit}“{title}”完成目标的 {share:.0f}%",
            unit=month.now.unit_of(s).name,
            title=s.occurrence.milestone.title,
            share=s.progress.share if s.progress is not None else 0,
        )
        for s in rows
    ]
    yield Paragraph(fields.names(parts, MOST_BEHIND) + _("，低于序时进度。"))


def _quality(month: Month) -> Iterator[Block]:
    found = month_findings(month.now, month.before) if month.last_months is not None else []
    held = held_entries(month.now)
    if not found and not held:
        yield Paragraph(_("未发现明显的数据问题。"))
        return
    yield Paragraph(_("以下情况请有关单位核实，在下月月报中说明："))
    for unit in month.now.programme.units:
        own = [f for f in found if f.unit == unit.id]
        waiting = held.get(unit.id, 0)
        words = [_finding_words(month.now, f) for f in own]
        if waiting:
            words.append(_("{n} 条填报有误，暂未计入", n=waiting))
        if words:
            yield Paragraph(_("{unit}：{words}。", unit=unit.name, words=fields.names(words)))


def _finding_words(snapshot: Snapshot, found: Finding) -> str:
    s = snapshot.by_key.get((found.unit, found.item))
    title = fields.titled(s) if s is not None else found.item
    return _("“{title}”{message}", title=title, message=found.message.rstrip("。."))
