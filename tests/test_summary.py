"""The leaders' page."""

from datetime import date
from pathlib import Path

from autumn import ON_TIME, keys
from tiny import OCTOBER_END, changed, head, receipt, see

from tracker.figures import figures
from tracker.lights import matrix
from tracker.snapshot import Snapshot
from tracker.summary import summary
from tracker.views import together


def test_the_leaders_page_has_this_months_figures_and_last_months(autumn: Snapshot) -> None:
    page = summary(autumn)
    assert page.as_of == OCTOBER_END
    assert page.now == figures(autumn.standings, OCTOBER_END)
    before = autumn.on(date(2026, 9, 30))
    assert page.before == figures(before.standings, date(2026, 9, 30))
    assert page.before is not None
    assert page.before.owed < page.now.owed
    # Nothing has a receipt, so all was received long after; the bureau sent nothing.
    assert (page.not_reported, page.not_reported_before) == (3, 3)
    assert page.matrix == matrix(autumn)
    assert keys(list(page.worst)) == [("east", "mine-1"), ("west", "mine-1")]
    assert page.coming[0][0].due == date(2026, 11, 30)
    assert [keys(list(group)) for group in page.coming] == [[("east", "mine-2@2026-11"), ("west", "mine-2@2026-11")]]
    assert [keys(list(group)) for group in page.waiting] == [[("west", "mine-6")], [("west", "mine-7")]]


def test_there_is_no_month_before_the_books_began_to_compare_with(tmp_path: Path) -> None:
    page = summary(see(tmp_path, as_of=date(2026, 8, 31)))
    assert (page.not_reported, page.not_reported_before, page.before) == (3, None, None)


def test_units_with_the_same_item_day_and_status_stand_together(autumn: Snapshot) -> None:
    rows = [s for s in autumn.standings if s.occurrence.id in ("mine-1", "mine-2@2026-11")]
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
