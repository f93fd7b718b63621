"""The mapping of a ledger: its mistakes at their lines, and its examples with the shipped plans."""

import tomllib
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from ledgers import HEADINGS, MAPPING, NAMES, mapped, workbook
from tiny import checked

from tracker.ledger import mapping as ledger_mapping
from tracker.ledger.mapping import Columns
from tracker.ledger.openings import read_ledger
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.shelf import Shelf, read_shelf
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent


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


@pytest.fixture(scope="module")
def liaocheng() -> Shelf:
    workspace = Workspace(ROOT)
    programme, problems = load(workspace.plans, "liaocheng")
    assert problems == []
    assert programme is not None
    return read_shelf(workspace, programme)


def example() -> str:
    """The mapping in the module's docstring."""
    doc = ledger_mapping.__doc__ or ""
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
