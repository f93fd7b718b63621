"""Texts that look like markup, terminal commands, links or right-to-left, on every screen, wide and narrow."""

import subprocess
import sys
from pathlib import Path

import pytest
from hostile import FILES, PLANS
from screens import Seen, opened
from textual.widgets import Tree
from tiny import build

from tracker.tui.reasons import Reasons

SIZES = [(60, 20), (80, 24), (200, 60)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace whose every text is out for trouble."""
    return build(tmp_path / "w", FILES, PLANS)


async def walk(seen: Seen) -> None:
    """Through every place and page, looking at each."""
    for keys in (
        ("1",), ("tab",), ("enter",), ("escape",), ("1",), ("c",), ("m",), ("o",), ("w",), ("escape",), ("escape",),
        ("2",), ("y",), ("g",), ("slash", "d"), ("escape",), ("f",), ("escape",), ("w",), ("escape",), ("enter",),
        ("3",), *[("right",), ("down",)] * 6, ("enter",), ("enter",),
        ("4",), ("left_square_bracket",), ("enter",), ("w",), ("escape",), ("escape",), ("down",), ("enter",),
        ("5",), ("left",), ("k",), ("tab",), ("enter",),
        ("6",), ("left_square_bracket",), ("f",), ("escape",), ("x",), ("escape",),
        ("8",), ("down",), ("enter",), ("escape",),
        ("question_mark",), ("escape",), ("ctrl+p",), ("escape",),
    ):  # fmt: skip
        await seen.press(*keys)
        seen.whole()
        assert "\x1b" not in seen.text
        assert "\u202e" not in seen.text


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_texts_go_through_every_screen_as_text(root: Path, size: tuple[int, int]) -> None:
    async with opened(root, size=size) as seen:
        await walk(seen)
        assert seen.app.is_running


async def test_what_looks_like_markup_is_shown_letter_by_letter(root: Path) -> None:
    as_written = r"[/x] [[a]] [@click=app.bell]按[/] \ "[:-1]
    async with opened(root, size=(400, 60)) as seen:
        assert f"行动{as_written}" in seen.lines[0]
        assert f"东{as_written}" in seen.text
        assert f"矿{as_written}" in seen.text
        await seen.press("2")
        assert f"名单{as_written}" in seen.text
        await seen.press("slash", *"政府", "enter", "enter")
        assert f"名单{as_written}" in seen.heading
        assert f"原因：原因{as_written}" in seen.text
        await seen.press("w")
        assert isinstance(seen.app.screen, Reasons)
        assert f"东{as_written}《名单{as_written}》" in seen.text
        await seen.press("escape", "3")
        labels = [str(node.label) for node in seen.view.query_one(Tree).root.children]
        assert labels[0].endswith(f"矿{as_written}")


async def test_a_search_for_brackets_finds_and_says_brackets(root: Path) -> None:
    async with opened(root) as seen:
        await seen.press("2", "slash", "left_square_bracket", "slash", "x")
        assert "查找“[/x”" in seen.heading
        assert len(seen.cells()) > 0


def test_in_english_every_place_is_whole_at_80_columns(tmp_path: Path) -> None:
    script = f"""
import asyncio, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from tracker.language import use
use("en")
from screens import opened
from tiny import build
async def main():
    for size in ((80, 24), (160, 40)):
        async with opened(build(Path({str(tmp_path)!r})), size=size) as seen:
            for key in "12345681":
                await seen.press(key)
                seen.whole()
            await seen.press("c", "w", "escape", "question_mark", "escape")
            seen.whole()
            print(seen.text)
asyncio.run(main())
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert "unreported" in run.stdout.casefold()
