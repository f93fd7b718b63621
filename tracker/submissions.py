"""status/ -> checked Updates, and the Problems of one file alone.

``read_submission`` never raises for what a county wrote: good updates count, bad ones are
held by name with their problems, and a file that cannot be read is held whole.
status/README.md explains each key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from tracker.codec import LATER, Patient
from tracker.entered import FILLED, Entered
from tracker.language import mark
from tracker.occurrences import Event, Occurrence
from tracker.plans import Programme
from tracker.problems import Place

STATES: Mapping[str, str] = {
    "not-started": mark("未启动"),
    "in-progress": mark("推进中"),
    "blocked": mark("受阻"),
    "done": mark("已完成"),
    "not-applicable": mark("不涉及"),
}
"""What a unit may say of an item; either word may be written."""

_CANONICAL = {chinese: state for state, chinese in STATES.items()}

TEMPLATE_WORDS = ("请填写", "……", "XXX", "xxx", "×××")
"""Words of the form that mean nothing was written."""

YEARS = range(2000, 2101)
"""Years that an event may lie in; a term cannot be counted from the end of all calendars."""

LARGEST = 10**12
"""Numbers beyond it, infinity and what is no number at all were not counted by anybody."""

SHORTEST = 4
"""Characters below which a cause or a measure says nothing."""


@dataclass(frozen=True)
class ExtensionRequest(Entered):
    """A wish for a later day, asked before the due day."""

    until: date
    reason: str
    progress: str


@dataclass(frozen=True)
class Update(Entered):
    """One entry of a submission: where an item stands, in the unit's words."""

    item: str
    state: str
    done_on: date | None = None
    as_of: date | None = None
    """The day a ratio was counted on."""
    done: int | float | None = None
    total: int | float | None = None
    evidence: tuple[str, ...] = ()
    cause: str | None = None
    measure: str | None = None
    promised_on: date | None = None
    waiting_on: str | None = None
    note: str | None = None
    verified_on: date | None = None
    """The day the county itself verified it, for items the county closes."""
    request_extension: ExtensionRequest | None = None
    place: Place = field(default=Place(""), metadata=FILLED)


Gist = tuple[
    str, str, int | None, int | float | None, int | float | None, int | None, int | None, int | None
]  # fmt: skip
"""What the merge asks of an update: the item, its state, the day done, the number and its total, the day the county
verified it, the day counted, the day promised; days as numbers of the common era."""


def gist(u: Update) -> Gist:
    """An update without its words."""
    counted = (u.done_on or u.as_of) if u.done is not None else None
    return (u.item, u.state, _day(u.done_on), u.done, u.total, _day(u.verified_on), _day(counted), _day(u.promised_on))


def _day(day: date | None) -> int | None:
    return day.toordinal() if day is not None else None


@dataclass(frozen=True)
class EventEntry(Entered):
    """One event that terms start from."""

    kind: str
    ref: str
    name: str
    planned: date | None = None
    actual: date | None = None


@dataclass(frozen=True)
class Head(Entered):
    """A submission's first lines."""

    unit: str
    month: str
    prepared_by: str
    checked_by: str
    approved_by: str
    rest: Literal["unchanged"] | None = None
    part: tuple[str, ...] = ()
    """The plans this file speaks for, where sections send parts; without it all of them."""
    opening: bool = False
    practices: str | None = None
    difficulties: str | None = None
    suggestions: str | None = None


@dataclass(frozen=True)
class Submission(Patient):
    """One unit's file for one month, as understood."""

    file: str
    digest: str
    head: Head
    month: date
    """First day of the month it speaks of."""
    version: int
    updates: tuple[Update, ...] = field(metadata=LATER)
    held: tuple[str, ...]
    """Items named by updates that have errors."""
    events: tuple[Event, ...]
    gists: tuple[Gist, ...] = field(init=False, repr=False, compare=False)
    """Of the updates; kept with them, so that a file that has not changed is merged without being understood."""

    def __post_init__(self) -> None:
        vars(self)["gists"] = tuple(map(gist, self.updates))

    @property
    def unit(self) -> str:
        """Who speaks."""
        return self.head.unit

    @property
    def stem(self) -> str:
        """By what its file is named: the unit's id."""
        return self.head.unit

    @cached_property
    def by_item(self) -> Mapping[str, Update]:
        """The updates by the occurrence they name."""
        return {update.item: update for update in self.updates}


@dataclass(frozen=True)
class Context:
    """What a file is checked against: the programme, and the days the city has granted."""

    programme: Programme
    granted: Mapping[tuple[str, str], Mapping[date, date]] = field(default_factory=dict)
    """(unit, occurrence) to the days granted, by the month that the ruling speaks of."""
    owed: Mapping[str, Mapping[str, Occurrence]] = field(default_factory=dict)
    """Unit to its occurrences by id, those of events in other files among them."""


def canonical_state(words: str) -> str:
    """The state's id for either word; other words stay as they are."""
    return _CANONICAL.get(words, words)


def granted_or_due(occurrence: Occurrence, context: Context, month: date) -> date | None:
    """The day an occurrence falls due with what the city has granted up to and with ``month``."""
    granted = context.granted.get((occurrence.unit, occurrence.id))
    if occurrence.due is None or not granted:
        return occurrence.due
    return max([occurrence.due, *(until for ruled, until in granted.items() if ruled <= month)])
