"""Letters that chase: 工作提醒函, and 督促函 after a letter that did not help. (Design 7.)

One matter, one page: basis, fact on a day, what is asked and by when. A number reads as text;
no ids, no names, no phone numbers (the contact is filled in by hand), no claim sold as a fact.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from tracker.clocks import CHINA
from tracker.ladder import Due
from tracker.language import _
from tracker.letters import Sent
from tracker.plans import Programme, Step
from tracker.reporting import asked, reporting_words
from tracker.reports import fields
from tracker.reports.document import Annex, Block, Column, Document, Heading, Paragraph, Table
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import status_words

LONGEST_TEXT = 120
"""Characters of a text that goes to a chat group."""

ROOM = 11
"""Millimetres of a row that is filled in by hand."""

MOST_CONSEQUENCES = 2
"""What the plan attaches to a missed date, named in a letter of one page."""


def letter(snapshot: Snapshot, due: Due, today: date) -> Document:
    """The letter that is due. ``due.step`` must be one whose template is ``letter``."""
    step = due.step
    if step is None:
        raise ValueError(due.why)
    head = snapshot.programme.head
    earlier = due.earlier
    body = _reminder(snapshot, due, today) if earlier is None else _urging(snapshot, due, earlier, today)
    return Document(
        head.issuer,
        _title(due, step),
        _("{office}：", office=due.unit.office or due.unit.name),
        tuple(body),
        head.issuer,
        fields.day(today),
        notice=fields.notice(snapshot.programme),
        annexes=() if earlier is None else (_receipt(due, step),),
        form="letter",
        templates=fields.templates(snapshot),
        copies=step.copies,
        remark=_("联系人：　　　　　　联系电话：　　　　　　　　"),
        fingerprint=fields.fingerprint(snapshot, due.step, due.items, due.earlier),
    )


def chasing_text(due: Due, today: date) -> str:
    """The same in at most 120 characters, for a chat group."""
    until = _("，请于{day}前答复", day=fields.day(due.answer_by)) if due.answer_by is not None else ""
    text = _(
        "{unit}：截至{day}，{what}{until}。",
        unit=due.unit.name,
        day=fields.day(today),
        what=_what(due),
        until=until,
    )
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _what(due: Due) -> str:
    if due.reports:
        months = _("、").join(fields.month(month) for month, _reported in due.reports)
        return _("{months}月报没有按时报送", months=months)
    worst = max(s.days_late for s in due.rows)
    return _("{items}没有完成，逾期 {n} 天", items=fields.names(_titles(due)), n=worst)


def _titles(due: Due) -> list[str]:
    return list(dict.fromkeys(f"“{s.occurrence.milestone.title}”" for s in due.rows))


def _title(due: Due, step: Step) -> str:
    paper = step.paper or _("{step}函", step=step.name)
    if due.reports:
        return _("关于按时报送月报的{paper}", paper=paper)
    return _("关于{items}任务的{paper}", items=fields.kinds(_titles(due), 1), paper=paper)


# --- the first letter ---


def _reminder(snapshot: Snapshot, due: Due, today: date) -> Iterator[Block]:
    """Basis, fact, what is asked."""
    yield Paragraph(_basis(snapshot, due))
    if due.reports:
        yield Paragraph(_reports_fact(due, today))
        yield Paragraph(
            _(
                "请你单位{answer}书面说明原因和改进措施；尚未报送的月报一并补报，今后每月按时报送。",
                answer=_by(due.answer_by),
            )
        )
    else:
        yield Paragraph(_items_fact(due.rows, today))
        yield Paragraph(
            _(
                "请你单位抓紧落实，逐项明确责任单位和完成措施，{finish}完成，完成后在月报中填报并附佐证材料；"
                "{answer}书面答复办理情况和完成时间。",
                finish=_by(due.finish_by),
                answer=_by(due.answer_by),
            )
        )
    yield Paragraph(_("特此函告。"))


def _basis(snapshot: Snapshot, due: Due) -> str:
    """Plan, clause, what it asks and by when."""
    if due.reports:
        rule = asked(snapshot.programme, due.reports[0][0])
        return _("月报按月报送（{source}）。", source=rule.rule.source if rule is not None else "")
    plan = snapshot.plan_of(due.rows[0])
    task = plan.task(due.task[1])
    clauses = [
        _("{what}（期限“{wording}”）", what=m.what.rstrip("。"), wording=m.wording)
        if m.wording
        else m.what.rstrip("。")
        for m in dict.fromkeys(s.occurrence.milestone for s in due.rows)
    ]
    return _(
        "《{plan}》{item}“{task}”：{clauses}。",
        plan=plan.head.title,
        item=fields.clause(task.item),
        task=task.title,
        clauses=_("；").join(clauses),
    )


def _items_fact(rows: Sequence[Standing], today: date) -> str:
    if len(rows) == 1:
        due, n = fields.day(rows[0].due), rows[0].days_late
        return _("截至{day}，该项任务尚未完成，比到期日{due}晚 {n} 天。", day=fields.day(today), due=due, n=n)
    parts = _("；").join(
        _("“{title}”{due}到期，逾期 {n} 天", title=fields.titled(s), due=fields.day(s.due), n=s.days_late) for s in rows
    )
    return _("截至{day}，以下事项尚未完成：{parts}。", day=fields.day(today), parts=parts)


def _reports_fact(due: Due, today: date) -> str:
    parts = _("、").join(
        _("{month}{status}", month=fields.month(month), status=reporting_words(r.status))
        + (_("（{day}收到）", day=fields.day(r.received.astimezone(CHINA).date())) if r.received is not None else "")
        for month, r in due.reports
    )
    return _("截至{day}，你单位月报：{parts}。", day=fields.day(today), parts=parts)


def _by(day: date | None) -> str:
    """于某日前, the day counted in; soon, where none is set."""
    return _("于{day}（含）前", day=fields.day(day)) if day is not None else _("尽快")


# --- after a letter that did not help ---


def _urging(snapshot: Snapshot, due: Due, earlier: Sent, today: date) -> Iterator[Block]:
    """The earlier letter, what is still open, what is asked, what the plan attaches to it."""
    yield Paragraph(
        _(
            "{clause}，{earlier}截至{day}仍未落实：",
            clause=_clause(snapshot, due),
            earlier=_earlier(snapshot.programme, earlier),
            day=fields.day(today),
        )
    )
    yield _reports_table(due) if due.reports else _items_table(snapshot, due)
    yield Paragraph(
        _(
            "请你单位负责同志牵头，明确责任、措施和时限，{finish}完成；{answer}报送回执，"
            "并每月反馈至销号。{consequence}",
            finish=_by(due.finish_by),
            answer=_by(due.answer_by),
            consequence=_consequence(snapshot.programme, due),
        )
    )
    yield Paragraph(_("特此函告。"))


def _clause(snapshot: Snapshot, due: Due) -> str:
    """What the letter is about: plan and task, or the monthly report."""
    if due.reports:
        return _("每月月报的报送")
    plan = snapshot.plan_of(due.rows[0])
    task = plan.task(due.task[1])
    return _("《{plan}》{item}“{task}”", plan=plan.head.title, item=fields.clause(task.item), task=task.title)


def _earlier(programme: Programme, sent: Sent) -> str:
    """The letter before: its day and number, whether it was signed for and answered."""
    known = programme.step(sent.letter.step)
    if known.template == "notice":
        words = _("已于{day}{step}", day=fields.day(sent.letter.sent), step=known.name)
    else:
        words = _("我办{day}以{number}函告你单位", day=fields.day(sent.letter.sent), number=sent.letter.number)
    if sent.signed is not None:
        words += _("（{m}月{d}日签收）", m=sent.signed.on.month, d=sent.signed.on.day)
    answer = sent.answered
    if answer is None:
        return words + (_("，至今未答复。") if sent.letter.answer_by is not None else _("。"))
    words += _("，你单位{day}答复", day=fields.day(answer.on))
    if answer.promised_on is not None:
        words += _("，提出{day}前完成", day=fields.day(answer.promised_on))
    return words + _("。")


def _items_table(snapshot: Snapshot, due: Due) -> Table:
    columns = (
        Column(_("序号"), 4, "centre"),
        Column(_("事项"), 16),
        Column(_("期限"), 10),
        Column(_("到期日"), fields.DATE_WIDTH, "centre"),
        Column(_("逾期天数"), 6, "right"),
        Column(_("月报所报情况"), 14),
    )
    rows = tuple(
        (
            str(n),
            fields.titled(s),
            s.occurrence.milestone.wording,
            fields.short_day(s.due),
            str(s.days_late),
            _claimed(snapshot, s),
        )
        for n, s in enumerate(due.rows, 1)
    )
    return Table(columns, rows)


def _claimed(snapshot: Snapshot, s: Standing) -> str:
    """What the unit itself last said of it: a claim, so with its month."""
    if s.record is None:
        return status_words(s.status)
    words = [_("{m}月份月报", m=s.record.month.month)]
    if s.progress is not None:
        total = "" if s.progress.total is None else f"/{s.progress.total:g}"
        words.append(_("完成 {n}", n=f"{s.progress.done:g}{total}"))
    promised = s.record.update.promised_on
    if promised is not None:
        past = _("（已过）") if promised < snapshot.clocks.as_of else ""
        words.append(_("预计 {day}{past}", day=promised, past=past))
    return _("，").join(words)


def _reports_table(due: Due) -> Table:
    columns = (
        Column(_("序号"), 4, "centre"),
        Column(_("月份"), 12, "centre"),
        Column(_("情况"), 12, "centre"),
        Column(_("收到时间"), 12, "centre"),
    )
    rows = tuple(
        (str(n), fields.month(month), reporting_words(r.status), fields.moment(r.received) or "—")
        for n, (month, r) in enumerate(due.reports, 1)
    )
    return Table(columns, rows)


def _consequence(programme: Programme, due: Due) -> str:
    """What the plan itself attaches to the missed date, its whole-plan words last, and the step that follows."""
    found = [m for s in due.rows for m in programme.consequences(s.occurrence.milestone)]
    found.sort(key=lambda m: m.after == m.plan)
    words = [
        _("方案写明：{what}", what=m.what.rstrip("。") + _("。"))
        for m in list(dict.fromkeys(found))[:MOST_CONSEQUENCES]
    ]
    following = next((one for one in programme.steps if due.step is not None and one.after == due.step.id), None)
    if following is not None:
        words.append(_("逾期将按程序{step}。", step=following.name))
    return "".join(words)


# --- the annex that comes back ---


def _receipt(due: Due, step: Step) -> Annex:
    """回执 and 整改反馈表 on one page, to be filled in by hand."""
    head = (Column(_("项目"), 10, "centre"), Column(_("内容"), 30))
    rows = (
        (_("来函"), step.paper or step.name),
        (_("签收单位"), due.unit.office or due.unit.name),
        (_("签收时间"), _("　　　　年　　月　　日")),
        (_("牵头负责同志、职务"), ""),
        (_("办理意见"), ""),
    )
    columns = (
        Column(_("序号"), 4, "centre"),
        Column(_("事项"), 12),
        Column(_("未完成原因"), 11),
        Column(_("整改措施"), 11),
        Column(_("责任单位"), 9),
        Column(_("完成时限"), 9),
        Column(_("进展"), 9),
        Column(_("是否销号"), 6),
    )
    items = [fields.titled(s) for s in due.rows]
    items += [_("{month}月报", month=fields.month(month)) for month, _reported in due.reports]
    blank = ("",) * (len(columns) - 2)
    feedback = tuple((str(n), title, *blank) for n, title in enumerate(items, 1))
    blocks: tuple[Block, ...] = (
        Heading(1, _("一、回执")),
        Table(head, rows, height=ROOM),
        Heading(1, _("二、整改反馈表")),
        Table(columns, feedback, height=ROOM),
        Paragraph(_("（盖章）　　　　年　　月　　日")),
    )
    return Annex(_("回执和整改反馈表"), blocks, is_wide=False)
