"""What is judged and by what: a submission and when it was known, what counts as said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.decisions import Decision
from tracker.submissions import Submission, Update


@dataclass(frozen=True, slots=True)
class Filed:
    """A submission and the moment the city knew it."""

    submission: Submission
    received: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """What counts as said of an occurrence: an update of a month, or the city's correction."""

    update: Update
    month: date
    known: datetime
    correction: Decision | None = None


Closing = Mapping[tuple[str, str], Record | None]
"""Unit and occurrence to what sheets say of it; None where there is no sheet yet."""
