"""The cells of a ledger: days, numbers and periods as people write them."""

import io
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from ledgers import MAPPING, found, read, reasons, rows, updates

from tracker.ledger.cells import label_of, text_of
from tracker.submissions import Context


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
    assert label_of(text_of(period)) == label


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
def test_a_day_may_be_a_date_a_text_or_excels_number(context: Context, cell: Any) -> None:
    [update] = updates(read(context, {"unit": "east", "id": "mine-1", "done_on": cell}))
    assert update == {"item": "mine-1", "state": "已完成", "done_on": date(2026, 5, 31)}


@pytest.mark.parametrize(
    "cell", ["2026年5月", "2026.2.30", "年底", 2026.5, True, time(8, 30), "5月31日", "#VALUE!", 1e300, -1]
)
def test_what_is_no_day_is_named(context: Context, cell: Any) -> None:
    [reason] = reasons(read(context, {"unit": "east", "id": "mine-1", "state": "done", "done_on": cell}))
    assert reason.startswith("2 完成日期“")
    assert reason.endswith("”看不懂。日期写成 2024-05-31、2024.5.31 或 2024年5月31日。")


@pytest.mark.parametrize(
    ("cell", "number"),
    [(45, 45), (45.0, 45), (12.5, 12.5), ("45", 45), ("１,０45", 1045), ("12.50", 12.5), (" 0 ", 0)],
)
def test_a_number_may_be_a_text(context: Context, cell: Any, number: float) -> None:
    [update] = updates(read(context, {"unit": "east", "id": "chem-1", "state": "推进中", "done": cell}))
    assert update["done"] == number
    assert type(update["done"]) is type(number)


@pytest.mark.parametrize("cell", ["80%", "45/56", "约30家", True, "1" * 5000, "#DIV/0!", datetime(2026, 5, 1)])  # noqa: DTZ001
def test_what_is_no_number_is_named(context: Context, cell: Any) -> None:
    [reason] = reasons(read(context, {"unit": "east", "id": "chem-1", "state": "推进中", "done": cell}))
    assert reason.startswith("2 完成数“")
    assert reason.endswith("”看不懂。只写数；比例写完成数和总数两列。")


def test_a_date_that_no_calendar_has_is_named(context: Context) -> None:
    book = openpyxl.load_workbook(io.BytesIO(rows({"unit": "east", "id": "mine-1", "state": "done", "done_on": 10**8})))
    book["台账"]["H2"].number_format = "yyyy-mm-dd"
    content = io.BytesIO()
    book.save(content)
    [reason] = reasons(found(content.getvalue(), MAPPING, context))
    assert reason.startswith("2 完成日期“#VALUE!”看不懂。")
