"""报告: a month's bulletin or a unit's report as it would be written now, and what is still missing for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tracker.arrivals import arrivals
from tracker.deadlines import month_end
from tracker.language import _
from tracker.reporting import countdown
from tracker.reports import FORMATS, paper
from tracker.reports.document import Document
from tracker.snapshot import Snapshot
from tracker.tui.choose import Choose
from tracker.tui.months import MonthView
from tracker.tui.paper import Paper
from tracker.tui.session import read_only
from tracker.tui.words import Words, shown

if TYPE_CHECKING:
    from tracker.editions import Edition


@dataclass(frozen=True)
class Found:
    """What the page shows at once."""

    snapshot: Snapshot
    """Judged at the month's end."""
    month: date
    issued: "Edition | None"
    """Where the month has been issued."""


@dataclass(frozen=True)
class Written:
    """What takes a moment longer."""

    document: Document
    lacking: list[str]


class Report(MonthView):
    """The month's paper."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "whose", _("换单位"), tooltip=_("市级通报，或某个单位给市级的报告"), id="report.whose"),
        Binding("i", "issue", _("定稿"), tooltip=_("印发：定稿，连同全部依据存档"), id="report.issue"),
        Binding("x", "export", _("导出"), tooltip=_("写成文件，放在当前文件夹"), id="report.export"),
    ]

    def __init__(self) -> None:
        super().__init__("report")
        self.unit: str | None = None
        self.found: Found | None = None

    def content(self) -> ComposeResult:
        """What is missing, then the paper."""
        yield Words(classes="lines", id="lacking")
        yield Paper()

    def on_mount(self) -> None:
        """The paper scrolls."""
        self.query_one(Paper).focus()

    def work_out(self, snapshot: Snapshot) -> Found:
        """The month's end, and whether it was issued."""
        month = self.month
        return Found(snapshot.on(month_end(month)), month, self.session.issued(month))

    def _write(self, snapshot: Snapshot, found: Found) -> Written:
        return Written(paper(found.snapshot, self.unit), list(self._lacking(snapshot, found.month)))

    def _lacking(self, snapshot: Snapshot, month: date) -> Iterator[str]:
        """What is still missing for the month's paper."""
        found = arrivals(snapshot, month, self.session.today)
        there = ("on-time", "late")
        silent = [a.reported.unit.brief for a in found if a.reported.status in ("missing", "awaited")]
        wrong = [a.reported.unit.brief for a in found if a.reported.status not in (*there, "missing", "awaited")]
        held = sum(a.held for a in found)
        returned = sum(a.returned for a in found)
        taken = self.session.taken
        problems = sum(p.holds for p in (taken or snapshot).problems)
        lacking = [
            (_("还没有报 {n} 家：{names}"), silent),
            (_("要改后补报 {n} 家：{names}"), wrong),
        ]
        yield from (words.format(n=len(names), names=_("、").join(names)) for words, names in lacking if names)
        counts = [
            (_("有错未计入 {n} 条"), held),
            (_("退回待报 {n} 条"), returned),
            (_("文件里有错误 {n} 处"), problems),
        ]
        said = [words.format(n=n) for words, n in counts if n]
        if said:
            yield _("，").join(said)
        elif not silent and not wrong:
            yield _("月报已收齐，没有待改的。")

    def lay_out(self, found: object) -> None:
        """Show it."""
        assert isinstance(found, Found)  # noqa: S101 - what work_out gave
        self.found = found
        whose = found.snapshot.programme.unit(self.unit).name if self.unit else _("市级通报")
        edition = found.issued
        sealed = _("　已定稿 {number} {day}", number=edition.number, day=edition.issued) if edition is not None else ""
        self.say(_("{month}　{whose}", month=f"{found.month:%Y-%m}", whose=whose) + sealed)
        self._say_lacking([])
        self.query_one(Paper).wait(_("正在整理……"))
        seen = self.seen
        if seen is not None:
            self.later(lambda: self._write(seen, found), self._show)

    def _show(self, written: object) -> None:
        assert isinstance(written, Written)  # noqa: S101 - what _write gave
        self._say_lacking(written.lacking)
        self.query_one(Paper).show(written.document)

    def _say_lacking(self, lacking: Sequence[str]) -> None:
        """The countdown is known at once, what is missing later."""
        assert self.found is not None  # noqa: S101 - laid out before
        days = countdown(self.found.snapshot.programme, self.found.month, self.session.today)
        self.query_one("#lacking", Words).say("\n".join(shown(line) for line in (_("；").join(days), *lacking) if line))

    def action_whose(self) -> None:
        """The city's bulletin, or one unit's report."""
        if self.found is None:
            return
        units = self.found.snapshot.programme.units

        def take(number: int | None) -> None:
            if number is not None:
                self.unit = units[number - 1].id if number else None
                self.refresh_view()

        self.app.push_screen(Choose(_("看谁的报告"), [_("市级通报"), *(u.name for u in units)]), take)

    def action_issue(self) -> None:
        """Seal the month."""
        from tracker.tui.issuing import issue  # noqa: PLC0415 - when it is wanted

        if self.session.is_read_only:
            self.told(_("{why}。", why=read_only()), is_wrong=True)
        elif self.found is not None:
            issue(self, self.found.month)

    def action_export(self) -> None:
        """In one of the formats."""
        found, document = self.found, self.query_one(Paper).document
        if found is None or document is None:
            return
        endings = list(FORMATS)
        kind = _("报告-{unit}", unit=self.unit) if self.unit else _("通报")

        def take(number: int | None) -> None:
            if number is not None:
                ending = endings[number]
                name = f"{kind}-{found.month:%Y-%m}"
                self.written(lambda: self.session.export(name, ending, FORMATS[ending](document)))

        self.app.push_screen(Choose(_("写成哪种文件"), endings), take)
