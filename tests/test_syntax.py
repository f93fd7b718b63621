"""What is no TOML: every mistake at once, each at its line with what was probably meant."""

from datetime import date
from pathlib import Path

import pytest
import tomli_w
from documents import TEXTS, patient, said
from hypothesis import given
from hypothesis import strategies as st

from tracker.problems import Place
from tracker.source import parse
from tracker.syntax import MOST_SYNTAX_PROBLEMS

REPOSITORY = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a = 1\na = 2\n", ["2:1 “a”在第 1 行已经写过。"]),
        ("[s]\na = 1\n[t]\na = 1\nb = 2\na = 3\n", ["6:1 “a”在第 4 行已经写过。"]),
        ("[t]\nx = 1\n[t]\n", ["3:2 “[t]”在第 1 行已经写过。"]),
        ("[t]\n[s]\n[t]\n", ["3:2 “[t]”在第 1 行已经写过。"]),
        ("[[a]]\n[a.b]\nx = 1\n[a.b]\ny = 2\n", ["4:4 “[a.b]”在第 2 行已经写过。"]),
        ("a.b = 1\na = 2\n", ["2:1 这个名称在前面已经写过一次。"]),
        ("t = { a = 1, a = 2 }\n", ["1:14 这个名称在前面已经写过一次。"]),
        ("note = twice\n", ["1:8 文字没有加英文引号。"]),
        ('note = "escape" x\nlist = [1\n', ["1:17 这一行不符合书写格式。", "2:8 括号没有配对。"]),
        ("中文 = 1\n", ["1:1 等号左边的名称不对。"]),
        ("a = 2026-02-30\n", ["1:5 没有 2026-02-30 这一天。"]),
        ('b = "好"\na = 0000-01-01\nc = 2\n', ["2:5 日期不存在或写法不对。"]),
        ("a = 完成\n", ["1:5 文字没有加英文引号。"]),
        ('a "x"\n', ["1:2 名称后面缺少英文等号“=”。"]),
        ('a = "整改，完成\n', ["1:11 引号没有配对。"]),
        ('a = "中文" x\n', ["1:10 这一行不符合书写格式。"]),
        ('a = "😀é" x\n', ["1:10 这一行不符合书写格式。"]),
        ("t = {甲 = 1}\n", ["1:6 等号左边的名称不对。"]),
        ('t = {"甲" = 1, b = 乙}\n', ["1:19 文字没有加英文引号。"]),
        (
            'a = 1\n中文 = "x" 丁\nb = "好" # ！\nc = "好" ！\n',
            ["2:10 这一行不符合书写格式。", "4:9 这一行不符合书写格式。"],
        ),
        ("a = 1 # 好\nb = 2 # 好\nc = 好\n", ["3:5 文字没有加英文引号。"]),
        ('n = """\n路径 C:\\x\n"""\n', ["2:7 这一行不符合书写格式。"]),
    ],
)
def test_a_mistake_is_said_at_its_line_and_its_column_in_characters(text: str, problems: list[str]) -> None:
    assert said(text) == problems


@patient
@given(TEXTS.map(lambda text: tomli_w.dumps({"a": text}).strip()), st.sampled_from(["x", "完", "😀", "]"]))
def test_a_column_counts_characters_whatever_stands_before(statement: str, rest: str) -> None:
    lines = f"b = 1\n{statement} {rest}\n"
    found = parse(lines.encode(), "f.toml")
    assert [(p.place.line, p.place.column) for p in found.problems] == [(2, len(statement) + 2)]


def test_every_mistake_of_a_file_is_found_at_once_and_the_other_lines_are_read() -> None:
    text = """\
unit = "chiping"
month = 2026-13
checked_by = “王五”
[[update]
item = "mine-5.1@2026-10"
state = 已完成
done_on = 2026-02-30
[[update]]
item = "mine-1.4a"
item = "mine-1.4b"
备注 = "好"
note = "没有引号
cause = "写完了"
"""
    found = parse(text.encode(), "f.toml")
    assert sorted((p.place.line, p.message) for p in found.problems) == [
        (2, "月份要加英文引号。"),
        (3, "用了中文（全角）符号““”。"),
        (4, "方括号没有配对。"),
        (6, "文字没有加英文引号。"),
        (7, "没有 2026-02-30 这一天。"),
        (10, "“item”在第 9 行已经写过。"),
        (11, "名称要用英文：“备注”写 note。"),
        (12, "引号没有配对。"),
    ]
    assert found.left_out == {2, 3, 4, 6, 7, 10, 11, 12}
    assert not found.is_whole
    assert found.data == {
        "unit": "chiping",
        "month": "2026-13",
        "checked_by": "王五",
        "update": [
            {"item": "mine-5.1@2026-10", "state": "已完成", "done_on": date(2026, 2, 28)},
            {"item": "mine-1.4a", "note": "好", "cause": "写完了"},
        ],
    }
    assert found.place(("update", 1, "cause")) == Place("f.toml", 13, 9)
    assert all(p.excerpt == text.split("\n")[p.place.line - 1] for p in found.problems)


@pytest.mark.parametrize(
    "header", ["[[update]", "[update]]", "[update]", "【【update】】", "[[update", "[[ update ]  # 第二条"]
)
def test_the_entry_under_a_damaged_header_is_not_taken_for_more_of_the_one_before(header: str) -> None:
    text = f'[[update]]\nitem = "a"\nstate = "x"\n{header}\nitem = "b"\nstate = "y"\n[[update]]\nitem = "c"\n'
    found = parse(text.encode(), "f.toml")
    assert [p.place.line for p in found.problems] == [4]
    assert found.data["update"] == [{"item": "a", "state": "x"}, {"item": "b", "state": "y"}, {"item": "c"}]
    assert found.left_out == {4}
    assert found.place(("update", 2, "item")).line == 8


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[update]\nitem = 1\n[update]\nitem = 2\n[update]\nitem = 3\n", [1, 3, 5]),
        ("[update]  # 一\nitem = 1\n[[update]]\nitem = 2\n[update]\nitem = 3\n", [1, 5]),
        ("[[update]]\nitem = 1\n[update]\nitem = 2\n[ update]\nitem = 3\n", [3, 5]),
    ],
)
def test_entries_of_a_list_under_single_brackets_are_each_told_so_and_all_are_read(text: str, lines: list[int]) -> None:
    found = parse(text.encode(), "f.toml")
    assert sorted(p.place.line for p in found.problems) == lines
    assert {(p.message, p.hint) for p in found.problems} == {
        ("“update”是一条一条的，要用两层方括号。", "这样写：[[update]]")
    }
    assert len(found.data["update"]) == text.count("item")


def test_what_was_meant_is_read_on_unless_it_does_not_fit_among_the_other_lines() -> None:
    found = parse(b'a = 1\nb = 45x\n[t]\nx ="1"\nx: 2\n', "f.toml")
    assert sorted((p.place.line, p.message) for p in found.problems) == [
        (2, "数字后面不能写别的字。"),
        (5, "名称后面缺少英文等号“=”。"),
    ]
    assert (found.data, found.meant, found.is_whole) == ({"a": 1, "b": 45, "t": {"x": "1"}}, {2: "b = 45"}, False)
    assert found.place(("b",)) == Place("f.toml", 2, 5)


def test_signs_that_no_guess_puts_right_are_named_all_the_same() -> None:
    [problem] = parse("a ＝ [1 2\n".encode(), "f.toml").problems
    assert (str(problem.place), problem.message) == ("f.toml:1:3", "用了中文（全角）符号“＝”。")
    assert problem.hint == "符号、数字和空格要用英文输入法。"


def test_a_line_as_deep_as_no_line_may_be_is_not_guessed_at() -> None:
    [problem] = parse(f"a = {'【' * 60}\n".encode(), "f.toml").problems
    assert problem.hint == "符号、数字和空格要用英文输入法。"


def test_a_table_written_twice_goes_on_where_it_left_off() -> None:
    found = parse(b"[plan]\na = 1\n[plan]\nb = 2\n", "f.toml")
    assert ([p.place.line for p in found.problems], found.data) == ([3], {"plan": {"a": 1, "b": 2}})


def test_a_damaged_header_that_fits_nowhere_ends_the_reading_with_its_problem() -> None:
    found = parse(b"x = 1\n[x\ny = 2\n", "f.toml")
    assert ([p.place.line for p in found.problems], found.data, found.is_whole) == ([2], {}, False)


@pytest.mark.parametrize("header", ["[[update", "[[update]", "[update]]"])
def test_a_damaged_double_header_is_known_by_either_end(header: str) -> None:
    found = parse(f"{header}\nx = 1\n".encode(), "f.toml")
    assert ([p.place.line for p in found.problems], found.data) == ([1], {"update": [{"x": 1}]})


def test_a_damaged_single_header_stays_one() -> None:
    found = parse(b"[plan\na = 1\n[other]\na = 2\n", "f.toml")
    assert ([p.place.line for p in found.problems], found.data) == ([1], {"plan": {"a": 1}, "other": {"a": 2}})


@pytest.mark.parametrize(
    ("line", "sign", "fixed"),
    [
        ("state ＝ 1", "＝", "state = 1"),
        ("state = “已完成”", "“", 'state = "已完成"'),
        ('state = "已完成”', "”", 'state = "已完成"'),
        ("state = ‘已完成’", "‘", 'state = "已完成"'),
        ("note = “甲：一，二”", "“", 'note = "甲：一，二"'),
        ('evidence = ["甲，乙"，"丙"]', "，", 'evidence = ["甲，乙","丙"]'),
        ("【【update】】", "【", "[[update]]"),
        ("［update］", "［", "[update]"),
        ("done = ４５", "４", "done = 45"),
        ("t = ｛ a = 1 ｝", "｛", "t = { a = 1 }"),
        ("a = 1 ＃ 好", "＃", "a = 1 # 好"),
        ("a：1  # 甲：乙", "：", "a=1  # 甲：乙"),
    ],
)
def test_a_full_width_sign_is_named_and_the_line_to_write_is_shown(line: str, sign: str, fixed: str) -> None:
    [problem] = parse(f"{line}\n".encode(), "f.toml").problems
    assert problem.message == f"用了中文（全角）符号“{sign}”。"
    assert problem.hint == f"改成英文符号：{fixed}"
    assert parse(fixed.encode(), "f.toml").problems == ()


@pytest.mark.parametrize(
    "line", ['note = "甲：一，二"完', 'note = "甲，乙', "note = 完成 # 甲，乙", "day = 2026-02-30 # 甲，乙"]
)
def test_full_width_signs_within_a_text_or_a_comment_are_not_blamed(line: str) -> None:
    [problem] = parse(f"{line}\n".encode(), "f.toml").problems
    assert "全角" not in problem.message


@pytest.mark.parametrize(
    ("text", "problems", "left_out", "known"),
    [
        (
            'a = 1\nnames = ["x", "y"\nb = 2\n\n[[update]]\nc = 3\n',
            ["2:9 括号没有配对。"],
            {2},
            {"a", "names", "b", "update"},
        ),
        ('names = [\n  "x",\n  "y"\nb = 2\n', ["1:9 括号没有配对。"], {1, 2, 3}, {"b"}),
        ('names = [\n  "x",\n\n# 好\n[t]\nb = 2\n', ["1:9 括号没有配对。"], {1, 2, 3, 4}, {"t"}),
        ("x = [1,\n2\n", ["1:5 括号没有配对。"], {1, 2}, set()),
        ("x = [[1,\n2],\ny = 3\n", ["1:5 括号没有配对。"], {1, 2}, {"y"}),
        ('a = 1\nnote = """甲，\n乙\nb = 2\n', ["2:8 引号没有配对。"], {2, 3}, {"a", "b"}),
        ("note = '''甲\nb = 2\n", ["1:8 引号没有配对。"], {1}, {"b"}),
        ('m = """x\nb = 2\nn = """好"""\n', ["1:5 引号没有配对。"], {1}, {"b", "n"}),
        ("x = [1,\n 二,\n 3]\ny = 四\n", ["2:2 文字没有加英文引号。", "4:5 文字没有加英文引号。"], {2, 4}, {"x", "y"}),
        ('m = """[[["""\ny = 四\n', ["2:5 文字没有加英文引号。"], {2}, {"m", "y"}),
        ('m = "]]] [[["\ny = 四\n', ["2:5 文字没有加英文引号。"], {2}, {"m", "y"}),
        ("x = 1 ]\ny = 2 ]\n", ["1:7 这一行不符合书写格式。", "2:7 这一行不符合书写格式。"], {1, 2}, set()),
    ],
)
def test_a_missing_end_is_blamed_on_its_beginning_and_not_on_the_good_lines_after_it(
    text: str, problems: list[str], left_out: set[int], known: set[str]
) -> None:
    found = parse(text.encode(), "f.toml")
    assert said(text) == problems
    assert found.left_out == left_out
    assert set(found.data) == known


def test_a_file_that_is_no_toml_at_all_is_given_up_after_so_many_lines() -> None:
    found = parse("本月工作进展情况如下\n".encode() * 200, "f.toml")
    assert len(found.problems) == MOST_SYNTAX_PROBLEMS
    assert (found.data, len(found.left_out)) == ({}, MOST_SYNTAX_PROBLEMS)


CHEMICAL = (REPOSITORY / "plans/liaocheng/chemical.toml").read_text(encoding="utf-8").split("\n")

WITH_TEXT = [n for n, line in enumerate(CHEMICAL, 1) if line.endswith('"') and " = " in line]

WITH_LIST = [n for n, line in enumerate(CHEMICAL, 1) if line.endswith('"]')]

HEADERS = [n for n, line in enumerate(CHEMICAL, 1) if line.strip() == "[[task]]"]


@patient
@given(
    st.one_of(
        st.tuples(
            st.sampled_from(WITH_TEXT), st.sampled_from(["no end", "no quotes", "full-width equals", "no equals"])
        ),
        st.tuples(st.sampled_from(WITH_LIST), st.just("no bracket")),
        st.tuples(st.sampled_from(HEADERS), st.just("half a header")),
    )
)
def test_a_damaged_good_file_names_the_damaged_line_and_no_other(damage: tuple[int, str]) -> None:
    n, how = damage
    line = CHEMICAL[n - 1]
    damaged = {
        "no end": line[:-1],
        "no quotes": line.replace('"', "“", 1)[:-1] + "”",
        "full-width equals": line.replace(" = ", " ＝ ", 1),
        "no equals": line.replace(" = ", " ", 1),
        "no bracket": line[:-1],
        "half a header": line[:-1],
    }[how]
    found = parse("\n".join([*CHEMICAL[: n - 1], damaged, *CHEMICAL[n:]]).encode(), "chemical.toml")
    assert [p.place.line for p in found.problems] == [n]
    assert {left for left in found.left_out if CHEMICAL[left - 1]} == {n}
    assert len(found.data["task"]) == 27
