"""Which words count: of all that units sent and the city ruled, the records that stand.

Newest month, then highest version, then latest receipt; what was sent back or withdrawn does
not count and the record before stands; what is verified stays as it was verified. The order of
inputs never matters. (Design 3.3.)
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath

from tracker.deadlines import months_later
from tracker.decisions import OF_FILES, Decision
from tracker.occurrences import Occurrence
from tracker.plans import Programme
from tracker.submissions import Submission, Update


@dataclass(frozen=True, slots=True)
class Filed:
    """A submission and the moment the city knew it."""

    submission: Submission
    received: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """What counts as said of an occurrence: an update of a month, or the city's correction."""

    update: Update
    month: date
    known: datetime
    correction: Decision | None = None


@dataclass(frozen=True)
class Clocks:
    """The day judged on and the moment known up to."""

    as_of: date
    known_by: datetime

    @property
    def month(self) -> date:
        """First day of the month that ``as_of`` lies in; records of later ones do not count."""
        return self.as_of.replace(day=1)


Records = dict[str, dict[str, list[Record]]]
"""Unit and occurrence to records, oldest first."""


def _no_records() -> Records:
    return defaultdict(lambda: defaultdict(list))


@dataclass
class Merged:
    """What counts as said, before any judgement."""

    records: Records = field(default_factory=_no_records)
    """Those that count; the last one stands."""
    asserted: dict[tuple[str, str], date] = field(default_factory=dict)
    """The last month for which a unit stood by its records (``rest = "unchanged"``)."""
    returned: dict[tuple[str, str], date] = field(default_factory=dict)
    """Occurrences whose newest word was sent back and not answered yet, and that word's month."""
    rulings: dict[tuple[str, str], list[Decision]] = field(default_factory=lambda: defaultdict(list))
    """On each occurrence, oldest first."""
    closed: dict[tuple[str, str], "Spells"] = field(default_factory=dict)
    """When an occurrence was verified and not open."""


Spells = tuple[tuple[datetime, datetime | None], ...]
"""From a verification to the ruling that undid it, or None."""


def _spells(rulings: Iterable[Decision]) -> Spells:
    spells: list[tuple[datetime, datetime | None]] = []
    for d in rulings:
        is_closed = bool(spells) and spells[-1][1] is None
        if d.kind == "verify" and not is_closed:
            spells.append((d.at, None))
        elif d.kind in ("refuse", "reopen") and is_closed:
            spells[-1] = (spells[-1][0], d.at)
    return tuple(spells)


def is_within(moment: datetime, spells: Spells) -> bool:
    """Whether a word came while the item was verified: only re-opening lets later ones count again."""
    return any(begin < moment and (end is None or moment <= end) for begin, end in spells)


def merge(
    programme: Programme,
    occurrences: Sequence[Occurrence],
    filed: Iterable[Filed],
    decisions: Sequence[Decision],
    clocks: Clocks,
) -> Merged:
    """Newest month, then highest version, then latest receipt; sent back and withdrawn ones do not count."""
    merged = Merged()
    by_key = {(o.unit, o.id): o for o in occurrences}
    for decision in sorted(decisions, key=_ruled):
        if decision.item is not None:
            merged.rulings[decision.unit, decision.item].append(decision)
    merged.closed = {key: spells for key, rulings in merged.rulings.items() if (spells := _spells(rulings))}
    unchanged: dict[tuple[str, str], list[date]] = defaultdict(list)
    for part in _parts(programme, filed, decisions, clocks):
        for item, words in part.words(by_key).items():
            _take(merged, part, item, words)
        if part.counting and part.counting[-1].submission.head.rest == "unchanged":
            unchanged[part.unit, part.stem].append(part.month)
    _assert_rest(merged, by_key, unchanged, programme.thresholds.warning_days)
    for (unit, item), rulings in merged.rulings.items():
        for d in rulings:
            if d.kind == "correct" and not is_within(d.at, merged.closed.get((unit, item), ())):
                _correct(merged, unit, item, d)
    return merged


def counting(
    programme: Programme, filed: Iterable[Filed], decisions: Iterable[Decision], clocks: Clocks
) -> list[Filed]:
    """The submissions that stand: of each unit, month and plan the last version not sent back."""
    known = [d for d in decisions if d.at <= clocks.known_by and d.month <= clocks.month]
    last = [part.counting[-1] for part in _parts(programme, filed, known, clocks) if part.counting]
    return list({one.submission.file: one for one in last}.values())


def _parts(
    programme: Programme, filed: Iterable[Filed], decisions: Iterable[Decision], clocks: Clocks
) -> "Iterator[Part]":
    """What each unit sent for each plan, month by month, as known by then."""
    judged = judged_files(decisions)
    months: dict[tuple[date, str], list[Filed]] = defaultdict(list)
    for one in filed:
        if one.received <= clocks.known_by and one.submission.month <= clocks.month:
            months[one.submission.month, one.submission.unit].append(one)
    for (month, unit), versions in sorted(months.items(), key=lambda entry: entry[0]):
        versions.sort(key=_filed)
        for plan in programme.plans:
            speaking = [v for v in versions if not v.submission.head.part or plan.stem in v.submission.head.part]
            standing = [v for v in speaking if not is_sent_back(v.submission.file, v.submission.digest, judged)]
            yield Part(unit, month, plan.stem, speaking, standing, judged)


def _ruled(d: Decision) -> tuple[object, ...]:
    """The order of rulings: by moment, then as they stand in their file."""
    return d.at, d.place, d.kind, d.reason


def _filed(one: Filed) -> tuple[object, ...]:
    """The order of versions of a month."""
    return one.submission.version, one.received, one.submission.file, one.submission.digest


Judged = Mapping[tuple[str, str], Sequence[Decision]]
"""(folder and name, digest or empty) of a submission to the rulings on it as a whole, oldest first."""


def judged_files(decisions: Iterable[Decision]) -> Judged:
    """The rulings on files as a whole, by the file and the content they are on."""
    judged: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for d in sorted(decisions, key=_ruled):
        if d.item is None and d.kind in OF_FILES and d.file is not None:
            judged[str(PurePosixPath(d.place.file).parent / d.file), d.sha256 or ""].append(d)
    return judged


def is_sent_back(file: str, digest: str, judged: Judged, closed: Spells = ()) -> bool:
    """Whether the latest ruling on the file (made while the item was not closed) returned or withdrew it."""
    on_it = [d for content in (digest, "") for d in judged.get((file, content), ())]
    counting = [d for d in on_it if not is_within(d.at, closed)]
    return bool(counting) and max(counting, key=_ruled).kind != "accept"


@dataclass(frozen=True)
class Part:
    """What one unit sent for one month and one plan: the last version that counts replaces those before it."""

    unit: str
    month: date
    stem: str
    versions: Sequence[Filed]
    counting: Sequence[Filed]
    """Those not sent back."""
    judged: Judged

    def words(self, by_key: Mapping[tuple[str, str], Occurrence]) -> Mapping[str, list[Filed]]:
        """Each item with the versions that say something good of it, oldest first."""
        words: dict[str, list[Filed]] = defaultdict(list)
        for version in self.versions:
            for item in version.submission.by_item:
                o = by_key.get((self.unit, item))
                if o is not None and o.milestone.plan == self.stem and item not in version.submission.held:
                    words[item].append(version)
        return words

    def open_counting(self, closed: Spells) -> Sequence[Filed]:
        """The versions that count for an item that was closed at times."""
        if not closed:
            return self.counting
        heard = [v for v in self.versions if not is_within(v.received, closed)]
        return [v for v in heard if not is_sent_back(v.submission.file, v.submission.digest, self.judged, closed)]


def _take(merged: Merged, part: Part, item: str, words: Sequence[Filed]) -> None:
    """Put what a month says of one item among the records, where there is a word that counts.

    What the last version names with an error, or what was sent back in it, is taken from the version before.
    """
    key = (part.unit, item)
    rulings = merged.rulings.get(key, ())
    if not rulings and len(part.versions) == len(part.counting) == 1:
        # Said once and never ruled on, as most of everything is.
        merged.records[part.unit][item].append(Record(words[0].submission.by_item[item], part.month, words[0].received))
        merged.returned.pop(key, None)
        return
    closed = merged.closed.get(key, ())
    speaking = [v for v in words if not is_within(v.received, closed)] if closed else words
    counting = part.open_counting(closed)
    is_named = bool(counting) and (item in counting[-1].submission.by_item or item in counting[-1].submission.held)
    for version in reversed(speaking):
        if version not in counting or _is_returned(rulings, version, part.month, closed):
            merged.returned[key] = part.month
            continue
        if is_named:
            record = Record(version.submission.by_item[item], part.month, version.received)
            merged.records[part.unit][item].append(record)
        if version is speaking[-1]:
            merged.returned.pop(key, None)
        return


def _assert_rest(
    merged: Merged,
    by_key: Mapping[tuple[str, str], Occurrence],
    unchanged: Mapping[tuple[str, str], Sequence[date]],
    warning_days: int,
) -> None:
    """``rest = "unchanged"`` re-dates existing records, but never stands in for a required answer.

    ``unchanged`` are the months for which a unit said so of a plan, oldest first; the last one that
    holds for an item is looked for from the end.
    """
    for unit, items in merged.records.items():
        for item, records in items.items():
            o = by_key[unit, item]
            named = {record.month for record in records}
            for month in reversed(unchanged.get((unit, o.milestone.plan), ())):
                if month > records[0].month and month not in named and not is_required(o, month, warning_days):
                    merged.asserted[unit, item] = month
                    break


def _is_returned(rulings: Sequence[Decision], version: Filed, month: date, closed: Spells) -> bool:
    """Whether the city sent this update back: the latest ruling on it since it was received."""
    if not rulings:
        return False
    name = PurePosixPath(version.submission.file).name
    on_it = [
        d
        for d in rulings
        if d.kind in ("accept", "return", "withdraw")
        and d.month == month
        and d.at >= version.received
        and not is_within(d.at, closed)
        and d.file in (None, name)
        and d.sha256 in (None, version.submission.digest)
    ]
    return bool(on_it) and on_it[-1].kind != "accept"


def _correct(merged: Merged, unit: str, item: str, d: Decision) -> None:
    """Put a correction of the city after its month: it stands until a later month names the item again."""
    record = Record(d.as_update(), d.month, d.at, d)
    records = merged.records[unit][item]
    records.insert(next((n for n, r in enumerate(records) if r.month > d.month), len(records)), record)
    if merged.returned.get((unit, item), date.max) <= d.month:
        del merged.returned[unit, item]


def is_required(o: Occurrence, month: date, warning_days: int) -> bool:
    """Whether a unit must answer for ``o`` in the file on ``month``: newly overdue, falling due within
    the warning window, or its period ending. ``rest = "unchanged"`` never stands in for that.
    """
    if o.due is None or o.contributes:
        return False
    last = months_later(month, 1) - timedelta(days=1)
    newly_overdue = month - timedelta(days=1) <= o.due <= last
    ending = o.period_end is not None and month <= o.period_end <= last
    return newly_overdue or ending or o.opens <= last < o.due <= last + warning_window(o, warning_days)


def warning_window(o: Occurrence, days: int) -> timedelta:
    """How long before its due day it is due soon: the warning days, at most a third of its period."""
    days = o.milestone.warning_days or days
    length = (o.due - o.opens).days + 1 if o.due is not None else 0
    return timedelta(days=min(days, length // 3))


OF_MILESTONES = ("waive", "suspend", "reopen")
"""Kinds that may rule on all periods of a milestone at once, naming it without a period."""


def rulings_on(o: Occurrence, merged: Merged) -> tuple[Decision, ...]:
    """The rulings on an occurrence, and those on its milestone as a whole."""
    own = merged.rulings.get((o.unit, o.id), [])
    if o.id == o.milestone.id:
        return tuple(own)
    whole = [d for d in merged.rulings.get((o.unit, o.milestone.id), ()) if d.kind in OF_MILESTONES]
    return tuple(sorted([*own, *whole], key=_ruled)) if whole else tuple(own)
