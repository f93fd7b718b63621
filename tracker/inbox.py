"""Files in: who they are from, where they are kept, the receipt, and who has not sent any.

A file's unit and month are read from what it says, never from its name. Nothing is
overwritten and nothing is lost: a submission becomes the next version of its month with a
receipt; what cannot be read is kept in ``held/`` with its report; Word, PDF and pictures
become attachments under their own digest.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Literal

import tomli_w

from tracker import workbook, writing
from tracker.deadlines import months_later
from tracker.language import _, mark
from tracker.plans import Programme, load
from tracker.problems import Place, Problem, worst_first
from tracker.snapshot import Shelf, Snapshot, read_shelf
from tracker.source import Source, parse
from tracker.submissions import STATES, Submission, month_of, read_submission
from tracker.terminal import print_problem
from tracker.views import Reported, asked, reporting
from tracker.workspace import Workspace, version_of

Outcome = Literal["received", "same", "held", "attachment"]

OUTCOMES: Mapping[str, str] = {
    "received": mark("收进"),
    "same": mark("重复"),
    "held": mark("暂存"),
    "attachment": mark("附件"),
}

LONGEST_TEXT = 120
"""Characters of a text that goes to a chat group."""

_PICTURES = (
    (b"%PDF-", ".pdf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"BM", ".bmp"),
    (b"\xd0\xcf\x11\xe0", ".doc"),
)


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

    def shelves(self) -> list[Shelf]:
        """Each programme's files as they are now."""
        found = []
        for name in self.programmes:
            programme, problems = load(self.workspace.plans, name, self.workspace.root)
            if programme is not None:
                found.append(read_shelf(self.workspace, programme, problems))
        return found


def receive(desk: Desk, paths: Iterable[Path]) -> list[Received]:
    """Take in files and the files of folders, one after the other, each whole or not at all."""
    results = []
    for path in _files(paths):
        with writing.alone(desk.workspace.root):
            results.append(_receive_one(desk, path))
    return results


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += (
            sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            if path.is_dir()
            else [path]
        )
    return found


def _receive_one(desk: Desk, path: Path) -> Received:
    given = desk.workspace.shown(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        return Received(given, "held", reason=_("文件读不出来：{why}。", why=error.strerror or type(error).__name__))
    digest = sha256(content).hexdigest()
    shelves = desk.shelves()
    ending = _other_kind(content)
    if ending and not _is_workbook(content):
        return _attach(desk, path, content, ending, shelves)
    source = workbook.parse(content, given) if _is_workbook(content) else parse(content, given)
    shelf = _shelf_of(shelves, source)
    if shelf is None:
        problem = Problem(Place(given), "E08", _("看不出是哪个单位、哪个月的月报。"), _("请写明 unit 和 month。"))
        return _hold(desk, path, content, source, (*source.problems, problem), shelves)
    known = shelf.received.get(digest)
    if known is not None and not path.is_relative_to(desk.workspace.status(shelf.programme.id)):
        return Received(given, "same", known, reason=_("与已收到的 {file} 完全相同。", file=known))
    submission, problems = read_submission(source, shelf.context)
    reason = _unexpected(desk, source, submission)
    if submission is None or reason:
        found = (*problems, *([Problem(Place(given), "E09", reason)] if reason else []))
        return _hold(desk, path, content, source, found, [shelf])
    return _store(desk, path, content, shelf, submission, problems)


def _is_workbook(content: bytes) -> bool:
    return "xl/workbook.xml" in _members(content)


def _members(content: bytes) -> set[str]:
    if not content.startswith(b"PK\x03\x04"):
        return set()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return set()


def _other_kind(content: bytes) -> str:
    """The ending of what is no submission: a picture, a PDF, a Word file; empty for text."""
    if content.startswith(b"PK"):
        members = _members(content)
        return ".docx" if "word/document.xml" in members else ".xlsx" if "xl/workbook.xml" in members else ".zip"
    return next((ending for start, ending in _PICTURES if content.startswith(start)), "")


def _shelf_of(shelves: Sequence[Shelf], source: Source) -> Shelf | None:
    """The programme a file is for: the one with its unit that runs in its month."""
    unit, month = source.data.get("unit"), month_of(str(source.data.get("month", "")))
    for shelf in shelves:
        head = shelf.programme.head
        runs = month is not None and head.records_from <= month <= head.until
        if runs and any(unit in (u.id, u.name, u.short) for u in shelf.programme.units):
            return shelf
    return None


def _unexpected(desk: Desk, source: Source, submission: Submission | None) -> str:
    """Why a file is not the one waited for; empty if it is."""
    unit, month = source.data.get("unit"), month_of(str(source.data.get("month", "")))
    if desk.unit is not None and unit != desk.unit:
        return _("这是 {unit} 的文件，要收的是 {wanted} 的。", unit=unit, wanted=desk.unit)
    if desk.month is not None and month != desk.month:
        return _("这是 {month} 的月报，要收的是 {wanted} 的。", month=f"{month:%Y-%m}", wanted=f"{desk.month:%Y-%m}")
    if submission is not None and submission.month > desk.now.date():
        return _("{month} 还没有到。", month=f"{submission.month:%Y-%m}")
    if submission is not None and submission.head.opening:
        return _("建账文件不这样接收：请放在 opening 文件夹里。")
    return ""


def _store(
    desk: Desk, path: Path, content: bytes, shelf: Shelf, submission: Submission, problems: Sequence[Problem]
) -> Received:
    folder = desk.workspace.status(shelf.programme.id) / f"{submission.month:%Y-%m}"
    digest = sha256(content).hexdigest()
    if path.parent.resolve() == folder.resolve() and desk.workspace.shown(path) not in shelf.receipts:
        # Dropped in by hand: it stays where it is and gets its receipt.
        stored, kept, origin = path, content, ""
    else:
        origin = digest if _is_workbook(content) else ""
        kept = _as_toml(content) if origin else content
        stored = _next_version(folder, submission.unit)
        writing.create(stored, kept)
    _keep(folder, content, ".xlsx" if origin else ".toml")
    receipt = {
        "file": stored.name,
        "sha256": sha256(kept).hexdigest(),
        "received": desk.now.replace(microsecond=0),
        "updates": len(submission.updates),
        "held": len(submission.held),
        "name": path.name,
        **({"origin": origin} if origin else {}),
    }
    writing.append(folder / "receipts.toml", tomli_w.dumps({"receipt": [receipt]}))
    shown = desk.workspace.shown(stored)
    stored_submission = replace(submission, file=shown, version=version_of(stored))
    return Received(
        desk.workspace.shown(path),
        "received",
        shown,
        submission.unit,
        submission.month,
        stored_submission,
        tuple(problems),
    )


def _as_toml(content: bytes) -> bytes:
    """A workbook as the TOML that is stored."""
    data = dict(workbook.parse(content, "").data)
    tables = {key: data.pop(key, []) for key in ("update", "event")}
    parts = [f"\n[[{key}]]\n{tomli_w.dumps(entry)}" for key, entries in tables.items() for entry in entries]
    return (tomli_w.dumps(data) + "".join(parts)).encode()


def _keep(folder: Path, content: bytes, ending: str) -> Path:
    """The bytes under their own digest, once."""
    target = folder / "attachments" / f"{sha256(content).hexdigest()}{ending}"
    if not target.exists():
        writing.create(target, content)
    return target


def _next_version(folder: Path, unit: str) -> Path:
    taken = [version_of(p) for p in folder.glob(f"{unit}.*") if p.stem.partition(".")[0] == unit]
    version = max(taken, default=0) + 1
    return folder / (f"{unit}.toml" if version == 1 else f"{unit}.{version}.toml")


def _attach(desk: Desk, path: Path, content: bytes, ending: str, shelves: Sequence[Shelf]) -> Received:
    """A picture, a PDF or a Word file: kept as evidence under its digest."""
    folder = _month_folder(desk, shelves, desk.month)
    target = _keep(folder, content, ending)
    entry = {"file": target.name, "name": path.name, "received": desk.now, **({"unit": desk.unit} if desk.unit else {})}
    writing.append(folder / "attachments" / "attachments.toml", tomli_w.dumps({"attachment": [entry]}))
    shown = desk.workspace.shown(target)
    return Received(
        desk.workspace.shown(path), "attachment", shown, desk.unit or "", reason=_("作为佐证材料存放，不是月报。")
    )


def _hold(
    desk: Desk, path: Path, content: bytes, source: Source, problems: Sequence[Problem], shelves: Sequence[Shelf]
) -> Received:
    """What cannot be taken: kept whole in ``held/`` with its report beside it."""
    month = month_of(str(source.data.get("month", "")))
    folder = _month_folder(desk, shelves, desk.month or month) / "held"
    name = re.sub(r"[^\w.-]", "_", path.name)[-60:].lstrip(".") or "file"
    target = folder / f"{sha256(content).hexdigest()[:16]}-{name}"
    if not target.exists():
        writing.create(target, content)
        writing.create(target.with_name(f"{target.name}.report.txt"), _report(problems).encode())
    unit = source.data.get("unit")
    return Received(
        desk.workspace.shown(path),
        "held",
        desk.workspace.shown(target),
        unit if isinstance(unit, str) else "",
        month,
        None,
        tuple(problems),
        next((p.message for p in worst_first(problems) if p.holds), ""),
    )


def _month_folder(desk: Desk, shelves: Sequence[Shelf], month: date | None) -> Path:
    """The month's folder of the one programme it can be; of what cannot be told, the month being asked for now."""
    asked_for = month or months_later(desk.now.date().replace(day=1), 0 if desk.now.day > ASKED_UNTIL else -1)
    running = [s for s in shelves if s.programme.head.records_from <= asked_for <= s.programme.head.until] or list(
        shelves
    )
    return desk.workspace.status(running[0].programme.id) / f"{asked_for:%Y-%m}"


ASKED_UNTIL = 10
"""Until this day of a month files are taken to be about the month before."""


def _report(problems: Iterable[Problem]) -> str:
    text = StringIO()
    for problem in worst_first(problems):
        print_problem(text, problem)
    return text.getvalue()


def echo(programme: Programme, one: Received) -> str:
    """What was understood, in words to send back."""
    s = one.submission
    if s is None:
        return "\n".join(
            [_("没有收进：{reason}", reason=one.reason), *(f"{p.place} {p.message}{p.hint}" for p in one.problems)]
        )
    unit = programme.unit(s.unit).name
    lines = [
        _("{unit}：{month} 月报第 {n} 版已收到，计入 {k} 条，暂存 {h} 条。",
          unit=unit, month=f"{s.month:%Y-%m}", n=s.version, k=len(s.updates), h=len(s.held))
    ]  # fmt: skip
    if s.head.rest == "unchanged":
        lines.append(_("其余事项声明与上月一致。"))
    for update in s.updates:
        milestone = programme.milestones[update.item.partition("@")[0]]
        day = f" {update.done_on}" if update.done_on else ""
        numbers = (
            "" if update.done is None else f" {update.done:g}" + ("" if update.total is None else f"/{update.total:g}")
        )
        lines.append(f"- {milestone.title}：{_(STATES[update.state])}{day}{numbers}")
    held = [p for p in one.problems if p.holds]
    if held:
        lines.append(_("暂存的要改后重报："))
        lines += [f"- {p.place.cell or p.place.line}：{p.message}{p.hint}" for p in held]
    return "\n".join(lines)


def row(one: Received) -> dict[str, Any]:
    """What became of a file, as ``receive --json`` prints it."""
    s = one.submission
    return {
        "given": one.given,
        "outcome": one.outcome,
        "stored": one.stored or None,
        "unit": one.unit or None,
        "month": f"{one.month:%Y-%m}" if one.month is not None else None,
        "version": s.version if s is not None else None,
        "updates": len(s.updates) if s is not None else 0,
        "held": list(s.held) if s is not None else [],
        "reason": one.reason or None,
        "problems": [f"{p.place}: {p.code} {p.message}{p.hint}" for p in one.problems],
    }


# --- who is missing ---


@dataclass(frozen=True)
class Waiting:
    """A unit that still owes something for a month."""

    reported: Reported
    held: int
    """Updates held in what it sent."""
    days_left: int | None
    """To the day asked for; negative when it has passed."""
    text: str
    """At most 120 characters, to send."""


def missing(snapshot: Snapshot, month: date, today: date) -> list[Waiting]:
    """The units that have not sent, or whose file or entries wait for a correction."""
    days = asked(snapshot.programme, month)
    left = (days.asked.day - today).days if days is not None else None
    waiting = []
    for r in reporting(snapshot, month):
        own = [f.submission for f in snapshot.filed if f.submission.file == r.file]
        held = sum(len(s.held) for s in own)
        if r.status not in ("on-time", "late") or held:
            waiting.append(Waiting(r, held, left, _chase(r, held, left, month, days.asked.day if days else None)))
    return waiting


def _chase(r: Reported, held: int, left: int | None, month: date, day: date | None) -> str:
    what = {
        "missing": _("还没有收到"),
        "awaited": _("还没有收到"),
        "returned": _("已退回，请改后重报"),
        "held": _("没有通过检查，请改后重报"),
    }.get(r.status, _("有 {n} 条没有通过检查，请改后补报", n=held))
    when = ""
    if left is not None and day is not None:
        when = (
            _("，请于{m}月{d}日前报送（还有 {n} 天）", m=day.month, d=day.day, n=left)
            if left >= 0
            else _("，应于{m}月{d}日报送，已超过 {n} 天", m=day.month, d=day.day, n=-left)
        )
    text = _("{unit}：{month}月份月报{what}{when}。", unit=r.unit.name, month=month.month, what=what, when=when)
    return text[:LONGEST_TEXT]


def waiting_row(w: Waiting) -> dict[str, Any]:
    """A unit that is waited for, as ``missing --json`` prints it."""
    return {
        "unit": w.reported.unit.id,
        "unit_name": w.reported.unit.name,
        "status": w.reported.status,
        "held": w.held,
        "days_left": w.days_left,
        "text": w.text,
    }


def group_text(waiting: Sequence[Waiting], month: date) -> str:
    """One text for the whole group, at most 120 characters."""
    if not waiting:
        return _("{month}月份月报已收齐。", month=month.month)
    names = _("、").join(w.reported.unit.brief for w in waiting)
    text = _("{month}月份月报还差 {n} 家：{names}，请抓紧报送。", month=month.month, n=len(waiting), names=names)
    return (
        text
        if len(text) <= LONGEST_TEXT
        else _("{month}月份月报还差 {n} 家，请抓紧报送。", month=month.month, n=len(waiting))
    )
