"""A unit's page: all that it owes, by plan, the worst first; and how it has reported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tracker.histories import reports_of
from tracker.language import _
from tracker.lights import Cell, cell, cell_words
from tracker.plans import Unit
from tracker.reporting import Reported, reporting_words
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import STATUSES
from tracker.tui.actions import Subject
from tracker.tui.explained import Explained
from tracker.tui.grid import Grid, Heading
from tracker.tui.rows import columns, drawn, key_of
from tracker.tui.view import View
from tracker.tui.words import Words, shown

NAMES = ("title", "status", "due", "days", "item", "promised", "owner", "cause")
ORDER = {status: n for n, status in enumerate(STATUSES)}
MONTHS = 6
"""Months of reporting that are named."""

QUIET = frozenset({"continuing", "contributing", "before-records", "not-due", "verified"})
"""What is left out until all is wanted."""


@dataclass(frozen=True)
class Found:
    """What the page shows."""

    snapshot: Snapshot
    unit: Unit
    whole: Cell
    standings: list[Standing]
    reports: list[tuple[date, Reported]]


class CountyScreen(View):
    """What a unit owes, and how it has reported."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "m", "more", _("全部/要看的"), tooltip=_("已销号、未到期和长期的也列出来，或只列要看的"), id="county.more"
        ),
        Binding("f", "plan", _("换方案"), tooltip=_("只看下一个方案，最后是全部"), id="county.plan"),
    ]

    def __init__(self, unit: str, plan: str = "") -> None:
        super().__init__()
        self.unit, self.plan = unit, plan
        self.is_all = False
        self.found: Found | None = None

    def content(self) -> ComposeResult:
        """How it has reported, then what it owes."""
        yield Words(classes="lines", id="reports")
        yield Explained(Grid(id="rows", empty=_("没有要看的。按 m 列出全部。")), self.in_short)

    def on_mount(self) -> None:
        """The cursor begins in the rows."""
        self.query_one("#rows").focus()

    def work_out(self, snapshot: Snapshot) -> Found | None:
        """What the unit owes."""
        unit = next((u for u in snapshot.programme.units if u.id == self.unit), None)
        if unit is None:
            return None
        own = [s for s in snapshot.standings if s.occurrence.unit == unit.id]
        whole = cell(own, unit.id, "", snapshot.clocks.as_of)
        return Found(snapshot, unit, whole, own, reports_of(snapshot, unit.id)[-MONTHS:])

    def lay_out(self, found: object) -> None:
        """Show it."""
        if not isinstance(found, Found):
            self.say_state(_("文件里已经没有这个单位了。按 Esc 返回。"))
            return
        self.found = found
        said = [f"{month:%Y-%m} {reporting_words(r.status)}" for month, r in found.reports]
        self.query_one("#reports", Words).say(shown(_("历次报送：{months}", months=_("，").join(said) or _("没有"))))
        plan = found.snapshot.programme.plan(self.plan).head.short if self.plan else _("全部方案")
        what = _("全部事项") if self.is_all else _("要看的事项")
        self.say(f"{found.unit.name}　{cell_words(found.whole)}　{plan}　{what}")
        grid = self.query_one("#rows", Grid)
        grid.fill(columns(NAMES), list(self._items(found)), drawn(found.snapshot, NAMES), key_of)

    def _items(self, found: Found) -> Iterator[object]:
        """By plan; the worst first, then by day."""
        for plan in found.snapshot.programme.plans:
            rows = [
                s
                for s in found.standings
                if s.occurrence.milestone.plan == plan.stem and (self.is_all or s.status not in QUIET)
            ]
            if rows and self.plan in ("", plan.stem):
                yield Heading(_("{plan} {n} 项", plan=plan.head.short, n=len(rows)))
                yield from sorted(rows, key=lambda s: (ORDER[s.status], s.due or date.max))

    @property
    def subject(self) -> Subject | None:
        """The item, or the unit where there is none."""
        return super().subject or (Subject(self.seen, unit=self.unit) if self.seen is not None else None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One is at this unit's page already."""
        return (action, parameters) != ("act", ("unit",)) and super().check_action(action, parameters)

    def action_more(self) -> None:
        """All rows, or only those to look at."""
        self.is_all = not self.is_all
        self.lay_out(self.found)

    def action_plan(self) -> None:
        """The next plan, after the last one all."""
        if self.seen is not None:
            stems = ["", *(p.stem for p in self.seen.programme.plans)]
            self.plan = stems[(stems.index(self.plan) + 1) % len(stems)]
            self.lay_out(self.found)

    @on(Grid.Chosen)
    def open_item(self) -> None:
        """The item month by month."""
        subject = self.subject
        if subject is not None and subject.standings:
            self.open_subject(subject)
