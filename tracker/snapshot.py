"""``take``: a programme, its files and every standing on a day, once, frozen.

The one door: screens, reports and commands cannot disagree, because none of them computes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath

from tracker.deadlines import months_later
from tracker.decisions import OF_FILES, Decision, Receipt, read_decisions, read_receipts
from tracker.language import _
from tracker.merge import OF_MILESTONES, Clocks, Filed, counting
from tracker.occurrences import Event, Occurrence, expand
from tracker.plan_files import load
from tracker.plans import Plan, Programme, Unit
from tracker.problems import Place, Problem, nearest
from tracker.silences import Silence, read_silences
from tracker.source import Source, read
from tracker.standing import Standing, standings
from tracker.submission_files import events_in, read_submission
from tracker.submissions import Context, Submission, month_of
from tracker.workspace import Workspace, version_of


@dataclass(frozen=True, order=True)
class HeldFile:
    """A submission held whole."""

    month: date
    file: str
    unit: str
    """Who it says it is from; empty where that cannot be read."""


@dataclass(frozen=True)
class Snapshot:
    """Everything known of a programme on a day."""

    programme: Programme
    clocks: Clocks
    standings: tuple[Standing, ...]
    filed: tuple[Filed, ...]
    """The submissions that could be read and were known, returned ones among them."""
    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]
    held_files: tuple[HeldFile, ...] = ()
    shelf: "Shelf | None" = None
    silences: tuple[Silence, ...] = ()
    """Findings not to be shown, expired ones among them."""

    def on(self, as_of: date) -> "Snapshot":
        """The same knowledge judged on another day."""
        return self.shelf.on(as_of, self.clocks.known_by) if self.shelf is not None else self

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over what went in: the plans, the day, every submission with its receipt, every ruling known."""
        by = self.clocks.known_by
        parts = [
            repr((self.programme, self.clocks.as_of)),
            *sorted(
                f"{f.submission.file} {f.submission.digest} {f.received if f.received != by else ''}"
                for f in self.filed
            ),
            *sorted(repr(d) for d in self.decisions if d.at <= self.clocks.known_by),
            *sorted(repr(s) for s in self.silences),
        ]
        return sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def by_key(self) -> Mapping[tuple[str, str], Standing]:
        """The standings by unit and occurrence."""
        return {(s.occurrence.unit, s.occurrence.id): s for s in self.standings}

    def plan_of(self, s: Standing) -> Plan:
        """The plan a standing belongs to."""
        return self.programme.plan(s.occurrence.milestone.plan)

    def unit_of(self, s: Standing) -> Unit:
        """The unit a standing belongs to."""
        return self.programme.unit(s.occurrence.unit)


def take(
    workspace: Workspace, programme_id: str, as_of: date, known_by: datetime
) -> tuple[Snapshot | None, list[Problem]]:
    """The snapshot, or None with the problems where the programme itself has mistakes.

    By mistaken plans nothing is judged: a misspelt rhythm has no next period to come to.
    ``as_of`` is capped at the programme's close; a file without a receipt counts as
    received at ``known_by``.
    """
    programme, problems = load(workspace.plans, programme_id, workspace.root)
    if programme is None or any(p.holds for p in problems):
        return None, problems
    snapshot = read_shelf(workspace, programme, problems).on(as_of, known_by)
    return snapshot, list(snapshot.problems)


@dataclass(frozen=True)
class Shelf:
    """A programme's files, read and checked once; ``on`` judges them on any day."""

    workspace: Workspace
    programme: Programme
    context: Context
    submissions: tuple[tuple[Submission, datetime | None], ...]
    """Each with the moment it was received; None where it has no receipt."""
    held_files: tuple[HeldFile, ...]
    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    """The latest receipt of each file, by the file as shown."""
    silences: tuple[Silence, ...] = ()

    @cached_property
    def received(self) -> Mapping[str, str]:
        """The digests of all that was received, workbooks too, and the file each is kept as."""
        return {digest: file for file, r in self.receipts.items() for digest in (r.sha256, r.origin) if digest}

    def on(self, as_of: date, known_by: datetime) -> Snapshot:
        """The snapshot of a day, capped at the programme's close, with what was known by then."""
        clocks = Clocks(min(as_of, self.programme.head.until), known_by)
        moments = [Filed(s, received or self._first_seen(s, known_by)) for s, received in self.submissions]
        filed = tuple(f for f in moments if f.received <= known_by)
        events = latest_events(f.submission for f in counting(self.programme, filed, self.decisions, clocks))
        occurrences = expand(self.programme, events, known_by)
        found = standings(self.programme, occurrences, filed, self.decisions, clocks)
        return Snapshot(
            self.programme,
            clocks,
            tuple(found),
            filed,
            self.decisions,
            self.problems,
            self.held_files,
            self,
            self.silences,
        )

    def _first_seen(self, submission: Submission, known_by: datetime) -> datetime:
        """A file without a receipt: seen now, or when the city first ruled on what it says.

        Only rulings that presuppose a file count, and only for the first version that has no
        receipt: a later one is the answer to them.
        """
        name = PurePosixPath(submission.file).name
        if any(
            received is None
            and (s.unit, s.month) == (submission.unit, submission.month)
            and s.version < submission.version
            for s, received in self.submissions
        ):
            return known_by
        ruled = (
            d.at
            for d in self.decisions
            if (d.unit, d.month) == (submission.unit, submission.month)
            and d.kind in ON_FILES
            and d.file in (None, name)
        )
        return min((at for at in ruled if at <= known_by), default=known_by)


ON_FILES = (*OF_FILES, "verify", "refuse")
"""Rulings that can only be made on what a file says."""


def read_shelf(workspace: Workspace, programme: Programme, problems: Iterable[Problem] = ()) -> Shelf:
    """Read and check every file of a programme's status; ``problems`` are those found before."""
    problems = list(problems)
    receipts: dict[str, Receipt] = {}
    decisions: list[Decision] = []
    for _month, folder in workspace.months(programme.id):
        shown = workspace.shown(folder)
        received, found = read_receipts(folder / "receipts.toml", f"{shown}/receipts.toml")
        problems += found
        receipts |= {f"{shown}/{r.file}": r for r in sorted(received, key=lambda r: r.received)}
        ruled, found = read_decisions(folder / "decisions.toml", f"{shown}/decisions.toml", programme)
        problems += found
        decisions += ruled
    silenced = workspace.silences(programme.id)
    silences, found = read_silences(silenced, workspace.shown(silenced), programme)
    problems += found
    paths = [*workspace.openings(programme.id), *workspace.submissions(programme.id)]
    sources = [(path, read(path, workspace.shown(path))) for path in paths]
    context = _context(programme, decisions, [source for _path, source in sources])
    problems += _rulings_on_nothing(programme, decisions, context)
    submissions = []
    held = []
    for path, source in sources:
        submission, found = read_submission(source, context, version_of(path))
        receipt = receipts.get(source.file)
        month, misplaced = _folder_month(path, source, submission, programme)
        found += misplaced
        if receipt is not None and receipt.sha256 != source.digest:
            message, hint = _("收到后文件有改动，暂不计入。"), _("请重新接收这份文件。")
            misplaced.append(Problem(Place(source.file), "E19", message, hint))
            found.append(misplaced[-1])
        problems += found
        if submission is None or misplaced:
            unit = source.data.get("unit")
            held.append(HeldFile(month, source.file, unit if isinstance(unit, str) else ""))
            continue
        known = receipt.received if receipt is not None else None
        if submission.head.opening:
            # What the books began with is known from the start.
            submission = replace(submission, month=month)
            known = known or datetime.combine(programme.head.records_from, datetime.min.time(), UTC)
        submissions.append((submission, known))
    return Shelf(
        workspace,
        programme,
        context,
        tuple(submissions),
        tuple(held),
        tuple(decisions),
        tuple(problems),
        receipts,
        silences,
    )


def _context(programme: Programme, decisions: Iterable[Decision], sources: Iterable[Source]) -> Context:
    """What any one file is checked against: days granted, and the occurrences of all events."""
    granted: dict[tuple[str, str], dict[date, date]] = defaultdict(dict)
    for d in decisions:
        if d.kind == "extend" and d.granted and d.item is not None and d.until is not None:
            days = granted[d.unit, d.item]
            days[d.month] = max(days.get(d.month, d.until), d.until)
    events = [event for source in sources for event in events_in(source, programme)]
    owed: dict[str, dict[str, Occurrence]] = defaultdict(dict)
    for o in expand(programme, events):
        owed[o.unit][o.id] = o
    return Context(programme, granted, owed)


def _rulings_on_nothing(programme: Programme, decisions: Iterable[Decision], context: Context) -> Iterator[Problem]:
    """Rulings that name an item which their unit does not have: they would do nothing, silently.

    An item that a unit had before the city assigned it elsewhere was its item all the same.
    """
    before = {(o.unit, o.id): o for o in expand(replace(programme, assignments=()))}
    for d in decisions:
        own = context.owed.get(d.unit, {})
        whole = any(o.milestone.id == d.item for o in own.values()) and d.kind in OF_MILESTONES
        if d.item is not None and d.item not in own and not whole and (d.unit, d.item) not in before:
            message = _("{unit} 没有“{item}”这一项。", unit=programme.unit(d.unit).name, item=d.item)
            yield Problem(d.place, "E07", message, nearest(d.item, own))


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


def latest_events(submissions: Iterable[Submission]) -> list[Event]:
    """The events as last reported: by unit, kind and ref, the newest month and version wins."""
    latest: dict[tuple[str, str, str], Event] = {}
    for one in sorted(submissions, key=lambda s: (s.month, s.version, s.file)):
        latest |= {(e.unit, e.kind, e.ref): e for e in one.events}
    return [latest[key] for key in sorted(latest)]


def month_end(month: date) -> date:
    """A report's default day: its month's last."""
    return months_later(month, 1) - timedelta(days=1)
