"""The county × plan lights: of each unit in each plan the worst, and how much is behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.filters import EVERYTHING, Filter
from tracker.language import _
from tracker.plans import Plan, Programme, Unit
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import WORST, Light, light_words
from tracker.views import chosen


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
