"""The workbook that goes out: what is asked, what is locked, what is shown, and text that stays text."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
import tiny
from books import ANSWERS, CELLS, COLUMN, back, blank, changed, filled, opened, row_of
from openpyxl.utils import get_column_letter
from tiny import OCTOBER, at, head, see

from tracker.forms import Form, form
from tracker.language import use
from tracker.snapshot import Snapshot
from tracker.workbook.layout import EVENT_ROWS, EVENTS, FIELDS, FIRST_ROW, ITEM, LAYOUT, SCHEDULE, SHEET, SHOWN
from tracker.workbook.out import write


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
