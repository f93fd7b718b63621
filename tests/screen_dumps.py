"""The places as text: each line of the screen, and below it where its looks change. For comparing, not for reading.

    python tests/screen_dumps.py 工作区 80x24 zh|en [scores]

prints every place and the pages behind them, or those of the scores alone. Textual's SVG pictures would be compared
as well, but they squash Chinese and are megabytes: these say the same, letters and looks, in a few kilobytes.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from rich.segment import Segment
from rich.style import Style

from tracker.language import use

PAGES: dict[str, tuple[str, ...]] = {
    "overview": ("1",),
    "county": ("c",),
    "overdue": ("2",),
    "plans": ("3", "right", "down", "right", "down"),
    "inbox": ("4",),
    "submission": ("enter",),
    "times": ("escape", "5"),
    "report": ("6",),
    "scores": ("7",),
    "problems": ("8",),
    "queue": ("9",),
    "item": ("9", "enter"),
    "why": ("w",),
    "ruling": ("escape", "escape", "9", "space", "a"),
    "correction": ("escape", "2", "e"),
    "keys": ("escape", "question_mark"),
}
"""Every page and the keys that lead there from the one before."""

SCORES: dict[str, tuple[str, ...]] = {
    "scores": ("7",),
    "sheet": ("end", "up", "enter"),
    "if": ("down", "space", "b"),
    "filling": ("e",),
    "filling, one step": ("down", "down", "plus"),
    "keys": ("f1",),
}
"""The same of the enterprises' sheets, in a workspace that has some."""


def name_of(style: Style | None) -> str:
    """A look in a few letters: colours and what makes letters stand out."""
    if style is None:
        return "-"
    colours = [c.get_truecolor().hex[1:] if c is not None else "-" for c in (style.color, style.bgcolor)]
    marks = "".join(
        letter
        for letter, is_so in (("b", style.bold), ("d", style.dim), ("u", style.underline), ("r", style.reverse))
        if is_so
    )
    return "/".join([*colours, marks]) if marks else "/".join(colours)


def dumped(lines: Iterable[Iterable[Segment]], letters: dict[str, str], *, looks: bool) -> list[str]:
    """A screen's lines; with ``looks`` a line of runs below each: how many characters have which look."""
    found = []
    for segments in lines:
        text = ""
        runs: list[tuple[str, int]] = []
        for segment in segments:
            text += segment.text
            look = letters.setdefault(name_of(segment.style), chr(ord("A") + len(letters)))
            if runs and runs[-1][0] == look:
                runs[-1] = (look, runs[-1][1] + len(segment.text))
            else:
                runs.append((look, len(segment.text)))
        found.append(f"|{text.rstrip()}")
        if looks and len(runs) > 1:
            found.append(":" + " ".join(f"{look}{n}" for look, n in runs))
    return found


async def dump(
    root: Path,
    size: tuple[int, int],
    *,
    pages: Mapping[str, tuple[str, ...]] = PAGES,
    looks: bool = False,
    say: Callable[[str], None] = print,
) -> None:
    """Every page of a workspace."""
    # The keys' words are those of the language in use when they are imported.
    from screens import opened

    letters: dict[str, str] = {}
    async with opened(root, size=size) as seen:
        for name, keys in pages.items():
            seen.app._notifications.clear()
            await seen.press(*keys)
            seen.whole()
            say(f"== {name}")
            for line in dumped(seen.app.screen._compositor.render_strips(), letters, looks=looks):
                say(line)
    if looks:
        say("== looks")
        for look, letter in letters.items():
            say(f"{letter} {look}")


def main() -> None:
    """From the command line."""
    root, size, language, *pages = sys.argv[1:]
    use(language)
    width, height = map(int, size.split("x"))
    asyncio.run(dump(Path(root), (width, height), pages=SCORES if pages else PAGES))


if __name__ == "__main__":
    main()
