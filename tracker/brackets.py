"""The signs of a TOML text that open and close: how deep they nest, and which are left open."""

import re

DEEPEST = 50
"""Tables and lists inside one another; deeper nesting is an attack or an accident, not a report."""

_TOKEN = re.compile(
    r'"{3}(?:\\[\s\S]|[^\\])*?(?:"{3,5}|\Z)'
    r"|'{3}[\s\S]*?(?:'{3,5}|\Z)"
    r'|"(?:\\.|[^"\\\n])*"?'
    r"|'[^'\n]*'?"
    r"|#[^\n]*|[\[\]{},\n]|\.+"
)
"""Texts and comments whole, and the signs that nest; an unfinished text ends with its line, as readers see it."""

_FLAT = re.compile(
    r"""^(?:(?:\[\w++\]|\[\[\w++\]\]|[\w-]++[ ]=[ ]"""
    r"""(?:\[\n?(?:[ ]*+"[^"'\\\n]++",?\n?)*+\]|"[^"'\\\n]*+"|[\w:+-]++(?:\.\d++)?))?+\n)++""",
    re.MULTILINE,
)
"""The lines that most files are made of: a table's header, and a name with a text, a number, a day or a list of
texts. They close what they open and no text that began above, so only the other lines can nest. As many as follow
one another are found at once, and looked at once: nothing is taken back."""

FLATTEST = 2
"""How deep such a line goes."""

_LONG = ('"""', "'''")


def is_too_deep(text: str) -> bool:
    """Whether tables and lists go deeper than any report: then no reader is let near the text."""
    unusual = _FLAT.sub("", text) if text.count("[") + text.count(".") > DEEPEST else text
    return sum(map(unusual.count, "[{.")) > DEEPEST - FLATTEST and nesting(text)[1] > DEEPEST


def nesting(text: str) -> tuple[list[int], int]:
    """Where the brackets (or the long quotes) that ``text`` leaves open begin, and how deep it went.

    Never less deep than a reader goes: a bracket that does not fit closes nothing, and the
    dots of a name count, for each makes a table.
    """
    opened: list[tuple[int, int]] = []
    depth = dots = deepest = 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            opened.append((token.start(), dots + 1))
            depth, dots = depth + dots + 1, 0
        elif sign in "]}":
            if opened and text[opened[-1][0]] + sign in ("[]", "{}"):
                depth -= opened.pop()[1]
            dots = 0
        elif sign in ",\n":
            dots = 0
        elif sign[0] == ".":
            dots += 1
        elif sign[:3] in _LONG and not sign[3:].endswith(sign[:3]):
            return [token.start()], deepest
        deepest = max(deepest, depth + dots)
    return [start for start, _weight in opened], deepest


def long_texts(text: str) -> list[range]:
    """The lines of each text in long quotes; one without an end goes on to the last line."""
    found = []
    for token in _TOKEN.finditer(text):
        if token[0].startswith(_LONG):
            first = text.count("\n", 0, token.start()) + 1
            found.append(range(first, first + token[0].count("\n") + 1))
    return found
