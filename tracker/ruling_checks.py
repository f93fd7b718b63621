"""What every ruling is checked for: who says it and why, that it says what its kind has a use for, and on what.

A ``Case`` is one ruling wanted with all that it is judged by; a month's and a sheet's know the rest. A check
yields what stands in the way, as a message and a hint; nothing is written here.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import PurePosixPath

from tracker.assessments import Assessment
from tracker.decisions import KINDS as WORDS
from tracker.decisions import Decision
from tracker.language import _
from tracker.months import month_of
from tracker.plans import Programme
from tracker.problems import nearest
from tracker.sheets import Sheet
from tracker.shelf import Shelf
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.submissions import Submission

Finding = tuple[str, str]
"""What stands in the way: a message, and a hint or none."""

OF_ALL = ("kind", "unit", "by", "at", "reason", "place")
"""What every ruling says."""


@dataclass(frozen=True)
class Case(ABC):
    """One ruling wanted, and all that it is judged by."""

    shelf: Shelf
    snapshot: Snapshot
    decision: Decision

    @property
    def programme(self) -> Programme:
        """The programme ruled on."""
        return self.snapshot.programme

    @property
    @abstractmethod
    def judged(self) -> Submission | Sheet | None:
        """The file that the ruling is on; None where there is none."""

    @property
    @abstractmethod
    def is_tied(self) -> bool:
        """Whether it is a ruling on what a file says: its file and content are written with it."""

    @property
    @abstractmethod
    def last_word(self) -> object:
        """What was said last of what is ruled on."""

    @property
    @abstractmethod
    def uses(self) -> Sequence[str]:
        """What a ruling of this kind may say beyond what every ruling says."""

    @abstractmethod
    def is_on_the_same(self, other: Decision) -> bool:
        """Whether another ruling of the same unit is on the same thing."""

    @abstractmethod
    def stands(self, snapshot: Snapshot) -> Standing | Assessment | None:
        """Where what is ruled on stands; None where it is no one item and no sheet."""

    @abstractmethod
    def against(self) -> Iterator[Finding]:
        """What stands in the way of this kind of ruling, its unit being known."""

    @property
    def earlier(self) -> tuple[Decision, ...]:
        """The rulings in force on the same thing; oldest first."""
        same = (r for r in self.snapshot.decisions if r.unit == self.decision.unit and self.is_on_the_same(r))
        return tuple(sorted(same, key=lambda r: r.at))

    @property
    def taken_back(self) -> Decision | None:
        """The ruling that an undo is on: the one it names, else the last one."""
        named, earlier = self.decision.undoes, self.earlier
        return next((r for r in earlier if r.id == named), None if named is not None else [None, *earlier][-1])


def refusals(case: Case) -> Iterator[Finding]:
    """All that stands in the way of a ruling."""
    d = case.decision
    for value, name in ((d.by, _("谁作的决定（by）")), (d.reason, _("理由（reason）"))):
        if not value.strip():
            yield _("没有写{name}。", name=name), ""
    if illegible := [f.name for f in fields(d) if not _is_text(getattr(d, f.name))]:
        yield _("“{names}”里有认不出的字符。", names=_("、").join(illegible)), _("请换一种输入方式再试。")
        return
    yield from _of_no_use(case)
    units = {unit.id: unit for unit in case.programme.units}
    if d.unit not in units:
        yield _("没有报送单位“{unit}”。", unit=d.unit), nearest(d.unit, units)
        return
    yield from case.against()


def said_since(before: Snapshot | None, case: Case) -> Iterator[Finding]:
    """Whether something was said or ruled on the same since somebody looked at it."""
    if before is None:
        return
    then = replace(case, snapshot=before)
    if then.last_word != case.last_word or then.earlier != case.earlier:
        yield _("这一项在您看过之后又有了新的内容。"), look_again()


def tied(case: Case) -> Decision:
    """The ruling with the content it judges, or with the ruling that it takes back."""
    d, undone, judged = case.decision, case.taken_back, case.judged
    if d.kind == "undo" and undone is not None:
        of_file = (undone.file, undone.finding) if undone.item is None else (None, None)
        return replace(d, undoes=undone.id, item=undone.item, file=of_file[0], finding=of_file[1])
    if not case.is_tied or judged is None:
        return d
    return replace(d, file=name_of(judged), sha256=judged.digest)


def name_of(paper: Submission | Sheet) -> str:
    """A file's name in its folder."""
    return PurePosixPath(paper.file).name


def look_again() -> str:
    """What to do where something has changed."""
    return _("请重新看一遍再作决定。")


def _is_text(value: object) -> bool:
    """Whether it can be written: a terminal hands over bytes that are no text as half characters."""
    return not isinstance(value, str) or value == value.encode(errors="ignore").decode()


def _of_no_use(case: Case) -> Iterator[Finding]:
    """What a kind of ruling has no use for: who writes it means another kind."""
    d = case.decision
    useful = (*OF_ALL, *case.uses)
    said = [f.name for f in fields(d) if f.name not in useful and getattr(d, f.name) != f.default]
    if said:
        hint = _("核实不通过用 refuse，退回用 return。") if "granted" in said else ""
        yield _("“{kind}”用不着 {names}。", kind=_(WORDS[d.kind]), names=_("、").join(said)), hint


def undone(case: Case) -> Iterator[Finding]:
    """undo: there is such a ruling, in the same folder."""
    d = case.decision
    found = case.taken_back
    if found is None and d.undoes is not None:
        yield _("没有编号为“{id}”的意见，或已经撤销。", id=d.undoes), ""
    elif found is None:
        yield _("没有可以撤销的意见。"), ""
    elif found.folder != d.folder:
        # The two stand in one file: as known of any month, both count or neither.
        folder = PurePosixPath(found.folder).name
        yield (
            _("要撤销的意见记在 {month}。", month=folder),
            _("请写明那个月份。") if month_of(folder) is not None else _("请写明那一期。"),
        )


def sent_back(d: Decision) -> Iterator[Finding]:
    """return: by when an answer is due."""
    if d.kind == "return" and d.until is None:
        yield _("退回要写明请在哪一天之前重报。"), ""
    if d.until is not None and d.until < d.at.date():
        yield _("重报的日子 {day} 已经过去。", day=d.until), ""
