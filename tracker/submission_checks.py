"""What can be wrong with an update beyond its keys and types: each check one idea."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tracker.deadlines import months_later
from tracker.language import _
from tracker.occurrences import Occurrence, needed_and_reached
from tracker.problems import nearest
from tracker.submissions import LARGEST, SHORTEST, STATES, TEMPLATE_WORDS, Context, Update, granted_or_due

OPEN = ("not-started", "in-progress", "blocked")
"""States in which a unit says that it is still to be done."""

TEXTS = ("cause", "measure", "note")


class Subject(NamedTuple):
    """One update and what it is about. There are millions: a named tuple is made in a third of a dataclass's time."""

    update: Update
    occurrence: Occurrence | None
    month: date
    month_end: date
    """The last day the file speaks of."""
    unit: str
    context: Context
    owed: Mapping[str, Occurrence]
    is_opening: bool
    part: tuple[str, ...] = ()


Finding = tuple[str, str, str, str]
Check = Callable[[Subject], Iterator[Finding]]

CHECKS: dict[Check, tuple[Collection[str], Collection[str]]] = {}
"""What an update is held to beyond its keys and types, in the order in which the findings are said; each with the
states that it is about and the keys without which it finds nothing; none means all."""


def looks_at(states: Collection[str] = (), keys: Collection[str] = ()) -> Callable[[Check], Check]:
    """A check of updates in these states; one that finds nothing where none of these keys is written."""

    def added(check: Check) -> Check:
        CHECKS[check] = states, keys
        return check

    return added


@looks_at()
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


@looks_at()
def item_is_in_the_part(s: Subject) -> Iterator[Finding]:
    """A section's file speaks of its own plans only; of others nothing would count."""
    if s.occurrence is not None and s.part and s.occurrence.milestone.plan not in s.part:
        message = _("本文件只报方案 {part}，这一项不在其中。", part=_("、").join(s.part))
        yield "item", "E08", message, _('请把 "{plan}" 加进 part，或移到对应的文件。', plan=s.occurrence.milestone.plan)


@looks_at()
def state_is_known(s: Subject) -> Iterator[Finding]:
    """One of the five states."""
    if s.update.state not in STATES:
        words = [_(chinese) for chinese in STATES.values()]
        hint = nearest(s.update.state, words) or _("可以写：{values}。", values=_("、").join(words))
        yield "state", "E06", _("状态“{state}”看不懂。", state=s.update.state), hint


@looks_at()
def period_has_begun(s: Subject) -> Iterator[Finding]:
    """Nothing is reported on a period that begins after the month."""
    if s.occurrence is not None and s.occurrence.is_recurring and s.occurrence.opens > s.month_end:
        yield "item", "E18", _("这一期到本月底还没有开始。"), _("请核对期次，或到开始那个月再报。")


@looks_at()
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


@looks_at(states=OPEN)
def the_worse_the_more_is_said(s: Subject) -> Iterator[Finding]:
    """Overdue or blocked needs a cause, a measure and a promised day; blocked also whom it waits on."""
    u = s.update
    due = granted_or_due(s.occurrence, s.context, s.month) if s.occurrence is not None else None
    o = s.occurrence
    # What waits for the upper level is not late; what another unit answers for is not this unit's lateness.
    excused = o is not None and (o.milestone.waits_on is not None or o.contributes)
    late = due is not None and due < s.month_end and not excused
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


@looks_at(states=OPEN, keys=("promised_on",))
def promise_lies_ahead(s: Subject) -> Iterator[Finding]:
    """A promised day is after the month."""
    promised = s.update.promised_on
    if promised is not None and promised <= s.month_end:
        yield (
            "promised_on",
            "E17",
            _("预计完成日期已经过去。"),
            _("请写 {day} 之后的日期。", day=s.month_end.isoformat()),
        )


@looks_at(keys=("done", "total"))
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


@looks_at(states=("done",))
def evidence_is_named(s: Subject) -> Iterator[Finding]:
    """A claim of done names its evidence where the plan asks for it."""
    if (
        s.update.state == "done"
        and s.occurrence is not None
        and s.occurrence.milestone.evidence
        and not s.update.evidence
    ):
        yield "", "E13", _("这一节点完成后要写佐证材料。"), _('请补上一行：evidence = ["文件名或文号"]')


_UNANSWERED = re.compile("|".join(map(re.escape, TEMPLATE_WORDS)))


@looks_at(keys=(*TEXTS, "waiting_on"))
def template_words_are_gone(s: Subject) -> Iterator[Finding]:
    """The form's own words are not an answer."""
    for key in (*TEXTS, "waiting_on"):
        words = getattr(s.update, key)
        if words and _UNANSWERED.search(words):
            yield key, "E15", _("还留着表格里的提示文字。"), _("请换成实际情况，没有可写的就删去这一行。")


@looks_at(keys=("request_extension",))
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


PERSONAL = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


@looks_at(keys=TEXTS)
def no_personal_data(s: Subject) -> Iterator[Finding]:
    """Identity and telephone numbers do not belong in free text."""
    for key in TEXTS:
        words = getattr(s.update, key)
        if words and PERSONAL.search(words):
            yield key, "W02", _("文字里像有身份证号或手机号。"), _("请删去个人信息，只写单位和职务。")


@lru_cache(1000)
def checks_for(state: str, keys: frozenset[str]) -> tuple[Check, ...]:
    """The checks that can find something in an update of this state, written with these keys."""
    return tuple(
        check
        for check, (states, wanted) in CHECKS.items()
        if (not states or state in states) and (not wanted or not keys.isdisjoint(wanted))
    )


def findings(subject: Subject, keys: frozenset[str]) -> list[Finding]:
    """What the checks find in an update that was written with these keys."""
    return [found for check in checks_for(subject.update.state, keys) for found in check(subject)]
