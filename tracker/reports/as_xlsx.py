"""The annex as an .xlsx: headings that stay, filters, lights by colour, sign and word; A4 across.

No text becomes a formula or a link: texts are written as strings, and their cells keep them so (a quote
prefix) when somebody edits them.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tracker.reports.annex import Book, Grid, Heading, Sheet, Value
from tracker.statuses import LIGHTS, Light
from tracker.terminal import plain, width

CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - Excel knows no zones
"""In the properties of every workbook, so that time leaves no trace."""

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

FILLS: Mapping[Light, tuple[str, str]] = {
    "red": ("#FFC7CE", "#9C0006"),
    "yellow": ("#FFEB9C", "#7F6000"),
    "green": ("#C6EFCE", "#006100"),
    "grey": ("#EDEDED", "#595959"),
}
"""Background and letters of each light."""

LINE_HEIGHT = 13.5
"""Points of a line of 10 point text."""

TALLEST = 400
"""Points; a row cannot be higher than 409."""

LONGEST_NAME = 31
"""Characters of a sheet's name."""

LONGEST = 32_767
"""Characters of a cell."""

A4 = 9


def write(book: Book) -> bytes:
    """The bytes of the workbook; equal books give equal bytes."""
    import xlsxwriter  # noqa: PLC0415 - only the annex and the forms write workbooks

    content = io.BytesIO()
    file = xlsxwriter.Workbook(content, OPTIONS)
    file.set_properties({"created": CREATED, "title": plain(book.title), "author": plain(book.author)})
    file.set_custom_property("fingerprint", book.fingerprint)
    styles = _styles(file)
    taken: set[str] = set()
    for sheet in book.sheets:
        _write_sheet(file.add_worksheet(sheet_name(sheet.name, taken)), sheet, book.notice, styles)
    file.close()
    return content.getvalue()


def sheet_name(words: str, taken: set[str]) -> str:
    """A name that Excel accepts: no brackets, slashes, ``:*?``; 31 characters; none twice, in whatever case."""
    name = re.sub(r"[\[\]:*?/\\]", "_", plain(words)).strip("' ")[:LONGEST_NAME] or "_"
    n, first = 1, name
    while name.casefold() in taken or name.casefold() == "history":
        n += 1
        name = f"{first[: LONGEST_NAME - len(str(n)) - 1]}_{n}"
    taken.add(name.casefold())
    return name


Styles = Mapping[str, Any]


def _styles(file: Any) -> Styles:
    base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1}
    text = {**base, "text_wrap": True, "quote_prefix": True}
    return {
        "title": file.add_format({"font_name": "黑体", "font_size": 14, "valign": "vcenter", "quote_prefix": True}),
        "note": file.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter", "quote_prefix": True}),
        "head": file.add_format({**text, "bold": True, "align": "center", "bg_color": "#DDE7F3"}),
        "text": file.add_format(text),
        "centre": file.add_format({**text, "align": "center"}),
        "light": file.add_format({**text, "align": "center"}),
        "number": file.add_format({**base, "align": "right", "num_format": "General"}),
        "percent": file.add_format({**base, "align": "right", "num_format": "0.0%"}),
        "day": file.add_format({**base, "align": "center", "num_format": "yyyy-mm-dd"}),
        **{
            light: file.add_format({"bg_color": back, "font_color": letters})
            for light, (back, letters) in FILLS.items()
        },
    }


def _write_sheet(sheet: Any, what: Sheet, notice: str, styles: Styles) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    sheet.write_string(0, 0, plain(what.title), styles["title"])
    sheet.set_row(0, 24)
    row = 1
    if notice:
        sheet.write_string(row, 0, plain(notice), styles["note"])
        row += 1
    first, widths = row, _widths(what.grids)
    for n, columns in enumerate(widths):
        sheet.set_column(n, n, columns + 1.5)
    for grid in what.grids:
        row = _write_grid(sheet, row, grid, widths, styles) + 1
    for note in what.notes:
        sheet.write_string(row, 0, plain(note), styles["note"])
        row += 1
    main = what.grids[0]
    last = first + len(main.rows) - main.totals
    sheet.repeat_rows(0, first)
    sheet.freeze_panes(first + 1, _kept_columns(main))
    if main.rows:
        sheet.autofilter(first, 0, last, len(main.headings) - 1)


def _kept_columns(grid: Grid) -> int:
    """How many columns stay in sight: those up to what a row is about."""
    return next((n for n, heading in enumerate(grid.headings, 1) if heading.kind == "text"), 1)


def _widths(grids: Iterable[Grid]) -> list[int]:
    """The columns' widths: of the longest cell, as far as each may grow."""
    widths: list[int] = []
    for grid in grids:
        for n, heading in enumerate(grid.headings):
            cells = {row[n] for row in grid.rows}
            longest = max([_needed(heading.title, heading), *(_needed(cell, heading) for cell in cells)])
            widths[n : n + 1] = [max(longest, *widths[n : n + 1])] if n < len(widths) else [longest]
    return widths


def _needed(cell: Value, heading: Heading) -> int:
    match cell:
        case None:
            return 0
        case date():
            return 10
        case str():
            # Longer than its column in characters it is longer in width.
            return heading.widest if len(cell) >= heading.widest else min(width(cell), heading.widest)
        case _:
            return len(f"{cell:.10g}")


def _write_grid(sheet: Any, row: int, grid: Grid, widths: Sequence[int], styles: Styles) -> int:
    """Write a grid from ``row`` on; the row below it."""
    for n, heading in enumerate(grid.headings):
        sheet.write_string(row, n, plain(heading.title), styles["head"])
    top = row + 1
    wrapped = [(n, widths[n]) for n, heading in enumerate(grid.headings) if heading.kind in ("text", "centre")]
    writers = [_writer(sheet, heading, styles) for heading in grid.headings]
    for at, cells in enumerate(grid.rows, top):
        lines = max((_lines(cells[n], columns) for n, columns in wrapped), default=1)
        # A row does not grow by itself in every program: give it the lines that its longest cell needs.
        sheet.set_row(at, min(LINE_HEIGHT * lines + 3, TALLEST))
        for n, (write_cell, cell) in enumerate(zip(writers, cells, strict=True)):
            write_cell(at, n, cell)
    below = top + len(grid.rows)
    for n, heading in enumerate(grid.headings):
        if heading.kind == "light" and grid.rows:
            _colour(sheet, (top, n, below - 1, n), styles)
    return below


def _writer(sheet: Any, heading: Heading, styles: Styles) -> Callable[[int, int, Value], None]:
    """What writes a cell of a column."""
    style, text, blank = styles[heading.kind], sheet.write_string, sheet.write_blank
    typed = {"number": sheet.write_number, "percent": sheet.write_number, "day": sheet.write_datetime}

    def write_text(row: int, column: int, cell: Value) -> None:
        text(row, column, plain(cell)[:LONGEST], style) if cell else blank(row, column, None, style)

    def write_value(row: int, column: int, cell: Value) -> None:
        if cell is None:
            blank(row, column, None, style)
        else:
            typed[heading.kind](row, column, cell, style)

    return write_value if heading.kind in typed else write_text


def _lines(cell: Value, columns: int) -> int:
    """The lines that a text takes in a column."""
    if not isinstance(cell, str) or 2 * len(cell) <= columns:
        return 1
    return max(-(-width(plain(cell)) // columns), 1)


def _colour(sheet: Any, cells: tuple[int, int, int, int], styles: Styles) -> None:
    """Each light's colour where its sign stands first."""
    for light, (sign, _word) in LIGHTS.items():
        rule = {"type": "text", "criteria": "begins with", "value": sign, "format": styles[light]}
        sheet.conditional_format(*cells, rule)
