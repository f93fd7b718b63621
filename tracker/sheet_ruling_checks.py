"""What a ruling on an enterprise's sheet is checked for: on the sheet as a whole, or on one of its findings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.assessments import Assessment, assessments
from tracker.deadlines import Period
from tracker.decisions import KINDS as WORDS
from tracker.decisions import OF_FINDINGS, Decision
from tracker.language import _
from tracker.problems import nearest
from tracker.ruling_checks import Case, Finding, look_again, name_of, sent_back, undone
from tracker.sheets import Contest, Sheet
from tracker.snapshot import Snapshot


@dataclass(frozen=True)
class SheetCase(Case):
    """A ruling that stands in a checklist's period: on a sheet, or on a finding of it."""

    period: Period

    @property
    def sent(self) -> Sequence[Sheet]:
        """The unit's sheets of the period, all versions known."""
        known = self.snapshot.clocks.known_by
        return [
            sheet
            for sheet, received in self.snapshot.shelf.sheets
            if (received is None or received <= known)
            and (sheet.unit, sheet.period.label) == (self.decision.unit, self.period.label)
        ]

    @property
    def judged(self) -> Sheet | None:
        """The sheet named."""
        return next((sheet for sheet in self.sent if name_of(sheet) == self.decision.file), None)

    @property
    def counting(self) -> Sheet | None:
        """The version of it that counts, as ruled; None where all were sent back."""
        stem = (self.decision.file or "").partition(".")[0]
        return next((a.sheet for a in assessments(self.snapshot, stem, self.period.label)), None)

    @property
    def contest(self) -> Contest | None:
        """What was said against the finding."""
        findings = self.counting.findings if self.counting is not None else ()
        return next((f.contest for f in findings if f.id == self.decision.finding), None)

    @property
    def is_tied(self) -> bool:
        """Always: it judges what a sheet says."""
        return True

    @property
    def last_word(self) -> object:
        """The content."""
        return self.judged.digest if self.judged is not None else None

    @property
    def uses(self) -> Sequence[str]:
        """A file, and what the kind asks for."""
        return ("file", "sha256", *USES.get(self.decision.kind, ()))

    def is_on_the_same(self, other: Decision) -> bool:
        """On the same finding of the file, or on the file as a whole."""
        d = self.decision
        if d.undoes is not None:
            return other.id == d.undoes
        return (other.folder, other.file, other.finding) == (d.folder, d.file, d.finding)

    def stands(self, snapshot: Snapshot) -> Assessment | None:
        """The enterprise's assessment."""
        stem = (self.decision.file or "").partition(".")[0]
        return next(iter(assessments(snapshot, stem, self.period.label)), None)

    def against(self) -> Iterator[Finding]:
        """A sheet that is there and is what was looked at; a finding of it that counts."""
        d, unit = self.decision, self.programme.unit(self.decision.unit).name
        if d.kind == "undo":
            yield from undone(self)
        elif d.kind not in USES:
            known = _("、").join(_(WORDS[kind]) for kind in USES)
            yield _("“{kind}”不是对考核表作的意见。", kind=_(WORDS[d.kind])), _("可以作：{known}。", known=known)
        elif self.judged is None:
            what = _("{file}考核表", file=d.file or "")
            message = _("{month} 没有收到{unit}的{what}。", month=self.period.label, unit=unit, what=what)
            names = _("、").join(name_of(sheet) for sheet in self.sent)
            yield message, _("有：{known}。", known=names) if names else ""
        else:
            if d.sha256 not in (None, self.judged.digest):
                yield _("{unit}的考核表在您看过之后又有了新的内容。", unit=unit), look_again()
            yield from sent_back(d) if d.kind not in OF_FINDINGS else self._of_the_finding(self.judged)

    def _of_the_finding(self, judged: Sheet) -> Iterator[Finding]:
        """object, answer: the department found it in the version that counts."""
        d = self.decision
        found = {f.id: f.department for f in judged.findings}
        if d.finding is None:
            yield _("要写明是哪一条（finding）。"), ""
        elif self.counting is None or self.counting.file != judged.file:
            hint = _("算数的是 {file}。", file=name_of(self.counting)) if self.counting is not None else ""
            yield _("{file} 这一版已经不算数。", file=d.file), hint
        elif d.finding not in found:
            message = _("这份考核表里没有“{id}”这一条扣分。", id=d.finding)
            yield message, nearest(d.finding, found)
        elif not found[d.finding]:
            yield _("“{id}”是企业自评的，部门考核没有扣。", id=d.finding), ""
        else:
            yield from CHECKS[d.kind](self.contest)


def _objected(contest: Contest | None) -> Iterator[Finding]:
    """No other objection waits, and there is something left to object to."""
    if contest is not None and contest.answer is None:
        yield _("这一条的异议已经登记，正等裁定。"), ""
    elif contest is not None and contest.is_upheld:
        yield _("这一条的异议已经采纳，不再扣分。"), ""


def _answered(contest: Contest | None) -> Iterator[Finding]:
    """An objection waits."""
    if contest is None or contest.answer is not None:
        yield _("这一条没有未裁定的异议。"), ""


CHECKS: Mapping[str, Callable[[Contest | None], Iterator[Finding]]] = {"object": _objected, "answer": _answered}

USES: Mapping[str, Sequence[str]] = {
    "accept": (),
    "return": ("until",),
    "withdraw": (),
    "object": ("finding",),
    "answer": ("finding", "granted"),
    "undo": ("undoes", "finding"),
}
"""The kinds that may rule on a sheet, and what each may say beyond its file."""
