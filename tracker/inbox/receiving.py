"""Files and folders taken in, one after the other, each whole or not at all."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tracker import burden, signatures, workbook, writing
from tracker.filetypes import kind
from tracker.inbox.attachments import attach
from tracker.inbox.desk import Desk, Shelves
from tracker.inbox.folders import folder_of
from tracker.inbox.held import hold
from tracker.inbox.received import Received
from tracker.inbox.refusals import mistaken_files, why_homeless, why_unexpected, why_unreadable
from tracker.inbox.senders import read_paper, shelf_of
from tracker.inbox.versions import came_again, known_as, store
from tracker.language import _
from tracker.months import month_of
from tracker.problems import Place, Problem
from tracker.shelf import Shelf
from tracker.source import Source, parse
from tracker.workspace import CHECKLIST, KEPT, Workspace


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
        return Received(desk.shown(path), "left", reason=why)


def _take_in(desk: Desk, shelves: Shelves, path: Path) -> Received:
    given = desk.shown(path)
    refusal = why_unreadable(shelves, path)
    if refusal:
        return Received(given, "left", reason=refusal)
    content = path.read_bytes()
    ending, refusal = kind(content)
    if refusal:
        return hold(desk, shelves, path, content, Source(given, problems=(Problem(Place(given), "E01", refusal),)))
    if ending not in ("", ".xlsx"):
        return attach(desk, shelves, path, content, ending)
    source = workbook.parse(content, given) if ending else parse(content, given)
    shelf = shelf_of(shelves, source)
    if shelf is None:
        return hold(desk, shelves, path, content, source, why_homeless(shelves, source))
    if f"{folder_of(desk, [shelf], source)}/receipts.toml" in mistaken_files(shelf):
        return Received(given, "left", reason=_("这个月的 receipts.toml 有错，收了就分不清新旧：请先改好。"))
    known = known_as(desk, shelf, content, source)
    if known is not None:
        return came_again(desk, shelves, shelf, path, content, known)
    paper, problems = read_paper(source, shelf)
    unexpected = why_unexpected(desk, shelf, source, paper)
    if paper is None or unexpected is not None:
        found = [*problems, *([unexpected] if unexpected is not None else [])]
        return hold(desk, shelves, path, content, source, found)
    try:
        verdict = _verdict(desk, shelf, path, content, paper.unit)
    except signatures.UnableError as error:
        return Received(given, "left", reason=_("签名没有核对：{why}", why=error))
    if not verdict.holds:
        hint = _("请用本单位的钥匙重新签名，连同 {file} 一起报送。", file=signatures.beside(path).name)
        return hold(desk, shelves, path, content, source, [source.problem((), "E20", verdict.reason, hint)])
    signer = f"{paper.unit} {verdict.key}" if verdict.key else ""
    return store(desk, shelves, shelf, path, content, source, paper, problems, signer)


def _verdict(desk: Desk, shelf: Shelf, path: Path, content: bytes, unit: str) -> signatures.Verdict:
    """Whether a file was signed by its unit; where nobody's signature is asked for, none is needed."""
    signers = desk.workspace.signers(shelf.programme.id)
    if not signers.exists():
        return signatures.Verdict()
    return signatures.submitted(path, content, signers, unit, desk.moment)
