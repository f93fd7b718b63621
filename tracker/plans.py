"""plans/ -> Programme, Plan, Task, Milestone.

A programme is a folder under ``plans/``: ``programme.toml`` (units in protocol order,
reporting rules, thresholds), ``assignments.toml`` and ``holidays.toml`` where the office
keeps them, and a file per plan. The classes below are those files: their fields are the
keys that may be written, and ``door`` holds a file to them. plans/README.md explains each.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from math import isclose
from pathlib import Path
from typing import Literal, TypeVar

from tracker.deadlines import Roll, is_rhythm, term
from tracker.door import FILLED, Entered, enter
from tracker.language import _, mark
from tracker.problems import Problem, nearest
from tracker.source import Source, read
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
    sample: bool = False


@dataclass(frozen=True)
class ProgrammeFile(Entered):
    """``programme.toml``, key by key."""

    programme: ProgrammeHead
    unit: tuple[Unit, ...]
    thresholds: Thresholds = Thresholds()
    report: tuple[Report, ...] = ()


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

    @cached_property
    def milestones(self) -> Mapping[str, Milestone]:
        """Every milestone by id."""
        return {m.id: m for plan in self.plans for m in plan.milestones}

    @cached_property
    def events(self) -> Mapping[str, EventKind]:
        """Every kind of event, by id and by name."""
        kinds = [kind for plan in self.plans for kind in plan.events]
        return {word: kind for kind in kinds for word in (kind.id, kind.name)}

    def plan(self, stem: str) -> Plan:
        """The plan with that stem."""
        return next(plan for plan in self.plans if plan.stem == stem)

    def unit(self, unit_id: str) -> Unit:
        """The unit with that id."""
        return next(unit for unit in self.units if unit.id == unit_id)

    def consequences(self, milestone: Milestone) -> list[Milestone]:
        """What a missed ``milestone`` brings with it: named by its id, its task or its whole plan."""
        names = {milestone.id, f"{milestone.plan}-{milestone.item}", milestone.plan}
        return [m for m in self.plan(milestone.plan).milestones if m.after in names]


def programme_ids(plans: Path) -> list[str]:
    """The programmes of a workspace's ``plans/``, by name."""
    return sorted(path.parent.name for path in plans.glob("*/programme.toml"))


def load(plans: Path, programme_id: str, root: Path | None = None) -> tuple[Programme | None, list[Problem]]:
    """A programme and every problem of its files. Without a readable ``programme.toml`` there is none."""
    folder = plans / programme_id
    root = root or plans.parent
    problems: list[Problem] = []
    top, source = _entered(ProgrammeFile, folder / "programme.toml", root, problems)
    if top is None:
        return None, problems
    problems += _programme_problems(top, source)
    read_plans: list[tuple[Plan, Source]] = []
    for n, stem in enumerate(top.programme.plans):
        if stem in top.programme.plans[:n]:
            problems.append(source.problem(("programme", "plans", n), "E11", _("方案“{stem}”写了两次。", stem=stem)))
            continue
        if stem != Path(stem).name or not (folder / f"{stem}.toml").exists():
            message = _("找不到方案文件 {file}。", file=f"{stem}.toml")
            problems.append(source.problem(("programme", "plans", n), "E07", message))
            continue
        plan = _plan(folder / f"{stem}.toml", root, top, problems)
        if plan is not None:
            read_plans.append(plan)
    assignments, assigned = _optional(AssignmentsFile, folder / "assignments.toml", root, problems)
    holidays, _source = _optional(HolidaysFile, folder / "holidays.toml", root, problems)
    programme = Programme(
        programme_id,
        top.programme,
        top.unit,
        top.thresholds,
        top.report,
        tuple(plan for plan, _source in read_plans),
        assignments.assignment,
        _workdays(holidays),
    )
    problems += _across_plans(programme)
    if len(read_plans) == len(set(top.programme.plans)):
        # Of a plan that could not be read nobody knows the milestones.
        problems += _asked_twice(programme, read_plans)
    problems += _assignment_problems(programme, assigned)
    return programme, problems


F = TypeVar("F")

_LAST_DAY_OF_ANY_MONTH = 28


def _entered(kind: type[F], path: Path, root: Path, problems: list[Problem]) -> tuple[F | None, Source]:
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    source = read(path, shown)
    problems += source.problems
    if not source.data:
        if not any(problem.holds for problem in source.problems):
            problems.append(source.problem((), "E04", _("文件是空的。"), _("请对照 plans/README.md 的例子填写。")))
        return None, source
    value, found = enter(kind, source.data, source)
    problems += found
    return (value if source.is_whole else None), source


def _optional(kind: Callable[[], F], path: Path, root: Path, problems: list[Problem]) -> tuple[F, Source]:
    if not path.exists():
        return kind(), Source(str(path))
    value, source = _entered(kind, path, root, problems)  # type: ignore[arg-type]
    return (value if value is not None else kind()), source


def _plan(path: Path, root: Path, top: ProgrammeFile, problems: list[Problem]) -> tuple[Plan, Source] | None:
    entered, source = _entered(PlanFile, path, root, problems)
    if entered is None:
        return None
    stem = path.stem
    tasks = tuple(
        replace(task, milestone=tuple(replace(_kind_named(m), plan=stem, item=task.item) for m in task.milestone))
        for task in entered.task
    )
    plan = Plan(stem, entered.plan, entered.event, entered.section, tasks, entered.not_encoded, source.file)
    for check in CHECKS:
        problems += check(plan, source, top)
    return plan, source


def _kind_named(milestone: Milestone) -> Milestone:
    """The milestone with the kind that its keys make evident."""
    if milestone.kind != "milestone":
        return milestone
    if milestone.event:
        return replace(milestone, kind="event")
    if milestone.every:
        return replace(milestone, kind="recurring")
    return replace(milestone, kind="window") if milestone.opens else milestone


def _workdays(holidays: HolidaysFile) -> Workdays:
    from datetime import timedelta  # noqa: PLC0415

    entered: dict[int, dict[date, tuple[bool, str]]] = {}
    for year in holidays.year:
        days = entered.setdefault(year.year, {})
        for off in year.off:
            for n in range((off.until - off.from_).days + 1):
                days[off.from_ + timedelta(days=n)] = (False, off.name)
        days |= {day: (True, _("调休上班")) for day in year.work}
    return Workdays(entered)


# --- checks: each one idea; (plan, source, top) -> problems ---


def ids_are_unique_and_say_their_task(plan: Plan, source: Source, _top: ProgrammeFile) -> Iterator[Problem]:
    """``<stem>-<item>`` and a letter where a task has several."""
    seen: set[str] = set()
    items: set[str] = set()
    for t, task in enumerate(plan.tasks):
        if task.item in items:
            yield source.problem(("task", t, "item"), "E11", _("任务 {item} 写了两次。", item=task.item))
        items.add(task.item)
        for n, milestone in enumerate(task.milestone):
            at = ("task", t, "milestone", n, "id")
            wanted = f"{plan.stem}-{task.item}"
            rest = milestone.id.removeprefix(wanted)
            if rest == milestone.id or rest not in ("", *"abcdefghijklmnopqrstuvwxyz"):
                hint = _("写成 {id}，同一任务有几个节点时后面加 a、b、c。", id=wanted)
                yield source.problem(at, "E07", _("节点编号“{id}”与任务不符。", id=milestone.id), hint)
            if milestone.id in seen:
                yield source.problem(at, "E11", _("节点编号“{id}”写了两次。", id=milestone.id))
            seen.add(milestone.id)


_RULES: Mapping[str, frozenset[str]] = {
    "milestone": frozenset({"due"}),
    "window": frozenset({"due"}),
    "recurring": frozenset({"every"}),
    "tally": frozenset({"every", "event"}),
    "event": frozenset({"event"}),
    "standing": frozenset(),
    "continuing": frozenset(),
    "consequence": frozenset({"after"}),
}


def one_deadline_rule(plan: Plan, source: Source, _top: ProgrammeFile) -> Iterator[Problem]:
    """A milestone has exactly the keys of its kind."""
    for at, m in _placed(plan):
        rules = {key for key in ("due", "every", "event", "after") if getattr(m, key) is not None}
        wanted = _RULES[m.kind]
        if not rules <= wanted or bool(rules) != bool(wanted):
            message = _("节点“{id}”的期限写法不成立。", id=m.id)
            hint = _("due、every、event、after 四者写且只写一个；长期规定和长期坚持都不写。")
            yield source.problem(at, "E06", message, hint)
        if m.every is not None and not is_rhythm(m.every):
            hint = _("可以写 week、month、quarter、half-year、year 或 3 months。")
            yield source.problem((*at, "every"), "E06", _("周期“{every}”看不懂。", every=m.every), hint)
        for key in ("term", "earliest", "within"):
            words = getattr(m, key)
            if words is not None and not _is_term(words):
                hint = _("写成 10 working days、1 year、10 days before 或 before。")
                yield source.problem((*at, key), "E06", _("期限“{words}”看不懂。", words=words), hint)
        if m.event is not None and not (m.term or m.earliest or m.within):
            yield source.problem(at, "E04", _("节点“{id}”缺少起算后的期限。", id=m.id), _("请补上 term 或 within。"))
        if m.opens and m.due and m.opens > m.due:
            yield source.problem((*at, "due"), "E10", _("到期日早于开始日。"))


def by_is_a_day(plan: Plan, source: Source, _top: ProgrammeFile) -> Iterator[Problem]:
    """``by`` is ``MM-DD`` in a year, or a day of the month."""
    for at, m in _placed(plan):
        if m.by is None or (isinstance(m.by, int) and 1 <= m.by <= 31):  # noqa: PLR2004 - days of a month
            continue
        if not (isinstance(m.by, str) and m.every == "year" and _is_day_of_year(m.by)):
            hint = _("年内的某日写成 04-30，月内的某日写成 1 到 31 的数字。")
            yield source.problem((*at, "by"), "E10", _("“{by}”不是一个日子。", by=m.by), hint)


def readings_are_declared(plan: Plan, source: Source, _top: ProgrammeFile) -> Iterator[Problem]:
    """A choice that the wording leaves open is said in words."""
    for at, m in _placed(plan):
        if m.certainty != "stated" and not m.reading:
            hint = _("请补上 reading，写明是怎样理解的。")
            yield source.problem(at, "E04", _("节点“{id}”的期限是解读，没有写明依据。", id=m.id), hint)


def names_are_known(plan: Plan, source: Source, top: ProgrammeFile) -> Iterator[Problem]:
    """Units, sections, events and the milestones that consequences follow."""
    units = [unit.id for unit in top.unit]
    events = [kind.id for kind in plan.events]
    sections = [section.id for section in plan.sections]
    after = {plan.stem} | {m.id for m in plan.milestones} | {f"{plan.stem}-{task.item}" for task in plan.tasks}
    for n, unit in enumerate(plan.head.units or ()):
        if unit not in units:
            message = _("没有报送单位“{unit}”。", unit=unit)
            yield source.problem(("plan", "units", n), "E08", message, nearest(unit, units))
    for t, task in enumerate(plan.tasks):
        if task.section is not None and task.section not in sections:
            message = _("没有章节“{section}”。", section=task.section)
            yield source.problem(("task", t, "section"), "E07", message, nearest(task.section, sections))
    for at, m in _placed(plan):
        for n, unit in enumerate(m.units or ()):
            if unit not in units:
                message = _("没有报送单位“{unit}”。", unit=unit)
                yield source.problem((*at, "units", n), "E08", message, nearest(unit, units))
        if m.event is not None and m.event not in events:
            message = _("没有事项“{event}”。", event=m.event)
            yield source.problem((*at, "event"), "E07", message, nearest(m.event, events))
        if m.after is not None and m.after not in after:
            message = _("没有节点“{id}”。", id=m.after)
            yield source.problem((*at, "after"), "E07", message, nearest(m.after, after))


def targets_have_one_comparator(plan: Plan, source: Source, _top: ProgrammeFile) -> Iterator[Problem]:
    """One of at_least, at_most, equals, about, or all."""
    for at, m in _placed(plan):
        if m.target is not None:
            written = [
                v for v in (m.target.at_least, m.target.at_most, m.target.equals, m.target.about) if v is not None
            ]
            if len(written) + m.target.all != 1:
                hint = _("at_least、at_most、equals、about、all 写且只写一个。")
                yield source.problem((*at, "target"), "E06", _("目标的写法不成立。"), hint)


CHECKS = (
    ids_are_unique_and_say_their_task,
    one_deadline_rule,
    by_is_a_day,
    readings_are_declared,
    names_are_known,
    targets_have_one_comparator,
)
"""What a plan's file is held to, beyond its keys and types."""


def _placed(plan: Plan) -> Iterator[tuple[tuple[str | int, ...], Milestone]]:
    for t, task in enumerate(plan.tasks):
        for n, milestone in enumerate(task.milestone):
            yield ("task", t, "milestone", n), milestone


def _is_day_of_year(words: str) -> bool:
    try:
        date.fromisoformat(f"2024-{words}")
    except ValueError:
        return False
    return words[:2].isdigit()  # and not a week, W05-1


def _is_term(words: str) -> bool:
    try:
        term(words)
    except ValueError:
        return False
    return True


def _programme_problems(top: ProgrammeFile, source: Source) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, unit in enumerate(top.unit):
        if unit.id in seen:
            yield source.problem(("unit", n, "id"), "E11", _("单位“{unit}”写了两次。", unit=unit.id))
        seen.add(unit.id)
    for n, report in enumerate(top.report):
        for k, name in enumerate(report.units or ()):
            if name not in seen:
                message = _("没有报送单位“{unit}”。", unit=name)
                yield source.problem(("report", n, "units", k), "E08", message, nearest(name, seen))
        for key in ("ask_by", "late_after"):
            day = getattr(report, key)
            if not 1 <= day <= _LAST_DAY_OF_ANY_MONTH:
                message, hint = _("“{by}”不是一个日子。", by=day), _("写成 1 到 28 的数字，每个月都有。")
                yield source.problem(("report", n, key), "E10", message, hint)
    if top.programme.records_from.day != 1:
        at = ("programme", "records_from")
        yield source.problem(at, "E10", _("建账日要写某月 1 日。"), _("例如 records_from = 2026-08-01。"))


def _across_plans(programme: Programme) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for plan in programme.plans:
        for milestone in plan.milestones:
            if seen.setdefault(milestone.id, plan.stem) != plan.stem:
                source = Source(plan.file)
                yield source.problem((), "E11", _("节点编号“{id}”在另一方案里已用过。", id=milestone.id))


def _asked_twice(programme: Programme, plans: Sequence[tuple[Plan, Source]]) -> Iterator[Problem]:
    """``same_as`` leads to where the fact is asked first: a milestone of another task that is asked for itself."""
    for plan, source in plans:
        for at, m in _placed(plan):
            if m.same_as is None:
                continue
            where = (*at, "same_as")
            first = programme.milestones.get(m.same_as)
            if first is None:
                message = _("没有节点“{id}”。", id=m.same_as)
                yield source.problem(where, "E07", message, nearest(m.same_as, programme.milestones))
            elif (first.plan, first.item) == (m.plan, m.item):
                hint = _("只写其他方案或其他任务里问同一件事的节点。")
                yield source.problem(where, "E07", _("“{id}”与本节点同属一个任务。", id=m.same_as), hint)
            elif first.same_as is not None:
                message = _("“{id}”自己也写了 same_as。", id=m.same_as)
                yield source.problem(where, "E07", message, _("请写最先问这件事的节点。"))


def _assignment_problems(programme: Programme, source: Source) -> Iterator[Problem]:
    units = [unit.id for unit in programme.units]
    for n, ruling in enumerate(programme.assignments):
        at = ("assignment", n)
        milestone = programme.milestones.get(ruling.item)
        if milestone is None:
            hint = nearest(ruling.item, programme.milestones)
            yield source.problem((*at, "item"), "E07", _("没有节点“{id}”。", id=ruling.item), hint)
        for unit in (*ruling.lead, *ruling.supporting, *ruling.quotas):
            if unit not in units:
                yield source.problem(at, "E08", _("没有报送单位“{unit}”。", unit=unit), nearest(unit, units))
        if milestone is not None and ruling.quotas:
            target = milestone.target.value if milestone.target else None
            total = sum(ruling.quotas.values())
            if target is None or not isclose(target, total):
                message = _("分解数合计 {total}，与目标 {target} 不符。", total=f"{total:.12g}", target=target)
                yield source.problem((*at, "quotas"), "E14", message, _("请调整各单位的分解数，使合计等于目标。"))
