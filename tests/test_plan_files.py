"""The files of a programme together: programme.toml, several plans, who does what, holidays."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from small_plans import GOOD, MILESTONE, PROGRAMME, load_text, one, said

from tracker.plan_files import load
from tracker.workdays import Day
from tracker.workspace import Workspace


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (GOOD.replace("due = 2026-12-31", 'due = "2026-12-31"'), ["a:25 E05 “due”的值不对。"]),
        (GOOD.replace("due = 2026-12-31", "due = 2026-12-31\nduee = 1"), ["a:26 E03 不认识的名称“duee”。"]),
        (GOOD.replace("due = 2026-12-31", "due = 2026-12-31\nplan = 'b'"), ["a:26 E03 不认识的名称“plan”。"]),
        (GOOD.replace('what = "做"\n', ""), ["a:20 E04 缺少“what”。"]),
        (GOOD.replace('title = "甲方案"', "title = 甲方案"), ["a:2 E02 文字没有加英文引号。"]),
        (GOOD.replace('wording = "年底前"', 'wording = "年底前'), ["a:24 E02 引号没有配对。"]),
        ("", ["a:0 E04 文件是空的。"]),
        ("# 待写\n", ["a:1 E04 文件是空的。"]),
        ("\ufeff", ["a:1 W01 文件开头有字节顺序标记（BOM），已按无标记读取。", "a:0 E04 文件是空的。"]),
        ("a\0b", ["a:0 E01 文件里有空字节，不是文本文件。"]),
    ],
)
def test_a_plan_that_cannot_be_read_is_left_out_and_says_why(tmp_path: Path, text: str, problems: list[str]) -> None:
    programme, found = load_text(tmp_path, a=text)
    assert [" ".join(line.split(" ")[:3]) for line in said(found)] == problems
    assert programme is not None
    assert programme.plans == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('id = "west"', 'id = "east"', "programme:19 E11 单位“east”写了两次。"),
        (
            "ask_by = 2",
            'units = ["wets"]\nask_by = 2',
            "programme:26 E08 没有报送单位“wets”。 您是不是想写“west”？",
        ),
        ("ask_by = 2", "ask_by = 31", "programme:26 E10 “31”不是一个日子。 写成 1 到 28 的数字，每个月都有。"),
        ("ask_by = 2", "ask_by = 0", "programme:26 E10 “0”不是一个日子。 写成 1 到 28 的数字，每个月都有。"),
        ("late_after = 2", "late_after = 29", "programme:27 E10 “29”不是一个日子。 写成 1 到 28 的数字，每个月都有。"),
        (
            "records_from = 2026-08-01",
            "records_from = 2026-08-15",
            "programme:10 E10 建账日要写某月 1 日。 例如 records_from = 2026-08-01。",
        ),
        ('plans = ["a"]', 'plans = ["a", "b"]', "programme:11 E07 找不到方案文件 b.toml。"),
        ('plans = ["a"]', 'plans = ["a", "../city/a"]', "programme:11 E07 找不到方案文件 ../city/a.toml。"),
        ('plans = ["a"]', 'plans = ["a", "a"]', "programme:11 E11 方案“a”写了两次。"),
    ],
)
def test_a_mistake_in_the_programme_is_found_at_its_line_and_the_rest_is_loaded(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    programme, problems = load_text(tmp_path, PROGRAMME.replace(old, new))
    assert said(problems) == [problem]
    assert programme is not None
    assert [plan.stem for plan in programme.plans] == ["a"]


@pytest.mark.parametrize("day", [1, 28])
def test_every_day_that_each_month_has_may_be_asked_for(tmp_path: Path, day: int) -> None:
    text = PROGRAMME.replace("ask_by = 2", f"ask_by = {day}").replace("late_after = 2", f"late_after = {day}")
    assert load_text(tmp_path, text)[1] == []


def test_a_rule_for_known_units_only_is_no_mistake(tmp_path: Path) -> None:
    assert load_text(tmp_path, PROGRAMME.replace("ask_by = 2", 'units = ["west"]\nask_by = 2'))[1] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "programme:0 E04 文件是空的。 请对照 plans/README.md 的例子填写。"),
        (PROGRAMME.replace('city = "甲市"\n', ""), "programme:2 E04 缺少“city”。 请补上一行：city = …"),
        (
            PROGRAMME.replace('"county"', '"conty"'),
            "programme:16 E06 “level”不能写“conty”。 您是不是想写“county”？",
        ),
    ],
)
def test_without_a_readable_programme_there_is_none(tmp_path: Path, text: str, problem: str) -> None:
    programme, problems = load_text(tmp_path, text)
    assert programme is None
    assert said(problems) == [problem]


def test_a_programme_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    programme, problems = load(tmp_path / "plans", "city")
    assert programme is None
    assert said(problems) == ["programme:0 E01 找不到这个文件。 请核对路径和文件名。"]
    assert Workspace(tmp_path).programmes == []


def test_files_outside_the_workspace_are_called_by_their_whole_path(tmp_path: Path) -> None:
    load_text(tmp_path, a=one(""))
    _programme, [problem] = load(tmp_path / "plans", "city", root=tmp_path / "elsewhere")
    assert problem.place.file == str(tmp_path / "plans" / "city" / "a.toml")


def test_an_id_used_in_another_plan_is_said_of_the_later_plan(tmp_path: Path) -> None:
    programme, problems = load_text(tmp_path, PROGRAMME.replace('plans = ["a"]', 'plans = ["a", "b"]'), b=GOOD)
    assert said(problems) == [
        "b:21 E07 节点编号“a-1”与任务不符。 写成 b-1，同一任务有几个节点时后面加 a、b、c。",
        "b:0 E11 节点编号“a-1”在另一方案里已用过。",
    ]
    assert programme is not None
    assert [plan.stem for plan in programme.plans] == ["a", "b"]


def test_a_consequence_belongs_to_its_own_plan(tmp_path: Path) -> None:
    text = one("due = 2026-12-31") + '[[task.milestone]]\nid = "a-1b"\nkind = "consequence"\nafter = "a"\n' + MILESTONE
    other = text.replace("a-1", "b-1").replace('after = "a"', 'after = "b-1"')
    programme, problems = load_text(tmp_path, PROGRAMME.replace('plans = ["a"]', 'plans = ["a", "b"]'), a=text, b=other)
    assert problems == []
    assert programme is not None
    assert [m.id for m in programme.consequences(programme.milestones["a-1"])] == ["a-1b"]
    assert [m.id for m in programme.consequences(programme.milestones["b-1"])] == ["b-1b"]


OTHER = GOOD.replace("a-1", "b-1")

TWO = PROGRAMME.replace('plans = ["a"]', 'plans = ["a", "b"]')


def twice(same_as: str, other: str = "") -> dict[str, str]:
    """Two plans, the first of which asks again for what another milestone asks."""
    return {"a": one(f'due = 2026-12-31\nsame_as = "{same_as}"'), "b": OTHER + other}


def test_a_milestone_may_say_that_another_plan_asks_for_the_same(tmp_path: Path) -> None:
    programme, problems = load_text(tmp_path, TWO, **twice("b-1"))
    assert problems == []
    assert programme is not None
    assert programme.milestones["a-1"].same_as == "b-1"


@pytest.mark.parametrize(
    ("same_as", "other", "problem"),
    [
        ("b-2", "", "a:26 E07 没有节点“b-2”。 您是不是想写“b-1”？"),
        ("a-1", "", "a:26 E07 “a-1”与本节点同属一个任务。 只写其他方案或其他任务里问同一件事的节点。"),
        ("b-1", 'same_as = "a-1"\n', "a:26 E07 “b-1”自己也写了 same_as。 请写最先问这件事的节点。"),
    ],
)
def test_the_same_is_asked_first_by_a_known_milestone_of_another_task(
    tmp_path: Path, same_as: str, other: str, problem: str
) -> None:
    assert said(load_text(tmp_path, TWO, **twice(same_as, other))[1])[0] == problem


def test_what_an_unreadable_plan_asks_nobody_can_know(tmp_path: Path) -> None:
    problems = load_text(tmp_path, TWO, **(twice("b-1") | {"b": ""}))[1]
    assert [p.code for p in problems] == ["E04"]


KILOMETRES = one('due = 2026-12-31\ntarget = { equals = 140, unit = "公里", pool = "programme" }')

RULING = '[[assignment]]\nitem = "a-1"\nby = "刘某"\nat = 2026-07-20\nreason = "会议确定"\n'


@pytest.mark.parametrize(
    ("ruling", "problems"),
    [
        ('lead = ["east"]\nsupporting = ["west"]', []),
        ("quotas = { east = 60, west = 80 }", []),
        ("quotas = { east = 93.3, west = 46.7 }", []),
        ("quotas = { east = 139.9, west = 0.1 }", []),
        (
            "quotas = { east = 60, west = 70 }",
            ["assignments:6 E14 分解数合计 130，与目标 140 不符。 请调整各单位的分解数，使合计等于目标。"],
        ),
        (
            "quotas = { east = 70.5, west = 69 }",
            ["assignments:6 E14 分解数合计 139.5，与目标 140 不符。 请调整各单位的分解数，使合计等于目标。"],
        ),
        (
            "quotas = { east = 1234567, west = 0 }",
            ["assignments:6 E14 分解数合计 1234567，与目标 140 不符。 请调整各单位的分解数，使合计等于目标。"],
        ),
        ('lead = ["eats"]', ["assignments:1 E08 没有报送单位“eats”。 您是不是想写“east”？"]),
        ('supporting = ["zzz"]', ["assignments:1 E08 没有报送单位“zzz”。"]),
        ("quotas = { east = 60, wset = 80 }", ["assignments:1 E08 没有报送单位“wset”。 您是不是想写“west”？"]),
        ("quotas = { east = '60' }", ["assignments:6 E05 “east”的值不对。 这里要写数字，例如 12.5，不加引号。"]),
    ],
)
def test_a_ruling_on_who_does_what_is_held_to_units_and_number(
    tmp_path: Path, ruling: str, problems: list[str]
) -> None:
    programme, found = load_text(tmp_path, a=KILOMETRES, assignments=RULING + ruling + "\n")
    assert said(found) == problems
    assert programme is not None
    assert len(programme.assignments) == (0 if any("E05" in p for p in problems) else 1)


def test_a_ruling_on_an_unknown_milestone_suggests_the_nearest(tmp_path: Path) -> None:
    ruling = RULING.replace('"a-1"', '"a-2"') + "quotas = { east = 1 }\n"
    assert said(load_text(tmp_path, assignments=ruling)[1]) == ["assignments:2 E07 没有节点“a-2”。 您是不是想写“a-1”？"]


@pytest.mark.parametrize("keys", ["due = 2026-12-31", 'due = 2026-12-31\ntarget = { all = true, of = "企业" }'])
def test_what_has_no_number_cannot_be_split(tmp_path: Path, keys: str) -> None:
    [problem] = load_text(tmp_path, a=one(keys), assignments=RULING + "quotas = { east = 0 }\n")[1]
    assert (problem.code, problem.place.line) == ("E14", 6)


def test_a_file_of_rulings_without_any_is_said_to_be_empty(tmp_path: Path) -> None:
    programme, problems = load_text(tmp_path, assignments="# 尚未分工\n")
    assert said(problems) == ["assignments:1 E04 文件是空的。 请对照 plans/README.md 的例子填写。"]
    assert programme is not None
    assert programme.assignments == ()


HOLIDAYS = """\
[[year]]
year = 2027
notice = "国办发明电〔2026〕1号"
off = [
  { name = "元旦", from = 2027-01-01, until = 2027-01-03 },
  { name = "春节", from = 2027-02-05, until = 2027-02-11 },
]
work = [2027-02-20, 2026-12-26]
"""


def test_a_notice_the_office_enters_makes_the_year_known(tmp_path: Path) -> None:
    programme, problems = load_text(tmp_path, holidays=HOLIDAYS)
    assert problems == []
    assert programme is not None
    days: Mapping[str, tuple[bool, str, str]] = {
        "2027-01-01": (False, "元旦", "entered"),
        "2027-01-03": (False, "元旦", "entered"),
        "2027-01-04": (True, "", "entered"),
        "2027-02-05": (False, "春节", "entered"),
        "2027-02-11": (False, "春节", "entered"),
        "2027-02-12": (True, "", "entered"),
        "2027-02-20": (True, "调休上班", "entered"),
        "2027-02-21": (False, "周日", "entered"),
        "2026-12-26": (True, "调休上班", "entered"),
        "2026-12-27": (False, "周日", "announced"),
        "2028-01-03": (True, "", "assumed"),
    }
    found = {on: programme.workdays.day(date.fromisoformat(on)) for on in days}
    assert found == {on: Day(date.fromisoformat(on), *what) for on, what in days.items()}  # type: ignore[arg-type]


def test_a_mistake_in_the_holidays_leaves_the_year_assumed(tmp_path: Path) -> None:
    programme, problems = load_text(tmp_path, holidays=HOLIDAYS.replace("until = 2027-01-03", 'until = "2027-01-03"'))
    assert [line.split(" ")[0] for line in said(problems)] == ["holidays:5"]
    assert programme is not None
    assert programme.workdays.day(date(2027, 1, 1)).basis == "assumed"
