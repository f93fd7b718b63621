"""``standing.sql`` as it runs on SQLite: its tables filled, its steps taken."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing as closed_after
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from tracker.deadlines import after_done
from tracker.merge_tables import TABLES, Row

TEXT = Path(__file__).with_name("standing.sql")

KEYS: Mapping[str, str] = {
    "occurrence": "unit, item",
    "version": "file",
    "speaks": "file, plan",
    "said": "file, item",
    "known_ruling": "unit, item",
    "known_version": "file",
    "ruling_on_file": "unit",
    "file_sent_back": "file",
    "counting": "unit, plan, month",
    "spell": "unit, item",
    "once_closed": "n",
    "sent_back_for_item": "n, file",
    "counting_for_item": "n, month",
    "word_sent_back": "n, file",
    "word": "n, month, turn, is_good",
    "record": "n, month",
    "correction": "n",
    "returned": "n",
    "closed_by_sheets": "n",
    "candidate": "n, turn",
    "last_record": "n",
    "asserted": "n",
    "pooled": "item",
    "ruled": "n",
    "closing_ruling": "n",
    "was_done": "unit, milestone",
    "last_done": "n",
    "ruled_out": "n",
    "granted": "n",
    "judged": "n",
}
"""By what a table is looked up. A step that is here is kept as a table, any other is a view: this changes the speed
and nothing else."""


@cache
def steps() -> Mapping[str, str]:
    """The steps of ``standing.sql``, in their order: each name with what it selects."""
    found = re.findall(
        r"^create temporary view (\w+) as\n(.*?);$", TEXT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return MappingProxyType(dict(found))


@dataclass(frozen=True)
class Tables:
    """The filled tables."""

    base: sqlite3.Connection

    def fill(self, table: str, rows: Iterable[Row]) -> None:
        """Make one of ``TABLES`` of its rows."""
        columns = TABLES[table]
        self.base.execute(f"create temporary table {table} ({columns})")
        places = ", ".join("?" for _column in columns.split(","))
        self.base.executemany(f"insert into {table} values ({places})", rows)  # noqa: S608 - names of our own
        self._key(table)

    def run(self, last: str) -> None:
        """Every step up to ``last``."""
        names = list(steps())
        for name in names[: names.index(last) + 1]:
            self.base.execute(f"create temporary {'table' if name in KEYS else 'view'} {name} as\n{steps()[name]}")
            self._key(name)

    def _key(self, table: str) -> None:
        if table in KEYS:
            self.base.execute(f"create index by_{table} on {table} ({KEYS[table]})")


@contextmanager
def opened() -> Iterator[Tables]:
    """Tables to be filled, in memory, for as long as they are needed."""
    with closed_after(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.create_function("after_done", 2, _after_done, deterministic=True)
        base.execute("pragma temp_store = memory")
        base.execute("begin")  # each row in a transaction of its own takes twice as long
        yield Tables(base)


def _after_done(day: int, every: str) -> int:
    return after_done(date.fromordinal(day), every).toordinal()
