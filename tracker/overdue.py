"""The rows of the overdue list: what is late and all that is shown of it, so that a list can be kept whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tracker.filters import EVERYTHING, Filter
from tracker.snapshot import Snapshot
from tracker.statuses import STATUSES, Light

if TYPE_CHECKING:  # of a list that was kept nothing is known but its rows
    from tracker.standing import Standing


class Late(NamedTuple):
    """What is late, and by how much."""

    days_late: int
    unit: str
    brief: str
    """The unit's short name."""
    plan: str
    short: str
    """The plan's short name."""
    title: str
    item: str
    due: str
    """The day with what was granted, in ISO's form."""
    status: str
    owner: str
    level: tuple[str, ...]
    promised_on: str
    """The day by which the record promises that it will be done; empty where it promises none."""

    @property
    def light(self) -> Light:
        """The colour of its row."""
        return STATUSES[self.status][0]


def late_row(snapshot: Snapshot, s: "Standing") -> Late:
    """A standing as a row of the list."""
    m = s.occurrence.milestone
    unit, plan = snapshot.unit_of(s), snapshot.plan_of(s)
    return Late(
        s.days_late,
        unit.id,
        unit.brief,
        plan.stem,
        plan.head.short,
        m.title,
        s.occurrence.id,
        str(s.due or ""),
        s.status,
        m.owner,
        m.level,
        str(s.promised_on or ""),
    )


def late_rows(snapshot: Snapshot, wanted: Filter = EVERYTHING) -> Sequence[Late]:
    """What is late, worst first, as ``views.overdue`` has it."""

    def rows() -> tuple[Late, ...]:
        from tracker.views import overdue  # noqa: PLC0415 - only where the list was not kept

        return tuple(late_row(snapshot, s) for s in overdue(snapshot))

    known = snapshot.worked_out("overdue", tuple[Late, ...], rows)
    return known if wanted == EVERYTHING else [row for row in known if wanted.takes(row, row.unit)]
