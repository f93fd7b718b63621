"""The upper level's form: filled from the same data, its looks kept, every mistake in the mapping at its place."""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import tiny
from openpyxl.styles import Border, Font, Side
from sample import october

from tracker.cli import main
from tracker.problems import Problem
from tracker.reports.annex import is_under_way
from tracker.reports.poured import followed, pour
from tracker.snapshot import Snapshot
from tracker.source import parse

ROOT = Path(__file__).parent.parent
FORM = ROOT / "plans" / "liaocheng" / "templates" / "province.xlsx"
MAPPING = FORM.with_suffix(".toml")

SMALL = '[[sheet]]\nname = "表"\nstart = 3\n[sheet.columns]\nA = "number"\nB = "unit_name"\nC = "title"\nD = "due"\n'


def form(change: Any = None, room: int = 1, *, footer: bool = True) -> bytes:
    """A form with a heading, some empty rows, a sum and a line for signatures."""
    file = openpyxl.Workbook()
    sheet: Any = file.active
    sheet.title = "表"
    sheet["A1"] = "统计表"
    for n, words in enumerate(("序号", "单位", "工作", "时限", "备注"), 1):
        sheet.cell(2, n, words)
    for row in range(3, 3 + room):
        for n in range(1, 6):
            sheet.cell(row, n).font = Font(name="仿宋", size=11)
            sheet.cell(row, n).border = Border(bottom=Side(style="thin"))
        sheet.cell(row, 4).number_format = "yyyy.mm.dd"
        sheet.row_dimensions[row].height = 42
    if footer:
        end = 3 + room
        sheet.cell(end, 1, "合计")
        sheet.cell(end, 3, f"=COUNTA(C3:C{end - 1})")
        sheet.merge_cells(start_row=end, end_row=end, start_column=4, end_column=5)
        sheet.row_dimensions[end].height = 26
        sheet.cell(end + 1, 1, "填表人：")
        sheet.print_area = f"A1:E{end + 1}"
    if change is not None:
        change(file, sheet)
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def poured(snapshot: Snapshot, template: bytes, mapping: str = SMALL, unit: str | None = None) -> Any:
    """The filled form, opened."""
    content, problems = pour(template, parse(mapping.encode(), "m.toml"), snapshot, "f.xlsx", unit)
    assert problems == []
    assert content is not None
    return openpyxl.load_workbook(io.BytesIO(content))


def wrong(snapshot: Snapshot, mapping: str, template: bytes | None = None) -> list[Problem]:
    """The problems of a mapping."""
    content, problems = pour(template or form(), parse(mapping.encode(), "m.toml"), snapshot, "f.xlsx")
    assert content is None
    return problems


@pytest.fixture(scope="module")
def tiny_october(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return tiny.see(tmp_path_factory.mktemp("poured"))


def wanted(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    """What the small mapping asks for."""
    order = [unit.id for unit in snapshot.programme.units]
    rows = sorted(
        (s for s in snapshot.standings if is_under_way(snapshot, s)), key=lambda s: order.index(s.occurrence.unit)
    )
    return [(n, snapshot.unit_of(s).name, s.occurrence.milestone.title, s.due) for n, s in enumerate(rows, 1)]


def cells(sheet: Any, first: int, count: int) -> list[tuple[Any, ...]]:
    lines = sheet.iter_rows(min_row=first, max_row=first + count - 1, max_col=4, values_only=True)
    return [tuple(v.date() if isinstance(v, datetime) else v for v in line) for line in lines]


@pytest.mark.parametrize("room", [1, 3, 60])
def test_the_rows_are_the_snapshots_and_the_footer_follows(tiny_october: Snapshot, room: int) -> None:
    rows = wanted(tiny_october)
    sheet = poured(tiny_october, form(room=room))["表"]
    assert cells(sheet, 3, len(rows)) == rows
    end = 3 + max(room, len(rows))
    assert sheet.cell(end, 1).value == "合计"
    assert sheet.cell(end, 3).value == f"=COUNTA(C3:C{end - 1})"
    assert sheet.cell(end + 1, 1).value == "填表人："
    assert [r.coord for r in sheet.merged_cells.ranges] == [f"D{end}:E{end}"]
    assert sheet.row_dimensions[end].height == 26
    assert sheet.print_area == f"'表'!$A$1:$E${end + 1}"


def test_added_rows_look_like_the_first(tiny_october: Snapshot) -> None:
    sheet = poured(tiny_october, form())["表"]
    for row in (3, 4, 2 + len(wanted(tiny_october))):
        assert [sheet.cell(row, n).font.name for n in range(1, 6)] == ["仿宋"] * 5
        assert [sheet.cell(row, n).border.bottom.style for n in range(1, 6)] == ["thin"] * 5
        assert sheet.cell(row, 4).number_format == "yyyy.mm.dd"
        assert sheet.cell(row, 4).is_date
        assert sheet.row_dimensions[row].height == 42


def test_a_form_without_a_footer_just_grows(tiny_october: Snapshot) -> None:
    def own(_file: Any, sheet: Any) -> None:
        sheet["D3"].number_format = "General"
        sheet.auto_filter.ref = "A2:E3"

    sheet = poured(tiny_october, form(own, footer=False))["表"]
    rows = wanted(tiny_october)
    assert cells(sheet, 3, len(rows)) == rows
    assert sheet.max_row == 2 + len(rows)
    # A day is a day even where the form did not think of one.
    assert sheet["D3"].number_format == "yyyy-mm-dd"
    assert sheet.auto_filter.ref == f"A2:E{2 + len(rows)}"


def test_formulas_and_merged_cells_of_the_first_row_go_on(tiny_october: Snapshot) -> None:
    def own(file: Any, sheet: Any) -> None:
        sheet["E3"] = "=LEN(C3)"
        sheet.merge_cells("F3:G3")
        other = file.create_sheet("汇总 表")
        other["A1"] = "='表'!C4+SUM(表!D3:D3)+C4"

    file = poured(tiny_october, form(own))
    sheet, last = file["表"], 2 + len(wanted(tiny_october))
    assert [sheet.cell(row, 5).value for row in (3, 4, last)] == ["=LEN(C3)", "=LEN(C4)", f"=LEN(C{last})"]
    assert f"F{last}:G{last}" in {r.coord for r in sheet.merged_cells.ranges}
    assert file["汇总 表"]["A1"].value == f"='表'!C{last + 1}+SUM(表!D3:D{last})+C4"


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("=A2+A3", "=A2+A3"),
        ("=$A$5*2", "=$A$8*2"),
        ("=SUM(A3:A4)", "=SUM(A3:A7)"),
        ("=SUM(A:A)", "=SUM(A:A)"),
        ('=IF(A5>0,"A5",LOG10(A9))', '=IF(A8>0,"A5",LOG10(A12))'),
        ("=别的!A5", "=别的!A5"),
        ("='表'!A5", "='表'!A8"),
    ],
)
def test_a_formula_follows_the_rows_that_moved(formula: str, after: str) -> None:
    assert followed(formula, "表", "表", 5, 3) == after


def test_only_what_the_mapping_asks_for(tiny_october: Snapshot) -> None:
    def titles(more: str, unit: str | None = None) -> set[tuple[Any, Any]]:
        mapping = SMALL.replace("start = 3\n", f"start = 3\n{more}\n")
        sheet = poured(tiny_october, form(footer=False), mapping, unit)["表"]
        return {(sheet.cell(row, 2).value, sheet.cell(row, 3).value) for row in range(3, sheet.max_row + 1)}

    everything = titles("")
    assert {unit for unit, _title in titles('unit = "east"')} == {"东山县"}
    assert titles("", "east") == titles('unit = "east"')
    assert titles('plan = "chem"') < everything
    late = titles('rows = "late"')
    assert late == {
        (tiny_october.unit_of(s).name, s.occurrence.milestone.title) for s in tiny_october.standings if s.is_late
    }
    assert late < titles('rows = "open"') <= everything


def test_without_rows_the_example_is_taken_away(tmp_path: Path) -> None:
    def own(_file: Any, sheet: Any) -> None:
        sheet["C3"] = "（示例）"

    snapshot = tiny.see(tmp_path, as_of=date(2026, 8, 1))
    sheet = poured(snapshot, form(own), SMALL.replace("start = 3", 'start = 3\nrows = "late"'))["表"]
    assert sheet["C3"].value is None
    assert sheet["A4"].value == "合计"


def test_single_cells_are_filled(tiny_october: Snapshot) -> None:
    mapping = SMALL + '[sheet.cells]\nA1 = "issuer"\nF1 = "month"\nG1 = "as_of"\nF2 = "city"\nG2 = "programme"\n'
    sheet = poured(tiny_october, form(), mapping)["表"]
    assert [sheet[c].value for c in ("A1", "F1", "F2", "G2")] == [
        "甲市安委会办公室", "2026年10月", "甲市", "甲市安全生产行动",
    ]  # fmt: skip
    assert sheet["G1"].value.date() == date(2026, 10, 31)


HOSTILE = ['=HYPERLINK(\\"http://e\\")', "@SUM(A1)", "+1", "#N/A", "http://e", "\\u202egnirts\\u001b[31m\\r\\n二"]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_countys_text_stays_text(tmp_path: Path, words: str) -> None:
    more = f'item = "mine-1"\nstate = "推进中"\ncause = "{words}"\n'
    snapshot = tiny.see(
        tmp_path, {"2026-10/decisions.toml": tiny.decision("correct", "east", "2026-11-03T09:00:00+08:00", more)}
    )
    mapping = SMALL.replace('C = "title"', 'C = "cause"\nE = "is_owed"\nF = "item"')
    sheet = poured(snapshot, form(), mapping)["表"]
    row = next(r for r in range(3, sheet.max_row) if sheet.cell(r, 6).value == "mine-1")
    cell = sheet.cell(row, 3)
    assert (cell.data_type, cell.hyperlink, cell.quotePrefix) == ("s", None, True)
    assert not set(str(cell.value)) & set("\x1b\u202e\r\n")
    assert sheet.cell(row, 5).value == "是"


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "hint"),
    [
        ('name = "表"', 'name = "表格"', "E07", 2, ""),
        ("start = 3", "start = 0", "E10", 3, "第一行"),
        ("start = 3", 'start = "3"', "E05", 3, "整数"),
        ('C = "title"', 'C = "titel"', "E07", 7, "title"),
        ('C = "title"', '"3" = "title"', "E10", 7, "字母"),
        ('C = "title"', 'ZZZ = "title"', "E10", 7, "字母"),
        ("start = 3", 'start = 3\nplan = "mines"', "E07", 4, "mine"),
        ("start = 3", 'start = 3\nunit = "easst"', "E08", 4, "east"),
        ("start = 3", 'start = 3\nrows = "red"', "E06", 4, ""),
        ("start = 3", "start = 3\ncolour = 1", "E03", 4, ""),
        ('D = "due"', 'D = "due"\n[sheet.cells]\nA0 = "month"', "E10", 10, "B2"),
        ('D = "due"', 'D = "due"\n[sheet.cells]\nA1 = "moon"', "E07", 10, ""),
    ],
)
def test_a_mistake_in_the_mapping_is_named_at_its_place(
    tiny_october: Snapshot, old: str, new: str, code: str, line: int, hint: str
) -> None:
    problems = wrong(tiny_october, SMALL.replace(old, new))
    assert [(p.code, p.place.file, p.place.line) for p in problems] == [(code, "m.toml", line)]
    assert hint in problems[0].hint


def test_a_column_hidden_in_a_merged_cell_is_named(tiny_october: Snapshot) -> None:
    def own(_file: Any, sheet: Any) -> None:
        sheet.merge_cells("B3:C3")
        sheet.merge_cells("F1:G1")

    mapping = SMALL + '[sheet.cells]\nG1 = "month"\n'
    problems = wrong(tiny_october, mapping, form(own))
    assert [(p.code, p.place.line) for p in problems] == [("E10", 7), ("E10", 10)]
    assert "B3:C3" in problems[0].message


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 an old .xls"])
def test_what_is_no_workbook_is_a_problem(tiny_october: Snapshot, content: bytes) -> None:
    result, problems = pour(content, parse(SMALL.encode(), "m.toml"), tiny_october, "f.xlsx")
    assert result is None
    assert [(p.code, str(p.place)) for p in problems] == [("E01", "f.xlsx")]


def test_equal_inputs_give_equal_bytes_and_the_fingerprint_is_renewed(tiny_october: Snapshot) -> None:
    source = parse(SMALL.encode(), "m.toml")
    first, _problems = pour(form_bytes := form(), source, tiny_october, "f.xlsx")
    assert first is not None
    assert first == pour(form_bytes, source, tiny_october, "f.xlsx")[0]
    again = poured(tiny_october, first)
    assert [p.value for p in again.custom_doc_props.props if p.name == "fingerprint"] == [tiny_october.fingerprint]
    assert again.properties.modified == datetime(2026, 1, 1)  # noqa: DTZ001 - Excel knows no zones


def test_the_sample_form_is_filled_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "省厅表.xlsx"
    ask = ["report", "2026-10", "-C", str(ROOT), "--known-by", "2026-11-06", "--into", str(FORM), "-o", str(output)]
    assert main([*ask, "--mapping", str(MAPPING)]) == 0
    sheet = openpyxl.load_workbook(output)["进展情况"]
    snapshot = october()
    open_ones = [
        s
        for s in snapshot.standings
        if s.occurrence.milestone.plan == "chemical" and is_under_way(snapshot, s) and s.is_owed and not s.is_done
    ]
    last = 3 + len(open_ones)
    assert sheet.cell(last, 1).value == len(open_ones)
    assert sheet.cell(last + 1, 1).value == "合计"
    assert f"COUNTA(D4:D{last})" in str(sheet.cell(last + 1, 4).value)
    assert sheet["C2"].value == "聊城市"
    assert sheet["F4"].number_format == "yyyy.mm.dd"
    assert main(ask) == 2
    assert "--mapping" in capsys.readouterr().err
    assert main([*ask[:-2], "--mapping", str(MAPPING)]) == 2
    missing = [*ask, "--mapping", str(MAPPING)]
    missing[missing.index(str(FORM))] = str(tmp_path / "none.xlsx")
    assert main(missing) == 1
    assert "读不出来" in capsys.readouterr().err


def test_a_mistaken_mapping_ends_the_command_with_its_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.toml").write_text(SMALL, encoding="utf-8")
    ask = ["report", "2026-10", "-C", str(ROOT), "--into", str(FORM), "-o", str(tmp_path / "o.xlsx")]
    assert main([*ask, "--mapping", str(tmp_path / "m.toml")]) == 1
    assert "m.toml:2:" in capsys.readouterr().out
    assert not (tmp_path / "o.xlsx").exists()
