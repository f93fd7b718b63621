"""Letters by which the city chases: what was sent, signed for and answered, and what ought to go next.

Records are appended to ``status/<programme>/<month>/letters.toml``, never rewritten; the ladder
is ``[[step]]`` of ``programme.toml``. A matter is one duty of one unit (the late periods of a
milestone together; one event's term) or the unit's reports; it climbs one step at a time, and
only after the letter before was left unanswered, or its answer's day passed. (Design 7.)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from tracker import writing
from tracker.deadlines import months_later, term, term_end
from tracker.door import enter, tables
from tracker.entered import FILLED, Entered
from tracker.language import _, mark
from tracker.plans import Programme, Step, Unit
from tracker.problems import Place, Problem, nearest
from tracker.records import entry
from tracker.snapshot import Snapshot
from tracker.source import Source, read
from tracker.standing import Standing
from tracker.submissions import month_of
from tracker.views import Reported, asked, reporting
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


# --- reading ---


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
                names = {"after": _name(programme, after), "step": _name(programme, record.step)}
                message = _("“{after}”还没有走，就到了“{step}”。", **names)
                return [source.problem_at(at, "E04", message, _("确要跳过的，用 skipped 写明理由。"))]
        case Mark() if record.letter not in numbers:
            message = _("没有文号是“{number}”的函。", number=record.letter)
            return [source.problem_at(at, "E07", message, nearest(record.letter, numbers))]
    return []


def _leads_to(earlier: Letter, letter: Letter, after: str) -> bool:
    is_before = earlier.unit == letter.unit and earlier.step == after and earlier.sent <= letter.sent
    return is_before and bool(earlier.duties & letter.duties)


def _name(programme: Programme, step: str) -> str:
    return programme.step(step).name


# --- what ought to go ---


@dataclass(frozen=True)
class Due:
    """A matter that is late: the step to take now, or why none."""

    unit: Unit
    step: Step | None
    """None: not now."""
    why: str
    """The number that was reached, or what is waited for."""
    rows: tuple[Standing, ...] = ()
    reports: tuple[tuple[date, Reported], ...] = ()
    """Months whose report came late or not at all."""
    earlier: Sent | None = None
    """The last letter on it."""
    answer_by: date | None = None
    finish_by: date | None = None

    @property
    def items(self) -> tuple[str, ...]:
        """As a letter names them."""
        return (
            *(s.occurrence.id for s in self.rows),
            *(f"{REPORT}@{month:%Y-%m}" for month, _reported in self.reports),
        )

    @property
    def task(self) -> tuple[str, str]:
        """Plan and number of the task; empty for reports."""
        if not self.rows:
            return "", ""
        m = self.rows[0].occurrence.milestone
        return m.plan, m.item


def due_letters(snapshot: Snapshot, book: Book, today: date) -> list[Due]:
    """Every matter that is late, in the order of units and plans: which step is due, or why none.

    Milestones of one task that stand at the same step after the same letter go together. The
    city's own unit gets no letters from itself.
    """
    known = book.on(today, snapshot.clocks.known_by)
    found: dict[object, Due] = {}
    for unit in snapshot.programme.units:
        if unit.level == "city" or not snapshot.programme.steps:
            continue
        matters = [*_matters(snapshot, unit, known, today), *_report_matter(snapshot, unit, known, today)]
        for due in matters:
            key = (unit.id, due.task, due.step, due.earlier and due.earlier.letter.number)
            same = found.get(key)
            found[key] = replace(same, rows=(*same.rows, *due.rows)) if same is not None else due
    return list(found.values())


def _matters(snapshot: Snapshot, unit: Unit, book: Book, today: date) -> Iterator[Due]:
    matters: dict[str, list[Standing]] = {}
    for s in snapshot.standings:
        if s.is_late and s.occurrence.unit == unit.id:
            o = s.occurrence
            matters.setdefault(o.id if o.event is not None else o.milestone.id, []).append(s)
    for rows in matters.values():
        rows.sort(key=lambda s: s.due or today)
        items = {s.occurrence.id for s in rows}
        history = [s for s in book.sent if s.letter.unit == unit.id and items & set(s.letter.items)]
        reached = {
            "late_days": max(s.days_late for s in rows),
            "missed": sum(s.occurrence.period_end is not None and not s.is_current for s in rows),
        }
        yield _due(snapshot.programme, unit, reached, history, today, rows=tuple(rows))


def _report_matter(snapshot: Snapshot, unit: Unit, book: Book, today: date) -> Iterator[Due]:
    """The year's reports of a unit; after a letter only what it did not name yet, or what is still missing."""
    late = late_reports(snapshot, unit, today)
    history = [s for s in book.sent if s.letter.unit == unit.id and REPORT in s.letter.duties]
    history = [s for s in history if s.letter.sent.year == today.year]
    named = {item for s in history for item in s.letter.items}
    if any(r.status != "late" or f"{REPORT}@{month:%Y-%m}" not in named for month, r in late):
        yield _due(snapshot.programme, unit, {"reports": len(late)}, history, today, reports=late)


def late_reports(snapshot: Snapshot, unit: Unit, today: date) -> tuple[tuple[date, Reported], ...]:
    """The months of the year of ``today`` whose report came late, or has not come though its day has passed."""
    month = max(snapshot.programme.head.records_from, date(today.year, 1, 1))
    found = []
    while month <= snapshot.clocks.month:
        days = asked(snapshot.programme, month)
        if days is not None and today > days.late_after:
            own = (r for r in reporting(snapshot, month) if r.unit == unit)
            found += [(month, r) for r in own if r.status not in ("on-time", "awaited")]
        month = months_later(month, 1)
    return tuple(found)


def _due(
    programme: Programme,
    unit: Unit,
    reached: Mapping[str, int],
    history: Sequence[Sent],
    today: date,
    rows: tuple[Standing, ...] = (),
    reports: tuple[tuple[date, Reported], ...] = (),
) -> Due:
    last = history[-1] if history else None
    step, why = _next(programme, reached, last, today)
    if step is None:
        return Due(unit, None, why, rows, reports, last)
    answer_by, finish_by = (reach(programme, words, today) for words in (step.answer, step.finish))
    return Due(unit, step, why, rows, reports, last, answer_by, finish_by)


def reach(programme: Programme, words: str | None, on: date) -> date | None:
    """The day that a step's term reaches from the day of the letter."""
    return term_end(on, term(words), programme.workdays) if words is not None else None


def _next(programme: Programme, reached: Mapping[str, int], last: Sent | None, today: date) -> tuple[Step | None, str]:
    """The step due and the number that says so, or None and what is waited for."""
    if last is not None and (waits := _waits(programme, last, today)):
        return None, waits
    after = last.letter.step if last is not None else None
    following = [step for step in programme.steps if step.after == after]
    if not following:
        return None, _("“{step}”是最后一步。", step=_name(programme, after or programme.steps[-1].id))
    for step in following:
        if words := _reached(step, reached):
            return step, words
    words = _wanted(following[0], reached)
    return None, _("还没有到“{step}”的条件：{words}。", step=following[0].name, words=words)


def _waits(programme: Programme, last: Sent, today: date) -> str:
    """What the last letter still leaves time for; empty where it leaves none."""
    letter, answer = last.letter, last.answered
    if last.closed is not None:
        return _("已于 {day} 了结：{note}", day=last.closed.on, note=last.closed.note or "")
    step = _name(programme, letter.step)
    if answer is None and letter.answer_by is not None:
        if today <= letter.answer_by:
            return _("“{step}”（{number}）等答复，到 {day}。", step=step, number=letter.number, day=letter.answer_by)
        return ""
    until = (answer.promised_on if answer is not None else None) or letter.finish_by
    if until is None or today > until:
        return ""
    if answer is None:
        return _("“{step}”（{number}）之后，等到 {day} 完成。", step=step, number=letter.number, day=until)
    return _("“{step}”（{number}）已答复，等到 {day} 完成。", step=step, number=letter.number, day=until)


def _reached(step: Step, reached: Mapping[str, int]) -> str:
    """The numbers of a step that were reached, in words; empty where none was."""
    words = []
    for key, count in reached.items():
        wanted = getattr(step, key)
        if wanted is not None and count >= wanted:
            words.append(_(_REACHED[key], n=count, wanted=wanted))
    return _("，").join(words)


_REACHED: Mapping[str, str] = {
    "late_days": mark("逾期 {n} 天（满 {wanted} 天）"),
    "missed": mark("漏报 {n} 期（满 {wanted} 期）"),
    "reports": mark("月报迟报、未报 {n} 次（满 {wanted} 次）"),
}

_WANTED: Mapping[str, str] = {
    "late_days": mark("逾期满 {n} 天"),
    "missed": mark("漏报满 {n} 期"),
    "reports": mark("月报迟报、未报满 {n} 次"),
}


def _wanted(step: Step, reached: Mapping[str, int]) -> str:
    """The numbers of a step that would have to be reached, in words."""
    wanted = ((key, getattr(step, key)) for key in reached)
    return _("或").join(_(_WANTED[key], n=n) for key, n in wanted if n is not None)


def refusal(programme: Programme, found: Iterable[Due], letter: Letter) -> str:
    """Why a letter is not the step due and needs its reason for skipping; empty where it is."""
    own = [due for due in found if due.unit.id == letter.unit]
    for item in letter.items:
        due = next((one for one in own if item in one.items), None)
        if due is None:
            return _("“{item}”现在没有逾期，不到“{step}”。", item=item, step=_name(programme, letter.step))
        if due.step is None:
            return _("“{item}”现在不发函。{why}", item=item, why=due.why)
        if due.step.id != letter.step:
            return _(
                "“{item}”应走的一步是“{due}”（{why}），不是“{step}”。",
                item=item,
                due=due.step.name,
                why=due.why,
                step=_name(programme, letter.step),
            )
    return ""


def fingerprint(snapshot: Snapshot, *parts: object) -> str:
    """sha256 over what a paper was made from: the snapshot and some of these records."""
    return sha256("\n".join((snapshot.fingerprint, *map(repr, parts))).encode()).hexdigest()


# --- recording ---


def append(workspace: Workspace, programme: Programme, record: Recorded) -> Path:
    """Add a record to the month of its day. Hold the workspace's lock."""
    path = workspace.status(programme.id) / f"{_day_of(record):%Y-%m}" / FILE
    name = next(name for name, kind in KINDS.items() if isinstance(record, kind))
    values = {key: value for key, value in vars(record).items() if value not in (None, ()) and key != "place"}
    writing.append(path, entry(name, {key: list(v) if isinstance(v, tuple) else v for key, v in values.items()}))
    return path


# --- rows for other programs ---


def due_row(due: Due) -> dict[str, Any]:
    """A matter as ``letters --json`` prints it."""
    return {
        "unit": due.unit.id,
        "unit_name": due.unit.name,
        "step": due.step.id if due.step is not None else None,
        "why": due.why,
        "items": list(due.items),
        "earlier": due.earlier.letter.number if due.earlier is not None else None,
        "answer_by": due.answer_by.isoformat() if due.answer_by is not None else None,
        "finish_by": due.finish_by.isoformat() if due.finish_by is not None else None,
    }


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
