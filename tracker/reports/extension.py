"""延期申请表: a unit's request for a later day, to be sealed and ruled upon. (Design 7: no request inside a report.)"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tracker.clocks import CHINA
from tracker.language import _
from tracker.reports import fields
from tracker.reports.document import Block, Column, Document, Heading, Table
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.submissions import ExtensionRequest, Update

ROOM = 24
"""Millimetres of a row for an opinion, a seal and a day."""


@dataclass(frozen=True)
class Request:
    """What a unit asked for, and in which entry."""

    wish: ExtensionRequest
    update: Update
    received: datetime


def requested(snapshot: Snapshot, s: Standing) -> Request | None:
    """The last request that the unit's files of the month or before make for an item; None where there is none."""
    item, unit, month = s.occurrence.id, s.occurrence.unit, snapshot.clocks.month
    own = [f for f in snapshot.filed if f.submission.unit == unit and f.submission.month <= month]
    own.sort(key=lambda f: (f.submission.month, f.submission.version, f.received))
    for f in reversed(own):
        update = f.submission.by_item.get(item)
        if update is not None and update.request_extension is not None:
            return Request(update.request_extension, update, f.received)
    return None


def requests(snapshot: Snapshot, unit_id: str) -> list[Standing]:
    """The unit's items for which it asked for a later day."""
    return [s for s in snapshot.standings if s.occurrence.unit == unit_id and requested(snapshot, s) is not None]


def extension(snapshot: Snapshot, s: Standing) -> Document:
    """The form for one item. ``ValueError`` where the unit asked for nothing."""
    found = requested(snapshot, s)
    if found is None:
        raise ValueError(s.occurrence.id)
    unit = snapshot.unit_of(s)
    office = unit.office or unit.name
    blocks: tuple[Block, ...] = (
        Table(_columns(), tuple(_rows(snapshot, s, found))),
        Heading(1, _("审批意见")),
        _opinions(snapshot),
    )
    return Document(
        office,
        _("延期申请表"),
        _("申请单位：{office}", office=office),
        blocks,
        office,
        _("申请日期：　　　年　　月　　日"),
        notice=fields.notice(snapshot.programme),
        form="form",
        templates=fields.templates(snapshot),
        fingerprint=snapshot.fingerprint,
    )


def _columns() -> tuple[Column, Column]:
    return Column(_("项目"), 9, "centre"), Column(_("内容"), 31)


def _rows(snapshot: Snapshot, s: Standing, found: Request) -> Iterator[tuple[str, str]]:
    m, plan, wish = s.occurrence.milestone, snapshot.plan_of(s), found.wish
    task = plan.task(m.item)
    yield _("依据"), _("《{plan}》{item}“{task}”", plan=plan.head.title, item=fields.clause(m.item), task=task.title)
    yield _("事项"), fields.titled(s)
    yield _("期限原文"), m.wording or _("原文没有写期限。")
    yield _("原到期日"), fields.day(s.occurrence.due)
    yield _("此前延期"), _earlier(s, found.received)
    yield _("申请延期至"), fields.day(wish.until) + _longer(s.occurrence.due, wish.until)
    yield _("延期理由"), wish.reason
    yield _("目前进展"), wish.progress
    if found.update.measure:
        yield _("下一步措施"), found.update.measure


def _earlier(s: Standing, received: datetime) -> str:
    """The rulings on earlier requests; the one on this request is not among them."""
    ruled = [d for d in s.rulings if d.kind == "extend" and d.at < received]
    granted = [d for d in ruled if d.granted]
    words = [
        _("{day}同意延至{until}", day=fields.day(d.at.astimezone(CHINA).date()), until=fields.day(d.until))
        if d.granted
        else _("{day}未同意", day=fields.day(d.at.astimezone(CHINA).date()))
        for d in ruled
    ]
    return _("{n} 次（{words}）", n=len(granted), words=_("；").join(words)) if ruled else _("没有")


def _longer(due: date | None, until: date) -> str:
    """By how many days the new day is later than the first one."""
    return _("（比原到期日晚 {n} 天）", n=(until - due).days) if due is not None else ""


def _opinions(snapshot: Snapshot) -> Table:
    blank = _("（盖章）　　　　年　　月　　日")
    rows = (
        (_("申请单位主要负责人意见"), blank),
        (_("市级承办部门审核意见"), blank),
        (_("{issuer}审批意见", issuer=snapshot.programme.head.issuer), blank),
    )
    columns = Column(_("审批环节"), 9, "centre"), Column(_("意见"), 31, "right")
    return Table(columns, rows, height=ROOM)
