"""Receipts and rulings: what the city knew when, and what it decided.

Both are appended to, never rewritten: ``status/<programme>/<month>/receipts.toml`` and
``decisions.toml``; ``status/README.md`` explains each kind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Literal

from tracker.entered import FILLED, Entered
from tracker.language import mark
from tracker.months import month_of
from tracker.problems import Place
from tracker.submissions import Update, canonical_state

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
"""Kinds that may judge a submission, or an enterprise's sheet, as a whole."""

OF_FINDINGS = ("object", "answer")
"""Kinds that may speak of one finding of an enterprise's sheet."""

OF_MILESTONES = ("waive", "suspend", "reopen")
"""Kinds that may rule on all periods of a milestone at once, naming it without a period."""

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
    """The occurrence; without it the ruling is on ``file``."""
    file: str | None = None
    """The submission or sheet judged, its name in the folder of the month or of the checklist's period."""
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
    finding: str | None = None
    """object, answer: the finding of the sheet ``file`` that the enterprise denies, by its clause."""
    place: Place = field(default=Place(""), metadata=FILLED)

    @property
    def month(self) -> date:
        """First day of the month whose folder it stands in: the month it speaks of."""
        return month_of(PurePosixPath(self.place.file).parent.name) or date.min

    @property
    def folder(self) -> str:
        """The folder it stands in, as people are shown it: that of a month, or of a checklist's period."""
        return str(PurePosixPath(self.place.file).parent)

    @cached_property
    def id(self) -> str:
        """What the ruling says, as ten characters: computed, so that another ruling can name it."""
        # What names no finding keeps the number that it had before there were rulings on them.
        unsaid = ("place", "finding") if self.finding is None else ("place",)
        said = [f"{f.name}={getattr(self, f.name)}" for f in fields(self) if f.name not in unsaid]
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
