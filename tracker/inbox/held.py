"""What cannot be taken: kept whole in ``held/``, its report beside it."""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from io import StringIO
from pathlib import Path

from tracker import records, signatures, writing
from tracker.inbox.attachments import keep_signature
from tracker.inbox.desk import Desk, Shelves, legible
from tracker.inbox.folders import folder_of, kept_before
from tracker.inbox.received import Received
from tracker.inbox.senders import month_said, unit_said
from tracker.language import _
from tracker.problems import Problem, worst_first
from tracker.sheets import is_sheet
from tracker.source import Source
from tracker.terminal import print_problem
from tracker.workspace import HELD


def hold(
    desk: Desk,
    shelves: Shelves,
    path: Path,
    content: bytes,
    source: Source,
    problems: Sequence[Problem] | None = None,
) -> Received:
    """What cannot be taken: kept whole in ``held/`` with its report beside it."""
    given = desk.shown(path)
    problems = tuple(source.problems if problems is None else problems)
    reason = next((p.message for p in worst_first(problems) if p.holds), "")
    start = sha256(content).hexdigest()[:16]
    before = kept_before(desk, shelves, f"held/{start}-*")
    folder = (before or folder_of(desk, shelves, source)) / "held"
    # A sheet held is no month's file that its unit would still owe.
    unit = "" if is_sheet(source.data) else unit_said(shelves, source) or desk.unit or ""
    named = (p for p in sorted(folder.glob(f"{start}-*")) if not p.name.endswith((REPORT, signatures.ENDING)))
    target = next(named, None)
    if target is None:
        target = folder / f"{start}-{_safe(legible(path.name))}"
        writing.create(target, content)
    else:
        reason += _("（此前已暂存）")
    keep_signature(path, target)
    report = target.with_name(f"{target.name}{REPORT}")
    if not report.exists():
        writing.create(report, _report(desk, path, problems).encode())
    if not any(one.get("file") == target.name for one in records.entries(folder / HELD, "held")):
        entry = {"file": target.name, "unit": unit, "name": legible(path.name), "received": desk.moment}
        writing.append(folder / HELD, records.entry("held", {key: value for key, value in entry.items() if value}))
    return Received(given, "held", desk.workspace.shown(target), unit, month_said(source), None, None, problems, reason)


REPORT = ".report.txt"
"""How the report beside a held file ends."""

LONGEST_NAME = 120
"""Bytes of a held file's own name; systems allow 255 with what stands around it."""


def _report(desk: Desk, path: Path, problems: Iterable[Problem]) -> str:
    text = StringIO()
    text.write(_("{name}，{moment} 收到，没有收进：", name=legible(path.name), moment=desk.moment) + "\n")
    for problem in worst_first(problems):
        print_problem(text, problem)
    return text.getvalue()


def _safe(name: str) -> str:
    """A name that every system takes, its end kept: there the ending is."""
    found = re.sub(r"[^\w.-]", "_", name).strip(".")
    while len(found.encode()) > LONGEST_NAME:
        found = found[1:]
    return found.lstrip(".") or "file"
