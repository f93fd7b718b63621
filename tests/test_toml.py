"""The two readers of TOML: the same data, the same mistakes, and what only one of them knows."""

import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from documents import SCALARS, documents, patient, said
from hypothesis import given

from tracker import toml
from tracker.problems import Place
from tracker.source import parse, read

REPOSITORY = Path(__file__).parent.parent

PLANS = sorted((REPOSITORY / "plans").glob("*/*.toml"))


@pytest.fixture
def without_toml_rs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml, "toml_rs", None)


@patient
@given(documents(SCALARS))
def test_both_readers_read_the_same_data(document: dict[str, Any]) -> None:
    content = tomli_w.dumps(document).encode()
    with_it = parse(content, "f.toml")
    with pytest.MonkeyPatch.context() as without:
        without.setattr(toml, "toml_rs", None)
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
    monkeypatch.setattr(toml, "toml_rs", None)
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


@pytest.mark.usefixtures("without_toml_rs")
def test_without_toml_rs_other_problems_are_said_of_the_file() -> None:
    found = parse(b"a = 1\nb = 2\n", "f.toml")
    assert found.place(("b",)) == Place("f.toml", 1)
    assert parse(b"", "f.toml").place(("b",)) == Place("f.toml")


def test_where_toml_rs_cannot_be_imported_files_are_still_read() -> None:
    program = (
        "import sys; sys.modules['toml_rs'] = None\n"
        "from tracker import source, toml\n"
        "found = source.parse(b'a = 1\\nb = x\\n', 'f.toml')\n"
        "print(toml.toml_rs, dict(found.data), [str(p.place) for p in found.problems])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert done.stdout == "None {'a': 1, 'b': 'x'} ['f.toml:2:5']\n"


@pytest.mark.usefixtures("without_toml_rs")
def test_without_toml_rs_what_is_too_deep_is_refused_too() -> None:
    for text in ("a = " + "[" * 5000, "a = " + "[" * 51 + "]" * 51):
        assert [p.message for p in parse(text.encode(), "f").problems] == ["括号嵌套过深，无法读取。"]
