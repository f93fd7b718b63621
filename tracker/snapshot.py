"""``take``: a programme, its files and every standing on a day, once, frozen.

The one door: screens, reports and commands cannot disagree, because none of them computes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from tracker.decisions import Decision, Receipt, read_decisions, read_receipts
from tracker.deadlines import months_later
from tracker.language import _
from tracker.occurrences import Event, Occurrence, expand
from tracker.plans import Plan, Programme, Unit, load
from tracker.problems import Place, Problem
from tracker.source import Source, read
from tracker.standing import Clocks, Filed, Standing, standings
from tracker.submissions import Context, Submission, events_in, read_submission
from tracker.workspace import Workspace, version_of


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
    held_files: tuple[tuple[date, str, str], ...] = ()
    """(month, unit or empty, file) of submissions held whole."""

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
    """The snapshot, or None with the problems where the programme itself cannot be read.

    ``as_of`` is capped at the programme's close; a file without a receipt counts as
    received at ``known_by``.
    """
    programme, problems = load(workspace.plans, programme_id, workspace.root)
    if programme is None:
        return None, problems
    clocks = Clocks(min(as_of, programme.head.until), known_by)
    shelf = read_shelf(workspace, programme)
    submissions, held, found = _submissions(shelf, clocks)
    problems += [*shelf.problems, *found]
    events = latest_events(filed.submission for filed in submissions)
    occurrences = expand(programme, events, known_by)
    return (
        Snapshot(
            programme,
            clocks,
            tuple(standings(programme, occurrences, submissions, shelf.decisions, clocks)),
            tuple(submissions),
            shelf.decisions,
            tuple(problems),
            tuple(held),
        ),
        problems,
    )


@dataclass(frozen=True)
class Shelf:
    """The files of a programme as read, before they are judged."""

    workspace: Workspace
    programme: Programme
    sources: tuple[tuple[Path, Source], ...]
    receipts: Mapping[str, Receipt]
    """The latest receipt of each file, by the file as shown."""
    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def context(self) -> Context:
        """What any one file is checked against: days granted, and the occurrences of all events."""
        granted: dict[tuple[str, str], date] = {}
        for d in self.decisions:
            if d.kind == "extend" and d.granted and d.item is not None and d.until is not None:
                key = (d.unit, d.item)
                granted[key] = max(granted.get(key, date.min), d.until)
        events = [event for _path, source in self.sources for event in events_in(source, self.programme)]
        owed: dict[str, dict[str, Occurrence]] = defaultdict(dict)
        for o in expand(self.programme, events):
            owed[o.unit][o.id] = o
        return Context(self.programme, granted, owed)


def read_shelf(workspace: Workspace, programme: Programme) -> Shelf:
    """Read every file of a programme's status, judging none of the submissions yet."""
    problems: list[Problem] = []
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
    paths = [*workspace.openings(programme.id), *workspace.submissions(programme.id)]
    sources = tuple((path, read(path, workspace.shown(path))) for path in paths)
    return Shelf(workspace, programme, sources, receipts, tuple(decisions), tuple(problems))


def _submissions(
    shelf: Shelf, clocks: Clocks
) -> tuple[list[Filed], list[tuple[date, str, str]], list[Problem]]:
    """The submissions known by then; the files held whole; all problems."""
    filed, held = [], []
    problems: list[Problem] = []
    for path, source in shelf.sources:
        submission, found = read_submission(source, shelf.context, version_of(path))
        problems += found
        receipt = shelf.receipts.get(source.file)
        is_opening = path.parent.name == "opening"
        month = shelf.programme.head.records_from if is_opening else date.fromisoformat(f"{path.parent.name}-01")
        if submission is not None and not is_opening and submission.month != month:
            message = _("文件写的是 {said} 月，放在了 {folder} 的文件夹里。", said=submission.head.month, folder=path.parent.name)
            problems.append(source.problem(("month",), "E09", message, _("请核对月份，或移到对应的文件夹。")))
            submission = None
        if receipt is not None and receipt.sha256 != source.digest:
            message = _("收到后文件有改动，暂不计入。")
            problems.append(Problem(Place(source.file), "E19", message, _("请重新接收这份文件。")))
            submission = None
        if submission is None:
            unit = source.data.get("unit")
            held.append((month, unit if isinstance(unit, str) else "", source.file))
            continue
        if is_opening:
            submission = replace(submission, month=months_later(month, -1))
        # An opening file is what the books began with: known from the start.
        received = receipt.received if receipt is not None else clocks.known_by
        if is_opening and receipt is None:
            received = datetime.combine(month, datetime.min.time(), clocks.known_by.tzinfo)
        if received <= clocks.known_by:
            filed.append(Filed(submission, received))
    return filed, held, problems


def latest_events(submissions: Iterable[Submission]) -> list[Event]:
    """The events as last reported: by unit, kind and ref, the newest month and version wins."""
    latest = {}
    for one in sorted(submissions, key=lambda s: (s.month, s.version, s.file)):
        latest |= {(e.unit, e.kind, e.ref): e for e in one.events}
    return [latest[key] for key in sorted(latest)]


def month_end(month: date) -> date:
    """A report's default day: its month's last."""
    return months_later(month, 1) - timedelta(days=1)
