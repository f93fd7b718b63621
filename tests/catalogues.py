"""Keep the catalogues in step with the source: ``python tests/catalogues.py`` after changing texts.

Extracts every ``_()`` and ``mark()`` text, updates ``tracker/locale/*/LC_MESSAGES/*.po`` and
compiles them. ``test_language`` fails while a text has no English.
"""

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent / "tracker"
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
"""In place of the time of compiling: equal catalogues give equal bytes."""

HEADER = """# English for Tracker; kept in step by tests/catalogues.py.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
ENGLISH = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "tracker.po"
ARGPARSE = PACKAGE / "locale" / "zh_CN" / "LC_MESSAGES" / "argparse.po"


@cache
def texts() -> frozenset[str]:
    """Every text of the source that people may read."""
    keywords = {"_": None, "mark": None}
    found = extract_from_dir(str(PACKAGE), [("**.py", "python")], keywords=keywords)
    return frozenset(message for _file, _line, message, _comments, _context in found if isinstance(message, str))


def english() -> Catalog:
    """The English catalogue as it is kept."""
    if not ENGLISH.exists():
        return Catalog(locale="en")
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def compiled(source: Path) -> bytes:
    """The bytes of a catalogue's ``.mo``."""
    with source.open("rb") as file:
        catalogue = read_po(file)
    catalogue.creation_date = catalogue.revision_date = UNDATED
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def main() -> None:
    """Bring the kept catalogues up to date."""
    kept = english()
    fresh = Catalog(locale="en", fuzzy=False)
    for text in sorted(texts()):
        known = kept.get(text)
        fresh.add(text, known.string if known is not None else "")
    written = io.BytesIO()
    write_po(written, fresh, width=0, omit_header=True)
    ENGLISH.write_bytes(HEADER.encode() + written.getvalue())
    for source in (ENGLISH, ARGPARSE):
        source.with_suffix(".mo").write_bytes(compiled(source))
    missing = [m.id for m in fresh if m.id and not m.string]
    print(f"{len(missing)} texts without English")  # noqa: T201 - a script that tells its result


if __name__ == "__main__":
    main()
