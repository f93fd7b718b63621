"""How much was owed, done and late."""

from dataclasses import fields
from pathlib import Path
from random import Random

from autumn import ON_TIME, done, entry
from tiny import OCTOBER_END, at, changed, decision, head, receipt, see

from tracker.figures import figures
from tracker.filters import Filter
from tracker.lights import matrix
from tracker.snapshot import Snapshot
from tracker.statuses import STATUSES
from tracker.views import chosen


def test_figures_count_what_fell_due_since_the_books_began(autumn: Snapshot) -> None:
    mine = figures(chosen(autumn, Filter(plan="mine", unit="east")), OCTOBER_END)
    # mine-1, and the months of August, September and October.
    assert (mine.owed, mine.done, mine.verified, mine.on_time, mine.late) == (4, 2, 0, 2, 2)
    assert mine.rate == 50.0
    assert figures([], OCTOBER_END).rate is None


def test_late_but_done_is_done_and_not_on_time(tmp_path: Path) -> None:
    text = head() + entry("mine-1", done("2026-10-08"))
    files = {
        "2026-10/east.toml": text,
        "2026-10/receipts.toml": receipt("east.toml", text, ON_TIME),
        "2026-10/decisions.toml": decision("verify", "east", "2026-11-03T09:00:00+08:00", 'item = "mine-1"'),
    }
    snapshot = see(tmp_path, files)
    assert at(snapshot, "east", "mine-1").days_late == 8
    found = figures([at(snapshot, "east", "mine-1")], OCTOBER_END)
    assert (found.owed, found.done, found.verified, found.on_time, found.late) == (1, 1, 1, 0, 0)


def test_totals_are_the_sums_of_their_rows(autumn: Snapshot) -> None:
    random = Random(7)
    rows = [
        changed(s, status=random.choice(list(STATUSES)), days_late=random.choice([0, 0, 5]))
        for s in autumn.standings
        for _n in range(3)
    ]
    whole = figures(rows, OCTOBER_END)
    parts = [figures([s for s in rows if s.occurrence.unit == u.id], OCTOBER_END) for u in autumn.programme.units]
    for name in (field.name for field in fields(whole)):
        assert getattr(whole, name) == sum(getattr(part, name) for part in parts)
    assert whole.owed >= whole.done >= whole.on_time
    found = matrix(autumn.with_standings(rows))
    for row in found.cells:
        assert row[-1].late == sum(c.late for c in row[:-1])
