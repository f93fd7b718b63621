"""The opening from a ledger: what becomes an entry, and how everything else is named."""

import io
import tomllib
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, time
from pathlib import Path
from textwrap import dedent
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import MINE, PROGRAMME, checked, see

from tracker import ledger
from tracker.ledger import Columns, LedgerMapping, LedgerResult, read_ledger, read_mapping, write_openings
from tracker.occurrences import Event, Occurrence, expand
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.shelf import Shelf, read_shelf
from tracker.source import parse
from tracker.submissions import Context
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent
NAMES = 'prepared_by = "王某"\nchecked_by = "李某"\napproved_by = "赵某"\n'
MAPPING = (
    NAMES
    + """
[states]
"已办结" = "done"
"√" = "已完成"
"×" = "推进中"

[units]
"高新" = "west"

[items]
"包保名单上墙" = "mine-1"

[[sheet]]
name = "台账"
fill_down = ["unit"]
[sheet.columns]
unit = "责任单位"
id = "编号"
plan = "方案"
number = "序号"
title = "工作任务"
period = "期次"
state = "办理情况"
done_on = "完成时间"
done = "完成数"
total = "总数"
evidence = "佐证"
verified_on = "核实时间"
cause = "原因"
measure = "措施"
promised_on = "预计完成"
waiting_on = "在等谁"
note = "备注"
"""
)
HEADINGS = {
    "unit": "责任单位",
    "id": "编号",
    "plan": "方案",
    "number": "序号",
    "title": "工作任务",
    "period": "期次",
    "state": "办理\n情况",
    "done_on": "完成 时间",
    "done": "完成数",
    "total": "总数",
    "evidence": "佐证",
    "verified_on": "核实时间",
    "cause": "原因",
    "measure": "措施",
    "promised_on": "预计完成",
    "waiting_on": "在等谁",
    "note": "备注",
}


def mapped(text: str, programme: Programme) -> tuple[LedgerMapping | None, list[Problem]]:
    return read_mapping(parse(text.encode(), "对应.toml"), programme)


def workbook(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rows(*given: dict[str, Any]) -> bytes:
    """A ledger with these rows, cells by what they say."""
    return workbook({"台账": [list(HEADINGS.values()), *([one.get(key) for key in HEADINGS] for one in given)]})


@pytest.fixture
def read(context: Context) -> Any:
    """A ledger's rows by the mapping above."""

    def read_rows(*given: dict[str, Any]) -> LedgerResult:
        mapping, problems = mapped(MAPPING, context.programme)
        assert problems == []
        assert mapping is not None
        return read_ledger(rows(*given), mapping, context, "台账.xlsx")

    return read_rows


def updates(result: LedgerResult, unit: str = "east") -> list[dict[str, Any]]:
    assert result.problems == ()
    assert result.unmatched == ()
    found: list[dict[str, Any]] = tomllib.loads(result.openings[unit])["update"]
    return found


def reasons(result: LedgerResult) -> list[str]:
    assert result.problems == ()
    return [f"{one.row} {one.reason}{one.suggestion}" for one in result.unmatched]


GOING = {"unit": "东山县", "state": "推进中"}


# --- an opening file ---


def test_a_row_becomes_an_entry_of_an_opening_file_that_passes_every_check(read: Any, context: Context) -> None:
    result = read(
        {
            "unit": "东山县",
            "id": "chem-3",
            "state": "已办结",
            "done_on": datetime(2026, 7, 20),  # noqa: DTZ001 - Excel knows no zones
            "evidence": "报告一、报告二",
            "verified_on": "2026.7.21",
            "note": "第一批",
        },
        {"unit": "高新", "id": "mine-7", "state": "×", "done": 9, "total": 14.0, "cause": "—", "note": 3.0},
    )
    assert (result.entries, result.unmatched, result.problems, result.passed_over) == (2, (), (), ())
    text = result.openings["east"]
    assert text.split("\n")[:2] == [
        "#:schema ../submission.schema.json",
        "# 由现有台账生成：每条上面写着来自哪一行。请核对。",
    ]
    assert "# 台账 2　化工 3　安全评估\n[[update]]\n" in text
    assert tomllib.loads(text) == {
        "unit": "east",
        "month": "2026-07",
        "prepared_by": "王某",
        "checked_by": "李某",
        "approved_by": "赵某",
        "opening": True,
        "update": [
            {
                "item": "chem-3",
                "state": "已完成",
                "done_on": date(2026, 7, 20),
                "evidence": ["报告一", "报告二"],
                "verified_on": date(2026, 7, 21),
                "note": "第一批",
            }
        ],
    }
    assert updates(result, "west") == [
        {"item": "mine-7", "state": "推进中", "done": 9, "total": 14, "note": "3"},
    ]
    for opening in result.openings.values():
        submission, problems = checked(opening, context)
        assert problems == []
        assert submission is not None
        assert len(submission.updates) == 1


def test_entries_come_in_the_order_of_the_plans_and_the_same_twice_is_once(read: Any) -> None:
    result = read(
        {**GOING, "id": "chem-3"},
        {**GOING, "id": "mine-2", "period": "2026-07"},
        {**GOING, "id": "mine-1"},
        {**GOING, "id": "chem-3"},
        {**GOING, "id": "mine-2@2026-06"},
    )
    assert [u["item"] for u in updates(result)] == ["mine-1", "mine-2@2026-06", "mine-2@2026-07", "chem-3"]
    assert result.entries == 4


def test_nobodys_words_break_out_of_their_place(read: Any, context: Context) -> None:
    nasty = 'x"""\n[[update]]\nitem = "chem-3"\u2028\u202e\x85'
    result = read({**GOING, "id": "mine-1", "note": nasty}, {**GOING, "id": nasty})
    [update] = tomllib.loads(result.openings["east"])["update"]
    assert update == {"item": "mine-1", "state": "推进中", "note": nasty.strip()}
    assert "\n" not in result.unmatched[0].words
    assert result.unmatched[0].words.startswith("台账 第 3 行（东山县 x")
    assert checked(result.openings["east"], context)[1] == []


# --- whose ---


@pytest.mark.parametrize("name", ["east", "东山县", " 东 山 县 "])
def test_a_unit_goes_by_all_its_names(read: Any, name: str) -> None:
    assert len(updates(read({"unit": name, "id": "mine-1", "state": "推进中"}))) == 1


def test_several_units_in_a_cell_are_one_entry_each_but_have_no_number_in_common(read: Any) -> None:
    result = read({"unit": "东山县、高新区，东山县", "id": "mine-1", "state": "推进中"})
    assert [u["item"] for unit in ("east", "west") for u in updates(result, unit)] == ["mine-1"] * 2
    shared = read({"unit": "东山县、高新区", "id": "mine-7", "state": "推进中", "done": 9, "total": 14})
    assert reasons(shared) == ["2 几个单位合写一行，数字分不到各单位。请一个单位一行。"]


def test_an_unknown_unit_is_named_with_the_nearest(read: Any) -> None:
    result = read(
        {"unit": "东山", "id": "mine-1", "state": "推进中"},
        {"unit": "东山县、各有关部门", "id": "mine-1", "state": "推进中"},
        {"unit": "***", "id": "mine-1", "state": "推进中"},
    )
    assert reasons(result) == [
        "2 没有报送单位“东山”。您是不是想写“东山县”？",
        "3 没有报送单位“东山县、各有关部门”。",
        "4 没有报送单位“***”。",
    ]
    assert result.openings == {}


def test_a_row_without_a_unit_is_said(read: Any) -> None:
    assert reasons(read({"id": "mine-1", "state": "推进中"})) == ["2 没有写单位。"]


def test_a_cell_merged_downwards_holds_for_the_rows_below_and_a_heading_may_carry_it(read: Any) -> None:
    result = read(
        {**GOING, "id": "mine-1"},
        {"id": "chem-3", "state": "推进中"},
        {"title": "二、高新区"},
        {"unit": "高新区"},
        {"id": "mine-1", "state": "推进中"},
        {},
    )
    assert [u["item"] for unit in ("east", "west") for u in updates(result, unit)] == ["mine-1", "chem-3", "mine-1"]
    assert result.passed_over == ("台账 4", "台账 5")


# --- which milestone ---


@pytest.mark.parametrize(
    ("cells", "item"),
    [
        ({"id": "mine-7"}, "mine-7"),
        ({"plan": "mine", "number": "7"}, "mine-7"),
        ({"plan": "矿山", "number": 7}, "mine-7"),
        ({"plan": "甲市矿山方案", "number": 7.0}, "mine-7"),
        ({"title": "机械化改造"}, "mine-7"),
        ({"title": "八成矿山完成改造。"}, "mine-7"),
        ({"title": "包保名单 上墙"}, "mine-1"),
        ({"plan": "矿山", "number": 7, "title": "别的说法"}, "mine-7"),
        ({"plan": "矿山", "title": "机械化改造"}, "mine-7"),
    ],
)
def test_a_milestone_goes_by_its_id_its_number_or_its_name(read: Any, cells: dict[str, Any], item: str) -> None:
    assert [u["item"] for u in updates(read({**GOING, **cells}))] == [item]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"id": "mine-77"}, "没有节点“mine-77”。您是不是想写“mine-7”？"),
        ({"id": "mine-6"}, "mine-6：本单位不承担这一节点。"),
        ({"id": "mine-5"}, "mine-5：本单位不承担这一节点。"),
        ({"id": "mine-3a"}, "mine-3a：起算的事项还没有登记。请在建账文件里先登记 [[event]]。"),
        ({"plan": "水务", "number": 1}, "没有方案“水务”。"),
        ({"number": 7}, "有几个方案，只写任务 7 不知道是哪一个的。请写明方案。"),
        ({"plan": "矿山", "number": "77"}, "任务 77 没有本单位承担的节点。您是不是想写“7”？"),
        ({"plan": "矿山", "number": "6"}, "任务 6 没有本单位承担的节点。您是不是想写“6”？"),
        ({"title": "机械改造工程"}, "没有叫“机械改造工程”的节点。最接近的是 mine-7（机械化改造）。"),
        ({"title": "XYZ"}, "没有叫“XYZ”的节点。"),
        ({"plan": "矿山"}, "没有写是哪一项任务。"),
    ],
)
def test_what_is_no_milestone_of_the_unit_is_named_with_the_nearest(
    read: Any, cells: dict[str, Any], reason: str
) -> None:
    assert reasons(read({**GOING, **cells})) == [f"2 {reason}"]


SEVERAL = MINE.replace('title = "机械化改造"\nwhat', 'title = "公布包保名单"\nwhat') + (
    '[[task.milestone]]\nid = "mine-7b"\ntitle = "乙"\nwhat = "乙事"\nwording = "12月底前"\ndue = 2026-12-31\n'
    'level = ["county"]\n[[task]]\nitem = "8.3"\ntitle = "丙"\n[[task.milestone]]\nid = "mine-8.3a"\ntitle = "丙一"\n'
    'what = "丙事"\nwording = ""\nkind = "continuing"\nlevel = ["county"]\n[[task.milestone]]\nid = "mine-8.3b"\n'
    'title = "丙二"\nwhat = "丙事二"\nwording = "12月底前"\ndue = 2026-12-31\nlevel = ["county"]\n'
)


@pytest.fixture
def several(tmp_path: Path) -> Any:
    """The reader of a plan with tasks of several milestones, alone in its programme."""
    snapshot = see(
        tmp_path,
        plans={
            "mine.toml": SEVERAL.replace('"mine-7"', '"mine-7a"'),
            "programme.toml": PROGRAMME.replace(', "chem"', ""),
        },
    )
    assert snapshot.problems == ()
    assert snapshot.shelf is not None
    context = snapshot.shelf.context
    mapping, _problems = mapped(MAPPING, context.programme)
    assert mapping is not None
    return lambda *given: read_ledger(rows(*given), mapping, context)


def test_of_several_milestones_of_a_task_the_title_or_the_only_date_decides(several: Any) -> None:
    result = several(
        {**GOING, "number": 7, "title": "乙"},
        {**GOING, "number": "8.（3）"},
        {**GOING, "number": 7},
        {**GOING, "number": 7, "title": "丁"},
        {**GOING, "title": "公布包保名单"},
    )
    assert [u["item"] for u in tomllib.loads(result.openings["east"])["update"]] == ["mine-7b", "mine-8.3b"]
    which = "任务 7 有 2 个节点，分不出是哪一个。请写节点编号：mine-7a 公布包保名单、mine-7b 乙。"
    assert reasons(result) == [
        f"4 {which}",
        f"5 {which}",
        "6 有几个节点都叫“公布包保名单”。请写节点编号：mine-1、mine-7a。",
    ]


# --- which period ---


@pytest.mark.parametrize(
    ("cells", "item"),
    [
        ({"unit": "east", "id": "mine-2@2026-05"}, "mine-2@2026-05"),
        ({"unit": "east", "id": "mine-2", "period": "2026-06"}, "mine-2@2026-06"),
        ({"unit": "east", "id": "mine-2", "period": "2026年6月"}, "mine-2@2026-06"),
        ({"unit": "east", "id": "mine-2", "period": datetime(2026, 6, 1)}, "mine-2@2026-06"),  # noqa: DTZ001
        ({"unit": "east", "id": "mine-2", "period": 2026.6}, "mine-2@2026-06"),
        ({"unit": "bureau", "id": "chem-2", "period": "2026-Q1"}, "chem-2@2026-Q1"),
        ({"unit": "bureau", "id": "chem-2", "period": "2026年第二季度"}, "chem-2@2026-Q2"),
        ({"unit": "bureau", "id": "chem-2", "period": "2026 年 1 季度"}, "chem-2@2026-Q1"),
        ({"unit": "east", "id": "mine-2"}, "mine-2@2026-07"),
        ({"unit": "east", "id": "mine-1", "period": "2026-05"}, "mine-1"),
    ],
)
def test_a_period_is_the_one_written_or_else_the_last_that_had_begun(
    read: Any, cells: dict[str, Any], item: str
) -> None:
    result = read({"state": "推进中", **cells})
    assert [u["item"] for u in updates(result, cells["unit"])] == [item]
    is_read = item == "mine-2@2026-07"
    assert ("（哪一期是推定的）" in result.openings[cells["unit"]]) is is_read


def test_what_was_done_is_of_the_period_that_holds_its_day(read: Any) -> None:
    result = read(
        {"unit": "east", "id": "mine-2", "done_on": "2026年3月9日"},
        {"unit": "bureau", "id": "chem-2", "state": "done", "done_on": "2026/4/30"},
    )
    assert [u["item"] for unit in ("east", "bureau") for u in updates(result, unit)] == [
        "mine-2@2026-03",
        "chem-2@2026-Q2",
    ]


@pytest.mark.parametrize(
    ("period", "label"),
    [
        ("2026年上半年", "2026-H1"),
        ("2026下半年", "2026-H2"),
        ("2026年度", "2026"),
        (2026, "2026"),
        ("复工-1", "复工-1"),
    ],
)
def test_halves_years_and_events_have_their_labels(period: Any, label: str) -> None:
    assert ledger._label(ledger._text(period)) == label


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"period": "2026年13月"}, "mine-2 没有“2026-13”这一期。"),
        ({"period": "每月"}, "mine-2 没有“每月”这一期。"),
        ({"period": 2026.1}, "期次“2026.1”分不清是 1 月还是 10 月。请写成 2026年10月。"),
        ({"period": "2026-08"}, "这一期到本月底还没有开始。"),
    ],
)
def test_a_period_that_is_none_is_named(read: Any, cells: dict[str, Any], reason: str) -> None:
    assert reasons(read({**GOING, "id": "mine-2", **cells})) == [f"2 {reason}"]


def test_a_one_off_has_no_period_in_its_id(read: Any) -> None:
    assert reasons(read({**GOING, "id": "mine-1@2026-07"})) == ["2 mine-1 没有“2026-07”这一期。"]


@pytest.mark.parametrize("begins", ["2026-08-01", "2026-12-01"])
def test_a_rhythm_that_begins_later_has_no_period_yet(tmp_path: Path, begins: str) -> None:
    plan = MINE.replace('every = "month"', f'every = "month"\nfrom = {begins}')
    snapshot = see(tmp_path, plans={"mine.toml": plan})
    assert snapshot.shelf is not None
    mapping, _problems = mapped(MAPPING, snapshot.programme)
    assert mapping is not None
    result = read_ledger(rows({**GOING, "id": "mine-2"}), mapping, snapshot.shelf.context)
    assert reasons(result) == ["2 这一期到本月底还没有开始。"]


def test_an_event_goes_by_its_ref_where_there_are_several(context: Context) -> None:
    def with_events(*refs: str) -> LedgerResult:
        events = [Event("east", "trial", ref, "装置", date(2026, 5, 6), None) for ref in refs]
        owed: dict[str, dict[str, Occurrence]] = {}
        for o in expand(context.programme, events):
            owed.setdefault(o.unit, {})[o.id] = o
        mapping, _problems = mapped(MAPPING, context.programme)
        assert mapping is not None
        row = {**GOING, "id": "mine-3a"}
        known = Context(context.programme, {}, owed)
        return read_ledger(rows(row, {**row, "period": "T1"}, {**row, "period": "T9"}), mapping, known)

    assert reasons(with_events("T1")) == ["4 mine-3a 没有“T9”这一期。"]
    several = with_events("T1", "T2")
    assert reasons(several) == [
        "2 mine-3a 有几件事，分不出是哪一件。请在期次一列写事项编号。",
        "4 mine-3a 没有“T9”这一期。",
    ]
    assert [u["item"] for u in tomllib.loads(several.openings["east"])["update"]] == ["mine-3a@T1"]


# --- what it says ---


@pytest.mark.parametrize(
    "cell",
    [
        datetime(2026, 5, 31, 16, 40),  # noqa: DTZ001
        date(2026, 5, 31),
        "2026.5.31",
        "2026年5月31日",
        "2026 年 5 月 31 日",
        "２０２６－０５－３１",
        "2026/05/31 16:40:00",
        "2026-05-31T00:00:00",
        "20260531",
        20260531,
        46173,
        46173.5,
    ],
)
def test_a_day_may_be_a_date_a_text_or_excels_number(read: Any, cell: Any) -> None:
    [update] = updates(read({"unit": "east", "id": "mine-1", "done_on": cell}))
    assert update == {"item": "mine-1", "state": "已完成", "done_on": date(2026, 5, 31)}


@pytest.mark.parametrize(
    "cell", ["2026年5月", "2026.2.30", "年底", 2026.5, True, time(8, 30), "5月31日", "#VALUE!", 1e300, -1]
)
def test_what_is_no_day_is_named(read: Any, cell: Any) -> None:
    [reason] = reasons(read({"unit": "east", "id": "mine-1", "state": "done", "done_on": cell}))
    assert reason.startswith("2 完成日期“")
    assert reason.endswith("”看不懂。日期写成 2024-05-31、2024.5.31 或 2024年5月31日。")


@pytest.mark.parametrize(
    ("cell", "number"),
    [(45, 45), (45.0, 45), (12.5, 12.5), ("45", 45), ("１,０45", 1045), ("12.50", 12.5), (" 0 ", 0)],
)
def test_a_number_may_be_a_text(read: Any, cell: Any, number: float) -> None:
    [update] = updates(read({"unit": "east", "id": "chem-1", "state": "推进中", "done": cell}))
    assert update["done"] == number
    assert type(update["done"]) is type(number)


@pytest.mark.parametrize("cell", ["80%", "45/56", "约30家", True, "1" * 5000, "#DIV/0!", datetime(2026, 5, 1)])  # noqa: DTZ001
def test_what_is_no_number_is_named(read: Any, cell: Any) -> None:
    [reason] = reasons(read({"unit": "east", "id": "chem-1", "state": "推进中", "done": cell}))
    assert reason.startswith("2 完成数“")
    assert reason.endswith("”看不懂。只写数；比例写完成数和总数两列。")


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"state": "已办结", "done_on": "2026-05-31"}, "已完成"),
        ({"state": "√", "done_on": "2026-05-31"}, "已完成"),
        ({"state": "×"}, "推进中"),
        ({"state": "blocked"}, "受阻"),
        ({"state": " 未 启动 "}, "未启动"),
        ({"done_on": "2026-05-31"}, "已完成"),
    ],
)
def test_a_state_goes_by_the_offices_words_or_ours(read: Any, cells: dict[str, Any], state: str) -> None:
    [update] = updates(read({"unit": "east", "id": "mine-1", **cells}))
    assert update["state"] == state


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"state": "已办理"}, "状态“已办理”看不懂。您是不是想写“已办结”？"),
        ({"state": "滞后"}, "状态“滞后”看不懂。请在对应文件的 [states] 里写明。"),
        ({"state": "/", "note": "无"}, "没有写状态。"),
        ({"state": "done"}, "已完成要写完成日期。"),
        ({"state": "done", "done_on": "2026-08-01"}, "完成日期在本月之后。"),
        ({"state": "推进中", "done_on": "2026-05-01"}, "写了完成日期，状态却不是已完成。"),
        ({"state": "推进中", "promised_on": "2026-05-01"}, "预计完成日期已经过去。"),
    ],
)
def test_what_no_check_would_let_pass_is_named(read: Any, cells: dict[str, Any], reason: str) -> None:
    assert reasons(read({"unit": "east", "id": "mine-1", "note": "-", **cells})) == [f"2 {reason}"]


def test_all_other_words_are_taken_as_they_are(read: Any) -> None:
    words = {"cause": "资金没有到位", "measure": "列入预算", "waiting_on": "省厅", "promised_on": "2026年12月20日"}
    [update] = updates(read({"unit": "east", "id": "mine-1", "state": "受阻", **words}))
    assert update == {
        "item": "mine-1",
        "state": "受阻",
        "cause": "资金没有到位",
        "measure": "列入预算",
        "waiting_on": "省厅",
        "promised_on": date(2026, 12, 20),
    }


def test_of_an_item_written_twice_with_different_words_neither_counts(read: Any) -> None:
    result = read({**GOING, "id": "mine-1"}, {**GOING, "id": "mine-1", "note": "又"}, {**GOING, "id": "chem-3"})
    assert reasons(result) == [f"{row} mine-1 写了几次，说法不同：台账 2、台账 3。请只留一行。" for row in (2, 3)]
    assert [u["item"] for u in tomllib.loads(result.openings["east"])["update"]] == ["chem-3"]


# --- the workbook ---


def found(content: bytes, text: str, context: Context) -> LedgerResult:
    mapping, problems = mapped(NAMES + text, context.programme)
    assert problems == []
    assert mapping is not None
    return read_ledger(content, mapping, context, "台账.xlsx")


SHEETS = (
    '[[sheet]]\nname = "甲"\nheader = 2\nunit = "east"\nplan = "mine"\n[sheet.columns]\nnumber = "序号"\nstate = "C"\n'
)


def test_each_sheet_has_its_own_heading_unit_plan_and_columns_by_letter(context: Context) -> None:
    other = '[[sheet]]\nname = "乙"\nheader = 0\nunit = "west"\n[sheet.columns]\nid = "A"\nstate = "AB"\n'
    wide = ["mine-7", *[None] * 26, "推进中"]
    content = workbook({"甲": [["台账"], ["序号", "任务", "情况"], [7, "机械化", "推进中"]], "乙": [wide, ["mine-1"]]})
    result = found(content, SHEETS + other, context)
    assert (result.entries, reasons(result), result.passed_over) == (2, [], ("乙 2",))
    assert "# 甲 3　矿山 7" in result.openings["east"]
    assert "# 乙 1　矿山 7" in result.openings["west"]


@pytest.mark.parametrize(
    ("sheets", "problem"),
    [
        ({"甲表": [[]]}, "台账.xlsx E07 没有工作表“甲”。您是不是想写“甲表”？"),
        (
            {"甲": [["台账"], ["序 号 数", "任务", "情况"]]},
            "台账.xlsx:甲!2 E07 表头里没有“序号”这一列。您是不是想写“序号数”？",
        ),
        ({"甲": [["台账"]]}, "台账.xlsx:甲!2 E07 表头里没有“序号”这一列。"),
        ({"甲": [[], ["序号", "序号（）"]]}, "台账.xlsx:甲!2 E11 表头里有 2 列都叫“序号”。请写列的字母，例如 C。"),
    ],
)
def test_a_sheet_or_a_column_that_is_not_there_is_a_problem(
    context: Context, sheets: dict[str, Any], problem: str
) -> None:
    result = found(workbook(sheets), SHEETS, context)
    assert [f"{p.place} {p.code} {p.message}{p.hint}" for p in result.problems] == [problem]
    assert result.openings == {}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "责任单位,编号".encode("gbk"), b"\xd0\xcf\x11\xe0" * 99])
def test_what_is_no_workbook_is_one_problem(context: Context, content: bytes) -> None:
    [problem] = found(content, SHEETS, context).problems
    assert (problem.code, problem.message) == ("E01", "这不是 .xlsx 工作簿，或者已经损坏。")


def test_a_sheet_that_breaks_off_gives_the_rows_before(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    class Torn:
        sheetnames = ("甲",)

        def __getitem__(self, name: str) -> "Torn":
            return self

        def reset_dimensions(self) -> None: ...

        def iter_rows(self, **_asked: object) -> Any:
            yield ("台账",)
            yield ("序号", None, "情况")
            yield (7, None, "推进中")
            raise ValueError

    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_args, **_kwargs: Torn())
    result = found(b"", SHEETS, context)
    assert [p.message for p in result.problems] == ["读到第 3 行之后读不下去了。"]
    assert result.entries == 1


def test_a_date_that_no_calendar_has_is_named(context: Context) -> None:
    book = openpyxl.load_workbook(io.BytesIO(rows({"unit": "east", "id": "mine-1", "state": "done", "done_on": 10**8})))
    book["台账"]["H2"].number_format = "yyyy-mm-dd"
    content = io.BytesIO()
    book.save(content)
    mapping, _problems = mapped(MAPPING, context.programme)
    assert mapping is not None
    [reason] = reasons(read_ledger(content.getvalue(), mapping, context))
    assert reason.startswith("2 完成日期“#VALUE!”看不懂。")


def test_a_sheet_without_end_is_read_up_to_a_bound(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST_ROWS", 3)
    lines: list[list[Any]] = [["台账"], ["序号", None, "情况"], [7, None, "推进中"]]
    result = found(workbook({"甲": [*lines, [1, None, "推进中"]]}), SHEETS, context)
    assert [p.message for p in result.problems] == ["超过 3 行，后面的没有读。"]
    assert result.entries == 1
    assert found(workbook({"甲": [*lines, [], [], [None, " "]]}), SHEETS, context).problems == ()


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 30)),  # noqa: DTZ001
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12),
    st.sampled_from(
        ["east", "东山县、高新区", "mine-1", "mine-2", "矿山", "推进中", "done", "2026.5.31", "2026-07", "7", "="]
    ),
)


@settings(max_examples=150, deadline=None)
@given(given=st.lists(st.dictionaries(st.sampled_from(list(HEADINGS)), ANYTHING), max_size=4))
def test_no_cell_makes_it_raise_and_what_it_gives_passes(context: Context, given: list[dict[str, Any]]) -> None:
    mapping, _problems = mapped(MAPPING, context.programme)
    assert mapping is not None
    result = read_ledger(rows(*given), mapping, context)
    for text in result.openings.values():
        submission, problems = checked(text, context)
        assert [p for p in problems if p.holds] == []
        assert submission is not None
    for one in result.unmatched:
        assert one.reason


# --- the mapping ---


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"已办结" = "done"', '"已办结" = "dome"', "6 E06 状态“dome”看不懂。您是不是想写“done”？"),
        ('"高新" = "west"', '"高新" = "wets"', "11 E08 没有报送单位“wets”。您是不是想写“west”？"),
        ('= "mine-1"', '= "mine-9"', "14 E07 没有节点“mine-9”。您是不是想写“mine-7”？"),
        ('checked_by = "李某"', 'checked_by = " "', '2 E04 没有写姓名。请写姓名：checked_by = "…"'),
        ('name = "台账"', 'name = "台账"\nplan = "mime"', "18 E07 没有方案“mime”。您是不是想写“mine”？"),
        ('name = "台账"', 'name = "台账"\nunit = "eats"', "18 E08 没有报送单位“eats”。您是不是想写“east”？"),
        (
            'name = "台账"',
            'name = "台账"\nheader = -1',
            "18 E10 没有第 -1 行。表头在第 1 行写 1；没有表头写 0，列都写字母。",
        ),
        ('fill_down = ["unit"]', 'fill_down = ["unti"]', "18 E07 “unti”不是写在 columns 里的列。"),
        ('state = "办理情况"', 'sate = "办理情况"', "26 E03 不认识的名称“sate”。您是不是想写“state”？"),
    ],
)
def test_a_mistake_in_the_mapping_is_found_at_its_line(programme: Programme, old: str, new: str, problem: str) -> None:
    mapping, problems = mapped(MAPPING.replace(old, new), programme)
    assert mapping is None
    assert [f"{p.place.line} {p.code} {p.message}{p.hint}" for p in problems] == [problem]


def test_a_mapping_says_where_the_unit_and_the_milestone_stand(programme: Programme) -> None:
    mapping, problems = mapped(NAMES + '[[sheet]]\nname = "台账"\n[sheet.columns]\nstate = "A"\n', programme)
    assert mapping is None
    assert [p.message for p in problems] == ["没有写哪一列是单位。", "没有写怎样找到节点。"]


def test_a_mapping_that_cannot_be_read_is_none(programme: Programme) -> None:
    mapping, problems = mapped(MAPPING + "x = \n", programme)
    assert mapping is None
    assert [p.code for p in problems] == ["E02"]
    mapping, problems = mapped("", programme)
    assert mapping is None
    assert [p.code for p in problems] == ["E04"] * 4


def test_a_byte_order_mark_before_the_mapping_is_no_harm(programme: Programme) -> None:
    mapping, problems = mapped("\ufeff" + MAPPING, programme)
    assert mapping is not None
    assert [p.code for p in problems] == ["W01"]


# --- with the shipped plans: the example of the docstring ---


@pytest.fixture(scope="module")
def liaocheng() -> Shelf:
    workspace = Workspace(ROOT)
    programme, problems = load(workspace.plans, "liaocheng")
    assert problems == []
    assert programme is not None
    return read_shelf(workspace, programme)


def example() -> str:
    """The mapping in the module's docstring."""
    doc = ledger.__doc__ or ""
    return dedent("\n".join(line for line in doc.split("::", 1)[1].split("\n") if not line or line.startswith("    ")))


def test_the_example_names_every_key_and_reads_a_ledger(liaocheng: Shelf) -> None:
    mapping, problems = mapped(example(), liaocheng.programme)
    assert problems == []
    assert mapping is not None
    assert {f.name for f in fields(Columns)} == set(tomllib.loads(example())["sheet"][0]["columns"])
    [sheet] = mapping.sheet
    headings = [getattr(sheet.columns, key) for key in HEADINGS]
    given: list[dict[str, Any]] = [
        {"title": "一、严密防控重大安全风险"},
        {"unit": "莘县", "number": 15, "title": "园区封闭化管理", "state": "已办结", "done_on": "2024.12.5", "done": 1},
        {"title": "老旧装置清零", "state": "正在推进", "done": 40, "total": 47},
        {"number": 10, "title": "主要负责人带队自查", "done_on": datetime(2026, 7, 20), "note": "每月"},  # noqa: DTZ001
        {"unit": "开发区", "number": "18", "state": "正在推进", "done": 3, "total": 5},
        {"number": "10", "title": "隐患自查", "state": "正在推进"},
    ]
    lines = [["聊城市化工台账"], headings, *([one.get(key) for key in HEADINGS] for one in given)]
    result = read_ledger(workbook({"化工台账": lines}), mapping, liaocheng.context)
    assert result.problems == ()
    assert result.passed_over == ("化工台账 3",)
    assert [(u["item"], u["state"]) for u in tomllib.loads(result.openings["shenxian"])["update"]] == [
        ("chemical-6g", "推进中"),
        ("chemical-10a@2026-07", "已完成"),
        ("chemical-15b", "已完成"),
    ]
    assert [u["item"] for u in tomllib.loads(result.openings["economic-zone"])["update"]] == ["chemical-18"]
    [missed] = result.unmatched
    assert missed.words == (
        "化工台账 第 8 行（开发区 10 隐患自查）：任务 10 有 4 个节点，分不出是哪一个。请写节点编号："
        "chemical-10a 主要负责人带队自查、chemical-10b 消除静态重大隐患、chemical-10c 压减动态重大隐患、"
        "chemical-10d 高危场所人数限制。"
    )
    for text in result.openings.values():
        assert checked(text, liaocheng.context)[1] == []


def test_the_example_of_the_guide_is_right(liaocheng: Shelf) -> None:
    guide = (ROOT / "status" / "README.md").read_text(encoding="utf-8").split("## 从现有台账建账")[1].split("\n## ")[0]
    assert mapped(guide.split("```toml\n")[1].split("```")[0], liaocheng.programme)[1] == []
    assert all(f"`{f.name}`" in guide for f in fields(Columns))


# --- written ---


def test_openings_are_written_once_and_never_over_what_is_there(tmp_path: Path, read: Any) -> None:
    snapshot = see(tmp_path, {"opening/west.toml": "# 原有的"})
    workspace, programme = Workspace(tmp_path), snapshot.programme
    result = read({"unit": "东山县、高新区", "id": "mine-1", "state": "推进中"})
    folder = workspace.status("city") / "opening"
    assert write_openings(workspace, programme, result) == ([folder / "east.toml"], [folder / "west.toml"])
    assert (folder / "west.toml").read_text(encoding="utf-8") == "# 原有的"
    assert (folder / "east.toml").read_bytes() == result.openings["east"].encode()
    assert write_openings(workspace, programme, result)[0] == []
    assert sorted(p.name for p in folder.iterdir()) == ["east.toml", "west.toml"]


def test_what_was_written_is_where_the_books_begin(tmp_path: Path, read: Any) -> None:
    result = read({"unit": "东山县", "id": "mine-1", "state": "已办结", "done_on": "2026.5.31"})
    write_openings(Workspace(tmp_path), see(tmp_path).programme, result)
    snapshot = see(tmp_path)
    assert snapshot.problems == ()
    assert snapshot.by_key["east", "mine-1"].is_done
