"""What most tests begin with: the tiny programme, and what a file of it is checked against."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import books
import kept_city
import pytest
import sample
import tiny
from autumn import october as of_october
from hypothesis import settings
from programs import program

from tracker.occurrences import Occurrence, expand
from tracker.plans import Programme
from tracker.snapshot import Snapshot
from tracker.submissions import Context
from tracker.workspace import Workspace

# Tests go to other folders, and start other processes there: what is found here is found everywhere.
sys.path[:] = [str(Path(entry).resolve()) if entry else entry for entry in sys.path]
if paths := os.environ.get("PYTHONPATH"):
    os.environ["PYTHONPATH"] = os.pathsep.join(str(Path(path).resolve()) for path in paths.split(os.pathsep))

# A busy machine is no mistake of the program.
settings.register_profile("tracker", deadline=None)
settings.load_profile("tracker")


@pytest.fixture(scope="session")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """The tiny programme, read once."""
    return tiny.programme(tmp_path_factory.mktemp("programme"))


@pytest.fixture(scope="session")
def context(programme: Programme) -> Context:
    """What a file of the tiny programme is checked against."""
    owed: dict[str, dict[str, Occurrence]] = {}
    for o in expand(programme):
        owed.setdefault(o.unit, {})[o.id] = o
    return Context(programme, {}, owed)


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """October of the tiny workspace, in which nothing was ever said."""
    return tiny.see(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def form_out(snapshot: Snapshot) -> bytes:
    """East's form for October as it goes out."""
    return books.blank(snapshot)


@pytest.fixture(scope="session")
def october() -> Snapshot:
    """The sample at the end of October, as known soon after."""
    return sample.october()


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    """A city in which much was sent and ruled."""
    return kept_city.city(tmp_path)


@pytest.fixture
def autumn(tmp_path: Path) -> Snapshot:
    """The tiny programme on the last day of October, when something has been said of it."""
    return of_october(tmp_path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny workspace, into which nothing has come yet."""
    return tiny.build(tmp_path / "w")


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A key each of 东山县, 高新区 and a stranger, made once."""
    folder = tmp_path_factory.mktemp("keys")
    made = {name: folder / name for name in ("east", "west", "stranger")}
    for name, path in made.items():
        command = [
            program("ssh-keygen", "openssh-client"),
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-C",
            name,
            "-f",
            str(path),
        ]
        subprocess.run(command, check=True)
    return made


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading happens a minute after the files were written, so that none is too young."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 60 * 10**9)
