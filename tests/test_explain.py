"""One problem's page."""

from bad_files import bad_files

from tracker.explain import explain, pages


def test_every_code_with_a_faulty_file_has_its_page() -> None:
    found = pages()
    assert list(found) == sorted({file.code for file in bad_files()})
    assert all(page.text.startswith(f"## {code} {page.title}\n") for code, page in found.items())


def test_a_page_shows_the_wrong_line_the_problem_as_printed_and_the_right_line_and_nothing_of_the_next() -> None:
    page = explain("E06")
    assert page is not None
    assert (page.code, page.title) == ("E06", "取值不在规定的范围里")
    for words in (
        'state = "已完工"',
        'E06-unknown-state.toml:9:9: E06 状态“已完工”看不懂。\n    state = "已完工"\n            ^\n',
        '改成：\n\n```toml\nstate = "已完成"\n```\n',
    ):
        assert words in page.text
    assert "## E07" not in page.text
    assert page.text.endswith("```\n")


def test_a_code_may_be_typed_carelessly_and_an_unknown_one_has_no_page() -> None:
    assert explain(" e6 ") == explain("E06") == explain("E006")
    assert [explain(code) for code in ("E99", "X01", "E", "", "06", "E123")] == [None] * 6
