"""The workbook that comes back: days and numbers as people type them, and workbooks as people spoil them."""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from books import ANSWERS, COLUMN, Answers, back, changed, filled, opened, places, repacked, row_of, said, understood
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from tracker.filetypes import is_workbook
from tracker.problems import Place
from tracker.snapshot import Snapshot
from tracker.workbook.back import parse
from tracker.workbook.layout import EVENTS, FIRST_ROW, ITEM, SHEET
from tracker.workbook.marked import annotated


@pytest.mark.parametrize(
    "typed",
    [
        date(2026, 10, 20), datetime(2026, 10, 20), datetime(2026, 10, 20, 15, 30),  # noqa: DTZ001
        "2026.10.20", "2026/10/20", "2026年10月20日", " 2026-10-20 ", "2026-10-20 00:00:00", "2026 年 10 月 20 日",
        "２０２６－１０－２０", "20261020", 46315, 46315.0, "2026年10月20号",
    ],
)  # fmt: skip
def test_a_day_is_understood_as_people_write_it(snapshot: Snapshot, form_out: bytes, typed: Any) -> None:
    answer = {"chem-3": {"state": "已完成", "done_on": typed, "evidence": "报告"}}
    submission, problems = back(snapshot, filled(form_out, answer))
    assert problems == []
    assert [u.done_on for u in submission.updates] == [date(2026, 10, 20)]


@pytest.mark.parametrize(
    ("typed", "day"), [(46315, 20), (46315.9, 20), (20261020, 20), (2026, None), (-1, None), (10**17, None)]
)
def test_a_number_pasted_in_with_its_own_format_may_still_be_a_day(
    snapshot: Snapshot, form_out: bytes, typed: float, day: int | None
) -> None:
    def plainly(book: Any) -> None:
        book[SHEET]["I14"].number_format = "General"
        book[SHEET]["I14"].value = typed

    answer = {"chem-3": {"state": "已完成", "evidence": "报告"}}
    submission, problems = back(snapshot, changed(filled(form_out, answer), plainly))
    assert places(problems) == ([] if day else [("E05", f"{SHEET}!I14")])
    assert [u.done_on and u.done_on.day for u in submission.updates] == ([day] if day else [])


def test_a_number_in_the_way_of_scientists_is_a_text_as_it_was_typed(snapshot: Snapshot, form_out: bytes) -> None:
    content = filled(form_out, {"mine-7": {"state": "推进中", "note": 20261}})
    content = repacked(content, "xl/worksheets/sheet1.xml", b"<v>20261</v>", b"<v>2.0261E4</v>")
    assert [u.note for u in back(snapshot, content)[0].updates] == ["20261"]


@pytest.mark.parametrize(
    "typed",
    [
        "2026-2-30",
        "10月20日",
        "二〇二六年十月",
        "2026.10",
        True,
        time(8),
        "20269999",
        "1e5",
        "#REF!",
    ],
)
def test_a_day_that_is_none_is_named_with_its_cell(snapshot: Snapshot, form_out: bytes, typed: Any) -> None:
    answer = {"chem-3": {"state": "已完成", "done_on": typed, "evidence": "报告"}}
    content = filled(form_out, answer)
    submission, problems = back(snapshot, content)
    assert submission.held == ("chem-3",)
    row = row_of(opened(content)[SHEET], "chem-3")
    assert places(problems) == [("E05", f"{SHEET}!I{row}")]
    assert problems[0].message.startswith("“完成日期”填的是“")
    assert problems[0].hint in ("这一格填日期，例如 2026-10-31。", "日期要写年、月、日，多半是 2026-10-20。")
    assert str(problems[0].place) == f"表.xlsx:{SHEET}!I{row}"


@pytest.mark.parametrize(
    ("typed", "code"), [(12, "E10"), (-5, "E10"), (10**17, "E05"), (99999.5, "E10"), (2026.1, "E10"), (20261020, "E05")]
)
def test_a_number_where_a_day_belongs_is_no_day_of_ours(
    snapshot: Snapshot, form_out: bytes, typed: float, code: str
) -> None:
    answer = {"chem-3": {"state": "已完成", "done_on": typed, "evidence": "报告"}}
    submission, problems = back(snapshot, filled(form_out, answer))
    assert submission.held == ("chem-3",)
    assert places(problems) == [(code, f"{SHEET}!I14")]


@pytest.mark.parametrize(
    ("typed", "number"),
    [(9, 9), (9.0, 9), ("9", 9), (" 9 ", 9), ("９", 9), ("1,234", 1234), ("1,234.50", 1234.5), (0, 0), (2.5, 2.5)],
)
def test_a_number_is_understood_though_it_was_typed_as_text(
    snapshot: Snapshot, form_out: bytes, typed: Any, number: float
) -> None:
    submission, problems = back(snapshot, filled(form_out, {"chem-1": {"state": "推进中", "done": typed}}))
    assert problems == []
    assert [(u.done, type(u.done)) for u in submission.updates] == [(number, type(number))]


@pytest.mark.parametrize(
    "typed", ["9家", "80%", "约9", "1.2.3", "九", True, date(2026, 10, 9), "#DIV/0!", timedelta(hours=2)]
)
def test_a_number_that_is_none_is_named_with_its_cell(snapshot: Snapshot, form_out: bytes, typed: Any) -> None:
    content = filled(form_out, {"chem-1": {"state": "推进中", "done": typed}})
    submission, problems = back(snapshot, content)
    assert submission.held == ("chem-1",)
    assert places(problems) == [("E05", f"{SHEET}!J{row_of(opened(content)[SHEET], 'chem-1')}")]
    assert problems[0].hint.startswith("这一格只填数，")


@pytest.mark.parametrize(
    ("item", "key", "typed", "hint"),
    [
        ("chem-3", "done_on", "10月19日", "日期要写年、月、日，多半是 2026-10-19。"),
        ("mine-1", "promised_on", "1-20", "日期要写年、月、日，多半是 2027-01-20。"),
        ("mine-1", "promised_on", "月底", "这一格填日期，例如 2026-10-31。"),
        ("chem-1", "done", "２３家", "这一格只填数，多半是 23。"),
        ("chem-1", "done", "约 4.5 万元", "这一格只填数，多半是 4.5。"),
        ("chem-1", "done", "二十三家", "这一格只填数，例如 45。"),
        ("chem-1", "done", "3到5", "这一格只填数，例如 45。"),
        ("chem-1", "done", "80%", "这一格只填数，例如 45。"),
    ],
)
def test_a_hint_says_what_was_probably_meant(  # what is typed is not taken for it
    snapshot: Snapshot, form_out: bytes, item: str, key: str, typed: str, hint: str
) -> None:
    content = filled(form_out, {item: {"state": "推进中", key: typed}})
    submission, problems = back(snapshot, content)
    assert submission.held == (item,)
    assert [p.hint for p in problems if p.code == "E05"] == [hint]
    without_month = changed(content, lambda book: book[SHEET].__setitem__("B3", None))
    if key in ("done_on", "promised_on"):
        hints = {p.hint for p in back(snapshot, without_month)[1] if p.code == "E05"}
        assert "这一格填日期，例如 2026-10-31。" in hints


@pytest.mark.parametrize("typed", [1e300, 10**17, 10**300, -(10**17)])
def test_a_number_beyond_all_counting_is_refused_by_its_size(snapshot: Snapshot, form_out: bytes, typed: Any) -> None:
    submission, problems = back(snapshot, filled(form_out, {"chem-1": {"state": "推进中", "done": typed}}))
    assert submission.held == ("chem-1",)
    assert {p.code for p in problems} == {"E14"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  缺资金三百万  ", "缺资金三百万"), (20261, "20261"), (20261.0, "20261"), (2026.5, "2026.5"),
        (True, "True"), (date(2026, 10, 1), "2026-10-01"), (datetime(2026, 10, 1, 8, 30), "2026-10-01 08:30:00"),  # noqa: DTZ001
        (time(8, 30), "08:30:00"), ("=1+1 不是公式", "=1+1 不是公式"), ("甲\n乙丙丁", "甲\n乙丙丁"),
    ],
)  # fmt: skip
def test_a_text_may_be_anything(snapshot: Snapshot, form_out: bytes, typed: Any, words: str) -> None:
    content = filled(form_out)

    def put(book: Any) -> None:
        cell = book[SHEET].cell(row_of(book[SHEET], "mine-7"), COLUMN["note"])
        cell.value = typed
        if isinstance(typed, str):
            cell.data_type = "s"

    submission, problems = back(snapshot, changed(filled(content, {"mine-7": {"state": "推进中"}}), put))
    assert problems == []
    assert [u.note for u in submission.updates] == [words]


@pytest.mark.parametrize(("key", "column"), [("note", "Q"), ("evidence", "P")])
def test_what_a_broken_formula_left_is_no_answer(snapshot: Snapshot, form_out: bytes, key: str, column: str) -> None:
    content = filled(form_out, {"mine-7": {"state": "推进中", key: "#REF!"}})
    submission, problems = back(snapshot, content)
    assert submission.held == ("mine-7",)
    assert places(problems) == [("E05", f"{SHEET}!{column}{row_of(opened(content)[SHEET], 'mine-7')}")]
    assert problems[0].message.endswith("填的是“#REF!”，看不懂。")
    assert problems[0].hint == "请直接填文字。"


def test_a_row_with_spaces_only_says_nothing(snapshot: Snapshot, form_out: bytes) -> None:
    submission, _problems = back(snapshot, filled(form_out, {"mine-7": {"note": "   ", "evidence": ""}}))
    assert submission.updates == ()


def test_what_a_state_wants_is_asked_for_at_the_cell_that_is_empty(snapshot: Snapshot, form_out: bytes) -> None:
    answers: Answers = {
        "mine-1": {"state": "受阻"},
        "chem-3": {"state": "已完成"},
        "chem-1": {"done": 3},
        "mine-7": {"total": 3, "state": "推进中", "until": "2027-01-31"},
    }
    content = filled(form_out, answers)
    submission, problems = back(snapshot, content)
    sheet = opened(content)[SHEET]

    def cell(item: str, key: str) -> str:
        return f"{SHEET}!{sheet.cell(row_of(sheet, item), COLUMN[key]).coordinate}"

    wanted = [("mine-1", k) for k in ("cause", "measure", "promised_on", "waiting_on")]
    wanted += [("chem-3", "done_on"), ("chem-3", "evidence"), ("chem-1", "state"), ("mine-7", "done")]
    wanted += [("mine-7", "reason"), ("mine-7", "progress")]
    found = {p.place.cell: p.hint for p in problems}
    assert submission.updates == ()
    assert cell("mine-1", "cause") in found
    assert {cell(*one) for one in wanted if one != ("mine-7", "done")} == set(found)
    assert found[cell("mine-1", "cause")] == "请填写“原因”这一格。"
    assert found[cell("mine-1", "promised_on")] == "请填写“预计完成”这一格，例如 2026-12-31。"
    assert found[cell("chem-3", "done_on")] == "请填写“完成日期”这一格，例如 2026-10-31。"
    assert found[cell("chem-3", "evidence")] == "请填写“佐证材料”这一格，例如 文件名或文号。"
    assert not any(re.search(r"[a-z_]+ = |“[a-z_]+”", p.message + p.hint) for p in problems)


def test_a_hint_that_names_a_value_speaks_of_the_heading(snapshot: Snapshot, form_out: bytes) -> None:
    answers: Answers = {"mine-7": {"state": "推进中", "done_on": date(2026, 10, 1)}, "chem-1": {"state": "完工"}}
    found = {p.hint for p in back(snapshot, filled(form_out, answers))[1]}
    assert "请改成 “状态” = 已完成，或删去完成日期。" in found
    assert not any("state" in hint for hint in found)


def test_several_names_of_evidence_in_one_cell(snapshot: Snapshot, form_out: bytes) -> None:
    answer = {"chem-3": {"state": "已完成", "done_on": date(2026, 10, 2), "evidence": "甲;乙；丙、丁\n戊、"}}
    submission, _problems = back(snapshot, filled(form_out, answer))
    assert submission.updates[0].evidence == ("甲", "乙", "丙", "丁", "戊")


def test_rows_may_be_taken_out_and_put_in_below_the_heading(snapshot: Snapshot, form_out: bytes) -> None:
    content = filled(form_out, ANSWERS)
    whole, _none = back(snapshot, content)

    def spoil(book: Any) -> None:
        sheet = book[SHEET]
        for merged in list(sheet.merged_cells.ranges):
            if merged.min_row > FIRST_ROW + 1:
                sheet.unmerge_cells(str(merged))
        sheet.delete_rows(row_of(sheet, "mine-2@2026-10"))
        sheet.delete_rows(FIRST_ROW + 2)
        sheet.insert_rows(FIRST_ROW + 2, 3)

    submission, problems = back(snapshot, changed(content, spoil))
    assert problems == []
    assert said(submission) == said(whole)


def test_a_row_that_somebody_added_is_named_and_held(snapshot: Snapshot, form_out: bytes) -> None:
    content = filled(form_out, {"mine-7": {"state": "推进中"}})

    def add(book: Any) -> None:
        book[SHEET].cell(60, COLUMN["state"]).value = "已完成"

    submission, problems = back(snapshot, changed(content, add))
    assert [u.item for u in submission.updates] == ["mine-7"]
    assert places(problems) == [("E04", f"{SHEET}!C60")]
    assert "看不出填的是哪一项" in problems[0].message


def test_a_row_copied_twice_is_held_and_named(snapshot: Snapshot, form_out: bytes) -> None:
    content = filled(form_out, {"mine-7": {"state": "推进中"}})

    def copy(book: Any) -> None:
        sheet = book[SHEET]
        for column in range(1, ITEM + 2):
            sheet.cell(60, column).value = sheet.cell(row_of(sheet, "mine-7"), column).value

    submission, problems = back(snapshot, changed(content, copy))
    assert submission.updates == ()
    assert places(problems) == [("E11", f"{SHEET}!C60")]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda book: book[SHEET].insert_cols(4),
        lambda book: book[SHEET].delete_cols(8),
        lambda book: book[SHEET].insert_rows(2),
        lambda book: book[SHEET].delete_rows(2),
        lambda book: book[SHEET].__setitem__("D3", "tracker-9"),
        lambda book: setattr(book[SHEET], "title", "Sheet1"),
        lambda book: book.remove(book[SHEET]),
    ],
)
def test_a_workbook_that_is_not_as_it_went_out_is_refused_whole(form_out: bytes, spoil: Any) -> None:
    source = parse(changed(filled(form_out), spoil), "x.xlsx")
    assert source.data == {}
    assert [p.code for p in source.problems] == ["E01"]
    assert "请用发下去的表填写" in source.problems[0].hint


def test_without_the_sheet_of_events_the_rest_is_read(snapshot: Snapshot, form_out: bytes) -> None:
    content = changed(filled(form_out, ANSWERS), lambda book: book.remove(book[EVENTS]))
    submission, problems = back(snapshot, content)
    assert problems == []
    assert len(submission.updates) == len(ANSWERS)


def test_another_workbook_and_what_is_none_are_refused() -> None:
    other = io.BytesIO()
    openpyxl.Workbook().save(other)
    chart = openpyxl.Workbook()
    chart.create_chartsheet(SHEET)
    with_chart = io.BytesIO()
    chart.save(with_chart)
    for content in (b"", b"x", b"PK\x03\x04", other.getvalue(), other.getvalue()[:-30], with_chart.getvalue()):
        source = parse(content, "x.xlsx")
        assert (source.data, [p.code for p in source.problems]) == ({}, ["E01"])
        assert source.place(("unit",)) == Place("x.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused(form_out: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.workbook.back.LARGEST", 1000)
    assert [p.code for p in parse(form_out, "x").problems] == ["E01"]


def test_a_cell_at_the_end_of_the_world_costs_nothing(snapshot: Snapshot, form_out: bytes) -> None:
    far = b'<row r="99999999999"><c r="A99999999999" t="str"><v>x</v></c></row></sheetData>'
    content = repacked(filled(form_out, ANSWERS), "xl/worksheets/sheet1.xml", b"</sheetData>", far)
    submission, _problems = back(snapshot, content)
    assert len(submission.updates) == len(ANSWERS)


def test_a_file_may_lie_about_its_size(snapshot: Snapshot, form_out: bytes) -> None:
    content = filled(form_out, ANSWERS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = re.search(rb'<dimension ref="[^"]*"', archive.read("xl/worksheets/sheet1.xml"))
    assert found
    lying = repacked(content, "xl/worksheets/sheet1.xml", found[0], b'<dimension ref="A1"')
    assert len(back(snapshot, lying)[0].updates) == len(ANSWERS)


CELL = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes(), st.times(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    st.sampled_from(["#REF!", "已完成", "=A1", "1e999"]),
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.lists(st.tuples(st.integers(1, 20), st.integers(1, ITEM + 2), CELL), max_size=12),
    sheet=st.sampled_from([SHEET, EVENTS]),
)
def test_no_cell_makes_it_raise(
    snapshot: Snapshot, form_out: bytes, typed: list[tuple[int, int, Any]], sheet: str
) -> None:
    def put(book: Any) -> None:
        for row, column, value in typed:
            cell = book[sheet].cell(row, column)
            if isinstance(cell, openpyxl.cell.MergedCell):
                continue
            try:
                cell.value = value
            except (ValueError, IllegalCharacterError):
                cell.value = None

    try:
        content = changed(filled(form_out), put)
    except (ValueError, OverflowError):  # openpyxl will not write such a day
        return
    source = parse(content, "x.xlsx")
    if source.data:
        understood(snapshot, source)
    assert source.digest


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 30_000), junk=st.binary(max_size=40))
@example(cut=0, junk=b"PK\x03\x04\0\0")
def test_no_bytes_make_it_raise(form_out: bytes, cut: int, junk: bytes) -> None:
    content = form_out[:cut] + junk + form_out[cut + len(junk) :] if cut else junk
    parse(content, "x.xlsx")
    is_workbook(content)
    try:
        annotated(content, [])
    except ValueError as error:
        assert str(error) is not None  # noqa: PT017 - the one thing it may raise
