"""The merge on Apache Spark: the steps of ``standing.sql`` as they stand, over the Parquet of ``tracker.merge_files``.

For a ministry's worth of programmes, on many machines. Spark reads and writes by address (a folder that every machine
sees, ``s3a://…``, ``hdfs://…``), and no machine but this one needs Python: ``after_done`` is a function of its SQL.

Spark keeps a view as what it selects, so that views of views grow without bound: a step that several others read is
written beside the result, which also saves it from being made again when a machine is lost.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tracker import standing_sql
from tracker.deadlines import EVERY, months_in
from tracker.merge_files import INPUTS, MONTH, PROGRAMME, RESULT, RESULT_QUERY, SAID, own_columns
from tracker.tables import Column, Kind, Row, Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROWS_A_TASK = 250_000
"""Updates that one task takes on at a time: some tens of megabytes."""

APART = 2**32
"""Between the numbers of two programmes: more than any has occurrences or files."""

UNIX_EPOCH = date(1970, 1, 1).toordinal()

_TYPES: Mapping[Kind, str] = {"text": "string", "integer": "bigint", "number": "double"}


class NotMergedError(Exception):
    """The merge did not run; says why, in Spark's words."""


@dataclass(frozen=True)
class Merged:
    """How much a merge was of."""

    programmes: int
    occurrences: int


@contextmanager
def spark(master: str) -> Iterator["SparkSession"]:
    """A session on a cluster, or on this machine (``local[2]``). ``ImportError`` without pyspark.

    What a cluster needs besides (memory, keys of an object store) is Spark's own business:
    ``spark-defaults.conf`` in the folder that ``SPARK_CONF_DIR`` names.
    """
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra of 500 MB
    from pyspark.errors import PySparkException  # noqa: PLC0415 - as above
    from pyspark.sql import SparkSession  # noqa: PLC0415 - as above

    quiet = {"spark.log.level": "ERROR", "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower()}
    try:
        session = SparkSession.builder.master(master).appName("tracker").config(map=quiet).getOrCreate()
        try:
            yield session
        finally:
            session.stop()
    except (PySparkException, Py4JError) as error:
        raise NotMergedError(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    """What went wrong, without the Java behind it."""
    java = getattr(error, "java_exception", None)
    words = str(java.getMessage() if java is not None else error).strip()
    return words.splitlines()[0].rstrip(".") if words else type(error).__name__


def merged(session: "SparkSession", source: str, target: str) -> Merged:
    """Read the tables under ``source``, write ``standing`` under ``target``.

    ``FileExistsError`` where there is a result already, ``FileNotFoundError`` where there are no tables.
    """
    store = Store(session)
    source, target = source.rstrip("/"), target.rstrip("/")
    result, kept = f"{target}/{RESULT.name}", f"{target}/_steps"
    if store.has(result):
        raise FileExistsError(result)
    if not store.has(f"{source}/clock"):
        raise FileNotFoundError(source)
    _read(store, source)
    session.sql(AFTER_DONE)
    _take_steps(session, kept)
    _write(session, result)
    store.remove(kept)
    return Merged(session.table("clock").count(), session.read.parquet(result).count())


@dataclass(frozen=True)
class Store:
    """Where files are, by address."""

    session: "SparkSession"

    def has(self, address: str) -> bool:
        """Whether there is a file or folder."""
        system, path = self._of(address)
        return bool(system.exists(path))

    def remove(self, address: str) -> None:
        """Remove a folder and all that is in it."""
        system, path = self._of(address)
        system.delete(path, True)

    def _of(self, address: str) -> tuple[Any, Any]:
        context: Any = self.session.sparkContext
        path = context._jvm.org.apache.hadoop.fs.Path(address)  # noqa: SLF001 - PySpark has no other way to files
        return path.getFileSystem(context._jsc.hadoopConfiguration()), path  # noqa: SLF001 - as above


# --- in ---


def _read(store: Store, source: str) -> None:
    """Make a view of every input, and as many tasks as they are worth."""
    session = store.session
    for name, table in INPUTS.items():
        address = f"{source}/{name}"
        found = _files(session, table, address) if store.has(address) else session.sql(_nothing(table))
        found.createOrReplaceTempView(f"{name}_files")
    session.sql(NUMBERED)
    [(last,)] = session.sql("select max(month) from clock_files").collect()
    for name in INPUTS:
        session.sql(input_view(name, f"{date.fromordinal(last):%Y-%m}"))
    tasks = max(session.table(f"{SAID}_files").count() // ROWS_A_TASK, session.sparkContext.defaultParallelism)
    session.conf.set("spark.sql.shuffle.partitions", tasks)


def _files(session: "SparkSession", table: Table[Row], address: str) -> "DataFrame":
    """A table's files. Told the types, Spark neither opens a file to learn them nor guesses those of folders."""
    types = ", ".join(f"{column.name} {_TYPES[column.kind]}" for column in table.columns)
    return session.read.schema(types).parquet(address)


def _nothing(table: Table[Row]) -> str:
    """A table that no programme has rows of."""
    cells = ", ".join(f"cast(null as {_TYPES[column.kind]}) as {column.name}" for column in table.columns)
    return f"select {cells} where false"


NUMBERED = f"""
create or replace temporary view numbered as
select programme, row_number() over (order by programme) * {APART}L as apart from clock_files
"""  # noqa: S608 - a number of our own
"""The programmes, numbered: what counts within one of them (``n``, ``file``) is moved away from that of the others."""


def input_view(name: str, last: str) -> str:
    """One of ``merge_tables.TABLES`` over its files. Of months after the last that is looked at no file is opened."""
    apart = {column: f"{column} + apart as {column}" for column in ("n", "file")}
    cells = ", ".join(apart.get(column, column) for column in own_columns(name))
    until = f" where {MONTH} <= '{last}'" if name == SAID else ""
    return (
        f"create or replace temporary view {name} as "  # noqa: S608 - names and a month of our own
        f"select {cells} from {name}_files join numbered using ({PROGRAMME}){until}"
    )


def _after_done() -> str:
    """``deadlines.after_done`` as a function of Spark's SQL: its ``add_months`` clips at month ends too."""
    named = " ".join(f"when '{every}' then {months_in(every)}" for every in EVERY)
    months = f"case every {named} else cast(split_part(every, ' ', 1) as int) end"
    on = f"date_add(date '1970-01-01', cast(day - {UNIX_EPOCH} as int))"
    due = f"case every when 'week' then date_add({on}, 7) else add_months({on}, {months}) end"
    return (
        "create or replace temporary function after_done(day bigint, every string) returns bigint "
        f"return unix_date({due}) + {UNIX_EPOCH}"
    )


AFTER_DONE = _after_done()


# --- the steps, and out ---


def _take_steps(session: "SparkSession", kept: str) -> None:
    """Make a view of every step; one that several others read is written first."""
    steps = standing_sql.steps()
    readers = Counter(re.findall(r"\b(?:from|join) (\w+)", "\n".join((*steps.values(), RESULT_QUERY))))
    for name, text in steps.items():
        found = session.sql(text)
        if readers[name] > 1:
            found.write.mode("overwrite").parquet(f"{kept}/{name}")
            found = session.read.schema(found.schema).parquet(f"{kept}/{name}")
        found.createOrReplaceTempView(name)


def _write(session: "SparkSession", address: str) -> None:
    """The result: a file for each programme, its rows by unit and occurrence."""
    cells = [f"{_as_typed(column)} as {column.name}" for column in RESULT.columns]
    in_order = (
        session.sql(RESULT_QUERY)
        .selectExpr(*cells)
        .repartition(PROGRAMME)
        .sortWithinPartitions(PROGRAMME, "unit", "item")
    )
    in_order.write.partitionBy(PROGRAMME).option("compression", "zstd").parquet(address)


def _as_typed(column: Column[Row]) -> str:
    match column.kind:
        case "day":
            return f"date_from_unix_date(cast({column.name} - {UNIX_EPOCH} as int))"
        case "yes":
            return f"{column.name} = 1"
        case kind:
            return f"cast({column.name} as {_TYPES[kind]})"
