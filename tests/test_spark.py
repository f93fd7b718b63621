"""The merge on Spark, row for row the merge on this machine: on worlds of every sort, in either dialect, in any zone.

It needs Java 17 and 500 MB of PySpark, and a minute; so it runs where ``TRACKER_SPARK`` is set. What holds without:
``test_merge_files`` proves the same text on the same tables, many programmes at once, on SQLite.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import many_worlds
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from programs import program

from tracker import exports, on_spark
from tracker.cli import main
from tracker.deadlines import EVERY, after_done
from tracker.merge_files import INPUTS, RESULT

pytestmark = [
    pytest.mark.needs_program,
    pytest.mark.skipif(not os.environ.get("TRACKER_SPARK"), reason="set TRACKER_SPARK=1 to start Spark (a minute)"),
]

MASTER = "local[2]"
DIALECTS = [("true", "Asia/Shanghai"), ("false", "America/Los_Angeles")]
"""Whether Spark holds to ANSI, and a zone of its session."""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of many worlds."""
    program("java", "openjdk-17-jre-headless")
    folder = tmp_path_factory.mktemp("tables")
    exports.write_files(folder, list(exports.files(many_worlds.tables(many_worlds.cases(12)), "parquet")))
    return folder


@pytest.fixture(scope="module")
def session(tables: Path) -> Iterator[Any]:
    """Spark, started once."""
    assert tables.is_dir()
    with on_spark.spark(MASTER) as running:
        yield running


def rows(folder: Path) -> tuple[list[tuple[str, pa.DataType]], list[dict[str, Any]]]:
    """A result's types, and its rows in one order."""
    found = ds.dataset(folder / RESULT.name, format="parquet", partitioning="hive").to_table()
    found = found.select([column.name for column in RESULT.columns])
    key = [(name, "ascending") for name in ("programme", "unit", "item")]
    types = [(field.name, field.type) for field in found.schema if field.name != "programme"]
    return types, found.sort_by(key).to_pylist()


@pytest.mark.parametrize(("ansi", "zone"), DIALECTS)
def test_every_row_is_that_of_the_merge_on_this_machine(
    tables: Path, session: Any, tmp_path: Path, ansi: str, zone: str
) -> None:
    session.conf.set("spark.sql.ansi.enabled", ansi)
    session.conf.set("spark.sql.session.timeZone", zone)
    found = on_spark.merged(session, str(tables), str(tmp_path / "spark"))
    own = ["--input", str(tables), "-o", str(tmp_path / "own")]
    assert main(["export", "--standing", "--format", "parquet", *own]) == 0
    assert rows(tmp_path / "spark") == rows(tmp_path / "own")
    assert (found.programmes, found.occurrences) == (12, len(rows(tmp_path / "own")[1]))
    assert not (tmp_path / "spark" / "_steps").exists()


def test_the_next_due_day_is_the_same_in_sql_on_every_day(session: Any) -> None:
    first, last = date(2023, 12, 1).toordinal(), date(2028, 3, 31).toordinal()
    session.sql(on_spark.AFTER_DONE)
    rhythms = (*EVERY, "2 months", "18 months")
    several = ", ".join(f"('{every}')" for every in rhythms)
    session.sql(f"create or replace temporary view rhythm as select col1 as every from values {several}")  # noqa: S608
    session.range(first, last + 1).createOrReplaceTempView("day")
    found = session.sql("select id, every, after_done(id, every) from day cross join rhythm").collect()
    assert len(found) == len(rhythms) * (last - first + 1)
    for day, every, due in found:
        assert date.fromordinal(due) == after_done(date.fromordinal(day), every), (day, every)


def test_of_later_months_no_file_is_opened(tables: Path, session: Any) -> None:
    on_spark._files(session, INPUTS["said"], f"{tables}/said").createOrReplaceTempView("said_files")
    names = [row.programme for row in session.sql("select distinct programme from said_files").collect()]
    numbered = " union all ".join(f"select '{name}' as programme, 0L as apart" for name in names)
    session.sql(f"create or replace temporary view numbered as {numbered}")
    every = {row.month for row in session.sql("select distinct month from said_files").collect()}
    session.sql(on_spark.input_view("said", min(every)))
    opened = {row.file for row in session.sql("select distinct input_file_name() as file from said").collect()}
    assert {file.partition("month=")[2][:7] for file in opened} == {min(every)} < every
