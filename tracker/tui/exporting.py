"""What is shown, as a file for Excel and WPS."""

from collections.abc import Iterable
from csv import writer
from io import StringIO

from tracker.exports import harmless
from tracker.listings import overdue_cells, overdue_header
from tracker.overdue import late_row
from tracker.snapshot import Snapshot
from tracker.standing import Standing


def standings_csv(snapshot: Snapshot, rows: Iterable[Standing]) -> bytes:
    """The rows as the overdue command prints them; no cell is a formula, and Excel sees that it is UTF-8."""
    out = StringIO(newline="")
    table = writer(out)
    table.writerow(overdue_header())
    for row in overdue_cells(late_row(snapshot, s) for s in rows):
        table.writerow([cell if isinstance(cell, int) else harmless(str(cell or "")) for cell in row])
    return out.getvalue().encode("utf-8-sig")
