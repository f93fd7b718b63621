"""Proving the archive: that every month issued is still what was issued, and comes from what it says it comes from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker import archive, signatures
from tracker.counts import counts
from tracker.language import LANGUAGES, _, speaks, use
from tracker.manifest import NAME, Listed, Manifest
from tracker.reports.edition import papers
from tracker.workspace import Workspace


@dataclass(frozen=True)
class Told:
    """One thing found about an archived month."""

    month: str
    file: str
    """From the workspace's root."""
    what: str
    failed: bool = True
    """Whether it is a failure of the proof; else it is only worth knowing."""


@dataclass(frozen=True)
class Audited:
    """One archived month, proved or not."""

    month: str
    manifest: Manifest | None
    """None where the manifest itself cannot be trusted."""
    told: tuple[Told, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing failed."""
        return not any(one.failed for one in self.told)


_Found = tuple[Path, bytes, Manifest | None, str]


def audit(workspace: Workspace, programme: str, month: str = "") -> list[Audited]:
    """Every archived month of a programme, or one (as ``2026-10``), proved from its files alone. Nothing is written."""
    found = archive.manifests(workspace, programme)
    damaged = _damaged(workspace.archive(programme))
    chosen = [one for one in found if month in ("", one[0].parent.parent.name)]
    results = [_audited(workspace, programme, one, found, damaged) for one in chosen]
    if not month:
        used = {one.sha256 for _path, _content, m, _wrong in found if m is not None for one in m.input}
        stray = [Told("", workspace.shown(p), _damage()) for name, p in damaged.items() if name not in used]
        if stray:
            results.append(Audited("", None, tuple(stray)))
    return results


def _damage() -> str:
    return _("存档的内容和它的名称（校验值）不符：写成之后被改动过。")


def _damaged(folder: Path) -> dict[str, Path]:
    """Copies whose content is not what their name says, by name."""
    files = [p for p in sorted(folder.glob("*")) if p.is_file() and not p.name.startswith(".tracker-")]
    return {p.name: p for p in files if sha256(p.read_bytes()).hexdigest() != p.name}


def _audited(
    workspace: Workspace, programme: str, one: _Found, every: Sequence[_Found], damaged: dict[str, Path]
) -> Audited:
    path, content, manifest, wrong = one
    month, shown = path.parent.parent.name, workspace.shown(path)
    if manifest is None:
        return Audited(month, None, (Told(month, shown, wrong),))
    if (manifest.month, manifest.programme) != (month, programme):
        other = _("这份清单是 {programme} {month} 的。", programme=manifest.programme, month=manifest.month)
        return Audited(month, None, (Told(month, shown, other),))
    checks = (
        *_signature(workspace, manifest, path, content),
        *_chain(manifest, shown, every),
        *_reports(workspace, manifest, path.parent),
        *_inputs(workspace, manifest, damaged),
        *_live(workspace, manifest),
        *_attachments(workspace, manifest),
    )
    told = tuple(Told(month, file, what, failed) for file, what, failed in checks)
    if not any(t.failed for t in told):
        told += tuple(
            Told(month, file, what, failed) for file, what, failed in _again(workspace, manifest, path.parent)
        )
    return Audited(month, manifest, told)


_Checks = Iterator[tuple[str, str, bool]]
"""File, what is wrong, and whether that is a failure."""


def _signature(workspace: Workspace, manifest: Manifest, path: Path, content: bytes) -> _Checks:
    """The manifest's signature, where it says it has one."""
    file = path.with_name(f"{NAME}{signatures.ENDING}")
    shown = workspace.shown(file)
    if not manifest.key:
        if file.exists():
            yield shown, _("清单没有说有签名，却有签名文件。"), True
        return
    if not file.exists():
        yield shown, _("签名不见了：清单由 {key} 签过名。", key=manifest.key), True
        return
    signers, signature = workspace.signers(manifest.programme), file.read_bytes()
    try:
        if signers.exists():
            verdict = signatures.verify(content, signature, signers, manifest.by, signatures.EDITION, manifest.sealed)
        else:
            verdict = signatures.intact(content, signature, signatures.EDITION)
            yield shown, _("没有 allowed_signers，只核对了签名完好，没有核对是谁签的。"), False
    except signatures.UnableError as error:
        yield shown, _("签名没有核对：{why}", why=error), False
        return
    if not verdict.holds:
        yield shown, verdict.reason, True
    elif verdict.key != manifest.key:
        yield shown, _("签名用的不是清单里写的那把钥匙。"), True


def _chain(manifest: Manifest, shown: str, every: Sequence[_Found]) -> _Checks:
    """That the manifest before is the one this one was chained to."""
    if not manifest.previous:
        return
    before = {path.parent.parent.name: sha256(content).hexdigest() for path, content, _manifest, _wrong in every}
    found = before.get(manifest.previous_month)
    if found is None:
        yield shown, _("上一次定稿 {month} 的清单不见了。", month=manifest.previous_month), True
    elif found != manifest.previous:
        yield shown, _("上一次定稿 {month} 的清单不是当时的那一份。", month=manifest.previous_month), True


def _reports(workspace: Workspace, manifest: Manifest, folder: Path) -> _Checks:
    """The edition's own files: all of them, unchanged, and no others."""
    for one in manifest.report:
        yield from _same(workspace, folder / one.path, one)
    known = {one.path for one in manifest.report} | {NAME, f"{NAME}{signatures.ENDING}"}
    for path in sorted(folder.rglob("*")):
        if (
            path.is_file()
            and path.relative_to(folder).as_posix() not in known
            and not path.name.startswith(".tracker-")
        ):
            yield workspace.shown(path), _("清单里没有这个文件。"), True


def _same(workspace: Workspace, path: Path, listed: Listed) -> _Checks:
    if not path.is_file():
        yield workspace.shown(path), _("不见了。"), True
    elif sha256(path.read_bytes()).hexdigest() != listed.sha256:
        yield workspace.shown(path), _("和清单里的校验值不符：定稿之后被改动过。"), True


def _inputs(workspace: Workspace, manifest: Manifest, damaged: dict[str, Path]) -> _Checks:
    """The copies of the inputs: all of them, each what its name says."""
    folder = workspace.archive(manifest.programme)
    for one in manifest.input:
        shown = workspace.shown(folder / one.sha256)
        if not (folder / one.sha256).is_file():
            yield shown, _("{path} 的存档不见了。", path=one.path), True
        elif one.sha256 in damaged:
            yield shown, _("{path} 的存档：", path=one.path) + _damage(), True


def _live(workspace: Workspace, manifest: Manifest) -> _Checks:
    """That records which are only appended to still begin as they were archived; other files may change."""
    folder = workspace.archive(manifest.programme)
    for one in manifest.input:
        path, copy = workspace.root / one.path, folder / one.sha256
        if not copy.is_file():
            continue
        if not path.is_file():
            yield one.path, _("不见了；存档里还有当时的内容。"), one.appended
        elif one.appended and not path.read_bytes().startswith(copy.read_bytes()):
            yield one.path, _("只能追加的记录，定稿以前的部分被改动过。"), True


def _attachments(workspace: Workspace, manifest: Manifest) -> _Checks:
    for one in manifest.attachment:
        yield from _same(workspace, workspace.root / one.path, one)


def _again(workspace: Workspace, manifest: Manifest, folder: Path) -> _Checks:
    """The figures, and under the same program the papers too, made again from the copies."""
    shown = workspace.shown(folder / NAME)
    spoken = speaks()
    use(LANGUAGES[0])
    try:
        with TemporaryDirectory() as temporary:
            snapshot = archive.rebuilt(workspace, manifest, Path(temporary))
            if snapshot is None:
                yield shown, _("按存档的方案不能重算：这一版程序读不了它们。"), True
                return
            made, figures = papers(snapshot, manifest.number, manifest.issued), counts(snapshot)
    finally:
        use(spoken)
    for one in manifest.figures:
        if one not in figures:
            yield shown, _("按存档重算，{of} 的数字和定稿不同。", of=one.of), True
    if not manifest.is_by_this_program:
        yield shown, _("由另一版本的程序或组件写成：核对了数字，没有比对文件的字节。"), False
        return
    listed = {one.path: one.sha256 for one in manifest.report}
    for name, content in made.items():
        if listed.get(name) != sha256(content).hexdigest():
            yield workspace.shown(folder / name), _("按存档重写，和定稿的文件不同。"), True
