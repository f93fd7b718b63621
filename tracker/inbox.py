"""Files in: who they are from, where they are kept, the receipt, and who has not sent any.

A file's unit and month are read from what it says, never from its name. Nothing is
overwritten and nothing is lost: a submission becomes the next version of its month with a
receipt; what cannot be read is kept in ``held/`` with its report; Word, PDF and pictures
become attachments under their own digest.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Literal

import tomli_w

from tracker import burden, records, signatures, workbook, writing
from tracker.checklists import Enterprise
from tracker.deadlines import Period
from tracker.decisions import Receipt
from tracker.filetypes import is_workbook, kind
from tracker.forms import SCHEMA_LINE
from tracker.language import _, mark
from tracker.plan_files import load
from tracker.problems import Place, Problem, worst_first
from tracker.sheets import SIDES, Sheet, is_sheet, period_of, read_sheet
from tracker.shelf import Shelf, read_shelf
from tracker.source import Source, parse
from tracker.submission_files import read_submission
from tracker.submissions import Submission, month_of
from tracker.terminal import print_problem
from tracker.views import month_in_hand
from tracker.workdays import CHINA
from tracker.workspace import CHECKLIST, HELD, KEPT, Workspace, version_of

Outcome = Literal["received", "same", "held", "attachment", "left"]

OUTCOMES: Mapping[str, str] = {
    "received": mark("收进"),
    "same": mark("重复"),
    "held": mark("暂存"),
    "attachment": mark("附件"),
    "left": mark("未收"),
}

TO_ACT_ON = ("held", "left")
"""Outcomes after which somebody has to do something."""


LARGEST_FILE = 256 * 2**20
"""Bytes; what is larger was not meant for a report, and is left where it lies."""


@dataclass(frozen=True)
class Received:
    """What became of one file."""

    given: str
    """The path as it was given."""
    outcome: Outcome
    stored: str = ""
    """Where its bytes are kept, from the workspace's root."""
    unit: str = ""
    month: date | None = None
    submission: Submission | None = None
    sheet: Sheet | None = None
    """What it is where an enterprise's sheet came and not a submission."""
    problems: tuple[Problem, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Desk:
    """Where files come in: the workspace, its programmes, the clock, and what is expected if anything."""

    workspace: Workspace
    programmes: Sequence[str]
    now: datetime
    unit: str | None = None
    month: date | None = None

    @property
    def moment(self) -> datetime:
        """The clock as receipts show it."""
        return self.now.astimezone(CHINA).replace(microsecond=0)


class Shelves:
    """Each programme's files as they are, kept true while files come in."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.mistaken: list[str] = []
        """Programmes whose plans have mistakes: nothing can be judged by them."""
        self._read: dict[str, Shelf] = {}
        for name in desk.programmes:
            programme, problems = load(desk.workspace.plans, name, desk.workspace.root)
            if programme is None or any(p.holds for p in problems):
                self.mistaken.append(name)
            else:
                self._read[name] = read_shelf(desk.workspace, programme, problems)

    def __iter__(self) -> Iterator[Shelf]:
        return iter(self._read.values())

    def read_again(self, shelf: Shelf) -> None:
        """Take up what has changed in the files."""
        name = shelf.programme.id
        self._read[name] = read_shelf(shelf.workspace, shelf.programme)

    def note(self, shelf: Shelf, file: str, receipt: Receipt) -> None:
        """Take up one receipt, without reading all again."""
        self._read[shelf.programme.id] = replace(shelf, receipts={**shelf.receipts, file: receipt})


def receive(desk: Desk, paths: Iterable[Path]) -> list[Received]:
    """Take in files and the files of folders, one after the other, each whole or not at all.

    In a month that files came for, those that somebody had put there by hand get their
    receipts too. ``TimeoutError`` when another command keeps the workspace too long.
    """
    with writing.alone(desk.workspace.root):
        shelves = Shelves(desk)
        results = [_receive_one(desk, shelves, path) for path in _files(desk, paths)]
        folders = {one.stored.rpartition("/")[0] for one in results if one.outcome == "received"}
        for file in [s.file for shelf in shelves for s, at in shelf.papers if at is None]:
            noted = any(file in shelf.receipts for shelf in shelves)
            if file.rpartition("/")[0] in folders and not noted:
                results.append(_receive_one(desk, shelves, desk.workspace.root / file))
        return results


def keep_burden(workspace: Workspace, received: Iterable[Received]) -> None:
    """Note how much was typed in what came, beside what had been asked."""
    for one in received:
        s = one.submission
        if one.outcome == "received" and s is not None:
            folder = (workspace.root / one.stored).parent.parent
            with writing.alone(workspace.root):
                burden.keep(folder, s.month, [burden.Burden(s.unit, typed=burden.typed(s), part=s.head.part)])


def _files(desk: Desk, paths: Iterable[Path]) -> Iterator[Path]:
    """The files given, and those of the folders given that are not the workspace's own."""
    for path in paths:
        if not path.is_dir():
            if not signatures.is_beside(path):
                # Its folder by its true name, so that a file of the workspace is known for one.
                yield path.parent.resolve() / path.name
            continue
        inside = sorted(p for p in path.resolve().rglob("*") if not p.is_dir())
        yield from (p for p in inside if not _is_our_own(desk.workspace, p) and not signatures.is_beside(p))


def _is_our_own(workspace: Workspace, path: Path) -> bool:
    """Whether a file is one that the workspace keeps; of a month's folder only what was put there is not."""
    if not path.is_relative_to(workspace.root):
        return False
    top, *parts = path.relative_to(workspace.root).parts
    if top == "status":
        in_month = len(parts) == len(("liaocheng", "2026-10", "x.toml")) and month_of(parts[1]) is not None
        in_period = len(parts) == len(("liaocheng", CHECKLIST, "2026-Q3", "x.toml")) and parts[1] == CHECKLIST
        return not (in_month or in_period) or parts[-1] in KEPT or path.match(writing.UNFINISHED.format("*"))
    return top in ("plans", ".tracker", ".git")


def _receive_one(desk: Desk, shelves: Shelves, path: Path) -> Received:
    try:
        return _take_in(desk, shelves, path)
    except OSError as error:
        why = _("读不出来或写不进去：{why}。", why=error.strerror or type(error).__name__)
        return Received(_shown(desk, path), "left", reason=why)


def _take_in(desk: Desk, shelves: Shelves, path: Path) -> Received:
    given = _shown(desk, path)
    refusal = _unreadable(shelves, path)
    if refusal:
        return Received(given, "left", reason=refusal)
    content = path.read_bytes()
    ending, refusal = kind(content)
    if refusal:
        return _hold(desk, shelves, path, content, Source(given, problems=(Problem(Place(given), "E01", refusal),)))
    if ending not in ("", ".xlsx"):
        return _attach(desk, shelves, path, content, ending)
    source = workbook.parse(content, given) if ending else parse(content, given)
    shelf = _shelf_of(shelves, source)
    if shelf is None:
        return _hold(desk, shelves, path, content, source, _why_homeless(shelves, source))
    if f"{_folder_of(desk, [shelf], source)}/receipts.toml" in _mistaken(shelf):
        return Received(given, "left", reason=_("这个月的 receipts.toml 有错，收了就分不清新旧：请先改好。"))
    known = _known(desk, shelf, content, source)
    if known is not None:
        return _same(desk, shelves, shelf, path, content, known)
    paper, problems = _read(source, shelf)
    unexpected = _unexpected(desk, shelf, source, paper)
    if paper is None or unexpected is not None:
        found = [*problems, *([unexpected] if unexpected is not None else [])]
        return _hold(desk, shelves, path, content, source, found)
    try:
        verdict = _verdict(desk, shelf, path, content, paper.unit)
    except signatures.UnableError as error:
        return Received(given, "left", reason=_("签名没有核对：{why}", why=error))
    if not verdict.holds:
        hint = _("请用本单位的钥匙重新签名，连同 {file} 一起报送。", file=signatures.beside(path).name)
        return _hold(desk, shelves, path, content, source, [source.problem((), "E20", verdict.reason, hint)])
    signer = f"{paper.unit} {verdict.key}" if verdict.key else ""
    return _store(desk, shelves, shelf, path, content, source, paper, problems, signer)


def _read(source: Source, shelf: Shelf) -> tuple[Submission | Sheet | None, list[Problem]]:
    """A file as what it is: a unit's submission, or an enterprise's sheet."""
    return read_sheet(source, shelf.programme) if is_sheet(source.data) else read_submission(source, shelf.context)


def _verdict(desk: Desk, shelf: Shelf, path: Path, content: bytes, unit: str) -> signatures.Verdict:
    """Whether a file was signed by its unit; where nobody's signature is asked for, none is needed."""
    signers = desk.workspace.signers(shelf.programme.id)
    if not signers.exists():
        return signatures.Verdict()
    return signatures.submitted(path, content, signers, unit, desk.moment)


def _shown(desk: Desk, path: Path) -> str:
    return _legible(desk.workspace.shown(path))


def _legible(name: str) -> str:
    """A file's name as text: one in GBK, from an archive of another system, is none yet."""
    content = os.fsencode(name)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _unreadable(shelves: Shelves, path: Path) -> str:
    """Why a file cannot even be looked at; empty if it can."""
    if shelves.mistaken:
        names = _("、").join(shelves.mistaken)
        return _(
            "方案文件有错（{names}），用 tracker check 查看，改好后再接收；或用 --programme 指明行动。", names=names
        )
    if not any(shelves):
        return _("plans 里没有任何行动（缺少 programme.toml）。")
    if not path.exists():
        return _("找不到这个文件。")
    if not path.is_file():
        return _("这不是一个文件。")
    if path.stat().st_size > LARGEST_FILE:
        return _("文件过大（超过 {size} MB）。", size=LARGEST_FILE // 2**20)
    return ""


def _month(source: Source) -> date | None:
    return month_of(str(source.data.get("month", "")))


def _unit(shelves: Iterable[Shelf], source: Source) -> str:
    """The unit a file names, or that assesses the enterprise it names; empty where there is no such unit."""
    if is_sheet(source.data):
        return next((e.unit for shelf in shelves for e in [_enterprise(shelf, source)] if e is not None), "")
    said = source.data.get("unit")
    units = (u for shelf in shelves for u in shelf.programme.units)
    return next((u.id for u in units if said in (u.id, u.name, u.short)), "")


def _enterprise(shelf: Shelf, source: Source) -> Enterprise | None:
    """The enterprise a sheet names, where the programme has it."""
    said = source.data.get("enterprise")
    return next((e for e in shelf.programme.enterprises if said in (e.id, e.name, e.short)), None)


def _period(shelf: Shelf, source: Source) -> Period | None:
    """The period a sheet speaks of, where the programme has it and its enterprise."""
    enterprise = _enterprise(shelf, source) if is_sheet(source.data) else None
    if enterprise is None:
        return None
    checklist = shelf.programme.checklist(enterprise.checklist)
    return period_of(checklist, shelf.programme, str(source.data.get("period", "")))


def _shelf_of(shelves: Iterable[Shelf], source: Source) -> Shelf | None:
    """The programme a file is for: the one with its unit that runs in its month."""
    if is_sheet(source.data):
        return next((shelf for shelf in shelves if _period(shelf, source) is not None), None)
    month = _month(source)
    for shelf in shelves:
        head = shelf.programme.head
        if month is not None and head.records_from <= month <= head.until and _unit([shelf], source):
            return shelf
    return None


def _why_homeless(shelves: Shelves, source: Source) -> list[Problem]:
    """What is wrong with a file that no programme takes, in the words of the one it is most likely for."""
    named = [shelf for shelf in shelves if _unit([shelf], source)]
    assessing = [shelf for shelf in shelves if shelf.programme.enterprises] if is_sheet(source.data) else []
    likely = named or assessing or list(shelves)
    problems = list(source.problems)
    if named or len(likely) == 1 or not source.data:
        problems = _read(source, likely[0])[1]
    if any(p.holds for p in problems):
        return problems
    month = _month(source)
    if is_sheet(source.data):
        message = _("看不出是哪家企业、哪一期的考核表。")
        hint = _("请写明 enterprise（企业编号）和 period（哪一期）。")
        return [*problems, source.problem((), "E08", message, hint)]
    if not named or month is None:
        message = _("看不出是哪个单位、哪个月的月报。")
        return [*problems, source.problem((), "E08", message, _("请写明 unit（单位编号）和 month（月份）。"))]
    message = _("{month} 没有在记录的行动。", month=f"{month:%Y-%m}")
    return [*problems, source.problem(("month",), "E09", message, _("请核对月份。"))]


def _mistaken(shelf: Shelf) -> set[str]:
    """The files of a programme with mistakes that hold something back, by their whole path."""
    return {str(shelf.workspace.root / p.place.file) for p in shelf.problems if p.holds}


def _unexpected(desk: Desk, shelf: Shelf, source: Source, paper: Submission | Sheet | None) -> Problem | None:
    """Why a file is not one to be taken now, if it is not."""
    unit, month = _unit([shelf], source), _month(source)
    if desk.unit is not None and unit != desk.unit:
        message = _("这是 {unit} 的文件，要收的是 {wanted} 的。", unit=unit, wanted=desk.unit)
        return source.problem(("unit",), "E08", message)
    if is_sheet(source.data):
        return _too_early(desk, source, paper) if isinstance(paper, Sheet) else None
    if desk.month is not None and month != desk.month:
        said = source.data["month"]
        message = _("这是 {month} 的月报，要收的是 {wanted} 的。", month=said, wanted=f"{desk.month:%Y-%m}")
        return source.problem(("month",), "E09", message)
    if isinstance(paper, Submission) and paper.month > desk.moment.date():
        message = _("{month} 还没有到。", month=f"{paper.month:%Y-%m}")
        return source.problem(("month",), "E09", message, _("请核对月份。"))
    if isinstance(paper, Submission) and paper.head.opening:
        message = _("建账文件不这样接收。")
        return source.problem(
            ("opening",), "E09", message, _("月报不写 opening = true；建账文件放在 opening 文件夹里。")
        )
    return None


def _too_early(desk: Desk, source: Source, sheet: Sheet) -> Problem | None:
    """Why a sheet speaks of days that are still to come, if it does."""
    today = desk.moment.date()
    if sheet.period.start > today:
        message = _("{month} 还没有到。", month=sheet.period.label)
        return source.problem(("period",), "E09", message, _("请核对是哪一期。"))
    for side in SIDES:
        assessed = sheet.assessed(side)
        if assessed is not None and assessed.on > today:
            message = _("考核日期 {day} 还没有到。", day=assessed.on)
            return source.problem((side, "on"), "E10", message, _("请核对日期。"))
    return None


# --- received before ---


def _stored_bytes(content: bytes, source: Source) -> bytes:
    """What is kept of a submission: a TOML file as it came, a workbook as the TOML it says."""
    return _as_toml(source) if source.located else content


def _as_toml(source: Source) -> bytes:
    head = {key: value for key, value in source.data.items() if key not in LISTED}
    # The schema that editors check by is that of submissions.
    parts = [*([] if is_sheet(source.data) else [f"{SCHEMA_LINE}\n"]), tomli_w.dumps(head)]
    for key in LISTED:
        for entry in source.data.get(key, []):
            own = {k: v for k, v in entry.items() if k != "request_extension"}
            parts.append(f"\n[[{key}]]\n{tomli_w.dumps(own)}")
            if "request_extension" in entry:
                parts.append(f"\n[{key}.request_extension]\n{tomli_w.dumps(entry['request_extension'])}")
    return "".join(parts).encode()


LISTED = ("update", "event", "sampled", "finding")
"""What stands in a file many times, by its ``[[name]]``."""


def _known(desk: Desk, shelf: Shelf, content: bytes, source: Source) -> str | None:
    """The file as which these very bytes, or a workbook that says the same, were received before."""
    kept = _stored_bytes(content, source)
    for digest in (sha256(content).hexdigest(), sha256(kept).hexdigest()):
        file = shelf.received.get(digest)
        if file is None:
            continue
        stored = desk.workspace.root / file
        # Gone since, and what is read from the workbook now is not what was: as if it had never come.
        if stored.exists() or shelf.receipts[file].sha256 == sha256(kept).hexdigest():
            return file
    return None


def _same(desk: Desk, shelves: Shelves, shelf: Shelf, path: Path, content: bytes, known: str) -> Received:
    """A file that was received before: nothing is written, unless what was kept is no longer there."""
    given, stored = _shown(desk, path), desk.workspace.root / known
    receipt = shelf.receipts[known]
    month = month_of(stored.parent.name)
    reason = _("与已收到的 {file} 完全相同。", file=known)
    if not stored.exists():
        source = workbook.parse(content, given) if is_workbook(content) else parse(content, given)
        writing.create(stored, _stored_bytes(content, source))
        shelves.read_again(shelf)
        reason = _("{file} 收到过，但不见了：已经补回。", file=known)
    elif sha256(stored.read_bytes()).hexdigest() != receipt.sha256:
        _keep(stored.parent, content, _ending(content))
        reason = _("{file} 收到时与它完全相同，后来被改动：请再接收一次 {file}。", file=known)
    elif _is_changed(shelf, given, content):
        # Its new content has been received; what it said before can come back.
        _settle(desk, shelves, shelf, path, content)
        reason = _("这次改动已作为 {file} 收到。", file=known)
    own = next((s for s, _at in shelf.papers if s.file == known), None)
    later = [s.file for s, _at in shelf.papers if own is not None and _follows(s, own)]
    if later:
        reason += _("以后来的 {file} 为准。", file=later[-1])
    return Received(given, "same", known, own.unit if own is not None else "", month, reason=reason)


def _follows(one: Submission | Sheet, other: Submission | Sheet) -> bool:
    """Whether one is a later version of the other."""
    is_same = (type(one), one.stem, one.month) == (type(other), other.stem, other.month)
    return is_same and one.version > other.version


def _ending(content: bytes) -> str:
    return ".xlsx" if is_workbook(content) else ".toml"


def _is_changed(shelf: Shelf, file: str, content: bytes) -> bool:
    """Whether a file of the workspace is not what its receipt says."""
    return file in shelf.receipts and shelf.receipts[file].sha256 != sha256(content).hexdigest()


def _settle(desk: Desk, shelves: Shelves, shelf: Shelf, path: Path, content: bytes) -> None:
    """A file that was changed after its receipt, and whose new content is kept: what was received comes back.

    Where the bytes received are not at hand, it gets a receipt as it is now.
    """
    receipt = shelf.receipts[_shown(desk, path)]
    original = path.parent / "attachments" / f"{receipt.sha256}.toml"
    if original.exists():
        writing.replace(path, original.read_bytes())
    else:
        entry = {"file": path.name, "sha256": sha256(content).hexdigest(), "received": desk.moment}
        writing.append(path.parent / "receipts.toml", records.entry("receipt", entry))
    shelves.read_again(shelf)


# --- kept ---


def _store(
    desk: Desk,
    shelves: Shelves,
    shelf: Shelf,
    path: Path,
    content: bytes,
    source: Source,
    paper: Submission | Sheet,
    problems: Sequence[Problem],
    signer: str,
) -> Received:
    """A file becomes the next version of its month or period; one that lies there already stays."""
    given = _shown(desk, path)
    folder = _folder_of(desk, [shelf], source)
    kept = _stored_bytes(content, source)
    _keep_signature(path, _keep(folder, content, _ending(content)))
    _keep(folder, kept, ".toml")
    stored, reason = _lying_there(desk, shelf, path, folder, kept), ""
    if stored is None:
        stored = _next_version(shelf, folder, paper)
        writing.create(stored, kept)
    shown = desk.workspace.shown(stored)
    receipt = Receipt(
        stored.name,
        sha256(kept).hexdigest(),
        desk.moment,
        len(paper.findings if isinstance(paper, Sheet) else paper.updates),
        len(paper.held),
        _legible(path.name),
        sha256(content).hexdigest() if kept != content else "",
        signer,
    )
    entry = {key: value for key, value in vars(receipt).items() if key not in ("origin", "signed_by") or value}
    writing.append(folder / "receipts.toml", records.entry("receipt", entry))
    if _is_changed(shelf, given, content):
        _settle(desk, shelves, shelf, path, content)
        reason = _("{file} 在收到后被改动：改动作为新的一版收进，原来的一版照旧。", file=given)
    elif isinstance(paper, Submission) and paper.events:
        # Terms of other files may start from them.
        shelves.read_again(shelf)
    else:
        shelves.note(shelf, shown, receipt)
    if isinstance(paper, Sheet):
        kept_as = replace(paper, file=shown, version=version_of(stored))
        return Received(given, "received", shown, paper.unit, None, None, kept_as, tuple(problems), reason)
    submission = replace(paper, file=shown, version=version_of(stored))
    return Received(given, "received", shown, paper.unit, paper.month, submission, None, tuple(problems), reason)


def _lying_there(desk: Desk, shelf: Shelf, path: Path, folder: Path, kept: bytes) -> Path | None:
    """The file itself where it was put into its month's folder by hand, or one there with these bytes; no receipt yet.

    The second is what an interrupted ``receive`` leaves.
    """
    if path.parent == folder.resolve() and path.suffix == ".toml" and _shown(desk, path) not in shelf.receipts:
        return path
    waiting = (p for p in sorted(folder.glob("*.toml")) if desk.workspace.shown(p) not in shelf.receipts)
    return next((p for p in waiting if p.name not in KEPT and p.read_bytes() == kept), None)


def _next_version(shelf: Shelf, folder: Path, paper: Submission | Sheet) -> Path:
    """A name that no file has and none had: a ruling may still speak of one that is gone."""
    unit, shown = paper.stem, shelf.workspace.shown(folder)
    received = [Path(file) for file in shelf.receipts if file.startswith(f"{shown}/")]
    named = [p for p in (*folder.glob("*.toml"), *received) if p.stem.partition(".")[0].casefold() == unit.casefold()]
    own = [s.version for s, _at in shelf.papers if s.stem == unit and s.file.startswith(f"{shown}/")]
    version = max([version_of(p) for p in named] + own, default=0) + 1
    return folder / (f"{unit}.toml" if version == 1 else f"{unit}.{version}.toml")


def _keep(folder: Path, content: bytes, ending: str) -> Path:
    """The bytes under their own digest, once."""
    target = folder / "attachments" / f"{sha256(content).hexdigest()}{ending}"
    if not target.exists():
        writing.create(target, content)
    return target


def _keep_signature(path: Path, kept: Path) -> None:
    """The signature that came beside a file, beside what is kept of it."""
    signature, target = signatures.beside(path), signatures.beside(kept)
    if signature.is_file() and not target.exists():
        writing.create(target, signature.read_bytes())


def _attach(desk: Desk, shelves: Shelves, path: Path, content: bytes, ending: str) -> Received:
    """A picture, a PDF or a Word file: kept as evidence under its digest."""
    given = _shown(desk, path)
    folder = _kept_before(desk, shelves, f"attachments/{sha256(content).hexdigest()}{ending}")
    folder = folder or _month_folder(desk, shelves, desk.month)
    target = _keep(folder, content, ending)
    _keep_signature(path, target)
    shown, month = desk.workspace.shown(target), month_of(folder.name)
    record = {"file": target.name, "unit": desk.unit or "", "name": _legible(path.name)}
    index = folder / "attachments" / "attachments.toml"
    before = [one for one in records.entries(index, "attachment") if one.get("file") == target.name]
    if any(
        one.get("unit", "") in (desk.unit, "") if desk.unit is None else one.get("unit") == desk.unit for one in before
    ):
        return Received(given, "same", shown, desk.unit or "", month, reason=_("这份附件已经收到过。"))
    entry = {key: value for key, value in {**record, "received": desk.moment}.items() if value}
    writing.append(index, records.entry("attachment", entry))
    reason = _("作为佐证材料存放，不是月报。")
    if desk.unit is None:
        reason += _("没有写明是哪个单位的：可以用 --unit 再收一次。")
    return Received(given, "attachment", shown, desk.unit or "", month, reason=reason)


def _hold(
    desk: Desk,
    shelves: Shelves,
    path: Path,
    content: bytes,
    source: Source,
    problems: Sequence[Problem] | None = None,
) -> Received:
    """What cannot be taken: kept whole in ``held/`` with its report beside it."""
    given = _shown(desk, path)
    problems = tuple(source.problems if problems is None else problems)
    reason = next((p.message for p in worst_first(problems) if p.holds), "")
    start = sha256(content).hexdigest()[:16]
    before = _kept_before(desk, shelves, f"held/{start}-*")
    folder = (before or _folder_of(desk, shelves, source)) / "held"
    # A sheet held is no month's file that its unit would still owe.
    unit = "" if is_sheet(source.data) else _unit(shelves, source) or desk.unit or ""
    named = (p for p in sorted(folder.glob(f"{start}-*")) if not p.name.endswith((REPORT, signatures.ENDING)))
    target = next(named, None)
    if target is None:
        target = folder / f"{start}-{_safe(_legible(path.name))}"
        writing.create(target, content)
    else:
        reason += _("（此前已暂存）")
    _keep_signature(path, target)
    report = target.with_name(f"{target.name}{REPORT}")
    if not report.exists():
        writing.create(report, _report(desk, path, problems).encode())
    if not any(one.get("file") == target.name for one in records.entries(folder / HELD, "held")):
        entry = {"file": target.name, "unit": unit, "name": _legible(path.name), "received": desk.moment}
        writing.append(folder / HELD, records.entry("held", {key: value for key, value in entry.items() if value}))
    return Received(given, "held", desk.workspace.shown(target), unit, _month(source), None, None, problems, reason)


REPORT = ".report.txt"
"""How the report beside a held file ends."""


LONGEST_NAME = 120
"""Bytes of a held file's own name; systems allow 255 with what stands around it."""


def _kept_before(desk: Desk, shelves: Iterable[Shelf], pattern: str) -> Path | None:
    """The month's folder in which a file is kept already; with ``--month`` only that one counts."""
    for shelf in shelves:
        for month, folder in desk.workspace.months(shelf.programme.id):
            if desk.month in (None, month) and any(folder.glob(pattern)):
                return folder
        for folder in desk.workspace.checklists(shelf.programme.id):
            if any(folder.glob(pattern)):
                return folder
    return None


def _folder_of(desk: Desk, shelves: Iterable[Shelf], source: Source) -> Path:
    """Where a file belongs by what it says: the folder of its month, or of a sheet's period."""
    known = list(shelves)
    for shelf in known:
        period = _period(shelf, source)
        if period is not None:
            return desk.workspace.checklist(shelf.programme.id, period.label)
    return _month_folder(desk, known, desk.month or _month(source))


def _month_folder(desk: Desk, shelves: Iterable[Shelf], month: date | None) -> Path:
    """The month's folder of the one programme it can be; of what cannot be told, the month being asked for now."""
    today = desk.moment.date()
    asked_for = month or month_in_hand(today)
    known = list(shelves)
    running = [s for s in known if s.programme.head.records_from <= asked_for <= s.programme.head.until]
    return desk.workspace.status((running or known)[0].programme.id) / f"{asked_for:%Y-%m}"


def _report(desk: Desk, path: Path, problems: Iterable[Problem]) -> str:
    text = StringIO()
    text.write(_("{name}，{moment} 收到，没有收进：", name=_legible(path.name), moment=desk.moment) + "\n")
    for problem in worst_first(problems):
        print_problem(text, problem)
    return text.getvalue()


def _safe(name: str) -> str:
    """A name that every system takes, its end kept: there the ending is."""
    found = re.sub(r"[^\w.-]", "_", name).strip(".")
    while len(found.encode()) > LONGEST_NAME:
        found = found[1:]
    return found.lstrip(".") or "file"
