"""Every place as it was when somebody last looked: a change is shown as a change of these texts.

After looking at the screens: ``TRACKER_GOLDEN=write python -m pytest tests/test_tui_pictures.py``.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checklisted import CHECKLIST, ENTERPRISES, SHEETS, sheet_text
from checklisted import PLANS as SHEET_PLANS
from checklisted import files as sheet_files
from checklisted import found as scored
from contrasts import faint
from hostile import EVIL, WORSE
from hostile import FILES as HOSTILE
from hostile import PLANS as HOSTILE_PLANS
from rich.cells import cell_len
from screen_dumps import PAGES, SCORES, dump
from screens import FILES, opened
from tiny import build

GOLDEN = Path(__file__).parent / "golden" / "screens"


def compare(name: str, lines: list[str]) -> None:
    """The lines are those that are kept; or keep these."""
    path, text = GOLDEN / f"{name}.txt", "\n".join(lines) + "\n"
    if os.environ.get("TRACKER_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def hostile_sheets() -> tuple[dict[str, str | bytes], dict[str, str]]:
    """Files and plans in which the checklist, an enterprise and what was found of it are out for trouble."""
    checklist = CHECKLIST.replace("逐岗写职责", EVIL).replace("缺清单", f"缺{EVIL}").replace('"基础', f'"基{WORSE}')
    named = ENTERPRISES.replace("示例北矿有限公司", f"北{WORSE}").replace('"北矿"', f'"短{EVIL}"')
    body = (scored("1.1.1") + scored("1.1.A1", 1, f'evidence = ["{EVIL}"]')).replace("看到了", EVIL)
    return sheet_files(north=sheet_text(body=body)), {
        **SHEET_PLANS,
        "check.toml": checklist,
        "enterprises.toml": named,
    }


WORLDS = {
    "narrow": (FILES, None, (80, 24)),
    "wide": (FILES, None, (120, 40)),
    "vast": (FILES, None, (200, 60)),
    "empty": (None, None, (80, 24)),
    "hostile": (HOSTILE, HOSTILE_PLANS, (100, 30)),
    "scores-narrow": (SHEETS, SHEET_PLANS, (80, 24)),
    "scores-wide": (SHEETS, SHEET_PLANS, (120, 40)),
    "scores-hostile": (*hostile_sheets(), (100, 30)),
}


@pytest.mark.parametrize("name", WORLDS)
async def test_every_place_looks_as_it_did(tmp_path: Path, name: str) -> None:
    files, plans, size = WORLDS[name]
    lines: list[str] = []
    pages = SCORES if name.startswith("scores") else PAGES
    await dump(build(tmp_path, files, plans), size, pages=pages, looks=name.endswith("narrow"), say=lines.append)
    compare(name, lines)


@pytest.mark.parametrize(
    ("name", "files", "plans"), [("english", FILES, None), ("scores-english", SHEETS, SHEET_PLANS)]
)
def test_every_place_looks_as_it_did_in_english(
    tmp_path: Path, name: str, files: dict[str, str], plans: dict[str, str] | None
) -> None:
    script = Path(__file__).parent / "screen_dumps.py"
    wanted = ["scores"] if name.startswith("scores") else []
    command = [sys.executable, str(script), str(build(tmp_path, files, plans)), "100x30", "en", *wanted]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(script.parent.parent), *sys.path])}
    run = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8", env=env)
    assert run.returncode == 0, run.stderr
    compare(name, run.stdout.splitlines())


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("name", ["wide", "scores-wide"])
async def test_every_text_stands_out_in_both_looks(tmp_path: Path, name: str, look: str) -> None:
    files, plans, _size = WORLDS[name]
    async with opened(build(tmp_path, files, plans), size=(160, 50)) as seen:
        if look == "light":
            await seen.press("t")
        for page, keys in (SCORES if name.startswith("scores") else PAGES).items():
            await seen.press(*keys)
            assert faint(seen.app.screen) == set(), page


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
