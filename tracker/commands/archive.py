"""Commands around a month as issued: seal it, prove it, say what has changed since."""

import os
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tracker import archive, editions
from tracker.auditing import Audited
from tracker.auditing import audit as proved
from tracker.calls import Call, Exit, Stop
from tracker.commands import shared
from tracker.deadlines import month_end
from tracker.language import _
from tracker.manifest import Manifest
from tracker.problems import hinted, labelled
from tracker.reports import FORMATS
from tracker.reports.restatement import restatement
from tracker.restating import Cause, Restatement, standing_words
from tracker.restating import restate as restated
from tracker.signatures import UnableError
from tracker.snapshot import Snapshot
from tracker.terminal import plain
from tracker.workspace import Workspace


def seal(call: Call) -> int:
    """``seal``: issue and archive a month."""
    args = call.args
    workspace = shared.workspace_of(call)
    snapshot = shared.in_month(shared.snapshots(call, month_end(args.month)), args.month)
    by = shared.user_of(call)
    if not by:
        raise Stop(_("要用 --by 写明是谁定的稿。"))
    key = args.key or (Path(os.environ[shared.KEY]) if os.environ.get(shared.KEY) else None)
    issue = editions.Issue(
        by,
        args.number or "",
        args.signer or "",
        args.on,
        args.reason or "",
        _document(call, args.issued),
        args.despite or "",
        call.here / key if key is not None else None,
    )
    try:
        found = editions.seal(workspace, snapshot.programme.id, args.month, call.now, issue, args.known_by)
    except TimeoutError:
        raise Stop(_("另一个命令正在写这个工作区，请稍后再试。"), Exit.FOUND) from None
    except UnableError as error:
        raise Stop(_("没有定稿：{why}", why=error), Exit.FOUND) from None
    except OSError as error:
        raise Stop(_("{file} 写不进去：{why}。", file=workspace.root, why=error.strerror), Exit.FOUND) from None
    sys.stdout.writelines(f"{plain(one.words)}\n" for one in found.differences)
    if found.manifest is None:
        hint = _("核对后确要照印发稿定稿的，用 --despite 写明理由；按较早的数据印发的，用 --known-by 写明时刻。")
        raise Stop(hinted(found.refusal, hint if found.differences else ""), Exit.FOUND)
    _say_sealed(found, found.manifest)
    return Exit.WELL


def _document(call: Call, path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return (call.here / path).read_bytes()
    except OSError as error:
        raise Stop(_("{file} 读不出来：{why}。", file=path, why=error.strerror), Exit.FOUND) from None


def _say_sealed(found: editions.Sealing, manifest: Manifest) -> None:
    say = sys.stderr.write
    if found.unsealed:
        say(_("{months} 没有定稿。", months=_("、").join(found.unsealed)))
        say(_("本次定稿接在 {month} 之后。\n", month=manifest.previous_month) if manifest.previous else "\n")
    elif not manifest.previous:
        say(_("这是第一次定稿。\n"))
    if not manifest.key:
        say(_("没有配置签名的钥匙（--key 或 {name}），清单没有签名。\n", name=shared.KEY))
    number = _("，{number}", number=manifest.number) if manifest.number else ""
    say(
        _(
            "{month} 已定稿{number}，印发日期 {issued}；{n} 个文件、{m} 份依据存档在 {folder}。\n",
            month=manifest.month,
            number=number,
            issued=manifest.issued,
            n=len(manifest.report),
            m=len(manifest.input),
            folder=found.folder,
        )
    )


def audit(call: Call) -> int:
    """``audit``: prove the archive."""
    workspace = shared.workspace_of(call)
    month = f"{call.args.month:%Y-%m}" if call.args.month is not None else ""
    results = [(name, one) for name in shared.programmes_of(call, workspace) for one in proved(workspace, name, month)]
    if call.args.json:
        shared.print_json([_audit_row(name, one) for name, one in results])
    else:
        for _name, one in results:
            sys.stdout.writelines(f"{line}\n" for line in _audit_lines(one))
    if not results:
        sys.stderr.write(_("{month}没有定稿。\n", month=f"{month} " if month else ""))
        return Exit.FOUND if month else Exit.WELL
    failed = sum(t.failed for _name, one in results for t in one.told)
    said = _("{n} 处对不上。\n", n=failed) if failed else _("{n} 个月的定稿核验无误。\n", n=len(results))
    sys.stderr.write(said)
    return Exit.FOUND if failed else Exit.WELL


def _audit_lines(one: Audited) -> list[str]:
    """A month and what was found about it, in lines."""
    m = one.manifest
    title = plain(_("{month} {number} {issued}", month=one.month, number=m.number, issued=m.issued) if m else one.month)
    signed = _("已签名") if m is not None and m.key else _("未签名")
    words = _("无误") if one.holds else _("对不上")
    lines = [f"{' '.join(title.split())}　{signed}　{words}"] if one.month else []
    return lines + [f"  {'x' if t.failed else '-'} {plain(labelled(t.file, t.what))}" for t in one.told]


def _audit_row(programme: str, one: Audited) -> dict[str, Any]:
    m = one.manifest
    return {
        "programme": programme,
        "month": one.month or None,
        "number": m.number or None if m is not None else None,
        "issued": m.issued.isoformat() if m is not None else None,
        "signed": m is not None and bool(m.key),
        "holds": one.holds,
        "told": [{key: value for key, value in asdict(t).items() if key != "month"} for t in one.told],
    }


def restate(call: Call) -> int:
    """``restate``: what has changed in an issued month, and why."""
    month, output = call.args.month, call.args.output
    ending = output.suffix[1:] if output is not None else ""
    style = call.args.format or (ending if ending in FORMATS else "md")
    if style == "docx" and output is None and sys.stdout.isatty():
        raise Stop(_("Word 文件请用 --output 写到文件里。"))
    after = shared.in_month(shared.snapshots(call, month_end(month)), month)
    workspace = shared.workspace_of(call)
    manifest = _manifest(workspace, after.programme.id, month)
    if manifest is None:
        raise Stop(_("{month} 还没有定稿，没有可更正的。", month=f"{month:%Y-%m}"), Exit.FOUND)
    with TemporaryDirectory() as folder:
        before = _before(workspace, manifest, Path(folder))
    found = restated(manifest.figures, before, after)
    if call.args.json:
        shared.print_json(_restatement_row(found))
        return Exit.WELL
    shared.deliver(call, FORMATS[style](restatement(found, manifest.number, manifest.issued)))
    sys.stderr.write(_("{n} 个数据、{m} 个事项与定稿不同。\n", n=len(found.figures), m=len(found.items)))
    return Exit.WELL


def _manifest(workspace: Workspace, programme: str, month: date) -> Manifest | None:
    for path, _content, manifest, wrong in archive.manifests(workspace, programme):
        if path.parent.parent.name == f"{month:%Y-%m}":
            if manifest is None:
                raise Stop(_("{file} {why}用 tracker audit 查看。", file=workspace.shown(path), why=wrong), Exit.FOUND)
            return manifest
    return None


def _before(workspace: Workspace, manifest: Manifest, folder: Path) -> Snapshot:
    try:
        found = archive.rebuilt(workspace, manifest, folder)
    except OSError:
        found = None
    if found is None:
        raise Stop(_("{month} 的存档不完整，用 tracker audit 查看。", month=manifest.month), Exit.FOUND)
    return found


def _restatement_row(found: Restatement) -> dict[str, Any]:
    return {
        "figures": [asdict(one) for one in found.figures],
        "items": [
            {
                "unit": one.unit,
                "item": one.item,
                "before": standing_words(one.before),
                "after": standing_words(one.after),
                "causes": [_cause_row(cause) for cause in one.causes],
            }
            for one in found.items
        ],
    }


def _cause_row(cause: Cause) -> dict[str, Any]:
    return {**asdict(cause), "at": cause.at.isoformat() if cause.at is not None else None, "words": cause.words}
