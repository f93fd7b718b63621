"""The events on a form being filled in: entered, changed, taken out.

Terms start from them. Each has a page of its own with what was typed; one that was taken out is
remembered, so that an earlier file does not bring it back.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tracker.language import _, mark
from tracker.occurrences import Event
from tracker.typed import Answer, Field, understood

NEW = "event/"
"""The page on which another one is begun; no occurrence's id has a slash."""

PAGE = re.compile(r"event/([1-9][0-9]{0,5})")
"""The page of one."""

FIELDS = (
    Field("kind", mark("事项种类"), "one-of", mark("写编号，或名称里的几个字"), is_needed=True),
    Field("ref", mark("编号"), help=mark("自定，不重复，例如 2026-01"), is_needed=True),
    Field("name", mark("名称"), help=mark("哪家企业的什么事"), is_needed=True),
    Field("planned", mark("计划日期"), "day", mark("还没有发生的写这一格"), lies="near"),
    Field("actual", mark("实际日期"), "day", mark("发生了再写；有了它，期限从它起算")),
)
"""The page of an event."""

_NEEDED = tuple(f.key for f in FIELDS if f.is_needed)

KEPT = {*(f.key for f in FIELDS), "was", "gone"}
"""What a draft's file may say of an event: what was typed, what it was before, and that it was taken out."""


@dataclass
class Register:
    """One form's events with what was typed so far."""

    kinds: Mapping[str, str]
    """The kinds that concern the unit, by id, each with its name."""
    month: date
    entries: dict[str, Answer] = field(default_factory=dict)
    """By page."""

    @property
    def pages(self) -> list[str]:
        """The events' pages in the order in which they were begun."""
        return [page for page, said in self.entries.items() if not said.get("gone")]

    def add(self) -> str:
        """Begin another; its page."""
        numbers = (int(page.removeprefix(NEW)) for page in self.entries)
        page = f"{NEW}{1 + max(numbers, default=0)}"
        self.entries[page] = {}
        return page

    def take_out(self, page: str) -> None:
        """Say no more of an event."""
        if self.entries[page].get("was"):
            self.entries[page]["gone"] = "yes"
        else:
            del self.entries[page]

    def take_over(self, events: Iterable[Event]) -> None:
        """What files say already, unless it was changed or taken out here."""
        known = {said.get("was") for said in self.entries.values()}
        for event in events:
            was = f"{event.kind}/{event.ref}"
            if was not in known:
                days = {key: day.isoformat() for key in ("planned", "actual") if (day := getattr(event, key))}
                said = {"kind": self.kinds[event.kind], "ref": event.ref, "name": event.name}
                self.entries[self.add()] = {**said, **days, "was": was}

    @property
    def fields(self) -> list[Field]:
        """What is to be typed of an event."""
        return [replace(f, choices=tuple(self.kinds.values())) if f.key == "kind" else f for f in FIELDS]

    def values(self, page: str) -> dict[str, Any]:
        """What the typed texts mean; what cannot be read is left out."""
        said = self.entries[page]
        read = {f.key: understood(f, said.get(f.key, ""), self.month)[0] for f in self.fields}
        return {key: value for key, value in read.items() if value is not None}

    def is_begun(self, page: str) -> bool:
        """Whether anything was typed."""
        return any(self.entries[page].get(f.key, "").strip() for f in FIELDS)

    def is_whole(self, page: str) -> bool:
        """Whether it can be written into a submission and checked there."""
        values = self.values(page)
        return all(key in values for key in _NEEDED) and ("planned" in values or "actual" in values)

    def troubles(self) -> Iterator[tuple[str, str, str]]:
        """What is missing or cannot be read: page, key, words."""
        for page in filter(self.is_begun, self.pages):
            values = self.values(page)
            for f in self.fields:
                text = self.entries[page].get(f.key, "")
                words = understood(f, text, self.month)[1]
                if f.is_needed and not text.strip():
                    words = _("要写“{name}”。", name=_(f.label))
                if words:
                    yield page, f.key, words
            if "planned" not in values and "actual" not in values:
                yield page, "planned", _("计划日期和实际日期至少写一个。")

    def title(self, page: str) -> str:
        """An event in a few words."""
        values = self.values(page)
        return " ".join(str(values[key]) for key in ("kind", "name") if key in values) or _("（还没有填）")

    def day(self, page: str) -> str:
        """The day its terms start from, as far as it is known."""
        values = self.values(page)
        return str(values.get("actual") or values.get("planned") or "")
