"""Words and cells that several papers share: dates, counts, lists of items."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from tracker.figures import Figures
from tracker.language import _
from tracker.plans import Programme
from tracker.reports.document import Column, Table
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import status_words
from tracker.submissions import Head

DATE_WIDTH = 12
"""A column's share that keeps a day on one line."""

MOST_NAMED = 3
"""Items named in a sentence before it says 等."""


def day(on: date | None) -> str:
    """A day in a sentence: 2026年11月2日."""
    return _("{y}年{m}月{d}日", y=on.year, m=on.month, d=on.day) if on is not None else ""


def short_day(on: date | None) -> str:
    """A day in a cell: 2026-11-02."""
    return on.isoformat() if on is not None else ""


def moment(at: datetime | None) -> str:
    """A moment in a cell, in its own zone."""
    return f"{at:%m-%d %H:%M}" if at is not None else ""


def month(first: date) -> str:
    """A month in a sentence: 2026年10月份."""
    return _("{y}年{m}月份", y=first.year, m=first.month)


def percent(value: float | None) -> str:
    """A rate with one decimal; 无 where nothing was owed."""
    return f"{value:.1f}%" if value is not None else _("无应完成事项")


def names(words: Sequence[str], most: int = MOST_NAMED) -> str:
    """The first of the words as a list, and 等 with their number when there are more."""
    listed = _("、").join(words[:most])
    return _("{listed}等 {n} 项", listed=listed, n=len(words)) if len(words) > most else listed


def kinds(words: Sequence[str], most: int = MOST_NAMED) -> str:
    """The first of some distinct titles, and 等 with their number when there are more."""
    listed = _("、").join(words[:most])
    return _("{listed}等 {n} 类", listed=listed, n=len(words)) if len(words) > most else listed


def titles(rows: Iterable[Standing]) -> list[str]:
    """The distinct titles, one-offs first."""
    ordered = sorted(rows, key=lambda s: s.occurrence.is_recurring)
    return list(dict.fromkeys(f"“{s.occurrence.milestone.title}”" for s in ordered))


def titled(s: Standing) -> str:
    """An item's title, with its period where it has one."""
    suffix = s.occurrence.id.partition("@")[2]
    title = s.occurrence.milestone.title
    return _("{title}（{period}）", title=title, period=suffix) if suffix and s.occurrence.event is None else title


def clause(item: str) -> str:
    """A task's number as the document writes it: 第1项（3） for 1.3."""
    kind, _dot, number = item.partition(".")
    heads = {"goal": _("工作目标"), "safeguard": _("保障措施"), "requirement": _("工作要求")}
    if kind in heads:
        return _("{name}第{n}项", name=heads[kind], n=number) if number else heads[kind]
    return _("第{n}项", n=kind) + (_("（{n}）", n=number) if number else "")


def change(now: int, before: int) -> str:
    """The difference to last month in words."""
    if now == before:
        return _("，与上月持平")
    return _("，较上月增加 {n} 项", n=now - before) if now > before else _("，较上月减少 {n} 项", n=before - now)


def rate_change(now: Figures, before: Figures | None) -> str:
    """The difference of two rates in percentage points; empty where one of them is missing."""
    if before is None or now.rate is None or before.rate is None:
        return ""
    points = round(now.rate, 1) - round(before.rate, 1)
    if abs(points) < 0.05:  # noqa: PLR2004 - below what is printed
        return _("，与上月持平")
    word = _("提高") if points > 0 else _("下降")
    return _("，较上月{word} {points:.1f} 个百分点", word=word, points=abs(points))


def notice(programme: Programme) -> str:
    """The line above a paper made from the sample."""
    return _("示例数据：内容均为虚构，仅供演示。") if programme.head.sample else ""


def templates(snapshot: Snapshot) -> Path:
    """Where the programme's own Word templates are."""
    return snapshot.books.workspace.templates(snapshot.programme.id)


def head_of(snapshot: Snapshot, unit_id: str) -> Head | None:
    """The head of a unit's file that stands for the month."""
    files = [f for f in snapshot.filed if f.submission.unit == unit_id and f.submission.month == snapshot.clocks.month]
    files.sort(key=lambda f: (f.submission.version, f.received))
    return files[-1].submission.head if files else None


def said(s: Standing) -> tuple[str, str, str]:
    """Cause, measure and promised day of the record that stands."""
    u = s.record.update if s.record is not None else None
    if u is None:
        return "", "", ""
    return u.cause or u.note or "", u.measure or "", short_day(u.promised_on)


def late_table(snapshot: Snapshot, rows: Iterable[Standing]) -> Table:
    """逾期清单."""
    columns = (
        Column(_("序号"), 4, "centre"),
        Column(_("报送单位"), 8),
        Column(_("方案"), 6, "centre"),
        Column(_("任务节点"), 18),
        Column(_("责任单位/责任人"), 12),
        Column(_("到期日"), DATE_WIDTH, "centre"),
        Column(_("逾期天数"), 6, "right"),
        Column(_("状态"), 8, "centre"),
        Column(_("原因"), 16),
        Column(_("措施"), 16),
        Column(_("预计完成"), DATE_WIDTH, "centre"),
    )
    cells = tuple(
        (
            str(n),
            snapshot.unit_of(s).brief,
            snapshot.plan_of(s).head.short,
            titled(s),
            s.occurrence.milestone.owner,
            short_day(s.due),
            str(s.days_late),
            status_words(s.status),
            *said(s),
        )
        for n, s in enumerate(rows, 1)
    )
    return Table(columns, cells, _("没有逾期事项。"))


def due_table(snapshot: Snapshot, rows: Iterable[Standing]) -> Table:
    """下月到期."""
    columns = (
        Column(_("序号"), 4, "centre"),
        Column(_("到期日"), DATE_WIDTH, "centre"),
        Column(_("报送单位"), 9),
        Column(_("方案"), 6, "centre"),
        Column(_("任务节点"), 22),
        Column(_("期限原文"), 18),
        Column(_("目前状态"), 9, "centre"),
    )
    cells = tuple(
        (
            str(n),
            short_day(s.due),
            snapshot.unit_of(s).brief,
            snapshot.plan_of(s).head.short,
            titled(s),
            s.occurrence.milestone.wording,
            status_words(s.status),
        )
        for n, s in enumerate(rows, 1)
    )
    return Table(columns, cells, _("没有下月到期的事项。"))


def signed_on(snapshot: Snapshot) -> date:
    """The day a paper carries: the day it is asked for, so that the same inputs give the same paper."""
    from tracker.reporting import asked  # noqa: PLC0415

    days = asked(snapshot.programme, snapshot.clocks.month)
    return days.late_after if days is not None else snapshot.clocks.as_of


def fingerprint(snapshot: Snapshot, *parts: object) -> str:
    """sha256 over what a paper was made from: the snapshot and some records besides."""
    return sha256("\n".join((snapshot.fingerprint, *map(repr, parts))).encode()).hexdigest()
