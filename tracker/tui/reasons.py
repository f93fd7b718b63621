"""Why: how one light came about, over whatever one was looking at."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tracker.language import _
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.tui.sections import Sections
from tracker.tui.words import Words
from tracker.why import why


class Reasons(ModalScreen[None]):
    """Rule, date arithmetic, record, rulings, the plan's own words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,w", "dismiss", _("关闭"), key_display="Esc", id="reasons.close"),
    ]

    def __init__(self, snapshot: Snapshot, standing: Standing) -> None:
        super().__init__()
        self.steps = [(step.title, step.lines) for step in why(snapshot, standing)]

    def compose(self) -> ComposeResult:
        """The steps, scrolled where there are many."""
        with VerticalScroll(classes="modal"):
            yield Sections(self.steps)
            yield Words(_("Esc 关闭　↑ ↓ 翻看"), classes="closing")

    def on_click(self, event: events.Click) -> None:
        """A click beside it closes it."""
        event.stop()
        if self.get_widget_at(event.screen_x, event.screen_y)[0] is self:
            self.dismiss()
