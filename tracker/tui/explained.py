"""A list, and below it what is known of the line under its cursor, where the list leaves room for that.

A long list keeps the whole height: what is known of its lines is one key away.
"""

from collections.abc import Callable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.terminal import padded, width
from tracker.tui.grid import Grid
from tracker.tui.sections import Section
from tracker.tui.words import shown
from tracker.tui.wrapping import wrapped

LEAST = 8
"""Lines below the list that are worth filling."""

MEASURE = 120
"""Columns of a line, at most."""


def grounds(snapshot: Snapshot, s: Standing) -> list[Section]:
    """The reasoning behind a standing, without what would have to be read for it."""
    from tracker.why import in_short  # noqa: PLC0415 - the first screen gives no reasons

    return [(step.title, step.lines) for step in in_short(snapshot, s)]


class Explained(Vertical):
    """The list and the words below it."""

    def __init__(self, grid: Grid, explain: Callable[[object], Sequence[Section]]) -> None:
        super().__init__()
        self.grid, self._explain = grid, explain

    def compose(self) -> ComposeResult:
        """One above the other."""
        yield self.grid
        yield About()

    @on(Grid.Moved)
    @on(events.Resize)
    def explain(self) -> None:
        """The line under the cursor, or nothing where there is none or no room."""
        about, item = self.query_one(About), self.grid.item
        has_room = self.size.height - len(self.grid.items) - 1 >= LEAST
        sections = self._explain(item) if has_room and item is not None else ()
        about.display = bool(sections)
        about.show(sections)


class About(Widget):
    """Titles, each with its lines beside it; drawn in one, since it changes with every step of the cursor."""

    sections: Sequence[Section] = ()

    def show(self, sections: Sequence[Section]) -> None:
        """Show these."""
        if sections != self.sections:
            self.sections = sections
            self.refresh()

    def render(self) -> Content:
        """As many lines as there is room for."""
        label = max((width(title) for title, _lines in self.sections), default=0) + 2
        room = max(min(self.size.width - label, MEASURE), label)
        parts: list[tuple[str, str]] = []
        for title, said in self.sections:
            lines = [line for one in said for line in wrapped(shown(one), room)]
            names = [title, *[""] * len(lines)]
            for name, line in zip(names, lines, strict=False):
                parts += [(padded(name, label), "$text-primary"), (f"{line}\n", "")]
        return Content.assemble(*parts[: 2 * self.size.height])
