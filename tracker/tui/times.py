"""时间: back through the months, as known then or as known now; what differs is marked."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tracker.clocks import CHINA
from tracker.deadlines import month_end
from tracker.language import _
from tracker.lights import Matrix, matrix
from tracker.shifts import Shift, shifts
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import WORST, light_words, status_words
from tracker.tui.actions import Subject
from tracker.tui.explained import Explained
from tracker.tui.grid import Column, Grid, Line
from tracker.tui.matrix import fill_matrix, unit_at
from tracker.tui.months import MonthView
from tracker.tui.sections import Section
from tracker.tui.words import Words
from tracker.why import record_words, rule


@dataclass(frozen=True)
class Found:
    """What the page shows."""

    month: date
    then: Snapshot
    now: Snapshot
    matrix: Matrix
    shifts: list[Shift]
    lit: Mapping[str, list[Standing]]
    """What is not grey, by unit and the worst first."""


class Times(MonthView):
    """A month's lights as known then and as known now."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "known", _("当时/现在"), tooltip=_("按当时知道的看，或按现在知道的看"), id="times.known"),
        Binding("d", "stay", _("停在这时"), tooltip=_("所有页面都按这一时点看；按 n 回到今天"), id="times.stay"),
    ]

    def __init__(self) -> None:
        super().__init__("times")
        self.is_then = True
        self.found: Found | None = None

    def content(self) -> ComposeResult:
        """The lights, and what differs."""
        with Vertical(classes="halves"):
            with Vertical(classes="half"):
                yield Words(classes="lines", id="known")
                yield Explained(Grid(id="matrix", empty=_("还没有到期的任务。")), self.lit_words)
            with Vertical(classes="half"):
                yield Words(_("当时和现在不一样的"), classes="section")
                shifted = Grid(id="shifts", empty=_("当时知道的和现在知道的没有差别。"))
                yield Explained(shifted, self.shift_words)

    def on_mount(self) -> None:
        """The cursor begins in the lights."""
        self.query_one("#matrix").focus()

    def work_out(self, snapshot: Snapshot) -> Found:
        """The month, twice."""
        month = self.month
        day = min(month_end(month), self.session.today)
        known = min(self.session.known_then(snapshot.programme, month), self.session.clock())
        books = snapshot.books
        then, now = books.on(day, known), books.on(day, self.session.clock())
        shown = then if self.is_then else now
        return Found(month, then, now, matrix(shown), shifts(then, now), _lit(shown))

    def lay_out(self, found: object) -> None:
        """Show it."""
        assert isinstance(found, Found)  # noqa: S101 - what work_out gave
        self.found = found
        self.seen = found.then if self.is_then else found.now
        how = _("按当时知道的") if self.is_then else _("按现在知道的")
        self.say(
            _("{month} 月末　{how}　{n} 项不一样（*）", month=f"{found.month:%Y-%m}", how=how, n=len(found.shifts))
        )
        clocks = self.seen.clocks
        known = f"{clocks.known_by.astimezone(CHINA):%Y-%m-%d %H:%M}"
        self.query_one("#known", Words).say(_("截至 {day}，已知至 {known}", day=clocks.as_of, known=known))
        marked = frozenset(
            (s.standing.occurrence.unit, plan)
            for s in found.shifts
            for plan in (s.standing.occurrence.milestone.plan, "")
        )
        fill_matrix(self.query_one("#matrix", Grid), found.matrix, marked)
        columns = [
            Column("unit", _("单位")),
            Column("title", _("任务节点"), gives=True),
            Column("then", _("当时")),
            Column("now", _("现在")),
            Column("item", _("期次编号"), waits=1),
        ]
        self.query_one("#shifts", Grid).fill(columns, found.shifts, self._line, _key)

    def lit_words(self, _row: object) -> list[Section]:
        """What is behind the lights of the unit under the cursor, plan by plan."""
        unit = unit_at(self.query_one("#matrix", Grid))
        if self.found is None or unit is None:
            return []
        rows, plans = self.found.lit.get(unit.id, []), self.found.then.programme.plans
        of_plans = ((p.head.short, [_said(s) for s in rows if s.occurrence.milestone.plan == p.stem]) for p in plans)
        return [(name, lines) for name, lines in of_plans if lines]

    def shift_words(self, item: object) -> list[Section]:
        """Why an item stood as it did, and why it stands otherwise now."""
        assert isinstance(item, Shift)  # noqa: S101 - what fill was given
        assert self.found is not None  # noqa: S101 - as above
        sides = ((_("当时"), self.found.then, item.then), (_("现在"), self.found.now, item.now))
        return [(name, _grounds(snapshot, s)) for name, snapshot, s in sides]

    def _line(self, item: object) -> Line:
        assert isinstance(item, Shift)  # noqa: S101 - what fill was given
        s = item.standing
        words = [_look(item.then, with_day=item.is_of_days), _look(item.now, with_day=item.is_of_days)]
        unit = self.seen.unit_of(s).brief if self.seen is not None else ""
        looks = {n: one.light for n, one in ((2, item.then), (3, item.now)) if one is not None}
        return Line((unit, s.occurrence.milestone.title, *words, s.occurrence.id), looks)

    @property
    def subject(self) -> Subject | None:
        """In the lights a unit, in the differences an item as it is shown."""
        if self.seen is None or self.focused is None:
            return None
        if self.focused.id == "matrix":
            unit = unit_at(self.query_one("#matrix", Grid))
            return Subject(self.seen, unit=unit.id) if unit is not None else None
        item = self.query_one("#shifts", Grid).item
        if not isinstance(item, Shift):
            return None
        there = item.then if self.is_then else item.now
        return Subject(self.seen, (there,)) if there is not None else None

    def action_known(self) -> None:
        """As known then, or as known now."""
        self.is_then = not self.is_then
        self.refresh_view()

    def action_stay(self) -> None:
        """All places at this time."""
        if self.seen is not None:
            self.session.as_of = self.seen.clocks.as_of
            self.session.known_by = self.seen.clocks.known_by if self.is_then else None
            self.tracker.look_again()
            self.told(_("所有页面都按这一时点看。按 n 回到今天。"))

    @on(Grid.Chosen)
    def look_closer(self) -> None:
        """The unit or item at that time."""
        subject = self.subject
        if subject is not None:
            self.action_act("history" if subject.standings else "unit")


def _lit(snapshot: Snapshot) -> dict[str, list[Standing]]:
    found: dict[str, list[Standing]] = defaultdict(list)
    lit = (s for s in snapshot.standings if s.is_current and s.light != "grey")
    for s in sorted(lit, key=lambda s: (WORST.index(s.light), -s.days_late)):
        found[s.occurrence.unit].append(s)
    return found


def _grounds(snapshot: Snapshot, s: Standing | None) -> list[str]:
    if s is None:
        return [_("（没有）")]
    return [rule(snapshot, s), *(record_words(s.record) if s.record is not None else [_("没有记录。")])]


def _said(s: Standing) -> str:
    return f"{_look(s, with_day=True)}　{s.occurrence.milestone.title}"


def _look(s: Standing | None, *, with_day: bool) -> str:
    """Sign and word of a standing, and its day where only that differs."""
    if s is None:
        return _("（没有）")
    return f"{light_words(s.light)[0]} {status_words(s.status)}" + (f" {s.due}" if with_day and s.due else "")


def _key(item: object) -> object:
    assert isinstance(item, Shift)  # noqa: S101 - what fill was given
    return item.standing.occurrence.unit, item.standing.occurrence.id
