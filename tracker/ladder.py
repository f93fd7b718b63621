"""The ladder of letters: which step is due on each late matter, or what is waited for.

The ladder is ``[[step]]`` of ``programme.toml``. A matter is one duty of one unit (the late periods
of a milestone together; one event's term) or the unit's reports; it climbs one step at a time, and
only after the letter before was left unanswered, or its answer's day passed. (Design 7.)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.deadlines import months_later, term, term_end
from tracker.language import _, mark
from tracker.letters import REPORT, Book, Letter, Sent
from tracker.plans import Programme, Step, Unit
from tracker.reporting import Reported, asked, reporting
from tracker.snapshot import Snapshot
from tracker.standing import Standing


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
        return None, _("“{step}”是最后一步。", step=programme.step(after or programme.steps[-1].id).name)
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
    step = programme.step(letter.step).name
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
            return _("“{item}”现在没有逾期，不到“{step}”。", item=item, step=programme.step(letter.step).name)
        if due.step is None:
            return _("“{item}”现在不发函。{why}", item=item, why=due.why)
        if due.step.id != letter.step:
            return _(
                "“{item}”应走的一步是“{due}”（{why}），不是“{step}”。",
                item=item,
                due=due.step.name,
                why=due.why,
                step=programme.step(letter.step).name,
            )
    return ""


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
