"""The overdue list as a table."""

from collections.abc import Iterable, Sequence
from typing import TextIO

from tracker.language import _
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import light_words, status_words
from tracker.terminal import print_table

MOST_UNITS = 3
"""Units named in a row before they are counted."""


def overdue_header() -> list[str]:
    """What the columns of the overdue list are."""
    return [
        _("逾期天数"),
        _("单位"),
        _("方案"),
        _("任务节点"),
        _("期次编号"),
        _("到期日"),
        _("状态"),
        _("责任"),
        _("预计完成"),
    ]


def overdue_cells(snapshot: Snapshot, rows: Iterable[Standing]) -> list[tuple[object, ...]]:
    """The overdue list, a row a standing."""
    return [
        (
            s.days_late,
            snapshot.unit_of(s).brief,
            snapshot.plan_of(s).head.short,
            s.occurrence.milestone.title,
            s.occurrence.id,
            s.due,
            f"{light_words(s.light)[0]} {status_words(s.status)}",
            s.occurrence.milestone.owner,
            s.promised_on or "",
        )
        for s in rows
    ]


def print_overdue(out: TextIO, snapshot: Snapshot, rows: Sequence[Standing], columns: int) -> None:
    """The overdue list."""
    cells = overdue_cells(snapshot, rows)
    lights = [s.light for s in rows]
    print_table(out, overdue_header(), cells, lights=lights, numbers=frozenset({0}), columns=columns)
