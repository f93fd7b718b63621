"""The workbook that is sent back: problems marked in their cells, all else as it came."""

from pathlib import Path

import pytest
from books import ANSWERS, EVENT_ANSWERS, WORDS, back, filled, opened, said

from tracker.problems import Place, Problem
from tracker.snapshot import Snapshot
from tracker.workbook.layout import SHEET
from tracker.workbook.marked import annotate_file, annotated


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
