"""What looked otherwise when a report had to be out than it does now."""

from dataclasses import dataclass
from datetime import date, datetime, time

from tracker.clocks import CHINA
from tracker.deadlines import month_end
from tracker.plans import Programme
from tracker.reporting import asked
from tracker.snapshot import Snapshot
from tracker.standing import Standing


def known_then(programme: Programme, month: date) -> datetime:
    """The moment by which the report on a month had to be out: the end of the last day it is not late."""
    days = asked(programme, month)
    return datetime.combine(days.late_after if days is not None else month_end(month), time.max, CHINA)


@dataclass(frozen=True)
class Shift:
    """An item that looks otherwise now than it did then; None where it was not there."""

    then: Standing | None
    now: Standing | None

    @property
    def standing(self) -> Standing:
        """Now, or what was then."""
        found = self.now or self.then
        assert found is not None  # noqa: S101 - shifts makes none without either
        return found

    @property
    def is_of_days(self) -> bool:
        """Whether only the day it falls due differs, or how late it is."""
        return self.then is not None and self.now is not None and self.then.status == self.now.status


def shifts(then: Snapshot, now: Snapshot) -> list[Shift]:
    """The items whose standing or day differs between two states of knowledge, in the order of the items."""
    found = [Shift(then.by_key.get(key), s) for key, s in now.by_key.items()]
    found += [Shift(s, None) for key, s in then.by_key.items() if key not in now.by_key]
    return [shift for shift in found if _look(shift.then) != _look(shift.now)]


def _look(s: Standing | None) -> tuple[str, date | None, int] | None:
    return (s.status, s.due, s.days_late) if s is not None else None
