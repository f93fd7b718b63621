"""The tables that other programs and other offices' forms are given: each column documented, rows in a stable order.

A value is as it was written, a day a day and a number a number; how it is made safe is the business of the
format it goes into.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any, Generic, Literal, TypeVar

from tracker.decisions import Decision
from tracker.filed import Filed
from tracker.language import _, mark
from tracker.occurrences import roles
from tracker.plans import Milestone, Programme
from tracker.reading import HeldFile
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import LIGHTS, status_words
from tracker.submissions import Update

Value = str | int | float | bool | date | datetime | None
Kind = Literal["text", "number", "integer", "yes", "day", "moment"]
Row = tuple[Value, ...]
R = TypeVar("R")

KINDS: Mapping[Kind, str] = {
    "text": mark("文字"),
    "number": mark("数"),
    "integer": mark("整数"),
    "yes": mark("是否"),
    "day": mark("日期"),
    "moment": mark("时刻"),
}

LIST = "；"
"""Between the values of a cell that holds several."""


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column: its name, the kind of its values, what it says, and where a row has it."""

    name: str
    kind: Kind
    words: str
    get: Callable[[R], Value]


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table that can be had of any snapshot."""

    name: str
    words: str
    columns: tuple[Column[R], ...]
    entries: Callable[[Snapshot], Iterator[R]]

    def rows(self, snapshot: Snapshot) -> list[Row]:
        """The rows, cells in the order of the columns."""
        return [tuple(column.get(entry) for column in self.columns) for entry in self.entries(snapshot)]


# --- standings ---


@dataclass(frozen=True, slots=True)
class Stood:
    """A standing and what it is seen in."""

    seen: Snapshot
    s: Standing

    @property
    def m(self) -> Milestone:
        """Its milestone."""
        return self.s.occurrence.milestone

    def said(self, key: str) -> Any:
        """A value of the record that stands."""
        return getattr(self.s.record.update, key) if self.s.record is not None else None


def _standings(snapshot: Snapshot) -> Iterator[Stood]:
    return (Stood(snapshot, s) for s in snapshot.standings)


STANDINGS = Table(
    "standings",
    mark("每一件要办的事在评判日的状态：一个单位、一个期次一行"),
    (
        Column("programme", "text", mark("行动"), lambda r: r.seen.programme.id),
        Column("month", "text", mark("评判日所在的月份"), lambda r: f"{r.seen.clocks.month:%Y-%m}"),
        Column("as_of", "day", mark("评判日"), lambda r: r.seen.clocks.as_of),
        Column("plan", "text", mark("方案的文件名"), lambda r: r.m.plan),
        Column("plan_name", "text", mark("方案的简称"), lambda r: r.seen.plan_of(r.s).head.short),
        Column("task", "text", mark("任务在原文中的编号"), lambda r: r.m.item),
        Column("item", "text", mark("期次编号，在一个行动里对一个单位唯一"), lambda r: r.s.occurrence.id),
        Column(
            "period", "text", mark("期次编号中 @ 后面的部分"), lambda r: r.s.occurrence.id.partition("@")[2] or None
        ),
        Column("title", "text", mark("节点名称"), lambda r: r.m.title),
        Column("what", "text", mark("要做什么"), lambda r: r.m.what),
        Column("wording", "text", mark("期限的原话"), lambda r: r.m.wording),
        Column("unit", "text", mark("报送单位的编号"), lambda r: r.s.occurrence.unit),
        Column("unit_name", "text", mark("报送单位"), lambda r: r.seen.unit_of(r.s).name),
        Column("owner", "text", mark("责任单位或责任人"), lambda r: r.m.owner),
        Column("level", "text", mark("责任层级，几个用“；”隔开"), lambda r: LIST.join(r.m.level)),
        Column("standing", "text", mark("状态的编号"), lambda r: r.s.status),
        Column("standing_name", "text", mark("状态"), lambda r: status_words(r.s.status)),
        Column("light", "text", mark("灯：red yellow green grey"), lambda r: r.s.light),
        Column("light_name", "text", mark("灯：红黄绿灰"), lambda r: _(LIGHTS[r.s.light][1])),
        Column("is_owed", "yes", mark("计入应办事项"), lambda r: r.s.is_owed),
        Column("is_done", "yes", mark("已完成（含已销号）"), lambda r: r.s.is_done),
        Column("is_current", "yes", mark("一次性任务，或评判日所在的那一期"), lambda r: r.s.is_current),
        Column("opens", "day", mark("从哪天起"), lambda r: r.s.occurrence.opens),
        Column("scheduled", "day", mark("原定到期日"), lambda r: r.s.occurrence.due),
        Column("due", "day", mark("到期日，含同意的延期"), lambda r: r.s.due),
        Column("days_late", "integer", mark("逾期天数"), lambda r: r.s.days_late),
        Column("days_late_scheduled", "integer", mark("按原定到期日的逾期天数"), lambda r: r.s.days_late_scheduled),
        Column("done_on", "day", mark("完成日期"), lambda r: r.s.done_on),
        Column(
            "share",
            "number",
            mark("有数字目标的，达到目标的百分之几"),
            lambda r: round(r.s.progress.share, 1) if r.s.progress else None,
        ),
        Column("state", "text", mark("所报的状态"), lambda r: r.said("state")),
        Column("done", "number", mark("所报的完成数"), lambda r: r.said("done")),
        Column("total", "number", mark("所报的总数"), lambda r: r.said("total")),
        Column("cause", "text", mark("原因"), lambda r: r.said("cause")),
        Column("measure", "text", mark("措施"), lambda r: r.said("measure")),
        Column("promised_on", "day", mark("预计完成日期"), lambda r: r.said("promised_on")),
        Column("waiting_on", "text", mark("在等谁"), lambda r: r.said("waiting_on")),
        Column("note", "text", mark("说明"), lambda r: r.said("note")),
        Column(
            "said_in",
            "text",
            mark("最近一次报是哪个月"),
            lambda r: f"{r.s.record.month:%Y-%m}" if r.s.record is not None else None,
        ),
        Column("carried", "yes", mark("沿用上月"), lambda r: r.s.carried),
        Column("source", "text", mark("出自哪个文件的哪一行"), lambda r: str(p) if (p := r.said("place")) else None),
    ),
    _standings,
)


# --- what was sent ---


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission, or an update in it."""

    seen: Snapshot
    filed: Filed
    update: Update | None = None

    @property
    def received(self) -> datetime | None:
        """When it was received; None without a receipt, since then it counts as received just now."""
        return self.filed.received if self.filed.received != self.seen.clocks.known_by else None

    @property
    def unit_name(self) -> str:
        """Who sent it."""
        return self.seen.programme.unit(self.filed.submission.unit).name

    @property
    def stands(self) -> bool:
        """Whether the update is what counts of its item on the day judged on."""
        u = self.update
        s = self.seen.by_key.get((self.filed.submission.unit, u.item)) if u is not None else None
        return s is not None and u is not None and s.record is not None and s.record.update.place == u.place

    def said(self, key: str) -> Any:
        """A value of the update."""
        return getattr(self.update, key)

    def asked_for(self, key: str) -> Any:
        """A value of the update's wish for a later day."""
        wish = self.said("request_extension")
        return getattr(wish, key) if wish is not None else None


def _submissions(snapshot: Snapshot) -> Iterator[Sent]:
    order = {unit.id: n for n, unit in enumerate(snapshot.programme.units)}
    known = [f for f in snapshot.filed if f.submission.month <= snapshot.clocks.month]
    known.sort(key=lambda f: (f.submission.month, order[f.submission.unit], f.submission.version, f.submission.file))
    return (Sent(snapshot, f) for f in known)


def _updates(snapshot: Snapshot) -> Iterator[Sent]:
    return (Sent(snapshot, sent.filed, u) for sent in _submissions(snapshot) for u in sent.filed.submission.updates)


_OF_FILE: tuple[Column[Sent], ...] = (
    Column("programme", "text", mark("行动"), lambda r: r.seen.programme.id),
    Column("month", "text", mark("所报月份"), lambda r: f"{r.filed.submission.month:%Y-%m}"),
    Column("unit", "text", mark("报送单位的编号"), lambda r: r.filed.submission.unit),
    Column("unit_name", "text", mark("报送单位"), lambda r: r.unit_name),
    Column("version", "integer", mark("第几版"), lambda r: r.filed.submission.version),
    Column("received", "moment", mark("收到的时刻；没有回执的空着"), lambda r: r.received),
)

UPDATES = Table(
    "updates",
    mark("各单位报过的每一条，各月各版都在"),
    (
        *_OF_FILE,
        Column("item", "text", mark("期次编号"), lambda r: r.said("item")),
        Column(
            "state",
            "text",
            mark("状态：not-started in-progress blocked done not-applicable"),
            lambda r: r.said("state"),
        ),
        Column("stands", "yes", mark("评判日以这一条为准"), lambda r: r.stands),
        Column("done_on", "day", mark("完成日期"), lambda r: r.said("done_on")),
        Column("as_of", "day", mark("数字截至哪一天"), lambda r: r.said("as_of")),
        Column("done", "number", mark("完成数"), lambda r: r.said("done")),
        Column("total", "number", mark("总数"), lambda r: r.said("total")),
        Column("evidence", "text", mark("佐证材料，几份用“；”隔开"), lambda r: LIST.join(r.said("evidence")) or None),
        Column("cause", "text", mark("原因"), lambda r: r.said("cause")),
        Column("measure", "text", mark("措施"), lambda r: r.said("measure")),
        Column("promised_on", "day", mark("预计完成日期"), lambda r: r.said("promised_on")),
        Column("waiting_on", "text", mark("在等谁"), lambda r: r.said("waiting_on")),
        Column("note", "text", mark("说明"), lambda r: r.said("note")),
        Column("verified_on", "day", mark("县级核实的日期"), lambda r: r.said("verified_on")),
        Column("extension_until", "day", mark("申请延到哪一天"), lambda r: r.asked_for("until")),
        Column("extension_reason", "text", mark("申请延期的理由"), lambda r: r.asked_for("reason")),
        Column("extension_progress", "text", mark("申请延期时的进展"), lambda r: r.asked_for("progress")),
        Column("source", "text", mark("出自哪个文件的哪一行"), lambda r: str(r.said("place"))),
    ),
    _updates,
)


@dataclass(frozen=True, slots=True)
class Handed:
    """A file of a month: one that could be read, or one held whole."""

    seen: Snapshot
    sent: Sent | None
    held: HeldFile | None = None

    def of_file(self, column: Column[Sent]) -> Value:
        """A column that every readable file has; of a file held whole only what is known."""
        if self.sent is not None:
            return column.get(self.sent)
        unit = next((u for u in self.seen.programme.units if self.held is not None and u.id == self.held.unit), None)
        known = {
            "programme": self.seen.programme.id,
            "month": f"{self.held.month:%Y-%m}" if self.held is not None else None,
            "unit": unit.id if unit is not None else None,
            "unit_name": unit.name if unit is not None else None,
        }
        return known.get(column.name)

    def head(self, key: str) -> Any:
        """A value of the file's first lines."""
        return getattr(self.sent.filed.submission.head, key) if self.sent is not None else None

    def count(self, key: str) -> int | None:
        """How many of something it holds."""
        return len(getattr(self.sent.filed.submission, key)) if self.sent is not None else None

    @property
    def file(self) -> str:
        """The file as people are shown it."""
        return self.sent.filed.submission.file if self.sent is not None else self.held.file if self.held else ""


def _handed(snapshot: Snapshot) -> Iterator[Handed]:
    yield from (Handed(snapshot, sent) for sent in _submissions(snapshot))
    known = sorted(held for held in snapshot.held_files if held.month <= snapshot.clocks.month)
    yield from (Handed(snapshot, None, held) for held in known)


def _of_file(column: Column[Sent]) -> Column[Handed]:
    return Column(column.name, column.kind, column.words, lambda r: r.of_file(column))


SUBMISSIONS = Table(
    "submissions",
    mark("收到的每一份月报；整份暂存的排在最后"),
    (
        *(_of_file(column) for column in _OF_FILE),
        Column("file", "text", mark("文件"), lambda r: r.file),
        Column("sha256", "text", mark("内容的校验值"), lambda r: r.sent.filed.submission.digest if r.sent else None),
        Column("is_held", "yes", mark("整份暂存，没有计入"), lambda r: r.held is not None),
        Column("opening", "yes", mark("建账文件"), lambda r: r.head("opening")),
        Column("part", "text", mark("只报这些方案，用“；”隔开"), lambda r: LIST.join(r.head("part") or ()) or None),
        Column("rest", "text", mark("unchanged：其余事项与上月一致"), lambda r: r.head("rest")),
        Column("prepared_by", "text", mark("填报人"), lambda r: r.head("prepared_by")),
        Column("checked_by", "text", mark("审核人"), lambda r: r.head("checked_by")),
        Column("approved_by", "text", mark("负责人"), lambda r: r.head("approved_by")),
        Column("updates", "integer", mark("计入几条"), lambda r: r.count("updates")),
        Column("held", "integer", mark("暂存几条"), lambda r: r.count("held")),
        Column("events", "integer", mark("登记了几件事"), lambda r: r.count("events")),
        Column("practices", "text", mark("主要做法"), lambda r: r.head("practices")),
        Column("difficulties", "text", mark("存在问题"), lambda r: r.head("difficulties")),
        Column("suggestions", "text", mark("意见建议"), lambda r: r.head("suggestions")),
    ),
    _handed,
)


# --- what the plans want, what the city ruled ---


@dataclass(frozen=True, slots=True)
class Planned:
    """A milestone and its programme."""

    programme: Programme
    m: Milestone

    @property
    def units(self) -> str:
        """Who owes it."""
        owing = roles(self.programme, self.programme.plan(self.m.plan), self.m)
        return LIST.join(role.unit.id for role in owing if not role.contributes)

    def target(self, key: str) -> Any:
        """A value of its target."""
        return getattr(self.m.target, key) if self.m.target is not None else None


def _milestones(snapshot: Snapshot) -> Iterator[Planned]:
    return (Planned(snapshot.programme, m) for plan in snapshot.programme.plans for m in plan.milestones)


def _by(m: Milestone) -> str | None:
    return str(m.by) if m.by is not None else None


MILESTONES = Table(
    "milestones",
    mark("方案里的每个节点和它的期限规则；名称的含义见 plans/README.md"),
    (
        Column("programme", "text", mark("行动"), lambda r: r.programme.id),
        Column("plan", "text", mark("方案的文件名"), lambda r: r.m.plan),
        Column("task", "text", mark("任务在原文中的编号"), lambda r: r.m.item),
        Column("id", "text", mark("节点编号"), lambda r: r.m.id),
        Column("title", "text", mark("节点名称"), lambda r: r.m.title),
        Column("what", "text", mark("要做什么"), lambda r: r.m.what),
        Column("wording", "text", mark("期限的原话"), lambda r: r.m.wording),
        Column("kind", "text", mark("种类"), lambda r: r.m.kind),
        Column("opens", "day", mark("从哪天起"), lambda r: r.m.opens),
        Column("due", "day", mark("到期日"), lambda r: r.m.due),
        Column("every", "text", mark("周期"), lambda r: r.m.every),
        Column("by", "text", mark("周期内的哪一天"), lambda r: _by(r.m)),
        Column("from", "day", mark("周期从哪天起"), lambda r: r.m.from_),
        Column("until", "day", mark("周期到哪天止"), lambda r: r.m.until),
        Column("times", "integer", mark("每期几次"), lambda r: r.m.times),
        Column("lag", "integer", mark("办的是前几期的事"), lambda r: r.m.lag),
        Column("event", "text", mark("从哪种事起算"), lambda r: r.m.event),
        Column("term", "text", mark("起算之后多久"), lambda r: r.m.term),
        Column("earliest", "text", mark("最早"), lambda r: r.m.earliest),
        Column("within", "text", mark("最晚"), lambda r: r.m.within),
        Column("after", "text", mark("哪一项逾期的后果"), lambda r: r.m.after),
        Column("target_op", "text", mark("目标：>= <= = ~ all"), lambda r: r.target("op")),
        Column("target_value", "number", mark("目标的数；百分数写 80"), lambda r: r.target("value")),
        Column("target_unit", "text", mark("目标的单位"), lambda r: r.target("unit")),
        Column("target_of", "text", mark("目标的总体"), lambda r: r.target("of")),
        Column("target_pool", "text", mark("programme：全市一个数"), lambda r: r.target("pool")),
        Column("owner", "text", mark("责任单位或责任人"), lambda r: r.m.owner),
        Column("level", "text", mark("责任层级，几个用“；”隔开"), lambda r: LIST.join(r.m.level)),
        Column("units", "text", mark("由哪些单位报，用“；”隔开"), lambda r: r.units),
        Column("strength", "text", mark("全部 all、基本 mostly、力争 strive"), lambda r: r.m.strength),
        Column("certainty", "text", mark("原文写明 stated、解读 read、另有出处 external"), lambda r: r.m.certainty),
        Column("reading", "text", mark("怎样解读的"), lambda r: r.m.reading),
        Column("waits_on", "text", mark("待哪个上级明确"), lambda r: r.m.waits_on),
    ),
    _milestones,
)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling and what it is seen in."""

    seen: Snapshot
    d: Decision


def _decisions(snapshot: Snapshot) -> Iterator[Ruled]:
    known = [d for d in snapshot.decisions if d.at <= snapshot.clocks.known_by and d.month <= snapshot.clocks.month]
    return (Ruled(snapshot, d) for d in sorted(known, key=lambda d: (d.month, d.at, d.place)))


DECISIONS = Table(
    "decisions",
    mark("市级的每一条审核意见；名称的含义见 status/README.md"),
    (
        Column("programme", "text", mark("行动"), lambda r: r.seen.programme.id),
        Column("month", "text", mark("所涉月份；对考核表的是哪一期"), lambda r: PurePosixPath(r.d.folder).name),
        Column("kind", "text", mark("种类"), lambda r: r.d.kind),
        Column("unit", "text", mark("报送单位的编号"), lambda r: r.d.unit),
        Column("unit_name", "text", mark("报送单位"), lambda r: r.seen.programme.unit(r.d.unit).name),
        Column("item", "text", mark("期次编号；对整份月报的空着"), lambda r: r.d.item),
        Column("file", "text", mark("哪份月报或考核表"), lambda r: r.d.file),
        Column("finding", "text", mark("考核表的哪一条扣分"), lambda r: r.d.finding),
        Column("sha256", "text", mark("所审内容的校验值"), lambda r: r.d.sha256),
        Column("by", "text", mark("谁"), lambda r: r.d.by),
        Column("at", "moment", mark("何时"), lambda r: r.d.at),
        Column("reason", "text", mark("为什么"), lambda r: r.d.reason),
        Column("until", "day", mark("到哪一天"), lambda r: r.d.until),
        Column(
            "granted",
            "yes",
            mark("同意延期，采纳异议"),
            lambda r: r.d.granted if r.d.kind in ("extend", "answer") else None,
        ),
        Column("ground", "text", mark("免除的理由类别"), lambda r: r.d.ground),
        Column("state", "text", mark("更正的状态"), lambda r: r.d.state),
        Column("done_on", "day", mark("更正的完成日期"), lambda r: r.d.done_on),
        Column("done", "number", mark("更正的完成数"), lambda r: r.d.done),
        Column("total", "number", mark("更正的总数"), lambda r: r.d.total),
        Column("cause", "text", mark("更正的原因"), lambda r: r.d.cause),
        Column("measure", "text", mark("更正的措施"), lambda r: r.d.measure),
        Column("promised_on", "day", mark("更正的预计完成日期"), lambda r: r.d.promised_on),
        Column("note", "text", mark("说明"), lambda r: r.d.note),
        Column("source", "text", mark("出自哪个文件的哪一行"), lambda r: str(r.d.place)),
    ),
    _decisions,
)

TABLES: Mapping[str, Table[Any]] = {
    table.name: table for table in (STANDINGS, UPDATES, MILESTONES, DECISIONS, SUBMISSIONS)
}
"""Every table by name."""
