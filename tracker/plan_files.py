"""plans/ -> Programme: the files of a programme read, held to their form, and checked."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from tracker.checklist_checks import checklist_problems, enterprise_problems
from tracker.checklists import Checklist, Enterprise, EnterprisesFile
from tracker.door import enter
from tracker.language import _
from tracker.plan_checks import (
    CHECKS,
    across_plans,
    asked_twice,
    assignment_problems,
    closed_by_checklists,
    programme_problems,
)
from tracker.plans import AssignmentsFile, HolidaysFile, Milestone, Plan, PlanFile, Programme, ProgrammeFile
from tracker.problems import Problem, nearest
from tracker.source import Source, read
from tracker.workdays import Workdays


def load(plans: Path, programme_id: str, root: Path | None = None) -> tuple[Programme | None, list[Problem]]:
    """A programme and every problem of its files. Without a readable ``programme.toml`` there is none."""
    folder = plans / programme_id
    root = root or plans.parent
    problems: list[Problem] = []
    top, source = _entered(ProgrammeFile, folder / "programme.toml", root, problems)
    if top is None:
        return None, problems
    problems += programme_problems(top, source)
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
        top.step,
        top.collection,
        tuple(_checklists(folder, root, top, source, problems)),
        _enterprises(folder, root, top, problems),
    )
    problems += across_plans(programme)
    if len(read_plans) == len(set(top.programme.plans)):
        # Of a plan that could not be read nobody knows the milestones.
        problems += asked_twice(programme, read_plans)
        problems += closed_by_checklists(programme, read_plans)
    problems += assignment_problems(programme, assigned)
    return programme, problems


F = TypeVar("F")


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


def _checklists(
    folder: Path, root: Path, top: ProgrammeFile, source: Source, problems: list[Problem]
) -> Iterator[Checklist]:
    """The checklists that a programme names, those that can be reckoned with."""
    for n, stem in enumerate(top.programme.checklists):
        at = ("programme", "checklists", n)
        if stem in top.programme.checklists[:n]:
            problems.append(source.problem(at, "E11", _("清单“{stem}”写了两次。", stem=stem)))
            continue
        path = folder / f"{stem}.toml"
        if stem != Path(stem).name or not path.exists():
            problems.append(source.problem(at, "E07", _("找不到清单文件 {file}。", file=f"{stem}.toml")))
            continue
        entered, written = _entered(Checklist, path, root, problems)
        if entered is None:
            continue
        checklist = replace(entered, stem=stem, file=written.file)
        problems += checklist_problems(checklist, written)
        if checklist.head.plan not in top.programme.plans:
            message = _("没有方案“{name}”。", name=checklist.head.plan)
            hint = nearest(checklist.head.plan, top.programme.plans)
            problems.append(written.problem(("checklist", "plan"), "E07", message, hint))
        yield checklist


def _enterprises(folder: Path, root: Path, top: ProgrammeFile, problems: list[Problem]) -> tuple[Enterprise, ...]:
    found, source = _optional(EnterprisesFile, folder / "enterprises.toml", root, problems)
    units = [unit.id for unit in top.unit]
    problems += enterprise_problems(found.enterprise, units, top.programme.checklists, source)
    return found.enterprise


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
