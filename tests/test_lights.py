"""The county × plan lights, and their words."""

from datetime import date
from pathlib import Path

from autumn import done, entry
from tiny import OCTOBER_END, at, changed, head, see

from tracker.filters import Filter
from tracker.lights import cell, cell_rule, matrix
from tracker.snapshot import Snapshot
from tracker.statuses import LIGHTS, STATUSES, WORST, light_words, status_words
from tracker.views import lateness_words


def test_a_cell_shows_the_worst_light_over_open_one_offs_and_the_current_period(autumn: Snapshot) -> None:
    found = matrix(autumn)
    assert [unit.id for unit in found.units] == ["east", "west", "bureau"]
    assert [plan.stem for plan in found.plans] == ["mine", "chem"]
    assert [[(c.light, c.late, c.owed, c.missed) for c in row] for row in found.cells] == [
        [("red", 1, 2, 1), ("green", 0, 1, 0), ("red", 1, 3, 1)],
        [("red", 1, 3, 2), ("yellow", 0, 1, 0), ("red", 1, 4, 2)],
        [("grey", 0, 0, 0), ("grey", 0, 0, 1), ("grey", 0, 0, 1)],
    ]


def test_missed_history_is_a_number_and_not_a_red_that_never_ends(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": head() + entry("mine-1", done("2026-10-08")) + entry("mine-2@2026-10", done("2026-10-09"))
    }
    one = matrix(see(tmp_path, files)).cells[0][0]
    assert (one.light, one.late, one.owed, one.missed) == ("green", 0, 2, 2)


def test_work_done_before_its_day_counts_as_owed_and_work_not_yet_due_does_not(autumn: Snapshot) -> None:
    rows = [at(autumn, "east", "mine-7")]
    assert cell(rows, "east", "mine", OCTOBER_END).owed == 0
    early = changed(rows[0], status="done", done_on=date(2026, 10, 1))
    assert cell([early], "east", "mine", OCTOBER_END).owed == 1


def test_a_cell_of_nothing_or_of_what_only_contributes_is_grey(autumn: Snapshot) -> None:
    assert cell([], "east", "mine", OCTOBER_END).light == "grey"
    late = changed(at(autumn, "east", "chem-1"), is_current=False)
    before = at(autumn, "east", "mine-2@2026-07")
    assert before.status == "before-records"
    one = cell([late, before], "east", "chem", OCTOBER_END)
    assert (one.light, one.late, one.owed, one.missed) == ("grey", 0, 0, 0)


def test_the_last_column_is_the_sum_of_its_row_and_shows_its_worst_light(autumn: Snapshot) -> None:
    for row in matrix(autumn).cells:
        *plans, total = row
        assert (total.late, total.owed, total.missed) == tuple(
            sum(getattr(c, name) for c in plans) for name in ("late", "owed", "missed")
        )
        assert total.light == min((c.light for c in plans), key=WORST.index)


def test_a_matrix_of_one_plan_leaves_out_the_units_that_owe_nothing_in_it(autumn: Snapshot) -> None:
    found = matrix(autumn, Filter(plan="mine"))
    assert ([u.id for u in found.units], [p.stem for p in found.plans]) == (["east", "west"], ["mine"])
    assert all(len(row) == 2 and row[0].late == row[1].late for row in found.cells)


def test_the_rule_of_a_cell_explains_every_sign() -> None:
    assert all(f"{sign} {word}" in cell_rule() for sign, word in LIGHTS.values())
    assert "累计漏报" in cell_rule()


def test_every_light_and_standing_has_its_words() -> None:
    assert [light_words(light) for light in WORST] == ["x 红", "! 黄", "+ 绿", "- 灰"]
    assert [status_words(status) for status in STATUSES] == [word for _light, word in STATUSES.values()]


def test_lateness_is_said_in_days_and_not_at_all_where_there_is_none(autumn: Snapshot) -> None:
    assert lateness_words(at(autumn, "east", "mine-1")) == "逾期 31 天"
    assert lateness_words(at(autumn, "east", "mine-7")) == ""
