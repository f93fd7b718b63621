"""Every place as it was when somebody last looked: a change is shown as a change of these texts.

After looking at the screens: ``TRACKER_GOLDEN=write python -m pytest tests/test_tui_pictures.py``.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from screen_dumps import dump
from screens import opened
from test_tui_hostile import FILES as HOSTILE
from test_tui_hostile import PLANS as HOSTILE_PLANS
from test_tui_places import FILES
from tiny import build

GOLDEN = Path(__file__).parent / "golden" / "screens"


def compare(name: str, lines: list[str]) -> None:
    """The lines are those that are kept; or keep these."""
    path, text = GOLDEN / f"{name}.txt", "\n".join(lines) + "\n"
    if os.environ.get("TRACKER_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "size", "looks"),
    [("narrow", (80, 24), True), ("wide", (120, 40), False), ("empty", (80, 24), False), ("hostile", (100, 30), False)],
)
async def test_every_place_looks_as_it_did(tmp_path: Path, name: str, size: tuple[int, int], looks: bool) -> None:
    files = {"empty": None, "hostile": HOSTILE}.get(name, FILES)
    root = build(tmp_path, files, HOSTILE_PLANS if name == "hostile" else None)
    lines: list[str] = []
    await dump(root, size, looks=looks, say=lines.append)
    compare(name, lines)


def test_every_place_looks_as_it_did_in_english(tmp_path: Path) -> None:
    script = Path(__file__).parent / "screen_dumps.py"
    command = [sys.executable, str(script), str(build(tmp_path, FILES)), "100x30", "en"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(script.parent.parent), *sys.path])}
    run = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8", env=env)
    assert run.returncode == 0, run.stderr
    compare("english", run.stdout.splitlines())


async def test_without_colour_every_light_has_its_sign_and_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(build(tmp_path, FILES), size=(120, 40)) as seen:
        styles = {s.style for line in seen.app.screen._compositor.render_strips() for s in line if s.style}
        coloured = [c for style in styles for c in (style.color, style.bgcolor) if c is not None]
        assert all(len(set(c.get_truecolor())) == 1 for c in coloured)
        signs = ("x 红", "! 黄", "+ 绿", "- 灰")
        cells = [cell for row in seen.cells("#matrix") for cell in row[1:] if cell.strip("- ")]
        assert cells
        assert all(cell.startswith(signs) for cell in cells)
        for key, selector, column in (("2", "#rows", 6), ("4", "#units", 1), ("9", "#waiting", 4)):
            await seen.press(key)
            found = [row[column] for row in seen.cells(selector) if len(row) > 1 and row[column]]
            assert all(cell[:2] in ("x ", "! ", "+ ", "- ") for cell in found)
        assert "›" in seen.text
        assert "[9 待办]" in seen.lines[1]
        assert all(cell_len(line) == 120 for line in seen.lines)
