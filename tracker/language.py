"""The language people read: Chinese as written in the source, English from ``locale/en``.

Message ids are the Chinese texts themselves, so the default is complete by construction;
a test holds the English catalogue complete. Texts with values use ``str.format`` fields.
"""

import gettext
from pathlib import Path

LANGUAGES = ("zh", "en")
"""What ``--lang`` and ``TRACKER_LANG`` accept; the first is the default."""

LOCALE = Path(__file__).parent / "locale"

_current: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str) -> None:
    """Speak ``language`` from now on. An unknown one raises ``ValueError``."""
    global _current  # noqa: PLW0603 - one process speaks one language, as gettext itself assumes
    if language not in LANGUAGES:
        raise ValueError(language)
    _current = (
        gettext.NullTranslations()
        if language == LANGUAGES[0]
        else gettext.translation("tracker", LOCALE, languages=[language])
    )


def speaks() -> str:
    """The language in use."""
    return LANGUAGES[0] if type(_current) is gettext.NullTranslations else LANGUAGES[1]


def _(message: str, /, **values: object) -> str:
    """The message in the language in use, its fields filled in."""
    text = _current.gettext(message)
    return text.format(**values) if values else text


def mark(message: str) -> str:
    """Mark a text for the catalogue where it cannot be translated yet (a constant)."""
    return message
