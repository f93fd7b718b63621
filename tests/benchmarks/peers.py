"""What users would use instead, given the same work: taskwarrior, hledger, and workbooks read with openpyxl."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

TODAY = date(2026, 10, 31)

READ_WORKBOOKS = """
import sys, pathlib, openpyxl
latest = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob('*.xlsx')):
    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
    for month, item, state, done_on, note in sheet.iter_rows(min_row=2, max_col=5, values_only=True):
        latest[path.stem, item] = month, state, done_on, note
print(sum(row[1] != '已完成' for row in latest.values()))
"""
"""The office's way: the last word of each unit on each item, from its workbook."""


def workbooks(world: Path, folder: Path) -> list[str]:
    """A workbook a unit with what its files say; the command that reads them."""
    folder.mkdir()
    rows: dict[str, list[Sequence[object]]] = {}
    for path in sorted((world / "status").rglob("u*.toml")):
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        rows.setdefault(said["unit"], []).extend(
            (said["month"], u["item"], u["state"], str(u.get("done_on", "")), u["note"]) for u in said["update"]
        )
    for unit, own in rows.items():
        book = xlsxwriter.Workbook(folder / f"{unit}.xlsx")
        sheet = book.add_worksheet()
        for n, row in enumerate([("月份", "编号", "状态", "完成日期", "说明"), *own]):
            sheet.write_row(n, 0, row)
        book.close()
    return [sys.executable, "-c", READ_WORKBOOKS, str(folder)]


def _dated(count: int) -> Iterator[tuple[str, date, bool]]:
    """Items with a due day around today, and whether they are done."""
    for n in range(count):
        yield f"item {n}", TODAY + timedelta(days=n % 400 - 200), n % 5 != 0


def taskwarrior(folder: Path, count: int) -> list[str] | None:
    """The same number of dated items, a fifth of them open, in taskwarrior; its report of what is overdue."""
    if shutil.which("task") is None:
        return None
    folder.mkdir()
    rc = folder / "rc"
    rc.write_text(f"data.location={folder}\nconfirmation=off\nverbose=nothing\nhooks=off\n", encoding="utf-8")
    tasks = [
        {
            "description": name,
            "due": f"{due:%Y%m%d}T000000Z",
            "entry": "20240101T000000Z",
            **({"status": "completed", "end": f"{TODAY:%Y%m%d}T000000Z"} if is_done else {"status": "pending"}),
        }
        for name, due, is_done in _dated(count)
    ]
    (folder / "all.json").write_text(json.dumps(tasks), encoding="utf-8")
    call = ["task", f"rc:{rc}"]
    subprocess.run([*call, "import", str(folder / "all.json")], check=True, capture_output=True, env=os.environ)
    return [*call, "overdue"]


def hledger(folder: Path, count: int) -> list[str] | None:
    """The same number of dated items as transactions; the balance by account."""
    if shutil.which("hledger") is None:
        return None
    folder.mkdir()
    journal = folder / "all.journal"
    entries = (
        f"{due} {'*' if is_done else '!'} {name}\n    unit:{n % 12}:plan{n % 3}  1\n    owed\n"
        for n, (name, due, is_done) in enumerate(_dated(count))
    )
    journal.write_text("\n".join(entries), encoding="utf-8")
    return ["hledger", "-f", str(journal), "bal"]
