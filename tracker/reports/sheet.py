"""依据单: one page that defends one red light. (Design 7.)

Plan, clause, wording; the deadline and its arithmetic; letters and their receipt; the unit's own
words month by month; extensions and rulings; the conclusion. For the office's own use; no ids,
file lines or names: those are in ``why``.
"""

from collections.abc import Iterator
from datetime import date

from tracker.clocks import CHINA
from tracker.deadlines import months_later
from tracker.decisions import KINDS as RULINGS
from tracker.decisions import Decision
from tracker.filed import Filed
from tracker.language import _
from tracker.letters import Book, Sent
from tracker.problems import labelled
from tracker.reports import fields
from tracker.reports.document import Block, Column, Document, Heading, Paragraph, Table
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import light_words, status_words
from tracker.submissions import STATES, Update
from tracker.why import arithmetic, rule

NOTHING = "—"


def sheet(snapshot: Snapshot, s: Standing, book: Book) -> Document:
    """The page on one standing."""
    programme, unit = snapshot.programme, snapshot.unit_of(s)
    known = book.on(snapshot.clocks.as_of, snapshot.clocks.known_by)
    body: tuple[Block, ...] = (
        Heading(1, _("一、依据和期限")),
        _basis(snapshot, s),
        Heading(1, _("二、函件")),
        _letters(snapshot, known.about(unit.id, s.occurrence.id)),
        Heading(1, _("三、单位逐月所报（原话）")),
        _words(snapshot, s),
        Heading(1, _("四、延期和审核意见")),
        _rulings(snapshot, s),
        Heading(1, _("五、结论")),
        Paragraph(_conclusion(snapshot, s, known)),
    )
    return Document(
        programme.head.issuer,
        _("{unit}“{title}”依据单", unit=unit.name, title=fields.titled(s)),
        _("内部资料"),
        body,
        programme.head.issuer,
        fields.day(snapshot.clocks.as_of),
        notice=fields.notice(programme),
        form="sheet",
        templates=fields.templates(snapshot),
        fingerprint=fields.fingerprint(snapshot, known),
    )


def _basis(snapshot: Snapshot, s: Standing) -> Table:
    m, plan = s.occurrence.milestone, snapshot.plan_of(s)
    task = plan.task(m.item)
    lines = [line.replace(s.occurrence.id, fields.titled(s)) for line in arithmetic(snapshot, s)]
    rows = [
        (
            _("方案"),
            _("《{plan}》{item}“{task}”", plan=plan.head.title, item=fields.clause(m.item), task=task.title),
        ),
        (_("要求"), m.what),
        (_("期限原文"), m.wording or _("原文没有写期限。")),
        *([(_("解读"), m.reading)] if m.reading else []),
        (_("责任"), m.owner),
        (_("推算"), "　".join(lines)),
    ]
    return Table((Column(_("项目"), 6, "centre"), Column(_("内容"), 34)), tuple(rows))


def _letters(snapshot: Snapshot, sent: tuple[Sent, ...]) -> Table:
    columns = (
        Column(_("发出"), fields.DATE_WIDTH, "centre"),
        Column(_("步骤"), 8, "centre"),
        Column(_("文号"), 20),
        Column(_("签收"), fields.DATE_WIDTH, "centre"),
        Column(_("答复期限"), fields.DATE_WIDTH, "centre"),
        Column(_("答复"), 22),
    )
    rows = tuple(
        (
            fields.short_day(one.letter.sent),
            snapshot.programme.step(one.letter.step).name,
            one.letter.number,
            fields.short_day(one.signed.on) if one.signed is not None else NOTHING,
            fields.short_day(one.letter.answer_by) or NOTHING,
            answer_words(one, snapshot.clocks.as_of),
        )
        for one in sent
    )
    return Table(columns, rows, _("没有发过函。"))


def answer_words(sent: Sent, today: date) -> str:
    """What became of a letter: answered, closed, waited for, or over its day."""
    if sent.closed is not None:
        return _("{day} 了结：{note}", day=sent.closed.on, note=sent.closed.note or "")
    if sent.answered is not None:
        note = sent.answered.note or ""
        promised = sent.answered.promised_on
        until = _("，提出 {day} 前完成", day=promised) if promised is not None else ""
        words = _("{day} 答复{until}", day=sent.answered.on, until=until)
        return labelled(words, note) if note else words
    if sent.letter.answer_by is None:
        return NOTHING
    left = (sent.letter.answer_by - today).days
    return _("等答复，还有 {n} 天", n=left) if left >= 0 else _("没有答复，已过 {n} 天", n=-left)


# --- the unit's own words ---


def _words(snapshot: Snapshot, s: Standing) -> Table:
    columns = (
        Column(_("月份"), 8, "centre"),
        Column(_("收到"), fields.DATE_WIDTH, "centre"),
        Column(_("状态"), 9, "centre"),
        Column(_("原话"), 46),
        Column(_("预计完成"), fields.DATE_WIDTH, "centre"),
    )
    return Table(columns, tuple(_months(snapshot, s)), _("没有填报过。"))


def _months(snapshot: Snapshot, s: Standing) -> Iterator[tuple[str, ...]]:
    """A row for every word of every month, and for every month without one."""
    unit, item = s.occurrence.unit, s.occurrence.id
    own = sorted((f for f in snapshot.filed if f.submission.unit == unit), key=_order)
    for f in own:
        if f.submission.head.opening and item in f.submission.by_item:
            yield (_("建账"), NOTHING, *_said(f.submission.by_item[item]))
    month = max(snapshot.programme.head.records_from, s.occurrence.opens.replace(day=1))
    while month <= snapshot.clocks.month:
        files = [f for f in own if f.submission.month == month and not f.submission.head.opening]
        yield from _month(snapshot, item, month, files)
        corrections = [d for d in s.rulings if d.kind == "correct" and d.month == month]
        for d in corrections:
            yield (f"{month:%Y-%m}", _("市级更正"), *_said(d.as_update()))
        month = months_later(month, 1)


def _order(f: Filed) -> tuple[date, object, int]:
    return f.submission.month, f.received, f.submission.version


def _month(snapshot: Snapshot, item: str, month: date, files: list[Filed]) -> Iterator[tuple[str, ...]]:
    name = f"{month:%Y-%m}"
    if not files:
        if month < snapshot.clocks.month:
            yield (name, NOTHING, _("没有月报"), "", "")
        return
    silent = True
    for f in files:
        received = fields.short_day(f.received.astimezone(CHINA).date())
        update = f.submission.by_item.get(item)
        if update is not None:
            silent = False
            yield (name, received, *_said(update))
        elif f.submission.head.rest is not None:
            silent = False
            yield (name, received, _("与上月一致"), "", "")
    if silent:
        yield (name, fields.short_day(files[-1].received.astimezone(CHINA).date()), _("没有提到"), "", "")


def _said(u: Update) -> tuple[str, str, str]:
    """State, words, promised day."""
    numbers = "" if u.done is None else f"{u.done:g}" if u.total is None else f"{u.done:g}/{u.total:g}"
    said = [
        (_("完成日期"), fields.short_day(u.done_on)),
        (_("数字"), numbers),
        (_("原因"), u.cause),
        (_("措施"), u.measure),
        (_("在等"), u.waiting_on),
        (_("说明"), u.note),
        (_("申请延期到"), fields.short_day(u.request_extension.until) if u.request_extension is not None else ""),
    ]
    words = _("；").join(_("{name}：{words}", name=name, words=words) for name, words in said if words)
    return _(STATES[u.state]), words, fields.short_day(u.promised_on)


# --- rulings, conclusion ---


def _rulings(snapshot: Snapshot, s: Standing) -> Table:
    columns = (
        Column(_("日期"), fields.DATE_WIDTH, "centre"),
        Column(_("意见"), 16, "centre"),
        Column(_("理由"), 50),
    )
    rows = tuple((fields.short_day(d.at.astimezone(CHINA).date()), _ruled(d), d.reason) for d in s.rulings)
    empty = _("申请过延期，还没有意见。") if _asked(snapshot, s) else _("没有申请过延期，也没有审核意见。")
    return Table(columns, rows, empty)


def _asked(snapshot: Snapshot, s: Standing) -> bool:
    """Whether the unit ever asked for a later day."""
    own = (f.submission for f in snapshot.filed if f.submission.unit == s.occurrence.unit)
    said = (one.by_item.get(s.occurrence.id) for one in own)
    return any(u is not None and u.request_extension is not None for u in said)


def _ruled(d: Decision) -> str:
    kind = _("不同意延期") if d.kind == "extend" and not d.granted else _(RULINGS[d.kind])
    return kind + (_("，至 {day}", day=d.until) if d.until is not None else "")


def _conclusion(snapshot: Snapshot, s: Standing, book: Book) -> str:
    sent = book.about(s.occurrence.unit, s.occurrence.id)
    unanswered = sum(one.is_awaited for one in sent)
    late = _("，比到期日晚 {n} 天", n=s.days_late) if s.days_late else ""
    words = _(
        "截至{day}：{light}（{status}）{late}。{rule}",
        day=fields.day(snapshot.clocks.as_of),
        light=_("{light}灯", light=light_words(s.light).split(" ")[-1]),
        status=status_words(s.status),
        late=late,
        rule=rule(snapshot, s),
    )
    if sent:
        words += _("已发函 {n} 次，其中 {m} 次没有答复。", n=len(sent), m=unanswered)
    found = snapshot.programme.consequences(s.occurrence.milestone) if s.is_late else []
    return words + "".join(_("方案写明：{what}", what=m.what) for m in found)
