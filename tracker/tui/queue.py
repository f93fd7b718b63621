"""待办: what waits for the city's word, the most pressing first; one key agrees, one does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from textual import on
from textual.app import ComposeResult

from tracker.deadlines import month_end
from tracker.language import _
from tracker.pending import Pending, pending, requested
from tracker.pending import words as waits_for
from tracker.problems import labelled
from tracker.snapshot import Snapshot
from tracker.statuses import light_words, status_words
from tracker.tui.actions import Subject
from tracker.tui.deciding import sheet_of
from tracker.tui.explained import Explained
from tracker.tui.grid import Column, Grid, Heading, Line
from tracker.tui.months import MonthView
from tracker.tui.sections import Section


@dataclass(frozen=True)
class Found:
    """What the page shows."""

    snapshot: Snapshot
    waiting: list[Pending]


class Queue(MonthView):
    """The coordinator's own list."""

    def __init__(self) -> None:
        super().__init__("queue")

    def content(self) -> ComposeResult:
        """What waits, by what is wanted."""
        yield Explained(Grid(id="waiting", empty=_("没有等您作意见的。"), marks=True), self.pending_words)

    def on_mount(self) -> None:
        """The cursor begins in the list."""
        self.query_one("#waiting").focus()

    def work_out(self, snapshot: Snapshot) -> Found:
        """What waits at the month's end, or now if it has not ended."""
        day = min(month_end(self.month), self.session.as_of or self.session.today)
        then = snapshot if day == snapshot.clocks.as_of else snapshot.on(day)
        return Found(then, pending(then))

    def lay_out(self, found: object) -> None:
        """Show it."""
        assert isinstance(found, Found)  # noqa: S101 - what work_out gave
        self.seen = found.snapshot
        self.say(_("{month}　等待意见 {n} 项", month=f"{self.month:%Y-%m}", n=len(found.waiting)))
        columns = [
            Column("unit", _("单位")),
            Column("title", _("任务节点"), gives=True),
            Column("said", _("怎么说的"), gives=True),
            Column("since", _("自何日起"), waits=1),
            Column("status", _("现状")),
            Column("item", _("期次编号"), waits=2),
        ]
        self.query_one("#waiting", Grid).fill(columns, list(_grouped(found.waiting)), self._line, _key)

    def _line(self, item: object) -> Line:
        assert isinstance(item, Pending)  # noqa: S101 - what fill was given
        assert self.seen is not None  # noqa: S101 - filled after it was laid out
        s = item.standing
        unit, since = self.seen.programme.unit(item.unit).brief, str(item.since or "")
        if item.finding:
            return self._of_finding(self.seen, item)
        if s is None:
            return Line((unit, _("月报"), item.file.rpartition("/")[2], since, "", ""), {2: "faint"})
        status = f"{light_words(s.light)[0]} {status_words(s.status)}"
        return Line((unit, s.occurrence.milestone.title, said(item), since, status, item.item), {4: s.light})

    def pending_words(self, item: object) -> list[Section]:
        """How what waits came to stand as it does; nothing of files and sheets."""
        return self.in_short(item.standing if isinstance(item, Pending) else None)

    @staticmethod
    def _of_finding(seen: Snapshot, item: Pending) -> Line:
        sheet = sheet_of(seen, item)
        title = _("{name}　{period} 考核表", name=sheet.enterprise.brief, period=sheet.period.label)
        words = labelled(sheet.checklist.clauses[item.finding], sheet.contested[item.finding].objection.reason)
        unit, status = seen.programme.unit(item.unit).brief, _("有异议待裁定")
        return Line((unit, title, words, str(item.since or ""), status, item.finding))

    @property
    def subject(self) -> Subject | None:
        """What is marked, or the line under the cursor."""
        chosen = [p for p in self.query_one("#waiting", Grid).chosen if isinstance(p, Pending)]
        if self.seen is None or not chosen:
            return None
        standings = tuple(p.standing for p in chosen if p.standing is not None)
        units = tuple(dict.fromkeys(p.unit for p in chosen))
        if any(p.finding for p in chosen):
            return Subject(self.seen, unit=units[0], units=units, waiting=tuple(chosen))
        month = None if standings else self.seen.clocks.month
        return Subject(
            self.seen, standings if len(standings) == len(chosen) else (), units[0], month, units, tuple(chosen)
        )

    @on(Grid.Chosen)
    def open_one(self) -> None:
        """The item month by month, or the submission."""
        from tracker.tui.submission import SubmissionScreen  # noqa: PLC0415 - when it is wanted

        item = self.query_one("#waiting", Grid).item
        if not isinstance(item, Pending) or self.seen is None:
            return
        if item.finding:
            from tracker.tui.score_sheet import ScoreScreen  # noqa: PLC0415 - as above

            sheet = sheet_of(self.seen, item)
            self.open(ScoreScreen(sheet.stem, sheet.period.label), self.seen)
        elif item.standing is not None:
            self.open_subject(Subject(self.seen, (item.standing,)))
        else:
            self.open(SubmissionScreen(item.unit, self.seen.clocks.month), self.seen)


def said(item: Pending) -> str:
    """What the unit says that the ruling is on."""
    s = item.standing
    u = s.record.update if s is not None and s.record is not None else None
    if s is None or u is None:
        return ""
    if item.kind == "extend":
        return _("申请延到 {day}", day=requested(s))
    if item.kind == "verify":
        return _("{day} 完成", day=u.done_on) if u.done_on else ""
    return u.cause or u.note or ""


def _grouped(waiting: list[Pending]) -> Iterator[object]:
    for _kind, group in groupby(waiting, key=lambda p: p.kind):
        members = list(group)
        yield Heading(_("{words} {n} 项", words=waits_for(members[0]), n=len(members)))
        yield from members


def _key(item: object) -> object:
    assert isinstance(item, Pending)  # noqa: S101 - what fill was given
    return item.kind, item.unit, item.item, item.file
