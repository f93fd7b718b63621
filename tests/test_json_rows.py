"""What the lists print for other programs."""

from datetime import date
from pathlib import Path

import pytest
import tiny
from tiny import MINE, at, see

from tracker.json_rows import deadline_words, milestone_row, standing_row
from tracker.lights import matrix, matrix_rows
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.snapshot import Snapshot
from tracker.summary import summary, summary_row

MILESTONE_KEYS = [
    *("programme", "plan", "task", "id", "title", "what", "wording", "kind", "opens", "due", "every", "by", "from"),
    *("until", "times", "lag", "event", "term", "earliest", "within", "after", "target", "owner", "level", "units"),
    *("strength", "certainty", "reading", "waits_on"),
]


def test_a_milestones_row_has_exactly_these_keys(programme: Programme) -> None:
    for m in programme.milestones.values():
        assert list(milestone_row(programme, m)) == MILESTONE_KEYS


def test_a_milestones_row_says_what_the_plan_says(programme: Programme) -> None:
    row = milestone_row(programme, programme.milestones["mine-1"])
    said = {key: value for key, value in row.items() if value is not None}
    assert said == {
        "programme": "city",
        "plan": "mine",
        "task": "1",
        "id": "mine-1",
        "title": "公布包保名单",
        "what": "公布每座矿的包保领导",
        "wording": "9月底前",
        "kind": "milestone",
        "due": "2026-09-30",
        "owner": "县级政府",
        "level": ["county"],
        "units": ["east", "west"],
        "certainty": "read",
        "reading": "没有写年份，按 2026 年",
    }


@pytest.mark.parametrize(
    ("item", "target"),
    [
        ("mine-7", {"op": ">=", "value": 80, "unit": "%", "of": "矿山", "pool": None}),
        ("chem-1", {"op": ">=", "value": 100, "unit": "家", "of": None, "pool": "programme"}),
        ("mine-1", None),
    ],
)
def test_a_target_has_its_own_words(programme: Programme, item: str, target: object) -> None:
    assert milestone_row(programme, programme.milestones[item])["target"] == target


def test_the_units_of_a_row_are_those_that_answer_for_it(programme: Programme) -> None:
    units = {m.id: milestone_row(programme, m)["units"] for m in programme.milestones.values()}
    assert units["chem-1"] == units["chem-2"] == ["bureau"]
    assert units["mine-6"] == ["west"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("due = 2026-09-30", "2026-09-30"),
        ("opens = 2026-03-01\ndue = 2026-06-30", "2026-03-01—2026-06-30"),
        ('every = "week"', "每周"),
        ('every = "month"\nby = 5\ntimes = 2', "每月 5 日 2 次"),
        ('every = "quarter"', "每季度"),
        ('every = "half-year"', "每半年"),
        ('every = "year"\nby = "04-30"\nfrom = 2026-02-01', "每年 04-30（2026-02-01 起）"),
        ('every = "3 months"', "每 3 个月"),
        ('kind = "tally"', "逐次"),
        ('event = "trial"\nterm = "10 working days"', "之日起 10 个工作日"),
        ('event = "trial"\nearliest = "30 days"\nwithin = "1 year"', "之日起 30 日，之日起 1 年"),
        ('event = "trial"\nterm = "before"', "之前"),
        ('event = "trial"\nterm = "0 days"', "当天"),
        ('kind = "continuing"', ""),
    ],
)
def test_a_deadline_is_said_in_a_few_words(tmp_path: Path, rule: str, words: str) -> None:
    tiny.build(tmp_path, plans={"mine.toml": MINE.replace("due = 2026-09-30", rule)})
    programme, _problems = load(tmp_path / "plans", "city")
    assert programme is not None
    assert deadline_words(programme.milestones["mine-1"]) == words


def test_the_matrix_as_rows_has_a_row_a_cell_and_the_sum_without_a_plan(autumn: Snapshot) -> None:
    rows = matrix_rows(autumn.programme, matrix(autumn))
    assert [(row["unit"], row["plan"]) for row in rows] == [
        (unit, plan) for unit in ("east", "west", "bureau") for plan in ("mine", "chem", None)
    ]
    assert rows[2] == {
        "programme": "city",
        "unit": "east",
        "unit_name": "东山县",
        "plan": None,
        "light": "red",
        "late": 1,
        "owed": 3,
        "missed": 1,
    }


def test_the_leaders_page_as_a_row_has_the_figures_of_both_months(autumn: Snapshot) -> None:
    page = summary(autumn)
    row = summary_row(autumn, page)
    assert (row["programme"], row["as_of"]) == ("city", "2026-10-31")
    assert row["now"] == {
        "owed": page.now.owed,
        "done": 3,
        "verified": 0,
        "rate": round(300 / page.now.owed, 1),
        "late": 6,
        "not_reported": 3,
    }
    assert page.before is not None
    assert row["before"]["owed"] == page.before.owed
    assert row["before"]["not_reported"] == 3
    assert [one["item"] for one in row["worst"]] == ["mine-1", "mine-1"]


def test_a_figure_of_nothing_owed_has_no_rate_and_no_month_before(tmp_path: Path) -> None:
    first = see(tmp_path, as_of=date(2026, 8, 1))
    row = summary_row(first, summary(first))
    assert (row["now"]["owed"], row["now"]["rate"], row["before"]) == (0, None, None)


def test_a_standings_row_says_where_it_stands_and_whence(autumn: Snapshot) -> None:
    assert standing_row(autumn, at(autumn, "east", "mine-1")) == {
        "programme": "city",
        "plan": "mine",
        "task": "1",
        "item": "mine-1",
        "title": "公布包保名单",
        "unit": "east",
        "unit_name": "东山县",
        "owner": "县级政府",
        "level": ["county"],
        "standing": "overdue",
        "light": "red",
        "scheduled": "2026-09-30",
        "due": "2026-09-30",
        "days_late": 31,
        "done_on": None,
        "state": "in-progress",
        "cause": "资金没有到位",
        "measure": "已经列入预算",
        "promised_on": "2026-12-20",
        "carried": False,
        "is_current": True,
        "source": "status/city/2026-10/east.toml:7:1",
    }


def test_a_standings_row_without_a_record_claims_nothing(autumn: Snapshot) -> None:
    row = standing_row(autumn, at(autumn, "west", "mine-1"))
    assert [row[key] for key in ("state", "cause", "measure", "promised_on", "source")] == [None] * 5
    assert row["standing"] == "unreported"
