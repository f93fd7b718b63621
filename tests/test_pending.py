"""What waits for the city's word."""

from datetime import date, datetime
from pathlib import Path

import pytest
from tiny import CHINA, LATER, OCTOBER_END, at, decision, head, receipt, see

from tracker.decisions import KINDS
from tracker.pending import WAITS_FOR, Pending, pending, requested, words

AT = "2026-11-03T09:00:00+08:00"


def update(item: str, state: str, more: str = "") -> str:
    return f'[[update]]\nitem = "{item}"\nstate = "{state}"\n{more}\n'


WISH = 'request_extension = { until = 2026-11-30, reason = "专家没有到", progress = "材料已备齐" }'
CAUSE = 'cause = "企业停产没有开展"\nmeasure = "复产前补一次"\npromised_on = 2026-11-30'
EAST = (
    head()
    + update("mine-1", "已完成", "done_on = 2026-09-28")
    + update("mine-2@2026-08", "推进中", CAUSE)
    + update("mine-2@2026-10", "已完成", "done_on = 2026-10-20")
    + update("mine-7", "不涉及")
    + update("chem-1", "推进中", "done = 30")
    + update("chem-3", "推进中", WISH)
)
FILES = {
    "2026-10/east.toml": EAST,
    "2026-10/receipts.toml": receipt("east.toml", EAST, "2026-11-01T20:00:00+00:00"),
}


def waits(
    tmp_path: Path, *rulings: str, more: dict[str, str] | None = None, as_of: date = OCTOBER_END, by: datetime = LATER
) -> list[tuple[str, str, str]]:
    """What waits, as (kind, unit, item or file)."""
    files = {**FILES, "2026-10/decisions.toml": "".join(rulings), **(more or {})}
    return [(p.kind, p.unit, p.item or p.file) for p in pending(see(tmp_path, files, as_of, by))]


ALL = [
    ("extend", "east", "chem-3"),
    ("waive", "east", "mine-7"),
    ("close", "east", "mine-2@2026-08"),
    ("verify", "east", "mine-1"),
    ("accept", "east", "status/city/2026-10/east.toml"),
]


def test_all_that_waits_is_listed_the_most_pressing_first(tmp_path: Path) -> None:
    assert waits(tmp_path) == ALL
    assert waits(tmp_path, by=datetime(2026, 11, 2, 3, 0, tzinfo=CHINA)) == []


def test_of_units_the_protocols_order_counts(tmp_path: Path) -> None:
    west = head("west") + update("mine-1", "已完成", "done_on = 2026-09-28")
    found = waits(tmp_path, more={"2026-10/west.toml": west})
    assert [unit for kind, unit, _item in found if kind in ("verify", "accept")] == ["east", "west", "east", "west"]


def test_each_has_its_words_its_day_in_china_and_its_standing(tmp_path: Path) -> None:
    first, *_others, last = pending(see(tmp_path, FILES))
    assert first.standing is not None
    assert (words(first), first.since, first.standing.occurrence.id) == ("延期待答复", date(2026, 11, 2), "chem-3")
    file = "status/city/2026-10/east.toml"
    assert last == Pending("accept", "east", file=file, since=date(2026, 11, 2))
    assert set(WAITS_FOR) <= set(KINDS)


@pytest.mark.parametrize(
    ("kind", "more", "gone"),
    [
        ("extend", 'item = "chem-3"\nuntil = 2026-11-15', "extend"),
        ("extend", 'item = "chem-3"\ngranted = false', "extend"),
        ("waive", 'item = "mine-7"\nground = "不涉及"', "waive"),
        ("close", 'item = "mine-2@2026-08"', "close"),
        ("verify", 'item = "mine-1"', "verify"),
        ("refuse", 'item = "mine-1"', "verify"),
        ("accept", 'file = "east.toml"', "accept"),
    ],
)
def test_what_has_been_ruled_on_waits_no_more(tmp_path: Path, kind: str, more: str, gone: str) -> None:
    assert waits(tmp_path, decision(kind, "east", AT, more)) == [one for one in ALL if one[0] != gone]


def test_a_ruling_taken_back_leaves_its_item_waiting_again(tmp_path: Path) -> None:
    ruled = decision("verify", "east", AT, 'item = "mine-1"')
    [made] = see(tmp_path, {**FILES, "2026-10/decisions.toml": ruled}).decisions
    undo = decision("undo", "east", "2026-11-04T09:00:00+08:00", f'item = "mine-1"\nundoes = "{made.id}"')
    assert waits(tmp_path, ruled, undo) == ALL


def test_an_objection_comes_before_all_else_that_waits_of_its_item(tmp_path: Path) -> None:
    objected = decision("object", "east", AT, 'item = "mine-1"') + decision("object", "west", AT, 'item = "mine-1"')
    assert waits(tmp_path, objected)[:2] == [("answer", "east", "mine-1"), ("answer", "west", "mine-1")]
    assert ("verify", "east", "mine-1") not in waits(tmp_path, objected)
    answered = decision("answer", "east", "2026-11-04T09:00:00+08:00", 'item = "mine-1"')
    assert waits(tmp_path, objected, answered)[:2] == [("answer", "west", "mine-1"), ALL[0]]


def test_what_the_county_closes_waits_for_nobody_in_the_city(tmp_path: Path) -> None:
    assert at(see(tmp_path, FILES), "east", "mine-2@2026-10").status == "done"
    assert ("verify", "east", "mine-2@2026-10") not in waits(tmp_path)


def test_a_sum_of_the_whole_city_that_has_been_reached_waits_to_be_verified(tmp_path: Path) -> None:
    west = head("west") + update("chem-1", "推进中", "done = 70")
    late = receipt("west.toml", west, "2026-11-05T10:00:00+08:00")
    more = {"2026-10/west.toml": west, "2026-10/receipts.toml": FILES["2026-10/receipts.toml"] + late}
    found = pending(see(tmp_path, {**FILES, **more}))
    assert [(p.item, p.since) for p in found if p.unit == "bureau"] == [("chem-1", date(2026, 11, 5))]


def test_a_wish_repeated_after_it_was_granted_asks_for_nothing_and_after_a_refusal_asks_again(tmp_path: Path) -> None:
    again = {"2026-10/east.2.toml": EAST}
    receipts = FILES["2026-10/receipts.toml"] + receipt("east.2.toml", EAST, "2026-11-05T10:00:00+08:00")
    more = {**again, "2026-10/receipts.toml": receipts}
    granted = decision("extend", "east", AT, 'item = "chem-3"\nuntil = 2026-11-30')
    assert "extend" not in [kind for kind, *_ in waits(tmp_path, granted, more=more)]
    refused = decision("extend", "east", AT, 'item = "chem-3"\ngranted = false')
    assert "extend" in [kind for kind, *_ in waits(tmp_path, refused, more=more)]
    shorter = decision("extend", "east", AT, 'item = "chem-3"\nuntil = 2026-11-10')
    s = at(see(tmp_path, {**FILES, **more, "2026-10/decisions.toml": shorter}), "east", "chem-3")
    assert requested(s) == date(2026, 11, 30)


def test_a_wish_for_what_is_done_or_waived_by_now_waits_no_more(tmp_path: Path) -> None:
    done = decision("correct", "east", AT, 'item = "chem-3"\nstate = "已完成"\ndone_on = 2026-10-30')
    assert ("extend", "east", "chem-3") not in waits(tmp_path, done)
    waived = decision("waive", "east", AT, 'item = "chem-3"\nground = "终止"')
    assert ("extend", "east", "chem-3") not in waits(tmp_path, waived)
    assert requested(at(see(tmp_path, FILES), "east", "mine-1")) is None
    assert requested(at(see(tmp_path, FILES), "west", "mine-1")) is None


def test_only_the_months_own_files_wait_and_only_as_they_are_now(tmp_path: Path) -> None:
    september = head(month="2026-09") + update("mine-7", "推进中", "done = 1\ntotal = 10")
    opening = head(month="2026-07", more="opening = true")
    more = {"2026-09/east.toml": september, "opening/east.toml": opening}
    # An acceptance of another month's file of that name says nothing of this one.
    more["2026-09/decisions.toml"] = decision("accept", "east", AT, 'file = "east.toml"')
    assert waits(tmp_path, more=more)[-1:] == ALL[-1:]
    other = decision("accept", "east", AT, 'file = "east.toml"\nsha256 = "ab"')
    assert waits(tmp_path, other)[-1:] == ALL[-1:]


def test_a_file_sent_back_is_not_asked_about_again(tmp_path: Path) -> None:
    assert waits(tmp_path, decision("return", "east", AT, 'file = "east.toml"\nuntil = 2026-11-09')) == []
