"""A row of a ledger: which unit, which milestone and which period it speaks of."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from ledgers import GOING, read, reasons, updates
from tiny import MINE, PROGRAMME, see

from tracker.ledger.openings import LedgerResult
from tracker.occurrences import Event, Occurrence, expand
from tracker.submissions import Context


@pytest.mark.parametrize("name", ["east", "东山县", " 东 山 县 "])
def test_a_unit_goes_by_all_its_names(context: Context, name: str) -> None:
    assert len(updates(read(context, {"unit": name, "id": "mine-1", "state": "推进中"}))) == 1


def test_several_units_in_a_cell_are_one_entry_each_but_have_no_number_in_common(context: Context) -> None:
    result = read(context, {"unit": "东山县、高新区，东山县", "id": "mine-1", "state": "推进中"})
    assert [u["item"] for unit in ("east", "west") for u in updates(result, unit)] == ["mine-1"] * 2
    shared = read(context, {"unit": "东山县、高新区", "id": "mine-7", "state": "推进中", "done": 9, "total": 14})
    assert reasons(shared) == ["2 几个单位合写一行，数字分不到各单位。请一个单位一行。"]


def test_an_unknown_unit_is_named_with_the_nearest(context: Context) -> None:
    result = read(
        context,
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


def test_a_row_without_a_unit_is_said(context: Context) -> None:
    assert reasons(read(context, {"id": "mine-1", "state": "推进中"})) == ["2 没有写单位。"]


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
def test_a_milestone_goes_by_its_id_its_number_or_its_name(context: Context, cells: dict[str, Any], item: str) -> None:
    assert [u["item"] for u in updates(read(context, {**GOING, **cells}))] == [item]


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
    context: Context, cells: dict[str, Any], reason: str
) -> None:
    assert reasons(read(context, {**GOING, **cells})) == [f"2 {reason}"]


SEVERAL = MINE.replace('title = "机械化改造"\nwhat', 'title = "公布包保名单"\nwhat') + (
    '[[task.milestone]]\nid = "mine-7b"\ntitle = "乙"\nwhat = "乙事"\nwording = "12月底前"\ndue = 2026-12-31\n'
    'level = ["county"]\n[[task]]\nitem = "8.3"\ntitle = "丙"\n[[task.milestone]]\nid = "mine-8.3a"\ntitle = "丙一"\n'
    'what = "丙事"\nwording = ""\nkind = "continuing"\nlevel = ["county"]\n[[task.milestone]]\nid = "mine-8.3b"\n'
    'title = "丙二"\nwhat = "丙事二"\nwording = "12月底前"\ndue = 2026-12-31\nlevel = ["county"]\n'
)


@pytest.fixture
def several(tmp_path: Path) -> Context:
    """A plan with tasks of several milestones, alone in its programme."""
    snapshot = see(
        tmp_path,
        plans={
            "mine.toml": SEVERAL.replace('"mine-7"', '"mine-7a"'),
            "programme.toml": PROGRAMME.replace(', "chem"', ""),
        },
    )
    assert snapshot.problems == ()
    assert snapshot.shelf is not None
    return snapshot.shelf.context


def test_of_several_milestones_of_a_task_the_title_or_the_only_date_decides(several: Context) -> None:
    result = read(
        several,
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
    context: Context, cells: dict[str, Any], item: str
) -> None:
    result = read(context, {"state": "推进中", **cells})
    assert [u["item"] for u in updates(result, cells["unit"])] == [item]
    is_read = item == "mine-2@2026-07"
    assert ("（哪一期是推定的）" in result.openings[cells["unit"]]) is is_read


def test_what_was_done_is_of_the_period_that_holds_its_day(context: Context) -> None:
    result = read(
        context,
        {"unit": "east", "id": "mine-2", "done_on": "2026年3月9日"},
        {"unit": "bureau", "id": "chem-2", "state": "done", "done_on": "2026/4/30"},
    )
    assert [u["item"] for unit in ("east", "bureau") for u in updates(result, unit)] == [
        "mine-2@2026-03",
        "chem-2@2026-Q2",
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"period": "2026年13月"}, "mine-2 没有“2026-13”这一期。"),
        ({"period": "每月"}, "mine-2 没有“每月”这一期。"),
        ({"period": 2026.1}, "期次“2026.1”分不清是 1 月还是 10 月。请写成 2026年10月。"),
        ({"period": "2026-08"}, "这一期到本月底还没有开始。"),
    ],
)
def test_a_period_that_is_none_is_named(context: Context, cells: dict[str, Any], reason: str) -> None:
    assert reasons(read(context, {**GOING, "id": "mine-2", **cells})) == [f"2 {reason}"]


def test_a_one_off_has_no_period_in_its_id(context: Context) -> None:
    assert reasons(read(context, {**GOING, "id": "mine-1@2026-07"})) == ["2 mine-1 没有“2026-07”这一期。"]


@pytest.mark.parametrize("begins", ["2026-08-01", "2026-12-01"])
def test_a_rhythm_that_begins_later_has_no_period_yet(tmp_path: Path, begins: str) -> None:
    plan = MINE.replace('every = "month"', f'every = "month"\nfrom = {begins}')
    snapshot = see(tmp_path, plans={"mine.toml": plan})
    assert snapshot.shelf is not None
    assert reasons(read(snapshot.shelf.context, {**GOING, "id": "mine-2"})) == ["2 这一期到本月底还没有开始。"]


def test_an_event_goes_by_its_ref_where_there_are_several(context: Context) -> None:
    def with_events(*refs: str) -> LedgerResult:
        events = [Event("east", "trial", ref, "装置", date(2026, 5, 6), None) for ref in refs]
        owed: dict[str, dict[str, Occurrence]] = {}
        for o in expand(context.programme, events):
            owed.setdefault(o.unit, {})[o.id] = o
        row = {**GOING, "id": "mine-3a"}
        known = Context(context.programme, {}, owed)
        return read(known, row, {**row, "period": "T1"}, {**row, "period": "T9"})

    assert reasons(with_events("T1")) == ["4 mine-3a 没有“T9”这一期。"]
    several = with_events("T1", "T2")
    assert reasons(several) == [
        "2 mine-3a 有几件事，分不出是哪一件。请在期次一列写事项编号。",
        "4 mine-3a 没有“T9”这一期。",
    ]
    assert [u["item"] for u in tomllib.loads(several.openings["east"])["update"]] == ["mine-3a@T1"]
