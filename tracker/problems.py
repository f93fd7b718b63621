"""Problems: what is wrong, in which file and where, and what to write instead.

A problem whose code begins with ``E`` holds the thing it names back; ``W`` is a finding:
worth a look, nothing is held. Lines and columns count from 1, columns in characters.
"""

from collections.abc import Iterable
from typing import NamedTuple

from tracker.language import _


class Place(NamedTuple):
    """Where in a file: ``line`` and ``column`` from 1; line 0 is the file as a whole.

    In a workbook they are the row and the column, and ``cell`` names sheet and cell.
    """

    file: str
    line: int = 0
    column: int = 0
    cell: str = ""

    def __str__(self) -> str:
        """``file:line:column``, in the form that editors jump to; ``file:sheet!cell`` of a workbook."""
        if self.cell:
            return f"{self.file}:{self.cell}"
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


class Problem(NamedTuple):
    """One thing wrong in one place, as the person who wrote the file would say it."""

    place: Place
    code: str
    message: str
    hint: str = ""
    """What to write instead; empty where only the writer can know."""
    excerpt: str = ""
    """The line itself, empty for a file as a whole."""

    @property
    def holds(self) -> bool:
        """Whether it holds the thing it names back."""
        return self.code.startswith("E")


class FaultyError(Exception):
    """A file of the user's without which nothing can be made, and what is wrong with it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def worst_first(problems: Iterable[Problem]) -> list[Problem]:
    """By file; within a file errors before findings, each in the order of the lines."""
    return sorted(problems, key=lambda p: (p.place.file, not p.holds, p.place, p.code, p.message))


def as_github(problem: Problem) -> str:
    """The problem as a line that GitHub's checks show at its place."""
    place = problem.place
    where = {"file": place.file, "line": place.line, "col": place.column} if not place.cell else {"file": place.file}
    properties = {**{name: value for name, value in where.items() if value}, "title": problem.code}
    said = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    words = "\n".join(filter(None, (f"{place.cell} {problem.message}".strip(), problem.hint)))
    return f"::{'error' if problem.holds else 'warning'} {said}::{_escaped(words)}"


def _escaped(text: str, further: str = "") -> str:
    """Text that can neither end its part of the line nor begin another."""
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + further else c for c in text)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint with the known word most like ``word``, or an empty text."""
    from difflib import get_close_matches  # noqa: PLC0415 - most commands are spelt well

    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return _("您是不是想写“{word}”？", word=found[0]) if found else ""


def listed(words: Iterable[str]) -> str:
    """The words as one enumeration."""
    return _("、").join(words)


def labelled(name: str, words: object) -> str:
    """What is said, after what it is about."""
    return _("{name}：{words}", name=name, words=words)


def hinted(message: str, hint: str) -> str:
    """A message and, where there is one, its hint after it."""
    return _("{message}{hint}", message=message, hint=hint) if hint else message
