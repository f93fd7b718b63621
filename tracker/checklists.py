"""A checklist: what is looked at, what each fault costs, and how the places that its text leaves open are read.

A-level indicators hold B-level contents; a content has requirements (C level), deductions,
vetoes and sampling minimums. ``plans/README.md`` explains each key. A ``Reading`` is a place
where the text can be understood in more than one way: the entries themselves are one of the
ways, ``Checklist.read_otherwise`` gives the checklist read the other way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from math import ceil, isclose
from typing import Literal

from tracker.door import FILLED, Entered
from tracker.language import _
from tracker.problems import Problem, nearest
from tracker.source import Keys, Source

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


# --- what a checklist's file is held to, beyond its keys and types ---


def checklist_problems(checklist: Checklist, source: Source) -> Iterator[Problem]:
    """Points that do not sum, entries that cannot be reckoned with, readings of nothing."""
    yield from _sums(checklist, source)
    yield from _entries(checklist, source)
    yield from _readings(checklist, source)


def _sums(checklist: Checklist, source: Source) -> Iterator[Problem]:
    head = checklist.head
    parts = sum(indicator.points for indicator in checklist.indicator)
    if not isclose(parts, head.full):
        message = _("各指标合计 {total} 分，与满分 {target} 分不符。", total=f"{parts:g}", target=f"{head.full:g}")
        yield source.problem(("checklist", "full"), "E14", message, _("请核对各指标的分值。"))
    if not 0 <= head.pass_mark <= head.full:
        hint = _("请写 0 到满分之间的数。")
        yield source.problem(("checklist", "pass_mark"), "E14", _("合格线不在满分以内。"), hint)
    for n, indicator in enumerate(checklist.indicator):
        parts = sum(content.points for content in indicator.content)
        if not isclose(parts, indicator.points):
            message = _(
                "“{title}”各项合计 {total} 分，与指标的 {target} 分不符。",
                title=indicator.title,
                total=f"{parts:g}",
                target=f"{indicator.points:g}",
            )
            yield source.problem(("indicator", n, "points"), "E14", message, _("请核对各项的分值。"))


def _placed(checklist: Checklist) -> Iterator[tuple[Keys, Content]]:
    for n, indicator in enumerate(checklist.indicator):
        for k, content in enumerate(indicator.content):
            yield ("indicator", n, "content", k), content


def _entries(checklist: Checklist, source: Source) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, indicator in enumerate(checklist.indicator):
        yield from _twice((indicator.id,), source, ("indicator", n), seen)
    for at, content in _placed(checklist):
        yield from _twice((content.id,), source, at, seen)
        listed: Mapping[str, Sequence[Requirement | Sampling | Deduction]] = {
            "requirement": content.requirement,
            "sampling": content.sampling,
            "deduction": content.deduction,
        }
        for key, entries in listed.items():
            for n, one in enumerate(entries):
                yield from _twice((one.id,), source, (*at, key, n), seen)
        for n, veto in enumerate(content.veto):
            yield from _twice(tuple(dict.fromkeys((veto.id, *veto.named))), source, (*at, "veto", n), seen)
            if not veto.conditions:
                yield source.problem((*at, "veto", n), "E04", _("否决项没有写条件（conditions）。"))
        priced: Mapping[str, Sequence[Deduction | Veto]] = {"deduction": content.deduction, "veto": content.veto}
        for key, costs in priced.items():
            for n, cost in enumerate(costs):
                if cost.points <= 0:
                    message = _("“{id}”的分值要大于 0。", id=cost.id)
                    yield source.problem((*at, key, n, "points"), "E14", message, _("扣几分就写几，不写负号。"))
        for n, sampling in enumerate(content.sampling):
            if sampling.at_least is None and sampling.share is None:
                hint = _("请写 at_least（最少几个）或 share（最少百分之几）。")
                yield source.problem((*at, "sampling", n), "E04", _("“{id}”没有写最少抽多少。", id=sampling.id), hint)


def _twice(ids: Sequence[str], source: Source, at: Keys, seen: set[str]) -> Iterator[Problem]:
    for name in ids:
        if name in seen:
            yield source.problem((*at, "id"), "E11", _("编号“{id}”写了两次。", id=name))
        seen.add(name)


def _readings(checklist: Checklist, source: Source) -> Iterator[Problem]:
    vetoes = {veto.id for veto in checklist.vetoes.values()}
    entries = {content.id for content in checklist.contents} | {*checklist.samplings, *checklist.deductions}
    for n, reading in enumerate(checklist.reading):
        known = sorted(vetoes if reading.otherwise is not None else vetoes | entries)
        for k, name in enumerate(reading.at):
            if name not in known:
                hint = nearest(name, known) or _("写了 otherwise 的，只能写否决项的编号。")
                yield source.problem(("reading", n, "at", k), "E07", _("没有编号“{id}”。", id=name), hint)


def enterprise_problems(
    enterprises: Sequence[Enterprise], units: Sequence[str], checklists: Sequence[str], source: Source
) -> Iterator[Problem]:
    """Enterprises written twice, of units or by checklists that are not there."""
    seen: set[str] = set()
    for n, one in enumerate(enterprises):
        at = ("enterprise", n)
        yield from _twice((one.id,), source, at, seen)
        if not one.id or not one.id.replace("-", "").replace("_", "").isalnum() or not one.id.isascii():
            hint = _("编号就是文件名：用英文字母、数字和短横。")
            yield source.problem((*at, "id"), "E07", _("企业编号“{id}”不能这样写。", id=one.id), hint)
        if one.unit not in units:
            message = _("没有报送单位“{unit}”。", unit=one.unit)
            yield source.problem((*at, "unit"), "E08", message, nearest(one.unit, units))
        if one.checklist not in checklists:
            message = _("没有清单“{name}”。", name=one.checklist)
            hint = nearest(one.checklist, checklists) or _("请先在 programme.toml 的 checklists 里写上。")
            yield source.problem((*at, "checklist"), "E07", message, hint)
