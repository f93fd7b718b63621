"""Text on a screen: never markup, and as wide here as on the terminal."""

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from tracker.terminal import plain, width
from tracker.tui.wrapping import wrapped

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

    def render(self) -> Content:
        """The lines, ended where Chinese may end them."""
        return Content("\n".join(self._lines(self.size.width)))

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's
        """The longest line's, where it may be as wide as it likes."""
        return max(cell_len(line) for line in str(self.content).split("\n"))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - as above
        """Of the lines in so many columns."""
        return len(self._lines(width))

    def _lines(self, room: int) -> list[str]:
        words = str(self.content)
        return wrapped(words, room) if room and self.styles.text_wrap == "wrap" else words.split("\n")
