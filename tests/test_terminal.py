"""Tables on a terminal and in a pipe."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import checked, head
from wcwidth import wcswidth, wcwidth

from tracker.problems import Place, Problem
from tracker.submissions import Context
from tracker.terminal import coloured, cut, is_coloured, padded, plain, print_problem, print_table, width


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


HEADER = ["单位", "days", "状态"]
ROWS = [("东山县", 31, "● 逾期"), ("West", 5, "正常推进"), ("西湖高新技术产业开发区", 127, "é́")]


@pytest.fixture(autouse=True)
def _colours_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


def shown(columns: int = 0, **more: object) -> list[str]:
    out = Terminal()
    print_table(out, HEADER, ROWS, columns=columns, **more)  # type: ignore[arg-type]
    return out.getvalue().splitlines()


def column_of(line: str, text: str) -> int:
    return int(wcswidth(line[: line.index(text)]))


# --- text ---


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\nb", "a b"),
        ("a\tb\rc\0d", "a�b�c�d"),
        ("\x1b[31mred\x1b]0;title\x07", "�[31mred�]0;title�"),
        ("\x9b31m", "�31m"),
        ("a\u202eb\u2066c\u200fd\u2028e\u2029f\ufeffg", "a�b�c�d�e�f�g"),
        ("\ud800\ue000", "��"),
        ("安全　é ✓", "安全　é ✓"),
        (5, "5"),
        (None, "None"),
    ],
)
def test_text_from_files_is_shown_and_never_obeyed(text: object, wanted: str) -> None:
    assert plain(text) == wanted


@given(st.text())
def test_plain_text_has_as_many_characters_and_none_that_a_terminal_acts_on(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert not {unicodedata.category(c) for c in plain(text)} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def test_a_chinese_character_takes_two_columns_and_an_accent_none() -> None:
    assert [width(text) for text in ("", "a", "安", "安a", "e\u0301", "a\x1b")] == [0, 1, 2, 3, 1, 0]


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [(9, "安全生产x"), (8, "安全生…"), (7, "安全生…"), (6, "安全…"), (2, "…"), (1, "…"), (0, "…")],
)
def test_what_is_too_wide_is_cut_between_characters(columns: int, wanted: str) -> None:
    assert cut("安全生产x", columns) == wanted


def test_a_sign_that_widens_the_one_before_it_is_cut_with_it() -> None:
    assert width("❤\ufe0f") == 2
    assert cut("❤\ufe0f" * 3, 4).startswith("❤\ufe0f")
    assert width(cut("❤\ufe0f" * 3, 4)) <= 4


@given(st.text(st.sampled_from("a安❤✌☎\ufe0fe\u0301🇨🇳👍🏽x")), st.integers(1, 12))
def test_what_is_cut_is_never_wider_than_asked(text: str, columns: int) -> None:
    text = plain(text)
    assert width(cut(text, columns)) <= columns
    assert cut(text, columns) == text or cut(text, columns).endswith("…")


def test_padding_fills_on_either_side() -> None:
    assert (padded("安", 4), padded("安", 4, right=True), padded("安全", 3)) == ("安  ", "  安", "安全")


def test_colours_are_for_terminals_where_nobody_said_no(monkeypatch: pytest.MonkeyPatch) -> None:
    assert coloured("x", "red", Terminal()) == "\x1b[31mx\x1b[0m"
    assert coloured("x", "red", io.StringIO()) == "x"
    monkeypatch.setenv("NO_COLOR", "")
    assert is_coloured(Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert coloured("x", "red", Terminal()) == "x"


# --- tables ---


def test_columns_begin_at_the_same_place_in_every_line() -> None:
    lines = shown()
    assert [column_of(line, text) for line, text in zip(lines, ["days", "31", "5", "127"], strict=True)] == [24] * 4
    assert [column_of(line, t) for line, t in zip(lines, ["状态", "● 逾期", "正常推进", "é́"], strict=True)] == [30] * 4
    assert all(line == line.rstrip() for line in lines)


def test_numbers_end_at_the_same_place() -> None:
    lines = shown(numbers=frozenset({1}))
    ends = [column_of(line, text) + len(text) for line, text in zip(lines, ["days", "31", "5", "127"], strict=True)]
    assert ends == [28] * 4


@pytest.mark.parametrize("columns", [37, 30, 24, 20])
def test_the_widest_column_gives_way_until_the_lines_fit(columns: int) -> None:
    lines = shown(columns)
    assert max(wcswidth(line) for line in lines) <= columns
    assert lines[3].startswith("西")
    assert "…" in lines[3]
    assert "127" in lines[3]
    assert len({column_of(line, text) for line, text in zip(lines, ["days", "31", "5", "127"], strict=True)}) == 1


def test_a_terminal_too_narrow_for_anything_still_shows_four_columns_of_each() -> None:
    assert shown(5)[2] == "West  5     正…"


def test_a_table_that_fits_is_not_cut() -> None:
    assert shown(38) == shown(0)


def test_a_single_wide_column_gives_way_too() -> None:
    out = Terminal()
    print_table(out, ["状态"], [("安全生产治本攻坚",)], columns=10)
    assert out.getvalue().splitlines() == ["状态", "安全生产…"]


def test_equally_wide_columns_give_way_in_turn() -> None:
    out = Terminal()
    print_table(out, ["a", "b"], [("x" * 20, "y" * 20)], columns=22)
    [line] = out.getvalue().splitlines()[1:]
    assert wcwidth("…") == 1
    assert wcswidth(line) == 22
    assert abs(line.count("x") - line.count("y")) <= 1


def test_a_whole_row_has_the_colour_of_its_light() -> None:
    lines = shown(lights=["red", "green", "grey"])
    assert [line[:5] for line in lines[1:]] == ["\x1b[31m", "\x1b[32m", "\x1b[90m"]
    assert all(line.endswith("\x1b[0m") for line in lines[1:])
    assert lines[0].startswith("单位")


def test_a_pipe_gets_whole_cells_separated_by_tabs_without_colours() -> None:
    out = io.StringIO()
    rows = [*ROWS, ("有\t制表符\n和换行", "", None)]
    print_table(out, HEADER, rows, lights=["red"] * 4, columns=10)
    lines = out.getvalue().split("\n")
    assert lines[0] == "单位\tdays\t状态"
    assert lines[3] == "西湖高新技术产业开发区\t127\té́"
    assert lines[4] == "有�制表符 和换行\t\tNone"
    assert [line.count("\t") for line in lines] == [2, 2, 2, 2, 2, 0]


def test_a_table_without_rows_is_its_header() -> None:
    out = Terminal()
    print_table(out, HEADER, [], lights=[])
    assert out.getvalue() == "单位  days  状态\n"


# --- problems ---


def test_the_caret_stands_under_the_character_with_chinese_before_it(context: Context) -> None:
    text = head() + '[[update]]\nitem = "mine-7"\nstate = "推进中"\nnote = "甲乙", done = 5\n'
    _submission, problems = checked(text, context)
    for problem in problems:
        out = io.StringIO()
        print_problem(out, problem)
        place, line, caret, hint = out.getvalue().splitlines()
        assert place == f"east.toml:10:{problem.place.column}: E02 {problem.message}"
        assert line == '    note = "甲乙", done = 5'
        assert caret.rstrip("^") == " " * (4 + wcswidth(problem.excerpt[: problem.place.column - 1]))
        assert hint == f"    → {problem.hint}"
    assert problems


@pytest.mark.parametrize(
    ("excerpt", "column", "caret"),
    [
        ('原因 = "x"', 4, 5),
        ("\t\tx = 1", 3, 2),
        ("x = 1", 99, 5),
        ("x = 1", 0, 0),
        ("e\u0301 = 1", 3, 1),
        ("\x1b[31m = 1", 6, 5),
    ],
)
def test_the_caret_counts_columns_and_not_characters(excerpt: str, column: int, caret: int) -> None:
    out = io.StringIO()
    print_problem(out, Problem(Place("f", 1, column), "E05", "不对", "", excerpt))
    _place, line, below = out.getvalue().splitlines()
    assert below == "    " + " " * caret + "^"
    assert "\x1b" not in line
    assert "\t" not in line


def test_a_problem_of_a_whole_file_is_one_line_and_cannot_command_the_terminal() -> None:
    out = io.StringIO()
    print_problem(out, Problem(Place("a\x1b[2J.toml"), "E01", "找不到\n这个文件", ""))
    assert out.getvalue() == "a�[2J.toml: E01 找不到 这个文件\n"
