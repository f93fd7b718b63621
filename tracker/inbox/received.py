"""What became of a file that came in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.language import mark
from tracker.problems import Problem
from tracker.sheets import Sheet
from tracker.submissions import Submission

Outcome = Literal["received", "same", "held", "attachment", "left"]

OUTCOMES: Mapping[str, str] = {
    "received": mark("收进"),
    "same": mark("重复"),
    "held": mark("暂存"),
    "attachment": mark("附件"),
    "left": mark("未收"),
}

TO_ACT_ON = ("held", "left")
"""Outcomes after which somebody has to do something."""


@dataclass(frozen=True)
class Received:
    """What became of one file."""

    given: str
    """The path as it was given."""
    outcome: Outcome
    stored: str = ""
    """Where its bytes are kept, from the workspace's root."""
    unit: str = ""
    month: date | None = None
    submission: Submission | None = None
    sheet: Sheet | None = None
    """What it is where an enterprise's sheet came and not a submission."""
    problems: tuple[Problem, ...] = ()
    reason: str = ""
