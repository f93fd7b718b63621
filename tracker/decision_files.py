"""``receipts.toml`` and ``decisions.toml`` read and held to their form; ``status/README.md`` explains each kind."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tracker.decisions import OF_FILES, OF_FINDINGS, WAIVERS, Decision, Receipt
from tracker.door import enter, tables
from tracker.entered import Entered
from tracker.language import _
from tracker.plans import Programme
from tracker.problems import Problem, nearest
from tracker.source import Source, read
from tracker.submissions import LARGEST, STATES, canonical_state


@dataclass(frozen=True)
class ReceiptsFile(Entered):
    """``receipts.toml``, key by key."""

    receipt: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class DecisionsFile(Entered):
    """``decisions.toml``, key by key."""

    decision: tuple[Decision, ...] = ()


def read_receipts(path: Path, shown: str) -> tuple[tuple[Receipt, ...], list[Problem]]:
    """A month's receipts; none where there is no file."""
    if not path.exists():
        return (), []
    source = read(path, shown)
    value, problems = enter(ReceiptsFile, source.data, source)
    problems = [*source.problems, *problems]
    problems += [
        source.problem(("receipt", n, "received"), "E05", _("时间要带时区，例如 2026-11-02T16:40:00+08:00。"))
        for n, receipt in enumerate(value.receipt if value is not None else ())
        if receipt.received.tzinfo is None
    ]
    return (value.receipt if value is not None and not any(p.holds for p in problems) else ()), problems


def read_decisions(path: Path, shown: str, programme: Programme) -> tuple[tuple[Decision, ...], list[Problem]]:
    """A month's rulings, those that hold; every problem with the others.

    None of a file with lines that cannot be read: what is missing there may be its very "no".
    """
    if not path.exists():
        return (), []
    source = read(path, shown)
    problems = list(source.problems)
    good = []
    problems += [
        source.problem((key,), "E03", _("不认识的名称“{name}”。", name=key), "[[decision]]")
        for key in source.data
        if key != "decision"
    ]
    for n, entry in enumerate(tables(source, "decision", problems)):
        decision, found = enter(Decision, entry, source, ("decision", n))
        if decision is not None:
            found += _problems(decision, source, n, programme)
        problems += found
        if decision is not None and not found and not source.left_out:
            good.append(replace(decision, place=source.place(("decision", n))))
    return tuple(good), problems


def _problems(d: Decision, source: Source, n: int, programme: Programme) -> list[Problem]:
    """What a ruling's keys and types do not show."""
    at = ("decision", n)
    found = []
    units = [unit.id for unit in programme.units]
    if d.unit not in units:
        message = _("没有报送单位“{unit}”。", unit=d.unit)
        found.append(source.problem((*at, "unit"), "E08", message, nearest(d.unit, units)))
    if d.at.tzinfo is None:
        found.append(source.problem((*at, "at"), "E05", _("时间要带时区，例如 2026-11-02T16:40:00+08:00。")))
    if d.kind == "undo" and d.undoes is None:
        found.append(source.problem(at, "E04", _("要写明撤销的是哪一条意见（undoes）。")))
    found += _on_something(d, source, n, programme)
    if d.item is not None and d.item.partition("@")[0] not in programme.milestones:
        hint = nearest(d.item.partition("@")[0], programme.milestones)
        found.append(source.problem((*at, "item"), "E07", _("没有节点“{item}”。", item=d.item), hint))
    if d.kind == "extend" and d.granted and d.until is None:
        found.append(source.problem(at, "E04", _("同意延期要写延到哪一天（until）。")))
    if d.kind == "waive" and d.ground not in (*WAIVERS, *WAIVERS.values()):
        hint = _("可以写：{values}。", values=_("、").join(WAIVERS.values()))
        found.append(source.problem(at, "E06", _("免除要写明理由类别（ground）。"), hint))
    if d.kind == "correct" and d.state is None:
        found.append(source.problem(at, "E04", _("更正要写状态（state）。")))
    if d.kind == "correct" and canonical_state(d.state or "") == "done" and d.done_on is None:
        found.append(source.problem(at, "E13", _("更正为已完成要写完成日期（done_on）。")))
    if d.kind == "correct" and d.state is not None and canonical_state(d.state) not in STATES:
        hint = _("可以写：{values}。", values=_("、").join(_(chinese) for chinese in STATES.values()))
        found.append(source.problem((*at, "state"), "E06", _("状态“{state}”看不懂。", state=d.state), hint))
    for key in ("done", "total"):
        value = getattr(d, key)
        if value is not None and not 0 <= value < LARGEST:
            found.append(source.problem((*at, key), "E14", _("“{key}”不是一个可信的数。", key=key)))
    return found


def _on_something(d: Decision, source: Source, n: int, programme: Programme) -> Iterator[Problem]:
    """A ruling names an item or a file; one on a finding says of which sheet, and names a clause of a checklist."""
    at = ("decision", n)
    if d.finding is None:
        if d.kind != "undo" and d.item is None and (d.kind not in OF_FILES or d.file is None):
            yield source.problem(at, "E04", _("要写明是哪一项（item）或哪一份月报（file）。"))
        return
    if d.kind not in (*OF_FINDINGS, "undo") or d.item is not None:
        message = _("只有对考核表的异议和裁定才写 finding，不写 item。")
        yield source.problem((*at, "finding"), "E03", message, _("请删去这一行。"))
    if d.file is None:
        yield source.problem(at, "E04", _("要写明是哪一份考核表（file）。"))
    clauses = [name for checklist in programme.checklists for name in checklist.clauses]
    if d.finding not in clauses:
        message, hint = _("清单里没有“{id}”。", id=d.finding), nearest(d.finding or "", clauses)
        yield source.problem((*at, "finding"), "E07", message, hint)
