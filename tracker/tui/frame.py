"""What stands around every place, each a widget of one line: what one looks at, the places, the keys.

A widget for every tab and every key would cost a screen more than all that stands between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.dom import DOMNode
from textual.widget import Widget

from tracker.clocks import CHINA
from tracker.language import _
from tracker.snapshot import Snapshot
from tracker.terminal import cut, width
from tracker.tui.places import PLACES, Place
from tracker.tui.words import shown

if TYPE_CHECKING:
    from textual.binding import ActiveBinding
    from textual.screen import Screen


class Top(Widget):
    """Programme and clocks on the left; sample data and what is going on at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_at: tuple[str, ...] = ("",)
        """What is looked at, at full length and shorter."""
        self.notice, self.is_sample = "", False

    def show(self, snapshot: Snapshot | None, name: str, *, is_now: bool, notice: str) -> None:
        """Say what is looked at."""
        forms: list[tuple[str, ...]] = [(name,)]
        if snapshot is not None:
            clocks, head = snapshot.clocks, snapshot.programme.head
            moment = clocks.known_by.astimezone(CHINA)
            moments = [f"{moment:%Y-%m-%d %H:%M}", f"{moment:%m-%d %H:%M}", f"{moment:%m-%d}"]
            day = _("截至 {day}", day=clocks.as_of)
            known = [_("已知至 {known}", known=one) for one in ([_("现在")] if is_now else moments)]
            forms = [(head.name, day, one) for one in known]
        said = tuple("　".join(shown(part) for part in parts) for parts in forms), shown(notice)
        is_sample = snapshot is not None and snapshot.programme.head.sample
        if (*said, is_sample) != (self.looked_at, self.notice, self.is_sample):
            self.looked_at, self.notice, self.is_sample = *said, is_sample
            self.refresh()
        self.set_class(not is_now, "-other")

    def render(self) -> Content:
        """The left gives way to the notice, and that to half of the line."""
        sample = f" {_('示例数据')} " if self.is_sample else ""
        room = self.size.width - width(sample)
        notice = f" {cut(self.notice, room * 3 // 5)} " if self.notice else ""
        room -= width(notice)
        said = next((words for words in self.looked_at if width(words) <= room - 3), self.looked_at[-1])
        left = f"  {cut(said, room - 3)}"
        return Content.assemble(
            (left + " " * (room - width(left)), "bold"),
            (notice, "$text on $warning"),
            (sample, "$text on $secondary"),
        )


@dataclass(frozen=True)
class Piece:
    """Words in a line that can be clicked."""

    words: Content
    action: str
    """What a click does."""
    node: DOMNode
    """Whose action it is."""
    tooltip: str = ""

    @property
    def columns(self) -> int:
        """How wide it is."""
        return self.words.cell_length


class Pieces(Widget):
    """Pieces side by side; the one under the mouse is marked, and says what it does."""

    apart = ""
    """What stands between two of them."""

    def __init__(self) -> None:
        super().__init__()
        self._laid: list[Piece] = []
        self._under: int | None = None
        """The piece under the mouse."""

    def pieces(self, room: int) -> list[Piece]:
        """Those that are shown in so many columns."""
        raise NotImplementedError

    def render(self) -> Content:
        """The pieces."""
        self._laid = self.pieces(self.size.width)
        marked = (
            piece.words.stylize("$foreground on $block-hover-background") if n == self._under else piece.words
            for n, piece in enumerate(self._laid)
        )
        return Content(self.apart).join(marked)

    def place_of(self, action: str) -> int:
        """The column where the piece of an action begins. ``LookupError`` where it is not shown."""
        return next(begin for begin, piece in self._places() if piece.action == action) + self.gutter.left

    def _places(self) -> Iterator[tuple[int, Piece]]:
        begin = 0
        for piece in self._laid:
            yield begin, piece
            begin += piece.columns + width(self.apart)

    def _at(self, x: int) -> int | None:
        found = (n for n, (begin, piece) in enumerate(self._places()) if begin <= x < begin + piece.columns)
        return next(found, None)

    def _mark(self, under: int | None) -> None:
        if under != self._under:
            self._under = under
            self.tooltip = Content(self._laid[under].tooltip) if under is not None else None
            self.styles.pointer = "pointer" if under is not None else "default"
            self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """What is under the mouse."""
        self._mark(self._at(event.x - self.gutter.left))

    def on_leave(self) -> None:
        """Nothing is."""
        self._mark(None)

    async def on_click(self, event: events.Click) -> None:
        """As good as the key."""
        event.stop()
        at = self._at(event.x - self.gutter.left)
        if at is not None:
            await self.app.run_action(self._laid[at].action, self._laid[at].node)


class Tabs(Pieces):
    """The places with their keys; the one that is open is marked with brackets as well as by colour."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = here

    def pieces(self, room: int) -> list[Piece]:
        """A tab a place; where there is little room the names of the others are cut."""
        longest = max(width(_(place.words)) for place in PLACES)
        for columns in range(longest, 0, -1):
            found = [self._tab(place, columns) for place in PLACES]
            if sum(piece.columns for piece in found) <= room:
                break
        return found

    def _tab(self, place: Place, columns: int) -> Piece:
        is_here = place.name == self.here
        words = f"{place.key} {_(place.words) if is_here else cut(_(place.words), columns)}"
        look = Content.styled(f"[{words}]", "$foreground bold") if is_here else Content(f" {words} ")
        return Piece(look, f"app.go('{place.name}')", self, _(place.tooltip))


class Keys(Pieces):
    """The keys that do something here; where there is little room the app's own are kept."""

    # Here and not in a file of rules: three apps have keys.
    DEFAULT_CSS = """
    Keys {
        dock: bottom;
        height: 1;
        padding: 0 2;
        background: $footer-background;
    }
    """
    apart = " "

    def on_mount(self) -> None:
        """Other keys may do something from now on."""
        self.screen.bindings_updated_signal.subscribe(self, self.other_keys)

    def other_keys(self, _screen: "Screen[object]") -> None:
        """Draw them anew."""
        self.refresh()

    def pieces(self, room: int) -> list[Piece]:
        """One for each action that the footer names."""
        shown_keys = {
            one.binding.action: one for one in reversed(self.screen.active_bindings.values()) if one.binding.show
        }
        found = [self._key(one) for one in reversed(shown_keys.values())]
        kept = [piece for piece in found if piece.node is self.app]
        own = [piece for piece in found if piece.node is not self.app]
        while own and sum(piece.columns + 1 for piece in own + kept) > room + 1:
            own.pop()
        return own + kept

    def _key(self, one: "ActiveBinding") -> Piece:
        words = Content.assemble(
            (self.app.get_key_display(one.binding), "bold $footer-key-foreground"),
            (f" {one.binding.description}", "$footer-description-foreground"),
        )
        is_off = not one.enabled
        return Piece(words.stylize("dim") if is_off else words, one.binding.action, one.node, one.tooltip)
