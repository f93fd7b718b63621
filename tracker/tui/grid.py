"""A table of any length: only the lines in sight are drawn, and wide characters never break a column.

Items are given as they are; ``draw`` turns one into a ``Line`` when it comes into sight. Text is
never markup. The widths are measured on the first lines; where the place is too narrow, the columns that
can wait are left out and one gives way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tracker.language import _
from tracker.terminal import cut, padded, width
from tracker.tui.words import shown

MEASURED = 300
"""Lines that the widths are measured on."""

NARROWEST = 8
"""Columns that are left to what gives way."""

GAP = 2
"""Columns between two cells, at least."""

WIDEST_GAP = 4
"""Where there is room."""

GUTTER = 2
"""Columns of the cursor's sign and the mark."""

READABLE = 24
"""Columns in which one can read: what is cut first has as many, or all it needs, before one that waits is shown."""

MARK = "*"


@dataclass(frozen=True)
class Column:
    """One column: what the header says, and what it does where there is little room."""

    key: str
    words: str
    right: bool = False
    """Whether numbers stand in it."""
    gives: bool = False
    """Whether it is cut first."""
    waits: int = 0
    """It is shown where all that wait less fit; 0 is always shown."""


@dataclass(frozen=True)
class Line:
    """One item as people read it."""

    cells: tuple[str, ...]
    looks: Mapping[int, str] = field(default_factory=dict)
    """Column to the look of its cell: a light or ``faint``."""


@dataclass(frozen=True)
class Heading:
    """A line between the items that says what follows; the cursor passes it."""

    words: str


class Grid(ScrollView, can_focus=True):
    """Items as lines under a header, with a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", _("上一行"), show=False, key_display="↑", id="grid.up"),
        Binding("down", "step(1)", _("下一行"), show=False, key_display="↓", id="grid.down"),
        Binding("pageup", "page(-1)", _("上一页"), show=False, key_display="PgUp", id="grid.pageup"),
        Binding("pagedown", "page(1)", _("下一页"), show=False, key_display="PgDn", id="grid.pagedown"),
        Binding("home", "end(-1)", _("第一行"), show=False, key_display="Home", id="grid.first"),
        Binding("end", "end(1)", _("最后一行"), show=False, key_display="End", id="grid.last"),
        Binding("left", "across(-1)", _("左一格"), show=False, key_display="←", id="grid.left"),
        Binding("right", "across(1)", _("右一格"), show=False, key_display="→", id="grid.right"),
        Binding("enter", "choose", _("打开"), key_display="Enter", tooltip=_("打开光标所在的"), id="grid.choose"),
        Binding(
            "space",
            "mark",
            _("选中"),
            show=False,
            key_display=_("空格"),
            tooltip=_("选中或不选这一行；可以选几行一起办"),
            id="grid.mark",
        ),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header", "grid--heading", "grid--cursor", "grid--red", "grid--yellow", "grid--green", "grid--grey",
        "grid--faint",
    }  # fmt: skip

    class Moved(Message):
        """The cursor stands on another item."""

        def __init__(self, grid: "Grid") -> None:
            super().__init__()
            self.grid = grid

        @property
        def control(self) -> "Grid":
            """The grid, for ``@on`` selectors."""
            return self.grid

    class Chosen(Moved):
        """The item under the cursor is wanted."""

    class Marked(Moved):
        """A line was marked, or is not any more."""

    class Sorted(Message):
        """A column's header was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        by_cell: bool = False,
        empty: str = "",
        marks: bool = False,
    ) -> None:
        super().__init__(id=id)
        self.by_cell, self.empty = by_cell, empty
        self.marks = marks
        """Whether lines can be marked."""
        self.marked: set[object] = set()
        """The keys of the lines that are marked."""
        self.columns: Sequence[Column] = ()
        self.items: Sequence[object] = ()
        self.row, self.column = 0, 1 if by_cell else 0
        self.sorted_by, self.is_descending = "", False
        self._draw: Callable[[object], Line] = _unfilled
        self._key: Callable[[object], object] = id_of
        self._left = 1
        """Where cells do not fit side by side, the first one in sight after the fixed column."""
        self._shown: list[tuple[int, int]] = []
        """The columns in sight, each with its width."""
        self._gap = GAP
        self._base = Style.null()
        """The style of all lines, as it was when they were last asked for."""

    # --- what stands in it ---

    def fill(
        self,
        columns: Sequence[Column],
        items: Sequence[object],
        draw: Callable[[object], Line],
        key: Callable[[object], object],
    ) -> None:
        """Show items; the cursor stays on the one with the same key, or else in its row."""
        before, before_key = self.item, self._key(self.item) if self.item is not None else None
        self.columns, self.items, self._draw, self._key = columns, items, draw, key
        self.marked &= {key(item) for item in items if not isinstance(item, Heading)} if self.marked else set()
        kept = None
        if before is not None:
            # The very item mostly, and of many rows that is seen a hundred times as fast as by its key.
            same = (n for n, item in enumerate(items) if item is before)
            alike = (n for n, item in enumerate(items) if not isinstance(item, Heading) and key(item) == before_key)
            kept = next(same, None)
            kept = next(alike, None) if kept is None else kept
        self.row = self._settled(kept if kept is not None else min(self.row, max(len(items) - 1, 0)), 1)
        self.column = min(self.column, max(len(columns) - 1, 0))
        self._measure()
        self._into_sight()
        # Where its height is given, nothing else moves.
        self.refresh(layout=self.styles.auto_dimensions)
        self.post_message(self.Moved(self))

    def mark_sorted(self, key: str, *, descending: bool) -> None:
        """Show by which column the items are sorted; before ``fill``."""
        self.sorted_by, self.is_descending = key, descending

    @property
    def item(self) -> object | None:
        """The item under the cursor; None where there is none."""
        found = self.items[self.row] if self.row < len(self.items) else None
        return None if isinstance(found, Heading) else found

    @property
    def chosen(self) -> list[object]:
        """The marked items, in order; without marks the one under the cursor."""
        if self.marked:
            return [i for i in self.items if not isinstance(i, Heading) and self._key(i) in self.marked]
        return [self.item] if self.item is not None else []

    @property
    def column_key(self) -> str:
        """The column of the cell under the cursor."""
        return self.columns[self.column].key if self.columns else ""

    def go(self, row: int) -> None:
        """Put the cursor on a row, or the nearest one that is no heading."""
        to = self._settled(max(0, min(row, len(self.items) - 1)), 1 if row >= self.row else -1)
        if to != self.row:
            self.row = to
            self.post_message(self.Moved(self))
        self._into_sight()
        self.refresh()

    def _settled(self, row: int, step: int) -> int:
        """The nearest row that is no heading, first in the direction of ``step``."""
        for way in (step, -step):
            n = row
            while 0 <= n < len(self.items):
                if not isinstance(self.items[n], Heading):
                    return n
                n += way
        return row

    # --- its shape ---

    def on_resize(self) -> None:
        """Columns are as wide as there is room."""
        self._measure()
        self._into_sight()
        self.refresh()

    def _measure(self) -> None:
        room = self.scrollable_content_region.width or self.size.width
        lines = [self._draw(item) for item in self.items[:MEASURED] if not isinstance(item, Heading)]
        natural = {
            n: max([width(self._title(n)), *(width(shown(line.cells[n])) for line in lines)], default=0)
            for n in range(len(self.columns))
        }
        there = self._fitting(natural, room)
        spare = room - _taken([natural[n] for n in there])
        if room:
            _give_way(natural, [n for n in there if self.columns[n].gives], -spare, NARROWEST)
            # A name out of all proportion in a column that is not cut first would push the others out of sight.
            _give_way(natural, there, _taken([natural[n] for n in there]) - room, READABLE)
        self._gap = min(GAP + max(spare, 0) // max(len(there) - 1, 1), WIDEST_GAP)
        self._shown = [(n, natural[n]) for n in there]
        if self.by_cell:
            self._slide(room)
        rows = max(len(self.items), 1) + 1
        self.virtual_size = Size(room, rows)

    def _fitting(self, natural: Mapping[int, int], room: int) -> list[int]:
        """The columns there is room for; of those that wait, one after the other until one does not fit."""
        there = [n for n, c in enumerate(self.columns) if not c.waits]
        for n in sorted(set(natural) - set(there), key=lambda n: self.columns[n].waits):
            asked = [min(natural[c], READABLE) if self.columns[c].gives else natural[c] for c in (*there, n)]
            if _taken(asked) > room:
                break
            there.append(n)
        return sorted(there)

    def _slide(self, room: int) -> None:
        """Of cells that do not all fit only those around the cursor are in sight; the first column stays."""
        if not self._shown or not room:
            return
        first, *others = self._shown
        self._left = min(self._left, self.column)
        while True:
            inside = [(n, columns) for n, columns in others if n >= self._left]
            taken = GUTTER + first[1]
            for count, (_n, columns) in enumerate(inside):
                taken += self._gap + columns
                if taken > room and count:
                    inside = inside[:count]
                    break
            if not inside or self.column <= inside[-1][0]:
                break
            self._left += 1
        self._shown = [first, *inside]

    def _title(self, n: int) -> str:
        column = self.columns[n]
        sign = ("▾" if self.is_descending else "▴") if self.sorted_by and column.key == self.sorted_by else ""
        return f"{column.words}{sign}"

    def _into_sight(self) -> None:
        height = max(self.scrollable_content_region.height - 1, 1)
        top = self.scroll_offset.y
        if self.row < top or (top > 0 and self.row == self._settled(0, 1)):
            # The first item brings the heading above it into sight.
            self.scroll_to(y=0 if self.row == self._settled(0, 1) else self.row, animate=False)
        elif self.row >= top + height:
            self.scroll_to(y=self.row - height + 1, animate=False)
        else:
            return
        self.refresh()

    # --- drawing ---

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in sight: to ask at each of them for the style of all takes a fifth of the time."""
        self._base = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """The header, an item, a heading between, or nothing."""
        base = self._base
        room = self.size.width
        n = self.scroll_offset.y + y - 1
        if y == 0:
            if not self.items:
                return Strip.blank(room, base)
            style = base + self._look("header")
            cells = [self._title(c) for c, _width in self._shown]
            return self._laid(cells, {}, style).adjust_cell_length(room, style)
        if not self.items and n == 0:
            return self._across(self.empty, base, base + self._look("faint"))
        if not 0 <= n < len(self.items):
            return Strip.blank(room, base)
        item = self.items[n]
        if isinstance(item, Heading):
            style = base + self._look("heading")
            return self._across(shown(item.words), style, style)
        is_here = n == self.row
        style = base + self._look("cursor") if is_here and not self.by_cell else base
        line = self._draw(item)
        cells = [shown(line.cells[c]) for c, _width in self._shown]
        # On the cursor's own colour no other is legible.
        looks = {} if is_here and self.has_focus and not self.by_cell else line.looks
        is_marked = bool(self.marked) and self._key(item) in self.marked
        return self._laid(cells, looks, style, is_here=is_here, is_marked=is_marked).adjust_cell_length(room, style)

    def _across(self, words: str, base: Style, style: Style) -> Strip:
        """Words across the columns."""
        room = self.size.width
        text = " " * GUTTER + cut(words, room - GUTTER)
        return Strip([Segment(text, style)]).adjust_cell_length(room, base)

    def _laid(
        self,
        cells: Sequence[str],
        looks: Mapping[int, str],
        style: Style,
        *,
        is_here: bool = False,
        is_marked: bool = False,
    ) -> Strip:
        """Cells side by side, each as wide as its column; the row of the cursor has a sign as well as a colour."""
        sign = "›" if is_here and self.has_focus else " "
        segments = [Segment(sign + (MARK if is_marked else " "), style)]
        for place, ((n, columns), text) in enumerate(zip(self._shown, cells, strict=True)):
            look = style + self._look(looks[n]) if n in looks else style
            if self.by_cell and is_here and n == self.column:
                look += self._look("cursor")
            if place:
                segments.append(Segment(" " * self._gap, style))
            segments.append(Segment(padded(cut(text, columns), columns, right=self.columns[n].right), look))
        return Strip(segments)

    def _look(self, name: str) -> Style:
        return self.get_component_rich_style(f"grid--{name}", partial=True)

    def on_focus(self) -> None:
        """The mark appears."""
        self.refresh()

    def on_blur(self) -> None:
        """The mark goes."""
        self.refresh()

    # --- moving ---

    def action_step(self, rows: int) -> None:
        """Up or down."""
        self.go(self.row + rows)

    def action_page(self, pages: int) -> None:
        """A page up or down."""
        self.go(self.row + pages * max(self.scrollable_content_region.height - 2, 1))

    def action_end(self, way: int) -> None:
        """To the first or last row."""
        self.go(0 if way < 0 else len(self.items) - 1)

    def action_across(self, cells: int) -> None:
        """A cell to the left or right."""
        self.column = max(1, min(self.column + cells, len(self.columns) - 1))
        self._measure()
        self.refresh()
        self.post_message(self.Moved(self))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Only a grid of cells has a way across; a key it does not take goes on to the screen."""
        return {"across": self.by_cell, "mark": self.marks}.get(action, True)

    def action_mark(self) -> None:
        """Mark the line under the cursor, or take the mark away; on to the next."""
        if self.item is not None:
            self.marked ^= {self._key(self.item)}
            self.post_message(self.Marked(self))
            self.go(self.row + 1)

    def unmark(self) -> None:
        """No marks."""
        if self.marked:
            self.marked = set()
            self.post_message(self.Marked(self))
            self.refresh()

    def action_choose(self) -> None:
        """Open what the cursor is on."""
        if self.item is not None:
            self.post_message(self.Chosen(self))

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; on the cursor it opens; on the header it sorts."""
        event.stop()
        column = self._column_at(event.x)
        if event.y == 0:
            if column is not None:
                self.post_message(self.Sorted(self.columns[column].key))
            return
        row = self.scroll_offset.y + event.y - 1
        if not 0 <= row < len(self.items) or isinstance(self.items[row], Heading):
            return
        across = column if self.by_cell and column else self.column
        is_here = (row, across) == (self.row, self.column)
        self.column = across
        self.go(row)
        if is_here:
            self.action_choose()

    def _column_at(self, x: int) -> int | None:
        begin = GUTTER
        for n, columns in self._shown:
            if begin <= x < begin + columns + self._gap:
                return n
            begin += columns + self._gap
        return None


def _taken(widths: Sequence[int]) -> int:
    """The columns that cells of these widths take at least."""
    return GUTTER + sum(widths) + GAP * max(len(widths) - 1, 0)


def _give_way(widths: dict[int, int], giving: Sequence[int], over: int, least: int) -> None:
    """Take ``over`` columns from the widest of those that give way, a column at a time, and leave them ``least``."""
    for _n in range(over):
        widest = max(giving, key=lambda n: widths[n], default=None)
        if widest is None or widths[widest] <= least:
            return
        widths[widest] -= 1


def id_of(item: object) -> object:
    """An item's own identity, where it has no better key."""
    return id(item)


def _unfilled(_item: object) -> Line:
    return Line(())
