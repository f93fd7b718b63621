"""One item of one unit: where it stood each month, and who said what when, with file and line."""

from dataclasses import dataclass
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tracker.clocks import CHINA
from tracker.histories import Said, by_month, said_of
from tracker.language import _
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import light_words, status_words
from tracker.tui.actions import Subject
from tracker.tui.grid import Column, Grid, Line
from tracker.tui.sections import Section, Sections
from tracker.tui.view import View
from tracker.views import lateness_words
from tracker.why import arithmetic


@dataclass(frozen=True)
class Found:
    """What the page shows."""

    snapshot: Snapshot
    standing: Standing | None
    months: list[tuple[date, Standing]]
    said: list[Said]


class ItemScreen(View):
    """An item's months, and the words behind them."""

    def __init__(self, unit: str, item: str) -> None:
        super().__init__()
        self.unit, self.item = unit, item

    def content(self) -> ComposeResult:
        """Months above, words below."""
        yield Grid(id="months", empty=_("没有记录。"))
        with VerticalScroll(classes="page"):
            yield Sections(id="said")

    def on_mount(self) -> None:
        """The cursor begins in the months."""
        self.query_one("#months").focus()

    def work_out(self, snapshot: Snapshot) -> Found:
        """The item month by month."""
        key = (self.unit, self.item)
        return Found(snapshot, snapshot.by_key.get(key), by_month(snapshot, *key), said_of(snapshot, *key))

    def lay_out(self, found: object) -> None:
        """Show it."""
        assert isinstance(found, Found)  # noqa: S101 - what work_out gave
        s = found.standing
        if s is None:
            self.say_state(_("文件里已经没有这一项了。按 Esc 返回。"))
            return
        unit, title = found.snapshot.unit_of(s), s.occurrence.milestone.title
        self.say(f"{unit.name}　{title}　{s.occurrence.id}　{light_words(s.light)} {status_words(s.status)}")
        columns = [
            Column("month", _("月份")),
            Column("light", _("月末的灯")),
            Column("days", _("情况")),
            Column("state", _("依据"), gives=True),
        ]
        self.query_one("#months", Grid).fill(columns, found.months[::-1], _line, _key)
        dates: Section = (_("期限"), arithmetic(found.snapshot, s))
        words = [_said_section(one) for one in found.said[::-1]] or [(_("谁说了什么"), [_("还没有人报过。")])]
        self.query_one(Sections).show([*words, dates])

    @property
    def subject(self) -> Subject | None:
        """The item itself, whatever month the cursor is on."""
        standing = self.seen.by_key.get((self.unit, self.item)) if self.seen is not None else None
        return Subject(self.seen, (standing,)) if self.seen is not None and standing is not None else None

    @on(Grid.Chosen)
    def why(self) -> None:
        """Behind a light is its reason."""
        self.action_act("why")


def _line(item: object) -> Line:
    month, s = _entry(item)
    update = s.record.update if s.record is not None else None
    place = str(update.place) if update is not None else ""
    carried = _("（沿用）") if s.carried else ""
    return Line(
        (f"{month:%Y-%m}", f"{light_words(s.light)}", f"{lateness_words(s) or status_words(s.status)}{carried}", place),
        {1: s.light},
    )


def _key(item: object) -> object:
    return _entry(item)[0]


def _entry(item: object) -> tuple[date, Standing]:
    assert isinstance(item, tuple)  # noqa: S101 - what by_month gave
    return item


def _said_section(one: Said) -> Section:
    head = _(
        "{at} {by}：{words}（{source}）{stands}",
        at=f"{one.at.astimezone(CHINA):%Y-%m-%d %H:%M}",
        by=one.by,
        words=one.words,
        source=one.source,
        stands=_("　现以此为准") if one.stands else "",
    )
    return head, [*one.lines, str(one.place)]
