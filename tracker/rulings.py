"""Ruling: what the city decides, checked against how things stand, and written down.

Several rulings are written at one stroke or not at all. Each is tied to the content it judges;
where that has changed since somebody looked at it, nothing is written. Nothing is ever
rewritten: a ruling is taken back by another one. (Design 3.3.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path, PureWindowsPath

from tracker import records, writing
from tracker.assessments import Assessment
from tracker.clocks import CHINA
from tracker.deadlines import Period
from tracker.decision_files import read_decisions
from tracker.decisions import Decision
from tracker.month_ruling_checks import MonthCase, mistyped
from tracker.plan_files import load
from tracker.problems import Place, Problem
from tracker.ruling_checks import Case, refusals, said_since, tied
from tracker.sheet_ruling_checks import SheetCase
from tracker.shelf import Shelf, read_shelf
from tracker.snapshot import Books, Snapshot
from tracker.standing import Standing
from tracker.workspace import Workspace

When = date | Period
"""What a ruling speaks of: a month (its first day), or a checklist's period."""


@dataclass(frozen=True)
class Refused:
    """A ruling that cannot be made as things stand, and what could be done instead."""

    decision: Decision
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Effect:
    """A ruling that was written, and what it did to its item's standing, or to the sheet's score."""

    decision: Decision
    before: Standing | Assessment | None
    after: Standing | Assessment | None


@dataclass(frozen=True)
class Ruled:
    """What became of the rulings wanted: all written, or none and why."""

    effects: tuple[Effect, ...] = ()
    refused: tuple[Refused, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Mistakes in the plans or in the folder's own ``decisions.toml`` that stand in the way."""
    file: str = ""
    """Where they were written, from the workspace's root."""


def decide(
    workspace: Workspace,
    programme_id: str,
    when: When,
    wanted: Sequence[Decision],
    now: datetime,
    seen: Shelf | None = None,
) -> Ruled:
    """Write the rulings ``wanted`` on a month, or on a period's sheets, made at ``now``, or none of them.

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
        path = _file(workspace, programme_id, when)
        shown = workspace.shown(path)
        _earlier, found = read_decisions(path, shown, programme)
        if mistakes := tuple(p for p in found if p.holds):
            # A ruling that cannot be read may be the very one that stands in the way.
            return Ruled(problems=mistakes)
        moment = now.astimezone(CHINA).replace(microsecond=0)
        snapshot = Books.of(shelf).on(moment.date(), now)
        before = Books.of(seen).on(moment.date(), now) if seen is not None else None
        cases, refused = [], []
        for one in dict.fromkeys(wanted):
            file = PureWindowsPath(one.file).name if one.file is not None else None
            case = _case(shelf, snapshot, when, replace(one, at=moment, place=Place(shown), file=file))
            against = list(refusals(case)) or list(said_since(before, case))
            refused += [Refused(one, message, hint) for message, hint in against]
            cases.append(case if against else replace(case, decision=tied(case)))
        if refused or not cases:
            return Ruled(refused=tuple(refused))
        made = [case.decision for case in cases]
        writing.append(path, "\n".join(records.entry("decision", _values(d)) for d in made))
        after = Books.of(replace(shelf, decisions=(*shelf.decisions, *made))).on(moment.date(), now)
        effects = (Effect(case.decision, case.stands(snapshot), case.stands(after)) for case in cases)
        return Ruled(tuple(effects), file=shown)


def mistakes(snapshot: Snapshot, when: When, wanted: Decision, now: datetime) -> list[tuple[str, str, str]]:
    """What would stand in the way of a ruling, as far as the snapshot knows: key of the ruling or none, words, hint."""
    shelf = snapshot.shelf
    moment = now.astimezone(CHINA).replace(microsecond=0)
    judged = snapshot if snapshot.clocks.as_of == moment.date() else snapshot.books.on(moment.date(), now)
    place = Place(shelf.workspace.shown(_file(shelf.workspace, shelf.programme.id, when)))
    case = _case(shelf, judged, when, replace(wanted, at=moment, place=place))
    against = [("", *one) for one in refusals(case)]
    if against and wanted.kind == "correct" and isinstance(case, MonthCase) and case.standing is not None:
        return list(mistyped(case)) or against
    return against


def _case(shelf: Shelf, snapshot: Snapshot, when: When, decision: Decision) -> Case:
    if isinstance(when, Period):
        return SheetCase(shelf, snapshot, decision, when)
    return MonthCase(shelf, snapshot, decision, when)


def _file(workspace: Workspace, programme_id: str, when: When) -> Path:
    """Where rulings on it stand."""
    if isinstance(when, Period):
        return workspace.checklist(programme_id, when.label) / "decisions.toml"
    return workspace.status(programme_id) / f"{when:%Y-%m}" / "decisions.toml"


def _values(d: Decision) -> Mapping[str, object]:
    """What of a ruling is written: all that it says, nothing that it does not."""
    said = {f.name: getattr(d, f.name) for f in fields(d) if f.name != "place"}
    plain = {key: value for key, value in said.items() if value is not None and key != "granted"}
    return {**plain, "granted": d.granted} if d.kind in ("extend", "answer") else plain
