"""One of several: a short list over the screen, narrowed as one types."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tracker.language import _
from tracker.tui.searching import finds, prepare
from tracker.tui.words import Words, shown


class Choose(ModalScreen[int | None]):
    """Gives the number of what was chosen; None when nothing was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", _("关闭"), key_display="Esc", id="choose.close"),
        Binding("up", "step(-1)", _("上一行"), show=False, id="choose.up"),
        Binding("down", "step(1)", _("下一行"), show=False, id="choose.down"),
    ]

    def __init__(self, title: str, options: Sequence[str]) -> None:
        super().__init__()
        self.heading, self.options = title, options

    def compose(self) -> ComposeResult:
        """What is asked, where one types, what there is."""
        with Vertical(classes="modal"):
            yield Words(shown(self.heading), classes="section")
            yield Input(placeholder=_("输入文字或拼音首字母"), compact=True, select_on_focus=False)
            yield OptionList(*self._fitting(""), compact=True, markup=False)
            yield Words(_("Enter 选定　Esc 关闭"), classes="closing")

    def on_mount(self) -> None:
        """Typing narrows; the first is ready to be taken."""
        self.run_worker(prepare, thread=True, exit_on_error=False)
        self.query_one(Input).focus()
        self.query_one(OptionList).highlighted = 0

    def _fitting(self, typed: str) -> list[Option]:
        return [Option(Content(shown(words)), id=str(n)) for n, words in enumerate(self.options) if finds(typed, words)]

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Only what fits what is typed."""
        event.stop()
        found = self.query_one(OptionList)
        found.clear_options().add_options(self._fitting(event.value))
        found.highlighted = 0 if found.option_count else None

    def action_step(self, rows: int) -> None:
        """The arrows move in the list while one types."""
        found = self.query_one(OptionList)
        if rows < 0:
            found.action_cursor_up()
        else:
            found.action_cursor_down()

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """The one that is marked."""
        event.stop()
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def taken(self, event: OptionList.OptionSelected) -> None:
        """This one."""
        event.stop()
        self.dismiss(int(event.option_id or 0))

    def on_click(self, event: events.Click) -> None:
        """A click beside it closes it."""
        if self.get_widget_at(event.screen_x, event.screen_y)[0] is self:
            self.dismiss(None)
