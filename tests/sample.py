"""The sample that is shipped, as it stands on a day."""

from datetime import date, datetime
from functools import cache
from pathlib import Path

from tiny import CHINA, OCTOBER_END

from tracker.snapshot import Snapshot, take
from tracker.workspace import Workspace

WORKSPACE = Workspace(Path(__file__).parent.parent)
KNOWN_BY = datetime(2026, 11, 6, 18, 0, tzinfo=CHINA)
"""Soon after October's reports were in."""


def sample(as_of: date = OCTOBER_END, known_by: datetime = KNOWN_BY, programme: str = "liaocheng") -> Snapshot:
    """The sample on a day, with what was known by a moment."""
    snapshot, problems = take(WORKSPACE, programme, as_of, known_by)
    assert snapshot is not None, problems
    return snapshot


@cache
def october() -> Snapshot:
    """The sample at the end of October, as known soon after."""
    return sample()
