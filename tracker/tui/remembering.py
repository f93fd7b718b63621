"""A programme's files that are judged once for each day asked for: several places look back at the same months."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tracker.snapshot import Books, Snapshot

MOST = 6
"""Days that are remembered; of a province one takes some ten megabytes."""


@dataclass
class Remembering(Books):
    """The files of one reading, and the days last looked at."""

    days: OrderedDict[tuple[date, datetime], Snapshot] = field(default_factory=OrderedDict)
    """The last asked for last."""

    def on(self, as_of: date, known_by: datetime) -> Snapshot:
        """The snapshot of a day, the very one of the last time where there was one."""
        day = min(as_of, self.programme.head.until), known_by
        found = self.days.pop(day, None) or super().on(as_of, known_by)
        self.days[day] = found
        while len(self.days) > MOST:
            self.days.popitem(last=False)
        return found


def remembering(snapshot: Snapshot) -> Snapshot:
    """The snapshot, which from now on remembers the other days that it is asked for."""
    books = Remembering(snapshot.books.workspace, snapshot.books.programme, snapshot.books.problems)
    vars(books).update(vars(snapshot.books))  # what was read stays read
    found = replace(snapshot, books=books)
    books.days[snapshot.clocks.as_of, snapshot.clocks.known_by] = found
    return found
