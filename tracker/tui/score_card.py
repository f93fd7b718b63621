"""The card of one step of a sheet being filled in: what is required, what was found elsewhere, the fields.

Every row is there from the start and only shown or hidden, as on the card of a monthly form.
"""

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget

from tracker.assessing.draft import SheetDraft
from tracker.assessing.steps import FOUND, HEAD, SAMPLED
from tracker.language import _
from tracker.sheets import SIDES
from tracker.tui.row import Moved, Row
from tracker.tui.words import Words, shown
from tracker.typed import Field


class ScoreCard(VerticalScroll, can_focus=False):
    """The step that the draft is at, or its first page."""

    def __init__(self, draft: SheetDraft, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.draft = draft
        self.head = {f.key: Row(draft, f, first_page=True) for f in HEAD}
        self.rows = {f.key: Row(draft, f, first_page=False) for f in (*SAMPLED, *FOUND)}

    def compose(self) -> ComposeResult:
        """All pages; one is shown."""
        yield Words(id="heading")
        yield Words(id="facts", classes="lines")
        yield from self.head.values()
        yield from self.rows.values()
        yield Words(id="whole")

    def show(self) -> None:
        """Turn to what the draft is at."""
        draft = self.draft
        step = draft.steps.get(draft.at)
        if step is None:
            heading, facts = _(SIDES[draft.side]), [_("谁考核、哪天考核的。填好按 Enter 往下，n 到下一处没填好的。")]
        else:
            heading = f"{step.id} {step.what}"
            facts = [_("{label}：{words}", label=label, words=words) for label, words in step.facts]
            if step.kind == "content":
                facts.append(_("下面逐条看：发现了按 + 计次数。这一项看完按空格。"))
        self.query_one("#heading", Words).say(shown(heading))
        self.query_one("#facts", Words).say("\n".join(shown(line) for line in facts))
        for row, asked in self._asked():
            row.fill(asked, draft.at)

    def ask(self) -> None:
        """Show the fields that are asked for now. What stands in those in sight is left alone: it is being typed."""
        before = set(self.shown)
        for row, asked in self._asked():
            if asked.key not in before:
                row.fill(asked, self.draft.at)

    def _asked(self) -> list[tuple[Row, Field]]:
        """The rows of this step, which alone are in sight, each with its field."""
        asked = {f.key: f for f in self.draft.fields(self.draft.at)}
        rows = self.rows if self.draft.at else self.head
        for row in (*self.head.values(), *self.rows.values()):
            row.display = rows.get(row.field.key) is row and row.field.key in asked
        return [(rows[key], f) for key, f in asked.items()]

    def flush(self) -> None:
        """All that is typed into the draft, also what no message has told of yet."""
        for row in self.shown.values():
            row.flush()

    @on(Moved)
    def look(self) -> None:
        """Show what is wrong, at its place."""
        words: dict[str, list[str]] = {}
        for trouble in self.draft.troubles:
            if trouble.step == self.draft.at:
                words.setdefault(trouble.key, []).append(trouble.words)
        for key, row in self.shown.items():
            row.look(shown(" ".join(words.pop(key, []))))
        rest = [f"! {shown(w)}" for found in words.values() for w in found]
        self.query_one("#whole", Words).say("\n".join(rest))

    @property
    def shown(self) -> dict[str, Row]:
        """The rows in sight, by key."""
        return {key: row for rows in (self.head, self.rows) for key, row in rows.items() if row.display}

    def focus_on(self, key: str) -> bool:
        """Into a field, if it is shown; the first one where none is named."""
        row = self.shown.get(key or next(iter(self.shown), ""))
        if row is not None:
            row.control.focus()
        return row is not None

    def focus_after(self, control: Widget) -> bool:
        """Into the field after this one; False after the last."""
        rows = list(self.shown.values())
        here = next((n for n, row in enumerate(rows) if row.control is control), len(rows))
        if here + 1 >= len(rows):
            return False
        rows[here + 1].control.focus()
        return True
