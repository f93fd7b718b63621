"""The form as a workbook, there and back, through another office program too."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books import ANSWERS, EVENT_ANSWERS, PEOPLE, WORDS, back, blank, changed, filled, opened, places, said, toml
from office import converted
from tiny import head

from tracker import workbook
from tracker.filetypes import is_workbook
from tracker.snapshot import Snapshot
from tracker.workbook.back import parse
from tracker.workbook.layout import FIRST_ROW, ITEM, SCHEDULE, SHEET

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


def test_a_file_is_read_by_its_path_or_the_reason_is_said(tmp_path: Path, form_out: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(form_out)
    assert workbook.read(tmp_path / "a.xlsx", "a.xlsx").data["unit"] == "east"
    problems = workbook.read(tmp_path, "dir").problems
    assert [(p.code, p.place.file) for p in problems] == [("E01", "dir")]


def test_a_packed_file_is_known_by_what_is_inside(form_out: bytes) -> None:
    assert is_workbook(form_out)
    assert not is_workbook(b"PK\x03\x04 broken")
    assert not is_workbook(b"unit = 1")


@pytest.mark.needs_program
def test_saved_again_by_libreoffice_it_says_the_same(snapshot: Snapshot, form_out: bytes, tmp_path: Path) -> None:
    """Filled, turned into an .ods and back into an .xlsx: every part is written by LibreOffice anew."""
    content = filled(form_out, ANSWERS, WORDS, EVENT_ANSWERS)
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    for ending in ("ods", "xlsx"):
        [path] = converted(ending, path)
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
