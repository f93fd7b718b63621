"""The card of one item or event, and the first page: what is known, the five states, the fields that a state needs.

Every row is there from the start and only shown or hidden: what a quick hand types after
choosing a state finds its field.
"""

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget

from tracker import registering
from tracker.filling.draft import Draft
from tracker.filling.questions import FIELDS, HEAD
from tracker.language import _
from tracker.registering import NEW
from tracker.submissions import STATES
from tracker.terminal import plain
from tracker.tui.row import Moved, Row, Words

MOST_FACTS = 5
"""Plan, what, deadline, target, last words."""


class Chosen(Message):
    """A state was clicked."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class Choice(Words):
    """One state, with the key that chooses it."""

    def __init__(self, number: int, state: str) -> None:
        super().__init__()
        self.number, self.state = number, state

    def look(self, chosen: str) -> None:
        """Marked with brackets as well as by colour."""
        words = f"{self.number}{_(STATES[self.state])}"
        self.say(f"[{words}]" if chosen == self.state else f" {words} ")
        self.set_class(chosen == self.state, "-chosen")

    def on_click(self) -> None:
        """As good as the key."""
        self.post_message(Chosen(self.state))


class Fact(Horizontal):
    """Something known of an item, with its label."""

    def compose(self) -> ComposeResult:
        """Label and words."""
        yield Words(classes="label")
        yield Words(classes="words")

    def say(self, label: str, words: str) -> None:
        """Show these."""
        self.query_one(".label", Words).say(label)
        self.query_one(".words", Words).say(words)


class FirstPage(Vertical):
    """Who fills, checks and answers for it; the month in words."""


class Card(VerticalScroll, can_focus=False):
    """The item or the event that the draft is at, or its first page."""

    def __init__(self, draft: Draft, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.draft = draft
        self.head = {f.key: Row(draft, f, first_page=True) for f in HEAD}
        self.rows = {f.key: Row(draft, f, first_page=False) for f in FIELDS}
        self.of_event = {f.key: Row(draft, f, first_page=False) for f in registering.FIELDS}
        self.facts = [Fact() for _n in range(MOST_FACTS)]
        self.choices = [Choice(n, state) for n, state in enumerate(STATES, 1)]

    def compose(self) -> ComposeResult:
        """All pages; one is shown."""
        yield Words(id="heading")
        with FirstPage(id="first-page"):
            yield from self.head.values()
        with Vertical(id="item"):
            yield from self.facts
            with Horizontal(id="states"):
                yield from self.choices
            yield from self.rows.values()
        with Vertical(id="event"):
            yield Words(id="kinds")
            yield from self.of_event.values()
        yield Words(id="whole")

    def show(self) -> None:
        """Turn to what the draft is at."""
        page = self.draft.at
        is_event = page in self.draft.register.entries
        is_item = page in self.draft.by_id
        self.query_one("#first-page").display = not page
        self.query_one("#item").display = is_item
        self.query_one("#event").display = is_event or page == NEW
        if is_item:
            self._show_item(page)
        elif not page:
            self.query_one("#heading", Words).say(_("填报人、主要做法、存在问题、意见建议"))
            for f in HEAD:
                self.head[f.key].fill(f, "")
        else:
            self._show_event(page, is_there=is_event)
        self.scroll_home(animate=False)

    def _show_item(self, item: str) -> None:
        one = self.draft.by_id[item]
        self.query_one("#heading", Words).say(one.title)
        for n, fact in enumerate(self.facts):
            fact.display = n < len(one.facts)
            if n < len(one.facts):
                fact.say(*one.facts[n])
        self._fill(self.rows, item)

    def _show_event(self, page: str, *, is_there: bool) -> None:
        said = _("事项登记") if is_there else _("登记一件事：按 a 或回车")
        self.query_one("#heading", Words).say(said)
        kinds = [f"{n} {plain(name)}" for n, name in enumerate(self.draft.register.kinds.values(), 1)]
        words = _("期限从一件事起算的，在这里登记这件事。事项种类有：")
        self.query_one("#kinds", Words).say("\n".join([words, *kinds]))
        self._fill(self.of_event, page)

    def _fill(self, rows: Mapping[str, Row], page: str) -> None:
        asked = {f.key: f for f in self.draft.fields(page)}
        for key, row in rows.items():
            row.display = key in asked
            if key in asked:
                row.fill(asked[key], page)

    def flush(self) -> None:
        """All that is typed into the draft, also what no message has told of yet."""
        for row in self._shown.values():
            row.flush()

    @on(Moved)
    def look(self) -> None:
        """Show what is wrong, at its place."""
        item = self.draft.at
        words: dict[str, list[str]] = {}
        for trouble in self.draft.troubles:
            if trouble.item == item:
                words.setdefault(trouble.key, []).append(trouble.words)
        for key, row in self._shown.items():
            row.look(" ".join(words.pop(key, [])))
        for choice in self.choices:
            choice.look(self.draft.state(item) if item else "")
        rest = [_("！{words}", words=w) for found in words.values() for w in found]
        self.query_one("#whole", Words).say("\n".join(rest))

    @property
    def _shown(self) -> dict[str, Row]:
        page = self.draft.at
        rows = self.of_event if page.startswith(NEW) else self.rows if page else self.head
        return {key: row for key, row in rows.items() if row.display}

    def focus_on(self, key: str) -> bool:
        """Into a field, if it is shown."""
        row = self._shown.get(key)
        if row is not None:
            row.control.focus()
        return row is not None

    def focus_first(self) -> bool:
        """Into the first field, if there is one."""
        return self.focus_on(next(iter(self._shown), ""))

    def focus_missing(self) -> None:
        """Into the first field that must be filled and is empty, if there is one."""
        for key, row in self._shown.items():
            if row.field.is_needed and not self.draft.text(self.draft.at, key).strip():
                self.focus_on(key)
                return

    def focus_after(self, control: Widget) -> bool:
        """Into the field after this one; False after the last."""
        shown = list(self._shown.values())
        here = next((n for n, row in enumerate(shown) if row.control is control), len(shown))
        if here + 1 >= len(shown):
            return False
        shown[here + 1].control.focus()
        return True
