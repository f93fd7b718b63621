"""An enterprise's sheet being filled in: the checklist to go through, the card of one step, the score as it stands.

All that is known stands in the ``SheetDraft``; the screen shows it and passes on what is typed.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from tracker.assessing.draft import SheetDraft
from tracker.assessing.steps import Step
from tracker.assessments import cost_words
from tracker.language import _
from tracker.scoring import words
from tracker.sheets import SIDES
from tracker.terminal import plain
from tracker.tui.draft_screen import DraftScreen
from tracker.tui.frame import Keys
from tracker.tui.grid import Column, Grid, Heading, Line
from tracker.tui.keys import key_lines
from tracker.tui.looks import dress
from tracker.tui.row import Row
from tracker.tui.score_card import ScoreCard
from tracker.tui.told import Told
from tracker.tui.words import Words, shown

FIRST = "first"
"""The first page's line."""


class AssessScreen(DraftScreen[SheetDraft]):
    """The steps, the card, and how it stands."""

    CSS_PATH = "fill.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign,right", "add(1)", _("加"), key_display="+", tooltip=_("发现了，次数加一"),
            id="assess.more"),
        Binding("minus,left", "add(-1)", _("减"), key_display="-", tooltip=_("次数减一"), id="assess.less"),
        Binding("space", "looked", _("看完"), key_display=_("空格"),
            tooltip=_("这一项内容看完了，到下一项；再按一次取消"), id="assess.looked"),
        Binding("n", "next", _("下一处"), tooltip=_("到下一处没填好的"), id="assess.next"),
        Binding("f", "finish", _("完成"), tooltip=_("写出要报的文件；还差什么就跳到那里"), id="assess.finish"),
        Binding("ctrl+s", "save", _("保存"), show=False, key_display="Ctrl+S", tooltip=_("存草稿；每一步也会自动存"),
            id="assess.save"),
        Binding("ctrl+down", "scroll_card(1)", _("向下翻卡片"), show=False, key_display="Ctrl+↓", id="assess.down"),
        Binding("ctrl+up", "scroll_card(-1)", _("向上翻卡片"), show=False, key_display="Ctrl+↑", id="assess.up"),
        Binding("escape", "back", _("返回"), key_display="Esc", tooltip=_("从格子回到列表；在列表里存好离开"),
            id="assess.back"),
        Binding("question_mark,f1", "keys", _("按键"), key_display="?", tooltip=_("全部按键"), id="assess.keys"),
        Binding("q", "leave", _("离开"), tooltip=_("存好草稿离开，下次接着填"), id="assess.leave"),
    ]  # fmt: skip

    # --- what stands where ---

    def compose(self) -> ComposeResult:
        """Title and score, steps and card, the keys."""
        with Horizontal(id="top"):
            yield Words(id="title")
            yield Words(id="progress")
        with Horizontal(id="body"):
            yield Grid(id="items")
            yield ScoreCard(self.draft, id="card")
        yield Keys()

    def on_mount(self) -> None:
        """Take up the work where it was left."""
        form, side = self.draft.form, _(SIDES[self.draft.side])
        sample = _("　示例数据") if form.is_sample else ""
        title = f"{form.enterprise.brief} {form.period.label} {side}{sample}"
        self.query_one("#title", Words).say(shown(title))
        self.list.fill(
            [Column("sign", ""), Column("what", _("内容和条款"), gives=True), Column("points", _("得分"), right=True)],
            list(self._items()),
            self._line,
            _key,
        )
        self.go(self.draft.at)
        self.list.focus()
        if self.draft.notice:
            self.notify(shown(self.draft.notice), markup=False, timeout=10)

    def _items(self) -> Iterator[object]:
        yield FIRST
        by_content = list(self.draft.steps.values())
        for indicator in self.draft.form.checklist.indicator:
            points = _("（{words}）", words=f"{indicator.points:g}")
            yield Heading(f"{indicator.id} {indicator.title}{points}")
            for content in indicator.content:
                yield from (step for step in by_content if step.content is content)

    @property
    def list(self) -> Grid:
        """What is gone through."""
        return self.query_one("#items", Grid)

    @property
    def card(self) -> ScoreCard:
        """The step one is at."""
        return self.query_one("#card", ScoreCard)

    def _line(self, item: object) -> Line:
        if not isinstance(item, Step):
            return Line((self.draft.sign(""), _("考核人员和日期"), ""))
        sign = self.draft.sign(item.id)
        looks = {0: "red" if sign == "!" else "green" if sign == "✓" else "faint"}
        indent = "" if item.kind == "content" else "　"
        mark = {"content": "", "sampling": _("［抽查］"), "clause": ""}[item.kind]
        points = self._points(item)
        if item.kind == "clause" and points:
            looks |= {1: "yellow", 2: "red"}
        return Line((sign, f"{indent}{item.id} {mark}{item.what}", points), looks)

    def _points(self, step: Step) -> str:
        """A content's score of its points, a sampling's numbers, what a clause costs."""
        score = self.draft.score
        if step.kind == "content":
            found = next(one for one in score.contents if one.content is step.content)
            return f"{words(found.score)}/{step.content.points:g}"
        if step.kind == "sampling":
            return self.draft.text(step.id, "number").strip()
        loss = next((one for one in score.losses if step.id in one.findings), None)
        return f"-{cost_words(loss)}" if loss is not None else ""

    def look(self) -> None:
        """Show what is so now."""
        self.list.refresh()
        self.list.on_resize()
        self.card.look()
        saved = _("已保存") if self.draft.is_saved else _("未保存")
        self.query_one("#progress", Words).say(f"{self.draft.progress}　{saved}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """In a field the keys that count are letters."""
        return action not in ("add", "looked") or self.list.has_focus

    # --- moving ---

    def go(self, step: str, key: str = "") -> None:
        """Go to a step, and to a field of it."""
        items = self.list.items
        self.list.go(next(n for n, item in enumerate(items) if _key(item) == (step or FIRST)))
        self.show(step)
        if not (key and self.card.focus_on(key)):
            self.list.focus()

    def show(self, step: str) -> None:
        """Turn to a step's card."""
        if step != self.draft.at:
            self.card.flush()
            self.draft.at = step
            self.card.scroll_home(animate=False)
        self.card.show()
        self.keep()

    @on(Grid.Moved)
    def turned(self) -> None:
        """The list's cursor moved."""
        item = self.list.item
        step = item.id if isinstance(item, Step) else ""
        if item is not None and step != self.draft.at:
            self.show(step)

    @on(Grid.Chosen)
    def into(self) -> None:
        """Into the card; a content has none, there one goes on."""
        if not self.card.focus_on(""):
            self.list.action_step(1)

    @on(Input.Submitted)
    def on_next_field(self, event: Input.Submitted) -> None:
        """Enter moves on: to the next field, after the last one to the next line of the list."""
        event.stop()
        # The cursor first: what a quick hand types next belongs to the next field. Leaving one saves it.
        if not self.card.focus_after(event.input):
            self.list.focus()
            self.list.action_step(1)

    def action_next(self) -> None:
        """The next step that is not gone through, or not right."""
        gap = self.draft.next_gap(self.draft.at)
        if gap is None:
            self.list.focus()
            self.notify(_("都看完了。按 f 写出要报的文件。"), markup=False)
        else:
            self.go(*gap)

    def action_back(self) -> None:
        """From a field to the list; from the list away."""
        if self.list.has_focus:
            self.action_leave()
        else:
            self.keep()
            self.list.focus()

    def action_leave(self) -> None:
        """Keep the draft and leave."""
        self.keep()
        self.dismiss()

    # --- filling ---

    def action_add(self, number: int) -> None:
        """Count the clause up or down."""
        self.card.flush()
        step = self.draft.steps.get(self.draft.at)
        if step is None or step.kind != "clause":
            self.notify(_("到扣分的条款上再按 + 和 -。"), markup=False)
            return
        self.draft.add(step.id, number)
        self.show(step.id)

    def action_looked(self) -> None:
        """The content is gone through: to the next one that is not."""
        self.card.flush()
        step = self.draft.steps.get(self.draft.at)
        if step is None:
            self.card.focus_on("")
            return
        content = step.content.id
        self.draft.look(content)
        self.keep()
        if content in self.draft.looked:
            contents = [one.id for one in self.draft.form.checklist.contents]
            later = contents[contents.index(content) + 1 :]
            self.go(next((one for one in later if one not in self.draft.looked), content))

    @on(Row.Typed)
    def typed(self) -> None:
        """Each letter is kept and checked; a count shows what else is to be said."""
        self.card.ask()
        self.look()

    # --- done ---

    def on_unmount(self) -> None:
        """Whichever way one leaves, nothing typed is lost."""
        if not self.draft.is_saved:
            self.save()

    def flush(self) -> None:
        """What stands on the card."""
        self.card.flush()

    def written_words(self, path: Path) -> Sequence[str]:
        """What it scores, the file, and what one may do next."""
        return [
            _("{score}。已写好：", score=self.draft.progress),
            str(path),
            "",
            _("报送以后由市级用 tracker receive 接收；接收以后才计入。"),
            _("按 Esc 回去，再按 q 离开；改后再按 f，会另存一版。"),
        ]

    def action_keys(self) -> None:
        """Every key that does something here."""
        self.app.push_screen(Told(_("按键"), key_lines(self.active_bindings.values())))


def _key(item: object) -> object:
    return item.id if isinstance(item, Step) else item


# --- on its own ---


class AssessApp(App[None]):
    """The sheet alone: ``tracker fill --enterprise``."""

    CSS_PATH: ClassVar = ["fill.tcss", "tui.tcss"]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, draft: SheetDraft) -> None:
        super().__init__()
        dress(self)
        self.draft = draft

    def on_mount(self) -> None:
        """Leaving it ends the app."""
        self.push_screen(AssessScreen(self.draft), lambda _nothing: self.exit())

    def action_help_quit(self) -> None:
        """Textual's answer to ctrl+c, in our words."""
        self.notify(_("按 Esc 再按 q 离开，填的内容会保存。"), markup=False)


def run(draft: SheetDraft) -> int:
    """Show the sheet until it is left; what became of it is said on stderr."""
    AssessApp(draft).run()
    if draft.written is not None:
        sys.stderr.write(_("已写好 {file}，可以发送了。\n", file=plain(draft.written)))
    else:
        sys.stderr.write(_("{progress}。草稿已保存，再运行同一条命令接着填。\n", progress=draft.progress))
    return 0
