"""What was judged once and kept: a second look at the same files says the same, and none says what is no longer so."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import pytest
from checklisted import PLANS, sheet_text
from tiny import CHINA, LATER, MINE, OCTOBER_END, PROGRAMME, QUOTAS, at, build, decision, head, receipt

from tracker import index, known, language
from tracker.cli import main
from tracker.figures import figures_of
from tracker.kept import Kept, Span
from tracker.lights import matrix
from tracker.problems import FaultyError
from tracker.snapshot import Books, Snapshot, take
from tracker.standing import Standing
from tracker.views import Filter
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent
GOING = 'state = "推进中"\n'
DONE = 'state = "已完成"\ndone_on = 2026-10-20\n'
EVENT = '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n'
ASSIGNED = QUOTAS.replace("at = 2026-08-10", "at = 2026-10-10")
LASTING = MINE.replace('every = "month"', 'every = "month"\nfrom_last_done = true')
DAYS = (date(2026, 9, 30), OCTOBER_END, date(2026, 11, 22))
INSTANT = timedelta(microseconds=1)


def entry(item: str, more: str = GOING) -> str:
    """An update."""
    return f'[[update]]\nitem = "{item}"\n{more}'


OPENING = (
    head(month="2026-07", more="opening = true") + entry("mine-1") + entry("mine-7", GOING + "done = 1\ntotal = 9\n")
)
EAST_9 = head(month="2026-09") + entry("mine-2@2026-09", DONE.replace("10-20", "09-12")) + EVENT
EAST = head(more='rest = "unchanged"') + entry("mine-1", DONE) + entry("chem-1", GOING + "done = 30\n")
EAST_2 = head() + entry("mine-1", DONE) + entry("chem-1", GOING + "done = 60\n") + EVENT.replace("10-12", "10-19")
WEST = head("west") + entry("chem-1", GOING + "done = 40\n") + entry("mine-6", 'state = "受阻"\nwaiting_on = "省"\n')
PROMISED = 'cause = "资金没有到位"\nmeasure = "已经协调落实"\npromised_on = 2026-12-20\n'
WEST += entry("mine-1", GOING + PROMISED)
RULINGS = (
    decision("return", "east", "2026-10-12T09:00:00+08:00", 'file = "east.toml"'),
    decision("accept", "east", "2026-10-13T09:00:00+08:00", 'file = "east.toml"'),
    decision("verify", "east", "2026-10-20T09:00:00+08:00", 'item = "mine-1"'),
    decision("reopen", "east", "2026-10-26T09:00:00+08:00", 'item = "mine-1"'),
    decision("extend", "west", "2026-10-21T09:00:00+08:00", 'item = "mine-1"\nuntil = 2026-11-15\n'),
    decision("correct", "west", "2026-11-05T09:00:00+08:00", f'item = "mine-7"\n{GOING}done = 3\ntotal = 4\n'),
    decision("waive", "west", "2026-11-06T09:00:00+08:00", 'item = "mine-2"\nground = "不涉及"\n'),
)
"""Rulings of many kinds, in October's folder."""


def files() -> dict[str, str | bytes]:
    """Files of every kind: received ones, ones without a receipt, one that cannot be read, rulings and an undo."""
    received = (
        receipt("east.toml", EAST, "2026-10-11T09:00:00+08:00"),
        receipt("east.2.toml", EAST_2, "2026-10-25T09:00:00+08:00"),
        receipt("broken.toml", "x =\n", "2026-10-24T09:00:00+08:00"),
    )
    return {
        "opening/east.toml": OPENING,
        "2026-09/east.toml": EAST_9,
        "2026-09/receipts.toml": receipt("east.toml", EAST_9, "2026-10-01T09:00:00+08:00"),
        "2026-10/east.toml": EAST,
        "2026-10/east.2.toml": EAST_2,
        "2026-10/west.toml": WEST,
        "2026-10/broken.toml": "x =\n",
        "2026-10/receipts.toml": "".join(received),
        "2026-10/decisions.toml": "".join(RULINGS),
    }


def moments() -> list[datetime]:
    """Every moment at which something was received, ruled or assigned, or from which the books count."""
    days = (1, 11, 12, 13, 20, 21, 24, 25, 26)
    of_october = [datetime(2026, 10, day, 9, tzinfo=CHINA) for day in days]
    of_november = [datetime(2026, 11, day, 9, tzinfo=CHINA) for day in (5, 6)]
    return [datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 10, 10, tzinfo=CHINA), *of_october, *of_november]


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    """A workspace in which much was sent and ruled."""
    return Workspace(build(tmp_path, files(), {"assignments.toml": ASSIGNED, "mine.toml": LASTING}))


FIELDS = [name for name, value in vars(Standing).items() if isinstance(value, (property, cached_property))]


def told(snapshot: Snapshot) -> tuple[object, ...]:
    """Everything that a snapshot says: every field of every standing in its order, what is late, and the problems."""
    several = [[getattr(s, name) for name in FIELDS] for s in snapshot.standings]
    late = [(s.occurrence.unit, s.occurrence.id) for s in snapshot.late]
    return snapshot.clocks, several, late, snapshot.problems


def look(here: Workspace, day: date = OCTOBER_END, by: datetime = LATER, programme: str = "city") -> Snapshot:
    """A snapshot by the index, as any command takes it."""
    snapshot, _problems = take(here, programme, day, by)
    assert snapshot is not None
    return snapshot


def fresh(here: Workspace, day: date = OCTOBER_END, by: datetime = LATER, programme: str = "city") -> Snapshot:
    """A snapshot without an index."""
    return look(Workspace(here.root, is_lasting=False), day, by, programme)


def is_kept(snapshot: Snapshot) -> bool:
    """Whether it was taken from what was kept."""
    return isinstance(snapshot.standings, Kept)


def kept_names(here: Workspace) -> set[str]:
    """Under what names something is kept of the programme's files."""
    assert here.index is not None
    with closing(sqlite3.connect(here.index)) as base:
        return {name for (name,) in base.execute("select name from kept where scope = 'city zh'")}


def put_aside(here: Workspace, names: str) -> None:
    """Delete what is kept under such names."""
    assert here.index is not None
    with closing(sqlite3.connect(here.index, isolation_level=None)) as base:
        base.execute("delete from kept where name like ?", (names,))


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
import contextlib, io, json, sys, time
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
now = time.time_ns
time.time_ns = lambda: now() + 60 * 10**9
from tracker.cli import main
out = io.StringIO()
with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
    main(sys.argv[1:])
print(json.dumps([sorted(sys.modules), [f for f in opened if "/status/" in f], out.getvalue()]))
"""


@pytest.mark.parametrize("command", ["overdue", "overdue --json", "matrix"])
def test_a_warm_look_opens_no_file_of_status_and_loads_no_reader(here: Workspace, command: str) -> None:
    said = [sys.executable, "-c", WARM, *command.split(), "-C", str(here.root), "--as-of", "2026-10-31"]
    runs = [json.loads(subprocess.run(said, capture_output=True, check=True, cwd=ROOT).stdout) for _n in range(2)]
    assert runs[0][2] == runs[1][2] != ""
    assert {"tracker.reading", "tracker.shelf", "pydantic"} <= set(runs[0][0])
    assert not SPARED & set(runs[1][0])
    assert len(runs[0][1]) >= len(files())
    assert runs[1][1] == []


@pytest.mark.usefixtures("later")
def test_what_is_not_late_is_not_read_by_who_asks_for_what_is_late(here: Workspace) -> None:
    look(here)
    kept = look(here)
    put_aside(here, "not late on %")
    assert kept.late == fresh(here).late
    assert not kept.books.is_read


# --- whatever changes is seen ---


def path_of(here: Workspace, name: str) -> Path:
    """A file of the programme's status."""
    return here.status("city") / name


def add(here: Workspace, name: str, text: str) -> None:
    """Put more at the end of a file."""
    path = path_of(here, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def replace_in(path: Path, before: str, after: str) -> None:
    """Other words in a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


UNDONE = decision("undo", "west", "2026-11-09T09:00:00+08:00", 'item = "mine-7"\nundoes = "{id}"\n')
SILENCE = '[[silence]]\ncode = "W12"\nuntil = 2026-12-31\nreason = "核实过"\nby = "刘某"\n'
CHANGES: dict[str, Callable[[Workspace], object]] = {
    "an edit": lambda here: replace_in(path_of(here, "2026-10/west.toml"), "done = 40", "done = 39"),
    "a new file": lambda here: add(here, "2026-10/west.2.toml", head("west") + entry("mine-1", GOING + PROMISED)),
    "a new month": lambda here: add(here, "2026-08/west.toml", head("west", "2026-08") + entry("mine-7", GOING)),
    "a deletion": lambda here: path_of(here, "2026-10/west.toml").unlink(),
    "a renaming": lambda here: path_of(here, "2026-10/east.2.toml").rename(path_of(here, "2026-10/east.3.toml")),
    "an opening file": lambda here: add(
        here, "opening/west.toml", head("west", "2026-07", "opening = true") + entry("mine-7")
    ),
    "a receipt": lambda here: add(
        here, "2026-10/receipts.toml", receipt("west.toml", WEST, "2026-11-01T09:00:00+08:00")
    ),
    "a ruling": lambda here: add(
        here, "2026-10/decisions.toml", decision("close", "west", "2026-11-08T09:00:00+08:00", 'item = "mine-1"')
    ),
    "an undo": lambda here: add(
        here,
        "2026-10/decisions.toml",
        UNDONE.format(id=next(d.id for d in fresh(here).decisions if d.kind == "correct")),
    ),
    "a narrative": lambda here: add(here, "2026-10/narrative.toml", 'problems = ["有的县区报送不及时。"]\n'),
    "a silence": lambda here: add(here, "silences.toml", SILENCE),
    "a signers file": lambda here: add(here, "allowed_signers", "east ssh-ed25519 AAAA\n"),
    "a plan": lambda here: replace_in(here.plans / "city" / "mine.toml", "due = 2026-09-30", "due = 2026-10-15"),
    "only the form of a plan": lambda here: (here.plans / "city" / "mine.toml").write_bytes(
        b"\xef\xbb\xbf" + LASTING.encode()
    ),
    "a threshold": lambda here: replace_in(
        here.plans / "city" / "programme.toml", "[[report]]", "[thresholds]\nwarning_days = 40\n[[report]]"
    ),
    "an assignment": lambda here: replace_in(here.plans / "city" / "assignments.toml", "2026-10-10", "2026-10-09"),
    "holidays": lambda here: (here.plans / "city" / "holidays.toml").write_text(
        '[[year]]\nyear = 2027\nnotice = "某通知"\n', encoding="utf-8"
    ),
}


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_seen_by_the_next_look(here: Workspace, change: str) -> None:
    look(here)
    before = look(here)
    assert is_kept(before)
    CHANGES[change](here)
    after = look(here)
    assert is_kept(after) == (change == "only the form of a plan")
    assert told(after) == told(fresh(here))
    assert after.fingerprint == fresh(here).fingerprint
    again = look(here)
    assert is_kept(again)
    assert told(again) == told(after)
    assert (again.silences, again.narrative) == (fresh(here).silences, fresh(here).narrative)


@pytest.mark.usefixtures("later")
def test_a_change_undone_is_as_before(here: Workspace) -> None:
    expected = told(look(here))
    path = path_of(here, "2026-10/west.toml")
    text = path.read_bytes()
    path.write_bytes(text.replace(b"40", b"41"))
    assert told(look(here)) != expected
    path.write_bytes(text)
    assert told(look(here)) == expected


@pytest.mark.usefixtures("later")
def test_a_problem_of_the_plans_comes_and_goes_with_it(here: Workspace) -> None:
    plan = here.plans / "city" / "mine.toml"
    clean = look(here).problems
    plan.write_bytes(b"\xef\xbb\xbf" + LASTING.encode())
    marked = look(here)
    assert is_kept(marked)
    assert [p.code for p in marked.problems] == ["W01", *(p.code for p in clean)]
    plan.write_text(LASTING, encoding="utf-8")
    assert look(here).problems == clean


@pytest.mark.usefixtures("later")
def test_a_new_sheet_and_a_ruling_on_it_are_seen(tmp_path: Path) -> None:
    here = Workspace(build(tmp_path, {"checklist/2026-Q3/north.toml": sheet_text()}, PLANS))
    statuses = []
    for name in ("", "south.toml", "south.2.toml"):
        if name:
            add(here, f"checklist/2026-Q3/{name}", sheet_text("south").replace("2026-09-20", "2026-10-05"))
        assert not is_kept(look(here))
        assert told(look(here)) == told(fresh(here))
        statuses.append(at(look(here), "east", "mine-8@2026-Q3").status)
    assert statuses == ["missed", "done", "done"]
    back = decision("return", "south", "2026-10-20T09:00:00+08:00", 'file = "south.2.toml"').replace(
        'unit = "south"', 'unit = "east"'
    )
    add(here, "checklist/2026-Q3/decisions.toml", back)
    assert not is_kept(look(here))
    assert told(look(here)) == told(fresh(here))


@pytest.mark.usefixtures("later")
def test_a_file_that_a_ruling_names_and_that_is_no_submission_is_missed_at_every_look(here: Workspace) -> None:
    """What lies beside the submissions is not looked at: whether it is there must make no difference."""
    add(
        here,
        "2026-10/decisions.toml",
        decision("return", "east", "2026-11-08T09:00:00+08:00", 'file = "east.xlsx"'),
    )
    first = look(here)
    path_of(here, "2026-10/east.xlsx").write_bytes(b"PK")
    assert told(look(here)) == told(fresh(here)) == told(first)
    assert "E07" in {p.code for p in first.problems}


@pytest.mark.usefixtures("later")
def test_another_version_of_the_program_judges_again(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    look(here)
    monkeypatch.setattr(known, "__version__", "99")
    assert not is_kept(look(here))
    assert is_kept(look(here))


@pytest.mark.usefixtures("later")
def test_each_language_keeps_its_own(here: Workspace) -> None:
    chinese = look(here).problems
    try:
        language.use("en")
        english = look(here)
        assert not is_kept(english)
        assert told(look(here)) == told(english) == told(fresh(here))
        assert english.problems != chinese
    finally:
        language.use("zh")
    assert is_kept(look(here))
    assert look(here).problems == chinese


# --- nothing is mixed ---


@pytest.mark.usefixtures("later")
def test_what_changed_since_the_look_is_refused_and_not_mixed_with_it(here: Workspace) -> None:
    look(here)
    asked: tuple[Callable[[Snapshot], object], ...] = (
        lambda seen: seen.filed,
        lambda seen: seen.decisions,
        lambda seen: seen.fingerprint,
        lambda seen: seen.on(date(2026, 11, 1)),
    )
    for ask in asked:
        seen = look(here)
        assert is_kept(seen)
        add(here, "2026-10/decisions.toml", "# 改动\n")
        for _n in range(2):
            with pytest.raises(FaultyError) as raised:
                ask(seen)
            assert (raised.value.problem.code, raised.value.problem.place.file) == ("E19", "status/city")
        look(here)


@pytest.mark.usefixtures("later")
def test_on_another_day_a_look_does_not_take_what_was_judged_from_changed_files(here: Workspace) -> None:
    """Somebody else has looked at the changed files on that day and kept what he saw."""
    day = date(2026, 11, 22)
    look(here)
    seen = look(here)
    path_of(here, "2026-10/west.toml").unlink()
    assert at(look(here, day), "west", "mine-1").record is None
    with pytest.raises(FaultyError):
        seen.on(day)
    with pytest.raises(FaultyError):
        list(seen.standings)  # the rest of what was kept is gone, and the files say something else


@pytest.mark.usefixtures("later")
def test_what_was_changed_while_it_was_read_is_judged_as_it_was_read(
    here: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept of it, and it takes nothing that was judged from the files as they are."""
    path, day = path_of(here, "2026-10/decisions.toml"), date(2026, 11, 22)
    read_bytes, left = Path.read_bytes, [1]

    def saved_meanwhile(asked: Path) -> bytes:
        content = read_bytes(asked)
        if asked == path and left.pop():
            left.append(0)
            with path.open("a", encoding="utf-8") as file:
                file.write(decision("close", "west", "2026-11-08T09:00:00+08:00", 'item = "mine-1"'))
        elif asked == path:
            left.append(0)
        return content

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", saved_meanwhile)
        seen = look(here)
    assert seen.shelf.key is None
    assert not any(name.startswith("late on") for name in kept_names(here))
    look(here, day)
    assert is_kept(look(here, day))
    assert not is_kept(seen.on(day))
    assert told(seen.on(day)) == told(Books.of(seen.shelf).on(day, LATER))


@pytest.mark.usefixtures("later")
def test_of_what_somebody_changed_in_mind_nothing_is_kept_and_nothing_taken(here: Workspace) -> None:
    snapshot = look(here)
    before = kept_names(here)
    day = date(2026, 11, 22)
    assert not is_kept(Books.of(snapshot.shelf).on(OCTOBER_END, LATER))
    assert not is_kept(Books.of(snapshot.shelf).on(day, LATER))
    assert kept_names(here) == before


# --- young files ---


def test_a_change_of_a_young_file_that_leaves_size_and_times_is_seen(here: Workspace) -> None:
    path = path_of(here, "2026-10/west.toml")
    look(here)
    assert is_kept(look(here))
    before = path.stat()
    replace_in(path, "done = 40", "done = 41")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = look(here)
    assert not is_kept(after)
    assert told(after) == told(fresh(here))


@pytest.mark.usefixtures("later")
def test_a_file_only_touched_is_no_change(here: Workspace) -> None:
    look(here)
    os.utime(path_of(here, "2026-10/west.toml"))
    assert is_kept(look(here))
    assert told(look(here)) == told(fresh(here))


# --- what may befall what is kept ---


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("lost", ["judged on %", "late on %", "not late on %", "%late on %", "% on %"])
def test_of_what_is_lost_the_rest_is_judged_again(here: Workspace, lost: str) -> None:
    expected = told(look(here))
    put_aside(here, lost)
    seen = look(here)
    assert is_kept(seen) == ("late" in lost)
    assert told(seen) == expected == told(fresh(here))


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("part", ["judged on 2026-10-31", "late on 2026-10-31", "not late on 2026-10-31"])
def test_what_does_not_prove_itself_is_judged_again(here: Workspace, part: str) -> None:
    expected = told(look(here))
    assert here.index is not None
    with closing(sqlite3.connect(here.index, isolation_level=None)) as base:
        changed = base.execute(
            "update kept set said = replace(said, '[', '[ ') where scope = 'city zh' and name = ?", (part,)
        )
        assert changed.rowcount == 1
    assert told(look(here)) == expected


@pytest.mark.usefixtures("later")
def test_a_touched_file_of_which_what_was_kept_is_damaged_is_read_again(here: Workspace) -> None:
    expected = told(look(here))
    assert here.index is not None
    name = "2026-10/west.toml"
    with closing(sqlite3.connect(here.index, isolation_level=None)) as base:
        assert base.execute("update kept set said = '[]' where name = ?", (f"status/city/{name}",)).rowcount == 1
    os.utime(path_of(here, name))
    seen = look(here)
    assert seen.books.is_read
    assert told(seen) == expected


@pytest.mark.usefixtures("later")
def test_what_is_lost_between_the_two_parts_is_judged_again_from_the_same_files(here: Workspace) -> None:
    expected = told(look(here))
    seen = look(here)
    assert is_kept(seen)
    assert here.index is not None
    here.index.unlink()
    assert told(seen) == expected
    assert is_kept(look(here)) is False


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("said", ["'[]'", "replace(said, '[', '[ ')"])
def test_a_record_whose_file_is_no_longer_kept_whole_is_read_again(here: Workspace, said: str) -> None:
    """What units said stands with their files; a row of the day only names the file."""
    expected = told(look(here))
    assert here.index is not None
    with closing(sqlite3.connect(here.index, isolation_level=None)) as base:
        changed = base.execute(f"update kept set said = {said} where name like 'status/city/2026-10/%st%.toml'")  # noqa: S608
        assert changed.rowcount > 1
    seen = look(here)
    assert is_kept(seen)
    assert not seen.books.is_read
    assert told(seen) == expected
    assert seen.books.is_read


@pytest.mark.usefixtures("later")
def test_a_record_whose_file_has_been_changed_and_read_meanwhile_is_refused(here: Workspace) -> None:
    def measures(standings: Iterable[Standing]) -> list[str]:
        return [s.record.update.measure for s in standings if s.record and s.record.update.measure]

    look(here)
    seen = look(here)
    standings = list(seen.standings)
    path_of(here, "2026-10/west.toml").write_text(WEST.replace("已经协调落实", "已经另行协调"), encoding="utf-8")
    assert measures(look(here).standings) == ["已经另行协调"]
    assert is_kept(seen)
    with pytest.raises(FaultyError, match="前后对不上"):
        measures(standings)


@pytest.mark.usefixtures("later")
def test_a_file_that_has_not_changed_is_merged_anew_without_being_understood(here: Workspace) -> None:
    look(here)
    path_of(here, "2026-10/east.2.toml").write_text(EAST_2.replace("done = 60", "done = 55"), encoding="utf-8")
    seen = look(here)
    assert not is_kept(seen)
    understood = {f.submission.file.removeprefix("status/city/"): "updates" in vars(f.submission) for f in seen.filed}
    assert understood["2026-10/west.toml"] is False
    assert [f.submission.gists for f in seen.filed] == [f.submission.gists for f in fresh(here).filed]
    assert told(seen) == told(fresh(here))


@pytest.mark.usefixtures("later")
def test_somebody_who_looks_up_to_another_moment_meanwhile_does_no_harm(here: Workspace) -> None:
    """The rest of what was seen has been written over by what was known at another moment."""
    early = datetime(2026, 10, 2, tzinfo=CHINA)
    look(here)
    seen = look(here)
    assert is_kept(seen)
    assert told(look(here, by=early)) == told(fresh(here, by=early))
    assert told(seen) == told(fresh(here))


@pytest.mark.usefixtures("later")
def test_where_nothing_can_be_written_everything_is_said_all_the_same(here: Workspace) -> None:
    assert here.index is not None
    expected = told(look(here))
    here.index.chmod(0o444)
    here.index.parent.chmod(0o555)
    try:
        assert told(look(here)) == expected
        assert told(look(here, DAYS[0])) == told(fresh(here, DAYS[0]))
    finally:
        here.index.parent.chmod(0o755)
    shutil.rmtree(here.index.parent)
    here.index.parent.write_text("a file in its place", encoding="utf-8")
    for _n in range(2):
        assert told(look(here)) == expected


@pytest.mark.usefixtures("later")
def test_an_index_that_another_program_is_writing_is_looked_into_and_left_alone(here: Workspace) -> None:
    look(here)
    before = kept_names(here)
    assert here.index is not None
    with closing(sqlite3.connect(here.index, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        assert is_kept(look(here))
        assert told(look(here, DAYS[0])) == told(fresh(here, DAYS[0]))
        assert kept_names(here) == before
        writer.execute("rollback")


def test_programs_that_look_at_once_on_several_days_agree(here: Workspace) -> None:
    days = ("2026-09-30", "2026-10-31", "2026-09-30", "2026-10-31")
    code = "import sys; from tracker.cli import main; main(sys.argv[1:])"
    said = [sys.executable, "-c", code, "overdue", "-C", str(here.root), "--json", "--as-of"]
    runs = [subprocess.Popen([*said, day], stdout=subprocess.PIPE, cwd=ROOT) for day in days]
    found = [(day, json.loads(run.communicate()[0])) for day, run in zip(days, runs, strict=True)]
    for day, rows in found:
        late = fresh(here, date.fromisoformat(day)).late
        assert sorted((row["unit"], row["item"]) for row in rows) == sorted(
            (s.occurrence.unit, s.occurrence.id) for s in late
        )
    assert told(look(here)) == told(fresh(here))


@pytest.mark.usefixtures("later")
def test_of_many_days_only_the_latest_are_kept_and_nothing_else_is_lost(here: Workspace) -> None:
    look(here)
    others = {name for name in kept_names(here) if " on " not in name}
    first = date(2026, 8, 1)
    asked = [first + timedelta(days=n) for n in range(index.MOST)]
    for day in asked:
        look(here, day)
        names = kept_names(here)
        assert sum(" on " in name for name in names) <= index.MOST + 3
        assert {name for name in names if " on " not in name} == others
    assert is_kept(look(here, asked[-1]))
    assert is_kept(look(here, asked[-index.MOST // 3]))
    assert not is_kept(look(here, asked[0]))
    for day in (asked[0], asked[-1]):
        assert told(look(here, day)) == told(fresh(here, day))


@pytest.mark.usefixtures("later")
def test_what_was_kept_of_files_as_they_were_is_forgotten(here: Workspace) -> None:
    for day in DAYS:
        look(here, day)
    add(here, "2026-10/decisions.toml", "# 改动\n")
    look(here)
    assert {name for name in kept_names(here) if " on " in name} == {
        f"{part} on {OCTOBER_END}" for part in ("judged", "late", "not late")
    }


# --- what is worked out of a day ---


@pytest.mark.usefixtures("later")
def test_lights_and_figures_are_worked_out_once_and_are_those_of_the_files(here: Workspace) -> None:
    early = datetime(2026, 10, 2, tzinfo=CHINA)
    expected = [(matrix(fresh(here, by=by)), figures_of(fresh(here, by=by))) for by in (LATER, early)]
    assert expected[0] != expected[1]
    for _n in range(3):
        for by, said in zip((LATER, early), expected, strict=True):
            look(here, by=by)
            seen = look(here, by=by)
            assert is_kept(seen)
            assert (matrix(seen), figures_of(seen)) == said


@pytest.mark.usefixtures("later")
def test_lights_that_were_worked_out_are_shown_without_reading_the_standings(here: Workspace) -> None:
    look(here)
    expected = matrix(look(here)), figures_of(look(here))
    put_aside(here, "%late on %")
    seen = look(here)
    assert (matrix(seen), figures_of(seen)) == expected
    assert not seen.books.is_read
    assert seen.shelf  # reading all files forgets none of it
    assert {"lights on 2026-10-31", "figures on 2026-10-31"} <= kept_names(here)
    east = Filter(unit="east")
    assert matrix(seen, east) == matrix(fresh(here), east)


@pytest.mark.usefixtures("later")
def test_lights_of_what_a_paper_may_not_name_are_worked_out_each_time(here: Workspace) -> None:
    look(here)
    seen = look(here)
    whole = figures_of(seen)
    assert figures_of(replace(seen, standings=seen.standings[:3])) != whole
    assert figures_of(look(here)) == whole


# --- anything at all ---

WORDS = (GOING, DONE, 'state = "受阻"\n', "x =\n", GOING + PROMISED, 'state = "不涉及"\n')
ITEMS = ("mine-1", "mine-2@2026-09", "mine-2@2026-10", "mine-7", "chem-1", "chem-3", "mine-99")
KINDS = ("return", "accept", "verify", "refuse", "reopen", "extend", "correct", "waive", "suspend", "close", "undo")


def any_ruling(chance: random.Random, made: Iterable[str]) -> str:
    """A ruling of any kind at one of a few moments, not always a right one."""
    kind, unit = chance.choice(KINDS), chance.choice(("east", "west"))
    moment = f"2026-{chance.choice(('10-05', '10-25', '11-05'))}T09:00:00+08:00"
    more = f'item = "{chance.choice(ITEMS)}"\n'
    match kind:
        case "return" | "accept" if chance.random() < 0.7:
            more = f'file = "{unit}.toml"\n'
        case "extend":
            more += "until = 2026-12-01\n"
        case "correct":
            more += chance.choice(WORDS)
        case "waive":
            more += 'ground = "不涉及"\n'
        case "undo":
            more += f'undoes = "{chance.choice([*made, "0123456789"])}"\n'
    return decision(kind, unit, moment, more)


def happen(here: Workspace, chance: random.Random) -> None:
    """Something is written, added, renamed or deleted."""
    folder = chance.choice(("2026-09", "2026-10", "opening"))
    month = folder if folder != "opening" else "2026-07"
    unit = chance.choice(("east", "west"))
    name = chance.choice((f"{unit}.toml", f"{unit}.2.toml"))
    path = path_of(here, f"{folder}/{name}")
    path.parent.mkdir(exist_ok=True)
    match chance.choice(("write", "write", "write", "delete", "rename", "receive", "rule", "rule", "plan")):
        case "delete":
            path.unlink(missing_ok=True)
        case "rename" if path.exists():
            path.rename(path.with_name(f"{unit}.3.toml"))
        case "receive" if path.exists():
            digest = sha256(path.read_bytes()).hexdigest()
            moment = f"2026-{chance.choice(('10-02', '10-20', '11-02'))}T09:00:00+08:00"
            add(
                here,
                f"{folder}/receipts.toml",
                f'[[receipt]]\nfile = "{name}"\nsha256 = "{digest}"\nreceived = {moment}\n',
            )
        case "rule":
            add(here, "2026-10/decisions.toml", any_ruling(chance, [d.id for d in fresh(here).shelf.decisions]))
        case "plan":
            warned = PROGRAMME + f"[thresholds]\nwarning_days = {chance.choice((5, 40))}\n"
            (here.plans / "city" / "programme.toml").write_text(warned, encoding="utf-8")
        case _:
            opening = "opening = true\n" if folder == "opening" else chance.choice(("", 'rest = "unchanged"\n'))
            said = "".join(entry(item, chance.choice(WORDS)) for item in chance.sample(ITEMS, 3))
            path.write_text(head(unit, month, opening) + said + chance.choice(("", EVENT)), encoding="utf-8")


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("seed", range(10))
def test_whatever_happens_what_is_kept_is_what_a_reading_without_an_index_says(tmp_path: Path, seed: int) -> None:
    """Looks on few days and moments between the changes; one begun before a change says what was, or stops."""
    here = Workspace(build(tmp_path, plans={"assignments.toml": ASSIGNED, "mine.toml": LASTING}))
    chance = random.Random(seed)
    marked = [datetime(2026, month, day, 9, tzinfo=CHINA) for month, day in ((10, 2), (10, 5), (11, 2))]
    times = [LATER, LATER, datetime(2026, 7, 1, tzinfo=CHINA), *marked, *(m + timedelta(hours=1) for m in marked)]
    several = 0
    for _step in range(12):
        day, by = chance.choice(DAYS[1:]), chance.choice(times)
        begun, expected = look(here, day, by), told(fresh(here, day, by))
        happen(here, chance)
        try:
            assert told(begun) == expected
            begun.shelf  # noqa: B018 - asked for only now
        except FaultyError:
            assert is_kept(begun)
        for _n in range(2):
            day, by = chance.choice(DAYS[1:]), chance.choice(times)
            seen = look(here, day, by)
            several += is_kept(seen)
            assert told(seen) == told(fresh(here, day, by))
            assert told(look(here, day, by)) == told(seen)
    assert several


@pytest.mark.usefixtures("later")
def test_a_row_put_there_by_somebody_else_is_found_by_index_check(
    here: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.combine(look(here).clocks.as_of, datetime.min.time(), CHINA).replace(hour=12)
    assert main(["overdue", "-C", str(here.root)], now) == 0
    assert main(["index", "--check", "-C", str(here.root)], now) == 0
    programme, _problems = known.plans(here, "city")
    assert programme is not None
    kept_of = known.index_of(here, programme)
    key = known.digest_of_files(kept_of, here, "city")
    assert key is not None
    name = f"late on {now.date()}"
    said = kept_of.kept(name, key)
    assert said is not None
    kept_of.put(name, key, said.replace('"overdue"', '"missed"', 1))
    kept_of.save(forgets=False)
    capsys.readouterr()
    assert main(["index", "--check", "-C", str(here.root)], now) == 1
    assert f"status/city {now.date()}" in capsys.readouterr().out
