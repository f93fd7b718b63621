"""What is said back of a file that was received: what was understood, as text and as a row."""

from collections.abc import Iterator
from typing import Any

from tracker.inbox.received import Received
from tracker.language import _
from tracker.plans import Programme
from tracker.problems import Problem, hinted, labelled, worst_first
from tracker.scoring import score
from tracker.scoring import words as words_of
from tracker.sheets import SIDES, Sheet
from tracker.submissions import STATES


def echo(programme: Programme, one: Received) -> str:
    """What was understood, in words to send back."""
    if one.sheet is not None:
        return "\n".join([*_of_sheet(one.sheet), *([one.reason] if one.reason else []), *_to_mend(one)])
    s = one.submission
    if s is None:
        words = {"held": _("没有收进，已暂存：{reason}"), "left": _("没有收：{reason}")}.get(one.outcome, "{reason}")
        found = [p for p in worst_first(one.problems) if p.holds]
        # One problem is the reason itself.
        return "\n".join([words.format(reason=one.reason), *(_line(p) for p in found if len(found) > 1 or p.hint)])
    unit = programme.unit(s.unit).name
    lines = [
        _("{unit}：{month} 月报第 {n} 版已收到，计入 {k} 条，暂存 {h} 条。",
          unit=unit, month=f"{s.month:%Y-%m}", n=s.version, k=len(s.updates), h=len(s.held))
    ]  # fmt: skip
    if one.reason:
        lines.append(one.reason)
    if s.head.part:
        lines.append(_("只报：{plans}。", plans=_("、").join(programme.plan(stem).head.short for stem in s.head.part)))
    if s.head.rest == "unchanged":
        lines.append(_("其余事项声明与上月一致。"))
    for update in s.updates:
        milestone = programme.milestones[update.item.partition("@")[0]]
        period = update.item.partition("@")[2]
        said = [_(STATES[update.state]), str(update.done_on or ""), _numbers(update.done, update.total)]
        lines.append("- " + labelled(_spaced(milestone.title, period), _spaced(*said)))
    lines += [_("- 事项登记：{name}", name=event.name) for event in s.events]
    return "\n".join([*lines, *_to_mend(one)])


def _to_mend(one: Received) -> list[str]:
    """What is held of a file, a line each."""
    held = [p for p in worst_first(one.problems) if p.holds]
    return [_("下面几处要改后重报："), *(_line(p) for p in held)] if held else []


def _of_sheet(sheet: Sheet) -> Iterator[str]:
    """An enterprise's sheet: what was found, and what it comes to."""
    yield _("{name}：{period} 考核表第 {n} 版已收到，扣分 {k} 条，暂存 {h} 条。",
        name=sheet.enterprise.name, period=sheet.period.label, n=sheet.version,
        k=len(sheet.findings), h=len(sheet.held))  # fmt: skip
    for side, who in SIDES.items():
        if sheet.assessed(side) is not None:
            result = score(sheet.checklist, sheet.counts(side))
            said = _("合格") if result.is_passed else _("不合格")
            yield "- " + labelled(_(who), _("{points} 分，{said}", points=words_of(result.total), said=said))


def _line(p: Problem) -> str:
    where = p.place.cell or (_("第 {n} 行", n=p.place.line) if p.place.line else _("整份文件"))
    return "- " + labelled(where, hinted(p.message, p.hint))


def _spaced(*words: str) -> str:
    return " ".join(word for word in words if word)


def _numbers(done: float | None, total: float | None) -> str:
    return "" if done is None else f"{done:.12g}" + ("" if total is None else f"/{total:.12g}")


def row(one: Received) -> dict[str, Any]:
    """What became of a file, as ``receive --json`` prints it."""
    s = one.submission
    paper = s or one.sheet
    return {
        "given": one.given,
        "outcome": one.outcome,
        "stored": one.stored or None,
        "unit": one.unit or None,
        "month": f"{one.month:%Y-%m}" if one.month is not None else None,
        "version": paper.version if paper is not None else None,
        "updates": len(s.updates if s is not None else one.sheet.findings if one.sheet is not None else ()),
        "held": list(paper.held) if paper is not None else [],
        "reason": one.reason or None,
        **({"enterprise": sheet.stem, "period": sheet.period.label} if (sheet := one.sheet) is not None else {}),
        "problems": [f"{p.place}: {p.code} {hinted(p.message, p.hint)}" for p in one.problems],
    }
