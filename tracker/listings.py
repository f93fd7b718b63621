"""The overdue list as a table."""

from collections.abc import Iterable, Sequence
from typing import TextIO

from tracker.language import _
from tracker.overdue import Late
from tracker.statuses import STATUSES, light_words, status_words
from tracker.terminal import print_table


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


def overdue_cells(rows: Iterable[Late]) -> list[tuple[object, ...]]:
    """The overdue list, cell by cell."""
    words = {status: f"{light_words(light)[0]} {status_words(status)}" for status, (light, _word) in STATUSES.items()}
    return [
        (
            row.days_late,
            row.brief,
            row.short,
            row.title,
            row.item,
            row.due,
            words[row.status],
            row.owner,
            row.promised_on,
        )
        for row in rows
    ]


def print_overdue(out: TextIO, rows: Sequence[Late], columns: int) -> None:
    """The overdue list."""
    lights = [row.light for row in rows]
    print_table(out, overdue_header(), overdue_cells(rows), lights=lights, numbers=frozenset({0}), columns=columns)
