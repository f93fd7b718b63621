"""Reading a file: no bytes raise, every mistake is found at once and at its place, both readers agree."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tracker import source
from tracker.problems import Place
from tracker.source import DEEPEST, LARGEST, MOST_SYNTAX_PROBLEMS, Source, long_texts, parse, read

REPOSITORY = Path(__file__).parent.parent
PLANS = sorted((REPOSITORY / "plans").glob("*/*.toml"))

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def said(text: str) -> list[str]:
    """``line:column message`` of each problem of a text."""
    return [f"{p.place.line}:{p.place.column} {p.message}" for p in parse(text.encode(), "f.toml").problems]


# --- strategies ---

KEYS = st.one_of(
    st.sampled_from(
        ["value", "key", "key_raw", "value_raw", "value_line", "key_col", "from", "状态", "a b", ']"#', "", "a.b"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=6),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
ZONES = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    TEXTS,
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.none() | ZONES),
)


def documents(leaves: st.SearchStrategy[Any], keys: st.SearchStrategy[str] = KEYS) -> st.SearchStrategy[dict[str, Any]]:
    values = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(keys, inner, max_size=3),
            st.lists(st.dictionaries(keys, inner, max_size=3), min_size=1, max_size=3),
        ),
        max_leaves=12,
    )
    return st.dictionaries(keys, values, max_size=4)


def leaves_of(value: object, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from leaves_of(inner, (*keys, key))
        case list():
            for n, inner in enumerate(value):
                yield from leaves_of(inner, (*keys, n))
        case _:
            yield keys, value


def numbered(value: object, numbers: Iterator[int]) -> Any:
    """The same document with a number of its own in each leaf."""
    match value:
        case dict():
            return {key: numbered(inner, numbers) for key, inner in value.items()}
        case list():
            return [numbered(inner, numbers) for inner in value]
        case _:
            return next(numbers)


# --- no bytes raise ---


def assert_sound(read_: Source) -> None:
    """What holds of any source: problems lie in the file, and asking for a place never raises."""
    for problem in read_.problems:
        assert 0 <= problem.place.line <= len(read_.lines)
        if problem.place.line:
            assert 1 <= problem.place.column <= len(read_.lines[problem.place.line - 1]) + 1
        if problem.excerpt:
            assert problem.excerpt == read_.lines[problem.place.line - 1]
    assert all(1 <= n <= len(read_.lines) for n in read_.left_out)
    assert bool(read_.left_out) <= any(p.code == "E02" for p in read_.problems)
    for keys, _leaf in [*leaves_of(dict(read_.data)), (("no", "such", 0), None), ((0,), None)]:
        place = read_.place(keys)
        assert 0 <= place.line <= len(read_.lines)


@patient
@given(st.binary(max_size=300))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb\xbfa = 1\r\n")
@example(b"\xff\xfe" + "a = 1".encode("utf-16-le"))
def test_no_bytes_make_reading_raise(content: bytes) -> None:
    assert_sound(parse(content, "f.toml"))


PIECES = [
    "[", "]", "[[", "]]", "{", "}", "=", ",", ".", '"', "'", '"""', "'''", "\\", "\\u", "#", "\n", "\r\n", "\r", " ",
    "a", "b", "状态", "update", "1", "-", "+", "0x", "2026-02-30", "2026-10-31", "0000-01-01", "07:32", "true", "inf",
    "nan", "1e400", "＝", "“", "”", "，", "【", "】", "\u2028", "\x7f", "\ufeff", "😀", "é",
]  # fmt: skip


@patient
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@example('a = """\n[[[\n')
@example("x = [1,\n2\n")
@example("a = 1\r")
@example('a = "\\')
def test_no_text_makes_reading_raise_with_either_reader(text: str) -> None:
    content = text.encode(errors="surrogatepass")
    assert_sound(parse(content, "f.toml"))
    with pytest.MonkeyPatch.context() as without:
        without.setattr(source, "toml_rs", None)
        assert_sound(parse(content, "f.toml"))


@patient
@given(documents(SCALARS).map(tomli_w.dumps), st.data())
def test_a_document_with_a_piece_cut_out_is_still_read_without_raising(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(1, 20))
    assert_sound(parse((text[:start] + text[start + length :]).encode(), "f.toml"))


# --- Windows habits ---


@pytest.mark.parametrize(
    ("content", "notices"),
    [
        (b"state = 1\n", []),
        ('state = "已完成"\r\nnote = "好"\r\n'.encode(), []),
        ('\ufeffstate = "已完成"\nnote = "好"\n'.encode(), ["文件开头有字节顺序标记（BOM），已按无标记读取。"]),
        ('state = "已完成"\nnote = "好"\n'.encode("gbk"), ["文件是 GBK 编码，已转换读取；建议另存为 UTF-8。"]),
        (
            'state = "已完成"\r\nnote = "𠀀㐀"\r\n'.encode("gb18030"),
            ["文件是 GBK 编码，已转换读取；建议另存为 UTF-8。"],
        ),
        (
            'state = "已完成"\r\nnote = "𠀀㐀"\r\n'.encode("utf-16"),
            ["文件是 UTF-16 编码（记事本的“Unicode”），已转换读取；建议另存为 UTF-8。"],
        ),
        (
            b"\xfe\xff" + 'state = "已完成"\n'.encode("utf-16-be"),
            ["文件是 UTF-16 编码（记事本的“Unicode”），已转换读取；建议另存为 UTF-8。"],
        ),
    ],
)
def test_what_can_be_undone_with_certainty_is_undone_with_a_finding(content: bytes, notices: list[str]) -> None:
    found = parse(content, "f.toml")
    assert found.is_whole
    assert "\r" not in found.text
    assert found.text.startswith("state")
    assert found.data["state"] in (1, "已完成")
    assert [p.message for p in found.problems] == notices
    assert all((p.code, p.holds, p.place) == ("W01", False, Place("f.toml", 1, 1)) for p in found.problems)


def test_places_in_a_gbk_file_count_characters_of_its_text() -> None:
    found = parse('a = "中文" x\r\n'.encode("gbk"), "f.toml")
    assert [str(p.place) for p in found.problems] == ["f.toml:1:1", "f.toml:1:10"]


def test_the_digest_is_of_the_bytes_as_they_came() -> None:
    content = b"\xef\xbb\xbfa = 1\r\n"
    assert parse(content, "f").digest == sha256(content).hexdigest()
    assert parse(b"a\0b", "f").digest == sha256(b"a\0b").hexdigest()


# --- files that are none ---


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = 1\0", "文件里有空字节，不是文本文件。"),
        ("a = 1".encode("utf-16-le"), "文件里有空字节，不是文本文件。"),
        ("a = 1".encode("utf-32"), "文件里有空字节，不是文本文件。"),
        (b"\xff\xfea = \xff", "文字编码既不是 UTF-8 也不是 GBK。"),
        (b"PK\x03\x04\0\0docx", "这是 Word、Excel 或 WPS 文件，不是文本文件；改文件名不能改变内容。"),
        (b"\xd0\xcf\x11\xe0\0doc", "这是 Word、Excel 或 WPS 文件，不是文本文件；改文件名不能改变内容。"),
        (b"%PDF-1.7\n", "这是 PDF 文件，不是文本文件；改文件名不能改变内容。"),
        (b"\x89PNG\r\n", "这是图片，不是文本文件；改文件名不能改变内容。"),
        (b"\xff\xd8\xff\xe0", "这是图片，不是文本文件；改文件名不能改变内容。"),
        (b"note = \xff\xff", "文字编码既不是 UTF-8 也不是 GBK。"),
        (b"a = " + b"[" * 51 + b"]" * 51, "括号嵌套过深，无法读取。"),
        (b"a = " + b"[}" * 51, "括号嵌套过深，无法读取。"),  # what does not fit closes nothing
    ],
)
def test_what_is_no_text_is_refused_whole_with_one_problem(content: bytes, message: str) -> None:
    found = parse(content, "f.toml")
    assert [(str(p.place), p.code, p.message) for p in found.problems] == [("f.toml", "E01", message)]
    assert (found.data, found.text, found.is_whole) == ({}, "", False)
    assert found.place(("a",)) == Place("f.toml")


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    (tmp_path / "large.toml").write_bytes(b"#" * (LARGEST + 1))
    (tmp_path / "file.toml").write_text("a = 1\n")
    found = {
        name: [(p.place, p.code, p.message) for p in read(tmp_path / name, name).problems]
        for name in ("large.toml", "none.toml", ".", "file.toml/inner.toml")
    }
    assert found == {
        "large.toml": [(Place("large.toml"), "E01", "文件过大（超过 4 MB），不像一份填报文件。")],
        "none.toml": [(Place("none.toml"), "E01", "找不到这个文件。")],
        ".": [(Place("."), "E01", "这是一个文件夹，不是文件。")],
        "file.toml/inner.toml": [(Place("file.toml/inner.toml"), "E01", "文件读不出来：Not a directory。")],
    }


def test_a_file_as_large_as_is_allowed_is_read(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_bytes(b"a = 1\n#".ljust(LARGEST, b"x"))
    assert read(tmp_path / "f.toml").data == {"a": 1}


def test_a_file_is_called_by_its_path_unless_another_name_is_given(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    path.write_text("a = 1\n")
    assert read(path).file == str(path)
    assert read(path, "status/f.toml").file == "status/f.toml"


@pytest.mark.parametrize("text", ["", "# 只有说明\n"])
def test_an_empty_file_is_no_problem_of_its_own_and_not_whole(text: str) -> None:
    found = parse(text.encode(), "f")
    assert (found.data, found.problems, found.is_whole) == ({}, (), False)


# --- depth ---


WRAPPERS = [
    ("[", "]"),
    ("[\n", "\n]"),
    ("{a = ", "}"),
    ("{a.b.c = ", "}"),
    ('["""[\n""", ', "]"),
    ("['[', [", "]]"),
    ("[# ]\n", "]"),
]


@patient
@given(st.lists(st.sampled_from(WRAPPERS), max_size=40), st.integers(1, 5))
@example([WRAPPERS[0]] * 49, 1)
@example([WRAPPERS[0]] * 50, 1)
@example([WRAPPERS[1]] * 25, 2)
@example([WRAPPERS[3]] * 17, 1)
@example([WRAPPERS[4]] * 25, 2)
def test_a_document_is_refused_exactly_if_it_is_too_deep(wrappers: list[tuple[str, str]], times: int) -> None:
    wrappers = wrappers * times
    text = "a = " + "".join(a for a, _b in wrappers) + "1" + "".join(b for _a, b in reversed(wrappers))
    depth = sum({"{a.b.c = ": 3, "['[', [": 2}.get(a, 1) for a, _b in wrappers)
    found = parse(text.encode(), "f.toml")
    assert [p.message for p in found.problems] == (["括号嵌套过深，无法读取。"] if depth > DEEPEST else [])
    if depth <= DEEPEST:
        assert found.is_whole
        assert found.place(("a",)).line == 1


ATTACKS = """
import threading
from tracker.source import parse

threading.stack_size(1024 * 1024)  # what Windows gives
attacks = {
    "lists on one line": "a = " + "[" * 100_000,
    "lists on many lines": "a = " + "[\\n" * 100_000 + "]\\n" * 100_000,
    "open lists": "a = [\\n" + "b = [\\n" * 100_000,
    "inline tables": "a = " + "{a = " * 50_000 + "1" + "}" * 50_000,
    "dotted names": "a." * 100_000 + "a = 1",
    "dotted headers": "".join(f"[{'a.' * n}a]\\n" for n in range(0, 3000, 99)),
    "dots in brackets": ("a = [\\n" + "{" + "a." * 90 + "a = [\\n" * 1) * 5_000,
    "hidden in long quotes": "a = [\\n" + '\\"\\"\\"\\n\\"\\"\\", [[[ \\"\\"\\"]]]\\n\\"\\"\\", ' * 40_000,
}

def run():
    for name, text in attacks.items():
        found = parse(text.encode(), "f.toml")
        found.place(("a", "a"))
        assert found.problems, name
    print("alive")

thread = threading.Thread(target=run)
thread.start()
thread.join()
"""


def test_no_depth_brings_the_process_down_on_a_small_stack() -> None:
    done = subprocess.run([sys.executable, "-c", ATTACKS], capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


def test_a_long_honest_file_is_not_taken_for_a_deep_one() -> None:
    lists = "".join(f'[[update]]\nitem = "{n}"\nevidence = [\n  "会议记录[{n}]",\n  "照片",\n]\n' for n in range(500))
    found = parse(lists.encode(), "f.toml")
    assert found.problems == ()
    assert len(found.data["update"]) == 500
    assert found.place(("update", 499, "evidence", 1)) == Place("f.toml", 2999, 3)


# --- every mistake of a file at once ---


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


def test_the_lines_of_long_texts_are_known() -> None:
    text = 'a = """x\ny"""\nb = "\\"\\"\\""\n# """\n' + "c = '''z'''\n" + 'd = """\n\n'
    assert long_texts(text) == [range(1, 3), range(5, 6), range(6, 9)]


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


# --- the place of a value ---

PLACES = """\
title = "方案"
short = { "中" = 1 }
[plan]
"全称" = "聊城市"
from = 2024-01-01
inline = { "甲" = "乙", deep = { x = 1 } }
list = ["一", "二",
  "三"]
long = \"\"\"
多行
\"\"\"
a.b.c = 5

[plan.empty]

[[task]]
item = "1"
  [[task.milestone]]
  id = "x-1a"
  [[task.milestone]]
  id = "x-1b"
  units = [
    "chiping",   # 好
    "中", "bureau",
  ]
[[task]]
value = "2"
[task.target]
value = 3
"""


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ((), "1"),
        (("title",), "1:9"),
        (("short", "中"), "2:17"),
        (("plan", "全称"), "4:8"),
        (("plan", "from"), "5:8"),
        (("plan", "inline", "甲"), "6:18"),
        (("plan", "inline", "deep", "x"), "6:36"),
        (("plan", "list"), "7:8"),
        (("plan", "list", 1), "7:14"),
        (("plan", "list", 2), "8:3"),
        (("plan", "list", 9), "7:8"),
        (("plan", "long"), "9:8"),
        (("plan", "a", "b", "c"), "12:9"),
        (("plan", "a", "b"), "12:9"),
        (("plan", "a", "x"), "12:9"),
        (("plan", "untl"), "4:8"),
        (("plan", "empty"), "4:8"),
        (("plan", "title", "x"), "4:8"),
        (("plan", "from", "x"), "5:8"),
        (("title", 0), "1:9"),
        (("nothing",), "1:1"),
        (("task",), "16:1"),
        (("task", 0), "16:1"),
        (("task", 0, "title"), "16:1"),
        (("task", 0, "item"), "17:8"),
        (("task", 0, "milestone", 1), "20:3"),
        (("task", 0, "milestone", 1, "id"), "21:8"),
        (("task", 0, "milestone", 1, "due"), "20:3"),
        (("task", 0, "milestone", 1, "units", 1), "24:5"),
        (("task", 0, "milestone", 1, "units", 2), "24:10"),
        (("task", 0, "milestone", 7), "18:3"),
        (("task", 1, "value"), "27:9"),
        (("task", 1, "target", "value"), "29:9"),
        (("task", 1, "target", "unit"), "29:9"),
        (("task", 5), "16:1"),
    ],
)
def test_the_place_of_a_value_is_where_it_is_written_or_its_nearest_parent_is(
    keys: tuple[str | int, ...], place: str
) -> None:
    found = parse(PLACES.encode(), "f.toml")
    assert found.problems == ()
    assert str(found.place(keys)) == f"f.toml:{place}"


@patient
@given(documents(st.just(0)))
def test_every_value_of_any_document_has_the_place_it_is_written_at(shape: dict[str, Any]) -> None:
    document = numbered(shape, iter(range(1000, 9999)))
    found = parse(tomli_w.dumps(document).encode(), "f.toml")
    assert found.problems == ()
    for keys, value in leaves_of(document):
        place = found.place(keys)
        assert found.lines[place.line - 1][place.column - 1 :].startswith(str(value)), keys


def test_a_problem_shows_the_line_it_is_on() -> None:
    found = parse('a = 1\nb = "好"\n'.encode(), "f.toml")
    assert found.problem(("b",), "E05", "不对。", "改。").excerpt == 'b = "好"'
    assert found.problem_at(Place("f.toml", 1, 1), "E05", "不对。").excerpt == "a = 1"
    assert found.problem_at(Place("f.toml"), "E05", "不对。").excerpt == ""
    assert found.problem_at(Place("f.toml", 9, 1), "E05", "不对。").excerpt == ""


def test_the_file_as_a_whole_is_its_first_line_and_an_empty_one_has_none() -> None:
    assert parse(b"a = 1\n", "f").place() == Place("f", 1)
    assert parse(b"", "f").place(("a",)) == Place("f")
    assert Source("f").place() == Place("f")


# --- the other reader ---


@pytest.fixture
def without_toml_rs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "toml_rs", None)


@patient
@given(documents(SCALARS))
def test_both_readers_read_the_same_data(document: dict[str, Any]) -> None:
    content = tomli_w.dumps(document).encode()
    with_it = parse(content, "f.toml")
    with pytest.MonkeyPatch.context() as without:
        without.setattr(source, "toml_rs", None)
        without_it = parse(content, "f.toml")
    assert with_it.data == without_it.data == document
    assert with_it.problems == without_it.problems == ()
    assert types(with_it.data) == types(without_it.data)


def types(value: object) -> object:
    match value:
        case dict():
            return {key: types(inner) for key, inner in value.items()}
        case list():
            return [types(inner) for inner in value]
        case _:
            return type(value)


def test_both_readers_know_the_same_kinds_of_value() -> None:
    text = (
        "a = 1\nb = 1.5\nc = true\nd = 2026-10-31\ne = 07:32:00\nf = 2026-10-31T07:32:00+08:00\ng = 2026-10-31 07:32:00"
    )
    data = parse(text.encode(), "f").data
    assert [type(value) for value in data.values()] == [int, float, bool, date, time, datetime, datetime]
    assert data["f"].utcoffset() == timedelta(hours=8)


def test_there_are_plans_to_compare_the_readers_over() -> None:
    assert len(PLANS) >= 6


@pytest.mark.parametrize("path", PLANS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_both_readers_read_the_same_plans(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = read(path)
    monkeypatch.setattr(source, "toml_rs", None)
    without_it = read(path)
    assert with_it.data == without_it.data
    assert with_it.problems == without_it.problems == ()


@pytest.mark.usefixtures("without_toml_rs")
@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a = 1\nb = 完成\n", ["2:5 文字没有加英文引号。"]),
        ("a = 2026-02-30\n", ["1:5 没有 2026-02-30 这一天。"]),
        ("状况 = 1\nb = 2\nc d\n", ["1:1 等号左边的名称不对。", "3:3 名称后面缺少英文等号“=”。"]),
        ('a = "甲"\nb = “x”\n', ["2:5 用了中文（全角）符号““”。"]),
        ('a = ["x"\nb = 2\n', ["1:5 括号没有配对。"]),
        ("a = 'x", ["1:1 这一行不符合书写格式。"]),
    ],
)
def test_the_standard_reader_too_says_line_and_column(text: str, problems: list[str]) -> None:
    assert said(text) == problems


def test_a_source_that_is_no_text_says_where_its_values_stand_or_else_their_nearest_parent() -> None:
    cells = {(): Place("f.xlsx", 1, 1, "月报!A1"), ("update", 0): Place("f.xlsx", 12, 1, "月报!A12")}
    cells["update", 0, "state"] = Place("f.xlsx", 12, 8, "月报!H12")
    found = Source("f.xlsx", data={"update": [{"state": "x"}]}, located=cells)
    assert str(found.place(("update", 0, "state"))) == "f.xlsx:月报!H12"
    assert str(found.place(("update", 0, "cause"))) == "f.xlsx:月报!A12"
    assert found.place(("update", 1)) == found.place(("event",)) == found.place() == cells[()]


@pytest.mark.usefixtures("without_toml_rs")
def test_without_toml_rs_other_problems_are_said_of_the_file() -> None:
    found = parse(b"a = 1\nb = 2\n", "f.toml")
    assert found.place(("b",)) == Place("f.toml", 1)
    assert parse(b"", "f.toml").place(("b",)) == Place("f.toml")


@pytest.mark.usefixtures("without_toml_rs")
def test_without_toml_rs_what_is_too_deep_is_refused_too() -> None:
    for text in ("a = " + "[" * 5000, "a = " + "[" * 51 + "]" * 51):
        assert [p.message for p in parse(text.encode(), "f").problems] == ["括号嵌套过深，无法读取。"]


def test_where_toml_rs_cannot_be_imported_files_are_still_read() -> None:
    program = (
        "import sys; sys.modules['toml_rs'] = None\n"
        "from tracker import source\n"
        "found = source.parse(b'a = 1\\nb = x\\n', 'f.toml')\n"
        "print(source.toml_rs, dict(found.data), [str(p.place) for p in found.problems])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert done.stdout == "None {'a': 1, 'b': 'x'} ['f.toml:2:5']\n"
