"""Who has reported on a month, when the reports are asked for, and from when they are late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tracker.deadlines import Rolled, due_in, months_later, period, rolled
from tracker.decisions import OF_FILES, Decision
from tracker.filed import Filed
from tracker.language import _
from tracker.plans import Programme, Report, Unit
from tracker.snapshot import Snapshot
from tracker.workdays import CHINA


@dataclass(frozen=True)
class Asked:
    """When the report on a month is asked for, and from when it is late."""

    month: date
    asked: Rolled
    late_after: date
    rule: Report


def asked(programme: Programme, month: date) -> Asked | None:
    """The reporting rule's days for a month; None where the programme has no monthly rule."""
    rule = next((r for r in programme.reports if r.every == "month"), None)
    if rule is None:
        return None
    following = period("month", months_later(month, 1), 0)
    return Asked(
        month,
        rolled(due_in(following, "month", rule.ask_by), rule.roll, programme.workdays),
        rolled(due_in(following, "month", rule.late_after), rule.late_roll, programme.workdays).day,
        rule,
    )


ASKED_UNTIL = 10
"""Until this day of a month people are at work on the month before."""


def month_in_hand(today: date) -> date:
    """The month that files and rulings are about when nobody says which: its first day."""
    return months_later(today.replace(day=1), 0 if today.day > ASKED_UNTIL else -1)


@dataclass(frozen=True)
class Reported:
    """A unit's report on a month."""

    unit: Unit
    status: str
    """on-time, late, missing, returned, held, or awaited while it is not late yet."""
    received: datetime | None = None
    """When the first file of the month came."""
    versions: int = 0
    file: str = ""

    @property
    def is_late(self) -> bool:
        """Whether it counts as 未按时报送: late, missing, or not usable."""
        return self.status not in ("on-time", "awaited")


def reporting_words(status: str) -> str:
    """A reporting status in words."""
    words = {
        "on-time": _("按时报送"),
        "late": _("迟报"),
        "missing": _("未报"),
        "returned": _("退回待报"),
        "held": _("暂存待改"),
        "awaited": _("待报"),
    }
    return words[status]


def reporting(snapshot: Snapshot, month: date) -> list[Reported]:
    """Who has reported on a month, in protocol order."""
    days = asked(snapshot.programme, month)
    units = days.rule.units if days is not None else None
    known = [
        d
        for d in sorted(snapshot.decisions, key=lambda d: d.at)
        if d.kind in OF_FILES and d.item is None and d.month == month and d.at <= snapshot.clocks.known_by
    ]
    found = []
    for unit in snapshot.programme.units:
        if units is not None and unit.id not in units:
            continue
        files = sorted(
            (f for f in snapshot.filed if f.submission.unit == unit.id and f.submission.month == month
             and not f.submission.head.opening),
            key=lambda f: (f.received, f.submission.version),
        )  # fmt: skip
        counting = [f for f in files if not _is_sent_back(f, known)]
        held = [h for h in snapshot.held_files if h.unit == unit.id and h.month == month]
        if counting:
            is_late = days is not None and files[0].received.astimezone(CHINA).date() > days.late_after
            last = counting[-1].submission.file
            found.append(Reported(unit, "late" if is_late else "on-time", files[0].received, len(files), last))
        elif files:
            found.append(Reported(unit, "returned", files[0].received, len(files), files[-1].submission.file))
        elif held:
            found.append(Reported(unit, "held", None, len(held), held[-1].file))
        else:
            today = snapshot.clocks.known_by.astimezone(CHINA).date()
            found.append(Reported(unit, "awaited" if days is not None and today <= days.late_after else "missing"))
    return found


def _is_sent_back(one: Filed, rulings: Iterable[Decision]) -> bool:
    """Whether the latest ruling on a file as it is now sent it back."""
    name, digest = one.submission.file.rpartition("/")[2], one.submission.digest
    kinds = [d.kind for d in rulings if d.file == name and d.sha256 in (None, digest)]
    return bool(kinds) and kinds[-1] != "accept"
