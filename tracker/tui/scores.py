"""考核: every enterprise's periods with both scores, what changed, who passed; and whose sheet is missing."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tracker.assessments import (
    Assessment,
    assessments,
    awaited,
    clause_words,
    contested_lines,
    said,
    signed,
    status_words,
)
from tracker.checklists import Enterprise
from tracker.language import _
from tracker.scoring import Loss, Score, words
from tracker.snapshot import Snapshot
from tracker.tui.actions import Subject
from tracker.tui.explained import Explained
from tracker.tui.grid import Column, Grid, Line
from tracker.tui.score_acts import export_sheet, fill_sheet
from tracker.tui.sections import Section
from tracker.tui.view import View
from tracker.tui.words import Words, shown

LOOKS = {"passed": ("+", "green"), "failed": ("x", "red"), "open": ("!", "yellow")}
"""The sign and the colour of a result."""

MISSING = ("-", "grey")


@dataclass(frozen=True)
class Entry:
    """One enterprise's period; without an assessment while no sheet has come."""

    enterprise: Enterprise
    period: str
    assessment: Assessment | None = None


class Scores(View):
    """The enterprises' scores."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "fill", _("填考核表"), tooltip=_("填这家企业这一期的考核表；没填完的接着填"), id="scores.fill"),
        Binding("x", "export", _("导出"), tooltip=_("把这份考核表写成文件，放在当前文件夹"), id="scores.export"),
    ]

    def __init__(self) -> None:
        super().__init__("scores")

    def content(self) -> ComposeResult:
        """A line an enterprise and period, and what stands out in the one under the cursor."""
        listed = Grid(id="list", empty=_("没有登记企业。量化清单和企业怎么写，见 plans/README.md。"))
        yield Explained(listed, self.costs)
        yield Words(id="about")

    def on_mount(self) -> None:
        """The cursor begins in the list."""
        self.query_one("#list").focus()

    def work_out(self, snapshot: Snapshot) -> list[Entry]:
        """The newest period first, the enterprises in the programme's order."""
        found = [Entry(a.sheet.enterprise, a.sheet.period.label, a) for a in assessments(snapshot)]
        found += [Entry(enterprise, period.label) for enterprise, period in awaited(snapshot)]
        order = {e.id: n for n, e in enumerate(snapshot.programme.enterprises)}
        found.sort(key=lambda one: order[one.enterprise.id])
        return sorted(found, key=lambda one: one.period, reverse=True)

    def lay_out(self, found: object) -> None:
        """Show them."""
        assert isinstance(found, list)  # noqa: S101 - what work_out gave
        counts = Counter(one.assessment.status if one.assessment is not None else "missing" for one in found)
        names = {"passed": _("合格"), "failed": _("不合格"), "open": _("考核未完"), "missing": _("没有考核表")}
        parts = [_("{name} {n}", name=name, n=counts[status]) for status, name in names.items() if counts[status]]
        self.say("　".join([_("企业考核"), " · ".join(parts)]) if parts else "")
        columns = [
            Column("enterprise", _("企业"), gives=True),
            Column("period", _("期次")),
            Column("own", _("自评"), right=True),
            Column("department", _("考核"), right=True),
            Column("difference", _("相差"), right=True),
            Column("change", _("比上期"), right=True),
            Column("status", _("结果")),
            Column("on", _("考核日期"), waits=1),
            Column("unit", _("考核单位"), waits=2),
        ]
        self.query_one("#list", Grid).fill(columns, found, self._line, _key)
        self.show_about()

    def _line(self, item: object) -> Line:
        assert isinstance(item, Entry)  # noqa: S101 - what fill was given
        a = item.assessment
        sign, look = MISSING if a is None else LOOKS[a.status]
        unit = self.seen.programme.unit(item.enterprise.unit).brief if self.seen is not None else ""
        if a is None:
            cells = ("", "", "", "", f"{sign} {_('没有考核表')}", "", unit)
        else:
            assessed = a.sheet.head.department
            day = assessed.on.isoformat() if assessed is not None else ""
            points = (said(a.own), said(a.department), signed(a.difference), signed(a.change))
            cells = (*points, f"{sign} {status_words(a)}", day, unit)
        return Line((item.enterprise.name, item.period, *cells), {6: look})

    @property
    def entry(self) -> Entry | None:
        """The one under the cursor."""
        item = self.query_one("#list", Grid).item
        return item if isinstance(item, Entry) else None

    @property
    def subject(self) -> Subject | None:
        """The unit that assesses."""
        entry = self.entry
        return Subject(self.seen, unit=entry.enterprise.unit) if entry is not None and self.seen is not None else None

    @on(Grid.Moved)
    def show_about(self) -> None:
        """What stands out in the one under the cursor."""
        entry = self.entry
        about = self.query_one("#about", Words)
        about.say("\n".join(shown(line) for line in about_lines(entry)) if entry is not None else "")
        about.display = entry is not None

    def costs(self, item: object) -> list[Section]:
        """What cost an enterprise points, from the period under the cursor back."""
        assert isinstance(item, Entry)  # noqa: S101 - what fill was given
        entries = (one for one in self.query_one("#list", Grid).items if isinstance(one, Entry))
        own = (one for one in entries if one.enterprise.id == item.enterprise.id and one.period <= item.period)
        return [(one.period, cost_lines(one.assessment)) for one in own if one.assessment is not None]

    @on(Grid.Chosen)
    def open_sheet(self) -> None:
        """All of it; where there is none yet it is filled in."""
        from tracker.tui.score_sheet import ScoreScreen  # noqa: PLC0415 - when it is wanted

        entry = self.entry
        if entry is None or self.seen is None:
            return
        if entry.assessment is None:
            self.action_fill()
        else:
            self.open(ScoreScreen(entry.enterprise.id, entry.period), self.seen)

    def action_fill(self) -> None:
        """Fill in its sheet."""
        entry = self.entry
        if entry is not None:
            fill_sheet(self, entry.enterprise.id, entry.period)

    def action_export(self) -> None:
        """As a paper."""
        entry = self.entry
        if entry is not None and entry.assessment is not None:
            export_sheet(self, entry.assessment)


def about_lines(entry: Entry) -> list[str]:
    """What stands out: vetoes, the points that cost most, the way back."""
    a = entry.assessment
    if a is None:
        return [_("还没有收到这一期的考核表。按 e 填写。")]
    if a.judged is None:
        return []
    losses = worst_losses(a.judged[0])
    lines = contested_lines(a)
    if losses:
        worst = (_("{what} -{n}", what=clause_words(loss), n=words(loss.taken)) for loss in losses[:3])
        lines.append(_("扣得最多的：{worst}", worst=_("；").join(worst)))
    if a.way_back:
        lines.append(_("最少整改 {n} 条就合格。回车打开，逐条看、逐条试。", n=len(a.way_back)))
    if a.sheet.held:
        lines.append(_("没有写全、暂不计入的 {n} 处，按 8 看错在哪里。", n=len(a.sheet.held)))
    return lines


def cost_lines(a: Assessment) -> list[str]:
    """Each clause that cost something, the worst first."""
    if a.judged is None:
        return [status_words(a)]
    found = (_("{what} -{n}", what=clause_words(loss), n=words(loss.taken)) for loss in worst_losses(a.judged[0]))
    return list(found) or [_("没有扣分。")]


def worst_losses(score: Score) -> list[Loss]:
    """Vetoes, then what cost most."""
    return sorted(score.losses, key=lambda loss: (loss.veto is None, -loss.taken))


def _key(item: object) -> object:
    assert isinstance(item, Entry)  # noqa: S101 - what fill was given
    return item.enterprise.id, item.period
