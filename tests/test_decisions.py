"""Receipts and rulings as they are read."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tiny import CHINA, decision

from tracker.decision_files import read_decisions, read_receipts
from tracker.decisions import Decision, Receipt, in_force
from tracker.plans import Programme
from tracker.problems import Place, Problem

RECEIPT = '[[receipt]]\nfile = "east.toml"\nsha256 = "ab"\nreceived = 2026-11-02T16:40:00+08:00\nupdates = 3\n'
AT = "2026-11-03T09:00:00+08:00"
SHOWN = "status/city/2026-10/decisions.toml"


def receipts(folder: Path, text: str | bytes) -> tuple[tuple[Receipt, ...], list[Problem]]:
    path = folder / "receipts.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_receipts(path, "receipts.toml")


def rulings(folder: Path, programme: Programme, text: str | bytes) -> tuple[tuple[Decision, ...], list[Problem]]:
    path = folder / "decisions.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_decisions(path, SHOWN, programme)


def test_a_month_without_files_of_the_city_has_no_receipts_and_no_rulings(tmp_path: Path, programme: Programme) -> None:
    assert read_receipts(tmp_path / "receipts.toml", "x") == ((), [])
    assert read_decisions(tmp_path / "decisions.toml", "x", programme) == ((), [])


def test_a_receipt_says_what_was_received_when(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 2, 16, 40, tzinfo=CHINA)
    assert receipts(tmp_path, RECEIPT) == ((Receipt("east.toml", "ab", moment, 3, 0),), [])


def test_receipts_count_though_an_editor_put_a_mark_before_them(tmp_path: Path) -> None:
    found, problems = receipts(tmp_path, b"\xef\xbb\xbf" + RECEIPT.encode())
    assert len(found) == 1
    assert [p.code for p in problems] == ["W01"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (RECEIPT.replace("+08:00", ""), "E05", 4),
        (RECEIPT.replace("2026-11-02T16:40:00+08:00", "2026-11-02"), "E05", 4),
        (RECEIPT + "colour = 1\n", "E03", 6),
        (RECEIPT.replace('"ab"', "ab"), "E02", 3),
        (RECEIPT.replace("[[receipt]]", "[receipt]"), "E05", 2),
    ],
)
def test_a_mistake_in_the_receipts_is_named_and_none_of_them_count(
    tmp_path: Path, text: str, code: str, line: int
) -> None:
    found, problems = receipts(tmp_path, text)
    assert found == ()
    assert (code, line) in [(p.code, p.place.line) for p in problems]


def test_a_ruling_is_read_with_its_place_and_its_month_is_its_folders(tmp_path: Path, programme: Programme) -> None:
    text = "\n" + decision("extend", "east", AT, 'item = "mine-1"\nuntil = 2026-11-30')
    [one], problems = rulings(tmp_path, programme, text)
    assert problems == []
    assert (one.kind, one.unit, one.item, one.until, one.granted) == (
        "extend",
        "east",
        "mine-1",
        date(2026, 11, 30),
        True,
    )
    assert (one.at, one.by, one.reason) == (datetime(2026, 11, 3, 9, tzinfo=CHINA), "刘某", "属实")
    assert (one.place, one.month) == (Place(SHOWN, 2, 1), date(2026, 10, 1))


def test_a_ruling_outside_any_month_speaks_of_none() -> None:
    at = datetime(2026, 11, 3, tzinfo=CHINA)
    assert Decision("verify", "east", "刘某", at, "属实", place=Place("decisions.toml")).month == date.min


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("accept", 'file = "east.toml"'),
        ("return", 'file = "east.toml"\nsha256 = "ab"\nuntil = 2026-11-10'),
        ("withdraw", 'item = "mine-2@2026-10"\nfile = "east.toml"'),
        ("verify", 'item = "mine-1"'),
        ("refuse", 'item = "mine-1"'),
        ("reopen", 'item = "mine-1"'),
        ("extend", 'item = "mine-1"\ngranted = false'),
        ("waive", 'item = "mine-1"\nground = "任务调整"'),
        ("waive", 'item = "mine-1"\nground = "terminated"'),
        ("suspend", 'item = "mine-1"'),
        ("close", 'item = "mine-2@2026-08"'),
        ("correct", 'item = "mine-1"\nstate = "已完成"\ndone_on = 2026-10-08'),
        ("object", 'item = "mine-1"'),
        ("answer", 'item = "mine-1"\ngranted = false'),
        ("undo", 'undoes = "0123456789"'),
        ("undo", 'item = "mine-1"\nundoes = "0123456789"'),
    ],
)
def test_every_kind_of_ruling_has_a_good_form(tmp_path: Path, programme: Programme, kind: str, more: str) -> None:
    found, problems = rulings(tmp_path, programme, decision(kind, "east", AT, more))
    assert problems == []
    assert [d.kind for d in found] == [kind]


@pytest.mark.parametrize(
    ("text", "code", "line", "hint"),
    [
        (decision("verify", "eastt", AT, 'item = "mine-1"'), "E08", 3, "east"),
        (decision("verify", "east", "2026-11-03T09:00:00", 'item = "mine-1"'), "E05", 5, ""),
        (decision("verify", "east", AT, ""), "E04", 1, ""),
        (decision("verify", "east", AT, 'file = "east.toml"'), "E04", 1, ""),
        (decision("return", "east", AT, ""), "E04", 1, ""),
        (decision("verify", "east", AT, 'item = "mine-11"'), "E07", 7, "mine-1"),
        (decision("extend", "east", AT, 'item = "mine-1"'), "E04", 1, ""),
        (decision("waive", "east", AT, 'item = "mine-1"\nground = "算了"'), "E06", 1, "不涉及、任务调整、终止"),
        (decision("waive", "east", AT, 'item = "mine-1"'), "E06", 1, "任务调整"),
        (decision("correct", "east", AT, 'item = "mine-1"'), "E04", 1, ""),
        (decision("object", "east", AT, ""), "E04", 1, ""),
        (decision("answer", "east", AT, 'file = "east.toml"'), "E04", 1, ""),
        (decision("undo", "east", AT, 'item = "mine-1"'), "E04", 1, ""),
        (decision("correct", "east", AT, 'item = "mine-1"\nstate = "办结"'), "E06", 8, "已完成"),
        (decision("correct", "east", AT, 'item = "mine-1"\nstate = "已完成"'), "E13", 1, ""),
        (decision("verfy", "east", AT, 'item = "mine-1"'), "E06", 2, "verify"),
        (decision("verify", "east", AT, 'item = "mine-1"\nplace = "x"'), "E03", 8, ""),
    ],
)
def test_a_mistaken_ruling_does_not_count_and_the_good_one_after_it_does(
    tmp_path: Path, programme: Programme, text: str, code: str, line: int, hint: str
) -> None:
    good = decision("verify", "west", AT, 'item = "mine-1"')
    found, problems = rulings(tmp_path, programme, text + good)
    assert [d.unit for d in found] == ["west"]
    assert (code, line) in [(p.code, p.place.line) for p in problems]
    assert hint in problems[0].hint


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[decision]\nkind = 'verify'\n", "E05"),
        ("decision = 5\n", "E05"),
        ("decision = [5]\n", "E05"),
        ("[[decisions]]\nkind = 'verify'\n", "E03"),
    ],
)
def test_rulings_under_another_header_are_not_passed_over_in_silence(
    tmp_path: Path, programme: Programme, text: str, code: str
) -> None:
    found, problems = rulings(tmp_path, programme, text)
    assert found == ()
    assert [p.code for p in problems] == [code]
    assert "[[decision]]" in problems[0].hint


def test_rulings_count_though_an_editor_put_a_mark_before_them(tmp_path: Path, programme: Programme) -> None:
    text = b"\xef\xbb\xbf" + decision("verify", "east", AT, 'item = "mine-1"').encode()
    found, problems = rulings(tmp_path, programme, text)
    assert len(found) == 1
    assert [p.code for p in problems] == ["W01"]


def test_a_refusal_that_cannot_be_read_does_not_become_a_grant(tmp_path: Path, programme: Programme) -> None:
    text = decision("extend", "east", AT, 'item = "mine-1"\nuntil = 2027-01-31\ngranted = 否')
    found, problems = rulings(tmp_path, programme, text)
    assert found == ()
    assert [(p.code, p.place.line) for p in problems] == [("E02", 9)]


def test_a_correction_stands_for_an_update_in_either_language() -> None:
    at, place = datetime(2026, 11, 3, tzinfo=CHINA), Place(SHOWN, 4, 1)
    said = Decision(
        "correct",
        "east",
        "刘某",
        at,
        "核对",
        item="mine-7",
        state="已完成",
        done_on=date(2026, 10, 8),
        done=8,
        total=10,
        note="已核",
        place=place,
    ).as_update()
    assert (said.item, said.state, said.done_on, said.done, said.total) == ("mine-7", "done", date(2026, 10, 8), 8, 10)
    assert (said.note, said.place) == ("已核", place)
    explained = Decision(
        *("correct", "east", "刘某", at, "核对"), cause="原因", measure="措施", promised_on=date(2026, 12, 1)
    ).as_update()
    assert (explained.item, explained.state) == ("", "in-progress")
    assert (explained.cause, explained.measure, explained.promised_on) == ("原因", "措施", date(2026, 12, 1))


# --- taken back ---

MOMENT = datetime(2026, 11, 3, 9, tzinfo=CHINA)
VERIFIED = Decision("verify", "east", "刘某", MOMENT, "属实", item="mine-1")
OTHER = Decision("suspend", "east", "刘某", MOMENT, "停产", item="mine-7")


def undo(undone: Decision, after: timedelta = timedelta(hours=1)) -> Decision:
    return Decision("undo", undone.unit, "刘某", undone.at + after, "写错了", item=undone.item, undoes=undone.id)


def test_a_ruling_counts_from_its_moment_until_it_is_taken_back() -> None:
    every = (VERIFIED, OTHER, undo(VERIFIED))
    assert in_force(every) == (OTHER,)
    second = timedelta(seconds=1)
    assert in_force(every, MOMENT - second) == ()
    assert in_force(every, MOMENT) == (VERIFIED, OTHER)
    assert in_force(every, MOMENT + timedelta(hours=1) - second) == (VERIFIED, OTHER)
    assert in_force(every, MOMENT + timedelta(hours=1)) == (OTHER,)


def test_the_order_of_rulings_and_those_that_take_back_does_not_matter() -> None:
    assert in_force((undo(VERIFIED), OTHER, VERIFIED)) == (OTHER,)


def test_the_same_ruling_made_again_counts_though_the_first_was_taken_back() -> None:
    again = replace(VERIFIED, at=MOMENT + timedelta(hours=2))
    assert in_force((VERIFIED, undo(VERIFIED), again)) == (again,)


def test_taking_back_is_no_ruling_that_counts_and_of_nothing_it_does_nothing() -> None:
    assert in_force((VERIFIED, replace(undo(OTHER)))) == (VERIFIED,)
    assert in_force((undo(VERIFIED), undo(undo(VERIFIED)))) == ()


def test_a_rulings_number_is_ten_characters_of_what_it_says_wherever_it_stands() -> None:
    assert VERIFIED.id == replace(VERIFIED, place=Place(SHOWN, 9, 1)).id
    assert len(VERIFIED.id) == 10
    assert set(VERIFIED.id) <= set("0123456789abcdef")
    others: dict[str, object] = {
        "kind": "refuse",
        "at": datetime(2026, 11, 3, 9, tzinfo=UTC),
        "until": date(2026, 12, 1),
        "granted": False,
        "done_on": date(2026, 12, 1),
        "done": 1,
        "total": 1,
        "promised_on": date(2026, 12, 1),
    }
    numbers = {VERIFIED.id}
    for f in fields(Decision):
        if f.name != "place":
            numbers.add(replace(VERIFIED, **{f.name: others.get(f.name, "x")}).id)  # type: ignore[arg-type]
    assert len(numbers) == len(fields(Decision))


@pytest.mark.parametrize("number", ["inf", "nan", "-1", "1e30"])
def test_a_number_that_cannot_be_is_not_a_correction(tmp_path: Path, programme: Programme, number: str) -> None:
    more = f'item = "mine-7"\nstate = "推进中"\ndone = {number}\ntotal = 10'
    found, problems = rulings(tmp_path, programme, decision("correct", "east", AT, more))
    assert found == ()
    assert [(p.code, p.place.line) for p in problems] == [("E14", 9)]
