"""From one month to another: what is newly done, newly late, lost again, sent back, given more time.

Two snapshots are compared: of two months as known now, or of one month as it was known when it was
issued and as it is known now. (Issue: two clocks everywhere.)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.decisions import WAIVERS
from tracker.figures import Figures, figures
from tracker.language import _, mark
from tracker.snapshot import Snapshot
from tracker.standing import Standing

KINDS: Mapping[str, str] = {
    "late": mark("新增逾期"),
    "regressed": mark("完成后又未完成"),
    "returned": mark("被退回"),
    "extended": mark("获准延期"),
    "done": mark("新完成"),
    "verified": mark("新销号"),
    "ruled-out": mark("不再督办"),
    "recovered": mark("不再逾期"),
    "other": mark("其他变化"),
}
"""What can have happened to an item, the worst first."""


@dataclass(frozen=True)
class Change:
    """One item that stands otherwise than before."""

    kind: str
    before: Standing | None
    """None where the item was not owed yet."""
    after: Standing

    @property
    def unit(self) -> str:
        """The unit's id."""
        return self.after.occurrence.unit

    @property
    def item(self) -> str:
        """The occurrence."""
        return self.after.occurrence.id


@dataclass(frozen=True)
class Changes:
    """Two days of a programme, side by side."""

    before: Snapshot
    after: Snapshot
    rows: tuple[Change, ...]

    @property
    def figures(self) -> tuple[Figures, Figures]:
        """The city's figures on both days."""
        first, second = self.before, self.after
        return figures(first.standings, first.clocks.as_of), figures(second.standings, second.clocks.as_of)

    def count(self, kind: str) -> int:
        """How many changes of a kind there are."""
        return sum(row.kind == kind for row in self.rows)


def changes(before: Snapshot, after: Snapshot) -> Changes:
    """What happened to each item, by kind and then in the order of units and plans."""
    kinds = list(KINDS)
    found = sorted(_rows(before, after), key=lambda row: kinds.index(row.kind))
    return Changes(before, after, tuple(found))


def _rows(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for now in after.standings:
        was = before.by_key.get((now.occurrence.unit, now.occurrence.id))
        kind = _kind(was, now)
        if kind:
            yield Change(kind, was, now)


def _kind(was: Standing | None, now: Standing) -> str:
    """What happened to an item; empty for nothing worth a line.

    That a day came nearer, or that a period began, is the calendar's doing and nobody's news.
    """
    if was is None:
        return "late" if now.is_late else "done" if now.is_done else ""
    if now.status in RULED_OUT:
        return "ruled-out" if was.status not in RULED_OUT else ""
    if was.is_done and not now.is_done:
        return "regressed"
    if now.is_late and not was.is_late:
        return "late"
    if now.is_done and not was.is_done:
        return "done"
    if now.status == "verified" != was.status:
        return "verified"
    if _is_sent_back(was, now):
        return "returned"
    if now.due is not None and was.due is not None and now.due > was.due and now.occurrence.due == was.occurrence.due:
        return "extended"
    if was.is_late and not now.is_late:
        return "recovered"
    if was.is_late:
        # From 逾期 to 当期未完成 is the calendar's doing; that there is a word of it, or none any more, is not.
        return "other" if (was.status == "unreported") != (now.status == "unreported") else ""
    return "other" if was.status in RULED_OUT or was.done_on != now.done_on else ""


def _is_sent_back(was: Standing, now: Standing) -> bool:
    """Whether its word was returned since, and not answered: of what is late the standing does not show it."""
    if now.status == "returned":
        return was.status != "returned"
    new = [d.at for d in now.rulings if d.kind == "return" and d not in was.rulings]
    return bool(new) and now.is_late and (now.record is None or now.record.known <= max(new))


RULED_OUT = frozenset({*WAIVERS, "suspended", "explained"})
"""Standings that only a ruling gives, and that end all chasing."""


def words(change: Change) -> str:
    """What happened, in a word."""
    return _(KINDS[change.kind])


def day_of(change: Change) -> date | None:
    """The day that matters of a change: when it was done, else when it is due."""
    return change.after.done_on or change.after.due
