"""Standings by example: numbers of the whole city, and rhythms counted from the last time."""

from datetime import date
from pathlib import Path

import pytest
from tiny import CHEM, MINE, at, decision, head, receipt, see


def entry(item: str, *lines: str) -> str:
    return "\n".join(["[[update]]", f'item = "{item}"', *lines, ""])


def pooled(unit: str, done: int, *lines: str) -> str:
    return head(unit) + entry("chem-1", 'state = "推进中"', f"done = {done}", *lines)


def test_a_number_of_the_whole_city_is_the_sum_and_says_how_many_reported(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": pooled("east", 40), "2026-10/west.toml": pooled("west", 35)})
    city = at(snapshot, "bureau", "chem-1")
    assert city.progress is not None
    assert (city.progress.done, city.progress.share, city.progress.reported) == (75.0, 75.0, 2)
    assert city.status == "on-track"
    assert at(snapshot, "east", "chem-1").status == "contributing"


def test_a_number_that_grows_too_slowly_is_behind_on_the_citys_row(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": pooled("east", 20)})
    assert at(snapshot, "bureau", "chem-1").status == "behind"


@pytest.mark.parametrize(("as_of", "day"), [("2026-10-31", "2026-10-28"), ("2026-10-20", "2026-10-20")])
def test_the_city_is_done_on_the_day_the_sum_is_counted_and_never_later_than_the_day_judged(
    tmp_path: Path, as_of: str, day: str
) -> None:
    files = {
        "2026-10/east.toml": pooled("east", 60, "as_of = 2026-10-28"),
        "2026-10/west.toml": pooled("west", 40, "as_of = 2026-10-15"),
    }
    city = at(see(tmp_path, files, as_of=date.fromisoformat(as_of)), "bureau", "chem-1")
    assert (city.status, city.done_on) == ("done", date.fromisoformat(day))


def test_a_city_number_past_its_day_is_overdue_and_not_unreported_when_units_have_spoken(tmp_path: Path) -> None:
    plans = {"chem.toml": CHEM.replace("due = 2026-12-31\ntarget", "due = 2026-09-30\ntarget", 1)}
    spoken = see(tmp_path / "a", {"2026-10/east.toml": pooled("east", 20)}, plans=plans)
    assert at(spoken, "bureau", "chem-1").status == "overdue"
    assert at(see(tmp_path / "b", plans=plans), "bureau", "chem-1").status == "unreported"


@pytest.mark.parametrize("kind", ["refuse", "reopen"])
def test_a_reached_sum_that_the_city_undid_is_done_again_once_a_unit_has_said_a_number_since(
    tmp_path: Path, kind: str
) -> None:
    east, west = pooled("east", 60), pooled("west", 40)
    receipts = receipt("east.toml", east, "2026-10-20T09:00:00+08:00")
    receipts += receipt("west.toml", west, "2026-10-21T09:00:00+08:00")
    files = {"2026-10/east.toml": east, "2026-10/west.toml": west, "2026-10/receipts.toml": receipts}
    assert at(see(tmp_path / "a", files), "bureau", "chem-1").status == "done"
    files["2026-10/decisions.toml"] = decision(kind, "bureau", "2026-10-25T09:00:00+08:00", 'item = "chem-1"')
    city = at(see(tmp_path / "b", files), "bureau", "chem-1")
    assert (city.status, city.done_on) == ("on-track", None)
    again = pooled("west", 41)
    receipts += receipt("west.2.toml", again, "2026-10-28T09:00:00+08:00")
    files |= {"2026-10/west.2.toml": again, "2026-10/receipts.toml": receipts}
    city = at(see(tmp_path / "c", files), "bureau", "chem-1")
    assert (city.status, city.done_on) == ("done", date(2026, 10, 31))


EVERY_THREE = MINE.replace('every = "month"', 'every = "3 months"\nfrom_last_done = true', 1)


def test_a_rhythm_from_the_last_time_is_due_so_long_after_it(tmp_path: Path) -> None:
    done = head(month="2026-08") + entry("mine-2@2026-09", 'state = "已完成"', "done_on = 2026-08-10")
    snapshot = see(tmp_path, {"2026-08/east.toml": done}, plans={"mine.toml": EVERY_THREE})
    assert at(snapshot, "east", "mine-2@2026-12").due == date(2026, 11, 10)
    assert at(snapshot, "east", "mine-2@2026-09").due == date(2026, 9, 30)  # its own day moves nothing of itself
    assert at(snapshot, "west", "mine-2@2026-12").due == date(2026, 12, 31)


def test_a_rhythm_on_the_calendar_does_not_care_when_it_was_done(tmp_path: Path) -> None:
    plans = {"mine.toml": EVERY_THREE.replace("from_last_done = true", "")}
    done = head(month="2026-08") + entry("mine-2@2026-09", 'state = "已完成"', "done_on = 2026-08-10")
    snapshot = see(tmp_path, {"2026-08/east.toml": done}, plans=plans)
    assert at(snapshot, "east", "mine-2@2026-12").due == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("kind", "at_day", "day"),
    [
        ("refuse", "2026-08-20", "2026-12-31"),
        ("reopen", "2026-08-20", "2026-12-31"),
        ("verify", "2026-08-20", "2026-11-10"),
    ],
)
def test_what_the_city_found_undone_was_not_the_last_time(tmp_path: Path, kind: str, at_day: str, day: str) -> None:
    claim = head(month="2026-08") + entry("mine-2@2026-09", 'state = "已完成"', "done_on = 2026-08-10")
    files = {
        "2026-08/east.toml": claim,
        "2026-08/receipts.toml": receipt("east.toml", claim, "2026-08-15T09:00:00+08:00"),
        "2026-08/decisions.toml": decision(kind, "east", f"{at_day}T09:00:00+08:00", 'item = "mine-2@2026-09"'),
    }
    snapshot = see(tmp_path, files, plans={"mine.toml": EVERY_THREE})
    assert at(snapshot, "east", "mine-2@2026-12").due == date.fromisoformat(day)


def test_what_the_city_verified_without_a_word_was_done_on_the_day_of_the_ruling(tmp_path: Path) -> None:
    ruling = decision("verify", "east", "2026-08-20T09:00:00+08:00", 'item = "mine-2@2026-09"')
    snapshot = see(tmp_path, {"2026-08/decisions.toml": ruling}, plans={"mine.toml": EVERY_THREE})
    assert at(snapshot, "east", "mine-2@2026-12").due == date(2026, 11, 20)


def test_the_last_time_is_no_day_after_the_one_looked_at(tmp_path: Path) -> None:
    files = {
        "2026-08/east.toml": head(month="2026-08") + entry("mine-2@2026-09", 'state = "已完成"', "done_on = 2026-08-30")
    }
    plans = {"mine.toml": EVERY_THREE}
    days = [at(see(tmp_path, files, date(2026, 8, day), plans=plans), "east", "mine-2@2026-12").due for day in (29, 30)]
    assert days == [date(2026, 12, 31), date(2026, 11, 30)]


def test_a_unit_with_its_own_quota_does_not_speak_by_what_others_say(tmp_path: Path) -> None:
    quotas = '[[assignment]]\nitem = "chem-1"\nby = "刘某"\nat = 2026-08-10\nreason = "分解"\n'
    plans = {"assignments.toml": quotas + "quotas = { east = 60, west = 40 }\n"}
    late = ('cause = "资金没有到位"', 'measure = "已经协调落实"', "promised_on = 2026-12-20")
    files = {"2026-10/east.toml": pooled("east", 30, *late)}
    assert at(see(tmp_path, files, plans=plans), "west", "chem-1").status == "not-due"
    ended = {**plans, "chem.toml": CHEM.replace("due = 2026-12-31\ntarget", "due = 2026-09-30\ntarget", 1)}
    snapshot = see(tmp_path, files, plans=ended)
    assert [at(snapshot, unit, "chem-1").status for unit in ("east", "west")] == ["overdue", "unreported"]


def test_an_answer_without_a_receipt_comes_after_the_return_it_answers(tmp_path: Path) -> None:
    first = head() + entry("mine-7", 'state = "推进中"', "done = 9", "total = 10")
    files = {
        "2026-10/east.toml": first,
        "2026-10/east.2.toml": first.replace("done = 9", "done = 8"),
        "2026-10/decisions.toml": decision("return", "east", "2026-11-03T09:00:00+08:00", 'item = "mine-7"'),
    }
    found = at(see(tmp_path, files), "east", "mine-7")
    assert found.status == "on-track"
    assert found.record is not None
    assert found.record.update.done == 8


def test_a_returned_file_without_a_receipt_was_there_to_be_returned(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": head() + entry("mine-7", 'state = "推进中"', "done = 9", "total = 10"),
        "2026-10/decisions.toml": decision("return", "east", "2026-11-03T09:00:00+08:00", 'item = "mine-7"'),
    }
    assert at(see(tmp_path, files), "east", "mine-7").status == "returned"


def test_an_extension_does_not_make_a_file_older(tmp_path: Path) -> None:
    extended = decision("extend", "east", "2026-10-05T09:00:00+08:00", 'item = "mine-7"\nuntil = 2027-01-31')
    files = {"2026-10/east.toml": head(), "2026-10/decisions.toml": extended}
    snapshot = see(tmp_path, files)
    assert [f.received for f in snapshot.filed] == [snapshot.clocks.known_by]


def test_a_claim_that_the_city_refused_waits_for_the_unit_until_it_answers(tmp_path: Path) -> None:
    claim = head() + '[[update]]\nitem = "mine-7"\nstate = "已完成"\ndone_on = 2026-10-20\ndone = 9\ntotal = 10\n'
    again = claim.replace("2026-10-20", "2026-10-21")
    files = {
        "2026-10/east.toml": claim,
        "2026-10/receipts.toml": receipt("east.toml", claim, "2026-10-22T09:00:00+08:00"),
        "2026-10/decisions.toml": decision("refuse", "east", "2026-10-25T09:00:00+08:00", 'item = "mine-7"'),
    }
    assert at(see(tmp_path, files), "east", "mine-7").status == "returned"
    answer = receipt("east.2.toml", again, "2026-10-28T09:00:00+08:00")
    files |= {"2026-10/east.2.toml": again, "2026-10/receipts.toml": f"{files['2026-10/receipts.toml']}\n{answer}"}
    assert at(see(tmp_path, files), "east", "mine-7").status == "done"
