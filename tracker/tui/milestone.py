"""A milestone: what it asks, its deadline and how that was reached, whose it is, and where every unit stands."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from tracker.json_rows import deadline_words
from tracker.language import _
from tracker.plans import KINDS, LEVELS, Milestone, Programme
from tracker.problems import labelled, listed
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.tui.explained import About, grounds
from tracker.tui.figures import bar
from tracker.tui.grid import Column, Grid, Line
from tracker.tui.rows import columns, drawn, key_of, standing_line
from tracker.tui.sections import Section, Sections
from tracker.tui.view import View
from tracker.why import arithmetic

NAMES = ("unit", "status", "due", "days", "promised", "cause")
SEVERAL = ("unit", "title", "status", "due", "days")
PROGRESS = "progress"


class MilestonePane(Vertical):
    """The milestone in words, the units in a table."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._several: Snapshot | None = None
        """Where rows of several milestones are shown, what they are from."""

    def compose(self) -> ComposeResult:
        """Table above, words below."""
        yield Grid(id="units", empty=_("没有要看的。"))
        with VerticalScroll(classes="page"):
            yield Sections(id="about")
        yield About()

    def show(self, snapshot: Snapshot, milestone: Milestone, standings: Sequence[Standing]) -> None:
        """Show a milestone and where some occurrences of it stand."""
        found = columns(NAMES)
        with_progress = any(s.progress is not None for s in standings)
        if with_progress:
            found.insert(3, Column(PROGRESS, _("进度（| 时间）"), waits=1))

        def draw(item: object) -> Line:
            line = standing_line(snapshot, NAMES, item)
            if not with_progress or not isinstance(item, Standing):
                return line
            looks = {n + (n >= 3): look for n, look in line.looks.items()}  # noqa: PLR2004 - where it was put
            return Line((*line.cells[:3], progress_words(snapshot, item), *line.cells[3:]), looks)

        self.query_one("#units", Grid).fill(found, standings, draw, key_of)
        self._several = None
        self.query_one(Sections).show(milestone_sections(snapshot, milestone, standings))
        self.explain()

    def show_rows(self, snapshot: Snapshot, standings: Sequence[Standing]) -> None:
        """Instead: what is to be looked at of several milestones."""
        self._several = snapshot
        self.query_one("#units", Grid).fill(columns(SEVERAL), standings, drawn(snapshot, SEVERAL), key_of)
        self.explain()

    @on(Grid.Moved)
    def explain(self) -> None:
        """Below one milestone's units stands what it asks, below rows of several why the one under the cursor is so."""
        several, item = self._several, self.query_one("#units", Grid).item
        sections = grounds(several, item) if several is not None and isinstance(item, Standing) else []
        self.query_one(".page").display = several is None
        self.query_one(About).display = bool(sections)
        self.query_one(About).show(sections)


class MilestoneScreen(View):
    """A milestone (or one period of it) on a page of its own."""

    def __init__(self, item: str) -> None:
        super().__init__()
        self.item = item

    def content(self) -> ComposeResult:
        """The pane."""
        yield MilestonePane()

    def on_mount(self) -> None:
        """The cursor begins in the units."""
        self.query_one("#units").focus()

    def work_out(self, snapshot: Snapshot) -> list[Standing]:
        """The units' standings."""
        return [s for s in snapshot.standings if s.occurrence.id == self.item]

    def lay_out(self, found: object) -> None:
        """Show them."""
        rows = [s for s in found if isinstance(s, Standing)] if isinstance(found, list) else []
        if not rows or self.seen is None:
            self.say_state(_("文件里已经没有这一项了。按 Esc 返回。"))
            return
        milestone = rows[0].occurrence.milestone
        self.say(f"{self.seen.plan_of(rows[0]).head.short}　{milestone.title}　{self.item}")
        self.query_one(MilestonePane).show(self.seen, milestone, rows)

    @on(Grid.Chosen)
    def open_item(self) -> None:
        """A unit's item month by month."""
        subject = self.subject
        if subject is not None:
            self.open_subject(subject)


def progress_words(snapshot: Snapshot, s: Standing) -> str:
    """A number against its target and against the time passed, as a bar and in numbers; empty without one."""
    if s.progress is None or s.due is None:
        return ""
    opens, as_of = s.occurrence.opens, snapshot.clocks.as_of
    time = min(max(100.0 * (as_of - opens).days / max((s.due - opens).days, 1), 0.0), 100.0)
    signs = "".join(sign for sign, _look in bar(min(s.progress.share, 100.0), time))
    return f"{signs} {s.progress.share:.0f}%"


def milestone_sections(snapshot: Snapshot, m: Milestone, standings: Sequence[Standing]) -> list[Section]:
    """What is known of a milestone, and how its day was reached."""
    programme = snapshot.programme
    task = programme.plan(m.plan).task(m.item)
    levels = _("（{words}）", words=listed(_(LEVELS[level]) for level in m.level)) if m.level else ""
    facts = [
        (_("类型"), _(KINDS[m.kind])),
        (_("期限"), deadline_words(m)),
        (_("原文"), m.wording or _("原文没有写期限。")),
        (_("解读"), m.reading),
        (_("等待"), m.waits_on),
        (_("目标"), m.target),
        (_("责任"), m.owner + levels),
    ]
    what: Section = (
        _("任务 {item} {title}", item=m.item, title=task.title),
        [m.what, *(labelled(name, said) for name, said in facts if said)],
    )
    dates: list[Section] = [(_("日期推算"), arithmetic(snapshot, standings[0]))] if standings else []
    return [what, *dates, *_consequences(programme, m)]


def _consequences(programme: Programme, m: Milestone) -> list[Section]:
    found = programme.consequences(m)
    lines = [_("{what}（原文：{wording}）", what=c.what, wording=c.wording) for c in found]
    return [(_("方案写明的逾期后果"), lines)] if found else []
