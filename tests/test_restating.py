"""Restating a month: each figure and each item that would be another now, with its cause."""

import json
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sealed import DONE, EDITION, ISSUED, LATER, SEPTEMBER, issue, october, reported
from tiny import build, head, receipt

from tracker import archive, writing
from tracker.cli import main
from tracker.counts import counts
from tracker.deadlines import month_end
from tracker.reports import FORMATS
from tracker.reports.issued import read_issued
from tracker.reports.restatement import restatement
from tracker.restating import FigureChange, ItemChange, _causes, restate
from tracker.snapshot import take
from tracker.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two units have reported on September, and the city has verified an item."""
    return reported(tmp_path / "w")


def restated(root: Path, now: datetime = LATER) -> Any:
    here = Workspace(root)
    [(_path, _content, found, _wrong)] = archive.manifests(here, "city")
    assert found is not None
    after, _problems = take(here, "city", month_end(SEPTEMBER), now)
    folder = root.parent / "again"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    before = archive.rebuilt(here, found, folder)
    assert before is not None
    assert after is not None
    assert counts(before) == found.figures
    return restate(found.figures, before, after)


def test_nothing_has_changed_in_a_month_of_which_nothing_came_later(root: Path) -> None:
    issue(root)
    found = restated(root, ISSUED)
    assert (found.figures, found.items) == ((), ())


def test_each_figure_and_each_item_is_restated_with_its_cause(root: Path) -> None:
    issue(root)
    text = head("west", "2026-09") + DONE
    build(root, {"2026-09/west.2.toml": text})
    writing.append(
        root / "status/city/2026-09/receipts.toml", receipt("west.2.toml", text, "2026-10-09T09:00:00+08:00")
    )
    october(root)
    found = restated(root)
    changed = {(c.of, c.name): (c.before, c.after) for c in found.figures}
    assert changed["unit:east", "verified"] == ("1", "0")
    assert changed["unit:west", "done"] == ("0", "1")
    assert ("city", "done") not in changed
    items = {(i.unit, i.item): i for i in found.items}
    assert [(c.kind, c.file, c.by, c.reason) for c in items["east", "mine-1"].causes] == [
        ("refuse", "status/city/2026-09/decisions.toml", "刘某", "属实")
    ]
    assert [(c.kind, c.file) for c in items["west", "mine-1"].causes] == [
        ("submission", "status/city/2026-09/west.2.toml")
    ]
    assert "2026年10月9日收到补报" in FORMATS["md"](restatement(found, "", date(2026, 10, 2))).decode()


def test_where_no_record_came_the_plans_or_the_program_are_the_cause(root: Path) -> None:
    issue(root)
    plan = (root / "plans/city/mine.toml").read_text(encoding="utf-8")
    build(root, plans={"mine.toml": plan.replace("due = 2026-09-30", "due = 2026-09-15")})
    assert {c.kind for i in restated(root, ISSUED).items for c in i.causes} == {"plans"}


def test_a_shared_number_is_restated_for_the_unit_that_gave_it_and_for_the_sum(root: Path) -> None:
    issue(root)
    text = head("west", "2026-09") + '[[update]]\nitem = "chem-1"\nstate = "推进中"\ndone = 40\n'
    build(root, {"2026-09/west.2.toml": text})
    writing.append(
        root / "status/city/2026-09/receipts.toml", receipt("west.2.toml", text, "2026-10-09T09:00:00+08:00")
    )
    items = {(i.unit, i.item): i for i in restated(root).items}
    assert {c.file for c in items["bureau", "chem-1"].causes} == {"status/city/2026-09/west.2.toml"}


def test_a_plan_dropped_since_is_still_named_and_an_unexplained_change_is_the_programs(root: Path) -> None:
    issue(root)
    found = restated(root)
    assert found.items == ()
    program = tuple(_causes(found.before, found.after, "west", "mine-1"))
    assert [c.kind for c in program] == ["program"]
    gone = replace(
        found, figures=(FigureChange("plan:gone", "done", "1", ""), FigureChange("unit:gone", "done", "1", ""))
    )
    standing = found.before.by_key["west", "mine-1"]
    gone = replace(gone, items=(ItemChange("west", "mine-1", standing, None, program),))
    said = FORMATS["md"](restatement(gone, "", date(2026, 10, 2))).decode()
    assert "| （没有） | 程序的规则有改动 |" in said
    assert "| gone | 已完成 | 1 | — |" in said


def test_restate_writes_a_paper_and_rows(root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    issue(root)
    october(root)
    assert main(["restate", "2026-09"], LATER, root) == 0
    said = capsys.readouterr().out
    assert "# 关于2026年9月份甲市安全生产行动进展情况通报的更正说明" in said
    assert "2026年10月20日核实不通过：属实" in said
    assert ".toml" not in said
    assert "刘某" not in said
    assert main(["restate", "2026-09", "--json"], LATER, root) == 0
    rows = json.loads(capsys.readouterr().out)
    [item] = [row for row in rows["items"] if row["item"] == "mine-1"]
    assert item["causes"][0]["file"] == "status/city/2026-09/decisions.toml"
    assert item["causes"][0]["by"] == "刘某"
    assert main(["restate", "2026-09", "-o", str(tmp_path / "更正说明.docx")], LATER, root) == 0
    assert read_issued((tmp_path / "更正说明.docx").read_bytes()) is not None
    # Known by its issue nothing differs, and the paper says so.
    assert main(["restate", "2026-09", "--known-by", "2026-10-02T16:00:05"], LATER, root) == 0
    assert "各项数据和事项均没有变化" in capsys.readouterr().out
    assert main(["restate", "2026-10"], LATER, root) == 1
    assert "2026-10 还没有定稿" in capsys.readouterr().err
    for path in (root / "status/city/archive").iterdir():
        path.unlink()
    assert main(["restate", "2026-09"], LATER, root) == 1
    assert "存档不完整" in capsys.readouterr().err
    (root / EDITION / "manifest.toml").write_bytes(b"x")
    assert main(["restate", "2026-09"], LATER, root) == 1
    assert "tracker audit" in capsys.readouterr().err
