"""How everything stood on a day, kept in the index: asked again, it need be neither read nor judged again.

It is kept for what it was judged from (the digest of every file), for the day, and for any moment at
which the same had been sent and ruled. What is late comes first and apart: most questions are about that.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar, overload

from tracker.clocks import Clocks
from tracker.codec import packed, unpacked
from tracker.decisions import Decision
from tracker.filed import Filed, Record
from tracker.heard import heard
from tracker.index import Index
from tracker.merge import Stood
from tracker.occurrences import Event, Occurrence
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.standing import Standing
from tracker.submissions import Submission, Update

T = TypeVar("T")
Problems = tuple[Problem, ...]
Rulings = tuple[Decision, ...]


@dataclass(frozen=True)
class Apart:
    """A record that is in no submission: the city's correction, or what sheets say.

    ``known`` is None for what has no receipt, which is known from when one looks.
    """

    update: Update
    month: date
    known: datetime | None
    correction: Decision | None


@dataclass(frozen=True)
class Span:
    """The moments between which it stands so, neither of them included; None where there is no end."""

    after: datetime | None
    before: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return (self.after is None or self.after < moment) and (self.before is None or moment < self.before)


HEAD, LATE, OTHERS = "judged", "late", "not late"
"""What is kept of a day, each under a name of its own: many questions are only about one of them."""


def put(
    index: Index,
    key: str,
    span: Span,
    clocks: Clocks,
    standings: Sequence[Standing],
    problems: Problems,
    filed: Sequence[Filed],
) -> None:
    """Keep how everything stood on a day, judged from what ``key`` is a digest of: ``filed``, and the rulings.

    What the units said is kept with their files; here stands only which of them.
    """
    files = [(f.submission.file, f.received.isoformat() if f.received != clocks.known_by else None) for f in filed]
    day = clocks.as_of
    index.put(f"{HEAD} on {day}", key, _json([packed(Span, span), packed(Problems, problems), files]))
    index.put(f"{LATE} on {day}", key, _json([_row(s, clocks) for s in standings if s.is_late]))
    index.put(f"{OTHERS} on {day}", key, _json([_row(s, clocks) for s in standings if not s.is_late]))


def _row(s: Standing, clocks: Clocks) -> list[object]:
    """A row of the merge, then what is owed, the record where it is in no submission, and the rulings."""
    o = s.words.occurrence(s.row.n)
    opens, due, period_end = (day.toordinal() if day is not None else None for day in (o.opens, o.due, o.period_end))
    event = packed(Event, o.event) if o.event is not None else None
    owed = [o.id, o.unit, o.milestone.id, opens, due, period_end, o.quota, o.contributes, event]
    said = packed(Apart, _apart(s.record, clocks)) if s.row.file is None and s.record is not None else None
    return [*s.row, owed, said, packed(Rulings, s.rulings) if s.rulings else []]


def _apart(record: Record, clocks: Clocks) -> Apart:
    known = record.known if record.known != clocks.known_by else None
    return Apart(record.update, record.month, known, record.correction)


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def get(
    index: Index, key: str, programme: Programme, clocks: Clocks, again: Callable[[Clocks], Sequence[Standing]]
) -> "Kept | None":
    """What was kept of the day; ``again`` judges it anew should the rest be gone by the time it is asked for."""
    said = index.kept(f"{HEAD} on {clocks.as_of}", key)
    if said is None:
        return None
    span, problems, files = json.loads(said)
    if not unpacked(Span, span).holds(clocks.known_by):
        return None
    behind = Behind(index, key, json.dumps(span), files, programme, clocks, again)
    return Kept(behind, unpacked(Problems, problems))


@dataclass(frozen=True)
class Behind:
    """What stands behind a day that was kept."""

    index: Index
    key: str
    """A digest of what it was judged from."""
    span: str
    """The moments between which it stands so."""
    files: Sequence[tuple[str, str | None]]
    """The files that were merged, and when each was received; not for one without a receipt: it is known from when
    one looks."""
    programme: Programme
    clocks: Clocks
    again: Callable[[Clocks], Sequence[Standing]]
    _heard: dict[str, Submission | None] = field(default_factory=dict)

    @cached_property
    def judged(self) -> Sequence[Standing]:
        """The day judged anew."""
        return self.again(self.clocks)

    def standings(self, name: str) -> tuple[Standing, ...]:
        """Those that are late, or the others, in their order."""
        said = self.index.kept(f"{name} on {self.clocks.as_of}", self.key)
        if said is None:
            return tuple(s for s in self.judged if s.is_late == (name == LATE))
        rows = json.loads(said)
        words = KeptWords({row[0]: row[-WORDS:] for row in rows}, self)
        return tuple([Standing(Stood(*row[:-WORDS]), words) for row in rows])

    def record(self, n: int, item: str, file: int) -> Record | None:
        """What a file says of an occurrence, which is that of the row ``n``."""
        name, received = self.files[file]
        if name not in self._heard:
            self._heard[name] = heard(self.index, name)
        submission = self._heard[name]
        if submission is None:
            return self.judged[n].record
        known = datetime.fromisoformat(received) if received is not None else self.clocks.known_by
        return Record(submission.by_item[item], submission.month, known)

    def worked_out(self, name: str, kind: type[T], work: Callable[[], T]) -> T:
        """What ``work`` came to from the standings of the day, once it was known."""
        found = self.index.worked_out(f"{name} on {self.clocks.as_of}", f"{self.key} {self.span}", kind, work)
        self.index.save(forgets=False)
        return found


WORDS = 3
"""Columns after those of the merge."""


@dataclass(frozen=True)
class Kept(Sequence[Standing]):
    """The standings of a day as they were kept, in their order; read when they are asked for."""

    behind: Behind
    problems: Problems

    @cached_property
    def late(self) -> tuple[Standing, ...]:
        """Those that are late, without reading the others."""
        return self.behind.standings(LATE)

    @cached_property
    def _all(self) -> tuple[Standing, ...]:
        return tuple(sorted((*self.late, *self.behind.standings(OTHERS)), key=lambda s: s.row.n))

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Standing]:
        return iter(self._all)

    @overload
    def __getitem__(self, at: int) -> Standing: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Standing, ...]: ...
    def __getitem__(self, at: int | slice) -> Standing | tuple[Standing, ...]:
        return self._all[at]


@dataclass(frozen=True)
class KeptWords:
    """The words of the rows that were kept, understood when they are asked for."""

    packed: dict[int, list[Any]]
    """Of each row what is owed, the record where it is in no submission, and the rulings."""
    behind: Behind

    def occurrence(self, n: int) -> Occurrence:
        """With what the plans say of its milestone."""
        name, unit, milestone, opens, due, period_end, quota, contributes, event = self.packed[n][0]
        return Occurrence(
            name,
            unit,
            self.behind.programme.milestones[milestone],
            date.fromordinal(opens),
            date.fromordinal(due) if due is not None else None,
            date.fromordinal(period_end) if period_end is not None else None,
            quota,
            contributes,
            unpacked(Event, event) if event is not None else None,
        )

    def record(self, row: Stood) -> Record | None:
        """Out of the submission, where it is in one."""
        owed, said, _rulings = self.packed[row.n]
        if row.file is not None:
            return self.behind.record(row.n, owed[0], row.file)
        one = unpacked(Apart, said)
        return Record(one.update, one.month, one.known or self.behind.clocks.known_by, one.correction)

    def rulings(self, n: int) -> Rulings:
        """As they were made."""
        return unpacked(Rulings, self.packed[n][2])
