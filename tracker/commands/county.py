"""Commands around the county's file: the form, its problems."""

import sys
from collections.abc import Sequence
from pathlib import Path

from tracker import burden, workbook, writing
from tracker import explain as explaining
from tracker.calls import Call, Exit, Stop
from tracker.checking import check_files, check_workspace
from tracker.commands import shared
from tracker.filling import Draft
from tracker.forms import as_toml
from tracker.forms import form as form_of
from tracker.language import _
from tracker.problems import Problem, as_github
from tracker.repair import fix_file
from tracker.schema import write_schema
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

    for stem in call.args.part:
        shared.check_known(stem, [plan.stem for plan in snapshot.programme.plans], _("没有方案“{name}”。{hint}"))
    if call.args.part and not as_book:
        raise Stop(_("分方案的表是工作簿：请用 --output 写成 .xlsx。"))
    units = [u for u in snapshot.programme.units if unit in (None, u.id)]
    forms = {u.id: form_of(snapshot, u.id, month) for u in units}

    def filled(unit: str) -> bytes:
        if as_book:
            return workbook.write(snapshot, forms[unit], call.args.part)
        return as_toml(snapshot, forms[unit]).encode()

    asked = [burden.burden(snapshot.programme, one) for one in forms.values()]
    if not call.args.all:
        shared.deliver(call, filled(unit))
        sys.stderr.write(burden.words(asked[0]) + "\n")
        return Exit.WELL
    folder = call.here / (output or Path(f"{month:%Y-%m}"))
    if folder.exists() and any(folder.iterdir()):
        raise Stop(_("{folder} 已经有内容，没有动它。请换一个空文件夹。", folder=folder), Exit.FOUND)
    folder.mkdir(parents=True, exist_ok=True)
    for u, one in zip(units, asked, strict=True):
        name = f"{u.name}{month:%Y-%m}.xlsx" if as_book else f"{u.id}.toml"
        (folder / name).write_bytes(filled(u.id))
        sys.stderr.write(_("{unit}：{burden}\n", unit=u.name, burden=burden.words(one)))
    workspace = shared.workspace_of(call)
    with writing.alone(workspace.root):
        burden.keep(workspace.status(snapshot.programme.id), month, asked)
        write_schema(workspace.root, snapshot.programme)
    sys.stderr.write(_("已写入 {folder}，{n} 份。\n", folder=folder, n=len(units)))
    return Exit.WELL


def fill(call: Call) -> int:
    """``fill``: the form in the terminal, saved as it is filled."""
    from tracker.tui.fill import run  # noqa: PLC0415 - Textual is for this command alone

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Stop(_("填表要在终端里进行。也可以用 tracker form 生成工作簿。"))
    month, unit = call.args.month, call.args.unit
    found = [s for s in shared.snapshots(call, month_end(month)) if unit in {u.id for u in s.programme.units}]
    snapshot = shared.in_month(found, month, unit)
    output = call.here / (call.args.output or Path())
    return run(Draft.open(shared.workspace_of(call), snapshot, form_of(snapshot, unit, month), output))


def explain(call: Call) -> int:
    """``explain``: one problem's page, or the list of all."""
    if call.args.code is None:
        sys.stdout.writelines(f"{page.code}  {page.title}\n" for page in explaining.pages().values())
        return Exit.WELL
    page = explaining.explain(call.args.code)
    if page is None:
        raise Stop(_("没有代码“{code}”。不写代码会列出全部。", code=call.args.code))
    sys.stdout.write(page.text)
    return Exit.WELL


def check(call: Call) -> int:
    """``check``: every problem of files, or of the whole workspace."""
    files = [call.here / file for file in call.args.files]
    if call.args.workspace is None and files:
        workspace = find(files[0].resolve().parent) or shared.workspace_of(call)
    else:
        workspace = shared.workspace_of(call)
    names = shared.programmes_of(call, workspace)
    if call.args.fix:
        _fix(files)
    problems = check_files(workspace, names, files) if files else check_workspace(workspace, names)
    held = sum(p.holds for p in problems)
    if call.args.json:
        shared.print_json(
            [
                {
                    "file": p.place.file,
                    "line": p.place.line or None,
                    "column": p.place.column or None,
                    "cell": p.place.cell or None,
                    "code": p.code,
                    "message": p.message,
                    "hint": p.hint or None,
                }
                for p in problems
            ]
        )
    elif call.args.format == "github":
        sys.stdout.writelines(as_github(problem) + "\n" for problem in problems)
    else:
        shared.print_problems(problems, sys.stdout)
    if call.args.annotate:
        _annotate(call, files, problems)
    said = _("{e} 处错误，{w} 处提示。\n", e=held, w=len(problems) - held) if problems else _("没有问题。\n")
    sys.stderr.write(said)
    return Exit.FOUND if held else Exit.WELL


def _fix(files: Sequence[Path]) -> None:
    """Mend what is certain in text files, keeping each as it was beside it."""
    for file in files:
        if file.suffix == ".toml" and file.is_file():
            sys.stderr.writelines(f"{file.name}: {done}\n" for done in fix_file(file))


def _annotate(call: Call, files: Sequence[Path], problems: Sequence[Problem]) -> None:
    """Each workbook once more, with its problems in their cells."""
    for file in files:
        own = [p for p in problems if p.place.cell and Path(p.place.file).name == file.name]
        if not own:
            continue
        try:
            written = workbook.annotate_file(file, own)
        except (OSError, ValueError):
            raise Stop(_("{file} 不能批注。", file=file.name), Exit.FOUND) from None
        shown = written.relative_to(call.here) if written.is_relative_to(call.here) else written
        sys.stderr.write(_("已批注：{file}。\n", file=shown))
