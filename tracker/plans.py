"""plans/ -> Programme, Plan, Task, Milestone.

A programme is a folder under ``plans/``: ``programme.toml`` (units in protocol order,
reporting rules, thresholds), ``assignments.toml`` and ``holidays.toml`` where the office
keeps them, and a file per plan. The classes below are those files: their fields are the
keys that may be written, and ``door`` holds a file to them. plans/README.md explains each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from tracker.checklists import Checklist, Enterprise
from tracker.deadlines import Roll
from tracker.entered import FILLED, Entered
from tracker.language import _, mark
from tracker.workdays import Workdays

Level = Literal["enterprise", "park", "county", "city"]
UnitLevel = Literal["county", "zone", "department", "city"]
Kind = Literal["milestone", "window", "recurring", "tally", "event", "standing", "continuing", "consequence"]
Certainty = Literal["stated", "read", "external"]
Strength = Literal["all", "mostly", "strive"]

NO_OWNER = "未明确"
"""What a plan's file writes where the document names nobody."""

KINDS: Mapping[str, str] = {
    "milestone": mark("限期"),
    "window": mark("时段"),
    "recurring": mark("周期"),
    "tally": mark("按次"),
    "event": mark("事项起算"),
    "standing": mark("长期规定"),
    "continuing": mark("长期坚持"),
    "consequence": mark("逾期后果"),
}
LEVELS: Mapping[str, str] = {
    "enterprise": mark("企业"),
    "park": mark("园区"),
    "county": mark("县级"),
    "city": mark("市级"),
}

UNDATED: frozenset[str] = frozenset({"standing", "continuing", "consequence"})
"""Kinds that are text and never late."""


@dataclass(frozen=True)
class Target(Entered):
    """A number to reach. Exactly one comparator; ``all`` means the whole of ``of``."""

    at_least: int | float | None = None
    at_most: int | float | None = None
    equals: int | float | None = None
    about: int | float | None = None
    all: bool = False
    unit: str | None = None
    of: str | None = None
    """The population or the thing counted."""
    pool: Literal["programme"] | None = None
    """``programme``: one number for the whole city, the sum of the units' numbers."""

    @property
    def op(self) -> str:
        """``>=``, ``<=``, ``=``, ``~`` or ``all``."""
        signs = {"at_least": ">=", "at_most": "<=", "equals": "=", "about": "~"}
        return next((sign for name, sign in signs.items() if getattr(self, name) is not None), "all")

    @property
    def value(self) -> int | float | None:
        """The number; None for ``all``. Percentages as 80, not 0.8."""
        return next((v for v in (self.at_least, self.at_most, self.equals, self.about) if v is not None), None)

    @property
    def is_share(self) -> bool:
        """Whether progress is done of total and not an amount."""
        return self.op == "all" or self.unit == "%"

    def __str__(self) -> str:
        if self.value is None:
            return _("全部{of}", of=self.of or "")
        sign = {">=": "≥", "<=": "≤", "=": "", "~": _("约")}[self.op]
        number = f"{sign}{self.value:.12g}{self.unit or ''}"
        return f"{self.of} {number}" if self.of else number


@dataclass(frozen=True)
class Milestone(Entered):
    """One thing owed, with its deadline rule (plans/README.md). Days are last days on which it is not late."""

    id: str
    title: str
    what: str
    wording: str
    kind: Kind = "milestone"
    opens: date | None = None
    due: date | None = None
    every: str | None = None
    by: int | str | None = None
    from_: date | None = None
    until: date | None = None
    times: int | None = None
    lag: int | None = None
    event: str | None = None
    term: str | None = None
    earliest: str | None = None
    within: str | None = None
    after: str | None = None
    target: Target | None = None
    owner: str = NO_OWNER
    level: tuple[Level, ...] = ()
    units: tuple[str, ...] | None = None
    strength: Strength | None = None
    certainty: Certainty = "stated"
    reading: str | None = None
    waits_on: str | None = None
    from_last_done: bool = False
    """Every N months counted from the day it was last done and not on the calendar."""
    warning_days: int | None = None
    evidence: bool = False
    """Whether a claim of done must name its evidence."""
    verified_by: Literal["county", "city"] | None = None
    """Who closes it; without a word the county for what only enterprises do, else the city."""
    same_as: str | None = None
    """The milestone of another plan or task that asks the same units for the same fact: this one asks it twice."""
    closed_by: str | None = None
    """The checklist whose sheets, of every enterprise of the unit, are what closes a period."""
    plan: str = field(default="", metadata=FILLED)
    """The plan's stem."""
    item: str = field(default="", metadata=FILLED)
    """The task's number."""

    @property
    def closer(self) -> Literal["county", "city"]:
        """Who closes it."""
        return self.verified_by or ("county" if self.level == ("enterprise",) else "city")

    @property
    def is_dated(self) -> bool:
        """Whether it can fall due."""
        return self.kind not in UNDATED


@dataclass(frozen=True)
class Task(Entered):
    """A numbered item of a plan."""

    item: str
    title: str
    section: str | None = None
    milestone: tuple[Milestone, ...] = ()


@dataclass(frozen=True)
class Section(Entered):
    """A heading of the document, with a running number of our own."""

    id: str
    title: str


@dataclass(frozen=True)
class EventKind(Entered):
    """A kind of event that terms start from."""

    id: str
    name: str


@dataclass(frozen=True)
class NotEncoded(Entered):
    """Words of the document that were left out on purpose."""

    item: str
    wording: str
    reason: str


@dataclass(frozen=True)
class PlanHead(Entered):
    """What ``[plan]`` says."""

    title: str
    short: str
    from_: date
    until: date
    units: tuple[str, ...] | None = None
    """Only these of the programme's units; without it all."""


@dataclass(frozen=True)
class PlanFile(Entered):
    """A plan's file, key by key."""

    plan: PlanHead
    event: tuple[EventKind, ...] = ()
    section: tuple[Section, ...] = ()
    task: tuple[Task, ...] = ()
    not_encoded: tuple[NotEncoded, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A document: its tasks in their order."""

    stem: str
    head: PlanHead
    events: tuple[EventKind, ...]
    sections: tuple[Section, ...]
    tasks: tuple[Task, ...]
    not_encoded: tuple[NotEncoded, ...]
    file: str = ""

    @property
    def milestones(self) -> Iterator[Milestone]:
        """Every milestone in the document's order."""
        return (milestone for task in self.tasks for milestone in task.milestone)

    def task(self, item: str) -> Task:
        """The task with that number."""
        return next(task for task in self.tasks if task.item == item)


@dataclass(frozen=True)
class Unit(Entered):
    """Who reports."""

    id: str
    name: str
    level: UnitLevel
    short: str = ""
    """For narrow columns; without it the name."""
    office: str = ""
    """The body that signs its report; without it the name."""

    @property
    def brief(self) -> str:
        """The short name if there is one."""
        return self.short or self.name


@dataclass(frozen=True)
class Report(Entered):
    """A reporting rule and the words it comes from. Days are of the month after the period."""

    every: Literal["month", "quarter", "half-year"]
    ask_by: int
    late_after: int
    source: str
    roll: Roll = "earlier"
    late_roll: Roll = "none"
    units: tuple[str, ...] | None = None
    hour: int | None = None


@dataclass(frozen=True)
class Thresholds(Entered):
    """Settings of the lights."""

    warning_days: int = 15
    behind_points: int = 10
    """Percentage points that a share of the target may lie below the share of time."""


@dataclass(frozen=True)
class Step(Entered):
    """One step of the ladder by which the city chases what is late, in the order of the file.

    It is due when one of its numbers is reached and the step before it was taken without avail.
    """

    id: str
    name: str
    source: str
    """The document and the item that name it."""
    after: str | None = None
    """The step that must have been taken before on the same matter; None for a first step."""
    late_days: int | None = None
    """Due when something is late by so many days."""
    missed: int | None = None
    """Due when so many periods of a duty were missed."""
    reports: int | None = None
    """Due when so many of the year's reports came late or not at all."""
    answer: str | None = None
    """How long the unit has to answer, a term: ``5 working days``; None where no answer is asked."""
    finish: str | None = None
    """How long it has to finish, a term."""
    template: Literal["letter", "text", "notice"] = "letter"
    """A letter (函), a short text, or a measure of which the leaders decide and no paper is drafted."""
    paper: str = ""
    """What the letter is called: 工作提醒函."""
    signer: str = ""
    """Who signs, as an office."""
    copies: str = ""
    """To whom copies go (抄送)."""
    certainty: Certainty = "stated"
    reading: str | None = None


@dataclass(frozen=True)
class Collection(Entered):
    """When the city's own part of a month's reporting takes place, around the day its files are asked for.

    A reading: the documents say only that reports come before the 3rd (``[[report]]``). The forms go
    out on the 28th, when the coordinator's work on a month begins, and the bulletin is issued on the
    last day on which a report is not late.
    """

    open_on: int = 28
    """The day of the month reported on which the forms go out; a day it does not have is its last."""
    review_after: int = 1
    """Working days from the day asked until the files are reviewed; never after the day of issue."""
    issue_by: int | None = None
    """The day of the month after by which the bulletin is issued; without it the report's ``late_after``."""
    roll: Roll = "earlier"
    """Where the days of opening and issue move that are no working days."""


@dataclass(frozen=True)
class ProgrammeHead(Entered):
    """What ``[programme]`` says."""

    name: str
    short: str
    city: str
    issuer: str
    from_: date
    until: date
    records_from: date
    """First day of the first month with records; what fell due before is 建账前."""
    plans: tuple[str, ...]
    """Stems of the plans, in the order of reports."""
    addressees: str
    """Whom the bulletin is for (主送)."""
    report_to: str
    """Whom a county's report is for."""
    copies: str = ""
    """To whom copies of the bulletin go (抄送)."""
    sample: bool = False
    checklists: tuple[str, ...] = ()
    """Stems of the checklists by which enterprises are assessed."""


@dataclass(frozen=True)
class ProgrammeFile(Entered):
    """``programme.toml``, key by key."""

    programme: ProgrammeHead
    unit: tuple[Unit, ...]
    thresholds: Thresholds = Thresholds()
    report: tuple[Report, ...] = ()
    step: tuple[Step, ...] = ()
    collection: Collection = Collection()


@dataclass(frozen=True)
class Assignment(Entered):
    """A dated ruling of the city on who leads, who supports, and who owes how much of a number."""

    item: str
    """A milestone's id."""
    by: str
    at: date
    reason: str
    lead: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    quotas: dict[str, int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class AssignmentsFile(Entered):
    """``assignments.toml``, key by key."""

    assignment: tuple[Assignment, ...] = ()


@dataclass(frozen=True)
class DayOff(Entered):
    """A run of days off of one holiday, both ends included."""

    name: str
    from_: date
    until: date


@dataclass(frozen=True)
class HolidayYear(Entered):
    """A year of the State Council's notice."""

    year: int
    notice: str
    off: tuple[DayOff, ...] = ()
    work: tuple[date, ...] = ()
    """Weekend days that are worked."""


@dataclass(frozen=True)
class HolidaysFile(Entered):
    """``holidays.toml``, key by key."""

    year: tuple[HolidayYear, ...] = ()


@dataclass(frozen=True)
class Programme:
    """One city's campaign, whole."""

    id: str
    head: ProgrammeHead
    units: tuple[Unit, ...]
    thresholds: Thresholds
    reports: tuple[Report, ...]
    plans: tuple[Plan, ...]
    assignments: tuple[Assignment, ...] = ()
    workdays: Workdays = field(default_factory=Workdays)
    steps: tuple[Step, ...] = ()
    """The ladder, gentlest first."""
    collection: Collection = Collection()
    checklists: tuple[Checklist, ...] = ()
    enterprises: tuple[Enterprise, ...] = ()
    """Who is assessed by the checklists, in the order of the file."""

    @cached_property
    def milestones(self) -> Mapping[str, Milestone]:
        """Every milestone by id."""
        return {m.id: m for plan in self.plans for m in plan.milestones}

    @cached_property
    def events(self) -> Mapping[str, EventKind]:
        """Every kind of event, by id and by name."""
        kinds = [kind for plan in self.plans for kind in plan.events]
        return {word: kind for kind in kinds for word in (kind.id, kind.name)}

    @cached_property
    def _plans(self) -> Mapping[str, Plan]:
        return {plan.stem: plan for plan in self.plans}

    @cached_property
    def _units(self) -> Mapping[str, Unit]:
        return {unit.id: unit for unit in self.units}

    def plan(self, stem: str) -> Plan:
        """The plan with that stem."""
        return self._plans[stem]

    def checklist(self, stem: str) -> Checklist:
        """The checklist with that stem."""
        return next(checklist for checklist in self.checklists if checklist.stem == stem)

    def enterprise(self, enterprise_id: str) -> Enterprise:
        """The enterprise with that id."""
        return next(enterprise for enterprise in self.enterprises if enterprise.id == enterprise_id)

    def unit(self, unit_id: str) -> Unit:
        """The unit with that id."""
        return self._units[unit_id]

    def step(self, step_id: str) -> Step:
        """The step with that id."""
        return next(step for step in self.steps if step.id == step_id)

    def consequences(self, milestone: Milestone) -> list[Milestone]:
        """What a missed ``milestone`` brings with it: named by its id, its task or its whole plan."""
        names = {milestone.id, f"{milestone.plan}-{milestone.item}", milestone.plan}
        return [m for m in self.plan(milestone.plan).milestones if m.after in names]
