"""A file as read: no bytes make it raise, Windows habits are undone, and each value has its place."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from documents import SCALARS, documents, leaves_of, patient
from hypothesis import example, given
from hypothesis import strategies as st

from tracker import toml
from tracker.problems import Place
from tracker.source import LARGEST, Source, parse, read


def numbered(value: object, numbers: Iterator[int]) -> Any:
    """The same document with a number of its own in each leaf."""
    match value:
        case dict():
            return {key: numbered(inner, numbers) for key, inner in value.items()}
        case list():
            return [numbered(inner, numbers) for inner in value]
        case _:
            return next(numbers)


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
        without.setattr(toml, "toml_rs", None)
        assert_sound(parse(content, "f.toml"))


@patient
@given(documents(SCALARS).map(tomli_w.dumps), st.data())
def test_a_document_with_a_piece_cut_out_is_still_read_without_raising(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(1, 20))
    assert_sound(parse((text[:start] + text[start + length :]).encode(), "f.toml"))


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


def test_a_source_that_is_no_text_says_where_its_values_stand_or_else_their_nearest_parent() -> None:
    cells = {(): Place("f.xlsx", 1, 1, "月报!A1"), ("update", 0): Place("f.xlsx", 12, 1, "月报!A12")}
    cells["update", 0, "state"] = Place("f.xlsx", 12, 8, "月报!H12")
    found = Source("f.xlsx", data={"update": [{"state": "x"}]}, located=cells)
    assert str(found.place(("update", 0, "state"))) == "f.xlsx:月报!H12"
    assert str(found.place(("update", 0, "cause"))) == "f.xlsx:月报!A12"
    assert found.place(("update", 1)) == found.place(("event",)) == found.place() == cells[()]
