"""A unit's form as a workbook, out and back: one layout, written by one half and read by the other.

It opens in WPS and Excel with nothing installed and no macros. What must be answered stands on
top, then what may change, the rest folded; a cell that is not to be typed in is locked; states
are chosen from a list; days and numbers are checked as they are typed. Text from files is
written as text: never a formula, never a link.
"""

from tracker.workbook.back import parse, read
from tracker.workbook.marked import annotate_file, annotated
from tracker.workbook.out import write

__all__ = ["annotate_file", "annotated", "parse", "read", "write"]
