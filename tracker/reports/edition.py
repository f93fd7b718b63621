"""The papers of an edition: the bulletin and every unit's report, each as Markdown and as Word."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tracker.reports import FORMATS, paper
from tracker.reports.document import Document
from tracker.reports.fields import day
from tracker.snapshot import Snapshot

BULLETIN = "bulletin"

ENDINGS = ("md", "docx")
"""The formats that are archived: what reads everywhere, and what the office edits."""


def numbered(snapshot: Snapshot, number: str, issued: date) -> Document:
    """The bulletin with the number and the day it was issued under."""
    return replace(paper(snapshot), number=number, signed_on=day(issued))


def papers(snapshot: Snapshot, number: str, issued: date) -> Mapping[str, bytes]:
    """Every paper of a month by its file's name."""
    documents = {BULLETIN: numbered(snapshot, number, issued)}
    documents |= {f"report-{unit.id}": paper(snapshot, unit.id) for unit in snapshot.programme.units}
    return {f"{name}.{ending}": FORMATS[ending](document) for name, document in documents.items() for ending in ENDINGS}
