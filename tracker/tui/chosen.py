"""Which rows of a list are shown, and in what order: a value that says itself in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tracker.filters import EVERYTHING, Filter
from tracker.language import _, mark
from tracker.plans import LEVELS
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import Light, light_words
from tracker.tui.grid import Heading
from tracker.tui.rows import COLUMNS, sorting
from tracker.views import chosen

GROUPS = ("", "unit", "plan")
"""None, by unit, by plan."""

LIGHTS: tuple[tuple[Light, ...], ...] = (("red",), ("red", "yellow"), ("yellow",))


KINDS = {"plan": mark("方案"), "unit": mark("单位"), "level": mark("层级"), "owner": mark("责任")}


@dataclass(frozen=True)
class Choice:
    """Filter, lights, search, order and groups."""

    wanted: Filter = EVERYTHING
    lights: tuple[Light, ...] = LIGHTS[0]
    typed: str = ""
    sort: str = "days"
    descending: bool = True
    group: str = ""

    def rows(self, snapshot: Snapshot) -> list[Standing]:
        """The rows before anything is typed, in order: what is equal stays in the order of units and plans."""
        found = [s for s in chosen(snapshot, self.wanted) if s.light in self.lights]
        found.sort(key=sorting(snapshot, self.sort), reverse=self.descending)
        if self.group:
            # Stable: within a group the order stays.
            found.sort(key=sorting(snapshot, self.group))
        return found

    def grouped(self, snapshot: Snapshot, rows: Sequence[Standing]) -> Sequence[object]:
        """The rows with a heading before each group."""
        if not self.group:
            return rows
        found: list[object] = []
        for _place, group in groupby(rows, key=sorting(snapshot, self.group)):
            members = list(group)
            first = members[0]
            name = snapshot.unit_of(first).name if self.group == "unit" else snapshot.plan_of(first).head.short
            found += [Heading(_("{name} {n} 项", name=name, n=len(members))), *members]
        return found

    def words(self, snapshot: Snapshot) -> str:
        """All of it in words."""
        ways = {"unit": _("按单位分组"), "plan": _("按方案分组")}
        order = _("按{column}排序", column=_(COLUMNS[self.sort].words)) if self.sort != "days" else ""
        parts = [
            _("、").join(light_words(light) for light in self.lights),
            self.wanted.words(snapshot.programme),
            _("查找“{typed}”", typed=self.typed) if self.typed.strip() else "",
            order,
            ways.get(self.group, ""),
        ]
        return " · ".join(part for part in parts if part)

    @property
    def untyped(self) -> "Choice":
        """The same without what is typed."""
        return replace(self, typed="")

    @property
    def is_narrowed(self) -> bool:
        """Whether there is something to clear."""
        return bool(self.typed) or self.wanted != EVERYTHING or self.lights != LIGHTS[0]

    def cleared(self) -> "Choice":
        """Everything red again, in the same order."""
        return replace(self, wanted=EVERYTHING, typed="", lights=LIGHTS[0])

    def narrowed(self, kind: str, to: str | None) -> "Choice":
        """With another filter of one kind."""
        return replace(self, wanted=self.wanted._replace(**{kind: to}))

    def sorted_by(self, column: str) -> "Choice":
        """By another column; by the same one the other way round."""
        if column == self.sort:
            return replace(self, descending=not self.descending)
        return replace(self, sort=column, descending=column == "days")

    def next_group(self) -> "Choice":
        """Grouped in the next way."""
        return replace(self, group=GROUPS[(GROUPS.index(self.group) + 1) % len(GROUPS)])

    def next_lights(self) -> "Choice":
        """Red, red and yellow, yellow."""
        return replace(self, lights=LIGHTS[(LIGHTS.index(self.lights) + 1) % len(LIGHTS)])


def filters(snapshot: Snapshot, rows: Iterable[Standing]) -> Iterator[tuple[str, str, str]]:
    """What one can filter by: kind, value, words; owners are those of the rows."""
    programme = snapshot.programme
    yield from (("plan", p.stem, p.head.short) for p in programme.plans)
    yield from (("unit", u.id, u.name) for u in programme.units)
    yield from (("level", level, _(words)) for level, words in LEVELS.items())
    owners = dict.fromkeys(s.occurrence.milestone.owner for s in rows)
    yield from (("owner", owner, owner) for owner in sorted(owners))
