"""A draft being filled in, whatever is asked: kept at each step, written as a file once nothing is left."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from textual import events, on
from textual.containers import VerticalScroll
from textual.screen import Screen

from tracker.language import _
from tracker.tui.told import Told


class Kept(Protocol):
    """What is filled in: a monthly form's draft, or an enterprise's sheet's."""

    @property
    def is_saved(self) -> bool:
        """Whether nothing has changed since it was saved."""

    @property
    def progress(self) -> str:
        """How far one is, in one line."""

    def gaps(self) -> Iterator[tuple[str, str]]:
        """What is left, as the item and the field of it."""

    def save(self) -> None:
        """Write the draft. ``OSError`` where that cannot be done."""

    def finish(self) -> Path:
        """Write the file that was filled in. May raise ``OSError``."""


D = TypeVar("D", bound=Kept)


class DraftScreen(Screen[None], Generic[D]):
    """A list of what is asked, the card of one item, and how far one is."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, draft: D) -> None:
        super().__init__()
        self.draft = draft

    # --- what a screen says of itself ---

    def go(self, item: str, key: str = "") -> None:
        """Go to an item, and to a field of it."""
        raise NotImplementedError

    def look(self) -> None:
        """Show what is so now."""
        raise NotImplementedError

    def flush(self) -> None:
        """All that is typed into the draft."""
        raise NotImplementedError

    def written_words(self, path: Path) -> Sequence[str]:
        """What is said once the file is written."""
        raise NotImplementedError

    # --- keeping ---

    def action_scroll_card(self, pages: int) -> None:
        """Move the card for those without a mouse."""
        card = self.query_one("#card", VerticalScroll)
        card.scroll_relative(y=pages * max(card.size.height // 2, 1), animate=False)

    @on(events.DescendantBlur)
    def left(self) -> None:
        """A field was left: saved."""
        if not self.draft.is_saved:
            self.keep()

    def keep(self) -> None:
        """Save what is typed, and show it."""
        self.flush()
        self.save()
        self.look()

    def save(self) -> None:
        """Save the draft; a full disk is said and does not end the work."""
        try:
            self.draft.save()
        except OSError as error:
            self.notify(_("草稿没有存上：{why}。", why=error.strerror), markup=False, severity="error")

    def action_save(self) -> None:
        """Save, and say so."""
        self.keep()
        if self.draft.is_saved:
            self.notify(_("草稿已保存。"), markup=False)

    def action_finish(self) -> None:
        """Write the file, or go to what is left."""
        self.keep()
        gap = next(self.draft.gaps(), None)
        if gap is not None:
            self.go(*gap)
            self.notify(_("还没有填好：{progress}。", progress=self.draft.progress), markup=False, severity="warning")
            return
        try:
            written = self.draft.finish()
        except OSError as error:
            self.notify(_("文件没有写成：{why}。", why=error.strerror), markup=False, severity="error")
            return
        self.app.push_screen(Told(_("完成"), self.written_words(written)))
