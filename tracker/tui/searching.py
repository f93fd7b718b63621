"""Searching as one types: the words themselves, or the initials of their pinyin (``sx`` finds 莘县)."""

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
    return word in text.casefold() or (word.isascii() and word.isalnum() and word in initials(text))


def prepare() -> None:
    """Load what initials need, for a thread to do before letters are typed."""
    initials("字")


@lru_cache(maxsize=65_536)
def initials(text: str) -> str:
    """The first letter of each character's pinyin; other characters as they are."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - a quarter of a second, and only who types letters needs it

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).casefold()
