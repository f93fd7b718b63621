"""A workbook back to whom it came from, its problems marked in place."""

import io
import warnings
from collections.abc import Sequence
from pathlib import Path

from tracker import writing
from tracker.problems import Problem, hinted
from tracker.terminal import plain
from tracker.workbook.back import sheets


def annotated(content: bytes, problems: Sequence[Problem]) -> bytes:
    """The workbook with each problem as a note in its cell, the cell marked; as it came otherwise.

    ``ValueError`` where the bytes are no workbook that can be opened.
    """
    import openpyxl  # noqa: PLC0415
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    marked = PatternFill("solid", fgColor="FFC7CE")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            sheets(content)
            book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
        except Exception as error:
            raise ValueError(str(error)) from error
        first = book.worksheets[0].title
        notes: dict[tuple[str, str], list[str]] = {}
        for problem in problems:
            sheet, _bang, cell = problem.place.cell.rpartition("!")
            where = (sheet, cell) if sheet in book.sheetnames else (first, "A1")
            notes.setdefault(where, []).append(plain(f"{problem.code} {hinted(problem.message, problem.hint)}"))
        for (sheet, cell), lines in notes.items():
            book[sheet][cell].comment = Comment("\n".join(lines), "Tracker", height=40 + 40 * len(lines), width=320)
            book[sheet][cell].fill = marked
        written = io.BytesIO()
        book.save(written)
    return written.getvalue()


def annotate_file(path: Path, problems: Sequence[Problem]) -> Path:
    """The annotated workbook, written beside the one at ``path``: nothing there is replaced.

    ``ValueError`` where it is no workbook that can be opened.
    """
    content = annotated(path.read_bytes(), problems)
    n = 1
    while True:
        target = path.with_name(f"{path.stem}.批注{n if n > 1 else ''}.xlsx")
        try:
            writing.create(target, content)
        except FileExistsError:
            n += 1
        else:
            return target
