"""The app in tests: opened on a workspace at a size, driven by keys, read as text."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pilots import Hand, driven
from rich.cells import cell_len
from tiny import decision, head, receipt

from tracker.clocks import CHINA
from tracker.tui.app import TrackerApp
from tracker.tui.grid import Grid, Heading
from tracker.tui.session import Session
from tracker.tui.view import View
from tracker.tui.words import Words
from tracker.workspace import Workspace

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=CHINA)


class Seen:
    """The app and its pilot, with what a test asks of them."""

    def __init__(self, app: TrackerApp, pilot: Hand) -> None:
        self.app, self.pilot = app, pilot

    async def settle(self) -> None:
        """Until nothing is under way: reading, working out, laying out."""
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Keys, one after the other, each with all that follows from it."""
        await self.pilot.press(*keys)

    async def click(self, widget: str, x: int, y: int) -> None:
        """The mouse, in a widget of the screen that is seen."""
        await self.pilot.click(self.app.screen.query_one(widget), offset=(x, y))
        await self.settle()

    @property
    def lines(self) -> list[str]:
        """The screen as lines of text."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.lines)

    @property
    def view(self) -> View:
        """The view that is seen."""
        found = self.app.screen
        assert isinstance(found, View)
        return found

    @property
    def heading(self) -> str:
        """What the view says of itself."""
        return str(self.view.query_one(".heading", Words).content)

    @property
    def state(self) -> str:
        """Why there is nothing to see; empty where there is."""
        words = self.view.query_one(".state", Words)
        return str(words.content) if words.display else ""

    def grid(self, selector: str = "Grid") -> Grid:
        """A grid of the view."""
        return self.app.screen.query_one(selector, Grid)

    def cells(self, selector: str = "Grid") -> list[tuple[str, ...]]:
        """A grid's items as it draws them, headings as one cell."""
        grid = self.grid(selector)
        return [(i.words,) if isinstance(i, Heading) else tuple(grid._draw(i).cells) for i in grid.items]

    @property
    def toasts(self) -> str:
        """What was said at the edge."""
        return " ".join(n.message for n in self.app._notifications)

    def whole(self) -> None:
        """Nothing has failed, and every line is as wide as the screen: no wide character broke a column."""
        if isinstance(self.app.screen, View):
            assert "算不出来" not in self.state
        width = self.app.size.width
        assert [line for line in self.lines if cell_len(line) != width] == []


def put(root: Path, name: str, text: str) -> None:
    """One more file of a month; ``build`` would write the plans anew as well."""
    path = root / "status" / "city" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def session(root: Path, here: Path | None = None, **changed: Any) -> Session:
    """A session at a workspace, its clock standing still."""
    names = changed.pop("programmes", ["city"])
    return Session(Workspace(root), names, names[0], changed.pop("clock", lambda: NOW), "刘某", here or root, **changed)


@asynccontextmanager
async def opened(
    root: Path, size: tuple[int, int] = (100, 32), here: Path | None = None, as_of: date | None = None, **changed: Any
) -> AsyncIterator[Seen]:
    """The app on a workspace, its files read."""
    app = TrackerApp(session(root, here, as_of=as_of, **changed))
    async with driven(app, size, notifications=True, tooltips=True) as hand:
        yield Seen(app, hand)


SEPTEMBER = head(month="2026-09") + (
    '[[update]]\nitem = "mine-1"\nstate = "推进中"\ncause = "人员没有定下来"\nmeasure = "每周开会催办"\n'
    "promised_on = 2026-10-20\n"
)
OCTOBER = head(more='rest = "unchanged"\npractices = "逐矿\\n过筛"') + (
    '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-10-09\n'
    '[[update]]\nitem = "mine-7"\nstate = "推进中"\nas_of = 2026-10-31\ndone = 2\ntotal = 8\n'
)
BAD = head("west") + '[[update]]\nitem = "mine-1"\nstate = "已完成"\n'
FILES = {
    "2026-09/east.toml": SEPTEMBER,
    "2026-09/receipts.toml": receipt("east.toml", SEPTEMBER, "2026-10-02T09:00:00+08:00"),
    "2026-10/east.toml": OCTOBER,
    "2026-10/west.toml": BAD,
    "2026-10/receipts.toml": receipt("east.toml", OCTOBER, "2026-10-30T09:00:00+08:00")
    + receipt("west.toml", BAD, "2026-10-31T09:00:00+08:00"),
    "2026-10/decisions.toml": decision("accept", "east", "2026-10-31T10:00:00+08:00", 'file = "east.toml"'),
}
"""A workspace with a little of everything."""
