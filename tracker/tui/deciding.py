"""The kinds of ruling as a coordinator chooses them, what each asks, and the rulings that the answers make.

What may be ruled is for ``tracker.rulings`` to say; here its kinds get a form.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePosixPath

from tracker.deadlines import Period, months_later
from tracker.decisions import KINDS, OF_FILES, OF_FINDINGS, WAIVERS, Decision, DecisionKind
from tracker.filed import Filed
from tracker.language import _, mark
from tracker.merge import counting
from tracker.pending import Pending, requested
from tracker.sheets import Sheet
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.submissions import STATES, canonical_state
from tracker.tui.actions import Subject
from tracker.tui.months import month_for
from tracker.typed import Answer, Field, understood
from tracker.workdays import Workdays

ANSWER_WITHIN = 3
"""Working days that a unit is given when nothing else is typed."""


@dataclass(frozen=True)
class Offer:
    """One kind of ruling, with what it decides."""

    kind: DecisionKind
    words: str
    fields: tuple[str, ...] = ()
    """What it asks beyond the reason."""
    granted: bool = True
    reason: str = ""
    """The reason that stands there beforehand."""


OFFERS: Mapping[str, Offer] = {
    "accept": Offer("accept", KINDS["accept"], reason=mark("已核对，同意")),
    "return": Offer("return", KINDS["return"], ("until",)),
    "withdraw": Offer("withdraw", mark("撤回，不计入")),
    "verify": Offer("verify", KINDS["verify"], reason=mark("已核实，完成属实")),
    "refuse": Offer("refuse", KINDS["refuse"]),
    "grant": Offer("extend", mark("同意延期"), ("until",)),
    "deny": Offer("extend", mark("不同意延期"), granted=False),
    "waive": Offer("waive", KINDS["waive"], ("ground",)),
    "suspend": Offer("suspend", KINDS["suspend"], ("until",)),
    "close": Offer("close", KINDS["close"], reason=mark("原因已说明，予以结案")),
    "reopen": Offer("reopen", KINDS["reopen"]),
    "object": Offer("object", mark("登记核对异议")),
    "contest": Offer("object", mark("登记企业异议")),
    "uphold": Offer("answer", mark("采纳异议")),
    "reject": Offer("answer", mark("不采纳异议"), granted=False),
    "correct": Offer("correct", KINDS["correct"], reason=mark("电话核实")),
    "undo": Offer("undo", KINDS["undo"]),
}

YES = {
    "answer": "uphold",
    "extend": "grant",
    "waive": "waive",
    "close": "close",
    "verify": "verify",
    "accept": "accept",
}
NO = {
    "answer": "reject",
    "extend": "deny",
    "waive": "return",
    "close": "return",
    "verify": "refuse",
    "accept": "return",
}
"""What waits for a ruling, and what agreeing and not agreeing is."""

OF_ITEMS = ("verify", "refuse", "grant", "deny", "waive", "suspend", "close", "reopen", "object", "uphold", "reject")
"""What the menu may offer on an item."""


@dataclass(frozen=True)
class Wanted:
    """One ruling to be made, but for what is typed: in the month, or the checklist's period, that it would stand in."""

    offer: Offer
    when: date | Period
    decision: Decision
    asked: date | None = None
    """The day that the unit asked to have until."""

    @property
    def folder(self) -> str:
        """The month or the period as it is written."""
        return self.when.label if isinstance(self.when, Period) else f"{self.when:%Y-%m}"

    @property
    def is_anothers(self) -> bool:
        """Whether it is not the word of who types: an enterprise's objection."""
        return self.offer.kind == "object" and self.decision.finding is not None

    def made(self, answer: Mapping[str, object]) -> Decision:
        """With the answers that its kind asks for."""
        own = {key: answer.get(key) for key in self.offer.fields}
        if self.offer.kind == "extend" and self.offer.granted and own.get("until") is None:
            own["until"] = self.asked
        return replace(self.decision, by=str(answer["by"]), reason=str(answer["reason"]), **own)  # type: ignore[arg-type]


def fields_of(wanted: Sequence[Wanted], user: str) -> list[Field]:
    """What these rulings ask."""
    asked = {key for w in wanted for key in w.offer.fields}
    who = []
    if any(w.is_anothers for w in wanted):
        who = [Field("by", _("谁提的"), help=_("企业的谁提的异议"), is_needed=True)]
    elif not user:
        who = [Field("by", _("您的姓名"), help=_("记在意见上，本次只问一遍"), is_needed=True)]
    return [
        *who,
        *([_until(wanted)] if "until" in asked else []),
        *([_ground()] if "ground" in asked else []),
        Field("reason", _("理由"), is_needed=True),
    ]


def _until(wanted: Sequence[Wanted]) -> Field:
    kinds = {w.offer.kind for w in wanted if "until" in w.offer.fields}
    label = {"return": _("重报期限"), "extend": _("延到"), "suspend": _("中止到")}[min(kinds)]
    if kinds == {"suspend"}:
        return Field("until", label, "day", _("没有期限就空着"), lies="near")
    if len({w.asked for w in wanted}) > 1:
        return Field("until", label, "day", _("空着就照各自申请的日期"), lies="near")
    return Field("until", label, "day", "11-20", lies="near", is_needed=True)


def _ground() -> Field:
    return Field("ground", _("类别"), "one-of", is_needed=True, choices=tuple(_(words) for words in WAIVERS.values()))


def begun(wanted: Sequence[Wanted], today: date, workdays: Workdays) -> dict[str, str]:
    """What stands in the fields beforehand."""
    reasons = {w.offer.reason for w in wanted}
    reason = reasons.pop() if len(reasons) == 1 else OFFERS["accept"].reason if all(reasons) else ""
    found = {"reason": _(reason) if reason else ""}
    asked = {w.asked for w in wanted}
    if wanted[0].offer.kind == "return":
        found["until"] = str(workdays.after(today, ANSWER_WITHIN))
    elif len(asked) == 1 and None not in asked:
        found["until"] = str(next(iter(asked)))
    if any(w.offer.kind == "waive" for w in wanted):
        found["ground"] = _(WAIVERS["not-applicable"])
    return found


def meant(fields: Iterable[Field], answer: Answer, month: date) -> dict[str, object]:
    """The answers as values."""
    values = {f.key: understood(f, answer.get(f.key, ""), month)[0] for f in fields}
    if values.get("ground") is not None:
        values["ground"] = next(words for words in WAIVERS.values() if _(words) == values["ground"])
    return values


# --- what is ruled on ---


def wanted_on(name: str, subject: Subject, now: datetime) -> list[Wanted]:
    """The rulings that an offer makes on what was chosen."""
    offer = OFFERS[name]
    if subject.sheet is not None:
        return [_on_sheet(offer, subject.sheet, subject.finding, now)]
    if offer.kind in OF_FILES:
        return list(_on_files(offer, subject))
    return [_on_item(offer, subject.snapshot, s, now) for s in subject.standings]


def wanted_for(
    waiting: Sequence[Pending], answers: Mapping[str, str], snapshot: Snapshot, now: datetime
) -> list[Wanted]:
    """What agreeing, or not agreeing, does with what waits."""
    found: list[Wanted] = []
    for p in waiting:
        if p.standing is not None:
            found += wanted_on(answers[p.kind], Subject(snapshot, (p.standing,)), now)
        elif p.finding:
            found.append(_on_sheet(OFFERS[answers[p.kind]], sheet_of(snapshot, p), p.finding, now))
        else:
            month = snapshot.clocks.month
            found += wanted_on(answers[p.kind], Subject(snapshot, unit=p.unit, month=month), now)
    return found


def sheet_of(snapshot: Snapshot, waiting: Pending) -> Sheet:
    """The sheet on whose finding something waits."""
    return next(f.sheet for f in snapshot.sheets if f.sheet.file == waiting.file)


def _on_sheet(offer: Offer, sheet: Sheet, finding: str, now: datetime) -> Wanted:
    """On the sheet as a whole, or on one of its findings; tied to what was seen."""
    d = replace(_blank(offer.kind, sheet.unit, now), granted=offer.granted)
    d = replace(d, file=PurePosixPath(sheet.file).name, sha256=sheet.digest)
    return Wanted(offer, sheet.period, replace(d, finding=finding) if offer.kind in OF_FINDINGS else d)


def _blank(kind: DecisionKind, unit: str, at: datetime) -> Decision:
    return Decision(kind, unit, "", at, "")


def _on_files(offer: Offer, subject: Subject) -> Iterator[Wanted]:
    """On the submissions as a whole, or on what they say of the items chosen; tied to what was seen."""
    at = subject.snapshot.clocks.known_by
    if subject.standings:
        for s in subject.standings:
            filed = spoken(subject.snapshot, s, subject.month)
            if filed is not None:
                d = replace(_blank(offer.kind, s.occurrence.unit, at), item=s.occurrence.id)
                yield Wanted(offer, filed.submission.month, _tied(d, filed))
        return
    month = subject.month or subject.snapshot.clocks.month
    for unit in subject.of_units:
        for filed in sent(subject.snapshot, unit, month):
            yield Wanted(offer, month, _tied(_blank(offer.kind, unit, at), filed))


def _tied(d: Decision, filed: Filed) -> Decision:
    return replace(d, file=PurePosixPath(filed.submission.file).name, sha256=filed.submission.digest)


def sent(snapshot: Snapshot, unit: str, month: date) -> list[Filed]:
    """A unit's submissions that count for a month; where none does, the last one."""
    own = [f for f in snapshot.filed if (f.submission.unit, f.submission.month) == (unit, month)]
    own = [f for f in own if not f.submission.head.opening]
    files = {f.submission.file for f in counting(snapshot.programme, own, snapshot.decisions, snapshot.clocks)}
    last = max(own, key=lambda f: (f.submission.version, f.received), default=None)
    return [f for f in own if f.submission.file in files] or ([last] if last is not None else [])


def spoken(snapshot: Snapshot, s: Standing, month: date | None) -> Filed | None:
    """The submission that says what was chosen: of the month, or the one whose word stands."""
    o = s.occurrence
    speaking = [f for f in snapshot.filed if f.submission.unit == o.unit and o.id in f.submission.by_item]
    if month is not None:
        own = [f for f in sent(snapshot, o.unit, month) if o.id in f.submission.by_item]
        return own[-1] if own else None
    file = s.record.update.place.file if s.record is not None else ""
    return next((f for f in speaking if f.submission.file == file and not f.submission.head.opening), None)


def _on_item(offer: Offer, snapshot: Snapshot, s: Standing, now: datetime) -> Wanted:
    o = s.occurrence
    d = replace(_blank(offer.kind, o.unit, now), item=o.id, granted=offer.granted)
    month = month_for(snapshot, snapshot.clocks.as_of)
    if offer.kind == "answer":
        own = [r for r in s.rulings if r.kind == "object"]
        month = own[-1].month if own else month
    return Wanted(offer, month, d, requested(s) if offer.kind == "extend" else None)


def probes(snapshot: Snapshot, s: Standing, now: datetime) -> Iterator[tuple[str, Wanted, Decision]]:
    """Each kind of ruling on an item, with answers that would be right if any were."""
    late = months_later(max(now.date(), s.due or now.date()), 12)
    for name in OF_ITEMS:
        w = _on_item(OFFERS[name], snapshot, s, now)
        answer: dict[str, object] = {"by": "?", "reason": "?"}
        if "until" in w.offer.fields:
            answer["until"] = late
        for ground in WAIVERS.values() if "ground" in w.offer.fields else [""]:
            yield name, w, w.made({**answer, "ground": ground or None})


def undoing(d: Decision, subject: Subject, now: datetime) -> Wanted:
    """Taking a ruling back."""
    offer, undo = OFFERS["undo"], replace(_blank("undo", d.unit, now), undoes=d.id)
    if subject.sheet is not None:
        return Wanted(offer, subject.sheet.period, replace(undo, file=d.file, finding=d.finding))
    return Wanted(offer, d.month, replace(undo, item=d.item))


# --- a correction ---

OPEN = ("cause", "measure", "promised_on", "note")
BY_STATE: Mapping[str, tuple[str, ...]] = {
    "not-started": OPEN,
    "in-progress": OPEN,
    "blocked": ("waiting_on", *OPEN),
    "done": ("done_on", "note"),
    "not-applicable": ("note",),
}
"""What a state asks for."""


def correction_fields(s: Standing, user: str) -> list[Field]:
    """What a correction asks: the state by its number, then what the state needs."""
    target = s.occurrence.milestone.target
    share = target is not None and target.is_share
    fields = [Field("state", _("状态"), "one-of", is_needed=True, choices=tuple(_(w) for w in STATES.values()))]
    if target is not None:
        fields.append(Field("done", _("完成数"), "number", str(target)))
    if share:
        fields.append(Field("total", _("总数"), "number"))
    return [
        *fields,
        Field("done_on", _("完成日期"), "day", "11-20", lies="near"),
        Field("waiting_on", _("在等谁")),
        Field("cause", _("原因"), help=_("逾期、受阻的要写")),
        Field("measure", _("措施"), help=_("逾期、受阻的要写")),
        Field("promised_on", _("预计完成"), "day", "12-20", lies="ahead"),
        Field("note", _("说明")),
        *([Field("by", _("您的姓名"), help=_("记在意见上，本次只问一遍"), is_needed=True)] if not user else []),
        Field("reason", _("更正依据"), help=_("例如 电话核实"), is_needed=True),
    ]


def correction_needs(answer: Answer) -> Sequence[str]:
    """The fields that the state asks for."""
    state = next((state for state, words in STATES.items() if _(words) == answer.get("state")), "")
    numbers = () if state in ("", "not-applicable") else ("done", "total")
    return ("state", *numbers, *BY_STATE.get(state, ()), "by", "reason")


def correction_begun(s: Standing) -> dict[str, str]:
    """What stands now."""
    u = s.record.update if s.record is not None else None
    reason = _(OFFERS["correct"].reason)
    if u is None:
        return {"reason": reason}
    keys = ("done", "total", "done_on", "waiting_on", "cause", "measure", "promised_on", "note")
    found = {key: str(value) for key in keys if (value := getattr(u, key)) is not None}
    return {"state": _(STATES[canonical_state(u.state)]), "reason": reason, **found}


def corrected(snapshot: Snapshot, s: Standing, values: Mapping[str, object], now: datetime) -> Wanted:
    """The correction that these values are."""
    o = s.occurrence
    own = {key: value for key, value in values.items() if key not in ("by", "reason", "state")}
    state = next((state for state, words in STATES.items() if _(words) == values.get("state")), None)
    d = replace(_blank("correct", o.unit, now), item=o.id, state=STATES[state] if state else None, **own)  # type: ignore[arg-type]
    return Wanted(OFFERS["correct"], month_for(snapshot, snapshot.clocks.as_of), d)
