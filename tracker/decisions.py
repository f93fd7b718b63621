"""Receipts and rulings: what the city knew when, and what it decided.

Both are appended to, never rewritten: ``status/<programme>/<month>/receipts.toml`` and
``decisions.toml``. Here they are read; ``status/README.md`` explains each kind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Literal

from tracker.door import FILLED, Entered, enter, tables
from tracker.language import _, mark
from tracker.plans import Programme
from tracker.problems import Place, Problem, nearest
from tracker.source import Source, read
from tracker.submissions import LARGEST, STATES, Update, canonical_state, month_of

DecisionKind = Literal[
    "accept", "return", "withdraw", "verify", "refuse", "extend", "waive", "suspend", "close", "correct", "reopen",
    "object", "answer", "undo",
]  # fmt: skip

KINDS: Mapping[str, str] = {
    "accept": mark("审核通过"),
    "return": mark("退回"),
    "withdraw": mark("撤回"),
    "verify": mark("核实销号"),
    "refuse": mark("核实不通过"),
    "extend": mark("延期"),
    "waive": mark("免除"),
    "suspend": mark("中止"),
    "close": mark("已说明结案"),
    "correct": mark("市级更正"),
    "reopen": mark("重新开启"),
    "object": mark("核对异议"),
    "answer": mark("异议裁定"),
    "undo": mark("撤销意见"),
}

OF_FILES = ("accept", "return", "withdraw")
"""Kinds that may judge a submission as a whole."""

WAIVERS: Mapping[str, str] = {
    "not-applicable": mark("不涉及"),
    "adjusted": mark("任务调整"),
    "terminated": mark("终止"),
}


@dataclass(frozen=True)
class Receipt(Entered):
    """What was received when: the moment from which the city knew a file."""

    file: str
    sha256: str
    received: datetime
    updates: int = 0
    held: int = 0
    name: str = ""
    """What the file was called when it came."""
    origin: str = ""
    """sha256 of the workbook that the file was read from, where it came as one."""
    signed_by: str = ""
    """Who signed what came, and with which key; empty where no signature is asked for."""


@dataclass(frozen=True)
class Decision(Entered):
    """One ruling of the city, dated, signed, with its reason."""

    kind: DecisionKind
    unit: str
    by: str
    at: datetime
    reason: str
    item: str | None = None
    """The occurrence; without it the ruling is on the submission ``file``."""
    file: str | None = None
    """The submission judged, its name in the month's folder."""
    sha256: str | None = None
    """The content judged; another content voids the ruling."""
    until: date | None = None
    """extend: the day granted; return: the day by which an answer is due."""
    granted: bool = True
    """extend: whether the wish was granted; answer: whether the objection was upheld."""
    ground: str | None = None
    """waive: 不涉及, 任务调整 or 终止."""
    state: str | None = None
    done_on: date | None = None
    done: int | float | None = None
    total: int | float | None = None
    cause: str | None = None
    measure: str | None = None
    promised_on: date | None = None
    waiting_on: str | None = None
    note: str | None = None
    undoes: str | None = None
    """undo: the ruling that is taken back, by its ``id``."""
    place: Place = field(default=Place(""), metadata=FILLED)

    @property
    def month(self) -> date:
        """First day of the month whose folder it stands in: the month it speaks of."""
        return month_of(PurePosixPath(self.place.file).parent.name) or date.min

    @cached_property
    def id(self) -> str:
        """What the ruling says, as ten characters: computed, so that another ruling can name it."""
        said = [f"{f.name}={getattr(self, f.name)}" for f in fields(self) if f.name != "place"]
        return sha256("\n".join(said).encode()).hexdigest()[:10]

    def as_update(self) -> Update:
        """A correction as the update it stands for."""
        return Update(
            self.item or "",
            canonical_state(self.state or "in-progress"),
            done_on=self.done_on,
            done=self.done,
            total=self.total,
            cause=self.cause,
            measure=self.measure,
            promised_on=self.promised_on,
            waiting_on=self.waiting_on,
            note=self.note,
            place=self.place,
        )


def in_force(decisions: Iterable[Decision], known_by: datetime | None = None) -> tuple[Decision, ...]:
    """The rulings made by a moment (without one: all) that had not been taken back by then."""
    made = [d for d in decisions if known_by is None or d.at <= known_by]
    undone = {d.undoes for d in made if d.kind == "undo"}
    return tuple(d for d in made if d.kind != "undo" and d.id not in undone)


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
    if d.kind != "undo" and d.item is None and (d.kind not in OF_FILES or d.file is None):
        found.append(source.problem(at, "E04", _("要写明是哪一项（item）或哪一份月报（file）。")))
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
