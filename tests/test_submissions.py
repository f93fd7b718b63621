"""What a county's file says, and every mistake in it at its place."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import checked, head, short

from tracker.occurrences import Event, Occurrence, expand
from tracker.occurrences import needed_and_reached as needed
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.source import parse
from tracker.submission_checks import CHECKS, Subject, findings
from tracker.submission_files import events_in
from tracker.submissions import STATES, Context, ExtensionRequest, Update, canonical_state, granted_or_due, month_of

LATE = 'cause = "资金没有到位"\nmeasure = "已经列入预算"\npromised_on = 2026-12-20\n'


def update(item: str, more: str, month: str = "2026-10", unit: str = "east", top: str = "") -> str:
    """A submission with one entry, which begins on line 7."""
    return f'{head(unit, month, top)}[[update]]\nitem = "{item}"\n{more}'


def one(text: str, context: Context) -> Problem:
    """The only problem of a file."""
    _submission, problems = checked(text, context)
    assert len(problems) == 1, problems
    return problems[0]


def none(text: str, context: Context) -> bool:
    """Whether a file is without a problem and its one update counts."""
    submission, problems = checked(text, context)
    assert problems == []
    assert submission is not None
    return len(submission.updates) == 1


# --- the file as a whole ---


def test_a_good_file_is_understood_whole(context: Context) -> None:
    text = head(more='rest = "unchanged"\npart = ["mine"]\npractices = "做法"') + (
        '[[update]]\nitem = "mine-2@2026-10"\nstate = "已完成"\ndone_on = 2026-10-20\nevidence = ["报告"]\n'
        '[[update]]\nitem = "mine-7"\nstate = "in-progress"\ndone = 9\ntotal = 14\nas_of = 2026-10-31\n'
    )
    submission, problems = checked(text, context)
    assert problems == []
    assert submission is not None
    assert (submission.unit, submission.month, submission.version) == ("east", date(2026, 10, 1), 1)
    assert (submission.head.rest, submission.head.part, submission.head.practices) == ("unchanged", ("mine",), "做法")
    assert [(u.item, u.state) for u in submission.updates] == [("mine-2@2026-10", "done"), ("mine-7", "in-progress")]
    assert submission.by_item["mine-7"].total == 14
    assert [u.place.line for u in submission.updates] == [9, 14]
    assert (submission.held, submission.events) == ((), ())


def test_five_mistakes_of_five_kinds_are_named_all_at_once_each_at_its_place(context: Context) -> None:
    text = head() + (
        '[[update]]\nitem = "mine-1"\nstate = "己完成"\n'  # a state misspelt, line 9
        '[[update]]\nitem = "mine-9"\nstate = "推进中"\n'  # no such item, line 11
        '[[update]]\nitem = "mine-2@2026-10"\nstate = "已完成"\ndone_on = 2026-11-02\n'  # after the month, line 16
        '[[update]]\nitem = "mine-7"\nstate = "推进中"\ndone = 9\ntotall = 14\n'  # a key misspelt, line 21
        '[[update]]\nitem = "chem-3"\nstate = "推进中"\ndone_on = "2026年10月"\n'  # no date, line 25
        '[[update]]\nitem = "mine-2@2026-09"\nstate = "已完成"\ndone_on = 2026-09-20\n'  # good
    )
    submission, problems = checked(text, context)
    assert [(p.code, p.place.line, p.place.column) for p in problems] == [
        ("E06", 9, 9),
        ("E07", 11, 8),
        ("E10", 16, 11),
        ("E03", 21, 10),
        ("E05", 25, 11),
    ]
    hints = [p.hint for p in problems]
    assert hints[0] == "您是不是想写“已完成”？"
    assert hints[1].startswith("您是不是想写“mine-")
    assert "在完成那个月报" in hints[2]
    assert hints[3] == "您是不是想写“total”？"
    assert "2026-10-31" in hints[4]
    assert [p.excerpt for p in problems][3] == "totall = 14"
    assert submission is not None
    assert [u.item for u in submission.updates] == ["mine-2@2026-09"]
    assert submission.held == ("mine-1", "mine-9", "mine-2@2026-10", "mine-7", "chem-3")


@pytest.mark.parametrize("text", ["", "# 只有说明\n", "\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_held_and_says_how_to_get_a_form(context: Context, text: str | bytes) -> None:
    submission, problems = checked(text, context)
    assert submission is None
    [found] = [p for p in problems if p.holds]
    assert (found.code, found.message) == ("E04", "文件是空的。")
    assert "tracker form" in found.hint


def test_bytes_that_are_no_text_have_one_problem_and_not_also_that_of_an_empty_file(context: Context) -> None:
    submission, problems = checked(b"PK\x03\x04\0\0", context)
    assert submission is None
    assert [p.code for p in problems] == ["E01"]


def test_a_file_with_an_unreadable_line_is_held_whole_with_all_its_other_mistakes(context: Context) -> None:
    text = update("mine-2@2026-10", "state = 已完成\n") + '[[update]]\nitem = "mine-99"\nstate = "推进中"\n'
    submission, problems = checked(text, context)
    assert submission is None
    assert short(problems) == [("E02", 9), ("E07", 11)]


@pytest.mark.parametrize(
    "line", ["done_on = 2026-10-2x", "done_on = 二十日", "done_on = 2026-11-31", "done_on = 10月2日"]
)
def test_of_an_entry_that_could_not_be_read_in_full_nothing_is_said_to_be_missing(context: Context, line: str) -> None:
    text = update("mine-2@2026-10", f'state = "已完成"\n{line}\n') + '[[update]]\nitem = "mine-7"\nstate = "已完成"\n'
    submission, problems = checked(text, context)
    assert submission is None
    assert short(problems) == [("E02", 10), ("E13", 11)]


def test_entries_under_single_brackets_are_told_so_at_the_header(context: Context) -> None:
    text = head() + '[update]  # 一条\nitem = "mine-7"\nstate = "推进中"\n'
    assert short(checked(text, context)[1]) == [("E05", 7)]
    assert short(checked(head() + 'update = "x"\n', context)[1]) == [("E05", 7)]


def test_a_missing_name_holds_the_file_and_its_entries_are_still_checked(context: Context) -> None:
    text = update("mine-99", 'state = "推进中"\n').replace('checked_by = "李某"\n', "")
    submission, problems = checked(text, context)
    assert submission is None
    assert [(p.code, p.message) for p in problems] == [
        ("E04", "缺少“checked_by”。"),
        ("E07", "没有节点“mine-99”。"),
    ]


@pytest.mark.parametrize("name", ["", "  ", "\u3000", "请填写", "（请填写姓名）", "XXX", "xxx", "×××", "……"])
@pytest.mark.parametrize(
    ("key", "old", "line", "who"),
    [
        ("prepared_by", "王某", 3, "填报人"),
        ("checked_by", "李某", 4, "审核人"),
        ("approved_by", "赵某", 5, "负责人"),
    ],
)
def test_the_three_people_are_named_and_not_by_the_forms_own_words(
    context: Context, key: str, old: str, line: int, who: str, name: str
) -> None:
    text = update("mine-7", 'state = "推进中"\n').replace(f'"{old}"', f'"{name}"')
    found = one(text, context)
    assert (found.code, found.place.line, found.place.column) == ("E04", line, len(key) + 4)
    assert found.message == f"没有写{who}。"
    assert found.hint == f'请写姓名：{key} = "…"'
    assert found.holds


def test_all_three_names_left_blank_are_three_problems(context: Context) -> None:
    text = head().replace("王某", "").replace("李某", "").replace("赵某", "")
    assert short(checked(text, context)[1]) == [("E04", 3), ("E04", 4), ("E04", 5)]


def test_a_month_before_the_books_began_is_a_mistake_at_its_place(context: Context) -> None:
    found = one(head(month="2026-07"), context)
    assert (found.code, found.place.line, found.place.column) == ("E09", 2, 9)
    assert found.message == "2026-07 早于建账月份 2026-08。"
    assert (found.hint, found.holds) == ("请核对月份。", True)
    assert checked(head(month="2026-08"), context)[1] == []
    assert checked(head(month="2026-07", more="opening = true"), context)[1] == []


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("easst", "您是不是想写“east”？"),
        ("东山县", '单位写编号：unit = "east"。'),
        ("高新区", '单位写编号：unit = "west"。'),
        ("某某局", ""),
    ],
)
def test_an_unknown_unit_holds_the_file_at_its_line_and_the_hint_names_the_id(
    context: Context, written: str, hint: str
) -> None:
    submission, problems = checked(update("mine-1", 'state = "推进中"\ncolour = 1\n', unit=written), context)
    assert submission is None
    assert [(p.code, p.place.line, p.place.column) for p in problems] == [("E08", 1, 8), ("E03", 10, 10)]
    assert problems[0].hint == hint


@pytest.mark.parametrize("month", ["2026-13", "2026年10月", "2026-1", "0000-01", "9999-12", "２０２６-10"])
def test_a_month_that_is_none_holds_the_file_and_shows_how_one_is_written(context: Context, month: str) -> None:
    submission, problems = checked(update("mine-1", 'state = "推进中"\n', month=month), context)
    assert submission is None
    assert [(p.code, p.place.line) for p in problems] == [("E09", 2)]
    assert '"2026-10"' in problems[0].hint


@pytest.mark.parametrize("line", ["unit = 5", "month = 2026-10-01"])
def test_a_unit_or_month_of_the_wrong_type_is_one_problem_and_holds_the_file(context: Context, line: str) -> None:
    key = line.partition(" ")[0]
    text = "\n".join(line if written.startswith(key) else written for written in head().split("\n"))
    submission, problems = checked(text, context)
    assert submission is None
    assert [p.code for p in problems] == ["E05"]


def test_a_month_is_read_even_where_another_of_the_first_lines_is_wrong(context: Context) -> None:
    text = update("mine-2@2026-12", 'state = "推进中"\n').replace('"王某"', "5")
    assert short(checked(text, context)[1]) == [("E05", 3), ("E18", 8)]


def test_months_are_a_year_and_two_digits() -> None:
    assert month_of("2026-02") == date(2026, 2, 1)
    assert [month_of(words) for words in ("2026-00", "2026-2", "26-02", "2026-02-01", "x")] == [None] * 5


@pytest.mark.parametrize("written", ["update = 5", "[update]\nitem = 'x'", "update = [1]", "event = 'x'"])
def test_entries_that_are_no_list_of_tables_are_a_mistake_with_the_header_to_write(
    context: Context, written: str
) -> None:
    submission, problems = checked(head() + written, context)
    assert [p.code for p in problems] == ["E05"]
    assert f"[[{written.strip('[').split(' ')[0].split(']')[0]}]]" in problems[0].hint
    assert submission is not None
    assert submission.updates == ()


def test_an_item_written_twice_does_not_count_at_all_and_the_second_is_named(context: Context) -> None:
    entry = '[[update]]\nitem = "mine-7"\nstate = "推进中"\n'
    submission, problems = checked(head() + entry + entry, context)
    assert [(p.code, p.place.line) for p in problems] == [("E11", 11)]
    assert "合并" in problems[0].hint
    assert submission is not None
    assert (submission.updates, submission.held) == ((), ("mine-7",))


def test_an_entry_without_an_item_is_a_mistake_and_holds_no_name(context: Context) -> None:
    submission, problems = checked(head() + '[[update]]\nstate = "推进中"\n', context)
    assert [(p.code, p.message) for p in problems] == [("E04", "缺少“item”。")]
    assert submission is not None
    assert submission.held == ()


def test_an_entry_has_its_place_where_its_header_carries_a_comment(context: Context) -> None:
    text = head() + '[[update]]  # 第一条\nitem = "mine-7"\nstate = "推进中"\n'
    submission, _problems = checked(text, context)
    assert submission is not None
    assert submission.updates[0].place.line in (7, 8)


def test_a_place_filled_in_by_hand_is_refused(context: Context) -> None:
    submission, problems = checked(update("mine-7", 'state = "推进中"\nplace = "x"\n'), context)
    assert ("E03", 10) in short(problems)
    assert submission is not None
    assert (submission.updates, submission.held) == ((), ("mine-7",))


def test_a_part_names_plans_and_a_misspelt_one_is_a_mistake(context: Context) -> None:
    _submission, problems = checked(head(more='part = ["mine", "chemm"]'), context)
    assert [(p.code, p.place.line, p.hint) for p in problems] == [("E07", 6, "您是不是想写“chem”？")]


def test_a_finding_does_not_hold_an_update(context: Context) -> None:
    submission, problems = checked(update("mine-7", 'state = "推进中"\nnote = "联系 13800001234"\n'), context)
    assert [p.code for p in problems] == ["W02"]
    assert submission is not None
    assert [u.item for u in submission.updates] == ["mine-7"]


# --- events ---

EVENT = '[[event]]\nkind = "试生产开始"\nref = "T1"\nname = "加氢装置"\n'


@pytest.mark.parametrize("ref", ["1", "2026-01", "甲.乙_2", "x" * 40])
def test_an_events_number_is_letters_digits_and_marks(context: Context, ref: str) -> None:
    submission, problems = checked(head() + EVENT.replace("T1", ref) + "planned = 2026-11-01\n", context)
    assert problems == []
    assert submission is not None
    assert [event.ref for event in submission.events] == [ref]


@pytest.mark.parametrize("ref", ["", "x" * 41, "a@b", "a/b"])
def test_an_events_number_is_short_and_nothing_else(context: Context, ref: str) -> None:
    assert one(head() + EVENT.replace("T1", ref) + "planned = 2026-11-01\n", context).code == "E16"


def test_an_event_is_read_by_its_id_or_its_name_and_its_terms_can_be_reported_at_once(context: Context) -> None:
    for kind in ("trial", "试生产开始"):
        text = update("mine-3a@T1", 'state = "推进中"\n') + EVENT.replace("试生产开始", kind) + "actual = 2026-10-26\n"
        submission, problems = checked(text, context)
        assert problems == []
        assert submission is not None
        assert submission.events == (Event("east", "trial", "T1", "加氢装置", None, date(2026, 10, 26)),)
        assert [u.item for u in submission.updates] == ["mine-3a@T1"]


@pytest.mark.parametrize(
    ("event", "code", "line", "hint"),
    [
        (EVENT.replace("试生产开始", "试生产") + "planned = 2026-11-01\n", "E07", 8, "试生产开始"),
        (EVENT.replace("T1", "T 1") + "planned = 2026-11-01\n", "E16", 9, "2026-01"),
        (EVENT, "E16", 7, "planned"),
        (EVENT + "planned = 9999-12-31\n", "E10", 11, "年份"),
        (EVENT + "planned = 2026-11-01\nactual = 0001-01-01\n", "E10", 12, "年份"),
        (EVENT + "actual = 2026-11-01\n", "E10", 11, "planned"),
        (EVENT + "planned = 2026-10-20\nactual = 2026-11-20\n", "E10", 12, "planned"),
        (EVENT + "planned = '十一月'\n", "E05", 11, "2026-10-31"),
        (EVENT + "planned = 2026-11-01\n" + EVENT + "planned = 2026-11-02\n", "E11", 14, "合并"),
    ],
)
def test_a_mistaken_event_is_named_at_its_place_and_starts_nothing(
    context: Context, event: str, code: str, line: int, hint: str
) -> None:
    submission, problems = checked(head() + event, context)
    assert [(p.code, p.place.line) for p in problems] == [(code, line)]
    assert hint in problems[0].hint
    assert submission is not None
    assert len(submission.events) == (code == "E11")


def test_what_has_happened_has_happened_by_the_months_last_day(context: Context) -> None:
    text = head() + EVENT + "actual = {}\n"
    submission, problems = checked(text.format("2026-10-31"), context)
    assert problems == []
    assert submission is not None
    assert [event.day for event in submission.events] == [date(2026, 10, 31)]
    found = one(text.format("2026-11-01"), context)
    assert found.message == "实际日期在本月之后。"
    # Nor does a term start from it when other files are checked.
    assert events_in(parse(text.format("2026-11-01").encode(), "x"), context.programme) == []


def test_of_a_file_without_a_readable_month_nothing_is_after_the_month(context: Context) -> None:
    text = head(month="十月") + EVENT + "actual = 2026-11-20\n"
    assert [p.code for p in checked(text, context)[1]] == ["E09"]


def test_events_of_a_file_without_a_readable_unit_are_checked_but_nobodys(context: Context) -> None:
    text = EVENT + "planned = 2026-11-01\n"
    assert events_in(parse(text.encode(), "x"), context.programme) == []
    submission, problems = checked(head(unit="nobody") + EVENT, context)
    assert submission is None
    assert [p.code for p in problems] == ["E08", "E16"]


def test_a_term_without_its_event_says_that_the_event_comes_first(context: Context) -> None:
    found = one(update("mine-3a@T1", 'state = "推进中"\n'), context)
    assert (found.code, found.place.line) == ("E08", 8)
    assert "[[event]]" in found.hint


def test_a_term_of_an_event_in_an_earlier_file_is_known(programme: Programme, context: Context) -> None:
    events = [Event("east", "trial", "T1", "装置", None, date(2026, 9, 1))]
    owed = {"east": {o.id: o for o in expand(programme, events) if o.unit == "east"}}
    text = update("mine-3b@T1", 'state = "推进中"\n')
    assert none(text, replace(context, owed=owed))


# --- the checks, one by one ---


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


# --- properties ---


WORDS = st.one_of(
    st.sampled_from(["east", "2026-10", "unchanged", "mine-2@2026-10", "mine-7", "chem-1", "mine-3a@x", "done", "x"]),
    st.sampled_from(list(STATES.values())),
    st.text(max_size=8),
)
ATOMS = st.one_of(
    WORDS,
    st.integers(-5, 20),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS.filter(bool), inner, max_size=3),
    max_leaves=4,
)
UPDATE_KEYS = (
    *("item", "state", "done_on", "as_of", "done", "total", "evidence", "cause", "measure", "promised_on"),
    *("waiting_on", "note", "verified_on", "request_extension", "place", "colour"),
)
EVENT_KEYS = ("kind", "ref", "name", "planned", "actual")
TOP_KEYS = (
    *("unit", "month", "prepared_by", "checked_by", "approved_by", "rest", "part", "opening", "practices", "update"),
    *("event", "colour"),
)


def tables(keys: tuple[str, ...], good: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A good table with some of its keys damaged or gone."""
    damage = st.dictionaries(st.sampled_from(keys), VALUES | st.none(), max_size=3)
    return damage.map(lambda bad: {k: v for k, v in {**good, **bad}.items() if v is not None})


GOOD_UPDATE = {"item": "mine-7", "state": "推进中", "done": 3, "total": 4, "promised_on": date(2026, 12, 1)}
GOOD_EVENT = {"kind": "trial", "ref": "x", "name": "装置", "planned": date(2026, 11, 1)}
GOOD_HEAD = {"unit": "east", "month": "2026-10", "prepared_by": "王某", "checked_by": "李某", "approved_by": "赵某"}
DAMAGED = st.builds(
    lambda top, updates, events: {"update": updates, "event": events, **top},
    tables(TOP_KEYS, GOOD_HEAD),
    st.lists(tables(UPDATE_KEYS, GOOD_UPDATE), max_size=3),
    st.lists(tables(EVENT_KEYS, GOOD_EVENT), max_size=2),
)
LIMITS = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@settings(LIMITS, max_examples=300)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | st.just(head().encode()))
def test_no_bytes_make_reading_raise(context: Context, content: bytes) -> None:
    submission, problems = checked(content, context)
    assert submission is not None or any(p.holds for p in problems)


@settings(LIMITS, max_examples=400)
@given(written=DAMAGED)
def test_no_damage_to_a_good_file_makes_reading_raise_and_what_counts_is_never_held(
    context: Context, written: dict[str, Any]
) -> None:
    try:
        text = tomli_w.dumps(written)
    except (ValueError, TypeError):
        return
    submission, problems = checked(text.encode("utf-8", "replace"), context)
    assert submission is not None or any(p.holds for p in problems)
    if submission is not None:
        assert all(u.state in STATES for u in submission.updates)
        assert len({u.item for u in submission.updates}) == len(submission.updates)


@st.composite
def valid(draw: st.DrawFn, owed: dict[str, Occurrence]) -> dict[str, Any]:
    """A file as a careful clerk writes it."""
    day = st.dates(date(2026, 1, 1), date(2026, 10, 31))
    words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Nd", "Z"]), min_size=4, max_size=12).filter(
        lambda text: not any(mark in text for mark in ("请填写", "……", "XXX", "xxx", "×××"))
    )
    entries = []
    items = [o for o in owed.values() if not (o.is_recurring and o.opens > date(2026, 10, 31))]
    for o in draw(st.lists(st.sampled_from(items), unique_by=lambda o: o.id, max_size=4)):
        state = draw(st.sampled_from([*STATES, *STATES.values()]))
        entry: dict[str, Any] = {"item": o.id, "state": state}
        if canonical_state(state) == "done":
            entry |= {"done_on": draw(day), "evidence": [draw(words)]}
        else:
            entry |= {"cause": draw(words), "measure": draw(words), "waiting_on": draw(words)}
            entry["promised_on"] = draw(st.dates(date(2026, 11, 1), date(2030, 1, 1)))
            total = draw(st.integers(0, 100))
            entry |= {"done": draw(st.integers(0, total)), "total": total, "as_of": date(2026, 10, 31)}
        if o.due is not None and o.due >= date(2026, 10, 1) and draw(st.booleans()):
            until = draw(st.dates(date(2027, 1, 1), date(2028, 1, 1)))
            entry["request_extension"] = {"until": until, "reason": draw(words), "progress": draw(words)}
        entries.append(entry)
    more: list[dict[str, Any]] = [{}, {"rest": "unchanged"}, {"difficulties": "x\n\ty"}, {"part": ["mine", "chem"]}]
    return {**GOOD_HEAD, **draw(st.sampled_from(more)), "update": entries}


@settings(LIMITS, max_examples=200)
@given(data=st.data())
def test_a_valid_file_has_no_problem_and_comes_back_as_it_was_written(context: Context, data: st.DataObject) -> None:
    written = data.draw(valid(dict(context.owed["east"])))
    submission, problems = checked(tomli_w.dumps(written), context)
    assert problems == []
    assert submission is not None
    assert [u.item for u in submission.updates] == [entry["item"] for entry in written["update"]]
    for found, entry in zip(submission.updates, written["update"], strict=True):
        assert found.state == canonical_state(entry["state"])
        for key in entry.keys() - {"state", "evidence", "request_extension"}:
            assert getattr(found, key) == entry[key]


@settings(LIMITS, max_examples=100)
@given(data=st.data())
def test_one_misspelt_key_in_a_valid_file_is_one_problem_on_its_line(context: Context, data: st.DataObject) -> None:
    written = data.draw(valid(dict(context.owed["east"])).filter(lambda w: w["update"]))
    lines = tomli_w.dumps(written).split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("state = "))
    lines[at] = "stat" + lines[at].removeprefix("state")
    _submission, problems = checked("\n".join(lines), context)
    assert ("E03", at + 1) in short(problems)
    assert {p.code for p in problems} == {"E03", "E04"}
