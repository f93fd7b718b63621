"""A few fields over the screen: what is asked, what is wrong beside it, and what came of it.

The form stays until what it asked for is done or given up: nothing typed is lost.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalGroup, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from tracker.language import _
from tracker.terminal import padded, plain, width
from tracker.tui.doing import Doing, Outcome, Question, Wrong
from tracker.tui.words import Words, shown
from tracker.typed import Answer, Field, tidy, understood


class Pick(Words, can_focus=True):
    """One of a few, by its number or the arrows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", _("上一个"), show=False, id="pick.before"),
        Binding("right,space", "step(1)", _("下一个"), show=False, id="pick.after"),
        Binding("enter", "screen.onward", show=False, id="pick.enter"),
        *(Binding(str(n), f"pick({n})", show=False, id=f"pick.{n}") for n in range(1, 10)),
    ]

    class Picked(Message):
        """Another one."""

    def __init__(self, choices: Sequence[str], value: str) -> None:
        super().__init__()
        self.choices = choices
        self.value = value if value in choices else ""

    def render_choices(self) -> None:
        """Each with its number; the chosen one in brackets."""
        words = (f"{n}{c}" for n, c in enumerate(self.choices, 1))
        self.say(" ".join(f"[{w}]" if c == self.value else f" {w} " for w, c in zip(words, self.choices, strict=True)))

    def on_mount(self) -> None:
        """Drawn at once."""
        self.render_choices()

    def action_pick(self, number: int) -> None:
        """By its number; then on to what is asked next."""
        if number <= len(self.choices):
            self._take(self.choices[number - 1])
            self.screen.call_after_refresh(self.screen.run_action, "screen.next_empty")

    def action_step(self, by: int) -> None:
        """The one beside it."""
        at = self.choices.index(self.value) if self.value else -1 if by > 0 else 0
        self._take(self.choices[(at + by) % len(self.choices)])

    def on_click(self, event: events.Click) -> None:
        """The one that is clicked."""
        event.stop()
        left = 0
        for n, choice in enumerate(self.choices, 1):
            left += width(f"{n}{choice}") + 3
            if event.x < left:
                self.action_pick(n)
                return

    def _take(self, value: str) -> None:
        self.value = value
        self.render_choices()
        self.post_message(self.Picked())


class Asked(VerticalGroup):
    """A field: label, what is typed, what is wrong with it."""

    def __init__(self, field: Field, text: str, label: int) -> None:
        super().__init__(classes="row")
        self.field, self._text, self._label = field, text, label

    def compose(self) -> ComposeResult:
        """The widget that fits the kind."""
        f = self.field
        with Horizontal(classes="typed"):
            yield Words(padded(f.label, self._label), classes="label")
            if f.kind == "one-of":
                yield Pick(f.choices, self._text)
            else:
                help_ = "　".join(words for words in (_("必填") if f.is_needed else "", f.help) if words)
                yield Input(shown(self._text), placeholder=help_, compact=True, select_on_focus=False)
        yield Words(classes="trouble -wrong")

    def on_mount(self) -> None:
        """Nothing is wrong yet."""
        self.query_one(".trouble").display = False

    @property
    def control(self) -> Widget:
        """What is typed in."""
        return self.query_one(".typed").children[1]

    @property
    def text(self) -> str:
        """What stands in it."""
        control = self.control
        return control.value if isinstance(control, Pick) else plain(cast("Input", control).value)

    def look(self, wrong: str) -> None:
        """Show what is wrong."""
        words = self.query_one(".trouble", Words)
        words.say(shown(_("！{words}", words=wrong)) if wrong else "")
        words.display = bool(wrong)


class Ask(ModalScreen[None]):
    """The form."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", _("取消"), key_display="Esc", id="ask.leave"),
        Binding("ctrl+s", "do", _("写入"), key_display="Ctrl+S", id="ask.do"),
        Binding("down", "app.focus_next", _("下一格"), show=False, id="ask.down"),
        Binding("up", "app.focus_previous", _("上一格"), show=False, id="ask.up"),
    ]

    def __init__(self, question: Question, month: date) -> None:
        super().__init__()
        self.question, self.month = question, month
        self.is_busy = False
        label = max((width(f.label) for f in question.fields), default=0) + 2
        self.rows = {f.key: Asked(f, question.begin.get(f.key, ""), label) for f in question.fields}

    def compose(self) -> ComposeResult:
        """What it is about, the fields, what is wrong, the keys."""
        with VerticalScroll(classes="modal", can_focus=False):
            yield Words(shown(self.question.title), classes="section")
            yield Words("\n".join(shown(line) for line in self.question.about), classes="lines", id="about")
            yield from self.rows.values()
            yield Words(classes="trouble -wrong", id="whole")
            yield Words(_("Enter 下一格，填好了就写入　Ctrl+S 写入　Esc 取消"), classes="closing")

    def on_mount(self) -> None:
        """Into the field where one begins."""
        self.query_one("#whole").display = False
        self._fit()
        first = self.rows.get(self.question.first) or next(self._empty(), next(iter(self._shown().values())))
        first.control.focus()

    # --- what is typed ---

    @property
    def answer(self) -> Answer:
        """What stands in the fields that are shown, days and numbers written out."""
        return {key: tidy(row.field, row.text, self.month).strip() for key, row in self._shown().items()}

    def _shown(self) -> dict[str, Asked]:
        typed = {key: row.text for key, row in self.rows.items()}
        needs = self.question.needs(typed) if self.question.needs is not None else typed
        return {key: row for key, row in self.rows.items() if key in needs}

    def _empty(self) -> Iterator[Asked]:
        yield from (row for row in self._shown().values() if row.field.is_needed and not row.text.strip())

    def _fit(self) -> None:
        there = self._shown()
        for key, row in self.rows.items():
            row.display = key in there

    @on(Input.Changed)
    @on(Pick.Picked)
    def typed(self, event: Message) -> None:
        """Checked as one types."""
        event.stop()
        self._fit()
        self.look(self._troubles())

    def _troubles(self) -> Wrong:
        return self._own_troubles() or dict(self.question.check(self.answer))

    def _own_troubles(self) -> dict[str, str]:
        found = {key: understood(row.field, row.text, self.month)[1] for key, row in self._shown().items()}
        return {key: words for key, words in found.items() if words}

    def look(self, wrong: Wrong) -> None:
        """Show what is wrong, each at its field."""
        for key, row in self.rows.items():
            row.look(wrong.get(key, ""))
        self.tell("\n".join(words for key, words in wrong.items() if key not in self._shown()))

    def tell(self, words: str) -> None:
        """Below the fields: what is wrong with the whole, or what is going on."""
        said = self.query_one("#whole", Words)
        said.say("\n".join(shown(line) for line in words.split("\n")))
        said.display = bool(words)
        said.scroll_visible(animate=False)

    # --- keys ---

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """Enter moves to what is still empty; where nothing is, it is done."""
        event.stop()
        self.action_onward()

    def action_onward(self) -> None:
        """To the next field that is still to be filled or not right, or do it."""
        wrong = {row.field.key for row in self._empty()} | set(self._troubles())
        left = [row for key, row in self._in_turn() if key in wrong]
        if left:
            left[0].control.focus()
        else:
            self.action_do()

    def action_next_empty(self) -> None:
        """Into the next field where nothing stands; else the next one."""
        rows = [row for _key, row in self._in_turn()]
        row = next((row for row in rows if not row.text.strip()), next(iter(rows), None))
        if row is not None:
            row.control.focus()

    def _in_turn(self) -> list[tuple[str, Asked]]:
        """The other fields: those after the one with the cursor, then those before."""
        rows = list(self._shown().items())
        here = next((n for n, (_key, row) in enumerate(rows) if row.control.has_focus), -1)
        return [*rows[here + 1 :], *rows[: max(here, 0)]]

    def action_leave(self) -> None:
        """Given up; what is being written cannot be."""
        if not self.is_busy:
            self.dismiss()

    def action_do(self) -> None:
        """Write, if nothing is wrong that can be seen from here."""
        if self.is_busy:
            return
        answer = self.answer
        empty = {row.field.key: _("这里要填。") for row in self._empty()}
        wrong = empty | self._own_troubles()
        if wrong:
            self.look(wrong)
            self.rows[next(iter(wrong))].control.focus()
            return
        self.is_busy = True
        self.tell(_("正在写入……别的命令正在写时会等它，最多 60 秒。"))
        self.post_message(Doing(self, answer))

    def came(self, outcome: Outcome, answer: Answer) -> None:
        """What came of it."""
        self.is_busy = False
        if outcome.is_done:
            self.question.then(answer)
            self.dismiss()
            return
        self._fit()
        self.look(outcome.wrong)
        self.tell("\n".join(words for words in (outcome.words, str(self.query_one("#whole", Words).content)) if words))
