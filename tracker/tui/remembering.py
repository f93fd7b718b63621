"""A programme's files that are judged once for each day asked for: several places look back at the same months."""

from collections import OrderedDict
from datetime import date, datetime

from tracker.snapshot import Books, Snapshot

MOST = 6
"""Days that are remembered; of a province one takes some ten megabytes."""


class Remembering(Books):
    """The files of one reading, and the days last looked at."""

    def __init__(self, of: Books) -> None:
        super().__init__(of.workspace, of.programme_id, of.heading, is_index=of.is_index)
        vars(self).update(vars(of))  # what was read stays read
        self.days: OrderedDict[tuple[date, datetime], Snapshot] = OrderedDict()
        """The last asked for last."""

    def on(self, as_of: date, known_by: datetime) -> Snapshot:
        """The snapshot of a day, the very one of the last time where there was one."""
        day = min(as_of, self.heading.until), known_by
        found = self.days.pop(day, None) or super().on(as_of, known_by)
        self.days[day] = found
        while len(self.days) > MOST:
            self.days.popitem(last=False)
        return found


def remembering(snapshot: Snapshot) -> Snapshot:
    """The snapshot, which from now on remembers the other days that it is asked for."""
    books = Remembering(snapshot.books)
    found = snapshot.with_books(books)
    books.days[snapshot.clocks.as_of, snapshot.clocks.known_by] = found
    return found


def forget(snapshot: Snapshot) -> None:
    """Let go of the days, now that the files were read anew: what holds itself and is frozen would stay for ever."""
    if isinstance(snapshot.books, Remembering):
        snapshot.books.days.clear()
