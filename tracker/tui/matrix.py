"""The county × plan lights as a grid; ``Enter`` on a cell opens that county and plan."""

from collections.abc import Sequence
from functools import partial

from tracker.language import _
from tracker.lights import Cell, Matrix, cell_words
from tracker.plans import Unit
from tracker.statuses import light_words
from tracker.terminal import width
from tracker.tui.grid import GAP, GUTTER, Column, Grid, Line
from tracker.tui.words import shown

ALL = ""
"""The last column: all plans."""

MatrixRow = tuple[Unit, tuple[Cell, ...], frozenset[str]]
"""A unit, its cells, and the plans whose cells are marked."""


def fill_matrix(grid: Grid, found: Matrix, marked: frozenset[tuple[str, str]] = frozenset()) -> None:
    """Show the lights; cells that are ``marked`` (unit, plan) have a star."""
    columns = [
        Column("unit", _("单位")),
        *(Column(plan.stem, plan.head.short) for plan in found.plans),
        Column(ALL, _("合计")),
    ]
    rows = [
        (unit, cells, frozenset(plan for name, plan in marked if name == unit.id))
        for unit, cells in zip(found.units, found.cells, strict=True)
    ]
    grid.fill(columns, rows, partial(_line, grid, _room_for(columns, rows)), _key)


def unit_at(grid: Grid) -> Unit | None:
    """The unit in the cursor's row."""
    item = grid.item
    return item[0] if isinstance(item, tuple) else None


def _room_for(columns: Sequence[Column], rows: Sequence[MatrixRow]) -> int:
    """The width that the cells need with all their words."""
    lines = [[shown(column.words) for column in columns], *(_cells(row, has_words=True) for row in rows)]
    return GUTTER - GAP + sum(max(width(line[n]) for line in lines) + GAP for n in range(len(columns)))


def _cells(row: MatrixRow, *, has_words: bool) -> list[str]:
    unit, cells, marked = row
    said = [cell_words(c) if has_words else _short(c) for c in cells]
    stars = ("*" if c.plan in marked else "" for c in cells)
    return [shown(unit.brief), *(words + star for words, star in zip(said, stars, strict=True))]


def _short(c: Cell) -> str:
    """A cell without the light's word: sign and numbers say as much."""
    sign = light_words(c.light).split()[0]
    return cell_words(c).replace(light_words(c.light), sign, 1)


def _line(grid: Grid, needed: int, item: object) -> Line:
    row = _row(item)
    cells = _cells(row, has_words=needed <= grid.scrollable_content_region.width)
    return Line(tuple(cells), {n: c.light for n, c in enumerate(row[1], 1)})


def _key(item: object) -> object:
    return _row(item)[0].id


def _row(item: object) -> MatrixRow:
    assert isinstance(item, tuple)  # noqa: S101 - what fill_matrix put there
    return item
