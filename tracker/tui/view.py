"""A screen that shows views of one snapshot: worked out in a thread, laid out when that is done.

A place is one; so is what is opened from it. The screen keeps what is its own (filter, sort, cursor);
the snapshot comes down from the app.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen

from tracker.language import _
from tracker.problems import FaultyError
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.tui.actions import ACTIONS, BY_NAME, Subject
from tracker.tui.doing import Question
from tracker.tui.explained import grounds
from tracker.tui.frame import Keys, Tabs, Top
from tracker.tui.grid import Grid
from tracker.tui.sections import Section
from tracker.tui.session import read_only
from tracker.tui.words import Words, shown

if TYPE_CHECKING:
    from tracker.tui.app import TrackerApp
    from tracker.tui.session import Session


class WorkedOut(Message):
    """What a screen shows is known."""

    def __init__(self, turn: int, found: object, snapshot: Snapshot) -> None:
        super().__init__()
        self.turn, self.found, self.snapshot = turn, found, snapshot


class WorkedOutLater(Message):
    """A slower part of what a screen shows is known."""

    def __init__(self, turn: int, found: object, show: Callable[[object], None]) -> None:
        super().__init__()
        self.turn, self.found, self.show = turn, found, show


class WentWrong(Message):
    """It could not be worked out."""

    def __init__(self, turn: int, words: str) -> None:
        super().__init__()
        self.turn, self.words = turn, words


class Wanted(Message):
    """A page is wanted over this one."""

    def __init__(self, view: "View", snapshot: Snapshot | None) -> None:
        super().__init__()
        self.view, self.snapshot = view, snapshot


class View(Screen[None]):
    """A frame, a heading in words, the content, the keys."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-middle"), (140, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-middling"), (50, "-tall")]  # noqa: RUF012 - as above
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                a.key, f"act('{a.name}')", _(a.words), tooltip=_(a.tooltip), show=a.is_in_footer, id=f"act.{a.name}"
            )
            for a in ACTIONS
        ),
        Binding("escape", "back", _("返回"), key_display="Esc", tooltip=_("回到上一页"), id="view.back"),
    ]
    # Always: comparing two snapshots costs more than drawing one.
    snapshot: reactive[Snapshot | None] = reactive(None, init=False, always_update=True)

    def __init__(self, place: str = "") -> None:
        super().__init__()
        self.place = place
        self.seen: Snapshot | None = None
        """The snapshot that is laid out."""
        self._asked: Snapshot | None = None
        """The snapshot that is being worked out, or was."""
        self._turn = 0
        """Counts what was asked for: an answer to an earlier question comes too late."""
        self._fitting: tuple[str, ...] = ()
        self._said = ""
        """The heading without the marks."""

    # --- what a screen says of itself ---

    def content(self) -> ComposeResult:
        """Its widgets."""
        raise NotImplementedError

    def work_out(self, snapshot: Snapshot) -> object:
        """What it shows, from a snapshot; runs in a thread and touches no widget."""
        raise NotImplementedError

    def lay_out(self, found: object) -> None:
        """Show what was worked out."""
        raise NotImplementedError

    @property
    def subject(self) -> Subject | None:
        """What the cursor is on."""
        grid = self.focused
        item = grid.item if isinstance(grid, Grid) else None
        seen = self.seen
        if seen is None or item is None:
            return None
        if isinstance(item, Standing):
            return Subject(seen, (item,))
        if isinstance(item, tuple) and item and all(isinstance(s, Standing) for s in item):
            return Subject(seen, item)
        return None

    def in_short(self, item: object) -> list[Section]:
        """Why a standing is as it is, as far as that is known without reading a file."""
        return grounds(self.seen, item) if self.seen is not None and isinstance(item, Standing) else []

    # --- the frame ---

    def compose(self) -> ComposeResult:
        """Top, places, heading, content, keys."""
        self._fit()
        yield Top()
        yield Tabs(self.place)
        yield Words(classes="heading")
        yield Words(_("正在读文件……"), classes="state")
        with Vertical(classes="content"):
            yield from self.content()
        yield Keys()

    def _fit(self) -> None:
        """Have the classes of the breakpoints from the start: given later, every widget would be styled once more."""
        fits: dict[str, bool] = {}
        for room, breakpoints in zip(
            self.app.size, (self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS), strict=True
        ):
            there = max(least for least, _name in breakpoints if least <= room)
            fits |= {name: least == there for least, name in breakpoints}
        self.update_classes(fits, update=False)

    @property
    def tracker(self) -> "TrackerApp":
        """The app."""
        return cast("TrackerApp", self.app)

    @property
    def session(self) -> "Session":
        """Who looks, at what, with which clocks."""
        return self.tracker.session

    def on_mount(self) -> None:
        """Nothing is known yet."""
        self.say_state(_("正在读文件……"))
        self.refresh_if_other()

    def say(self, words: str) -> None:
        """The heading: what is shown, the filter in words, and how many lines are marked."""
        self._said = words
        n = sum(len(grid.marked) for grid in self.query(Grid))
        marked = _("　已选中 {n} 项", n=n) if n else ""
        heading = self.query_one(".heading", Words)
        heading.say(shown(words + marked))
        heading.display = bool(words + marked)

    @on(Grid.Marked)
    def marks_changed(self) -> None:
        """Other lines are marked."""
        self.say(self._said)
        self.cursor_moved()

    def unmark(self) -> None:
        """What was marked is done with."""
        for grid in self.query(Grid):
            grid.unmark()

    def say_state(self, words: str) -> None:
        """Say why there is nothing to see; empty shows the content."""
        self.query_one(".state", Words).say("\n".join(shown(line) for line in words.split("\n")))
        self.query_one(".state").display = bool(words)
        self.query_one(".content").display = not words

    def look_around(self) -> None:
        """The first line anew."""
        app = self.tracker
        is_now = self.session.is_now and self.snapshot is app.snapshot
        self.query_one(Top).show(self.snapshot, self.session.programme, is_now=is_now, notice=app.notice)

    # --- the snapshot comes ---

    def watch_snapshot(self) -> None:
        """Another snapshot: at once where it is seen, later where not."""
        self.refresh_if_other()

    def refresh_if_other(self) -> None:
        """Work out anew what is shown, if it is not being done already."""
        if self.snapshot is None or self.snapshot is not self._asked:
            self.refresh_view()

    def refresh_view(self) -> None:
        """Work out anew what is shown."""
        if not self.is_mounted:
            return
        if not self.is_current:
            self._asked = None
            return
        self.look_around()
        if self.snapshot is not None:
            self._asked = self.snapshot
            if self.query_one(".state").display:
                self.say_state(_("正在整理……"))
            self._turn += 1
            self._work_out(self._turn)
        elif self.tracker.trouble:
            self.say_state(self.tracker.trouble)

    def refresh_at_once(self) -> None:
        """Show anew what is worked out within a few milliseconds: no thread, and nothing older can come after it."""
        if self.seen is None or self.seen is not self.snapshot or not self.is_current:
            self.refresh_view()
            return
        self._turn += 1
        self.lay_out(self.work_out(self.seen))
        self.refresh_bindings()

    @on(events.ScreenResume)
    def seen_again(self) -> None:
        """What changed while it was not seen."""
        self.look_around()
        self.refresh_if_other()

    @work(thread=True, exclusive=True, exit_on_error=False, group="view")
    def _work_out(self, turn: int) -> None:
        # Not an argument: Textual writes a worker's arguments out in full, and a snapshot fills a book.
        snapshot = self._asked
        if snapshot is None:
            return
        try:
            found = self.work_out(snapshot)
        except Exception as error:  # noqa: BLE001 - a screen that fails says so; the others live on
            self.post_message(WentWrong(turn, _failed(error)))
        else:
            self.post_message(WorkedOut(turn, found, snapshot))

    @on(WorkedOut)
    def worked_out(self, event: WorkedOut) -> None:
        """Show it."""
        if event.turn != self._turn:
            return
        self.seen = event.snapshot
        self.say_state("")
        self.lay_out(event.found)
        self.refresh_bindings()

    def later(self, work: Callable[[], object], show: Callable[[object], None]) -> None:
        """Work out a slower part of what is shown in a thread; it is shown unless something else is by then."""
        turn = self._turn

        def run() -> None:
            try:
                found = work()
            except Exception as error:  # noqa: BLE001 - as above
                self.post_message(WentWrong(turn, _failed(error)))
            else:
                self.post_message(WorkedOutLater(turn, found, show))

        self.run_worker(run, thread=True, exclusive=True, exit_on_error=False, group="later")

    @on(WorkedOutLater)
    def worked_out_later(self, event: WorkedOutLater) -> None:
        """Show it."""
        if event.turn == self._turn:
            event.show(event.found)

    @on(WentWrong)
    def went_wrong(self, event: WentWrong) -> None:
        """Say it."""
        if event.turn == self._turn:
            self.say_state(event.words)

    # --- acting ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An action is there where it fits what the cursor is on; back only where one came from somewhere."""
        if action == "act":
            return str(parameters[0]) in self._fitting
        if action == "back":
            return self.can_go_back
        return True

    @property
    def can_go_back(self) -> bool:
        """Whether there is something behind it, or something of its own to undo."""
        return not self.place

    @on(Grid.Moved)
    @on(events.DescendantFocus)
    def cursor_moved(self) -> None:
        """Other actions may fit now."""
        subject = self.subject
        may = (a for a in ACTIONS if not (a.writes and self.session.is_read_only))
        fitting = tuple(a.name for a in may if subject is not None and a.fits(subject))
        if fitting != self._fitting:
            self._fitting = fitting
            self.refresh_bindings()

    def action_act(self, name: str) -> None:
        """Do it with what the cursor is on."""
        subject = self.subject
        action = BY_NAME[name]
        if action.writes and self.session.is_read_only:
            self.told(_("{why}。", why=read_only()), is_wrong=True)
        elif subject is not None and action.fits(subject):
            action.run(self, subject)

    def ask(self, question: Question) -> None:
        """Ask over the screen, and do it."""
        from tracker.tui.asking import Ask  # noqa: PLC0415 - fields to type in, when they are wanted

        self.app.push_screen(Ask(question, self.session.today.replace(day=1)))

    def action_back(self) -> None:
        """To the screen before."""
        self.app.pop_screen()

    def open(self, view: "View", snapshot: Snapshot) -> None:
        """Open a page on what was seen here: it follows the app's snapshot if this one does."""
        self.post_message(Wanted(view, None if snapshot is self.snapshot else snapshot))

    def open_subject(self, subject: Subject) -> None:
        """What is behind a line: one unit's item month by month, or the milestone of several units."""
        from tracker.tui.item import ItemScreen  # noqa: PLC0415 - a screen too
        from tracker.tui.milestone import MilestoneScreen  # noqa: PLC0415 - a screen too

        s = subject.standing
        page = (
            ItemScreen(s.occurrence.unit, s.occurrence.id) if subject.is_one_item else MilestoneScreen(s.occurrence.id)
        )
        self.open(page, subject.snapshot)

    def told(self, words: str, *, is_wrong: bool = False) -> None:
        """A few words at the edge."""
        self.notify(shown(words), markup=False, severity="error" if is_wrong else "information")

    def written(self, write: Callable[[], object]) -> None:
        """Write a file and say where, or why not."""
        try:
            path = write()
        except OSError as error:
            self.told(_("没有写成：{why}。", why=error.strerror or error), is_wrong=True)
        except FaultyError as error:
            self.told(f"{error.problem.place}  {error.problem.message}", is_wrong=True)
        else:
            self.told(_("已写入 {file}。", file=path))


def _failed(error: Exception) -> str:
    return _("这一页算不出来：{error}", error=f"{type(error).__name__}: {error}")
