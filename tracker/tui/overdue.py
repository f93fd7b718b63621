"""逾期: what is late, worst first; filtered, searched, sorted, grouped, exported as it is shown."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tracker.language import _
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.tui.choose import Choose
from tracker.tui.chosen import KINDS, Choice, filters
from tracker.tui.explained import Explained
from tracker.tui.exporting import standings_csv
from tracker.tui.grid import Grid
from tracker.tui.narrowing import Narrowing
from tracker.tui.rows import COLUMNS, columns, drawn, key_of
from tracker.tui.searching import prepare
from tracker.tui.view import View

NAMES = ("days", "unit", "plan", "title", "item", "due", "status", "owner", "promised", "cause")


class Overdue(View):
    """The rows that want looking at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", _("查找"), key_display="/", tooltip=_("输入汉字或拼音首字母"), id="overdue.search"),
        Binding("f", "filter", _("筛选"), tooltip=_("按方案、单位、层级、责任筛选"), id="overdue.filter"),
        Binding("y", "lights", _("红黄"), show=False, tooltip=_("只看红灯、红灯和黄灯、只看黄灯"), id="overdue.lights"),
        Binding("s", "sort", _("排序"), show=False, tooltip=_("按下一列排序；也可以点列名"), id="overdue.sort"),
        Binding("S", "reverse", _("倒序"), show=False, key_display="S", tooltip=_("倒过来排"), id="overdue.reverse"),
        Binding("g", "group", _("分组"), show=False, tooltip=_("按单位、按方案分组，或不分组"), id="overdue.group"),
        Binding("x", "export", _("导出"), tooltip=_("把列出的写成 CSV 文件，放在当前文件夹"), id="overdue.export"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__("overdue")
        self.choice = Choice()
        self.rows: Sequence[Standing] = ()
        self._narrowing: Narrowing | None = None
        self._prepared: Narrowing | None = None

    def content(self) -> ComposeResult:
        """Where one searches, and the rows."""
        yield Input(
            placeholder=_("汉字或拼音首字母，例如 莘县 或 sx；Enter 回到表里，Esc 清除"),
            compact=True, select_on_focus=False, classes="search",
        )  # fmt: skip
        yield Explained(Grid(id="rows", empty=_("没有符合条件的事项。")), self.in_short)

    def on_mount(self) -> None:
        """The cursor begins in the rows."""
        self.query_one(".search").display = False
        self.query_one("#rows").focus()

    def work_out(self, snapshot: Snapshot) -> tuple[Choice, Sequence[Standing], Sequence[object]]:
        """The rows chosen, and the same with their headings."""
        choice, narrowing = self.choice, self._narrowing
        if narrowing is None or not narrowing.is_of(snapshot, choice):
            self._narrowing = narrowing = Narrowing(snapshot, choice)
        rows = narrowing.having(choice.typed)
        return choice, rows, choice.grouped(snapshot, rows)

    def lay_out(self, found: object) -> None:
        """Show them."""
        assert isinstance(found, tuple)  # noqa: S101 - what work_out gave
        choice, self.rows, items = found
        if self.seen is None:
            return
        self.say(_("{n} 项　{words}", n=len(self.rows), words=choice.words(self.seen)))
        grid = self.query_one("#rows", Grid)
        grid.mark_sorted(choice.sort, descending=choice.descending)
        grid.fill(columns(NAMES), items, drawn(self.seen, NAMES), key_of)
        if self._prepared is not self._narrowing:
            self._prepared = self._narrowing
            self._prepare()

    @work(thread=True, exclusive=True, exit_on_error=False, group="prepare")
    def _prepare(self) -> None:
        """While the rows are looked at: the first letter that is typed does not wait for it."""
        if self._prepared is not None:
            self._prepared.prepare()
        prepare()

    def choose(self, choice: Choice) -> None:
        """Show another choice."""
        self.choice = choice
        self.refresh_view()

    # --- searching ---

    def action_search(self) -> None:
        """Type what to look for."""
        search = self.query_one(Input)
        search.display = True
        search.focus()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Each letter narrows."""
        event.stop()
        if event.value != self.choice.typed:
            self.choice = replace(self.choice, typed=event.value)
            if self._narrowing is not None and self._narrowing.is_ready:
                self.refresh_at_once()
            else:
                self.refresh_view()

    @on(Input.Submitted)
    def found(self, event: Input.Submitted) -> None:
        """Back to the rows, the search standing."""
        event.stop()
        self._leave_search()

    def _leave_search(self) -> None:
        search = self.query_one(Input)
        search.display = bool(search.value)
        self.query_one("#rows").focus()

    @property
    def can_go_back(self) -> bool:
        """Whether a search or filter can be cleared."""
        return self.choice.is_narrowed or self.query_one(Input).has_focus

    def action_back(self) -> None:
        """Clear the search, then the filter."""
        search = self.query_one(Input)
        if search.has_focus or self.choice.typed:
            search.value = ""
            self._leave_search()
        else:
            self.choose(self.choice.cleared())

    # --- choosing ---

    def action_filter(self) -> None:
        """By plan, unit, level or owner."""
        if self.seen is None:
            return
        kinds: list[tuple[str, str | None, str]] = [("", None, _("不筛选，全部列出"))]
        kinds += list(filters(self.seen, self.rows))
        options = [f"{_(KINDS[kind])}　{words}" if kind else words for kind, _value, words in kinds]

        def take(number: int | None) -> None:
            if number is not None:
                kind, value, _words = kinds[number]
                self.choose(self.choice.narrowed(kind, value) if kind else self.choice.cleared())

        self.app.push_screen(Choose(_("只看哪些"), options), take)

    def action_lights(self) -> None:
        """Red, red and yellow, yellow."""
        self.choose(self.choice.next_lights())

    def action_group(self) -> None:
        """By unit, by plan, or not."""
        self.choose(self.choice.next_group())

    def action_sort(self) -> None:
        """By the next column."""
        names = list(NAMES)
        self.choose(self.choice.sorted_by(names[(names.index(self.choice.sort) + 1) % len(names)]))

    def action_reverse(self) -> None:
        """The other way round."""
        self.choose(self.choice.sorted_by(self.choice.sort))

    @on(Grid.Sorted)
    def sort_by(self, event: Grid.Sorted) -> None:
        """A header was clicked."""
        if event.key in COLUMNS:
            self.choose(self.choice.sorted_by(event.key))

    # --- with the rows ---

    @on(Grid.Chosen)
    def open_item(self) -> None:
        """The item month by month."""
        subject = self.subject
        if subject is not None:
            self.open_subject(subject)

    def action_export(self) -> None:
        """What is shown, as a file."""
        if self.seen is not None:
            seen, rows = self.seen, self.rows
            name = _("逾期-{day}", day=seen.clocks.as_of)
            self.written(lambda: self.session.export(name, "csv", standings_csv(seen, rows)))
