"""The checks of an entry, one by one."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import checked
from updates import EVENT, LATE, none, one, update

from tracker.occurrences import needed_and_reached as needed
from tracker.plans import Programme
from tracker.submission_checks import CHECKS, Subject, findings
from tracker.submissions import STATES, Context, ExtensionRequest, Update, canonical_state, granted_or_due


def test_every_check_is_exercised_here() -> None:
    assert [check.__name__ for check in CHECKS] == [
        "item_is_known",
        "item_is_in_the_part",
        "state_is_known",
        "period_has_begun",
        "done_has_its_day",
        "the_worse_the_more_is_said",
        "promise_lies_ahead",
        "numbers_agree",
        "evidence_is_named",
        "template_words_are_gone",
        "extension_is_asked_in_time",
        "no_personal_data",
    ]


DAYS = st.sampled_from([date(2025, 12, 31), date(2026, 9, 30), date(2026, 10, 20), date(2026, 12, 1)])

TEXTS = st.sampled_from(["", "短", "请填写原因", "电话13800138000", "资金拨付晚于计划"])

NUMBERS = st.sampled_from([-1, 0, 9, 9.5, 14, 10**12])

WRITTEN = st.fixed_dictionaries(
    {
        "item": st.sampled_from(["mine-1", "mine-2@2026-10", "mine-2@2026-12", "chem-1", "mine-99"]),
        "state": st.sampled_from([*STATES, "不清楚"]),
    },
    optional={
        **dict.fromkeys(("done_on", "promised_on", "verified_on"), DAYS),
        **dict.fromkeys(("cause", "measure", "waiting_on", "note"), TEXTS),
        **dict.fromkeys(("done", "total"), NUMBERS),
        "evidence": st.sampled_from([(), ("台账.pdf",)]),
        "request_extension": st.builds(ExtensionRequest, DAYS, TEXTS, TEXTS),
    },
)


def test_a_check_skipped_for_want_of_its_keys_would_have_found_nothing(context: Context) -> None:
    owed = context.owed["east"]
    october, end = date(2026, 10, 1), date(2026, 10, 31)

    @given(WRITTEN)
    def holds(written: dict[str, Any]) -> None:
        one = Subject(
            Update(**written), owed.get(written["item"]), october, end, "east", context, owed, False, ("mine",)
        )
        concerned = [check for check, (states, _keys) in CHECKS.items() if not states or written["state"] in states]
        assert findings(one, frozenset(written)) == [found for check in concerned for found in check(one)]

    holds()


@pytest.mark.parametrize(
    ("item", "code", "hint"),
    [
        ("mine-77", "E07", "您是不是想写“mine-7”？"),
        ("东西", "E07", ""),
        ("chem-2@2026-Q4", "E08", "请核对编号"),
        ("mine-2@2026-110", "E07", "您是不是想写“mine-2@2026-11”？"),
        ("mine-2", "E07", "本月应写 mine-2@2026-10。"),
        ("mine-1@2026-10", "E07", "您是不是想写“mine-1”？"),
        ("mine-2@去年", "E07", "mine-2@2026-"),
    ],
)
def test_an_item_that_is_not_the_units_is_named_with_what_was_meant(
    context: Context, item: str, code: str, hint: str
) -> None:
    found = one(update(item, 'state = "推进中"\n'), context)
    assert (found.code, found.place.line, found.place.column) == (code, 8, 8)
    assert hint in found.hint


@pytest.mark.parametrize(("month", "wanted"), [("2026-08", "chem-2@2026-Q3"), ("2027-02", "chem-2@2026-Q1")])
def test_a_period_left_out_is_the_one_the_month_lies_in(context: Context, month: str, wanted: str) -> None:
    found = one(update("chem-2", 'state = "推进中"\n', month=month, unit="bureau"), context)
    assert found.hint == f"本月应写 {wanted}。"


def test_an_item_of_another_plan_than_the_files_part_is_a_mistake(context: Context) -> None:
    found = one(update("chem-3", 'state = "推进中"\n', top='part = ["mine"]').replace("\n\n", "\n"), context)
    assert (found.code, found.place.line, found.place.column) == ("E08", 8, 8)
    assert '"chem"' in found.hint
    assert none(update("mine-7", 'state = "推进中"\n', top='part = ["mine"]'), context)


@pytest.mark.parametrize(("words", "hint"), [("推进", "您是不是想写“推进中”？"), ("好", "未启动、推进中、受阻")])
def test_an_unknown_state_shows_the_five(context: Context, words: str, hint: str) -> None:
    found = one(update("mine-7", f'state = "{words}"\n'), context)
    assert (found.code, found.place.line, found.place.column) == ("E06", 9, 9)
    assert hint in found.hint


@pytest.mark.parametrize("state", ["not-started", "推进中", "不涉及"])
def test_states_are_written_in_either_language(context: Context, state: str) -> None:
    assert none(update("mine-7", f'state = "{state}"\n'), context)
    assert canonical_state(state) in STATES


def test_words_that_are_no_state_stay_as_they_are() -> None:
    assert canonical_state("办结") == "办结"


def test_nothing_is_reported_on_a_period_that_begins_after_the_month(context: Context) -> None:
    found = one(update("mine-2@2026-11", 'state = "未启动"\n'), context)
    assert (found.code, found.place.line) == ("E18", 8)
    assert none(update("mine-2@2026-10", 'state = "未启动"\n'), context)
    # What is no period may be spoken of before it opens.
    assert none(update("mine-7", 'state = "未启动"\n', month="2026-06", top="opening = true"), context)
    early = update("mine-3b@T1", 'state = "未启动"\n') + EVENT + "planned = 2026-10-26\n"
    assert none(early, context)


DONE = 'state = "已完成"\n'


@pytest.mark.parametrize(
    ("more", "code", "line", "hint"),
    [
        (DONE, "E13", 7, "done_on = 2026-10-31"),
        ('state = "推进中"\ndone_on = 2026-10-20\n', "E13", 10, "已完成"),
        (DONE + "done_on = 2026-11-01\n", "E10", 10, "在完成那个月报"),
        (DONE + "done_on = 2025-12-31\n", "E10", 10, "年份"),
        ('state = "推进中"\nverified_on = 2026-10-20\n', "E13", 10, "删去核实日期"),
        (DONE + "done_on = 2026-10-20\nverified_on = 2026-11-01\n", "E10", 11, "在核实那个月报"),
    ],
)
def test_done_has_its_day_in_the_month_at_the_latest_and_not_before_the_programme(
    context: Context, more: str, code: str, line: int, hint: str
) -> None:
    found = one(update("mine-2@2026-10", more), context)
    assert (found.code, found.place.line) == (code, line)
    assert hint in found.hint


@pytest.mark.parametrize("day", ["2026-10-31", "2026-01-01"])
def test_the_months_last_day_and_the_programmes_first_are_good_days(context: Context, day: str) -> None:
    assert none(update("mine-2@2026-10", f"{DONE}done_on = {day}\n"), context)
    assert none(update("mine-2@2026-10", f"{DONE}done_on = {day}\nverified_on = 2026-10-31\n"), context)


def test_verified_in_a_later_month_and_not_done_are_two_mistakes(context: Context) -> None:
    _submission, problems = checked(
        update("mine-7", 'state = "受阻"\nwaiting_on = "省厅"\nverified_on = 2026-11-01\n' + LATE), context
    )
    assert [(p.code, p.place.line, p.message) for p in problems] == [
        ("E13", 11, "写了核实日期，状态却不是已完成。"),
        ("E10", 11, "核实日期在本月之后。"),
    ]


def test_an_overdue_item_needs_a_cause_a_measure_and_a_promised_day(context: Context) -> None:
    _submission, problems = checked(update("mine-1", 'state = "推进中"\n'), context)
    assert [(p.code, p.place.line) for p in problems] == [("E12", 7)] * 3
    assert [p.hint.split(" = ")[0] for p in problems] == [
        *("请补上一行：cause", "请补上一行：measure", "请补上一行：promised_on")
    ]
    assert all(p.message.startswith("已逾期") for p in problems)
    assert none(update("mine-1", 'state = "推进中"\n' + LATE), context)


def test_a_blocked_item_needs_also_whom_it_waits_on_though_not_yet_due(context: Context) -> None:
    _submission, problems = checked(update("mine-7", 'state = "受阻"\n'), context)
    assert [p.message for p in problems] == [
        *("受阻的事项要写原因。", "受阻的事项要写措施。", "受阻的事项要写预计完成日期。", "受阻要写在等谁。")
    ]
    assert "waiting_on" in problems[3].hint
    assert none(update("mine-7", 'state = "受阻"\nwaiting_on = "省厅"\n' + LATE), context)


@pytest.mark.parametrize("key", ["cause", "measure"])
def test_a_cause_of_two_characters_says_nothing(context: Context, key: str) -> None:
    lines = LATE.replace("资金没有到位" if key == "cause" else "已经列入预算", " 资金 ")
    found = one(update("mine-1", 'state = "推进中"\n' + lines), context)
    assert (found.code, found.place.line) == ("E12", 10 if key == "cause" else 11)
    assert "一句话" in found.hint


def test_due_on_the_months_last_day_is_not_late_in_that_month(context: Context) -> None:
    assert none(update("mine-2@2026-10", 'state = "推进中"\n'), context)
    assert none(update("mine-6", 'state = "未启动"\n', unit="west"), context)


def test_a_granted_day_is_the_day_lateness_counts_from(context: Context, programme: Programme) -> None:
    days = {date(2026, 9, 1): date(2026, 10, 31), date(2026, 11, 1): date(2026, 12, 31)}
    granted = Context(programme, {("east", "mine-1"): days}, context.owed)
    assert none(update("mine-1", 'state = "推进中"\n'), granted)
    occurrence = context.owed["east"]["mine-1"]
    due = [granted_or_due(occurrence, granted, date(2026, month, 1)) for month in (8, 9, 10, 11)]
    assert due == [date(2026, 9, 30), date(2026, 10, 31), date(2026, 10, 31), date(2026, 12, 31)]
    assert granted_or_due(occurrence, context, date(2026, 10, 1)) == date(2026, 9, 30)
    assert granted_or_due(context.owed["east"]["mine-4"], granted, date(2026, 10, 1)) is None


def test_what_waits_on_the_upper_level_needs_no_explanation_though_its_day_has_passed(context: Context) -> None:
    assert none(update("mine-6", 'state = "未启动"\n', unit="west", month="2026-11"), context)


def test_a_request_is_not_refused_for_what_was_granted_on_it(context: Context, programme: Programme) -> None:
    text = update("mine-7", EXTENSION.format("2027-01-31"))
    for month, is_good in ((10, True), (9, False)):
        days = {date(2026, month, 1): date(2027, 1, 31)}
        granted = Context(programme, {("east", "mine-7"): days}, context.owed)
        assert (checked(text, granted)[1] == []) == is_good


def test_an_opening_file_says_what_is_open_without_explaining_it(context: Context) -> None:
    text = update("mine-2@2026-05", 'state = "未启动"\n', month="2026-07", top="opening = true")
    assert none(text, context)
    monthly = text.replace("2026-07", "2026-08").replace("opening = true", "")
    assert [p.code for p in checked(monthly, context)[1]] == ["E12"] * 3


@pytest.mark.parametrize("state", ["不涉及", "已完成"])
def test_what_is_no_longer_open_needs_no_explanation_though_late(context: Context, state: str) -> None:
    day = "done_on = 2026-10-08\n" if state == "已完成" else ""
    assert none(update("mine-1", f'state = "{state}"\n{day}'), context)


def test_a_promised_day_lies_after_the_month(context: Context) -> None:
    found = one(update("mine-7", 'state = "推进中"\npromised_on = 2026-10-31\n'), context)
    assert (found.code, found.place.line, found.place.column) == ("E17", 10, 15)
    assert "2026-10-31 之后" in found.hint
    assert none(update("mine-7", 'state = "推进中"\npromised_on = 2026-11-01\n'), context)
    assert none(update("mine-7", 'state = "不涉及"\npromised_on = 2026-10-01\n'), context)


@pytest.mark.parametrize(
    ("more", "line", "message"),
    [
        ("done = -1\ntotal = 3\n", 10, "负数"),
        ("done = 5\ntotal = 4\n", 10, "完成数 5 大于总数 4"),
        ("total = 4\n", 10, "没有写完成数"),
        ("done = 5\n", 10, "两个数"),
        ("done = 4.5\ntotal = 9\n", 10, "整数"),
        ("done = 4\ntotal = nan\n", 11, "不是一个数"),
        ("done = inf\ntotal = inf\n", 10, "不是一个数"),
        (f"done = 4\ntotal = 1{'0' * 400}\n", 11, "太大"),
    ],
)
def test_a_ratio_is_two_whole_numbers_the_first_not_above_the_second(
    context: Context, more: str, line: int, message: str
) -> None:
    found = one(update("mine-7", 'state = "推进中"\n' + more), context)
    assert (found.code, found.place.line) == ("E14", line)
    assert message in found.message
    assert found.hint


def test_good_numbers_are_good(context: Context) -> None:
    assert none(update("mine-7", 'state = "推进中"\ndone = 4\ntotal = 4\n'), context)
    assert none(update("mine-7", 'state = "推进中"\ndone = 4.0\ntotal = 9\n'), context)
    assert none(update("chem-1", 'state = "推进中"\ndone = 4.5\n'), context)
    assert none(update("mine-2@2026-10", 'state = "推进中"\ndone = 3\n'), context)


def test_done_means_that_the_target_is_reached(context: Context) -> None:
    done = 'state = "已完成"\ndone_on = 2026-10-20\n'
    found = one(update("mine-7", done + "done = 79\ntotal = 100\n"), context)
    assert (found.code, found.place.line) == ("E14", 9)
    assert "≥80%" in found.message
    assert "推进中" in found.hint
    assert none(update("mine-7", done + "done = 80\ntotal = 100\n"), context)
    assert none(update("mine-7", done), context)
    assert none(update("mine-1", done + "done = 1\n"), context)


def test_a_part_of_the_citys_number_is_not_measured_by_the_citys_target(context: Context) -> None:
    assert none(update("chem-1", 'state = "已完成"\ndone_on = 2026-10-20\ndone = 40\n'), context)


def test_done_of_a_quota_means_the_quota_is_reached(context: Context, programme: Programme) -> None:
    own = replace(context.owed["east"]["chem-1"], quota=60, contributes=False)
    shared = Context(programme, {}, {"east": {"chem-1": own}})
    text = update("chem-1", 'state = "已完成"\ndone_on = 2026-10-20\ndone = 59\n')
    assert one(text, shared).code == "E14"
    assert none(text.replace("59", "60"), shared)


def test_needed_and_reached_are_in_the_targets_own_unit(context: Context) -> None:
    share, amount = context.owed["east"]["mine-7"], context.owed["east"]["chem-1"]
    assert needed(share, 1, 4) == (80.0, 25.0)
    assert needed(share, 0, 0) == (80.0, 100.0)
    assert needed(amount, 7, None) == (100.0, 7.0)
    assert needed(replace(amount, quota=0), 7, None) == (0.0, 7.0)
    assert needed(context.owed["east"]["mine-1"], 7, None) == (0.0, 7.0)
    assert needed(None, 7, None) == (0.0, 7.0)
    whole = replace(share, milestone=replace(share.milestone, target=replace(share.milestone.target, at_least=None)))  # type: ignore[type-var]
    assert needed(whole, 1, 4) == (100.0, 25.0)


def test_a_claim_of_done_names_its_evidence_where_the_plan_asks_for_it(context: Context) -> None:
    found = one(update("chem-3", "state = '已完成'\ndone_on = 2026-10-20\n"), context)
    assert (found.code, found.place.line) == ("E13", 7)
    assert "evidence = [" in found.hint
    assert none(update("chem-3", "state = '已完成'\ndone_on = 2026-10-20\nevidence = ['报告']\n"), context)
    assert none(update("chem-3", "state = '推进中'\n"), context)


@pytest.mark.parametrize("key", ["cause", "measure", "note", "waiting_on"])
def test_the_forms_own_words_are_no_answer(context: Context, key: str) -> None:
    found = one(update("mine-7", f'state = "推进中"\n{key} = "（请填写原因）"\n'), context)
    assert (found.code, found.place.line) == ("E15", 10)
    assert "换成实际情况" in found.hint
    assert none(update("mine-7", f'state = "推进中"\n{key} = "已报省厅"\n'), context)


EXTENSION = 'state = "推进中"\n[update.request_extension]\nuntil = {}\nreason = "招考周期长"\nprogress = "已笔试"\n'


@pytest.mark.parametrize(
    ("item", "month", "until", "message"),
    [
        ("mine-4", "2026-10", "2027-01-31", "不需要延期"),
        ("mine-7", "2026-10", "2026-12-31", "不晚于原定日期 2026-12-31"),
        ("mine-2@2026-09", "2026-10", "2026-12-31", "到期日 2026-09-30"),
    ],
)
def test_an_extension_is_asked_for_a_later_day_and_in_time(
    context: Context, item: str, month: str, until: str, message: str
) -> None:
    text = update(item, EXTENSION.format(until).replace("[update.", LATE + "[update."), month=month)
    found = one(text, context)
    assert (found.code, found.place.line) == ("E10", 14)
    assert message in found.message


def test_a_good_extension_is_read_whole(context: Context) -> None:
    submission, problems = checked(update("mine-7", EXTENSION.format("2027-01-31")), context)
    assert problems == []
    assert submission is not None
    asked = submission.updates[0].request_extension
    assert asked is not None
    assert (asked.until, asked.reason, asked.progress) == (date(2027, 1, 31), "招考周期长", "已笔试")


def test_an_extension_of_an_unknown_item_is_not_judged_as_well(context: Context) -> None:
    assert one(update("mine-99", EXTENSION.format("2027-01-31")), context).code == "E07"


@pytest.mark.parametrize(
    "words", ["身份证 37010219900101123X", "电话13800001234。", "138000012345 号文", "2026 年 1380000123 元"]
)
@pytest.mark.parametrize("key", ["cause", "measure", "note"])
def test_identity_and_telephone_numbers_are_pointed_out(context: Context, key: str, words: str) -> None:
    _submission, problems = checked(update("mine-7", f'state = "推进中"\n{key} = "{words}"\n'), context)
    is_personal = words.startswith(("身份证", "电话"))
    assert [(p.code, p.place.line) for p in problems] == [("W02", 10)] * is_personal
