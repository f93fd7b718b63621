"""A ledger as opening files: those entries that pass, and every row that became none with its reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import tomli_w

from tracker import writing
from tracker.deadlines import months_later
from tracker.language import _
from tracker.ledger.entries import Entry, Reader
from tracker.ledger.mapping import LedgerMapping
from tracker.ledger.matching import Matching
from tracker.ledger.rows import Miss, Unmatched, read_rows
from tracker.plans import Programme
from tracker.problems import Problem
from tracker.submissions import STATES, Context, Update
from tracker.terminal import plain
from tracker.workspace import SCHEMA, Workspace


@dataclass(frozen=True)
class LedgerResult:
    """What a ledger gives."""

    openings: Mapping[str, str]
    """Unit to the text of its opening file."""
    unmatched: tuple[Unmatched, ...]
    problems: tuple[Problem, ...] = ()
    """With the workbook itself: unreadable, a sheet or a column that is not there."""
    entries: int = 0
    passed_over: tuple[str, ...] = ()
    """Rows with a single cell filled, taken for headings: sheet and row."""


def read_ledger(content: bytes, mapping: LedgerMapping, context: Context, shown: str = "") -> LedgerResult:
    """A workbook's bytes as opening files, and all that could not be matched; nothing is written."""
    problems: list[Problem] = []
    unmatched: list[Unmatched] = []
    entries: dict[tuple[str, str], list[Entry]] = {}
    passed_over: list[str] = []
    reader = Reader(Matching(mapping, context))
    for row in read_rows(content, mapping, shown, problems):
        if len(row.cells) == 1:
            passed_over.append(f"{row.sheet.name} {row.number}")
            continue
        found = reader.entries(row)
        if isinstance(found, Miss):
            unmatched.append(row.unmatched(found))
            continue
        for entry in found:
            entries.setdefault((entry.unit, entry.occurrence.id), []).append(entry)
    good = []
    for (_unit, item), same in entries.items():
        if all(entry.update == same[0].update for entry in same):
            good.append(same[0])
            continue
        # Of an item written twice neither entry counts: nobody can say which was meant.
        rows = _("、").join(f"{entry.row.sheet.name} {entry.row.number}" for entry in same)
        miss = Miss(_("{item} 写了几次，说法不同：{rows}。", item=item, rows=rows), _("请只留一行。"))
        unmatched += [entry.row.unmatched(miss) for entry in same]
    openings = {
        unit.id: _opening(mapping, context.programme, unit.id, own)
        for unit in context.programme.units
        if (own := [entry for entry in good if entry.unit == unit.id])
    }
    return LedgerResult(openings, tuple(sorted(set(unmatched))), tuple(problems), len(good), tuple(passed_over))


def _opening(mapping: LedgerMapping, programme: Programme, unit: str, entries: Iterable[Entry]) -> str:
    """A unit's opening file, in the order of the plans."""
    order = {item: n for n, item in enumerate(programme.milestones)}
    head = {
        "unit": unit,
        "month": f"{months_later(programme.head.records_from, -1):%Y-%m}",
        "prepared_by": mapping.prepared_by,
        "checked_by": mapping.checked_by,
        "approved_by": mapping.approved_by,
        "opening": True,
    }
    parts = [
        f"#:schema ../{SCHEMA}",
        "# " + _("由现有台账生成：每条上面写着来自哪一行。请核对。"),
        tomli_w.dumps(head),
    ]
    for entry in sorted(entries, key=lambda e: (order[e.occurrence.milestone.id], e.occurrence.opens, e.occurrence.id)):
        m = entry.occurrence.milestone
        where = f"{entry.row.sheet.name} {entry.row.number}　{programme.plan(m.plan).head.short} {m.item}　{m.title}"
        read = _("（哪一期是推定的）") if entry.is_read else ""
        parts.append(f"# {plain(where)}{read}\n[[update]]\n{tomli_w.dumps(_written(entry.update))}")
    return "\n".join(parts)


def _written(update: Update) -> dict[str, Any]:
    """An update as its file says it."""
    said = {f.name: getattr(update, f.name) for f in fields(Update) if f.name != "place"}
    words = {"state": STATES[update.state], "evidence": list(update.evidence)}
    return {key: value for key, value in {**said, **words}.items() if value not in (None, [])}


def write_openings(workspace: Workspace, programme: Programme, result: LedgerResult) -> tuple[list[Path], list[Path]]:
    """The opening files written, and those that were there already and were left alone.

    The caller holds the workspace's lock.
    """
    written, kept = [], []
    for unit, text in result.openings.items():
        path = workspace.status(programme.id) / "opening" / f"{unit}.toml"
        try:
            writing.create(path, text.encode())
        except FileExistsError:
            kept.append(path)
        else:
            written.append(path)
    return written, kept
