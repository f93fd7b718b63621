"""A form in tests as far as it was filled in."""

from datetime import date
from pathlib import Path
from typing import Any

from tiny import OCTOBER, checked, see

from tracker.filling.draft import Draft
from tracker.forms import form
from tracker.submissions import Submission
from tracker.workspace import Workspace

REQUIRED = ["mine-1", "mine-2@2026-09", "chem-3", "mine-2@2026-10"]
"""What east must answer in October where nothing was ever said; the first two are overdue."""
LATE = {"cause": "资金没有到位", "measure": "已经列入预算", "promised_on": "2026-12-20"}


def opened(root: Path, files: dict[str, Any] | None = None, unit: str = "east", month: date = OCTOBER) -> Draft:
    """The draft of a unit's form in the tiny workspace."""
    snapshot = see(root, files)
    return Draft.open(Workspace(root), snapshot, form(snapshot, unit, month), root / "out")


def named(draft: Draft) -> Draft:
    """With the people who sign."""
    for key in ("prepared_by", "checked_by", "approved_by"):
        draft.put("", key, "王某")
    return draft


def answered(draft: Draft) -> Draft:
    """With every required answer given, rightly."""
    named(draft)
    for item in REQUIRED:
        draft.answer(item, "in-progress")
        for key, text in LATE.items():
            draft.put(item, key, text)
    return draft


def reread(draft: Draft) -> Submission:
    """The submission as it would be received."""
    submission, problems = checked(draft.as_toml(), draft.context)
    assert [p for p in problems if p.holds] == []
    assert submission is not None
    return submission


def words(draft: Draft, item: str) -> dict[str, str]:
    """What is wrong with an item, by field."""
    return {t.key: t.words for t in draft.troubles if t.item == item}
