"""The problems of any file, or of all."""

from pathlib import Path

import pytest
from books import blank, filled
from tiny import CHEM, PROGRAMME, build, decision, head, receipt, see

from tracker.checking import check_files, check_workspace
from tracker.workspace import Workspace

GOOD = head() + '[[update]]\nitem = "mine-7"\nstate = "推进中"\n'
BAD = GOOD.replace("mine-7", "mine-77")
OTHER = (
    PROGRAMME.replace('"chem"]', '"oil"]')
    .replace('"mine", ', "")
    .replace("甲市", "乙市")
    .replace("2026-01-01", "2027-01-01")
    .replace("2026-12-31", "2027-12-31")
    .replace("2026-08-01", "2027-01-01")
)
OIL = CHEM.replace("chem", "oil").replace("2026-", "2027-")


def found(root: Path, *names: str, programmes: tuple[str, ...] = ("city",)) -> list[tuple[str, str]]:
    problems = check_files(Workspace(root), programmes, [root / name for name in names])
    return [(p.place.file, p.code) for p in problems]


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A workspace with a second programme, of the same units, in the year after."""
    root = build(tmp_path)
    other = root / "plans/other"
    other.mkdir()
    (other / "programme.toml").write_text(OTHER, encoding="utf-8")
    (other / "oil.toml").write_text(OIL, encoding="utf-8")
    return root


def test_the_whole_workspace_has_the_problems_of_its_plans_and_of_all_months_worst_first(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "2026-09/east.toml": BAD.replace("2026-10", "2026-09"),
        "2026-10/east.toml": b"\xef\xbb\xbf" + BAD.encode(),
        "2026-10/west.toml": GOOD.replace("east", "west"),
    }
    plan = b"\xef\xbb\xbf" + CHEM.encode()
    root = build(tmp_path, {**files, "../../plans/city/chem.toml": plan})
    problems = check_workspace(Workspace(root), ["city"])
    assert [(p.place.file, p.code) for p in problems] == [
        ("plans/city/chem.toml", "W01"),
        ("status/city/2026-09/east.toml", "E07"),
        ("status/city/2026-10/east.toml", "E07"),
        ("status/city/2026-10/east.toml", "W01"),
    ]


def test_a_programme_that_cannot_be_read_has_its_own_problems(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/east.toml": BAD}, {"programme.toml": "x ="})
    problems = check_workspace(Workspace(root), ["city"])
    assert [(p.place.file, p.code) for p in problems] == [("plans/city/programme.toml", "E02")]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ('every = "quater"', "E06"),
        ('every = "quarter"\nby = "13-45"', "E10"),
        ('event = "trial"\nterm = "soon"', "E06"),
    ],
)
def test_mistaken_plans_are_named_and_nothing_is_checked_against_them(tmp_path: Path, rule: str, code: str) -> None:
    plan = CHEM.replace('every = "quarter"', rule).replace(
        "[[task]]", '[[event]]\nid = "trial2"\nname = "x"\n[[task]]', 1
    )
    root = build(tmp_path, {"2026-10/east.toml": BAD}, {"chem.toml": plan.replace('"trial"', '"trial2"')})
    problems = check_workspace(Workspace(root), ["city"])
    assert [(p.place.file, p.code) for p in problems] == [("plans/city/chem.toml", code)]
    (root / "a.toml").write_text("x =", encoding="utf-8")
    assert found(root, "status/city/2026-10/east.toml", "status/city/2026-10/east.toml", "a.toml") == [
        ("a.toml", "E02"),
        ("plans/city/chem.toml", code),
    ]


def test_a_good_workspace_has_none(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/east.toml": GOOD})
    assert check_workspace(Workspace(root), ["city"]) == []
    assert check_workspace(Workspace(root), []) == []


def test_a_file_of_a_month_has_its_own_problems_alone(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/east.toml": BAD, "2026-10/west.toml": BAD.replace("east", "west")})
    assert found(root, "status/city/2026-10/east.toml") == [("status/city/2026-10/east.toml", "E07")]
    assert len(found(root, "status/city/2026-10/east.toml", "status/city/2026-10/west.toml")) == 2


def test_a_file_of_a_month_without_a_mistake_has_none(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/east.toml": GOOD})
    assert found(root, "status/city/2026-10/east.toml") == []


def test_a_file_in_the_wrong_folder_or_changed_after_its_receipt_is_told_so(tmp_path: Path) -> None:
    files = {
        "2026-09/east.toml": GOOD,
        "2026-10/east.toml": GOOD,
        "2026-10/receipts.toml": receipt("east.toml", BAD, "2026-11-02T09:00:00+08:00"),
    }
    root = build(tmp_path, files)
    assert found(root, "status/city/2026-09/east.toml", "status/city/2026-10/east.toml") == [
        ("status/city/2026-09/east.toml", "E09"),
        ("status/city/2026-10/east.toml", "E19"),
    ]


def test_the_citys_own_files_are_checked_as_what_they_are(tmp_path: Path) -> None:
    ruling = decision("verify", "east", "2026-11-03T09:00:00+08:00", 'item = "mine-1"')
    files = {
        "2026-09/decisions.toml": ruling,
        "2026-10/decisions.toml": ruling.replace("mine-1", "mine-99"),
        "2026-10/receipts.toml": "x = 1",
    }
    root = build(tmp_path, files)
    assert found(root, "status/city/2026-09/decisions.toml") == []
    assert found(root, "status/city/2026-10/decisions.toml", "status/city/2026-10/receipts.toml") == [
        ("status/city/2026-10/decisions.toml", "E07"),
        ("status/city/2026-10/receipts.toml", "E03"),
    ]


def test_a_plans_file_has_the_problems_of_the_plans(tmp_path: Path) -> None:
    root = build(tmp_path, plans={"chem.toml": CHEM.replace('every = "quarter"', 'every = "quater"')})
    assert found(root, "plans/city/chem.toml") == [("plans/city/chem.toml", "E06")]
    assert found(root, "plans/city/mine.toml") == []


def test_a_file_from_outside_is_checked_against_the_one_programme_there_is(tmp_path: Path) -> None:
    root = build(tmp_path / "work")
    outside = tmp_path / "桌面.toml"
    outside.write_text(BAD, encoding="utf-8")
    assert found(root, "../桌面.toml") == [(str(root / "../桌面.toml"), "E07")]
    outside.write_text(GOOD, encoding="utf-8")
    assert found(root, "../桌面.toml") == []


def test_a_file_that_is_not_there_or_says_nothing_is_one_problem(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/east.toml": ""})
    assert found(root, "status/city/2026-10/none.toml") == [("status/city/2026-10/none.toml", "E01")]
    assert found(root, "none.toml", "plans/city/none.toml") == [("none.toml", "E01"), ("plans/city/none.toml", "E01")]
    assert found(root, "status/city/2026-10/east.toml") == [("status/city/2026-10/east.toml", "E04")]


def test_among_several_programmes_the_month_decides_and_a_folder_before_it(two: Path) -> None:
    both = ("city", "other")
    (two / "a.toml").write_text(GOOD, encoding="utf-8")
    (two / "b.toml").write_text(GOOD.replace("2026-10", "2027-10").replace("mine-7", "oil-3"), encoding="utf-8")
    (two / "c.toml").write_text(GOOD.replace("2026-10", "2030-10"), encoding="utf-8")
    assert found(two, "a.toml", "b.toml", programmes=both) == []
    # In no programme's time: checked by the first that has the unit, and long overdue there.
    assert found(two, "c.toml", programmes=both) == [("c.toml", "E12")] * 3
    (two / "last.toml").write_text(GOOD.replace("2026-10", "2027-12").replace("mine-7", "oil-1"), encoding="utf-8")
    assert found(two, "last.toml", programmes=both) == []
    (two / "d.toml").write_text(GOOD.replace("2026-10", "2027-10"), encoding="utf-8")
    assert found(two, "d.toml", programmes=both) == [("d.toml", "E07")]
    folder = two / "status/other/2027-10"
    folder.mkdir(parents=True)
    (folder / "e.toml").write_text(GOOD, encoding="utf-8")
    assert ("status/other/2027-10/e.toml", "E07") in found(two, "status/other/2027-10/e.toml", programmes=both)


def test_a_unit_may_be_named_in_words_to_find_its_programme(two: Path) -> None:
    (two / "a.toml").write_text(GOOD.replace('"east"', '"东山县"'), encoding="utf-8")
    assert found(two, "a.toml", programmes=("city", "other")) == [("a.toml", "E08")]


@pytest.mark.parametrize("line", ['unit = "nobody"', "unit = ['east']", "unit = {}", "x = 1", "[[unit]]"])
def test_a_file_whose_programme_cannot_be_told_is_told_so(two: Path, line: str) -> None:
    (two / "a.toml").write_text(line, encoding="utf-8")
    problems = check_files(Workspace(two), ["city", "other"], [two / "a.toml"])
    assert [(p.place.file, p.place.line, p.code) for p in problems] == [("a.toml", 1, "E08")]
    assert "--programme" in problems[0].hint


def test_a_file_that_cannot_be_read_and_belongs_nowhere_keeps_its_own_problem(two: Path) -> None:
    (two / "a.toml").write_bytes(b"PK\0")
    assert found(two, "a.toml", programmes=("city", "other")) == [("a.toml", "E01")]


def test_without_a_readable_programme_a_file_belongs_nowhere(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/east.toml": GOOD}, {"programme.toml": "x ="})
    assert found(root, "status/city/2026-10/east.toml") == [("status/city/2026-10/east.toml", "E08")]


# --- workbooks ---


def test_a_workbook_is_checked_by_its_cells(tmp_path: Path) -> None:
    root = build(tmp_path / "w")
    snapshot = see(root)
    bad = filled(blank(snapshot), {"chem-1": {"state": "推进中", "done": "三家"}})
    for name in ("表.xlsx", "大写.XLSX", "status/city/2026-10/放在文件夹里.xlsx"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(bad)
        problems = check_files(Workspace(root), ["city"], [root / name])
        assert [str(p.place) for p in problems] == [f"{name}:月报!J18"]
        assert [p.code for p in problems] == ["E05"]
    (root / "good.xlsx").write_bytes(filled(blank(snapshot)))
    assert found(root, "good.xlsx") == []


def test_a_workbook_is_checked_by_the_programme_that_runs_in_its_month(two: Path) -> None:
    (two / "a.xlsx").write_bytes(filled(blank(see(two))))
    assert found(two, "a.xlsx", programmes=("city", "other")) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", GOOD.encode(), b"\0"])
def test_a_workbook_that_is_none_is_one_problem(tmp_path: Path, content: bytes) -> None:
    root = build(tmp_path)
    (root / "x.xlsx").write_bytes(content)
    assert found(root, "x.xlsx", "gone.xlsx") == [("gone.xlsx", "E01"), ("x.xlsx", "E01")]
    (root / "folder.xlsx").mkdir()
    assert found(root, "folder.xlsx") == [("folder.xlsx", "E01")]
