"""A file as the next version of its month or period, with its receipt; and one that was received before.

Nothing is overwritten: a later file is a later version, and bytes that were received are never received twice.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import tomli_w

from tracker import records, workbook, writing
from tracker.decisions import Receipt
from tracker.filetypes import is_workbook
from tracker.forms import SCHEMA_LINE
from tracker.inbox.attachments import keep, keep_signature
from tracker.inbox.desk import Desk, Shelves, legible
from tracker.inbox.folders import folder_of
from tracker.inbox.received import Received
from tracker.language import _
from tracker.months import month_of
from tracker.problems import Problem
from tracker.sheets import Sheet, is_sheet
from tracker.shelf import Shelf
from tracker.source import Source, parse
from tracker.submissions import Submission
from tracker.workspace import KEPT, version_of


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


def known_as(desk: Desk, shelf: Shelf, content: bytes, source: Source) -> str | None:
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


def came_again(desk: Desk, shelves: Shelves, shelf: Shelf, path: Path, content: bytes, known: str) -> Received:
    """A file that was received before: nothing is written, unless what was kept is no longer there."""
    given, stored = desk.shown(path), desk.workspace.root / known
    receipt = shelf.receipts[known]
    month = month_of(stored.parent.name)
    reason = _("与已收到的 {file} 完全相同。", file=known)
    if not stored.exists():
        source = workbook.parse(content, given) if is_workbook(content) else parse(content, given)
        writing.create(stored, _stored_bytes(content, source))
        shelves.read_again(shelf)
        reason = _("{file} 收到过，但不见了：已经补回。", file=known)
    elif sha256(stored.read_bytes()).hexdigest() != receipt.sha256:
        keep(stored.parent, content, _ending(content))
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
    receipt = shelf.receipts[desk.shown(path)]
    original = path.parent / "attachments" / f"{receipt.sha256}.toml"
    if original.exists():
        writing.replace(path, original.read_bytes())
    else:
        entry = {"file": path.name, "sha256": sha256(content).hexdigest(), "received": desk.moment}
        writing.append(path.parent / "receipts.toml", records.entry("receipt", entry))
    shelves.read_again(shelf)


def store(
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
    given = desk.shown(path)
    folder = folder_of(desk, [shelf], source)
    kept = _stored_bytes(content, source)
    keep_signature(path, keep(folder, content, _ending(content)))
    keep(folder, kept, ".toml")
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
        legible(path.name),
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
    if path.parent == folder.resolve() and path.suffix == ".toml" and desk.shown(path) not in shelf.receipts:
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
