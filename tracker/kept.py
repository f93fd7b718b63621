"""How everything stood on a day, kept in the index: asked again, it need be neither read nor judged again.

It is kept for what it was judged from (the digest of every file), for the day, and for any moment at
which the same had been sent and ruled. What is late comes first and apart: most questions are about that.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, overload

from tracker.codec import packed, unpacked
from tracker.decisions import Decision
from tracker.index import Index
from tracker.merge import Clocks, Record, Stood
from tracker.occurrences import Event, Occurrence
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.standing import Standing
from tracker.submissions import Update

Problems = tuple[Problem, ...]
Rulings = tuple[Decision, ...]


@dataclass(frozen=True)
class Heard:
    """A record; ``known`` is None for a file without a receipt, which is known from when it is looked at."""

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


def put(index: Index, key: str, span: Span, clocks: Clocks, standings: Sequence[Standing], problems: Problems) -> None:
    """Keep how everything stood on a day, judged from what ``key`` is a digest of."""
    day = clocks.as_of.isoformat()
    late = [_row(s, clocks) for s in standings if s.is_late]
    others = [_row(s, clocks) for s in standings if not s.is_late]
    head = [packed(Span, span), packed(Problems, problems)]
    index.put(f"late on {day}", key, _json([*head, late]))
    index.put(f"not late on {day}", key, _json(others))


def _row(s: Standing, clocks: Clocks) -> list[object]:
    o, record = s.occurrence, s.record
    days = [day.toordinal() if day is not None else None for day in (o.opens, o.due, o.period_end, s.promised_on)]
    owed = [o.id, o.unit, o.milestone.id, *days[:3], o.quota, o.contributes, packed(Event | None, o.event)]
    heard = None
    if record is not None:
        known = record.known if record.known != clocks.known_by else None
        heard = packed(Heard, Heard(record.update, record.month, known, record.correction))
    return [*s.row, owed, heard, packed(Rulings, s.rulings), days[3]]


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Kept(Sequence[Standing]):
    """The standings of a day as they were kept, in their order. Those that are not late are read when asked for."""

    programme: Programme
    clocks: Clocks
    key: str
    problems: Problems
    late: tuple[Standing, ...]
    others: Callable[[], Sequence[Standing]]

    @cached_property
    def _all(self) -> tuple[Standing, ...]:
        return tuple(sorted((*self.late, *self.others()), key=lambda s: s.row.n))

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


def get(
    index: Index, key: str, programme: Programme, clocks: Clocks, again: Callable[[Clocks], Sequence[Standing]]
) -> Kept | None:
    """What was kept of the day; ``again`` judges it anew should the rest be gone by the time it is asked for."""
    day = clocks.as_of.isoformat()
    said = index.kept(f"late on {day}", key)
    if said is None:
        return None
    span, problems, late = json.loads(said)
    if not unpacked(Span, span).holds(clocks.known_by):
        return None

    def others() -> Sequence[Standing]:
        rest = index.kept(f"not late on {day}", key)
        if rest is None:
            return [s for s in again(clocks) if not s.is_late]
        return _standings(json.loads(rest), programme, clocks)

    return Kept(programme, clocks, key, unpacked(Problems, problems), _standings(late, programme, clocks), others)


def _standings(rows: Sequence[list[Any]], programme: Programme, clocks: Clocks) -> tuple[Standing, ...]:
    words = KeptWords({row[0]: row[-WORDS:] for row in rows}, programme, clocks)
    return tuple([Standing(Stood(*row[:-WORDS]), words) for row in rows])


WORDS = 4
"""Columns after those of the merge."""


@dataclass(frozen=True)
class KeptWords:
    """The words of the rows that were kept, understood when they are asked for."""

    packed: dict[int, list[Any]]
    """Of each row the occurrence, the record, the rulings and the day promised."""
    programme: Programme
    clocks: Clocks

    def occurrence(self, n: int) -> Occurrence:
        """With what the plans say of its milestone."""
        name, unit, milestone, opens, due, period_end, quota, contributes, event = self.packed[n][0]
        return Occurrence(
            name,
            unit,
            self.programme.milestones[milestone],
            date.fromordinal(opens),
            date.fromordinal(due) if due is not None else None,
            date.fromordinal(period_end) if period_end is not None else None,
            quota,
            contributes,
            unpacked(Event, event) if event is not None else None,
        )

    def record(self, row: Stood) -> Record:
        """As it was heard; what came without a receipt is known from now."""
        heard = unpacked(Heard, self.packed[row.n][1])
        return Record(heard.update, heard.month, heard.known or self.clocks.known_by, heard.correction)

    def promised_on(self, row: Stood) -> date | None:
        """The day promised, without the rest of the record."""
        day = self.packed[row.n][3]
        return date.fromordinal(day) if day is not None else None

    def rulings(self, n: int) -> Rulings:
        """As they were made."""
        return unpacked(Rulings, self.packed[n][2])
