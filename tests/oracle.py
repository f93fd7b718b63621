"""A second opinion on the merge: where one occurrence stands, straight from the written rules.

Plain and slow on purpose, and written without a look at ``tracker.standing``: only its
dataclasses are used. Each function is one sentence of the rules (design 3.3 and 3.4,
status/README.md "哪一条算数", plans/README.md on numbers of the whole city and on intervals).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import PurePosixPath

from tracker.clocks import Clocks
from tracker.decisions import Decision
from tracker.filed import Closing, Filed, Record
from tracker.occurrences import Occurrence
from tracker.plans import Programme
from tracker.submissions import Submission, Update

GROUNDS = {
    "不涉及": "not-applicable",
    "任务调整": "adjusted",
    "终止": "terminated",
    "not-applicable": "not-applicable",
    "adjusted": "adjusted",
    "terminated": "terminated",
}
"""What a waiver's ground makes of an item."""


ON_WORDS = ("accept", "return", "withdraw")
"""Rulings on what was said, not on the item; while an item is verified they do not touch it."""


@dataclass(frozen=True)
class World:
    """Everything that a judgement is made from."""

    programme: Programme = field(repr=False)
    occurrences: tuple[Occurrence, ...] = field(repr=False)
    filed: tuple[Filed, ...]
    decisions: tuple[Decision, ...]
    clocks: Clocks
    closing: Closing
    """What sheets say of some items, in place of what units claim."""


@dataclass(frozen=True)
class Number:
    """What was reached of a target, in the target's unit (percent for shares)."""

    needed: Fraction
    reached: Fraction
    reported: int = 1
    asked: int = 1
    on: date | None = None
    """For a number of the whole city: the day the last of the units' numbers was counted."""
    known: datetime | None = None
    """For a number of the whole city: when the last of the units' numbers was known."""

    @property
    def is_of_the_city(self) -> bool:
        """Whether it is the sum of the units' numbers."""
        return self.on is not None

    @property
    def share(self) -> Fraction:
        """Percent of what is needed; where nothing is, all of it."""
        return self.reached * 100 / self.needed if self.needed else Fraction(100)


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one occurrence."""

    status: str
    scheduled: date | None
    due: date | None
    days_late: int
    done_on: date | None
    update: Update | None
    number: Number | None


@dataclass(frozen=True)
class Entry:
    """The update that counts, the month it speaks of, and the moment the city knew it."""

    update: Update
    month: date
    received: datetime


@dataclass(frozen=True)
class Case:
    """One occurrence with all that is said and ruled about it, as far as the clocks let it count."""

    programme: Programme
    occurrence: Occurrence
    filed: Sequence[Filed]
    """Of the occurrence's unit, known in time, of no later month, speaking for its plan; oldest first."""
    decisions: Sequence[Decision]
    """Of the occurrence's unit, made in time, of no later month; oldest first."""
    as_of: date


def judge(world: World, occurrence: Occurrence) -> Verdict:
    """Where one occurrence stands."""
    case = case_of(world, occurrence)
    entry = entry_of(world, case)
    number = number_of(world, case, entry)
    scheduled = scheduled_day(world, occurrence)
    due = effective_due(case, scheduled)
    status = status_of(case, entry, due, number)
    done_on = completion(case, entry, number) if status in ("verified", "done") else None
    late = days_late(case, status, done_on, due)
    return Verdict(status, scheduled, due, late, done_on, entry.update if entry is not None else None, number)


def case_of(world: World, occurrence: Occurrence) -> Case:
    """What counts of all that was said and ruled."""
    clocks = world.clocks
    this_month = clocks.as_of.replace(day=1)
    heard = [
        f
        for f in world.filed
        if f.submission.head.unit == occurrence.unit
        and f.received <= clocks.known_by
        and f.submission.month <= this_month
        and (f.submission.head.part == () or occurrence.milestone.plan in f.submission.head.part)
    ]
    ruled = [
        d for d in world.decisions if d.unit == occurrence.unit and d.at <= clocks.known_by and d.month <= this_month
    ]
    heard.sort(key=age)
    ruled.sort(key=lambda d: d.at)
    closed = closed_spells(occurrence.id, ruled)
    heard = [f for f in heard if not within(f.received, closed)]
    ruled = [d for d in ruled if d.kind not in ("correct", *ON_WORDS) or not within(d.at, closed)]
    return Case(world.programme, occurrence, heard, ruled, clocks.as_of)


def entry_of(world: World, case: Case) -> Entry | None:
    """The update that counts, or what sheets say in its place."""
    key = (case.occurrence.unit, case.occurrence.id)
    if key in world.closing:
        sheets = world.closing[key]
        if sheets is None or not within(sheets.known, closed_spells(case.occurrence.id, case.decisions)):
            return entry_by_sheets(case, sheets)
    return record(case)


# --- numbers ---


def is_pooled(occurrence: Occurrence) -> bool:
    """Whether the target is one number for the whole city."""
    return occurrence.milestone.target is not None and occurrence.milestone.target.pool is not None


def number_of(world: World, case: Case, entry: Entry | None) -> Number | None:
    """The city's sum, once a unit has said a number; a unit with a quota answers for its own, as all others do."""
    o = case.occurrence
    if is_pooled(o) and o.quota is None:
        asked = [other for other in world.occurrences if other.id == o.id]
        entries = [entry_of(world, case_of(world, other)) for other in asked]
        said = [e for e in entries if e is not None and e.update.done is not None]
        if said:
            done = sum((Fraction(e.update.done or 0) for e in said), Fraction())
            total = sum((Fraction(e.update.total or 0) for e in said), Fraction())
            last = max(day_counted(e) for e in said)
            known = max(e.received for e in said)
            return Number(needed(o), reached(o, done, total), len(said), len(asked), last, known)
    if entry is None or entry.update.done is None:
        return None
    return Number(needed(o), reached(o, Fraction(entry.update.done), Fraction(entry.update.total or 0)))


def needed(occurrence: Occurrence) -> Fraction:
    """The number to reach: of a share in percent, of an amount the unit's quota where it has one."""
    target = occurrence.milestone.target
    if target is None:
        return Fraction(0)
    if target.op == "all" or target.unit == "%":
        return Fraction(target.value) if target.value is not None and target.unit == "%" else Fraction(100)
    return Fraction(occurrence.quota if occurrence.quota is not None else target.value or 0)


def reached(occurrence: Occurrence, done: Fraction, total: Fraction) -> Fraction:
    """Of a share done of total, of nothing the whole; of an amount what is done."""
    target = occurrence.milestone.target
    if target is None or not (target.op == "all" or target.unit == "%"):
        return done
    return done * 100 / total if total else Fraction(100)


def day_counted(entry: Entry) -> date:
    """The day that a number is of: the one said, else its month's last."""
    u = entry.update
    return u.done_on or u.as_of or months_on(entry.month, 1) - timedelta(days=1)


def is_reached_by_all(case: Case, entry: Entry | None, number: Number | None) -> bool:
    """Whether the units' numbers come to that of the city, whose own row says nothing else.

    Nobody has done with a limit by going beyond it, nor with what is only about so much. What the city has refused or
    reopened is reached again once a unit has said a number since.
    """
    target = case.occurrence.milestone.target
    if entry is not None or number is None or number.known is None or target is None:
        return False
    ruling = latest(case, "verify", "refuse", "reopen")
    is_undone = ruling is not None and ruling.kind != "verify" and number.known <= ruling.at
    return target.op in (">=", "=", "all") and number.share >= 100 and not is_undone


# --- intervals that count from the last time ---


def scheduled_day(world: World, occurrence: Occurrence) -> date | None:
    """The calendar's day; where the plan counts from the day it was last done, so long after that."""
    m = occurrence.milestone
    if not m.from_last_done or m.every is None:
        return occurrence.due
    own = [o for o in world.occurrences if (o.unit, o.milestone.id) == (occurrence.unit, m.id)]
    days = [day for o in own if (day := day_done(world, o)) is not None and day < occurrence.opens]
    if not days:
        return occurrence.due
    if m.every == "week":
        return max(days) + timedelta(days=7)
    named = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
    return months_on(max(days), named.get(m.every) or int(m.every.split()[0]))


def day_done(world: World, occurrence: Occurrence) -> date | None:
    """The day it was done, if it is."""
    case = case_of(world, occurrence)
    entry = entry_of(world, case)
    return completion(case, entry, None)


def months_on(day: date, count: int) -> date:
    """The same day so many months later; the month's last where it has no such day."""
    first = date(day.year + (day.month - 1 + count) // 12, (day.month - 1 + count) % 12 + 1, 1)
    return max(first + timedelta(days=n) for n in range(day.day) if (first + timedelta(days=n)).month == first.month)


# --- what is left out ---


def closed_spells(item: str, ruled: Sequence[Decision]) -> list[tuple[datetime, datetime | None]]:
    """When the item was verified and not open: what is received in such a spell does not count, even later."""
    spells: list[tuple[datetime, datetime | None]] = []
    since: datetime | None = None
    for d in ruled:
        if d.item != item:
            continue
        if d.kind == "verify" and since is None:
            since = d.at
        elif d.kind in ("refuse", "reopen") and since is not None:
            spells.append((since, d.at))
            since = None
    return [*spells, (since, None)] if since is not None else spells


def within(moment: datetime, spells: Sequence[tuple[datetime, datetime | None]]) -> bool:
    """Whether a moment lies in one of the spells; its first moment does not, its last does."""
    return any(start < moment and (end is None or moment <= end) for start, end in spells)


def age(f: Filed) -> tuple[date, int, datetime]:
    """Newest month, then highest version, then latest receipt."""
    return f.submission.month, f.submission.version, f.received


# --- which word counts ---


def file_name(submission: Submission) -> str:
    """The file's name in its month's folder."""
    return PurePosixPath(submission.file).name


def fits(d: Decision, submission: Submission) -> bool:
    """Whether a ruling means this content: its month, and its file and digest where it names them."""
    return (
        d.month == submission.month
        and d.file in (None, file_name(submission))
        and d.sha256 in (None, submission.digest)
    )


def file_is_out(case: Case, f: Filed) -> bool:
    """Whether the latest ruling on the file as a whole returned or withdrew it."""
    rulings = [
        d
        for d in case.decisions
        if d.kind in ("accept", "return", "withdraw")
        and d.item is None
        and d.file is not None
        and fits(d, f.submission)
    ]
    return bool(rulings) and rulings[-1].kind != "accept"


def update_is_out(case: Case, f: Filed) -> bool:
    """Whether the latest ruling on this item, made after the file was received, returned or withdrew it."""
    rulings = [
        d
        for d in case.decisions
        if d.kind in ("accept", "return", "withdraw")
        and d.item == case.occurrence.id
        and fits(d, f.submission)
        and f.received <= d.at
    ]
    return bool(rulings) and rulings[-1].kind != "accept"


def good_update(case: Case, f: Filed) -> Update | None:
    """What this file says of the item; None where it says nothing, is held, or was returned."""
    item = case.occurrence.id
    if item in f.submission.held or update_is_out(case, f):
        return None
    said = [u for u in f.submission.updates if u.item == item]
    return said[0] if said else None


def names_it(case: Case, f: Filed) -> bool:
    """Whether the file names the item at all, held or not."""
    item = case.occurrence.id
    return item in f.submission.held or any(u.item == item for u in f.submission.updates)


def record(case: Case) -> Entry | None:
    """The update that counts: of the newest month that has one."""
    months = {f.submission.month for f in case.filed} | {d.month for d in corrections(case)}
    for month in sorted(months, reverse=True):
        entry = record_of_month(case, month)
        if entry is not None:
            return entry
    return None


def entry_by_sheets(case: Case, sheets: Record | None) -> Entry | None:
    """Where sheets close an item: their word, or the city's correction since; a unit's claim of done is none."""
    corrected = sorted(corrections(case), key=lambda d: (d.month, d.at))
    since = [d for d in corrected if sheets is not None and d.at > sheets.known]
    if since:
        return Entry(since[-1].as_update(), since[-1].month, since[-1].at)
    if sheets is not None:
        return Entry(sheets.update, sheets.month, sheets.known)
    months = {f.submission.month for f in case.filed} | {d.month for d in corrected}
    for month in sorted(months, reverse=True):
        entry = record_of_month(case, month)
        is_corrected = any(d.month == month for d in corrected)
        if entry is not None and (is_corrected or entry.update.state != "done"):
            return entry
    return None


def corrections(case: Case) -> list[Decision]:
    """The city's own words on the item, oldest first."""
    return [d for d in case.decisions if d.kind == "correct" and d.item == case.occurrence.id]


def record_of_month(case: Case, month: date) -> Entry | None:
    """A month's word: the city's correction, else the winning version's.

    Where the winner's is held or went back, the next earlier version with a good one; where it says nothing, none.
    """
    corrected = [d for d in corrections(case) if d.month == month]
    if corrected:
        return Entry(corrected[-1].as_update(), month, corrected[-1].at)
    standing = [f for f in case.filed if f.submission.month == month and not file_is_out(case, f)]
    if not standing or not names_it(case, standing[-1]):
        return None
    for f in reversed(standing):
        update = good_update(case, f)
        if update is not None:
            return Entry(update, month, f.received)
    return None


def is_returned(case: Case) -> bool:
    """Whether the newest word about the item went back to the unit and nothing newer has been said.

    A held update is no word, and a city correction is a word after its month's files.
    """
    item = case.occurrence.id
    words = [f for f in case.filed if item not in f.submission.held and names_it(case, f)]
    if not words or any(d.month >= words[-1].submission.month for d in corrections(case)):
        return False
    return file_is_out(case, words[-1]) or update_is_out(case, words[-1])


# --- rulings on the item ---


def latest(case: Case, *kinds: str) -> Decision | None:
    """The last ruling of these kinds on the item."""
    rulings = [d for d in case.decisions if d.item == case.occurrence.id and d.kind in kinds]
    return rulings[-1] if rulings else None


def effective_due(case: Case, due: date | None) -> date | None:
    """The scheduled day, or the latest day granted if that is later."""
    if due is None:
        return None
    for d in case.decisions:
        if d.kind == "extend" and d.item == case.occurrence.id and d.granted and d.until is not None:
            due = max(due, d.until)
    return due


def set_aside(case: Case) -> str | None:
    """The city's waiver, suspension or closing, if it is the last word and still runs."""
    ruling = latest(case, "waive", "suspend", "close", "reopen")
    if ruling is None or ruling.kind == "reopen":
        return None
    if ruling.kind == "waive":
        return GROUNDS[ruling.ground or ""]
    if ruling.kind == "close":
        return "explained"
    return "suspended" if ruling.until is None or ruling.until >= case.as_of else None


def is_done(case: Case, entry: Entry | None) -> bool:
    """Whether the record says done, on a day that has come, and nothing refused or reopened it once it was known."""
    if entry is None or entry.update.state != "done" or entry.update.done_on is None:
        return False
    if entry.update.done_on > case.as_of:
        return False
    ruling = latest(case, "refuse", "reopen")
    return ruling is None or entry.received > ruling.at


def is_refused(case: Case, entry: Entry | None) -> bool:
    """Whether the city found the last word's claim of done untrue, with no ruling on it since."""
    ruling = latest(case, "verify", "refuse", "reopen")
    claimed = entry is not None and entry.update.done_on is not None
    return (
        entry is not None and claimed and ruling is not None and ruling.kind == "refuse" and entry.received <= ruling.at
    )


def city_verified(case: Case) -> Decision | None:
    """The city's verification if nothing has undone it."""
    ruling = latest(case, "verify", "refuse", "reopen")
    return ruling if ruling is not None and ruling.kind == "verify" else None


def county_verified(case: Case, entry: Entry | None) -> bool:
    """Whether the county, being the closer, has verified what is done."""
    if entry is None or not is_done(case, entry) or case.occurrence.milestone.closer != "county":
        return False
    return entry.update.verified_on is not None and entry.update.verified_on <= case.as_of


def completion(case: Case, entry: Entry | None, number: Number | None) -> date | None:
    """The day it was done: the record's, that on which the city's number was reached, or that of the verification."""
    if number is not None and number.on is not None and is_reached_by_all(case, entry, number):
        return min(number.on, case.as_of)
    verification = city_verified(case)
    if verification is not None:
        says_done = entry is not None and entry.update.state == "done"
        return entry.update.done_on if entry is not None and says_done else verification.at.date()
    return entry.update.done_on if entry is not None and is_done(case, entry) else None


# --- the judgement, in its order ---


def status_of(case: Case, entry: Entry | None, due: date | None, number: Number | None) -> str:
    """The first rule that fits."""
    m = case.occurrence.milestone
    if m.kind in ("standing", "continuing"):
        return "continuing"
    if case.occurrence.contributes:
        return "contributing"
    aside = set_aside(case)
    if aside is not None:
        return aside
    if city_verified(case) is not None or county_verified(case, entry):
        return "verified"
    if is_done(case, entry) or is_reached_by_all(case, entry, number):
        return "done"
    if entry is None and is_before_records(case, due):
        return "before-records"
    if due is not None and case.as_of > due:
        return late_status(case, entry, number)
    return open_status(case, entry, due, number)


def is_before_records(case: Case, due: date | None) -> bool:
    """Whether it fell due, or its period ended, before there were records (建账前: design 3.3 "earlier periods")."""
    begin, period_end = case.programme.head.records_from, case.occurrence.period_end
    return (due is not None and due < begin) or (period_end is not None and period_end < begin)


def late_status(case: Case, entry: Entry | None, number: Number | None) -> str:
    """Of what is past its day."""
    if case.occurrence.milestone.waits_on is not None:
        return "waiting"
    if entry is None and not (number is not None and number.is_of_the_city):
        return "unreported"
    if case.occurrence.period_end is not None and case.as_of > case.occurrence.period_end:
        return "missed"
    return "overdue"


def open_status(case: Case, entry: Entry | None, due: date | None, number: Number | None) -> str:
    """Of what is not past its day."""
    state = entry.update.state if entry is not None else None
    waits = case.occurrence.milestone.waits_on is not None
    if state == "blocked":
        return "waiting" if waits else "blocked"
    if is_returned(case) or is_refused(case, entry):
        return "returned"
    if case.as_of < case.occurrence.opens:
        return "not-due"
    if due is not None and case.as_of >= due - timedelta(days=warning(case, due)):
        return "waiting" if waits else "due-soon"
    if due is not None and number is not None and is_behind(case, number, due):
        return "behind"
    has_begun = state == "in-progress" or (number is not None and number.is_of_the_city)
    return "on-track" if has_begun else "not-due"


def warning(case: Case, due: date) -> int:
    """Days before the due day on which it is soon: never more than a third of the time there is."""
    m = case.occurrence.milestone
    days = m.warning_days if m.warning_days is not None else case.programme.thresholds.warning_days
    length = (due - case.occurrence.opens).days + 1
    return min(days, length // 3)


def is_behind(case: Case, number: Number, due: date) -> bool:
    """Whether the share of the target lies too many points below the share of time."""
    target, opens = case.occurrence.milestone.target, case.occurrence.opens
    if target is None or target.op not in (">=", "=", "all"):
        return False
    share_of_time = Fraction((case.as_of - opens).days * 100, max((due - opens).days, 1))
    return number.share + case.programme.thresholds.behind_points < share_of_time


def days_late(case: Case, status: str, done_on: date | None, due: date | None) -> int:
    """Days late: until it was done, or until now while it is owed and not done.

    What waits for a higher level is not late; nor is what the city has set aside or what was before the records.
    """
    if due is None or case.occurrence.milestone.waits_on is not None:
        return 0
    if status in ("verified", "done"):
        return max(0, (done_on - due).days) if done_on is not None else 0
    if status in ("overdue", "missed", "unreported"):
        return (case.as_of - due).days
    return 0
