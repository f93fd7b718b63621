"""What happened over the months."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sample import sample
from tiny import CHINA, LATER, OCTOBER, OCTOBER_END, PROGRAMME, decision, head, receipt, see

from tracker import arrivals, histories, paces, reporting, shifts, views
from tracker.deadlines import month_end
from tracker.snapshot import Snapshot

AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)

BEGUN = head(month="2026-08") + '[[update]]\nitem = "mine-1"\nstate = "推进中"\nnote = "正在排名单"\n'
LATE = (
    head(month="2026-09")
    + '[[update]]\nitem = "mine-1"\nstate = "推进中"\ncause = "人员没有定下来"\nmeasure = "每周开会催办"\n'
    + "promised_on = 2026-10-20\n"
)
DONE = head(month="2026-09") + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-29\n'
FILES = {
    "2026-08/east.toml": BEGUN,
    "2026-08/receipts.toml": receipt("east.toml", BEGUN, "2026-09-01T09:00:00+08:00"),
    "2026-09/east.toml": LATE,
    "2026-09/east.2.toml": DONE,
    "2026-09/receipts.toml": receipt("east.toml", LATE, "2026-10-01T09:00:00+08:00")
    + receipt("east.2.toml", DONE, "2026-10-09T09:00:00+08:00"),
}


def test_the_months_run_from_the_first_with_records_to_the_day_judged(tmp_path: Path) -> None:
    assert views.months(see(tmp_path)) == [AUGUST, SEPTEMBER, OCTOBER]


def test_all_that_was_said_of_an_item_stands_in_the_order_it_was_known(tmp_path: Path) -> None:
    rulings = decision("return", "east", "2026-10-11T10:00:00+08:00", 'item = "mine-1"\nuntil = 2026-10-20')
    said = histories.said_of(see(tmp_path, {**FILES, "2026-09/decisions.toml": rulings}), "east", "mine-1")
    assert [(one.at.day, one.by, one.words, one.source) for one in said] == [
        (1, "东山县", "推进中", "2026-08 月报"),
        (1, "东山县", "推进中", "2026-09 月报"),
        (9, "东山县", "已完成", "2026-09 月报"),
        (11, "刘某", "退回", "2026-09 审核意见"),
    ]
    assert said[0].lines == ("说明：正在排名单",)
    assert str(said[1].place) == "status/city/2026-09/east.toml:7:1"
    assert said[3].lines == ("至 2026-10-20", "理由：属实")
    assert [one.stands for one in said] == [True, False, False, False]


def test_what_counts_is_marked_also_where_the_city_corrected_it(tmp_path: Path) -> None:
    said = histories.said_of(see(tmp_path, FILES), "east", "mine-1")
    assert [one.stands for one in said] == [False, False, True]
    ruling = decision(
        "correct", "east", "2026-10-11T10:00:00+08:00", 'item = "mine-1"\nstate = "推进中"\nnote = "未公示"'
    )
    said = histories.said_of(see(tmp_path, {**FILES, "2026-09/decisions.toml": ruling}), "east", "mine-1")
    assert [(one.words, one.stands) for one in said if one.stands] == [("市级更正", True)]
    assert "说明：未公示" in said[-1].lines


def test_a_wish_not_granted_is_told_as_such(tmp_path: Path) -> None:
    ruling = decision(
        "extend", "east", "2026-09-11T10:00:00+08:00", 'item = "mine-1"\nuntil = 2026-10-31\ngranted = false'
    )
    said = histories.said_of(see(tmp_path, {"2026-09/decisions.toml": ruling}), "east", "mine-1")
    assert [one.words for one in said] == ["不同意延期"]


def test_of_an_item_that_is_not_there_nothing_was_said(tmp_path: Path) -> None:
    assert histories.said_of(see(tmp_path), "east", "mine-99") == []
    assert histories.by_month(see(tmp_path), "east", "mine-99") == []


def test_an_item_is_followed_month_by_month(tmp_path: Path) -> None:
    found = histories.by_month(see(tmp_path, FILES), "east", "mine-1")
    assert [(month, s.status) for month, s in found] == [
        (AUGUST, "on-track"),
        (SEPTEMBER, "done"),
        (OCTOBER, "done"),
    ]
    assert len(histories.by_month(see(tmp_path, FILES), "east", "mine-1", most=2)) == 2


def test_a_period_that_has_not_begun_has_no_month(tmp_path: Path) -> None:
    assert [month for month, _s in histories.by_month(see(tmp_path), "east", "mine-2@2026-10")] == [OCTOBER]


@pytest.mark.parametrize("programme", ["liaocheng", "dongying"])
def test_one_items_months_are_what_the_whole_snapshot_says(programme: str) -> None:
    as_of = date(2026, 11, 21) if programme == "liaocheng" else date(2025, 12, 20)
    snapshot = sample(as_of, datetime(2026, 11, 21, 9, tzinfo=CHINA), programme)
    whole = {month: snapshot.on(min(month_end(month), as_of)) for month in views.months(snapshot)}
    for s in snapshot.standings[::41]:
        key = s.occurrence.unit, s.occurrence.id
        wanted = [
            (month, then.by_key[key])
            for month, then in whole.items()
            if key in then.by_key and then.by_key[key].occurrence.opens <= then.clocks.as_of
        ]
        assert histories.by_month(snapshot, *key) == wanted


def test_a_units_reports_stand_month_by_month(tmp_path: Path) -> None:
    found = histories.reports_of(see(tmp_path, FILES), "east")
    assert [(month, r.status) for month, r in found] == [
        (AUGUST, "on-time"),
        (SEPTEMBER, "on-time"),
        (OCTOBER, "missing"),
    ]


def test_arrivals_count_what_came_and_what_is_wrong_with_it(tmp_path: Path) -> None:
    bad = DONE + '[[update]]\nitem = "mine-2@2026-09"\nstate = "已完成"\n'
    accepted = decision("accept", "west", "2026-10-03T10:00:00+08:00", 'file = "west.toml"')
    west = head("west", "2026-09", 'rest = "unchanged"')
    files = {
        "2026-08/east.toml": BEGUN,
        "2026-09/east.toml": bad,
        "2026-09/west.toml": west,
        "2026-09/receipts.toml": receipt("east.toml", bad, "2026-10-01T09:00:00+08:00")
        + receipt("west.toml", west, "2026-10-02T09:00:00+08:00"),
        "2026-09/decisions.toml": accepted,
    }
    east, zone, bureau = arrivals.arrivals(see(tmp_path, files), SEPTEMBER, date(2026, 10, 6))
    assert (east.reported.status, east.updates, east.held, east.is_accepted) == ("on-time", 1, 1, False)
    assert "1 条没有通过检查" in east.text
    assert (zone.reported.status, zone.is_accepted, zone.text) == ("on-time", True, "")
    assert (bureau.reported.status, bureau.updates) == ("missing", 0)
    assert "还没有收到" in bureau.text


def test_an_acceptance_of_other_content_or_taken_back_does_not_hold(tmp_path: Path) -> None:
    def accepted(*rulings: str) -> bool:
        files = {**FILES, "2026-09/decisions.toml": "".join(rulings)}
        return arrivals.arrivals(see(tmp_path, files), SEPTEMBER, date(2026, 10, 6))[0].is_accepted

    accept = decision("accept", "east", "2026-10-10T10:00:00+08:00", 'file = "east.2.toml"')
    assert accepted(accept)
    assert not accepted(accept.replace("east.2.toml", "east.toml"))
    assert not accepted(accept.replace('"属实"\n', f'"属实"\nsha256 = "{"0" * 64}"\n'))
    assert not accepted(accept.replace("2026-10-10", "2028-10-10"))


def test_findings_are_counted_where_they_were_found(tmp_path: Path) -> None:
    undone = LATE.replace("2026-09", "2026-10").replace("2026-10-20", "2026-11-20")
    files = {**FILES, "2026-10/east.toml": undone}
    found = arrivals.arrivals(see(tmp_path, files), OCTOBER, date(2026, 11, 1))
    assert [len(a.findings) for a in found] == [1, 0, 0]


def test_the_countdown_says_how_far_the_day_is_and_what_moves_it(tmp_path: Path) -> None:
    programme = see(tmp_path).programme
    assert reporting.countdown(programme, date(2026, 11, 1), date(2026, 11, 21)) == [
        "11月报告：2026-12-02 前报出，还有 11 天"
    ]
    september = reporting.countdown(programme, SEPTEMBER, date(2026, 10, 4))
    assert september[0] == "9月报告：应在 2026-10-02 前报出，已过 2 天"
    assert september[1] == "2026-10-02 不是工作日（国庆节），提前到 2026-09-30 收齐"
    assert "推定" in " ".join(reporting.countdown(programme, date(2027, 9, 1), date(2027, 9, 4)))


def test_without_a_monthly_rule_there_is_no_countdown(tmp_path: Path) -> None:
    bare = {"programme.toml": PROGRAMME.partition("[[report]]")[0]}
    programme = see(tmp_path, plans=bare).programme
    assert reporting.countdown(programme, OCTOBER, OCTOBER_END) == []
    assert shifts.known_then(programme, OCTOBER).date() == OCTOBER_END


def test_then_is_the_end_of_the_last_day_a_report_is_not_late(tmp_path: Path) -> None:
    known = shifts.known_then(see(tmp_path).programme, SEPTEMBER)
    assert (known.date(), known + timedelta(microseconds=1)) == (
        date(2026, 10, 2),
        datetime(2026, 10, 3, tzinfo=CHINA),
    )


def two(root: Path, month: date) -> tuple[Snapshot, Snapshot]:
    """A month as known then, and as known later."""
    now = see(root, FILES, as_of=month_end(month))
    return now.books.on(month_end(month), shifts.known_then(now.programme, month)), now


def test_what_came_later_shifts_what_was_seen_then(tmp_path: Path) -> None:
    (shift,) = shifts.shifts(*two(tmp_path, SEPTEMBER))
    assert (shift.then and shift.then.status, shift.now and shift.now.status) == ("due-soon", "done")
    assert shift.standing is shift.now
    assert not shift.is_of_days
    assert shifts.shifts(*two(tmp_path, AUGUST)) == []


def test_what_was_not_there_then_or_is_not_now_is_a_shift(tmp_path: Path) -> None:
    then, now = two(tmp_path, AUGUST)
    event = head("west", "2026-08") + ('[[event]]\nkind = "trial"\nref = "T1"\nname = "甲厂"\nactual = 2026-08-20\n')
    more = see(tmp_path, {"2026-08/west.toml": event}, as_of=month_end(AUGUST))
    new = shifts.shifts(now, more)
    assert {shift.standing.occurrence.id for shift in new if shift.then is None} == {"mine-3a@T1", "mine-3b@T1"}
    gone = shifts.shifts(more, then)
    assert {shift.standing.occurrence.id for shift in gone if shift.now is None} == {"mine-3a@T1", "mine-3b@T1"}


def test_an_extension_shifts_only_the_day(tmp_path: Path) -> None:
    ruling = decision("extend", "east", "2026-09-11T10:00:00+08:00", 'item = "mine-7"\nuntil = 2027-01-31')
    plain = see(tmp_path / "a")
    granted = see(tmp_path / "b", {"2026-09/decisions.toml": ruling})
    (shift,) = shifts.shifts(plain, granted)
    assert shift.is_of_days


def test_a_plans_pace_is_what_is_done_of_all_it_asks(tmp_path: Path) -> None:
    mine, chem = paces.paces(see(tmp_path, FILES))
    assert mine.by_month == ((AUGUST, 0), (SEPTEMBER, 1), (OCTOBER, 0))
    assert (mine.done, mine.share) == (1, 100 / mine.owed)
    assert round(mine.time) == 83
    assert (chem.done, chem.share) == (0, 0)


def test_a_plan_that_asks_for_nothing_has_no_share(tmp_path: Path) -> None:
    early = see(tmp_path, as_of=date(2026, 8, 1), known_by=LATER)
    empty = paces.Pace(early.programme.plans[0], (), 0, 0, 0.0)
    assert empty.share == 0
