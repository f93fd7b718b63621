"""Every faulty file has the problems it says it has, at their lines, and no others."""

import re
from pathlib import Path

import pytest
from bad_files import BadFile, bad_files, found_in, workspace
from problem_pages import pages

from tracker.explain import page_file
from tracker.language import LANGUAGES
from tracker.problems import Problem

FILES = bad_files()
PACKAGE = Path(__file__).parent.parent / "tracker"


def said(problems: list[Problem]) -> str:
    return "\n".join(f"{p.place} {p.code} {p.message} {p.hint}" for p in problems)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    return found_in(FILES, workspace(tmp_path_factory.mktemp("bad")))


@pytest.fixture(scope="module")
def found_bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    return found_in([file.bare() for file in FILES], workspace(tmp_path_factory.mktemp("bare")))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_faulty_file_has_its_problems_and_no_others(file: BadFile, found: dict[str, list[Problem]]) -> None:
    problems = sorted(found[file.name], key=lambda p: (p.place.line, p.code))
    assert [(p.place.line, p.code) for p in problems] == [(e.line, e.code) for e in file.expected], said(problems)
    for e in file.expected:
        assert any((p.place.line, p.code) == (e.line, e.code) and e.words in p.message for p in problems), said(
            problems
        )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_comments_in_it_change_nothing(file: BadFile, found_bare: dict[str, list[Problem]]) -> None:
    assert sorted(p.code for p in found_bare[file.name]) == sorted(e.code for e in file.expected)


FIXED = [file for file in FILES if file.fix is not None]


@pytest.fixture(scope="module")
def found_mended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    return found_in([file.mended() for file in FIXED], workspace(tmp_path_factory.mktemp("mended")))


@pytest.mark.parametrize("file", FIXED, ids=lambda file: file.name)
def test_with_the_line_to_copy_nothing_is_wrong_any_more(file: BadFile, found_mended: dict[str, list[Problem]]) -> None:
    assert found_mended[file.name] == []


def test_every_code_of_the_program_has_a_faulty_file_and_every_file_a_code() -> None:
    used = {code for path in PACKAGE.rglob("*.py") for code in re.findall('"([EW][0-9]{2})"', path.read_text("utf-8"))}
    assert {file.code for file in FILES} == used


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_faulty_file_says_what_it_shows_and_what_to_do(file: BadFile) -> None:
    assert file.expected
    assert file.code in {e.code for e in file.expected}
    assert file.header["题目"] == next(other for other in FILES if other.code == file.code).header["题目"]
    assert file.header["title"] == next(other for other in FILES if other.code == file.code).header["title"]
    assert file.header["说明"].endswith("。")
    assert file.header["says"].endswith(".")
    assert file.fix or "改法" in file.header or file.code == "W01"
    assert ("do" in file.header) == ("改法" in file.header)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_those_of_the_faulty_files(language: str) -> None:
    assert page_file(language).read_text(encoding="utf-8") == pages(language), "run: python tests/problem_pages.py"
