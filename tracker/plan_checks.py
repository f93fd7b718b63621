"""What can be wrong with a programme's files beyond their keys and types: each check one idea."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import isclose

from tracker.deadlines import is_rhythm, term
from tracker.language import _
from tracker.plans import Milestone, Plan, Programme, ProgrammeFile
from tracker.problems import Problem, nearest
from tracker.source import Source

_LAST_DAY_OF_ANY_MONTH = 28
LONGEST_REVIEW = 31
"""Working days; by then the next month is being reported."""


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


def programme_problems(top: ProgrammeFile, source: Source) -> Iterator[Problem]:
    """Units written twice, reporting rules that name no day or no unit."""
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
    yield from _ladder_problems(top, source)
    yield from _collection_problems(top, source)


def _collection_problems(top: ProgrammeFile, source: Source) -> Iterator[Problem]:
    """Days that are none."""
    for key in ("open_on", "issue_by"):
        day = getattr(top.collection, key)
        if day is not None and not 1 <= day <= 31:  # noqa: PLR2004 - days of a month
            message, hint = _("“{by}”不是一个日子。", by=day), _("写成 1 到 31 的数字。")
            yield source.problem(("collection", key), "E10", message, hint)
    if not 0 <= top.collection.review_after <= LONGEST_REVIEW:
        message, hint = _("审核不能是 {n} 个工作日之后。", n=top.collection.review_after), _("写成 0 到 31 的数字。")
        yield source.problem(("collection", "review_after"), "E10", message, hint)


def _ladder_problems(top: ProgrammeFile, source: Source) -> Iterator[Problem]:
    """Steps written twice, after a step that does not stand before them, that nothing brings about, or undeclared."""
    before: list[str] = []
    for n, step in enumerate(top.step):
        at = ("step", n)
        if step.id in before:
            yield source.problem((*at, "id"), "E11", _("步骤“{id}”写了两次。", id=step.id))
        if step.after is not None and step.after not in before:
            message = _("“{id}”之前没有步骤“{after}”。", id=step.id, after=step.after)
            yield source.problem((*at, "after"), "E07", message, nearest(step.after, before))
        numbers = {key: getattr(step, key) for key in ("late_days", "missed", "reports")}
        if all(number is None for number in numbers.values()):
            hint = _("late_days、missed、reports 至少写一个。")
            yield source.problem(at, "E04", _("步骤“{id}”没有写什么时候用。", id=step.id), hint)
        for key, number in numbers.items():
            if number is not None and number < 1:
                yield source.problem((*at, key), "E10", _("“{key}”要写 1 以上的数字。", key=key))
        if step.answer is None and step.finish is None and any(later.after == step.id for later in top.step):
            hint = _('写 answer（多久答复）或 finish（多久完成），例如 answer = "5 working days"。')
            yield source.problem(at, "E04", _("步骤“{id}”之后还有步骤，要写给多少时间。", id=step.id), hint)
        for key in ("answer", "finish"):
            words = getattr(step, key)
            if words is not None and not (_is_term(words) and "before" not in words):
                message, hint = _("期限“{words}”看不懂。", words=words), _("写成 5 working days、10 days 或 1 month。")
                yield source.problem((*at, key), "E06", message, hint)
        if step.certainty != "stated" and not step.reading:
            message, hint = _("步骤“{id}”是解读，没有写明依据。", id=step.id), _("请补上 reading，写明是怎样理解的。")
            yield source.problem(at, "E04", message, hint)
        before.append(step.id)


def across_plans(programme: Programme) -> Iterator[Problem]:
    """Milestones and events that two plans both name."""
    seen: dict[str, str] = {}
    for plan in programme.plans:
        for milestone in plan.milestones:
            if seen.setdefault(milestone.id, plan.stem) != plan.stem:
                source = Source(plan.file)
                yield source.problem((), "E11", _("节点编号“{id}”在另一方案里已用过。", id=milestone.id))


def asked_twice(programme: Programme, plans: Sequence[tuple[Plan, Source]]) -> Iterator[Problem]:
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


def closed_by_checklists(programme: Programme, plans: Sequence[tuple[Plan, Source]]) -> Iterator[Problem]:
    """``closed_by`` names a checklist of the programme, and the milestone comes round as often as it does."""
    rhythms = {checklist.stem: checklist.head.every for checklist in programme.checklists}
    known = programme.head.checklists
    for plan, source in plans:
        for at, m in _placed(plan):
            if m.closed_by is None:
                continue
            where = (*at, "closed_by")
            if m.closed_by not in known:
                message = _("没有清单“{name}”。", name=m.closed_by)
                hint = nearest(m.closed_by, known) or _("请先在 programme.toml 的 checklists 里写上。")
                yield source.problem(where, "E07", message, hint)
            elif m.every != rhythms.get(m.closed_by, m.every):
                message = _("节点的周期与清单“{name}”的不同。", name=m.closed_by)
                yield source.problem(where, "E06", message, _("两处的 every 要写成一样。"))


def assignment_problems(programme: Programme, source: Source) -> Iterator[Problem]:
    """Assignments of items or to units that are not there, and quotas that do not sum to the target."""
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
