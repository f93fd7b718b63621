"""报送: a month's submissions in protocol order: what came, what is missing, held, sent back, accepted."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tracker.arrivals import Arrival, arrivals
from tracker.clocks import CHINA
from tracker.language import _
from tracker.problems import labelled
from tracker.reporting import countdown, reporting_words
from tracker.snapshot import Snapshot
from tracker.submissions import STATES, Update
from tracker.tui.actions import Subject
from tracker.tui.explained import Explained
from tracker.tui.grid import Column, Grid, Line
from tracker.tui.months import MonthView
from tracker.tui.sections import Section
from tracker.tui.words import Words, shown
from tracker.why import said_lines

LOOKS = {
    "on-time": "green", "late": "yellow", "missing": "red", "returned": "yellow", "held": "red", "awaited": "grey",
}  # fmt: skip
SIGNS = {"red": "x", "yellow": "!", "green": "+", "grey": "-"}


@dataclass(frozen=True)
class Found:
    """What the page shows."""

    snapshot: Snapshot
    month: date
    arrivals: list[Arrival]


class Inbox(MonthView):
    """Who has sent what for a month."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "receive", _("收文件"), show=False, tooltip=_("收进一个文件夹里的月报和附件"), id="inbox.receive"),
    ]

    def __init__(self) -> None:
        super().__init__("inbox")

    def content(self) -> ComposeResult:
        """The countdown, and a line a unit."""
        yield Words(classes="lines", id="countdown")
        yield Explained(Grid(id="units", empty=_("这个月没有单位要报。"), marks=True), self.arrival_words)
        yield Words(classes="lines", id="chase")

    def on_mount(self) -> None:
        """The cursor begins in the units."""
        self.query_one("#units").focus()

    def work_out(self, snapshot: Snapshot) -> Found:
        """The month's submissions."""
        return Found(snapshot, self.month, arrivals(snapshot, self.month, self.session.today))

    def lay_out(self, found: object) -> None:
        """Show them."""
        assert isinstance(found, Found)  # noqa: S101 - what work_out gave
        counts = Counter(a.reported.status for a in found.arrivals)
        parts = [_("{word} {n}", word=reporting_words(status), n=n) for status, n in counts.items()]
        parts += [_("审核通过 {n}", n=n)] if (n := sum(a.is_accepted for a in found.arrivals)) else []
        self.say(
            _(
                "{month}月报　{parts}",
                month=_("{y}年{m}月", y=found.month.year, m=found.month.month),
                parts=" · ".join(parts),
            )
        )
        lines = countdown(found.snapshot.programme, found.month, self.session.today)
        self.query_one("#countdown", Words).say(shown(_("；").join(lines)))
        columns = [
            Column("unit", _("单位")),
            Column("status", _("情况")),
            Column("received", _("收到")),
            Column("versions", _("版"), right=True),
            Column("updates", _("填报"), right=True),
            Column("held", _("有错"), right=True),
            Column("returned", _("退回"), right=True),
            Column("findings", _("疑点"), right=True),
            Column("accepted", _("审核")),
            Column("file", _("文件"), waits=1),
        ]
        self.query_one("#units", Grid).fill(columns, found.arrivals, _line, _key)
        self.show_chase()

    @on(Grid.Moved)
    def show_chase(self) -> None:
        """The text that chases the unit under the cursor."""
        item = self.query_one("#units", Grid).item
        text = item.text if isinstance(item, Arrival) else ""
        words = self.query_one("#chase", Words)
        words.say(shown(_("催报短信：{text}", text=text)) if text else "")
        words.display = bool(text)

    def arrival_words(self, item: object) -> list[Section]:
        """What is odd in what a unit sent, its own words, and what it reports."""
        from tracker.tui.submission import own_words  # noqa: PLC0415 - when there is room for it

        assert isinstance(item, Arrival)  # noqa: S101 - what fill was given
        assert self.seen is not None  # noqa: S101 - as above
        known = self.seen.programme.milestones

        def about(item: str, words: str) -> str:
            # A version before may have named what there is not.
            milestone = known.get(item.partition("@")[0])
            return labelled(milestone.title if milestone is not None else item, words)

        odd = [about(f.item, f.message) for f in item.findings]
        own = [section for s in item.submissions for section in own_words(s)]
        updates = [about(u.item, update_words(u)) for s in item.submissions for u in s.updates]
        return [section for section in ((_("疑点"), odd), *own, (_("进展"), updates)) if section[1]]

    @property
    def subject(self) -> Subject | None:
        """The units' submissions of the month: those marked, or the one under the cursor."""
        chosen = tuple(a.reported.unit.id for a in self.query_one("#units", Grid).chosen if isinstance(a, Arrival))
        if not chosen or self.seen is None:
            return None
        return Subject(self.seen, unit=chosen[0], month=self.month, units=chosen)

    @on(Grid.Chosen)
    def open_submission(self) -> None:
        """What it says."""
        from tracker.tui.submission import SubmissionScreen  # noqa: PLC0415 - when it is wanted

        item = self.query_one("#units", Grid).item
        if isinstance(item, Arrival) and self.seen is not None:
            self.open(SubmissionScreen(item.reported.unit.id, self.month), self.seen)

    def action_receive(self) -> None:
        """Files from a folder."""
        from tracker.tui.receiving import receive  # noqa: PLC0415 - when it is wanted

        receive(self)


def update_words(u: Update) -> str:
    """An update in a line."""
    numbers = "/".join(f"{n:g}" for n in (u.done, u.total) if n is not None)
    return "　".join(part for part in (_(STATES[u.state]), numbers, *said_lines(u)) if part)


def _line(item: object) -> Line:
    assert isinstance(item, Arrival)  # noqa: S101 - what fill was given
    r = item.reported
    look = LOOKS[r.status]
    is_here = r.status not in ("missing", "awaited")
    cells = (
        r.unit.brief,
        f"{SIGNS[look]} {reporting_words(r.status)}",
        f"{r.received.astimezone(CHINA):%m-%d %H:%M}" if r.received is not None else "",
        str(r.versions or ""),
        str(item.updates) if is_here else "",
        str(item.held or ""),
        str(item.returned or ""),
        str(len(item.findings) or ""),
        _("通过") if item.is_accepted else "",
        r.file.rpartition("/")[2],
    )
    return Line(cells, {1: look, 5: "red", 6: "yellow", 7: "yellow", 8: "green"})


def _key(item: object) -> object:
    assert isinstance(item, Arrival)  # noqa: S101 - what fill was given
    return item.reported.unit.id
