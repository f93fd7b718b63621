"""逾期: filtering, searching, sorting, grouping, exporting."""

import csv
from datetime import date
from pathlib import Path

from rich.cells import cell_len
from screens import opened
from textual.widgets import Input
from tiny import MINE, build

from tracker.tui.choose import Choose
from tracker.tui.searching import finds


async def test_the_worst_is_first_and_the_heading_says_what_is_listed(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("2")
        days = [int(row[0]) for row in seen.cells()]
        assert days == sorted(days, reverse=True)
        assert seen.heading == f"{len(days)} 项　x 红"
        assert "逾期天数▾" in seen.text


async def test_y_goes_from_red_to_yellow_too_and_to_yellow_alone(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("2")
        red = len(seen.cells())
        await seen.press("y")
        both = len(seen.cells())
        assert "x 红、! 黄" in seen.heading
        await seen.press("y")
        assert len(seen.cells()) == both - red > 0
        await seen.press("y")
        assert len(seen.cells()) == red


async def test_searching_narrows_with_each_letter_in_chinese_and_by_initials(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("2")
        every = len(seen.cells())
        await seen.press("slash", "d", "s", "x")
        assert {row[1] for row in seen.cells()} == {"东山县"}
        assert "查找“dsx”" in seen.heading
        await seen.press("enter")
        assert seen.view.query_one(Input).display
        assert seen.grid().has_focus
        await seen.press("escape")
        assert len(seen.cells()) == every
        assert not seen.view.query_one(Input).display
        await seen.press("slash", *"排查 高新")
        assert {(row[1], row[3]) for row in seen.cells()} == {("高新区", "月度排查")}
        await seen.press(*"没有的")
        assert "没有符合条件的事项" in seen.text
        await seen.press("escape")
        assert len(seen.cells()) == every


async def test_a_search_that_was_not_typed_leaves_no_trace(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("2", "slash", "enter")
        assert not seen.view.query_one(Input).display
        assert seen.view.can_go_back is False


async def test_filters_by_plan_unit_level_and_owner_say_themselves(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("2")
        every = len(seen.cells())
        for typed, words in (("高新", "西湖高新区"), ("矿山", "矿山"), ("层级 县级", "县级"), ("县级政府", "县级政府")):
            await seen.press("f")
            assert isinstance(seen.app.screen, Choose)
            await seen.press(*typed, "enter")
            assert words in seen.heading
        assert 0 < len(seen.cells()) < every
        await seen.press("f", "enter")
        assert len(seen.cells()) == every
        await seen.press("f", "escape")
        assert len(seen.cells()) == every
        await seen.press("f", *"高新", "enter", "escape")
        assert len(seen.cells()) == every


async def test_the_list_of_filters_is_walked_with_the_arrows_and_the_mouse(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("2", "f", "down", "down", "up", "enter")
        assert "矿山" in seen.heading
        await seen.press("f", *"没有的", "enter")
        assert isinstance(seen.app.screen, Choose)
        await seen.pilot.click(offset=(0, 0))
        await seen.settle()
        assert len(seen.app.screen_stack) == 1


async def test_sorting_by_any_column_with_keys_and_the_mouse(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("2", "s")
        assert "按单位排序" in seen.heading
        units = [row[1] for row in seen.cells()]
        order = ["东山县", "高新区", "市局"]
        assert units == sorted(units, key=order.index)
        await seen.press("S")
        assert [row[1] for row in seen.cells()] == sorted(units, key=order.index, reverse=True)
        due = [row[5] for row in seen.cells()]
        x = seen.lines[3].index("到期日")
        await seen.click("#rows", cell_len(seen.lines[3][:x]), 0)
        assert [row[5] for row in seen.cells()] == sorted(due)
        await seen.click("#rows", cell_len(seen.lines[3][:x]), 0)
        assert [row[5] for row in seen.cells()] == sorted(due, reverse=True)


async def test_every_column_sorts(tmp_path: Path) -> None:
    async with opened(build(tmp_path), size=(200, 30)) as seen:
        await seen.press("2")
        rows = sorted(seen.cells())
        for _column in range(10):
            await seen.press("s")
            assert sorted(seen.cells()) == rows
        assert seen.heading.endswith("x 红")


async def test_groups_by_unit_and_by_plan_have_headings_with_counts(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("2", "g")
        heads = [row[0] for row in seen.cells() if len(row) == 1]
        assert [head.split()[0] for head in heads] == ["东山县", "西湖高新区", "市应急管理局"]
        assert "按单位分组" in seen.heading
        await seen.press("g")
        assert [row[0].split()[0] for row in seen.cells() if len(row) == 1] == ["矿山", "化工"]
        await seen.press("g")
        assert [row for row in seen.cells() if len(row) == 1] == []


async def test_what_is_shown_is_exported_in_its_order_and_no_file_is_replaced(tmp_path: Path) -> None:
    root = build(tmp_path / "w", plans={"mine.toml": MINE.replace('owner = "县级政府"', 'owner = "=1+1"')})
    here = tmp_path / "here"
    here.mkdir()
    async with opened(root, here=here) as seen:
        await seen.press("2", "slash", *"东山", "enter", "s", "x", "x")
        names = sorted(path.name for path in here.iterdir())
        assert names == ["逾期-2026-11-01-2.csv", "逾期-2026-11-01.csv"]
        assert "已写入" in seen.toasts
        content = (here / names[1]).read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
        assert rows[0][:3] == ["逾期天数", "单位", "方案"]
        assert [(row[0], row[4]) for row in rows[1:]] == [(row[0], row[4]) for row in seen.cells()]
        assert "'=1+1" in {row[7] for row in rows}


async def test_an_export_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    async with opened(build(tmp_path / "w"), here=tmp_path / "nowhere") as seen:
        await seen.press("2", "x")
        assert "没有写成" in seen.toasts


async def test_nothing_late_is_said_in_words(tmp_path: Path) -> None:
    async with opened(build(tmp_path), as_of=date(2026, 8, 5)) as seen:
        await seen.press("2")
        assert "没有符合条件的事项" in seen.text
        await seen.press("enter", "w")
        assert seen.app.screen is seen.view


def test_a_search_takes_words_initials_and_several_of_them() -> None:
    text = "莘县 化工 高危场所无人化 chemical-17c"
    for typed in ("莘", "sx", "高危", "gwcs", "CHEM", "17c", "sx gw", ""):
        assert finds(typed, text)
    for typed in ("茌", "zz", "sx zz", "，"):
        assert not finds(typed, text)
    assert finds("cp", "茌平区")
