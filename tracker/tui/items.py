"""The list of what is asked: a sign, the title, the day it falls due, the days left or late."""

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tracker.filling.draft import Draft
from tracker.filling.questions import SECTIONS
from tracker.language import _
from tracker.registering import NEW
from tracker.terminal import cut, padded, plain, width

FIRST = "/first"
"""The first page's line; no item's id begins with a slash."""

DAYS = 8
"""Columns for the days left or late."""

NARROWEST = 30
"""Columns before the list is laid out."""


class Items(OptionList):
    """The first page, the items by section, the events; each line is as wide as the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Instead of Textual's, which a click would do as well: a click only looks.
        Binding("enter", "screen.into", show=False, id="items.into"),
    ]

    def __init__(self, draft: Draft, *, id: str) -> None:  # noqa: A002 - Textual's name
        self.pages = draft.pages
        super().__init__(*self._lines_of(draft), id=id, compact=True, markup=False)
        self.draft = draft
        self.lines: dict[str, str] = {}

    @staticmethod
    def _lines_of(draft: Draft) -> Iterator[Option]:
        yield Option("", FIRST)
        section = None
        for item in draft.items:
            if item.section != section:
                section = item.section
                n = sum(one.section == section for one in draft.items)
                words = _("── {section} {n} 项 ──", section=_(SECTIONS[section]), n=n)
                yield Option(Content(words), disabled=True)
            yield Option("", item.id)
        if draft.register.kinds:
            yield Option(Content(_("── 事项登记 ──")), disabled=True)
            yield from (Option("", page) for page in (*draft.register.pages, NEW))

    def item_of(self, option_id: str | None) -> str:
        """The item of a line; empty for the first page's."""
        return "" if option_id in (FIRST, None) else str(option_id)

    def go(self, item: str) -> None:
        """Put the cursor on an item's line."""
        self.highlighted = self.get_option_index(item or FIRST)

    def look(self) -> None:
        """Write the lines that have changed; all of them where there are others than before."""
        if self.pages != self.draft.pages:
            self.pages = self.draft.pages
            self.lines.clear()
            with self.prevent(OptionList.OptionHighlighted):
                self.set_options(self._lines_of(self.draft))
                self.go(self.draft.at)
        for option in self.options:
            if option.id is not None:
                line = self._line(self.item_of(option.id))
                if self.lines.get(option.id) != line:
                    self.lines[option.id] = line
                    self.replace_option_prompt(option.id, Content(line))

    def _line(self, item: str) -> str:
        start = f"{'›' if item == self.draft.at else ' '}{self.draft.sign(item)} "
        columns = max(self.scrollable_content_region.width, NARROWEST) - width(start)
        if not item:
            return start + cut(_("填报人、主要做法等"), columns)
        if item == NEW:
            return f"{start[0]}+ " + cut(_("登记一件事（按 a）"), columns)
        if item in self.draft.register.entries:
            end = f" {self.draft.register.day(item):10}" + " " * DAYS
            columns -= width(end)
            return start + padded(cut(plain(self.draft.register.title(item)), columns), columns) + end
        one = self.draft.by_id[item]
        end = f" {one.due}{padded(one.days, DAYS, right=True)}"
        columns -= width(end)
        return start + padded(cut(one.title, columns), columns) + end
