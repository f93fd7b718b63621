"""One unit's file against the version before it, and against what stood the month before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.deadlines import month_end, months_later
from tracker.language import _, mark
from tracker.snapshot import Snapshot
from tracker.submissions import STATES, Submission, Update

NAMES: Mapping[str, str] = {
    "state": mark("状态"),
    "done_on": mark("完成日期"),
    "as_of": mark("截至"),
    "done": mark("完成数"),
    "total": mark("总数"),
    "evidence": mark("佐证材料"),
    "cause": mark("原因"),
    "measure": mark("措施"),
    "promised_on": mark("预计完成"),
    "waiting_on": mark("在等谁"),
    "note": mark("说明"),
    "verified_on": mark("核实日期"),
    "request_extension": mark("申请延期"),
}
"""What of an update is compared, in words."""


@dataclass(frozen=True)
class Change:
    """One item that was added, dropped or changed."""

    item: str
    title: str
    before: str
    """Empty where the item was not there."""
    after: str


@dataclass(frozen=True)
class Comparison:
    """What changed from one word to the next."""

    earlier: str
    later: str
    changes: tuple[Change, ...]


def compare(snapshot: Snapshot, unit: str, month: date) -> list[Comparison]:
    """The versions of a month one after the other, then the month against what stood before it."""
    versions = sorted(
        (f.submission for f in snapshot.filed if f.submission.unit == unit and f.submission.month == month),
        key=lambda s: s.version,
    )
    found = [
        Comparison(_version(earlier), _version(later), tuple(_changes(snapshot, earlier.by_item, later.by_item)))
        for earlier, later in pairwise(versions)
    ]
    if versions:
        past = snapshot.on(month_end(months_later(month, -1)))
        stood = {
            s.occurrence.id: s.record.update
            for s in past.standings
            if s.occurrence.unit == unit and s.record is not None and s.occurrence.id in versions[-1].by_item
        }
        earlier = f"{months_later(month, -1):%Y-%m}"
        changes = tuple(_changes(snapshot, stood, versions[-1].by_item))
        found.append(Comparison(earlier, _version(versions[-1]), changes))
    return found


def _version(s: Submission) -> str:
    return _("{month} 第 {n} 版", month=f"{s.month:%Y-%m}", n=s.version)


def _changes(snapshot: Snapshot, before: Mapping[str, Update], after: Mapping[str, Update]) -> Iterator[Change]:
    for item in [*before, *(i for i in after if i not in before)]:
        earlier, later = before.get(item), after.get(item)
        differing = [
            name for name in NAMES if earlier is None or later is None or _said(earlier, name) != _said(later, name)
        ]
        if differing:
            title = snapshot.programme.milestones[item.partition("@")[0]].title
            yield Change(item, title, _words(earlier, differing), _words(later, differing))


def _words(update: Update | None, names: list[str]) -> str:
    """The named parts of an update in one line; empty for none."""
    if update is None:
        return ""
    return _("；").join(f"{_(NAMES[name])} {said}" for name in names if (said := _said(update, name)))


def _said(update: Update, name: str) -> str:
    value = getattr(update, name)
    match name:
        case "state":
            return _(STATES[value])
        case "evidence":
            return _("、").join(value)
        case "request_extension" if value is not None:
            return f"{value.until} {value.reason} {value.progress}"
        case _:
            return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
