"""Milestones x units -> dated things somebody owes."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import tiny
from tiny import CHEM, MINE, PROGRAMME, QUOTAS

from tracker.occurrences import Event, Occurrence, Role, assignments_known, event_term, expand, roles
from tracker.plan_files import load
from tracker.plans import Programme

TRIAL = Event("east", "trial", "T1", "加氢装置", date(2026, 9, 28), None)


def of(found: Iterable[Occurrence], milestone: str, unit: str) -> list[Occurrence]:
    return [o for o in found if o.milestone.id == milestone and o.unit == unit]


def named(found: Iterable[Role]) -> list[tuple[str, int | float | None, bool]]:
    return [(role.unit.id, role.quota, role.contributes) for role in found]


def test_a_one_off_has_no_suffix_and_opens_with_its_plan(programme: Programme) -> None:
    [one] = of(expand(programme), "mine-1", "east")
    assert (one.id, one.opens, one.due, one.period_end) == ("mine-1", date(2026, 1, 1), date(2026, 9, 30), None)
    assert not one.is_recurring


def test_a_window_opens_on_its_own_day(programme: Programme) -> None:
    [one] = of(expand(programme), "mine-7", "east")
    assert (one.opens, one.due) == (date(2026, 7, 1), date(2026, 12, 31))


def test_a_monthly_duty_has_an_occurrence_for_each_month_of_its_plan(programme: Programme) -> None:
    found = of(expand(programme), "mine-2", "west")
    assert [o.id for o in found] == [f"mine-2@2026-{n:02}" for n in range(1, 13)]
    assert found[1].opens == date(2026, 2, 1)
    assert found[1].due == found[1].period_end == date(2026, 2, 28)
    assert found[1].is_recurring


def test_a_quarterly_duty_of_the_city_is_the_bureaus_alone(programme: Programme) -> None:
    found = [o for o in expand(programme) if o.milestone.id == "chem-2"]
    assert {o.unit for o in found} == {"bureau"}
    assert [o.id for o in found] == [f"chem-2@2026-Q{n}" for n in (1, 2, 3, 4)]


def test_a_recurring_duty_keeps_to_its_own_from_until_day_and_lag(tmp_path: Path) -> None:
    rule = 'every = "quarter"\nby = 10\nlag = 1\nfrom = 2026-04-01\nuntil = 2026-09-30'
    found = expand(tiny.programme(tmp_path, {"chem.toml": CHEM.replace('every = "quarter"', rule)}))
    assert [(o.id, o.due, o.period_end) for o in found if o.milestone.id == "chem-2"] == [
        ("chem-2@2026-Q2", date(2026, 9, 10), date(2026, 6, 30)),
        ("chem-2@2026-Q3", date(2026, 12, 10), date(2026, 9, 30)),
    ]


def test_a_tally_is_monthly_whatever_it_counts(tmp_path: Path) -> None:
    rule = 'kind = "tally"\nevery = "week"'
    found = expand(tiny.programme(tmp_path, {"mine.toml": MINE.replace('every = "month"', rule)}))
    assert [(o.id, o.due) for o in of(found, "mine-2", "east")][-1] == ("mine-2@2026-12", date(2026, 12, 31))


def test_a_recurring_milestone_without_a_rhythm_is_read_as_monthly(tmp_path: Path) -> None:
    found = tiny.build(tmp_path, plans={"mine.toml": MINE.replace('every = "month"', 'kind = "recurring"')})
    programme, problems = load(found / "plans", "city")
    assert [p.code for p in problems] == ["E06"]
    assert programme is not None
    assert len(of(expand(programme), "mine-2", "east")) == 12


def test_continuing_work_never_falls_due_and_a_consequence_is_nobodys_task(programme: Programme) -> None:
    found = expand(programme)
    [one] = of(found, "mine-4", "east")
    assert (one.id, one.due) == ("mine-4", None)
    assert not [o for o in found if o.milestone.id == "mine-5"]


def test_ids_are_unique_for_a_unit(programme: Programme) -> None:
    keys = [(o.unit, o.id) for o in expand(programme, [TRIAL])]
    assert len(keys) == len(set(keys))


def test_occurrences_come_in_the_order_of_plans_milestones_and_units(programme: Programme) -> None:
    found = expand(programme, [TRIAL])
    plans = [o.milestone.plan for o in found]
    assert plans == sorted(plans, key=["mine", "chem"].index)
    assert [o.unit for o in found if o.milestone.id == "chem-1"] == ["east", "west", "bureau"]
    assert [o.milestone.id for o in found if o.unit == "east" and not o.is_recurring] == [
        *("mine-1", "mine-3a", "mine-3b", "mine-4", "mine-7", "chem-1", "chem-3")
    ]


def test_a_term_of_an_event_is_the_reporting_units_alone(programme: Programme) -> None:
    found = expand(programme, [TRIAL])
    assert [(o.unit, o.id) for o in found if o.milestone.id == "mine-3a"] == [("east", "mine-3a@T1")]


def test_ten_working_days_step_over_national_day_and_count_the_saturday_worked_for_it(programme: Programme) -> None:
    [one] = of(expand(programme, [TRIAL]), "mine-3a", "east")
    # 29, 30 September; 8 to 10 (a Saturday), 12 to 16 October: ten days.
    assert (one.opens, one.due, one.event) == (date(2026, 9, 28), date(2026, 10, 16), TRIAL)


def test_a_two_sided_term_opens_on_its_earliest_day(programme: Programme) -> None:
    [one] = of(expand(programme, [TRIAL]), "mine-3b", "east")
    assert (one.opens, one.due) == (date(2026, 10, 28), date(2027, 9, 28))


def test_terms_count_from_the_actual_day_once_there_is_one(programme: Programme) -> None:
    event = Event("east", "trial", "T1", "装置", date(2026, 9, 28), date(2026, 11, 2))
    [one] = of(expand(programme, [event]), "mine-3a", "east")
    assert (event.day, one.due) == (date(2026, 11, 2), date(2026, 11, 16))


def test_an_event_without_any_day_starts_no_term(programme: Programme) -> None:
    assert of(expand(programme, [Event("east", "trial", "T1", "装置", None, None)]), "mine-3a", "east") == []


def test_only_events_leaves_out_everything_else(programme: Programme) -> None:
    assert [o.id for o in expand(programme, [TRIAL], only_events=True)] == ["mine-3a@T1", "mine-3b@T1"]


@pytest.mark.parametrize(
    ("rule", "opens", "due"),
    [
        ('term = "before"', date(2026, 9, 27), date(2026, 9, 27)),
        ('term = "10 days before"', date(2026, 9, 18), date(2026, 9, 18)),
        ('within = "30 days"', date(2026, 9, 28), date(2026, 10, 28)),
        ('earliest = "30 days"', date(2026, 10, 28), None),
    ],
)
def test_terms_before_an_event_open_on_the_day_they_end_and_an_earliest_day_alone_is_never_due(
    tmp_path: Path, rule: str, opens: date, due: date | None
) -> None:
    world = tiny.programme(tmp_path, {"mine.toml": MINE.replace('term = "10 working days"', rule)})
    assert event_term(world.milestones["mine-3a"], date(2026, 9, 28), world) == (opens, due)


# --- who ---


def roles_of(programme: Programme, milestone: str) -> list[tuple[str, int | float | None, bool]]:
    m = programme.milestones[milestone]
    return named(roles(programme, programme.plan(m.plan), m, assignments_known(programme, None).get(milestone)))


def test_duties_of_enterprises_and_counties_are_reported_by_counties_and_zones(programme: Programme) -> None:
    assert roles_of(programme, "mine-2") == [("east", None, False), ("west", None, False)]
    assert roles_of(programme, "mine-1") == [("east", None, False), ("west", None, False)]


def test_named_units_alone_have_what_names_them(programme: Programme) -> None:
    assert roles_of(programme, "mine-6") == [("west", None, False)]


def test_a_duty_without_a_level_is_the_citys(tmp_path: Path) -> None:
    world = tiny.programme(tmp_path, {"chem.toml": CHEM.replace('level = ["city"]\n', "")})
    assert roles_of(world, "chem-2") == [("bureau", None, False)]


def test_a_plan_for_some_units_concerns_no_others(tmp_path: Path) -> None:
    limited = MINE.replace("until = 2026-12-31\n", 'until = 2026-12-31\nunits = ["east", "bureau"]\n', 1)
    assert roles_of(tiny.programme(tmp_path, {"mine.toml": limited}), "mine-1") == [("east", None, False)]


def test_a_lead_assigned_by_the_city_answers_in_place_of_the_others(tmp_path: Path) -> None:
    ruling = '[[assignment]]\nitem = "mine-1"\nlead = ["bureau"]\nby = "刘某"\nat = 2026-08-10\nreason = "分工"\n'
    world = tiny.programme(tmp_path, {"assignments.toml": ruling})
    assert roles_of(world, "mine-1") == [("bureau", None, False)]


def test_a_number_of_the_whole_city_is_answered_for_by_the_city_and_added_to_by_the_units(
    programme: Programme,
) -> None:
    assert roles_of(programme, "chem-1") == [("east", None, True), ("west", None, True), ("bureau", None, False)]
    rows = [o for o in expand(programme) if o.milestone.id == "chem-1"]
    assert [(o.unit, o.contributes) for o in rows] == [("east", True), ("west", True), ("bureau", False)]


def test_quotas_give_units_their_own_share_to_answer_for(tmp_path: Path) -> None:
    world = tiny.programme(tmp_path, {"assignments.toml": QUOTAS})
    assert roles_of(world, "chem-1") == [("east", 60, False), ("west", 40, False), ("bureau", None, False)]
    assert [o.quota for o in expand(world) if o.milestone.id == "chem-1"] == [60, 40, None]


def test_where_no_city_unit_reports_the_units_answer_for_the_citys_number_themselves(tmp_path: Path) -> None:
    counties = PROGRAMME.replace('level = "city"', 'level = "department"')
    assert roles_of(tiny.programme(tmp_path, {"programme.toml": counties}), "chem-1") == [
        ("east", None, False),
        ("west", None, False),
    ]


def test_a_lead_answers_for_a_number_of_the_whole_city(tmp_path: Path) -> None:
    ruling = '[[assignment]]\nitem = "chem-1"\nlead = ["east"]\nby = "刘某"\nat = 2026-08-10\nreason = "分工"\n'
    world = tiny.programme(tmp_path, {"assignments.toml": ruling})
    assert roles_of(world, "chem-1") == [("east", None, False), ("west", None, True)]


def test_who_answers_for_the_sum_has_no_quota_of_its_own(tmp_path: Path) -> None:
    with_lead = QUOTAS.replace("quotas", 'lead = ["east"]\nquotas')
    world = tiny.programme(tmp_path / "lead", {"assignments.toml": with_lead})
    assert roles_of(world, "chem-1") == [("east", None, False), ("west", 40, False)]
    own = QUOTAS.replace("east = 60, west = 40", "east = 60, west = 30, bureau = 10")
    world = tiny.programme(tmp_path / "city", {"assignments.toml": own})
    assert roles_of(world, "chem-1") == [("east", 60, False), ("west", 30, False), ("bureau", None, False)]
    assert [o.quota for o in expand(world) if o.milestone.id == "chem-1"] == [60, 30, None]


def test_a_quota_ruled_later_than_the_moment_known_by_is_not_known(tmp_path: Path) -> None:
    later = QUOTAS.replace("2026-08-10", "2026-10-10").replace("60, west = 40", "50, west = 50")
    world = tiny.programme(tmp_path, {"assignments.toml": later + QUOTAS})
    quotas = {
        day: [o.quota for o in expand(world, known_by=day and datetime(2026, *day, tzinfo=UTC)) if o.id == "chem-1"]
        for day in ((8, 9), (8, 10), (10, 10), None)
    }
    assert quotas == {
        (8, 9): [None, None, None],
        (8, 10): [60, 40, None],
        (10, 10): [50, 50, None],
        None: [50, 50, None],
    }
