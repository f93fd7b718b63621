"""``check``: the problems of any file of a workspace, or of all of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tracker import signatures, spotchecks, workbook
from tracker.language import _
from tracker.letters import read_letters
from tracker.plan_files import load
from tracker.plans import Programme
from tracker.problems import Place, Problem, nearest, worst_first
from tracker.reports import TEMPLATE, template_problems
from tracker.sheet_files import read_sheet
from tracker.sheets import is_sheet
from tracker.shelf import Shelf, read_shelf
from tracker.source import Source, read
from tracker.submission_files import read_submission
from tracker.workspace import KEPT, SILENCES, Workspace


def check_workspace(workspace: Workspace, programmes: Sequence[str]) -> list[Problem]:
    """Every problem of the plans and, once those are right, of all months."""
    problems: list[Problem] = []
    for name in programmes:
        programme, found = load(workspace.plans, name, workspace.root)
        if programme is None or any(p.holds for p in found):
            problems += found
        else:
            problems += _shelf(workspace, programme, found).problems
        problems += template_problems(workspace, name)
    return worst_first(problems)


def check_files(
    workspace: Workspace, programmes: Sequence[str], files: Sequence[Path], now: datetime | None = None
) -> list[Problem]:
    """Every problem of some files, each judged alone: plans among the plans, all others as submissions.

    Signatures beside them are judged at ``now``; without it they are not.
    """
    loaded = {name: load(workspace.plans, name, workspace.root) for name in programmes}
    shelves: dict[str, Shelf] = {}
    problems: list[Problem] = []
    for file in files:
        path = file.resolve()
        shown = workspace.shown(path) if path.is_relative_to(workspace.root) else str(file)
        if path.is_relative_to(workspace.plans) and path.is_file():
            of_plans = [p for _programme, found in loaded.values() for p in found]
            if path.suffix.lower() == TEMPLATE:
                of_plans = [p for name in programmes for p in template_problems(workspace, name)]
            problems += [p for p in of_plans if p.place.file == shown]
            continue
        source = _read(path, shown)
        programme = _programme_of(path, source, workspace, [p for p, _found in loaded.values() if p is not None])
        if programme is None:
            problems += source.problems or [_homeless(source, [p for p, _found in loaded.values() if p])]
            continue
        in_plans = [p for p in loaded[programme.id][1] if p.holds]
        if in_plans:
            # A file can only be checked against plans that are right.
            problems += [*source.problems, *in_plans]
            continue
        if programme.id not in shelves:
            shelves[programme.id] = _shelf(workspace, programme)
        shelf = shelves[programme.id]
        known = [p for p in shelf.problems if p.place.file == shown]
        is_kept = path.is_relative_to(workspace.status(programme.id)) and shown in {
            p.place.file for p in shelf.problems
        }
        problems += known if is_kept else _alone(source, shelf)
        if now is not None and signatures.beside(path).is_file():
            problems += _signature(path, source, shelf, now)
    return worst_first(dict.fromkeys(problems))


def _shelf(workspace: Workspace, programme: Programme, problems: Sequence[Problem] = ()) -> Shelf:
    """A programme's files with every problem of them, those of the letters and the draws too."""
    shelf = read_shelf(workspace, programme, problems)
    others = (*read_letters(workspace, programme)[1], *spotchecks.kept(workspace, programme)[1])
    return replace(shelf, problems=(*shelf.problems, *others))


def _read(path: Path, shown: str) -> Source:
    is_book = path.suffix.lower() == ".xlsx" and path.is_file()
    return workbook.read(path, shown) if is_book else read(path, shown)


def _alone(source: Source, shelf: Shelf) -> list[Problem]:
    if Path(source.file).name in (*KEPT, SILENCES):
        return [p for p in shelf.problems if p.place.file == source.file]
    if is_sheet(source.data):
        return read_sheet(source, shelf.programme)[1]
    return read_submission(source, shelf.context)[1]


def _signature(path: Path, source: Source, shelf: Shelf, now: datetime) -> list[Problem]:
    """What is wrong with the signature beside a file, where signatures are asked for."""
    signers, said = shelf.workspace.signers(shelf.programme.id), source.data.get("unit")
    unit = next((u.id for u in shelf.programme.units if said in (u.id, u.name, u.short)), "")
    if not signers.exists() or not unit:
        return []
    try:
        reason = signatures.submitted(path, path.read_bytes(), signers, unit, now).reason
    except signatures.UnableError as error:
        reason = _("签名没有核对：{why}", why=error)
    hint = _("请用本单位的钥匙重新签名，连同 {file} 一起报送。", file=signatures.beside(path).name)
    return [source.problem((), "E20", reason, hint)] if reason else []


def _programme_of(
    path: Path, source: Source, workspace: Workspace, programmes: Sequence[Programme]
) -> Programme | None:
    """The programme a file belongs to: by its folder, else by the unit and the month it names."""
    for programme in programmes:
        if path.is_relative_to(workspace.status(programme.id)):
            return programme
    said = source.data.get("enterprise")
    for programme in programmes:
        if said is not None and any(said in (e.id, e.name, e.short) for e in programme.enterprises):
            return programme
    unit, month = str(source.data.get("unit", "")), str(source.data.get("month", ""))
    named = [p for p in programmes if unit in {u.id for u in p.units} | {u.name for u in p.units}]
    running = [p for p in named if f"{p.head.from_:%Y-%m}" <= month <= f"{p.head.until:%Y-%m}"]
    if len(programmes) == 1 and source.data:
        return programmes[0]
    return next(iter(running or named), None)


def _homeless(source: Source, programmes: Sequence[Programme]) -> Problem:
    hint = _('请写明 unit = "单位编号"，或用 --programme 指明行动。')
    unit = source.data.get("unit")
    if not isinstance(unit, str):
        return Problem(Place(source.file, 1, 1), "E08", _("看不出是哪个单位的月报。"), hint)
    names = [name for p in programmes for u in p.units for name in (u.id, u.name)]
    return source.problem(("unit",), "E08", _("没有报送单位“{unit}”。", unit=unit), nearest(unit, names) or hint)
