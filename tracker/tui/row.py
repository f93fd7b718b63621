"""A field of the form: its label, what is typed, and below it what is wrong with that."""

from datetime import date
from typing import Protocol, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup
from textual.message import Message
from textual.widgets import Checkbox, Input, TextArea

from tracker.language import _
from tracker.terminal import padded, plain
from tracker.tui.words import Words as Words
from tracker.typed import Field, tidy

LABEL = 13
"""Columns of a field's label."""

Control = Checkbox | TextArea | Input


class Tick(Checkbox):
    """A box that is ticked or empty; Textual's differs in colour alone."""

    BUTTON_INNER = " "

    def watch_value(self) -> None:
        """Draw the tick, or none."""
        self.BUTTON_INNER = "✓" if self.value else " "
        super().watch_value()


class Draft(Protocol):
    """What is typed into: a monthly form's draft, or an enterprise's sheet's."""

    @property
    def month(self) -> date:
        """The month by which a day without its year is read."""

    def text(self, item: str, key: str, /) -> str:
        """What was typed in a field of an item; of the first page where it is empty."""

    def put(self, item: str, key: str, text: str, /) -> None:
        """Keep what was typed."""


class Moved(Message):
    """The cursor came to a field, or left it."""


class Row(VerticalGroup):
    """A field: its label, what is typed, and below it what is wrong with that."""

    class Typed(Message):
        """The draft holds something new."""

    def __init__(self, draft: Draft, field: Field, *, first_page: bool) -> None:
        super().__init__(classes="row")
        self.draft, self.field = draft, field
        self.item = "" if first_page else None
        """Whose text stands in it; None while it has not been shown."""

    def compose(self) -> ComposeResult:
        """The widget that fits the kind."""
        with Horizontal(classes="typed"):
            yield Words(classes="label")
            if self.field.kind == "choice":
                yield Tick(_(self.field.help), compact=True)
            elif self.field.kind == "long":
                yield TextArea(compact=True, placeholder=_(self.field.help), highlight_cursor_line=False)
            else:
                yield Input(compact=True, select_on_focus=False)
        yield Words(classes="trouble")

    @property
    def control(self) -> Control:
        """What is typed in."""
        return cast("Control", self.query_one(".typed").children[1])

    @property
    def typed(self) -> str:
        """What stands in it."""
        control = self.control
        if isinstance(control, Checkbox):
            return "unchanged" if control.value else ""
        return control.text if isinstance(control, TextArea) else control.value

    def fill(self, field: Field, item: str) -> None:
        """Show an item's own text."""
        self.field, self.item = field, item
        control = self.control
        # What a file says may have signs that a terminal would obey.
        lines = [plain(line) for line in self.draft.text(item, field.key).split("\n")]
        text = ("\n" if isinstance(control, TextArea) else " ").join(lines)
        if isinstance(control, Input):
            help_ = _(field.help) if field.help else ""
            control.placeholder = "　".join(words for words in (_("必填") if field.is_needed else "", help_) if words)
        if self.typed == text:
            return
        with self.prevent(Input.Changed, TextArea.Changed, Checkbox.Changed):
            if isinstance(control, Checkbox):
                control.value = bool(text)
            elif isinstance(control, TextArea):
                control.load_text(text)
            else:
                control.value = text
                control.cursor_position = len(text)

    def flush(self) -> bool:
        """What is typed into the draft; whether that was new."""
        if self.item is None or not self.display or self.typed == self.draft.text(self.item, self.field.key):
            return False
        self.draft.put(self.item, self.field.key, self.typed)
        return True

    def look(self, words: str) -> None:
        """Show what is wrong; without that how a short day was understood."""
        mark = "›" if self.control.has_focus else " "
        self.query_one(".label", Words).say(mark + padded(_(self.field.label), LABEL - 1))
        trouble = self.query_one(".trouble", Words)
        text = self.typed
        meant = tidy(self.field, text, self.draft.month)
        said = _("！{words}", words=words) if words else f"= {meant}" if meant != text else ""
        trouble.say(said)
        trouble.display = bool(said)
        trouble.set_class(bool(words), "-wrong")

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Checkbox.Changed)
    def changed(self, event: Message) -> None:
        """Every letter is kept. The event may be older than what stands here now: that alone counts."""
        event.stop()
        control = self.control
        if isinstance(control, Input) and control.value != plain(control.value):
            control.value = plain(control.value)
        if self.flush():
            self.post_message(self.Typed())

    @on(events.DescendantFocus)
    def entered(self) -> None:
        """The mark moves here."""
        self.post_message(Moved())

    @on(events.DescendantBlur)
    def left(self) -> None:
        """A day is written out in full once it is left."""
        control = self.control
        if isinstance(control, Input):
            with self.prevent(Input.Changed):
                control.value = tidy(self.field, control.value, self.draft.month)
        self.flush()
        self.post_message(Moved())
