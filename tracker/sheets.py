"""A sheet: one enterprise's checklist for one period, its own findings and the department's side by side.

``status/README.md`` explains each key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from tracker.checklists import Checklist, Enterprise, Sampling
from tracker.deadlines import Period, periods
from tracker.entered import FILLED, Entered
from tracker.language import _, mark
from tracker.plans import Programme
from tracker.problems import Place

Side = Literal["own", "department"]

SIDES: Mapping[Side, str] = {"own": mark("企业自评"), "department": mark("部门考核")}
"""Who assessed, in the order of the paper."""


@dataclass(frozen=True)
class Assessed(Entered):
    """Who assessed, and when: ``[own]`` and ``[department]``."""

    on: date
    by: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True)
class Sampled(Entered):
    """How many were looked at of how many, for one of the checklist's minimums."""

    id: str
    total: int | None = None
    own: int | None = None
    department: int | None = None


@dataclass(frozen=True)
class Word:
    """What somebody said of a finding, and when."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Contest:
    """What the enterprise says against a finding of the department, and what was ruled on that."""

    objection: Word
    answer: Word | None = None
    """None while it waits for one: the finding counts meanwhile."""
    is_upheld: bool = False
    """Whether the finding is struck."""


@dataclass(frozen=True)
class Finding(Entered):
    """One fault: how often the enterprise and the department found it, and what they saw."""

    id: str
    own: int = 0
    department: int = 0
    own_seen: str | None = None
    department_seen: str | None = None
    evidence: tuple[str, ...] = ()
    contest: Contest | None = field(default=None, metadata=FILLED)
    """The objection to the department's count, as far as the rulings known say: no file says it of itself."""
    place: Place = field(default=Place(""), metadata=FILLED)

    @property
    def is_struck(self) -> bool:
        """Whether the department's count was given back, an objection to it being upheld."""
        return self.contest is not None and self.contest.is_upheld


@dataclass(frozen=True)
class SheetHead(Entered):
    """A sheet's first lines and its two assessments."""

    enterprise: str
    period: str
    own: Assessed | None = None
    department: Assessed | None = None


@dataclass(frozen=True)
class Sheet:
    """One enterprise's sheet for one period, as understood."""

    file: str
    digest: str
    head: SheetHead
    enterprise: Enterprise
    checklist: Checklist
    period: Period
    version: int
    sampled: tuple[Sampled, ...]
    findings: tuple[Finding, ...]
    held: tuple[str, ...]
    """Ids of findings and samplings that have errors, and of samplings that are missing."""

    @property
    def unit(self) -> str:
        """The reporting unit that assesses, and answers for the file."""
        return self.enterprise.unit

    @property
    def stem(self) -> str:
        """By what its file is named: the enterprise's id."""
        return self.enterprise.id

    @property
    def month(self) -> date:
        """First day of the period it speaks of."""
        return self.period.start

    def assessed(self, side: Side) -> Assessed | None:
        """One of the two assessments; None while there is none."""
        return self.head.own if side == "own" else self.head.department

    def counts(self, side: Side) -> Mapping[str, int]:
        """How often one side found what stands of its findings, by id."""
        return {
            f.id: n for f in self.findings if (n := getattr(f, side)) and not (side == "department" and f.is_struck)
        }

    @property
    def struck(self) -> Mapping[str, Finding]:
        """The department's findings that were given back, by id."""
        return {f.id: f for f in self.findings if f.is_struck}

    @property
    def contested(self) -> Mapping[str, Contest]:
        """The objections to the department's findings that wait for an answer, by id."""
        return {f.id: f.contest for f in self.findings if f.contest is not None and f.contest.answer is None}

    @property
    def is_complete(self) -> bool:
        """Whether the department has assessed, and nothing of it is held or missing."""
        return self.head.department is not None and not self.held


def is_sheet(data: Mapping[str, Any]) -> bool:
    """Whether a file's data are those of a sheet and not of a submission."""
    return "enterprise" in data


def period_of(checklist: Checklist, programme: Programme, label: str) -> Period | None:
    """The checklist's period with that label (``2026-Q3``), if it lies in the programme."""
    head = programme.head
    found = periods(checklist.head.every, head.from_, head.from_, head.until)
    return next((period for period in found if period.label == label), None)


EXAMPLES: Mapping[str, str] = {"month": "2026-09", "quarter": "2026-Q3", "half-year": "2026-H2", "year": "2026"}


def sampling_words(sampling: Sampling) -> str:
    """A minimum in words."""
    share = _("不少于 {n}%", n=f"{sampling.share:g}") if sampling.share is not None else ""
    number = _("最少 {n} {unit}", n=sampling.at_least, unit=sampling.unit) if sampling.at_least is not None else ""
    rule = _("，").join(words for words in (share, number) if words)
    return _("清单要求{what}：{rule}。", what=sampling.what, rule=rule)
