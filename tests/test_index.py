"""The index: what it spares is not read, what it says is what the files say, and nothing that befalls it matters."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from checklisted import PLANS, sheet_text
from tiny import CHINA, build, decision, head, receipt

from tracker import index, known, language, reading
from tracker.cli import main
from tracker.plan_files import load
from tracker.reading import Files
from tracker.told import counted, listening
from tracker.workspace import Workspace

ROOT = Path(__file__).parent.parent
DONE = '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-20\n'
OPEN = """
[[update]]
item = "mine-1"
state = "推进中"
cause = "资金没有到位"
measure = "已经协调"
promised_on = 2026-12-31
"""


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    """Two months of two units, with receipts and rulings."""
    east = head() + OPEN
    files = {
        "2026-09/east.toml": head(month="2026-09") + OPEN,
        "2026-10/east.toml": east,
        "2026-10/west.toml": head("west") + DONE,
        "2026-10/receipts.toml": receipt("east.toml", east, "2026-11-01T09:00:00+08:00"),
        "2026-10/decisions.toml": decision("return", "west", "2026-11-02T09:00:00+08:00", 'file = "west.toml"\n'),
    }
    return Workspace(build(tmp_path, files))


def unkept(workspace: Workspace) -> Workspace:
    """The same folder, read without an index."""
    return Workspace(workspace.root, is_lasting=False)


def files_of(workspace: Workspace, programme: str = "city") -> Files:
    """What all files say."""
    found, problems = known.plans(workspace, programme)
    assert found is not None
    return reading.files(workspace, found, problems)


def opened(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> set[str]:
    """The files whose bytes are read while something is done, by name."""
    names: list[str] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        names.append(path.name)
        return read_bytes(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", noted)
        work()
    return {name for name in names if "plans" not in name}


def rows(workspace: Workspace) -> dict[str, str]:
    """What the index says of each file, as it lies there."""
    assert workspace.index is not None
    with sqlite3.connect(workspace.index) as base:
        return dict(base.execute("select name, said from kept").fetchall())


# --- what it spares ---


@pytest.mark.parametrize("command", ["overdue", "matrix", "summary", "missing --month 2026-10"])
def test_a_second_command_reads_no_unchanged_file_and_loads_no_reader(here: Workspace, command: str) -> None:
    code = """
import contextlib, io, json, sys, time
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
now = time.time_ns
time.time_ns = lambda: now() + 60 * 10**9
from tracker.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    main(sys.argv[1:])
print(json.dumps([sorted({m.partition(".")[0] for m in sys.modules}), [f for f in opened if "/status/" in f]]))
"""
    said = [sys.executable, "-c", code, *command.split(), "-C", str(here.root)]
    runs = [json.loads(subprocess.run(said, capture_output=True, check=True, cwd=ROOT).stdout) for _n in range(2)]
    assert not {"pydantic", "pydantic_core", "pendulum", "textual"} & set(runs[1][0])
    assert "pydantic" in runs[0][0]
    assert runs[1][1] == []
    assert len(runs[0][1]) >= 5


@pytest.mark.usefixtures("later")
def test_only_what_changed_is_read_again(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    files_of(here)
    (here.status("city") / "2026-10" / "west.toml").write_text(head("west") + OPEN, encoding="utf-8")
    unchanged_plans = {path.name for path in (here.plans / "city").iterdir()}
    assert opened(monkeypatch, lambda: files_of(here)) - unchanged_plans == {"west.toml"}
    assert files_of(here) == files_of(unkept(here))


@pytest.mark.usefixtures("later")
def test_what_the_city_grants_has_the_units_files_checked_again(here: Workspace) -> None:
    files_of(here)
    granted = 'item = "mine-1"\nuntil = 2026-12-31\n'
    with (here.status("city") / "2026-10" / "decisions.toml").open("a", encoding="utf-8") as file:
        file.write(decision("extend", "east", "2026-10-20T09:00:00+08:00", granted))
    assert files_of(here) == files_of(unkept(here))


# --- what could deceive it ---


def test_a_change_that_leaves_size_and_times_is_found_while_the_file_is_young(here: Workspace) -> None:
    path = here.status("city") / "2026-10" / "west.toml"
    files_of(here)
    before = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("09-20", "09-21"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    young = path.stat()
    assert (young.st_size, young.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert files_of(here) == files_of(unkept(here))


def test_a_young_file_is_hashed_again_and_an_old_one_is_not(
    here: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a")
    found = index.hashed(path)
    assert found is not None
    for age, is_certain in ((0, False), (index.GRANULE, False), (index.GRANULE + 1, True)):
        newest = max(found.modified, found.changed)
        seen = index.Stamp(found.size, found.modified, found.changed, newest + age, found.digest)
        assert seen.is_of(found) == is_certain
    assert opened(monkeypatch, lambda: files_of(here)) >= {"east.toml", "west.toml"}
    assert opened(monkeypatch, lambda: files_of(here)) >= {"east.toml", "west.toml"}


@pytest.mark.usefixtures("later")
def test_a_file_only_touched_is_hashed_and_not_read(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    files_of(here)
    before = rows(here)
    os.utime(here.status("city") / "2026-10" / "west.toml")
    assert "west.toml" in opened(monkeypatch, lambda: files_of(here))
    assert rows(here) == before
    assert "west.toml" not in opened(monkeypatch, lambda: files_of(here))


@pytest.mark.usefixtures("later")
def test_deleted_and_renamed_files_are_forgotten(here: Workspace) -> None:
    files_of(here)
    folder = here.status("city") / "2026-10"
    (folder / "west.toml").rename(folder / "west.2.toml")
    (folder / "east.toml").unlink()
    assert files_of(here) == files_of(unkept(here))
    names = {Path(name).name for name in rows(here) if "2026-10" in name}
    assert names == {"west.2.toml", "receipts.toml", "decisions.toml"}


@pytest.mark.usefixtures("later")
def test_a_file_that_was_a_folder_or_is_none_any_more_is_told_as_before(here: Workspace) -> None:
    path = here.status("city") / "2026-10" / "north.toml"
    path.mkdir()
    for _n in range(2):
        assert files_of(here) == files_of(unkept(here))
    path.rmdir()
    path.write_text("", encoding="utf-8")
    assert files_of(here) == files_of(unkept(here))


EDITS = (OPEN, DONE, "", "x =\n", DONE + DONE, '[[update]]\nitem = "mine-99"\nstate = "推进中"\n')
RULED = ('item = "mine-1"\nuntil = 2026-12-31\n', 'item = "mine-99"\nuntil = 2026-12-31\n', "until = 1\n", "")


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_to_the_files_the_index_says_what_they_say(here: Workspace, seed: int) -> None:
    """Edits, rulings, receipts, events, deletions and renames in any order: as a reading without an index."""
    chance = random.Random(seed)
    status = here.status("city")
    for _step in range(12):
        folder = status / chance.choice(("2026-09", "2026-10", "opening"))
        folder.mkdir(exist_ok=True)
        path = folder / chance.choice(("east.toml", "west.toml", "west.2.toml", "receipts.toml", "decisions.toml"))
        month = folder.name if folder.name != "opening" else "2026-08"
        unit, words = path.name.partition(".")[0], chance.choice(EDITS)
        match path.name, chance.choice(("write", "write", "write", "delete", "event")):
            case _, "delete":
                path.unlink(missing_ok=True)
            case "receipts.toml", _:
                path.write_text(receipt("east.toml", head() + words, "2026-11-01T09:00:00+08:00"), encoding="utf-8")
            case "decisions.toml", _:
                ruled = decision("extend", unit="east", at="2026-10-20T09:00:00+08:00", more=chance.choice(RULED))
                path.write_text(ruled, encoding="utf-8")
            case _, "event":
                planned = f'ref = "e{chance.randint(1, 2)}"\nplanned = 2026-11-0{chance.randint(1, 9)}\n'
                event = f'[[event]]\nkind = "trial"\nname = "某厂"\n{planned}'
                path.write_text(head(unit, month) + words + event, encoding="utf-8")
            case _:
                opening = "opening = true\n" if folder.name == "opening" else ""
                path.write_text(head(unit, month, opening) + words, encoding="utf-8")
        assert files_of(here) == files_of(unkept(here))


@pytest.mark.usefixtures("later")
def test_sheets_and_checklists_come_back_as_they_were(tmp_path: Path) -> None:
    text = sheet_text()
    sheets = {"2026-Q3/plant": text, "2026-Q2/plant": text, "2026-Q3/empty": ""}
    here = Workspace(build(tmp_path, {f"checklist/{name}.toml": said for name, said in sheets.items()}, PLANS))
    first = files_of(here)
    assert first.problems
    assert files_of(here) == first == files_of(unkept(here))


@pytest.mark.usefixtures("later")
def test_the_sample_is_the_same_with_and_without(tmp_path: Path) -> None:
    for folder in ("plans", "status"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    here = Workspace(tmp_path)
    for programme in here.programmes:
        fresh = files_of(unkept(here), programme)
        for _n in range(2):
            again = files_of(here, programme)
            assert again == fresh
            assert repr(again) == repr(fresh)


@pytest.mark.usefixtures("later")
def test_what_changes_while_it_is_read_is_not_kept(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is saved again between two looks would be kept as what it was not."""
    read_bytes = Path.read_bytes
    changing = {"west.toml": 0, "decisions.toml": 0, "mine.toml": 0}

    def saved_meanwhile(path: Path) -> bytes:
        content = read_bytes(path)
        if changing.get(path.name, 9) < 2:
            changing[path.name] += 1
            path.write_bytes(content + b"\n")
        return content

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", saved_meanwhile)
        files_of(here)
    assert not {"decisions.toml", "city"} & {Path(name).name for name in rows(here)}
    assert files_of(here) == files_of(unkept(here))


def test_a_plan_that_is_a_folder_is_told_and_noticed_when_it_goes(here: Workspace) -> None:
    path = here.plans / "city" / "assignments.toml"
    path.mkdir()
    assert known.plans(here, "city") == load(here.plans, "city") == known.plans(here, "city")
    path.rmdir()
    assert known.plans(here, "city") == load(here.plans, "city")


# --- for what it is kept ---


@pytest.mark.usefixtures("later")
def test_an_edited_plan_or_holiday_has_everything_read_again(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    files_of(here)
    plan = here.plans / "city" / "mine.toml"
    for path, text in (
        (plan, plan.read_text(encoding="utf-8").replace("2026-09-30", "2026-10-15", 1)),
        (here.plans / "city" / "holidays.toml", '[[year]]\nyear = 2027\nnotice = "某通知"\n'),
    ):
        path.write_text(text, encoding="utf-8")
        assert opened(monkeypatch, lambda: files_of(here)) >= {"east.toml", "west.toml"}
        assert files_of(here) == files_of(unkept(here))
        assert load(here.plans, "city") == known.plans(here, "city")


@pytest.mark.usefixtures("later")
def test_another_version_of_the_program_reads_everything_again(
    here: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    files_of(here)
    assert "east.toml" not in opened(monkeypatch, lambda: files_of(here))
    monkeypatch.setattr(known, "__version__", "99")
    assert "east.toml" in opened(monkeypatch, lambda: files_of(here))
    assert "east.toml" not in opened(monkeypatch, lambda: files_of(here))


@pytest.mark.usefixtures("later")
def test_each_language_has_its_own_words(here: Workspace) -> None:
    (here.status("city") / "2026-10" / "north.toml").write_text("", encoding="utf-8")
    chinese = files_of(here).problems
    try:
        language.use("en")
        assert files_of(here).problems == files_of(unkept(here)).problems != chinese
    finally:
        language.use("zh")
    assert files_of(here).problems == chinese


# --- what may befall it ---


@pytest.mark.usefixtures("later")
def test_a_torn_or_foreign_index_is_thrown_away_with_a_word(
    here: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = files_of(here)
    assert here.index is not None
    whole = here.index.read_bytes()
    foreign = here.root / "other.sqlite"
    with sqlite3.connect(foreign) as base:
        base.execute("create table kept (name)")
    another_form = whole[:60] + (99).to_bytes(4, "big") + whole[64:]
    for content in (b"no database", foreign.read_bytes(), whole[: len(whole) // 2], whole[:2000], another_form):
        here.index.write_bytes(content)
        assert main(["overdue", "-C", str(here.root)], datetime(2026, 11, 21, tzinfo=CHINA)) == 0
        assert "已丢弃重建" in capsys.readouterr().err
        assert files_of(here) == expected
        assert rows(here)


@pytest.mark.usefixtures("later")
def test_an_empty_index_is_simply_filled(here: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    (here.root / ".tracker").mkdir()
    (here.root / ".tracker" / "index.sqlite").touch()
    main(["overdue", "-C", str(here.root)], datetime(2026, 11, 21, tzinfo=CHINA))
    assert "索引" not in capsys.readouterr().err
    assert rows(here)


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("seed", range(40))
def test_wrong_bytes_anywhere_change_no_answer(here: Workspace, seed: int) -> None:
    """A row that does not prove itself counts for nothing, whether or not SQLite sees the damage."""
    expected = files_of(here)
    assert here.index is not None
    chance = random.Random(seed)
    content = bytearray(here.index.read_bytes())
    for _n in range(chance.choice((1, 20, 400))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    here.index.write_bytes(content)
    assert files_of(here) == expected
    assert files_of(here) == expected


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("said", ["[]", "{", "null", '["",[],3]', "[[[[]]]]"])
def test_a_row_that_says_no_such_thing_is_read_again(here: Workspace, said: str) -> None:
    expected = files_of(here)
    assert here.index is not None
    forged = index.Index.open(here.index, "city zh", "")
    assert forged._unfit
    with sqlite3.connect(here.index) as base:
        for scope, name, epoch, *looks in base.execute(
            "select scope, name, epoch, size, modified, changed, seen, digest from kept"
        ).fetchall():
            row = index.Row(index.Stamp(*looks), said)
            base.execute(
                "insert or replace into kept values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row.values(scope, name, epoch)
            )
    assert files_of(here) == expected


@pytest.mark.usefixtures("later")
def test_where_nothing_can_be_written_all_is_read_anew(here: Workspace) -> None:
    expected = files_of(unkept(here))
    blocked = here.root / ".tracker"
    blocked.write_text("a file in its place", encoding="utf-8")
    assert files_of(here) == expected
    assert main(["index", "-C", str(here.root)]) == 0
    blocked.unlink()
    (blocked / "index.sqlite").mkdir(parents=True)
    assert files_of(here) == expected
    assert main(["index", "--rebuild", "-C", str(here.root)]) == 1


@pytest.mark.usefixtures("later")
def test_an_index_that_another_program_is_writing_is_left_alone(here: Workspace) -> None:
    expected = files_of(here)
    before = rows(here)
    assert here.index is not None
    writer = sqlite3.connect(here.index, isolation_level=None)
    writer.execute("begin immediate")
    (here.status("city") / "2026-10" / "west.toml").write_text(head("west") + OPEN, encoding="utf-8")
    changed = files_of(here)
    assert changed != expected
    writer.execute("rollback")
    writer.close()
    assert rows(here) == before
    assert files_of(here) == changed == files_of(unkept(here))


@pytest.mark.usefixtures("later")
def test_a_reader_in_the_way_of_a_writer_is_not_waited_for(here: Workspace) -> None:
    files_of(here)
    before = rows(here)
    assert here.index is not None
    reader = sqlite3.connect(here.index, isolation_level=None)
    reader.execute("begin")
    reader.execute("select * from kept").fetchone()
    (here.status("city") / "2026-10" / "west.toml").write_text(head("west") + OPEN, encoding="utf-8")
    assert files_of(here) == files_of(unkept(here))
    reader.close()
    assert rows(here) == before
    files_of(here)
    assert rows(here) != before


@pytest.mark.usefixtures("later")
def test_a_torn_index_that_cannot_be_deleted_is_not_used(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = files_of(here)
    assert here.index is not None
    here.index.write_bytes(b"no database")

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert files_of(here) == expected
    assert here.index.read_bytes() == b"no database"


REFRESH = "import sys; from tracker.cli import main; main(['overdue', '-C', sys.argv[1], '--json'])"


def test_programs_that_refresh_at_once_agree(here: Workspace) -> None:
    runs = [
        subprocess.Popen([sys.executable, "-c", REFRESH, str(here.root)], stdout=subprocess.PIPE, cwd=ROOT)
        for _n in range(6)
    ]
    said = {run.communicate()[0] for run in runs}
    assert {run.returncode for run in runs} == {0}
    assert len(said) == 1
    assert json.loads(said.pop())
    assert main(["index", "--check", "-C", str(here.root)]) == 0


KILLED = """
import os, signal, sqlite3, sys
from tracker import index
from tracker.cli import main
left = int(sys.argv[2])

class Dying(sqlite3.Connection):
    def _step(self):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(self, *args):
        self._step()
        return super().execute(*args)

    def executemany(self, sql, rows):
        def stepping():
            for row in rows:
                self._step()
                yield row
        return super().executemany(sql, stepping())

connect = sqlite3.connect
index.sqlite3.connect = lambda *a, **k: connect(*a, **k, factory=Dying)
main(["index", "-C", sys.argv[1]])
"""


def test_killed_at_any_step_it_harms_nothing(here: Workspace) -> None:
    expected = files_of(unkept(here))
    killed = step = 0
    while killed == step:
        step += 1
        run = subprocess.run(
            [sys.executable, "-c", KILLED, str(here.root), str(step)], capture_output=True, cwd=ROOT, check=False
        )
        killed += run.returncode == -signal.SIGKILL
        assert files_of(here) == expected
        assert main(["index", "--check", "-C", str(here.root)]) == 0
        shutil.rmtree(here.root / ".tracker")
    assert killed > 15


def test_what_is_copied_for_a_moment_keeps_no_index(here: Workspace) -> None:
    files_of(unkept(here))
    assert not (here.root / ".tracker").exists()


def test_git_does_not_see_it(here: Workspace) -> None:
    files_of(here)
    assert (here.root / ".tracker" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_what_was_put_down_is_not_put_down_again_and_is_still_known(here: Workspace) -> None:
    kept = index.Index.open(here.index, "city", "now")
    kept.put("a", "key", "one")
    assert kept.has_new
    kept.save(forgets=False)
    assert not kept.has_new
    assert kept.kept("a", "key") == "one"
    assert here.index is not None
    with closing(sqlite3.connect(here.index, isolation_level=None)) as base:
        base.execute("delete from kept where name = 'a'")
    kept.put("b", "key", "two")
    kept.save(forgets=False)
    again = index.Index.open(here.index, "city", "now")
    assert (again.kept("a", "key"), again.kept("b", "key")) == (None, "two")


def test_what_could_not_be_put_down_is_put_down_the_next_time(here: Workspace) -> None:
    files_of(here)
    assert here.index is not None
    kept = index.Index.open(here.index, "city", "now")
    kept.put("a", "key", "one")
    with closing(sqlite3.connect(here.index, isolation_level=None)) as other:
        other.execute("begin immediate")
        kept.save(forgets=False)
        assert kept.has_new
        other.execute("rollback")
    kept.save(forgets=False)
    assert index.Index.open(here.index, "city", "now").kept("a", "key") == "one"


TWO_THREADS = """
import sys, threading
from pathlib import Path
from tracker.index import Index
kept = Index.open(Path(sys.argv[1]), "city", "now")
kept.put("a", "key", "one")
kept.save(forgets=False)
said = set()
def write():
    for n in range(100):
        kept.put(f"b{n}", "key", "two")
        kept.save(forgets=False)
def read():
    for n in range(1000):
        said.add(kept.kept("a", "key"))
threads = [threading.Thread(target=work) for work in (write, read, read)]
[one.start() for one in threads]
[one.join() for one in threads]
again = Index.open(Path(sys.argv[1]), "city", "now")
assert said == {"one"}, said
assert all(again.kept(f"b{n}", "key") == "two" for n in range(100))
"""


def test_two_threads_may_ask_and_put_down_at_once(here: Workspace) -> None:
    """In a process of its own: a connection closed under somebody who reads ends the whole process."""
    assert here.index is not None
    run = subprocess.run([sys.executable, "-c", TWO_THREADS, here.index], capture_output=True, cwd=ROOT, check=False)
    assert (run.returncode, run.stderr) == (0, b"")


def test_a_mistake_of_our_own_does_not_throw_the_index_away(here: Workspace) -> None:
    kept = index.Index.open(here.index, "city", "now")
    kept.put("a", "key", "one")
    kept.save(forgets=False)
    assert kept.kept("a", "key") == "one"
    assert kept._base is not None
    kept._base.close()
    assert kept.kept("a", "key") is None
    assert index.Index.open(here.index, "city", "now").kept("a", "key") == "one"


# --- the command ---


def lie(workspace: Workspace, name: str, true: str, false: str) -> None:
    """Have the index say something else of one file, with a right checksum."""
    assert workspace.index is not None
    base = sqlite3.connect(workspace.index, isolation_level=None)
    columns = "scope, name, epoch, size, modified, changed, seen, digest, said"
    for scope, found, epoch, *looks, said in base.execute(f"select {columns} from kept").fetchall():  # noqa: S608
        if found == name:
            assert true in said
            row = index.Row(index.Stamp(*looks), said.replace(true, false)).values(scope, name, epoch)
            base.execute("insert or replace into kept values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    base.close()


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    ("name", "true", "false", "told"),
    [
        ("status/city/2026-10/west.toml", "2026-09-20", "2026-09-19", "status/city/2026-10/west.toml"),
        ("status/city/2026-10/decisions.toml", "刘某", "王某", "status/city"),
        ("plans", "甲市", "乙市", "plans/city"),
        ("heading", "甲市", "乙市", "plans/city"),
    ],
)
def test_the_command_refreshes_checks_and_rebuilds(
    here: Workspace, capsys: pytest.CaptureFixture[str], name: str, true: str, false: str, told: str
) -> None:
    assert main(["index", "-C", str(here.root)]) == 0
    assert "索引已更新" in capsys.readouterr().err
    assert main(["index", "--check", "-C", str(here.root)]) == 0
    assert "一致" in capsys.readouterr().err
    lie(here, name, true, false)
    assert main(["index", "--check", "-C", str(here.root)]) == 1
    assert capsys.readouterr().out == f"{told}：索引与文件不一致。\n"
    assert main(["index", "--rebuild", "-C", str(here.root)]) == 0
    assert main(["index", "--check", "-C", str(here.root)]) == 0


@pytest.mark.parametrize("how", [[], ["--check"], ["--rebuild"]])
def test_the_command_has_nothing_to_keep_of_plans_that_cannot_be_read(here: Workspace, how: list[str]) -> None:
    (here.plans / "city" / "programme.toml").write_text("", encoding="utf-8")
    assert main(["index", *how, "-C", str(here.root)]) == 0


# --- how far it is ---


class Terminal:
    """A terminal that remembers."""

    def __init__(self, *, is_terminal: bool) -> None:
        self.text = ""
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        """Whether somebody looks."""
        return self.is_terminal

    def write(self, text: str) -> int:
        """Remember."""
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


@pytest.mark.parametrize(("is_terminal", "seconds", "is_shown"), [(True, 1, True), (False, 1, False), (True, 0, False)])
def test_long_reading_shows_how_far_it_is_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool, seconds: int, is_shown: bool
) -> None:
    ticks = iter(range(0, 1000 * seconds, seconds)) if seconds else iter([0] * 1000)
    monkeypatch.setattr(time, "monotonic", lambda: next(ticks))
    out = Terminal(is_terminal=is_terminal)
    with listening(out):  # type: ignore[arg-type]
        assert list(counted(list(range(8)))) == list(range(8))
    assert ("4/8 份" in out.text) == is_shown
    assert out.text.endswith("\r\x1b[K") == is_shown
    assert list(counted([1])) == [1]
