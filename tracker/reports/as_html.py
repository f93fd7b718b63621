"""The leaders' page for phone, screen and paper: one HTML file that holds all it shows.

Nothing in it runs and nothing comes from outside; its policy forbids both. Every figure opens to
its rows, every row to its reasoning down to file, line and clause. A row's reasoning is written
once and shown as a sheet over the page when a link names it: no script, and a phone's way back
closes it. Everything printed goes through ``plain`` and the template engine's escaping.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

from tracker.language import _, speaks
from tracker.lights import cell_rule, cell_words
from tracker.plans import Unit
from tracker.progress import BurnUp, Goal, Horizon, burn_ups, counted, goals, horizons, in_cell
from tracker.reporting import Reported, reporting, reporting_words
from tracker.reports import charts, fields, leaders
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import light_words
from tracker.summary import Summary, summary
from tracker.terminal import plain
from tracker.why import Step, why

TEMPLATES = Path(__file__).parent / "templates"

MOST_GOALS = 8
"""Targets on the page; the others are one touch away."""


@dataclass(frozen=True)
class Row:
    """A line that leads to its reasoning."""

    to: str
    """The sheet it opens; empty where there is none."""
    light: str
    sign: str
    who: str
    what: str
    plan: str
    note: str


@dataclass(frozen=True)
class Tile:
    """A figure, last month's, and what it counts."""

    name: str
    now: str
    before: str
    is_red: bool
    said: str
    """How the rows make the figure."""
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Cell:
    """A cell of the matrix and the sheet of its rows."""

    words: str
    light: str
    to: str


@dataclass(frozen=True)
class Line:
    """A unit's line of the matrix."""

    unit: str
    cells: tuple[Cell, ...]
    is_printed: bool
    """Whether paper has room for it; a screen always has."""


@dataclass(frozen=True)
class Matter:
    """What wants a decision."""

    row: Row
    reason: str
    is_printed: bool


@dataclass(frozen=True)
class Chart:
    """A plan's way: the drawing and its reading."""

    title: str
    svg: Markup
    reading: str


@dataclass(frozen=True)
class Bar:
    """A target with how far it has come and how far its time has; percent of the bar's length."""

    title: str
    plan: str
    to: str
    filled: str
    elapsed: str
    number: str
    note: str
    light: str
    said: str
    """The bar in words, for those who cannot see it."""


@dataclass(frozen=True)
class Fold:
    """A heading with a count that opens to rows."""

    title: str
    count: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """What lies over the page when a link names it: rows, or the steps of a reasoning."""

    name: str
    title: str
    rows: tuple[Row, ...] = ()
    steps: tuple[Step, ...] = ()


def write(snapshot: Snapshot) -> bytes:
    """The page of the day that the snapshot is judged on, as UTF-8; equal inputs give equal bytes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - costs as much as a command

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    style = (TEMPLATES / "leaders.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    page = _Page(snapshot)
    template = environment.get_template("leaders.html")
    written = template.render(page=page, words=_words(), style=Markup(style), style_digest=digest)  # noqa: S704 - our own file
    return written.encode()


def _shown(value: object) -> object:
    """What is printed of a value: one line without control or direction characters; our own markup as it is."""
    return value if isinstance(value, Markup) else plain(value)


def _words() -> dict[str, str]:
    """The page's own words."""
    return {
        "language": "zh-CN" if speaks() == "zh" else "en",
        "internal": _("内部资料"),
        "figures": _("指标"),
        "total": _("合计"),
        "before": _("上月"),
        "rule": cell_rule(leaders.SIGNS),
        "matrix": _("县区 × 方案"),
        "unit": _("报送单位"),
        "burn_ups": _("各方案的进度与时间"),
        "planned": _("应完成"),
        "done": _("已完成"),
        "worst": _("最需要盯的"),
        "coming": _("接下来到期的"),
        "goals": _("目标进度"),
        "elapsed": _("时间已过"),
        "share": _("完成目标的百分比"),
        "other_goals": _("其余目标"),
        "waiting": _("需领导研究事项"),
        "close": _("关闭"),
        "no_worst": _("没有当期逾期的事项。"),
        "no_coming": _("60 天内没有到期的事项。"),
        "no_goals": _("没有填报数字的目标。"),
        "no_waiting": _("没有受阻或待上级明确的事项。"),
        "how": _("点数字看由哪些事项构成，点事项看依据：文件、行号和方案条款。"),
    }


class _Page:
    """What the template asks for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._found: Summary = summary(snapshot)
        self._numbers = {(s.occurrence.unit, s.occurrence.id): n for n, s in enumerate(snapshot.standings)}
        self._named: set[int] = set()
        self._lists: list[Sheet] = []
        self.title = leaders.title(snapshot)
        self.dateline = _("截至{day}", day=fields.day(snapshot.clocks.as_of))
        self.notice = fields.notice(snapshot.programme)
        self.issuer = snapshot.programme.head.issuer
        self.fingerprint = snapshot.fingerprint
        self.sentences = leaders.sentences(snapshot, self._found)
        self.tiles = tuple(self._tiles())
        self.plans = tuple(p.head.short for p in self._found.matrix.plans)
        self.matrix = tuple(self._matrix())
        self.charts = tuple(_chart(found) for found in burn_ups(snapshot))
        self.worst = self._rows((s,) for s in self._found.worst)
        self.coming = self._rows(self._found.coming, days=True)
        self.horizons = tuple(self._horizon(horizon) for horizon in horizons(snapshot))
        bars = tuple(self._bar(n, goal) for n, goal in enumerate(goals(snapshot)))
        self.goals, self.other_goals = bars[:MOST_GOALS], bars[MOST_GOALS:]
        self.waiting = tuple(self._waiting())
        self.left_out = leaders.units_left_out(self._found.matrix), leaders.waiting_left_out(self._found)
        # Last: by now every row that is shown has named its reasoning.
        self.sheets = (*self._lists, *self._reasons())

    def _tiles(self) -> Iterable[Tile]:
        snapshot, now = self._snapshot, self._found.now
        rows = counted(snapshot)
        on_time = _("{n} 项按期 ÷ {m} 项应完成；以下是没有按期的。", n=now.on_time, m=now.owed)
        said: Sequence[tuple[str, tuple[Row, ...]]] = (
            (_("建账以来到期的全部事项。"), self._rows((s,) for s in rows.owed)),
            (_("填报单位报告完成的，含已核实销号的。"), self._rows((s,) for s in rows.done)),
            (_("已经核实销号的。"), self._rows((s,) for s in rows.verified)),
            (on_time, self._rows((s,) for s in rows.not_on_time)),
            (_("红灯的全部事项，含以往各期漏报。"), self._rows((s,) for s in rows.late)),
            (_("本月月报没有按时报送的单位。"), self._not_reported()),
        )
        for figure, (words, own) in zip(leaders.figures(self._found), said, strict=True):
            is_red = own is said[4][1] and bool(own)
            yield Tile(figure.name, figure.now, figure.before, is_red, words, own)

    def _not_reported(self) -> tuple[Row, ...]:
        late = [r for r in reporting(self._snapshot, self._snapshot.clocks.month) if r.is_late]
        return tuple(_reported(r) for r in late)

    def _matrix(self) -> Iterable[Line]:
        found = self._found.matrix
        printed = leaders.printed(found)
        for n, (unit, cells) in enumerate(zip(found.units, found.cells, strict=True)):
            words = (
                Cell(cell_words(c, leaders.SIGNS), c.light, self._cell_sheet(unit, c.plan) if c.plan else "")
                for c in cells
            )
            yield Line(unit.brief, tuple(words), n in printed)

    def _cell_sheet(self, unit: Unit, plan: str) -> str:
        """The sheet of a cell's rows; empty where there is nothing in it."""
        rows = in_cell(self._snapshot, unit.id, plan)
        if not rows:
            return ""
        title = f"{unit.name}　{self._snapshot.programme.plan(plan).head.short}"
        return self._list(f"c{len(self._lists)}", title, self._rows((s,) for s in rows))

    def _list(self, name: str, title: str, rows: tuple[Row, ...]) -> str:
        self._lists.append(Sheet(name, title, rows))
        return name

    def _rows(self, groups: Iterable[Sequence[Standing]], *, days: bool = False) -> tuple[Row, ...]:
        return tuple(self._row(group, days=days) for group in groups)

    def _row(self, group: Sequence[Standing], *, days: bool = False) -> Row:
        """A line for a group; of several units it opens to theirs. ``days``: the day, not the standing."""
        s = group[0]
        note = fields.short_day(s.due) if days else leaders.standing_words(s)
        return Row(
            self._target(group),
            s.light,
            leaders.SIGNS[s.light],
            leaders.named(self._snapshot, group),
            fields.titled(s),
            self._snapshot.plan_of(s).head.short,
            note,
        )

    def _target(self, group: Sequence[Standing]) -> str:
        """The sheet of a group: the reasoning of its only one, or the list of its units."""
        if len(group) == 1:
            number = self._numbers[group[0].occurrence.unit, group[0].occurrence.id]
            self._named.add(number)
            return f"w{number}"
        name = f"g{self._numbers[group[0].occurrence.unit, group[0].occurrence.id]}-{len(group)}"
        if not any(sheet.name == name for sheet in self._lists):
            self._list(name, fields.titled(group[0]), self._rows((s,) for s in group))
        return name

    def _horizon(self, horizon: Horizon) -> Fold:
        title = _(
            "{a}—{b} 天（{first}—{last}）",
            a=horizon.after,
            b=horizon.within,
            first=f"{horizon.first:%m-%d}",
            last=f"{horizon.last:%m-%d}",
        )
        return Fold(title, _("{n} 项", n=horizon.count), self._rows(horizon.groups, days=True))

    def _bar(self, n: int, goal: Goal) -> Bar:
        s, p, elapsed = goal.standings[0], goal.progress, min(goal.elapsed or 0.0, 100.0)
        number = f"{p.done:g}/{p.total:g}" if p.total is not None else f"{p.done:g}/{p.needed:g}"
        title = fields.titled(s)
        return Bar(
            title,
            self._snapshot.plan_of(s).head.short,
            self._list(f"t{n}", title, self._rows((one,) for one in goal.standings)),
            f"{min(p.share, 100.0):.1f}",
            f"{elapsed:.1f}",
            # Rounded down: a hundred only where it is reached.
            f"{int(p.share)}%",
            number,
            "yellow" if goal.is_behind else "green" if goal.is_reached else "grey",
            _(
                "{title}：完成目标的 {share}%，时间已过 {elapsed:.0f}%",
                title=title,
                share=int(p.share),
                elapsed=elapsed,
            ),
        )

    def _waiting(self) -> Iterable[Matter]:
        return (
            Matter(self._row(group), leaders.reason(group), n < leaders.MOST_WAITING)
            for n, group in enumerate(self._found.waiting)
        )

    def _reasons(self) -> Iterable[Sheet]:
        for n in sorted(self._named):
            s = self._snapshot.standings[n]
            title = f"{self._snapshot.unit_of(s).name}　{fields.titled(s)}　{light_words(s.light, leaders.SIGNS)}"
            yield Sheet(f"w{n}", title, steps=tuple(why(self._snapshot, s, leaders.SIGNS)))


def _reported(r: Reported) -> Row:
    note = reporting_words(r.status) + (f"　{fields.moment(r.received)}" if r.received is not None else "")
    return Row("", "red", leaders.SIGNS["red"], r.unit.brief, r.file, "", note)


def _chart(found: BurnUp) -> Chart:
    title = found.plan.head.short
    reading = _(
        "已完成 {done}/{planned}（{share:.0f}%），时间已过 {elapsed:.0f}%",
        done=found.now.done,
        planned=found.planned,
        share=found.share,
        elapsed=found.elapsed,
    )
    return Chart(title, Markup(charts.burn_up(found, plain(title))), reading)  # noqa: S704 - shapes and escaped words
