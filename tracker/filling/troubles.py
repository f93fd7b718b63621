"""A submission's problems in the words of a form: there is no line in it to add or to change, nor are there keys."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from tracker.problems import Problem, hinted

_LINE_TO_ADD = re.compile(r"\b([a-z_]+) = ")

_KEY_AND_LABEL = re.compile(r"(?:(?<=[\u4e00-\u9fff]) )?\b(?:planned|actual) ?[（(](.+?)[）)]")


@dataclass(frozen=True)
class Trouble:
    """What is wrong with an answer, at its field."""

    item: str
    """Empty for the first page."""
    key: str
    """Empty for the item as a whole."""
    words: str
    holds: bool = True


def troubles_in(problems: Iterable[Problem], named: Collection[str]) -> Iterator[Trouble]:
    """The problems at their fields: a place's file is the item and its cell the key.

    Of the first page what is not in ``named`` is not there yet, and so not wrong.
    """
    for p in problems:
        item, key = p.place.file, p.place.cell
        if not item and p.code == "E04" and key not in named:
            continue
        line = _LINE_TO_ADD.search(p.hint)
        if item and not key and line:
            key = line[1]  # the hint is the line that is missing
        hint = "" if line else _KEY_AND_LABEL.sub(r"\1", p.hint)
        yield Trouble(item, key, hinted(p.message, hint), p.holds)
