"""``fix``: what is certain is put right and said; everything else stays byte for byte."""

from pathlib import Path
from typing import Any

import pytest
import tomli_w
from bad_files import bad_files
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tracker import toml
from tracker.repair import MOST_LINES, fix_file, repaired
from tracker.source import parse

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

GOOD = 'unit = "chiping"\n\n[[update]]\nitem = "mine-7"\nstate = "推进中"\nnote = """他说“好”，  \n＝ ０"""\n'
CLEAN = {path.name: path for path in sorted(Path(__file__).parent.parent.glob("status/*/2026-10/*.toml"))}

PIECES = [
    *"[]{}=,.\"'#\\\n\t 　＝，“”‘’＂【】［］０５ａ：、年月日/-",
    "\r\n", '"""', "'''", "\ufeff", "a", "b = 1", "state", "已完成", "month", "2026年10月1日", "2026-2-3", "[[update]]",
    "[update]", "【update】", "unit = “x”", 'note = "他说“好”"', "\n[[update]]\nitem = ",
]  # fmt: skip
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


def mended(text: str) -> tuple[str, list[str]]:
    content, done = repaired(text.encode())
    return content.decode(), done


# --- properties ---


def assert_sound(content: bytes) -> None:
    """It does not raise, needs no second time, says something if and only if it did something, and loses nothing."""
    written, done = repaired(content)
    assert repaired(written) == (written, [])
    assert bool(done) is (written != content)
    before, after = parse(content, ""), parse(written, "")
    assert len(after.left_out) <= len(before.left_out) or not before.data


@patient
@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf\xef\xbb\xbfa = 1\r\r\n")
@example("\ufeffa = “甲”".encode("gb18030"))
@example(b"\xff\xfe")
@example("\ufeffa ＝ “甲”\r\n".encode("utf-16"))
def test_no_bytes_make_repairing_raise(content: bytes) -> None:
    assert_sound(content)


@patient
@given(st.one_of(st.text(max_size=150), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@example("a = 1\nａ ＝ 2\nb ＝ 3\n")
@example("[[update]]\nitem = 1\n[update]\n【update】\n")
@example('a = """\nb ＝ 1   \n')
def test_no_text_makes_repairing_raise(text: str) -> None:
    assert_sound(text.encode(errors="surrogatepass"))
    assert_sound(text.encode("gb18030", errors="replace"))


@patient
@given(
    st.dictionaries(st.sampled_from(["a", "b", "状态"]), st.one_of(TEXTS, st.dates(), st.integers(0, 9)), min_size=1)
)
def test_a_good_file_comes_back_unchanged(document: dict[str, Any]) -> None:
    content = tomli_w.dumps(document, multiline_strings=True).encode()
    assert repaired(content) == (content, [])


@patient
@given(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), st.sampled_from(["\n", "\r\n"]))
def test_what_a_proper_text_says_is_never_changed(text: str, encoding: str, newline: str) -> None:
    lines = tomli_w.dumps({"甲": text, "乙": [text, text]})
    content = f"{lines}done ＝ “好”   \n".replace("\n", newline).encode(encoding)
    written, done = repaired(content)
    assert parse(written, "").data == {"甲": text, "乙": [text, text], "done": "好"}
    assert done
    assert parse(written, "").problems == ()


@pytest.mark.parametrize("path", CLEAN.values(), ids=CLEAN)
def test_every_shipped_submission_comes_back_unchanged(path: Path) -> None:
    assert repaired(path.read_bytes()) == (path.read_bytes(), [])


REPAIRED = {
    "E02-chinese-date",
    "E02-full-width",
    "E02-full-width-digits",
    "E02-full-width-space",
    "E02-month-without-quotes",
    "E02-short-date",
    "E02-smart-quotes",
    "E02-value-without-quotes",
    "W01-bom",
    "W01-gbk",
    "W01-utf16",
}


@pytest.mark.parametrize("file", bad_files(), ids=lambda file: file.name)
def test_of_the_faulty_files_those_are_repaired_whose_repair_is_certain(file: Any) -> None:
    written, done = repaired(file.content)
    assert bool(done) is (file.path.stem in REPAIRED)
    assert not done or parse(written, "").problems == ()


# --- what is done, and what is said ---


@pytest.mark.parametrize(
    ("line", "fixed", "said"),
    [
        ("state ＝ “推进中”", 'state = "推进中"', "中文（全角）符号改成英文符号"),
        ("done_on = 2026年10月1日", "done_on = 2026-10-01", "日期写成“年-月-日”"),
        ("done_on ＝ ２０２６/10/1", "done_on = 2026-10-01", "中文（全角）符号改成英文符号、日期写成“年-月-日”"),
        ("done_on = 2026-2-3 # 好", "done_on = 2026-02-03 # 好", "日期写成“年-月-日”"),
        ("state = 已完成  # 好", 'state = "已完成"  # 好', "状态加上英文引号"),
        ("state = in-progress", 'state = "in-progress"', "状态加上英文引号"),
        ("state ＝ 受阻", 'state = "受阻"', "中文（全角）符号改成英文符号、状态加上英文引号"),
        ("month = 2026年9月", 'month = "2026-09"', "月份加上英文引号"),
        ("month = 2026-10  # 好", 'month = "2026-10"  # 好', "月份加上英文引号"),
        ("【update】", "[[update]]", "中文（全角）符号改成英文符号"),
        ("【event】", "[event]", "中文（全角）符号改成英文符号"),
        ("evidence ＝ [ “甲，乙”，“丙” ]", 'evidence = [ "甲，乙","丙" ]', "中文（全角）符号改成英文符号"),
    ],
)
def test_a_repair_is_said_by_its_line(line: str, fixed: str, said: str) -> None:
    text = f'a = 1\n{line}\n[[update]]\nitem = "x"\n'
    assert mended(text) == (text.replace(line, fixed), [f"第 2 行：{said}。改成：{fixed}"])


@pytest.mark.parametrize(
    "line",
    [
        "state = 完工",
        "state = 已完成！",
        "month = 2026-13",
        "done_on = 2026-2-30",
        "done_on = 10月1日",
        "done = 45家",
        "note = 推进中",
        'note = "甲，乙',
        "状态 = “推进中”",
        "[[update]",
        "a = 2",
        "a ＝ 2",
        "note = “甲",
    ],
)
def test_what_is_not_certain_or_would_not_be_read_afterwards_is_left_alone(line: str) -> None:
    text = f"a = 1\n{line}\nb = 1\n"
    assert mended(text) == (text, [])


def test_what_is_done_to_the_file_as_a_whole_is_said_first() -> None:
    content = "\ufeffstate = 受阻\r\nnote = '好'  \r\n".encode()
    assert repaired(content) == (
        "state = \"受阻\"\nnote = '好'\n".encode(),
        [
            "整个文件：删去了开头的字节顺序标记（BOM）。",
            "整个文件：换行由 CRLF 改成了 LF。",
            '第 1 行：状态加上英文引号。改成：state = "受阻"',
            "第 2 行：删去了行尾的空格。",
        ],
    )
    assert repaired("note = '好'\n".encode("gbk")) == (
        "note = '好'\n".encode(),
        ["整个文件：由 GBK 编码改成了 UTF-8。"],
    )
    assert repaired("note = '好'\r\n".encode("utf-16")) == (
        "note = '好'\n".encode(),
        ["整个文件：由 UTF-16 编码改成了 UTF-8。", "整个文件：换行由 CRLF 改成了 LF。"],
    )


def test_the_lines_of_a_list_and_of_several_tables_are_put_right() -> None:
    text = "a = [\n  “甲”，\n  “乙”\n]\n【t】\nb ＝ １\n"
    assert mended(text)[0] == 'a = [\n  "甲",\n  "乙"\n]\n[t]\nb = 1\n'


def test_what_several_lines_of_text_say_is_kept_with_its_spaces() -> None:
    assert mended(GOOD) == (GOOD, [])
    open_ended = 'b ＝ 1   \na = """甲   \nb ＝ 1   \n'
    assert mended(open_ended)[0] == 'b = 1\na = """甲   \nb ＝ 1   \n'


def test_spaces_stay_where_they_may_belong_to_a_text() -> None:
    # What the quotes on the first line begin, the reader ends elsewhere than the eye.
    text = "x = ‘'''\nb = 1   \n'''   \nc = 1\n"
    written, _done = mended(text)
    assert parse(written.encode(), "").data == parse(text.encode(), "").data


def test_sixty_lines_are_put_right_as_well_as_one() -> None:
    text = "".join(f"[[update]]\nitem ＝ “{n}”\nstate ＝ “推进中”\n" for n in range(60))
    written, done = mended(text)
    assert len(done) == 120
    assert len(parse(written.encode(), "").data["update"]) == 60


@pytest.mark.parametrize(
    "content",
    [b"", b"\xef\xbb\xbf# \xe5\xa5\xbd\r\n", b"PK\x03\x04", b"a = 1\0\r\n", "本月工作如下  \r\n".encode(), b"\xff\xff"],
)
def test_what_is_no_report_is_left_alone(content: bytes) -> None:
    assert repaired(content) == (content, [])


def test_a_file_that_does_not_come_to_rest_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.repair.MOST_ROUNDS", 1)
    assert mended("a = 1\na ＝ 2\nb ＝ 3\n") == ("a = 1\na ＝ 2\nb ＝ 3\n", [])
    assert mended("b ＝ 3\n") == ("b ＝ 3\n", [])


def test_a_file_longer_than_any_report_is_left_alone() -> None:
    text = "b ＝ 3" + "\n" * (MOST_LINES + 1)
    assert mended(text) == (text, [])
    assert mended(text[:-1])[1]


def test_the_other_reader_repairs_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "state ＝ 受阻\n" + GOOD
    with_it = mended(text)
    monkeypatch.setattr(toml, "toml_rs", None)
    assert mended(text) == with_it


# --- the file ---


def test_a_file_is_fixed_and_kept_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes("state ＝ “受阻”\r\n".encode())
    path.chmod(0o640)
    assert len(fix_file(path)) == 2
    assert path.read_text(encoding="utf-8") == 'state = "受阻"\n'
    assert path.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "a.toml.orig").read_bytes() == "state ＝ “受阻”\r\n".encode()
    assert fix_file(path) == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.toml", "a.toml.orig"]


def test_no_earlier_copy_is_ever_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    for n in range(3):
        path.write_text(f"n = {n}  \n", encoding="utf-8")
        assert fix_file(path) == ["第 1 行：删去了行尾的空格。"]
    copies = {p.name: p.read_text(encoding="utf-8") for p in tmp_path.glob("*.orig*")}
    assert copies == {"a.toml.orig": "n = 0  \n", "a.toml.orig.2": "n = 1  \n", "a.toml.orig.3": "n = 2  \n"}


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fix_file(tmp_path / "none.toml")
