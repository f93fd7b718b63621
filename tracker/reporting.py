"""Who has reported on a month, when the reports are asked for, and from when they are late."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from tracker.clocks import CHINA
from tracker.deadlines import Rolled, due_in, months_later, period, rolled
from tracker.decisions import OF_FILES, Decision
from tracker.filed import Filed
from tracker.language import _
from tracker.plans import Programme, Report, Unit
from tracker.snapshot import Snapshot


@dataclass(frozen=True)
class Asked:
    """When the report on a month is asked for, and from when it is late."""

    month: date
    asked: Rolled
    late_after: date
    rule: Report


def asked(programme: Programme, month: date) -> Asked | None:
    """The reporting rule's days for a month; None where the programme has no monthly rule."""
    rule = next((r for r in programme.reports if r.every == "month"), None)
    if rule is None:
        return None
    following = period("month", months_later(month, 1), 0)
    return Asked(
        month,
        rolled(due_in(following, "month", rule.ask_by), rule.roll, programme.workdays),
        rolled(due_in(following, "month", rule.late_after), rule.late_roll, programme.workdays).day,
        rule,
    )


ASKED_UNTIL = 10
"""Until this day of a month people are at work on the month before."""


def month_in_hand(today: date) -> date:
    """The month that files and rulings are about when nobody says which: its first day."""
    return months_later(today.replace(day=1), 0 if today.day > ASKED_UNTIL else -1)


@dataclass(frozen=True)
class Reported:
    """A unit's report on a month."""

    unit: Unit
    status: str
    """on-time, late, missing, returned, held, or awaited while it is not late yet."""
    received: datetime | None = None
    """When the first file of the month came."""
    versions: int = 0
    file: str = ""

    @property
    def is_late(self) -> bool:
        """Whether it counts as 未按时报送: late, missing, or not usable."""
        return self.status not in ("on-time", "awaited")


def reporting_words(status: str) -> str:
    """A reporting status in words."""
    words = {
        "on-time": _("按时报送"),
        "late": _("迟报"),
        "missing": _("未报"),
        "returned": _("退回待报"),
        "held": _("暂存待改"),
        "awaited": _("待报"),
    }
    return words[status]


class _Row(NamedTuple):
    """A report as it is kept."""

    unit: str
    status: str
    received: datetime | None
    is_since: bool
    """Whether the file has no receipt: it is known from when one looks."""
    versions: int
    file: str


def reporting(snapshot: Snapshot, month: date) -> list[Reported]:
    """Who has reported on a month, in protocol order."""
    by = snapshot.clocks.known_by
    name = f"reported of {month:%Y-%m} by {snapshot.clocks.today}"
    rows = snapshot.worked_out(name, tuple[_Row, ...], lambda: tuple(_reported(snapshot, month)))
    unit = snapshot.programme.unit
    return [Reported(unit(r.unit), r.status, by if r.is_since else r.received, r.versions, r.file) for r in rows]


def _reported(snapshot: Snapshot, month: date) -> Iterator[_Row]:
    days = asked(snapshot.programme, month)
    units = days.rule.units if days is not None else None
    by = snapshot.clocks.known_by
    known = [
        d
        for d in sorted(snapshot.decisions, key=lambda d: d.at)
        if d.kind in OF_FILES and d.item is None and d.month == month and d.at <= by
    ]
    for unit in snapshot.programme.units:
        if units is not None and unit.id not in units:
            continue
        files = sorted(
            (f for f in snapshot.filed if f.submission.unit == unit.id and f.submission.month == month
             and not f.submission.head.opening),
            key=lambda f: (f.received, f.submission.version),
        )  # fmt: skip
        held = [h for h in snapshot.held_files if h.unit == unit.id and h.month == month]
        if files:
            counting = [f for f in files if not _is_sent_back(f, known)]
            is_late = days is not None and files[0].received.astimezone(CHINA).date() > days.late_after
            status = ("late" if is_late else "on-time") if counting else "returned"
            last = (counting or files)[-1].submission.file
            first = files[0].received
            yield _Row(unit.id, status, None if first == by else first, first == by, len(files), last)
        elif held:
            yield _Row(unit.id, "held", None, False, len(held), held[-1].file)
        else:
            is_awaited = days is not None and snapshot.clocks.today <= days.late_after
            yield _Row(unit.id, "awaited" if is_awaited else "missing", None, False, 0, "")


def _is_sent_back(one: Filed, rulings: Iterable[Decision]) -> bool:
    """Whether the latest ruling on a file as it is now sent it back."""
    name, digest = one.submission.file.rpartition("/")[2], one.submission.digest
    kinds = [d.kind for d in rulings if d.file == name and d.sha256 in (None, digest)]
    return bool(kinds) and kinds[-1] != "accept"


def countdown(programme: Programme, month: date, today: date) -> list[str]:
    """By which day the report on a month is due, how far that is, and which holiday moves the day it is asked for."""
    days = asked(programme, month)
    if days is None:
        return []
    left = (days.late_after - today).days
    said = (
        _("{m}月报告：{day} 前报出，还有 {n} 天", m=month.month, day=days.late_after, n=left)
        if left >= 0
        else _("{m}月报告：应在 {day} 前报出，已过 {n} 天", m=month.month, day=days.late_after, n=-left)
    )
    lines = [said]
    if days.asked.day != days.asked.was:
        named = _("、").join(dict.fromkeys(d.name for d in days.asked.over if not d.is_working))
        moved = _("{was} 不是工作日（{named}），提前到 {day} 收齐", was=days.asked.was, named=named, day=days.asked.day)
        lines.append(moved)
    if days.asked.assumed:
        lines.append(_("放假安排尚未公布，日期是推定的"))
    return lines
