"""Problems as people read them, and the language they read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from tracker import language
from tracker.language import _, mark, speaks, use
from tracker.problems import Place, Problem, listed, nearest, worst_first


@pytest.fixture(autouse=True)
def _chinese_again() -> Iterator[None]:
    yield
    use("zh")


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An English catalogue of three texts, in place of the one that ships."""
    texts = Catalog(locale="en")
    texts.add("没有单位“{unit}”。", "There is no unit “{unit}”.")
    texts.add("您是不是想写“{word}”？", "Did you mean “{word}”?")
    texts.add("、", ", ")
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "tracker.mo").open("wb") as file:
        write_mo(file, texts)
    monkeypatch.setattr(language, "LOCALE", tmp_path)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place("a.toml"), "a.toml"),
        (Place("a.toml", 7), "a.toml:7"),
        (Place("a.toml", 7, 3), "a.toml:7:3"),
        (Place("a.xlsx", 12, 8, "月报!H12"), "a.xlsx:月报!H12"),
    ],
)
def test_a_place_reads_as_editors_jump_to_it(place: Place, shown: str) -> None:
    assert str(place) == shown


def test_places_are_in_the_order_of_files_lines_and_columns() -> None:
    places = [Place("b", 1, 1), Place("a", 10, 1), Place("a", 9, 2), Place("a", 9, 1), Place("a")]
    assert [str(p) for p in sorted(places)] == ["a", "a:9:1", "a:9:2", "a:10:1", "b:1:1"]


@pytest.mark.parametrize(("code", "holds"), [("E01", True), ("E14", True), ("W01", False)])
def test_an_error_holds_what_it_names_back_and_a_finding_does_not(code: str, holds: bool) -> None:
    assert Problem(Place("a"), code, "…").holds is holds


def test_problems_are_read_by_file_then_errors_before_findings_then_by_line() -> None:
    said = ["b 2 E05 x", "b 1 W01 x", "a 9 W01 x", "a 10 E05 x", "a 9 E05 y", "a 9 E05 x", "a 9 E04 z"]
    problems = [Problem(Place(file, int(line)), code, word) for file, line, code, word in map(str.split, said)]
    assert [f"{p.place.file} {p.place.line} {p.code} {p.message}" for p in worst_first(problems)] == [
        "a 9 E04 z",
        "a 9 E05 x",
        "a 9 E05 y",
        "a 10 E05 x",
        "a 9 W01 x",
        "b 2 E05 x",
        "b 1 W01 x",
    ]


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("stat", ["unit", "state", "status"], "您是不是想写“state”？"),
        ("chipin", iter(["gaotang", "chiping"]), "您是不是想写“chiping”？"),
        ("已完工", ["已完成", "未启动"], "您是不是想写“已完成”？"),
        ("zzz", ["unit", "state"], ""),
        ("unit", [], ""),
    ],
)
def test_the_nearest_known_word_is_suggested_and_nothing_far_off(word: str, known: list[str], hint: str) -> None:
    assert nearest(word, known) == hint


def test_words_are_listed_as_chinese_lists_them() -> None:
    assert listed(["甲", "乙", "丙"]) == "甲、乙、丙"
    assert listed([]) == ""


def test_chinese_is_spoken_from_the_start_and_needs_no_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    use("zh")
    assert speaks() == "zh"
    assert _("没有单位“{unit}”。", unit="x") == "没有单位“x”。"


@pytest.mark.usefixtures("catalogue")
def test_english_is_spoken_from_the_catalogue_until_chinese_is_asked_for() -> None:
    use("en")
    assert speaks() == "en"
    assert _("没有单位“{unit}”。", unit="chiping") == "There is no unit “chiping”."
    assert nearest("stat", ["state"]) == "Did you mean “state”?"
    assert listed(["a", "b"]) == "a, b"
    use("zh")
    assert speaks() == "zh"
    assert listed(["a", "b"]) == "a、b"


@pytest.mark.usefixtures("catalogue")
def test_a_text_the_catalogue_lacks_stays_chinese() -> None:
    use("en")
    assert _("文件是空的。") == "文件是空的。"


def test_a_language_nobody_speaks_here_is_refused_and_changes_nothing() -> None:
    with pytest.raises(ValueError, match="de"):
        use("de")
    assert speaks() == "zh"


def test_a_text_without_values_may_hold_braces() -> None:
    assert _("quotas = { chiping = 3 }") == "quotas = { chiping = 3 }"


def test_a_marked_text_is_the_text() -> None:
    assert mark("限期") == "限期"
