"""A programme's files as read and checked, each only where it has changed since it was read last.

What a file says depends on more than its bytes: on the plans, and for a submission on the
days that the city has granted to its unit and on the events that the unit has reported in any
file. The plans are part of what an index is kept for; the rest is kept with what was heard.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import TypeVar

from tracker.deadlines import Period, months_later
from tracker.decision_files import read_decisions, read_receipts
from tracker.decisions import OF_FILES, OF_MILESTONES, Decision, Receipt, in_force
from tracker.heard import Heard
from tracker.index import Index, stamp
from tracker.known import content_of, digest, digest_of_files, index_of
from tracker.language import _
from tracker.months import month_of
from tracker.narrative import Narrative
from tracker.narrative_files import read_narrative
from tracker.occurrences import Event, Occurrence, expand
from tracker.plans import Programme
from tracker.problems import Place, Problem, nearest
from tracker.sheet_files import read_sheet
from tracker.sheets import Finding, Sampled, Sheet, SheetHead
from tracker.silence_files import read_silences
from tracker.silences import Silence
from tracker.source import Source, read
from tracker.submission_files import events_in, read_submission
from tracker.submissions import Context, Submission
from tracker.told import counted
from tracker.workspace import NARRATIVE, Workspace, version_of

Problems = tuple[Problem, ...]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, order=True)
class HeldFile:
    """A submission held whole."""

    month: date
    file: str
    unit: str
    """Who it says it is from; empty where that cannot be read."""


@dataclass(frozen=True)
class Files:
    """All that the files of a programme say."""

    submissions: tuple[tuple[Submission, datetime | None], ...]
    """Each with the moment it was received; None where it has no receipt."""
    held_files: tuple[HeldFile, ...]
    decisions: tuple[Decision, ...]
    problems: Problems
    receipts: Mapping[str, Receipt]
    """The latest receipt of each file, by the file as shown."""
    silences: tuple[Silence, ...]
    sheets: tuple[tuple[Sheet, datetime | None], ...]
    """The enterprises' sheets, each with the moment it was received."""
    narratives: Mapping[date, Narrative]
    """The office's own words for the bulletin, by month."""
    events: tuple[Event, ...]
    """Every event that any submission reports, those of held ones too."""
    key: str | None = field(default=None, compare=False, repr=False, kw_only=True)
    """A digest of the files; None where one may have changed while it was read."""


@dataclass(frozen=True)
class Assessed:
    """A sheet that can be read, without what the plans say of its enterprise and checklist."""

    head: SheetHead
    enterprise: str
    period: Period
    version: int
    sampled: tuple[Sampled, ...]
    findings: tuple[Finding, ...]
    held: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """What a sheet's file says."""

    digest: str
    assessed: Assessed | None
    problems: Problems
    misplaced: Problems

    def sheet(self, file: str, programme: Programme) -> Sheet | None:
        """The sheet; None where the file is held whole."""
        a = self.assessed
        if a is None:
            return None
        enterprise = programme.enterprise(a.enterprise)
        checklist = programme.checklist(enterprise.checklist)
        said = (a.sampled, a.findings, a.held)
        return Sheet(file, self.digest, a.head, enterprise, checklist, a.period, a.version, *said)


def files(workspace: Workspace, programme: Programme, found_before: Iterable[Problem] = ()) -> Files:
    """Read and check every file of a programme's status; the problems ``found_before`` come first."""
    index = index_of(workspace, programme.id, content_of(programme))
    found = _Reading(workspace, programme, index).files(found_before)
    key = digest_of_files(index, workspace, programme.id) if index.is_whole else None
    if key is not None:
        index.still_asked(key)
    index.save()
    return replace(found, key=key)


@dataclass
class _Reading:
    """One reading of all files."""

    workspace: Workspace
    programme: Programme
    index: Index
    problems: list[Problem] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    narratives: dict[date, Narrative] = field(default_factory=dict)

    def files(self, found_before: Iterable[Problem]) -> Files:
        """Everything; problems in the order in which a reader would come upon them."""
        self.problems += found_before
        self._records()
        silences = self._silences()
        heard = self._heard()
        sheets = self._assessments()
        events = tuple(event for one in heard.values() for event in one.events)
        self.problems += self._rulings_on_nothing(events)
        digests = {name: h.digest for name, h in heard.items()} | {name: a.digest for name, a in sheets.items()}
        self.problems += _rulings_on_other_words(self.decisions, digests)
        submissions: list[tuple[Submission, datetime | None]] = []
        held = []
        for name, one in heard.items():
            if self._fits(name, one) and one.submission is not None:
                submissions.append((one.submission, self._known(one.submission)))
            else:
                held.append(HeldFile(one.month, name, one.unit))
        read_sheets = tuple(self._sheets(sheets))
        return Files(
            tuple(submissions),
            tuple(held),
            tuple(self.decisions),
            tuple(self.problems),
            self.receipts,
            silences,
            read_sheets,
            self.narratives,
            events,
        )

    def _records(self) -> None:
        """Receipts, rulings and the office's own words, folder by folder."""
        months = self.workspace.months(self.programme.id)
        for folder in (*(folder for _month, folder in months), *self.workspace.checklists(self.programme.id)):
            shown = self.workspace.shown(folder)
            received = self._listed(folder / "receipts.toml", Receipt, read_receipts)
            self.receipts |= {f"{shown}/{r.file}": r for r in sorted(received, key=lambda r: r.received)}
            self.decisions += self._listed(folder / "decisions.toml", Decision, self._by_plans(read_decisions))
        for month, folder in months:
            found = self._found(folder / NARRATIVE, Narrative, self._by_plans(read_narrative))
            if found != Narrative():
                self.narratives[month] = found

    def _silences(self) -> tuple[Silence, ...]:
        return self._listed(self.workspace.silences(self.programme.id), Silence, self._by_plans(read_silences))

    def _by_plans(self, reading: Callable[[Path, str, Programme], R]) -> Callable[[Path, str], R]:
        return lambda path, name: reading(path, name, self.programme)

    def _listed(
        self, path: Path, kind: type[T], reading: Callable[[Path, str], tuple[tuple[T, ...], list[Problem]]]
    ) -> tuple[T, ...]:
        """What a file lists; its problems are taken along."""
        return self._found(path, tuple[kind, ...], reading)  # type: ignore[valid-type]

    def _found(self, path: Path, kind: type[T], reading: Callable[[Path, str], tuple[T, list[Problem]]]) -> T:
        """What a file says; its problems are taken along."""
        name = self.workspace.shown(path)

        def read_now() -> tuple[T, Problems]:
            found, problems = reading(path, name)
            return found, tuple(problems)

        found, problems = self.index.read(path, name, tuple[kind, Problems], read_now)  # type: ignore[valid-type]
        self.problems += problems
        return found

    # --- submissions ---

    def _heard(self) -> dict[str, Heard]:
        """What the submissions say: read again where the file has changed, or what it is checked against."""
        workspace, programme = self.workspace, self.programme
        paths = [*workspace.openings(programme.id), *workspace.submissions(programme.id)]
        names = [workspace.shown(path) for path in paths]
        kept: dict[str, Heard] = {}
        sources: dict[str, Source] = {}
        looked = {}
        events: list[Event] = []
        for path, name in counted(list(zip(paths, names, strict=True))):
            same = self.index.same(path, name, Heard)
            if same is not None:
                kept[name] = same
                events += same.events
            else:
                looked[name], sources[name] = stamp(path), read(path, name)
                events += events_in(sources[name], programme)
        against = _Against(programme, self.decisions, events)
        heard = {}
        for path, name in counted(list(zip(paths, names, strict=True))):
            one = kept.get(name)
            if one is None or one.context != against.digest(one.unit):
                if name not in sources:
                    looked[name], sources[name] = stamp(path), read(path, name)
                one = _hear(path, sources.pop(name), against)
                before = looked[name]
                if before is not None and one.digest:
                    # What has changed since that look is found out by its digest, as what is young.
                    self.index.keep(name, Heard, one, before._replace(digest=one.digest))
                else:
                    self.index.is_whole = False
            heard[name] = one
        return heard

    def _fits(self, name: str, one: Heard) -> bool:
        """Whether a submission counts; its problems are taken along."""
        is_signed = self._is_signed and PurePosixPath(name).parent.name != "opening"
        unfit = _not_as_received(name, one.digest, self.receipts.get(name), is_signed=is_signed)
        self.problems += [*one.problems, *one.misplaced, *unfit]
        return not one.misplaced and not unfit

    @cached_property
    def _is_signed(self) -> bool:
        return self.workspace.signers(self.programme.id).exists()

    def _known(self, submission: Submission) -> datetime | None:
        """When the city knew it; what the books began with is known from the start."""
        receipt = self.receipts.get(submission.file)
        if receipt is None and submission.head.opening:
            return datetime.combine(self.programme.head.records_from, datetime.min.time(), UTC)
        return receipt.received if receipt is not None else None

    # --- sheets ---

    def _assessments(self) -> dict[str, Assessment]:
        found = {}
        for path in self.workspace.sheets(self.programme.id):
            name = self.workspace.shown(path)
            found[name] = self.index.read(path, name, Assessment, partial(_assessment, path, name, self.programme))
        return found

    def _sheets(self, assessments: Mapping[str, Assessment]) -> Iterator[tuple[Sheet, datetime | None]]:
        """The enterprises' sheets that can be read, lie in their period's folder, and are as they were received."""
        for name, one in assessments.items():
            receipt = self.receipts.get(name)
            unfit = _not_as_received(name, one.digest, receipt, is_signed=self._is_signed)
            unfit += one.misplaced
            self.problems += [*one.problems, *unfit]
            sheet = one.sheet(name, self.programme)
            if sheet is not None and not unfit:
                yield sheet, receipt.received if receipt is not None else None

    def _rulings_on_nothing(self, events: Sequence[Event]) -> Problems:
        """What is wrong with the rulings beside the occurrences; those are many, and asked for only then."""
        if not self.decisions:
            return ()

        def found() -> Problems:
            context = context_of(self.programme, self.decisions, events)
            return tuple(_rulings_on_nothing(self.programme, self.decisions, context))

        key = digest([*map(repr, self.decisions), *map(repr, events)])
        return self.index.worked_out("rulings", key, Problems, found)


def _hear(path: Path, source: Source, against: "_Against") -> Heard:
    """What a submission says, checked."""
    said = source.data.get("unit")
    unit = said if isinstance(said, str) else ""
    submission, problems = read_submission(source, against.context, version_of(path))
    month, misplaced = _folder_month(path, source, submission, against.programme)
    if submission is not None and submission.head.opening:
        submission = replace(submission, month=month)
    return Heard(
        source.digest,
        unit,
        month,
        tuple(events_in(source, against.programme)),
        against.digest(unit),
        submission,
        tuple(problems),
        tuple(misplaced),
    )


@dataclass
class _Against:
    """What submissions are checked against, made only if there is one to check."""

    programme: Programme
    decisions: Sequence[Decision]
    events: Sequence[Event]
    _digests: dict[str, str] = field(default_factory=dict)

    @cached_property
    def granted(self) -> Mapping[tuple[str, str], Mapping[date, date]]:
        """The days that the city has granted."""
        return granted_days(self.decisions)

    @cached_property
    def context(self) -> Context:
        """The whole of it."""
        return context_of(self.programme, self.decisions, self.events)

    def digest(self, unit: str) -> str:
        """That part of it by which one unit's files are checked."""
        if unit not in self._digests:
            granted = sorted((item, sorted(days.items())) for (u, item), days in self.granted.items() if u == unit)
            self._digests[unit] = digest([granted, [event for event in self.events if event.unit == unit]])
        return self._digests[unit]


def granted_days(decisions: Iterable[Decision]) -> dict[tuple[str, str], dict[date, date]]:
    """Unit and occurrence to the days that the city has granted, by the month that the ruling speaks of."""
    granted: dict[tuple[str, str], dict[date, date]] = defaultdict(dict)
    for d in in_force(decisions):
        if d.kind == "extend" and d.granted and d.item is not None and d.until is not None:
            days = granted[d.unit, d.item]
            days[d.month] = max(days.get(d.month, d.until), d.until)
    return granted


def context_of(programme: Programme, decisions: Iterable[Decision], events: Iterable[Event]) -> Context:
    """What any one file is checked against: days granted, and the occurrences of all events."""
    owed: dict[str, dict[str, Occurrence]] = defaultdict(dict)
    for o in expand(programme, events):
        owed[o.unit][o.id] = o
    return Context(programme, granted_days(decisions), owed)


def _assessment(path: Path, name: str, programme: Programme) -> Assessment:
    """What a sheet says, checked."""
    source = read(path, name)
    sheet, problems = read_sheet(source, programme, version_of(path))
    if sheet is None:
        return Assessment(source.digest, None, tuple(problems), ())
    misplaced = []
    if sheet.period.label != path.parent.name:
        message = _("文件写的是 {said}，放在了 {folder} 的文件夹里。", said=sheet.period.label, folder=path.parent.name)
        hint = _("请核对是哪一期，或移到对应的文件夹。")
        misplaced.append(source.problem(("period",), "E09", message, hint))
    assessed = Assessed(
        sheet.head, sheet.enterprise.id, sheet.period, sheet.version, sheet.sampled, sheet.findings, sheet.held
    )
    return Assessment(source.digest, assessed, tuple(problems), tuple(misplaced))


def _not_as_received(file: str, digest: str, receipt: Receipt | None, *, is_signed: bool) -> Problems:
    """Why a file does not count: changed since its receipt, or not received where signatures are asked for."""
    if receipt is None and is_signed:
        message, hint = _("还没有接收，签名没有核对，暂不计入。"), _("请用 tracker receive 连同签名一起接收。")
        return (Problem(Place(file), "E20", message, hint),)
    if receipt is not None and receipt.sha256 != digest:
        message, hint = _("收到后文件有改动，暂不计入。"), _("请重新接收这份文件。")
        return (Problem(Place(file), "E19", message, hint),)
    return ()


def _rulings_on_nothing(programme: Programme, decisions: Iterable[Decision], context: Context) -> Iterator[Problem]:
    """Rulings that name an item which their unit does not have: they would do nothing, silently.

    An item that a unit had before the city assigned it elsewhere was its item all the same.
    """
    known = {d.id for d in decisions}
    before: frozenset[tuple[str, str]] | None = None
    for d in decisions:
        if d.kind == "undo" and d.undoes not in known:
            yield Problem(d.place, "E07", _("没有编号为“{id}”的意见。", id=d.undoes))
        own = context.owed.get(d.unit, {})
        if d.item is None or d.item in own:
            continue
        if d.kind in (*OF_MILESTONES, "undo") and any(o.milestone.id == d.item for o in own.values()):
            continue
        if before is None:
            before = frozenset((o.unit, o.id) for o in expand(replace(programme, assignments=())))
        if (d.unit, d.item) not in before:
            message = _("{unit} 没有“{item}”这一项。", unit=programme.unit(d.unit).name, item=d.item)
            yield Problem(d.place, "E07", message, nearest(d.item, own))


def _rulings_on_other_words(decisions: Iterable[Decision], digests: Mapping[str, str]) -> Iterator[Problem]:
    """Rulings tied to a content that is no longer there: they are void until somebody looks again.

    Of the rulings on one file only the last is looked at. ``digests`` are those of the submissions and
    sheets, by the file as shown; a ruling on anything else does nothing.
    """
    last: dict[tuple[str, str | None, str, str], Decision] = {}
    for d in sorted(in_force(decisions), key=lambda d: d.at):
        if d.kind in OF_FILES and d.file is not None:
            last[d.unit, d.item, str(PurePosixPath(d.place.file).parent), d.file] = d
    for (_unit, _item, folder, name), d in last.items():
        file = f"{folder}/{name}"
        if file not in digests:
            yield Problem(d.place, "E07", _("没有“{file}”这份文件，意见不起作用。", file=name))
        elif d.sha256 is not None and d.sha256 != digests[file]:
            message = _("“{file}”在这条意见之后有改动，意见已经失效。", file=name)
            yield Problem(d.place, "E19", message, _("请重新看一遍，再作意见。"))


def _folder_month(
    path: Path, source: Source, submission: Submission | None, programme: Programme
) -> tuple[date, list[Problem]]:
    """The month a file belongs to by its folder, and a problem where it says another."""
    is_opening = path.parent.name == "opening"
    folder = months_later(programme.head.records_from, -1) if is_opening else month_of(path.parent.name)
    month = folder or programme.head.records_from
    if submission is None:
        return month, []
    if submission.head.opening != is_opening:
        message, hint = _("建账文件要放在 opening 文件夹里。"), _("月报不写 opening = true。")
        return month, [source.problem(("opening",), "E09", message, hint)]
    if not is_opening and submission.month != month:
        said = submission.head.month
        message = _("文件写的是 {said}，放在了 {folder} 的文件夹里。", said=said, folder=path.parent.name)
        return month, [source.problem(("month",), "E09", message, _("请核对月份，或移到对应的文件夹。"))]
    return month, []
