"""Text on a screen: never markup, and as wide here as on the terminal."""

from rich.cells import cell_len
from textual.widgets import Static

from tracker.terminal import plain, width

REPLACED = "\ufffd"


def shown(text: object) -> str:
    """One line of text as a screen may show it: nothing a terminal acts on, nothing measured in two ways."""
    words = plain(text)
    if cell_len(words) == width(words):
        return words
    return "".join(c if cell_len(c) == width(c) else REPLACED for c in words)


class Words(Static):
    """Text that is never markup, and laid out anew only when it changes: most letters typed change none."""

    def __init__(self, words: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(words, id=id, classes=classes, markup=False)

    def say(self, words: str) -> None:
        """Show these."""
        if self.content != words:
            self.update(words)
