"""A unit's form as a workbook, out and back: one layout, written by one half and read by the other.

It opens in WPS and Excel with nothing installed and no macros. What must be answered stands on
top, then what may change, the rest folded; a cell that is not to be typed in is locked; states
are chosen from a list; days and numbers are checked as they are typed. Text from files is
written as text: never a formula, never a link.
"""

from pathlib import Path

from tracker.source import Source
from tracker.workbook import back
from tracker.workbook.marked import annotate_file, annotated
from tracker.workbook.out import write
from tracker.workbook.sheet_back import is_sheet_book, parse_sheet
from tracker.workbook.sheet_out import write_sheet

__all__ = ["annotate_file", "annotated", "parse", "read", "write", "write_sheet"]


def parse(content: bytes, shown: str) -> Source:
    """A workbook that came back as what it is: a unit's submission, or an enterprise's sheet."""
    return parse_sheet(content, shown) if is_sheet_book(content) else back.parse(content, shown)


def read(path: Path, shown: str) -> Source:
    """The workbook at ``path``; one that cannot be read is a problem too."""
    return back.read(path, shown, parse)
