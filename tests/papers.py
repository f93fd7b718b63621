"""Papers in tests: every text a reader sees, and the letters of the sample."""

from collections.abc import Iterator
from datetime import date, datetime

from sample import WORKSPACE, sample

from tracker.clocks import CHINA
from tracker.ladder import Due, due_letters
from tracker.letters import read_letters
from tracker.reports.document import Document, Heading, Paragraph, Table
from tracker.reports.letter import letter as paper_of
from tracker.snapshot import Snapshot


def texts(document: Document) -> Iterator[str]:
    """Every text a reader sees, in order."""
    yield from (document.letterhead, document.title, document.addressee)
    for block in (*document.body, *(b for annex in document.annexes for b in (Heading(1, annex.title), *annex.blocks))):
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Table(rows=()):
                yield block.empty
            case Table():
                yield from (column.title for column in block.columns)
                yield from (cell for row in block.rows for cell in row)
    yield from (document.signature, document.signed_on)


def on_the_sample(unit: str, item: str, day: date, known_by: datetime) -> tuple[Snapshot, Due]:
    """A matter of the sample as it stood."""
    snapshot = sample(day, known_by)
    book, _problems = read_letters(WORKSPACE, snapshot.programme)
    return snapshot, next(d for d in due_letters(snapshot, book, day) if d.unit.id == unit and item in d.items)


def papers(name: str) -> Document:
    """The letters of the goldens."""
    days = {
        "reminder": ("shenxian", "chemical-17c", date(2026, 9, 8), datetime(2026, 9, 8, 9, tzinfo=CHINA)),
        "urging": ("shenxian", "chemical-19", date(2026, 10, 12), datetime(2026, 10, 12, 9, tzinfo=CHINA)),
        "reports": ("guanxian", "report@2026-09", date(2026, 10, 9), datetime(2026, 10, 9, 9, tzinfo=CHINA)),
    }
    unit, item, day, known_by = days[name]
    snapshot, due = on_the_sample(unit, item, day, known_by)
    return paper_of(snapshot, due, day)
