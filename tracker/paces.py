"""How plans advance: what is done of all that a plan asks, against the time that has passed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.plans import Plan
from tracker.snapshot import Snapshot
from tracker.views import months


@dataclass(frozen=True)
class Pace:
    """What is done of all that a plan ever asks, against the time that has passed."""

    plan: Plan
    by_month: tuple[tuple[date, int], ...]
    """How many were done in each month with records, oldest first."""
    done: int
    owed: int
    """Everything dated and on the books, up to the plan's last day."""
    time: float
    """Percent of the plan's time that has passed."""

    @property
    def share(self) -> float:
        """Percent done."""
        return 100.0 * self.done / self.owed if self.owed else 0.0


class _Counted(NamedTuple):
    """What is counted of a plan, as it is kept."""

    by_month: tuple[tuple[date, int], ...]
    done: int
    owed: int


def paces(snapshot: Snapshot) -> list[Pace]:
    """The plans' pace, in their order."""
    plans = snapshot.programme.plans
    counted = snapshot.worked_out("paces", tuple[_Counted, ...], lambda: tuple(_counted(snapshot)))
    return [Pace(plan, *one, _passed(plan, snapshot.clocks.as_of)) for plan, one in zip(plans, counted, strict=True)]


def _counted(snapshot: Snapshot) -> Iterator[_Counted]:
    known = months(snapshot)
    for plan in snapshot.programme.plans:
        own = [s for s in snapshot.standings if s.occurrence.milestone.plan == plan.stem and s.is_owed]
        when = Counter(s.done_on.replace(day=1) for s in own if s.is_done and s.done_on is not None)
        yield _Counted(tuple((month, when[month]) for month in known), sum(s.is_done for s in own), len(own))


def _passed(plan: Plan, day: date) -> float:
    """Percent of the plan's time that has passed on a day."""
    first, last = plan.head.from_, plan.head.until
    return min(max(100.0 * (day - first).days / max((last - first).days, 1), 0.0), 100.0)
