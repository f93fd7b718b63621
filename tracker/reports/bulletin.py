"""The city's bulletin on a month (通报): cool and factual, units in protocol order. (Design 7.)

No item ids, file lines, names under problems or claims sold as facts: those live in ``why``.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tracker.deadlines import month_end, months_later
from tracker.figures import Figures, figures
from tracker.language import _
from tracker.plans import LEVELS, Unit
from tracker.reporting import Reported, reporting
from tracker.reports import fields
from tracker.reports.demands import demands
from tracker.reports.document import Annex, Block, Document, Heading, Paragraph
from tracker.reports.month import Month
from tracker.reports.narrated import Narrator
from tracker.reports.score import summary
from tracker.reports.shortcomings import shortcomings
from tracker.reports.totals import reporting_table, totals_table
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.views import contested, due_between, named

MOST_PRAISED = 3
"""Units with facts under 工作成效."""


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
        *narrator.section(snapshot.narrative.problems, shortcomings(month, reports)),
        Heading(1, _("四、下步要求")),
        *narrator.section(snapshot.narrative.demands, demands(month, coming)),
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
            Annex(_("汇总表"), (totals_table(month, reports),)),
            Annex(_("逾期清单"), (fields.late_table(snapshot, month.late()),)),
            Annex(_("下月到期事项"), (fields.due_table(snapshot, coming),)),
            Annex(_("报送情况"), (reporting_table(reports),), is_wide=False),
        ),
        fingerprint=snapshot.fingerprint,
        templates=fields.templates(snapshot),
    )


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
            month_done=len(month.done),
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


def _achievements(month: Month) -> Iterator[Block]:
    best = sorted(
        (u for u in month.now.programme.units if u.level != "city"),
        key=lambda u: (_late_of(month, u), -len(month.done_by(u.id))),
    )
    praised = [u for u in best if month.done_by(u.id) and _late_of(month, u) == 0][:MOST_PRAISED]
    if not praised:
        yield Paragraph(_("本月没有同时做到有新完成事项、无逾期的单位。"))
    order = list(month.now.programme.units)
    for unit in sorted(praised, key=order.index):
        done = month.done_by(unit.id)
        verified = sum(s.status == "verified" for s in done)
        one_offs = [s for s in done if not s.occurrence.is_recurring] or done
        yield Paragraph(
            _(
                "{unit}当月报告完成 {n} 项，已核实销号 {verified} 项，没有逾期；完成的有{items}。",
                unit=unit.name,
                n=len(done),
                verified=verified,
                items=fields.kinds(fields.titles(one_offs)),
            )
        )


def _late_of(month: Month, unit: Unit) -> int:
    return sum(s.is_late for s in month.now.standings if s.occurrence.unit == unit.id)
