"""A paper as lines on a screen."""

import pytest

from tracker.reports.document import Annex, Column, Document, Heading, Paragraph, Table
from tracker.terminal import width
from tracker.tui.paper import MEASURE, paper_lines

TABLE = Table(
    (Column("单位", 3), Column("事项", 8), Column("天数", 2, "right")),
    (("东山县", "公布包保名单", "31"), ("高新区", "[/x] [[a]]", "1")),
)
PAPER = Document(
    letterhead="",
    title="关于进展情况的通报",
    addressee="各县区：",
    body=(Heading(1, "一、总体情况"), Paragraph("截至十月三十一日，全市应完成事项十二项。" * 4), TABLE),
    signature="甲市安委会办公室",
    signed_on="2026年11月2日",
    notice="示例数据",
    annexes=(Annex("逾期清单", (Table(TABLE.columns, (), empty="没有逾期。"),)),),
)


def lines(room: int) -> list[tuple[str, str]]:
    return list(paper_lines(PAPER, room))


@pytest.mark.parametrize("room", [40, 80, 120, 200])
def test_every_line_fits_and_leaves_a_margin(room: int) -> None:
    assert [line for _look, line in lines(room) if line and (width(line) > room - 2 or line[:2] != "  ")] == []


def test_the_title_stands_in_the_middle_and_the_signature_at_the_right_of_the_text() -> None:
    found = dict(lines(200))
    assert found["title"].strip() == "附件1　逾期清单"
    title = next(line for look, line in lines(200) if look == "title")
    words = title.strip()
    assert len(title) - len(words) == (200 - width(words)) // 2
    assert width(found["signature"]) == 200 - (200 - MEASURE) // 2


def test_paragraphs_are_indented_and_as_wide_as_is_good_to_read() -> None:
    first, second = [line for _look, line in lines(200) if "十月三十一日" in line]
    margin = " " * ((200 - MEASURE) // 2)
    assert first.startswith(f"{margin}　　截至")
    assert second.startswith(margin)
    assert width(first) - len(margin) <= MEASURE


@pytest.mark.parametrize("room", [40, 120])
def test_a_table_stands_with_the_text_its_columns_below_each_other(room: int) -> None:
    found = [(look, line) for look, line in lines(room) if "天数" in line or "31" in line or "[[a]]" in line]
    (look, header), (_look, one), (_same, other) = found
    assert look == "header"
    assert {width(header.rstrip()), width(one), width(other)} == {width(one)}
    assert (
        width(header[: header.index("事项")]) == width(one[: one.index("公布")]) == width(other[: other.index("[/x]")])
    )


def test_a_table_wider_than_the_text_stands_in_the_middle_of_the_room() -> None:
    wide = Table((Column("甲" * 50, 1), Column("乙" * 10, 1)), (("一", "二"),))
    found = list(paper_lines(Document("", "", "", (wide,), "", ""), 200))
    header = next(line for look, line in found if look == "header")
    assert len(header) - len(header.lstrip()) == (200 - 122) // 2


def test_a_table_without_rows_says_so() -> None:
    assert ("", "  没有逾期。") in lines(60)
