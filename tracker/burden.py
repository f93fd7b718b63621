"""The burden meter: how many cells a month's form asks of a unit, how many were typed, how many asked twice.

Counted by cells and not by items, because a cell is what a clerk fills in. Kept month by
month, so that the city sees whether its own asking grows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w

from tracker import writing
from tracker.deadlines import month_end
from tracker.forms import Form
from tracker.language import _
from tracker.plans import Programme
from tracker.standing import Standing
from tracker.submissions import EventEntry, ExtensionRequest, Head, Submission, Update

FILE = "burden.toml"

NO_CELLS = frozenset({"unit", "month", "rest", "part", "opening", "item", "place", "request_extension"})
"""Keys that the form or the program fills in, and the table whose own keys are the cells."""

NAMES = tuple(f.name for f in fields(Head) if f.default is MISSING and f.name not in NO_CELLS)
"""Cells that every form asks for, however little has happened."""


@dataclass(frozen=True)
class Burden:
    """What one unit's form of a month costs, in cells; None is not known yet."""

    unit: str
    asked: int | None = None
    """That must be answered."""
    may: int | None = None
    """That may be answered where something has changed."""
    twice: int | None = None
    """Of those asked, the ones that another plan's milestone asks for too."""
    typed: int | None = None
    part: tuple[str, ...] = ()
    """The plans it is about, where a section answers for these alone."""


def burden(programme: Programme, form: Form) -> Burden:
    """What a form asks."""
    last = month_end(form.month)
    asked = {s.occurrence.id: len(cells(s, last)) for s in form.required}
    again = [item for item in asked if _first(programme, item) in asked]
    return Burden(
        form.unit,
        asked=len(NAMES) + sum(asked.values()),
        may=sum(len(cells(s, last)) for s in (*form.open, *form.later)),
        twice=sum(asked[item] for item in again),
        part=form.part,
    )


def cells(s: Standing, last: date) -> tuple[str, ...]:
    """The keys that an answer on an item needs, as it stands on the month's last day."""
    return tuple(_cells(s, last))


def _cells(s: Standing, last: date) -> Iterator[str]:
    m = s.occurrence.milestone
    is_late = s.due is not None and s.due < last and m.waits_on is None
    is_blocked = s.record is not None and s.record.update.state == "blocked"
    yield "state"
    if is_late or is_blocked:
        yield from ("cause", "measure", "promised_on")
    else:
        yield "done_on"
        yield from ("evidence",) if m.evidence else ()
    yield from ("waiting_on",) if is_blocked else ()
    if m.target is not None:
        yield "done"
        yield from ("total",) if m.target.is_share else ()


def _first(programme: Programme, item: str) -> str | None:
    """The occurrence in which the same fact is asked first, if there is one."""
    base, at, period = item.partition("@")
    same = programme.milestones[base].same_as
    return f"{same}{at}{period}" if same is not None else None


def typed(submission: Submission) -> int:
    """The cells that were really typed, as far as the file can tell: held entries are not in it."""
    extensions = (u.request_extension for u in submission.updates if u.request_extension is not None)
    return (
        _filled(Head, submission.head)
        + sum(_filled(Update, u) for u in submission.updates)
        + sum(_filled(ExtensionRequest, e) for e in extensions)
        + sum(_filled(EventEntry, e) for e in submission.events)
    )


def _filled(kind: Any, value: object) -> int:
    """The cells of a table in which something was written."""
    cells_of = (f for f in fields(kind) if f.name not in NO_CELLS)
    return sum(getattr(value, f.name) not in (f.default, "") for f in cells_of)


def words(one: Burden) -> str:
    """A burden in one line, as ``form`` prints it."""
    parts = []
    if one.asked is not None:
        parts.append(_("必填 {n} 格", n=one.asked))
    if one.may is not None:
        parts.append(_("有变化才填的 {n} 格", n=one.may))
    if one.twice is not None:
        parts.append(_("其中重复问的 {n} 格", n=one.twice) if one.twice else _("没有重复问的"))
    if one.typed is not None:
        parts.append(_("实际填了 {n} 格", n=one.typed))
    return _("填报量：{parts}。", parts=_("，").join(parts))


def keep(folder: Path, month: date, burdens: Iterable[Burden]) -> None:
    """Append to a month's meter in a programme's status folder: what was asked, later what was typed.

    The caller holds the workspace's lock. Of the entries of a unit, or of its part, the last that knows a number
    counts.
    """
    known = ({key: value for key, value in asdict(one).items() if value not in (None, ())} for one in burdens)
    # Each table under its own header: a short list tomli_w would write as one value, to which nothing can be added.
    text = "\n".join(f"[[burden]]\n{tomli_w.dumps(one)}" for one in known)
    writing.append(folder / f"{month:%Y-%m}" / FILE, text)
