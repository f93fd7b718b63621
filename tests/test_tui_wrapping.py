"""Where lines of Chinese end."""

from hypothesis import given
from hypothesis import strategies as st
from pilots import driven
from textual.app import App, ComposeResult

from tracker.terminal import width
from tracker.tui.words import Words
from tracker.tui.wrapping import CLOSING, OPENING, wrapped


def test_a_line_is_filled_with_chinese_up_to_its_end() -> None:
    assert wrapped("截至十月三十一日全市应完成事项", 10) == ["截至十月三", "十一日全市", "应完成事项"]


def test_no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one() -> None:
    assert wrapped("全市应完成，已完成", 10) == ["全市应完", "成，已完成"]
    assert wrapped("任务逾期（含漏报）", 10) == ["任务逾期", "（含漏报）"]


def test_numbers_and_codes_are_not_broken_and_no_line_begins_with_the_space_between() -> None:
    assert wrapped("已完成 429 项", 6) == ["已完成", "429 项"]
    assert wrapped("期次 chemical-9h@2026 逾期", 16) == ["期次", "chemical-9h@2026", "逾期"]


def test_a_word_that_is_wider_than_the_room_is_broken_where_the_room_ends() -> None:
    assert wrapped("见 https://example.org/1234567", 12) == ["见", "https://exam", "ple.org/1234", "567"]
    assert wrapped("。。。。。。", 5) == ["。。", "。。", "。。"]


def test_lines_stay_lines_and_what_is_indented_stays_so() -> None:
    assert wrapped("　　现将\n\n情况", 40) == ["　　现将", "", "情况"]
    assert wrapped("　　现将情况通报如下", 12) == ["　　现将情况", "通报如下"]


@given(st.text("一二三，。（）“”12 ab-", max_size=60), st.integers(8, 30))
def test_nothing_is_lost_but_spaces_at_the_ends_of_lines_and_no_line_is_too_wide(text: str, room: int) -> None:
    lines = wrapped(text, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= room for line in lines)


@given(
    st.lists(st.sampled_from(["一", "（二三）", "“三”", "四，", "五。", "12", " "])).map("".join), st.integers(8, 30)
)
def test_signs_stay_with_their_words(text: str, room: int) -> None:
    lines = [line for line in wrapped(text, room) if line]
    assert [line for line in lines[:-1] if line[-1] in OPENING] == []
    assert [line for line in lines[1:] if line[0] in CLOSING] == []


class Page(App[None]):
    """Some words, and what stands below them."""

    def compose(self) -> ComposeResult:
        """One above the other."""
        yield Words("全市应完成，已完成\n其余")
        yield Words("下面")


async def test_words_on_a_screen_are_as_high_as_their_lines_and_follow_its_width() -> None:
    app = Page()
    async with driven(app, size=(10, 6)) as hand:
        assert seen(app) == ["全市应完", "成，已完成", "其余", "下面", "", ""]
        await hand.resize_terminal(20, 6)
        await hand.pause()
        assert seen(app) == ["全市应完成，已完成", "其余", "下面", "", "", ""]


def seen(app: Page) -> list[str]:
    """The screen's lines."""
    return ["".join(piece.text for piece in strip).rstrip() for strip in app.screen._compositor.render_strips()]
