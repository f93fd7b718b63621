"""Reports: what a paper says (one module a paper) and how it is written (one module a format).

A paper is a ``Document`` of headings, paragraphs and tables; a format turns any document
into bytes. The Excel annex is no paper: its cells are typed (``annex``). Same inputs, same bytes.
"""

from collections.abc import Callable, Mapping

from tracker.assessments import Assessment
from tracker.problems import Problem
from tracker.reports import as_pdf
from tracker.reports.document import Document
from tracker.snapshot import Snapshot
from tracker.workspace import Workspace

TEMPLATE = ".docx"
"""How the name of a Word template ends."""

Writer = Callable[[Document], bytes]


def _markdown(document: Document) -> bytes:
    from tracker.reports.as_markdown import write  # noqa: PLC0415

    return write(document)


def _text(document: Document) -> bytes:
    from tracker.reports.as_text import write  # noqa: PLC0415

    return write(document)


def _docx(document: Document) -> bytes:
    from tracker.reports.as_docx import write  # noqa: PLC0415 - python-docx costs a tenth of a second

    return write(document)


FORMATS: Mapping[str, Writer] = {"md": _markdown, "docx": _docx, "txt": _text}
"""File ending to writer."""

CONVERTED: Mapping[str, Callable[[bytes], bytes]] = {"pdf": as_pdf.pdf, "png": as_pdf.png}
"""File ending to what makes it from a Word file; ``CannotConvert`` where the program for it is missing."""


def leaders_page(snapshot: Snapshot) -> Document:
    """The leaders' one sheet of the day a snapshot is judged on."""
    from tracker.reports.leaders import leaders_page as page  # noqa: PLC0415

    return page(snapshot)


def leaders_html(snapshot: Snapshot) -> bytes:
    """The leaders' page as one HTML file, with its charts and its reasons."""
    from tracker.reports.as_html import write  # noqa: PLC0415 - the template engine costs a tenth of a second

    return write(snapshot)


def book(snapshot: Snapshot, unit: str | None = None) -> bytes:
    """The Excel annex on the month a snapshot is judged in, of the city or of one unit."""
    from tracker.reports.annex import annex  # noqa: PLC0415
    from tracker.reports.as_xlsx import write  # noqa: PLC0415

    return write(annex(snapshot, unit))


def drafted(snapshot: Snapshot, unit: str) -> Document:
    """核对稿: what the bulletin will say of one unit."""
    from tracker.reports.draft import draft  # noqa: PLC0415

    return draft(snapshot, unit)


def score_paper(snapshot: Snapshot, assessment: Assessment) -> Document:
    """企业考核表: one enterprise's period, to be signed."""
    from tracker.reports.score import score_sheet  # noqa: PLC0415

    return score_sheet(snapshot, assessment)


def paper(snapshot: Snapshot, unit: str | None = None) -> Document:
    """The bulletin on the month a snapshot is judged in, or one unit's report."""
    if unit is None:
        from tracker.reports.bulletin import bulletin  # noqa: PLC0415

        return bulletin(snapshot)
    from tracker.reports.county import county_report  # noqa: PLC0415

    return county_report(snapshot, unit)


def template_problems(workspace: Workspace, programme: str) -> list[Problem]:
    """What is wrong with the Word templates that an office has of its own."""
    folder = workspace.templates(programme)
    if not any(folder.glob(f"*{TEMPLATE}")):
        return []
    from tracker.reports.template import checked  # noqa: PLC0415 - python-docx costs a tenth of a second

    return checked(folder, workspace.shown(folder))
