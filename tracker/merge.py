"""Which words count and where each occurrence stands: ``standing.sql``, run on what units sent and the city ruled.

Newest month, then highest version, then latest receipt; what was sent back or withdrawn does
not count and the record before stands; what is verified stays as it was verified. The order of
inputs never matters. The rules are in the SQL; here its tables are filled and its answers read.
(Design 3.3 and 3.4.)
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tracker.clocks import Clocks
from tracker.decisions import Decision
from tracker.filed import Closing, Filed
from tracker.merge_tables import (
    Row,
    clock_row,
    occurrence_rows,
    ruling_rows,
    said_rows,
    sheet_rows,
    speaks_rows,
    version_row,
)
from tracker.occurrences import Occurrence
from tracker.plans import Programme
from tracker.standing_sql import opened


def counting(
    programme: Programme, filed: Iterable[Filed], decisions: Iterable[Decision], clocks: Clocks
) -> list[Filed]:
    """The submissions that stand: of each unit, month and plan the last version not sent back."""
    several = list(filed)
    versions = (version_row(file, programme.id, one) for file, one in enumerate(several))
    speaks = (row for file, one in enumerate(several) for row in speaks_rows(file, programme, one.submission))
    found = counting_files(clock_row(programme, clocks), versions, speaks, ruling_rows(programme.id, decisions))
    return [several[file] for file in found]


def counting_files(clock: Row, versions: Iterable[Row], speaks: Iterable[Row], rulings: Iterable[Row]) -> list[int]:
    """The files that stand, by the rows of those tables: of each unit, month and plan the last not sent back."""
    with opened() as tables:
        tables.fill("clock", [clock])
        tables.fill("version", versions)
        tables.fill("speaks", speaks)
        tables.fill("ruling", rulings)
        tables.run("counting")
        query = "select file from (select distinct file, month, unit from counting) order by month, unit, file"
        return [file for (file,) in tables.base.execute(query)]


class Stood(NamedTuple):
    """A row of ``standing``: how the SQL judged one occurrence, days as numbers."""

    n: int
    status: str
    scheduled: int | None
    due: int | None
    r: int | None
    """The ruling that stands as a correction; 0 where it is not one."""
    file: int | None
    """The place of the submission whose update stands."""
    done_on: int | None
    days_late: int
    days_late_scheduled: int
    is_sum: int
    needed: float
    reached: float | None
    done: float | None
    total: float | None
    reported: int
    asked: int
    counted_on: int | None
    has_record: int
    asserted: int | None
    is_carried: int
    is_current: int
    promised_on: int | None


def stood(
    programme: Programme,
    occurrences: Sequence[Occurrence],
    filed: Iterable[Filed],
    decisions: Iterable[Decision],
    clocks: Clocks,
    closing: Closing,
) -> list[Stood]:
    """How every occurrence stands, in the order given."""
    several = list(filed)
    of_files = list(enumerate(one.submission for one in several))
    with opened() as tables:
        tables.fill("clock", [clock_row(programme, clocks)])
        tables.fill("occurrence", occurrence_rows(programme, occurrences))
        tables.fill("version", (version_row(file, programme.id, one) for file, one in enumerate(several)))
        tables.fill("speaks", (row for file, s in of_files for row in speaks_rows(file, programme, s)))
        tables.fill("said", (row for file, s in of_files for row in said_rows(file, s)))
        tables.fill("ruling", ruling_rows(programme.id, decisions))
        tables.fill("sheet", sheet_rows(closing))
        tables.run("standing")
        columns = ", ".join(Stood._fields)
        return [Stood(*row) for row in tables.base.execute(f"select {columns} from standing order by n")]  # noqa: S608
