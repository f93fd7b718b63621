"""The rows of a ledger's sheets, their cells by what they say. No workbook makes it raise."""

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

from tracker.language import _
from tracker.ledger.cells import squeezed, text_of
from tracker.ledger.mapping import Columns, LedgerMapping, Sheet
from tracker.problems import Place, Problem, nearest
from tracker.terminal import plain

MOST_ROWS = 20_000
"""Rows of a sheet; a ledger of a whole city has some thousands."""

MOST_COLUMNS = 200

LONGEST_SAID = 60
"""Characters of a row that are shown to find it again."""


@dataclass(frozen=True)
class Miss:
    """Why something could not be understood, and what was probably meant."""

    reason: str
    suggestion: str = ""


@dataclass(frozen=True, order=True)
class Unmatched:
    """A row that became no entry, and why."""

    sheet: str
    row: int
    said: str
    """Its unit and task, to find it again."""
    reason: str
    suggestion: str = ""

    @property
    def words(self) -> str:
        """The row in one line."""
        where = _("{sheet} 第 {row} 行（{said}）：", sheet=self.sheet, row=self.row, said=self.said)
        return plain(f"{where}{self.reason}{self.suggestion}")


@dataclass(frozen=True)
class Row:
    """One row of a sheet, its cells by what they say."""

    sheet: Sheet
    number: int
    cells: Mapping[str, object]

    def text(self, key: str) -> str:
        """A cell as a text; empty for one with nothing in it."""
        return text_of(self.cells.get(key))

    def unmatched(self, miss: "Miss") -> Unmatched:
        """The row as one that became no entry."""
        said = " ".join(word for key in ("unit", "id", "number", "title") if (word := self.text(key)))
        return Unmatched(self.sheet.name, self.number, plain(said)[:LONGEST_SAID], miss.reason, miss.suggestion)


def read_rows(content: bytes, mapping: LedgerMapping, shown: str, problems: list[Problem]) -> Iterator[Row]:
    """Every row of the mapped sheets that has something in it."""
    import openpyxl  # noqa: PLC0415 - only this command reads ledgers

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception:  # noqa: BLE001 - a damaged workbook can break the library anywhere
        hint = _("请在 WPS 或 Excel 里另存为 .xlsx。")
        problems.append(Problem(Place(shown), "E01", _("这不是 .xlsx 工作簿，或者已经损坏。"), hint))
        return
    for sheet in mapping.sheet:
        if sheet.name not in book.sheetnames:
            message = _("没有工作表“{name}”。", name=sheet.name)
            problems.append(Problem(Place(shown), "E07", message, nearest(sheet.name, book.sheetnames)))
            continue
        lines = _lines(book[sheet.name], Place(shown, cell=sheet.name), problems)
        headings = [squeezed(value) for value in lines[sheet.header - 1]] if 0 < sheet.header <= len(lines) else []
        where = _columns(sheet, headings, Place(shown, sheet.header, 1, f"{sheet.name}!{sheet.header}"), problems)
        if where:
            yield from _of_sheet(sheet, where, lines)


def _lines(sheet: Any, place: Place, problems: list[Problem]) -> list[Sequence[object]]:
    """The cells of a sheet, as far as it can be read."""
    lines: list[Sequence[object]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Some programs write a wrong size into the sheet.
            sheet.reset_dimensions()
            lines.extend(islice(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), MOST_ROWS + 1))
    except Exception:  # noqa: BLE001 - as above; the rows before are still good
        problems.append(Problem(place, "E01", _("读到第 {n} 行之后读不下去了。", n=len(lines)), _("请另存为 .xlsx。")))
    while lines and not any(text_of(value) for value in lines[-1]):
        lines.pop()
    if len(lines) > MOST_ROWS:
        message, hint = _("超过 {n} 行，后面的没有读。", n=MOST_ROWS), _("请分成几个工作簿。")
        problems.append(Problem(place, "E01", message, hint))
    return lines[:MOST_ROWS]


def _columns(sheet: Sheet, headings: Sequence[str], place: Place, problems: list[Problem]) -> Mapping[str, int]:
    """The number of each mapped column, from 0; none, and a problem, where one is not there."""
    found: dict[str, int] = {}
    wrong = []
    for f in fields(Columns):
        name = getattr(sheet.columns, f.name)
        if name is None:
            continue
        spots = [n for n, heading in enumerate(headings) if heading and heading == squeezed(name)]
        if len(spots) == 1:
            found[f.name] = spots[0]
        elif spots:
            message, hint = _("表头里有 {n} 列都叫“{name}”。", n=len(spots), name=name), _("请写列的字母，例如 C。")
            wrong.append(Problem(place, "E11", message, hint))
        elif re.fullmatch("[A-Z]{1,2}", name):
            found[f.name] = _column_number(name)
        else:
            message = _("表头里没有“{name}”这一列。", name=name)
            wrong.append(Problem(place, "E07", message, nearest(name, [h for h in headings if h])))
    problems += wrong
    return {} if wrong else found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _of_sheet(sheet: Sheet, where: Mapping[str, int], lines: Sequence[Sequence[object]]) -> Iterator[Row]:
    above: dict[str, object] = {}
    for number, line in enumerate(lines[sheet.header :], sheet.header + 1):
        cells = {key: line[n] for key, n in where.items() if n < len(line) and text_of(line[n])}
        if not cells:
            continue
        above |= {key: cells[key] for key in sheet.fill_down if key in cells}
        # A row with a single cell is a heading between the tasks: it is passed over, and nothing carried into it.
        yield Row(sheet, number, {**above, **cells} if len(cells) > 1 else cells)
