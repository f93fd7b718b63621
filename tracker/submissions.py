"""status/ -> checked Updates, and the Problems of one file alone.

``read_submission`` never raises for what a county wrote: good updates count, bad ones are
held by name with their problems, and a file that cannot be read is held whole.
status/README.md explains each key.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

from tracker.deadlines import months_later
from tracker.door import FILLED, Entered, enter
from tracker.language import _, mark
from tracker.occurrences import Event, Occurrence, expand
from tracker.plans import Programme
from tracker.problems import Place, Problem, nearest
from tracker.source import Source

STATES: Mapping[str, str] = {
    "not-started": mark("未启动"),
    "in-progress": mark("推进中"),
    "blocked": mark("受阻"),
    "done": mark("已完成"),
    "not-applicable": mark("不涉及"),
}
"""What a unit may say of an item; either word may be written."""

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
class Submission:
    """One unit's file for one month, as understood."""

    file: str
    digest: str
    head: Head
    month: date
    """First day of the month it speaks of."""
    version: int
    updates: tuple[Update, ...]
    held: tuple[str, ...]
    """Items named by updates that have errors."""
    events: tuple[Event, ...]

    @property
    def unit(self) -> str:
        """Who speaks."""
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


def month_of(words: str) -> date | None:
    """``2026-10`` as its first day; None for anything else, years of other centuries among it."""
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", words)
    return date(int(found[1]), int(found[2]), 1) if found else None


def read_submission(source: Source, context: Context, version: int = 1) -> tuple[Submission | None, list[Problem]]:
    """A submission and all its problems; None where the file as a whole is held."""
    problems = list(source.problems)
    if not source.data:
        if not any(p.holds for p in problems):
            problems.append(source.problem((), "E04", _("文件是空的。"), _("请用 tracker form 生成本单位本月的表。")))
        return None, problems
    top = {key: value for key, value in source.data.items() if key not in ("update", "event")}
    head, found = enter(Head, top, source)
    problems += found
    month = _month(top, head, source, problems)
    unit = _unit(top, source, context, problems)
    part = _part(head, source, context, problems)
    problems += _unsigned(head, source)
    too_early = list(_before_the_books(month, head, source, context.programme))
    problems += too_early
    entries = tables(source, "update", problems)
    events = _events(source, unit, context.programme, problems)
    if unit is None or month is None:
        for n, entry in enumerate(entries):
            problems += enter(Update, entry, source, ("update", n))[1]
        return None, problems
    owed = {**context.owed.get(unit, {}), **{o.id: o for o in expand(context.programme, events, only_events=True)}}
    places = _places(source, len(entries))
    ends = [*(place.line for place in places[1:]), len(source.lines) + 1]
    is_opening = top.get("opening") is True
    good, held, seen = [], [], set[str]()
    for n, entry in enumerate(entries):
        update, found = enter(Update, entry, source, ("update", n))
        if update is not None:
            update = replace(update, state=canonical_state(update.state), place=places[n])
            subject = Subject(update, owed.get(update.item), month, unit, context, owed, is_opening, part)
            found += _found_by_checks(subject, source, n, range(places[n].line, ends[n]))
            if update.item in seen:
                message = _("“{item}”在本文件里写了两次。", item=update.item)
                found.append(source.problem(("update", n, "item"), "E11", message, _("请合并成一条。")))
            seen.add(update.item)
        problems += found
        if update is not None and not any(p.holds for p in found):
            good.append(update)
        elif isinstance(entry.get("item"), str):
            held.append(entry["item"])
    if head is None or source.left_out or too_early:
        return None, problems
    # Of an item written twice neither entry counts: nobody can say which was meant.
    counting = tuple(update for update in good if update.item not in held)
    return Submission(source.file, source.digest, head, month, version, counting, tuple(held), tuple(events)), problems


def _unsigned(head: Head | None, source: Source) -> Iterator[Problem]:
    """The three people are named, each by a name."""
    for key, who in (("prepared_by", _("填报人")), ("checked_by", _("审核人")), ("approved_by", _("负责人"))):
        name = getattr(head, key).strip() if head is not None else "-"
        if not name or any(word in name for word in TEMPLATE_WORDS):
            yield source.problem((key,), "E04", _("没有写{who}。", who=who), _('请写姓名：{key} = "…"', key=key))


def _before_the_books(month: date | None, head: Head | None, source: Source, programme: Programme) -> Iterator[Problem]:
    if month is not None and head is not None and not head.opening and month < programme.head.records_from:
        message = _(
            "{month} 早于建账月份 {first}。", month=f"{month:%Y-%m}", first=f"{programme.head.records_from:%Y-%m}"
        )
        yield source.problem(("month",), "E09", message, _("请核对月份。"))


def canonical_state(words: str) -> str:
    """The state's id for either word; other words stay as they are."""
    return next((state for state, chinese in STATES.items() if words in (state, chinese)), words)


def granted_or_due(occurrence: Occurrence, context: Context, month: date) -> date | None:
    """The day an occurrence falls due with what the city has granted up to and with ``month``."""
    granted = context.granted.get((occurrence.unit, occurrence.id), {})
    known = [until for ruled, until in granted.items() if ruled <= month]
    return max([occurrence.due, *known]) if occurrence.due is not None else None


def _month(top: Mapping[str, Any], head: Head | None, source: Source, problems: list[Problem]) -> date | None:
    words = head.month if head is not None else top.get("month")
    if not isinstance(words, str):
        return None
    month = month_of(words)
    if month is None:
        hint = _('写成年份-月份，例如 "2026-10"。')
        problems.append(source.problem(("month",), "E09", _("月份“{words}”看不懂。", words=words), hint))
    return month


def _unit(top: Mapping[str, Any], source: Source, context: Context, problems: list[Problem]) -> str | None:
    words = top.get("unit")
    if not isinstance(words, str):
        return None
    units = context.programme.units
    found = next((u.id for u in units if u.id == words), None)
    if found is None:
        hint = nearest(words, [name for u in units for name in (u.id, u.name)])
        own = next((u.id for u in units if words in (u.name, u.short)), None)
        if own is not None:
            hint = _('单位写编号：unit = "{id}"。', id=own)
        problems.append(source.problem(("unit",), "E08", _("没有报送单位“{unit}”。", unit=words), hint))
    return found


def _part(head: Head | None, source: Source, context: Context, problems: list[Problem]) -> tuple[str, ...]:
    stems = [plan.stem for plan in context.programme.plans]
    part = head.part if head is not None else ()
    known = _("可以写：{values}。", values=_("、").join(stems))
    problems += [
        source.problem(("part", n), "E07", _("没有方案“{name}”。", name=stem), nearest(stem, stems) or known)
        for n, stem in enumerate(part)
        if stem not in stems
    ]
    return part


def tables(source: Source, name: str, problems: list[Problem]) -> list[dict[str, Any]]:
    """The entries under ``[[name]]``; none, and a problem, where something else stands there."""
    written = source.data.get(name, [])
    if isinstance(written, list) and all(isinstance(entry, dict) for entry in written):
        return list(written)
    message = _("“{name}”要写成一条一条的表。", name=name)
    header = (n for n, line in enumerate(source.lines, 1) if line.partition("#")[0].strip() == f"[{name}]")
    place = next((Place(source.file, n, 1) for n in header), source.place((name,)))
    problems.append(source.problem_at(place, "E05", message, _("每条以 [[{name}]] 单独起一行。", name=name)))
    return []


def events_in(source: Source, programme: Programme) -> list[Event]:
    """The events a file reports, as far as they can be read."""
    unit = source.data.get("unit")
    return _events(source, unit, programme, []) if isinstance(unit, str) else []


def _events(source: Source, unit: str | None, programme: Programme, problems: list[Problem]) -> list[Event]:
    events = []
    seen = set()
    month = month_of(str(source.data.get("month", "")))
    last = months_later(month, 1) - timedelta(days=1) if month is not None else None
    for n, entry in enumerate(tables(source, "event", problems)):
        event, found = enter(EventEntry, entry, source, ("event", n))
        problems += found
        if event is None:
            continue
        kind = programme.events.get(event.kind)
        if kind is None:
            hint = nearest(event.kind, programme.events)
            message = _("没有事项“{event}”。", event=event.kind)
            problems.append(source.problem(("event", n, "kind"), "E07", message, hint))
        elif not re.fullmatch(r"[\w.-]{1,40}", event.ref):
            hint = _("事项编号用字母、数字、汉字或短横，例如 2026-01。")
            problems.append(source.problem(("event", n, "ref"), "E16", _("事项编号不能这样写。"), hint))
        elif event.planned is None and event.actual is None:
            hint = _("请写 planned（计划日期）或 actual（实际日期）。")
            problems.append(source.problem(("event", n), "E16", _("事项没有日期，期限无从算起。"), hint))
        elif strange := [k for k in ("planned", "actual") if (day := getattr(event, k)) and day.year not in YEARS]:
            problems.append(source.problem(("event", n, strange[0]), "E10", _("日期不可信。"), _("请核对年份。")))
        elif event.actual is not None and last is not None and event.actual > last:
            hint = _("还没有发生的写 planned（计划日期）。")
            problems.append(source.problem(("event", n, "actual"), "E10", _("实际日期在本月之后。"), hint))
        elif (kind.id, event.ref) in seen:
            message = _("事项“{ref}”在本文件里写了两次。", ref=event.ref)
            problems.append(source.problem(("event", n, "ref"), "E11", message, _("请合并成一条。")))
        elif unit is not None:
            seen.add((kind.id, event.ref))
            events.append(Event(unit, kind.id, event.ref, event.name, event.planned, event.actual))
    return events


def _places(source: Source, count: int) -> list[Place]:
    """Where each ``[[update]]`` begins; by its header line, which is 500 times cheaper than asking the parser."""
    found = [n for n, line in enumerate(source.lines, 1) if line.strip() == "[[update]]" and n not in source.left_out]
    if len(found) == count:
        return [Place(source.file, n, 1) for n in found]
    return [source.place(("update", n)) for n in range(count)]


def _found_by_checks(subject: "Subject", source: Source, n: int, lines: range) -> Iterator[Problem]:
    """What the checks find in entry ``n``, which stands on ``lines``, as far as they could be read."""
    is_whole = not source.left_out or source.left_out.isdisjoint(lines)
    for check in CHECKS:
        for key, code, message, hint in check(subject):
            problem = source.problem(("update", n, key) if key else ("update", n), code, message, hint)
            # What is missing may stand on a line that could not be read, and what was read of one is a guess.
            if (key or is_whole) and problem.place.line not in source.left_out:
                yield problem


# --- checks: each one idea; Subject -> (key, code, message, hint) ---


@dataclass(frozen=True)
class Subject:
    """One update and what it is about."""

    update: Update
    occurrence: Occurrence | None
    month: date
    unit: str
    context: Context
    owed: Mapping[str, Occurrence]
    is_opening: bool
    part: tuple[str, ...] = ()

    @property
    def month_end(self) -> date:
        """The last day the file speaks of."""
        return months_later(self.month, 1) - timedelta(days=1)

    @property
    def is_open(self) -> bool:
        """Whether the unit says that it is still to be done."""
        return self.update.state in ("not-started", "in-progress", "blocked")


Finding = tuple[str, str, str, str]
Check = Callable[[Subject], Iterator[Finding]]


def item_is_known(s: Subject) -> Iterator[Finding]:
    """The item is one of this unit's occurrences."""
    if s.occurrence is not None:
        return
    item = s.update.item
    base = item.partition("@")[0]
    milestone = s.context.programme.milestones.get(base)
    if milestone is None:
        yield "item", "E07", _("没有节点“{item}”。", item=item), nearest(item, s.owed)
        return
    own = [o for o in s.owed if o.partition("@")[0] == base]
    if not own:
        why = _("起算的事项还没有登记。") if milestone.kind == "event" else _("本单位不承担这一节点。")
        hint = _("请先在 [[event]] 里登记这件事。") if milestone.kind == "event" else _("请核对编号，或删去这一条。")
        yield "item", "E08", _("“{item}”：{why}", item=item, why=why), hint
    else:
        message = _("节点“{base}”没有这一期：{item}。", base=base, item=item)
        wanted = nearest(item, own) if "@" in item else ""
        yield "item", "E07", message, wanted or _("本月应写 {item}。", item=_current(s, own))


def _current(s: Subject, own: list[str]) -> str:
    """The period that the month lies in; without one the first there is."""
    running = (o for o in own if s.owed[o].opens <= s.month_end and (s.owed[o].period_end or s.month) >= s.month)
    return next(running, own[0])


def item_is_in_the_part(s: Subject) -> Iterator[Finding]:
    """A section's file speaks of its own plans only; of others nothing would count."""
    if s.occurrence is not None and s.part and s.occurrence.milestone.plan not in s.part:
        message = _("本文件只报方案 {part}，这一项不在其中。", part=_("、").join(s.part))
        yield "item", "E08", message, _('请把 "{plan}" 加进 part，或移到对应的文件。', plan=s.occurrence.milestone.plan)


def state_is_known(s: Subject) -> Iterator[Finding]:
    """One of the five states."""
    if s.update.state not in STATES:
        words = [_(chinese) for chinese in STATES.values()]
        hint = nearest(s.update.state, words) or _("可以写：{values}。", values=_("、").join(words))
        yield "state", "E06", _("状态“{state}”看不懂。", state=s.update.state), hint


def period_has_begun(s: Subject) -> Iterator[Finding]:
    """Nothing is reported on a period that begins after the month."""
    if s.occurrence is not None and s.occurrence.is_recurring and s.occurrence.opens > s.month_end:
        yield "item", "E18", _("这一期到本月底还没有开始。"), _("请核对期次，或到开始那个月再报。")


def done_has_its_day(s: Subject) -> Iterator[Finding]:
    """Done needs its day, within the month at the latest and not before the plan."""
    u = s.update
    if u.state == "done" and u.done_on is None:
        yield "", "E13", _("已完成要写完成日期。"), _("请补上一行：done_on = {day}", day=s.month_end.isoformat())
    if u.state != "done" and u.done_on is not None:
        yield "done_on", "E13", _("写了完成日期，状态却不是已完成。"), _('请改成 state = "已完成"，或删去完成日期。')
    if u.done_on is not None and u.done_on > s.month_end:
        yield "done_on", "E10", _("完成日期在本月之后。"), _("本月之后完成的，请在完成那个月报。")
    if u.verified_on is not None and u.state != "done":
        yield (
            "verified_on",
            "E13",
            _("写了核实日期，状态却不是已完成。"),
            _('请改成 state = "已完成"，或删去核实日期。'),
        )
    if u.verified_on is not None and u.verified_on > s.month_end:
        yield "verified_on", "E10", _("核实日期在本月之后。"), _("本月之后核实的，请在核实那个月报。")
    if u.done_on is not None and u.done_on < s.context.programme.head.from_:
        yield "done_on", "E10", _("完成日期早于行动开始。"), _("请核对年份。")


def the_worse_the_more_is_said(s: Subject) -> Iterator[Finding]:
    """Overdue or blocked needs a cause, a measure and a promised day; blocked also whom it waits on."""
    u = s.update
    due = granted_or_due(s.occurrence, s.context, s.month) if s.occurrence is not None else None
    o = s.occurrence
    # What waits for the upper level is not late; what another unit answers for is not this unit's lateness.
    excused = o is not None and (o.milestone.waits_on is not None or o.contributes)
    late = s.is_open and due is not None and due < s.month_end and not excused
    if s.is_opening or not (late or u.state == "blocked"):
        return
    why = _("已逾期") if late else _("受阻")
    for key, name in (("cause", _("原因")), ("measure", _("措施"))):
        words = getattr(u, key)
        if words is None:
            message = _("{why}的事项要写{name}。", why=why, name=name)
            yield "", "E12", message, _('请补上一行：{key} = "…"', key=key)
        elif len(words.strip()) < SHORTEST:
            yield key, "E12", _("{name}写得太短。", name=name), _("请用一句话说清楚。")
    if u.promised_on is None:
        message = _("{why}的事项要写预计完成日期。", why=why)
        yield "", "E12", message, _("请补上一行：promised_on = 2026-12-31（按实际填写）")
    if u.state == "blocked" and not u.waiting_on:
        yield "", "E12", _("受阻要写在等谁。"), _('请补上一行：waiting_on = "…"')


def promise_lies_ahead(s: Subject) -> Iterator[Finding]:
    """A promised day is after the month."""
    promised = s.update.promised_on
    if s.is_open and promised is not None and promised <= s.month_end:
        yield (
            "promised_on",
            "E17",
            _("预计完成日期已经过去。"),
            _("请写 {day} 之后的日期。", day=s.month_end.isoformat()),
        )


def numbers_agree(s: Subject) -> Iterator[Finding]:
    """Ratios are two whole numbers, done not above total; done means the target is reached."""
    u = s.update
    target = s.occurrence.milestone.target if s.occurrence is not None else None
    for key in ("done", "total"):
        value = getattr(u, key)
        if value is None:
            continue
        if not abs(value) < LARGEST:
            yield key, "E14", _("这个数太大，或不是一个数。"), _("请写实际的数。")
            return
        if value < 0:
            yield key, "E14", _("数字不能是负数。"), _("请写实际的数。")
        if target is not None and target.is_share and value != int(value):
            yield key, "E14", _("比例的两个数要写整数。"), _("例如 done = 45 和 total = 56。")
    if u.total is not None and u.done is None:
        yield "total", "E14", _("写了总数，没有写完成数。"), _("请补上一行：done = …")
    if u.done is not None and u.total is not None and u.done > u.total:
        yield "done", "E14", _("完成数 {done} 大于总数 {total}。", done=u.done, total=u.total), _("请核对两个数。")
    if u.done is not None and u.total is None and target is not None and target.is_share:
        yield "done", "E14", _("比例要写两个数：完成数和总数。"), _("请补上一行：total = …")
    counted = s.occurrence is not None and not s.occurrence.contributes and target is not None
    if counted and u.state == "done" and u.done is not None and target is not None and target.op in (">=", "all", "="):
        needed, reached = needed_and_reached(s.occurrence, u.done, u.total)
        if reached < needed:
            message = _("状态是已完成，数字还没有达到目标（{target}）。", target=target)
            yield "state", "E14", message, _('请改成 state = "推进中"，或核对数字。')


def needed_and_reached(occurrence: Occurrence | None, done: float, total: float | None) -> tuple[float, float]:
    """The target's number and what was reached of it, in the target's own unit (percent for shares)."""
    target = occurrence.milestone.target if occurrence is not None else None
    if occurrence is None or target is None:
        return 0.0, float(done)
    if target.is_share:
        share = 100.0 * done / total if total else 100.0
        return float(target.value if target.unit == "%" and target.value is not None else 100.0), share
    return float(occurrence.quota if occurrence.quota is not None else target.value or 0), float(done)


def evidence_is_named(s: Subject) -> Iterator[Finding]:
    """A claim of done names its evidence where the plan asks for it."""
    if (
        s.update.state == "done"
        and s.occurrence is not None
        and s.occurrence.milestone.evidence
        and not s.update.evidence
    ):
        yield "", "E13", _("这一节点完成后要写佐证材料。"), _('请补上一行：evidence = ["文件名或文号"]')


def template_words_are_gone(s: Subject) -> Iterator[Finding]:
    """The form's own words are not an answer."""
    for key in ("cause", "measure", "note", "waiting_on"):
        words = getattr(s.update, key)
        if words and any(mark_ in words for mark_ in TEMPLATE_WORDS):
            yield key, "E15", _("还留着表格里的提示文字。"), _("请换成实际情况，没有可写的就删去这一行。")


def extension_is_asked_in_time(s: Subject) -> Iterator[Finding]:
    """Asked for a day after the due day, before the due day has passed."""
    asked = s.update.request_extension
    if asked is None or s.occurrence is None:
        return
    # What was granted on this very month may be the answer to this request.
    due = granted_or_due(s.occurrence, s.context, months_later(s.month, -1))
    if due is None:
        yield "request_extension", "E10", _("这一节点没有到期日，不需要延期。"), ""
    elif asked.until <= due:
        yield "request_extension", "E10", _("申请的日期不晚于原定日期 {due}。", due=due), ""
    elif due < s.month:
        message = _("到期后才申请延期（到期日 {due}）。", due=due)
        yield "request_extension", "E10", message, _("延期要在到期前申请；已逾期的写原因、措施和预计完成日期。")


_PERSONAL = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


def no_personal_data(s: Subject) -> Iterator[Finding]:
    """Identity and telephone numbers do not belong in free text."""
    for key in ("cause", "measure", "note"):
        if _PERSONAL.search(getattr(s.update, key) or ""):
            yield key, "W02", _("文字里像有身份证号或手机号。"), _("请删去个人信息，只写单位和职务。")


CHECKS: tuple[Check, ...] = (
    item_is_known,
    item_is_in_the_part,
    state_is_known,
    period_has_begun,
    done_has_its_day,
    the_worse_the_more_is_said,
    promise_lies_ahead,
    numbers_agree,
    evidence_is_named,
    template_words_are_gone,
    extension_is_asked_in_time,
    no_personal_data,
)
"""What an update is held to, beyond its keys and types."""
