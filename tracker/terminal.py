"""Tables on a terminal: aligned under wide characters there, tab-separated in a pipe.

Text from files is shown, never obeyed: control and direction characters are replaced.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TextIO

from tracker.problems import Problem
from tracker.statuses import Light

COLOURS: dict[Light, str] = {"red": "31", "yellow": "33", "green": "32", "grey": "90"}

COLUMNS = 80
"""Where nothing says how wide the terminal is."""

_REPLACED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def plain(text: object) -> str:
    """One line of text without anything a terminal would act on."""
    words = str(text)
    if words.isprintable():
        return words
    return "".join("\ufffd" if unicodedata.category(c) in _REPLACED else c for c in words.replace("\n", " "))


def json_text(text: str) -> str:
    """JSON with the characters escaped that a terminal might obey."""
    return re.sub(r"[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", lambda m: f"\\u{ord(m[0]):04x}", text)


def width(text: str) -> int:
    """Columns a text takes."""
    return _width(text) if len(text) <= CELL else _measured(text)


CELL = 200
"""Characters of what is measured over and over: a cell, not a paragraph."""


def _measured(text: str) -> int:
    from wcwidth import wcswidth  # noqa: PLC0415 - nothing is aligned in a pipe

    return max(wcswidth(text), 0)


_width = lru_cache(maxsize=8192)(_measured)


def cut(text: str, columns: int) -> str:
    """The text, shortened with an ellipsis where it is wider than ``columns``."""
    if width(text) <= columns:
        return text
    from wcwidth import wcwidth  # noqa: PLC0415 - as above

    taken, used = [], 0
    for c in text:
        used += max(wcwidth(c), 0)
        if used > columns - 1:
            break
        taken.append(c)
    # Some signs widen the one before them, which only the whole shows.
    while taken and width("".join(taken)) > columns - 1:
        taken.pop()
    return "".join(taken) + "…"


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """The text filled up to ``columns``."""
    space = " " * (columns - width(text))
    return space + text if right else text + space


def columns() -> int:
    """How wide the terminal is."""
    try:
        return int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
    except (OSError, ValueError):
        return COLUMNS


def is_coloured(out: TextIO) -> bool:
    """Whether colours may be used: a terminal, and nobody said no."""
    return out.isatty() and not os.environ.get("NO_COLOR")


def coloured(text: str, light: Light, out: TextIO) -> str:
    """The text in a light's colour where colours may be used."""
    return f"\x1b[{COLOURS[light]}m{text}\x1b[0m" if is_coloured(out) else text


def print_table(
    out: TextIO,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    lights: Sequence[Light] = (),
    numbers: frozenset[int] = frozenset(),
    columns: int = 0,
) -> None:
    """Print rows under a header; ``lights`` colour whole rows, ``numbers`` name right-aligned columns.

    On a terminal of ``columns`` the widest column gives way; in a pipe the cells are whole.
    """
    texts = ([str(value) for value in row] for row in rows)
    cells = [row if "".join(row).isprintable() else [plain(text) for text in row] for row in texts]
    if not out.isatty():
        out.writelines("\t".join(row) + "\n" for row in [list(header), *cells])
        return
    widths = [max(width(row[n]) for row in [list(header), *cells]) for n in range(len(header))]
    spare = sum(widths) + 2 * (len(widths) - 1) - columns
    while columns and spare > 0:
        widest = widths.index(max(widths))
        narrower = max(widths[widest] - spare, sorted(widths)[-2] - 1 if len(widths) > 1 else 0, 4)
        if narrower >= widths[widest]:
            break
        spare -= widths[widest] - narrower
        widths[widest] = narrower

    def line(row: Sequence[str]) -> str:
        return "  ".join(
            padded(cut(c, w), w, right=n in numbers) for n, (c, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()

    out.write(line(header) + "\n")
    out.writelines((coloured(line(row), lights[n], out) if lights else line(row)) + "\n" for n, row in enumerate(cells))


def print_problem(out: TextIO, problem: Problem) -> None:
    """One problem in the one layout: place, code, sentence; the line with a caret; what to write."""
    out.write(f"{plain(problem.place)}: {problem.code} {plain(problem.message)}\n")
    if problem.excerpt:
        line = plain(problem.excerpt.replace("\t", " "))
        before = width(line[: max(problem.place.column - 1, 0)])
        out.write(f"    {line}\n    {' ' * before}^\n")
    if problem.hint:
        out.write(f"    → {plain(problem.hint)}\n")
