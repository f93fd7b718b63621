"""Issuing a month: its papers, what they were made from, and the manifest that ties them together. (Design 3.3, 7.)

Sealing writes the copies of the inputs, then the papers, then the manifest: a month is sealed by its manifest alone,
and whatever an interrupted sealing left is taken up by the next one. Nothing sealed is ever written again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker import __version__, archive, signatures, writing
from tracker.clocks import CHINA
from tracker.counts import counts
from tracker.deadlines import month_end
from tracker.language import LANGUAGES, _, speaks, use
from tracker.manifest import NAME, Listed, Manifest, versions, write
from tracker.plan_files import load
from tracker.reports.document import Document
from tracker.reports.edition import numbered, papers
from tracker.reports.fields import signed_on
from tracker.reports.issued import Difference, Issued, differences, read_issued
from tracker.snapshot import Snapshot, take
from tracker.workspace import KEPT, SILENCES, Workspace

ISSUED = "issued.docx"
"""In the edition's folder: the paper as the office issued it."""

_RECORDS = (*KEPT, SILENCES)
_UNREAD = ("E01", "E02", "E03", "E04", "E05", "E06")
"""Mistakes in them by which there is no telling what the city decided."""

_OURS = re.compile(r"(bulletin|report-.+)\.(md|docx)|issued\.docx|manifest\.toml(\.sig)?")
"""What sealing writes into an edition's folder."""


@dataclass(frozen=True)
class Issue:
    """What the office says of issuing a month."""

    by: str
    number: str = ""
    """文号."""
    signer: str = ""
    """签发人."""
    on: date | None = None
    """The day on the paper."""
    reason: str = ""
    document: bytes | None = None
    """The paper as issued, a Word file."""
    despite: str = ""
    """Why it is to be sealed though that paper says other figures."""
    key: Path | None = None
    """What to sign the manifest with."""


@dataclass(frozen=True)
class Sealing:
    """What became of sealing a month: its manifest, or why there is none."""

    manifest: Manifest | None = None
    folder: str = ""
    """Where it is, from the workspace's root."""
    refusal: str = ""
    differences: tuple[Difference, ...] = ()
    unsealed: tuple[str, ...] = ()
    """Months before it that have records and no edition."""


@dataclass(frozen=True)
class Edition:
    """A month that was issued."""

    month: date
    number: str
    issued: date
    by: str
    known_by: datetime
    signed: bool


def sealed(workspace: Workspace, programme: str) -> list[Edition]:
    """The months issued, in order; manifests that cannot be read are for ``audit`` to name."""
    return [
        Edition(m.as_of.replace(day=1), m.number, m.issued, m.by, m.known_by, bool(m.key))
        for _path, _content, m, _wrong in archive.manifests(workspace, programme)
        if m is not None
    ]


def seal(
    workspace: Workspace, programme: str, month: date, now: datetime, issue: Issue, known_by: datetime | None = None
) -> Sealing:
    """Issue and archive a month as it was known at a moment (default: now).

    ``TimeoutError`` when another command keeps the workspace too long; ``UnableError`` when the key does not sign.
    """
    now = now.astimezone(CHINA).replace(microsecond=0)
    moment = (known_by or now).astimezone(CHINA)
    with writing.alone(workspace.root):
        refusal = _refusal(workspace, programme, month, now, moment)
        if refusal:
            return Sealing(refusal=refusal)
        taken = tuple(archive.inputs(workspace, programme, moment))
        with TemporaryDirectory() as folder:
            # Made from the copies alone, as whoever proves the month will make it again.
            copied = archive.materialise(taken, Path(folder))
            snapshot, problems = take(copied, programme, month_end(month), moment)
            wrong = next((p.place.file for p in problems if p.code in _UNREAD and p.place.file.endswith(_RECORDS)), "")
            if snapshot is None or wrong:
                file = wrong or f"plans/{programme}"
                return Sealing(refusal=_("{file} 有错，改好后再定稿；用 tracker check 查看。", file=file))
            return _in_chinese(workspace, snapshot, month, now, issue, taken)


def _refusal(workspace: Workspace, programme: str, month: date, now: datetime, moment: datetime) -> str:
    """Why a month cannot be issued now; empty if it can."""
    shown = f"{month:%Y-%m}"
    existing = workspace.edition(programme, month) / NAME
    if existing.exists() and existing.stat().st_size:
        return _("{month} 已经定稿，定稿不能改动。后来有变化的，用 tracker restate {month} 写更正说明。", month=shown)
    found, _problems = load(workspace.plans, programme, workspace.root)
    if found is None:
        return _("{file} 有错，改好后再定稿；用 tracker check 查看。", file=f"plans/{programme}/programme.toml")
    if not found.head.records_from <= month <= found.head.until:
        return _("{month} 没有在记录的行动：早于建账月份，或行动已经结束。", month=shown)
    if moment > now:
        return _("定稿的时刻 {moment} 还没有到。", moment=f"{moment:%Y-%m-%d %H:%M}")
    if moment.date() < month_end(month):
        return _("{month} 还没有过完，不能定稿。", month=shown)
    damaged = [one for one in archive.manifests(workspace, programme) if one[2] is None]
    if damaged:
        path, _content, _none, wrong = damaged[0]
        return _("{file} {why}请先用 tracker audit 查清。", file=workspace.shown(path), why=wrong)
    return ""


def _in_chinese(
    workspace: Workspace, snapshot: Snapshot, month: date, now: datetime, issue: Issue, taken: tuple[archive.Input, ...]
) -> Sealing:
    """The papers of a Chinese city, whatever language the screen speaks."""
    spoken = speaks()
    use(LANGUAGES[0])
    try:
        return _seal(workspace, snapshot, month, now, issue, taken)
    finally:
        use(spoken)


def _seal(
    workspace: Workspace, snapshot: Snapshot, month: date, now: datetime, issue: Issue, taken: tuple[archive.Input, ...]
) -> Sealing:
    document = read_issued(issue.document) if issue.document is not None else None
    if issue.document is not None and document is None:
        return Sealing(refusal=_("印发稿不是能读的 Word 文件（.docx）：请在 WPS 里另存为 .docx。"))
    number = issue.number or (document.number if document is not None else "")
    signer = issue.signer or (document.signer if document is not None else "")
    day = issue.on or (document.day if document is not None else None) or signed_on(snapshot)
    found = _differing(numbered(snapshot, number, day), document, number, signer, day)
    if found and not issue.despite:
        return Sealing(refusal=_("印发稿和系统的数字不一致，没有定稿。"), differences=tuple(found))
    files = {**papers(snapshot, number, day), **({ISSUED: issue.document} if issue.document is not None else {})}
    programme = snapshot.programme.id
    manifests = [m for _path, _content, m, _wrong in archive.manifests(workspace, programme) if m is not None]
    manifest = Manifest(
        programme,
        f"{month:%Y-%m}",
        snapshot.clocks.as_of,
        snapshot.clocks.known_by,
        now,
        issue.by,
        day,
        __version__,
        versions(),
        number,
        signer,
        issue.reason,
        issue.despite if found else "",
        tuple(one.words for one in found),
        signatures.fingerprint(issue.key) if issue.key is not None else "",
        **_link(workspace, programme, month),
        figures=counts(snapshot),
        report=tuple(Listed(name, sha256(content).hexdigest()) for name, content in files.items()),
        input=tuple(one.listed for one in taken),
        attachment=tuple(archive.attachments(workspace, programme, manifests)),
    )
    try:
        _write(workspace, manifest, month, taken, files, issue.key)
    except FileExistsError as error:
        where = workspace.shown(Path(str(error)))
        return Sealing(refusal=_("存档里的 {file} 已经损坏，没有定稿。请先用 tracker audit 查清。", file=where))
    unsealed = tuple(_unsealed(workspace, programme, month))
    return Sealing(manifest, workspace.shown(workspace.edition(programme, month)), "", tuple(found), unsealed)


def _differing(ours: Document, issued: Issued | None, number: str, signer: str, day: date) -> list[Difference]:
    """What the paper as issued says otherwise than we, or than the command."""
    if issued is None:
        return []
    said = (
        (_("文号"), number, issued.number),
        (_("签发人"), signer, issued.signer),
        (_("成文日期"), str(day), str(issued.day or "")),
    )
    return [*(Difference(*one) for one in said if one[2] and one[1] != one[2]), *differences(ours, issued)]


def _link(workspace: Workspace, programme: str, month: date) -> Mapping[str, str]:
    """The edition before: the digest of its manifest, and its month."""
    shown = f"{month:%Y-%m}"
    for path, content, _manifest, _wrong in reversed(archive.manifests(workspace, programme)):
        if path.parent.parent.name < shown:
            return {"previous": sha256(content).hexdigest(), "previous_month": path.parent.parent.name}
    return {}


def _unsealed(workspace: Workspace, programme: str, month: date) -> list[str]:
    """Months right before one that have submissions and were not issued."""
    found: list[str] = []
    for earlier, folder in reversed(workspace.months(programme)):
        if earlier >= month:
            continue
        if (folder / "edition" / NAME).exists():
            break
        found.insert(0, folder.name)
    return found


def _write(
    workspace: Workspace,
    manifest: Manifest,
    month: date,
    taken: tuple[archive.Input, ...],
    files: Mapping[str, bytes],
    key: Path | None,
) -> None:
    folder = workspace.edition(manifest.programme, month)
    archive.keep(workspace.archive(manifest.programme), taken)
    content = write(manifest)
    kept = dict(files)
    if key is not None:
        kept[f"{NAME}{signatures.ENDING}"] = signatures.sign(content, key, signatures.EDITION)
    for left in folder.glob("*"):
        # Of an interrupted sealing: until there is a manifest nothing here has been issued.
        if _OURS.fullmatch(left.name):
            left.unlink()
    for name, report in kept.items():
        writing.create(folder / name, report)
    writing.create(folder / NAME, content)
