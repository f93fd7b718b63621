"""Submissions of one entry for tests, and the one thing that is said of each."""

from tiny import checked, head

from tracker.problems import Problem
from tracker.submissions import Context

LATE = 'cause = "资金没有到位"\nmeasure = "已经列入预算"\npromised_on = 2026-12-20\n'
EVENT = '[[event]]\nkind = "试生产开始"\nref = "T1"\nname = "加氢装置"\n'


def update(item: str, more: str, month: str = "2026-10", unit: str = "east", top: str = "") -> str:
    """A submission with one entry, which begins on line 7."""
    return f'{head(unit, month, top)}[[update]]\nitem = "{item}"\n{more}'


def one(text: str, context: Context) -> Problem:
    """The only problem of a file."""
    _submission, problems = checked(text, context)
    assert len(problems) == 1, problems
    return problems[0]


def none(text: str, context: Context) -> bool:
    """Whether a file is without a problem and its one update counts."""
    submission, problems = checked(text, context)
    assert problems == []
    assert submission is not None
    return len(submission.updates) == 1
