"""The form as a workbook: what goes out, what comes back, and what is sent back marked."""

import io
import re
import subprocess
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import tiny
from books import CELLS, COLUMN, PEOPLE, Answers, blank, changed, filled, repacked, row_of, said, toml, understood
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from programs import program
from tiny import OCTOBER, at, head, see

from tracker import workbook
from tracker.filetypes import is_workbook
from tracker.forms import Form, form
from tracker.language import use
from tracker.problems import Place, Problem
from tracker.snapshot import Snapshot
from tracker.workbook.back import parse
from tracker.workbook.layout import EVENT_ROWS, EVENTS, FIELDS, FIRST_ROW, ITEM, LAYOUT, SCHEDULE, SHEET, SHOWN
from tracker.workbook.marked import annotate_file, annotated
from tracker.workbook.out import write

LATE = {"cause": "资金没有到位", "measure": "已经列入预算", "promised_on": date(2026, 12, 20)}
ANSWERS: Answers = {
    "mine-1": {"state": "推进中", **LATE, "note": "还差两座"},
    "mine-2@2026-09": {"state": "受阻", **LATE, "waiting_on": "市局"},
    "chem-3": {"state": "已完成", "done_on": date(2026, 10, 20), "evidence": "评估报告；会议纪要、 照片"},
    "mine-7": {
        "state": "推进中", "done": 9, "total": 14,
        "until": date(2027, 1, 31), "reason": "设备没有到货", "progress": "改造了九座",
    },
}  # fmt: skip
EVENT_ANSWERS = [
    {"kind": "试生产开始", "ref": "2026-01", "name": "加氢装置", "planned": date(2026, 10, 12)},
    {"kind": "试生产开始", "ref": "T2", "name": "二号", "planned": date(2026, 9, 1), "actual": date(2026, 10, 2)},
]
SAME = (
    head(more='rest = "unchanged"\npractices = "逐矿过堂"\ndifficulties = "人手不足"\nsuggestions = "加派专家"\n')
    + """
[[update]]
item = "mine-1"
state = "推进中"
cause = "资金没有到位"
measure = "已经列入预算"
promised_on = 2026-12-20
note = "还差两座"
[[update]]
item = "mine-2@2026-09"
state = "受阻"
cause = "资金没有到位"
measure = "已经列入预算"
promised_on = 2026-12-20
waiting_on = "市局"
[[update]]
item = "chem-3"
state = "已完成"
done_on = 2026-10-20
evidence = ["评估报告", "会议纪要", "照片"]
[[update]]
item = "mine-7"
state = "推进中"
done = 9
total = 14
[update.request_extension]
until = 2027-01-31
reason = "设备没有到货"
progress = "改造了九座"
[[event]]
kind = "试生产开始"
ref = "2026-01"
name = "加氢装置"
planned = 2026-10-12
[[event]]
kind = "试生产开始"
ref = "T2"
name = "二号"
planned = 2026-09-01
actual = 2026-10-02
"""
)
WORDS = {"practices": "逐矿过堂", "difficulties": "人手不足", "suggestions": "加派专家"}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """October where nothing was ever said."""
    return see(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def form_out(snapshot: Snapshot) -> bytes:
    """East's form for October."""
    return blank(snapshot)


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def back(snapshot: Snapshot, content: bytes) -> tuple[Any, list[Problem]]:
    return understood(snapshot, parse(content, "表.xlsx"))


def places(problems: list[Problem]) -> list[tuple[str, str]]:
    return sorted((p.code, p.place.cell) for p in problems)


# --- there and back ---


def test_filled_in_it_says_what_the_toml_form_says(snapshot: Snapshot, form_out: bytes) -> None:
    submission, problems = back(snapshot, filled(form_out, ANSWERS, WORDS, EVENT_ANSWERS))
    same, of_toml = toml(snapshot, SAME)
    assert problems == of_toml == []
    # The rows stand by their due day, the file in its own order: what is said is the same.
    mine, other = said(submission), said(same)
    assert (mine[0], mine[1], mine[3]) == (other[0], other[1], other[3])
    assert sorted(mine[2], key=lambda u: str(u["item"])) == sorted(other[2], key=lambda u: str(u["item"]))
    assert mine[4] == other[4]


def test_a_month_without_news_is_three_names(snapshot: Snapshot, form_out: bytes) -> None:
    submission, problems = back(snapshot, filled(form_out))
    assert problems == []
    assert submission.head.rest == "unchanged"
    assert (submission.updates, submission.events) == ((), ())


def test_as_it_goes_out_it_lacks_nothing_but_the_names(snapshot: Snapshot, form_out: bytes) -> None:
    submission, problems = back(snapshot, form_out)
    assert places(problems) == [("E04", f"{SHEET}!{cell}") for cell in ("B4", "D4", "G4")]
    assert [p.hint for p in problems] == [f"请填写“{who}”这一格。" for who in ("填报人", "审核人", "负责人")]
    # What else it says counts all the same, as in the other form.
    assert submission is not None


@pytest.mark.parametrize(
    ("typed", "rest"), [("是", "unchanged"), (" 是 ", "unchanged"), ("否", None), (None, None), ("", None)]
)
def test_the_rest_is_unchanged_only_where_it_says_so(
    snapshot: Snapshot, form_out: bytes, typed: str | None, rest: str | None
) -> None:
    submission, problems = back(snapshot, filled(form_out, head={"rest": typed}))
    assert problems == []
    assert submission.head.rest == rest


@pytest.mark.parametrize("typed", ["大概是", 1, date(2026, 10, 1), "#REF!"])
def test_any_other_word_about_the_rest_is_asked_about(snapshot: Snapshot, form_out: bytes, typed: Any) -> None:
    submission, problems = back(snapshot, filled(form_out, head={"rest": typed}))
    assert submission is None
    assert {p.place.cell for p in problems} == {f"{SHEET}!D5"}


def test_equal_forms_give_equal_bytes(snapshot: Snapshot, form_out: bytes) -> None:
    assert blank(snapshot) == form_out
    assert blank(snapshot, "west") != form_out


# --- what goes out ---


def test_required_stand_on_top_then_what_may_change_then_folded_what_is_not_begun(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-09/bureau.toml": head("bureau", "2026-09")}, plans={"chem.toml": FOLDED})
    one = form(snapshot, "east", OCTOBER)
    assert one.later
    sheet = opened(write(snapshot, one))[SHEET]
    ids = [sheet.cell(n, ITEM + 1).value for n in range(FIRST_ROW + 2, sheet.max_row + 1)]
    wanted = [None, *one.required, None, *one.open, None, *one.later]
    assert [i for i in ids if i] == [s.occurrence.id for s in wanted if s is not None]
    assert [n for n, i in enumerate(ids) if i is None][:3] == [n for n, s in enumerate(wanted) if s is None]
    folded = {row_of(sheet, s.occurrence.id) for s in one.later}
    for n in range(FIRST_ROW + 1, FIRST_ROW + 2 + len(wanted)):
        assert sheet.row_dimensions[n].hidden is (n in folded)
        assert sheet.row_dimensions[n].outlineLevel == (1 if n in folded else 0)
    assert sheet.row_dimensions[max(folded) + 1].collapsed


FOLDED = (
    tiny.CHEM
    + """
[[task]]
item = "4"
title = "明年的事"
[[task.milestone]]
id = "chem-4"
title = "明年的事"
what = "到明年再说"
wording = "年底前"
due = 2026-12-31
level = ["county"]
"""
)


def test_only_what_is_typed_is_open_and_the_rest_is_locked(form_out: bytes) -> None:
    book = opened(form_out)
    sheet = book[SHEET]
    assert all(book[name].protection.sheet for name in (SHEET, EVENTS, SCHEDULE, "填写说明"))
    rows = range(row_of(sheet, "mine-1"), row_of(sheet, "mine-1") + 4)
    for row in rows:
        open_columns = {n for n in range(1, ITEM + 3) if not sheet.cell(row, n).protection.locked}
        assert open_columns == set(COLUMN.values())
    assert {cell for cell in CELLS.values() if not sheet[cell].protection.locked} == set(CELLS.values())
    assert all(sheet.cell(3, n).protection.locked for n in range(1, 5))
    events = book[EVENTS]
    assert not events.cell(3, 1).protection.locked
    assert events.cell(2, 1).protection.locked
    assert events.cell(3 + EVENT_ROWS, 1).protection.locked
    assert sheet.protection.formatRows is False  # that is: allowed, for who has to unfold by hand


def test_states_are_chosen_and_days_and_numbers_checked_as_they_are_typed(form_out: bytes) -> None:
    book = opened(form_out)
    sheet = book[SHEET]
    row = row_of(sheet, "mine-1")
    rules = {}
    for key, column in COLUMN.items():
        cell = sheet.cell(row, column).coordinate
        found = [v for v in sheet.data_validations.dataValidation if cell in v.sqref]
        rules[key] = (found[0].type, found[0].formula1) if found else None
        assert len(found) <= 1
    assert rules["state"] == ("list", '"未启动,推进中,受阻,已完成,不涉及"')
    assert {rule[0] for key in ("done_on", "promised_on", "until") if (rule := rules[key])} == {"date"}
    assert rules["done"] == rules["total"] == ("decimal", "0")
    assert {key for key, rule in rules.items() if rule is None} == {f.key for f in FIELDS if f.kind == "text"}
    rest = [v for v in sheet.data_validations.dataValidation if "D5" in v.sqref]
    assert rest[0].formula1 == '"是,否"'
    kinds = [v for v in book[EVENTS].data_validations.dataValidation if "A3" in v.sqref]
    assert kinds[0].formula1 == "'_'!$A$1:$A$1"
    assert book["_"]["A1"].value == "试生产开始"
    assert book["_"].sheet_state == "hidden"


def test_ids_unit_month_and_layout_are_there_and_hidden(form_out: bytes) -> None:
    sheet = opened(form_out)[SHEET]
    assert sheet.column_dimensions[get_column_letter(ITEM + 1)].hidden
    assert sheet.row_dimensions[3].hidden
    assert [sheet.cell(3, n).value for n in range(1, 5)] == ["east", "2026-10", None, LAYOUT]


def test_help_stands_in_the_cells_and_on_a_sheet_of_its_own(form_out: bytes) -> None:
    book = opened(form_out)
    sheet = book[SHEET]
    assert "例如 2026-10-20" in sheet.cell(FIRST_ROW + 1, COLUMN["done_on"]).comment.text
    prompts = {v.prompt for v in sheet.data_validations.dataValidation}
    assert any(prompt and "例如 2026-10-20" in prompt for prompt in prompts)
    assert "零报告" in " ".join(str(row[0].value) for row in book["填写说明"].rows)


def test_the_title_names_unit_month_and_the_day_it_is_asked_for(form_out: bytes) -> None:
    sheet = opened(form_out)[SHEET]
    assert sheet["A1"].value == "东山县 2026年10月月报"
    formula = sheet.cell(2, len(SHOWN) + 1).value
    assert formula.startswith('="请于 2026-11-02 前报送，"&IF(TODAY()<=DATE(2026,11,2),')


def test_a_programme_without_a_monthly_rule_asks_for_no_day(tmp_path: Path) -> None:
    plan = tiny.PROGRAMME.split("[[report]]")[0]
    sheet = opened(blank(see(tmp_path, plans={"programme.toml": plan})))[SHEET]
    assert sheet.cell(2, len(SHOWN) + 1).value == '=""'


def test_each_row_has_wording_due_day_days_left_and_the_last_words(tmp_path: Path) -> None:
    long = "资金没有到位，" * 200
    text = head(month="2026-09") + (
        f'[[update]]\nitem = "mine-7"\nstate = "受阻"\ndone = 1048577\ntotal = 2000001\ncause = "{long}"\n'
        'measure = "已经列入预算"\npromised_on = 2026-12-20\nwaiting_on = "市局"\n'
        '[[update]]\nitem = "chem-1"\nstate = "推进中"\ndone = 3\n'
    )
    snapshot = see(tmp_path, {"2026-09/east.toml": text})
    sheet = opened(blank(snapshot))[SHEET]
    row = row_of(sheet, "mine-7")
    shown = [sheet.cell(row, n).value for n in range(1, len(SHOWN) + 1)]
    assert shown[1:6] == ["矿山", "机械化改造（矿山 ≥80%）", "80%以上", datetime(2026, 12, 31), "还有 61 天"]  # noqa: DTZ001
    assert shown[6].startswith("2026-09 受阻；1048577/2000001；原因：资金没有到位，")
    assert shown[6].endswith("…")
    assert sheet.row_dimensions[row].height <= 409
    assert "2026-09 推进中；3" in sheet.cell(row_of(sheet, "chem-1"), 7).value
    late = row_of(sheet, "mine-1")
    assert sheet.cell(late, 6).value == "已逾期 31 天"
    assert sheet.cell(late, 7).value == "还没有报过"
    assert sheet.cell(row_of(sheet, "mine-2@2026-10"), 3).value == "月度排查　2026-10"


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "http://x.cn/", "mailto:a@b", "<b>&amp;</b>", "'x", "{=1+1}", "#REF!"]


@pytest.mark.parametrize("words", HOSTILE)
def test_text_from_files_stays_text(tmp_path: Path, words: str) -> None:
    event = f'[[event]]\nkind = "trial"\nref = "T1"\nname = "{words}"\nplanned = 2026-12-12\n'
    text = head(month="2026-09") + f'[[update]]\nitem = "mine-7"\nstate = "推进中"\nnote = "{words}\\u001b"\n' + event
    book = opened(blank(see(tmp_path, {"2026-09/east.toml": text})))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert re.match(r"=(IF\(|\"|'月报'!)", cell.value), cell.coordinate
    cell = book[SHEET].cell(row_of(book[SHEET], "mine-7"), 7)
    assert cell.data_type == "s"
    assert cell.value == f"2026-09 推进中；说明：{words}\ufffd"
    assert book[EVENTS]["C3"].data_type in ("s", "e" if words == "#REF!" else "s")
    assert book[EVENTS]["C3"].value == words


def test_events_that_have_not_happened_are_listed_so_that_only_their_day_is_typed(tmp_path: Path) -> None:
    trial = '[[event]]\nkind = "trial"\nref = "{0}"\nname = "装置{0}"\nplanned = 2026-10-12\n'
    text = head(month="2026-09") + trial.format("T1") + trial.format("T2") + "actual = 2026-09-20\n"
    text += '[[event]]\nkind = "trial"\nref = "T3"\nname = "三号"\nactual = 2026-09-20\n'
    snapshot = see(
        tmp_path, {"2026-09/east.toml": text, "2026-09/west.toml": head("west", "2026-09") + trial.format("W")}
    )
    content = blank(snapshot)
    rows = [[c.value for c in row] for row in opened(content)[EVENTS].iter_rows(min_row=3, max_col=4)]
    assert [row for row in rows if any(row)] == [["试生产开始", "T1", "装置T1", datetime(2026, 10, 12)]]  # noqa: DTZ001
    submission, problems = back(
        snapshot, changed(filled(content), lambda book: book[EVENTS].__setitem__("E3", date(2026, 10, 13)))
    )
    assert problems == []
    assert [(e.ref, e.planned, e.actual) for e in submission.events] == [("T1", date(2026, 10, 12), date(2026, 10, 13))]


def test_the_schedule_shows_what_is_typed_in_its_own_row_and_prints_on_a4(snapshot: Snapshot, form_out: bytes) -> None:
    book = opened(form_out)
    sheet, month = book[SCHEDULE], book[SHEET]
    one = form(snapshot, "east", OCTOBER)
    for n, s in enumerate(one.required):
        assert sheet.cell(3 + n, 2).value == s.occurrence.milestone.title
        row = row_of(month, s.occurrence.id)
        for column, keys in ((5, ("state", "done", "total")), (6, ("state",)), (7, ("cause",)), (8, ("measure",)),
                             (9, ("promised_on",)), (10, ("note",))):  # fmt: skip
            formula = sheet.cell(3 + n, column).value
            wanted = {f"{get_column_letter(COLUMN[key])}{row}" for key in keys}
            assert set(re.findall(r"'月报'!([A-Z]+\d+)", formula)) == wanted
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    last = 3 + len(one.required) + 1
    assert [sheet.cell(last, n).value for n in (2, 4, 7, 9)] == [
        "=\"填报人：\"&'月报'!B4", "=\"审核人：\"&'月报'!D4", "=\"负责人：\"&'月报'!G4", "（盖章）"
    ]  # fmt: skip


def test_in_english_the_headings_are_english_and_the_answers_are_read_all_the_same(snapshot: Snapshot) -> None:
    use("en")
    try:
        content = blank(snapshot)
        submission, problems = back(snapshot, filled(content, ANSWERS))
    finally:
        use("zh")
    assert problems == []
    assert len(submission.updates) == 4


def test_what_has_no_day_has_none_on_the_sheet(snapshot: Snapshot) -> None:
    one = Form("east", OCTOBER, (at(snapshot, "east", "mine-4"),), ())
    book = opened(write(snapshot, one))
    assert [book[SHEET].cell(FIRST_ROW + 3, n).value for n in (3, 5, 6)] == ["坚持监管", None, None]
    assert book[SCHEDULE]["D3"].value in (None, "")


# --- parts ---


def test_a_section_fills_its_own_plans_and_the_file_says_so(snapshot: Snapshot) -> None:
    content = blank(snapshot, plans=("mine",))
    sheet = opened(content)[SHEET]
    assert sheet["A1"].value == "东山县 2026年10月月报（矿山）"
    ids = [sheet.cell(n, ITEM + 1).value for n in range(FIRST_ROW + 2, sheet.max_row + 1)]
    assert {i.partition("-")[0] for i in ids if i} == {"mine"}
    submission, problems = back(snapshot, filled(content, {"mine-1": ANSWERS["mine-1"]}))
    assert problems == []
    assert submission.head.part == ("mine",)
    assert opened(blank(snapshot, plans=("chem",)))["_"]["A1"].value is None


def test_two_plans_are_named_in_the_programmes_order_and_unknown_ones_not_at_all(snapshot: Snapshot) -> None:
    source = parse(filled(blank(snapshot, plans=("chem", "mine", "x"))), "x")
    assert source.data["part"] == ["mine", "chem"]
    assert "part" not in parse(filled(blank(snapshot, plans=("x",))), "x").data


def test_a_part_that_is_none_of_the_plans_is_a_problem_at_its_cell(snapshot: Snapshot, form_out: bytes) -> None:
    spoilt = changed(filled(form_out), lambda book: book[SHEET].__setitem__("C3", "gold"))
    assert places(back(snapshot, spoilt)[1]) == [("E07", f"{SHEET}!C3")]


# --- as people type ---


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


# --- as people spoil ---


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


def test_a_file_is_read_by_its_path_or_the_reason_is_said(tmp_path: Path, form_out: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(form_out)
    assert workbook.read(tmp_path / "a.xlsx", "a.xlsx").data["unit"] == "east"
    problems = workbook.read(tmp_path, "dir").problems
    assert [(p.code, p.place.file) for p in problems] == [("E01", "dir")]


def test_a_packed_file_is_known_by_what_is_inside(form_out: bytes) -> None:
    assert is_workbook(form_out)
    assert not is_workbook(b"PK\x03\x04 broken")
    assert not is_workbook(b"unit = 1")


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


# --- sent back ---


def test_problems_are_marked_in_their_cells_and_all_else_is_as_it_came(snapshot: Snapshot, form_out: bytes) -> None:
    content = filled(form_out, {**ANSWERS, "chem-1": {"state": "完工", "done": "三家"}}, WORDS, EVENT_ANSWERS)
    _submission, problems = back(snapshot, content)
    assert problems
    marked, before = opened(annotated(content, problems)), opened(content)
    assert marked.sheetnames == before.sheetnames
    cells = {p.place.cell for p in problems}
    for old, new in zip(before.worksheets, marked.worksheets, strict=True):
        assert new.sheet_state == old.sheet_state
        assert new.protection.sheet == old.protection.sheet
        assert new.merged_cells.ranges == old.merged_cells.ranges
        assert str(new.freeze_panes) == str(old.freeze_panes)
        assert [(str(v.sqref), v.formula1) for v in new.data_validations.dataValidation] == [
            (str(v.sqref), v.formula1) for v in old.data_validations.dataValidation
        ]
        assert {k: (d.hidden, d.width) for k, d in new.column_dimensions.items()} == {
            k: (d.hidden, d.width) for k, d in old.column_dimensions.items()
        }
        assert {k: (d.hidden, d.outlineLevel, d.height) for k, d in new.row_dimensions.items()} == {
            k: (d.hidden, d.outlineLevel, d.height) for k, d in old.row_dimensions.items()
        }
        for row in old.iter_rows():
            for cell in row:
                other = new[cell.coordinate]
                assert other.value == cell.value
                assert other.number_format == cell.number_format
                assert other.protection.locked == cell.protection.locked
                is_marked = f"{old.title}!{cell.coordinate}" in cells
                assert (other.fill.fgColor.rgb == "00FFC7CE") == is_marked
                assert is_marked or other.fill.fgColor.rgb == cell.fill.fgColor.rgb
                if not is_marked:
                    assert (other.comment and other.comment.text) == (cell.comment and cell.comment.text)
    for p in problems:
        sheet, _bang, cell = p.place.cell.partition("!")
        assert f"{p.code} {p.message}" in marked[sheet][cell].comment.text
    # Put right where it is marked, it can be sent again.
    assert said(back(snapshot, annotated(content, problems))[0]) == said(_submission)


def test_several_problems_of_one_cell_and_those_of_the_whole_file_find_a_place(form_out: bytes) -> None:
    there = Place("x", 12, 8, f"{SHEET}!H12")
    problems = [
        Problem(there, "E06", "一"),
        Problem(there, "E05", "二\x1b[31m"),
        Problem(Place("x"), "E08", "三"),
        Problem(Place("x", 1, 1, "无此表!A9"), "E08", "四"),
    ]
    book = opened(annotated(form_out, problems))
    assert book[SHEET]["H12"].comment.text == "E06 一\nE05 二\ufffd[31m"
    assert book[SHEET]["A1"].comment.text == "E08 三\nE08 四"


def test_annotate_writes_beside_and_never_over(tmp_path: Path, form_out: bytes) -> None:
    path = tmp_path / "茌平 月报.xlsx"
    path.write_bytes(form_out)
    found = [annotate_file(path, []) for _n in range(3)]
    assert [p.name for p in found] == ["茌平 月报.批注.xlsx", "茌平 月报.批注2.xlsx", "茌平 月报.批注3.xlsx"]
    assert path.read_bytes() == form_out
    assert all(opened(p.read_bytes()).sheetnames for p in found)


def test_what_is_no_workbook_cannot_be_annotated(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"no")
    with pytest.raises(ValueError, match="zip"):
        annotate_file(tmp_path / "x.xlsx", [])
    assert [p.name for p in tmp_path.iterdir()] == ["x.xlsx"]


# --- through another office program ---


@pytest.mark.needs_program
def test_saved_again_by_libreoffice_it_says_the_same(snapshot: Snapshot, form_out: bytes, tmp_path: Path) -> None:
    """Filled, turned into an .ods and back into an .xlsx: every part is written by LibreOffice anew."""
    office = program("soffice", "libreoffice-calc-nogui")
    content = filled(form_out, ANSWERS, WORDS, EVENT_ANSWERS)
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    for ending in ("ods", "xlsx"):
        command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", ending]
        subprocess.run(
            [*command, "--outdir", str(tmp_path / ending), str(path)], check=True, capture_output=True, timeout=180
        )
        path = tmp_path / ending / f"form.{ending}"
    submission, problems = back(snapshot, path.read_bytes())
    assert problems == []
    assert said(submission) == said(back(snapshot, content)[0])
    # What the other program worked out stands on the sheet for stamping.
    shown = openpyxl.load_workbook(path, data_only=True)[SCHEDULE]
    words = {str(cell.value) for row in shown.iter_rows() for cell in row}
    assert {"推进中", "是", "否", "资金没有到位", f"填报人：{PEOPLE['prepared_by']}"} <= words
    sheet = opened(path.read_bytes())[SHEET]
    assert sheet.protection.sheet
    assert sheet.row_dimensions[3].hidden
