"""What stands around every place: the line that says what one looks at, and the places to go to."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message

from tracker.language import _
from tracker.snapshot import Snapshot
from tracker.tui.places import PLACES
from tracker.tui.words import Words, shown
from tracker.workdays import CHINA


class Top(Horizontal):
    """Programme and clocks on the left; sample data and what is going on at the right."""

    def compose(self) -> ComposeResult:
        """Both ends."""
        yield Words(classes="seen")
        yield Words(classes="notice")
        yield Words(_("示例数据"), classes="sample")

    def show(self, snapshot: Snapshot | None, name: str, *, is_now: bool, notice: str) -> None:
        """Say what is looked at."""
        sample = self.query_one(".sample", Words)
        sample.display = snapshot is not None and snapshot.programme.head.sample
        parts = [name]
        if snapshot is not None:
            clocks = snapshot.clocks
            known = _("现在") if is_now else f"{clocks.known_by.astimezone(CHINA):%Y-%m-%d %H:%M}"
            parts = [
                snapshot.programme.head.name,
                _("截至 {day}", day=clocks.as_of),
                _("已知至 {known}", known=known),
            ]
        self.query_one(".seen", Words).say("　".join(shown(part) for part in parts))
        self.set_class(not is_now, "-other")
        said = self.query_one(".notice", Words)
        said.say(shown(notice))
        said.display = bool(notice)


class Tab(Words):
    """One place; a click goes there."""

    class Wanted(Message):
        """This place."""

        def __init__(self, place: str) -> None:
            super().__init__()
            self.place = place

    def __init__(self, place: str, words: str, *, is_here: bool) -> None:
        super().__init__(words, classes="-here" if is_here else "")
        self.place = place

    def on_click(self, event: events.Click) -> None:
        """As good as the key."""
        event.stop()
        self.post_message(self.Wanted(self.place))


class Tabs(Horizontal):
    """The places with their keys; the one that is open is marked with brackets as well as by colour."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = here

    def compose(self) -> ComposeResult:
        """A tab a place."""
        for place in PLACES:
            words = f"{place.key} {_(place.words)}"
            is_here = place.name == self.here
            yield Tab(place.name, f"[{words}]" if is_here else f" {words} ", is_here=is_here)
