"""Ruling: what the city decides, checked against how things stand, and written down.

Several rulings are written at one stroke or not at all. Each is tied to the content it judges;
where that has changed since somebody looked at it, nothing is written. Nothing is ever
rewritten: a ruling is taken back by another one. (Design 3.3.)
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import PurePosixPath, PureWindowsPath

from tracker import records, writing
from tracker.decisions import KINDS as WORDS
from tracker.decisions import OF_FILES, WAIVERS, Decision, read_decisions
from tracker.language import _
from tracker.merge import OF_MILESTONES, Filed, counting
from tracker.pending import requested
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.problems import Place, Problem, nearest
from tracker.snapshot import Shelf, Snapshot, read_shelf
from tracker.standing import Standing
from tracker.submission_checks import CHECKS, Subject, evidence_is_named
from tracker.submissions import STATES, canonical_state
from tracker.views import contested, status_words
from tracker.workdays import CHINA
from tracker.workspace import Workspace


@dataclass(frozen=True)
class Refused:
    """A ruling that cannot be made as things stand, and what could be done instead."""

    decision: Decision
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Effect:
    """A ruling that was written, and what it did to its item's standing."""

    decision: Decision
    before: Standing | None
    after: Standing | None


@dataclass(frozen=True)
class Ruled:
    """What became of the rulings wanted: all written, or none and why."""

    effects: tuple[Effect, ...] = ()
    refused: tuple[Refused, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Mistakes in the plans or in the month's own ``decisions.toml`` that stand in the way."""
    file: str = ""
    """Where they were written, from the workspace's root."""


@dataclass(frozen=True)
class Case:
    """One ruling wanted, and all that it is judged by."""

    shelf: Shelf
    snapshot: Snapshot
    month: date
    decision: Decision

    @property
    def programme(self) -> Programme:
        """The programme ruled on."""
        return self.snapshot.programme

    @property
    def standing(self) -> Standing | None:
        """Where the item stands now."""
        return self.snapshot.by_key.get((self.decision.unit, self.decision.item or ""))

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
    def judged(self) -> Filed | None:
        """The file that the ruling is on: the one named, else the month's last one that says something of the item."""
        d = self.decision
        speaking = [f for f in self.sent if f.submission.month == self.month]
        if d.file is not None:
            return next((f for f in speaking if _name(f) == d.file), None)
        standing = {
            f.submission.file
            for f in counting(self.programme, self.snapshot.filed, self.snapshot.decisions, self.snapshot.clocks)
        }
        best = [f for f in speaking if f.submission.file in standing] or speaking
        return max(best, key=lambda f: (f.submission.version, f.received), default=None)

    @property
    def earlier(self) -> tuple[Decision, ...]:
        """The rulings in force on the same item, or on the month's file (if none is named: its files); oldest first."""
        same = (r for r in self.snapshot.decisions if r.unit == self.decision.unit and self._is_on_the_same(r))
        return tuple(sorted(same, key=lambda r: r.at))

    def _is_on_the_same(self, r: Decision) -> bool:
        d = self.decision
        if d.item is not None:
            return r.item == d.item
        if d.undoes is not None:
            return r.id == d.undoes
        return r.item is None and r.month == self.month and d.file in (None, r.file)


CLOSINGS = ("verify", "refuse", "reopen")
"""Kinds that say whether what is claimed done is done."""

Finding = tuple[str, str]
Check = Callable[[Case], Iterator[Finding]]


def decide(
    workspace: Workspace,
    programme_id: str,
    month: date,
    wanted: Sequence[Decision],
    now: datetime,
    seen: Shelf | None = None,
) -> Ruled:
    """Write the rulings ``wanted`` on a month, made at ``now``, or none of them.

    Their ``at`` and ``place`` are filled in here, and ``file`` and ``sha256`` of those that judge
    what a file says; a ``sha256`` that is given must still be that file's. Where the files are given
    as they were ``seen``, nothing may have been said or ruled on the same since. ``TimeoutError``
    when another command keeps the workspace too long.
    """
    with writing.alone(workspace.root):
        programme, problems = load(workspace.plans, programme_id, workspace.root)
        if programme is None or any(p.holds for p in problems):
            return Ruled(problems=tuple(problems))
        shelf = read_shelf(workspace, programme, problems)
        path = workspace.status(programme_id) / f"{month:%Y-%m}" / "decisions.toml"
        shown = workspace.shown(path)
        _earlier, found = read_decisions(path, shown, programme)
        if mistakes := tuple(p for p in found if p.holds):
            # A ruling that cannot be read may be the very one that stands in the way.
            return Ruled(problems=mistakes)
        moment = now.astimezone(CHINA).replace(microsecond=0)
        snapshot = shelf.on(moment.date(), now)
        before = seen.on(moment.date(), now) if seen is not None else None
        made, refused = [], []
        for one in dict.fromkeys(wanted):
            file = PureWindowsPath(one.file).name if one.file is not None else None
            case = Case(shelf, snapshot, month, replace(one, at=moment, place=Place(shown), file=file))
            against = list(_refusals(case)) or list(_said_since(before, case))
            refused += [Refused(one, message, hint) for message, hint in against]
            made.append(case.decision if against else _tied(case))
        if refused or not made:
            return Ruled(refused=tuple(refused))
        writing.append(path, "\n".join(records.entry("decision", _values(d)) for d in made))
        after = replace(shelf, decisions=(*shelf.decisions, *made)).on(moment.date(), now)
        effects = (Effect(d, snapshot.by_key.get(key), after.by_key.get(key)) for d in made for key in [_key(d)])
        return Ruled(tuple(effects), file=shown)


def _name(filed: Filed) -> str:
    return PurePosixPath(filed.submission.file).name


def _key(d: Decision) -> tuple[str, str]:
    return d.unit, d.item or ""


def _values(d: Decision) -> Mapping[str, object]:
    """What of a ruling is written: all that it says, nothing that it does not."""
    said = {f.name: getattr(d, f.name) for f in fields(d) if f.name != "place"}
    plain = {key: value for key, value in said.items() if value is not None and key != "granted"}
    return {**plain, "granted": d.granted} if d.kind in ("extend", "answer") else plain


def _tied(case: Case) -> Decision:
    """The ruling with the content it judges, or with the ruling that it takes back."""
    d = case.decision
    if d.kind == "undo":
        undone = _taken_back(case)
        return replace(d, undoes=undone.id, item=undone.item, file=undone.file if undone.item is None else None)
    if d.kind not in OF_FILES or (filed := case.judged) is None:
        return d
    return replace(d, file=_name(filed), sha256=filed.submission.digest)


def _taken_back(case: Case) -> Decision:
    """The ruling that an undo is on: the one it names, else the last one."""
    return next((r for r in case.earlier if r.id == case.decision.undoes), case.earlier[-1])


def _said_since(before: Snapshot | None, case: Case) -> Iterator[Finding]:
    """Whether something was said or ruled on the same since somebody looked at it."""
    if before is None:
        return
    then = replace(case, snapshot=before)
    said = [c.standing.record if c.standing is not None else None for c in (then, case)]
    if said[0] != said[1] or then.earlier != case.earlier:
        yield _("这一项在您看过之后又有了新的内容。"), _("请重新看一遍再作决定。")


def mistakes(snapshot: Snapshot, month: date, wanted: Decision, now: datetime) -> list[tuple[str, str, str]]:
    """What would stand in the way of a ruling, as far as the snapshot knows: key of the ruling or none, words, hint."""
    if snapshot.shelf is None:
        return []
    moment = now.astimezone(CHINA).replace(microsecond=0)
    clocks = snapshot.clocks
    judged = snapshot if clocks.as_of == moment.date() else snapshot.shelf.on(moment.date(), now)
    case = Case(snapshot.shelf, judged, month, replace(wanted, at=moment, place=Place("")))
    against = list(_refusals(case))
    if wanted.kind == "correct" and against and case.standing is not None:
        return list(_mistyped(case)) or [("", *one) for one in against]
    return [("", *one) for one in against]


# --- what stands in the way: (message, hint) ---


def _refusals(case: Case) -> Iterator[Finding]:
    d = case.decision
    for value, name in ((d.by, _("谁作的决定（by）")), (d.reason, _("理由（reason）"))):
        if not value.strip():
            yield _("没有写{name}。", name=name), ""
    if illegible := [f.name for f in fields(d) if not _is_text(getattr(d, f.name))]:
        yield _("“{names}”里有认不出的字符。", names=_("、").join(illegible)), _("请换一种输入方式再试。")
        return
    yield from _of_no_use(d)
    units = {unit.id: unit for unit in case.programme.units}
    if d.unit not in units:
        yield _("没有报送单位“{unit}”。", unit=d.unit), nearest(d.unit, units)
        return
    head = case.programme.head
    first, last = head.records_from, min(d.at.date(), head.until).replace(day=1)
    if not first <= case.month <= last:
        yield (
            _("{month} 不在可以作出意见的月份里。", month=f"{case.month:%Y-%m}"),
            _("可以写 {first} 到 {last}。", first=f"{first:%Y-%m}", last=f"{last:%Y-%m}"),
        )
        return
    if d.kind == "undo":
        # What was ruled can be taken back though the item has gone to another unit since.
        yield from _undone(case)
        return
    if d.item is not None and case.standing is None and not case.is_on_a_milestone:
        own = [item for unit, item in case.snapshot.by_key if unit == d.unit]
        message = _("{unit}没有“{item}”这一项。", unit=units[d.unit].name, item=d.item)
        yield message, nearest(d.item, own)
        return
    if d.item is None and d.kind not in OF_FILES:
        yield _("要写明是哪一项。"), ""
        return
    yield from _of_no_effect(case) or KINDS[d.kind](case)


def _is_text(value: object) -> bool:
    """Whether it can be written: a terminal hands over bytes that are no text as half characters."""
    return not isinstance(value, str) or value == value.encode(errors="ignore").decode()


def _of_no_use(d: Decision) -> Iterator[Finding]:
    """What a kind of ruling has no use for: who writes it means another kind."""
    useful = (*OF_ALL, *USES.get(d.kind, ()))
    said = [f.name for f in fields(d) if f.name not in useful and getattr(d, f.name) != f.default]
    if said:
        hint = _("核实不通过用 refuse，退回用 return。") if "granted" in said else ""
        yield _("“{kind}”用不着 {names}。", kind=_(WORDS[d.kind]), names=_("、").join(said)), hint


def _of_no_effect(case: Case) -> list[Finding]:
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


def _on_a_file(case: Case) -> Iterator[Finding]:
    """accept, return, withdraw: there is such a file, and it is still what was looked at."""
    d, filed = case.decision, case.judged
    unit = case.programme.unit(d.unit).name
    if filed is None:
        what = _("“{item}”", item=d.item) if d.item is not None else _("月报")
        if d.file is not None:
            what = f"{d.file}{what}"
        message = _("{month} 没有收到{unit}的{what}。", month=f"{case.month:%Y-%m}", unit=unit, what=what)
        yield message, _where_instead(case)
        return
    if d.sha256 not in (None, filed.submission.digest):
        message = _("{unit}的月报在您看过之后又有了新的内容。", unit=unit)
        yield message, _("请重新看一遍再作决定。")
    if d.kind == "return" and d.until is None:
        yield _("退回要写明请在哪一天之前重报。"), ""
    if d.until is not None and d.until < d.at.date():
        yield _("重报的日子 {day} 已经过去。", day=d.until), ""


def _where_instead(case: Case) -> str:
    """The month's other files, or the last other month, that a ruling on files may have meant."""
    names = [_name(f) for f in case.sent if f.submission.month == case.month]
    if names:
        return _("有：{known}。", known=_("、").join(names))
    months = sorted({f.submission.month for f in case.sent})
    return _("{month} 的月报里有，请写明那个月份。", month=f"{months[-1]:%Y-%m}") if months else ""


def _closed_by_the_city(case: Case) -> Iterator[Finding]:
    """verify, refuse: there is a claim of done, and the month ruled on is not before the one that makes it."""
    s = case.standing
    if s is None or not s.is_done:
        yield _("这一项还没有报完成，不能核实。"), _("电话核实过的，先作市级更正（correct），写明完成日期。")
    elif case.is_closed and case.decision.kind == "verify":
        yield _("这一项已经销号。"), ""
    elif s.record is not None and s.record.month > case.month:
        yield _("这一项是 {month} 报的完成。", month=f"{s.record.month:%Y-%m}"), _("请写明那个月份，或更晚的月份。")


def _extended(case: Case) -> Iterator[Finding]:
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


def _waived(case: Case) -> Iterator[Finding]:
    ground, s = case.decision.ground, case.standing
    if ground not in (*WAIVERS, *WAIVERS.values()):
        yield (
            _("免除要写明理由类别（ground）。"),
            _("可以写：{values}。", values=_("、").join(_(w) for w in WAIVERS.values())),
        )
    elif s is not None and ground in (s.status, WAIVERS.get(s.status)):
        yield _("这一项已经认定为“{status}”。", status=status_words(s.status)), ""


def _suspended(case: Case) -> Iterator[Finding]:
    d = case.decision
    if d.until is not None and d.until < d.at.date():
        yield _("中止到的日子 {day} 已经过去。", day=d.until), ""


def _closed_as_explained(case: Case) -> Iterator[Finding]:
    s = case.standing
    if s is None or not s.is_late or s.is_current:
        yield _("只有已经过去、没有完成的旧期次，才能按已说明结案。"), ""
    elif s.record is None or not s.record.update.cause:
        yield _("这一期还没有说明原因。"), _("请单位补报原因，或先作市级更正（correct），写明原因。")


def _reopened(case: Case) -> Iterator[Finding]:
    """There is a ruling to end: on the item, or on its milestone as a whole."""
    s = case.standing
    on_it = s.rulings if s is not None else case.earlier
    shelved = [r.kind for r in on_it if r.kind in ("waive", "suspend", "close", "reopen")]
    is_verified = s is not None and s.status == "verified"
    if not (is_verified or case.is_closed or shelved[-1:] not in ([], ["reopen"])):
        yield _("这一项没有销号、免除、中止或结案，不用重新开启。"), ""


def _corrected(case: Case) -> Iterator[Finding]:
    """A correction is held to the rules of an update; evidence is asked of the unit, not of a telephone."""
    d, s = case.decision, case.standing
    if s is None or d.state is None or canonical_state(d.state) not in STATES:
        yield _("更正要写状态（state）。"), _("可以写：{values}。", values=_("、").join(_(w) for w in STATES.values()))
        return
    yield from ((message, hint) for _key, message, hint in _mistyped(case))


def _mistyped(case: Case) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a correction's values: the key, or none where something is missing; words; hint."""
    d, s = case.decision, case.standing
    if s is None or d.state is None:
        return
    owed = case.shelf.context.owed.get(d.unit, {})
    subject = Subject(d.as_update(), s.occurrence, case.month, d.unit, case.shelf.context, owed, is_opening=False)
    for check in CHECKS:
        if check is not evidence_is_named:
            yield from ((key, message, hint) for key, code, message, hint in check(subject) if code.startswith("E"))


def _objected(case: Case) -> Iterator[Finding]:
    d = case.decision
    if (d.unit, d.item) in contested(case.snapshot):
        yield _("这一项的异议已经登记，正等裁定。"), ""


def _answered(case: Case) -> Iterator[Finding]:
    """There is an objection, and the answer stands in its month: as known of any month, both count or neither."""
    d = case.decision
    if (d.unit, d.item) not in contested(case.snapshot):
        yield _("这一项没有未裁定的异议。"), ""
    elif (objected := [r for r in case.earlier if r.kind == "object"][-1]).month != case.month:
        yield _("异议记在 {month}。", month=f"{objected.month:%Y-%m}"), _("请写明那个月份。")


def _undone(case: Case) -> Iterator[Finding]:
    d = case.decision
    if d.undoes is not None and d.undoes not in {r.id for r in case.earlier}:
        yield _("没有编号为“{id}”的意见，或已经撤销。", id=d.undoes), ""
    elif not case.earlier:
        yield _("没有可以撤销的意见。"), ""
    elif (undone := _taken_back(case)).month != case.month:
        # The two stand in one file: as known of any month, both count or neither.
        yield _("要撤销的意见记在 {month}。", month=f"{undone.month:%Y-%m}"), _("请写明那个月份。")


KINDS: Mapping[str, Check] = {
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

OF_ALL = ("kind", "unit", "by", "at", "reason", "item", "place")
"""What every ruling says."""

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
"""What a kind of ruling may say beyond that."""
