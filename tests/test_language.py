"""Chinese is complete in the source; the English catalogue must keep up with it."""

import re
import string

import pytest
from catalogues import ARGPARSE, ENGLISH, compiled, english, texts

from tracker import language
from tracker.language import _, use


@pytest.fixture(autouse=True)
def _chinese_afterwards() -> object:
    yield
    use("zh")


def fields(text: str) -> set[str]:
    """The names in braces."""
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_every_text_has_its_english() -> None:
    catalogue = english()
    missing = sorted(text for text in texts() if not getattr(catalogue.get(text), "string", ""))
    assert missing == []


def test_the_catalogue_holds_nothing_that_the_source_no_longer_says() -> None:
    assert sorted(str(m.id) for m in english() if m.id and m.id not in texts()) == []


def test_english_fills_in_the_same_values() -> None:
    different = [m.id for m in english() if m.id and fields(str(m.id)) != fields(str(m.string))]
    assert different == []


def test_english_has_no_chinese_characters_left() -> None:
    # Terms of the documents stay Chinese where the English names them in quotation marks.
    left = [
        m.string
        for m in english()
        if m.id and re.search("[\u4e00-\u9fff]", re.sub('“[^”]*”|"[^"]*"', "", str(m.string)))
    ]
    assert left == []


@pytest.mark.parametrize("source", [ENGLISH, ARGPARSE])
def test_the_compiled_catalogue_is_that_of_the_source(source: object) -> None:
    assert source.with_suffix(".mo").read_bytes() == compiled(source)  # type: ignore[attr-defined, arg-type]


def test_chinese_is_the_default_and_english_on_request() -> None:
    use("zh")
    assert _("已逾期 {n} 天", n=3) == "已逾期 3 天"
    use("en")
    assert _("已逾期 {n} 天", n=3) == "3 days late"
    assert language.speaks() == "en"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        use("fr")
