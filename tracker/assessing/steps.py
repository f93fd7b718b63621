"""What an assessor goes through: the steps of a checklist, what each step's card says and what is typed at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tracker.assessments import contest_words
from tracker.checklists import Content, Sampling
from tracker.language import _, mark
from tracker.sheet_forms import SheetForm, deduction_words, minimum_words, veto_words
from tracker.sheets import SIDES, Sheet, Side
from tracker.terminal import plain
from tracker.typed import Field

Kind = Literal["content", "sampling", "clause"]

HEAD = (
    Field("on", mark("考核日期"), "day", mark("例如 2026-12-20，也可以写 12-20"), lies="near", is_needed=True),
    Field("by", mark("考核人员"), "list", mark("几个人用顿号隔开"), is_needed=True),
    Field("note", mark("说明"), help=mark("可以不写")),
)
"""The first page."""

SAMPLED = (
    Field("total", mark("总数"), "number", mark("一共有多少")),
    Field("number", mark("抽了几个"), "number", is_needed=True),
)
"""The page of a sampling minimum."""

EVIDENCE = Field("evidence", mark("佐证材料"), "list", mark("几份用顿号隔开，可以不写"))

FOUND = (
    Field("count", mark("次数"), "number", mark("也可以在列表里按 + 和 -")),
    Field("seen", mark("看到了什么"), help=mark("扣分的必写：哪里、几个、什么情况"), is_needed=True),
    EVIDENCE,
)
"""The page of a clause; all but the count only where something was found."""

FIELDS = (*HEAD, *SAMPLED, *FOUND)


@dataclass(frozen=True)
class Step:
    """One line of the checklist that one comes to: a content, one of its sampling minimums, one of its clauses."""

    id: str
    kind: Kind
    content: Content
    what: str
    facts: tuple[tuple[str, str], ...]
    """What the card says, each with its label."""
    is_once: bool = False
    """Whether it counts once, however often it is found."""


def steps_of(form: SheetForm, filed: Sheet | None, other: Side) -> Iterator[Step]:
    """All steps in the checklist's order; ``filed`` is what is known of the period, ``other`` who does not assess."""
    for content in form.checklist.contents:
        yield from _of_content(content, form, filed, other)


def _of_content(content: Content, form: SheetForm, filed: Sheet | None, other: Side) -> Iterator[Step]:
    asked = [(_("要求"), one.what) for one in content.requirement] + [(_("看什么"), what) for what in content.look]
    yield Step(content.id, "content", content, content.title, _facts(asked))
    for sampling in content.sampling:
        facts = [(_("最少"), minimum_words(sampling)), (_("上期"), _sampled_before(sampling, form))]
        yield Step(sampling.id, "sampling", content, sampling.what, _facts(facts))
    for deduction in content.deduction:
        facts = [(_("怎么扣"), deduction_words(deduction)), *_found_elsewhere(deduction.id, form, filed, other)]
        yield Step(deduction.id, "clause", content, deduction.what, _facts(facts), is_once=deduction.per is None)
    for veto in content.veto:
        for name, what in veto.named.items():
            facts = [(_("怎么扣"), veto_words(veto)), *_found_elsewhere(name, form, filed, other)]
            yield Step(name, "clause", content, what, _facts(facts), is_once=True)


def _sampled_before(sampling: Sampling, form: SheetForm) -> str:
    total = form.totals.get(sampling.id)
    return _("总数 {n}", n=total) if total is not None else ""


def _found_elsewhere(name: str, form: SheetForm, filed: Sheet | None, other: Side) -> Iterator[tuple[str, str]]:
    """What the other side found, what was said against the department's, and what was found last time."""
    here = next((f for f in filed.findings if f.id == name), None) if filed is not None else None
    count = getattr(here, other, 0)
    if count:
        seen = getattr(here, f"{other}_seen") or ""
        yield _(SIDES[other]), _("{n} 次：{seen}", n=count, seen=seen)
    if here is not None and here.contest is not None:
        yield _("异议"), _("；").join(contest_words(here.contest))
    before = form.found_before.get(name)
    if before is not None:
        yield _("上期"), _("{n} 次：{seen}", n=before.department, seen=before.department_seen or "")


def _facts(found: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, plain(words)) for label, words in found if words)
