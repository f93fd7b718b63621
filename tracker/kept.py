"""The standings of a day as the index keeps them: asked again, they need be neither read nor judged again."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, overload

from tracker import kept_day
from tracker.clocks import Clocks
from tracker.codec import packed, unpacked
from tracker.decisions import Decision
from tracker.filed import Filed, Record
from tracker.heard import heard
from tracker.index import Index
from tracker.kept_day import LATE, OTHERS, Day, Problems, Span
from tracker.merge import Stood
from tracker.occurrences import Event, Occurrence
from tracker.standing import Standing
from tracker.submissions import Submission, Update

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
    kept_day.put(index, key, span, clocks, files, problems)
    for name, is_late in ((LATE, True), (OTHERS, False)):
        rows = [_row(s, clocks) for s in standings if s.is_late is is_late]
        index.put(f"{name} on {clocks.as_of}", key, json.dumps(rows, ensure_ascii=False, separators=(",", ":")))


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


WORDS = 3
"""Columns after those of the merge."""


@dataclass(frozen=True)
class Kept(Sequence[Standing]):
    """The standings of a day as they were kept, in their order; read when they are asked for."""

    day: Day
    _heard: dict[str, Submission | None] = field(default_factory=dict)

    @cached_property
    def late(self) -> tuple[Standing, ...]:
        """Those that are late, without reading the others."""
        return self._some(LATE)

    @cached_property
    def judged(self) -> Sequence[Standing]:
        """The day judged anew: what was kept is gone."""
        return self.day.behind.judged(self.day.clocks)

    def _some(self, name: str) -> tuple[Standing, ...]:
        said = self.day.said(name)
        if said is None:
            return tuple(s for s in self.judged if s.is_late == (name == LATE))
        return self._understood(json.loads(said))

    def picked(self, name: str, work: Callable[[], Iterable[Standing]]) -> tuple[Standing, ...]:
        """Those that ``work`` once picked among them, in its order, without reading the others."""
        return self._understood(self.day.worked_out(name, list, lambda: [_row(s, self.day.clocks) for s in work()]))

    def _understood(self, rows: list[Any]) -> tuple[Standing, ...]:
        words = KeptWords({row[0]: row[-WORDS:] for row in rows}, self)
        return tuple([Standing(Stood(*row[:-WORDS]), words) for row in rows])

    def record(self, n: int, item: str, file: int) -> Record | None:
        """What a file says of an occurrence, which is that of the row ``n``."""
        name, received = self.day.files[file]
        if name not in self._heard:
            self._heard[name] = heard(self.day.index, name)
        submission = self._heard[name]
        if submission is None:
            return self.judged[n].record
        known = datetime.fromisoformat(received) if received is not None else self.day.clocks.known_by
        return Record(submission.by_item[item], submission.month, known)

    @cached_property
    def _all(self) -> tuple[Standing, ...]:
        return tuple(sorted((*self.late, *self._some(OTHERS)), key=lambda s: s.row.n))

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
    kept: Kept

    def occurrence(self, n: int) -> Occurrence:
        """With what the plans say of its milestone."""
        name, unit, milestone, opens, due, period_end, quota, contributes, event = self.packed[n][0]
        return Occurrence(
            name,
            unit,
            self.kept.day.behind.programme.milestones[milestone],
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
            return self.kept.record(row.n, owed[0], row.file)
        one = unpacked(Apart, said)
        return Record(one.update, one.month, one.known or self.kept.day.clocks.known_by, one.correction)

    def rulings(self, n: int) -> Rulings:
        """As they were made."""
        return unpacked(Rulings, self.packed[n][2])
