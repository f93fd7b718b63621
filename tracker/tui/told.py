"""A few lines over the screen, until a key is pressed."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tracker.language import _
from tracker.terminal import padded, plain

KEY = 8
"""Columns of a key."""


def key_lines(bindings: Sequence[BindingType]) -> list[str]:
    """Every key and what it does, from where they are declared."""
    keys = [(b.key_display or b.key, b.tooltip or b.description) for b in bindings if isinstance(b, Binding)]
    return [padded(key, KEY) + words for key, words in [*keys, ("Tab", _("下一格")), ("Ctrl+Q", _("保存草稿并退出"))]]


class Told(ModalScreen[None]):
    """Something to be read: the keys, or that the file is written."""

    # Here and not in a file of rules: it is read when it is first wanted, by two apps.
    DEFAULT_CSS = """
    Told {
        align: center middle;
    }

    #told {
        width: auto;
        max-width: 90%;
        height: auto;
        max-height: 90%;
        padding: 1 2;
        border: round $primary;
        background: $surface;
    }

    #told Static {
        width: auto;
        max-width: 100%;
    }

    #told-title {
        text-style: bold;
        margin-bottom: 1;
    }

    #told-close {
        color: $text-muted;
        margin-top: 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,question_mark,f1", "dismiss", _("关闭"), id="told.close"),
        Binding("q", "app.quit", _("退出"), id="told.quit"),
    ]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self.heading, self.lines = title, lines

    def compose(self) -> ComposeResult:
        """The lines, scrolled where there are too many."""
        with VerticalScroll(id="told"):
            yield Static(self.heading, id="told-title", markup=False)
            yield Static("\n".join(plain(line) for line in self.lines), markup=False)
            yield Static(_("Esc 关闭"), id="told-close", markup=False)

    def on_click(self, event: events.Click) -> None:
        """A click closes it as well."""
        event.stop()
        self.dismiss()
