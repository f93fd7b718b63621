"""The Excel annex: its cells are what the views say, typed and harmless; equal inputs give equal bytes; it prints."""

import io
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import tiny
from office import converted, told_by
from sample import KNOWN_BY, october, sample

from tracker.cli import main
from tracker.figures import figures
from tracker.language import LANGUAGES, use
from tracker.lights import cell_words, matrix
from tracker.reports import as_xlsx, book, fields
from tracker.reports.annex import Book, Grid, Heading, Sheet, annex, is_under_way
from tracker.reports.bulletin import bulletin
from tracker.reports.document import Table
from tracker.statuses import light_words, status_words
from tracker.summary import summary
from tracker.terminal import plain
from tracker.views import overdue

ROOT = Path(__file__).parent.parent
HEADING = 3
"""The sample's headings stand below the title and the notice."""


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(sheet: Any, heading: int = HEADING) -> list[dict[str, Any]]:
    """The rows of a sheet's first grid, by heading."""
    lines = list(sheet.iter_rows(min_row=heading, values_only=True))
    names = [name for name in lines[0] if name]
    body = [dict(zip(names, line, strict=False)) for line in lines[1:]]
    return body[: next((n for n, row in enumerate(body) if row[names[0]] is None), len(body))]


@pytest.fixture(scope="module")
def file() -> Any:
    return opened(book(october()))


def test_a_sheet_a_plan_and_a_summary_before_them(file: Any) -> None:
    assert file.sheetnames == ["汇总", "化工", "矿山", "工贸"]


def test_the_rows_of_a_plan_are_what_the_snapshot_says_cell_for_cell(file: Any) -> None:
    snapshot = october()
    for plan in snapshot.programme.plans:
        rows = rows_of(file[plan.head.short])
        wanted = [
            s
            for unit in snapshot.programme.units
            for s in snapshot.standings
            if (s.occurrence.unit, s.occurrence.milestone.plan) == (unit.id, plan.stem) and is_under_way(snapshot, s)
        ]
        assert [row["序号"] for row in rows] == list(range(1, len(wanted) + 1))
        for row, s in zip(rows, wanted, strict=True):
            done, total = (s.progress.done, s.progress.total) if s.progress is not None else (None, None)
            assert row["单位"] == snapshot.unit_of(s).brief
            assert row["任务"] == fields.clause(s.occurrence.milestone.item)
            assert row["任务节点"] == fields.titled(s)
            assert row["责任单位/责任人"] == s.occurrence.milestone.owner
            assert row["期限原文"] == (s.occurrence.milestone.wording or None)
            assert (row["到期日"].date() if row["到期日"] else None) == s.due
            assert (row["灯"], row["状态"]) == (light_words(s.light), status_words(s.status))
            assert (row["逾期天数"] or 0, row["完成数"], row["总数"]) == (s.days_late, done, total)
            assert (row["完成日期"].date() if row["完成日期"] else None) == s.done_on


def test_whoever_counts_the_rows_comes_to_the_figures(file: Any) -> None:
    """What was owed by the day, in all sheets together, is what the summary and the bulletin say."""
    snapshot = october()
    listed = {(s.occurrence.unit, s.occurrence.id) for s in snapshot.standings if is_under_way(snapshot, s)}
    owed = [s for s in snapshot.standings if s.is_owed and s.due is not None and s.due <= snapshot.clocks.as_of]
    assert all((s.occurrence.unit, s.occurrence.id) in listed for s in owed)
    red = sum(str(row["灯"]).startswith("x") for name in file.sheetnames[1:] for row in rows_of(file[name]))
    assert red == figures(snapshot.standings, snapshot.clocks.as_of).late


def test_the_summary_says_what_the_bulletin_and_the_matrix_say(file: Any) -> None:
    snapshot = october()
    table = bulletin(snapshot).annexes[0].blocks[0]
    assert isinstance(table, Table)
    rows = rows_of(file["汇总"])
    names = [column.title for column in table.columns]
    for row, said in zip(rows, table.rows, strict=True):
        by_name = dict(zip(names, said, strict=True))
        assert row["报送单位"] == by_name["报送单位"]
        assert row["按期率"] == (
            None if by_name["按期率"] == "—" else pytest.approx(float(by_name["按期率"][:-1]) / 100)
        )
        for name in ("应完成", "已完成", "其中销号", "逾期", "累计漏报"):
            assert str(row[name]) == by_name[name]
        assert (row["报送"] or "") == by_name["报送"]
    found = matrix(snapshot)
    lights = [[row[name] for name in ("化工", "矿山", "工贸", "合计")] for row in rows[:-1]]
    assert lights == [[cell_words(c) for c in cells] for cells in found.cells]


def test_the_summary_compares_with_last_month(file: Any) -> None:
    said = summary(october())
    lines = [[c for c in line if c is not None] for line in file["汇总"].iter_rows(values_only=True)]
    [now] = [line for line in lines if line[:1] == ["本月"]]
    assert now[1:4] == [said.now.owed, said.now.done, said.now.verified]
    assert now[5:] == [said.now.late, said.not_reported]
    assert any(line[:1] == ["上月"] for line in lines)


def test_days_are_days_and_numbers_numbers(file: Any) -> None:
    sheet = file["化工"]
    columns = {cell.value: cell.column for cell in sheet[HEADING]}
    assert sheet.cell(HEADING + 1, columns["到期日"]).is_date
    assert sheet.cell(HEADING + 1, columns["到期日"]).number_format == "yyyy-mm-dd"
    assert sheet.cell(HEADING + 1, columns["序号"]).data_type == "n"


def test_headings_stay_in_sight_and_are_printed_on_every_page(file: Any) -> None:
    for sheet in file.worksheets:
        assert sheet.freeze_panes[1:] == str(HEADING + 1)
        assert sheet.print_title_rows == f"$1:${HEADING}"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert file["化工"].auto_filter.ref == f"A{HEADING}:Q{file['化工'].max_row}"
    # The sum of the city is not filtered away.
    assert file["汇总"].auto_filter.ref == f"A{HEADING}:L{HEADING + len(october().programme.units)}"


def test_lights_are_coloured_by_their_sign(file: Any) -> None:
    rules = [
        (str(cells.sqref), rule.formula[0]) for cells in file["化工"].conditional_formatting for rule in cells.rules
    ]
    last = file["化工"].max_row
    assert rules == [(f"H{HEADING + 1}:H{last}", f'LEFT(H{HEADING + 1},1)="{sign}"') for sign in "x!+-"]


def test_the_fingerprint_stands_in_the_properties_and_in_no_sheet(file: Any) -> None:
    fingerprint = october().fingerprint
    assert file.custom_doc_props["fingerprint"].value == fingerprint
    content = book(october())
    with zipfile.ZipFile(io.BytesIO(content)) as members:
        texts = members.read("xl/sharedStrings.xml").decode()
    assert fingerprint not in texts
    assert ".toml" not in texts
    assert "示例数据" in texts


def test_equal_inputs_give_equal_bytes() -> None:
    assert book(october()) == book(sample(known_by=KNOWN_BY + timedelta(hours=1)))


def test_of_one_unit_only_its_rows() -> None:
    file = opened(book(october(), "guanxian"))
    assert [row["报送单位"] for row in rows_of(file["汇总"])] == ["冠县"]
    assert {row["单位"] for name in file.sheetnames[1:] for row in rows_of(file[name])} == {"冠县"}
    assert "矿山" not in file.sheetnames
    late = [row for name in file.sheetnames[1:] for row in rows_of(file[name]) if str(row["灯"]).startswith("x")]
    assert len(late) == len([s for s in overdue(october()) if s.occurrence.unit == "guanxian"])


HOSTILE = (
    '=HYPERLINK("http://e")',
    "@SUM(A1)",
    "+1+1",
    "-2+3",
    "http://example.org",
    "\u202egnirts",
    "a\r\nb",
    "\x1b[31m红",
    "#N/A",
    "1e5",
    "x" * 40_000,
)


def test_hostile_text_stays_text() -> None:
    headings = (Heading(HOSTILE[0]), Heading("b", "light"))
    grid = Grid(headings, tuple((words, words) for words in HOSTILE))
    sheets = tuple(
        Sheet(name, HOSTILE[0], (grid,), (HOSTILE[0],)) for name in ("=1+1", "a/b[c]:*?", "A_B_C_:__", "'q'")
    )
    content = as_xlsx.write(Book(HOSTILE[0], HOSTILE[1], HOSTILE[0], sheets, "f"))
    file = opened(content)
    for sheet in file.worksheets:
        cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s"}
        assert all(cell.hyperlink is None for cell in cells)
        assert all(cell.quotePrefix for cell in cells)
    said = [file.worksheets[0].cell(row, 1).value for row in range(4, 4 + len(HOSTILE))]
    assert said == [plain(words)[:32_767] for words in HOSTILE]
    with zipfile.ZipFile(io.BytesIO(content)) as members:
        assert not any(b"<f>" in members.read(name) for name in members.namelist() if "worksheets" in name)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("化工", "化工"),
        ("a/b\\c[d]:*?", "a_b_c_d____"),
        ("'quoted'", "quoted"),
        ("", "_"),
        ("history", "history_2"),
        ("长" * 40, "长" * 31),
        ("TAKEN", "TAKEN_2"),
    ],
)
def test_a_sheets_name_is_one_that_excel_takes(words: str, name: str) -> None:
    assert as_xlsx.sheet_name(words, {"taken"}) == name


def test_the_same_long_name_twice_stays_short_enough() -> None:
    taken: set[str] = set()
    names = [as_xlsx.sheet_name("长" * 40, taken) for _n in range(11)]
    assert len(set(names)) == len(names)
    assert {len(name) for name in names} == {31}


def test_a_row_has_the_height_of_its_longest_text() -> None:
    grid = Grid((Heading("说明", "text", 10),), (("短",), ("很长的话" * 10,), ("很长的话" * 1000,)))
    file = opened(as_xlsx.write(Book("t", "a", "", (Sheet("s", "t", (grid,)),), "f")))
    heights = [file["s"].row_dimensions[row].height for row in (3, 4, 5)]
    assert heights[0] < heights[1] < heights[2] == pytest.approx(as_xlsx.TALLEST, abs=1)


def test_a_grid_without_rows_is_only_its_heading() -> None:
    file = opened(as_xlsx.write(Book("t", "a", "", (Sheet("s", "t", (Grid((Heading("灯", "light"),), ()),)),), "f")))
    assert file["s"]["A2"].value == "灯"
    assert file["s"].auto_filter.ref is None


def test_what_is_said_of_a_late_item_and_of_a_disputed_one(tmp_path: Path) -> None:
    more = 'item = "mine-1"\nstate = "受阻"\ncause = "=1+1 资金没有到位"\nmeasure = "催办"\nnote = "附言"\n'
    more += "promised_on = 2026-12-20\n"
    files = {
        "2026-09/decisions.toml": tiny.decision("correct", "east", "2026-10-03T09:00:00+08:00", more),
        "2026-10/decisions.toml": tiny.decision(
            "object", "east", "2026-11-03T09:00:00+08:00", 'item = "mine-1"\nfile = "x"'
        ),
    }
    snapshot = tiny.see(tmp_path, files)
    rows = {row["任务节点"]: row for row in rows_of(opened(book(snapshot, "east"))["矿山"], 2)}
    row = rows["公布包保名单"]
    assert (row["原因"], row["措施"], row["预计完成"].date()) == ("=1+1 资金没有到位", "催办", date(2026, 12, 20))
    assert row["备注"] == "附言；沿用上月；有异议，待裁定"
    assert "坚持监管" not in rows


def test_a_month_before_the_books_has_nothing_to_compare_with(tmp_path: Path) -> None:
    snapshot = tiny.see(tmp_path, as_of=date(2026, 8, 31))
    grids = annex(snapshot).sheets[0].grids
    assert [row[0] for row in grids[1].rows] == ["本月"]


def test_in_english_it_is_the_same_workbook_in_other_words(tmp_path: Path) -> None:
    output = tmp_path / "annex.xlsx"
    try:
        assert main(["--lang", "en", "report", "2026-10", "-C", str(ROOT), "-o", str(output)]) == 0
    finally:
        use(LANGUAGES[0])
    file = opened(output.read_bytes())
    assert len(file.sheetnames) == 4
    assert str(file["化工"].cell(HEADING + 1, 8).value)[0] in "x!+-"


def test_the_command_writes_the_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "附件.xlsx"
    assert main(["report", "2026-10", "-C", str(ROOT), "--format", "xlsx", "-o", str(output)]) == 0
    assert opened(output.read_bytes()).sheetnames[0] == "汇总"
    assert main(["report", "2026-10", "-C", str(ROOT), "--page", "-o", str(tmp_path / "x.xlsx")]) == 2
    assert "附件" in capsys.readouterr().err


@pytest.mark.needs_program
def test_libreoffice_prints_it_on_a4_across_with_its_heading_on_every_page(tmp_path: Path) -> None:
    (tmp_path / "annex.xlsx").write_bytes(book(october(), "chiping"))
    [pdf] = converted("pdf", tmp_path / "annex.xlsx")
    [(width, height)] = re.findall(r"Page size: +([\d.]+) x ([\d.]+)", told_by("pdfinfo", pdf))
    assert (round(float(width)), round(float(height))) == (842, 595)
    words = told_by("pdftotext", "-layout", pdf, "-")
    pages = words.rstrip("\f").split("\f")
    assert len(pages) >= 4
    assert all("任务节点" in page for page in pages[1:])
    assert "#" * 3 not in words
