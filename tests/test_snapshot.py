"""One door to everything: files in, standings on a day out."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import tiny
from tiny import CHINA, LATER, OCTOBER, OCTOBER_END, PROGRAMME, QUOTAS, at, build, decision, head, receipt, see

from tracker.deadlines import month_end
from tracker.occurrences import Event
from tracker.reading import HeldFile
from tracker.shelf import latest_events
from tracker.snapshot import Snapshot, take
from tracker.workspace import Workspace

GOING = 'state = "推进中"\n'
DONE = 'state = "已完成"\ndone_on = 2026-10-20\n'


def entry(item: str, more: str = GOING) -> str:
    return f'[[update]]\nitem = "{item}"\n{more}'


def codes(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(p.place.file.removeprefix("status/city/"), p.code) for p in snapshot.problems]


def test_a_broken_programme_is_none_with_its_problems(tmp_path: Path) -> None:
    here = Workspace(build(tmp_path, plans={"programme.toml": PROGRAMME.replace('city = "甲市"', "city = 甲市")}))
    snapshot, problems = take(here, "city", OCTOBER_END, LATER)
    assert snapshot is None
    assert [(p.place.file, p.code) for p in problems] == [("plans/city/programme.toml", "E02")]
    assert take(here, "elsewhere", OCTOBER_END, LATER)[0] is None


def test_nothing_is_judged_by_mistaken_plans(tmp_path: Path) -> None:
    plan = tiny.MINE.replace('every = "month"', 'every = "mont"')
    snapshot, problems = take(Workspace(build(tmp_path, plans={"mine.toml": plan})), "city", OCTOBER_END, LATER)
    assert snapshot is None
    assert [p.code for p in problems] == ["E06"]


def test_the_problems_of_plans_receipts_rulings_and_submissions_come_together(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "2026-10/east.toml": head() + entry("mine-99"),
        "2026-10/receipts.toml": "x = 1\n",
        "2026-10/decisions.toml": "y = 1\n",
        "../../plans/city/mine.toml": b"\xef\xbb\xbf" + tiny.MINE.encode(),
    }
    snapshot, problems = take(Workspace(build(tmp_path, files)), "city", OCTOBER_END, LATER)
    assert snapshot is not None
    assert sorted((p.place.file, p.code) for p in problems) == [
        ("plans/city/mine.toml", "W01"),
        ("status/city/2026-10/decisions.toml", "E03"),
        ("status/city/2026-10/east.toml", "E07"),
        ("status/city/2026-10/receipts.toml", "E03"),
    ]
    assert list(snapshot.problems) == problems


def test_a_workspace_without_any_file_has_every_occurrence_and_no_record(tmp_path: Path) -> None:
    snapshot = see(tmp_path)
    assert (snapshot.filed, snapshot.problems, snapshot.held_files) == ((), (), ())
    assert all(s.record is None for s in snapshot.standings)
    one = at(snapshot, "east", "mine-1")
    assert (one.status, one.days_late) == ("unreported", 31)
    assert snapshot.plan_of(one).stem == "mine"
    assert snapshot.unit_of(one).name == "东山县"


# --- what counts of a file with mistakes ---


def test_an_update_with_an_error_is_held_and_the_good_ones_count(tmp_path: Path) -> None:
    text = head() + entry("mine-2@2026-10", DONE) + entry("mine-7", GOING + "done = 9\n") + entry("chem-3")
    snapshot = see(tmp_path, {"2026-10/east.toml": text})
    assert codes(snapshot) == [("2026-10/east.toml", "E14")]
    assert [s.occurrence.id for s in snapshot.standings if s.record is not None] == ["mine-2@2026-10", "chem-3"]
    assert snapshot.filed[0].submission.held == ("mine-7",)


def test_while_an_update_is_held_the_earlier_versions_good_one_stands(tmp_path: Path) -> None:
    snapshot = see(
        tmp_path,
        {
            "2026-10/east.toml": head() + entry("mine-7", GOING + "done = 5\ntotal = 10\n"),
            "2026-10/east.2.toml": head() + entry("mine-7", GOING + "done = 11\ntotal = 10\n"),
        },
    )
    one = at(snapshot, "east", "mine-7")
    assert one.record is not None
    assert (one.record.update.done, one.record.update.place.file) == (5, "status/city/2026-10/east.toml")
    assert not one.carried


def test_while_an_update_is_held_the_earlier_months_good_one_stands_and_shows_that_it_is_old(tmp_path: Path) -> None:
    snapshot = see(
        tmp_path,
        {
            "2026-09/east.toml": head(month="2026-09") + entry("mine-7", GOING + "done = 5\ntotal = 10\n"),
            "2026-10/east.toml": head() + entry("mine-7", "state = '完工'\n"),
        },
    )
    one = at(snapshot, "east", "mine-7")
    assert one.record is not None
    assert (one.record.update.done, one.record.month, one.carried) == (5, date(2026, 9, 1), True)


def test_a_file_that_cannot_be_read_is_held_whole_and_the_version_before_stands(tmp_path: Path) -> None:
    snapshot = see(
        tmp_path,
        {
            "2026-10/east.toml": head() + entry("mine-7"),
            "2026-10/east.2.toml": head() + entry("mine-7", "state = 已完成\n"),
            "2026-10/west.toml": b"PK\x03\x04\0",
        },
    )
    assert snapshot.held_files == (
        HeldFile(OCTOBER, "status/city/2026-10/west.toml", ""),
        HeldFile(OCTOBER, "status/city/2026-10/east.2.toml", "east"),
    )
    assert at(snapshot, "east", "mine-7").status == "on-track"


def test_a_unit_that_is_no_word_is_nobodys_held_file(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": 'unit = ["east"]\n'})
    assert [h.unit for h in snapshot.held_files] == [""]


# --- the folder and the month ---


def test_a_file_in_another_months_folder_is_held(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-09/east.toml": head() + entry("mine-7")})
    assert codes(snapshot) == [("2026-09/east.toml", "E09")]
    assert [(p.place.line, "2026-09" in p.message, bool(p.hint)) for p in snapshot.problems] == [(2, True, True)]
    assert snapshot.held_files == (HeldFile(date(2026, 9, 1), "status/city/2026-09/east.toml", "east"),)
    assert at(snapshot, "east", "mine-7").record is None


def test_a_monthly_file_among_the_opening_files_and_the_reverse_are_held(tmp_path: Path) -> None:
    opening = head(month="2026-10", more="opening = true") + entry("mine-7")
    snapshot = see(tmp_path, {"2026-10/east.toml": opening, "opening/west.toml": head("west") + entry("mine-7")})
    assert sorted(codes(snapshot)) == [("2026-10/east.toml", "E09"), ("opening/west.toml", "E09")]
    assert all(p.hint == "月报不写 opening = true。" for p in snapshot.problems)
    assert snapshot.filed == ()


def test_an_opening_file_is_known_from_the_first_day_of_the_books(tmp_path: Path) -> None:
    text = head(month="2026-07", more="opening = true") + entry("mine-1") + entry("mine-2@2026-06")
    begins = datetime(2026, 8, 1, tzinfo=UTC)
    snapshot = see(tmp_path, {"opening/east.toml": text}, as_of=date(2026, 8, 31), known_by=begins)
    [filed] = snapshot.filed
    assert (filed.received, filed.submission.month) == (begins, date(2026, 7, 1))
    assert at(snapshot, "east", "mine-1").status == "on-track"
    assert at(snapshot, "east", "mine-2@2026-06").status == "missed"
    assert at(snapshot, "east", "mine-2@2026-05").status == "before-records"
    assert see(tmp_path, known_by=datetime(2026, 7, 31, tzinfo=UTC)).filed == ()


def test_an_opening_file_belongs_to_the_month_before_the_books_whatever_it_says(tmp_path: Path) -> None:
    text = head(month="2026-03", more="opening = true") + entry("mine-7")
    [filed] = see(tmp_path, {"opening/east.toml": text}).filed
    assert filed.submission.month == date(2026, 7, 1)


# --- both clocks ---

OCT = head() + entry("mine-7", GOING + "done = 5\ntotal = 10\n")
NOV = head(month="2026-11") + entry("mine-7", GOING + "done = 9\ntotal = 10\n")


def test_as_of_leaves_out_the_records_of_later_months(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": OCT, "2026-11/east.toml": NOV}
    done = {
        day: s.record.update.done if (s := at(see(tmp_path, files, day), "east", "mine-7")).record else None
        for day in (date(2026, 9, 30), date(2026, 10, 1), OCTOBER_END, date(2026, 11, 1))
    }
    assert list(done.values()) == [None, 5, 5, 9]


def test_as_of_leaves_out_later_completion_days_and_due_today_is_not_late(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head() + entry("mine-1", DONE)}
    found = {n: at(see(tmp_path, files, date(2026, n // 100, n % 100)), "east", "mine-1") for n in (930, 1019, 1020)}
    assert [(s.status, s.days_late) for s in found.values()] == [("due-soon", 0), ("overdue", 19), ("done", 20)]


def test_known_by_leaves_out_files_received_later_and_later_rulings(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": OCT,
        "2026-10/receipts.toml": receipt("east.toml", OCT, "2026-11-02T09:00:00+08:00"),
        "2026-10/decisions.toml": decision(
            "extend", "east", "2026-11-03T09:00:00+08:00", 'item = "mine-7"\nuntil = 2027-03-31'
        ),
    }
    build(tmp_path, files)
    before, received, ruled = (
        at(see(tmp_path, known_by=moment), "east", "mine-7")
        for moment in (
            datetime(2026, 11, 2, 0, 59, 59, tzinfo=UTC),
            datetime(2026, 11, 2, 1, tzinfo=UTC),
            datetime(2026, 11, 3, 9, tzinfo=CHINA),
        )
    )
    assert (before.record, before.due) == (None, date(2026, 12, 31))
    assert received.record is not None
    assert (received.due, received.record.known) == (date(2026, 12, 31), datetime(2026, 11, 2, 9, tzinfo=CHINA))
    assert (ruled.due, [d.kind for d in ruled.rulings]) == (date(2027, 3, 31), ["extend"])


def test_a_file_without_a_receipt_counts_as_received_at_the_moment_known_by(tmp_path: Path) -> None:
    for moment in (datetime(2026, 11, 2, tzinfo=CHINA), LATER):
        [filed] = see(tmp_path, {"2026-10/east.toml": OCT}, known_by=moment).filed
        assert filed.received == moment


EARLY, FIRST = "2026-11-03T09:00:00+08:00", "2026-11-20T09:00:00+08:00"


@pytest.mark.parametrize(
    ("rulings", "seen"),
    [
        (decision("verify", "east", FIRST, 'item = "mine-7"'), FIRST),
        (
            decision("refuse", "east", FIRST, 'item = "mine-7"') + decision("return", "east", EARLY, 'item = "mine-7"'),
            EARLY,
        ),
        (decision("accept", "west", FIRST, 'item = "mine-7"'), None),
        (decision("verify", "east", "2027-06-01T00:00:01+08:00", 'item = "mine-7"'), None),
    ],
)
def test_a_file_without_a_receipt_was_seen_when_the_city_first_ruled_on_its_units_month(
    tmp_path: Path, rulings: str, seen: str | None
) -> None:
    files = {"2026-10/east.toml": OCT, "2026-10/decisions.toml": rulings}
    [filed] = see(tmp_path, files).filed
    assert filed.received == (datetime.fromisoformat(seen) if seen else LATER)
    # Before that ruling it is known as of any moment one asks about.
    before = datetime.fromisoformat(EARLY) - timedelta(seconds=1)
    assert [f.received for f in see(tmp_path, known_by=before).filed] == [before]


def test_a_ruling_on_another_month_says_nothing_about_when_a_file_was_seen(tmp_path: Path) -> None:
    ruling = decision("verify", "east", FIRST, 'item = "mine-7"')
    [filed] = see(tmp_path, {"2026-10/east.toml": OCT, "2026-11/decisions.toml": ruling}).filed
    assert filed.received == LATER


def test_a_ruling_does_not_move_the_moment_of_a_receipt(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": OCT,
        "2026-10/receipts.toml": receipt("east.toml", OCT, FIRST),
        "2026-10/decisions.toml": decision("accept", "east", EARLY, 'item = "mine-7"'),
    }
    [filed] = see(tmp_path, files).filed
    assert filed.received == datetime.fromisoformat(FIRST)


def test_what_was_verified_from_a_file_without_a_receipt_keeps_its_record(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": head() + entry("mine-2@2026-10", DONE),
        "2026-10/decisions.toml": decision("verify", "east", FIRST, 'item = "mine-2@2026-10"'),
    }
    one = at(see(tmp_path, files), "east", "mine-2@2026-10")
    assert (one.status, one.done_on) == ("verified", date(2026, 10, 20))
    assert one.record is not None


# --- rulings on what is nobody's ---


def test_a_ruling_on_an_item_that_its_unit_does_not_have_is_a_mistake_at_its_place(tmp_path: Path) -> None:
    rulings = [
        decision("verify", "east", FIRST, 'item = "mine-7"'),
        decision("extend", "east", FIRST, 'item = "mine-6"\nuntil = 2026-11-30'),
        decision("verify", "west", FIRST, 'item = "mine-2@2026-13"'),
        decision("close", "bureau", FIRST, 'item = "chem-2"'),
        decision("accept", "east", FIRST, 'item = "mine-3a@T9"'),
        decision("accept", "east", FIRST, 'file = "east.toml"'),
    ]
    text = "".join(rulings)
    snapshot = see(tmp_path, {"2026-10/decisions.toml": text, "2026-10/east.toml": head()})
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line == "[[decision]]"]
    assert [(p.place.line, p.code, p.message) for p in snapshot.problems] == [
        (lines[1], "E07", "东山县 没有“mine-6”这一项。"),
        (lines[2], "E07", "西湖高新区 没有“mine-2@2026-13”这一项。"),
        (lines[3], "E07", "市应急管理局 没有“chem-2”这一项。"),
        (lines[4], "E07", "东山县 没有“mine-3a@T9”这一项。"),
    ]
    assert {p.place.file for p in snapshot.problems} == {"status/city/2026-10/decisions.toml"}
    assert all(p.holds for p in snapshot.problems)
    assert "mine-2@2026-1" in snapshot.problems[1].hint


def void(tmp_path: Path, files: dict[str, str], *rulings: str) -> list[tuple[int, str, str]]:
    """What is said of rulings, by their lines."""
    text = "".join(rulings)
    found = see(tmp_path, {**files, "2026-10/decisions.toml": text}).problems
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line == "[[decision]]"]
    return [(lines.index(p.place.line), p.code, p.message) for p in found if p.place.file.endswith("decisions.toml")]


def tied(text: str, at: str = FIRST, more: str = "", kind: str = "accept") -> str:
    digest = sha256(text.encode()).hexdigest()
    return decision(kind, "east", at, f'file = "east.toml"\nsha256 = "{digest}"\n{more}')


def test_a_ruling_on_words_that_have_changed_is_void_and_says_so_at_its_place(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head()}
    assert void(tmp_path, files, tied(head())) == []
    assert void(tmp_path, files, tied("x"), tied("x", more='item = "mine-7"')) == [
        (0, "E19", "“east.toml”在这条意见之后有改动，意见已经失效。"),
        (1, "E19", "“east.toml”在这条意见之后有改动，意见已经失效。"),
    ]


def test_once_somebody_has_looked_again_or_taken_it_back_a_void_ruling_is_no_matter(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head()}
    later = "2026-11-21T09:00:00+08:00"
    assert void(tmp_path, files, tied("x"), tied(head(), later)) == []
    assert void(tmp_path, files, tied("x"), decision("accept", "east", later, 'file = "east.toml"')) == []
    assert [code for _n, code, _words in void(tmp_path, files, tied(head(), later), tied("x"))] == []
    old = see(tmp_path, {**files, "2026-10/decisions.toml": tied("x")}).decisions[0]
    assert void(tmp_path, files, tied("x"), decision("undo", "east", later, f'undoes = "{old.id}"')) == []


def test_a_ruling_on_a_version_that_is_still_there_beside_a_later_one_is_fine(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head(), "2026-10/east.2.toml": head(more='rest = "unchanged"')}
    assert void(tmp_path, files, tied(head(), kind="return")) == []


def test_a_ruling_on_a_file_that_is_not_there_and_an_undo_of_nothing_are_mistakes(tmp_path: Path) -> None:
    found = void(tmp_path, {}, tied(head()), decision("undo", "east", FIRST, 'undoes = "0123456789"'))
    assert sorted(found) == [
        (0, "E07", "没有“east.toml”这份文件，意见不起作用。"),
        (1, "E07", "没有编号为“0123456789”的意见。"),
    ]


def test_a_version_put_there_by_hand_after_a_ruling_is_the_answer_to_it(tmp_path: Path) -> None:
    """The ruling was on the version received before; on one that it names itself it is on that one."""
    done = head() + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-28\n'
    files = {
        "2026-10/east.toml": done,
        "2026-10/receipts.toml": receipt("east.toml", done, "2026-11-01T10:00:00+08:00"),
        "2026-10/east.2.toml": done,
        "2026-10/decisions.toml": decision("refuse", "east", FIRST, 'item = "mine-1"'),
    }
    assert at(see(tmp_path, files), "east", "mine-1").status == "done"
    returned = decision("return", "east", FIRST, 'item = "mine-1"\nfile = "east.2.toml"')
    assert at(see(tmp_path, {**files, "2026-10/decisions.toml": returned}), "east", "mine-1").status == "done"
    both = returned + decision("return", "east", FIRST, 'item = "mine-1"\nfile = "east.toml"')
    assert at(see(tmp_path, {**files, "2026-10/decisions.toml": both}), "east", "mine-1").status == "unreported"


@pytest.mark.parametrize(
    ("kind", "more", "is_good"),
    [
        ("waive", 'ground = "不涉及"', True),
        ("suspend", "until = 2026-11-30", True),
        ("reopen", "", True),
        ("verify", "", False),
        ("close", "", False),
        ("extend", "until = 2026-11-30", False),
        ("return", "", False),
    ],
)
def test_a_milestone_without_its_period_is_named_only_where_a_ruling_may_be_on_all_of_them(
    tmp_path: Path, kind: str, more: str, is_good: bool
) -> None:
    text = decision(kind, "east", FIRST, f'item = "mine-2"\n{more}')
    assert codes(see(tmp_path, {"2026-10/decisions.toml": text})) == (
        [] if is_good else [("2026-10/decisions.toml", "E07")]
    )
    # Not on a milestone of others.
    other = decision(kind, "bureau", FIRST, f'item = "mine-2"\n{more}')
    assert codes(see(tmp_path, {"2026-10/decisions.toml": other})) == [("2026-10/decisions.toml", "E07")]


def test_a_ruling_on_the_term_of_a_reported_event_is_on_something(tmp_path: Path) -> None:
    ruling = decision("accept", "east", FIRST, 'item = "mine-3a@T1"')
    assert see(tmp_path, {"2026-10/east.toml": head() + EVENT, "2026-10/decisions.toml": ruling}).problems == ()


def test_a_file_changed_after_its_receipt_is_held_until_it_is_received_again(tmp_path: Path) -> None:
    received = receipt("east.toml", OCT, "2026-11-02T09:00:00+08:00")
    changed = OCT.replace("done = 5", "done = 6")
    snapshot = see(tmp_path, {"2026-10/east.toml": changed, "2026-10/receipts.toml": received})
    [problem] = snapshot.problems
    assert (problem.code, problem.place.file) == ("E19", "status/city/2026-10/east.toml")
    assert "重新接收" in problem.hint
    assert snapshot.held_files == (HeldFile(OCTOBER, "status/city/2026-10/east.toml", "east"),)
    assert at(snapshot, "east", "mine-7").record is None
    again = receipt("east.toml", changed, "2026-11-05T09:00:00+08:00")
    for both in (received + again, again + received):
        snapshot = see(tmp_path, {"2026-10/receipts.toml": both})
        assert snapshot.problems == ()
        record = at(snapshot, "east", "mine-7").record
        assert record is not None
        assert (record.update.done, record.known.day) == (6, 5)


def test_what_was_received_is_known_by_its_content_and_by_the_workbook_it_came_as(tmp_path: Path) -> None:
    text = receipt("east.toml", OCT, EARLY) + 'origin = "of the workbook"\n' + receipt("west.toml", head("west"), EARLY)
    shelf = see(tmp_path, {"2026-10/east.toml": OCT, "2026-10/receipts.toml": text}).shelf
    assert shelf is not None
    assert shelf.received == {
        sha256(OCT.encode()).hexdigest(): "status/city/2026-10/east.toml",
        "of the workbook": "status/city/2026-10/east.toml",
        sha256(head("west").encode()).hexdigest(): "status/city/2026-10/west.toml",
    }


def test_a_correction_of_the_city_stands_in_for_what_it_sent_back(tmp_path: Path) -> None:
    back = decision("return", "east", "2026-11-03T09:00:00+08:00", 'item = "mine-7"')
    words = 'item = "mine-7"\nstate = "推进中"\ndone = 4\ntotal = 10'
    correction = decision("correct", "east", "2026-11-04T09:00:00+08:00", words)
    received = receipt("east.toml", OCT, "2026-11-02T09:00:00+08:00")
    files = {"2026-10/east.toml": OCT, "2026-10/receipts.toml": received, "2026-10/decisions.toml": back}
    assert at(see(tmp_path, files), "east", "mine-7").status == "returned"
    one = at(see(tmp_path, {"2026-10/decisions.toml": back + correction}), "east", "mine-7")
    assert one.status != "returned"
    assert one.record is not None
    assert (one.record.update.done, one.record.correction is not None) == (4, True)


def test_an_interval_that_counts_from_when_it_was_last_done_is_due_so_long_after_that_day(tmp_path: Path) -> None:
    plan = tiny.MINE.replace('every = "month"', 'every = "month"\nfrom_last_done = true')
    september = entry("mine-2@2026-08", DONE.replace("10-20", "08-12")) + entry(
        "mine-2@2026-09", DONE.replace("10-20", "09-20")
    )
    files = {
        "2026-09/east.toml": head(month="2026-09") + september,
        "2026-09/west.toml": head("west", "2026-09") + entry("mine-2@2026-09"),
    }
    snapshot = see(tmp_path, files, plans={"mine.toml": plan})
    late, unknown = (at(snapshot, unit, "mine-2@2026-10") for unit in ("east", "west"))
    assert (late.due, late.days_late) == (date(2026, 10, 20), 11)
    assert (unknown.due, unknown.days_late) == (OCTOBER_END, 0)


def test_as_of_is_capped_at_the_programmes_close(tmp_path: Path) -> None:
    snapshot = see(tmp_path, as_of=date(2027, 5, 1))
    assert snapshot.clocks.as_of == date(2026, 12, 31)
    assert at(snapshot, "east", "mine-7").days_late == 0


def test_the_same_knowledge_is_judged_on_another_day_without_reading_again(tmp_path: Path) -> None:
    snapshot = see(tmp_path, {"2026-10/east.toml": OCT, "2026-11/east.toml": NOV})
    (tmp_path / "status/city/2026-11/east.toml").unlink()
    later = snapshot.on(date(2026, 11, 30))
    assert (later.clocks.as_of, later.clocks.known_by) == (date(2026, 11, 30), snapshot.clocks.known_by)
    record = at(later, "east", "mine-7").record
    assert record is not None
    assert record.update.done == 9


# --- parts, events, grants ---


def test_sections_send_parts_and_a_part_replaces_only_its_own(tmp_path: Path) -> None:
    mine = head(more='part = ["mine"]') + entry("mine-7", GOING + "done = 1\ntotal = 10\n")
    chem = head(more='part = ["chem"]') + entry("chem-3")
    files = {
        "2026-10/east.mine.toml": mine,
        "2026-10/east.chem.toml": chem,
        "2026-10/east.mine.2.toml": mine.replace("done = 1\n", "done = 2\n"),
    }
    snapshot = see(tmp_path, files)
    assert snapshot.problems == ()
    share, assessed = at(snapshot, "east", "mine-7"), at(snapshot, "east", "chem-3")
    assert share.record is not None
    assert assessed.record is not None
    assert share.record.update.done == 2


EVENT = '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n'


def test_an_event_starts_its_terms_and_a_later_file_moves_them(tmp_path: Path) -> None:
    files = {
        "2026-10/east.toml": head() + EVENT,
        "2026-11/east.toml": head(month="2026-11") + EVENT + "actual = 2026-11-02\n",
    }
    early, late = (at(see(tmp_path, files, day), "east", "mine-3a@T1") for day in (OCTOBER_END, date(2026, 11, 30)))
    assert (early.due, late.due) == (date(2026, 10, 26), date(2026, 11, 16))


def test_a_term_is_checked_against_the_event_as_last_reported(tmp_path: Path) -> None:
    moved = EVENT.replace("10-12", "11-02")
    explained = 'cause = "装置检修"\nmeasure = "抓紧验收"\npromised_on = 2026-12-20\n'
    files = {
        "2026-10/east.toml": head() + EVENT,
        "2026-10/east.2.toml": head() + moved,
        "2026-11/east.toml": head(month="2026-11") + entry("mine-3a@T1"),
    }
    assert codes(see(tmp_path, files)) == [("2026-11/east.toml", "E12")] * 3
    files["2026-11/east.toml"] += explained
    assert see(tmp_path, files).problems == ()
    files["2026-10/east.3.toml"] = head() + EVENT.replace("10-12", "11-20")
    files["2026-11/east.toml"] = head(month="2026-11") + entry("mine-3a@T1")
    assert see(tmp_path, files).problems == ()


def test_an_event_that_the_next_version_drops_or_that_was_sent_back_starts_nothing(tmp_path: Path) -> None:
    files = {"2026-10/east.toml": head() + EVENT, "2026-10/east.2.toml": head()}
    assert ("east", "mine-3a@T1") not in see(tmp_path / "a", files).by_key
    ruling = decision("return", "east", "2026-11-03T09:00:00+08:00", 'file = "east.toml"')
    files = {"2026-10/east.toml": head() + EVENT, "2026-10/decisions.toml": ruling}
    assert ("east", "mine-3a@T1") not in see(tmp_path / "b", files).by_key


def test_an_event_not_yet_known_starts_nothing(tmp_path: Path) -> None:
    text = head() + EVENT
    files = {
        "2026-10/east.toml": text,
        "2026-10/receipts.toml": receipt("east.toml", text, "2026-11-02T09:00:00+08:00"),
    }
    assert ("east", "mine-3a@T1") not in see(tmp_path, files, known_by=datetime(2026, 11, 1, tzinfo=CHINA)).by_key


def test_of_an_event_the_newest_month_and_then_the_highest_version_wins(tmp_path: Path) -> None:
    texts = {
        "2026-09/east.2.toml": head(month="2026-09") + EVENT.replace("10-12", "09-02"),
        "2026-10/east.toml": head() + EVENT.replace("10-12", "10-01"),
        "2026-10/east.10.toml": head() + EVENT.replace("10-12", "10-10"),
        "2026-10/east.2.toml": head() + EVENT.replace("10-12", "10-02"),
        "2026-10/west.toml": head("west") + EVENT,
    }
    submissions = [f.submission for f in see(tmp_path, texts).filed]
    wanted = [
        Event("east", "trial", "T1", "装置", date(2026, 10, 10), None),
        Event("west", "trial", "T1", "装置", date(2026, 10, 12), None),
    ]
    assert latest_events(submissions) == latest_events(reversed(submissions)) == wanted
    # In one order, whatever the order of the months: by unit, kind and ref.
    west_first = [f.submission for f in see(tmp_path, {"2026-08/west.toml": head("west", "2026-08") + EVENT}).filed]
    assert [event.unit for event in latest_events(west_first)] == ["east", "west"]


def test_a_file_is_checked_against_the_latest_day_granted_and_not_one_refused(tmp_path: Path) -> None:
    ask = 'item = "mine-1"\nuntil = {}\n'
    rulings = [
        decision("extend", "east", "2026-10-01T09:00:00+08:00", ask.format("2026-11-30")),
        decision("extend", "east", "2026-10-02T09:00:00+08:00", ask.format("2026-10-15")),
    ]
    files = {"2026-10/east.toml": head() + entry("mine-1"), "2026-10/decisions.toml": "".join(rulings)}
    assert see(tmp_path, files).problems == ()
    refused = rulings[0].replace("until", "granted = false\nuntil")
    assert codes(see(tmp_path, {"2026-10/decisions.toml": refused})) == [("2026-10/east.toml", "E12")] * 3


# --- pooled numbers ---

POOLED = {
    "2026-10/east.toml": head() + entry("chem-1", GOING + "done = 30\n"),
    "2026-10/west.toml": head("west") + entry("chem-1", GOING + "done = 40\n"),
}


def test_the_citys_row_is_the_sum_of_the_units_whose_own_rows_are_grey(tmp_path: Path) -> None:
    snapshot = see(tmp_path, POOLED)
    assert snapshot.problems == ()
    city = at(snapshot, "bureau", "chem-1")
    assert city.progress is not None
    assert (city.progress.done, city.progress.needed, city.progress.share) == (70.0, 100.0, 70.0)
    assert (city.progress.reported, city.progress.asked) == (2, 3)
    rows = [at(snapshot, unit, "chem-1") for unit in ("east", "west")]
    assert [(s.status, s.light, s.is_owed) for s in rows] == [("contributing", "grey", False)] * 2


def test_the_city_is_done_when_the_sum_reaches_its_number(tmp_path: Path) -> None:
    full = {**POOLED, "2026-10/east.toml": POOLED["2026-10/east.toml"].replace("30", "60")}
    assert at(see(tmp_path, full), "bureau", "chem-1").status == "done"


def test_quotas_give_each_unit_its_own_share_to_answer_for(tmp_path: Path) -> None:
    snapshot = see(tmp_path, POOLED, as_of=date(2026, 12, 31), plans={"assignments.toml": QUOTAS})
    east, west, city = (at(snapshot, unit, "chem-1") for unit in ("east", "west", "bureau"))
    assert east.progress is not None
    assert west.progress is not None
    assert city.progress is not None
    assert (east.progress.share, west.progress.share, city.progress.share) == (50.0, 100.0, 70.0)
    assert east.light == "yellow"
    early = see(tmp_path, POOLED, known_by=datetime(2026, 8, 9, tzinfo=UTC))
    assert at(early, "east", "chem-1").status == "contributing"


# --- the fingerprint ---


def test_the_fingerprint_changes_with_what_went_in_and_with_nothing_else(tmp_path: Path) -> None:
    ruling = decision("verify", "east", "2026-11-20T09:00:00+08:00", 'item = "mine-7"')
    received = receipt("east.toml", OCT, "2026-11-02T09:00:00+08:00")
    files = {"2026-10/east.toml": OCT, "2026-10/receipts.toml": received, "2026-10/decisions.toml": ruling}
    first = datetime(2026, 11, 10, tzinfo=CHINA)
    one = see(tmp_path, files, known_by=first).fingerprint
    assert see(tmp_path, known_by=datetime(2026, 11, 15, tzinfo=CHINA)).fingerprint == one
    others = [
        see(tmp_path, known_by=first, as_of=date(2026, 10, 30)).fingerprint,
        see(tmp_path, known_by=datetime(2026, 11, 20, 9, tzinfo=CHINA)).fingerprint,
        see(tmp_path, {"2026-10/receipts.toml": received.replace("11-02", "11-01")}, known_by=first).fingerprint,
        see(tmp_path, {"2026-10/west.toml": head("west")}, known_by=first).fingerprint,
        see(tmp_path, known_by=first, plans={"mine.toml": tiny.MINE.replace("9月底前", "9月")}).fingerprint,
    ]
    assert len({one, *others}) == 6


def test_the_fingerprint_of_a_file_without_a_receipt_does_not_depend_on_when_one_looks(tmp_path: Path) -> None:
    build(tmp_path, {"2026-10/east.toml": OCT})
    assert see(tmp_path).fingerprint == see(tmp_path, known_by=datetime(2026, 11, 2, tzinfo=CHINA)).fingerprint


@pytest.mark.parametrize(("month", "last"), [(date(2026, 2, 1), 28), (date(2028, 2, 1), 29), (date(2026, 12, 1), 31)])
def test_a_month_ends_on_its_last_day(month: date, last: int) -> None:
    assert month_end(month).day == last
