"""总览: the leaders' page alive."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll

from tracker.changes import Change, changes, words
from tracker.language import _
from tracker.lights import cell_rule
from tracker.paces import Pace, paces
from tracker.problems import labelled, listed
from tracker.reporting import Reported, countdown, reporting, reporting_words
from tracker.snapshot import Snapshot
from tracker.summary import Summary, summary
from tracker.tui.actions import Subject
from tracker.tui.figures import FigureRows, PaceRows
from tracker.tui.grid import Column, Grid, Line
from tracker.tui.matrix import fill_matrix, unit_at
from tracker.tui.months import month_for
from tracker.tui.rows import columns, drawn, key_of, standing_line
from tracker.tui.view import View
from tracker.tui.words import Words, shown

WORST = ("days", "unit", "plan", "title", "item", "status", "owner", "promised", "cause")
COMING = ("due", "unit", "plan", "title", "item", "status", "owner")
STUCK = ("unit", "plan", "title", "item", "status", "due", "cause")
CHANGED = ("unit", "plan", "title", "item", "status", "due")

NEWS = ("late", "regressed", "returned", "extended", "ruled-out", "recovered")
"""Of what changed in a month, what is worth a line here: what is newly done are figures."""


@dataclass(frozen=True)
class Found:
    """What the page shows."""

    snapshot: Snapshot
    month: date
    """The month that is being reported on."""
    summary: Summary
    paces: list[Pace]
    reported: list[Reported]


class Overview(View):
    """The lights, the figures, how plans advance, the worst and the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", _("下一张表"), key_display="Tab", show=False, id="overview.next"),
    ]

    def __init__(self) -> None:
        super().__init__("overview")
        self._compared: Snapshot | None = None
        """The snapshot whose changes are shown."""

    def content(self) -> ComposeResult:
        """Figures above; the lights beside or above the lists."""
        with VerticalScroll(classes="page", can_focus=False):
            yield FigureRows()
            yield Words(classes="lines", id="countdown")
            with Vertical(classes="halves"):
                with Vertical(classes="half", id="lights"):
                    yield Grid(id="matrix", by_cell=True, empty=_("还没有到期的任务。"))
                    yield Words(classes="rule")
                    yield PaceRows()
                    with Vertical(classes="tall"):
                        yield Words(_("比上月末有变化的"), classes="section")
                        yield Grid(id="changed", empty=_("逾期、退回、延期都和上月末一样。"))
                with Vertical(classes="half"):
                    yield Words(_("最需要盯的"), classes="section")
                    yield Grid(id="worst", empty=_("没有逾期事项。"))
                    yield Words(_("接下来到期的"), classes="section")
                    yield Grid(id="coming", empty=_("六十天内没有到期的。"))
                    with Vertical(id="stuck"):
                        yield Words(_("受阻的和待上级明确的"), classes="section")
                        yield Grid(id="waiting")

    def on_mount(self) -> None:
        """The cursor begins in the lights."""
        self.query_one("#matrix").focus()

    def work_out(self, snapshot: Snapshot) -> Found:
        """All that the page shows."""
        month = month_for(snapshot, snapshot.clocks.as_of)
        return Found(snapshot, month, summary(snapshot), paces(snapshot), reporting(snapshot, month))

    def lay_out(self, found: object) -> None:
        """Show it."""
        assert isinstance(found, Found)  # noqa: S101 - what work_out gave
        snapshot, said = found.snapshot, found.summary
        self.say("")
        self.query_one(FigureRows).show(said)
        lines = [_("；").join(countdown(snapshot.programme, found.month, self.session.today)), _reported_words(found)]
        self.query_one("#countdown", Words).say("\n".join(shown(line) for line in lines if line))
        fill_matrix(self.query_one("#matrix", Grid), said.matrix)
        self.query_one(".rule", Words).say(shown(cell_rule()))
        self.query_one(PaceRows).show(found.paces)
        self.query_one("#worst", Grid).fill(columns(WORST), said.worst, drawn(snapshot, WORST), key_of)
        self.query_one("#coming", Grid).fill(columns(COMING), said.coming, drawn(snapshot, COMING), key_of)
        self.query_one("#stuck").display = bool(said.waiting)
        self.query_one("#waiting", Grid).fill(columns(STUCK), said.waiting, drawn(snapshot, STUCK), key_of)
        self.look_back()

    def on_resize(self) -> None:
        """There may be room for what changed now."""
        self.call_after_refresh(self.look_back)

    def look_back(self) -> None:
        """What changed, where there is room for it."""
        seen = self.seen
        if seen is not None and seen is not self._compared and self.query_one(".tall").display:
            self._compared = seen
            self.later(lambda: _news(seen), self._show_news)

    def _show_news(self, found: object) -> None:
        news, seen = cast("list[Change]", found), self.seen
        assert seen is not None  # noqa: S101 - compared with what is seen
        happened = {key_of(one.after): words(one) for one in news}
        named = [Column("what", _("变化")), *columns(CHANGED)]

        def draw(item: object) -> Line:
            line = standing_line(seen, CHANGED, item)
            return Line((happened[key_of(item)], *line.cells), {n + 1: look for n, look in line.looks.items()})

        self.query_one("#changed", Grid).fill(named, [one.after for one in news], draw, key_of)

    @property
    def subject(self) -> Subject | None:
        """In the lights a unit, in the lists an item."""
        if self.focused is not None and self.focused.id == "matrix" and self.seen is not None:
            unit = unit_at(self.query_one("#matrix", Grid))
            return Subject(self.seen, unit=unit.id) if unit is not None else None
        return super().subject

    @on(Grid.Chosen, "#matrix")
    def open_cell(self, event: Grid.Chosen) -> None:
        """That county and plan."""
        from tracker.tui.county import CountyScreen  # noqa: PLC0415 - when it is wanted

        unit = unit_at(event.grid)
        if unit is not None and self.seen is not None:
            plan = event.grid.column_key if event.grid.column else ""
            self.open(CountyScreen(unit.id, plan), self.seen)

    @on(Grid.Chosen, "#worst")
    @on(Grid.Chosen, "#coming")
    @on(Grid.Chosen, "#waiting")
    @on(Grid.Chosen, "#changed")
    def open_item(self) -> None:
        """What is behind it: of one unit its history, of several the milestone."""
        subject = self.subject
        if subject is not None:
            self.open_subject(subject)


def _news(snapshot: Snapshot) -> list[Change]:
    """What happened since the end of the month before; nothing where there are no records of it."""
    month = snapshot.clocks.month
    if month <= snapshot.programme.head.records_from:
        return []
    before = snapshot.on(month - timedelta(days=1))
    return [one for one in changes(before, snapshot).rows if one.kind in NEWS]


def _reported_words(found: Found) -> str:
    """Who has not reported on the month."""
    if not found.reported:
        return ""
    there = sum(r.status in ("on-time", "late") for r in found.reported)
    parts = [_("{m}月月报已到 {n}/{all}", m=found.month.month, n=there, all=len(found.reported))]
    for status in ("missing", "awaited", "returned", "held"):
        names = [r.unit.brief for r in found.reported if r.status == status]
        if names:
            parts.append(labelled(reporting_words(status), listed(names)))
    return _("；").join(parts)
