"""``score``: the lists, one sheet in full, what if, the sheet to fill in; and sheets received like submissions."""

import io
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from checklisted import OWN, PLANS, files, found, ruled, sheet_text
from office import converted
from tiny import CHINA, LATER, build, decision, see

from tracker.assessments import Assessment, assessments, full_row, signed
from tracker.cli import main
from tracker.inbox.desk import Desk
from tracker.inbox.received import Received
from tracker.inbox.receiving import receive
from tracker.language import use
from tracker.scoring import score, words
from tracker.sheet_files import read_sheet
from tracker.sheet_forms import as_toml, sheet_form
from tracker.snapshot import Snapshot, take
from tracker.source import parse
from tracker.workbook import parse as parse_book
from tracker.workbook import read as read_book
from tracker.workbook import write_sheet
from tracker.workbook.sheet_layout import CHECKED, CLAUSE, CLAUSES, FOUND, HEADING, SAMPLES, SCORES
from tracker.workspace import Workspace, create

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=CHINA)
CONTESTED = "看到了；企业异议：有机构（孙某，2026-09-21）；异议不采纳：没有文件，维持（王某，2026-09-24）"
BAD_Q3 = found("1.1.A1") + found("1.1.1", 2)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Two enterprises: one with two quarters, one that failed by a veto."""
    second = sheet_text(period="2026-Q2", body=found("1.2.1", 2)).replace("2026-09", "2026-06")
    sheets = files(north=sheet_text(body=found("2.1.1") + found("1.2.1", 1, 'own = 1\nown_seen = "一"')))
    sheets |= {"checklist/2026-Q2/north.toml": second}
    bad = sheet_text("south", body=BAD_Q3)
    said = ruled("object", "south.toml", bad, "1.1.A1") + ruled(
        "answer", "south.toml", bad, "1.1.A1", "granted = false"
    )
    sheets |= {"checklist/2026-Q3/south.toml": bad, "checklist/2026-Q3/decisions.toml": said}
    return build(tmp_path, sheets, PLANS)


def run(root: Path, capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(list(argv), NOW, root)
    out = capsys.readouterr()
    return code, out.out, out.err


def test_all_are_listed_with_both_scores_and_what_changed(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(world, capsys, "score")
    assert code == 0
    assert out.splitlines()[1:] == [
        "示例北矿有限公司\t2026-Q2\t30\t28\t-2\t\t合格",
        "示例北矿有限公司\t2026-Q3\t29\t25\t-4\t-3\t合格",
        "示例南矿有限公司\t2026-Q3\t30\t11\t-19\t\t不合格",
    ]
    assert "3 份考核表，不合格 1 份" in err
    assert run(world, capsys, "score", "south")[1].count("\n") == 2
    assert run(world, capsys, "score", "2026-Q2")[1].count("\n") == 2


def test_one_in_full_says_where_each_point_went(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(world, capsys, "score", "south", "2026-Q3", "--what-if", "1.1.A1")
    assert code == 0
    assert "部门考核：11 分（2026-09-20 王某、李某）" in out
    assert "结果：不合格（满分 30，20 分合格）　考核比自评 -19" in out
    assert "　1.1 职责\t12\t12\t8\t" in out
    assert "1 基础\t20\t20\t1\t" in out
    assert "1.1.1\t缺清单\t\t4（2 次）\t看到了" in out
    assert f"1.1.A1\tA级否决：没有责任制\t\t15\t{CONTESTED}" in out
    assert "另一种读法“两条都有”：26 分，合格。" in out
    assert "整改 1.1.A1 之后：26 分，合格。" in out
    assert "最少整改 1 条就合格（26 分）：\n　1.1.A1 没有责任制" in out


def test_json_says_the_same(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(run(world, capsys, "score", "--json")[1])
    assert [(r["enterprise"], r["period"], r["department"], r["status"]) for r in rows] == [
        ("north", "2026-Q2", 28.0, "passed"),
        ("north", "2026-Q3", 25.0, "passed"),
        ("south", "2026-Q3", 11.0, "failed"),
    ]
    full = json.loads(run(world, capsys, "score", "south", "2026-Q3", "--json", "--what-if", "1.1.A1", "1.1.1")[1])
    assert full["what_if"] == {"closed": ["1.1.A1", "1.1.1"], "total": 30.0, "passed": True}
    assert full["way_back"] == ["1.1.A1"]
    assert [(x["id"], x["taken"]) for x in full["losses"] if x["side"] == "department"] == [
        ("1.1.1", 4.0),
        ("1.1.A", 15.0),
    ]
    assert full["indicators"][0]["contents"][0]["department"] == 8.0
    assert {key: full["findings"][1][key] for key in ("objection", "answer", "struck")} == {
        "objection": {"by": "孙某", "at": "2026-09-21T09:00:00+08:00", "reason": "有机构"},
        "answer": {"by": "王某", "at": "2026-09-24T09:00:00+08:00", "reason": "没有文件，维持"},
        "struck": False,
    }


@pytest.mark.parametrize(
    ("argv", "code", "words_"),
    [
        (["sooth"], 2, "没有企业“sooth”。您是不是想写“south”？"),
        (["south", "2026-Q4"], 1, "还没有收到 south 2026-Q4 的考核表。"),
        (["south", "2026-Q3", "--what-if", "1.1.3"], 2, "这份考核表里没有“1.1.3”。"),
        (["--what-if", "1.1.3"], 2, "--what-if 要写明企业和哪一期"),
        (["--form", "south"], 2, "要写明企业和哪一期"),
        (["--form", "south", "2026-Q9"], 2, "没有这一期：“2026-Q9”。"),
    ],
)
def test_what_cannot_be_answered_is_said(
    world: Path, capsys: pytest.CaptureFixture[str], argv: list[str], code: int, words_: str
) -> None:
    ended, out, err = run(world, capsys, "score", *argv)
    assert (ended, out) == (code, "")
    assert words_ in err


def test_without_enterprises_it_is_said_where_they_belong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = run(build(tmp_path), capsys, "score")
    assert code == 2
    assert "还没有登记企业" in err


def test_a_clean_sheet_and_one_half_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fatal = sheet_text("south", body=found("2.1.A") + found("9.9"))
    root = build(
        tmp_path, {"checklist/2026-Q3/north.toml": sheet_text(sides=OWN), "checklist/2026-Q3/south.toml": fatal}, PLANS
    )
    out = run(root, capsys, "score", "north", "2026-Q3")[1]
    assert "部门考核：还没有。" in out
    assert "结果：考核未完" in out
    assert "没有扣分。" in out
    code, _out, err = run(root, capsys, "score", "north", "2026-Q3", "--what-if", "1.1.1")
    assert (code, "没有扣分，不用整改" in err) == (2, True)
    out = run(root, capsys, "score", "south", "2026-Q3")[1]
    assert "结果：不合格（※否决）" in out
    assert "※否决：死亡事故" in out
    assert "没有写全、暂不计入的：9.9" in out
    assert run(root, capsys, "score", "south", "2026-Q3", "--json")[0] == 0


def at_all(snapshot: Snapshot) -> list[Assessment]:
    return assessments(snapshot)


def test_an_assessment_without_any_side_has_nothing_to_judge(world: Path) -> None:
    from dataclasses import replace

    snapshot = take(Workspace(world), "city", date(2026, 10, 31), LATER)[0]
    assert snapshot is not None
    one = replace(at_all(snapshot)[0], own=None, department=None)
    assert (one.judged, one.otherwise, one.way_back, one.difference, one.change, one.status) == (
        None,
        (),
        (),
        None,
        None,
        "open",
    )
    assert words(one.if_closed(["x"]).total) == "30"
    assert full_row(one)["own"] is None
    assert signed(None) == ""


def test_known_by_leaves_out_what_came_later(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = run(world, capsys, "score", "north", "--known-by", "2026-09-01")[1]
    assert "2026-Q3" not in out


# --- the sheet to fill in ---


def uncommented(text: str) -> str:
    """The form as an assessor fills it: the heads, enough sampled, one finding."""
    text = text.replace("# [own]", "[own]").replace("# [department]", "[department]")
    text = text.replace("# on = 2026-12-31", "on = 2026-10-10").replace('# by = ["…"]', 'by = ["王某"]')
    lines = [
        "department = 10" if line.startswith("# department = 0") else line.replace("# total = 0", "total = 40")
        for line in text.split("\n")
    ]
    return "\n".join(lines) + found("1.2.1")


def test_the_form_as_text_is_read_as_it_is_filled(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text, _err = run(world, capsys, "score", "--form", "north", "2026-Q4")
    assert code == 0
    assert "#   1.2.1　缺一项：每项扣 1 分　上期：看到了" in text
    assert "#   1.1.A1　没有责任制：A级否决，扣 15 分" in text
    assert "total = 40    # 总数，上期的，请核对" in text
    snapshot = take(Workspace(world), "city", date(2026, 10, 31), LATER)[0]
    assert snapshot is not None
    blank, problems = read_sheet(parse(text.encode(), "x"), snapshot.programme)
    assert blank is None
    assert [p.message for p in problems] == ["没有写谁评的、哪天评的。"]
    sheet, problems = read_sheet(parse(uncommented(text).encode(), "x"), snapshot.programme)
    assert problems == []
    assert sheet is not None
    assert (sheet.is_complete, sheet.counts("department")) == (True, {"1.2.1": 1})


def test_a_first_form_has_nothing_from_before(tmp_path: Path) -> None:
    snapshot = see(tmp_path, plans=PLANS)
    form = sheet_form(snapshot, "north", "2026-Q3")
    assert (form.before, form.totals, form.found_before) == (None, {}, {})
    assert "上期" not in as_toml(form)
    with pytest.raises(ValueError, match="2026-Q7"):
        sheet_form(snapshot, "north", "2026-Q7")


COLUMN = {field.key: n for n, field in enumerate(FOUND, len(CLAUSES) + 1)}


def filled(content: bytes, counts: Mapping[str, Mapping[str, Any]], period_day: date = date(2026, 10, 10)) -> bytes:
    """A workbook with both heads, enough sampled, and these cells typed by clause."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet, samples = book[CHECKED], book[SAMPLES]
    sheet["B4"], sheet["D4"], sheet["B5"], sheet["D5"] = period_day, "孙某", period_day, "王某、李某"
    for row in range(HEADING + 2, sheet.max_row + 1):
        for key, value in counts.get(str(sheet.cell(row, CLAUSE + 1).value), {}).items():
            sheet.cell(row, COLUMN[key]).value = value
    for row in range(2, samples.max_row + 1):
        samples.cell(row, 4).value = 40
        samples.cell(row, 6).value = 10
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


FOUND_IN_BOOK: Mapping[str, Mapping[str, Any]] = {
    "1.1.1": {"department": 2, "department_seen": "两份", "evidence": "照片、录音", "own": 1, "own_seen": "一份"},
    "1.1.A2": {"department": 1, "department_seen": "没有文件"},
}


def book(world: Path, period: str = "2026-Q4") -> bytes:
    snapshot = take(Workspace(world), "city", date(2026, 10, 31), LATER)[0]
    assert snapshot is not None
    return write_sheet(sheet_form(snapshot, "north", period))


def test_the_workbook_comes_back_as_the_sheet(world: Path) -> None:
    content = book(world)
    assert content == book(world)
    source = parse_book(filled(content, FOUND_IN_BOOK), "k.xlsx")
    snapshot = take(Workspace(world), "city", date(2026, 10, 31), LATER)[0]
    assert snapshot is not None
    sheet, problems = read_sheet(source, snapshot.programme)
    assert problems == []
    assert sheet is not None
    assert sheet.counts("department") == {"1.1.1": 2, "1.1.A2": 1}
    assert sheet.counts("own") == {"1.1.1": 1}
    assert sheet.findings[0].evidence == ("照片", "录音")
    assert sheet.head.department is not None
    assert sheet.head.department.by == ("王某", "李某")
    assert sheet.is_complete


def test_a_mistake_in_the_workbook_is_said_at_its_cell(world: Path) -> None:
    typed: dict[str, dict[str, Any]] = {"1.1.1": {"department": "两", "department_seen": "x"}, "1.1.2": {"own": 1}}
    source = parse_book(filled(book(world), typed), "k.xlsx")
    snapshot = take(Workspace(world), "city", date(2026, 10, 31), LATER)[0]
    assert snapshot is not None
    _sheet, problems = read_sheet(source, snapshot.programme)
    assert [(p.place.cell, p.message, p.hint) for p in problems] == [
        ("考核表!G8", "“考核次数”填的是“两”，看不懂。", "这一格只填数，例如 45。"),
        ("考核表!F9", "企业自评扣了分，没有写看到了什么。", "请填写“自评看到的情况”这一格。"),
    ]
    wrong_day = openpyxl.load_workbook(io.BytesIO(filled(book(world), {})))
    wrong_day[CHECKED]["B5"] = "昨天"
    wrong_day[CHECKED]["B4"] = None
    wrong_day[CHECKED]["D4"] = 7
    written = io.BytesIO()
    wrong_day.save(written)
    _sheet, problems = read_sheet(parse_book(written.getvalue(), "k.xlsx"), snapshot.programme)
    assert [p.place.cell for p in problems if p.code in ("E04", "E05")][:2] == ["考核表!B4", "考核表!B5"]


def test_a_workbook_that_was_spoilt_is_refused(world: Path, tmp_path: Path) -> None:
    content = openpyxl.load_workbook(io.BytesIO(book(world)))
    content[CHECKED].insert_rows(3)
    written = io.BytesIO()
    content.save(written)
    [problem] = parse_book(written.getvalue(), "k.xlsx").problems
    assert "行列被改动过" in problem.message
    good = book(world)
    from zipfile import ZipFile

    cut = io.BytesIO()
    with ZipFile(io.BytesIO(good)) as old, ZipFile(cut, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) if "sheet1" not in name else b"<x")
    [problem] = parse_book(cut.getvalue(), "k.xlsx").problems
    assert "打不开" in problem.message
    path = tmp_path / "k.xlsx"
    path.write_bytes(good)
    assert read_book(path, "k.xlsx").data["enterprise"] == "north"
    assert parse_book(b"PK\x03\x04", "k").problems


def test_a_workbook_that_lost_whose_it_is_says_so(world: Path) -> None:
    content = openpyxl.load_workbook(io.BytesIO(filled(book(world), {})))
    content[CHECKED]["A3"] = None
    written = io.BytesIO()
    content.save(written)
    snapshot = take(Workspace(world), "city", date(2026, 10, 31), LATER)[0]
    assert snapshot is not None
    sheet, problems = read_sheet(parse_book(written.getvalue(), "k.xlsx"), snapshot.programme)
    assert sheet is None
    assert problems[0].message == "缺少“enterprise”。"


def test_without_a_fatal_veto_the_workbook_judges_by_points(tmp_path: Path) -> None:
    plans = {**PLANS, "check.toml": PLANS["check.toml"].replace("fatal = true, points", "points")}
    written = write_sheet(sheet_form(see(tmp_path, plans=plans), "north", "2026-Q3"))
    scores = openpyxl.load_workbook(io.BytesIO(written))[SCORES]
    last = [c.value for c in list(scores.rows)[-1]]
    assert last[2:] == ['=IF(C7>=20,"合格","不合格")', '=IF(D7>=20,"合格","不合格")']


def test_what_the_county_wrote_is_text_in_the_workbook(world: Path) -> None:
    hostile = sheet_text(period="2026-Q3", body=found("1.2.1").replace("看到了", "=1+1"))
    (world / "status/city/checklist/2026-Q3/north.2.toml").write_text(hostile, encoding="utf-8")
    sheet = openpyxl.load_workbook(io.BytesIO(book(world)))[CHECKED]
    said = [c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str) and "=1+1" in c.value]
    assert said == ["1 次：=1+1"]


@pytest.mark.needs_program
def test_the_score_that_the_workbook_shows_is_the_score(world: Path, tmp_path: Path) -> None:
    typed = {
        **FOUND_IN_BOOK,
        "1.1.2": {"department": 3, "department_seen": "x"},
        "1.2.1": {"own": 99},
        "2.1.1": {"own": -2},
    }
    path = tmp_path / "filled.xlsx"
    path.write_bytes(filled(book(world), typed))
    # Through another format, so that it works every cell out.
    [between] = converted("ods", path)
    [saved] = converted("xlsx", between)
    sheet = openpyxl.load_workbook(saved, data_only=True)[SCORES]
    rows = {str(row[0]): row[2:4] for row in sheet.iter_rows(min_row=2, values_only=True)}
    snapshot = take(Workspace(world), "city", date(2026, 10, 31), LATER)[0]
    assert snapshot is not None
    list_ = snapshot.programme.checklists[0]
    own = score(list_, {"1.1.1": 1, "1.2.1": 99})
    department = score(list_, {"1.1.1": 2, "1.1.A2": 1, "1.1.2": 3})
    assert rows["合计"] == (float(own.total), float(department.total))
    assert rows["结果"] == ("合格", "不合格")
    assert rows["1 基础"] == (float(own.indicators[0].score), float(department.indicators[0].score))


# --- received ---


def receive_in(root: Path, name: str, content: str | bytes, **wanted: Any) -> Received:
    given = root.parent / "inbox" / name
    given.parent.mkdir(exist_ok=True)
    given.write_bytes(content if isinstance(content, bytes) else content.encode())
    [one] = receive(Desk(Workspace(root), ["city"], NOW.astimezone(UTC), **wanted), [given])
    return one


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return build(tmp_path / "w", plans=PLANS)


def test_a_sheet_is_received_like_a_submission(empty: Path) -> None:
    first = receive_in(empty, "北矿.toml", sheet_text())
    assert (first.outcome, first.stored, first.unit) == ("received", "status/city/checklist/2026-Q3/north.toml", "east")
    again = receive_in(empty, "again.toml", sheet_text())
    assert (again.outcome, again.stored) == ("same", first.stored)
    second = receive_in(empty, "2.toml", sheet_text(body=found("1.2.1")))
    assert second.stored == "status/city/checklist/2026-Q3/north.2.toml"
    assert "以后来的" in receive_in(empty, "first.toml", sheet_text()).reason
    receipts = (empty / "status/city/checklist/2026-Q3/receipts.toml").read_text()
    assert receipts.count("[[receipt]]") == 2
    assert "updates = 1" in receipts
    [one] = see(empty, plans=PLANS).sheets
    assert (one.sheet.version, one.received) == (2, NOW)


def test_a_workbook_is_kept_as_the_sheet_it_says(empty: Path) -> None:
    snapshot = take(Workspace(empty), "city", date(2026, 10, 31), LATER)[0]
    assert snapshot is not None
    content = filled(write_sheet(sheet_form(snapshot, "north", "2026-Q3")), FOUND_IN_BOOK)
    one = receive_in(empty, "k.xlsx", content)
    assert (one.outcome, one.stored) == ("received", "status/city/checklist/2026-Q3/north.toml")
    assert receive_in(empty, "k2.xlsx", content).outcome == "same"
    snapshot = take(Workspace(empty), "city", date(2026, 10, 31), LATER)[0]
    assert snapshot is not None
    assert snapshot.problems == ()
    assert snapshot.sheets[0].sheet.counts("department") == {"1.1.1": 2, "1.1.A2": 1}


def test_what_cannot_be_taken_is_held_in_its_period(empty: Path) -> None:
    held = receive_in(empty, "x.toml", sheet_text(sides=""))
    assert held.outcome == "held"
    assert held.stored.startswith("status/city/checklist/2026-Q3/held/")
    assert receive_in(empty, "y.toml", sheet_text(sides="")).stored == held.stored
    unknown = receive_in(empty, "z.toml", sheet_text("nobody"))
    assert unknown.stored.startswith("status/city/2026-10/held/")
    assert unknown.reason == "没有企业“nobody”。"
    later = receive_in(empty, "later.toml", sheet_text(period="2026-Q5"))
    assert later.reason == "没有这一期：“2026-Q5”。"
    future = receive_in(empty, "f.toml", sheet_text().replace("09-20", "10-20"))
    assert future.reason == "考核日期 2026-10-20 还没有到。"
    other = receive_in(empty, "w.toml", sheet_text(), unit="west")
    assert other.reason == "这是 east 的文件，要收的是 west 的。"


def test_an_unassessed_sheet_is_held_whatever_month_is_being_received(empty: Path) -> None:
    one = receive_in(empty, "x.toml", sheet_text(sides=""), month=date(2026, 10, 1))
    assert (one.outcome, one.reason) == ("held", "没有写谁评的、哪天评的。")


def test_where_no_programme_assesses_enterprises_a_sheet_is_nobodys(tmp_path: Path) -> None:
    root = build(tmp_path / "w")
    for name in ("programme.toml", "mine.toml", "chem.toml"):
        (root / "plans/town").mkdir(exist_ok=True)
        (root / "plans/town" / name).write_bytes((root / "plans/city" / name).read_bytes())
    given = tmp_path / "n.toml"
    given.write_text(sheet_text(), encoding="utf-8")
    [one] = receive(Desk(Workspace(root), ["city", "town"], NOW), [given])
    assert (one.outcome, one.reason) == ("held", "看不出是哪家企业、哪一期的考核表。")


def test_a_period_still_to_come_is_not_received(empty: Path) -> None:
    one = receive(Desk(Workspace(empty), ["city"], datetime(2026, 8, 1, tzinfo=CHINA)), [])
    assert one == []
    given = empty.parent / "q4.toml"
    given.write_text(sheet_text(period="2026-Q4").replace("2026-09", "2026-10"), encoding="utf-8")
    [result] = receive(Desk(Workspace(empty), ["city"], datetime(2026, 8, 1, tzinfo=CHINA)), [given])
    assert result.reason == "2026-Q4 还没有到。"


def test_sheets_put_there_by_hand_get_their_receipts(empty: Path) -> None:
    folder = empty / "status/city/checklist/2026-Q3"
    folder.mkdir(parents=True)
    (folder / "south.toml").write_text(sheet_text("south"), encoding="utf-8")
    given = empty.parent / "north.toml"
    given.write_text(sheet_text(), encoding="utf-8")
    results = receive(Desk(Workspace(empty), ["city"], NOW), [given])
    assert [one.stored for one in results] == [
        "status/city/checklist/2026-Q3/north.toml",
        "status/city/checklist/2026-Q3/south.toml",
    ]
    assert receive(Desk(Workspace(empty), ["city"], NOW), [folder])[0].outcome == "same"


def test_receive_says_what_was_understood(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = empty.parent / "n.toml"
    given.write_text(sheet_text(body=BAD_Q3 + found("9.9")), encoding="utf-8")
    code, out, _err = run(empty, capsys, "receive", str(given))
    assert code == 0
    assert "示例北矿有限公司：2026-Q3 考核表第 1 版已收到，扣分 2 条，暂存 1 条。" in out
    assert "- 部门考核：11 分，不合格" in out
    assert "清单里没有“9.9”。" in out
    given.write_text(sheet_text("south", sides=OWN), encoding="utf-8")
    assert "部门考核" not in run(empty, capsys, "receive", str(given))[1]
    given.write_text(sheet_text("south"), encoding="utf-8")
    [row] = json.loads(run(empty, capsys, "receive", "--json", str(given))[1])
    assert (row["enterprise"], row["period"], row["version"], row["updates"]) == ("south", "2026-Q3", 2, 0)


def test_check_finds_the_problems_of_a_sheet_wherever_it_lies(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = empty.parent / "n.toml"
    given.write_text(sheet_text(body=found("9.9")), encoding="utf-8")
    code, out, _err = run(empty, capsys, "check", "-C", str(empty), str(given))
    assert (code, "E07" in out) == (1, True)
    inside = empty / "status/city/checklist/2026-Q3/north.toml"
    inside.parent.mkdir(parents=True)
    inside.write_text(sheet_text(body=found("9.9")), encoding="utf-8")
    code, out, _err = run(empty, capsys, "check", str(inside))
    assert (code, out.count("E07")) == (1, 1)
    inside.write_text(sheet_text(), encoding="utf-8")
    assert run(empty, capsys, "check", str(inside))[0] == 0
    assert run(empty, capsys, "check")[0] == 0


def test_a_file_with_mistaken_receipts_is_left(empty: Path) -> None:
    folder = empty / "status/city/checklist/2026-Q3"
    folder.mkdir(parents=True)
    (folder / "receipts.toml").write_text("receipt = 3\n", encoding="utf-8")
    assert receive_in(empty, "n.toml", sheet_text()).outcome == "left"


def test_english_speaks_too(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        assert run(world, capsys, "score", "--lang", "en")[0] == 0
    finally:
        use("zh")


def test_why_names_the_sheets(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = run(world, capsys, "why", "east", "mine-8@2026-Q3")[1]
    assert "考核表 2026-09：已完成　status/city/checklist/2026-Q3/north.toml" in out
    assert "北矿 25 分，合格；示例南矿有限公司 11 分，不合格" in out


def test_a_ruling_on_a_sheet_that_is_not_there_is_found(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = empty / "status/city/checklist/2026-Q3"
    folder.mkdir(parents=True)
    ruling = decision("return", "east", "2026-09-26T09:00:00+08:00", 'file = "nort.toml"')
    (folder / "decisions.toml").write_text(ruling, encoding="utf-8")
    assert run(empty, capsys, "check")[0] == 1


def test_a_new_workspace_has_the_checklist_but_no_invented_enterprise(tmp_path: Path) -> None:
    create(tmp_path / "new", date(2026, 11, 21), sample=False)
    snapshot, problems = take(Workspace(tmp_path / "new"), "liaocheng", date(2026, 11, 21), LATER)
    assert snapshot is not None
    assert problems == []
    assert (snapshot.programme.enterprises, len(snapshot.programme.checklists)) == ((), 1)
