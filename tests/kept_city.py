"""A city in which much was sent and ruled, looked at with and without an index."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from tiny import CHINA, LATER, MINE, OCTOBER_END, QUOTAS, build, decision, head, receipt

from tracker.counts import counts
from tracker.findings import held_entries, month_findings
from tracker.kept import Kept
from tracker.overdue import late_rows
from tracker.paces import paces
from tracker.reporting import reporting
from tracker.snapshot import Snapshot, take
from tracker.standing import Standing
from tracker.summary import summary
from tracker.views import contested, months
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent
GOING = 'state = "推进中"\n'
DONE = 'state = "已完成"\ndone_on = 2026-10-20\n'
EVENT = '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n'
ASSIGNED = QUOTAS.replace("at = 2026-08-10", "at = 2026-10-10")
LASTING = MINE.replace('every = "month"', 'every = "month"\nfrom_last_done = true')
DAYS = (date(2026, 9, 30), OCTOBER_END, date(2026, 11, 22))
INSTANT = timedelta(microseconds=1)


def entry(item: str, more: str = GOING) -> str:
    """An update."""
    return f'[[update]]\nitem = "{item}"\n{more}'


OPENING = (
    head(month="2026-07", more="opening = true") + entry("mine-1") + entry("mine-7", GOING + "done = 1\ntotal = 9\n")
)
EAST_9 = head(month="2026-09") + entry("mine-2@2026-09", DONE.replace("10-20", "09-12")) + EVENT
EAST = head(more='rest = "unchanged"') + entry("mine-1", DONE) + entry("chem-1", GOING + "done = 30\n")
EAST_2 = head() + entry("mine-1", DONE) + entry("chem-1", GOING + "done = 60\n") + EVENT.replace("10-12", "10-19")
WEST = head("west") + entry("chem-1", GOING + "done = 40\n") + entry("mine-6", 'state = "受阻"\nwaiting_on = "省"\n')
PROMISED = 'cause = "资金没有到位"\nmeasure = "已经协调落实"\npromised_on = 2026-12-20\n'
WEST += entry("mine-1", GOING + PROMISED)
RULINGS = (
    decision("return", "east", "2026-10-12T09:00:00+08:00", 'file = "east.toml"'),
    decision("accept", "east", "2026-10-13T09:00:00+08:00", 'file = "east.toml"'),
    decision("verify", "east", "2026-10-20T09:00:00+08:00", 'item = "mine-1"'),
    decision("reopen", "east", "2026-10-26T09:00:00+08:00", 'item = "mine-1"'),
    decision("extend", "west", "2026-10-21T09:00:00+08:00", 'item = "mine-1"\nuntil = 2026-11-15\n'),
    decision("correct", "west", "2026-11-05T09:00:00+08:00", f'item = "mine-7"\n{GOING}done = 3\ntotal = 4\n'),
    decision("waive", "west", "2026-11-06T09:00:00+08:00", 'item = "mine-2"\nground = "不涉及"\n'),
)
"""Rulings of many kinds, in October's folder."""


def files() -> dict[str, str | bytes]:
    """Files of every kind: received ones, ones without a receipt, one that cannot be read, rulings and an undo."""
    received = (
        receipt("east.toml", EAST, "2026-10-11T09:00:00+08:00"),
        receipt("east.2.toml", EAST_2, "2026-10-25T09:00:00+08:00"),
        receipt("broken.toml", "x =\n", "2026-10-24T09:00:00+08:00"),
    )
    return {
        "opening/east.toml": OPENING,
        "2026-09/east.toml": EAST_9,
        "2026-09/receipts.toml": receipt("east.toml", EAST_9, "2026-10-01T09:00:00+08:00"),
        "2026-10/east.toml": EAST,
        "2026-10/east.2.toml": EAST_2,
        "2026-10/west.toml": WEST,
        "2026-10/broken.toml": "x =\n",
        "2026-10/receipts.toml": "".join(received),
        "2026-10/decisions.toml": "".join(RULINGS),
    }


def moments() -> list[datetime]:
    """Every moment at which something was received, ruled or assigned, or from which the books count."""
    days = (1, 11, 12, 13, 20, 21, 24, 25, 26)
    of_october = [datetime(2026, 10, day, 9, tzinfo=CHINA) for day in days]
    of_november = [datetime(2026, 11, day, 9, tzinfo=CHINA) for day in (5, 6)]
    return [datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 10, 10, tzinfo=CHINA), *of_october, *of_november]


def city(folder: Path) -> Workspace:
    """The workspace."""
    return Workspace(build(folder, files(), {"assignments.toml": ASSIGNED, "mine.toml": LASTING}))


FIELDS = [name for name, value in vars(Standing).items() if isinstance(value, (property, cached_property))]


def told(snapshot: Snapshot) -> tuple[object, ...]:
    """Everything that a snapshot says: every field of every standing in its order, what is late, and the problems."""
    several = [[getattr(s, name) for name in FIELDS] for s in snapshot.standings]
    late = [(s.occurrence.unit, s.occurrence.id) for s in snapshot.late]
    return snapshot.clocks, several, late, snapshot.problems


def shown(snapshot: Snapshot) -> dict[str, object]:
    """Everything that is worked out of a day and kept."""
    page = summary(snapshot)
    before = snapshot.on(snapshot.clocks.month - timedelta(days=1))
    return {
        "overdue": late_rows(snapshot),
        "page": page,
        "paces": paces(snapshot),
        "reported": [reporting(snapshot, month) for month in months(snapshot)],
        "counts": counts(snapshot),
        "contested": contested(snapshot),
        "findings": [*month_findings(snapshot, before)],
        "held": held_entries(snapshot),
        "narrative": snapshot.narrative,
        "fingerprint": snapshot.fingerprint,
    }


def look(here: Workspace, day: date = OCTOBER_END, by: datetime = LATER, programme: str = "city") -> Snapshot:
    """A snapshot by the index, as any command takes it."""
    snapshot, _problems = take(here, programme, day, by)
    assert snapshot is not None
    return snapshot


def fresh(here: Workspace, day: date = OCTOBER_END, by: datetime = LATER, programme: str = "city") -> Snapshot:
    """A snapshot without an index."""
    return look(Workspace(here.root, is_lasting=False), day, by, programme)


def is_kept(snapshot: Snapshot) -> bool:
    """Whether it was taken from what was kept."""
    return isinstance(snapshot.standings, Kept)


def kept_names(here: Workspace) -> set[str]:
    """Under what names something is kept of the programme's files."""
    assert here.index is not None
    with closing(sqlite3.connect(here.index)) as base:
        return {name for (name,) in base.execute("select name from kept where scope = 'city zh'")}


def put_aside(here: Workspace, names: str) -> None:
    """Delete what is kept under such names."""
    assert here.index is not None
    with closing(sqlite3.connect(here.index, isolation_level=None)) as base:
        base.execute("delete from kept where name like ?", (names,))


def path_of(here: Workspace, name: str) -> Path:
    """A file of the programme's status."""
    return here.status("city") / name


def add(here: Workspace, name: str, text: str) -> None:
    """Put more at the end of a file."""
    path = path_of(here, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def replace_in(path: Path, before: str, after: str) -> None:
    """Other words in a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
