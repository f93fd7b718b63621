"""What the units sent in on a month, on the coordinator's desk."""

from dataclasses import dataclass
from datetime import date

from tracker.chasing import missing
from tracker.deadlines import month_end, months_later
from tracker.decisions import OF_FILES
from tracker.findings import Finding, month_findings
from tracker.merge import counting
from tracker.reporting import Reported, reporting
from tracker.snapshot import Snapshot
from tracker.submissions import Submission


@dataclass(frozen=True)
class Arrival:
    """A unit's submission of a month on the coordinator's desk."""

    reported: Reported
    submissions: tuple[Submission, ...]
    """What counts of what it sent: one file, or one of each section."""
    returned: int
    """Entries sent back and not answered."""
    findings: tuple[Finding, ...]
    is_accepted: bool
    text: str
    """What to send to who still owes something; empty for the others."""

    @property
    def updates(self) -> int:
        """The entries."""
        return sum(len(s.updates) for s in self.submissions)

    @property
    def held(self) -> int:
        """Entries with mistakes."""
        return sum(len(s.held) for s in self.submissions)


def arrivals(snapshot: Snapshot, month: date, today: date) -> list[Arrival]:
    """A month's submissions in protocol order; ``snapshot`` is judged on that month's end or later."""
    then = snapshot.on(month_end(month))
    waiting = {w.reported.unit.id: w for w in missing(then, month, today)}
    standing = [
        f.submission
        for f in counting(then.programme, then.filed, then.decisions, then.clocks)
        if f.submission.month == month
    ]
    odd = month_findings(then, snapshot.on(month_end(months_later(month, -1))))
    found = []
    for r in reporting(then, month):
        w = waiting.get(r.unit.id)
        own = tuple(s for s in standing if s.unit == r.unit.id)
        found.append(
            Arrival(
                w.reported if w is not None else r,
                own,
                w.returned if w is not None else 0,
                tuple(f for f in odd if f.unit == r.unit.id),
                bool(own) and all(_is_accepted(then, s.file, s.digest, r.unit.id, month) for s in own),
                w.text if w is not None else "",
            )
        )
    return found


def _is_accepted(snapshot: Snapshot, file: str, digest: str, unit: str, month: date) -> bool:
    """Whether the latest ruling on a file as it is now accepts it."""
    name = file.rpartition("/")[2]
    rulings = [
        d
        for d in sorted(snapshot.decisions, key=lambda d: d.at)
        if (d.unit, d.month, d.item) == (unit, month, None)
        and d.kind in OF_FILES
        and d.file == name
        and d.sha256 in (None, digest)
        and d.at <= snapshot.clocks.known_by
    ]
    return bool(rulings) and rulings[-1].kind == "accept"
