"""What a file says becomes a frozen dataclass, or problems in the user's words at their places."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.door import enter, enter_each
from tracker.entered import FILLED, Entered
from tracker.source import Source, parse


@dataclass(frozen=True)
class Share(Entered):
    """A table within a table."""

    of: str
    at_least: int | float | None = None
    unit: Literal["%", "km"] | None = None


@dataclass(frozen=True)
class Entry(Entered):
    """A table of which a file has several."""

    id: str
    due: date | None = None
    at: datetime | None = None
    done: int | None = None
    by: int | str | None = None
    length: float | None = None
    pooled: bool = False
    from_: date | None = None
    state: Literal["open", "done", "blocked"] = "open"
    level: tuple[Literal["county", "city"], ...] = ()
    units: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    share: Share | None = None
    quotas: dict[str, int | float] = field(default_factory=dict)
    roles: dict[str, Literal["lead", "help"]] = field(default_factory=dict)
    plan: str = field(default="", metadata=FILLED)


@dataclass(frozen=True)
class Group(Entered):
    """A table with tables."""

    name: str
    entry: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class File(Entered):
    """A whole file."""

    title: str
    group: tuple[Group, ...] = ()
    main: Group | None = None


def entered(text: str) -> tuple[File | None, list[str]]:
    """The file, and ``line:column code message hint`` of each problem."""
    source = parse(text.encode(), "f.toml")
    assert source.problems == ()
    value, problems = enter(File, source.data, source)
    problems.sort(key=lambda p: p.place)
    return value, [f"{p.place.line}:{p.place.column} {p.code} {p.message} {p.hint}".strip() for p in problems]


HEAD = 'title = "方案"\n[[group]]\nname = "甲"\n[[group.entry]]\nid = "一"\n'
"""Five lines; an entry's further keys begin on line 6."""

NAMES = "id、due、at、done、by、length、pooled、from、state、level、units、days、share、quotas、roles"


def problems_of_entry(line: str) -> list[str]:
    value, problems = entered(HEAD + line + "\n")
    assert (value is None) == bool(problems)
    return problems


# --- what may come in ---


def test_a_whole_file_becomes_nested_dataclasses() -> None:
    text = HEAD + (
        "due = 2026-10-31\nat = 2026-11-02T16:40:00+08:00\ndone = 45\nby = 31\nlength = 12.5\npooled = true\n"
        'from = 2026-01-01\nstate = "blocked"\nlevel = ["city", "county"]\nunits = ["乙", "丙"]\ndays = [2026-02-28]\n'
        'share = { of = "企业", at_least = 80, unit = "%" }\nquotas = { chiping = 3, linqing = 1.5 }\n'
        'roles = { chiping = "lead" }\n[[group]]\nname = "乙"\n[main]\nname = "主"\n'
    )
    entry = Entry(
        "一",
        due=date(2026, 10, 31),
        at=datetime(2026, 11, 2, 16, 40, tzinfo=timezone(timedelta(hours=8))),
        done=45,
        by=31,
        length=12.5,
        pooled=True,
        from_=date(2026, 1, 1),
        state="blocked",
        level=("city", "county"),
        units=("乙", "丙"),
        days=(date(2026, 2, 28),),
        share=Share("企业", 80, "%"),
        quotas={"chiping": 3, "linqing": 1.5},
        roles={"chiping": "lead"},
    )
    assert entered(text) == (File("方案", (Group("甲", (entry,)), Group("乙")), Group("主")), [])


def test_what_comes_in_is_frozen() -> None:
    value, _problems = entered('title = "方案"\n')
    with pytest.raises(FrozenInstanceError):
        value.title = "别的"  # type: ignore[misc, union-attr]


@pytest.mark.parametrize(("line", "value"), [("by = 31", 31), ('by = "04-30"', "04-30"), ("by = 0", 0)])
def test_a_value_of_either_type_of_a_union_stays_as_written(line: str, value: object) -> None:
    file, _problems = entered(HEAD + line)
    assert file is not None
    assert file.group[0].entry[0].by == value
    assert type(file.group[0].entry[0].by) is type(value)


def test_a_whole_number_may_stand_where_a_decimal_one_is_asked_for() -> None:
    file, _problems = entered(HEAD + "length = 12\nshare = { of = '企业', at_least = 3 }\n")
    assert file is not None
    assert file.group[0].entry[0].length == 12.0
    assert file.group[0].entry[0].share == Share("企业", 3)


# --- names ---


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('stat = "open"', "6:8 E03 不认识的名称“stat”。 您是不是想写“state”？"),
        ("form = 2026-01-01", "6:8 E03 不认识的名称“form”。 您是不是想写“from”？"),
        ("from_ = 2026-01-01", "6:9 E03 不认识的名称“from_”。 您是不是想写“from”？"),
        ("units_ = []", "6:10 E03 不认识的名称“units_”。 您是不是想写“units”？"),
        ("date = 2026-01-01", "6:8 E03 不认识的名称“date”。 您是不是想写“state”？"),
        ("int = 1", f"6:7 E03 不认识的名称“int”。 可以写的名称：{NAMES}。"),
        ('"状态 " = "open"', f"6:9 E03 不认识的名称“状态 ”。 可以写的名称：{NAMES}。"),
        ("class = 1", f"6:9 E03 不认识的名称“class”。 可以写的名称：{NAMES}。"),
        ("share = { of = 'x', unt = '%' }", "6:27 E03 不认识的名称“unt”。 您是不是想写“unit”？"),
        ("share = { of = 'x', zz = 1 }", "6:26 E03 不认识的名称“zz”。 可以写的名称：of、at_least、unit。"),
    ],
)
def test_an_unknown_name_is_refused_at_its_place_and_the_nearest_is_suggested(line: str, problem: str) -> None:
    assert problems_of_entry(line) == [problem]


def test_where_nothing_is_near_the_names_that_may_be_written_are_listed_as_they_are_written() -> None:
    [problem] = problems_of_entry("zzz = 1")
    assert problem == f"6:7 E03 不认识的名称“zzz”。 可以写的名称：{NAMES}。"


def test_a_missing_name_is_said_of_the_table_that_lacks_it() -> None:
    text = 'title = "方案"\n[[group]]\nname = "甲"\n[[group.entry]]\nid = "一"\n[[group.entry]]\ndone = 1\n[[group]]\n'
    assert entered(text)[1] == [
        "6:1 E04 缺少“id”。 请补上一行：id = …",
        "8:1 E04 缺少“name”。 请补上一行：name = …",
    ]
    assert entered('[main]\nname = "主"\n')[1] == ["1:1 E04 缺少“title”。 请补上一行：title = …"]


def test_a_missing_name_is_not_said_while_a_line_is_left_out_that_may_have_held_it() -> None:
    source = parse('title = 方 = 案\n[main]\nname = "主"\nnmae = 1\n'.encode(), "f.toml")
    value, problems = enter(File, source.data, source)
    assert value is None
    assert [(p.place.line, p.message) for p in problems] == [(4, "不认识的名称“nmae”。")]


def test_what_was_guessed_of_an_unreadable_line_is_no_second_mistake() -> None:
    source = parse('title = "方案"\n[main]\nname = "主"\n[[main.entry]]\nid = "一"\ndone = 四五\n'.encode(), "f.toml")
    assert source.data["main"]["entry"] == [{"id": "一", "done": "四五"}]
    assert enter(File, source.data, source) == (None, [])


def test_a_filled_field_of_a_wrong_type_is_one_mistake() -> None:
    assert problems_of_entry("plan = 1") == ["6:8 E03 不认识的名称“plan”。"]


@dataclass(frozen=True)
class Ruled(Entered):
    """A table whose required key is a word that Python keeps for itself."""

    from_: date
    in_: str = ""
    date: int = 0


@dataclass(frozen=True)
class Holder(Entered):
    """A table with such a table."""

    rule: Ruled


def test_a_key_named_like_a_type_keeps_its_name_in_a_nested_table_too() -> None:
    source = parse(b'[rule]\nfrom = 2026-01-01\ndate = "3"\n', "f.toml")
    [problem] = enter(Holder, source.data, source)[1]
    assert (str(problem.place), problem.message) == ("f.toml:3:8", "“date”的值不对。")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("from = 2026-01-01\nin = '室'\ndate = 3\n", []),
        ("in = '室'\n", ["1:1 缺少“from”。"]),
        ("from = '2026'\n", ["1:8 “from”的值不对。"]),
        ("from = 2026-01-01\nin = 5\n", ["2:6 “in”的值不对。"]),
        ("from = 2026-01-01\ndate = '3'\n", ["2:8 “date”的值不对。"]),  # a key, though also the name of a type
        ("from = 2026-01-01\nfrom_ = 1\n", ["2:9 不认识的名称“from_”。"]),
    ],
)
def test_words_that_python_keeps_are_written_as_they_are(text: str, problems: list[str]) -> None:
    source = parse(text.encode(), "f.toml")
    value, found = enter(Ruled, source.data, source)
    assert [f"{p.place.line}:{p.place.column} {p.message}" for p in found] == problems
    if not problems:
        assert value == Ruled(date(2026, 1, 1), "室", 3)


# --- fields that only the program fills ---


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + 'plan = "mine"\n', 6),
        ('title = "方案"\n[main]\nname = "主"\n[[main.entry]]\nid = "一"\nplan = "x"\n', 6),
        ('title = "方案"\n[main]\nname = "主"\nentry = [{ id = "一", plan = "x" }]\n', 4),
    ],
)
def test_a_field_that_the_program_fills_may_not_be_written(text: str, line: int) -> None:
    value, problems = entered(text)
    assert value is None
    assert [(p.split(":")[0], p.split(" ", 1)[1]) for p in problems] == [(str(line), "E03 不认识的名称“plan”。")]


def test_a_filled_field_is_refused_beside_other_mistakes_and_never_suggested() -> None:
    assert problems_of_entry('plan = "x"\nplam = "y"\ndone = "3"') == [
        "6:8 E03 不认识的名称“plan”。",
        f"7:8 E03 不认识的名称“plam”。 可以写的名称：{NAMES}。",
        "8:8 E05 “done”的值不对。 这里要写整数，例如 45，不加引号。",
    ]


# --- values ---

A_DATE = "这里要写日期，例如 2026-10-31，不加引号、不加时间。"
A_MOMENT = "这里要写日期和时间，例如 2026-11-02T16:40:00+08:00，不加引号。"
A_WHOLE_NUMBER = "这里要写整数，例如 45，不加引号。"
A_NUMBER = "这里要写数字，例如 12.5，不加引号。"
YES_OR_NO = "这里要写 true 或 false，不加引号。"
A_LIST = '这里要写成方括号列表，例如 ["甲", "乙"]。'
AS_IN_THE_EXAMPLE = "请对照说明文件里的例子改写。"


@pytest.mark.parametrize(
    ("line", "name", "hint"),
    [
        ('due = ^"2026-10-31"', "due", A_DATE),
        ("due = ^2026-10-31T08:00:00", "due", A_DATE),
        ("due = ^08:00:00", "due", A_DATE),
        ("due = ^20261031", "due", A_DATE),
        ("from = ^'2026'", "from", A_DATE),
        ("at = ^2026-10-31", "at", A_MOMENT),
        ('at = ^"2026-10-31T08:00:00"', "at", A_MOMENT),
        ("id = ^5", "id", '这里要写文字，用英文引号括起来，例如 "5"。'),
        ('done = ^"45"', "done", A_WHOLE_NUMBER),
        ("done = ^4.5", "done", A_WHOLE_NUMBER),
        ("done = ^true", "done", A_WHOLE_NUMBER),
        ("by = ^true", "by", A_WHOLE_NUMBER),
        ("by = ^4.5", "by", A_WHOLE_NUMBER),
        ('length = ^"12.5"', "length", A_NUMBER),
        ("pooled = ^1", "pooled", YES_OR_NO),
        ('pooled = ^"true"', "pooled", YES_OR_NO),
        ('units = ^"乙"', "units", A_LIST),
        ('level = ^"city"', "level", A_LIST),
        ('units = ["乙", ^5]', "units", '这里要写文字，用英文引号括起来，例如 "5"。'),
        ('days = [2026-01-01, ^"乙"]', "days", A_DATE),
        ("quotas = ^5", "quotas", AS_IN_THE_EXAMPLE),
        ('quotas = { "茌平" = 3, chiping = ^"3" }', "chiping", A_NUMBER),
        ('quotas = { int = ^"3" }', "int", A_NUMBER),
        ('share = { of = "企业", at_least = ^"80" }', "at_least", A_NUMBER),
        ("share = ^80", "share", AS_IN_THE_EXAMPLE),
    ],
)
def test_a_wrong_value_is_one_problem_at_its_place_that_says_what_to_write(line: str, name: str, hint: str) -> None:
    text = HEAD.replace('id = "一"\n', "") if line.startswith("id") else HEAD
    value, problems = entered(text + line.replace("^", "") + "\n")
    assert value is None
    place = f"{text.count(chr(10)) + 1}:{line.index('^') + 1}"
    assert problems == [f"{place} E05 “{name}”的值不对。 {hint}"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('state = "don"', "6:9 E06 “state”不能写“don”。 您是不是想写“done”？"),
        ('state = "zzz"', "6:9 E06 “state”不能写“zzz”。 可以写：open、done、blocked。"),
        ("state = 1", "6:9 E06 “state”不能写“1”。 可以写：open、done、blocked。"),
        ('level = ["county", "citty"]', "6:20 E06 “level”不能写“citty”。 您是不是想写“city”？"),
        ('level = ["x"]', "6:10 E06 “level”不能写“x”。 可以写：county、city。"),
        ('share = { of = "x", unit = "kmm" }', "6:28 E06 “unit”不能写“kmm”。 您是不是想写“km”？"),
    ],
)
def test_a_word_that_is_not_allowed_names_those_that_are(line: str, problem: str) -> None:
    assert problems_of_entry(line) == [problem]


def test_a_word_in_a_table_of_words_is_refused_by_its_name() -> None:
    [problem] = problems_of_entry('roles = { chiping = "leader" }')
    assert problem.startswith("6:21 E06 “chiping”不能写“leader”。")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('title = "方案"\ngroup = 5\n', f"2:9 E05 “group”的值不对。 {A_LIST}"),
        ('title = "方案"\n[group]\nname = "甲"\n', f"3:8 E05 “group”的值不对。 {A_LIST}"),
        ('title = "方案"\ngroup = ["甲"]\n', f"2:10 E05 “group”的值不对。 {AS_IN_THE_EXAMPLE}"),
        ('title = "方案"\nmain = "甲"\n', f"2:8 E05 “main”的值不对。 {AS_IN_THE_EXAMPLE}"),
        ('title = "方案"\n[[main]]\nname = "甲"\n', f"2:1 E05 “main”的值不对。 {AS_IN_THE_EXAMPLE}"),
    ],
)
def test_a_value_in_place_of_a_table_is_refused_at_its_place(text: str, problem: str) -> None:
    assert entered(text) == (None, [problem])


def test_every_mistake_of_deeply_nested_tables_is_found_at_its_own_line() -> None:
    text = """\
title = 5
[[group]]
name = "甲"
  [[group.entry]]
  id = "一"
  due = "2026"
  [[group.entry]]
  id = "二"
  units = [
    "乙",
    5,
  ]
[[group]]
nome = "乙"
  [[group.entry]]
  id = "三"
  share = { of = "企业", at_leest = 3 }
[main]
name = "主"
  [[main.entry]]
  state = "dne"
"""
    value, problems = entered(text)
    assert value is None
    assert sorted((int(p.split(":")[0]), p.split(" ")[1]) for p in problems) == [
        (1, "E05"),
        (6, "E05"),
        (11, "E05"),
        (13, "E04"),
        (14, "E03"),
        (17, "E03"),
        (20, "E04"),
        (21, "E06"),
    ]


def test_a_table_of_plain_values_needs_no_dataclass() -> None:
    source = parse(b"[t]\na = 1\nb = 'x'\n", "f.toml")
    assert enter(dict[str, int | str], source.data["t"], source, ("t",)) == ({"a": 1, "b": "x"}, [])
    _value, [problem] = enter(dict[str, int], source.data["t"], source, ("t",))
    assert (problem.code, str(problem.place)) == ("E05", "f.toml:3:5")


def test_what_is_no_table_at_all_is_one_problem() -> None:
    source = parse(b"a = 1\n", "f.toml")
    value, problems = enter(File, [1, 2], source)
    assert value is None
    assert [(p.code, p.place.line, p.hint) for p in problems] == [("E05", 1, AS_IN_THE_EXAMPLE)]


def test_a_table_inside_a_file_is_entered_with_places_of_the_whole_file() -> None:
    source = parse(
        '[[entry]]\nid = "一"\n[[entry]]\nid = "二"\nplan = "x"\nshare = { of = 5 }\nzz = 1\n'.encode(), "f.toml"
    )
    tables: list[dict[str, Any]] = source.data["entry"]
    value, problems = enter(Entry, tables[1], source, ("entry", 1))
    assert value is None
    assert [(p.code, str(p.place)) for p in problems] == [
        ("E03", "f.toml:5:8"),
        ("E05", "f.toml:6:16"),
        ("E03", "f.toml:7:6"),
    ]
    assert enter(Entry, tables[0], source, ("entry", 0)) == (Entry("一"), [])


# --- whatever is written ---

WORDS = st.sampled_from(
    ["title", "group", "main", "name", "entry", "id", "due", "by", "share", "of", "quotas", "plan", "from", "int", "zz"]
)
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.dates(), st.datetimes(), st.times()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_whatever_a_file_holds_it_comes_in_or_has_problems_and_never_raises(data: dict[str, object]) -> None:
    value, problems = enter(File, data, Source("f.toml"))
    assert (value is None) == bool(problems)
    assert all(problem.message for problem in problems)


def test_pydantic_is_loaded_only_when_something_comes_in() -> None:
    program = (
        "import sys\n"
        "from tracker import door, plans\n"
        "print('pydantic' in sys.modules)\n"
        "from tracker.source import parse\n"
        "door.enter(plans.HolidaysFile, {}, parse(b'', 'f'))\n"
        "print('pydantic' in sys.modules)\n"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.split() == ["False", "True"]


@dataclass(frozen=True)
class Line(Entered):
    """An entry of a long list: no key of its is a word of Python's."""

    id: str
    due: date | None = None
    level: tuple[Literal["county", "city"], ...] = ()
    share: Share | None = None
    plan: str = field(default="", metadata=FILLED)


VALUES = st.one_of(
    st.integers(), st.text(max_size=3), st.just(date(2026, 10, 1)), st.lists(st.just("city"), max_size=2)
)
LINES = st.fixed_dictionaries(
    {"id": st.text(max_size=3)},
    optional={
        "due": st.one_of(st.just(date(2026, 10, 1)), VALUES),
        "level": st.lists(st.sampled_from(["county", "city", "town"]), max_size=3),
        "share": st.fixed_dictionaries({"of": st.text(max_size=3)}, optional={"unit": st.just("%"), "odd": VALUES}),
        "plan": VALUES,
        "from": VALUES,
    },
)


@given(st.lists(LINES, max_size=4), st.sampled_from([Line, Entry]))
def test_a_list_entered_at_once_is_as_its_entries_one_by_one(lines: list[dict[str, Any]], kind: type[Any]) -> None:
    source, own = Source("x.toml"), [{"plan": f"p{n}"} for n in range(len(lines))]
    each = [enter(kind, line, source, ("line", n), own[n]) for n, line in enumerate(lines)]
    assert enter_each(kind, lines, source, ("line",), own) == each
