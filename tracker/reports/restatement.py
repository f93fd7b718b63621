"""更正说明: what of an issued bulletin no longer holds, each figure before and after, each item with its cause."""

from datetime import date

from tracker.clocks import CHINA
from tracker.language import _
from tracker.reporting import reporting_words
from tracker.reports import fields
from tracker.reports.document import Annex, Block, Column, Document, Heading, Paragraph, Table
from tracker.restating import FIGURES, Cause, FigureChange, Restatement, standing_words
from tracker.snapshot import Snapshot


def restatement(found: Restatement, number: str, issued: date) -> Document:
    """The paper that corrects the bulletin issued under a number on a day."""
    snapshot = found.after
    head, month = snapshot.programme.head, fields.month(snapshot.clocks.month)
    now = snapshot.clocks.today
    opening = _(
        "{issued}印发的《关于{month}{name}进展情况的通报》{number}，是按当时收到的报送和意见统计的。"
        "此后又有补报、更正和审核意见，按截至{now}收到的情况重新统计（评判日不变，仍为{day}），{result}",
        issued=fields.day(issued),
        month=month,
        name=head.name,
        number=_("（{number}）", number=number) if number else "",
        now=fields.day(now),
        day=fields.day(snapshot.clocks.as_of),
        result=_result(found),
    )
    city = [c for c in found.figures if c.of == "city"]
    body: list[Block] = [
        Paragraph(opening),
        Heading(1, _("一、全市数据")),
        Paragraph(_sentence(city) if city else _("全市各项数据没有变化。")),
        Heading(1, _("二、更正原因")),
        *(Paragraph(line) for line in _reasons(found)),
    ]
    annexes = (
        Annex(_("数据更正对照表"), (_figures(found),), is_wide=False),
        Annex(_("事项更正清单"), (_items(found),)),
    )
    return Document(
        head.issuer,
        _("关于{month}{name}进展情况通报的更正说明", month=month, name=head.name),
        head.addressees,
        tuple(body),
        head.issuer,
        fields.day(now),
        copies=head.copies,
        notice=fields.notice(snapshot.programme),
        annexes=annexes,
        templates=fields.templates(snapshot),
        fingerprint=snapshot.fingerprint,
    )


def _result(found: Restatement) -> str:
    if not found.figures and not found.items:
        return _("各项数据和事项均没有变化。")
    return _("{n} 个数据、{m} 个事项与通报不同，现更正如下。", n=len(found.figures), m=len(found.items))


def _sentence(city: list[FigureChange]) -> str:
    parts = [_("{name}由 {before} 改为 {after}", name=_named(c), before=c.before, after=c.after) for c in city]
    return _("；").join(parts) + _("。")


def _named(change: FigureChange) -> str:
    """A figure's name; the city's 报送 is a number of units."""
    return _("按时报送单位") if (change.of, change.name) == ("city", "reported") else _(FIGURES[change.name])


def _reasons(found: Restatement) -> list[str]:
    """How many items each kind of cause accounts for."""
    counted: dict[str, int] = {}
    for item in found.items:
        for words in dict.fromkeys(cause.words for cause in item.causes):
            counted[words] = counted.get(words, 0) + 1
    if not counted:
        return [_("没有事项的办理状态发生变化。")]
    parts = [_("{words}涉及 {n} 项", words=words, n=n) for words, n in counted.items()]
    return [_("{parts}。逐项见附件。", parts=_("，").join(parts))]


def _figures(found: Restatement) -> Table:
    columns = (
        Column(_("范围"), 16),
        Column(_("指标"), 10),
        Column(_("通报"), 9, "right"),
        Column(_("更正后"), 9, "right"),
    )
    rows = tuple((_of(found.after, c.of), _named(c), _value(c, c.before), _value(c, c.after)) for c in found.figures)
    return Table(columns, rows, _("没有变化的数据。"))


def _of(snapshot: Snapshot, of: str) -> str:
    kind, _colon, name = of.partition(":")
    if kind == "plan":
        return next((p.head.short for p in snapshot.programme.plans if p.stem == name), name)
    if kind == "unit":
        return next((u.name for u in snapshot.programme.units if u.id == name), name)
    return _("全市合计")


def _value(change: FigureChange, value: str) -> str:
    is_status = change.name == "reported" and change.of != "city" and value
    return reporting_words(value) if is_status else value or _("—")


def _items(found: Restatement) -> Table:
    columns = (
        Column(_("序号"), 4, "centre"),
        Column(_("报送单位"), 9),
        Column(_("任务节点"), 20),
        Column(_("通报时"), 14),
        Column(_("更正后"), 14),
        Column(_("原因"), 30),
    )
    rows = tuple(
        (
            str(n),
            found.after.programme.unit(item.unit).brief,
            fields.titled(item.known),
            standing_words(item.before),
            standing_words(item.after),
            _("；").join(dict.fromkeys(_cause(cause) for cause in item.causes)),
        )
        for n, item in enumerate(found.items, 1)
    )
    return Table(columns, rows, _("没有变化的事项。"))


def _cause(cause: Cause) -> str:
    """A cause without the names of files and people, which papers do not carry."""
    on = fields.day(cause.at.astimezone(CHINA).date()) if cause.at is not None else ""
    if cause.kind == "submission":
        return _("{day}收到补报", day=on)
    reason = _("：{reason}", reason=cause.reason) if cause.reason else ""
    return (_("{day}{words}", day=on, words=cause.words) if on else cause.words) + reason
