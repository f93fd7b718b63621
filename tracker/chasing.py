"""Who still owes a file or an answer for a month, and the texts that chase."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tracker.language import _
from tracker.merge import counting
from tracker.problems import labelled
from tracker.records import entries
from tracker.reporting import Reported, asked, reporting
from tracker.snapshot import Snapshot
from tracker.workspace import HELD

LONGEST_TEXT = 120
"""Characters of a text that goes to a chat group."""


@dataclass(frozen=True)
class Waiting:
    """A unit that still owes something for a month."""

    reported: Reported
    held: int
    """Updates held in what counts of what it sent."""
    days_left: int | None
    """To the day asked for; negative when it has passed."""
    text: str
    """At most 120 characters, to send."""
    returned: int = 0
    """Items sent back to it and not answered."""


def missing(snapshot: Snapshot, month: date, today: date) -> list[Waiting]:
    """The units that have not sent, or whose file or entries wait for a correction."""
    days = asked(snapshot.programme, month)
    due = days.asked.day if days is not None else None
    left = (due - today).days if due is not None else None
    standing = [
        f.submission
        for f in counting(snapshot.programme, snapshot.filed, snapshot.decisions, snapshot.clocks)
        if f.submission.month == month
    ]
    refused = _refused(snapshot, month)
    waiting = []
    for r in reporting(snapshot, month):
        held = sum(len(s.held) for s in standing if s.unit == r.unit.id)
        returned = sum(s.status == "returned" and s.occurrence.unit == r.unit.id for s in snapshot.standings)
        if r.unit.id in refused and r.status != "returned":
            r = replace(r, status="held")  # noqa: PLW2901 - the same unit, seen with what is held of it
        if r.status not in _SENT or held or returned:
            text = _chase(r, held, returned, month, due, left)
            waiting.append(Waiting(r, held, left, text, returned))
    return waiting


_SENT = ("on-time", "late")


def _refused(snapshot: Snapshot, month: date) -> set[str]:
    """The units whose last file for a month is in ``held/``: nothing came since that could be read."""
    index = snapshot.books.workspace.status(snapshot.programme.id) / f"{month:%Y-%m}" / "held" / HELD
    latest: dict[str, datetime] = {}
    for f in snapshot.filed:
        if f.submission.month == month and not f.submission.head.opening:
            latest[f.submission.unit] = max(f.received, latest.get(f.submission.unit, f.received))
    return {
        str(one["unit"])
        for one in entries(index, "held")
        if isinstance(at := one.get("received"), datetime) and at.tzinfo and at <= snapshot.clocks.known_by
        if one.get("unit") and (one["unit"] not in latest or latest[one["unit"]] < at)
    }


def _chase(r: Reported, held: int, returned: int, month: date, due: date | None, left: int | None) -> str:
    """The text for one unit: what is wanted of it, and by when."""
    wrong = [_("{n} 条被退回", n=returned)] if returned else []
    wrong += [_("{n} 条没有通过检查", n=held)] if held else []
    what = {
        "missing": _("还没有收到"),
        "awaited": _("还没有收到"),
        "returned": _("已退回，请改后重报"),
        "held": _("收到的文件没有通过检查，请改后重报"),
    }.get(r.status, _("已收到，其中 {wrong}，请改后补报", wrong=_("、").join(wrong)))
    when = ""
    if due is not None and left is not None and left >= 0:
        when = _("，请于{m}月{d}日前报送（还有 {n} 天）", m=due.month, d=due.day, n=left)
    elif due is not None and left is not None and r.status not in _SENT:
        when = _("，应于{m}月{d}日报送，已超过 {n} 天", m=due.month, d=due.day, n=-left)
    text = _("{unit}：{month}月份月报{what}{when}。", unit=r.unit.name, month=month.month, what=what, when=when)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def waiting_row(w: Waiting) -> dict[str, Any]:
    """A unit that is waited for, as ``missing --json`` prints it."""
    return {
        "unit": w.reported.unit.id,
        "unit_name": w.reported.unit.name,
        "status": w.reported.status,
        "held": w.held,
        "returned": w.returned,
        "days_left": w.days_left,
        "text": w.text,
    }


def group_text(waiting: Sequence[Waiting], month: date) -> str:
    """One text for the whole group, at most 120 characters."""
    if not waiting:
        return _("{month}月份月报已收齐。", month=month.month)
    silent = [w.reported.unit.brief for w in waiting if w.reported.status in ("missing", "awaited")]
    wrong = [w.reported.unit.brief for w in waiting if w.reported.status not in ("missing", "awaited")]
    parts = [(_("还差 {n} 家"), silent), (_("要改后补报 {n} 家"), wrong)]
    said = [(words.format(n=len(names)), _("、").join(names)) for words, names in parts if names]
    named, counted = (
        _("{month}月份月报{what}，请抓紧报送。", month=month.month, what=_("；").join(what))
        for what in ([labelled(words, names) for words, names in said], [words for words, _names in said])
    )
    return named if len(named) <= LONGEST_TEXT else counted
