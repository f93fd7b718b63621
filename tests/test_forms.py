"""Pre-filled files out."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import LATER, MINE, OCTOBER, OCTOBER_END, at, checked, decision, head, see
from tomli_w import dumps

from tracker.forms import as_toml, form
from tracker.problems import Problem
from tracker.snapshot import Snapshot
from tracker.submissions import Submission

GOING = 'state = "推进中"\n'
LATE = 'cause = "资金没有到位"\nmeasure = "已经列入预算"\npromised_on = 2026-12-20\n'
EVENT = '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n'


def entry(item: str, more: str = GOING) -> str:
    return f'[[update]]\nitem = "{item}"\n{more}'


def ids(snapshot: Snapshot, unit: str, month: date = OCTOBER) -> tuple[list[str], list[str], list[str]]:
    """What must be answered, what may have changed, and what nobody has begun."""
    one = form(snapshot, unit, month)
    required, begun, later = ([s.occurrence.id for s in rows] for rows in (one.required, one.open, one.later))
    return required, begun, later


def text_of(snapshot: Snapshot, unit: str = "east", month: date = OCTOBER) -> str:
    return as_toml(snapshot, form(snapshot, unit, month))


def filled(text: str) -> str:
    """The form with the names that only the unit can give."""
    for key in ("prepared_by", "checked_by", "approved_by"):
        assert text.count(f'\n{key} = ""') == 1
        text = text.replace(f'\n{key} = ""', f'\n{key} = "王某"')
    return text


def explained(text: str) -> str:
    """The form with what the overdue items need."""
    for item in ("mine-1", "mine-2@2026-09"):
        text = text.replace(f'item = "{item}"\n', f'item = "{item}"\n{LATE}', 1)
    return text


def check(snapshot: Snapshot, text: str) -> tuple[Submission | None, list[Problem]]:
    assert snapshot.shelf is not None
    return checked(text, snapshot.shelf.context)


def uncommented(text: str) -> str:
    """The form with every optional entry made an answer, one ``#`` taken off, as the form says."""
    before, after = text.split("# ======== 二、")
    lines = [line.removeprefix("# ") if line.startswith(KEYS) else line for line in after.split("\n")]
    return before + "# ======== 二、" + "\n".join(lines)


REQUIRED = ["mine-1", "mine-2@2026-09", "chem-3", "mine-2@2026-10"]
"""What east must answer in October where nothing was ever said: the newly overdue, then the ending."""

KEYS = ("# [[update]]", "# item", "# state", "# done =", "# total =", "# evidence", "# # ")


# --- what is asked ---


def test_required_are_the_newly_overdue_the_coming_and_the_ending_and_they_come_by_their_day(tmp_path: Path) -> None:
    assert ids(see(tmp_path), "east") == (REQUIRED, [], ["chem-1", "mine-7"])
    assert ids(see(tmp_path), "bureau") == (["chem-2@2026-Q3"], [], ["chem-1", "chem-2@2026-Q4"])


def test_what_comes_due_within_the_warning_days_is_asked_the_month_before(tmp_path: Path) -> None:
    plan = MINE.replace("due = 2026-09-30", "due = 2026-11-10")
    snapshot = see(tmp_path, plans={"mine.toml": plan})
    assert "mine-1" in ids(snapshot, "east")[0]
    later = see(tmp_path, plans={"mine.toml": MINE.replace("due = 2026-09-30", "due = 2026-11-20")})
    assert "mine-1" in ids(later, "east")[2]


def test_what_is_done_waived_closed_or_not_yet_open_is_not_asked(tmp_path: Path) -> None:
    rulings = [
        decision("waive", "east", "2026-10-03T09:00:00+08:00", 'item = "chem-3"\nground = "不涉及"'),
        decision("close", "east", "2026-10-03T09:00:00+08:00", 'item = "mine-2@2026-10"'),
    ]
    files = {
        "2026-09/east.toml": head(month="2026-09") + entry("mine-2@2026-09", 'state = "done"\ndone_on = 2026-09-08\n'),
        "2026-10/east.toml": head() + entry("mine-1", 'state = "已完成"\ndone_on = 2026-10-08\n'),
        "2026-10/decisions.toml": "".join(rulings),
    }
    plan = MINE.replace("opens = 2026-07-01", "opens = 2026-11-01")
    assert ids(see(tmp_path, files, plans={"mine.toml": plan}), "east") == ([], [], ["chem-1"])


def test_a_missed_old_period_is_not_asked_again_and_an_old_one_off_may_be_answered(tmp_path: Path) -> None:
    snapshot = see(tmp_path, as_of=date(2026, 11, 30))
    required, begun, later = ids(snapshot, "east", date(2026, 11, 1))
    assert required == ["chem-3", "mine-2@2026-10", "mine-2@2026-11"]
    assert begun == ["mine-1"]
    assert later == ["chem-1", "mine-7"]


def test_what_has_a_record_or_a_light_may_have_changed_and_what_nobody_began_comes_after_it(tmp_path: Path) -> None:
    files = {"2026-09/east.toml": head(month="2026-09") + entry("mine-7", 'state = "未启动"\n')}
    snapshot = see(tmp_path, files)
    assert ids(snapshot, "east")[1:] == (["mine-7"], ["chem-1"])
    text = text_of(snapshot)
    assert text.index('item = "mine-7"') < text.index('item = "chem-1"')
    assert "必答 4 项，其余 2 项" in text


def test_what_was_sent_back_is_asked_again(tmp_path: Path) -> None:
    ruling = decision("return", "east", "2026-11-03T09:00:00+08:00", 'file = "east.toml"')
    files = {"2026-10/east.toml": head() + entry("mine-7"), "2026-10/decisions.toml": ruling}
    assert "mine-7" in ids(see(tmp_path, files), "east")[0]


def test_a_part_is_that_plans_items_alone_and_says_so(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    one = form(snapshot, "east", OCTOBER, ["chem", "nonsense"])
    assert (one.part, one.stem) == (("chem",), "east.chem")
    rows = (*one.required, *one.open, *one.later)
    assert [s.occurrence.id for s in rows] == ["chem-3", "chem-1"]
    text = as_toml(snapshot, one)
    assert text.split("\n")[2] == "# 只报：化工"
    submission, problems = check(snapshot, filled(text))
    assert problems == []
    assert submission is not None
    assert submission.head.part == ("chem",)
    both = form(snapshot, "east", OCTOBER, ["chem", "mine"])
    assert 'part = ["mine", "chem"]' in as_toml(snapshot, both)


# --- events ---


def test_what_was_planned_is_on_the_form_with_the_day_to_be_completed(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-09/east.toml": head(month="2026-09") + EVENT})
    before, after = text_of(snapshot).split("# ======== 三、")
    planned, new = after.split("\n\n")[1:]
    assert "[[event]]" not in before
    assert "# kind 可以写：试生产开始" in after
    lines = [line.removeprefix("# ") for line in planned.split("\n")]
    assert lines[-1].startswith("# actual = 2026-10-31")
    # Taken up as the form says, with the day it happened.
    completed = filled(before) + "\n".join([*lines[:-1], "actual = 2026-10-14"]) + "\n"
    submission, problems = check(snapshot, completed)
    assert [p for p in problems if p.code != "E12"] == []
    assert submission is not None
    assert [(e.ref, str(e.actual)) for e in submission.events] == [("T1", "2026-10-14")]
    begun = "\n".join(line.removeprefix("# ") for line in new.split("\n"))
    assert tomllib.loads(begun)["event"] == [
        {"kind": "试生产开始", "ref": "2026-01", "name": "", "planned": OCTOBER_END}
    ]  # fmt: skip


def test_where_no_term_starts_from_an_event_none_is_asked_for(tmp_path: Path) -> None:
    assert "[[event]]" not in text_of(see(tmp_path), "bureau")
    snapshot = see(tmp_path)
    assert "[[event]]" not in as_toml(snapshot, form(snapshot, "east", OCTOBER, ["chem"]))


# --- the text ---


def test_a_form_says_who_what_and_how_many_and_required_items_come_first(tmp_path: Path) -> None:
    text = text_of(see(tmp_path))
    lines = text.split("\n")
    assert lines[0] == "#:schema ../submission.schema.json"
    assert lines[1] == "# 甲市安全生产行动　东山县　2026-10 月报"
    assert "必答 4 项，其余 2 项" in lines[3]
    assert lines[4:6] == ['unit = "east"', 'month = "2026-10"']
    assert tomllib.loads(text)["rest"] == "unchanged"
    first, second = text.split("# ======== 二、")
    assert [u["item"] for u in tomllib.loads(first)["update"]] == REQUIRED
    assert tomllib.loads("# " + second) == {}
    assert '# item = "mine-7"' in second


def test_beside_each_item_stand_its_deadline_the_days_left_and_last_months_words(tmp_path: Path) -> None:
    files = {"2026-09/east.toml": head(month="2026-09") + entry("mine-1", GOING + LATE + 'note = "已催办"\n')}
    text = text_of(see(tmp_path, files))
    block = text[text.index("# 矿山 1　") : text.index("# 矿山 2　")].split("\n")
    assert block[:6] == [
        "# 矿山 1　公布包保名单",
        "# 内容：公布每座矿的包保领导",
        "# 到期日：2026-09-30（到本月底已逾期 31 天）　原文：9月底前",
        "# 上次（2026-09）：推进中；资金没有到位；已经列入预算；已催办",
        "[[update]]",
        'item = "mine-1"',
    ]
    assert block[6].startswith('state = "推进中"    # ')
    assert "（到本月底还有 61 天）" in text


def test_last_months_numbers_are_filled_in_and_unknown_ones_are_not_invented(tmp_path: Path) -> None:
    files = {"2026-09/east.toml": head(month="2026-09") + entry("mine-7", GOING + "done = 9\ntotal = 14\n")}
    known, unknown = text_of(see(tmp_path, files)), text_of(see(tmp_path, files), "west")
    assert "# done = 9    # 完成数（目标：矿山 ≥80%）\n# total = 14    # 总数" in known
    assert "# # done = 0    # 完成数（目标：矿山 ≥80%）\n# # total = 0    # 总数" in unknown
    assert "# done = 0    # 完成数（目标：≥100家）\n# # 单位：家" in unknown


def test_a_number_without_a_unit_has_no_line_about_it(tmp_path: Path) -> None:
    plan = MINE.replace('target = { at_least = 80, unit = "%", of = "矿山" }', "target = { at_least = 8 }")
    text = text_of(see(tmp_path, plans={"mine.toml": plan}))
    assert "完成数（目标：≥8）" in text
    assert "单位：\n" not in text


def test_evidence_has_its_line_where_the_plan_asks_for_it(tmp_path: Path) -> None:
    blocks = text_of(see(tmp_path)).split("[[update]]")
    assert [("evidence = []" in block) for block in blocks[1:5]] == [False, False, True, False]


def test_the_promised_day_proposed_lies_after_the_month(tmp_path: Path) -> None:
    ruling = decision("extend", "east", "2026-10-03T09:00:00+08:00", 'item = "mine-7"\nuntil = 9999-12-31')
    text = text_of(see(tmp_path, {"2026-10/decisions.toml": ruling}))
    assert text.count("# promised_on = 2026-11-30") == 6


def test_an_event_that_a_county_named_strangely_stays_one_item(tmp_path: Path) -> None:
    text = text_of(see(tmp_path, {"2026-10/east.toml": head() + EVENT}))
    assert 'item = "mine-3a@T1"' in text


# --- a form goes through check ---


def test_a_form_as_it_is_passes_but_for_what_only_the_unit_can_say(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    submission, problems = check(snapshot, text_of(snapshot))
    # The three names, and of what is overdue a cause, a measure and a promised day: the unit's to give.
    assert [p.code for p in problems] == ["E04"] * 3 + ["E12"] * 6
    assert [p.place.line for p in problems[:3]] == [7, 8, 9]
    assert submission is not None
    assert [u.item for u in submission.updates] == ["chem-3", "mine-2@2026-10"]
    assert submission.held == ("mine-1", "mine-2@2026-09")
    assert all(u.state == "not-started" for u in submission.updates)


def test_a_form_whose_questions_are_answered_passes(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    text = explained(filled(text_of(snapshot)))
    submission, problems = check(snapshot, text)
    assert problems == []
    assert submission is not None
    assert [u.item for u in submission.updates] == REQUIRED


def test_a_form_whose_comments_are_taken_off_is_still_a_form(tmp_path: Path) -> None:
    snapshot = see(
        tmp_path, {"2026-09/east.toml": head(month="2026-09") + entry("mine-7", GOING + "done = 9\ntotal = 14\n")}
    )
    text = explained(filled(uncommented(text_of(snapshot))))
    submission, problems = check(snapshot, text)
    assert problems == []
    assert submission is not None
    assert [u.item for u in submission.updates] == [*REQUIRED, "mine-7", "chem-1"]
    assert submission.by_item["mine-7"].total == 14


NASTY = (
    'x"\n[[update]]\nitem = "chem-3"\nstate = "已完成"\n',
    "a\rb\x0bc\x0cd\x1be\x7ff\x85g\u2028h\u2029i\x9bj\u202ek",
    '"""\n',
    "\ttabs\tand\\back\\slashes\\",
)


@pytest.mark.parametrize("words", NASTY)
@pytest.mark.parametrize("key", ["cause", "measure", "note"])
def test_last_months_words_cannot_break_out_of_their_comment(tmp_path: Path, key: str, words: str) -> None:
    said: dict[str, Any] = {
        "cause": "资金没有到位",
        "measure": "已经列入预算",
        "promised_on": date(2026, 12, 20),
        key: words * 2,
    }
    update = dumps({"update": [{"item": "mine-1", "state": "推进中", **said}]})
    snapshot = see(tmp_path, {"2026-09/east.toml": head(month="2026-09") + update})
    assert at(snapshot, "east", "mine-1").record is not None
    text = text_of(snapshot)
    assert [u["item"] for u in tomllib.loads(text)["update"]] == REQUIRED
    assert all(c == "\n" or c.isprintable() or c == "　" for c in text)


def test_a_plans_own_words_cannot_break_out_of_their_comment_either(tmp_path: Path) -> None:
    plan = MINE.replace('"公布每座矿的包保领导"', '"""公布\n[[update]]\n"""').replace('of = "矿山"', 'of = "矿\\n山"')
    snapshot = see(tmp_path, plans={"mine.toml": plan.replace('"公布包保名单"', '"公布\\r\\n名单"')})
    assert [u["item"] for u in tomllib.loads(text_of(snapshot))["update"]] == REQUIRED


@st.composite
def said(draw: st.DrawFn) -> dict[str, Any]:
    """What a unit may have said last month of an item."""
    words = st.text(min_size=4, max_size=20).filter(lambda text: len(text.strip()) > 3 and "……" not in text)
    entry: dict[str, Any] = {"state": draw(st.sampled_from(["未启动", "推进中", "受阻", "不涉及"]))}
    if draw(st.booleans()) or entry["state"] == "受阻":
        entry |= {"cause": draw(words), "measure": draw(words), "waiting_on": draw(words), "note": draw(words)}
        entry["promised_on"] = date(2026, 12, 20)
    if draw(st.booleans()):
        entry |= {"done": draw(st.integers(0, 5)), "total": draw(st.integers(5, 9))}
    return entry


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    words=st.dictionaries(st.sampled_from(["mine-1", "mine-2@2026-09", "mine-7", "chem-1", "chem-3"]), said()),
    events=st.booleans(),
    day=st.sampled_from([date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31)]),
)
def test_the_form_of_any_world_is_toml_and_passes_once_the_unit_has_answered(
    tmp_path_factory: pytest.TempPathFactory, words: dict[str, dict[str, Any]], events: bool, day: date
) -> None:
    update = dumps({"update": [{"item": item, **more} for item, more in words.items()]}) if words else ""
    files = {"2026-09/east.toml": head(month="2026-09") + (EVENT if events else "") + update}
    snapshot = see(tmp_path_factory.mktemp("world"), files, as_of=day)
    month = day.replace(day=1)
    one = form(snapshot, "east", month)
    text = as_toml(snapshot, one)
    data = tomllib.loads(text)
    assert [u["item"] for u in data.get("update", [])] == [s.occurrence.id for s in one.required]
    answered = data | {"prepared_by": "王某", "checked_by": "李某", "approved_by": "赵某"}
    answer = {"cause": "资金没有到位", "measure": "列入预算", "promised_on": date(2027, 3, 1), "waiting_on": "省厅"}
    answered["update"] = [u | answer for u in data.get("update", [])]
    submission, problems = check(snapshot, dumps(answered))
    assert [p for p in problems if p.holds] == []
    assert submission is not None
    assert len(submission.updates) == len(one.required)


def test_a_form_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head() + entry("mine-7")}
    assert text_of(see(tmp_path, files)) == text_of(see(tmp_path, as_of=OCTOBER_END, known_by=LATER))
