"""Titles with lines under them, each line wrapped where it stands."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from tracker.tui.words import Words, shown

Section = tuple[str, Sequence[str]]
"""A title and its lines."""


class Sections(Vertical):
    """Some sections, drawn anew when there are others."""

    def __init__(self, sections: Sequence[Section] = (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self.sections = tuple(sections)

    def compose(self) -> ComposeResult:
        """A title and its lines, one after the other."""
        for title, lines in self.sections:
            if title:
                yield Words(shown(title), classes="section")
            yield Words("\n".join(shown(line) for line in lines), classes="lines")

    def show(self, sections: Sequence[Section]) -> None:
        """Show these."""
        if tuple(sections) != self.sections:
            self.sections = tuple(sections)
            self.refresh(recompose=True)
