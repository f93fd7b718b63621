"""Letters by which the city chases: what was sent, signed for and answered, and whom it praised.

Records are appended to ``status/<programme>/<month>/letters.toml``, never rewritten. What ought
to go next is ``ladder``'s to say. (Design 7.)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from tracker import writing
from tracker.door import enter, tables
from tracker.entered import FILLED, Entered
from tracker.language import _, mark
from tracker.months import month_of
from tracker.plans import Programme
from tracker.problems import Place, Problem, nearest
from tracker.records import entry
from tracker.source import Source, read
from tracker.workspace import Workspace

FILE = "letters.toml"
"""In a month's folder: what was sent, marked and praised on its days."""

REPORT = "report"
"""The item of a letter about a month's report: ``report@2026-10``."""

MarkKind = Literal["signed", "answered", "closed"]

MARKS: Mapping[MarkKind, str] = {"signed": mark("签收"), "answered": mark("答复"), "closed": mark("了结")}


@dataclass(frozen=True)
class Letter(Entered):
    """One step taken: a letter sent, or a measure the leaders took."""

    number: str
    """Its 文号, or whatever the office calls it by; unique in a programme."""
    step: str
    unit: str
    items: tuple[str, ...]
    """The occurrences it is about, or ``report@2026-10`` for a month's report."""
    sent: date
    by: str
    at: datetime
    """When it was recorded."""
    signer: str | None = None
    answer_by: date | None = None
    finish_by: date | None = None
    skipped: str | None = None
    """Why the step before was not taken, where it was not."""
    place: Place = field(default=Place(""), metadata=FILLED)

    @property
    def duties(self) -> frozenset[str]:
        """What the items are about, their periods left out."""
        return frozenset(item.partition("@")[0] for item in self.items)


@dataclass(frozen=True)
class Mark(Entered):
    """What became of a letter: signed for, answered, or closed by the city with its reason."""

    letter: str
    kind: MarkKind
    on: date
    by: str
    at: datetime
    note: str | None = None
    """answered: what it says in short; closed: why."""
    file: str | None = None
    promised_on: date | None = None
    """answered: the day by which the unit says it will have finished."""
    place: Place = field(default=Place(""), metadata=FILLED)


@dataclass(frozen=True)
class Praise(Entered):
    """表扬 of a unit, for the year's tally."""

    unit: str
    on: date
    by: str
    at: datetime
    reason: str
    number: str | None = None
    items: tuple[str, ...] = ()
    place: Place = field(default=Place(""), metadata=FILLED)


Recorded = Letter | Mark | Praise

KINDS: Mapping[str, type[Recorded]] = {"letter": Letter, "mark": Mark, "praise": Praise}
"""Tables of ``letters.toml``."""


@dataclass(frozen=True)
class Sent:
    """A letter and the latest mark of each kind on it."""

    letter: Letter
    marks: Mapping[str, Mark]

    @property
    def signed(self) -> Mark | None:
        """签收."""
        return self.marks.get("signed")

    @property
    def answered(self) -> Mark | None:
        """The latest answer."""
        return self.marks.get("answered")

    @property
    def closed(self) -> Mark | None:
        """Closed by the city: not chased any further."""
        return self.marks.get("closed")

    @property
    def is_awaited(self) -> bool:
        """Whether an answer was asked for and has not come."""
        return self.letter.answer_by is not None and self.answered is None and self.closed is None


@dataclass(frozen=True)
class Book:
    """Every record that holds."""

    records: tuple[Recorded, ...] = ()

    @cached_property
    def sent(self) -> tuple[Sent, ...]:
        """The letters with their marks, by the day sent."""
        marks: dict[str, dict[str, Mark]] = {}
        for m in sorted((r for r in self.records if isinstance(r, Mark)), key=lambda m: (m.on, m.at)):
            marks.setdefault(m.letter, {})[m.kind] = m
        letters = sorted((r for r in self.records if isinstance(r, Letter)), key=lambda r: (r.sent, r.at, r.number))
        return tuple(Sent(letter, marks.get(letter.number, {})) for letter in letters)

    @cached_property
    def praises(self) -> tuple[Praise, ...]:
        """表扬, by day."""
        return tuple(sorted((r for r in self.records if isinstance(r, Praise)), key=lambda p: (p.on, p.at)))

    def on(self, day: date, known_by: datetime) -> "Book":
        """What had happened by ``day`` and was recorded by ``known_by``."""
        return Book(tuple(r for r in self.records if _day_of(r) <= day and r.at <= known_by))

    def about(self, unit: str, item: str) -> tuple[Sent, ...]:
        """The letters to a unit that name an item."""
        return tuple(s for s in self.sent if s.letter.unit == unit and item in s.letter.items)


def _day_of(record: Recorded) -> date:
    return record.sent if isinstance(record, Letter) else record.on


def read_letters(workspace: Workspace, programme: Programme) -> tuple[Book, list[Problem]]:
    """The records of every month that hold, and every problem with the others."""
    problems: list[Problem] = []
    found: list[tuple[Recorded, Source]] = []
    numbers: set[str] = set()
    for _month, folder in workspace.months(programme.id):
        path = folder / FILE
        if path.exists():
            source = read(path, workspace.shown(path))
            problems += source.problems
            numbers |= {str(one.get("number")) for one in tables(source, "letter", [])}
            found += [(record, source) for record in _recorded(source, programme, problems)]
    good: list[Recorded] = []
    first: dict[str, Letter] = {}
    for record, source in found:
        wrong = _across(record, first, numbers, programme, source)
        problems += wrong
        if isinstance(record, Letter) and not wrong:
            first[record.number] = record
        good += [] if wrong else [record]
    return Book(tuple(good)), problems


def _recorded(source: Source, programme: Programme, problems: list[Problem]) -> Iterator[Recorded]:
    """The records of one file that hold by themselves; none where lines of it could not be read."""
    problems += [
        source.problem((key,), "E03", _("不认识的名称“{name}”。", name=key), "[[letter]] [[mark]] [[praise]]")
        for key in source.data
        if key not in KINDS
    ]
    for name, kind in KINDS.items():
        for n, one in enumerate(tables(source, name, problems)):
            record, wrong = enter(kind, one, source, (name, n))
            if record is not None:
                wrong += _wrong_with(record, source, (name, n), programme)
            problems += wrong
            if record is not None and not wrong and not source.left_out:
                yield replace(record, place=source.place((name, n)))


def _wrong_with(record: Recorded, source: Source, at: tuple[str, int], programme: Programme) -> list[Problem]:
    """What a record's keys and types do not show."""
    found = []
    if record.at.tzinfo is None:
        found.append(source.problem((*at, "at"), "E05", _("时间要带时区，例如 2026-11-02T16:40:00+08:00。")))
    if isinstance(record, Mark):
        return found
    units = [unit.id for unit in programme.units]
    if record.unit not in units:
        message = _("没有报送单位“{unit}”。", unit=record.unit)
        found.append(source.problem((*at, "unit"), "E08", message, nearest(record.unit, units)))
    for n, item in enumerate(record.items):
        duty, _at, period = item.partition("@")
        if duty not in programme.milestones and not (duty == REPORT and month_of(period)):
            hint = nearest(duty, [*programme.milestones, REPORT])
            found.append(source.problem((*at, "items", n), "E07", _("没有节点“{item}”。", item=item), hint))
    if isinstance(record, Letter):
        steps = [step.id for step in programme.steps]
        if record.step not in steps:
            message = _("没有步骤“{step}”。", step=record.step)
            found.append(source.problem((*at, "step"), "E07", message, nearest(record.step, steps)))
        if not record.items:
            found.append(source.problem((*at, "items"), "E04", _("要写明是哪几项（items）。")))
    return found


def _across(
    record: Recorded, letters: Mapping[str, Letter], numbers: set[str], programme: Programme, source: Source
) -> list[Problem]:
    """What is wrong with a record beside the others: numbers used twice, marks on nothing, steps skipped in silence."""
    at = record.place
    match record:
        case Letter() if record.number in letters:
            return [source.problem_at(at, "E11", _("文号“{number}”用了两次。", number=record.number))]
        case Letter(skipped=None) if (after := programme.step(record.step).after) is not None:
            if not any(_leads_to(earlier, record, after) for earlier in letters.values()):
                names = {"after": programme.step(after).name, "step": programme.step(record.step).name}
                message = _("“{after}”还没有走，就到了“{step}”。", **names)
                return [source.problem_at(at, "E04", message, _("确要跳过的，用 skipped 写明理由。"))]
        case Mark() if record.letter not in numbers:
            message = _("没有文号是“{number}”的函。", number=record.letter)
            return [source.problem_at(at, "E07", message, nearest(record.letter, numbers))]
    return []


def _leads_to(earlier: Letter, letter: Letter, after: str) -> bool:
    is_before = earlier.unit == letter.unit and earlier.step == after and earlier.sent <= letter.sent
    return is_before and bool(earlier.duties & letter.duties)


def append(workspace: Workspace, programme: Programme, record: Recorded) -> Path:
    """Add a record to the month of its day. Hold the workspace's lock."""
    path = workspace.status(programme.id) / f"{_day_of(record):%Y-%m}" / FILE
    name = next(name for name, kind in KINDS.items() if isinstance(record, kind))
    values = {key: value for key, value in vars(record).items() if value not in (None, ()) and key != "place"}
    writing.append(path, entry(name, {key: list(v) if isinstance(v, tuple) else v for key, v in values.items()}))
    return path


def sent_row(sent: Sent, today: date) -> dict[str, Any]:
    """A letter sent, as ``letters --json`` prints it."""
    letter = sent.letter
    return {
        "number": letter.number,
        "step": letter.step,
        "unit": letter.unit,
        "items": list(letter.items),
        "sent": letter.sent.isoformat(),
        "signed": sent.signed.on.isoformat() if sent.signed is not None else None,
        "answer_by": letter.answer_by.isoformat() if letter.answer_by is not None else None,
        "answered": sent.answered.on.isoformat() if sent.answered is not None else None,
        "closed": sent.closed.on.isoformat() if sent.closed is not None else None,
        "days_left": (letter.answer_by - today).days if letter.answer_by is not None and sent.is_awaited else None,
        "skipped": letter.skipped,
    }
