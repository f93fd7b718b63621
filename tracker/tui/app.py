"""``tracker``: the app. It has one snapshot, which comes down to the places; what a person means comes up.

It computes nothing: reading happens in a thread, which only posts what it read.
"""

import gc
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen

from tracker.language import _
from tracker.signatures import UnableError
from tracker.snapshot import Snapshot
from tracker.tui.doing import Did, Doing, Outcome
from tracker.tui.keys import key_lines
from tracker.tui.looks import dress, turn
from tracker.tui.places import PLACES
from tracker.tui.remembering import forget
from tracker.tui.session import Session, Taken
from tracker.tui.view import View, Wanted
from tracker.tui.words import shown

if TYPE_CHECKING:
    from tracker.typed import Answer

LOOK_EVERY = 3.0
"""Seconds between looks for files that somebody else changed."""

SETTLED = 1.0
"""Seconds after reading by which the screen stands."""

MOST_NAMED = 2
"""Changed files that are named."""


class Read(Message):
    """The files were read."""

    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self.taken = taken


class NotRead(Message):
    """They could not be read."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


class Changed(Message):
    """Files are other than they were read."""

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__()
        self.files = files


class TrackerApp(App[None]):
    """The plans and where they stand, in places."""

    CSS_PATH = "tui.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(p.key, f"go('{p.name}')", _(p.words), tooltip=_(p.tooltip), show=False, id=f"place.{p.name}")
            for p in PLACES
        ),
        Binding("question_mark,f1", "keys", _("按键"), key_display="?", tooltip=_("这里的全部按键"), id="app.keys"),
        Binding(
            "ctrl+p", "command_palette", _("命令"), show=False, key_display="Ctrl+P", tooltip=_("按名字找命令"),
            id="app.palette",
        ),
        Binding("f5", "reload", _("重读"), show=False, key_display="F5", tooltip=_("重新读文件"), id="app.reload"),
        Binding("p", "programme", _("换行动"), show=False, tooltip=_("看另一个行动"), id="app.programme"),
        Binding("n", "now", _("回到今天"), show=False, tooltip=_("按今天、按现在知道的看"), id="app.now"),
        Binding("t", "theme", _("换成浅色或深色"), show=False, id="app.theme"),
        Binding("q", "quit", _("退出"), id="app.quit"),
    ]  # fmt: skip
    ENABLE_COMMAND_PALETTE = True
    DEFAULT_MODE = PLACES[0].name

    snapshot: reactive[Snapshot | None] = reactive(None, init=False, always_update=True)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress(self)
        self.session = session
        self.trouble = ""
        """Why there is no snapshot."""
        self.notice = ""
        """What is going on, in the first line."""
        for place in PLACES:
            self.add_mode(place.name, partial(self._built, place.build))

    def _built(self, build: Callable[[], View]) -> View:
        return build().data_bind(snapshot=TrackerApp.snapshot)

    def on_mount(self) -> None:
        """The first place stands already; the files come as soon as they are read."""
        self.read()
        self.set_interval(LOOK_EVERY, self.look_for_changes)

    # --- reading ---

    @work(thread=True, exclusive=True, exit_on_error=False, group="read")
    def read(self) -> None:
        """Read everything anew, off the event loop."""
        self._read(self.session.read)

    @work(thread=True, exclusive=True, exit_on_error=False, group="read")
    def look_again(self) -> None:
        """Judge by other clocks what is read already."""
        taken = self.session.taken
        self._read(self.session.read if taken is None else partial(self.session.look_again, taken))

    def _read(self, read: Callable[[], Taken]) -> None:
        try:
            self.post_message(Read(read()))
        except OSError as error:
            self.post_message(NotRead(_("{file} 读不出来：{why}。", file=error.filename, why=error.strerror)))
        except Exception as error:  # noqa: BLE001 - no traceback reaches a user
            self.post_message(NotRead(_("程序出错：{error}", error=f"{type(error).__name__}: {error}")))

    @on(Read)
    def was_read(self, event: Read) -> None:
        """It comes down to all places; broken plans have a place of their own."""
        before, now = (t.snapshot if t is not None else None for t in (self.session.taken, event.taken))
        if before is not None and (now is None or now.books is not before.books):
            forget(before)
        self.session.taken = event.taken
        # What was read stays: to look through it for garbage takes a tenth of a second, at any key.
        gc.freeze()
        self.say("")
        if event.taken.snapshot is None:
            self.trouble = _("方案文件有错，改好后按 F5 重读。按 8 看错在哪里。")
            self.action_go("problems")
        else:
            self.trouble = ""
        self.snapshot = event.taken.snapshot
        self.set_timer(SETTLED, gc.enable)

    @on(NotRead)
    def was_not_read(self, event: NotRead) -> None:
        """Say so; what was read before stays."""
        self.set_timer(SETTLED, gc.enable)
        self.trouble = _("{words}\n按 F5 再试。", words=event.words)
        self.say(event.words)
        for view in self.views:
            view.refresh_view()

    @work(thread=True, exclusive=True, exit_on_error=False, group="look")
    def look_for_changes(self) -> None:
        """See whether somebody else changed the files."""
        taken = self.session.taken
        files = self.session.changed(taken.stamp) if taken is not None else []
        if files:
            self.post_message(Changed(files))

    @on(Changed)
    def were_changed(self, event: Changed) -> None:
        """Offer to read them."""
        names = _("、").join("/".join(file.split("/")[-2:]) for file in event.files[:MOST_NAMED])
        more = _("等 {n} 个文件", n=len(event.files)) if len(event.files) > MOST_NAMED else ""
        self.say(_("{names}{more}有改动，按 F5 重读", names=names, more=more))

    # --- writing ---

    @on(Doing)
    def do(self, event: Doing) -> None:
        """In a thread: another command may keep the workspace for a while."""
        ask, answer = event.ask, event.answer
        act = ask.question.act

        def write() -> None:
            self.post_message(Did(ask, answer, _tried(act, answer)))

        self.run_worker(write, thread=True, exit_on_error=False, group="write")

    @on(Did)
    def did(self, event: Did) -> None:
        """Say what came of it; what was written is read."""
        event.ask.came(event.outcome, event.answer)
        if event.outcome.is_done:
            self.notify("\n".join(shown(line) for line in event.outcome.words.split("\n")), markup=False)
            self.read()

    def say(self, words: str) -> None:
        """In the first line of what is seen."""
        self.notice = words
        for view in self.views:
            view.look_around()

    @property
    def views(self) -> list[View]:
        """The views on the open stack."""
        return [screen for screen in self.screen_stack if isinstance(screen, View) and screen.is_mounted]

    # --- going ---

    def action_go(self, place: str) -> None:
        """To a place, as it was left."""
        if self.current_mode == place:
            while len(self.screen_stack) > 1:
                self.pop_screen()
        else:
            self.switch_mode(place)

    @on(Wanted)
    def open(self, event: Wanted) -> None:
        """Open a page over the place; with a snapshot of its own, or else the app's."""
        if event.snapshot is None:
            event.view.data_bind(snapshot=TrackerApp.snapshot)
        else:
            event.view.set_reactive(View.snapshot, event.snapshot)
        self.push_screen(event.view)

    # --- keys ---

    def action_reload(self) -> None:
        """Read the files again."""
        self.say(_("正在重读……"))
        self.read()

    def action_programme(self) -> None:
        """The next programme."""
        names = list(self.session.programmes)
        if len(names) < 2:  # noqa: PLR2004 - another one
            self.notify(_("这个工作区只有一个行动。"), markup=False)
            return
        self.session.programme = names[(names.index(self.session.programme) + 1) % len(names)]
        self.session.taken = None
        self.action_reload()

    def action_now(self) -> None:
        """Today, with all that is known."""
        self.session.as_of = self.session.known_by = None
        self.look_again()

    def action_theme(self) -> None:
        """Light or dark."""
        turn(self)

    def action_keys(self) -> None:
        """Every key that does something here."""
        from tracker.tui.told import Told  # noqa: PLC0415 - when it is wanted

        self.push_screen(Told(_("按键"), key_lines(self.screen.active_bindings.values())))

    def action_help_quit(self) -> None:
        """Textual's answer to ctrl+c, in our words."""
        self.notify(_("按 q 退出。"), markup=False)

    def action_command_palette(self) -> None:
        """The commands by name."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("找命令……"), id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every key that has a name is a command; nothing is declared twice."""
        for active in screen.active_bindings.values():
            binding = active.binding
            if active.enabled and binding.id and not binding.id.startswith(("grid.", "app.palette")):
                run = partial(self.run_action, binding.action, active.node)
                yield SystemCommand(binding.description, active.tooltip or binding.description, run)


def _tried(act: Callable[["Answer"], Outcome], answer: "Answer") -> Outcome:
    """What came of writing; whatever goes wrong is said in words."""
    try:
        return act(answer)
    except TimeoutError:
        words = _("另一个命令正在写这个工作区，请稍后再试。")
    except OSError as error:
        words = _("没有写成：{why}。", why=error.strerror or error)
    except UnableError as error:
        words = _("没有写成：{why}", why=error)
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        words = _("程序出错：{error}", error=f"{type(error).__name__}: {error}")
    return Outcome(is_done=False, words=words)
