"""What a ruling on a month is checked for, kind by kind: whether it fits how its item or its submission stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.deadlines import month_end
from tracker.decisions import KINDS as WORDS
from tracker.decisions import OF_FILES, OF_MILESTONES, WAIVERS, Decision
from tracker.filed import Filed
from tracker.language import _
from tracker.merge import counting
from tracker.pending import requested
from tracker.problems import nearest
from tracker.ruling_checks import Case, Finding, look_again, name_of, sent_back, undone
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import status_words
from tracker.submission_checks import Subject, checks_for, evidence_is_named
from tracker.submissions import STATES, Submission, canonical_state
from tracker.views import contested


@dataclass(frozen=True)
class MonthCase(Case):
    """A ruling that stands in a month: on an item, or on a submission as a whole."""

    month: date

    @property
    def standing(self) -> Standing | None:
        """Where the item stands now."""
        return self.stands(self.snapshot)

    def stands(self, snapshot: Snapshot) -> Standing | None:
        """Where the item stands."""
        return snapshot.by_key.get((self.decision.unit, self.decision.item or ""))

    @property
    def is_on_a_milestone(self) -> bool:
        """Whether it rules on all periods of one of the unit's milestones, or takes such a ruling back."""
        own = {o.milestone.id for o in self.shelf.context.owed.get(self.decision.unit, {}).values()}
        return self.decision.kind in (*OF_MILESTONES, "undo") and self.decision.item in own

    @property
    def is_closed(self) -> bool:
        """Whether the city has verified the item: what is ruled on its words counts for nothing meanwhile."""
        found = [r.kind for r in self.standing.rulings if r.kind in CLOSINGS] if self.standing is not None else []
        return found[-1:] == ["verify"]

    @property
    def sent(self) -> Sequence[Filed]:
        """The files of the unit, of all months, that say something of the item (if one is named)."""
        d = self.decision
        return [
            f
            for f in self.snapshot.filed
            if f.submission.unit == d.unit
            and not f.submission.head.opening
            and (d.item is None or d.item in f.submission.by_item)
        ]

    @property
    def judged(self) -> Submission | None:
        """The file that the ruling is on: the one named, else the month's last one that says something of the item."""
        d = self.decision
        speaking = [f for f in self.sent if f.submission.month == self.month]
        if d.file is not None:
            return next((f.submission for f in speaking if name_of(f.submission) == d.file), None)
        standing = {
            f.submission.file
            for f in counting(self.programme, self.snapshot.filed, self.snapshot.decisions, self.snapshot.clocks)
        }
        best = [f for f in speaking if f.submission.file in standing] or speaking
        last = max(best, key=lambda f: (f.submission.version, f.received), default=None)
        return last.submission if last is not None else None

    @property
    def is_tied(self) -> bool:
        """Kinds that judge what a file says."""
        return self.decision.kind in OF_FILES

    @property
    def last_word(self) -> object:
        """The record that stands."""
        return self.standing.record if self.standing is not None else None

    @property
    def uses(self) -> Sequence[str]:
        """An item, and what the kind asks for."""
        return ("item", *USES.get(self.decision.kind, ()))

    def is_on_the_same(self, other: Decision) -> bool:
        """On the same item, or on the month's file (if none is named: its files)."""
        d = self.decision
        if d.item is not None:
            return other.item == d.item
        if d.undoes is not None:
            return other.id == d.undoes
        return other.item is None and other.folder == d.folder and d.file in (None, other.file)

    def against(self) -> Iterator[Finding]:
        """A month that has begun, an item that the unit has, and what the kind asks for."""
        d, head = self.decision, self.programme.head
        unit = self.programme.unit(d.unit)
        first, last = head.records_from, min(d.at.date(), head.until).replace(day=1)
        if not first <= self.month <= last:
            yield (
                _("{month} 不在可以作出意见的月份里。", month=f"{self.month:%Y-%m}"),
                _("可以写 {first} 到 {last}。", first=f"{first:%Y-%m}", last=f"{last:%Y-%m}"),
            )
        elif d.kind == "undo":
            # What was ruled can be taken back though the item has gone to another unit since.
            yield from undone(self)
        elif d.item is not None and self.standing is None and not self.is_on_a_milestone:
            own = [item for unit_id, item in self.snapshot.by_key if unit_id == d.unit]
            message = _("{unit}没有“{item}”这一项。", unit=unit.name, item=d.item)
            yield message, nearest(d.item, own)
        elif d.item is None and d.kind not in OF_FILES:
            yield _("要写明是哪一项。"), ""
        else:
            yield from _of_no_effect(self) or KINDS[d.kind](self)


CLOSINGS = ("verify", "refuse", "reopen")
"""Kinds that say whether what is claimed done is done."""


def _of_no_effect(case: MonthCase) -> list[Finding]:
    """A ruling that would be written and change nothing."""
    d, s = case.decision, case.standing
    if s is None:
        return []
    if s.status in ("contributing", "continuing") and d.kind in OF_DUTIES:
        status, kind = status_words(s.status), _(WORDS[d.kind])
        return [(_("这一项是“{status}”，没有自己的到期日，不用{kind}。", status=status, kind=kind), "")]
    if case.is_closed and d.kind in (*OF_FILES, "correct", "waive", "suspend"):
        return [(_("这一项已经销号。"), _("要改先重新开启（reopen）。"))]
    return []


OF_DUTIES = ("verify", "refuse", "extend", "waive", "suspend", "close", "reopen")
"""Kinds that say whether and when something has to be done."""


def _on_a_file(case: MonthCase) -> Iterator[Finding]:
    """accept, return, withdraw: there is such a file, and it is still what was looked at."""
    d, unit = case.decision, case.programme.unit(case.decision.unit).name
    if case.judged is None:
        what = _("“{item}”", item=d.item) if d.item is not None else _("月报")
        if d.file is not None:
            what = f"{d.file}{what}"
        message = _("{month} 没有收到{unit}的{what}。", month=f"{case.month:%Y-%m}", unit=unit, what=what)
        yield message, _where_instead(case)
        return
    if d.sha256 not in (None, case.judged.digest):
        message = _("{unit}的月报在您看过之后又有了新的内容。", unit=unit)
        yield message, look_again()
    yield from sent_back(d)


def _where_instead(case: MonthCase) -> str:
    """The month's other files, or the last other month, that a ruling on files may have meant."""
    names = [name_of(f.submission) for f in case.sent if f.submission.month == case.month]
    if names:
        return _("有：{known}。", known=_("、").join(names))
    months = sorted({f.submission.month for f in case.sent})
    return _("{month} 的月报里有，请写明那个月份。", month=f"{months[-1]:%Y-%m}") if months else ""


def _closed_by_the_city(case: MonthCase) -> Iterator[Finding]:
    """verify, refuse: there is a claim of done, and the month ruled on is not before the one that makes it."""
    s = case.standing
    if s is None or not s.is_done:
        yield _("这一项还没有报完成，不能核实。"), _("电话核实过的，先作市级更正（correct），写明完成日期。")
    elif case.is_closed and case.decision.kind == "verify":
        yield _("这一项已经销号。"), ""
    elif s.record is not None and s.record.month > case.month:
        yield _("这一项是 {month} 报的完成。", month=f"{s.record.month:%Y-%m}"), _("请写明那个月份，或更晚的月份。")


def _extended(case: MonthCase) -> Iterator[Finding]:
    """A new day lies after the one in force; a wish that came too late is no wish."""
    d, s = case.decision, case.standing
    if s is None or s.due is None:
        yield _("这一项没有到期日，不需要延期。"), ""
        return
    if s.is_done:
        yield _("这一项已经完成，不需要延期。"), ""
        return
    asked = requested(s)
    if not d.granted:
        if asked is None:
            yield _("没有收到这一项的延期申请，不用答复。"), ""
        return
    if d.until is None:
        yield _("同意延期要写延到哪一天。"), ""
    elif d.until <= s.due:
        yield _("延到的日子 {day} 不晚于现在的到期日 {due}。", day=d.until, due=s.due), ""
    # What was granted before the books began is entered in their first month.
    if asked is None and s.due < case.month != case.programme.head.records_from:
        message = _("延期要在到期前申请，这一项 {due} 已经到期。", due=s.due)
        yield message, _("到期前收到书面申请的，请写明收到的那个月份。")


def _waived(case: MonthCase) -> Iterator[Finding]:
    ground, s = case.decision.ground, case.standing
    if ground not in (*WAIVERS, *WAIVERS.values()):
        yield (
            _("免除要写明理由类别（ground）。"),
            _("可以写：{values}。", values=_("、").join(_(w) for w in WAIVERS.values())),
        )
    elif s is not None and ground in (s.status, WAIVERS.get(s.status)):
        yield _("这一项已经认定为“{status}”。", status=status_words(s.status)), ""


def _suspended(case: MonthCase) -> Iterator[Finding]:
    d = case.decision
    if d.until is not None and d.until < d.at.date():
        yield _("中止到的日子 {day} 已经过去。", day=d.until), ""


def _closed_as_explained(case: MonthCase) -> Iterator[Finding]:
    s = case.standing
    if s is None or not s.is_late or s.is_current:
        yield _("只有已经过去、没有完成的旧期次，才能按已说明结案。"), ""
    elif s.record is None or not s.record.update.cause:
        yield _("这一期还没有说明原因。"), _("请单位补报原因，或先作市级更正（correct），写明原因。")


def _reopened(case: MonthCase) -> Iterator[Finding]:
    """There is a ruling to end: on the item, or on its milestone as a whole."""
    s = case.standing
    on_it = s.rulings if s is not None else case.earlier
    shelved = [r.kind for r in on_it if r.kind in ("waive", "suspend", "close", "reopen")]
    is_verified = s is not None and s.status == "verified"
    if not (is_verified or case.is_closed or shelved[-1:] not in ([], ["reopen"])):
        yield _("这一项没有销号、免除、中止或结案，不用重新开启。"), ""


def _corrected(case: MonthCase) -> Iterator[Finding]:
    """A correction is held to the rules of an update; evidence is asked of the unit, not of a telephone."""
    d, s = case.decision, case.standing
    if s is None or d.state is None or canonical_state(d.state) not in STATES:
        yield _("更正要写状态（state）。"), _("可以写：{values}。", values=_("、").join(_(w) for w in STATES.values()))
        return
    yield from ((message, hint) for _key, message, hint in mistyped(case))


def mistyped(case: MonthCase) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a correction's values: the key, or none where something is missing; words; hint."""
    d, s = case.decision, case.standing
    if s is None or d.state is None:
        return
    owed, context = case.shelf.context.owed.get(d.unit, {}), case.shelf.context
    end = month_end(case.month)
    subject = Subject(d.as_update(), s.occurrence, case.month, end, d.unit, context, owed, is_opening=False)
    said = frozenset(key for key in USES["correct"] if getattr(d, key) is not None)
    for check in checks_for(subject.update.state, said):
        if check is not evidence_is_named:
            yield from ((key, message, hint) for key, code, message, hint in check(subject) if code.startswith("E"))


def _objected(case: MonthCase) -> Iterator[Finding]:
    d = case.decision
    if (d.unit, d.item) in contested(case.snapshot):
        yield _("这一项的异议已经登记，正等裁定。"), ""


def _answered(case: MonthCase) -> Iterator[Finding]:
    """There is an objection, and the answer stands in its month: as known of any month, both count or neither."""
    d = case.decision
    if (d.unit, d.item) not in contested(case.snapshot):
        yield _("这一项没有未裁定的异议。"), ""
    elif (objected := [r for r in case.earlier if r.kind == "object"][-1]).month != case.month:
        yield _("异议记在 {month}。", month=f"{objected.month:%Y-%m}"), _("请写明那个月份。")


KINDS: Mapping[str, Callable[[MonthCase], Iterator[Finding]]] = {
    "accept": _on_a_file,
    "return": _on_a_file,
    "withdraw": _on_a_file,
    "verify": _closed_by_the_city,
    "refuse": _closed_by_the_city,
    "extend": _extended,
    "waive": _waived,
    "suspend": _suspended,
    "close": _closed_as_explained,
    "correct": _corrected,
    "reopen": _reopened,
    "object": _objected,
    "answer": _answered,
}
"""What each kind of ruling is checked for; ``undo`` needs no item that the unit still has."""

_OF_A_FILE = ("file", "sha256")

USES: Mapping[str, Sequence[str]] = {
    "accept": _OF_A_FILE,
    "return": (*_OF_A_FILE, "until"),
    "withdraw": _OF_A_FILE,
    "extend": ("until", "granted"),
    "waive": ("ground",),
    "suspend": ("until",),
    "correct": ("state", "done_on", "done", "total", "cause", "measure", "promised_on", "waiting_on", "note"),
    "answer": ("granted",),
    "undo": ("undoes", "file"),
}
"""What a kind of ruling on a month may say beyond its item."""
