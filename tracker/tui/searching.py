"""Searching as one types: the words themselves, or the initials of their pinyin (``sx`` finds 莘县).

A sign that is read in several ways is found by each of them (阿 by ``a`` and ``e``).
"""

import os
from functools import lru_cache

from tracker.terminal import plain


def finds(typed: str, text: str) -> bool:
    """Whether a text has all the words typed, each as it stands or by initials."""
    return all(has(word, text) for word in search_words(typed))


def search_words(typed: str) -> list[str]:
    """The words typed, as they are looked for."""
    return plain(typed).casefold().split()


def has(word: str, text: str) -> bool:
    """Whether a text has a word, as it stands or by initials."""
    return word in text.casefold() or (word.isascii() and word.isalnum() and _has_initials(word, text))


def prepare() -> None:
    """Load what initials need, for a thread to do before letters are typed."""
    initials("字")


def _has_initials(word: str, text: str) -> bool:
    letters = initials(text)
    return any(
        all(c in letters[begin + n] for n, c in enumerate(word)) for begin in range(len(letters) - len(word) + 1)
    )


@lru_cache(maxsize=65_536)
def initials(text: str) -> tuple[str, ...]:
    """Of each character the letters that its pinyin may begin with; other characters as they are."""
    return tuple(_letters(c) for c in text.casefold())


@lru_cache(maxsize=8_192)
def _letters(c: str) -> str:
    # Its phrases are five times as large, and while they are read no key is answered.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415 - a tenth of a second, and only who types letters needs it

    return "".join(pinyin(c, style=Style.FIRST_LETTER, heteronym=True)[0]).casefold()
