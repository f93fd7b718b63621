"""Where a line of Chinese may end: anywhere but before a closing sign, after an opening one, and inside a number or a
Latin word. Textual ends lines at spaces alone, which Chinese has only around numbers.
"""

import re
from collections.abc import Iterator

from tracker.terminal import width

CLOSING = "，。、；：？！）》〉】」』”’…—,.;:?!)]}%％"
OPENING = "（《〈【「『“‘([{"
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,:/@_+-]*|.", re.DOTALL)


def wrapped(text: str, room: int) -> list[str]:
    """A text's lines, none wider than ``room`` columns, which are at least 2: a word that is wider is broken."""
    return [line for part in text.split("\n") for line in _lines(part, room)]


def _lines(text: str, room: int) -> Iterator[str]:
    if width(text) <= room:
        yield text
        return
    line, used = "", 0
    for piece in _pieces(text):
        if used + width(piece.rstrip()) > room:
            if line:
                yield line.rstrip()
            *full, line = _broken(piece.lstrip(" "), room)
            yield from full
            used = width(line)
        else:
            line += piece
            used += width(piece)
    yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """What stays together: a word or sign with the signs that open before it and close after it."""
    piece = ""
    for word in _WORD.findall(text):
        if piece and word not in CLOSING and piece[-1] not in OPENING:
            yield piece
            piece = ""
        piece += word
    if piece:
        yield piece


def _broken(piece: str, room: int) -> list[str]:
    """A piece in as many lines as it takes; nearly always one."""
    lines = [""]
    for letter in piece:
        if width(lines[-1] + letter) > room:
            lines.append("")
        lines[-1] += letter
    return lines
