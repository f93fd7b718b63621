"""An enterprise's sheet being filled in: what is asked, what was found, what is wrong, what is left, what is kept."""

from datetime import date
from pathlib import Path

import pytest
from checklisted import DEPARTMENT, ENOUGH, OWN, PLANS, files, found, sheet_text
from tiny import build, see

from tracker.assessing.draft import SheetDraft
from tracker.assessing.written import other_than
from tracker.sheet_files import read_sheet
from tracker.source import parse
from tracker.workspace import Workspace

TODAY = date(2026, 9, 28)


def opened(root: Path, text: str | None = None, period: str = "2026-Q3", **changed: object) -> SheetDraft:
    """A draft in a tiny workspace, with a sheet of the period if one is given."""
    sheets = files(north=text) if text is not None else {}
    snapshot = see(build(root, plans=PLANS), sheets, date(2026, 9, 30), plans=PLANS)
    side = changed.get("side", "department")
    today = changed.get("today", TODAY)
    assert isinstance(today, date)
    assert side in ("own", "department")
    return SheetDraft.open(Workspace(root), snapshot, "north", period, root / "out", today, side)


def filled(draft: SheetDraft) -> SheetDraft:
    """Everything gone through, nothing found."""
    draft.put("", "on", "9-20")
    draft.put("", "by", "王某、李某")
    for name, total, number in (("1.1.S1", "40", "10"), ("1.1.S2", "", "5")):
        draft.put(name, "total", total)
        draft.put(name, "number", number)
    for content in ("1.1", "1.2", "2.1"):
        draft.look(content)
    return draft


def troubles(draft: SheetDraft) -> list[tuple[str, str]]:
    return [(t.step, t.key) for t in draft.troubles]


def test_the_steps_are_the_contents_each_with_its_samplings_and_clauses(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    assert list(draft.steps) == [
        "1.1", "1.1.S1", "1.1.S2", "1.1.1", "1.1.2", "1.1.3", "1.1.B", "1.1.A1", "1.1.A2",
        "1.2", "1.2.1", "2.1", "2.1.1", "2.1.A",
    ]  # fmt: skip
    assert draft.steps["1.1"].facts == (("要求", "逐岗写职责"), ("看什么", "职责清单"))
    assert draft.steps["1.1.S1"].facts == (("最少", "20%，且不少于 10 个岗位"),)
    assert draft.steps["1.1.1"].facts == (("怎么扣", "每份扣 2 分"),)
    assert draft.steps["2.1.A"].facts == (("怎么扣", "※否决，扣 10 分"),)
    assert [f.key for f in draft.fields("")] == ["on", "by", "note"]
    assert draft.fields("1.1") == []
    assert [(f.key, f.is_needed) for f in draft.fields("1.1.S1")] == [("total", True), ("number", True)]
    assert [(f.key, f.is_needed) for f in draft.fields("1.1.S2")] == [("total", False), ("number", True)]


def test_what_is_not_begun_is_left_and_not_wrong(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    assert draft.troubles == []
    assert draft.progress == "30 分，合格　看过 0/3 项　没有问题"
    assert draft.score is draft.score
    assert list(draft.gaps()) == [
        ("", "on"), ("", "by"), ("1.1", ""), ("1.1.S1", "number"), ("1.1.S2", "number"), ("1.2", ""), ("2.1", ""),
    ]  # fmt: skip
    assert draft.next_gap("1.1.S1") == ("1.1.S2", "number")
    assert draft.next_gap("2.1.A") == ("", "on")
    assert {draft.sign(step) for step in ("", *draft.steps)} == {"·"}


def test_counting_moves_the_score_and_asks_what_was_seen(tmp_path: Path) -> None:
    draft = filled(opened(tmp_path))
    assert list(draft.gaps()) == []
    assert draft.next_gap("") is None
    draft.add("1.1.1", 1)
    draft.add("1.1.1", 1)
    assert draft.progress == "26 分，合格　看过 3/3 项　问题 1 处"
    assert troubles(draft) == [("1.1.1", "seen")]
    assert "没有写看到了什么" in draft.troubles[0].words
    assert "department_seen" not in draft.troubles[0].words
    assert draft.sign("1.1.1") == "!"
    assert list(draft.gaps()) == [("1.1.1", "seen")]
    assert [f.key for f in draft.fields("1.1.1")] == ["count", "seen", "evidence"]
    draft.put("1.1.1", "seen", "两份缺")
    assert draft.troubles == []
    assert draft.sign("1.1.1") == "✓"
    draft.add("1.1.1", -5)
    assert draft.count("1.1.1") == 0
    assert draft.text("1.1.1", "count") == ""
    assert [f.key for f in draft.fields("1.1.1")] == ["count"]


def test_what_counts_once_is_there_or_not(tmp_path: Path) -> None:
    draft = opened(tmp_path)
    for step in ("1.1.2", "2.1.A"):
        draft.add(step, 1)
        draft.add(step, 1)
        assert draft.count(step) == 1
    assert draft.progress.startswith("17 分，不合格")


def test_each_problem_stands_at_its_field(tmp_path: Path) -> None:
    draft = filled(opened(tmp_path))
    draft.put("", "on", "昨天")
    draft.put("1.1.S1", "number", "9")
    draft.put("1.1.1", "count", "1.5")
    assert troubles(draft) == [("", "on"), ("1.1.1", "count"), ("1.1.S1", "number")]
    assert draft.sign("") == "!"
    assert draft.sign("1.1.S1") == "!"
    assert next(draft.gaps()) == ("", "on")
    draft.put("", "on", "2026-10-09")
    assert ("", "on") in troubles(draft)
    assert "还没有到" in next(t.words for t in draft.troubles if t.key == "on")
    draft.put("", "on", "2026-05-09")
    assert "不在这一期" in next(t.words for t in draft.troubles if t.key == "on")


def test_a_day_without_its_year_may_lie_in_the_period_after(tmp_path: Path) -> None:
    draft = filled(opened(tmp_path, period="2026-Q4", today=date(2027, 1, 20)))
    draft.put("", "on", "1-10")
    assert draft.troubles == []
    assert "on = 2027-01-10" in draft.as_toml()


def test_a_sampling_without_its_total_is_wrong_where_a_share_is_asked(tmp_path: Path) -> None:
    draft = filled(opened(tmp_path))
    draft.put("1.1.S1", "total", "")
    assert troubles(draft) == [("1.1.S1", "number")]
    assert "要写总数" in draft.troubles[0].words


def test_the_sheet_that_is_written_is_received_as_it_was_filled_in(tmp_path: Path) -> None:
    draft = filled(opened(tmp_path))
    draft.put("", "note", "例行考核")
    draft.add("1.2.1", 1)
    draft.put("1.2.1", "seen", "缺一项")
    draft.put("1.2.1", "evidence", "照片、记录")
    path = draft.finish()
    assert path == tmp_path / "out" / "north-2026-Q3.toml"
    assert draft.written == path
    sheet, problems = read_sheet(parse(path.read_bytes(), "north.toml"), draft.snapshot.programme)
    assert problems == []
    assert sheet is not None
    assert sheet.is_complete
    assert sheet.counts("department") == {"1.2.1": 1}
    assert sheet.findings[0].evidence == ("照片", "记录")
    assert sheet.head.own is None
    assert sheet.head.department is not None
    assert (sheet.head.department.by, sheet.head.department.note) == (("王某", "李某"), "例行考核")


def test_nothing_that_is_there_is_overwritten_and_the_same_is_not_written_twice(tmp_path: Path) -> None:
    draft = filled(opened(tmp_path))
    first = draft.finish()
    assert draft.finish() == first
    draft.put("", "note", "改过")
    assert draft.written is None
    assert draft.finish().name == "north-2026-Q3.2.toml"
    draft.output = tmp_path / "其他" / "甲.toml"
    assert draft.finish() == draft.output


def test_the_draft_goes_on_where_it_was_left(tmp_path: Path) -> None:
    draft = filled(opened(tmp_path))
    draft.at = "1.1.1"
    draft.add("1.1.1", 3)
    assert not draft.is_saved
    draft.save()
    again = opened(tmp_path)
    assert (again.at, again.answers, again.looked, again.is_saved) == (
        "1.1.1", draft.answers, draft.looked, True,
    )  # fmt: skip
    again.look("1.1")
    assert "1.1" not in again.looked
    assert opened(tmp_path, side="own").answers == {}


@pytest.mark.parametrize("text", ["answers = 1\nlooked = []", "looked = 1\n[answers]", "[[", "\x00"])
def test_a_draft_that_cannot_be_read_is_put_aside(tmp_path: Path, text: str) -> None:
    path = opened(tmp_path).path
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    draft = opened(tmp_path)
    assert "已另存为" in draft.notice
    assert not path.exists()
    assert len(list(path.parent.glob("*.unreadable"))) == 1


def test_of_a_draft_only_what_may_stand_in_it_is_taken(tmp_path: Path) -> None:
    path = opened(tmp_path).path
    path.parent.mkdir(parents=True)
    path.write_text(
        'at = "9.9"\nlooked = ["1.1", "9.9"]\n[answers]\nx = 1\n[answers."9.9"]\ncount = "1"\n'
        '[answers."1.1.1"]\ncount = "2"\nseen = 3\nevil = "x"\n',
        encoding="utf-8",
    )
    draft = opened(tmp_path)
    assert (draft.at, draft.looked, draft.answers) == ("", {"1.1": "yes"}, {"1.1.1": {"count": "2"}})


def test_the_enterprises_own_findings_are_shown_and_carried_along(tmp_path: Path) -> None:
    own = sheet_text(
        body='[[finding]]\nid = "1.1.1"\nown = 2\nown_seen = "两份旧"\nevidence = ["自查表"]\n'
        '[[finding]]\nid = "1.2.1"\nown = 1\nown_seen = "缺一次"\n',
        sides=OWN + '[[sampled]]\nid = "1.1.S1"\ntotal = 40\nown = 12\n',
    )
    draft = opened(tmp_path, own)
    assert draft.text("", "by") == ""
    assert draft.text("1.1.S1", "total") == "40"
    assert draft.text("1.1.S1", "number") == ""
    assert ("企业自评", "2 次：两份旧") in draft.steps["1.1.1"].facts
    filled(draft)
    draft.add("1.1.1", 1)
    draft.put("1.1.1", "seen", "一份缺")
    sheet, problems = read_sheet(parse(draft.as_toml().encode(), "north.toml"), draft.snapshot.programme)
    assert problems == []
    assert sheet is not None
    assert sheet.counts("own") == {"1.1.1": 2, "1.2.1": 1}
    assert sheet.counts("department") == {"1.1.1": 1}
    assert sheet.head.own is not None
    assert sheet.findings[0].evidence == ("自查表",)
    assert sheet.sampled[0].own == 12


def test_a_sheet_filed_before_is_taken_up_to_be_changed(tmp_path: Path) -> None:
    theirs = '[[finding]]\nid = "1.2.1"\nown = 1\nown_seen = "一"\n'
    text = sheet_text(body=theirs + found("1.1.1", 2, 'evidence = ["照片"]'))
    draft = opened(tmp_path, text)
    assert list(draft.gaps()) == []
    assert "1.2.1" not in draft.answers
    assert draft.answers[""] == {"on": "2026-09-20", "by": "王某、李某", "note": ""}
    assert draft.answers["1.1.1"] == {"count": "2", "seen": "看到了", "evidence": "照片"}
    draft.add("1.1.1", -2)
    assert [f.key for f in draft.fields("1.1.1")][-1] == "evidence"
    draft.put("1.1.1", "evidence", "照片、说明")
    sheet, problems = read_sheet(parse(draft.as_toml().encode(), "north.toml"), draft.snapshot.programme)
    assert problems == []
    assert sheet is not None
    assert sheet.counts("department") == {}
    assert {f.id: f.evidence for f in sheet.findings} == {"1.1.1": ("照片", "说明"), "1.2.1": ()}


def test_an_enterprise_assesses_itself_beside_the_department(tmp_path: Path) -> None:
    draft = opened(tmp_path, sheet_text(sides=DEPARTMENT + ENOUGH, body=found("1.2.1")), side="own")
    assert ("部门考核", "1 次：看到了") in draft.steps["1.2.1"].facts
    assert other_than(draft.side) == "department"
    draft.put("", "on", "9-10")
    draft.put("", "by", "孙某")
    draft.add("1.1.2", 1)
    draft.put("1.1.2", "seen", "没有批")
    assert [step for step, _key in draft.gaps()] == ["1.1", "1.2", "2.1"]
    sheet, problems = read_sheet(parse(draft.as_toml().encode(), "north.toml"), draft.snapshot.programme)
    assert problems == []
    assert sheet is not None
    assert (sheet.counts("own"), sheet.counts("department")) == ({"1.1.2": 1}, {"1.2.1": 1})


def test_last_times_totals_and_findings_stand_beside(tmp_path: Path) -> None:
    draft = opened(tmp_path, sheet_text(body=found("1.2.1", 2)), period="2026-Q4", today=date(2026, 10, 20))
    assert draft.text("1.1.S1", "total") == "40"
    assert draft.steps["1.1.S1"].facts[-1] == ("上期", "总数 40")
    assert ("上期", "2 次：看到了") in draft.steps["1.2.1"].facts
    assert draft.count("1.2.1") == 0


def test_words_that_a_phone_could_be_called_by_are_no_error(tmp_path: Path) -> None:
    draft = filled(opened(tmp_path))
    draft.add("1.2.1", 1)
    draft.put("1.2.1", "seen", "电话 13800138000")
    assert draft.troubles == []


def test_a_period_that_the_checklist_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2030-Q1"):
        opened(tmp_path, period="2030-Q1")
