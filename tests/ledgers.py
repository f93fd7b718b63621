"""Ledgers for tests: a mapping, workbooks of given rows, and what became of them."""

import io
import tomllib
from collections.abc import Sequence
from typing import Any

import openpyxl

from tracker.ledger.mapping import LedgerMapping, read_mapping
from tracker.ledger.openings import LedgerResult, read_ledger
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.source import parse
from tracker.submissions import Context

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


def found(content: bytes, text: str, context: Context) -> LedgerResult:
    """A workbook by a mapping that is right."""
    mapping, problems = mapped(text, context.programme)
    assert problems == []
    assert mapping is not None
    return read_ledger(content, mapping, context, "台账.xlsx")


def read(context: Context, *given: dict[str, Any]) -> LedgerResult:
    """A ledger's rows by the mapping above."""
    return found(rows(*given), MAPPING, context)


def updates(result: LedgerResult, unit: str = "east") -> list[dict[str, Any]]:
    assert result.problems == ()
    assert result.unmatched == ()
    found: list[dict[str, Any]] = tomllib.loads(result.openings[unit])["update"]
    return found


def reasons(result: LedgerResult) -> list[str]:
    assert result.problems == ()
    return [f"{one.row} {one.reason}{one.suggestion}" for one in result.unmatched]


GOING = {"unit": "东山县", "state": "推进中"}
