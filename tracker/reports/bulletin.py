"""The city's bulletin on a month (通报): cool and factual, units in protocol order. (Design 7.)

No item ids, file lines, names under problems or claims sold as facts: those live in ``why``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from tracker.deadlines import months_later
from tracker.findings import Finding, findings
from tracker.language import _
from tracker.plans import LEVELS, Unit
from tracker.reports import fields
from tracker.reports.document import Annex, Block, Column, Document, Heading, Paragraph, Table
from tracker.reports.narrated import Narrator
from tracker.reports.score import summary
from tracker.snapshot import Snapshot, month_end
from tracker.standing import Standing
from tracker.views import (
    Figures,
    Reported,
    asked,
    by_unit,
    cell,
    contested,
    due_between,
    figures,
    named,
    overdue,
    reporting,
    reporting_words,
)

MOST_PRAISED = 3
"""Units with facts under 工作成效."""

MOST_BEHIND = 6


@dataclass(frozen=True)
class Month:
    """What the bulletin on a month looks at."""

    now: Snapshot
    before: Snapshot
    first: date
    disputed: int = 0
    """Late items left out while an objection to them is open."""

    @property
    def last(self) -> date:
        """The month's last day."""
        return month_end(self.first)

    @property
    def figures(self) -> Figures:
        """The city's figures on the last day."""
        return figures(self.now.standings, self.now.clocks.as_of)

    @property
    def last_months(self) -> Figures | None:
        """The figures a month earlier; None where the books had not begun."""
        begun = self.first > self.now.programme.head.records_from
        return figures(self.before.standings, self.before.clocks.as_of) if begun else None

    def done_in_month(self, unit: str | None = None) -> list[Standing]:
        """What was done on a day of the month."""
        return [
            s
            for s in self.now.standings
            if s.is_done
            and s.done_on is not None
            and self.first <= s.done_on <= self.last
            and (unit is None or s.occurrence.unit == unit)
        ]

    def late(self) -> list[Standing]:
        """What is late and current, worst first: past periods are counted, not listed."""
        return [s for s in overdue(self.now) if s.is_current]

    def open_today(self) -> list[Standing]:
        """What falls due on the month's last day and is not done: not late yet, due all the same."""
        return due_between(self.now, self.last, self.last)


def bulletin(snapshot: Snapshot) -> Document:
    """The bulletin on the month that the snapshot is judged at the end of."""
    first = snapshot.clocks.month
    now = named(snapshot)
    left_out = len(snapshot.standings) - len(now.standings)
    before = named(snapshot.on(first - timedelta(days=1)), contested(snapshot))
    month = Month(now, before, first, left_out)
    head, narrator = snapshot.programme.head, Narrator(snapshot, month.before)
    reports = reporting(snapshot, first)
    coming = due_between(now, months_later(first, 1), month_end(months_later(first, 1)))
    body: tuple[Block, ...] = (
        Paragraph(
            _(
                "现将{month}{name}进展情况通报如下（数据截至{day}）。",
                month=fields.month(first),
                name=head.name,
                day=fields.day(snapshot.clocks.as_of),
            )
        ),
        Heading(1, _("一、总体情况")),
        *_overall(month, reports),
        *summary(now, first),
        Heading(1, _("二、工作成效")),
        *narrator.section(snapshot.narrative.achievements, _achievements(month)),
        Heading(1, _("三、存在问题")),
        *narrator.section(snapshot.narrative.problems, _problems(month, reports)),
        Heading(1, _("四、下步要求")),
        *narrator.section(snapshot.narrative.demands, _demands(month, coming)),
    )
    return Document(
        head.issuer,
        _("关于{month}{name}进展情况的通报", month=fields.month(first), name=head.name),
        head.addressees,
        body,
        head.issuer,
        fields.day(fields.signed_on(snapshot)),
        copies=head.copies,
        notice=fields.notice(snapshot.programme),
        annexes=(
            Annex(_("汇总表"), (_totals(month, reports),)),
            Annex(_("逾期清单"), (fields.late_table(snapshot, month.late()),)),
            Annex(_("下月到期事项"), (fields.due_table(snapshot, coming),)),
            Annex(_("报送情况"), (_reporting_table(reports),), is_wide=False),
        ),
        fingerprint=snapshot.fingerprint,
        templates=fields.templates(snapshot),
    )


# --- 一、总体情况 ---


def _overall(month: Month, reports: Sequence[Reported]) -> Iterator[Block]:
    now, before = month.figures, month.last_months
    missed = sum(s.is_late and not s.is_current for s in month.now.standings)
    others = now.owed - now.done - now.late
    yield Paragraph(
        _(
            "截至{day}，全市应完成事项 {owed} 项，已完成 {done} 项，其中核实销号 {verified} 项，"
            "按期完成率 {rate}{change}；逾期 {late} 项{missed}{late_change}{others}。当月完成 {month_done} 项。"
            "{units} 个报送单位中，{on_time} 个按时报送。{judgement}",
            day=fields.day(month.now.clocks.as_of),
            owed=now.owed,
            done=now.done,
            verified=now.verified,
            rate=fields.percent(now.rate),
            change=fields.rate_change(now, before),
            late=now.late,
            missed=_("（含以往各期漏报 {n} 期）", n=missed) if missed else "",
            late_change=fields.change(now.late, before.late) if before is not None else "",
            others=_("；其余 {n} 项为当日到期、待上级明确或已说明结案", n=others) if others else "",
            month_done=len(month.done_in_month()),
            units=len(reports),
            on_time=sum(r.status == "on-time" for r in reports),
            judgement=_judgement(now, before),
        )
    )
    parts = []
    for plan in month.now.programme.plans:
        own = figures(
            (s for s in month.now.standings if s.occurrence.milestone.plan == plan.stem), month.now.clocks.as_of
        )
        parts.append(
            _(
                "{plan}应完成 {owed} 项、已完成 {done} 项、逾期 {late} 项",
                plan=plan.head.short,
                owed=own.owed,
                done=own.done,
                late=own.late,
            )
        )
    if len(parts) > 1:
        yield Paragraph(_("分方案看，{parts}。", parts=_("；").join(parts)))
    late = [s for s in month.now.standings if s.is_late]
    if late:
        counts = [
            _("{level} {n} 项", level=_(LEVELS[level]), n=sum(_responsible(s) == level for s in late))
            for level in ("city", "county", "park", "enterprise")
            if any(_responsible(s) == level for s in late)
        ]
        yield Paragraph(_("逾期事项按责任主体分：{counts}。", counts=_("、").join(counts)))


def _responsible(s: Standing) -> str:
    """The level an item counts under: the unit's own for shared duties."""
    level = s.occurrence.milestone.level
    return level[0] if len(level) == 1 else "city" if s.occurrence.milestone.level == () else level[-1]


def _judgement(now: Figures, before: Figures | None) -> str:
    """One sentence, by rule: the rate and the late against last month's."""
    if now.late == 0:
        return _("各项任务按序时推进，没有逾期。")
    if before is None:
        return _("逾期事项需要尽快销账。")
    if now.late > before.late:
        return _("逾期事项有所增加，需要尽快销账。")
    if now.late < before.late:
        return _("逾期事项有所减少，总体进展平稳。")
    return _("总体进展平稳，逾期事项尚未减少。")


# --- 二、工作成效 ---


def _achievements(month: Month) -> Iterator[Block]:
    best = sorted(
        (u for u in month.now.programme.units if u.level != "city"),
        key=lambda u: (_late_of(month, u), -len(month.done_in_month(u.id))),
    )
    praised = [u for u in best if month.done_in_month(u.id) and _late_of(month, u) == 0][:MOST_PRAISED]
    if not praised:
        yield Paragraph(_("本月没有同时做到有新完成事项、无逾期的单位。"))
    order = list(month.now.programme.units)
    for unit in sorted(praised, key=order.index):
        done = month.done_in_month(unit.id)
        verified = sum(s.status == "verified" for s in done)
        one_offs = [s for s in done if not s.occurrence.is_recurring] or done
        yield Paragraph(
            _(
                "{unit}当月报告完成 {n} 项，已核实销号 {verified} 项，没有逾期；完成的有{items}。",
                unit=unit.name,
                n=len(done),
                verified=verified,
                items=fields.kinds(_titles(one_offs)),
            )
        )


def _late_of(month: Month, unit: Unit) -> int:
    return sum(s.is_late for s in month.now.standings if s.occurrence.unit == unit.id)


# --- 三、存在问题 ---


def _problems(month: Month, reports: Sequence[Reported]) -> Iterator[Block]:
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
    found = findings(month.now, month.before, month.now.silences) if month.last_months is not None else []
    held = [f for f in month.now.filed if f.submission.month == month.first and f.submission.held]
    if not found and not held:
        yield Paragraph(_("未发现明显的数据问题。"))
        return
    yield Paragraph(_("以下情况请有关单位核实，在下月月报中说明："))
    for unit in month.now.programme.units:
        own = [f for f in found if f.unit == unit.id]
        waiting = sum(len(f.submission.held) for f in held if f.submission.unit == unit.id)
        words = [_finding_words(month.now, f) for f in own]
        if waiting:
            words.append(_("{n} 条填报有误，暂未计入", n=waiting))
        if words:
            yield Paragraph(_("{unit}：{words}。", unit=unit.name, words=fields.names(words)))


def _finding_words(snapshot: Snapshot, found: Finding) -> str:
    s = snapshot.by_key.get((found.unit, found.item))
    title = fields.titled(s) if s is not None else found.item
    return _("“{title}”{message}", title=title, message=found.message.rstrip("。."))


# --- 四、下步要求 ---


def _demands(month: Month, coming: Sequence[Standing]) -> Iterator[Block]:
    ordinals = (_("一是"), _("二是"), _("三是"))
    for nth, demand in zip(ordinals, _demanded(month, coming), strict=False):
        yield Paragraph(f"{nth}{demand}")
    yield from _consequences(month)


def _demanded(month: Month, coming: Sequence[Standing]) -> Iterator[str]:
    """What the city asks for next: clear what is late, prepare what comes, report in time."""
    following = asked(month.now.programme, months_later(month.first, 1))
    closes = month.now.programme.head.until
    late = by_unit(month.late(), month.now.programme)
    if late:
        yield _(
            "限期销账。{units}要对逾期事项逐项明确责任人和完成日期，在下月月报中逐项说明；"
            "确需延期的，到期前单独申请，写明理由、进展和新的日期。",
            units=_("、").join(unit.name for unit, _rows in late),
        )
    if month.last >= closes:
        yield _(
            "做好收官。行动已到{day}的期限，仍未完成的 {n} 项由各责任单位明确完成日期，完成后补报并核实销号。",
            day=fields.day(closes),
            n=sum(s.is_owed and not s.is_done and s.status != "explained" for s in month.now.standings),
        )
        return
    if coming:
        yield _(
            "提前安排到期事项。{m}月有 {n} 项到期，包括{items}，各责任单位要提前核对进度，完成后及时报送佐证材料。",
            m=months_later(month.first, 1).month,
            n=len(coming),
            items=fields.kinds(_titles(coming)),
        )
    if following is not None:
        yield _(
            "按时报送。{month}月报请于{day}（含当日）前报送。",
            month=fields.month(following.month),
            day=fields.day(following.asked.day),
        )


def _titles(rows: Iterable[Standing]) -> list[str]:
    """The distinct titles, one-offs first."""
    ordered = sorted(rows, key=lambda s: s.occurrence.is_recurring)
    return list(dict.fromkeys(f"“{s.occurrence.milestone.title}”" for s in ordered))


def _consequences(month: Month) -> Iterator[Block]:
    """What the plans themselves attach to the missed days."""
    for s in month.late():
        for found in month.now.programme.consequences(s.occurrence.milestone):
            if found.after in (s.occurrence.milestone.id, f"{found.plan}-{found.item}"):
                yield Paragraph(
                    _(
                        "{unit}“{title}”已逾期，方案写明：{what}",
                        unit=month.now.unit_of(s).name,
                        title=s.occurrence.milestone.title,
                        what=found.what,
                    )
                )


# --- annexes ---


def _totals(month: Month, reports: Sequence[Reported]) -> Table:
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
        row = _totals_row(unit.name, own, len(month.done_in_month(unit.id)), status.get(unit.id, ""), month)
        rows.append(row)
    every = _totals_row(_("全市合计"), list(month.now.standings), len(month.done_in_month()), "", month)
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


def _reporting_table(reports: Sequence[Reported]) -> Table:
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
