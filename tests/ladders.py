"""A ladder for tests, letters and marks as they are recorded, and what is due then to the county in the east."""

from datetime import date
from pathlib import Path

from tiny import PROGRAMME, head, receipt, see

from tracker.ladder import Due, due_letters
from tracker.letters import read_letters
from tracker.snapshot import Snapshot
from tracker.workspace import Workspace

STEPS = """
[[step]]
id = "remind"
name = "提醒"
source = "方案5"
late_days = 1
missed = 1
reports = 1
answer = "5 working days"
finish = "1 month"
paper = "工作提醒函"
signer = "市安委办"

[[step]]
id = "urge"
name = "督促"
source = "方案5"
after = "remind"
late_days = 20
missed = 2
reports = 2
answer = "5 working days"
copies = "市安委会领导"
paper = "督促函"

[[step]]
id = "talk"
name = "约谈"
source = "方案5"
after = "urge"
late_days = 30
finish = "10 days"
template = "notice"

[[step]]
id = "expose"
name = "曝光"
source = "方案5"
after = "talk"
late_days = 30
template = "notice"

[[step]]
id = "list"
name = "挂牌"
source = "方案5"
after = "talk"
missed = 9
template = "notice"
"""

LADDER = {"programme.toml": PROGRAMME + STEPS}

DONE = (
    head(month="2026-09", more='rest = "unchanged"')
    + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-10\n'
    + "".join(f'[[update]]\nitem = "mine-2@2026-0{n}"\nstate = "已完成"\ndone_on = 2026-0{n}-20\n' for n in (8, 9))
)
"""East's file of September, by which it owes nothing late."""


def sent(number: str, step: str, items: str, on: str, more: str = "", unit: str = "east") -> str:
    """A letter as recorded on its day."""
    named = ", ".join(f'"{item}"' for item in items.split())
    return (
        f'[[letter]]\nnumber = "{number}"\nstep = "{step}"\nunit = "{unit}"\nitems = [{named}]\nsent = {on}\n'
        f'by = "刘某"\nat = {on}T09:00:00+08:00\n{more}\n'
    )


def marked(number: str, kind: str, on: str, more: str = "") -> str:
    """What became of it."""
    return f'[[mark]]\nletter = "{number}"\nkind = "{kind}"\non = {on}\nby = "孙某"\nat = {on}T15:00:00+08:00\n{more}\n'


def judged(
    root: Path, letters: str = "", on: str = "2026-10-21", files: dict[str, str] | None = None
) -> tuple[Snapshot, list[Due]]:
    """The tiny workspace on a day, and what is due then to the county in the east."""
    day = date.fromisoformat(on)
    snapshot = see(root, {"2026-10/letters.toml": letters, **(files or {})}, as_of=day, plans=LADDER)
    book, problems = read_letters(Workspace(root), snapshot.programme)
    assert problems == []
    return snapshot, [due for due in due_letters(snapshot, book, day) if due.unit.id == "east"]


def of(found: list[Due], item: str) -> Due:
    """The matter an item belongs to."""
    return next(due for due in found if item in due.items)


REMINDED = sent("1号", "remind", "mine-1", "2026-10-09", "answer_by = 2026-10-15\nfinish_by = 2026-11-09")

LATE = head(month="2026-08", more='rest = "unchanged"')

LATE_FILES = {
    "2026-08/east.toml": LATE,
    "2026-08/receipts.toml": receipt("east.toml", LATE, "2026-09-07T10:00:00+08:00"),
}


def reports(found: list[Due]) -> Due:
    """The matter of the unit's reports."""
    return next(due for due in found if due.reports)
