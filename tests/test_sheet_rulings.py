"""Rulings on enterprises' sheets: objections to findings and their answers, sheets sent back; scores by what stands.

The tiny checklist has 30 points and passes at 20. South's sheet loses 2 × 2 points by 1.1.1 in content 1.1
(12 - 4 = 8) and 15 by the A veto 1.1.A1 from indicator 1 (8 + 8 - 15 = 1): 11 with the 10 of indicator 2.
"""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from checklisted import ITEM, PLANS, files, found, ruled, sheet_text
from tiny import CHINA, LATER, build, decision, see

from tracker import restating
from tracker.assessing.draft import SheetDraft
from tracker.assessments import Assessment, assessments, rounds, status_words
from tracker.cli import main
from tracker.closing import sheets_that_count
from tracker.contests import as_ruled
from tracker.deadlines import Period
from tracker.decision_files import read_decisions
from tracker.decisions import Decision, in_force
from tracker.histories import said_of
from tracker.pending import Pending, pending
from tracker.plan_files import load
from tracker.problems import Problem
from tracker.reports import FORMATS, paper, score_paper
from tracker.rulings import Ruled, decide, mistakes
from tracker.scoring import words
from tracker.sheet_forms import sheet_form
from tracker.shelf import read_shelf
from tracker.snapshot import Snapshot, take
from tracker.why import why
from tracker.workspace import Workspace

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=CHINA)
Q3 = Period(date(2026, 7, 1), date(2026, 9, 30), "2026-Q3")
FOLDER = "checklist/2026-Q3"
KEPT = f"status/city/{FOLDER}/decisions.toml"
BAD = sheet_text(
    "south", body=found("1.1.A1") + found("1.1.1", 2) + '[[finding]]\nid = "2.1.1"\nown = 1\nown_seen = "一"'
)
GOOD = sheet_text()
HEARD = ruled("object", "south.toml", BAD, "1.1.A1")
UPHELD = HEARD + ruled("answer", "south.toml", BAD, "1.1.A1", "granted = true", reason="文件找到了")
REFUSED = HEARD + ruled("answer", "south.toml", BAD, "1.1.A1", "granted = false")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two enterprises in the third quarter; the second failed by a veto."""
    return build(tmp_path, files(north=GOOD, south=BAD), PLANS)


def want(kind: str, finding: str | None = None, file: str | None = "south.toml", **more: Any) -> Decision:
    return Decision(kind, "east", "孙某", NOW, "属实", file=file, finding=finding, **more)  # type: ignore[arg-type]


def rule(root: Path, *wanted: Decision, now: datetime = NOW, when: Period = Q3) -> Ruled:
    return decide(Workspace(root), "city", when, wanted, now)


def refusal(root: Path, *wanted: Decision, now: datetime = NOW, when: Period = Q3) -> str:
    """Why nothing was written."""
    before = (root / KEPT).read_bytes() if (root / KEPT).exists() else b""
    found_ = rule(root, *wanted, now=now, when=when)
    assert found_.effects == ()
    assert found_.refused
    assert ((root / KEPT).read_bytes() if (root / KEPT).exists() else b"") == before
    return "\n".join(f"{one.message}{one.hint}" for one in found_.refused)


def with_rulings(tmp_path: Path, text: str, **sheets: str) -> Snapshot:
    told = files(**{"north": GOOD, "south": BAD, **sheets})
    return see(tmp_path, {**told, f"{FOLDER}/decisions.toml": text}, date(2026, 9, 30), plans=PLANS)


def look(root: Path, known_by: datetime = LATER) -> Snapshot:
    snapshot, _problems = take(Workspace(root), "city", date(2026, 9, 30), known_by)
    assert snapshot is not None
    return snapshot


def of(snapshot: Snapshot, enterprise: str = "south") -> Assessment:
    return assessments(snapshot, enterprise, "2026-Q3")[0]


def total(snapshot: Snapshot) -> str:
    found_ = of(snapshot).department
    assert found_ is not None
    return words(found_.total)


def e19(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(p.place.file, p.message) for p in problems if p.code == "E19"]


# --- an objection, its answer, and what they do to the score ---


def test_an_objection_is_written_with_the_content_it_is_about_and_waits_for_an_answer(root: Path) -> None:
    [effect] = rule(root, want("object", "1.1.A1")).effects
    sheet = of(look(root)).sheet
    assert (root / KEPT).read_text(encoding="utf-8") == (
        '[[decision]]\nkind = "object"\nunit = "east"\nby = "孙某"\nat = 2026-10-12T09:30:00+08:00\nreason = "属实"\n'
        f'file = "south.toml"\nsha256 = "{sheet.digest}"\nfinding = "1.1.A1"\n'
    )
    assert isinstance(effect.before, Assessment)
    assert isinstance(effect.after, Assessment)
    assert (status_words(effect.before), status_words(effect.after)) == ("不合格", "不合格，有异议待裁定")
    assert total(look(root)) == "11"
    assert [one for one in pending(look(root)) if one.kind == "answer"] == [
        Pending("answer", "east", file=sheet.file, finding="1.1.A1", since=date(2026, 10, 12))
    ]


def test_an_objection_upheld_gives_the_points_back_and_one_refused_does_not(root: Path) -> None:
    rule(root, want("object", "1.1.A1"), want("object", "1.1.1"))
    assert list(of(look(root)).sheet.contested) == ["1.1.A1", "1.1.1"]
    later = NOW + timedelta(days=1)
    [upheld, refused] = rule(root, want("answer", "1.1.A1"), want("answer", "1.1.1", granted=False), now=later).effects
    assert "granted = false" in (root / KEPT).read_text(encoding="utf-8")
    assert (upheld.decision.granted, refused.decision.granted) == (True, False)
    snapshot = look(root)
    a = of(snapshot)
    # 12 - 4 + 8 + 10: the veto is gone, the two missing lists are not.
    assert (total(snapshot), a.status, status_words(a), a.way_back) == ("26", "passed", "合格", ())
    assert (list(a.sheet.struck), list(a.sheet.contested)) == (["1.1.A1"], [])
    assert a.difference == 0
    assert a.judged is not None
    assert a.judged[1] == {"1.1.1": 2}
    assert [one for one in pending(snapshot) if one.kind == "answer"] == []


def test_what_was_struck_is_shown_with_what_it_had_cost(tmp_path: Path) -> None:
    a = of(with_rulings(tmp_path, UPHELD))
    struck = next(one for one in a.lost if one.struck is not None)
    assert (struck.findings, struck.department, struck.is_past, struck.loss.id) == (("1.1.A1",), None, False, "1.1.A")
    assert struck.struck is not None
    assert words(struck.struck.taken) == "15"


def test_of_two_conditions_of_a_veto_one_may_be_struck(tmp_path: Path) -> None:
    both = sheet_text("south", body=found("1.1.A1") + found("1.1.A2"))
    text = ruled("object", "south.toml", both, "1.1.A1") + ruled(
        "answer", "south.toml", both, "1.1.A1", "granted = true"
    )
    snapshot = with_rulings(tmp_path, text, south=both)
    [lost, _own] = [*of(snapshot).lost, None]
    assert lost is not None
    # The veto counts once for any of them: 12 + 8 - 15 + 10.
    assert total(snapshot) == "15"
    assert lost.findings == ("1.1.A2", "1.1.A1")
    assert lost.struck is not None
    assert lost.department is not None


def test_the_score_of_next_quarter_is_compared_with_what_stood(tmp_path: Path) -> None:
    next_one = sheet_text("south", "2026-Q4").replace("2026-09", "2026-12")
    told = {f"{FOLDER}/decisions.toml": UPHELD, "checklist/2026-Q4/south.toml": next_one}
    snapshot = see(tmp_path, files(north=GOOD, south=BAD) | told, date(2026, 12, 31), plans=PLANS)
    a = assessments(snapshot, "south", "2026-Q4")[0]
    assert a.change == 4
    form = sheet_form(snapshot, "south", "2026-Q4")
    assert list(form.found_before) == ["1.1.1"]


@pytest.mark.parametrize(
    ("known_by", "points", "waits"),
    [
        (datetime(2026, 9, 20, 12, tzinfo=CHINA), None, False),
        (datetime(2026, 9, 25, 10, tzinfo=CHINA), "11", False),
        (datetime(2026, 9, 27, tzinfo=CHINA), "11", True),
        (datetime(2026, 9, 29, tzinfo=CHINA), "26", False),
    ],
)
def test_both_clocks_hold(tmp_path: Path, known_by: datetime, points: str | None, waits: bool) -> None:
    text = ruled("object", "south.toml", BAD, "1.1.A1", at="2026-09-26T09:00:00+08:00") + ruled(
        "answer", "south.toml", BAD, "1.1.A1", "granted = true", at="2026-09-28T09:00:00+08:00"
    )
    with_rulings(tmp_path, text)
    snapshot = look(tmp_path, known_by)
    found_ = assessments(snapshot, "south", "2026-Q3")
    assert [words(a.department.total) for a in found_ if a.department is not None] == ([points] if points else [])
    assert any(one.finding for one in pending(snapshot)) is waits


def test_the_quarterly_duty_is_closed_with_what_stands(tmp_path: Path) -> None:
    assert with_rulings(tmp_path / "a", "").by_key[ITEM].record is not None
    notes = []
    for n, text in enumerate(("", HEARD, REFUSED, UPHELD)):
        s = with_rulings(tmp_path / str(n), text).by_key[ITEM]
        assert s.record is not None
        assert s.status == "done"
        notes.append(s.record.update.note)
    south = "示例南矿有限公司"
    assert notes == [f"北矿 30 分，合格；{south} {rest}" for rest in (*["11 分，不合格"] * 3, "26 分，合格")]


def test_an_objection_answered_may_be_made_again_and_an_answer_to_nothing_is_none(tmp_path: Path) -> None:
    again = REFUSED + ruled("object", "south.toml", BAD, "1.1.A1", at="2026-09-29T09:00:00+08:00")
    assert list(of(with_rulings(tmp_path / "a", again)).sheet.contested) == ["1.1.A1"]
    alone = ruled("answer", "south.toml", BAD, "1.1.A1", "granted = true")
    assert total(with_rulings(tmp_path / "b", alone)) == "11"
    own = ruled("object", "south.toml", BAD, "2.1.1") + ruled("answer", "south.toml", BAD, "2.1.1", "granted = true")
    assert of(with_rulings(tmp_path / "c", own)).sheet.struck == {}


# --- undone, voided ---


def test_an_answer_or_an_objection_is_taken_back(root: Path) -> None:
    rule(root, want("object", "1.1.A1"))
    rule(root, want("answer", "1.1.A1"), now=NOW + timedelta(hours=1))
    [undone] = rule(root, want("undo", "1.1.A1"), now=NOW + timedelta(hours=2)).effects
    assert (undone.decision.file, undone.decision.finding, undone.decision.item) == ("south.toml", "1.1.A1", None)
    assert (total(look(root)), list(of(look(root)).sheet.contested)) == ("11", ["1.1.A1"])
    rule(root, want("undo", "1.1.A1"), now=NOW + timedelta(hours=3))
    assert of(look(root)).sheet.contested == {}
    assert "没有可以撤销的意见" in refusal(root, want("undo", "1.1.A1"), now=NOW + timedelta(hours=4))
    assert "没有编号为“0123456789”" in refusal(root, want("undo", undoes="0123456789"))


def test_what_stands_in_another_period_is_undone_there(root: Path) -> None:
    [made] = rule(root, want("object", "1.1.A1")).effects
    q4 = Period(date(2026, 10, 1), date(2026, 12, 31), "2026-Q4")
    undo = want("undo", undoes=made.decision.id)
    assert refusal(root, undo, when=q4) == "要撤销的意见记在 2026-Q3。请写明那一期。"
    assert rule(root, undo, now=NOW + timedelta(hours=1)).effects


def test_rulings_on_a_sheet_that_was_changed_are_void_and_found(tmp_path: Path) -> None:
    changed = BAD + "# 后来改的\n"
    told = {f"{FOLDER}/south.toml": changed, f"{FOLDER}/decisions.toml": UPHELD}
    snapshot = see(tmp_path, told, plans=PLANS)
    assert (total(snapshot), of(snapshot).sheet.struck) == ("11", {})
    void = [(KEPT, "“south.toml”在这条意见之后有改动，意见已经失效。")]
    assert e19(snapshot.problems) == void
    # A refusal too: who refused looked at other words.
    snapshot = see(tmp_path, {**told, f"{FOLDER}/decisions.toml": REFUSED}, plans=PLANS)
    assert e19(snapshot.problems) == void


@pytest.mark.parametrize(("text", "is_found"), [(HEARD, True), (UPHELD, True), (REFUSED, False)])
def test_a_later_version_that_says_the_same_again_voids_what_would_be_missed(
    tmp_path: Path,
    text: str,
    is_found: bool,
) -> None:
    snapshot = with_rulings(tmp_path, text, south_2=BAD + "# 第二版\n")
    assert total(snapshot) == "11"
    assert bool(e19(snapshot.problems)) is is_found


def test_a_later_version_without_the_finding_or_a_sheet_sent_back_leaves_nothing_to_say(tmp_path: Path) -> None:
    snapshot = with_rulings(tmp_path / "a", HEARD, south_2=sheet_text("south", body=found("1.1.1")))
    assert (total(snapshot), e19(snapshot.problems)) == ("28", [])
    back = decision("return", "east", "2026-09-29T09:00:00+08:00", 'file = "south.toml"\nuntil = 2026-10-20')
    snapshot = with_rulings(tmp_path / "b", HEARD + back)
    assert (assessments(snapshot, "south", "2026-Q3"), e19(snapshot.problems)) == ([], [])


# --- what stands in the way ---


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (want("object"), "要写明是哪一条"),
        (want("object", "1.1.A"), "这份考核表里没有“1.1.A”这一条扣分。您是不是想写“1.1.A1”？"),
        (want("object", "1.2.1"), "这份考核表里没有“1.2.1”"),
        (want("object", "2.1.1"), "“2.1.1”是企业自评的，部门考核没有扣。"),
        (want("answer", "1.1.A1"), "这一条没有未裁定的异议。"),
        (
            want("object", "1.1.A1", file="suoth.toml"),
            "2026-Q3 没有收到东山县的suoth.toml考核表。有：north.toml、south.toml。",
        ),
        (want("object", "1.1.A1", file=None), "没有收到东山县的考核表"),
        (want("object", "1.1.A1", sha256="ab"), "东山县的考核表在您看过之后又有了新的内容。请重新看一遍再作决定。"),
        (want("object", "1.1.A1", granted=False), "“核对异议”用不着 granted。"),
        (want("object", "1.1.A1", item="mine-8@2026-Q3"), "用不着 item"),
        (want("accept", "1.1.A1"), "“审核通过”用不着 finding。"),
        (
            want("verify"),
            "“核实销号”不是对考核表作的意见。可以作：审核通过、退回、撤回、核对异议、异议裁定、撤销意见。",
        ),
        (want("return"), "退回要写明请在哪一天之前重报"),
        (want("return", until=date(2026, 10, 11)), "已经过去"),
        (replace(want("object", "1.1.A1"), by=" ", reason=""), "没有写谁作的决定（by）。\n没有写理由（reason）。"),
        (replace(want("object", "1.1.A1"), unit="eastt"), "没有报送单位“eastt”。"),
    ],
)
def test_what_fits_nothing_is_refused(root: Path, wanted: Decision, said: str) -> None:
    assert said in refusal(root, wanted)


def test_nothing_is_objected_to_twice_nor_answered_twice(root: Path) -> None:
    rule(root, want("object", "1.1.A1"))
    assert "已经登记，正等裁定" in refusal(root, want("object", "1.1.A1"))
    assert "正等裁定" in refusal(root, want("object", "1.1.1"), want("object", "1.1.A1"))
    rule(root, want("answer", "1.1.A1"), now=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    assert "没有未裁定的异议" in refusal(root, want("answer", "1.1.A1", granted=False), now=later)
    assert "已经采纳，不再扣分" in refusal(root, want("object", "1.1.A1"), now=later)
    rule(root, want("object", "1.1.1"), now=later)
    rule(root, want("answer", "1.1.1", granted=False), now=later + timedelta(hours=1))
    assert rule(root, want("object", "1.1.1"), now=later + timedelta(hours=2)).effects


def test_only_the_version_that_counts_can_be_objected_to(tmp_path: Path) -> None:
    build(tmp_path, files(north=GOOD, south=BAD, south_2=BAD + "# 第二版\n"), PLANS)
    assert "south.toml 这一版已经不算数。算数的是 south.2.toml。" in refusal(tmp_path, want("object", "1.1.A1"))
    until = date(2026, 10, 30)
    rule(tmp_path, want("return", file="south.2.toml", until=until), want("return", until=until))
    assert "已经不算数。" in refusal(tmp_path, want("object", "1.1.A1"), now=NOW + timedelta(hours=1))


def test_what_was_ruled_since_somebody_looked_stands_in_the_way(root: Path) -> None:
    workspace = Workspace(root)
    programme, _problems = load(workspace.plans, "city", root)
    assert programme is not None
    looked_at = read_shelf(workspace, programme)
    assert decide(workspace, "city", Q3, [want("object", "1.1.A1")], NOW, looked_at).effects
    later = NOW + timedelta(hours=1)
    [refused] = decide(workspace, "city", Q3, [want("answer", "1.1.A1")], later, looked_at).refused
    assert "在您看过之后又有了新的内容" in refused.message
    (root / "status/city" / FOLDER / "north.2.toml").write_text(GOOD, encoding="utf-8")
    wanted = [want("accept", file="north.2.toml")]
    assert "在您看过之后" in decide(workspace, "city", Q3, wanted, later, looked_at).refused[0].message


def test_a_ruling_can_be_looked_over_before_it_is_wanted(root: Path) -> None:
    snapshot = look(root)
    assert mistakes(snapshot, Q3, want("object", "1.1.A1"), NOW) == []
    assert mistakes(snapshot, Q3, want("answer", "1.1.A1"), NOW) == [("", "这一条没有未裁定的异议。", "")]
    assert mistakes(snapshot, Q3, want("correct"), NOW)


def test_rulings_that_are_written_wrongly_do_not_count(tmp_path: Path) -> None:
    build(tmp_path, plans=PLANS)
    programme, _problems = load(tmp_path / "plans", "city")
    assert programme is not None
    texts = {
        'file = "south.toml"\nfinding = "1.1.A"': [("E07", "清单里没有“1.1.A”。")],
        'finding = "1.1.A1"': [("E04", "要写明是哪一份考核表（file）。")],
        'file = "south.toml"\nfinding = "1.1.A1"\nitem = "mine-1"': [
            ("E03", "只有对考核表的异议和裁定才写 finding，不写 item。")
        ],
    }
    path = tmp_path / "decisions.toml"
    for more, problems in texts.items():
        path.write_text(decision("object", "east", "2026-09-29T09:00:00+08:00", more), encoding="utf-8")
        good, noted = read_decisions(path, KEPT, programme)
        assert (good, [(p.code, p.message) for p in noted]) == ((), problems)
    path.write_text(decision("accept", "east", "2026-09-29T09:00:00+08:00", 'file = "a"\nfinding = "1.1.1"'), "utf-8")
    assert [p.code for p in read_decisions(path, KEPT, programme)[1]] == ["E03"]
    path.write_text(UPHELD, encoding="utf-8")
    assert len(read_decisions(path, KEPT, programme)[0]) == 2


def test_a_sheet_says_nothing_of_objections_itself(tmp_path: Path) -> None:
    snapshot = with_rulings(tmp_path / "a", "", south=sheet_text("south", body=found("1.1.1", 1, 'contest = "有"')))
    assert [p.code for p in snapshot.problems] == ["E03"]
    assert of(snapshot).sheet.held == ("1.1.1",)


# --- a sheet as a whole ---


def test_a_sheet_is_returned_withdrawn_and_accepted_like_a_submission(root: Path) -> None:
    assert look(root).by_key[ITEM].status == "done"
    rule(root, want("return", until=date(2026, 10, 20)))
    assert look(root).by_key[ITEM].status == "due-soon"
    [effect] = rule(root, want("accept"), now=NOW + timedelta(hours=1)).effects
    assert effect.before is None
    assert isinstance(effect.after, Assessment)
    assert look(root).by_key[ITEM].status == "done"
    rule(root, want("withdraw"), now=NOW + timedelta(hours=2))
    assert look(root).by_key[ITEM].status == "due-soon"
    rule(root, want("undo"), now=NOW + timedelta(hours=3))
    assert look(root).by_key[ITEM].status == "done"


def test_a_unit_s_month_and_its_sheets_are_ruled_on_apart(root: Path) -> None:
    rule(root, want("object", "1.1.A1"))
    undo = Decision("undo", "east", "刘某", NOW, "属实")
    found_ = decide(Workspace(root), "city", date(2026, 9, 1), [undo], NOW + timedelta(hours=1))
    assert "没有可以撤销的意见" in found_.refused[0].message


def test_without_rulings_a_sheet_is_left_as_it_is(root: Path) -> None:
    snapshot = look(root)
    filed = sheets_that_count(snapshot.sheets, in_force(snapshot.decisions), LATER)
    assert as_ruled(filed, snapshot.decisions) == filed


# --- where it is read ---


def test_the_papers_say_both_reasons_and_the_bulletin_counts(tmp_path: Path) -> None:
    def written(snapshot: Snapshot) -> str:
        return FORMATS["md"](score_paper(snapshot, of(snapshot))).decode()

    heard, upheld = with_rulings(tmp_path / "a", HEARD), with_rulings(tmp_path / "b", UPHELD)
    assert "| 有异议待裁定 | 没有责任制（裁定前照扣） |" in written(heard)
    assert "企业异议：有机构（孙某，2026-09-21）；有异议待裁定" in written(heard)
    assert "| 结果 | 不合格，有异议待裁定（满分 30 分，20 分合格） |" in written(heard)
    assert "| 异议采纳 | 没有责任制（不再扣分） |" in written(upheld)
    row = "| 1.1 | A级否决：没有责任制 | — | 不扣（原扣 15） | 看到了；企业异议：有机构（孙某，2026-09-21）；"
    assert row + "异议采纳：文件找到了（王某，2026-09-24） | — |" in written(upheld)
    assert "| 部门考核 | 26 分" in written(upheld)
    assert score_paper(heard, of(heard)).fingerprint != score_paper(upheld, of(upheld)).fingerprint
    month = date(2026, 9, 1)
    assert [one.contested for one in rounds(heard, month)] == [1]
    said = FORMATS["md"](paper(heard)).decode()
    assert "合格 1 家、不合格 1 家，触及否决项 1 家，有异议待裁定 1 家。" in said
    assert "已考核 2 家，均合格。" in FORMATS["md"](paper(upheld)).decode()


def test_why_and_the_history_of_the_duty_tell_of_it(tmp_path: Path) -> None:
    snapshot = with_rulings(
        tmp_path, UPHELD + decision("suspend", "east", "2026-09-25T09:00:00+08:00", 'item = "mine-7"')
    )
    s = snapshot.by_key[ITEM]
    step = next(step for step in why(snapshot, s) if step.title == "审核意见")
    assert [line.partition("　")[0] for line in step.lines] == [
        "2026-09-21 孙某 核对异议 south.toml 1.1.A1：有机构",
        "2026-09-24 王某 异议采纳 south.toml 1.1.A1：文件找到了",
    ]
    told = said_of(snapshot, *ITEM)
    assert [(one.words, one.lines[0], one.source) for one in told] == [
        ("核对异议", "south.toml 1.1.A1", "2026-Q3 审核意见"),
        ("异议采纳", "south.toml 1.1.A1", "2026-Q3 审核意见"),
    ]
    other = snapshot.by_key["west", "mine-7"]
    assert next(step for step in why(snapshot, other) if step.title == "审核意见").lines == ("没有。",)


def test_a_ruling_on_a_sheet_is_the_cause_of_what_changed_in_its_period_alone(tmp_path: Path) -> None:
    with_rulings(tmp_path, UPHELD)
    before, after = (look(tmp_path, datetime(2026, 9, day, 12, tzinfo=CHINA)) for day in (20, 29))
    kinds = {item: [c.kind for c in restating._causes(before, after, "east", item)] for item in (ITEM[1], "mine-1")}
    assert kinds == {ITEM[1]: ["object", "answer"], "mine-1": ["program"]}


def test_a_sheet_filled_in_anew_begins_without_what_was_struck(tmp_path: Path) -> None:
    text = UPHELD + ruled("object", "south.toml", BAD, "1.1.1")
    snapshot = with_rulings(tmp_path, text)
    draft = SheetDraft.open(
        Workspace(tmp_path), snapshot, "south", "2026-Q3", tmp_path / "out", date(2026, 9, 28), "department"
    )
    assert (draft.count("1.1.A1"), draft.count("1.1.1")) == (0, 2)
    assert dict(draft.steps["1.1.A1"].facts)["异议"].startswith(
        "企业异议：有机构（孙某，2026-09-21）；异议采纳：文件找到了"
    )
    assert dict(draft.steps["1.1.1"].facts)["异议"].endswith("；有异议待裁定")


# --- the command ---


def run(root: Path, *argv: str, hours: int = 0) -> int:
    return main(["decide", *argv, "--by", "孙某", "--reason", "有机构"], NOW + timedelta(hours=hours), root)


def test_an_enterprise_is_named_and_the_last_sheet_that_counts_is_meant(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "object", "south", "--finding", "1.1.A1", "--finding", "1.1.1") == 0
    out = capsys.readouterr()
    assert out.out.splitlines()[0].startswith(
        "东山县 south.toml 1.1.A1：核对异议，11 分，不合格 → 11 分，不合格，有异议待裁定（"
    )
    assert out.err == f"已记入 {KEPT}。\n"
    assert main(["decide"], NOW, root) == 0
    row = f"异议待裁定\t东山县\t没有责任制\tstatus/city/{FOLDER}/south.toml 1.1.A1\t2026-10-12\t"
    assert row in capsys.readouterr().out.splitlines()
    assert main(["decide", "--json"], NOW, root) == 0
    assert json.loads(capsys.readouterr().out)[0]["finding"] == "1.1.A1"
    assert run(root, "answer", "示例南矿有限公司", "--finding", "1.1.A1", "--period", "2026-Q3", "--json") == 0
    [row_] = json.loads(capsys.readouterr().out)
    assert (row_["finding"], row_["before_points"], row_["after_points"], row_["after"]) == ("1.1.A1", 11, 26, "passed")
    assert run(root, "answer", "south", "--finding", "1.1.1", "--refused") == 0
    assert run(root, "undo", "south", "--finding", "1.1.1") == 0
    assert main(["score", "south", "2026-Q3"], NOW, root) == 0
    out = capsys.readouterr()
    assert "部门考核：26 分" in out.out
    assert "有异议待裁定、裁定前照扣的：1.1.1。" in out.out
    assert "异议采纳、不再扣分的：1.1.A1。" in out.out
    assert "1.1.A1\tA级否决：没有责任制\t\t不扣（原扣 15）\t看到了；企业异议：有机构" in out.out


def test_a_sheet_is_sent_back_by_the_same_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "退回", "south", "--until", "2026-10-20") == 0
    assert "东山县 south.toml：退回，11 分，不合格 → （" in capsys.readouterr().out
    assert run(root, "accept", "east", "--file", "south.toml", "--period", "2026-Q3", "--json", hours=1) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["before"], row["after"], row["after_points"]) == (None, "failed", 11)


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("object", "east", "--finding", "1.1.A1"), 2, "对考核表的意见，单位要写企业。例如"),
        (("object", "sout", "--finding", "1.1.A1"), 2, "您是不是想写“south”？"),
        (("object", "south", "mine-8", "--finding", "1.1.A1"), 2, "不写期次和 --month"),
        (("object", "south", "--month", "2026-09", "--finding", "1.1.A1"), 2, "不写期次和 --month"),
        (("object", "south", "--period", "2026-Q9", "--finding", "1.1.A1"), 2, "没有这一期：“2026-Q9”"),
        (
            ("object", "south", "--period", "2026-Q4", "--finding", "1.1.A1"),
            1,
            "2026-Q4 没有收到东山县的south.toml考核表",
        ),
        (("object", "south", "--finding", "1.1.A1", "--finding", "1.1.2"), 1, "1.1.2：这份考核表里没有“1.1.2”"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_written(
    root: Path, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], code: int, said: str
) -> None:
    assert run(root, *argv) == code
    assert said in capsys.readouterr().err
    assert not (root / KEPT).exists()


def test_an_enterprise_without_a_sheet_has_nothing_to_rule_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(tmp_path, plans=PLANS)
    assert run(tmp_path, "accept", "south") == 1
    assert "还没有收到 示例南矿有限公司 的考核表。" in capsys.readouterr().err


def test_a_sheet_of_the_enterprise_alone_scores_nothing_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = sheet_text("south", sides='[own]\non = 2026-09-10\nby = ["孙某"]\n')
    build(tmp_path, files(south=own), PLANS)
    assert run(tmp_path, "accept", "south") == 0
    assert "审核通过，考核未完（" in capsys.readouterr().out
    assert run(tmp_path, "accept", "south", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["after_points"] is None
