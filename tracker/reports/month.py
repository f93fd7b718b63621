"""What a paper on a month looks at: its last day, and the last day of the month before."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.deadlines import month_end
from tracker.figures import Figures, figures_of
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.views import due_between, overdue


@dataclass(frozen=True)
class Month:
    """A month as a paper looks at it."""

    now: Snapshot
    before: Snapshot
    first: date
    disputed: int = 0
    """Late items left out while an objection to them is open."""

    @property
    def last(self) -> date:
        """The month's last day."""
        return month_end(self.first)

    @cached_property
    def figures(self) -> Figures:
        """The city's figures on the last day."""
        return figures_of(self.now)

    @cached_property
    def last_months(self) -> Figures | None:
        """The figures a month earlier; None where the books had not begun."""
        return figures_of(self.before) if self.first > self.now.programme.head.records_from else None

    @cached_property
    def done(self) -> tuple[Standing, ...]:
        """What was done on a day of the month."""
        last = self.last
        return tuple(s for s in self.now.standings if s.done_on is not None and self.first <= s.done_on <= last)

    def done_by(self, unit: str) -> list[Standing]:
        """What of that a unit has done."""
        return [s for s in self.done if s.occurrence.unit == unit]

    def late(self) -> list[Standing]:
        """What is late and current, worst first: past periods are counted, not listed."""
        return [s for s in overdue(self.now) if s.is_current]

    def open_today(self) -> list[Standing]:
        """What falls due on the month's last day and is not done: not late yet, due all the same."""
        return due_between(self.now, self.last, self.last)
