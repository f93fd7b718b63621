"""An enterprise's workbook that came back, as the source of a sheet; no bytes make it raise."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tracker.language import _
from tracker.problems import Place
from tracker.source import Keys, Source
from tracker.workbook.back import Filled, Rows, as_kind, place_of, refused, several, sheets, value_at
from tracker.workbook.layout import MARK, Field
from tracker.workbook.sheet_layout import (
    CHECKED,
    CLAUSE,
    CLAUSES,
    FOUND,
    HEADING,
    MINIMUMS,
    SAMPLED,
    SAMPLES,
    SAMPLING,
    SHEET_LAYOUT,
    SIGNED,
)


class FilledSheet(Filled):
    """An enterprise's workbook as a source."""

    def headings(self) -> Mapping[str, str]:
        """The keys of a sheet and what the workbook calls them."""
        return {**{f.key: _(f.heading) for f in (*SAMPLED, *FOUND)}, "on": _("日期"), "by": _("姓名")}

    def expected(self, key: str) -> str:
        """What belongs in a cell."""
        kinds = {f.key: f.kind for f in (*SAMPLED, *FOUND)}
        if key == "on":
            return _("这一格填日期，例如 2026-10-31。")
        return _("这一格只填数，例如 45。") if kinds.get(key) == "number" else _("请直接填文字。")


def is_sheet_book(content: bytes) -> bool:
    """Whether the bytes are those of an enterprise's workbook, by the names of its sheets."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return f'"{CHECKED}"' in archive.read("xl/workbook.xml").decode(errors="replace")
    except Exception:  # noqa: BLE001 - a damaged archive can break the library anywhere
        return False


def parse_sheet(content: bytes, shown: str) -> Source:
    """The bytes of a workbook that came back as the source of a sheet."""
    digest = sha256(content).hexdigest()
    try:
        rows = sheets(content, (CHECKED, SAMPLES))
    except Exception:  # noqa: BLE001 - a damaged workbook can break the library anywhere
        return refused(shown, _("工作簿打不开：已经损坏，或者加了密码。"), digest)
    clauses, samples = rows.get(CHECKED, {}), rows.get(SAMPLES, {})
    marks = value_at(clauses, 3, 3), value_at(clauses, HEADING + 1, CLAUSE + 1), value_at(samples, 1, SAMPLING + 1)
    if marks != (SHEET_LAYOUT, MARK, MARK):
        return refused(shown, _("表头或行列被改动过，对不上原来的格子。"), digest)
    data: dict[str, Any] = {}
    places: dict[Keys, Place] = {(): place_of(shown, CHECKED, 1, 1)}
    _read_top(clauses, shown, data, places)
    entries: dict[str, list[dict[str, Any]]] = {"sampled": [], "finding": []}
    for row in sorted(samples):
        if row > 1:
            _read_entry(
                samples, row, Listed(shown, SAMPLES, "sampled", len(MINIMUMS), SAMPLED, SAMPLING), entries, places
            )
    for row in sorted(clauses):
        if row > HEADING + 1:
            _read_entry(clauses, row, Listed(shown, CHECKED, "finding", len(CLAUSES), FOUND, CLAUSE), entries, places)
    data |= {key: listed for key, listed in entries.items() if listed}
    return FilledSheet(shown, data=data, digest=digest, located=places)


def _read_top(rows: Rows, shown: str, data: dict[str, Any], places: dict[Keys, Place]) -> None:
    """Whose it is, and the two assessments, as far as anything was typed."""
    for column, key in enumerate(("enterprise", "period"), 1):
        places[key,] = place_of(shown, CHECKED, 3, column)
        value = as_kind("text", value_at(rows, 3, column))
        if value is not None:
            data[key] = value
    for table, key, _label, cell in SIGNED:
        column, row = ord(cell[0]) - ord("A") + 1, int(cell[1:])
        places[table, key] = place_of(shown, CHECKED, row, column)
        places.setdefault((table,), places[table, key])
        value = as_kind("date" if key == "on" else "text", value_at(rows, row, column))
        if value is not None:
            named = several(value) if key == "by" and isinstance(value, str) else value
            data.setdefault(table, {})[key] = named


@dataclass(frozen=True)
class Listed:
    """Where the rows of one kind of entry stand."""

    shown: str
    sheet: str
    table: str
    first: int
    """The first column that is typed in, from 0."""
    fields: tuple[Field, ...]
    id_column: int


def _read_entry(
    rows: Rows, row: int, listed: Listed, entries: Mapping[str, list[dict[str, Any]]], places: dict[Keys, Place]
) -> None:
    """One row as an entry, if anything was typed in it."""
    typed: dict[str, Any] = {}
    found = entries[listed.table]
    here: dict[Keys, Place] = {(listed.table, len(found)): place_of(listed.shown, listed.sheet, row, listed.first + 1)}
    for column, field in enumerate(listed.fields, listed.first + 1):
        here[listed.table, len(found), field.key] = place_of(listed.shown, listed.sheet, row, column)
        value = as_kind(field.kind, value_at(rows, row, column))
        if value is not None:
            typed[field.key] = several(value) if field.key == "evidence" and isinstance(value, str) else value
    if not typed:
        return
    here[listed.table, len(found), "id"] = place_of(listed.shown, listed.sheet, row, 1)
    name = as_kind("text", value_at(rows, row, listed.id_column + 1))
    places |= here
    found.append(({"id": name} if name is not None else {}) | typed)
