"""Pre-filled files out: one unit's submission for a month, as TOML with comments.

What must be answered comes first, then what was open last month; the deadline, the days
left and last month's words stand beside each. Filled in as it is, the form passes ``check``
except for the answers only the unit can give.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import tomli_w

from tracker.deadlines import months_later
from tracker.language import _
from tracker.merge import is_required
from tracker.snapshot import Snapshot, month_end
from tracker.standing import Standing
from tracker.submissions import STATES, Update


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


def form(snapshot: Snapshot, unit: str, month: date) -> Form:
    """The form of a unit for a month; ``snapshot`` is judged on the month's last day."""
    own = [s for s in snapshot.standings if s.occurrence.unit == unit]
    days = snapshot.programme.thresholds.warning_days
    asked = [s for s in own if _is_open(s) and (is_required(s.occurrence, month, days) or s.status == "returned")]
    rest = [
        s for s in own if s not in asked and _is_open(s) and s.occurrence.opens <= month_end(month) and s.is_current
    ]
    begun = [s for s in rest if s.record is not None or s.light != "grey"]
    later = [s for s in rest if s not in begun]
    return Form(unit, month, tuple(_by_due(asked)), tuple(_by_due(begun)), tuple(_by_due(later)))


def _is_open(s: Standing) -> bool:
    return s.occurrence.due is not None and not s.is_done and s.status not in _NOT_ASKED


_NOT_ASKED = frozenset(
    {"before-records", "not-applicable", "adjusted", "terminated", "suspended", "explained", "continuing"}
)


def _by_due(standings: list[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda s: (s.due or date.max, s.occurrence.id))


def as_toml(snapshot: Snapshot, one: Form) -> str:
    """The form as the TOML a clerk fills in."""
    unit = snapshot.programme.unit(one.unit)
    lines = [
        _(
            "# {programme}　{unit}　{month} 月报",
            programme=snapshot.programme.head.name,
            unit=unit.name,
            month=f"{one.month:%Y-%m}",
        ),
        _("# 以 # 开头的行是说明，不会读取。写法见 status/README.md；填好后运行：tracker check 本文件"),
        _(
            "# 必答 {n} 项，其余 {m} 项有变化才写（去掉行首的 #）；没有变化的保留 rest 这一行即可。",
            n=len(one.required),
            m=len(one.open) + len(one.later),
        ),
        *_line("unit", one.unit),
        *_line("month", f"{one.month:%Y-%m}"),
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
    return "\n".join(_one_line(line) for line in lines) + "\n"


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
        said = "；".join(str(v) for v in (_(STATES[u.state]), u.cause, u.measure, u.note) if v)
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
            yield f"# {_('单位')}：{unit}"
    if m.evidence:
        yield from _line("evidence", [], _("佐证材料的文件名或文号"))
    yield _('# cause = ""               # 逾期或受阻的写原因、措施、预计完成日期，受阻还要写在等谁')
    yield '# measure = ""'
    yield _("# promised_on = {day}", day=month_end(months_later(month, 1)).isoformat())
    yield '# waiting_on = ""'


def _line(key: str, value: Any, comment: str = "") -> Iterator[str]:
    written = tomli_w.dumps({key: value}).strip()
    yield f"{written}    # {comment}" if comment else written
