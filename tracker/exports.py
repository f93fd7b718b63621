"""Tables as files for other tools: CSV that no spreadsheet obeys, JSON, Parquet; the same rows, the same bytes.

In CSV a text that a spreadsheet would take for a formula (OWASP, CSV injection: ``=``, ``+``, ``-``, ``@`` or their
full-width forms first, white space before them or not) gets an apostrophe in front; so does a text that begins
with an apostrophe itself, so that whoever strips one apostrophe from every text has it as it was.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from tracker import writing
from tracker.snapshot import Snapshot
from tracker.tables import Row, Table, Value
from tracker.terminal import json_text, plain

Format = Literal["csv", "json", "parquet"]

_OBEYED = re.compile(r"\s*[=+\-@＝＋－＠']")
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")

PARTITIONS = ("programme", "month")
"""Texts that are folders, and not columns, where Parquet is written into a folder."""


@dataclass(frozen=True)
class Exported:
    """A table's rows over one or several snapshots."""

    table: Table[Any]
    rows: tuple[Row, ...]

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [column.name for column in self.table.columns]


def exported(table: Table[Any], snapshots: Sequence[Snapshot]) -> Exported:
    """A table over some programmes, one after the other."""
    return Exported(table, tuple(row for snapshot in snapshots for row in table.rows(snapshot)))


def as_csv(table: Exported, *, bom: bool = True) -> bytes:
    """RFC 4180 in UTF-8; with a byte-order mark unless told otherwise, since without it Excel guesses the encoding."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.names)
    writer.writerows([_csv_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _csv_cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return harmless(value)
        case date():
            return value.isoformat()
        case _:
            return f"{value:.15g}"


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula, and no terminal for a command."""
    lines = _LINE_ENDS.sub("\n", text).split("\n")
    shown = "\n".join(plain(line) for line in lines)
    return f"'{shown}" if _OBEYED.match(text) else shown


def as_json(table: Exported) -> bytes:
    """An array with one object a line, so that it can be read line by line too."""
    lines = [
        json.dumps({n: _json_value(v) for n, v in zip(table.names, row, strict=True)}, ensure_ascii=False)
        for row in table.rows
    ]
    return json_text("[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n").encode()


def _json_value(value: Value) -> str | float | bool | None:
    return value.isoformat() if isinstance(value, date) else value


def as_parquet(table: Exported) -> bytes:
    """A Parquet file with typed columns. ``ImportError`` without pyarrow."""
    import pyarrow as pa  # noqa: PLC0415 - an extra of 170 MB
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    types = {
        "text": pa.string(),
        "number": pa.float64(),
        "integer": pa.int64(),
        "yes": pa.bool_(),
        "day": pa.date32(),
        "moment": pa.timestamp("s", "+08:00"),
    }
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.names)
    arrays = [pa.array(values, types[column.kind]) for column, values in zip(table.table.columns, columns, strict=True)]
    written = io.BytesIO()
    pq.write_table(pa.table(arrays, names=table.names), written, compression="zstd")
    return written.getvalue()


def parts(table: Exported) -> Iterator[tuple[Path, Exported]]:
    """The table divided by programme and month, each part under its folder (``programme=…/month=…``)."""
    keys = [n for n, c in enumerate(table.table.columns) if c.name in PARTITIONS and c.kind == "text"]
    kept = [n for n in range(len(table.names)) if n not in keys]
    groups: dict[tuple[Value, ...], list[Row]] = {}
    for row in table.rows:
        groups.setdefault(tuple(row[n] for n in keys), []).append(row)
    own = table.table
    shorter: Table[Any] = Table(own.name, own.words, tuple(own.columns[n] for n in kept), own.entries)
    for key, rows in groups.items():
        steps = [f"{table.names[n]}={quote(str(value), safe='')}" for n, value in zip(keys, key, strict=True)]
        yield Path(own.name, *steps), Exported(shorter, tuple(tuple(row[n] for n in kept) for row in rows))


def content(table: Exported, style: Format, *, bom: bool = True) -> bytes:
    """The table in a format."""
    match style:
        case "csv":
            return as_csv(table, bom=bom)
        case "json":
            return as_json(table)
        case _:
            return as_parquet(table)


def files(tables: Sequence[Exported], style: Format, *, bom: bool = True) -> Iterator[tuple[Path, bytes]]:
    """The files that hold some tables in a folder: one a table, or of Parquet one a programme and month."""
    for table in tables:
        if style == "parquet":
            yield from ((at / "part-0.parquet", as_parquet(part)) for at, part in parts(table))
        else:
            yield Path(f"{table.table.name}.{style}"), content(table, style, bom=bom)


def write_files(folder: Path, found: Sequence[tuple[Path, bytes]]) -> None:
    """Write files into a folder: all of them, or none and ``FileExistsError`` where one is there already."""
    for at, _content in found:
        if (folder / at).exists():
            raise FileExistsError(str(folder / at))
    for at, written in found:
        writing.create(folder / at, written)
