"""A checklist: what is looked at, what each fault costs, and how the places that its text leaves open are read.

A-level indicators hold B-level contents; a content has requirements (C level), deductions,
vetoes and sampling minimums. ``plans/README.md`` explains each key. A ``Reading`` is a place
where the text can be understood in more than one way: the entries themselves are one of the
ways, ``Checklist.read_otherwise`` gives the checklist read the other way.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from math import ceil
from typing import Literal

from tracker.entered import FILLED, Entered

VetoLevel = Literal["A", "B"]
Part = Literal["indicator", "content"]
Counting = Literal["any", "all", "each"]


@dataclass(frozen=True)
class Requirement(Entered):
    """What the enterprise has to do (C level)."""

    id: str
    what: str


@dataclass(frozen=True)
class Deduction(Entered):
    """A fault and what it costs."""

    id: str
    what: str
    points: int | float
    per: str | None = None
    """Per what the points are taken, 人 or 处; None where they are taken once, however often it is found."""


@dataclass(frozen=True)
class Veto(Entered):
    """A fault that is not counted but rules: a B veto takes from its content, an A veto from its indicator."""

    id: str
    level: VetoLevel
    points: int | float
    conditions: tuple[str, ...]
    fatal: bool = False
    """Marked ※: the whole is failed."""
    takes_from: Part | None = None
    """From which score the points are taken where that is not what the level says."""
    counts: Counting = "any"
    """Of several conditions: any one is the veto, all together are, or each is one."""

    @property
    def part(self) -> Part:
        """From which score the points are taken."""
        return self.takes_from or ("indicator" if self.level == "A" else "content")

    @property
    def named(self) -> Mapping[str, str]:
        """Its conditions by the ids that a sheet names: the veto's own, or numbered where there are several."""
        if len(self.conditions) == 1:
            return {self.id: self.conditions[0]}
        return {f"{self.id}{n}": what for n, what in enumerate(self.conditions, 1)}


@dataclass(frozen=True)
class Sampling(Entered):
    """How many have to be looked at: so many, a share of all in percent, or the larger of both."""

    id: str
    what: str
    unit: str
    at_least: int | None = None
    share: int | float | None = None

    def minimum(self, total: int | None) -> int:
        """The least to be looked at of ``total``; of fewer than the minimum all. Without a total the plain number."""
        wanted = self.at_least or 0
        if total is None:
            return wanted
        if self.share is not None:
            wanted = max(wanted, ceil(round(self.share * total / 100, 9)))
        return min(wanted, total)


@dataclass(frozen=True)
class Content(Entered):
    """A B-level content: the item that never goes below zero."""

    id: str
    title: str
    points: int | float
    requirement: tuple[Requirement, ...] = ()
    look: tuple[str, ...] = ()
    """What the assessor looks at."""
    sampling: tuple[Sampling, ...] = ()
    deduction: tuple[Deduction, ...] = ()
    veto: tuple[Veto, ...] = ()


@dataclass(frozen=True)
class Indicator(Entered):
    """An A-level indicator."""

    id: str
    title: str
    points: int | float
    content: tuple[Content, ...] = ()


@dataclass(frozen=True)
class Otherwise(Entered):
    """What is different of a veto when its text is read the other way."""

    points: int | float | None = None
    fatal: bool | None = None
    takes_from: Part | None = None
    counts: Counting | None = None

    def of(self, veto: Veto) -> Veto:
        """The veto read the other way."""
        return replace(veto, **{f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None})


@dataclass(frozen=True)
class Reading(Entered):
    """How a place that the text leaves open is read."""

    id: str
    """A short name of the other way."""
    at: tuple[str, ...]
    """The entries it concerns, by id."""
    reading: str
    otherwise: Otherwise | None = None
    """The other way; None where it changes no points."""


@dataclass(frozen=True)
class ChecklistHead(Entered):
    """What ``[checklist]`` says."""

    title: str
    short: str
    source: str
    """The document it is an annex of."""
    plan: str
    """The stem of the plan whose duty it serves."""
    every: Literal["month", "quarter", "half-year", "year"]
    full: int | float
    pass_mark: int | float


@dataclass(frozen=True)
class Checklist(Entered):
    """A checklist, key by key."""

    checklist: ChecklistHead
    indicator: tuple[Indicator, ...] = ()
    reading: tuple[Reading, ...] = ()
    stem: str = field(default="", metadata=FILLED)
    file: str = field(default="", metadata=FILLED)

    @property
    def head(self) -> ChecklistHead:
        """What ``[checklist]`` says."""
        return self.checklist

    @property
    def contents(self) -> Iterator[Content]:
        """The contents in the document's order."""
        return (content for indicator in self.indicator for content in indicator.content)

    @cached_property
    def deductions(self) -> Mapping[str, Deduction]:
        """Every deduction by id."""
        return {d.id: d for content in self.contents for d in content.deduction}

    @cached_property
    def vetoes(self) -> Mapping[str, Veto]:
        """Every veto by the ids of its conditions."""
        return {name: veto for content in self.contents for veto in content.veto for name in veto.named}

    @cached_property
    def clauses(self) -> Mapping[str, str]:
        """What a sheet may name as found, in the document's order, and its words."""
        found: dict[str, str] = {}
        for content in self.contents:
            found |= {d.id: d.what for d in content.deduction}
            for veto in content.veto:
                found |= veto.named
        return found

    @cached_property
    def content_of(self) -> Mapping[str, Content]:
        """In which content each clause that a sheet may name stands."""
        return {
            name: content
            for content in self.contents
            for name in (*(d.id for d in content.deduction), *(n for veto in content.veto for n in veto.named))
        }

    @cached_property
    def samplings(self) -> Mapping[str, Sampling]:
        """Every sampling minimum by id."""
        return {s.id: s for content in self.contents for s in content.sampling}

    def read_otherwise(self, reading: Reading) -> "Checklist":
        """The checklist with one place read the other way."""
        other = reading.otherwise
        if other is None:
            return self

        def of(content: Content) -> Content:
            vetoes = tuple(other.of(veto) if veto.id in reading.at else veto for veto in content.veto)
            return replace(content, veto=vetoes)

        indicators = (replace(one, content=tuple(of(content) for content in one.content)) for one in self.indicator)
        return replace(self, indicator=tuple(indicators))


@dataclass(frozen=True)
class Enterprise(Entered):
    """Who is assessed by a checklist, and in whose area it lies."""

    id: str
    name: str
    unit: str
    """The reporting unit that assesses it."""
    checklist: str
    short: str = ""

    @property
    def brief(self) -> str:
        """The short name if there is one."""
        return self.short or self.name


@dataclass(frozen=True)
class EnterprisesFile(Entered):
    """``enterprises.toml``, key by key."""

    enterprise: tuple[Enterprise, ...] = ()
