"""``explain``: one problem's page, from ``status/problems.md`` as it came with the program.

The pages are written by ``tests/problem_pages.py`` from the faulty files of the tests, so
that every example has been run.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.workspace import shipped

_SECTION = re.compile(r"^## ([EW]\d\d) (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """What there is to say about one code."""

    code: str
    title: str
    text: str
    """The whole section, Markdown."""


def pages() -> Mapping[str, Page]:
    """Every page by its code, in their order."""
    text = (shipped() / "status" / "problems.md").read_text(encoding="utf-8")
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
