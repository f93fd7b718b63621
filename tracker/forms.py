"""Pre-filled files out: one unit's submission for a month, as TOML with comments.

What must be answered comes first, then what was open last month; the deadline, the days
left and last month's words stand beside each. Filled in as it is, the form passes ``check``
except for the answers only the unit can give.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import tomli_w

from tracker.deadlines import month_end, months_later
from tracker.language import _
from tracker.occurrences import Event, assignments_known, roles
from tracker.plans import Programme
from tracker.problems import listed
from tracker.required import is_required
from tracker.shelf import latest_events
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.submissions import STATES, Update
from tracker.workspace import SCHEMA


@dataclass(frozen=True)
class Form:
    """One unit's form for a month."""

    unit: str
    month: date
    required: tuple[Standing, ...]
    """What must be answered."""
    open: tuple[Standing, ...]
    """What may have changed: it has a record, or its light is not grey."""
    later: tuple[Standing, ...] = ()
    """What is open and nobody has begun: shown folded."""
    part: tuple[str, ...] = ()
    """The plans it is for, where a unit's sections answer separately; without it all of them."""

    @property
    def stem(self) -> str:
        """The name of its file, without the ending."""
        return ".".join([self.unit, *self.part])


def form(snapshot: Snapshot, unit: str, month: date, plans: Collection[str] = ()) -> Form:
    """The form of a unit for a month; ``snapshot`` is judged on the month's last day.

    With ``plans`` it is the part of a section that answers for these alone.
    """
    part = tuple(plan.stem for plan in snapshot.programme.plans if plan.stem in plans)
    own = [
        s for s in snapshot.standings if s.occurrence.unit == unit and (not part or s.occurrence.milestone.plan in part)
    ]
    days = snapshot.programme.thresholds.warning_days
    asked = [s for s in own if _is_open(s) and (is_required(s.occurrence, month, days) or s.status == "returned")]
    rest = [
        s for s in own if s not in asked and _is_open(s) and s.occurrence.opens <= month_end(month) and s.is_current
    ]
    begun = [s for s in rest if s.record is not None or s.light != "grey"]
    later = [s for s in rest if s not in begun]
    return Form(unit, month, tuple(_by_due(asked)), tuple(_by_due(begun)), tuple(_by_due(later)), part)


def _is_open(s: Standing) -> bool:
    return s.occurrence.due is not None and not s.is_done and s.status not in _NOT_ASKED


_NOT_ASKED = frozenset(
    {"before-records", "not-applicable", "adjusted", "terminated", "suspended", "explained", "continuing"}
)


def _by_due(standings: list[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda s: (s.due or date.max, s.occurrence.id))


def part_words(snapshot: Snapshot, one: Form) -> str:
    """The plans of a part by their short names; nothing for a whole form."""
    return listed(snapshot.programme.plan(stem).head.short for stem in one.part)


def event_kinds(programme: Programme, one: Form) -> Mapping[str, str]:
    """The kinds of event that terms of this unit's milestones start from, by id, each with its name."""
    plans = [plan for plan in programme.plans if not one.part or plan.stem in one.part]
    rulings = assignments_known(programme, None)
    awaited = {
        m.event
        for plan in plans
        for m in plan.milestones
        if m.event and one.unit in {role.unit.id for role in roles(programme, plan, m, rulings.get(m.id))}
    }
    return {kind.id: kind.name for plan in plans for kind in plan.events if kind.id in awaited}


def planned_events(snapshot: Snapshot, one: Form) -> list[Event]:
    """The unit's events that have not happened yet, as last reported."""
    own = [f.submission for f in snapshot.filed if f.submission.unit == one.unit and f.submission.month <= one.month]
    kinds = event_kinds(snapshot.programme, one)
    return [e for e in latest_events(own) if e.actual is None and e.planned is not None and e.kind in kinds]


SCHEMA_LINE = f"#:schema ../{SCHEMA}"
"""Editors complete and check by it once the file lies in its month's folder."""


def as_toml(snapshot: Snapshot, one: Form) -> str:
    """The form as the TOML a clerk fills in."""
    unit = snapshot.programme.unit(one.unit)
    lines = [
        SCHEMA_LINE,
        _(
            "# {programme}　{unit}　{month} 月报",
            programme=snapshot.programme.head.name,
            unit=unit.name,
            month=f"{one.month:%Y-%m}",
        ),
        *([_("# 只报：{plans}", plans=part_words(snapshot, one))] if one.part else []),
        _("# 以 # 开头的行是说明，不会读取。写法见 status/README.md；填好后运行：tracker check 本文件"),
        _(
            "# 必答 {n} 项，其余 {m} 项有变化才写（去掉行首的 #）；没有变化的保留 rest 这一行即可。",
            n=len(one.required),
            m=len(one.open) + len(one.later),
        ),
        *_line("unit", one.unit),
        *_line("month", f"{one.month:%Y-%m}"),
        *(_line("part", list(one.part), _("本文件所报的方案")) if one.part else ()),
        *_line("prepared_by", "", _("填报人")),
        *_line("checked_by", "", _("审核人")),
        *_line("approved_by", "", _("负责人")),
        *_line("rest", "unchanged", _("其余事项与上月一致；不是的话删去本行")),
        "",
        _("# ======== 一、必答 ========"),
    ]
    for s in one.required:
        lines += ["", *_heading(snapshot, s), "[[update]]", *_answer(s, one.month)]
    lines += ["", _("# ======== 二、有变化才写 ========")]
    for s in (*one.open, *one.later):
        lines += ["", *_heading(snapshot, s), "# [[update]]", *(f"# {line}" for line in _answer(s, one.month))]
    lines += _events(snapshot, one)
    return "\n".join(_one_line(line) for line in lines) + "\n"


def _events(snapshot: Snapshot, one: Form) -> Iterator[str]:
    """What has been planned, to be completed once it has happened, and how another is registered."""
    kinds = event_kinds(snapshot.programme, one)
    if not kinds:
        return
    yield ""
    yield _("# ======== 三、事项登记（期限从一件事起算的，先登记这件事；没有就不写） ========")
    yield _("# kind 可以写：{kinds}", kinds=listed(kinds.values()))
    for e in planned_events(snapshot, one):
        yield ""
        yield "# [[event]]"
        for key, value in (("kind", kinds[e.kind]), ("ref", e.ref), ("name", e.name), ("planned", e.planned)):
            yield from (f"# {line}" for line in _line(key, value))
        yield _("# # actual = {day}      # 实际日期，发生了才写", day=month_end(one.month).isoformat())
    yield ""
    yield "# [[event]]"
    for line in (
        *_line("kind", next(iter(kinds.values()))),
        *_line("ref", f"{one.month:%Y}-01", _("编号自定，不重复")),
        *_line("name", "", _("是哪家企业的什么事")),
        *_line("planned", month_end(one.month), _("计划日期；已经发生的写 actual（实际日期）")),
    ):
        yield f"# {line}"


def _heading(snapshot: Snapshot, s: Standing) -> Iterator[str]:
    m = s.occurrence.milestone
    left = (s.due - month_end(snapshot.clocks.month)).days if s.due is not None else 0
    when = _("还有 {n} 天", n=left) if left >= 0 else _("已逾期 {n} 天", n=-left)
    plan = snapshot.programme.plan(m.plan).head.short
    yield f"# {plan} {m.item}　{m.title}"
    yield _("# 内容：{what}", what=m.what)
    yield _("# 到期日：{due}（到本月底{when}）　原文：{wording}", due=s.due, when=when, wording=m.wording)
    if s.record is not None:
        u = s.record.update
        said = _("；").join(str(v) for v in (_(STATES[u.state]), u.cause, u.measure, u.note) if v)
        yield _("# 上次（{month}）：{said}", month=f"{s.record.month:%Y-%m}", said=said)


def _one_line(text: str) -> str:
    """Other people's text inside a comment: nothing in it may end the line, or be obeyed by a terminal."""
    return "".join(" " if unicodedata.category(c) in _NEVER_SHOWN else c for c in text)


_NEVER_SHOWN = frozenset({"Cc", "Cf", "Zl", "Zp"})


def _answer(s: Standing, month: date) -> Iterator[str]:
    """The keys of one entry, with last month's values where they still hold."""
    before = s.record.update if s.record is not None else Update(s.occurrence.id, "not-started")
    m = s.occurrence.milestone
    yield from _line("item", s.occurrence.id)
    yield from _line("state", _(STATES[before.state]), _("未启动 推进中 受阻 已完成 不涉及"))
    yield _("# done_on = 2026-10-31      # 已完成的写完成日期").replace(
        "2026-10-31", s.due.isoformat() if s.due else ""
    )
    if m.target is not None:
        unit = m.target.unit or ""
        # 0 of 0 would be the whole: nobody may say that by leaving the form as it is.
        unknown = "# " if m.target.is_share and before.done is None else ""
        for line in _line("done", before.done or 0, _("完成数（目标：{target}）", target=m.target)):
            yield unknown + line
        if m.target.is_share:
            for line in _line("total", before.total or 0, _("总数")):
                yield unknown + line
        elif unit:
            yield _("# 单位：{unit}", unit=unit)
    if m.evidence:
        yield from _line("evidence", [], _("佐证材料的文件名或文号"))
    yield _('# cause = ""               # 逾期或受阻的写原因、措施、预计完成日期，受阻还要写在等谁')
    yield '# measure = ""'
    yield _("# promised_on = {day}", day=month_end(months_later(month, 1)).isoformat())
    yield '# waiting_on = ""'


def _line(key: str, value: Any, comment: str = "") -> Iterator[str]:
    written = f"{key} = {_value(value)}"
    yield f"{written}    # {comment}" if comment else written


def _value(value: Any) -> str:
    """A value as TOML on one line."""
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    return tomli_w.dumps({"v": value}).removeprefix("v = ").strip()
