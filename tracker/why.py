"""How one light came about: rule, date arithmetic, record, rulings, and the plan's own wording.

A tree of short lines that the command prints, and that other papers may print too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from tracker.deadlines import term
from tracker.decisions import KINDS as RULINGS
from tracker.decisions import OF_MILESTONES, Decision
from tracker.filed import Record
from tracker.language import _
from tracker.occurrences import Occurrence
from tracker.plans import KINDS, LEVELS, Milestone
from tracker.problems import labelled
from tracker.required import warning_window
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import Light, light_words, status_words
from tracker.submissions import STATES, Update
from tracker.workdays import Day
from tracker.workspace import CHECKLIST


@dataclass(frozen=True)
class Step:
    """One heading of the reasoning and its lines."""

    title: str
    lines: tuple[str, ...]


def why(snapshot: Snapshot, s: Standing, signs: Mapping[Light, str] | None = None) -> list[Step]:
    """The reasoning behind a standing, from the light down to the wording; ``signs`` as in ``light_words``."""
    *grounds, basis = in_short(snapshot, s)
    steps = [
        Step(_("结论"), tuple(_conclusion(snapshot, s, signs))),
        *grounds,
        Step(_("审核意见"), tuple(_rulings(snapshot, s)) or (_("没有。"),)),
        basis,
    ]
    if s.is_late:
        found = snapshot.programme.consequences(s.occurrence.milestone)
        if found:
            lines = tuple(_("{what}（原文：{wording}）", what=m.what, wording=m.wording) for m in found)
            steps.append(Step(_("方案写明的逾期后果"), lines))
    return steps


def in_short(snapshot: Snapshot, s: Standing) -> list[Step]:
    """The reasoning as far as the standing itself knows it: no file is read for it, so a cursor may pass."""
    return [
        Step(_("规则"), (rule(snapshot, s),)),
        Step(_("日期推算"), tuple(arithmetic(snapshot, s))),
        Step(_("记录"), tuple(_records(s))),
        Step(_("方案依据"), tuple(_basis(snapshot, s.occurrence.milestone))),
    ]


def _conclusion(snapshot: Snapshot, s: Standing, signs: Mapping[Light, str] | None) -> list[str]:
    unit = snapshot.unit_of(s)
    clocks = snapshot.clocks
    lines = [
        _(
            "{unit}《{title}》截至 {day}：{light} {status}",
            unit=unit.name,
            title=s.occurrence.milestone.title,
            day=clocks.as_of,
            light=light_words(s.light, signs),
            status=status_words(s.status),
        )
    ]
    if s.days_late:
        lines.append(_("比现行到期日晚 {n} 天。", n=s.days_late))
    if s.days_late_scheduled != s.days_late:
        lines.append(_("比原定到期日晚 {n} 天。", n=s.days_late_scheduled))
    if s.carried:
        lines.append(_("沿用上月：本月没有报这一项，也没有声明与上月一致。"))
    return lines


def rule(snapshot: Snapshot, s: Standing) -> str:
    """The rule that gave the standing."""
    o, thresholds = s.occurrence, snapshot.programme.thresholds
    window = warning_window(o, thresholds.warning_days).days
    rules = {
        "overdue": _("到期日已过，有记录但没有完成。"),
        "missed": _("这一期已经结束，没有完成。"),
        "unreported": _("到期日已过，从来没有填报。"),
        "blocked": _("最近的记录是受阻，还没有到期。"),
        "waiting": _("方案写明要等{whom}先行部署，不算逾期。", whom=o.milestone.waits_on or ""),
        "returned": _("最近一次填报被退回，或者核实不通过，还没有重新报。"),
        "due-soon": _("到期前 {n} 天内转黄（预警天数与周期三分之一取小）。", n=window),
        "behind": _("完成比例比已过时间的比例低 {n} 个百分点以上。", n=thresholds.behind_points),
        "verified": _("完成情况已经核实销号，不再变动。"),
        "done": _("填报单位报告已完成，等待核实。"),
        "on-track": _("已经开始，没有到期，也没有预警情形。"),
        "not-due": _("还没有到期，也没有预警情形。"),
        "not-applicable": _("市级意见：不涉及。"),
        "adjusted": _("市级意见：任务调整。"),
        "terminated": _("市级意见：终止。"),
        "suspended": _("市级意见：中止。"),
        "explained": _("漏报的旧期次已经说明，市级已结案。"),
        "continuing": _("长期坚持的工作或长期规定，没有到期日。"),
        "contributing": _("全市一个数，本单位的数计入合计；到期由牵头单位负责。"),
        "before-records": _(
            "到期日在建账日 {day} 之前，建账文件里没有登记。", day=snapshot.programme.head.records_from
        ),
    }
    return rules[s.status]


def arithmetic(snapshot: Snapshot, s: Standing) -> list[str]:
    """How the due day was reached, with the holidays that moved it, and the distance to the day judged on."""
    o, m = s.occurrence, s.occurrence.milestone
    lines = list(_rule_lines(snapshot, o, m))
    granted = [d for d in s.rulings if d.kind == "extend" and d.granted and d.until is not None]
    if o.due is not None:
        lines.append(_("原定到期日：{day}（到期当天不算逾期）。", day=o.due))
    lines += [_("{at} 同意延期到 {day}。", at=d.at.date(), day=d.until) for d in granted]
    if s.due is not None:
        as_of = snapshot.clocks.as_of
        if s.done_on is not None:
            lines.append(
                _("{done} 完成，比到期日 {due} 晚 {n} 天。", done=s.done_on, due=s.due, n=(s.done_on - s.due).days)
                if s.done_on > s.due
                else _("{done} 完成，在到期日 {due} 当天或之前。", done=s.done_on, due=s.due)
            )
        elif as_of > s.due:
            lines.append(_("{day} 减 {due} 为 {n} 天。", day=as_of, due=s.due, n=(as_of - s.due).days))
        else:
            lines.append(_("距到期日还有 {n} 天。", n=(s.due - as_of).days))
    if s.progress is not None:
        p = s.progress
        said = f"{p.done:g}" if p.total is None else f"{p.done:g}/{p.total:g}"
        lines.append(
            _("数字：{said}，目标 {target}，完成目标的 {share:.1f}%。", said=said, target=m.target, share=p.share)
        )
        if p.asked > 1:
            lines.append(_("全市合计，{n} 个单位已报，共 {m} 个。", n=p.reported, m=p.asked))
    return lines


def _rule_lines(snapshot: Snapshot, o: Occurrence, m: Milestone) -> list[str]:
    kind = _(KINDS[m.kind])
    match m.kind:
        case "recurring" | "tally":
            begins, ends = o.opens, o.period_end
            lines = [_("{kind}：{id} 这一期从 {a} 到 {b}。", kind=kind, id=o.id, a=begins, b=ends)]
            if m.lag:
                lines.append(_("办的是这一期的事，在后 {n} 期内到期。", n=m.lag))
            if m.by is not None:
                lines.append(_("到期的日子：{by}。", by=_("每月 {n} 日", n=m.by) if isinstance(m.by, int) else m.by))
            return lines
        case "event" if o.event is not None and o.event.day is not None:
            basis = _("实际") if o.event.actual else _("计划")
            name = snapshot.programme.events[o.event.kind].name
            lines = [
                _(
                    "{kind}：{name}“{what}”{basis}日期 {day}。",
                    kind=kind,
                    name=name,
                    what=o.event.name,
                    basis=basis,
                    day=o.event.day,
                )
            ]
            lines += [f"{words} = {term(words)}" for words in (m.earliest, m.within, m.term) if words]
            if "working" in (m.term or m.within or "") and o.due is not None:
                lines += _days_off(snapshot, o.event.day, o.due)
            return lines
        case "window":
            return [_("{kind}：{a} 到 {b}。", kind=kind, a=o.opens, b=o.due)]
        case _:
            return [labelled(kind, m.wording)] if m.wording else [kind]


def _days_off(snapshot: Snapshot, event: date, due: date) -> list[str]:
    """The named days off and make-up days between an event and its due day."""
    first, last = sorted((event, due))
    days = [snapshot.programme.workdays.day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1)]
    off = [d for d in days if not d.is_working and d.name not in (_("周六"), _("周日"))]
    worked = [d for d in days if d.is_working and d.name]
    lines = [_("跳过休息日，其中：{days}。", days=_("、").join(_day_words(d) for d in off))] if off else []
    if worked:
        lines.append(_("周末上班的算工作日：{days}。", days=_("、").join(_day_words(d) for d in worked)))
    if any(d.basis == "assumed" for d in days):
        lines.append(_("其中有国务院办公厅尚未公布放假安排的年份，按周末和法定节日推定（assumed）。"))
    return lines


def _day_words(day: Day) -> str:
    return f"{day.on:%m-%d} {day.name}"


def _records(s: Standing) -> list[str]:
    if s.record is None:
        return [_("没有记录。")]
    lines = record_words(s.record)
    if s.asserted is not None and s.asserted != s.record.month:
        lines.append(_("{month} 声明与上月一致。", month=f"{s.asserted:%Y-%m}"))
    return lines


def record_words(record: Record) -> list[str]:
    """A record in words: where it stands, and what it says."""
    u = record.update
    is_sheet = f"/{CHECKLIST}/" in u.place.file
    by = _("市级更正") if record.correction is not None else _("考核表") if is_sheet else _("月报")
    return [
        _(
            "{by} {month}：{state}　{place}",
            by=by,
            month=f"{record.month:%Y-%m}",
            state=_(STATES[u.state]),
            place=u.place,
        ),
        *said_lines(u),
    ]


def said_lines(u: Update) -> list[str]:
    """What an update says beyond its state, a line each."""
    said = [
        (_("完成日期"), u.done_on),
        (_("原因"), u.cause),
        (_("措施"), u.measure),
        (_("县级核实"), u.verified_on),
        (_("预计完成"), u.promised_on),
        (_("在等"), u.waiting_on),
        (_("佐证"), _("、").join(u.evidence)),
        (_("说明"), u.note),
    ]
    lines = [labelled(name, value) for name, value in said if value]
    if u.request_extension is not None:
        asked = u.request_extension
        lines.append(_("申请延期到 {day}：{reason}", day=asked.until, reason=asked.reason))
    return lines


def _rulings(snapshot: Snapshot, s: Standing) -> Iterator[str]:
    """All that was ruled on an item or on a file that speaks of it, oldest first, what was taken back among it."""
    in_force = {d.id for d in snapshot.decisions}
    for d in sorted(snapshot.shelf.decisions, key=lambda d: d.at):
        if d.at <= snapshot.clocks.known_by and _is_about(snapshot, s, d):
            undone = "" if d.id in in_force or d.kind == "undo" else _("（已撤销）")
            yield f"{undone}{ruling_words(d)}"


def _is_about(snapshot: Snapshot, s: Standing, d: Decision) -> bool:
    o = s.occurrence
    if d.unit != o.unit or d.month > snapshot.clocks.month:
        return False
    if d.item is not None:
        return d.item == o.id or (d.item == o.milestone.id and d.kind in OF_MILESTONES)
    if is_on_its_sheets(snapshot, s, d):
        return True
    files = (f.submission for f in snapshot.filed if f.submission.unit == d.unit and f.submission.month == d.month)
    return any(o.id in f.by_item and d.file in (None, PurePosixPath(f.file).name) for f in files)


def is_on_its_sheets(snapshot: Snapshot, s: Standing, d: Decision) -> bool:
    """Whether a ruling is on one of the enterprises' sheets that close the item."""
    o = s.occurrence
    own = [e.id for e in snapshot.programme.enterprises if (e.checklist, e.unit) == (o.milestone.closed_by, o.unit)]
    is_of_period = PurePosixPath(d.folder).parts[-2:] == (CHECKLIST, o.id.partition("@")[2])
    return is_of_period and (d.file or "").partition(".")[0] in own


def kind_words(d: Decision) -> str:
    """What kind of ruling it is, and which way it went."""
    if d.kind == "extend" and not d.granted:
        return _("不同意延期")
    if d.kind == "answer":
        return _("异议采纳") if d.granted else _("异议不采纳")
    return _(RULINGS[d.kind])


def ruling_words(d: Decision) -> str:
    """A ruling in one line."""
    kind = kind_words(d)
    if d.item is None and d.file is not None:
        kind = _("{kind} {file}", kind=kind, file=" ".join(name for name in (d.file, d.finding) if name))
    until = _("，至 {day}", day=d.until) if d.until is not None else ""
    return _(
        "{at} {by} {kind}{until}：{reason}　{place}",
        at=d.at.date(),
        by=d.by,
        kind=kind,
        until=until,
        reason=d.reason,
        place=d.place,
    )


def _basis(snapshot: Snapshot, m: Milestone) -> list[str]:
    plan = snapshot.programme.plan(m.plan)
    task = plan.task(m.item)
    lines = [
        _("《{plan}》", plan=plan.head.title),
        _("任务 {item} {title}", item=m.item, title=task.title),
        m.what,
        _("期限原文：{wording}", wording=m.wording) if m.wording else _("原文没有写期限。"),
        _("责任：{owner}（{levels}）", owner=m.owner, levels=_("、").join(_(LEVELS[level]) for level in m.level)),
    ]
    if m.reading:
        lines.append(_("解读：{reading}", reading=m.reading))
    return lines
