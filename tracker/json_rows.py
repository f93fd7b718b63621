"""What the lists print with ``--json``: flat rows for other programs."""

from datetime import date
from typing import Any

from tracker.deadlines import term
from tracker.language import _
from tracker.plans import Milestone, Programme
from tracker.snapshot import Snapshot
from tracker.standing import Standing


def milestone_row(programme: Programme, m: Milestone) -> dict[str, Any]:
    """A milestone as ``milestones --json`` prints it; what does not apply is None."""
    from tracker.occurrences import roles  # noqa: PLC0415 - only this view needs to know who owes

    plan = programme.plan(m.plan)
    target = m.target and {
        "op": m.target.op,
        "value": m.target.value,
        "unit": m.target.unit,
        "of": m.target.of,
        "pool": m.target.pool,
    }
    return {
        "programme": programme.id,
        "plan": m.plan,
        "task": m.item,
        "id": m.id,
        "title": m.title,
        "what": m.what,
        "wording": m.wording,
        "kind": m.kind,
        "opens": _iso(m.opens),
        "due": _iso(m.due),
        "every": m.every,
        "by": m.by,
        "from": _iso(m.from_),
        "until": _iso(m.until),
        "times": m.times,
        "lag": m.lag,
        "event": m.event,
        "term": m.term,
        "earliest": m.earliest,
        "within": m.within,
        "after": m.after,
        "target": target,
        "owner": m.owner,
        "level": list(m.level),
        "units": [role.unit.id for role in roles(programme, plan, m) if not role.contributes],
        "strength": m.strength,
        "certainty": m.certainty,
        "reading": m.reading,
        "waits_on": m.waits_on,
    }


def deadline_words(m: Milestone) -> str:
    """A milestone's deadline rule in a few words."""
    every = {"week": _("每周"), "month": _("每月"), "quarter": _("每季度"), "half-year": _("每半年"), "year": _("每年")}
    match m.kind:
        case "milestone" | "window":
            return f"{m.opens}—{m.due}" if m.opens else str(m.due or "")
        case "recurring" | "tally":
            words = every.get(
                m.every or "", _("每 {n} 个月", n=(m.every or "").partition(" ")[0]) if m.every else _("逐次")
            )
            by = _(" {n} 日", n=m.by) if isinstance(m.by, int) else f" {m.by}" if m.by else ""
            times = _(" {n} 次", n=m.times) if m.times else ""
            start = _("（{day} 起）", day=m.from_) if m.from_ else ""
            return words + by + times + start
        case "event":
            return _("，").join(str(term(words)) for words in (m.earliest, m.within, m.term) if words)
        case _:
            return ""


def standing_row(snapshot: Snapshot, s: Standing) -> dict[str, Any]:
    """A standing as ``overdue --json`` prints it."""
    m, u = s.occurrence.milestone, s.record.update if s.record is not None else None
    return {
        "programme": snapshot.programme.id,
        "plan": m.plan,
        "task": m.item,
        "item": s.occurrence.id,
        "title": m.title,
        "unit": s.occurrence.unit,
        "unit_name": snapshot.unit_of(s).name,
        "owner": m.owner,
        "level": list(m.level),
        "standing": s.status,
        "light": s.light,
        "scheduled": _iso(s.occurrence.due),
        "due": _iso(s.due),
        "days_late": s.days_late,
        "done_on": _iso(s.done_on),
        "state": u.state if u is not None else None,
        "cause": u.cause if u is not None else None,
        "measure": u.measure if u is not None else None,
        "promised_on": _iso(u.promised_on) if u is not None else None,
        "carried": s.carried,
        "is_current": s.is_current,
        "source": str(u.place) if u is not None else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
