"""Whatever changes is seen by the next look, and nothing that was judged before is mixed with it."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from checklisted import PLANS, sheet_text
from kept_city import (
    GOING,
    LASTING,
    PROMISED,
    WEST,
    add,
    entry,
    fresh,
    is_kept,
    kept_names,
    look,
    path_of,
    replace_in,
    told,
)
from tiny import LATER, OCTOBER_END, at, build, decision, head, receipt

from tracker import known, language
from tracker.problems import FaultyError
from tracker.snapshot import Books, Snapshot
from tracker.workspace import Workspace

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
def test_plans_that_changed_since_the_look_are_refused_and_not_mixed_with_it(here: Workspace) -> None:
    look(here)
    seen = look(here)
    replace_in(here.plans / "city" / "mine.toml", "月度排查", "每月排查")
    with pytest.raises(FaultyError) as raised:
        _ = seen.programme
    assert (raised.value.problem.code, raised.value.problem.place.file) == ("E19", "plans/city")
    assert look(here).programme.milestones["mine-2"].title == "每月排查"


@pytest.mark.usefixtures("later")
def test_a_remark_in_the_plans_changes_nothing_that_was_seen(here: Workspace) -> None:
    look(here)
    seen = look(here)
    replace_in(here.plans / "city" / "mine.toml", "[[task]]", "# 说明\n[[task]]")
    assert seen.programme.id == "city"
    assert is_kept(look(here))


@pytest.mark.usefixtures("later")
def test_plans_that_are_gone_since_the_look_are_refused(here: Workspace) -> None:
    look(here)
    seen = look(here)
    (here.plans / "city" / "programme.toml").unlink()
    with pytest.raises(FaultyError, match="前后对不上"):
        _ = seen.programme


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
