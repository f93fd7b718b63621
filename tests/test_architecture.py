"""Imports run one way, and what a command does not need is not loaded."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def loaded_by(code: str) -> set[str]:
    """Top-level modules loaded after running code in a fresh interpreter."""
    script = f"{code}\nimport sys, json\nprint(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_the_import_contract_holds() -> None:
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml")) == EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("module", ["tracker.cli", "tracker.language", "tracker.problems"])
def test_help_waits_for_nothing_heavy(module: str) -> None:
    heavy = {"pydantic", "pydantic_core", "pendulum", "docx", "lxml", "chinese_calendar", "tomli_w"}
    assert not loaded_by(f"import {module}") & heavy


def test_only_a_word_file_loads_the_word_library() -> None:
    used = "import tracker.cli as c; c.main(['overdue', '--as-of', '2026-10-31', '--json'])"
    assert "docx" not in loaded_by(
        f"import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()):\n    {used}"
    )


def test_every_dependency_has_its_reason_on_its_line() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = [
        line
        for line in text.split("[project.scripts]")[0].splitlines()
        if line.startswith('    "') and "::" not in line
    ]
    assert [line for line in lines if "#" not in line] == []


def test_only_the_agreed_things_stand_at_the_top() -> None:
    run = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=False, cwd=ROOT)
    if run.returncode != 0:
        pytest.skip("not a git checkout")
    top = {line.partition("/")[0] for line in run.stdout.splitlines()}
    assert top <= {
        "tracker", "plans", "status", "tests", "pyproject.toml", "README.md",
        "LICENSE", "CHANGELOG.md", ".gitignore", ".ci",
    }  # fmt: skip
