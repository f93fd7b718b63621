"""The table: widths under wide characters, the cursor, headings, the mouse."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from pilots import driven
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tracker.tui.grid import Column, Grid, Heading, Line
from tracker.tui.words import shown

COLUMNS = [
    Column("name", "名称"),
    Column("words", "说明", gives=True),
    Column("number", "数", right=True),
    Column("more", "更多", waits=1),
]
HOSTILE = [
    "[/x]",
    "[[a]]",
    "[@click=app.bell]按[/]",
    "a\x1b[31mb",
    "שלום עולם",
    "🇨🇳🇨",
    "👍🏽",
    "👨‍👩‍👧",
    "e\u0301",
    "两行\n两行",
    "\u202e倒",
]


class Table(App[None]):
    """One grid, and what it told."""

    def __init__(self, items: Sequence[object], *, by_cell: bool = False) -> None:
        super().__init__()
        self.items, self.by_cell = items, by_cell
        self.told: list[object] = []

    def compose(self) -> ComposeResult:
        """The grid."""
        yield Grid(by_cell=self.by_cell, empty="没有。")

    def on_mount(self) -> None:
        """Filled, with the cursor in it."""
        self.show(self.items)
        self.grid.focus()

    def show(self, items: Sequence[object]) -> None:
        """These items."""
        self.grid.fill(COLUMNS, items, draw, lambda item: item)

    @property
    def grid(self) -> Grid:
        """The grid."""
        return self.query_one(Grid)

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Note what was opened."""
        self.told.append((event.control.item, event.control.column_key))

    @on(Grid.Sorted)
    def sorted(self, event: Grid.Sorted) -> None:
        """Note what is to be sorted by."""
        self.told.append(event.key)


def draw(item: object) -> Line:
    return Line((str(item), f"{item}的说明", "7", "更多的话"), {0: "red"})


@asynccontextmanager
async def table(
    items: Sequence[object], size: tuple[int, int] = (60, 8), *, by_cell: bool = False
) -> AsyncIterator[tuple[Table, Pilot[None]]]:
    app = Table(items, by_cell=by_cell)
    async with driven(app, size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def lines(app: Table) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


def item_of(app: Table) -> object:
    return app.grid.item


def end_of(line: str, word: str) -> int:
    return cell_len(line[: line.index(word) + len(word)])


@pytest.mark.parametrize("width", [20, 38, 60, 120])
async def test_every_line_is_as_wide_as_the_screen_whatever_stands_in_it(width: int) -> None:
    async with table(HOSTILE, (width, 20)) as (app, _pilot):
        assert {cell_len(line) for line in lines(app)} == {width}
        if width > 20:
            first, *rest = lines(app)[: len(HOSTILE) + 1]
            assert {end_of(line, "7") for line in rest} == {end_of(first, "数")}


async def test_text_that_looks_like_markup_is_shown_as_it_is() -> None:
    async with table(HOSTILE, (100, 20)) as (app, _pilot):
        text = "\n".join(lines(app))
        for words in ("[/x]", "[[a]]", "[@click=app.bell]按[/]", "a\ufffd[31mb", "两行 两行", "\ufffd倒"):
            assert words in text


async def test_columns_that_can_wait_are_left_out_and_one_gives_way() -> None:
    async with table(["甲" * 10], (40, 6)) as (app, _pilot):
        text = "\n".join(lines(app))
        assert "更多" not in text
        assert "甲" * 10 in text
        assert "…" in text
    async with table(["甲" * 10], (80, 6)) as (app, _pilot):
        text = "\n".join(lines(app))
        assert "更多的话" in text
        assert "…" not in text


async def test_a_name_out_of_all_proportion_leaves_the_other_columns_in_sight() -> None:
    async with table(["乙" * 40, "丙"], (60, 6)) as (app, _pilot):
        header, first, second, *_rest = lines(app)
        assert end_of(header, "数") == end_of(first, "7") == end_of(second, "7") <= 60
        assert "乙" * 11 + "…" in first


async def test_the_cursor_moves_by_line_page_and_to_the_ends_and_has_a_mark() -> None:
    async with table([f"第{n}" for n in range(100)]) as (app, pilot):
        assert lines(app)[1].startswith("› 第0")
        for key, row in [("down", 1), ("down", 2), ("up", 1), ("up", 0), ("up", 0), ("pagedown", 6), ("pageup", 0)]:
            await pilot.press(key)
            assert app.grid.row == row
        await pilot.press("end")
        await pilot.pause()
        assert app.grid.row == 99
        assert lines(app)[7].startswith("› 第99")
        await pilot.press("home")
        await pilot.pause()
        assert lines(app)[1].startswith("› 第0")


async def test_the_cursor_passes_headings_and_the_first_one_comes_into_sight() -> None:
    items = [Heading("甲组"), "一", "二", Heading("乙组"), *(f"第{n}" for n in range(9))]
    async with table(items) as (app, pilot):
        assert item_of(app) == "一"
        await pilot.press("down", "down")
        assert item_of(app) == "第0"
        await pilot.press("up")
        assert item_of(app) == "二"
        await pilot.press("end", "home")
        await pilot.pause()
        assert "甲组" in lines(app)[1]
        await pilot.press("up")
        assert item_of(app) == "一"


async def test_enter_and_a_second_click_open_what_the_cursor_is_on() -> None:
    async with table(["一", "二", "三"]) as (app, pilot):
        await pilot.press("down", "enter")
        await pilot.click(Grid, offset=(3, 3))
        await pilot.pause()
        assert app.grid.item == "三"
        assert app.told == [("二", "name")]
        await pilot.click(Grid, offset=(3, 3))
        await pilot.pause()
        assert app.told == [("二", "name"), ("三", "name")]


async def test_clicks_beside_items_do_nothing_and_on_a_header_ask_to_sort() -> None:
    async with table([Heading("组"), "一"]) as (app, pilot):
        for x, y in [(3, 1), (3, 6), (59, 0)]:
            await pilot.click(Grid, offset=(x, y))
        assert app.told == []
        await pilot.click(Grid, offset=(12, 0))
        await pilot.pause()
        assert app.told == ["words"]


async def test_the_column_that_sorts_is_marked() -> None:
    async with table(["一"]) as (app, pilot):
        for descending, sign in ((True, "▾"), (False, "▴")):
            app.grid.mark_sorted("name", descending=descending)
            app.show(["一"])
            await pilot.pause()
            assert f"名称{sign}" in lines(app)[0]


async def test_in_a_grid_of_cells_the_cursor_goes_across() -> None:
    async with table(["一", "二"], by_cell=True) as (app, pilot):
        await pilot.press("right", "right", "right", "right", "enter")
        await pilot.press("left", "left", "left", "left", "enter")
        assert app.told == [("一", "more"), ("一", "words")]
        await pilot.click(Grid, offset=(6, 2))
        await pilot.pause()
        assert (app.grid.item, app.grid.column_key) == ("二", "words")


async def test_new_items_keep_the_cursor_on_its_item_or_else_in_its_row() -> None:
    async with table(["一", "二", "三"]) as (app, pilot):
        await pilot.press("down")
        app.show(["〇", "一", "二"])
        assert item_of(app) == "二"
        app.show(["〇", "一"])
        assert item_of(app) == "一"
        app.show([])
        await pilot.pause()
        assert app.grid.item is None
        assert "没有。" in lines(app)[1]
        await pilot.press("enter", "down")
        assert app.told == []
        app.show(["一"])
        assert item_of(app) == "一"


async def test_a_grid_nobody_filled_draws_nothing() -> None:
    class Empty(App[None]):
        def compose(self) -> ComposeResult:
            yield Grid()

    async with driven(Empty()) as pilot:
        await pilot.pause()
        assert pilot.app.query_one(Grid).column_key == ""


def test_what_two_rules_measure_differently_is_replaced() -> None:
    assert shown("🇨x") == "\ufffdx"
    assert shown("🇨🇳") == "🇨🇳"


async def test_cells_that_do_not_fit_slide_under_the_cursor_and_the_first_column_stays() -> None:
    columns = [Column("name", "名称"), *(Column(f"c{n}", f"第{n}列") for n in range(1, 10))]
    async with table([], (40, 6), by_cell=True) as (app, pilot):
        app.grid.fill(columns, ["一"], lambda item: Line((str(item), *(f"数{n}" for n in range(1, 10)))), str)
        await pilot.pause()
        assert "第1列" in lines(app)[0]
        assert "第9列" not in lines(app)[0]
        await pilot.press(*["right"] * 8)
        await pilot.pause()
        assert lines(app)[0].startswith("  名称")
        assert "第9列" in lines(app)[0]
        assert "第1列" not in lines(app)[0]
        assert "数9" in lines(app)[1]
        await pilot.press(*["left"] * 8)
        await pilot.pause()
        assert "第1列" in lines(app)[0]
        assert {cell_len(line) for line in lines(app)} == {40}
