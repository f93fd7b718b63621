"""Every mistake of a plan, each at its line, found by one check."""

from pathlib import Path

import pytest
from small_plans import GOOD, MILESTONE, load_text, one, said

from tracker.plan_checks import CHECKS

RULES_HINT = "due、every、event、after 四者写且只写一个；长期规定和长期坚持都不写。"

NO_RULE = f"a:20 E06 节点“a-1”的期限写法不成立。 {RULES_HINT}"


@pytest.mark.parametrize(
    ("check", "text", "problems"),
    [
        # ids_are_unique_and_say_their_task
        (
            0,
            one("due = 2026-12-31", "b-1"),
            ["a:21 E07 节点编号“b-1”与任务不符。 写成 a-1，同一任务有几个节点时后面加 a、b、c。"],
        ),
        (
            0,
            one("due = 2026-12-31", "a-1A"),
            ["a:21 E07 节点编号“a-1A”与任务不符。 写成 a-1，同一任务有几个节点时后面加 a、b、c。"],
        ),
        (
            0,
            one("due = 2026-12-31", "a-12"),
            ["a:21 E07 节点编号“a-12”与任务不符。 写成 a-1，同一任务有几个节点时后面加 a、b、c。"],
        ),
        (0, one("due = 2026-12-31", "a-1z"), []),
        (
            0,
            GOOD + '[[task.milestone]]\nid = "a-1"\n' + MILESTONE + "due = 2026-12-31\n",
            ["a:27 E11 节点编号“a-1”写了两次。"],
        ),
        (0, GOOD + '[[task]]\nitem = "1"\ntitle = "又一"\n', ["a:27 E11 任务 1 写了两次。"]),
        # one_deadline_rule
        (1, one(""), [NO_RULE]),
        (1, one('due = 2026-12-31\nevery = "month"'), [NO_RULE]),
        (1, one('after = "a"'), [NO_RULE]),
        (1, one('kind = "standing"\ndue = 2026-12-31'), [NO_RULE]),
        (1, one('kind = "continuing"\nevery = "month"'), [NO_RULE]),
        (1, one('kind = "consequence"\ndue = 2026-12-31'), [NO_RULE]),
        (1, one('kind = "recurring"\ndue = 2026-12-31'), [NO_RULE]),
        (1, one('kind = "event"\nevery = "month"'), [NO_RULE]),
        (1, one('kind = "window"\nopens = 2026-03-01'), [NO_RULE]),
        (1, one('kind = "tally"'), [NO_RULE]),
        (1, one('kind = "tally"\ndue = 2026-12-31'), [NO_RULE]),
        (
            1,
            one('every = "fortnight"'),
            ["a:25 E06 周期“fortnight”看不懂。 可以写 week、month、quarter、half-year、year 或 3 months。"],
        ),
        (
            1,
            one('event = "trial"\nterm = "ten days"'),
            ["a:26 E06 期限“ten days”看不懂。 写成 10 working days、1 year、10 days before 或 before。"],
        ),
        (
            1,
            one('event = "trial"\nearliest = "x"\nwithin = "y"'),
            [
                "a:26 E06 期限“x”看不懂。 写成 10 working days、1 year、10 days before 或 before。",
                "a:27 E06 期限“y”看不懂。 写成 10 working days、1 year、10 days before 或 before。",
            ],
        ),
        (1, one('event = "trial"'), ["a:20 E04 节点“a-1”缺少起算后的期限。 请补上 term 或 within。"]),
        (1, one('event = "trial"\nearliest = "4 months"'), []),
        (1, one("opens = 2026-07-01\ndue = 2026-06-30"), ["a:26 E10 到期日早于开始日。"]),
        (1, one("opens = 2026-06-30\ndue = 2026-06-30"), []),
        # by_is_a_day
        *(
            (2, one(f'every = "{every}"\nby = {by}'), [f"a:26 E10 “{by.strip(chr(34))}”不是一个日子。 {hint}"])
            for hint in ["年内的某日写成 04-30，月内的某日写成 1 到 31 的数字。"]
            for every, by in [
                ("month", "0"),
                ("month", "32"),
                ("month", "-1"),
                ("year", '"04-31"'),
                ("year", '"4-30"'),
                ("year", '"13-01"'),
                ("year", '"W05-1"'),
                ("year", '"04-30-"'),
                ("year", '"月底"'),
                ("month", '"04-30"'),
            ]
        ),
        (2, one('every = "year"\nby = "02-29"'), []),
        (2, one('every = "month"\nby = 31'), []),
        (2, one('every = "month"\nby = 1'), []),
        # readings_are_declared
        (
            3,
            one('due = 2026-12-31\ncertainty = "read"'),
            ["a:20 E04 节点“a-1”的期限是解读，没有写明依据。 请补上 reading，写明是怎样理解的。"],
        ),
        (
            3,
            one('due = 2026-12-31\ncertainty = "external"\nreading = ""'),
            ["a:20 E04 节点“a-1”的期限是解读，没有写明依据。 请补上 reading，写明是怎样理解的。"],
        ),
        (3, one('due = 2026-12-31\ncertainty = "read"\nreading = "年底读作 12 月 31 日"'), []),
        # names_are_known
        (
            4,
            GOOD.replace('short = "甲"', 'units = ["east", "wst"]\nshort = "甲"'),
            ["a:3 E08 没有报送单位“wst”。 您是不是想写“west”？"],
        ),
        (4, GOOD.replace('section = "1"', 'section = "2"'), ["a:17 E07 没有章节“2”。"]),
        (4, GOOD.replace('section = "1"\n', ""), []),
        (
            4,
            one('due = 2026-12-31\nunits = ["east",\n  "eats"]'),
            ["a:27 E08 没有报送单位“eats”。 您是不是想写“east”？"],
        ),
        (4, one('event = "trail"\nterm = "before"'), ["a:25 E07 没有事项“trail”。 您是不是想写“trial”？"]),
        (4, one('kind = "consequence"\nafter = "a-2"'), ["a:26 E07 没有节点“a-2”。 您是不是想写“a-1”？"]),
        (4, one('kind = "consequence"\nafter = "a-1"'), []),
        # targets_have_one_comparator
        (
            5,
            one('due = 2026-12-31\ntarget = { of = "企业" }'),
            ["a:26 E06 目标的写法不成立。 at_least、at_most、equals、about、all 写且只写一个。"],
        ),
        (
            5,
            one("due = 2026-12-31\ntarget = { at_least = 0, all = true }"),
            ["a:26 E06 目标的写法不成立。 at_least、at_most、equals、about、all 写且只写一个。"],
        ),
        (
            5,
            one("due = 2026-12-31\ntarget = { equals = 3, about = 3 }"),
            ["a:26 E06 目标的写法不成立。 at_least、at_most、equals、about、all 写且只写一个。"],
        ),
        (5, one('due = 2026-12-31\ntarget = { at_most = 0, unit = "起" }'), []),
    ],
)
def test_a_mistake_in_a_plan_is_found_by_its_check_at_its_line(
    tmp_path: Path, check: int, text: str, problems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(load_text(tmp_path, a=text)[1]) == problems
    # And by that check alone: without it the plan passes.
    monkeypatch.setattr("tracker.plan_files.CHECKS", CHECKS[:check] + CHECKS[check + 1 :])
    assert said(load_text(tmp_path, a=text)[1]) == []


def test_every_check_is_put_to_the_proof() -> None:
    assert [check.__name__ for check in CHECKS] == [
        "ids_are_unique_and_say_their_task",
        "one_deadline_rule",
        "by_is_a_day",
        "readings_are_declared",
        "names_are_known",
        "targets_have_one_comparator",
    ]


def test_all_mistakes_of_a_plan_are_found_at_once(tmp_path: Path) -> None:
    text = one('due = 2026-12-31\nevery = "month"\nby = 40\ncertainty = "read"\nunits = ["x"]\ntarget = {}', "z")
    assert [line.split(" ")[0] for line in said(load_text(tmp_path, a=text)[1])] == [
        "a:21",
        "a:20",
        "a:27",
        "a:20",
        "a:29",
        "a:30",
    ]
