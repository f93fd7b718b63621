"""The places and the pages behind them, each by what a person does there."""

from datetime import date
from pathlib import Path

import pytest
from screens import FILES, OCTOBER, Seen, opened, put
from textual.widgets import Tree
from tiny import MINE, build, head, receipt

from tracker.reports import FORMATS
from tracker.tui.choose import Choose
from tracker.tui.county import CountyScreen
from tracker.tui.item import ItemScreen
from tracker.tui.milestone import MilestonePane, MilestoneScreen
from tracker.tui.overview import Overview
from tracker.tui.reasons import Reasons
from tracker.tui.sections import Sections
from tracker.tui.submission import SubmissionScreen
from tracker.tui.told import Told

BLOCKED = (
    '[[update]]\nitem = "chem-1"\nstate = "受阻"\nwaiting_on = "省厅"\ncause = "标准没有出台"\n'
    'measure = "已请示省厅明确标准"\npromised_on = 2026-12-20\n'
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a little of everything."""
    return build(tmp_path / "w", FILES)


def said(seen: Seen) -> str:
    """What stands in the sections of a page, those below the screen's edge too."""
    found = seen.app.screen.query_one(Sections)
    return "\n".join(f"{title}\n" + "\n".join(lines) for title, lines in found.sections)


# --- overview ---


async def test_the_overview_has_lights_figures_pace_lists_and_the_countdown(root: Path) -> None:
    async with opened(root, size=(160, 50)) as seen:
        text = seen.text
        for words in (
            "应完成", "未按时报送", "本月", "上月", "10月报告：2026-11-02 前报出，还有 1 天", "10月月报已到",
            "最需要盯的", "接下来到期的", "各月办结", "每格取未结一次性任务", "办结",
        ):  # fmt: skip
            assert words in text
        names = [row[0] for row in seen.cells("#matrix")]
        assert names == ["东山县", "高新区", "市局"]
        assert seen.cells("#matrix")[0][1].startswith("! 黄")
        assert "|" in text
        seen.whole()


async def test_enter_on_a_light_opens_that_county_and_plan(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("down", "right", "enter")
        county = seen.app.screen
        assert isinstance(county, CountyScreen)
        assert (county.unit, county.plan) == ("west", "chem")
        assert "西湖高新区" in seen.heading
        assert "化工" in seen.heading
        await seen.press("escape")
        assert isinstance(seen.app.screen, Overview)
        await seen.press("right", "enter")
        assert "全部方案" in seen.heading


async def test_the_lists_open_an_item_or_a_milestone_of_several_units(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("tab", "enter")
        assert isinstance(seen.app.screen, ItemScreen)
        await seen.press("escape", "tab")
        grid = seen.grid("#coming")
        assert grid.has_focus
        grid.go(next(n for n, item in enumerate(grid.items) if isinstance(item, tuple) and len(item) > 1))
        await seen.press("enter")
        assert isinstance(seen.app.screen, MilestoneScreen)
        assert {"东山县", "高新区"} <= {row[0] for row in seen.cells("#units")}
        await seen.press("enter")
        assert isinstance(seen.app.screen, ItemScreen)


async def test_where_there_is_room_the_overview_says_what_changed_since_last_month(root: Path) -> None:
    async with opened(root, size=(160, 40)) as seen:
        assert "比上月末有变化的" not in seen.text
        await seen.pilot.resize_terminal(160, 60)
        await seen.settle()
        assert "比上月末有变化的" in seen.text
        rows = seen.cells("#changed")
        assert ("新增逾期", "东山县", "化工", "安全评估") in {row[:4] for row in rows}
        assert not {row[0] for row in rows} & {"新完成", "新销号"}
        seen.grid("#changed").focus()
        await seen.press("enter")
        assert isinstance(seen.app.screen, ItemScreen)


async def test_what_is_blocked_or_waits_has_a_list_where_something_is(tmp_path: Path) -> None:
    nothing = MINE.replace('waits_on = "省"\n', "")
    assert nothing != MINE
    async with opened(build(tmp_path, plans={"mine.toml": nothing}), size=(160, 60)) as seen:
        assert "受阻的和待上级明确的" not in seen.text
        put(tmp_path, "2026-10/bureau.toml", head("bureau") + BLOCKED)
        await seen.press("f5")
        assert "受阻的和待上级明确的" in seen.text
        assert [row[0] for row in seen.cells("#waiting")] == ["市局"]
        seen.whole()


async def test_c_on_the_lights_opens_the_unit_and_w_is_not_offered_there(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("w")
        assert isinstance(seen.app.screen, Overview)
        await seen.press("c")
        assert isinstance(seen.app.screen, CountyScreen)


async def test_before_the_books_there_is_no_last_month(tmp_path: Path) -> None:
    async with opened(build(tmp_path), as_of=date(2026, 8, 20)) as seen:
        assert "—" in seen.lines[4]


# --- why ---


async def test_w_says_why_and_any_of_three_keys_or_a_click_beside_it_closes_it(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("2", "w")
        for way in ("escape", "enter", "w"):
            assert isinstance(seen.app.screen, Reasons)
            for words in ("结论", "规则", "日期推算", "记录", "方案依据"):
                assert words in said(seen)
            await seen.press(way)
            assert not isinstance(seen.app.screen, Reasons)
            await seen.press("w")
        await seen.pilot.click("Sections")
        await seen.settle()
        assert isinstance(seen.app.screen, Reasons)
        await seen.pilot.click(offset=(0, 0))
        await seen.settle()
        assert not isinstance(seen.app.screen, Reasons)


# --- a county ---


async def test_a_counties_page_lists_by_plan_and_says_how_it_reported(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("c")
        assert "历次报送：2026-08 未报，2026-09 按时报送，2026-10 按时报送，2026-11 待报" in seen.text
        few = seen.cells("#rows")
        assert [row[0].split()[0] for row in few if len(row) == 1] == ["矿山", "化工"]
        await seen.press("m")
        assert len(seen.cells("#rows")) > len(few)
        assert "全部事项" in seen.heading
        for heads in (["矿山"], ["化工"], ["矿山", "化工"]):
            await seen.press("f")
            assert [row[0].split()[0] for row in seen.cells("#rows") if len(row) == 1] == heads
        await seen.press("c")
        assert len(seen.app.screen_stack) == 2
        await seen.press("o")
        assert isinstance(seen.app.screen, ItemScreen)


async def test_a_county_without_anything_to_look_at_says_so(root: Path) -> None:
    async with opened(root, as_of=date(2026, 8, 5)) as seen:
        await seen.press("down", "down", "enter")
        assert "没有要看的。按 m 列出全部" in seen.text
        await seen.press("enter")
        assert isinstance(seen.app.screen, CountyScreen)


async def test_a_page_whose_unit_is_gone_says_so(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("c")
        programme = root / "plans/city/programme.toml"
        text = programme.read_text(encoding="utf-8").replace('"east"', '"south"').replace("东山", "南山")
        programme.write_text(text, encoding="utf-8")
        await seen.press("f5")
        assert "已经没有这个单位了" in seen.state
        await seen.press("m", "f", "escape")
        assert seen.cells("#matrix")[0][0] == "南山县"


# --- an item ---


async def test_an_item_is_followed_month_by_month_with_who_said_what_where(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("c", "m")
        grid = seen.grid("#rows")
        grid.go(next(n for n, row in enumerate(seen.cells("#rows")) if row[0] == "公布包保名单"))
        await seen.press("enter")
        assert "东山县　公布包保名单　mine-1　+ 绿 已完成" in seen.heading
        assert [row[0] for row in seen.cells("#months")] == ["2026-11", "2026-10", "2026-09", "2026-08"]
        assert seen.cells("#months")[2][3] == "status/city/2026-09/east.toml:7:1"
        text = said(seen)
        assert "2026-10-30 09:00 东山县：已完成（2026-10 月报）　现以此为准" in text
        assert "2026-10-02 09:00 东山县：推进中（2026-09 月报）" in text
        assert "原因：人员没有定下来" in text
        assert "原定到期日：2026-09-30" in text
        await seen.press("enter")
        assert isinstance(seen.app.screen, Reasons)


async def test_an_item_nobody_reported_says_so_and_one_that_is_gone_too(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("2", "enter")
        assert "还没有人报过" in said(seen)
        mine = root / "plans/city/mine.toml"
        mine.write_text(MINE.replace('every = "month"', 'every = "month"\nfrom = 2026-09-01'), encoding="utf-8")
        await seen.press("f5")
        assert "已经没有这一项了" in seen.state
        await seen.press("w", "escape")
        assert seen.app.current_mode == "overdue"


# --- plans ---


async def to_line(seen: Seen, words: str) -> None:
    """The tree's cursor down to a line."""
    tree = seen.view.query_one(Tree)
    for _n in range(60):
        if tree.cursor_node is not None and words in str(tree.cursor_node.label):
            return
        await seen.pilot.press("down")
        await seen.pilot.pause()
    raise AssertionError(words)


async def test_the_tree_goes_from_plan_to_period_and_the_milestone_stands_beside_it(root: Path) -> None:
    async with opened(root, size=(140, 40)) as seen:
        await seen.press("3")
        assert "矿山" in seen.heading
        await to_line(seen, "2 隐患排查")
        await seen.press("right")
        await to_line(seen, "月度排查")
        assert "每月至少1次" in said(seen)
        assert "企业主要负责人" in said(seen)
        await seen.press("right", "down")
        assert "2026-12" in seen.heading
        await to_line(seen, "2026-09")
        assert [row[1] for row in seen.cells("#units")] == ["x 未填报", "x 未填报"]
        await seen.press("left")
        assert "月度排查" in seen.heading
        assert "2026-09" not in seen.heading
        await seen.press("left", "left", "left", "left")
        seen.whole()


async def test_enter_goes_from_the_tree_to_the_units_and_escape_back(root: Path) -> None:
    async with opened(root, size=(140, 40)) as seen:
        await seen.press("3")
        await to_line(seen, "1 包保责任")
        await seen.press("enter")
        await to_line(seen, "公布包保名单")
        await seen.press("enter")
        assert seen.grid("#units").has_focus
        await seen.press("w")
        assert isinstance(seen.app.screen, Reasons)
        await seen.press("escape", "enter")
        assert isinstance(seen.app.screen, ItemScreen)
        await seen.press("escape", "escape")
        assert seen.view.query_one(Tree).has_focus


async def test_progress_stands_against_target_and_time(root: Path) -> None:
    async with opened(root, size=(160, 40)) as seen:
        await seen.press("3")
        await to_line(seen, "7 机械化")
        await seen.press("right", "down")
        first = seen.cells("#units")[0]
        assert first[0] == "东山县"
        assert first[3].endswith("31%")
        assert "#" in first[3]
        assert "|" in first[3]
        assert "目标：矿山 ≥80%" in said(seen)


async def test_what_a_missed_milestone_brings_with_it_is_said(root: Path) -> None:
    async with opened(root, size=(140, 40)) as seen:
        await seen.press("3")
        await to_line(seen, "1 包保责任")
        await seen.press("right", "down")
        assert "约谈并曝光" in said(seen)
        assert "解读：没有写年份" in said(seen)


async def test_a_line_above_milestones_lists_what_is_to_be_looked_at(root: Path) -> None:
    async with opened(root, size=(140, 40)) as seen:
        await seen.press("3")
        lights = [row[2][0] for row in seen.cells("#units")]
        assert lights == sorted(lights, key="x!".index)
        assert "x" in lights
        await to_line(seen, "5 责任追究")
        assert seen.cells("#units") == []


async def test_the_tree_keeps_what_was_open_and_its_cursor_over_a_reload(root: Path) -> None:
    async with opened(root, size=(140, 40)) as seen:
        await seen.press("3")
        await to_line(seen, "2 隐患排查")
        await seen.press("right", "down")
        heading = seen.heading
        put(root, "2026-10/bureau.toml", head("bureau"))
        await seen.press("f5")
        assert seen.heading == heading
        tree = seen.view.query_one(Tree)
        assert tree.cursor_node is not None
        assert "月度排查" in str(tree.cursor_node.label)


# --- inbox ---


async def test_the_inbox_says_who_sent_what_and_what_is_wrong(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("4")
        assert "2026年10月月报" in seen.heading
        assert "审核通过 1" in seen.heading
        east, west, bureau = seen.cells("#units")
        assert east[:3] == ("东山县", "+ 按时报送", "10-30 09:00")
        assert east[8] == "通过"
        assert west[5] == "1"
        assert bureau[1] == "- 待报"
        await seen.press("down")
        assert "催报短信：西湖高新区：10月份月报已收到" in seen.text
        await seen.press("up")
        assert "催报短信" not in seen.text


async def test_months_without_records_are_not_gone_to(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("4", "right", "right")
        assert "2026-11 是最后一个月" in seen.toasts
        await seen.press("left", "left", "left", "left")
        assert "2026-08 以前没有记录" in seen.toasts
        assert "2026年8月月报" in seen.heading


async def test_a_submission_stands_beside_last_month_with_its_mistakes_and_words(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("4", "enter")
        assert isinstance(seen.app.screen, SubmissionScreen)
        assert "东山县　2026-10　按时报送　第 1 版" in seen.heading
        rows = seen.cells("#entries")
        assert rows[0][0].startswith("2026-09 → 2026-10 第 1 版")
        assert ("公布包保名单", "mine-1") in {(row[0], row[3]) for row in rows if len(row) > 1}
        assert "填报人 王某" in said(seen)
        assert "逐矿\n过筛" in said(seen)
        assert "其余事项声明与上月一致" in said(seen)
        await seen.press("w")
        assert isinstance(seen.app.screen, Reasons)
        await seen.press("escape", "enter")
        assert isinstance(seen.app.screen, ItemScreen)
        await seen.press("escape", "escape", "down", "enter")
        assert "没有通过检查的" in said(seen)
        assert "west.toml" in said(seen)
        await seen.press("escape", "down", "enter", "enter")
        assert "没有收到能读的月报" in seen.text


async def test_findings_come_first_in_a_submission(root: Path) -> None:
    again = OCTOBER.replace('"已完成"\ndone_on = 2026-10-09', '"推进中"').replace("done = 2", "done = 1")
    november = again.replace("as_of = 2026-10-31", "as_of = 2026-11-01").replace('"2026-10"', '"2026-11"')
    put(root, "2026-11/east.toml", november)
    async with opened(root) as seen:
        await seen.press("4", "]", "enter")
        rows = seen.cells("#entries")
        assert rows[0][0].startswith("疑点")
        assert rows[1][:2] == ("机械化改造", "! W12")
        await seen.press("w")
        assert isinstance(seen.app.screen, Reasons)


# --- time ---


async def test_time_goes_back_and_marks_what_was_not_known_then(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("5", "left")
        assert "2026-09 月末　按当时知道的" in seen.heading
        assert "已知至 2026-10-02 23:59" in seen.text
        await seen.press("k")
        assert "按现在知道的" in seen.heading
        assert "已知至 2026-11-01 09:00" in seen.text


async def test_what_differs_between_then_and_now_is_listed_and_opened_as_it_was(root: Path) -> None:
    late = head("west", "2026-09") + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-29\n'
    put(root, "2026-09/west.toml", late)
    put(
        root,
        "2026-09/receipts.toml",
        FILES["2026-09/receipts.toml"] + receipt("west.toml", late, "2026-10-20T09:00:00+08:00"),
    )
    async with opened(root) as seen:
        await seen.press("5", "left")
        assert [(row[0], row[4]) for row in seen.cells("#shifts")] == [("高新区", "mine-1")]
        assert "*" in seen.cells("#matrix")[1][1]
        assert "*" not in seen.cells("#matrix")[0][1]
        await seen.press("enter")
        assert isinstance(seen.app.screen, CountyScreen)
        assert "截至 2026-09-30　已知至 2026-10-02 23:59" in seen.lines[0]
        await seen.press("escape", "tab", "w")
        assert isinstance(seen.app.screen, Reasons)
        assert "没有记录" in said(seen)
        await seen.press("escape", "k", "w")
        assert "月报 2026-09：已完成" in said(seen)
        await seen.press("escape", "enter")
        assert isinstance(seen.app.screen, ItemScreen)


async def test_d_takes_all_places_to_that_time_and_n_brings_them_back(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("5", "d")
        assert "截至 2026-10-31" in seen.lines[0]
        await seen.press("2")
        assert "截至 2026-10-31　已知至 2026-11-01 09:00" in seen.lines[0]
        assert max(int(row[0]) for row in seen.cells()) == 61
        await seen.press("n")
        assert "截至 2026-11-01　已知至 现在" in seen.lines[0]
        assert max(int(row[0]) for row in seen.cells()) == 62


# --- report ---


async def test_the_report_is_previewed_with_what_is_missing_for_it(root: Path) -> None:
    async with opened(root, size=(120, 60)) as seen:
        await seen.press("6")
        assert "2026-10　市级通报" in seen.heading
        text = seen.text
        assert "关于2026年10月份" in text
        assert "一、总体情况" in text
        assert "还没有报 1 家：市局" in text
        assert "有错未计入 1 条" in text
        seen.whole()


async def test_a_units_report_is_chosen_by_name(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("6", "f")
        assert isinstance(seen.app.screen, Choose)
        await seen.press(*"dsx", "enter")
        assert "东山县" in seen.heading
        await seen.press("f", "escape")
        assert "东山县" in seen.heading
        await seen.press("f", "enter")
        assert "市级通报" in seen.heading


async def test_every_format_is_written_beside_the_others(root: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    async with opened(root, here=here) as seen:
        await seen.press("6")
        for ending in FORMATS:
            await seen.press("x", *ending, "enter")
        assert {path.name for path in here.iterdir()} == {f"通报-2026-10.{ending}" for ending in FORMATS}
        await seen.press("x", "escape", "f", *"dsx", "enter", "x", "enter")
        assert "报告-east-2026-10.md" in {path.name for path in here.iterdir()}
        assert "# 关于2026年10月份" in (here / "通报-2026-10.md").read_text(encoding="utf-8")


async def test_a_month_that_is_complete_says_so(tmp_path: Path) -> None:
    files = {f"2026-10/{unit}.toml": head(unit) for unit in ("east", "west", "bureau")}
    async with opened(build(tmp_path, files)) as seen:
        await seen.press("6")
        assert "月报已收齐" in seen.text


# --- problems ---


async def test_problems_are_listed_and_each_has_its_page(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("8")
        assert "1 处错误" in seen.heading
        code = seen.cells("#list")[0][0]
        assert code.startswith("x E")
        assert "west.toml" in said(seen)
        assert "→" in said(seen)
        await seen.press("enter")
        assert isinstance(seen.app.screen, Told)
        assert code.split()[1] in seen.app.screen.heading


async def test_a_faulty_word_template_is_a_problem_and_no_paper_is_written_with_it(root: Path, tmp_path: Path) -> None:
    template = root / "plans" / "city" / "templates" / "bulletin.docx"
    template.parent.mkdir()
    template.write_bytes(b"this is no Word file")
    here = tmp_path / "here"
    here.mkdir()
    async with opened(root, here=here) as seen:
        await seen.press("8")
        row = next(n for n, cells in enumerate(seen.cells("#list")) if cells[1] == "plans/city/templates/bulletin.docx")
        assert seen.cells("#list")[row][0] == "x E01"
        seen.grid("#list").go(row)
        await seen.settle()
        assert "plans/city/templates/bulletin.docx" in seen.text
        await seen.press("6")
        assert "文件里有错误" in seen.text
        await seen.press("x", *"docx", "enter")
        assert "plans/city/templates/bulletin.docx" in seen.toasts
        assert not list(here.iterdir())
        await seen.press("x", *"md", "enter")
        assert "已写入" in seen.toasts
        assert [path.suffix for path in here.iterdir()] == [".md"]


async def test_without_problems_there_is_nothing_to_open(tmp_path: Path) -> None:
    async with opened(build(tmp_path)) as seen:
        await seen.press("8", "enter")
        assert "没有问题" in seen.text
        assert len(seen.app.screen_stack) == 1
        assert not seen.view.query(MilestonePane)


async def test_lights_that_do_not_fit_leave_out_their_word(root: Path) -> None:
    async with opened(root, size=(80, 24)) as seen:
        assert "! 黄 0/" in seen.text
        await seen.pilot.resize_terminal(40, 24)
        await seen.settle()
        cell = seen.cells("#matrix")[0][1]
        assert cell.startswith("! 0/")
        assert cell in seen.text
        seen.whole()
