"""The form's screen: a list of what is asked, the card of one item, and how far one is.

All that is known stands in the ``Draft``; the screen shows it and passes on what is typed. Texts
of plans and units are never markup. The keys' texts are translated when this module is
imported, which the command does after the language was chosen.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, OptionList

from tracker.filling.draft import Draft
from tracker.language import _
from tracker.registering import NEW
from tracker.submissions import STATES
from tracker.terminal import plain
from tracker.tui.card import Card, Chosen
from tracker.tui.draft_screen import DraftScreen
from tracker.tui.frame import Keys
from tracker.tui.items import Items
from tracker.tui.looks import turn
from tracker.tui.row import Row, Words
from tracker.tui.told import Told, key_lines


class FillScreen(DraftScreen[Draft]):
    """The list, the card, and how far one is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(n), f"state('{state}')", _(words), show=False, id=f"fill.{state}")
            for n, (state, words) in enumerate(STATES.items(), 1)
        ),
        Binding("enter", "into", _("填这一项；在格子里到下一格"), show=False, key_display="Enter", id="fill.into"),
        Binding("escape", "back", _("列表"), tooltip=_("从格子回到列表"), key_display="Esc", id="fill.back"),
        Binding("equals_sign", "repeat", _("同上次"), key_display="=", tooltip=_("照上次报的填"), id="fill.repeat"),
        Binding("x", "extend", _("延期"), tooltip=_("申请延期，再按一次取消"), id="fill.extend"),
        Binding("a", "register", _("登记"), tooltip=_("登记一件事（期限从它起算的）"), id="fill.register"),
        Binding("n", "next", _("下一处没填好的"), show=False, id="fill.next"),
        Binding(
            "delete",
            "take_back",
            _("取消回答，或删去登记的事"),
            show=False,
            key_display="Del",
            id="fill.take_back",
        ),
        Binding("f", "finish", _("完成"), tooltip=_("写出要报的文件；还差什么就跳到那里"), id="fill.finish"),
        Binding(
            "ctrl+s", "save", _("保存"), tooltip=_("存草稿；每答一项也会自动存"), key_display="Ctrl+S", id="fill.save"
        ),
        Binding("question_mark,f1", "keys", _("按键"), key_display="?", tooltip=_("全部按键"), id="fill.keys"),
        Binding("ctrl+down", "scroll_card(1)", _("向下翻卡片"), show=False, key_display="Ctrl+↓", id="fill.down"),
        Binding("ctrl+up", "scroll_card(-1)", _("向上翻卡片"), show=False, key_display="Ctrl+↑", id="fill.up"),
        Binding("t", "theme", _("换成浅色或深色"), show=False, id="fill.theme"),
        Binding("q", "app.quit", _("退出"), tooltip=_("保存草稿并退出；在格子里用 ctrl+q"), id="fill.quit"),
    ]

    # --- what stands where ---

    def compose(self) -> ComposeResult:
        """Title and progress, list and card, the keys."""
        with Horizontal(id="top"):
            yield Words(id="title")
            yield Words(id="progress")
        with Horizontal(id="body"):
            yield Items(self.draft, id="items")
            yield Card(self.draft, id="card")
        yield Keys()

    def on_mount(self) -> None:
        """Take up the work where it was left."""
        unit = self.draft.snapshot.programme.unit(self.draft.form.unit)
        sample = _("　示例数据") if self.draft.snapshot.programme.head.sample else ""
        self.query_one("#title", Words).say(plain(f"{unit.brief} {self.draft.form.month:%Y-%m}{sample}"))
        self.go(self.draft.at)
        self.list.focus()
        self.set_interval(10, self.left)
        if self.draft.notice:
            self.notify(self.draft.notice, markup=False, timeout=10)

    @property
    def list(self) -> Items:
        """What is asked."""
        return self.query_one("#items", Items)

    @property
    def card(self) -> Card:
        """The item one is at."""
        return self.query_one("#card", Card)

    @on(events.Resize)
    def redraw(self) -> None:
        """Lines are as wide as the list: cut and aligned by what characters really take."""
        self.call_after_refresh(self.look)

    def look(self) -> None:
        """Show what is so now."""
        self.list.look()
        self.card.look()
        saved = _("已保存") if self.draft.is_saved else _("未保存")
        self.query_one("#progress", Words).say(f"{self.draft.progress}　{saved}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Only from a field is there a way back to the list."""
        return not (action == "back" and self.query("#items:focus"))

    # --- moving ---

    def go(self, item: str, key: str = "") -> None:
        """Go to an item, and to a field of it."""
        self.list.go(item)
        self.show(item)
        if not (key and self.card.focus_on(key)):
            self.list.focus()

    def show(self, item: str) -> None:
        """Turn to an item's card."""
        if item != self.draft.at:
            self.keep()
        self.draft.at = item
        self.card.show()
        self.look()

    @on(OptionList.OptionHighlighted)
    def turned(self, event: OptionList.OptionHighlighted) -> None:
        """The list's cursor moved."""
        item = self.list.item_of(event.option_id)
        # The message may come after the cursor has moved on.
        if event.option_index == self.list.highlighted and item != self.draft.at:
            self.show(item)

    def action_into(self) -> None:
        """Into the card; where no state is chosen yet, say how."""
        if self.draft.at == NEW:
            self.action_register()
        elif not self.card.focus_first():
            self.notify(_("先按 1–5 选状态，也可以用鼠标点。"), markup=False)

    @on(Input.Submitted)
    def on_next_field(self, event: Input.Submitted) -> None:
        """Enter moves on: to the next field, after the last one to what is left."""
        event.stop()
        self.keep()
        if not self.card.focus_after(event.input):
            self.action_next()

    def action_next(self) -> None:
        """The next item that is not answered, or not right."""
        gap = self.draft.next_gap(self.draft.at)
        if gap is None:
            self.list.focus()
            self.notify(_("都填好了。按 f 写出要报的文件。"), markup=False)
        else:
            self.go(*gap)

    def action_back(self) -> None:
        """From a field to the list."""
        self.keep()
        self.list.focus()

    # --- answering ---

    def action_state(self, state: str) -> None:
        """One key, one answer; then to the first field that it needs."""
        item = self._here()
        if item:
            self.draft.answer(item, state)
            self._answered()

    @on(Chosen)
    def chosen(self, event: Chosen) -> None:
        """A state was clicked."""
        self.action_state(event.state)

    def action_repeat(self) -> None:
        """As last time."""
        item = self._here()
        if item and not self.draft.repeat(item):
            self.notify(_("这一项还没有报过。"), markup=False)
        elif item:
            self._answered()

    def action_register(self) -> None:
        """Begin another event."""
        self.card.flush()
        if not self.draft.register.kinds:
            self.notify(_("本单位的方案里没有从事项起算的期限。"), markup=False)
            return
        page = self.draft.add_event()
        self.look()
        self.go(page, "kind")

    def action_take_back(self) -> None:
        """No answer after all, or an event less."""
        item = self._here()
        if self.draft.at in self.draft.register.entries:
            self._take_out_event()
        elif item:
            self.draft.take_back(item)
            self._answered()

    def _take_out_event(self) -> None:
        page = self.draft.at
        was_there = bool(self.draft.text(page, "was"))
        pages = self.draft.pages
        self.draft.at = pages[pages.index(page) + 1]
        self.draft.take_out_event(page)
        self.look()
        self.go(self.draft.at)
        self.keep()
        if was_there:
            self.notify(_("本月不再报这件事；以前月份登记过的，照以前的算。"), markup=False)

    def action_extend(self) -> None:
        """Ask for a later day, or not after all."""
        item = self._here()
        if not item:
            return
        why_not = self.draft.why_no_extension(item)
        if why_not:
            self.notify(why_not, markup=False, severity="warning")
            return
        self.draft.toggle_extension(item)
        self._answered()

    def _here(self) -> str:
        """The item one is at, all that was typed being kept; empty on the first page and those of events."""
        self.card.flush()
        return self.draft.at if self.draft.at in self.draft.by_id else ""

    def _answered(self) -> None:
        self.card.show()
        self.keep()
        self.card.focus_missing()

    @on(Row.Typed)
    def typed(self) -> None:
        """Each letter is kept and checked."""
        self.look()

    # --- done ---

    def flush(self) -> None:
        """What stands on the card."""
        self.card.flush()

    def written_words(self, path: Path) -> Sequence[str]:
        """The file, and what one may do next."""
        return [
            _("已写好，可以发送了："),
            str(path),
            "",
            _("按 q 退出；按 Esc 回去修改，改后再按 f，会另存一版。"),
        ]

    def action_theme(self) -> None:
        """Light or dark."""
        turn(self.app)

    def action_keys(self) -> None:
        """Every key and what it does."""
        self.app.push_screen(Told(_("按键"), key_lines(self.BINDINGS)))
