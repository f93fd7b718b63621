"""Commands around the county's file: the form, its problems."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tracker import burden, workbook, writing
from tracker import explain as explaining
from tracker.calls import Call, Exit, Stop
from tracker.checking import check_files, check_workspace
from tracker.commands import score, shared
from tracker.deadlines import month_end
from tracker.decision_files import read_receipts
from tracker.filling.draft import Draft
from tracker.forms import Form, as_toml, part_words
from tracker.forms import form as form_of
from tracker.language import _
from tracker.problems import Problem, as_github, listed
from tracker.repair import fix_file, repaired
from tracker.schema import write_schema
from tracker.snapshot import Snapshot
from tracker.workspace import find


def form(call: Call) -> int:
    """``form``: pre-filled files for a month."""
    month, unit, output = call.args.month, call.args.unit, call.args.output
    found = [
        s for s in shared.snapshots(call, month_end(month)) if unit is None or unit in {u.id for u in s.programme.units}
    ]
    snapshot = shared.in_month(found, month, unit)
    as_book = not call.args.toml and (call.args.all or (output is not None and output.suffix == ".xlsx"))
    forms = _forms(snapshot, [u.id for u in snapshot.programme.units if unit in (None, u.id)], month, call.args.part)

    def filled(one: Form) -> bytes:
        return workbook.write(snapshot, one) if as_book else as_toml(snapshot, one).encode()

    asked = [burden.burden(snapshot.programme, one) for one in forms]
    if not call.args.all:
        shared.deliver(call, filled(forms[0]))
        sys.stderr.write(burden.words(asked[0]) + "\n")
        return Exit.WELL
    folder = call.here / (output or Path(f"{month:%Y-%m}"))
    if folder.exists() and any(folder.iterdir()):
        raise Stop(_("{folder} 已经有内容，没有动它。请换一个空文件夹。", folder=folder), Exit.FOUND)
    folder.mkdir(parents=True, exist_ok=True)
    for one, cost in zip(forms, asked, strict=True):
        name = snapshot.programme.unit(one.unit).name
        parts = _("（{words}）", words=part_words(snapshot, one)) if one.part else ""
        file = f"{name}{month:%Y-%m}{parts}.xlsx" if as_book else f"{one.stem}.toml"
        (folder / file).write_bytes(filled(one))
        sys.stderr.write(_("{unit}：{burden}\n", unit=name, burden=burden.words(cost)))
    workspace = shared.workspace_of(call)
    with writing.alone(workspace.root):
        burden.keep(workspace.status(snapshot.programme.id), month, asked)
        write_schema(workspace.root, snapshot.programme)
    sys.stderr.write(_("已写入 {folder}，{n} 份。\n", folder=folder, n=len(forms)))
    return Exit.WELL


def _forms(snapshot: Snapshot, units: Sequence[str], month: date, plans: Sequence[str]) -> list[Form]:
    """The forms of units; of a part only of those that its plans concern."""
    for stem in plans:
        shared.check_known(stem, [plan.stem for plan in snapshot.programme.plans], _("没有方案“{name}”。{hint}"))
    concerned = {s.occurrence.unit for s in snapshot.standings if s.occurrence.milestone.plan in plans}
    forms = [form_of(snapshot, unit, month, plans) for unit in units if not plans or unit in concerned]
    if not forms:
        raise Stop(_("这些方案里没有 {units} 要报的事项。", units=listed(units)))
    return forms


def fill(call: Call) -> int:
    """``fill``: the form in the terminal, saved as it is filled."""
    from tracker.tui.fill import run  # noqa: PLC0415 - Textual is for this command alone

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Stop(_("填表要在终端里进行。也可以用 tracker form 生成工作簿。"))
    if call.args.enterprise is not None:
        return score.fill(call)
    month, unit = call.args.month, call.args.unit
    if month is None or unit is None:
        raise Stop(_("填月报要写明 --unit 和 --month；填企业考核表要写明 --enterprise 和 --period。"))
    found = [s for s in shared.snapshots(call, month_end(month)) if unit in {u.id for u in s.programme.units}]
    snapshot = shared.in_month(found, month, unit)
    output = call.here / (call.args.output or Path())
    (one,) = _forms(snapshot, [unit], month, call.args.part)
    return run(Draft.open(shared.workspace_of(call), snapshot, one, output))


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
    is_fixed = not call.args.fix or _fix(files)
    problems = check_files(workspace, names, files, call.now) if files else check_workspace(workspace, names)
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
    return Exit.FOUND if held or not is_fixed else Exit.WELL


def _fix(files: Sequence[Path]) -> bool:
    """Mend what is certain in text files, keeping each as it was beside it; whether that was done to all.

    A file that has its receipt is not touched: changed, it would count no more.
    """
    kept = []
    for file in files:
        if file.suffix != ".toml" or not file.is_file():
            continue
        if not _has_receipt(file):
            sys.stderr.writelines(f"{file.name}: {done}\n" for done in fix_file(file))
        elif repaired(file.read_bytes())[1]:
            kept.append(file)
    for file in kept:
        said = _(
            "{file} 已有回执，就地改动会使它不再计入，没有动它。"
            "请复制到别的文件夹，对副本运行 tracker check --fix，再用 tracker receive 接收副本。\n",
            file=file.name,
        )
        sys.stderr.write(said)
    return not kept


def _has_receipt(file: Path) -> bool:
    """Whether a file was received as it is; receipts that cannot be read may be about any file."""
    receipts, problems = read_receipts(file.resolve().parent / "receipts.toml", "")
    return file.resolve().name in {receipt.file for receipt in receipts} or any(p.holds for p in problems)


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
