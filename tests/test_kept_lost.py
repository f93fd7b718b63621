"""Whatever befalls what was kept: at worst it is judged again."""

import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from kept_city import (
    ASSIGNED,
    DAYS,
    DONE,
    EAST_2,
    EVENT,
    GOING,
    LASTING,
    PROMISED,
    ROOT,
    WEST,
    add,
    entry,
    fresh,
    is_kept,
    kept_names,
    look,
    path_of,
    put_aside,
    told,
)
from tiny import CHINA, LATER, OCTOBER_END, PROGRAMME, build, decision, head

from tracker import index, known
from tracker.cli import main
from tracker.problems import FaultyError
from tracker.standing import Standing
from tracker.workspace import Workspace


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


NAMED = re.compile(r'(?:worked_out|picked|name =)\(?\s*f?"([a-z ]+?)(?: \{[^"]*)?"')
"""What is kept of a day is named where it is worked out."""


@pytest.mark.usefixtures("later")
def test_index_check_looks_at_all_that_is_kept_of_a_day(here: Workspace) -> None:
    """Whoever keeps something more has it compared, too."""
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tracker").glob("*.py")))
    named = set(NAMED.findall(code)) - {"rulings"}
    assert named >= {"overdue", "lights", "figures", "worst", "reported of", "counts by", "fingerprint"}
    now = datetime.combine(OCTOBER_END, datetime.min.time(), CHINA).replace(hour=12)
    assert main(["index", "--check", "-C", str(here.root)], now) == 0
    kept = {name.partition(" on ")[0] for name in kept_names(here) if name.endswith(f" on {OCTOBER_END}")}
    assert {name for name in named if not any(one.startswith(name) for one in kept)} == set()


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    ("name", "true", "false"),
    [
        ("late", '"overdue"', '"missed"'),
        ("overdue", '"overdue"', '"missed"'),
        ("lights", '"red"', '"green"'),
        ("figures", "[", "[1"),
        ("waiting", '"mine-6","west"', '"mine-6","east"'),
        ("counts by 2026-10-31", '"city"', '"city1"'),
        ("reported of 2026-10 by 2026-10-31", '"awaited"', '"missing"'),
        ("fingerprint", '"', '"0'),
    ],
)
def test_a_row_put_there_by_somebody_else_is_found_by_index_check(
    here: Workspace, capsys: pytest.CaptureFixture[str], name: str, true: str, false: str
) -> None:
    now = datetime.combine(look(here).clocks.as_of, datetime.min.time(), CHINA).replace(hour=12)
    for _n in range(2):
        assert main(["index", "--check", "-C", str(here.root)], now) == 0
    programme, _problems = known.plans(here, "city")
    assert programme is not None
    kept_of = known.index_of(here, programme.id, known.content_of(programme))
    name = f"{name} on {now.date()}"
    key = kept_of.digest(name)
    assert key is not None
    said = kept_of.kept(name, key)
    assert said is not None
    assert true in said
    kept_of.put(name, key, said.replace(true, false, 1))
    kept_of.save(forgets=False)
    capsys.readouterr()
    assert main(["index", "--check", "-C", str(here.root)], now) == 1
    assert f"status/city {now.date()}" in capsys.readouterr().out
