"""What was judged once and kept: a second look at the same files says the same."""

import json
import random
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from checklisted import PLANS, sheet_text
from kept_city import (
    DAYS,
    EAST,
    INSTANT,
    OPENING,
    ROOT,
    files,
    fresh,
    is_kept,
    look,
    moments,
    put_aside,
    told,
)
from tiny import CHINA, LATER, at, build

from tracker.kept_day import Span
from tracker.snapshot import Books
from tracker.workspace import Workspace


def test_the_files_of_these_tests_say_something_of_every_kind(here: Workspace) -> None:
    snapshot = fresh(here, date(2026, 11, 22))
    assert {p.code for p in snapshot.problems} >= {"E02"}
    assert {s.light for s in snapshot.standings} == {"red", "yellow", "green", "grey"}
    assert any(s.record is not None and s.record.correction for s in snapshot.standings)
    assert any(s.occurrence.event for s in snapshot.standings)
    assert any(s.occurrence.quota for s in snapshot.standings)
    assert any(s.promised_on for s in snapshot.standings)
    assert at(snapshot, "west", "mine-2@2026-10").status == "not-applicable"
    assert at(snapshot, "east", "mine-2@2026-10").occurrence.due == date(2026, 10, 12)


# --- the same again ---


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("day", DAYS)
def test_at_every_moment_a_second_look_says_what_the_first_said_and_what_the_files_say(
    here: Workspace, day: date
) -> None:
    """Before, at and after each receipt, ruling and assignment, in any order, whatever was kept between."""
    judged = Books.of(fresh(here).shelf)
    asked = [LATER, *(moment + step for moment in moments() for step in (-INSTANT, INSTANT * 0, INSTANT))]
    random.Random(day.day).shuffle(asked)
    for by in asked:
        expected = told(judged.on(day, by))
        assert told(look(here, day, by)) == expected
        again = look(here, day, by)
        assert told(again) == expected
        assert is_kept(again) == (by not in moments())


@pytest.mark.usefixtures("later")
def test_at_a_moment_itself_nothing_is_kept_and_what_was_stays(here: Workspace) -> None:
    by = datetime(2026, 10, 20, 9, tzinfo=CHINA)
    assert not is_kept(look(here, by=by - INSTANT))
    assert is_kept(look(here, by=by - INSTANT))
    assert not is_kept(look(here, by=by))
    assert not is_kept(look(here, by=by))
    assert is_kept(look(here, by=by - INSTANT))


@pytest.mark.usefixtures("later")
def test_what_the_books_began_with_is_not_known_before_they_began(tmp_path: Path) -> None:
    here = Workspace(build(tmp_path, {"opening/east.toml": OPENING}))
    for by in (datetime(2026, 7, 1, tzinfo=CHINA), LATER, datetime(2026, 7, 2, tzinfo=CHINA)):
        for _n in range(2):
            assert told(look(here, by=by)) == told(fresh(here, by=by))
    assert at(look(here), "east", "mine-1").record is not None


@pytest.mark.usefixtures("later")
def test_the_sample_says_the_same_at_a_second_look(tmp_path: Path) -> None:
    for folder in ("plans", "status"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    here = Workspace(tmp_path)
    times = [
        (date(2026, 10, 31), datetime(2026, 11, 22, 9, tzinfo=CHINA)),
        (date(2026, 9, 30), datetime(2026, 10, 3, tzinfo=CHINA)),
    ]
    for programme in here.programmes:
        for day, by in times:
            expected = fresh(here, day, by, programme)
            assert told(look(here, day, by, programme)) == told(expected)
            again = look(here, day, by, programme)
            assert is_kept(again)
            assert told(again) == told(expected)
            assert repr(again.late) == repr(expected.late)
            assert again.fingerprint == expected.fingerprint


@pytest.mark.usefixtures("later")
def test_sheets_that_close_a_duty_are_kept_with_it(tmp_path: Path) -> None:
    sheets = {f"checklist/2026-Q3/{name}.toml": sheet_text(name) for name in ("north", "south")}
    here = Workspace(build(tmp_path, sheets, PLANS))
    for _n in range(2):
        assert told(look(here)) == told(fresh(here))
    assert is_kept(look(here))
    assert at(look(here), "east", "mine-8@2026-Q3").is_done


@pytest.mark.usefixtures("later")
def test_a_kept_snapshot_is_a_sequence_and_has_all_that_a_fresh_one_has(here: Workspace) -> None:
    expected = look(here)
    kept = look(here)
    assert is_kept(kept)
    assert not is_kept(expected)
    assert len(kept.standings) == len(expected.standings)
    assert kept.standings[0] == expected.standings[0]
    assert list(kept.standings[2:5]) == list(expected.standings[2:5])
    assert list(reversed(kept.standings)) == list(reversed(expected.standings))
    assert expected.standings[-1] in kept.standings
    assert kept.by_key == expected.by_key
    assert set(kept.standings) == set(expected.standings)
    assert kept.fingerprint == expected.fingerprint
    assert (kept.filed, kept.decisions, kept.sheets) == (expected.filed, expected.decisions, expected.sheets)
    assert (kept.held_files, kept.silences, kept.narrative) == (
        expected.held_files,
        expected.silences,
        expected.narrative,
    )
    assert kept.shelf == expected.shelf


@pytest.mark.usefixtures("later")
def test_the_fingerprint_is_the_same_kept_or_fresh(here: Workspace) -> None:
    for by in (LATER, datetime(2026, 10, 22, tzinfo=CHINA)):
        look(here, by=by)
        assert is_kept(look(here, by=by))
        assert look(here, by=by).fingerprint == fresh(here, by=by).fingerprint


@pytest.mark.usefixtures("later")
def test_another_day_of_a_snapshot_is_the_same_kept_or_fresh(here: Workspace) -> None:
    day = date(2026, 11, 22)
    look(here)
    first = look(here).on(day)  # judged, and kept
    second = look(here).on(day)
    assert (is_kept(first), is_kept(second)) == (False, True)
    assert told(first) == told(second) == told(fresh(here, day)) == told(fresh(here).on(day))
    read = look(here)
    assert read.shelf is read.books.shelf
    assert is_kept(read.on(day))
    assert told(read.on(day)) == told(first)


@pytest.mark.usefixtures("later")
def test_a_day_after_the_close_is_kept_as_the_day_of_the_close(here: Workspace) -> None:
    look(here, date(2027, 5, 1))
    assert is_kept(look(here, date(2026, 12, 31)))
    assert told(look(here, date(2028, 1, 1))) == told(fresh(here, date(2028, 1, 1)))


@pytest.mark.usefixtures("later")
def test_what_has_no_receipt_is_known_from_when_one_looks(tmp_path: Path) -> None:
    here = Workspace(build(tmp_path, {"2026-10/east.toml": EAST}))
    look(here)
    for by in (datetime(2026, 11, 2, tzinfo=CHINA), datetime(2026, 11, 3, tzinfo=CHINA), LATER):
        kept = look(here, by=by)
        assert is_kept(kept)
        record = at(kept, "east", "mine-1").record
        assert record is not None
        assert record.known == by
        assert told(kept) == told(fresh(here, by=by))


def test_a_span_holds_what_lies_between_its_ends_alone() -> None:
    first, last = datetime(2026, 10, 1, tzinfo=CHINA), datetime(2026, 10, 2, tzinfo=CHINA)
    span = Span(first, last)
    assert [span.holds(m) for m in (first, first + INSTANT, last - INSTANT, last)] == [False, True, True, False]
    assert Span(None, last).holds(first - timedelta(days=9999))
    assert Span(first, None).holds(LATER)
    assert Span(None, None).holds(first)


# --- what a warm look spares ---

SPARED = {
    *("tracker.shelf", "tracker.reading", "tracker.source", "tracker.door", "tracker.plan_files", "tracker.closing"),
    *("pydantic", "pydantic_core", "pendulum", "wcwidth", "toml_rs", "textual", "docx"),
}
WARM = """
import sys
begun = set(sys.modules)  # what this machine's Python loads by itself is not ours
import contextlib, io, json, time
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
now = time.time_ns
time.time_ns = lambda: now() + 60 * 10**9
from tracker.cli import main
out = io.StringIO()
with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
    main(sys.argv[1:])
print(json.dumps([sorted(set(sys.modules) - begun), [f for f in opened if "/status/" in f], out.getvalue()]))
"""


SPARED_BY_A_LIST = {
    *("dataclasses", "inspect", "shutil", "difflib"),
    *("tracker.plans", "tracker.kept", "tracker.standing", "tracker.views", "tracker.submissions", "tracker.workdays"),
}
"""Of a list that was kept whole nothing is understood; ``dataclasses`` alone takes as long as starting Python."""


@pytest.mark.parametrize("command", ["overdue", "overdue --json", "matrix"])
def test_a_warm_look_opens_no_file_of_status_and_loads_no_reader(here: Workspace, command: str) -> None:
    said = [sys.executable, "-c", WARM, *command.split(), "-C", str(here.root), "--as-of", "2026-10-31"]
    runs = [json.loads(subprocess.run(said, capture_output=True, check=True, cwd=ROOT).stdout) for _n in range(2)]
    assert runs[0][2] == runs[1][2] != ""
    assert {"tracker.reading", "tracker.shelf", "pydantic"} <= set(runs[0][0])
    assert not (SPARED | (SPARED_BY_A_LIST if command == "overdue" else set())) & set(runs[1][0])
    assert len(runs[0][1]) >= len(files())
    assert runs[1][1] == []


@pytest.mark.usefixtures("later")
def test_what_is_not_late_is_not_read_by_who_asks_for_what_is_late(here: Workspace) -> None:
    look(here)
    kept = look(here)
    put_aside(here, "not late on %")
    assert kept.late == fresh(here).late
    assert not kept.books.is_read
