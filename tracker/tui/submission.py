"""A unit's submission of a month: findings first, its updates beside last month's, its own words, its mistakes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tracker.compare import Change, Comparison, compare
from tracker.deadlines import month_end, months_later
from tracker.findings import Finding, month_findings
from tracker.language import _
from tracker.plans import Unit
from tracker.problems import Problem
from tracker.reporting import Reported, reporting, reporting_words
from tracker.snapshot import Snapshot
from tracker.submissions import STATES, Submission
from tracker.tui.actions import Subject
from tracker.tui.grid import Column, Grid, Heading, Line
from tracker.tui.sections import Section, Sections
from tracker.tui.view import View


@dataclass(frozen=True)
class Odd:
    """A finding, and the title of what it is about."""

    finding: Finding
    title: str

    @property
    def item(self) -> str:
        """The occurrence."""
        return self.finding.item


@dataclass(frozen=True)
class Same:
    """An update that repeats what was said before."""

    item: str
    title: str
    state: str


_ENTRIES = (Odd, Change, Same)


@dataclass(frozen=True)
class Found:
    """What the page shows."""

    snapshot: Snapshot
    unit: Unit
    reported: Reported | None
    submissions: list[Submission]
    findings: list[Finding]
    comparisons: list[Comparison]
    problems: list[Problem]


class SubmissionScreen(View):
    """What a unit sent for a month."""

    def __init__(self, unit: str, month: date) -> None:
        super().__init__()
        self.unit, self.month = unit, month

    def content(self) -> ComposeResult:
        """What is odd and what changed above, its words below."""
        yield Grid(id="entries", empty=_("没有收到能读的月报。"), marks=True)
        with VerticalScroll(classes="page", can_focus=False):
            yield Sections(id="words")

    def on_mount(self) -> None:
        """The cursor begins in the entries."""
        self.query_one("#entries").focus()

    def work_out(self, snapshot: Snapshot) -> Found:
        """What it says, beside what stood before."""
        then = snapshot.on(month_end(self.month))
        before = snapshot.on(month_end(months_later(self.month, -1)))
        own = [f.submission for f in then.filed if (f.submission.unit, f.submission.month) == (self.unit, self.month)]
        files = {s.file for s in own} | {
            h.file for h in then.held_files if (h.unit, h.month) == (self.unit, self.month)
        }
        return Found(
            then,
            snapshot.programme.unit(self.unit),
            next((r for r in reporting(then, self.month) if r.unit.id == self.unit), None),
            sorted((s for s in own if not s.head.opening), key=lambda s: s.version),
            [f for f in month_findings(then, before) if f.unit == self.unit],
            compare(then, self.unit, self.month),
            [p for p in then.problems if p.place.file in files],
        )

    def lay_out(self, found: object) -> None:
        """Show it."""
        assert isinstance(found, Found)  # noqa: S101 - what work_out gave
        status = reporting_words(found.reported.status) if found.reported is not None else ""
        versions = _("第 {n} 版", n=found.submissions[-1].version) if found.submissions else ""
        self.say("　".join(w for w in (found.unit.name, f"{self.month:%Y-%m}", status, versions) if w))
        columns = [
            Column("title", _("任务节点")),
            Column("before", _("原来"), gives=True),
            Column("after", _("现在"), gives=True),
            Column("item", _("期次编号"), waits=1),
        ]
        self.query_one("#entries", Grid).fill(columns, list(_entries(found)), _line, _key)
        words = list(_words(found))
        self.query_one(Sections).show(words)

    @property
    def subject(self) -> Subject | None:
        """The items that are marked, or the one under the cursor; without any the submission."""
        seen = self.seen
        if seen is None:
            return None
        named = (i.item for i in self.query_one("#entries", Grid).chosen if isinstance(i, _ENTRIES))
        found = (seen.by_key.get((self.unit, item)) for item in dict.fromkeys(named))
        return Subject(seen, tuple(s for s in found if s is not None), self.unit, self.month)

    @on(Grid.Chosen)
    def open_item(self) -> None:
        """The item month by month."""
        item = self.query_one("#entries", Grid).item
        standing = self.seen.by_key.get((self.unit, item.item)) if self.seen and isinstance(item, _ENTRIES) else None
        if standing is not None and self.seen is not None:
            self.open_subject(Subject(self.seen, (standing,)))


def _entries(found: Found) -> Iterator[object]:
    """Findings first; then what changed since the version before, then since last month; then what did not."""
    if found.findings:
        yield Heading(_("疑点 {n} 处", n=len(found.findings)))
        milestones = found.snapshot.programme.milestones
        for finding in found.findings:
            # A version before may have named what there is not.
            known = milestones.get(finding.item.partition("@")[0])
            yield Odd(finding, known.title if known is not None else finding.item)
    for one in found.comparisons:
        yield Heading(_("{earlier} → {later}：{n} 处不同", earlier=one.earlier, later=one.later, n=len(one.changes)))
        yield from one.changes
    if same := list(_same(found)):
        yield Heading(_("照上次报的 {n} 项", n=len(same)))
        yield from same


def _same(found: Found) -> Iterator[Same]:
    """What the last version says that the one before it said too."""
    changed = {change.item for one in found.comparisons[-1:] for change in one.changes}
    for s in found.submissions[-1:]:
        for u in s.updates:
            if u.item not in changed:
                known = found.snapshot.programme.milestones.get(u.item.partition("@")[0])
                yield Same(u.item, known.title if known is not None else u.item, _(STATES[u.state]))


def _line(item: object) -> Line:
    if isinstance(item, Odd):
        return Line((item.title, f"! {item.finding.code}", item.finding.message, item.finding.item), {1: "yellow"})
    if isinstance(item, Same):
        return Line((item.title, item.state, item.state, item.item), {1: "faint", 2: "faint"})
    assert isinstance(item, Change)  # noqa: S101 - what _entries gives
    return Line((item.title, item.before or _("（没有）"), item.after or _("（没有）"), item.item))


def _key(item: object) -> object:
    return item


def _words(found: Found) -> Iterator[Section]:
    """Its mistakes, and its own words."""
    if found.problems:
        lines = [f"{p.place} {p.code} {p.message}{'　→ ' + p.hint if p.hint else ''}" for p in found.problems]
        yield _("没有通过检查的 {n} 处", n=len(found.problems)), lines
    for s in found.submissions[-1:]:
        yield from own_words(s)


def own_words(s: Submission) -> Iterator[Section]:
    """Who filled a submission, how much of it, and what it says in its own words."""
    h = s.head
    who = _("填报人 {a}，审核人 {b}，负责人 {c}", a=h.prepared_by, b=h.checked_by, c=h.approved_by)
    rest = [_("其余事项声明与上月一致。")] if h.rest else []
    yield _("填报"), [s.file, who, _("填报 {n} 项。", n=len(s.updates)), *rest]
    said = [(_("主要做法"), h.practices), (_("存在问题"), h.difficulties), (_("意见建议"), h.suggestions)]
    yield from ((name, text.split("\n")) for name, text in said if text)
