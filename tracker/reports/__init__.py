"""Reports: what a paper says (one module a paper) and how it is written (one module a format).

A paper is a ``Document`` of headings, paragraphs and tables; a format turns any document
into bytes. Same inputs, same bytes.
"""

from collections.abc import Callable, Mapping

from tracker.reports.document import Document
from tracker.snapshot import Snapshot

Writer = Callable[[Document], bytes]


def _markdown(document: Document) -> bytes:
    from tracker.reports.as_markdown import write  # noqa: PLC0415

    return write(document)


def _docx(document: Document) -> bytes:
    from tracker.reports.as_docx import write  # noqa: PLC0415 - python-docx costs a tenth of a second

    return write(document)


FORMATS: Mapping[str, Writer] = {"md": _markdown, "docx": _docx}
"""File ending to writer."""


def paper(snapshot: Snapshot, unit: str | None = None) -> Document:
    """The bulletin on the month a snapshot is judged in, or one unit's report."""
    if unit is None:
        from tracker.reports.bulletin import bulletin  # noqa: PLC0415

        return bulletin(snapshot)
    from tracker.reports.county import county_report  # noqa: PLC0415

    return county_report(snapshot, unit)
