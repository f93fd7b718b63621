"""One problem's page."""

import pytest
from bad_files import bad_files

from tracker.explain import explain, pages
from tracker.language import LANGUAGES, use


@pytest.fixture(autouse=True)
def _chinese_afterwards() -> object:
    yield
    use("zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_with_a_faulty_file_has_its_page(language: str) -> None:
    use(language)
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


def test_in_english_the_page_and_the_problem_on_it_are_english_and_the_file_is_the_same() -> None:
    chinese = explain("E06")
    use("en")
    page = explain("E06")
    assert page is not None
    assert chinese is not None
    assert page.title == "A value that is not one of those allowed"
    for words in (
        'state = "已完工"',
        "E06-unknown-state.toml:9:9: E06 The state “已完工” is not understood.\n    state",
        'Write instead:\n\n```toml\nstate = "已完成"\n```\n',
    ):
        assert words in page.text
    assert "改成" not in page.text
    assert page.text.count("```toml") == chinese.text.count("```toml")
