"""One line as it was meant: what is certain, what is likely, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.lines import LONGEST, certain, closed, damaged_header, dates, first_wide, guesses, header, signs

PIECES = [*"a=,[]{}\"'#\\ .-/：＝，“”‘’＂＇０９年月日12\u3000甲", "2026年1月2日", "2026/2/30", " # "]
LINES = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("state ＝ “推进中”", 'state = "推进中"'),
        ("note = “他说“好””", 'note = "他说“好”"'),
        ("note = “他说“好””  ", 'note = "他说“好”"  '),
        ("note = “甲”，“乙”", 'note = "甲","乙"'),
        ("evidence = [“甲”，“乙”、＂丙＂]", 'evidence = ["甲","乙","丙"]'),
        ("ｄｏｎｅ＿ｏｎ = ２０２６－１０－３１", "done_on = 2026-10-31"),
        ("\u3000a = 1.5\u3000", " a = 1.5 "),
        ("a\xa0= ４．５", "a = 4.5"),
        ("a = 1 ＃ 好", "a = 1 # 好"),
        ('a ＝ "甲，乙', 'a = "甲，乙'),
        ("done_on = 2026年10月1日", "done_on = 2026-10-01"),
        ("done_on = 2026 年 10 月 1 号 # 好", "done_on = 2026-10-01 # 好"),
        ("done_on = 2026/10/1", "done_on = 2026-10-01"),
        ("done_on = 2026.10.01", "done_on = 2026-10-01"),
        ("done_on = 2026-2-3日", "done_on = 2026-02-03"),
        ("done_on ＝ ２０２６年２月３日", "done_on = 2026-02-03"),
        ("days = [2026/1/2, 2026年3月4日]", "days = [2026-01-02, 2026-03-04]"),
        ("t = { until = 2026/1/2 }", "t = { until = 2026-01-02 }"),
    ],
)
def test_what_is_certain_is_put_right(line: str, fixed: str) -> None:
    assert certain(line) == fixed


@pytest.mark.parametrize(
    "line",
    [
        'note = "甲：一，二；２０２６年１月２日"',
        "note = '“甲”，＝'",
        "a = 1 # 好，“好”，2026年1月2日",
        'note = "2026年1月2日"',
        "done_on = 2026-02-30",
        "done_on = 2026/13/1",
        "done_on = 2026-10-0",
        "done_on = 0000-1-1",
        "done_on = 2026/10-1",
        "done_on = 2026年10月1日前",
        "2026/1/2",
        "note = 2026/1/2 2026/1/3",
    ],
)
def test_what_is_right_or_not_certain_is_left_alone(line: str) -> None:
    assert certain(line) == line


@given(LINES)
def test_a_line_mended_once_needs_no_more(line: str) -> None:
    assert dates(dates(line)) == dates(line)
    assert len(list(guesses(line))) < 20


@given(LINES)
def test_proper_texts_and_comments_are_never_touched(line: str) -> None:
    text = line.replace('"', "").replace("\\", "").replace("\n", "")
    assert certain(f'a ＝ "{text}" # {text}').endswith(f'"{text}" # {text}')


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("a = 1", -1),
        (f"a ＝ {'1' * LONGEST}", -1),
        ("a ＝ 1", 2),
        ('"＝" = 1', -1),
        ('a = "好”', 6),
        ('a = "好” 。', -1),
        ("a = “好”", 4),
    ],
)
def test_the_first_full_width_sign_is_found(line: str, column: int) -> None:
    assert first_wide(line) == column
    assert (signs(line) == line) is (column < 0)


@pytest.mark.parametrize(
    ("line", "reason", "fixed", "column"),
    [
        ("a ＝ 1", "用了中文（全角）符号“＝”。", "a = 1", 3),
        ("　a = 1", "用了中文（全角）空格。", " a = 1", 1),
        ("a ＝ 甲", "用了中文（全角）符号“＝”。", 'a = "甲"', 3),
        ("d = [2026-10-31, 2026/1/2]", "日期的写法不对。", "d = [2026-10-31, 2026-01-02]", 18),
        ("d = 2026-2-30", "没有 2026-02-30 这一天。", "d = 2026-02-28", 5),
        ("d = 2024-2-30 # 甲", "没有 2024-02-30 这一天。", "d = 2024-02-29 # 甲", 5),
        ("month = 2026-9", "月份要加英文引号。", 'month = "2026-09"', 9),
        ("month = 2026年10月  # 甲", "月份要加英文引号。", 'month = "2026-10"  # 甲', 9),
        ("d = 10月1日", "日期要写全年、月、日。", "", 5),
        ("d = 2026年10月底前", "日期要写全年、月、日。", "", 5),
        ("n = 45家", "数字后面不能写别的字。", "n = 45", 7),
        ("n = 80%", "数字后面不能写别的字。", "n = 80", 7),
        ("n = 140.5 公里  # 好", "数字后面不能写别的字。", "n = 140.5  # 好", 10),
        ("n = 12,345", "数字里不能有逗号。", "n = 12345", 7),
        ("n = 007", "数字前面不要写 0。", "n = 7", 0),
        ("状态 = 推进中", "名称要用英文：“状态”写 state。", 'state = "推进中"', 1),
        ('state: "推进中"', "名称后面缺少英文等号“=”。", 'state = "推进中"', 6),
        ("state: 推进中", "名称后面缺少英文等号“=”。", 'state = "推进中"', 6),
        ("done 45", "名称后面缺少英文等号“=”。", "done = 45", 5),
        ("note =", "等号后面没有写内容。", "", 7),
        ("note =  # 备注", "等号后面没有写内容。", "", 7),
        ('note = "甲', "引号没有配对。", 'note = "甲"', 10),
        ('note = "甲   # 备注', "引号没有配对。", 'note = "甲"   # 备注', 10),
        ('note = 甲"', "引号没有配对。", 'note = "甲"', 8),
        ('note = "他说“好”', "引号没有配对。", 'note = "他说“好”"', 14),
        ('note = "他说"好"了"', "文字里面又有英文引号。", 'note = "他说“好”了"', 11),
        ('e = "甲", "乙"', "几项内容要用方括号括起来。", 'e = ["甲", "乙"]', 5),
        (r'p = "D:\照片"', "文字里有反斜杠“\\”。", r"p = 'D:\照片'", 8),
        ('e = ["甲",', "括号没有配对。", 'e = ["甲"]', 5),
        ("t = { a = 1", "括号没有配对。", "t = { a = 1}", 5),
        ("state = 推进中", "文字没有加英文引号。", 'state = "推进中"', 0),
        ("state = in-progress", "文字没有加英文引号。", 'state = "in-progress"', 0),
        ("note = 3家企业已整改到位", "文字没有加英文引号。", 'note = "3家企业已整改到位"', 0),
        ("note = 2024年以前的记录缺字段", "文字没有加英文引号。", 'note = "2024年以前的记录缺字段"', 0),
        ('e = [甲, "乙", 3]', "文字没有加英文引号。", 'e = ["甲", "乙", 3]', 0),
    ],
)
def test_the_likeliest_meaning_of_a_line_is_guessed(line: str, reason: str, fixed: str, column: int) -> None:
    found = [(meant.reason, meant.line, meant.column) for meant in guesses(line)]
    assert (reason, fixed, column) in found


@pytest.mark.parametrize(
    "line",
    [
        "a = 1",
        "a = true",
        "a = True",
        "a = 2026-10-31T10:00",
        "a = b = c",
        "a = 1 ]",
        "状况 = 1",
        "本月工作",
        'a = "甲" "乙"',
        'a = "甲"乙',
        'a = 甲"乙',
        f"a = {'甲' * LONGEST}",
        "",
    ],
)
def test_where_there_is_nothing_to_guess_nothing_is_guessed(line: str) -> None:
    assert list(guesses(line)) == []


@pytest.mark.parametrize(
    ("line", "lists", "meant", "damage"),
    [
        ("[[update]]", {"update"}, "[[update]]", None),
        ("[plan]  # 好", set(), "[plan]", None),
        ("[[update]", set(), "[[update]]", "方括号没有配对。"),
        ("[update", {"update"}, "[[update]]", "方括号没有配对。"),
        ("[plan", set(), "[plan]", "方括号没有配对。"),
        ("[update]", {"update"}, "[[update]]", "“update”是一条一条的，要用两层方括号。"),
        ("【update】", {"update"}, "[[update]]", "用了中文（全角）符号“【”。"),
        ("a = [1]", {"a"}, "", None),
    ],
)
def test_a_damaged_header_is_known_for_what_it_was_meant_to_be(
    line: str, lists: set[str], meant: str, damage: str | None
) -> None:
    found = damaged_header(line, lists)
    assert header(line, lists) == meant
    assert (found.reason if found else None) == damage
    assert found is None or found.line == meant


def test_an_open_bracket_is_closed_before_the_comment() -> None:
    assert closed('e = ["甲", # 好') == 'e = ["甲"] # 好'
    assert closed("e = 1") == closed("甲") == ""
