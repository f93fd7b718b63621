"""What is said back of a file that was received: what was understood, as text and as a row."""

from typing import Any

from tracker.inbox import Received
from tracker.language import _
from tracker.plans import Programme
from tracker.problems import Problem, worst_first
from tracker.submissions import STATES


def echo(programme: Programme, one: Received) -> str:
    """What was understood, in words to send back."""
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
        lines.append(f"- {' '.join(w for w in (milestone.title, period) if w)}：{' '.join(w for w in said if w)}")
    lines += [_("- 事项登记：{name}", name=event.name) for event in s.events]
    held = [p for p in worst_first(one.problems) if p.holds]
    if held:
        lines.append(_("下面几处要改后重报："))
        lines += [_line(p) for p in held]
    return "\n".join(lines)


def _line(p: Problem) -> str:
    where = p.place.cell or (_("第 {n} 行", n=p.place.line) if p.place.line else _("整份文件"))
    return f"- {where}：{p.message}{p.hint}"


def _numbers(done: float | None, total: float | None) -> str:
    return "" if done is None else f"{done:.12g}" + ("" if total is None else f"/{total:.12g}")


def row(one: Received) -> dict[str, Any]:
    """What became of a file, as ``receive --json`` prints it."""
    s = one.submission
    return {
        "given": one.given,
        "outcome": one.outcome,
        "stored": one.stored or None,
        "unit": one.unit or None,
        "month": f"{one.month:%Y-%m}" if one.month is not None else None,
        "version": s.version if s is not None else None,
        "updates": len(s.updates) if s is not None else 0,
        "held": list(s.held) if s is not None else [],
        "reason": one.reason or None,
        "problems": [f"{p.place}: {p.code} {p.message}{p.hint}" for p in one.problems],
    }
