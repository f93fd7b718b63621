"""What a submission's file said when it was last read, as the index keeps it under the file's name."""

from dataclasses import dataclass
from datetime import date

from tracker.index import Index
from tracker.occurrences import Event
from tracker.problems import Problem
from tracker.submissions import Submission


@dataclass(frozen=True)
class Heard:
    """What a submission's file says."""

    digest: str
    unit: str
    """Who it says it is from; empty where that cannot be read."""
    month: date
    """By its folder."""
    events: tuple[Event, ...]
    context: str
    """A digest of what it was checked against."""
    submission: Submission | None
    problems: tuple[Problem, ...]
    misplaced: tuple[Problem, ...]
    """Why it does not count where it lies."""


def heard(index: Index, name: str) -> Submission | None:
    """The submission that a file was when the index was looked into; None where that is no longer known."""
    one = index.last(name, Heard)
    return one.submission if one is not None else None
