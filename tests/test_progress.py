"""How far things have come: burn-ups that are the page's own figures, days ahead, targets."""

from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import pytest
import tiny

from tracker.figures import figures
from tracker.lights import cell
from tracker.progress import burn_ups, counted, goals, horizons, in_cell
from tracker.snapshot import Books, Snapshot
from tracker.summary import summary
from tracker.views import due_between


def done(item: str, on: str, more: str = "") -> str:
    return f'[[update]]\nitem = "{item}"\nstate = "已完成"\ndone_on = {on}\n{more}\n'


def going(item: str, more: str) -> str:
    return f'[[update]]\nitem = "{item}"\nstate = "推进中"\n{more}\n'


# --- what the figures count ---


def test_the_rows_of_a_figure_are_as_many_as_it_says(october: Snapshot) -> None:
    found, rows = summary(october).now, counted(october)
    assert (found.owed, found.done, found.verified, found.late) == tuple(
        map(len, (rows.owed, rows.done, rows.verified, rows.late))
    )
    assert len(rows.not_on_time) == found.owed - found.on_time
    assert [s.days_late for s in rows.late] == sorted((s.days_late for s in rows.late), reverse=True)


def test_a_cell_of_the_matrix_opens_to_what_it_counts(october: Snapshot) -> None:
    of_cell = [
        s for s in october.standings if s.occurrence.unit == "shenxian" and s.occurrence.milestone.plan == "chemical"
    ]
    said = cell(of_cell, "shenxian", "chemical", date(2026, 10, 31))
    rows = in_cell(october, "shenxian", "chemical")
    assert sum(s.is_late and s.is_current for s in rows) == said.late == 4
    assert sum(s.is_late and not s.is_current for s in rows) == said.missed == 1
    fallen_due = [s for s in rows if s.is_current and s.is_owed and s.due is not None]
    assert sum(s.is_done or (s.due is not None and s.due <= date(2026, 10, 31)) for s in fallen_due) == said.owed
    assert rows[0].light == said.light == "red"
    assert rows[-1].is_current is False


# --- burn-up ---


def test_each_months_point_is_that_months_page(october: Snapshot) -> None:
    found = burn_ups(october)
    assert [b.plan.stem for b in found] == ["chemical", "mine", "industry"]
    for n, day in enumerate([date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)]):
        judged = october.on(day)
        of_day = figures(judged.standings, day)
        assert {b.points[n].on for b in found} == {day}
        assert sum(b.points[n].planned for b in found) == of_day.owed
        assert sum(b.points[n].done or 0 for b in found) == of_day.done


def test_days_to_come_have_a_plan_and_nothing_done(october: Snapshot) -> None:
    for found in burn_ups(october):
        assert [(p.on, p.done) for p in found.points[3:]] == [(date(2026, 11, 30), None), (date(2026, 12, 31), None)]
        planned = [p.planned for p in found.points[2:]]
        assert planned == sorted(planned)
        assert found.now.on == date(2026, 10, 31)
        assert found.planned == planned[-1]
        assert found.share == 100 * (found.now.done or 0) / found.planned
        assert found.elapsed == pytest.approx(100 * 92 / 153)


def test_a_day_within_a_month_stands_before_its_end(tmp_path: Path) -> None:
    snapshot = tiny.see(tmp_path, as_of=date(2026, 10, 12))
    days = [p.on for p in burn_ups(snapshot)[0].points]
    assert days == [date(2026, m, d) for m, d in ((8, 31), (9, 30), (10, 12), (10, 31), (11, 30), (12, 31))]


@pytest.mark.parametrize(
    ("as_of", "elapsed", "judged"),
    [(date(2026, 7, 15), 0.0, 1), (date(2026, 8, 1), 100 / 153, 1), (date(2027, 3, 1), 100.0, 5)],
)
def test_before_and_after_its_time_a_programme_has_a_way_too(
    tmp_path: Path, as_of: date, elapsed: float, judged: int
) -> None:
    found = burn_ups(tiny.see(tmp_path, as_of=as_of))[0]
    assert found.elapsed == pytest.approx(elapsed)
    assert sum(p.done is not None for p in found.points) == judged


def test_a_plan_that_owes_nothing_is_wholly_done(tmp_path: Path) -> None:
    chem = tiny.CHEM[: tiny.CHEM.index("[[task]]")] + (
        '[[task]]\nitem = "1"\ntitle = "长期"\n[[task.milestone]]\nid = "chem-1"\ntitle = "坚持"\nwhat = "坚持"\n'
        'wording = ""\nkind = "continuing"\nlevel = ["county"]\n'
    )
    found = burn_ups(tiny.see(tmp_path, plans={"chem.toml": chem}))[1]
    assert (found.planned, found.share) == (0, 100.0)


def test_what_the_city_has_waived_is_not_planned(tmp_path: Path) -> None:
    ruled = tiny.decision("waive", "east", "2026-10-05T09:00:00+08:00", 'item = "chem-3"\nground = "不涉及"')
    before = burn_ups(tiny.see(tmp_path / "before"))[1]
    after = burn_ups(tiny.see(tmp_path / "after", {"2026-10/decisions.toml": ruled}))[1]
    assert after.planned == before.planned - 1


class CountingBooks(Books):
    """Books that note the days they are asked to judge."""

    @cached_property
    def asked(self) -> list[date]:
        """The days, in the order in which they were asked for."""
        return []

    def on(self, as_of: date, known_by: datetime) -> Snapshot:
        """Note the day, and judge it."""
        self.asked.append(as_of)
        return super().on(as_of, known_by)


def test_a_month_is_judged_once_for_all_plans(october: Snapshot) -> None:
    counting = CountingBooks.of(october.shelf)
    burn_ups(october.with_books(counting))
    assert counting.asked == [date(2026, 8, 31), date(2026, 9, 30)]


# --- the days ahead ---


def test_the_three_stretches_ahead_share_nothing_and_leave_nothing_out(october: Snapshot) -> None:
    found = horizons(october)
    assert [(h.after, h.within) for h in found] == [(1, 30), (31, 60), (61, 90)]
    assert [(h.first, h.last) for h in found] == [
        (date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 12, 1), date(2026, 12, 30)),
        (date(2026, 12, 31), date(2027, 1, 29)),
    ]
    rows = [s for h in found for group in h.groups for s in group]
    assert len(rows) == sum(h.count for h in found)
    assert {id(s) for s in rows} == {id(s) for s in due_between(october, date(2026, 11, 1), date(2027, 1, 29))}


# --- targets ---


def test_a_share_over_the_units_is_the_sum_of_their_counts(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": tiny.head() + going("mine-7", "done = 6\ntotal = 10\nas_of = 2026-10-31"),
        "2026-10/west.toml": tiny.head("west") + going("mine-7", "done = 1\ntotal = 10\nas_of = 2026-10-31"),
    }
    [found] = [g for g in goals(tiny.see(tmp_path, files)) if g.standings[0].occurrence.id == "mine-7"]
    p = found.progress
    assert (p.done, p.total, p.reached, p.needed, p.reported, p.asked) == (7, 20, 35, 80, 2, 2)
    assert p.share == pytest.approx(43.75)
    assert found.elapsed == pytest.approx(100 * 122 / 183)
    assert found.is_behind
    assert not found.is_reached


def test_a_number_that_each_unit_owes_adds_up_with_those_who_said_nothing(tmp_path: Path) -> None:
    mine = tiny.MINE.replace(
        'target = { at_least = 80, unit = "%", of = "矿山" }', 'target = { at_least = 5, unit = "座" }'
    )
    files = {"2026-10/east.toml": tiny.head() + going("mine-7", "done = 4\nas_of = 2026-10-31")}
    [found] = goals(tiny.see(tmp_path, files, plans={"mine.toml": mine}))
    assert (found.progress.done, found.progress.needed, found.progress.total) == (4, 10, None)
    assert (found.progress.reported, found.progress.asked) == (1, 2)


def test_a_number_of_the_whole_city_is_the_citys_own_sum(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": tiny.head() + going("chem-1", "done = 60\nas_of = 2026-10-31"),
        "2026-10/west.toml": tiny.head("west") + going("chem-1", "done = 40\nas_of = 2026-10-31"),
    }
    [found] = goals(tiny.see(tmp_path, files))
    assert [s.occurrence.unit for s in found.standings] == ["bureau"]
    assert (found.progress.done, found.progress.needed) == (100, 100)
    assert found.is_reached
    assert not found.is_behind


def test_what_is_reached_stands_last_and_the_furthest_behind_first(october: Snapshot) -> None:
    found = goals(october)
    assert [g.is_reached for g in found] == sorted(g.is_reached for g in found)
    open_ones = [g.progress.share - (g.elapsed or 0) for g in found if not g.is_reached]
    assert open_ones == sorted(open_ones)
    assert found[0].is_behind


def test_a_target_without_a_day_is_never_behind(tmp_path: Path) -> None:
    mine = tiny.MINE.replace(
        'event = "trial"\nearliest = "30 days"\nwithin = "1 year"\n',
        'event = "trial"\nearliest = "30 days"\ntarget = { at_least = 80, unit = "%", of = "装置" }\n',
    )
    event = '[[event]]\nkind = "trial"\nref = "A"\nname = "A厂"\nactual = 2026-08-03\n'
    said = tiny.head() + going("mine-3b@A", "done = 1\ntotal = 10\nas_of = 2026-10-31") + event
    [found] = goals(tiny.see(tmp_path, {"2026-10/east.toml": said}, plans={"mine.toml": mine}))
    assert found.elapsed is None
    assert not found.is_behind


def test_a_target_without_any_number_is_left_out(tmp_path: Path) -> None:
    assert goals(tiny.see(tmp_path, {"2026-10/east.toml": tiny.head() + done("mine-1", "2026-09-20")})) == ()
