"""The questions people ask."""

from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from random import Random

import pytest
import tiny
from tiny import CHINA, LATER, MINE, OCTOBER, OCTOBER_END, PROGRAMME, at, changed, decision, head, receipt, see

from tracker.figures import figures
from tracker.filters import Filter
from tracker.json_rows import deadline_words, milestone_row, standing_row
from tracker.lights import cell, cell_rule, matrix, matrix_rows
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.reporting import asked, reporting, reporting_words
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import LIGHTS, STATUSES, WORST, light_words, status_words
from tracker.summary import summary, summary_row
from tracker.views import by_unit, chosen, due_between, lateness_words, overdue, together

GOING = 'state = "推进中"\n'
LATE = 'cause = "资金没有到位"\nmeasure = "已经列入预算"\npromised_on = 2026-12-20\n'


def entry(item: str, more: str = GOING) -> str:
    return f'[[update]]\nitem = "{item}"\n{more}'


def done(day: str) -> str:
    return f'state = "已完成"\ndone_on = {day}\nevidence = ["报告"]\n'


FILES = {
    "2026-09/east.toml": head(month="2026-09") + entry("mine-2@2026-09", done("2026-09-20")),
    "2026-10/east.toml": head()
    + entry("mine-1", GOING + LATE)
    + entry("mine-2@2026-10", done("2026-10-20"))
    + entry("chem-3", done("2026-10-08")),
    "2026-10/west.toml": head("west") + entry("mine-7", 'state = "受阻"\nwaiting_on = "省厅"\n' + LATE),
}


@pytest.fixture
def october(tmp_path: Path) -> Snapshot:
    """The tiny programme on the last day of October."""
    snapshot = see(tmp_path, FILES)
    assert snapshot.problems == ()
    return snapshot


def keys(rows: list[Standing]) -> list[tuple[str, str]]:
    return [(s.occurrence.unit, s.occurrence.id) for s in rows]


# --- rows and filters ---


def test_overdue_is_what_is_red_the_longest_first_then_in_the_order_of_plans_and_units(october: Snapshot) -> None:
    rows = overdue(october)
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
def test_a_filter_takes_its_rows_and_says_itself(october: Snapshot, wanted: Filter, count: int, words: str) -> None:
    assert len(overdue(october, wanted)) == count
    assert wanted.words(october.programme) == words


def test_a_filter_of_milestones_asks_for_no_unit(programme: Programme) -> None:
    m = programme.milestones["mine-1"]
    assert Filter(unit="east").takes(m)
    assert Filter(unit="east").takes(m, "east")
    assert not Filter(unit="east").takes(m, "west")


def test_what_falls_due_is_open_and_comes_soonest_first(october: Snapshot) -> None:
    rows = due_between(october, date(2026, 10, 1), date(2026, 12, 31))
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
    assert keys(due_between(october, date(2026, 10, 31), date(2026, 10, 31), Filter(plan="chem"))) == [
        ("west", "chem-3")
    ]
    assert due_between(october, date(2026, 11, 1), date(2026, 11, 29)) == []


def test_what_was_explained_and_closed_does_not_fall_due_again(tmp_path: Path) -> None:
    ruling = decision("close", "west", "2026-10-03T09:00:00+08:00", 'item = "chem-3"')
    snapshot = see(tmp_path, {"2026-10/decisions.toml": ruling})
    assert at(snapshot, "west", "chem-3").status == "explained"
    assert keys(due_between(snapshot, OCTOBER, OCTOBER_END, Filter(plan="chem", unit="west"))) == []


def test_standings_are_grouped_by_unit_in_protocol_order(october: Snapshot) -> None:
    rows = overdue(october, Filter(plan="mine"))
    groups = by_unit(reversed(rows), october.programme)
    assert [(unit.id, len(own)) for unit, own in groups] == [("east", 2), ("west", 3)]


# --- lights ---


def test_a_cell_shows_the_worst_light_over_open_one_offs_and_the_current_period(october: Snapshot) -> None:
    found = matrix(october)
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


def test_work_done_before_its_day_counts_as_owed_and_work_not_yet_due_does_not(october: Snapshot) -> None:
    rows = [at(october, "east", "mine-7")]
    assert cell(rows, "east", "mine", OCTOBER_END).owed == 0
    early = changed(rows[0], status="done", done_on=date(2026, 10, 1))
    assert cell([early], "east", "mine", OCTOBER_END).owed == 1


def test_a_cell_of_nothing_or_of_what_only_contributes_is_grey(october: Snapshot) -> None:
    assert cell([], "east", "mine", OCTOBER_END).light == "grey"
    late = changed(at(october, "east", "chem-1"), is_current=False)
    before = at(october, "east", "mine-2@2026-07")
    assert before.status == "before-records"
    one = cell([late, before], "east", "chem", OCTOBER_END)
    assert (one.light, one.late, one.owed, one.missed) == ("grey", 0, 0, 0)


def test_the_last_column_is_the_sum_of_its_row_and_shows_its_worst_light(october: Snapshot) -> None:
    for row in matrix(october).cells:
        *plans, total = row
        assert (total.late, total.owed, total.missed) == tuple(
            sum(getattr(c, name) for c in plans) for name in ("late", "owed", "missed")
        )
        assert total.light == min((c.light for c in plans), key=WORST.index)


def test_a_matrix_of_one_plan_leaves_out_the_units_that_owe_nothing_in_it(october: Snapshot) -> None:
    found = matrix(october, Filter(plan="mine"))
    assert ([u.id for u in found.units], [p.stem for p in found.plans]) == (["east", "west"], ["mine"])
    assert all(len(row) == 2 and row[0].late == row[1].late for row in found.cells)


def test_the_rule_of_a_cell_explains_every_sign() -> None:
    assert all(f"{sign} {word}" in cell_rule() for sign, word in LIGHTS.values())
    assert "累计漏报" in cell_rule()


def test_every_light_and_standing_has_its_words() -> None:
    assert [light_words(light) for light in WORST] == ["x 红", "! 黄", "+ 绿", "- 灰"]
    assert [status_words(status) for status in STATUSES] == [word for _light, word in STATUSES.values()]


def test_lateness_is_said_in_days_and_not_at_all_where_there_is_none(october: Snapshot) -> None:
    assert lateness_words(at(october, "east", "mine-1")) == "逾期 31 天"
    assert lateness_words(at(october, "east", "mine-7")) == ""


# --- figures ---


def test_figures_count_what_fell_due_since_the_books_began(october: Snapshot) -> None:
    mine = figures(chosen(october, Filter(plan="mine", unit="east")), OCTOBER_END)
    # mine-1, and the months of August, September and October.
    assert (mine.owed, mine.done, mine.verified, mine.on_time, mine.late) == (4, 2, 0, 2, 2)
    assert mine.rate == 50.0
    assert figures([], OCTOBER_END).rate is None


def test_late_but_done_is_done_and_not_on_time(tmp_path: Path) -> None:
    text = head() + entry("mine-1", done("2026-10-08"))
    files = {
        "2026-10/east.toml": text,
        "2026-10/receipts.toml": receipt("east.toml", text, ON_TIME),
        "2026-10/decisions.toml": decision("verify", "east", "2026-11-03T09:00:00+08:00", 'item = "mine-1"'),
    }
    snapshot = see(tmp_path, files)
    assert at(snapshot, "east", "mine-1").days_late == 8
    found = figures([at(snapshot, "east", "mine-1")], OCTOBER_END)
    assert (found.owed, found.done, found.verified, found.on_time, found.late) == (1, 1, 1, 0, 0)


def test_totals_are_the_sums_of_their_rows(october: Snapshot) -> None:
    random = Random(7)
    rows = [
        changed(s, status=random.choice(list(STATUSES)), days_late=random.choice([0, 0, 5]))
        for s in october.standings
        for _n in range(3)
    ]
    whole = figures(rows, OCTOBER_END)
    parts = [figures([s for s in rows if s.occurrence.unit == u.id], OCTOBER_END) for u in october.programme.units]
    for name in (field.name for field in fields(whole)):
        assert getattr(whole, name) == sum(getattr(part, name) for part in parts)
    assert whole.owed >= whole.done >= whole.on_time
    found = matrix(october.with_standings(rows))
    for row in found.cells:
        assert row[-1].late == sum(c.late for c in row[:-1])


# --- reporting ---


@pytest.mark.parametrize(
    ("month", "day", "late_after", "holiday"),
    [
        (date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 2), "国庆节"),
        (date(2026, 10, 1), date(2026, 11, 2), date(2026, 11, 2), ""),
        (date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 2), "周日"),
        (date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 2), "周六"),
    ],
)
def test_a_month_is_asked_for_on_the_last_working_day_and_late_from_the_day_itself(
    programme: Programme, month: date, day: date, late_after: date, holiday: str
) -> None:
    found = asked(programme, month)
    assert found is not None
    assert (found.month, found.asked.day, found.late_after) == (month, day, late_after)
    assert (found.asked.over[0].name if found.asked.day != found.asked.was else "") == holiday
    assert found.rule.source == "每月3日前"


def test_a_year_whose_holidays_are_not_announced_gives_an_answer_marked_assumed(programme: Programme) -> None:
    found, known = asked(programme, date(2031, 1, 1)), asked(programme, date(2026, 9, 1))
    assert found is not None
    assert known is not None
    assert (found.asked.day, found.asked.assumed, known.asked.assumed) == (date(2031, 1, 31), True, False)


def test_a_rule_may_move_the_day_lateness_begins_too(tmp_path: Path) -> None:
    rule = PROGRAMME.replace('roll = "earlier"', 'roll = "none"\nlate_roll = "later"')
    found = asked(tiny.programme(tmp_path, {"programme.toml": rule}), date(2026, 9, 1))
    assert found is not None
    assert (found.asked.day, found.late_after) == (date(2026, 10, 2), date(2026, 10, 8))


def test_a_day_that_the_month_does_not_have_is_its_last(tmp_path: Path) -> None:
    rule = PROGRAMME.replace("ask_by = 2", "ask_by = 30").replace("late_after = 2", "late_after = 31")
    tiny.build(tmp_path, plans={"programme.toml": rule.replace('"earlier"', '"none"')})
    programme, _problems = load(tmp_path / "plans", "city")
    assert programme is not None
    found = asked(programme, date(2026, 1, 1))
    assert found is not None
    assert (found.asked.day, found.late_after) == (date(2026, 2, 28), date(2026, 2, 28))


@pytest.mark.parametrize("every", ["quarter", ""])
def test_a_programme_without_a_monthly_rule_asks_for_no_month(tmp_path: Path, every: str) -> None:
    before, after = PROGRAMME.split("[[report]]")
    text = f"{before}[[report]]{after.replace('month', every)}" if every else before
    snapshot = see(tmp_path, FILES, plans={"programme.toml": text})
    assert asked(snapshot.programme, OCTOBER) is None
    assert [r.status for r in reporting(snapshot, OCTOBER)] == ["on-time", "on-time", "missing"]
    # Without a day nobody can say that there is still time.
    early = see(tmp_path, FILES, known_by=datetime(2026, 10, 2, tzinfo=CHINA), plans={"programme.toml": text})
    assert [r.status for r in reporting(early, OCTOBER)] == ["on-time", "on-time", "missing"]


ON_TIME, TOO_LATE = "2026-11-02T23:59:00+08:00", "2026-11-03T00:01:00+08:00"


def reported(root: Path, files: dict[str, str], known_by: datetime = LATER) -> list[tuple[str, str, int, str]]:
    found = reporting(see(root, files, known_by=known_by), OCTOBER)
    return [(r.unit.id, r.status, r.versions, r.file.rpartition("/")[2]) for r in found]


def test_reports_are_on_time_late_held_or_missing_by_their_receipts(tmp_path: Path) -> None:
    east, west = head(), head("west")
    files = {
        "2026-10/east.toml": east,
        "2026-10/west.toml": west,
        "2026-10/bureau.toml": head("bureau").replace('"bureau"', "bureau", 1).replace("bureau", '"bureau"', 1)
        + "x = y",
        "2026-10/receipts.toml": receipt("east.toml", east, ON_TIME) + receipt("west.toml", west, TOO_LATE),
    }
    assert reported(tmp_path, files) == [
        ("east", "on-time", 1, "east.toml"),
        ("west", "late", 1, "west.toml"),
        ("bureau", "held", 1, "bureau.toml"),
    ]
    assert reported(tmp_path, {}, datetime(2026, 11, 3, tzinfo=CHINA))[:2] == [
        ("east", "on-time", 1, "east.toml"),
        ("west", "missing", 0, ""),
    ]


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-10-02T09:00:00+08:00", "awaited"),
        ("2026-11-02T23:59:59+08:00", "awaited"),
        ("2026-11-03T00:00:00+08:00", "missing"),
        ("2026-11-02T15:59:59+00:00", "awaited"),
        ("2026-11-02T16:00:00+00:00", "missing"),
        ("2026-11-03T00:30:00+09:00", "awaited"),
    ],
)
def test_what_has_not_come_is_awaited_until_the_day_has_passed_in_china(
    tmp_path: Path, moment: str, status: str
) -> None:
    known_by = datetime.fromisoformat(moment)
    assert reported(tmp_path, {}, known_by) == [(unit, status, 0, "") for unit in ("east", "west", "bureau")]
    assert summary(see(tmp_path, known_by=known_by)).not_reported == (0 if status == "awaited" else 3)


@pytest.mark.parametrize(
    ("received", "status"),
    [
        ("2026-11-02T15:59:00Z", "on-time"),
        ("2026-11-02T16:30:00Z", "late"),
        ("2026-11-03T00:30:00+09:00", "on-time"),
        ("2026-11-02T20:00:00-05:00", "late"),
    ],
)
def test_a_receipt_of_any_zone_is_held_to_the_day_in_china(tmp_path: Path, received: str, status: str) -> None:
    files = {"2026-10/east.toml": head(), "2026-10/receipts.toml": receipt("east.toml", head(), received)}
    assert reported(tmp_path, files)[0] == ("east", status, 1, "east.toml")


def test_while_there_is_time_a_file_held_or_sent_back_is_called_so_and_counted(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": head(),
        "2026-10/west.toml": head("west") + "x = y",
        "2026-10/decisions.toml": back("return", 1),
    }
    noon = datetime(2026, 11, 2, 12, tzinfo=CHINA)
    assert [row[:2] for row in reported(tmp_path, files, noon)] == [
        ("east", "returned"),
        ("west", "held"),
        ("bureau", "awaited"),
    ]
    assert summary(see(tmp_path, known_by=noon)).not_reported == 2


def test_this_months_reports_are_awaited_while_last_months_are_missing(tmp_path: Path) -> None:
    page = summary(see(tmp_path, known_by=datetime(2026, 11, 1, tzinfo=CHINA)))
    assert (page.not_reported, page.not_reported_before) == (0, 3)


def test_the_first_version_decides_lateness_and_the_last_one_is_shown(tmp_path: Path) -> None:
    first, second = head(), head(more='rest = "unchanged"')
    files = {
        "2026-10/east.toml": first,
        "2026-10/east.2.toml": second,
        "2026-10/receipts.toml": receipt("east.toml", first, ON_TIME) + receipt("east.2.toml", second, TOO_LATE),
    }
    assert reported(tmp_path, files)[0] == ("east", "on-time", 2, "east.2.toml")
    snapshot = see(tmp_path)
    assert reporting(snapshot, OCTOBER)[0].received == datetime.fromisoformat(ON_TIME)


def test_of_two_versions_without_receipts_the_higher_one_is_the_last(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head(), "2026-10/east.2.toml": head(more='rest = "unchanged"')}
    assert reported(tmp_path, files, datetime.fromisoformat(ON_TIME))[0] == ("east", "on-time", 2, "east.2.toml")


def back(kind: str, day: int, more: str = "") -> str:
    return decision(kind, "east", f"2026-11-{day:02}T09:00:00+08:00", f'file = "east.toml"\n{more}')


@pytest.mark.parametrize(
    ("rulings", "status"),
    [
        (back("return", 3), "returned"),
        (back("withdraw", 3), "returned"),
        (back("return", 3) + back("accept", 4), "late"),
        (back("accept", 4) + back("return", 3), "late"),
        (back("return", 3, 'sha256 = "of another content"'), "late"),
        (decision("return", "east", TOO_LATE, 'item = "mine-7"\nfile = "east.toml"'), "late"),
        (back("return", 3).replace("2026-11-03", "2027-11-03"), "late"),
    ],
)
def test_a_report_is_returned_if_the_latest_known_ruling_on_it_as_it_is_says_so(
    tmp_path: Path, rulings: str, status: str
) -> None:
    files = {"2026-10/east.toml": head() + entry("mine-7"), "2026-10/decisions.toml": rulings}
    assert reported(tmp_path, files)[0] == ("east", status, 1, "east.toml")


def test_of_two_returned_versions_the_last_one_is_shown(tmp_path: Path) -> None:
    rulings = back("return", 3) + back("return", 4).replace("east.toml", "east.2.toml")
    files = {"2026-10/east.toml": head(), "2026-10/east.2.toml": head(), "2026-10/decisions.toml": rulings}
    assert reported(tmp_path, files)[0] == ("east", "returned", 2, "east.2.toml")


def test_a_new_version_answers_a_returned_one(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head(), "2026-10/east.2.toml": head(), "2026-10/decisions.toml": back("return", 3)}
    assert reported(tmp_path, files)[0] == ("east", "late", 2, "east.2.toml")


def test_an_opening_file_is_no_report_and_units_without_the_duty_are_left_out(tmp_path: Path) -> None:
    rule = PROGRAMME.replace("ask_by", 'units = ["east"]\nask_by')
    opening = head(month="2026-07", more="opening = true")
    snapshot = see(tmp_path, {"opening/east.toml": opening}, plans={"programme.toml": rule})
    assert [(r.unit.id, r.status) for r in reporting(snapshot, date(2026, 7, 1))] == [("east", "missing")]


def test_every_reporting_status_has_its_words() -> None:
    words = [reporting_words(status) for status in ("on-time", "late", "missing", "returned", "held", "awaited")]
    assert words == ["按时报送", "迟报", "未报", "退回待报", "暂存待改", "待报"]


# --- summary ---


def test_the_leaders_page_has_this_months_figures_and_last_months(october: Snapshot) -> None:
    page = summary(october)
    assert page.as_of == OCTOBER_END
    assert page.now == figures(october.standings, OCTOBER_END)
    before = october.on(date(2026, 9, 30))
    assert page.before == figures(before.standings, date(2026, 9, 30))
    assert page.before is not None
    assert page.before.owed < page.now.owed
    # Nothing has a receipt, so all was received long after; the bureau sent nothing.
    assert (page.not_reported, page.not_reported_before) == (3, 3)
    assert page.matrix == matrix(october)
    assert keys(list(page.worst)) == [("east", "mine-1"), ("west", "mine-1")]
    assert page.coming[0][0].due == date(2026, 11, 30)
    assert [keys(list(group)) for group in page.coming] == [[("east", "mine-2@2026-11"), ("west", "mine-2@2026-11")]]
    assert [keys(list(group)) for group in page.waiting] == [[("west", "mine-6")], [("west", "mine-7")]]


def test_there_is_no_month_before_the_books_began_to_compare_with(tmp_path: Path) -> None:
    page = summary(see(tmp_path, as_of=date(2026, 8, 31)))
    assert (page.not_reported, page.not_reported_before, page.before) == (3, None, None)


def test_units_with_the_same_item_day_and_status_stand_together(october: Snapshot) -> None:
    rows = [s for s in october.standings if s.occurrence.id in ("mine-1", "mine-2@2026-11")]
    granted = changed(rows[0], due=date(2026, 12, 1))
    groups = together([*rows, granted])
    assert [keys(list(group)) for group in groups] == [
        [("east", "mine-1")],
        [("west", "mine-1")],
        [("east", "mine-2@2026-11"), ("west", "mine-2@2026-11")],
        [("east", "mine-1")],
    ]


def test_last_months_reports_are_counted_as_last_months(tmp_path: Path) -> None:
    text = head(month="2026-09")
    files = {
        "2026-09/east.toml": text,
        "2026-09/receipts.toml": receipt("east.toml", text, "2026-10-02T09:00:00+08:00"),
    }
    page = summary(see(tmp_path, files))
    assert (page.not_reported, page.not_reported_before) == (3, 2)


def test_what_falls_due_tomorrow_is_coming_and_what_falls_due_today_is_here(tmp_path: Path) -> None:
    coming = {day: summary(see(tmp_path, as_of=date(2026, 10, day))).coming for day in (30, 31)}
    assert {s.due for group in coming[30] for s in group} == {OCTOBER_END, date(2026, 11, 30)}
    assert {s.due for group in coming[31] for s in group} == {date(2026, 11, 30)}


def test_on_time_reports_are_not_counted_as_missing(tmp_path: Path) -> None:
    text = head()
    files = {"2026-10/east.toml": text, "2026-10/receipts.toml": receipt("east.toml", text, ON_TIME)}
    assert summary(see(tmp_path, files)).not_reported == 2


# --- rows for other programs ---

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


def test_the_matrix_as_rows_has_a_row_a_cell_and_the_sum_without_a_plan(october: Snapshot) -> None:
    rows = matrix_rows(october.programme, matrix(october))
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


def test_the_leaders_page_as_a_row_has_the_figures_of_both_months(october: Snapshot) -> None:
    page = summary(october)
    row = summary_row(october, page)
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


def test_a_standings_row_says_where_it_stands_and_whence(october: Snapshot) -> None:
    assert standing_row(october, at(october, "east", "mine-1")) == {
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


def test_a_standings_row_without_a_record_claims_nothing(october: Snapshot) -> None:
    row = standing_row(october, at(october, "west", "mine-1"))
    assert [row[key] for key in ("state", "cause", "measure", "promised_on", "source")] == [None] * 5
    assert row["standing"] == "unreported"
