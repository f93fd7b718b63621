"""What users would use instead, given the very items of a world and asked the same: what is late on that day.

Each maker writes what its program reads into ``folder`` and gives back the command whose output says what is late, or
None where the program is not there.
"""

import argparse
import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import xlsxwriter
from generate import AS_OF, KNOWN_BY

from tracker.snapshot import Snapshot, take
from tracker.statuses import OFF_THE_BOOKS
from tracker.submissions import Submission
from tracker.workspace import Workspace


@dataclass(frozen=True)
class Item:
    """A dated thing that somebody owes."""

    unit: str
    plan: str
    name: str
    due: date
    is_done: bool
    is_verified: bool = False

    @property
    def is_late(self) -> bool:
        """Whether it is late on the day asked about."""
        return not self.is_done and self.due < AS_OF


def snapshots(world: Path) -> Iterator[Snapshot]:
    """What tracker makes of a world, programme by programme."""
    workspace = Workspace(world)
    for name in workspace.programmes:
        snapshot, _problems = take(workspace, name, AS_OF, KNOWN_BY)
        if snapshot is not None:
            yield snapshot


def items(seen: Iterable[Snapshot], most: int | None = None) -> list[Item]:
    """What is owed in a world, as far as it has a day: the first so many."""
    owed = (s for snapshot in seen for s in snapshot.standings)
    found = [
        Item(s.occurrence.unit, s.occurrence.milestone.plan, s.occurrence.id, s.due, s.is_done, s.status == "verified")
        for s in owed
        if s.due is not None and s.status not in OFF_THE_BOOKS
    ]
    return found[:most]


READ_WORKBOOKS = f"""
import sys, pathlib, datetime, openpyxl
late = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob('*.xlsx')):
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    latest = {{}}
    for month, item, state, done_on, note in book['填报'].iter_rows(min_row=2, max_col=5, values_only=True):
        if month <= '{AS_OF:%Y-%m}':
            latest[item] = month, state, done_on, note
    for item, due, closed in book['台账'].iter_rows(min_row=2, max_col=3, values_only=True):
        late += due < '{AS_OF}' and not closed and (item not in latest or latest[item][1] != 'done')
print(late)
"""
"""The office's way: the last word of each unit on each of its items, from its workbook."""


def workbooks(seen: Iterable[Snapshot], folder: Path) -> list[str]:
    """A workbook a unit: what it owes and when, and what it has said, month by month."""
    folder.mkdir()
    for snapshot in seen:
        ledger = items([snapshot])
        for unit in snapshot.programme.units:
            book = xlsxwriter.Workbook(folder / f"{unit.id}.xlsx")
            rows = [(one.name, str(one.due), "是" * one.is_verified) for one in ledger if one.unit == unit.id]
            _sheet(book, "台账", [("编号", "到期", "已销号"), *rows])
            _sheet(book, "填报", [("月份", "编号", "状态", "完成日期", "说明"), *_said(snapshot, unit.id)])
            book.close()
    return [sys.executable, "-c", READ_WORKBOOKS, str(folder)]


def _sheet(book: xlsxwriter.Workbook, name: str, rows: Iterable[Sequence[object]]) -> None:
    sheet = book.add_worksheet(name)
    for n, row in enumerate(rows):
        sheet.write_row(n, 0, row)


def _said(snapshot: Snapshot, unit: str) -> list[Sequence[object]]:
    """The rows of a unit's workbook, month by month."""
    return [
        (f"{one.month:%Y-%m}", u.item, u.state, str(u.done_on or ""), u.note)
        for one in _last_versions(snapshot)
        if one.unit == unit
        for u in one.updates
    ]


def _last_versions(snapshot: Snapshot) -> list[Submission]:
    """What units sent, month by month: of every month, and of every part, the last version."""
    last = {}
    for one, _received in sorted(snapshot.shelf.submissions, key=lambda found: (found[0].month, found[0].version)):
        last[one.unit, one.month, one.head.part] = one
    return list(last.values())


def taskwarrior(folder: Path, owed: Sequence[Item]) -> list[str] | None:
    """The items in taskwarrior, and its report of what is overdue.

    It knows no other day than today's: the due days are moved by as much as today is later.
    """
    if shutil.which("task") is None:
        return None
    folder.mkdir()
    rc = folder / "rc"
    rc.write_text(f"data.location={folder}\nconfirmation=off\nverbose=nothing\nhooks=off\n", encoding="utf-8")
    later = date.today() - AS_OF  # noqa: DTZ011 - as taskwarrior counts
    tasks = [
        {
            "description": f"{one.unit} {one.name}",
            "due": f"{one.due + later + timedelta(days=1):%Y%m%d}T000000Z",
            "entry": "20240101T000000Z",
            **({"status": "completed", "end": "20240102T000000Z"} if one.is_done else {"status": "pending"}),
        }
        for one in owed
    ]
    (folder / "all.json").write_text(json.dumps(tasks), encoding="utf-8")
    call = ["task", f"rc:{rc}"]
    subprocess.run([*call, "import", str(folder / "all.json")], check=True, capture_output=True)
    return [*call, "overdue"]


def hledger(folder: Path, owed: Sequence[Item]) -> list[str] | None:
    """The items as transactions, open ones pending; the balance of what was pending before the day, by account."""
    if shutil.which("hledger") is None:
        return None
    folder.mkdir()
    journal = folder / "all.journal"
    entries = (
        f"{one.due} {'*' if one.is_done else '!'} {one.name}\n    unit:{one.unit}:{one.plan}  1\n    owed\n"
        for one in owed
    )
    journal.write_text("\n".join(entries), encoding="utf-8")
    return ["hledger", "-f", str(journal), "bal", "unit", "--pending", "--end", str(AS_OF)]


def taskjuggler(folder: Path, owed: Sequence[Item]) -> list[str] | None:
    """The items as a project's milestones; its report of those before the day that are not complete."""
    if shutil.which("tj3") is None:
        return None
    folder.mkdir()
    tasks = (
        f'task t{n} "{one.unit} {one.name}" {{ start {one.due} complete {100 * one.is_done} }}'
        for n, one in enumerate(owed)
    )
    report = f"hidetask ~((plan.end < {AS_OF}) & (plan.complete < 100))"
    plan = folder / "all.tjp"
    plan.write_text(
        "\n".join(
            (
                f'project all "all" 2023-12-31 +5y {{ now {AS_OF} }}',
                *tasks,
                f'taskreport late "late" {{ formats csv columns name, end, complete {report} }}',
            )
        ),
        encoding="utf-8",
    )
    return ["tj3", "--silent", "--output-dir", str(folder), str(plan)]


LATE_BY_UNIT_AND_PLAN = """
import sys, duckdb
folder, day = sys.argv[1:]
duckdb.sql(f"create view updates as from '{folder}/updates.parquet'")
duckdb.sql(f"create view items as from '{folder}/items.parquet'")
rows = duckdb.execute('''
    with latest as (
        select unit, item, arg_max(state, (month, version)) state
        from updates where month <= strftime($day, '%Y-%m') group by unit, item
    )
    select unit, plan, count(*) filter (is_owed), count(*) filter (
        is_owed and due < $day and not is_verified and coalesce(state, '') <> 'done'
    )
    from items left join latest using (unit, item) group by unit, plan order by unit, plan
''', {'day': __import__('datetime').date.fromisoformat(day)}).fetchall()
for row in rows: print(*row)
"""
"""Unit, plan, how many are owed, how many of them are late."""

AS_PARQUET = """
import sys, duckdb
for name in ('updates', 'items'):
    duckdb.sql(f"copy (from '{sys.argv[1]}/{name}.csv') to '{sys.argv[1]}/{name}.parquet'")
"""


def duckdb(seen: Iterable[Snapshot], folder: Path) -> list[str] | None:
    """The same updates and items as Parquet; DuckDB's matrix of what is owed and late by unit and plan."""
    if find_spec("duckdb") is None:
        return None
    folder.mkdir()
    with (
        (folder / "updates.csv").open("w", newline="") as updates,
        (folder / "items.csv").open("w", newline="") as owed,
    ):
        said, due = csv.writer(updates), csv.writer(owed)
        said.writerow(("unit", "item", "month", "version", "state", "done_on"))
        due.writerow(("unit", "plan", "item", "due", "is_verified", "is_owed"))
        for snapshot in seen:
            for one in _last_versions(snapshot):
                said.writerows(
                    (one.unit, u.item, f"{one.month:%Y-%m}", one.version, u.state, u.done_on) for u in one.updates
                )
            due.writerows(
                (o.unit, o.milestone.plan, o.id, s.due, s.status == "verified", s.is_owed)
                for s in snapshot.standings
                for o in (s.occurrence,)
            )
    subprocess.run([sys.executable, "-c", AS_PARQUET, str(folder)], check=True, capture_output=True)
    return [sys.executable, "-c", LATE_BY_UNIT_AND_PLAN, str(folder), str(AS_OF)]


MAKERS = {"task": taskwarrior, "hledger": hledger, "tj3": taskjuggler}


def main() -> None:
    """Write what a program reads, and print the command that asks it, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", choices=[*MAKERS, "openpyxl", "duckdb"])
    parser.add_argument("world", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--items", type=int, help="at most so many")
    args = parser.parse_args()
    seen = snapshots(args.world)
    match args.program:
        case "openpyxl":
            command: list[str] | None = workbooks(seen, args.folder)
        case "duckdb":
            command = duckdb(seen, args.folder)
        case _:
            command = MAKERS[args.program](args.folder, items(seen, args.items))
    sys.stdout.write(json.dumps(command))


if __name__ == "__main__":
    main()
