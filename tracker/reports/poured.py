"""The upper level's own form: the same data poured into its .xlsx, which keeps its looks.

A small mapping says which sheet, from which row on, and what each column holds::

    [[sheet]]
    name = "化工"                    # 工作表
    start = 5                        # 数据从第几行起；下面的空行先填满，不够再加行，表尾（合计、签字）往下移
    plan = "chemical"                # 只填这个方案的；不写就是全部
    unit = "chiping"                 # 只填这个单位的；不写就是全部
    rows = "late"                    # all 全部（默认）、open 未完成的、late 红灯的

    [sheet.columns]                  # 列 = 字段：number 序号、clause 第几项，其他见 tracker export --columns
    A = "number"
    B = "unit_name"
    F = "due"

    [sheet.cells]                    # 表头上的格子 = programme、city、issuer、month、as_of
    B2 = "month"

The first row's formatting, merged cells and formulas go on in the rows added; formulas below follow their rows.
Texts stay texts. openpyxl carries no macros, shapes or pictures over.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tracker.door import enter
from tracker.entered import Entered
from tracker.language import _
from tracker.problems import Place, Problem, nearest
from tracker.reports import fields
from tracker.reports.annex import is_under_way
from tracker.snapshot import Snapshot
from tracker.source import Keys, Source
from tracker.standing import Standing
from tracker.tables import STANDINGS, Stood, Value
from tracker.terminal import plain

MOST_ROWS = 100_000
MOST_COLUMNS = 16_384
LONGEST = 32_767
"""Characters of a cell."""

NUMBER = "number"
"""The field that counts the rows."""

FIELDS: Mapping[str, Callable[[Stood], Value]] = {
    **{column.name: column.get for column in STANDINGS.columns},
    "clause": lambda seen: fields.clause(seen.m.item),
}
"""What a column may hold."""

ABOVE: Mapping[str, Callable[[Snapshot], Value]] = {
    "programme": lambda seen: seen.programme.head.name,
    "city": lambda seen: seen.programme.head.city,
    "issuer": lambda seen: seen.programme.head.issuer,
    "month": lambda seen: _("{y}年{m}月", y=seen.clocks.month.year, m=seen.clocks.month.month),
    "as_of": lambda seen: seen.clocks.as_of,
}
"""What single cells may hold."""


@dataclass(frozen=True)
class SheetMapping(Entered):
    """One sheet of the form."""

    name: str
    start: int
    columns: dict[str, str]
    plan: str | None = None
    unit: str | None = None
    rows: Literal["all", "open", "late"] = "all"
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FormMapping(Entered):
    """The mapping file, key by key."""

    sheet: tuple[SheetMapping, ...]


def pour(
    template: bytes, source: Source, snapshot: Snapshot, shown: str, unit: str | None = None
) -> tuple[bytes | None, list[Problem]]:
    """The form filled in (with one ``unit``'s rows alone), or None and every problem.

    The mapping's have their place in it; the form is called ``shown``.
    """
    mapping, problems = enter(FormMapping, source.data, source)
    problems = [*source.problems, *problems]
    if mapping is not None:
        problems += _mapping_problems(mapping, source, snapshot)
    book = _opened(template, shown, problems)
    if mapping is None or book is None or any(p.holds for p in problems):
        return None, problems
    for n, own in enumerate(mapping.sheet):
        if own.name not in book.sheetnames:
            message = _("没有工作表“{name}”。", name=own.name)
            problems.append(source.problem(("sheet", n, "name"), "E07", message, nearest(own.name, book.sheetnames)))
            continue
        problems += _hidden_cells(book[own.name], own, ("sheet", n), source)
    if any(p.holds for p in problems):
        return None, problems
    for own in mapping.sheet:
        _fill(book[own.name], own, snapshot, unit)
    return _written(book, snapshot.fingerprint), problems


# --- what can be wrong ---


def _mapping_problems(mapping: FormMapping, source: Source, snapshot: Snapshot) -> Iterator[Problem]:
    stems = [plan.stem for plan in snapshot.programme.plans]
    units = [unit.id for unit in snapshot.programme.units]
    for n, own in enumerate(mapping.sheet):
        at: Keys = ("sheet", n)
        if not 1 <= own.start <= MOST_ROWS:
            yield source.problem(
                (*at, "start"), "E10", _("没有第 {n} 行。", n=own.start), _("写数据的第一行，从 1 数起。")
            )
        if own.plan is not None and own.plan not in stems:
            message = _("没有方案“{name}”。", name=own.plan)
            yield source.problem((*at, "plan"), "E07", message, nearest(own.plan, stems))
        if own.unit is not None and own.unit not in units:
            message = _("没有报送单位“{unit}”。", unit=own.unit)
            yield source.problem((*at, "unit"), "E08", message, nearest(own.unit, units))
        for key, known, is_place, kind in (
            ("columns", [NUMBER, *FIELDS], _column_number, _("列写字母，例如 A。")),
            ("cells", [*ABOVE], _cell_place, _("格子写成 B2 这样。")),
        ):
            for where, name in getattr(own, key).items():
                if not is_place(where):
                    yield source.problem((*at, key, where), "E10", _("没有“{where}”这个位置。", where=where), kind)
                if name not in known:
                    hint = nearest(name, known) or _("可以写：{values}。", values=_("、").join(known))
                    yield source.problem((*at, key, where), "E07", _("没有字段“{name}”。", name=name), hint)


def _column_number(letters: str) -> int:
    """A column's number from its letters, from 1; 0 for what is no column."""
    if not re.fullmatch("[A-Z]{1,3}", letters):
        return 0
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number if number <= MOST_COLUMNS else 0


def _cell_place(words: str) -> tuple[int, int] | None:
    """Row and column of ``B2``, both from 1; None for what is no cell."""
    found = re.fullmatch("([A-Z]{1,3})([1-9][0-9]{0,5})", words)
    return (int(found[2]), _column_number(found[1])) if found and _column_number(found[1]) else None


def _opened(template: bytes, shown: str, problems: list[Problem]) -> Any:
    import openpyxl  # noqa: PLC0415 - only a form needs it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(template))
    except Exception:  # noqa: BLE001 - a damaged workbook can break the library anywhere
        hint = _("请在 WPS 或 Excel 里另存为 .xlsx。")
        problems.append(Problem(Place(shown), "E01", _("这不是 .xlsx 工作簿，或者已经损坏。"), hint))
        return None


def _hidden_cells(sheet: Any, own: SheetMapping, at: Keys, source: Source) -> Iterator[Problem]:
    """Places that a merged cell covers: nothing can be written there."""
    spots = [("columns", letters, (own.start, _column_number(letters))) for letters in own.columns]
    spots += [("cells", words, place) for words in own.cells if (place := _cell_place(words)) is not None]
    for key, words, (row, column) in spots:
        over = next((r for r in sheet.merged_cells.ranges if (row, column) in list(r.cells)[1:]), None)
        if over is not None:
            message = _("“{where}”在合并的单元格 {range} 里面。", where=words, range=over.coord)
            yield source.problem((*at, key, words), "E10", message, _("请写合并区域左上角的那一格。"))


# --- pouring ---


def _chosen(snapshot: Snapshot, own: SheetMapping, unit: str | None) -> list[Standing]:
    """The standings that a sheet takes, unit by unit in protocol order."""
    order = {unit.id: n for n, unit in enumerate(snapshot.programme.units)}
    rows = [
        s
        for s in snapshot.standings
        if is_under_way(snapshot, s)
        and own.plan in (None, s.occurrence.milestone.plan)
        and own.unit in (None, s.occurrence.unit)
        and unit in (None, s.occurrence.unit)
        and (own.rows == "all" or (s.is_late if own.rows == "late" else s.is_owed and not s.is_done))
    ]
    return sorted(rows, key=lambda s: order[s.occurrence.unit])


def _fill(sheet: Any, own: SheetMapping, snapshot: Snapshot, unit: str | None) -> None:
    standings = _chosen(snapshot, own, unit)
    _make_room(sheet, own.start, len(standings), {_column_number(letters) for letters in own.columns})
    for n, s in enumerate(standings, 1):
        seen = Stood(snapshot, s)
        for letters, name in own.columns.items():
            value = n if name == NUMBER else FIELDS[name](seen)
            _write(sheet.cell(own.start + n - 1, _column_number(letters)), value)
    for words, name in own.cells.items():
        _write(sheet[words], ABOVE[name](snapshot))


def _write(cell: Any, value: Value) -> None:
    """A value into a cell: a text never as a formula, an error or a link, a day as a day."""
    match value:
        case bool():
            _write(cell, _("是") if value else _("否"))
        case str():
            cell.value = plain(value)[:LONGEST]
            cell.data_type = "s"
            cell.hyperlink = None
            # Edited in the office, it still becomes no formula.
            cell.quotePrefix = True
        case _:
            # Of a day the library keeps the form's own way of writing it, if it has one.
            cell.value = value


def _make_room(sheet: Any, start: int, count: int, mapped: set[int]) -> None:
    """Rows for ``count`` entries from ``start`` on: the empty ones below it first, then rows like the first.

    What stands below the room (sums, signatures) moves down with its heights, merged cells and formulas.
    """
    last = max(sheet.max_row, start)
    end = next((r for r in range(start + 1, last + 1) if _says_something(sheet, r)), last + 1)
    if count > end - start:
        _move_down(sheet, end, count - (end - start))
    _clear(sheet, start, mapped)
    like = [sheet.cell(start, column) for column in range(1, sheet.max_column + 1)]
    merged = [r for r in sheet.merged_cells.ranges if r.min_row == r.max_row == start]
    for row in range(start + 1, start + count):
        _copy_row(sheet, like, row, is_new=row >= end, mapped=mapped)
        for r in merged if row >= end else ():
            sheet.merge_cells(start_row=row, end_row=row, start_column=r.min_col, end_column=r.max_col)


def _says_something(sheet: Any, row: int) -> bool:
    """Whether a row has words of its own: more than rules, numbers or formulas made ready for data."""
    return any(isinstance(cell.value, str) and cell.data_type != "f" for cell in sheet[row])


def _clear(sheet: Any, start: int, mapped: set[int]) -> None:
    """Take away what the form shows as an example in the first row."""
    for column in mapped:
        sheet.cell(start, column).value = None


def _copy_row(sheet: Any, like: Sequence[Any], row: int, *, is_new: bool, mapped: set[int]) -> None:
    """Give a row the looks of the first one, and its formulas outside the mapped columns."""
    from openpyxl.formula.translate import Translator  # noqa: PLC0415 - as above

    if is_new:
        sheet.row_dimensions[row].height = sheet.row_dimensions[like[0].row].height
    for cell in like:
        own = sheet.cell(row, cell.column)
        if is_new or not own.has_style:
            own._style = copy(cell._style)  # noqa: SLF001 - the library's own way to copy looks
        if cell.data_type == "f" and cell.column not in mapped:
            own.value = Translator(cell.value, cell.coordinate).translate_formula(own.coordinate)


def _move_down(sheet: Any, end: int, added: int) -> None:
    """Move what stands from row ``end`` on down, and let what refers to it follow: formulas, filter, print area."""
    below = [r for r in sheet.merged_cells.ranges if r.min_row >= end]
    for r in below:
        sheet.unmerge_cells(r.coord)
    heights = {row: d.height for row, d in sheet.row_dimensions.items() if row >= end and d.height is not None}
    sheet.move_range(f"A{end}:{sheet.cell(max(sheet.max_row, end), sheet.max_column).coordinate}", rows=added)
    for row in heights:
        sheet.row_dimensions[row].height = None
    for row, height in heights.items():
        sheet.row_dimensions[row + added].height = height
    for r in below:
        r.shift(row_shift=added)
        sheet.merge_cells(r.coord)
    if sheet.print_area:
        # Ranges of several areas stand apart by commas, each with its sheet's name.
        areas = re.findall(r"\$?[A-Z]+\$?[0-9]+(?::\$?[A-Z]+\$?[0-9]+)?(?=,|$)", sheet.print_area)
        sheet.print_area = ",".join(_moved(area, end, added) for area in areas)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _moved(sheet.auto_filter.ref, end, added)
    for other in sheet.parent.worksheets:
        for cell in (cell for line in other.iter_rows() for cell in line):
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = followed(cell.value, other.title, sheet.title, end, added)


_REFERENCE = re.compile(r"(?<![\w.$])(\$?[A-Z]{1,3}\$?)([0-9]+)(?:(:\$?[A-Z]{1,3}\$?)([0-9]+))?(?![\w(])")


def _moved(reference: str, end: int, added: int) -> str:
    """A reference after rows came in at ``end``: it follows what moved, and a range down to there takes them in."""

    def moved(found: re.Match[str]) -> str:
        first, last = int(found[2]), found[4]
        begin = f"{found[1]}{first + added if first >= end else first}"
        return begin if last is None else f"{begin}{found[3]}{int(last) + added if int(last) >= end - 1 else last}"

    return _REFERENCE.sub(moved, reference)


def followed(formula: str, here: str, there: str, end: int, added: int) -> str:
    """A formula of the sheet ``here`` after rows came in at ``end`` of the sheet ``there``."""
    from openpyxl.formula import Tokenizer  # noqa: PLC0415 - as above

    tokens = Tokenizer(formula)
    for token in tokens.items:
        name, sign, reference = token.value.rpartition("!")
        if token.type == "OPERAND" and token.subtype == "RANGE" and (name.strip("'") if sign else here) == there:
            token.value = f"{name}{sign}{_moved(reference, end, added)}"
    return "=" + "".join(token.value for token in tokens.items)


# --- the file ---

CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - Excel knows no zones
"""In the properties, so that time leaves no trace."""

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def _written(book: Any, fingerprint: str) -> bytes:
    """The bytes of the workbook; equal workbooks give equal bytes."""
    from openpyxl.packaging.custom import StringProperty  # noqa: PLC0415 - as above

    if "fingerprint" in book.custom_doc_props.names:
        del book.custom_doc_props["fingerprint"]
    book.custom_doc_props.append(StringProperty(name="fingerprint", value=fingerprint))
    written, packed = io.BytesIO(), io.BytesIO()
    book.save(written)
    moment = f"{CREATED:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            dated = zipfile.ZipInfo(member.filename, CREATED.timetuple()[:6])
            dated.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(member.filename)
            if member.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + moment, content)
            new.writestr(dated, content)
    return packed.getvalue()
