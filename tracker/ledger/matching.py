"""Which unit, which milestone and which period a row of a ledger speaks of."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from tracker.language import _
from tracker.ledger.cells import joined, label_of, squeezed
from tracker.ledger.mapping import LedgerMapping
from tracker.ledger.rows import Miss, Row
from tracker.occurrences import Occurrence
from tracker.plans import Milestone, Plan, Programme
from tracker.problems import labelled, nearest
from tracker.submissions import Context


@dataclass(frozen=True)
class Matching:
    """What rows are matched with: the mapping's words, the programme's, and what each unit owes."""

    mapping: LedgerMapping
    context: Context

    @property
    def programme(self) -> Programme:
        """The programme of the ledger."""
        return self.context.programme

    @property
    def last(self) -> date:
        """The last day before the books begin."""
        return self.programme.head.records_from - timedelta(days=1)

    def units(self, row: Row) -> list[str] | Miss:
        """The units a row names, or its sheet's."""
        said = row.text("unit")
        if not said:
            return [row.sheet.unit] if row.sheet.unit is not None else Miss(_("没有写单位。"))
        known = {squeezed(name): u.id for u in self.programme.units for name in (u.id, u.name, u.brief, u.office)}
        known |= {squeezed(name): unit for name, unit in self.mapping.units.items()}
        known.pop("", None)
        parts = [said] if squeezed(said) in known else [p for p in re.split(r"[、,，;；\s]+", said) if p]
        unknown = [part for part in parts if squeezed(part) not in known]
        if unknown:
            return Miss(
                _("没有报送单位“{unit}”。", unit=said), nearest(unknown[0], [u.name for u in self.programme.units])
            )
        return list(dict.fromkeys(known[squeezed(part)] for part in parts))

    def item(self, row: Row, unit: str) -> str | Miss:
        """The milestone's id, or the occurrence's where the ledger has that."""
        named = row.text("id")
        if named:
            known = self.programme.milestones
            if named.partition("@")[0] in known:
                return named
            return Miss(_("没有节点“{id}”。", id=named), nearest(named, known))
        title, number = row.text("title"), row.text("number")
        translated = {joined(words): item for words, item in self.mapping.items.items()}
        if title and joined(title) in translated:
            return translated[joined(title)]
        plans = self._plans(row)
        if isinstance(plans, Miss):
            return plans
        own = {o.milestone.id for o in self.context.owed.get(unit, {}).values()}
        milestones = [m for plan in plans for m in plan.milestones if m.id in own]
        if number:
            return self._by_number(row, plans, milestones)
        return _by_title(title, milestones) if title else Miss(_("没有写是哪一项任务。"))

    def _plans(self, row: Row) -> Sequence[Plan] | Miss:
        said = row.text("plan") or row.sheet.plan
        if not said:
            return self.programme.plans
        found = [
            p
            for p in self.programme.plans
            if squeezed(said) in {squeezed(name) for name in (p.stem, p.head.short, p.head.title)}
        ]
        shorts = [p.head.short for p in self.programme.plans]
        return found or Miss(_("没有方案“{name}”。", name=said), nearest(said, shorts))

    def _by_number(self, row: Row, plans: Sequence[Plan], milestones: Sequence[Milestone]) -> str | Miss:
        number = _number_in_plan(row.text("number"))
        if len(plans) > 1:
            return Miss(_("有几个方案，只写任务 {number} 不知道是哪一个的。", number=number), _("请写明方案。"))
        of_task = [m for m in milestones if m.item == number]
        if not of_task:
            items = [task.item for task in plans[0].tasks]
            return Miss(_("任务 {number} 没有本单位承担的节点。", number=number), nearest(number, items))
        title = row.text("title")
        titled = [m for m in of_task if title and squeezed(title) in _names(m)]
        dated = [m for m in of_task if m.is_dated]
        chosen = next((found for found in (titled, of_task, dated) if len(found) == 1), None)
        if chosen is None:
            names = _("、").join(f"{m.id} {m.title}" for m in of_task)
            return Miss(
                _("任务 {number} 有 {n} 个节点，分不出是哪一个。", number=number, n=len(of_task)),
                _("请写节点编号：{names}。", names=names),
            )
        return chosen[0].id

    def occurrence(self, row: Row, unit: str, item: str, done_on: date | None) -> Occurrence | Miss:
        """The period that is written, or else the one that holds the day of completion, or else the last begun."""
        base, _at, period = item.partition("@")
        owed = self.context.owed.get(unit, {}).values()
        own = sorted((o for o in owed if o.milestone.id == base), key=lambda o: (o.opens, o.id))
        if not own:
            is_event = self.programme.milestones[base].kind == "event"
            reason = _("起算的事项还没有登记。") if is_event else _("本单位不承担这一节点。")
            return Miss(labelled(base, reason), _("请在建账文件里先登记 [[event]]。") if is_event else "")
        if not period and "@" in own[0].id:
            period = label_of(row.text("period"))
            if isinstance(row.cells.get("period"), float) and period.endswith("-01"):
                # As a number 2026.10 is 2026.1.
                reason = _("期次“{period}”分不清是 1 月还是 10 月。", period=row.text("period"))
                return Miss(reason, _("请写成 2026年10月。"))
        if period:
            named = [o for o in own if o.id.partition("@")[2] == period]
            return named[0] if named else Miss(_("{base} 没有“{period}”这一期。", base=base, period=period))
        if len(own) == 1:
            return own[0]
        if not own[0].is_recurring:
            return Miss(_("{base} 有几件事，分不出是哪一件。", base=base), _("请在期次一列写事项编号。"))
        # Of a rhythm that begins later the first period, of which the checks say that it has not begun.
        begun = [o for o in own if o.opens <= self.last] or own[:1]
        holding = (o for o in begun if done_on is not None and o.opens <= done_on <= _last_day(o))
        return next(holding, begun[-1])


def _names(m: Milestone) -> tuple[str, str]:
    """What a ledger may call a milestone."""
    return squeezed(m.title), squeezed(m.what)


def _by_title(title: str, milestones: Sequence[Milestone]) -> str | Miss:
    words = squeezed(title)
    found = [m for m in milestones if words in _names(m)]
    if len(found) == 1:
        return found[0].id
    if found:
        names = _("、").join(m.id for m in found)
        return Miss(_("有几个节点都叫“{title}”。", title=title), _("请写节点编号：{names}。", names=names))
    by_name = {name: m for m in milestones for name in _names(m)}
    like = [by_name[name] for name in get_close_matches(words, by_name, n=1, cutoff=0.3)]
    suggestion = _("最接近的是 {id}（{title}）。", id=like[0].id, title=like[0].title) if like else ""
    return Miss(_("没有叫“{title}”的节点。", title=title), suggestion)


def _number_in_plan(words: str) -> str:
    """``1.（3）`` as the plan's ``1.3``."""
    return re.sub(r"[^0-9A-Za-z]+", ".", unicodedata.normalize("NFKC", words)).strip(".")


def _last_day(o: Occurrence) -> date:
    """The last day on which doing a period's duty is for that period: the next one's has its own."""
    return max(day for day in (o.due, o.period_end) if day is not None)
