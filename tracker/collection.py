"""A year's collections: when each month's forms go out, files are asked for, late and reviewed, the bulletin issued.

The days come from the reporting rule (``[[report]]``) and the office's own part (``[collection]``), moved over
days off; each says what moved it, and whether that is announced or assumed. Entering the year's notice in
``holidays.toml`` is all it takes to have them proposed anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tracker.deadlines import Rolled, due_in, months_later, period, rolled
from tracker.language import _, mark
from tracker.plans import Programme
from tracker.reporting import Asked, asked

STAGES: Mapping[str, str] = {
    "open": mark("发表"),
    "asked": mark("收报"),
    "late": mark("迟报起算"),
    "review": mark("审核"),
    "issue": mark("印发"),
}
"""What happens with the reports on a month, in order."""


@dataclass(frozen=True)
class Collection:
    """The collection of the reports on one month."""

    month: date
    days: Mapping[str, Rolled]
    """Stage to its day."""

    @property
    def is_before_month_end(self) -> bool:
        """Whether the files are asked for before the month they speak of has ended (月末前报送)."""
        return self.days["asked"].day < months_later(self.month, 1) - timedelta(days=1)


def collections(programme: Programme, year: int) -> list[Collection]:
    """The twelve collections of a year: of the reports asked for in it, on December before to November.

    None where the programme has no monthly rule. The programme's own end does not end them.
    """
    first = months_later(date(year, 1, 1), -1)
    found = [(month, asked(programme, month)) for month in (months_later(first, n) for n in range(12))]
    return [Collection(month, dict(_days(programme, days))) for month, days in found if days is not None]


def _days(programme: Programme, days: Asked) -> Iterator[tuple[str, Rolled]]:
    own, workdays = programme.collection, programme.workdays
    following = period("month", months_later(days.month, 1), 0)
    last = rolled(due_in(following, "month", days.rule.late_after), days.rule.late_roll, workdays)
    after = timedelta(days=1)
    issue = rolled(due_in(following, "month", own.issue_by or days.rule.late_after), own.roll, workdays)
    review = workdays.after(days.asked.day, own.review_after)
    waited = tuple(workdays.day(days.asked.day + timedelta(days=n)) for n in range((review - days.asked.day).days + 1))
    if review > issue.day:
        # Whatever the days of reviewing, the bulletin has its day.
        review, waited = max(issue.day, days.asked.day), issue.over
    yield "open", rolled(due_in(period("month", days.month, 0), "month", own.open_on), own.roll, workdays)
    yield "asked", days.asked
    yield "late", Rolled(last.day + after, last.was + after, last.over)
    yield "review", Rolled(review, review, waited)
    yield "issue", issue


def moved_words(day: Rolled) -> str:
    """Why a day is not the one the rule names; empty where it is."""
    if day.day == day.was:
        return ""
    named = _("、").join(dict.fromkeys(d.name for d in day.over if not d.is_working))
    return _("{was} 不是工作日（{named}），移到 {day}", was=day.was, named=named, day=day.day)


def notes(one: Collection) -> list[str]:
    """What is to be known of a month's days: what moved, what is assumed, what the month's end has not seen."""
    moved: dict[str, list[str]] = {}
    for stage, day in one.days.items():
        if words := moved_words(day):
            moved.setdefault(words, []).append(_(STAGES[stage]))
    found = [_("{stages}：{words}", stages=_("、").join(stages), words=words) for words, stages in moved.items()]
    if one.is_before_month_end:
        found.append(_("月末前报送，月底的事项之后补报"))
    if assumed := [_(STAGES[stage]) for stage, day in one.days.items() if day.assumed]:
        found.append(_("推定（assumed）：{stages}", stages=_("、").join(assumed)))
    return found


def collection_rows(programme: Programme, found: list[Collection]) -> list[dict[str, Any]]:
    """The collections as ``calendar --collection --json`` prints them: a row a day."""
    return [
        {
            "programme": programme.id,
            "month": f"{one.month:%Y-%m}",
            "stage": stage,
            "day": day.day.isoformat(),
            "by_rule": day.was.isoformat(),
            "reason": moved_words(day) or None,
            "assumed": day.assumed,
        }
        for one in found
        for stage, day in one.days.items()
    ]
