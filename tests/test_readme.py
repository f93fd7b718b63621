"""The README is executed: every shell block runs, and what it says is printed is printed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", README, flags=re.MULTILINE | re.DOTALL)
INSTALLS = [command for command, _said in BLOCKS if "pip install" in command]
USES = [(command, said) for command, said in BLOCKS if "pip install" not in command]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as a newcomer has it, and a ``tracker`` command beside it."""
    folder = tmp_path_factory.mktemp("readme")
    copied = folder / "project"
    left = shutil.ignore_patterns(".git", ".packages", ".*_cache", "__pycache__", ".hypothesis", ".venv", ".coverage*")
    shutil.copytree(ROOT, copied, ignore=left)
    (folder / "bin").mkdir()
    command = folder / "bin" / "tracker"
    # What this interpreter finds, wherever the command is called from.
    path = os.pathsep.join([str(copied), *(str(Path(entry).resolve()) for entry in sys.path if entry)])
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{path}" exec "{sys.executable}" -m tracker "$@"\n')
    command.chmod(0o755)
    return copied


def run(block: str, folder: Path, *, installed: bool) -> str:
    """What a block prints on stdout."""
    path = f"{folder.parent / 'bin'}:{os.environ['PATH']}" if installed else os.environ["PATH"]
    environment = {**os.environ, "PATH": path}
    for name in ("PYTEST_ADDOPTS", "TRACKER_LANG", *(() if installed else ("PYTHONPATH",))):
        environment.pop(name, None)
    ended = subprocess.run(
        ["bash", "-euc", block], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=900
    )
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout


def test_the_readme_begins_with_what_it_is_a_picture_and_two_commands() -> None:
    assert README.index("![") < README.index("```sh")
    assert len(INSTALLS) == 2
    assert all(command.count("\n") == 1 for command in INSTALLS)
    for picture in re.findall(r'(?:!\[[^]]*\]\(|src=")([^)"]+)', README):
        assert (ROOT / picture).stat().st_size > 10_000


@pytest.mark.parametrize(("block", "said"), USES, ids=[block.split("\n")[0][:40] for block, _said in USES])
def test_the_commands_do_what_the_readme_says(checkout: Path, block: str, said: str) -> None:
    printed = run(block, checkout, installed=True)
    if said:
        assert printed == said


def test_the_first_command_installs_and_runs_the_main_job(checkout: Path) -> None:
    printed = run(INSTALLS[0], checkout, installed=False)
    assert "逾期天数\t单位" in printed
    assert "关于2026年10月份聊城市安全生产治本攻坚三年行动进展情况的通报" in printed


def test_the_second_command_is_the_one_that_ci_runs() -> None:
    """It would run this very test: ``.ci/run`` takes it from the README, word for word."""
    assert "pytest" in INSTALLS[1]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "/pytest/p" in script
    assert "README.md" in script
