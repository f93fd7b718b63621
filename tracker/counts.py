"""The numbers of a month's bulletin, of the city, of each plan and of each unit."""

from tracker.counted import Counts
from tracker.deadlines import month_end
from tracker.figures import figures
from tracker.lights import cell
from tracker.reporting import reporting
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.views import named

CITY = "city"


def counts(snapshot: Snapshot) -> tuple[Counts, ...]:
    """The numbers of the month's bulletin: of the city, of each plan, of each unit."""
    return snapshot.worked_out(f"counts by {snapshot.clocks.today}", tuple[Counts, ...], lambda: _counted(snapshot))


def _counted(snapshot: Snapshot) -> tuple[Counts, ...]:
    reports = reporting(snapshot, snapshot.clocks.month)
    status = {r.unit.id: r.status for r in reports}
    in_time = str(sum(s == "on-time" for s in status.values()))
    rows = named(snapshot).standings
    return (
        _counts(CITY, list(rows), snapshot, in_time),
        *(
            _counts(f"plan:{plan.stem}", [s for s in rows if s.occurrence.milestone.plan == plan.stem], snapshot)
            for plan in snapshot.programme.plans
        ),
        *(
            _counts(f"unit:{u.id}", [s for s in rows if s.occurrence.unit == u.id], snapshot, status.get(u.id, ""))
            for u in snapshot.programme.units
        ),
    )


def _counts(of: str, rows: list[Standing], snapshot: Snapshot, reported: str = "") -> Counts:
    as_of, month = snapshot.clocks.as_of, snapshot.clocks.month
    found = figures(rows, as_of)
    in_month = [s for s in rows if s.is_done and s.done_on is not None and month <= s.done_on <= month_end(month)]
    missed = cell(rows, "", "", as_of).missed
    return Counts(
        of, found.owed, found.done, found.verified, found.on_time, found.late, missed, len(in_month), reported
    )
