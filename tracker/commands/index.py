"""``index``: what has been read before, brought up to date, made anew, or compared with the files."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

from tracker import known, reading
from tracker.calls import Call, Exit, Stop
from tracker.clocks import CHINA
from tracker.commands import shared
from tracker.counts import counts
from tracker.figures import figures_of
from tracker.findings import held_entries, month_findings
from tracker.index import discarded
from tracker.language import _
from tracker.lights import matrix
from tracker.overdue import late_rows
from tracker.paces import paces
from tracker.reporting import reporting
from tracker.snapshot import Books, Snapshot
from tracker.summary import summary
from tracker.told import listening
from tracker.views import contested, months
from tracker.workspace import Workspace


def index(call: Call) -> int:
    """Bring the index up to date; ``--rebuild`` from nothing, ``--check`` against the files themselves."""
    workspace = shared.workspace_of(call)
    path = workspace.index
    if call.args.rebuild and path is not None and not discarded(path):
        raise Stop(_("{file} 删不掉，也许另一个程序正在用。", file=path), Exit.FOUND)
    is_same = True
    for programme in shared.programmes_of(call, workspace):
        with listening(sys.stderr):
            if not call.args.check:
                _refresh(workspace, programme)
                continue
            for name in _differing(workspace, programme, call.now.astimezone(CHINA)):
                is_same = False
                sys.stdout.write(_("{file}：索引与文件不一致。\n", file=name))
    if not is_same:
        sys.stderr.write(_("请运行 tracker index --rebuild 重建；数据都在 plans 和 status 里。\n"))
        return Exit.FOUND
    size = path.stat().st_size if path is not None and path.exists() else 0
    words = _("索引与文件一致。") if call.args.check else _("索引已更新。")
    sys.stderr.write(words + (_("{size} KB。\n", size=size // 1024) if size else _("这里不能写，没有留存索引。\n")))
    return Exit.WELL


def _refresh(workspace: Workspace, programme_id: str) -> None:
    programme, _problems = known.plans(workspace, programme_id)
    if programme is not None:
        reading.files(workspace, programme)


def _differing(workspace: Workspace, programme_id: str, now: datetime) -> Iterator[str]:
    """What is not in the index as a fresh reading finds it."""
    unkept = Workspace(workspace.root, is_lasting=False)
    programme, problems = known.plans(unkept, programme_id)
    headings = [known.heading(one, programme_id) for one in (workspace, unkept)]
    if (programme, problems) != known.plans(workspace, programme_id) or headings[0] != headings[1]:
        yield f"plans/{programme_id}"
    if programme is None:
        return
    kept, fresh = reading.files(workspace, programme), reading.files(unkept, programme)
    said, found = (
        {one.file: (one, at) for one, at in f.submissions} | {sheet.file: (sheet, at) for sheet, at in f.sheets}
        for f in (kept, fresh)
    )
    differing = sorted(name for name in said.keys() | found.keys() if said.get(name) != found.get(name))
    yield from differing
    if kept != fresh and not differing:
        yield f"status/{programme_id}"
    if any(p.holds for p in problems):
        return
    seen, judged = (Books.planned(one, programme, problems).on(now.date(), now) for one in (workspace, unkept))
    if _shown(seen) != _shown(judged):
        yield f"status/{programme_id} {now.date()}"


def _shown(snapshot: Snapshot) -> tuple[object, ...]:
    """All that is kept of a day, one way or another."""
    before = snapshot.on(snapshot.clocks.month - timedelta(days=1))
    return (
        [*snapshot.standings],
        late_rows(snapshot),
        matrix(snapshot),
        figures_of(snapshot),
        summary(snapshot),
        paces(snapshot),
        [reporting(snapshot, month) for month in months(snapshot)],
        counts(snapshot),
        contested(snapshot),
        [*month_findings(snapshot, before)],
        held_entries(snapshot),
        snapshot.narrative,
        snapshot.fingerprint,
    )
