"""A workbook that came back, as the source of a submission; no bytes make it raise."""

import io
import math
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from tracker.language import _
from tracker.months import month_of
from tracker.problems import Place, Problem
from tracker.source import Keys, Source
from tracker.terminal import cut
from tracker.typed import Field as Typed
from tracker.typed import understood
from tracker.workbook.layout import (
    CHANGED,
    EVENT_FIELDS,
    EVENTS,
    EXTENSION,
    FIELDS,
    FIRST_ROW,
    HEAD,
    ITEM,
    LAYOUT,
    MARK,
    SHEET,
    SHOWN,
    UNCHANGED,
    letter,
)

LARGEST = 32 * 2**20
"""Bytes a workbook may unpack to; a county's has one or two million."""

MOST_ROWS = 10_000
"""Rows read of a sheet; a county's form has some hundreds."""

_ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
"""What a formula leaves that went wrong."""

Rows = Mapping[int, Sequence[Any]]
"""The rows of a sheet that hold anything, by number; the values from the first column on."""


class Filled(Source):
    """A workbook as a source: its problems speak of cells and headings, not of keys and lines."""

    def problem(self, keys: Sequence[str | int], code: str, message: str, hint: str = "") -> Problem:
        """A problem with the value at ``keys``; of a missing one with the cell that wants it."""
        names = self.headings()
        asked_for = _WANTED.fullmatch(hint)
        key = asked_for[1] if asked_for else ""
        if asked_for and (*keys, key) in self.located:
            keys = (*keys, key)
        elif asked_for and (*keys[:2], "request_extension", key) in self.located:
            keys = (*keys[:2], "request_extension", key)
        name = next((k for k in reversed(keys) if isinstance(k, str)), "")
        if code == "E05" and name in names:
            said = _value_at(self.data, keys)
            hint = _meant(name, str(said), str(self.data.get("month", ""))) or self.expected(name)
            message = _("“{heading}”填的是“{value}”，看不懂。", heading=names[name], value=cut(str(said), MOST_SAID))
        elif code == "E04" and keys[-1:] == ("item",):
            message = _("这一行没有对应的事项，看不出填的是哪一项。")
            hint = _("请填在表里原有的行上，不要增行或复制行。")
        elif asked_for and key in names:
            example = re.sub(r"[\[\]\"…]|（.*）", "", asked_for[2])
            hint = _("请填写“{heading}”这一格。", heading=names[key])
            if example:
                hint = _("请填写“{heading}”这一格，例如 {example}。", heading=names[key], example=example)
        for known, heading in names.items():
            message = message.replace(f"“{known}”", f"“{heading}”")
        hint = _ASSIGNED.sub(lambda m: f"“{names[m[1]]}” = {m[2]}" if m[1] in names else m[0], hint)
        return self.problem_at(self.place(keys), code, message, hint)

    def headings(self) -> Mapping[str, str]:
        """The keys of a submission and what the sheet calls them."""
        named = [*((f.key, f.heading) for f in (*FIELDS, *EVENT_FIELDS)), *((key, label) for key, label, _cell in HEAD)]
        return {key: _(heading) for key, heading in named}

    def expected(self, key: str) -> str:
        """What belongs in a cell."""
        kind = next((f.kind for f in (*FIELDS, *EVENT_FIELDS) if f.key == key), "text")
        return {"date": _("这一格填日期，例如 2026-10-31。"), "number": _("这一格只填数，例如 45。")}.get(
            kind, _("请直接填文字。")
        )


_AHEAD = ("promised_on", "until")
"""Days that lie after the month."""

_NUMBER_WITHIN = re.compile(r"[^\d%/#.-]*(\d{1,12}(?:\.\d{1,6})?)[^\d%/#.-]*")


def _meant(key: str, said: str, month: str) -> str:
    """What was probably meant by a day without its year or a number with its unit; empty where nobody can tell."""
    kind = next((f.kind for f in (*FIELDS, *EVENT_FIELDS) if f.key == key), "text")
    first = month_of(month)
    if kind == "date" and first is not None:
        lies: Literal["ahead", "near"] = "ahead" if key in _AHEAD else "near"
        day = understood(Typed(key, "", "day", lies=lies), said, first)[0]
        if day is not None:
            return _("日期要写年、月、日，多半是 {day}。", day=day)
    number = _NUMBER_WITHIN.fullmatch(unicodedata.normalize("NFKC", said)) if kind == "number" else None
    return _("这一格只填数，多半是 {number}。", number=number[1]) if number is not None else ""


MOST_SAID = 40
"""Columns of what was typed, in the sentence that says it cannot be understood."""

_WANTED = re.compile(r"[^=]*[：:] ?([a-z_]+) = (.+)")
_ASSIGNED = re.compile(r"\b([a-z_]+) = \"?([^\"，。]*)\"?")


def _value_at(data: Any, keys: Sequence[str | int]) -> Any:
    for key in keys:
        data = data[key]
    while isinstance(data, list):
        data = data[0]
    return data


def parse(content: bytes, shown: str) -> Source:
    """The bytes of a workbook that came back as the source of a submission; no bytes make it raise."""
    digest = sha256(content).hexdigest()
    try:
        rows = sheets(content)
    except Exception:  # noqa: BLE001 - a damaged workbook can break the library anywhere
        return refused(shown, _("工作簿打不开：已经损坏，或者加了密码。"), digest)
    if SHEET not in rows:
        return refused(shown, _("这不是 tracker form 生成的工作簿：没有“{sheet}”这张表。", sheet=SHEET), digest)
    month, events = rows[SHEET], rows.get(EVENTS, {})
    if (value_at(month, 3, 4), value_at(month, FIRST_ROW + 1, ITEM + 1)) != (LAYOUT, MARK):
        return refused(shown, _("表头或行列被改动过，对不上原来的格子。"), digest)
    data: dict[str, Any] = {}
    places: dict[Keys, Place] = {}
    _read_head(month, shown, data, places)
    updates: list[dict[str, Any]] = []
    for row in sorted(month):
        if row > FIRST_ROW + 1:
            _read_row(month, row, shown, updates, places)
    if updates:
        data["update"] = updates
    found = list(_read_events(events, shown, places))
    if found:
        data["event"] = found
    return Filled(shown, data=data, digest=digest, located=places)


def read(path: Path, shown: str, parse: Callable[[bytes, str], Source] = parse) -> Source:
    """The workbook at ``path`` as the source that ``parse`` makes of it; one that cannot be read is a problem too."""
    try:
        return parse(path.read_bytes(), shown)
    except OSError as error:
        return refused(shown, _("文件读不出来：{why}。", why=error.strerror or type(error).__name__), "")


def sheets(content: bytes, names: Iterable[str] = (SHEET, EVENTS)) -> dict[str, Rows]:
    """The rows of the sheets that are typed in. Whatever the library raises on a damaged file."""
    import openpyxl  # noqa: PLC0415 - only commands that read workbooks need it

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST:
            raise ValueError(LARGEST)
    found: dict[str, Rows] = {}
    with warnings.catch_warnings():
        # It warns of what it would lose if it wrote the file again.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for name in names:
            if name in book.sheetnames:
                sheet: Any = book[name]
                # The size that a file claims may be wrong.
                sheet.reset_dimensions()
                rows = enumerate(sheet.iter_rows(max_row=MOST_ROWS, max_col=ITEM + 1, values_only=True), 1)
                found[name] = {n: row for n, row in rows if any(value is not None for value in row)}
    return found


def refused(shown: str, message: str, digest: str) -> Source:
    """A file that is no workbook of ours, or one that cannot be read any more."""
    hint = _("请用发下去的表填写，存为 .xlsx，不要增删行列和工作表。")
    return Source(shown, problems=(Problem(Place(shown), "E01", message, hint),), digest=digest)


def value_at(rows: Rows, row: int, column: int) -> Any:
    """A cell's value, rows and columns from 1."""
    values = rows.get(row, ())
    return values[column - 1] if column <= len(values) else None


def place_of(shown: str, sheet: str, row: int, column: int) -> Place:
    """A cell, rows and columns from 1."""
    return Place(shown, row, column, f"{sheet}!{letter(column - 1)}{row}")


def _read_head(rows: Rows, shown: str, data: dict[str, Any], places: dict[Keys, Place]) -> None:
    places[()] = place_of(shown, SHEET, 1, 1)
    for column, key in enumerate(("unit", "month", "part"), 1):
        places[key,] = place_of(shown, SHEET, 3, column)
        value = as_kind("text", value_at(rows, 3, column))
        if value is not None:
            data[key] = str(value).split(",") if key == "part" else value
    for key, _label, cell in HEAD:
        column, row = ord(cell[0]) - ord("A") + 1, int(cell[1:])
        places[key,] = place_of(shown, SHEET, row, column)
        value = as_kind("text", value_at(rows, row, column))
        if key == "rest":
            value = {UNCHANGED: "unchanged", CHANGED: None}.get(value, value) if isinstance(value, str) else value
        elif key in ("prepared_by", "checked_by", "approved_by"):
            # An empty cell is an empty name, as in the other form: the rest of the file still counts.
            value = "" if value is None else value
        if value is not None:
            data[key] = value


def _read_row(rows: Rows, row: int, shown: str, updates: list[dict[str, Any]], places: dict[Keys, Place]) -> None:
    """One row as an update, if anything was typed in it."""
    typed = {
        field.key: value
        for column, field in enumerate(FIELDS, len(SHOWN) + 1)
        if (value := as_kind(field.kind, value_at(rows, row, column))) is not None
    }
    if not typed:
        return
    n = len(updates)
    item = as_kind("text", value_at(rows, row, ITEM + 1))
    update: dict[str, Any] = {} if item is None else {"item": item}
    places["update", n] = place_of(shown, SHEET, row, len(SHOWN) + 1)
    places["update", n, "item"] = place_of(shown, SHEET, row, 3)
    for column, field in enumerate(FIELDS, len(SHOWN) + 1):
        where = ("update", n, *(("request_extension",) if field.key in EXTENSION else ()), field.key)
        places[where] = place_of(shown, SHEET, row, column)
        if field.key not in typed:
            continue
        value = typed[field.key]
        if field.key == "evidence":
            value = [value] if isinstance(value, list) else several(value)
        if field.key in EXTENSION:
            update.setdefault("request_extension", {})[field.key] = value
        else:
            update[field.key] = value
    places["update", n, "request_extension"] = places["update", n, "request_extension", "until"]
    updates.append(update)


def several(words: str) -> list[str]:
    """Several names in one cell."""
    return [name.strip() for name in re.split(r"[、；;\n]", words) if name.strip()]


_DAY = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?: 0?0:00(?::00)?)?|(\d{4})(\d\d)(\d\d)"
)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,10})?")
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050
"""The days 2000-01-01 and 2099-12-31 as a sheet counts them."""


def as_kind(kind: str, value: object) -> Any:
    """A cell's value as a submission has it, None for an empty one; what is not understood stays, for the checks."""
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
    if isinstance(value, datetime):
        value = value.date() if value.time() == datetime.min.time() or kind == "date" else value.isoformat(" ")
    match kind, value:
        case _, None:
            return None
        case "text" | "state", str():
            # A list is no text: what a formula left undone is not taken for an answer.
            return [value] if value in _ERRORS else value
        case "text" | "state", float() if value.is_integer() and abs(value) < LARGEST_WHOLE:
            return str(int(value))
        case "date", str() | int() | float() if not isinstance(value, bool):
            return _day(value)
        case "number", str() | int() | float() if not isinstance(value, bool):
            return _number(value)
        case "date", date():
            return value
    return str(value)


LARGEST_WHOLE = 2**53
"""Beyond it a sheet's numbers are no longer exact."""


def _day(value: str | float) -> date | str | float:
    """A day as people write it, or as a sheet counts it."""
    if isinstance(value, int | float) and _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
        return date(1899, 12, 30) + timedelta(days=int(value))
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", str(value)))
    try:
        return date(*(int(n) for n in found.groups() if n is not None)) if found else _number(value)
    except ValueError:
        return str(value)


def _number(value: str | float) -> str | float:
    """A number, a whole one whole; a text that is none as it is."""
    if isinstance(value, str):
        words = unicodedata.normalize("NFKC", value).replace(" ", "")
        if not _NUMBER.fullmatch(words):
            return value
        value = float(words.replace(",", ""))
    if abs(value) >= LARGEST_WHOLE:
        # Not more than a file can hold; the checks refuse it by its size.
        return math.inf if isinstance(value, int) else value
    return int(value) if float(value).is_integer() else value


def _read_events(rows: Rows, shown: str, places: dict[Keys, Place]) -> Iterator[dict[str, Any]]:
    n = 0
    for row in sorted(rows):
        event = {
            field.key: value
            for column, field in enumerate(EVENT_FIELDS, 1)
            if (value := as_kind(field.kind, value_at(rows, row, column))) is not None
        }
        if row > EVENTS_HEADING and event:
            places["event", n] = place_of(shown, EVENTS, row, 1)
            for column, field in enumerate(EVENT_FIELDS, 1):
                places["event", n, field.key] = place_of(shown, EVENTS, row, column)
            n += 1
            yield event


EVENTS_HEADING = 2
"""The row of the headings of the sheet of events."""
