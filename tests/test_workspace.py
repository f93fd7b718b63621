"""Where things are."""

from datetime import date
from pathlib import Path

import pytest
from tiny import PROGRAMME, build

from tracker import workspace as module
from tracker.plan_files import load
from tracker.workspace import KEPT, Workspace, create, find, shipped, version_of

SAMPLE = PROGRAMME.replace("records_from = 2026-08-01", "records_from = 2026-08-01    # 建账月份").replace(
    '"chem"]', '"chem"]\nsample = true    # 示例数据'
)


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a wheel would carry, in a small edition."""
    folder = build(tmp_path / "shipped", {"2026-10/east.toml": 'unit = "east"\n'}, {"programme.toml": SAMPLE})
    (folder / "plans/city/assignments.toml").write_text("# 示例分工\n", encoding="utf-8")
    (folder / "status/README.md").write_text("怎样填\n", encoding="utf-8")
    monkeypatch.setattr(module, "SHIPPED", folder)
    return folder


def test_a_workspace_is_found_from_a_folder_within_it(tmp_path: Path) -> None:
    root = build(tmp_path / "work", {"2026-10/east.toml": ""})
    assert find(root) == find(root / "status/city/2026-10") == Workspace(root)


def test_a_folder_with_plans_but_no_status_is_not_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    assert find(tmp_path / "plans") is None


def test_programmes_are_the_folders_with_a_programme_file(tmp_path: Path) -> None:
    root = build(tmp_path)
    (root / "plans/notes").mkdir()
    assert Workspace(root).programmes == ["city"]


def test_paths_are_shown_from_the_root_with_forward_slashes_and_others_whole(tmp_path: Path) -> None:
    here = Workspace(tmp_path)
    assert here.shown(tmp_path / "status" / "city" / "east.toml") == "status/city/east.toml"
    assert here.shown(Path("/elsewhere/east.toml")) == "/elsewhere/east.toml"


def test_months_are_the_folders_named_like_months_in_order(tmp_path: Path) -> None:
    root = build(tmp_path, {"2026-10/a.toml": "", "2025-12/a.toml": "", "opening/a.toml": "", "2026-13/a.toml": ""})
    (root / "status/city/2026-11").write_text("not a folder", encoding="utf-8")
    assert [(month, path.name) for month, path in Workspace(root).months("city")] == [
        (date(2025, 12, 1), "2025-12"),
        (date(2026, 10, 1), "2026-10"),
    ]
    assert Workspace(root).months("elsewhere") == []


def test_a_folder_named_like_the_year_zero_or_like_the_last_year_of_all_is_no_month(tmp_path: Path) -> None:
    root = build(tmp_path, {"0000-01/a.toml": "", "9999-12/a.toml": "", "２０２６-10/a.toml": ""})
    assert Workspace(root).months("city") == []


def test_submissions_are_all_toml_files_of_a_month_but_those_the_city_keeps(tmp_path: Path) -> None:
    names = ["east.toml", "east.2.toml", "east.10.toml", "west.docx", "held/x.toml", *KEPT]
    root = build(tmp_path, {**{f"2026-10/{name}": "" for name in names}, "opening/west.toml": ""})
    here = Workspace(root)
    assert [path.name for path in here.submissions("city")] == ["east.toml", "east.2.toml", "east.10.toml"]
    assert [path.name for path in here.openings("city")] == ["west.toml"]
    assert here.openings("elsewhere") == []


def test_files_are_those_by_which_something_is_judged_as_people_are_shown_them(tmp_path: Path) -> None:
    names = ("east.toml", "west.docx", "held/x.toml", *KEPT)
    files = {f"2026-10/{name}": "" for name in names} | {f"checklist/2026-Q3/{name}": "" for name in names}
    root = build(tmp_path, {**files, "opening/west.toml": "", "silences.toml": "", "notes/a.toml": "", "b.toml": ""})
    of_month = ("decisions.toml", "east.toml", "narrative.toml", "receipts.toml")
    assert list(Workspace(root).files("city")) == [
        "status/city/silences.toml",
        "status/city/opening/west.toml",
        *(f"status/city/2026-10/{name}" for name in of_month),
        *(f"status/city/checklist/2026-Q3/{name}" for name in of_month if name != "narrative.toml"),
    ]
    assert list(Workspace(root).files("elsewhere")) == []


def test_a_workspace_is_its_folder_and_whether_it_lasts(tmp_path: Path) -> None:
    here = Workspace(tmp_path)
    assert {here, Workspace(tmp_path)} == {here}
    assert here != Workspace(tmp_path, is_lasting=False)
    assert here != tmp_path
    assert str(tmp_path) in repr(here)


@pytest.mark.parametrize(("name", "version"), [("east.toml", 1), ("east.2.toml", 2), ("east.mine.12.toml", 12)])
def test_a_version_stands_in_the_name(name: str, version: int) -> None:
    assert version_of(Path(name)) == version


def test_a_new_workspace_with_the_sample_is_all_that_came_with_the_program(tmp_path: Path, carried: Path) -> None:
    create(tmp_path / "new", date(2026, 11, 21), sample=True)
    shown = sorted(path.relative_to(carried).as_posix() for path in carried.rglob("*"))
    assert sorted(path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*")) == shown
    assert "sample = true" in (tmp_path / "new/plans/city/programme.toml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("carried")
def test_a_new_workspace_without_the_sample_begins_its_books_this_month_with_nothing_invented(tmp_path: Path) -> None:
    create(tmp_path / "new", date(2026, 11, 21), sample=False)
    programme, problems = load(tmp_path / "new/plans", "city")
    assert problems == []
    assert programme is not None
    assert (programme.head.records_from, programme.head.sample) == (date(2026, 11, 1), False)
    assert not (tmp_path / "new/plans/city/assignments.toml").exists()
    assert [path.name for path in (tmp_path / "new/status").iterdir()] == ["README.md"]
    assert find(tmp_path / "new") == Workspace(tmp_path / "new")


def test_what_came_with_the_program_is_the_checkout_itself_where_no_wheel_was_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHIPPED", tmp_path / "none")
    assert (shipped() / "tracker").is_dir()
    monkeypatch.setattr(module, "SHIPPED", tmp_path)
    assert shipped() == tmp_path
