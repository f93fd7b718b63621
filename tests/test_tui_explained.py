"""What stands below a list that leaves room for it."""

from pathlib import Path

import pytest
from checklisted import PLANS, SHEETS
from screens import FILES, Seen, opened, put
from tiny import build, head, receipt

from tracker.terminal import width
from tracker.tui.explained import About


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a little of everything."""
    return build(tmp_path, FILES)


def below(seen: Seen) -> str:
    """What is said below the list; empty where nothing is."""
    about = seen.app.screen.query_one(About)
    return str(about.render()) if about.display else ""


async def test_the_reason_of_the_late_item_under_the_cursor_follows_it(root: Path) -> None:
    async with opened(root, size=(120, 40)) as seen:
        await seen.press("2")
        titles = [row[3] for row in seen.cells()]
        there = titles.index("公布包保名单")
        await seen.press("end", *["up"] * (len(titles) - 1 - there))
        for words in ("规则", "日期推算", "2026-11-01 减 2026-09-30 为 32 天", "没有记录", "方案依据"):
            assert words in below(seen)
            assert words in seen.text
        await seen.press("end")
        assert "公布每座矿的包保领导" not in below(seen)
        seen.whole()


async def test_a_list_without_room_below_it_keeps_the_whole_height_until_there_is_some(root: Path) -> None:
    async with opened(root, size=(100, 20)) as seen:
        await seen.press("2")
        assert below(seen) == ""
        assert len(seen.cells()) + 1 <= seen.grid().size.height
        await seen.pilot.resize_terminal(100, 32)
        await seen.settle()
        assert "规则" in below(seen)
        await seen.press("slash", *"xx")
        assert seen.cells() == []
        assert below(seen) == ""


async def test_more_lines_than_there_is_room_for_end_where_the_room_ends(root: Path) -> None:
    async with opened(root, size=(80, 24)) as seen:
        await seen.press("2")
        about = seen.app.screen.query_one(About)
        about.display = True
        about.show([("原因", ["设备没有到货，" * 40]), ("措施", ["已经催办"])])
        await seen.settle()
        lines = str(about.render()).splitlines()
        assert 0 < len(lines) == about.size.height
        assert all(width(line) <= about.size.width for line in lines)
        assert lines[0].startswith("原因  设备")
        assert lines[1].startswith("      ")
        seen.whole()


async def test_below_the_inbox_stands_what_the_unit_sent(root: Path) -> None:
    async with opened(root, size=(120, 40)) as seen:
        await seen.press("4")
        text = below(seen)
        for words in (
            "填报人",
            "主要做法",
            "逐矿",
            "过筛",
            "公布包保名单：已完成　完成日期：2026-10-09",
            "推进中　2/8",
        ):
            assert words in text
        await seen.press("end")
        assert below(seen) == ""


async def test_below_the_lights_of_a_month_stands_what_is_lit(root: Path) -> None:
    async with opened(root, size=(160, 50)) as seen:
        await seen.press("5", "down")
        assert "x 未填报 2026-09-30　公布包保名单" in below(seen)
        await seen.press("down")
        assert "公布包保名单" not in below(seen)


async def test_below_what_differs_stands_what_was_known_then_and_what_is_known_now(root: Path) -> None:
    late = head("west", "2026-09") + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-29\n'
    put(root, "2026-09/west.toml", late)
    receipts = FILES["2026-09/receipts.toml"] + receipt("west.toml", late, "2026-10-20T09:00:00+08:00")
    put(root, "2026-09/receipts.toml", receipts)
    async with opened(root, size=(160, 50)) as seen:
        await seen.press("5", "left")
        _lights, about = seen.app.screen.query(About)
        then, now = str(about.render()).split("现在")
        assert "到期前 15 天内转黄" in then
        assert "没有记录" in then
        assert "月报 2026-09：已完成" in now
        assert about.display
        seen.whole()


async def test_a_section_where_nothing_is_lit_lists_all_it_holds(root: Path) -> None:
    async with opened(root, size=(120, 40)) as seen:
        await seen.press("3", "down", "down")
        assert "逾期 0" in seen.heading
        rows = seen.cells("#units")
        assert rows != []
        assert {row[2][0] for row in rows} <= {"+", "-"}


async def test_below_several_milestones_stands_the_reason_of_one_and_below_one_what_it_asks(root: Path) -> None:
    async with opened(root, size=(120, 40)) as seen:
        await seen.press("3")
        assert "规则" in below(seen)
        await seen.press("right", "down", "right", "down")
        assert below(seen) == ""
        assert "日期推算" in seen.text
        assert "原文" in seen.text


async def test_below_the_scores_stands_what_cost_points_in_each_period(tmp_path: Path) -> None:
    async with opened(build(tmp_path, SHEETS, PLANS), size=(120, 40)) as seen:
        await seen.press("7", "end", "up")
        assert "没有责任制 -15" in below(seen)


async def test_below_what_waits_stands_how_it_came_to_stand_so(root: Path) -> None:
    async with opened(root, size=(120, 40)) as seen:
        await seen.press("9")
        assert "规则" in below(seen)
