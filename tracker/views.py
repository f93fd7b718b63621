"""The questions people ask of a snapshot: what is late, how each county stands, why.

Nothing here is laid out: records in the order a reader wants them, no widths, no colours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from tracker.deadlines import Rolled, due_in, months_later, period, rolled, term
from tracker.decisions import OF_FILES, Decision
from tracker.filed import Filed
from tracker.language import _
from tracker.plans import LEVELS, Milestone, Plan, Programme, Report, Unit
from tracker.snapshot import Snapshot
from tracker.standing import LIGHTS, STATUSES, Light, Standing
from tracker.workdays import CHINA

WORST: tuple[Light, ...] = ("red", "yellow", "green", "grey")


@dataclass(frozen=True)
class Filter:
    """Which rows are wanted; says itself in words."""

    plan: str | None = None
    unit: str | None = None
    level: str | None = None
    owner: str | None = None
    """Part of the owner's name."""

    def takes(self, milestone: Milestone, unit: str | None = None) -> bool:
        """Whether a milestone (of a unit) is wanted."""
        return (
            (self.plan is None or milestone.plan == self.plan)
            and (self.unit is None or unit is None or unit == self.unit)
            and (self.level is None or self.level in milestone.level)
            and (self.owner is None or self.owner in milestone.owner)
        )

    def words(self, programme: Programme) -> str:
        """The filter as a heading; empty when everything is wanted."""
        parts = [
            programme.plan(self.plan).head.short if self.plan else "",
            programme.unit(self.unit).name if self.unit else "",
            _(LEVELS[self.level]) if self.level else "",
            self.owner or "",
        ]
        return " · ".join(part for part in parts if part)


EVERYTHING = Filter()


def chosen(snapshot: Snapshot, wanted: Filter = EVERYTHING) -> list[Standing]:
    """The standings a filter takes."""
    if wanted == EVERYTHING:  # without asking each what it is about
        return list(snapshot.standings)
    return [s for s in snapshot.standings if wanted.takes(s.occurrence.milestone, s.occurrence.unit)]


def overdue(snapshot: Snapshot, wanted: Filter = EVERYTHING) -> list[Standing]:
    """What is late, worst first: the most days, then in the order of units and plans."""
    late = [s for s in snapshot.late if wanted.takes(s.occurrence.milestone, s.occurrence.unit)]
    return sorted(late, key=lambda s: -s.days_late)


def due_between(snapshot: Snapshot, first: date, last: date, wanted: Filter = EVERYTHING) -> list[Standing]:
    """What is still open and falls due in a span of days, soonest first."""
    rows = [
        s
        for s in chosen(snapshot, wanted)
        if s.due is not None and first <= s.due <= last and s.is_owed and not s.is_done and s.status != "explained"
    ]
    return sorted(rows, key=lambda s: s.due or last)


def contested(snapshot: Snapshot) -> frozenset[tuple[str, str]]:
    """The items (unit, occurrence) to which a county objected in the draft, until the city has ruled on it."""
    latest: dict[tuple[str, str], str] = {}
    for d in sorted(snapshot.decisions, key=lambda d: d.at):
        if d.kind in ("object", "answer") and d.item is not None and d.month <= snapshot.clocks.month:
            latest[d.unit, d.item] = d.kind
    return frozenset(key for key, kind in latest.items() if kind == "object")


def named(snapshot: Snapshot, disputed: frozenset[tuple[str, str]] | None = None) -> Snapshot:
    """The snapshot as a paper may name it: without the late ones of the ``contested`` items. (Design 7.)

    Another month is compared without the same ones, ``disputed``: an objection alone is no progress.
    """
    disputed = contested(snapshot) if disputed is None else disputed
    rows = (s for s in snapshot.standings if not (s.is_late and (s.occurrence.unit, s.occurrence.id) in disputed))
    return replace(snapshot, standings=tuple(rows)) if disputed else snapshot


# --- lights ---


@dataclass(frozen=True)
class Cell:
    """A unit (or all) in a plan (or all): the worst light over open one-offs and the current period."""

    unit: str
    plan: str
    light: Light
    late: int
    """Red ones."""
    owed: int
    """Those that have fallen due."""
    missed: int
    """Past periods missed (累计漏报): a number, not a red that never ends."""


def cell(standings: Iterable[Standing], unit: str, plan: str, as_of: date) -> Cell:
    """One cell of the matrix."""
    rows = [s for s in standings if s.status not in ("contributing", "before-records")]
    current = [s for s in rows if s.is_current]
    return Cell(
        unit,
        plan,
        min((s.light for s in current), key=WORST.index, default="grey"),
        sum(s.is_late for s in current),
        sum(s.is_owed and s.due is not None and (s.due <= as_of or s.is_done) for s in current),
        sum(s.is_late for s in rows if not s.is_current),
    )


@dataclass(frozen=True)
class Matrix:
    """Units in protocol order × plans, with both sums."""

    units: tuple[Unit, ...]
    plans: tuple[Plan, ...]
    cells: tuple[tuple[Cell, ...], ...]
    """A row a unit, a column a plan, and a last column over all plans."""


def matrix(snapshot: Snapshot, wanted: Filter = EVERYTHING) -> Matrix:
    """The county × plan lights. Units that owe nothing at all are left out."""
    plans = tuple(p for p in snapshot.programme.plans if wanted.plan in (None, p.stem))
    if wanted == EVERYTHING:
        cells = snapshot.worked_out("lights", tuple[tuple[Cell, ...], ...], lambda: _cells(snapshot, plans, wanted))
    else:
        cells = _cells(snapshot, plans, wanted)
    return Matrix(tuple(snapshot.programme.unit(row[0].unit) for row in cells), plans, cells)


def _cells(snapshot: Snapshot, plans: Sequence[Plan], wanted: Filter) -> tuple[tuple[Cell, ...], ...]:
    """The rows of the matrix."""
    rows: dict[tuple[str, str], list[Standing]] = {}
    for s in chosen(snapshot, wanted):
        rows.setdefault((s.occurrence.unit, s.occurrence.milestone.plan), []).append(s)
    as_of = snapshot.clocks.as_of
    return tuple(
        (
            *(cell(rows.get((u.id, p.stem), ()), u.id, p.stem, as_of) for p in plans),
            cell((s for p in plans for s in rows.get((u.id, p.stem), ())), u.id, "", as_of),
        )
        for u in snapshot.programme.units
        if any((u.id, p.stem) in rows for p in plans)
    )


def cell_words(c: Cell, signs: Mapping[Light, str] | None = None) -> str:
    """A cell as it is printed: sign, word, late of owed, past periods missed."""
    if c.light == "grey" and not c.owed and not c.missed:
        return light_words("grey", signs)[0]
    missed = _(" 漏{n}", n=c.missed) if c.missed else ""
    return f"{light_words(c.light, signs)} {c.late}/{c.owed}{missed}"


def cell_rule(signs: Mapping[Light, str] | None = None) -> str:
    """The rule of a cell, printed with the matrix."""
    return _(
        "每格取未结一次性任务和当期任务中最差的灯；数字为“逾期/应完成”，“漏n”为累计漏报期数；{signs}。",
        signs=_("，").join(light_words(light, signs) for light in WORST),
    )


# --- figures ---


@dataclass(frozen=True)
class Figures:
    """How much was owed, done and late on a day."""

    owed: int
    """Fallen due since the books began, and not taken off them."""
    done: int
    verified: int
    on_time: int
    late: int
    """Red now, past periods among them."""

    @property
    def rate(self) -> float | None:
        """按期率: percent of what was owed that was done by its day; None where nothing was owed."""
        return 100.0 * self.on_time / self.owed if self.owed else None


def figures(standings: Iterable[Standing], as_of: date) -> Figures:
    """The figures over some standings."""
    owed = [s for s in standings if s.is_owed and s.due is not None and s.due <= as_of]
    return Figures(
        len(owed),
        sum(s.is_done for s in owed),
        sum(s.status == "verified" for s in owed),
        sum(s.is_done and s.days_late == 0 for s in owed),
        sum(s.is_late for s in owed),
    )


def figures_of(snapshot: Snapshot) -> Figures:
    """The city's figures."""
    return snapshot.worked_out("figures", Figures, lambda: figures(snapshot.standings, snapshot.clocks.as_of))


# --- reporting ---


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


# --- summary ---


@dataclass(frozen=True)
class Summary:
    """The leaders' page: five figures with last month's, the matrix, the worst, the next."""

    as_of: date
    now: Figures
    before: Figures | None
    """None where the books had not begun."""
    not_reported: int
    not_reported_before: int | None
    matrix: Matrix
    worst: tuple[Standing, ...]
    coming: tuple[tuple[Standing, ...], ...]
    """What falls due next: the units of one milestone and day together."""
    waiting: tuple[tuple[Standing, ...], ...]
    """Blocked or waiting on the upper level: what may need a leader's decision; grouped likewise."""


MANY = 10


def summary(snapshot: Snapshot) -> Summary:
    """The leaders' page of a day."""
    as_of = snapshot.clocks.as_of
    month = snapshot.clocks.month
    has_past = month > snapshot.programme.head.records_from
    previous = snapshot.on(month - timedelta(days=1))
    return Summary(
        as_of,
        figures_of(snapshot),
        figures_of(previous) if has_past else None,
        _not_reported(snapshot, month),
        _not_reported(snapshot, months_later(month, -1)) if has_past else None,
        matrix(snapshot),
        tuple([s for s in overdue(snapshot) if s.is_current][:MANY]),
        together(due_between(snapshot, as_of + timedelta(days=1), as_of + timedelta(days=60)))[:MANY],
        together(s for s in snapshot.standings if s.status in ("blocked", "waiting")),
    )


def together(standings: Iterable[Standing]) -> tuple[tuple[Standing, ...], ...]:
    """Standings grouped by occurrence, day and status, in the order of each group's first."""
    groups: dict[tuple[str, date | None, str], list[Standing]] = {}
    for s in standings:
        groups.setdefault((s.occurrence.id, s.due, s.status), []).append(s)
    return tuple(tuple(group) for group in groups.values())


def _not_reported(snapshot: Snapshot, month: date) -> int:
    return sum(r.is_late for r in reporting(snapshot, month))


# --- rows for other programs ---


def milestone_row(programme: Programme, m: Milestone) -> dict[str, Any]:
    """A milestone as ``milestones --json`` prints it; what does not apply is None."""
    from tracker.occurrences import roles  # noqa: PLC0415 - only this view needs to know who owes

    plan = programme.plan(m.plan)
    target = m.target and {
        "op": m.target.op,
        "value": m.target.value,
        "unit": m.target.unit,
        "of": m.target.of,
        "pool": m.target.pool,
    }
    return {
        "programme": programme.id,
        "plan": m.plan,
        "task": m.item,
        "id": m.id,
        "title": m.title,
        "what": m.what,
        "wording": m.wording,
        "kind": m.kind,
        "opens": _iso(m.opens),
        "due": _iso(m.due),
        "every": m.every,
        "by": m.by,
        "from": _iso(m.from_),
        "until": _iso(m.until),
        "times": m.times,
        "lag": m.lag,
        "event": m.event,
        "term": m.term,
        "earliest": m.earliest,
        "within": m.within,
        "after": m.after,
        "target": target,
        "owner": m.owner,
        "level": list(m.level),
        "units": [role.unit.id for role in roles(programme, plan, m) if not role.contributes],
        "strength": m.strength,
        "certainty": m.certainty,
        "reading": m.reading,
        "waits_on": m.waits_on,
    }


def deadline_words(m: Milestone) -> str:
    """A milestone's deadline rule in a few words."""
    every = {"week": _("每周"), "month": _("每月"), "quarter": _("每季度"), "half-year": _("每半年"), "year": _("每年")}
    match m.kind:
        case "milestone" | "window":
            return f"{m.opens}—{m.due}" if m.opens else str(m.due or "")
        case "recurring" | "tally":
            words = every.get(
                m.every or "", _("每 {n} 个月", n=(m.every or "").partition(" ")[0]) if m.every else _("逐次")
            )
            by = _(" {n} 日", n=m.by) if isinstance(m.by, int) else f" {m.by}" if m.by else ""
            times = _(" {n} 次", n=m.times) if m.times else ""
            start = _("（{day} 起）", day=m.from_) if m.from_ else ""
            return words + by + times + start
        case "event":
            return _("，").join(str(term(words)) for words in (m.earliest, m.within, m.term) if words)
        case _:
            return ""


def matrix_rows(programme: Programme, found: Matrix) -> list[dict[str, Any]]:
    """The matrix as ``matrix --json`` prints it: a row a cell; the cells over all plans have none."""
    return [
        {
            "programme": programme.id,
            "unit": unit.id,
            "unit_name": unit.name,
            "plan": c.plan or None,
            "light": c.light,
            "late": c.late,
            "owed": c.owed,
            "missed": c.missed,
        }
        for unit, cells in zip(found.units, found.cells, strict=True)
        for c in cells
    ]


def summary_row(snapshot: Snapshot, found: Summary) -> dict[str, Any]:
    """The leaders' page as ``summary --json`` prints it."""

    def row(f: Figures, not_reported: int | None) -> dict[str, Any]:
        rate = round(f.rate, 1) if f.rate is not None else None
        figures = {"owed": f.owed, "done": f.done, "verified": f.verified, "rate": rate, "late": f.late}
        return {**figures, "not_reported": not_reported}

    return {
        "programme": snapshot.programme.id,
        "as_of": found.as_of.isoformat(),
        "now": row(found.now, found.not_reported),
        "before": row(found.before, found.not_reported_before) if found.before is not None else None,
        "worst": [standing_row(snapshot, s) for s in found.worst],
        "coming": [standing_row(snapshot, s) for group in found.coming for s in group],
        "waiting": [standing_row(snapshot, s) for group in found.waiting for s in group],
    }


def standing_row(snapshot: Snapshot, s: Standing) -> dict[str, Any]:
    """A standing as ``overdue --json`` prints it."""
    m, u = s.occurrence.milestone, s.record.update if s.record is not None else None
    return {
        "programme": snapshot.programme.id,
        "plan": m.plan,
        "task": m.item,
        "item": s.occurrence.id,
        "title": m.title,
        "unit": s.occurrence.unit,
        "unit_name": snapshot.unit_of(s).name,
        "owner": m.owner,
        "level": list(m.level),
        "standing": s.status,
        "light": s.light,
        "scheduled": _iso(s.occurrence.due),
        "due": _iso(s.due),
        "days_late": s.days_late,
        "done_on": _iso(s.done_on),
        "state": u.state if u is not None else None,
        "cause": u.cause if u is not None else None,
        "measure": u.measure if u is not None else None,
        "promised_on": _iso(u.promised_on) if u is not None else None,
        "carried": s.carried,
        "is_current": s.is_current,
        "source": str(u.place) if u is not None else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def light_words(light: Light, signs: Mapping[Light, str] | None = None) -> str:
    """Sign and word of a light; ``signs`` are for paper, where more can be printed than a terminal shows."""
    sign, word = LIGHTS[light]
    return f"{signs[light] if signs is not None else sign} {_(word)}"


def status_words(status: str) -> str:
    """The word of a standing."""
    return _(STATUSES[status][1])


def lateness_words(s: Standing) -> str:
    """How late, in words; empty when it is not."""
    return _("逾期 {n} 天", n=s.days_late) if s.days_late else ""


def by_unit(standings: Iterable[Standing], programme: Programme) -> Sequence[tuple[Unit, list[Standing]]]:
    """Standings grouped by unit, in protocol order; units without any are left out."""
    groups: dict[str, list[Standing]] = {}
    for s in standings:
        groups.setdefault(s.occurrence.unit, []).append(s)
    return [(unit, groups[unit.id]) for unit in programme.units if unit.id in groups]
