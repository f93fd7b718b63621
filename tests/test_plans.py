"""A plan as it was loaded: kinds of milestones, and targets."""

from datetime import date
from pathlib import Path

import pytest
from small_plans import load_text, one

from tracker.plans import Target


def test_a_small_programme_without_mistakes_is_loaded_whole(tmp_path: Path) -> None:
    programme, problems = load_text(tmp_path)
    assert problems == []
    assert programme is not None
    assert (programme.id, programme.head.from_) == ("city", date(2026, 1, 1))
    assert (programme.thresholds.warning_days, programme.thresholds.behind_points) == (15, 10)
    assert [unit.brief for unit in programme.units] == ["东山县", "高新区"]
    assert programme.unit("west").name == "西湖高新区"
    plan = programme.plan("a")
    assert plan.file == "plans/city/a.toml"
    assert plan.task("1").title == "任务一"
    [m] = plan.milestones
    assert (m.plan, m.item, m.kind, m.owner) == ("a", "1", "milestone", "未明确")
    assert programme.milestones == {"a-1": m}
    assert programme.events == {"trial": plan.events[0], "试生产": plan.events[0]}
    assert (programme.assignments, programme.workdays.entered) == ((), {})


@pytest.mark.parametrize(
    ("keys", "kind", "is_dated"),
    [
        ("due = 2026-12-31", "milestone", True),
        ("opens = 2026-03-01\ndue = 2026-06-30", "window", True),
        ('every = "month"', "recurring", True),
        ('event = "trial"\nterm = "10 working days"', "event", True),
        ('kind = "tally"\nevery = "week"', "tally", True),
        ('kind = "tally"\nevent = "trial"\nterm = "0 days"', "tally", True),
        ('kind = "tally"\nevery = "week"\nevent = "trial"\nterm = "0 days"', "tally", True),
        ('kind = "standing"', "standing", False),
        ('kind = "continuing"', "continuing", False),
        ('kind = "consequence"\nafter = "a"', "consequence", False),
        ('kind = "window"\ndue = 2026-06-30', "window", True),
    ],
)
def test_a_kind_is_evident_from_the_keys_or_said(tmp_path: Path, keys: str, kind: str, is_dated: bool) -> None:
    programme, problems = load_text(tmp_path, a=one(keys))
    assert problems == []
    assert programme is not None
    [m] = programme.milestones.values()
    assert (m.kind, m.is_dated) == (kind, is_dated)


@pytest.mark.parametrize(
    ("target", "op", "value", "is_share", "shown"),
    [
        (Target(at_least=80, unit="%", of="企业"), ">=", 80, True, "企业 ≥80%"),
        (Target(at_most=0, unit="起"), "<=", 0, False, "≤0起"),
        (Target(equals=140, unit="公里", of="燃气管道"), "=", 140, False, "燃气管道 140公里"),
        (Target(equals=1234567.5, unit="米"), "=", 1234567.5, False, "1234567.5米"),
        (Target(about=3), "~", 3, False, "约3"),
        (Target(all=True, of="企业"), "all", None, True, "全部企业"),
        (Target(all=True), "all", None, True, "全部"),
    ],
)
def test_a_target_says_what_is_to_be_reached(
    target: Target, op: str, value: float | None, is_share: bool, shown: str
) -> None:
    assert (target.op, target.value, target.is_share, str(target)) == (op, value, is_share, shown)
