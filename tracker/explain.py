"""``explain``: one problem's page, in the language in use, as it came with the program.

The pages are written by ``tests/problem_pages.py`` from the faulty files of the tests, so
that every example has been run: ``status/problems.md``, and beside the catalogue the same in English.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.language import LANGUAGES, LOCALE, speaks
from tracker.workspace import shipped

PAGES = "problems.md"

_SECTION = re.compile(r"^## ([EW]\d\d) (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """What there is to say about one code."""

    code: str
    title: str
    text: str
    """The whole section, Markdown."""


def page_file(language: str) -> Path:
    """Where the pages of a language are kept."""
    return shipped() / "status" / PAGES if language == LANGUAGES[0] else LOCALE / language / PAGES


def pages() -> Mapping[str, Page]:
    """Every page by its code, in their order."""
    text = page_file(speaks()).read_text(encoding="utf-8")
    found = list(_SECTION.finditer(text))
    ends = [*(section.start() for section in found[1:]), len(text)]
    return {
        section[1]: Page(section[1], section[2], text[section.start() : end].rstrip() + "\n")
        for section, end in zip(found, ends, strict=True)
    }


def explain(code: str) -> Page | None:
    """The page of a code, however it was typed (``e7``, ``E07``); None where there is none."""
    found = re.fullmatch(r"([EW])0*(\d{1,2})", code.strip().upper())
    return pages().get(f"{found[1]}{found[2]:0>2}") if found else None
