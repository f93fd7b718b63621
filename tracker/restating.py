"""What has changed in a month since it was issued, and why: each figure and each item, with the records that did it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import PurePosixPath

from tracker.counted import Counts
from tracker.counts import counts
from tracker.decisions import KINDS, Decision
from tracker.filed import Filed
from tracker.language import _, mark
from tracker.months import month_of
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import status_words
from tracker.submissions import Submission

FIGURES: Mapping[str, str] = {
    "owed": mark("应完成"),
    "done": mark("已完成"),
    "verified": mark("其中销号"),
    "on_time": mark("按期完成"),
    "late": mark("逾期（含漏报）"),
    "missed": mark("累计漏报"),
    "month_done": mark("当月完成"),
    "reported": mark("报送"),
}
"""The numbers of ``Counts``, in words."""


@dataclass(frozen=True)
class FigureChange:
    """One figure before and after."""

    of: str
    """As in ``Counts``."""
    name: str
    """A key of FIGURES."""
    before: str
    after: str


@dataclass(frozen=True)
class Cause:
    """A record that came after the issue."""

    kind: str
    """A kind of ruling; ``submission``; ``plans`` for the programme's own files; ``program`` for none of them."""
    file: str = ""
    at: datetime | None = None
    by: str = ""
    reason: str = ""

    @property
    def words(self) -> str:
        """What it is, in a word."""
        others = {"submission": _("补报"), "plans": _("方案、分工或规则有改动"), "program": _("程序的规则有改动")}
        return others.get(self.kind) or _(KINDS[self.kind])


@dataclass(frozen=True)
class ItemChange:
    """One item whose standing differs. None where there is no such item."""

    unit: str
    item: str
    before: Standing | None
    after: Standing | None
    causes: tuple[Cause, ...]

    @property
    def known(self) -> Standing:
        """The standing that names it."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of them is why it is listed
        return found


@dataclass(frozen=True)
class Restatement:
    """A month as it was issued and as it is known now."""

    before: Snapshot
    after: Snapshot
    figures: tuple[FigureChange, ...]
    items: tuple[ItemChange, ...]


def restate(issued: tuple[Counts, ...], before: Snapshot, after: Snapshot) -> Restatement:
    """What differs between a month as issued (its figures, its snapshot) and as it is known now."""
    return Restatement(before, after, tuple(_figures(issued, counts(after))), tuple(_items(before, after)))


def _figures(issued: tuple[Counts, ...], now: tuple[Counts, ...]) -> Iterator[FigureChange]:
    earlier, later = ({one.of: one for one in each} for each in (issued, now))
    for of in dict.fromkeys([*earlier, *later]):
        for name in (f.name for f in fields(Counts) if f.name != "of"):
            was, is_now = (str(getattr(each[of], name)) if of in each else "" for each in (earlier, later))
            if was != is_now:
                yield FigureChange(of, name, was, is_now)


def _items(before: Snapshot, after: Snapshot) -> Iterator[ItemChange]:
    for key in dict.fromkeys([*after.by_key, *before.by_key]):
        was, is_now = before.by_key.get(key), after.by_key.get(key)
        if _judged(was) != _judged(is_now):
            unit, item = key
            yield ItemChange(unit, item, was, is_now, tuple(_causes(before, after, unit, item)))


def _judged(s: Standing | None) -> tuple[object, ...]:
    return (s.status, s.due, s.done_on, s.days_late) if s is not None else ()


def _causes(before: Snapshot, after: Snapshot, unit: str, item: str) -> Iterator[Cause]:
    """What came after the issue and speaks of an item; where nothing does, what else has changed."""
    known = {f.submission.file for f in before.filed}
    month = after.clocks.month
    later = [f for f in after.filed if f.submission.file not in known and f.submission.month <= month]
    found = [
        *(_came(f) for f in later if _speaks_of(f.submission, before, unit, item)),
        *(
            Cause(d.kind, d.place.file, d.at, d.by, d.reason)
            for d in _later_rulings(before, after)
            if d.unit == unit and _may_move(d, item)
        ),
    ] or [_came(f) for f in later if f.submission.unit == unit]
    if found:
        yield from sorted(found, key=lambda c: (c.at or after.clocks.known_by, c.file))
    else:
        yield Cause("plans" if before.programme != after.programme else "program")


def _may_move(d: Decision, item: str) -> bool:
    """Whether a ruling can have changed how an item stands: on an enterprise's sheet only one of its period's."""
    milestone, _at, period = item.partition("@")
    if d.item is not None:
        return d.item in (item, milestone)
    folder = PurePosixPath(d.folder).name
    return month_of(folder) is not None or folder == period


def _came(one: Filed) -> Cause:
    return Cause("submission", one.submission.file, one.received)


def _later_rulings(before: Snapshot, after: Snapshot) -> Iterator[Decision]:
    """Rulings made after the issue that can change a standing, those that take others back among them."""
    seen = before.clocks.known_by
    for d in after.shelf.decisions:
        if seen < d.at <= after.clocks.known_by and d.month <= after.clocks.month and d.kind != "accept":
            yield d


def _speaks_of(s: Submission, before: Snapshot, unit: str, item: str) -> bool:
    """Whether a later file names an item, gives a number to its sum, or replaces one that named it."""
    milestone = item.partition("@")[0]
    target = before.programme.milestones[milestone].target if milestone in before.programme.milestones else None
    if target is not None and target.pool is not None:
        return any(named.partition("@")[0] == milestone for named in s.by_item)
    replaced = (f.submission for f in before.filed if (f.submission.unit, f.submission.month) == (s.unit, s.month))
    return s.unit == unit and any(item in one.by_item for one in (s, *replaced))


def standing_words(s: Standing | None) -> str:
    """A standing in a cell: its word and its days."""
    if s is None:
        return _("（没有）")
    late = _("，逾期 {n} 天", n=s.days_late) if s.days_late else ""
    done = _("，{day}完成", day=s.done_on) if s.done_on is not None else ""
    return status_words(s.status) + done + late
