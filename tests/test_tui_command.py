"""``tracker`` alone and ``tracker ui``: the app in a real terminal, help in a pipe."""

import os
import pty
import select
import struct
import subprocess
import sys
from datetime import datetime
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import pytest
from programs import environment
from tiny import PROGRAMME, build

from tracker.cli import main
from tracker.clocks import CHINA

NOW = datetime(2026, 11, 1, 9, tzinfo=CHINA)
LONGEST = 60
"""Seconds after which a terminal that stays silent has failed."""


def in_a_terminal(root: Path, *arguments: str, until: str, keys: str = "q") -> tuple[str, int]:
    """What the program drew in a terminal up to some words, and how it ended after the keys."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [sys.executable, "-m", "tracker", *arguments]
    env = environment(TERM="xterm-256color")
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=root, env=env) as run:
        os.close(theirs)
        drawn = b""
        asked = False
        while select.select([ours], [], [], LONGEST)[0]:
            try:
                more = os.read(ours, 65536)
            except OSError:
                break
            drawn += more
            if not more:
                break
            if not asked and until.encode() in drawn:
                asked = True
                os.write(ours, keys.encode())
        code = run.wait(LONGEST)
    os.close(ours)
    return drawn.decode(errors="replace"), code


def test_tracker_alone_opens_the_app_in_a_terminal(tmp_path: Path) -> None:
    drawn, code = in_a_terminal(build(tmp_path), until="东山县")
    assert "甲市安全生产行动" in drawn
    assert code == 0


def test_the_clocks_and_the_language_may_be_given(tmp_path: Path) -> None:
    drawn, code = in_a_terminal(build(tmp_path), "ui", "--as-of", "2026-09-30", "--lang", "en", until="东山县")
    assert "2026-09-30" in drawn
    assert code == 0


def test_the_programme_that_runs_is_opened_and_another_may_be_named(tmp_path: Path) -> None:
    old = PROGRAMME.replace("甲市安全", "旧的").replace("2026-", "2024-")
    build(tmp_path)
    folder = tmp_path / "plans" / "before"
    folder.mkdir()
    for name in ("mine.toml", "chem.toml"):
        text = (tmp_path / "plans" / "city" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("2026-", "2024-"), encoding="utf-8")
    (folder / "programme.toml").write_text(old, encoding="utf-8")
    drawn, _code = in_a_terminal(tmp_path, "ui", "--as-of", "2026-10-31", until="东山县")
    assert "甲市安全生产行动" in drawn
    drawn, _code = in_a_terminal(tmp_path, "ui", "--as-of", "2025-10-31", until="东山县")
    assert "旧的" in drawn
    drawn, _code = in_a_terminal(tmp_path, "ui", "-P", "city", "--as-of", "2024-10-31", until="东山县")
    assert "甲市安全生产行动" in drawn
    misspelt = PROGRAMME.replace("short =", "shrot =")
    assert misspelt != PROGRAMME
    (tmp_path / "plans" / "city" / "programme.toml").write_text(misspelt, encoding="utf-8")
    drawn, _code = in_a_terminal(tmp_path, "ui", "--as-of", "2026-10-31", until="方案文件有错")
    assert "旧的" not in drawn


def test_in_a_pipe_tracker_alone_prints_help(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for arguments in ([], ["--lang", "en"], ["--lang=en"]):
        assert main(arguments, NOW, tmp_path) == 0
        assert "tracker overdue --as-of 2026-10-31" in capsys.readouterr().out


def test_in_a_pipe_the_app_is_not_opened(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["ui"], NOW, build(tmp_path)) == 2
    assert "在终端里打开" in capsys.readouterr().err


def test_without_a_workspace_the_app_says_how_to_make_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["ui"], NOW, tmp_path) == 2
    assert "tracker init" in capsys.readouterr().err


def test_only_the_app_loads_textual() -> None:
    code = (
        "import sys\nfrom tracker.cli import main\n"
        "try:\n    main(['ui', '--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'textual', 'pypinyin'} & set(sys.modules)\n"
        "import tracker.tui.app\nassert 'pypinyin' not in sys.modules"
    )
    root = Path(__file__).parent.parent
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    assert run.returncode == 0, run.stderr
