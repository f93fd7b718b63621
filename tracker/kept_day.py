"""A day that was judged before, as the index keeps it: what is at hand at once, and what is read when it is asked for.

It is kept for what it was judged from (the digest of every file), for the day, and for any moment at
which the same had been sent and ruled. What is late comes apart: most questions are about that.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from tracker.clocks import Clocks
from tracker.codec import packed, unpacked
from tracker.index import Index
from tracker.problems import Problem

if TYPE_CHECKING:  # a list that was kept is shown without the plans or any standing
    from tracker.plans import Programme
    from tracker.standing import Standing

T = TypeVar("T")
Problems = tuple[Problem, ...]
Files = Sequence[tuple[str, str | None]]
"""The files that were merged, and when each was received; not for one without a receipt: it is known from when
one looks."""


class Span(NamedTuple):
    """The moments between which it stands so, neither of them included; None where there is no end."""

    after: datetime | None
    before: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return (self.after is None or self.after < moment) and (self.before is None or moment < self.before)


HEAD, LATE, OTHERS = "judged", "late", "not late"
"""What is kept of a day, each under a name of its own: many questions are only about one of them."""


class Behind(Protocol):
    """The files that a day was judged from, should more be asked than was kept."""

    @property
    def programme(self) -> "Programme":
        """What the plans say."""

    def judged(self, clocks: Clocks) -> "Sequence[Standing]":
        """The day judged anew."""


class Day:
    """A day as it was judged."""

    def __init__(
        self, index: Index, key: str, span: str, files: Files, problems: Problems, clocks: Clocks, behind: Behind
    ) -> None:
        self.index = index
        self.key = key
        """A digest of what it was judged from."""
        self.span = span
        """The moments between which it stands so, as they were written."""
        self.files = files
        self.problems = problems
        """Those of the files."""
        self.clocks = clocks
        self.behind = behind

    def said(self, name: str) -> str | None:
        """What is kept under a name; None where it is gone."""
        return self.index.kept(f"{name} on {self.clocks.as_of}", self.key)

    def worked_out(self, name: str, kind: type[T], work: Callable[[], T]) -> T:
        """What ``work`` came to from all that the day was judged from, once it was known."""
        found = self.index.worked_out(f"{name} on {self.clocks.as_of}", f"{self.key} {self.span}", kind, work)
        if self.index.has_new:
            self.index.save(forgets=False)
        return found


def put(index: Index, key: str, span: Span, clocks: Clocks, files: Files, problems: Problems) -> None:
    """Keep what heads a day."""
    said = [packed(Span, span), packed(Problems, problems), files]
    index.put(f"{HEAD} on {clocks.as_of}", key, json.dumps(said, ensure_ascii=False, separators=(",", ":")))


def get(index: Index, key: str, clocks: Clocks, behind: Behind) -> Day | None:
    """A day that was judged from what ``key`` is a digest of; None where it was not."""
    said = index.kept(f"{HEAD} on {clocks.as_of}", key)
    if said is None:
        return None
    span, problems, files = json.loads(said)
    if not unpacked(Span, span).holds(clocks.known_by):
        return None
    return Day(index, key, json.dumps(span), files, unpacked(Problems, problems), clocks, behind)
