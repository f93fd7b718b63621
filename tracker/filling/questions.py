"""What a month's form asks: its lines, and what is to be typed for the state answered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tracker.deadlines import month_end
from tracker.forms import Form
from tracker.language import _, mark
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.submissions import STATES
from tracker.terminal import plain
from tracker.typed import Answer, Field
from tracker.why import said_lines

Section = Literal["required", "open", "later"]

SECTIONS: Mapping[Section, str] = {
    "required": mark("必答"),
    "open": mark("有变化才填"),
    "later": mark("其他"),
}

OPEN = ("not-started", "in-progress", "blocked")
"""States of what is still to be done."""

PEOPLE = (
    Field("prepared_by", mark("填报人")),
    Field("checked_by", mark("审核人")),
    Field("approved_by", mark("负责人")),
)

HEAD = (
    *PEOPLE,
    Field("rest", mark("其余事项"), "choice", mark("与上月一致")),
    Field("practices", mark("主要做法"), "long", mark("可以不写")),
    Field("difficulties", mark("存在问题"), "long", mark("可以不写")),
    Field("suggestions", mark("意见建议"), "long", mark("可以不写")),
)
"""The first page."""

FIELDS = (
    Field("done_on", mark("完成日期"), "day", mark("例如 2026-10-20，也可以写 10-20")),
    Field("done", mark("完成数"), "number"),
    Field("total", mark("总数"), "number"),
    Field("as_of", mark("数字截至"), "day"),
    Field("evidence", mark("佐证材料"), "list", mark("文件名或文号，几份用顿号隔开")),
    Field("verified_on", mark("县级核实日期"), "day"),
    Field("cause", mark("原因"), help=mark("用一句话说清楚")),
    Field("measure", mark("措施"), help=mark("用一句话说清楚")),
    Field("promised_on", mark("预计完成"), "day", mark("例如 2026-12-20；不等于延期"), lies="ahead"),
    Field("waiting_on", mark("在等谁"), help=mark("单位或上级")),
    Field("note", mark("说明"), help=mark("可以不写")),
    Field("until", mark("延期到"), "day", mark("例如 2027-01-31"), lies="ahead"),
    Field("reason", mark("延期理由")),
    Field("progress", mark("目前进展")),
)
"""The card of an item, in this order; ``fields_of`` says which of them a state needs."""

EXTENSION = ("until", "reason", "progress")


@dataclass(frozen=True)
class Item:
    """One line of the form."""

    standing: Standing
    section: Section
    title: str
    days: str
    """Days left at the month's end, or days late."""
    facts: tuple[tuple[str, str], ...]
    """What the card says, each with its label."""

    @property
    def id(self) -> str:
        """The occurrence's id."""
        return self.standing.occurrence.id

    @property
    def due(self) -> str:
        """The day it falls due."""
        return self.standing.due.isoformat() if self.standing.due is not None else ""


def items_of(snapshot: Snapshot, form: Form) -> tuple[Item, ...]:
    """The form's lines, required ones first."""
    sections: tuple[tuple[Section, tuple[Standing, ...]], ...] = (
        ("required", form.required),
        ("open", form.open),
        ("later", form.later),
    )
    return tuple(item_of(snapshot, form, s, section) for section, standings in sections for s in standings)


def item_of(snapshot: Snapshot, form: Form, s: Standing, section: Section) -> Item:
    """A line of the form with what its card says."""
    m = s.occurrence.milestone
    left = (s.due - month_end(form.month)).days if s.due is not None else 0
    days = _("剩{n}天", n=left) if left >= 0 else _("迟{n}天", n=-left)
    period = s.occurrence.id.partition("@")[2]
    plan = f"{snapshot.plan_of(s).head.short} {m.item}"
    deadline = _("{due}（到本月底{days}）", due=s.due, days=days)
    facts = [
        (_("方案"), "　".join(words for words in (plan, period) if words)),
        (_("内容"), m.what),
        (
            _("期限"),
            _("{deadline}；原文：{wording}", deadline=deadline, wording=m.wording) if m.wording else deadline,
        ),
        (_("目标"), str(m.target or "")),
        (_("上次"), _last_words(s)),
    ]
    return Item(s, section, plain(m.title), days, tuple((label, plain(words)) for label, words in facts if words))


def fields_of(item: Item, answer: Answer, *, is_late: bool) -> list[Field]:
    """What is to be typed for the state answered, in the card's order."""
    state = answer["state"]
    m = item.standing.occurrence.milestone
    needed: set[str] = set()
    wanted = {"note", *answer.get("more", "").split()}
    if state == "done":
        needed = {"done_on", "evidence"} if m.evidence else {"done_on"}
    if state == "blocked" or (state in OPEN and is_late):
        needed |= {"cause", "measure", "promised_on"}
    if state == "blocked":
        needed.add("waiting_on")
    if state in OPEN and answer.get("extension"):
        needed |= set(EXTENSION)
    if m.target is not None and state != "not-applicable":
        wanted |= {"done", "total"} if m.target.is_share else {"done"}
    return [replace(f, is_needed=f.key in needed) for f in FIELDS if f.key in wanted | needed]


def _last_words(s: Standing) -> str:
    """What was said last: month, state, numbers, and the rest."""
    if s.record is None:
        return _("还没有报过")
    u = s.record.update
    numbers = "" if u.done is None else f" {u.done}" if u.total is None else f" {u.done}/{u.total}"
    return _("；").join([f"{s.record.month:%Y-%m} {_(STATES[u.state])}{numbers}", *said_lines(u)])
