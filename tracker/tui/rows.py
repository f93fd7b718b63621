"""How standings look as lines of a grid: the same words as the commands print, in the columns that fit."""

from collections.abc import Callable, Sequence
from functools import partial

from tracker.language import _, mark
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import light_words, status_words
from tracker.tui.grid import Column, Line
from tracker.views import MOST_UNITS

Draw = Callable[[object], Line]

COLUMNS: dict[str, Column] = {
    "days": Column("days", mark("逾期天数"), right=True),
    "unit": Column("unit", mark("单位")),
    "plan": Column("plan", mark("方案")),
    "title": Column("title", mark("任务节点"), gives=True),
    "item": Column("item", mark("期次编号"), waits=2),
    "due": Column("due", mark("到期日")),
    "status": Column("status", mark("状态")),
    "owner": Column("owner", mark("责任"), waits=3, gives=True),
    "promised": Column("promised", mark("预计完成"), waits=1),
    "cause": Column("cause", mark("原因"), waits=4, gives=True),
}
"""What can be said of a standing in a line."""


def columns(names: Sequence[str]) -> list[Column]:
    """The columns of these names, their headers in the language in use."""
    found = (COLUMNS[name] for name in names)
    return [Column(c.key, _(c.words), c.right, c.gives, c.waits) for c in found]


def value(snapshot: Snapshot, s: Standing, name: str) -> str:
    """What a column says of a standing."""
    m, update = s.occurrence.milestone, s.record.update if s.record is not None else None
    match name:
        case "days":
            return str(s.days_late) if s.days_late else ""
        case "unit":
            return snapshot.unit_of(s).brief
        case "plan":
            return snapshot.plan_of(s).head.short
        case "title":
            return m.title
        case "item":
            return s.occurrence.id
        case "due":
            return str(s.due or "")
        case "status":
            return f"{light_words(s.light)[0]} {status_words(s.status)}"
        case "owner":
            return m.owner
        case "promised":
            return str((update.promised_on if update is not None else None) or "")
        case _:
            return (update.cause if update is not None else None) or ""


def sorting(snapshot: Snapshot, name: str) -> Callable[[Standing], int | str]:
    """By what a column sorts: units and plans in their order, days as numbers, other things by their words."""
    programme = snapshot.programme
    match name:
        case "days":
            return lambda s: s.days_late
        case "unit":
            units = {u.id: n for n, u in enumerate(programme.units)}
            return lambda s: units[s.occurrence.unit]
        case "plan":
            plans = {p.stem: n for n, p in enumerate(programme.plans)}
            return lambda s: plans[s.occurrence.milestone.plan]
        case _:
            return lambda s: value(snapshot, s, name)


def standing_line(snapshot: Snapshot, names: Sequence[str], item: object) -> Line:
    """A standing, or standings of one item together (the units named or counted)."""
    group = item if isinstance(item, tuple) else (item,)
    s = group[0]
    cells = [value(snapshot, s, name) for name in names]
    if len(group) > 1 and "unit" in names:
        units = [snapshot.unit_of(one).brief for one in group]
        named = _("、").join(units) if len(units) <= MOST_UNITS else _("{n} 个单位", n=len(units))
        cells[names.index("unit")] = named
    looks = {n: s.light for n, name in enumerate(names) if name in ("status", "days")}
    return Line(tuple(cells), looks)


def drawn(snapshot: Snapshot, names: Sequence[str]) -> Draw:
    """How a grid draws standings."""
    return partial(standing_line, snapshot, names)


def key_of(item: object) -> object:
    """By what a grid finds a standing again after the files were read anew."""
    s = item[0] if isinstance(item, tuple) else item
    return (s.occurrence.unit, s.occurrence.id) if isinstance(s, Standing) else s
