"""The burden meter: cells asked, cells that may change, cells asked twice, cells typed."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from tiny import CHEM, OCTOBER, OCTOBER_END, at, checked, head, see

from tracker.burden import NAMES, Burden, burden, cells, keep, typed, words
from tracker.forms import form
from tracker.snapshot import Snapshot
from tracker.workspace import KEPT, Workspace

GOING = 'state = "推进中"\n'
BLOCKED = (
    'state = "受阻"\ncause = "资金没有到位"\nmeasure = "已经列入预算"\npromised_on = 2026-12-20\nwaiting_on = "省厅"\n'
)
AGAIN = """
[[task]]
item = "4"
title = "自查"
[[task.milestone]]
id = "chem-4"
title = "月度自查"
what = "与矿山方案同一次排查"
wording = "每月"
every = "month"
level = ["enterprise"]
same_as = "mine-2"
"""


def entry(item: str, more: str = GOING) -> str:
    return f'[[update]]\nitem = "{item}"\n{more}'


def of(snapshot: Snapshot, unit: str = "east", month: date = OCTOBER) -> Burden:
    return burden(snapshot.programme, form(snapshot, unit, month))


REASONS = ("cause", "measure", "promised_on")


def test_an_item_takes_its_state_and_its_day_and_a_number_where_it_has_one(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    asked = {
        "mine-2@2026-10": ("state", "done_on"),
        "chem-3": ("state", "done_on", "evidence"),
        "mine-7": ("state", "done_on", "done", "total"),
        "chem-1": ("state", "done_on", "done"),
        "mine-1": ("state", *REASONS),
    }
    assert {item: cells(at(snapshot, "east", item), OCTOBER_END) for item in asked} == asked


def test_what_waits_on_the_province_has_nothing_to_explain(tmp_path: Path) -> None:
    snapshot = see(tmp_path, as_of=date(2026, 11, 30))
    assert cells(at(snapshot, "west", "mine-6"), date(2026, 11, 30)) == ("state", "done_on")


def test_what_is_blocked_takes_its_reasons_and_whom_it_waits_on(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head() + entry("mine-7", BLOCKED) + entry("mine-1", BLOCKED)}
    snapshot = see(tmp_path, files)
    found = cells(at(snapshot, "east", "mine-7"), OCTOBER_END)
    assert found == ("state", *REASONS, "waiting_on", "done", "total")
    assert cells(at(snapshot, "east", "mine-1"), OCTOBER_END) == ("state", *REASONS, "waiting_on")


def test_what_can_never_be_late_takes_its_day(tmp_path: Path) -> None:
    assert cells(at(see(tmp_path), "east", "mine-4"), OCTOBER_END) == ("state", "done_on")


def test_a_form_asks_for_the_names_and_each_required_cell_and_the_rest_may_change(tmp_path: Path) -> None:
    assert NAMES == ("prepared_by", "checked_by", "approved_by")
    # mine-1 and September's mine-2 are late (4 each), chem-3 wants evidence (3), October's mine-2 its day (2).
    assert of(see(tmp_path)) == Burden("east", asked=3 + 4 + 4 + 3 + 2, may=3 + 4, twice=0)


def test_a_part_asks_for_the_names_and_its_own_plans_cells_alone(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    one = burden(snapshot.programme, form(snapshot, "east", OCTOBER, ["chem"]))
    assert one == Burden("east", asked=3 + 3, may=3, twice=0, part=("chem",))


def test_a_quiet_month_asks_for_the_names_alone(tmp_path: Path) -> None:
    done = 'state = "已完成"\ndone_on = 2026-09-20\nevidence = ["报告"]\n'
    files = {"2026-10/bureau.toml": head("bureau") + entry("chem-2@2026-Q3", done)}
    assert of(see(tmp_path, files), "bureau").asked == 3


def test_cells_that_another_plan_asks_for_in_the_same_period_are_asked_twice(tmp_path: Path) -> None:
    snapshot = see(tmp_path, plans={"chem.toml": CHEM + AGAIN})
    asked = [s.occurrence.id for s in form(snapshot, "east", OCTOBER).required]
    assert {"chem-4@2026-09", "chem-4@2026-10"} <= set(asked)
    assert of(snapshot).twice == 4 + 2
    assert of(snapshot, "bureau").twice == 0


def test_what_was_answered_once_is_not_asked_twice(tmp_path: Path) -> None:
    done = 'state = "已完成"\ndone_on = 2026-10-20\n'
    files = {"2026-10/east.toml": head() + entry("mine-2@2026-10", done)}
    assert of(see(tmp_path, files, plans={"chem.toml": CHEM + AGAIN})).twice == 4


# --- what was typed ---


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (head(more='rest = "unchanged"\npart = ["mine", "chem"]'), 3),
        (head(more='practices = "一条"\ndifficulties = ""\nsuggestions = "两条"'), 5),
        (head() + entry("mine-7"), 4),
        (head() + entry("mine-7", GOING + "done = 0\ntotal = 14\nas_of = 2026-10-31\n"), 7),
        (head() + entry("mine-7", BLOCKED), 3 + 5),
        (head() + entry("chem-3", 'state = "done"\ndone_on = 2026-10-20\nevidence = ["甲", "乙"]\n'), 3 + 3),
        (
            head()
            + entry("mine-7")
            + '[update.request_extension]\nuntil = 2027-01-31\nreason = "周期长"\nprogress = "一半"\n',
            3 + 1 + 3,
        ),
        (head() + '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n', 3 + 4),
    ],
)
def test_typed_are_the_cells_in_which_something_stands(tmp_path: Path, text: str, count: int) -> None:
    snapshot = see(tmp_path)
    assert snapshot.shelf is not None
    submission, problems = checked(text, snapshot.shelf.context)
    assert problems == []
    assert submission is not None
    assert typed(submission) == count


# --- said and kept ---


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Burden("east", 16, 7, 0), "填报量：必填 16 格，有变化才填的 7 格，没有重复问的。"),
        (Burden("east", 16, 7, 6), "填报量：必填 16 格，有变化才填的 7 格，其中重复问的 6 格。"),
        (Burden("east", typed=12), "填报量：实际填了 12 格。"),
    ],
)
def test_a_burden_is_one_line(one: Burden, said: str) -> None:
    assert words(one) == said


def test_asked_and_typed_are_kept_by_month_one_after_the_other(tmp_path: Path) -> None:
    folder = tmp_path / "status" / "city"
    keep(folder, OCTOBER, [Burden("east", 16, 7, 0), Burden("west", 20, 3, 6)])
    keep(folder, OCTOBER, [Burden("east", typed=12, part=("mine",))])
    path = folder / "2026-10" / "burden.toml"
    assert tomllib.loads(path.read_text(encoding="utf-8"))["burden"] == [
        {"unit": "east", "asked": 16, "may": 7, "twice": 0},
        {"unit": "west", "asked": 20, "may": 3, "twice": 6},
        {"unit": "east", "typed": 12, "part": ["mine"]},
    ]
    assert [p.name for p in path.parent.iterdir()] == ["burden.toml"]


def test_the_meter_is_no_submission(tmp_path: Path) -> None:
    assert "burden.toml" in KEPT
    snapshot = see(tmp_path, {"2026-10/east.toml": head()})
    keep(Workspace(tmp_path).status("city"), OCTOBER, [of(snapshot)])
    again = see(tmp_path)
    assert (again.problems, len(again.filed), again.held_files) == ((), 1, ())
