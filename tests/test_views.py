"""The questions people ask: what is late, what falls due, of whom."""

from datetime import date
from pathlib import Path

import pytest
from autumn import keys
from tiny import OCTOBER, OCTOBER_END, at, decision, see

from tracker.filters import Filter
from tracker.plans import Programme
from tracker.snapshot import Snapshot
from tracker.views import by_unit, due_between, overdue


def test_overdue_is_what_is_red_the_longest_first_then_in_the_order_of_plans_and_units(autumn: Snapshot) -> None:
    rows = overdue(autumn)
    assert [(s.occurrence.unit, s.occurrence.id, s.days_late) for s in rows] == [
        ("east", "mine-2@2026-08", 61),
        ("west", "mine-2@2026-08", 61),
        ("east", "mine-1", 31),
        ("west", "mine-1", 31),
        ("west", "mine-2@2026-09", 31),
        ("bureau", "chem-2@2026-Q3", 31),
    ]
    assert all(s.light == "red" for s in rows)


@pytest.mark.parametrize(
    ("wanted", "count", "words"),
    [
        (Filter(), 6, ""),
        (Filter(plan="chem"), 1, "化工"),
        (Filter(unit="west"), 3, "西湖高新区"),
        (Filter(level="enterprise"), 3, "企业"),
        (Filter(owner="政府"), 2, "政府"),
        (Filter(plan="mine", unit="east", level="county", owner="县级"), 1, "矿山 · 东山县 · 县级 · 县级"),
        (Filter(owner="省厅"), 0, "省厅"),
    ],
)
def test_a_filter_takes_its_rows_and_says_itself(autumn: Snapshot, wanted: Filter, count: int, words: str) -> None:
    assert len(overdue(autumn, wanted)) == count
    assert wanted.words(autumn.programme) == words


def test_a_filter_of_milestones_asks_for_no_unit(programme: Programme) -> None:
    m = programme.milestones["mine-1"]
    assert Filter(unit="east").takes(m)
    assert Filter(unit="east").takes(m, "east")
    assert not Filter(unit="east").takes(m, "west")


def test_what_falls_due_is_open_and_comes_soonest_first(autumn: Snapshot) -> None:
    rows = due_between(autumn, date(2026, 10, 1), date(2026, 12, 31))
    assert keys(rows) == [
        ("west", "mine-2@2026-10"),
        ("west", "mine-6"),
        ("west", "chem-3"),
        ("east", "mine-2@2026-11"),
        ("west", "mine-2@2026-11"),
        ("east", "mine-2@2026-12"),
        ("west", "mine-2@2026-12"),
        ("east", "mine-7"),
        ("west", "mine-7"),
        ("bureau", "chem-1"),
        ("bureau", "chem-2@2026-Q4"),
    ]
    assert keys(due_between(autumn, date(2026, 10, 31), date(2026, 10, 31), Filter(plan="chem"))) == [
        ("west", "chem-3")
    ]
    assert due_between(autumn, date(2026, 11, 1), date(2026, 11, 29)) == []


def test_what_was_explained_and_closed_does_not_fall_due_again(tmp_path: Path) -> None:
    ruling = decision("close", "west", "2026-10-03T09:00:00+08:00", 'item = "chem-3"')
    snapshot = see(tmp_path, {"2026-10/decisions.toml": ruling})
    assert at(snapshot, "west", "chem-3").status == "explained"
    assert keys(due_between(snapshot, OCTOBER, OCTOBER_END, Filter(plan="chem", unit="west"))) == []


def test_standings_are_grouped_by_unit_in_protocol_order(autumn: Snapshot) -> None:
    rows = overdue(autumn, Filter(plan="mine"))
    groups = by_unit(reversed(rows), autumn.programme)
    assert [(unit.id, len(own)) for unit, own in groups] == [("east", 2), ("west", 3)]
