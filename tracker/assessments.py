"""The questions people ask of the enterprises' sheets: who scored what, where the points went, how to get back.

Screens, papers and commands show these; none of them computes a score.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from tracker.checklists import Checklist, Enterprise
from tracker.clocks import CHINA
from tracker.deadlines import Period, periods
from tracker.language import _
from tracker.scoring import Counts, Loss, Other, Score, otherwise, score, way_back, without, words
from tracker.sheets import SIDES, Contest, Finding, Sheet, Side, Word
from tracker.snapshot import Snapshot


@dataclass(frozen=True)
class Lost:
    """One clause that cost points, and on which side; at least one of the four is there."""

    own: Loss | None
    department: Loss | None
    before: Loss | None
    """What it cost in the period before."""
    struck: Loss | None = None
    """What it cost the department's score until an objection to it was upheld."""

    @property
    def loss(self) -> Loss:
        """The clause: as the department found it, or else the enterprise, or else as it was found before."""
        found = self.department or self.struck or self.own or self.before
        assert found is not None  # noqa: S101 - at least one is
        return found

    @property
    def findings(self) -> tuple[str, ...]:
        """The ids in the sheet from which it comes, struck ones among them."""
        return tuple(dict.fromkeys((*self.loss.findings, *(self.struck.findings if self.struck is not None else ()))))

    @property
    def is_past(self) -> bool:
        """Whether it cost points only in the period before."""
        return self.own is None and self.department is None and self.struck is None


@dataclass(frozen=True)
class Assessment:
    """One enterprise's period: both scores, and the period before."""

    sheet: Sheet
    own: Score | None
    department: Score | None
    """None while that side has not assessed."""
    before: Score | None
    """The department's score of the period before; None where there is none."""

    def score(self, side: Side) -> Score | None:
        """One side's score."""
        return self.own if side == "own" else self.department

    @property
    def judged(self) -> tuple[Score, Counts] | None:
        """The score that counts, with what was found: the department's, until then the enterprise's own."""
        if self.department is not None:
            return self.department, self.sheet.counts("department")
        return (self.own, self.sheet.counts("own")) if self.own is not None else None

    @property
    def difference(self) -> Decimal | None:
        """The department's score less the enterprise's own."""
        return self.department.total - self.own.total if self.department is not None and self.own is not None else None

    @property
    def change(self) -> Decimal | None:
        """The department's score less that of the period before."""
        both = self.department is not None and self.before is not None
        return self.department.total - self.before.total if both and self.department and self.before else None

    @property
    def status(self) -> str:
        """``passed``, ``failed``, or ``open`` while the department has not assessed or something is held or missing."""
        if self.department is None or not self.sheet.is_complete:
            return "open"
        return "passed" if self.department.is_passed else "failed"

    @cached_property
    def otherwise(self) -> tuple[Other, ...]:
        """The readings under which the score that counts would be another."""
        return otherwise(self.sheet.checklist, self.judged[1]) if self.judged is not None else ()

    @cached_property
    def way_back(self) -> tuple[str, ...]:
        """The fewest findings to close for a pass."""
        return way_back(self.sheet.checklist, self.judged[1]) if self.judged is not None else ()

    def if_closed(self, closed: Collection[str]) -> Score:
        """What the score would be with some findings closed."""
        counts = self.judged[1] if self.judged is not None else {}
        return score(self.sheet.checklist, without(counts, closed))

    def back_after(self, closed: Collection[str]) -> tuple[str, ...]:
        """The fewest findings still to close for a pass when some are closed."""
        counts = self.judged[1] if self.judged is not None else {}
        return way_back(self.sheet.checklist, without(counts, closed))

    @cached_property
    def lost(self) -> tuple[Lost, ...]:
        """Each clause that cost points on either side or in the period before, in the checklist's order.

        What was struck is among them with what it had cost.
        """
        sides = [{loss.id: loss for loss in result.losses} if result is not None else {} for result in
                 (self.own, self.department, self.before)]  # fmt: skip
        sides.append({loss.id: loss for loss in self._struck()})
        found = [Lost(*(side.get(name) for side in sides)) for name in dict.fromkeys(n for side in sides for n in side)]
        order = {name: n for n, name in enumerate(self.sheet.checklist.clauses)}
        return tuple(sorted(found, key=lambda one: order[one.loss.findings[0]]))

    def _struck(self) -> Iterator[Loss]:
        """What the findings given back had cost, each loss with those alone."""
        struck = {name: f.department for name, f in self.sheet.struck.items()}
        if struck:
            as_found = score(self.sheet.checklist, {**self.sheet.counts("department"), **struck})
            for loss in as_found.losses:
                if names := tuple(name for name in loss.findings if name in struck):
                    yield replace(loss, findings=names)

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """What was found, by id, in the checklist's order."""
        order = list(self.sheet.checklist.clauses)
        return {f.id: f for f in sorted(self.sheet.findings, key=lambda f: order.index(f.id))}


def assessments(snapshot: Snapshot, enterprise: str | None = None, period: str | None = None) -> list[Assessment]:
    """The assessments known, by enterprise in the programme's order and by period."""
    order = [e.id for e in snapshot.programme.enterprises]
    sheets = [one.sheet for one in snapshot.sheets]
    sheets.sort(key=lambda s: (order.index(s.stem), s.period.start))
    found: list[Assessment] = []
    for sheet in sheets:
        before = next((a for a in reversed(found) if a.sheet.stem == sheet.stem), None)
        follows = before is not None and (sheet.period.start - before.sheet.period.end).days == 1
        found.append(
            Assessment(
                sheet,
                _score(sheet, "own"),
                _score(sheet, "department"),
                before.department if before is not None and follows else None,
            )
        )
    return [a for a in found if enterprise in (None, a.sheet.stem) and period in (None, a.sheet.period.label)]


def _score(sheet: Sheet, side: Side) -> Score | None:
    return score(sheet.checklist, sheet.counts(side)) if sheet.assessed(side) is not None else None


@dataclass(frozen=True)
class Round:
    """A checklist's period: how many enterprises were to be assessed, and what came of it."""

    checklist: Checklist
    period: Period
    owed: tuple[Enterprise, ...]
    done: tuple[Assessment, ...]
    """Those that the department has assessed, and nothing of which is held or missing."""

    @property
    def passed(self) -> int:
        """How many passed."""
        return sum(a.status == "passed" for a in self.done)

    @property
    def contested(self) -> int:
        """In how many an objection waits for a ruling."""
        return sum(bool(a.sheet.contested) for a in self.done)

    @property
    def vetoed(self) -> int:
        """How many met a veto."""
        return sum(a.department is not None and bool(a.department.vetoes) for a in self.done)


def rounds(snapshot: Snapshot, month: date, unit: str | None = None) -> Iterator[Round]:
    """The periods that a month's paper speaks of: those that end in it, and those of which sheets came in it.

    Of all enterprises, or of those that one unit assesses. Only what was assessed by the day judged counts.
    """
    as_of = snapshot.clocks.as_of
    came = {
        f.sheet.period.label for f in snapshot.sheets if f.received.astimezone(CHINA).date().replace(day=1) == month
    }
    for checklist in snapshot.programme.checklists:
        owed = [e for e in snapshot.programme.enterprises if e.checklist == checklist.stem and unit in (None, e.unit)]
        for period in periods_of(snapshot, checklist) if owed else ():
            if period.end.replace(day=1) == month or period.label in came:
                found = assessments(snapshot, period=period.label)
                done = (a for a in found if a.sheet.enterprise in owed and a.status != "open")
                yield Round(checklist, period, tuple(owed), tuple(a for a in done if _day(a) <= as_of))


def periods_of(snapshot: Snapshot, checklist: Checklist) -> tuple[Period, ...]:
    """A checklist's periods in the programme."""
    head = snapshot.programme.head
    return tuple(periods(checklist.head.every, head.from_, head.from_, head.until))


def awaited(snapshot: Snapshot) -> list[tuple[Enterprise, Period]]:
    """Whose sheets are not there: of the periods begun since the records begin, the newest first."""
    head, there = snapshot.programme.head, {(f.sheet.stem, f.sheet.period.label) for f in snapshot.sheets}
    found = [
        (enterprise, period)
        for enterprise in snapshot.programme.enterprises
        for period in periods_of(snapshot, snapshot.programme.checklist(enterprise.checklist))
        if period.end >= head.records_from
        and period.start <= snapshot.clocks.as_of
        and (enterprise.id, period.label) not in there
    ]
    return sorted(found, key=lambda one: one[1].start, reverse=True)


def _day(a: Assessment) -> date:
    assessed = a.sheet.head.department
    return assessed.on if assessed is not None else date.max


# --- in words ---


def status_words(assessment: Assessment) -> str:
    """Passed or failed, and by what; and whether an objection waits."""
    words_ = {"passed": _("合格"), "failed": _("不合格"), "open": _("考核未完")}[assessment.status]
    if assessment.department is not None and assessment.department.fatal:
        words_ = _("不合格（※否决）")
    return _("{status}，有异议待裁定", status=words_) if assessment.sheet.contested else words_


def signed(points: Decimal | None) -> str:
    """A difference as it is said: +3, -2.5, 0; empty where there is none."""
    return "" if points is None else ("+" if points > 0 else "") + words(points)


def said(result: Score | None) -> str:
    """A total as it is said; empty where there is none."""
    return words(result.total) if result is not None else ""


def result_words(result: Score) -> str:
    """A total and whether it passes."""
    verdict = _("合格") if result.is_passed else _("不合格")
    return _("{points} 分，{said}", points=words(result.total), said=verdict)


def result_of(a: Assessment) -> str:
    """The department's points and what came of them."""
    if a.department is None:
        return status_words(a)
    return _("{points} 分，{said}", points=words(a.department.total), said=status_words(a))


def clause_words(loss: Loss) -> str:
    """The clause in words, a veto with what it is."""
    if loss.veto is None:
        return loss.what
    kind = _("※否决") if loss.veto.fatal else _("{level}级否决", level=loss.veto.level)
    return _("{kind}：{what}", kind=kind, what=loss.what)


def cost_words(loss: Loss | None) -> str:
    """What it cost and how often; where the item was used up before, what it would have."""
    if loss is None:
        return ""
    count = _("{n} 次", n=loss.count) if loss.count > 1 else ""
    asked = _("应扣 {n}", n=words(loss.asked)) if loss.asked != loss.taken else ""
    more = _("，").join(word for word in (count, asked) if word)
    return words(loss.taken) + (_("（{words}）", words=more) if more else "")


def struck_words(one: Lost) -> str:
    """What the department takes; of what was struck, what it had taken."""
    counted = cost_words(one.department)
    if one.struck is None:
        return counted
    gone = _("不扣（原扣 {n}）", n=words(one.struck.taken))
    return _("；").join((counted, gone)) if counted else gone


def seen_words(a: Assessment, one: Lost) -> str:
    """What was seen, what the enterprise says against it, what was ruled on that."""
    parts: list[str | None] = []
    for f in [a.findings[name] for name in one.findings if name in a.findings]:
        parts.append(f.department_seen if f.department else f.own_seen)
        parts += contest_words(f.contest)
    return _("；").join(part for part in parts if part)


def contest_words(contest: Contest | None) -> list[str]:
    """What was said against a finding and what was ruled on that, each with who and when."""
    if contest is None:
        return []
    said = [(_("企业异议"), contest.objection)]
    if contest.answer is not None:
        said.append((_("异议采纳") if contest.is_upheld else _("异议不采纳"), contest.answer))
    lines = [
        _("{kind}：{words}（{by}，{day}）", kind=kind, words=w.reason, by=w.by, day=w.at.astimezone(CHINA).date())
        for kind, w in said
    ]
    return [*lines, *([] if contest.answer is not None else [_("有异议待裁定")])]


def contested_lines(a: Assessment) -> list[str]:
    """Which findings wait for a ruling on an objection, and which were given back."""
    lines = []
    if a.sheet.contested:
        lines.append(_("有异议待裁定、裁定前照扣的：{ids}。", ids=_("、").join(a.sheet.contested)))
    if a.sheet.struck:
        lines.append(_("异议采纳、不再扣分的：{ids}。", ids=_("、").join(a.sheet.struck)))
    return lines


def _number(points: Decimal | None) -> float | None:
    return float(points) if points is not None else None


def assessment_row(a: Assessment) -> dict[str, Any]:
    """An assessment in one line, as ``score --json`` prints it."""
    return {
        "enterprise": a.sheet.stem,
        "name": a.sheet.enterprise.name,
        "unit": a.sheet.unit,
        "period": a.sheet.period.label,
        "own": _number(a.own.total if a.own is not None else None),
        "department": _number(a.department.total if a.department is not None else None),
        "difference": _number(a.difference),
        "change": _number(a.change),
        "status": a.status,
        "vetoes": [loss.id for loss in a.department.vetoes] if a.department is not None else [],
        "fatal": [loss.id for loss in a.department.fatal] if a.department is not None else [],
        "contested": list(a.sheet.contested),
        "struck": list(a.sheet.struck),
        "file": a.sheet.file,
    }


def full_row(a: Assessment, closed: Collection[str] = ()) -> dict[str, Any]:
    """Everything of an assessment, as ``score ENTERPRISE PERIOD --json`` prints it."""
    sheet = a.sheet
    sides = {side: result for side in SIDES if (result := a.score(side)) is not None}
    row = {
        **assessment_row(a),
        "full": sheet.checklist.head.full,
        "pass_mark": sheet.checklist.head.pass_mark,
        "assessed": {
            side: {"on": assessed.on.isoformat(), "by": list(assessed.by)}
            for side in SIDES
            if (assessed := sheet.assessed(side)) is not None
        },
        "indicators": [
            {
                "id": indicator.id,
                "title": indicator.title,
                "points": indicator.points,
                **{side: float(result.indicators[n].score) for side, result in sides.items()},
                "contents": [
                    {
                        "id": content.id,
                        "title": content.title,
                        "points": content.points,
                        **{side: float(result.indicators[n].contents[k].score) for side, result in sides.items()},
                    }
                    for k, content in enumerate(indicator.content)
                ],
            }
            for n, indicator in enumerate(sheet.checklist.indicator)
        ],
        "losses": [
            {
                "side": side,
                "id": loss.id,
                "what": loss.what,
                "count": loss.count,
                "asked": float(loss.asked),
                "taken": float(loss.taken),
                "findings": list(loss.findings),
            }
            for side, result in sides.items()
            for loss in result.losses
        ],
        "findings": [_finding_row(f) for f in a.findings.values()],
        "sampled": [{"id": s.id, "total": s.total, "own": s.own, "department": s.department} for s in sheet.sampled],
        "held": list(sheet.held),
        "otherwise": [
            {
                "reading": other.reading.id,
                "as_read": other.reading.reading,
                "total": float(other.score.total),
                "passed": other.score.is_passed,
            }
            for other in a.otherwise
        ],
        "way_back": list(a.way_back),
    }
    if closed:
        result = a.if_closed(closed)
        row["what_if"] = {"closed": list(closed), "total": float(result.total), "passed": result.is_passed}
    return row


def _finding_row(f: Finding) -> dict[str, Any]:
    return {
        "id": f.id,
        "own": f.own,
        "department": f.department,
        "own_seen": f.own_seen,
        "department_seen": f.department_seen,
        "evidence": list(f.evidence),
        "objection": _word_row(f.contest.objection) if f.contest is not None else None,
        "answer": _word_row(f.contest.answer) if f.contest is not None and f.contest.answer is not None else None,
        "struck": f.is_struck,
        "place": str(f.place),
    }


def _word_row(word: Word) -> dict[str, str]:
    return {"by": word.by, "at": word.at.isoformat(), "reason": word.reason}
