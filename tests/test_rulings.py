"""Ruling: each kind, what it is checked for, what it writes and what it changes; undone, tied, in both clocks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import CHEM, CHINA, LATER, MINE, OCTOBER, OCTOBER_END, build, decision, head, receipt

from tracker import month_ruling_checks, records, rulings, sheet_ruling_checks
from tracker.decision_files import read_decisions
from tracker.decisions import KINDS, Decision
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.rulings import Ruled, decide, mistakes
from tracker.shelf import read_shelf
from tracker.snapshot import Snapshot, take
from tracker.standing import Standing
from tracker.workspace import Workspace

NOW = datetime(2026, 11, 3, 9, 0, 30, 500, tzinfo=CHINA)
SEPTEMBER, NOVEMBER = date(2026, 9, 1), date(2026, 11, 1)
KEPT = "status/city/2026-10/decisions.toml"

EAST = (
    head()
    + """
[[update]]
item = "mine-1"
state = "已完成"
done_on = 2026-09-28

[[update]]
item = "mine-2@2026-08"
state = "推进中"
cause = "企业停产检修没有开展"
measure = "复产前补一次排查"
promised_on = 2026-11-30

[[update]]
item = "mine-2@2026-10"
state = "已完成"
done_on = 2026-10-20
verified_on = 2026-10-22

[[update]]
item = "mine-7"
state = "推进中"
done = 4
total = 10

[[update]]
item = "chem-1"
state = "推进中"
done = 30

[[update]]
item = "chem-3"
state = "推进中"
request_extension = { until = 2026-11-30, reason = "专家要到11月中旬才能到", progress = "材料已备齐" }
"""
)
RECEIPTS = receipt("east.toml", EAST, "2026-11-02T10:00:00+08:00")
FILES = {"2026-10/east.toml": EAST, "2026-10/receipts.toml": RECEIPTS}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with one county's October."""
    return build(tmp_path, FILES)


def want(kind: str, item: str | None = None, unit: str = "east", **more: Any) -> Decision:
    """A ruling as somebody wants it."""
    return Decision(kind, unit, "刘某", NOW, "属实", item=item, **more)  # type: ignore[arg-type]


def rule(root: Path, *wanted: Decision, month: date = OCTOBER, now: datetime = NOW) -> Ruled:
    return decide(Workspace(root), "city", month, wanted, now)


def refusal(root: Path, *wanted: Decision, month: date = OCTOBER, now: datetime = NOW) -> str:
    """Why nothing was written."""
    before = files(root)
    found = rule(root, *wanted, month=month, now=now)
    assert found.effects == ()
    assert found.refused
    assert files(root) == before
    return "\n".join(f"{one.message}{one.hint}" for one in found.refused)


def files(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.glob("status/**/*.toml"))}


def look(root: Path, as_of: date = OCTOBER_END, known_by: datetime = LATER) -> Snapshot:
    snapshot, problems = take(Workspace(root), "city", as_of, known_by)
    assert snapshot is not None
    assert [p for p in problems if p.holds] == []
    return snapshot


def status(root: Path, item: str, unit: str = "east", as_of: date = OCTOBER_END, known_by: datetime = LATER) -> str:
    return look(root, as_of, known_by).by_key[unit, item].status


# --- what is written ---


def test_a_ruling_is_written_with_its_moment_and_what_it_says_and_read_back_as_it_was(
    root: Path, programme: Programme
) -> None:
    [effect] = rule(root, want("verify", "mine-1")).effects
    assert (root / KEPT).read_text(encoding="utf-8") == (
        '[[decision]]\nkind = "verify"\nunit = "east"\nby = "刘某"\nat = 2026-11-03T09:00:30+08:00\n'
        'reason = "属实"\nitem = "mine-1"\n'
    )
    [kept], problems = read_decisions(root / KEPT, KEPT, programme)
    assert problems == []
    assert (kept.id, replace(kept, place=effect.decision.place)) == (effect.decision.id, effect.decision)
    assert effect.before is not None
    assert effect.after is not None
    assert (effect.before.status, effect.after.status) == ("done", "verified")


def test_a_moment_of_another_zone_is_written_in_chinas_time(root: Path) -> None:
    rule(root, want("verify", "mine-1"), now=datetime(2026, 11, 2, 20, 0, tzinfo=UTC))
    assert "at = 2026-11-03T04:00:00+08:00\n" in (root / KEPT).read_text(encoding="utf-8")


def test_what_was_there_before_stays_byte_for_byte(root: Path) -> None:
    before = decision("accept", "east", "2026-11-02T11:00:00+08:00", 'file = "east.toml"') + "# 会上定的"
    (root / KEPT).write_text(before, encoding="utf-8")
    rule(root, want("verify", "mine-1"))
    assert (root / KEPT).read_text(encoding="utf-8").startswith(before + "\n")
    assert len(look(root).decisions) == 2


def test_several_are_written_at_one_stroke_or_none_of_them(root: Path) -> None:
    assert "chem-3" in refusal(root, want("verify", "mine-1"), want("waive", "chem-3x", ground="不涉及"))
    assert not (root / KEPT).exists()
    found = rule(root, want("verify", "mine-1"), want("waive", "chem-3", ground="不涉及"), want("verify", "mine-1"))
    assert [(e.decision.kind, e.after and e.after.status) for e in found.effects] == [
        ("verify", "verified"),
        ("waive", "not-applicable"),
    ]
    assert found.file == KEPT
    assert len(look(root).decisions) == 2


def test_every_reason_against_a_ruling_is_said_at_once(root: Path) -> None:
    said = refusal(root, replace(want("return", "mine-1"), by=" ", reason=""))
    assert "谁作的决定" in said
    assert "理由" in said
    assert "哪一天之前重报" in said


def test_what_is_no_text_is_refused(root: Path) -> None:
    assert "reason、item" in refusal(root, replace(want("verify", "mine-1\udcff"), reason="核\udc80实"))


def test_beside_rulings_saved_in_another_encoding_a_new_one_can_be_read(root: Path) -> None:
    old = decision("suspend", "east", "2026-11-02T11:00:00+08:00", 'item = "mine-7"')
    (root / KEPT).write_bytes(old.encode("gbk"))
    rule(root, want("verify", "mine-1"))
    assert [(d.kind, d.by) for d in look(root).decisions] == [("suspend", "刘某"), ("verify", "刘某")]


def test_nothing_wanted_writes_nothing(root: Path) -> None:
    assert rule(root) == Ruled()
    assert not (root / KEPT).exists()


# --- whose and when ---


@pytest.mark.parametrize(
    ("wanted", "month", "words"),
    [
        (want("verify", "mine-1", unit="eastt"), OCTOBER, "east"),
        (want("verify", "mine-11"), OCTOBER, "mine-1"),
        (want("verify", "mine-6"), OCTOBER, "东山县没有“mine-6”"),
        (want("verify", "mine-2"), OCTOBER, "没有“mine-2”"),
        (want("verify"), OCTOBER, "哪一项"),
        (want("object"), OCTOBER, "哪一项"),
        (want("verify", "mine-1"), date(2026, 7, 1), "2026-08"),
        (want("verify", "mine-1"), date(2026, 12, 1), "2026-11"),
    ],
)
def test_a_ruling_names_a_unit_an_item_of_it_and_a_month_that_has_begun(
    root: Path, wanted: Decision, month: date, words: str
) -> None:
    assert words in refusal(root, wanted, month=month)


def test_after_the_programmes_close_rulings_stand_in_its_months(root: Path) -> None:
    later = datetime(2027, 2, 3, tzinfo=CHINA)
    assert "2026-08 到 2026-12" in refusal(root, want("verify", "mine-1"), month=date(2027, 1, 1), now=later)
    rule(root, want("verify", "mine-1"), month=date(2026, 12, 1), now=later)
    assert status(root, "mine-1", as_of=date(2026, 12, 31)) == "verified"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (want("verify", "mine-1", granted=False), "refuse"),
        (want("accept", granted=False), "return"),
        (want("verify", "mine-1", until=date(2026, 12, 1)), "until"),
        (want("extend", "chem-3", until=date(2026, 12, 1), ground="不涉及"), "ground"),
        (want("close", "mine-2@2026-08", cause="停产"), "cause"),
        (want("waive", "chem-3", ground="不涉及", undoes="ab", note="x"), "note、undoes"),
    ],
)
def test_what_a_kind_has_no_use_for_is_refused_for_it_may_mean_another_kind(
    root: Path, wanted: Decision, words: str
) -> None:
    said = refusal(root, wanted)
    assert "用不着" in said
    assert words in said


def test_every_kind_is_checked_and_named() -> None:
    assert {*month_ruling_checks.KINDS, "undo"} == set(KINDS)
    assert {*month_ruling_checks.USES, *sheet_ruling_checks.USES} <= set(KINDS)


# --- accept, return, withdraw ---


def test_an_acceptance_is_tied_to_what_the_file_says(root: Path) -> None:
    [effect] = rule(root, want("accept")).effects
    assert (effect.decision.file, effect.decision.item) == ("east.toml", None)
    assert str(effect.decision.sha256) in RECEIPTS
    assert (effect.before, effect.after) == (None, None)


def test_a_file_returned_does_not_count_until_a_later_version_answers(root: Path) -> None:
    rule(root, want("return", until=date(2026, 11, 9)))
    assert status(root, "mine-1") == "unreported"
    assert status(root, "chem-3") == "returned"
    again = EAST.replace("材料已备齐", "材料已经备齐")
    (root / "status/city/2026-10/east.2.toml").write_text(again, encoding="utf-8")
    with (root / "status/city/2026-10/receipts.toml").open("a", encoding="utf-8") as kept:
        kept.write(receipt("east.2.toml", again, "2026-11-04T10:00:00+08:00"))
    assert status(root, "mine-1") == "done"
    assert status(root, "mine-1", known_by=NOW) == "unreported"
    [effect] = rule(root, want("accept"), now=NOW + timedelta(days=2)).effects
    assert effect.decision.file == "east.2.toml"


def test_one_update_is_returned_and_accepted_after_all(root: Path) -> None:
    [effect] = rule(root, want("return", "chem-3", until=date(2026, 11, 9))).effects
    assert (effect.decision.file, effect.decision.until) == ("east.toml", date(2026, 11, 9))
    assert (status(root, "chem-3"), status(root, "mine-1")) == ("returned", "done")
    rule(root, want("accept", "chem-3"), now=NOW + timedelta(minutes=1))
    assert status(root, "chem-3") == "due-soon"


def test_a_file_withdrawn_leaves_the_one_before_standing(root: Path) -> None:
    bad = EAST.replace("done = 4", "done = 9")
    (root / "status/city/2026-10/east.2.toml").write_text(bad, encoding="utf-8")
    progress = look(root).by_key["east", "mine-7"].progress
    assert progress is not None
    assert progress.done == 9
    [effect] = rule(root, want("withdraw")).effects
    assert effect.decision.file == "east.2.toml"
    progress = look(root).by_key["east", "mine-7"].progress
    assert progress is not None
    assert progress.done == 4
    # The one before stands, and is what an acceptance means now.
    assert rule(root, want("accept")).effects[0].decision.file == "east.toml"


def test_a_file_may_be_named_with_its_path_in_either_form(root: Path) -> None:
    for path in ("status/city/2026-10/east.toml", "status\\city\\2026-10\\east.toml"):
        assert rule(root, want("accept", file=path)).effects[0].decision.file == "east.toml"


def test_an_item_of_an_earlier_version_is_judged_where_it_is_said(root: Path) -> None:
    later = head() + '[[update]]\nitem = "mine-7"\nstate = "推进中"\ndone = 5\ntotal = 10\n'
    (root / "status/city/2026-10/east.2.toml").write_text(later, encoding="utf-8")
    assert rule(root, want("return", "chem-3", until=date(2026, 11, 9))).effects[0].decision.file == "east.toml"
    assert rule(root, want("accept", "mine-7")).effects[0].decision.file == "east.2.toml"


@pytest.mark.parametrize(
    ("wanted", "month", "words"),
    [
        (want("accept", unit="west"), OCTOBER, "没有收到西湖高新区的月报"),
        (want("accept"), SEPTEMBER, "2026-10 的月报里有"),
        (want("return", "chem-3", until=date(2026, 11, 9)), NOVEMBER, "2026-10 的月报里有"),
        (want("accept", "mine-2@2026-09"), OCTOBER, "没有收到东山县的“mine-2@2026-09”"),
        (want("accept", file="east.3.toml"), OCTOBER, "east.3.toml月报。有：east.toml"),
        (want("accept", sha256="0" * 64), OCTOBER, "看过之后"),
        (want("return"), OCTOBER, "哪一天之前重报"),
        (want("return", until=date(2026, 11, 2)), OCTOBER, "已经过去"),
    ],
)
def test_a_file_that_is_not_there_or_not_what_was_seen_is_not_judged(
    root: Path, wanted: Decision, month: date, words: str
) -> None:
    assert words in refusal(root, wanted, month=month)


def test_the_content_that_was_seen_may_be_named(root: Path) -> None:
    digest = next(f.submission.digest for f in look(root).filed)
    assert rule(root, want("accept", sha256=digest)).effects[0].decision.sha256 == digest


def test_a_return_may_be_due_today(root: Path) -> None:
    assert rule(root, want("return", until=NOW.date())).effects


# --- verify, refuse, reopen ---


def test_a_claim_refused_is_open_again_and_verified_when_claimed_anew(root: Path) -> None:
    rule(root, want("refuse", "mine-1"))
    assert status(root, "mine-1") == "overdue"
    assert "还没有报完成" in refusal(root, want("verify", "mine-1"), now=NOW + timedelta(days=1))
    november = head(month="2026-11") + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-11-05\n'
    (root / "status/city/2026-11").mkdir()
    (root / "status/city/2026-11/east.toml").write_text(november, encoding="utf-8")
    later = datetime(2026, 11, 20, tzinfo=CHINA)
    # Of October the claim of November says nothing.
    assert "2026-11 报的完成" in refusal(root, want("verify", "mine-1"), now=later)
    rule(root, want("verify", "mine-1"), month=NOVEMBER, now=later)
    assert status(root, "mine-1", as_of=date(2026, 11, 30)) == "verified"
    assert status(root, "mine-1") == "overdue"


def test_what_is_verified_is_final_until_it_is_reopened(root: Path) -> None:
    rule(root, want("verify", "mine-1"))
    for wanted in (
        want("verify", "mine-1"),
        want("return", "mine-1", until=date(2026, 11, 9)),
        want("withdraw", "mine-1"),
        want("accept", "mine-1"),
        want("waive", "mine-1", ground="不涉及"),
        want("suspend", "mine-1"),
        want("correct", "mine-1", state="推进中", cause="名单没有公布", measure="限期公布", promised_on=OCTOBER_END),
    ):
        assert "已经销号" in refusal(root, wanted)
    rule(root, want("reopen", "mine-1"), now=NOW + timedelta(minutes=1))
    assert status(root, "mine-1") == "overdue"
    assert "不用重新开启" in refusal(root, want("reopen", "mine-1"), now=NOW + timedelta(minutes=2))


def test_a_claim_made_after_reopening_can_be_verified_once_more(root: Path) -> None:
    rule(root, want("verify", "mine-1"))
    rule(root, want("reopen", "mine-1"), now=NOW + timedelta(minutes=1))
    (root / "status/city/2026-10/east.2.toml").write_text(EAST, encoding="utf-8")
    later = NOW + timedelta(days=1)
    assert rule(root, want("verify", "mine-1"), now=later).effects
    assert "已经销号" in refusal(root, want("verify", "mine-1"), now=later)


def test_the_city_may_verify_and_refuse_what_the_county_has_closed(root: Path) -> None:
    assert status(root, "mine-2@2026-10") == "verified"
    rule(root, want("verify", "mine-2@2026-10"))
    assert "已经销号" in refusal(root, want("verify", "mine-2@2026-10"))
    [effect] = rule(root, want("refuse", "mine-2@2026-10"), now=NOW + timedelta(minutes=1)).effects
    assert effect.after is not None
    assert effect.after.status == "missed"
    assert "还没有报完成" in refusal(root, want("refuse", "mine-2@2026-10"), now=NOW + timedelta(minutes=2))


def test_what_the_county_has_closed_can_be_reopened_or_corrected(root: Path) -> None:
    assert rule(root, want("reopen", "mine-2@2026-10")).effects
    assert status(root, "mine-2@2026-10") == "due-soon"
    fresh = want("correct", "mine-2@2026-10", state="已完成", done_on=date(2026, 10, 21))
    assert rule(root, fresh, now=NOW + timedelta(minutes=1)).effects
    assert status(root, "mine-2@2026-10") == "done"


def test_a_sum_of_the_whole_city_is_verified_on_the_citys_row(tmp_path: Path) -> None:
    plenty = EAST.replace("done = 30", "done = 100")
    root = build(tmp_path, {"2026-10/east.toml": plenty})
    assert status(root, "chem-1", "bureau") == "done"
    rule(root, want("verify", "chem-1", "bureau"))
    assert status(root, "chem-1", "bureau") == "verified"


@pytest.mark.parametrize("kind", ["verify", "refuse", "extend", "waive", "suspend", "close", "reopen"])
@pytest.mark.parametrize("item", ["chem-1", "mine-4"])
def test_a_row_that_never_falls_due_has_nothing_to_be_ruled_on(root: Path, kind: str, item: str) -> None:
    useful: dict[str, dict[str, Any]] = {"waive": {"ground": "不涉及"}, "extend": {"until": date(2027, 1, 31)}}
    more = useful.get(kind, {})
    assert "没有自己的到期日" in refusal(root, want(kind, item, **more))


# --- extend ---


def test_an_extension_asked_for_is_granted_and_the_days_are_kept_apart(root: Path) -> None:
    [effect] = rule(root, want("extend", "chem-3", until=date(2026, 11, 30))).effects
    assert "granted = true" in (root / KEPT).read_text(encoding="utf-8")
    s = look(root).by_key["east", "chem-3"]
    assert (s.occurrence.due, s.due) == (date(2026, 10, 31), date(2026, 11, 30))
    assert isinstance(effect.after, Standing)
    assert effect.after.due == date(2026, 11, 30)
    assert look(root, known_by=NOW - timedelta(hours=1)).by_key["east", "chem-3"].due == date(2026, 10, 31)
    assert "没有收到这一项的延期申请" in refusal(root, want("extend", "chem-3", granted=False))


def test_an_extension_asked_for_is_refused(root: Path) -> None:
    rule(root, want("extend", "chem-3", granted=False))
    assert "granted = false" in (root / KEPT).read_text(encoding="utf-8")
    assert look(root).by_key["east", "chem-3"].due == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (want("extend", "mine-1", until=date(2026, 12, 31)), "已经完成"),
        (want("extend", "chem-3"), "延到哪一天"),
        (want("extend", "chem-3", until=date(2026, 10, 31)), "不晚于现在的到期日"),
        (want("extend", "mine-7", granted=False), "没有收到"),
        (want("extend", "mine-2@2026-09", until=date(2026, 12, 31)), "2026-09-30 已经到期"),
    ],
)
def test_an_extension_that_makes_no_sense_is_refused(root: Path, wanted: Decision, words: str) -> None:
    assert words in refusal(root, wanted)


def test_an_item_without_a_day_cannot_be_extended(tmp_path: Path) -> None:
    early = MINE.replace('earliest = "30 days"\nwithin = "1 year"', 'earliest = "30 days"')
    event = '[[event]]\nkind = "trial"\nref = "A厂"\nname = "A厂试生产"\nactual = 2026-09-01\n'
    root = build(tmp_path, {"2026-10/east.toml": head() + event}, {"mine.toml": early})
    assert "没有到期日" in refusal(root, want("extend", "mine-3b@A厂", until=date(2026, 12, 31)))


def test_an_extension_without_a_wish_in_the_file_stands_in_the_month_it_was_asked_in(root: Path) -> None:
    assert rule(root, want("extend", "mine-2@2026-09", until=date(2026, 11, 30)), month=SEPTEMBER).effects
    # What was granted before the books began is entered in their first month.
    early = MINE.replace("due = 2026-09-30", "due = 2026-07-15")
    (root / "plans/city/mine.toml").write_text(early, encoding="utf-8")
    wanted = want("extend", "mine-1", "west", until=date(2026, 12, 1))
    assert "已经到期" in refusal(root, wanted, month=SEPTEMBER)
    assert rule(root, wanted, month=date(2026, 8, 1)).effects


def test_a_wish_made_in_time_may_be_answered_in_the_month_after(root: Path) -> None:
    later = datetime(2026, 11, 12, tzinfo=CHINA)
    assert rule(root, want("extend", "chem-3", until=date(2026, 11, 30)), month=NOVEMBER, now=later).effects


# --- waive, suspend, close ---


def test_an_item_is_waived_once_for_a_reason_and_taken_up_again(root: Path) -> None:
    assert "不涉及、任务调整、终止" in refusal(root, want("waive", "mine-7"))
    rule(root, want("waive", "mine-7", ground="不涉及"))
    assert status(root, "mine-7") == "not-applicable"
    assert "已经认定为“不涉及”" in refusal(root, want("waive", "mine-7", ground="not-applicable"))
    rule(root, want("waive", "mine-7", ground="任务调整"), now=NOW + timedelta(minutes=1))
    assert status(root, "mine-7") == "adjusted"
    rule(root, want("reopen", "mine-7"), now=NOW + timedelta(minutes=2))
    assert status(root, "mine-7") not in ("adjusted", "not-applicable")


def test_all_periods_of_a_milestone_are_waived_and_one_of_them_taken_up_again(root: Path) -> None:
    [effect] = rule(root, want("waive", "mine-2", ground="终止")).effects
    assert (effect.before, effect.after) == (None, None)
    assert status(root, "mine-2@2026-08") == status(root, "mine-2@2026-09") == "terminated"
    rule(root, want("reopen", "mine-2@2026-09"), now=NOW + timedelta(minutes=1))
    assert (status(root, "mine-2@2026-08"), status(root, "mine-2@2026-09")) == ("terminated", "unreported")
    rule(root, want("reopen", "mine-2"), now=NOW + timedelta(minutes=2))
    assert status(root, "mine-2@2026-08") == "missed"
    assert "不用重新开启" in refusal(root, want("reopen", "mine-2"), now=NOW + timedelta(minutes=3))


def test_a_waiver_of_all_periods_is_undone(root: Path) -> None:
    rule(root, want("waive", "mine-2", ground="终止"))
    rule(root, want("undo", "mine-2"), now=NOW + timedelta(minutes=1))
    assert status(root, "mine-2@2026-09") == "unreported"


def test_an_item_is_suspended_until_a_day(root: Path) -> None:
    assert "已经过去" in refusal(root, want("suspend", "mine-7", until=date(2026, 11, 2)))
    rule(root, want("suspend", "mine-7", until=NOW.date()))
    assert status(root, "mine-7", as_of=NOW.date()) == "suspended"
    assert status(root, "mine-7", as_of=date(2026, 11, 4)) != "suspended"


def test_a_missed_period_is_closed_once_it_has_been_explained(root: Path) -> None:
    rule(root, want("close", "mine-2@2026-08"))
    assert status(root, "mine-2@2026-08") == "explained"
    assert "还没有说明原因" in refusal(root, want("close", "mine-2@2026-09"))
    for item in ("mine-1", "mine-7", "chem-3", "mine-2@2026-11"):
        assert "旧期次" in refusal(root, want("close", item))


# --- correct ---


def test_a_correction_is_held_to_the_rules_of_an_update_but_for_its_evidence(root: Path) -> None:
    for more, words in (
        ({}, "要写状态"),
        ({"state": "办结"}, "未启动、推进中"),
        ({"state": "已完成"}, "完成日期"),
        ({"state": "已完成", "done_on": date(2026, 11, 2)}, "本月之后"),
        ({"state": "受阻"}, "在等谁"),
        ({"state": "推进中", "done": 5, "total": 4}, "大于总数"),
    ):
        assert words in refusal(root, want("correct", "chem-3", **more))
    rule(root, want("correct", "chem-3", state="已完成", done_on=date(2026, 10, 30)))
    assert status(root, "chem-3") == "done"


def test_a_correction_reads_back_as_it_was_written(root: Path, programme: Programme) -> None:
    wanted = want(
        *("correct", "chem-3"),
        state="blocked",
        done=2.5,
        cause="设备没有到货",
        measure="换一家供货",
        promised_on=date(2026, 12, 1),
        waiting_on="供货厂",
        note='他说："不行"\n\t# [[decision]]',
    )
    [effect] = rule(root, wanted).effects
    [kept], problems = read_decisions(root / KEPT, KEPT, programme)
    assert problems == []
    assert replace(kept, place=effect.decision.place) == effect.decision
    assert effect.after is not None
    assert effect.after.status == "overdue"
    assert status(root, "chem-3") == "blocked"


# --- object, answer ---


def test_an_objection_is_open_until_it_is_answered_in_its_month(root: Path) -> None:
    assert "没有未裁定的异议" in refusal(root, want("answer", "chem-3"))
    rule(root, want("object", "chem-3"))
    assert "已经登记" in refusal(root, want("object", "chem-3"))
    later = datetime(2026, 11, 12, tzinfo=CHINA)
    assert "异议记在 2026-10" in refusal(root, want("answer", "chem-3"), month=NOVEMBER, now=later)
    rule(root, want("answer", "chem-3", granted=False), now=later)
    assert "granted = false" in (root / KEPT).read_text(encoding="utf-8")
    assert "没有未裁定的异议" in refusal(root, want("answer", "chem-3"), now=later)
    assert rule(root, want("object", "chem-3"), now=later + timedelta(minutes=1)).effects


# --- undo ---


def test_the_last_ruling_is_taken_back_and_both_are_kept(root: Path) -> None:
    [made] = rule(root, want("verify", "mine-1")).effects
    minute = timedelta(minutes=1)
    [undone] = rule(root, want("undo", "mine-1"), now=NOW + minute).effects
    assert (undone.decision.undoes, undone.decision.item) == (made.decision.id, "mine-1")
    assert undone.after is not None
    assert undone.after.status == "done"
    assert (root / KEPT).read_text(encoding="utf-8").count("[[decision]]") == 2
    # As it was known between the two, the ruling stands.
    assert status(root, "mine-1", known_by=NOW + minute / 2) == "verified"
    assert status(root, "mine-1", known_by=NOW + minute) == "done"
    assert "没有可以撤销的意见" in refusal(root, want("undo", "mine-1"), now=NOW + 2 * minute)
    assert "已经撤销" in refusal(root, want("undo", "mine-1", undoes=made.decision.id), now=NOW + 2 * minute)
    assert rule(root, want("verify", "mine-1"), now=NOW + 3 * minute).effects


def test_an_earlier_ruling_is_taken_back_by_its_number_with_or_without_its_item(root: Path) -> None:
    [first] = rule(root, want("extend", "chem-3", until=date(2026, 11, 20))).effects
    [second] = rule(root, want("extend", "chem-3", until=date(2026, 11, 30)), now=NOW + timedelta(minutes=1)).effects
    later = NOW + timedelta(minutes=2)
    assert "没有编号为“0123456789”" in refusal(root, want("undo", undoes="0123456789"), now=later)
    assert "没有编号为" in refusal(root, want("undo", "mine-1", undoes=first.decision.id), now=later)
    [undone] = rule(root, want("undo", undoes=second.decision.id), now=later).effects
    assert undone.decision.item == "chem-3"
    assert isinstance(undone.after, Standing)
    assert undone.after.due == date(2026, 11, 20)
    assert rule(root, want("undo", "chem-3", undoes=first.decision.id), now=later).effects
    assert look(root).by_key["east", "chem-3"].due == date(2026, 10, 31)


def test_a_ruling_on_a_file_is_taken_back_of_the_file_that_is_named(root: Path) -> None:
    (root / "status/city/2026-10/east.2.toml").write_text(EAST.replace("done = 4", "done = 5"), encoding="utf-8")
    rule(root, want("return", file="east.toml", until=date(2026, 11, 9)))
    rule(root, want("return", file="east.2.toml", until=date(2026, 11, 9)), now=NOW + timedelta(minutes=1))
    assert status(root, "mine-1") == "unreported"
    [effect] = rule(root, want("undo", file="east.toml"), now=NOW + timedelta(minutes=2)).effects
    assert effect.decision.file == "east.toml"
    progress = look(root).by_key["east", "mine-7"].progress
    assert progress is not None
    assert progress.done == 4
    [effect] = rule(root, want("undo"), now=NOW + timedelta(minutes=3)).effects
    assert effect.decision.file == "east.2.toml"
    assert "没有可以撤销的意见" in refusal(root, want("undo"), now=NOW + timedelta(minutes=4))


def test_an_undo_stands_in_the_month_of_what_it_takes_back(root: Path) -> None:
    rule(root, want("suspend", "mine-7"), month=SEPTEMBER)
    rule(root, want("accept"))
    later = NOW + timedelta(minutes=1)
    assert "要撤销的意见记在 2026-09" in refusal(root, want("undo", "mine-7"), now=later)
    assert "没有可以撤销的意见" in refusal(root, want("undo"), month=SEPTEMBER, now=later)
    rule(root, want("undo", "mine-7"), month=SEPTEMBER, now=later)
    assert status(root, "mine-7", as_of=date(2026, 9, 30)) == status(root, "mine-7", as_of=date(2026, 9, 1))


def test_a_ruling_on_an_item_that_has_gone_to_another_unit_can_be_taken_back(root: Path) -> None:
    rule(root, want("suspend", "chem-3"))
    assigned = '[[assignment]]\nitem = "chem-3"\nlead = ["west"]\nby = "刘某"\nat = 2026-11-03\nreason = "会议纪要"\n'
    (root / "plans/city/assignments.toml").write_text(assigned, encoding="utf-8")
    later = NOW + timedelta(days=1)
    assert "没有“chem-3”" in refusal(root, want("verify", "chem-3"), now=later)
    [effect] = rule(root, want("undo", "chem-3"), now=later).effects
    assert (effect.before, effect.after) == (None, None)


# --- what stands in the way of all of them ---


def test_mistaken_plans_are_said_and_nothing_is_written(root: Path) -> None:
    (root / "plans/city/chem.toml").write_text(CHEM.replace('every = "quarter"', 'every = "quartr"'), encoding="utf-8")
    found = rule(root, want("verify", "mine-1"))
    assert [p.place.file for p in found.problems] == ["plans/city/chem.toml"]
    assert not (root / KEPT).exists()
    assert decide(Workspace(root), "nowhere", OCTOBER, [want("verify", "mine-1")], NOW).problems


def test_beside_a_ruling_that_cannot_be_read_none_is_written(root: Path) -> None:
    (root / KEPT).write_text(decision("verfy", "east", "2026-11-02T11:00:00+08:00", 'item = "mine-1"'))
    before = files(root)
    found = rule(root, want("verify", "mine-1"))
    assert [(p.code, p.place.line) for p in found.problems] == [("E06", 2)]
    assert files(root) == before


def test_rulings_that_are_void_or_on_nothing_stand_in_nobodys_way(root: Path) -> None:
    void = decision("accept", "east", "2026-11-02T11:00:00+08:00", 'file = "east.toml"\nsha256 = "ab"')
    nothing = decision("verify", "east", "2026-11-02T11:00:00+08:00", 'item = "mine-6"')
    (root / KEPT).write_text(void + nothing, encoding="utf-8")
    assert rule(root, want("verify", "mine-1")).effects


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=40), st.dates(), st.floats(allow_nan=False))
def test_whatever_is_said_in_a_ruling_reads_back_with_the_same_number(words: str, day: date, number: float) -> None:
    made = want("correct", "mine-1", note=words, cause=words, done_on=day, done=number, waiting_on=words)
    text = records.entry("decision", rulings._values(replace(made, reason=words)))
    from tracker.door import enter
    from tracker.source import parse

    source = parse(text.encode(), KEPT)
    kept, problems = enter(Decision, source.data["decision"][0], source, ("decision", 0))
    assert (source.problems, problems) == ((), [])
    assert kept is not None
    assert kept.id == replace(made, reason=words).id


def test_what_was_said_or_ruled_since_somebody_looked_stands_in_the_way(root: Path) -> None:
    workspace = Workspace(root)
    programme, _problems = load(workspace.plans, "city", root)
    assert programme is not None
    looked_at = read_shelf(workspace, programme)
    first = decide(workspace, "city", OCTOBER, [want("verify", "mine-1")], NOW, looked_at)
    assert len(first.effects) == 1
    [refused] = decide(workspace, "city", OCTOBER, [want("reopen", "mine-1")], NOW, looked_at).refused
    assert "在您看过之后" in refused.message
    assert decide(workspace, "city", OCTOBER, [want("reopen", "mine-1")], NOW, read_shelf(workspace, programme)).effects


def test_a_ruling_can_be_looked_over_before_it_is_wanted(root: Path) -> None:
    snapshot, _problems = take(Workspace(root), "city", NOW.date(), NOW)
    assert snapshot is not None
    half = want("correct", "mine-7", state="已完成")
    assert [key for key, _words, _hint in mistakes(snapshot, OCTOBER, half, NOW) if key != "reason"]
    assert mistakes(snapshot, OCTOBER, want("correct", "mine-7"), NOW)
    assert mistakes(snapshot, OCTOBER, want("verify", "mine-1"), NOW) == []
    earlier = snapshot.on(date(2026, 10, 31))
    assert mistakes(earlier, OCTOBER, want("verify", "mine-1"), NOW) == []
