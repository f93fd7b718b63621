"""The tiny programme in October, when something has been said of it."""

from collections.abc import Iterable
from pathlib import Path

from tiny import head, see

from tracker.snapshot import Snapshot
from tracker.standing import Standing

ON_TIME, TOO_LATE = "2026-11-02T23:59:00+08:00", "2026-11-03T00:01:00+08:00"
"""On the last minute of the day, and the first after it."""

GOING = 'state = "推进中"\n'
LATE = 'cause = "资金没有到位"\nmeasure = "已经列入预算"\npromised_on = 2026-12-20\n'


def entry(item: str, more: str = GOING) -> str:
    return f'[[update]]\nitem = "{item}"\n{more}'


def done(day: str) -> str:
    return f'state = "已完成"\ndone_on = {day}\nevidence = ["报告"]\n'


FILES = {
    "2026-09/east.toml": head(month="2026-09") + entry("mine-2@2026-09", done("2026-09-20")),
    "2026-10/east.toml": head()
    + entry("mine-1", GOING + LATE)
    + entry("mine-2@2026-10", done("2026-10-20"))
    + entry("chem-3", done("2026-10-08")),
    "2026-10/west.toml": head("west") + entry("mine-7", 'state = "受阻"\nwaiting_on = "省厅"\n' + LATE),
}


def keys(rows: Iterable[Standing]) -> list[tuple[str, str]]:
    """Units and occurrences."""
    return [(s.occurrence.unit, s.occurrence.id) for s in rows]


def october(folder: Path) -> Snapshot:
    """The last day of October."""
    snapshot = see(folder, FILES)
    assert snapshot.problems == ()
    return snapshot
