"""What a county's file says, and every mistake in it at its place."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import checked, head, short
from updates import EVENT, none, one, update

from tracker.months import month_of
from tracker.occurrences import Event, Occurrence, expand
from tracker.plans import Programme
from tracker.source import parse
from tracker.submission_files import events_in
from tracker.submissions import STATES, Context, canonical_state


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
