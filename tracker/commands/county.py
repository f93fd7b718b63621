"""Commands around the county's file: the form, its problems."""

import sys
from pathlib import Path

from tracker import workbook
from tracker.calls import Call, Exit, Stop
from tracker.checking import check_files, check_workspace
from tracker.commands import shared
from tracker.forms import as_toml
from tracker.forms import form as form_of
from tracker.language import _
from tracker.snapshot import month_end
from tracker.workspace import find


def form(call: Call) -> int:
    """``form``: pre-filled files for a month."""
    month, unit, output = call.args.month, call.args.unit, call.args.output
    found = [
        s for s in shared.snapshots(call, month_end(month)) if unit is None or unit in {u.id for u in s.programme.units}
    ]
    snapshot = shared.in_month(found, month, unit)
    as_book = not call.args.toml and (call.args.all or (output is not None and output.suffix == ".xlsx"))

    def filled(unit: str) -> bytes:
        one = form_of(snapshot, unit, month)
        return workbook.write(snapshot, one) if as_book else as_toml(snapshot, one).encode()

    if not call.args.all:
        shared.deliver(call, filled(unit))
        return Exit.WELL
    folder = call.here / (output or Path(f"{month:%Y-%m}"))
    if folder.exists() and any(folder.iterdir()):
        raise Stop(_("{folder} 已经有内容，没有动它。请换一个空文件夹。", folder=folder), Exit.FOUND)
    folder.mkdir(parents=True, exist_ok=True)
    for u in snapshot.programme.units:
        name = f"{u.name}{month:%Y-%m}.xlsx" if as_book else f"{u.id}.toml"
        (folder / name).write_bytes(filled(u.id))
    sys.stderr.write(_("已写入 {folder}，{n} 份。\n", folder=folder, n=len(snapshot.programme.units)))
    return Exit.WELL


def check(call: Call) -> int:
    """``check``: every problem of files, or of the whole workspace."""
    files = [call.here / file for file in call.args.files]
    if call.args.workspace is None and files:
        workspace = find(files[0].resolve().parent) or shared.workspace_of(call)
    else:
        workspace = shared.workspace_of(call)
    names = shared.programmes_of(call, workspace)
    problems = check_files(workspace, names, files) if files else check_workspace(workspace, names)
    held = sum(p.holds for p in problems)
    if call.args.json:
        shared.print_json(
            [
                {
                    "file": p.place.file,
                    "line": p.place.line or None,
                    "column": p.place.column or None,
                    "code": p.code,
                    "message": p.message,
                    "hint": p.hint or None,
                }
                for p in problems
            ]
        )
    else:
        shared.print_problems(problems, sys.stdout)
    said = _("{e} 处错误，{w} 处提示。\n", e=held, w=len(problems) - held) if problems else _("没有问题。\n")
    sys.stderr.write(said)
    return Exit.FOUND if held else Exit.WELL
