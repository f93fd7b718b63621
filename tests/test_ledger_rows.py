"""The sheets of a ledger: their rows by heading and letter, and workbooks that are none."""

from typing import Any

import openpyxl
import pytest
from ledgers import GOING, NAMES, found, read, reasons, updates, workbook

from tracker.ledger import rows as ledger_rows
from tracker.submissions import Context

SHEETS = (
    f'{NAMES}[[sheet]]\nname = "甲"\nheader = 2\nunit = "east"\nplan = "mine"\n'
    '[sheet.columns]\nnumber = "序号"\nstate = "C"\n'
)


def test_a_cell_merged_downwards_holds_for_the_rows_below_and_a_heading_may_carry_it(context: Context) -> None:
    result = read(
        context,
        {**GOING, "id": "mine-1"},
        {"id": "chem-3", "state": "推进中"},
        {"title": "二、高新区"},
        {"unit": "高新区"},
        {"id": "mine-1", "state": "推进中"},
        {},
    )
    assert [u["item"] for unit in ("east", "west") for u in updates(result, unit)] == ["mine-1", "chem-3", "mine-1"]
    assert result.passed_over == ("台账 4", "台账 5")


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


def test_a_sheet_without_end_is_read_up_to_a_bound(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_rows, "MOST_ROWS", 3)
    lines: list[list[Any]] = [["台账"], ["序号", None, "情况"], [7, None, "推进中"]]
    result = found(workbook({"甲": [*lines, [1, None, "推进中"]]}), SHEETS, context)
    assert [p.message for p in result.problems] == ["超过 3 行，后面的没有读。"]
    assert result.entries == 1
    assert found(workbook({"甲": [*lines, [], [], [None, " "]]}), SHEETS, context).problems == ()
