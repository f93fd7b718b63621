"""One enterprise's period: each content's score, each point lost beside last period's, and what if some were closed."""

from collections.abc import Iterator
from itertools import count
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tracker.assessments import (
    Assessment,
    Lost,
    assessments,
    clause_words,
    contested_lines,
    cost_words,
    result_words,
    said,
    seen_words,
    signed,
    status_words,
    struck_words,
)
from tracker.language import _
from tracker.scoring import words
from tracker.sheets import SIDES
from tracker.snapshot import Snapshot
from tracker.tui.actions import Subject
from tracker.tui.grid import Column, Grid, Heading, Line
from tracker.tui.score_acts import export_sheet, fill_sheet
from tracker.tui.view import View
from tracker.tui.words import Words, shown


class ScoreScreen(View):
    """The score of one sheet, and the way back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space", "tick", _("整改"), key_display=_("空格"),
            tooltip=_("如果这一条整改了：分数随着变；再按一次取消"), id="score.tick",
        ),
        Binding(
            "b", "way_back", _("最少整改"), tooltip=_("勾上最少要整改的几条；再按一次全部取消"), id="score.way_back"
        ),
        Binding("e", "fill", _("填考核表"), tooltip=_("修改这一期的考核表，另存一版"), id="score.fill"),
        Binding("x", "export", _("导出"), tooltip=_("把这份考核表写成文件，放在当前文件夹"), id="score.export"),
    ]  # fmt: skip

    def __init__(self, enterprise: str, period: str) -> None:
        super().__init__()
        self.enterprise, self.period = enterprise, period
        self.closed: dict[str, None] = {}
        """The findings that are ticked, in the order in which they were."""
        self.found: Assessment | None = None

    def content(self) -> ComposeResult:
        """The lines, what is known of the one under the cursor, and what if."""
        yield Words(classes="lines", id="totals")
        yield Grid(id="lines")
        yield Words(id="about")
        yield Words(id="if-closed")

    def on_mount(self) -> None:
        """The cursor begins in the lines."""
        self.query_one("#lines").focus()

    def work_out(self, snapshot: Snapshot) -> Assessment | None:
        """The assessment."""
        return next(iter(assessments(snapshot, self.enterprise, self.period)), None)

    def lay_out(self, found: object) -> None:
        """Show it; what is no longer found is no longer ticked."""
        if not isinstance(found, Assessment):
            self.found = None
            self.say_state(_("这一期的考核表不在了。"))
            return
        self.found = found
        self.closed = {name: None for name in self.closed if name in self._counted}
        name, period = found.sheet.enterprise.name, found.sheet.period.label
        self.say(_("{name}　{period}　{status}", name=name, period=period, status=status_words(found)))
        self.query_one("#totals", Words).say("\n".join(shown(line) for line in total_lines(found)))
        self._fill()

    def _fill(self) -> None:
        if self.found is None:
            return
        columns = [
            Column("tick", ""),
            Column("id", _("编号")),
            Column("what", _("内容和扣分条款"), gives=True),
            Column("own", _("自评"), right=True),
            Column("department", _("考核"), right=True),
            Column("before", _("上期"), right=True),
        ]
        self.query_one("#lines", Grid).fill(columns, list(_items(self.found)), self._line, _key)
        self.show_about()
        self.query_one("#if-closed", Words).say("\n".join(shown(line) for line in self._if_closed()))

    def _line(self, item: object) -> Line:
        assert self.found is not None  # noqa: S101 - lines are drawn of something found
        if isinstance(item, Lost):
            return self._lost_line(item)
        assert isinstance(item, int)  # noqa: S101 - a content's place
        results = (self.found.own, self.found.department, self.found.before)
        scores = [result.contents[item] if result is not None else None for result in results]
        content = list(self.found.sheet.checklist.contents)[item]
        points = (f"{words(one.score)}/{content.points:g}" if one is not None else "" for one in scores)
        return Line(("", content.id, content.title, *points))

    def _lost_line(self, item: Lost) -> Line:
        ids = [name for name in item.findings if name in self._counted]
        tick = "" if item.is_past or not ids else "[✓]" if all(name in self.closed for name in ids) else "[ ]"
        costs = (
            f"-{words(loss.taken)}" if loss is not None else "" for loss in (item.own, item.department, item.before)
        )
        name = _("、").join(item.findings)
        is_gone = item.own is None and item.department is None
        look = "faint" if is_gone else "red" if item.loss.veto is not None else ""
        what = f"　{self._contest_mark(item)}{clause_words(item.loss)}"
        return Line((tick, name, what, *costs), {2: look} if look else {})

    def _contest_mark(self, item: Lost) -> str:
        """Whether an objection to it waits, or was upheld."""
        assert self.found is not None  # noqa: S101 - lines are drawn of something found
        if any(name in self.found.sheet.contested for name in item.findings):
            return _("［有异议］")
        return _("［异议采纳，不扣］") if item.struck is not None else ""

    @property
    def _counted(self) -> set[str]:
        """The findings that the score which counts comes from."""
        return set(self.found.judged[1]) if self.found is not None and self.found.judged is not None else set()

    def _if_closed(self) -> list[str]:
        a = self.found
        if a is None or a.judged is None:
            return []
        lines = []
        if self.closed:
            result = a.if_closed(self.closed)
            change = signed(result.total - a.judged[0].total)
            lines.append(_("勾选的 {n} 条整改以后：{result}（{change}）",
                n=len(self.closed), result=result_words(result), change=change))  # fmt: skip
        rest = a.back_after(self.closed)
        if rest:
            points = words(a.if_closed([*self.closed, *rest]).total)
            listed = _("、").join(rest)
            more = _("还要再整改 {n} 条才合格（{points} 分）：{ids}") if self.closed else None
            least = more or _("最少整改 {n} 条就合格（{points} 分）：{ids}")
            lines.append(least.format(n=len(rest), points=points, ids=listed))
        return lines or [_("已经合格。空格勾选，看整改以后多少分。")]

    # --- the line under the cursor ---

    @on(Grid.Moved)
    def show_about(self) -> None:
        """What was seen, on both sides, and what is said against it."""
        item = self.query_one("#lines", Grid).item
        about = self.query_one("#about", Words)
        lines = about_lines(self.found, item) if self.found is not None and isinstance(item, Lost) else []
        about.say("\n".join(shown(line) for line in lines))
        about.display = bool(lines)

    @property
    def subject(self) -> Subject | None:
        """The sheet, and the department's finding that the cursor is on: of several the one that is contested."""
        a, item = self.found, self.query_one("#lines", Grid).item
        if a is None or self.seen is None:
            return None
        names = item.findings if isinstance(item, Lost) and not item.is_past else ()
        own = [name for name in names if name in a.findings and a.findings[name].department]
        own.sort(key=lambda name: (name not in a.sheet.contested, name in a.sheet.struck))
        return Subject(self.seen, unit=a.sheet.unit, sheet=a.sheet, finding=next(iter(own), ""))

    # --- what if ---

    def action_tick(self) -> None:
        """Close what the cursor is on, or not after all."""
        item = self.query_one("#lines", Grid).item
        ids = [name for name in item.findings if name in self._counted] if isinstance(item, Lost) else []
        if not ids:
            self.told(_("这一行没有计入的扣分，没有可整改的。"))
            return
        is_closed = all(name in self.closed for name in ids)
        for name in ids:
            if is_closed:
                del self.closed[name]
            else:
                self.closed[name] = None
        self._fill()

    def action_way_back(self) -> None:
        """Tick the cheapest way back, or nothing any more."""
        rest = self.found.back_after(self.closed) if self.found is not None else ()
        if rest:
            self.closed |= dict.fromkeys(rest)
        elif self.closed:
            self.closed = {}
        else:
            self.told(_("已经合格，没有必须整改的。"))
        self._fill()

    def action_fill(self) -> None:
        """Fill it in anew."""
        fill_sheet(self, self.enterprise, self.period)

    def action_export(self) -> None:
        """As a paper."""
        if self.found is not None:
            export_sheet(self, self.found)


def _items(a: Assessment) -> Iterator[object]:
    """Headings of the indicators, each content by its place, and below it what it lost."""
    placed, place = a.sheet.checklist.content_of, count()
    for indicator in a.sheet.checklist.indicator:
        points = _("（{words}）", words=f"{indicator.points:g}")
        yield Heading(f"{indicator.id} {indicator.title}{points}")
        for content in indicator.content:
            yield next(place)
            yield from (one for one in a.lost if placed[one.loss.findings[0]] is content)


def total_lines(a: Assessment) -> list[str]:
    """Who assessed when, the totals, and how they differ."""
    lines = []
    for side, who in SIDES.items():
        assessed, result = a.sheet.assessed(side), a.score(side)
        if assessed is None or result is None:
            lines.append(_("{who}：还没有。", who=_(who)))
            continue
        by = _("、").join(assessed.by)
        lines.append(_("{who}：{points} 分（{on} {by}）", who=_(who), points=said(result), on=assessed.on, by=by))
    compared = []
    if a.difference is not None:
        compared.append(_("考核比自评 {n}", n=signed(a.difference)))
    if a.change is not None and a.before is not None:
        compared.append(_("比上期（{points}）{n}", points=words(a.before.total), n=signed(a.change)))
    lines += contested_lines(a)
    compared += [_("另一种读法“{id}”：{result}", id=o.reading.id, result=result_words(o.score)) for o in a.otherwise]
    return [*lines, "　".join(compared)] if compared else lines


def about_lines(a: Assessment, item: Lost) -> list[str]:
    """What is known of a clause: its words whole, what it cost on each side, what was seen."""
    costs = [
        (_("自评扣"), cost_words(item.own)),
        (_("考核扣"), struck_words(item)),
        (_("上期扣"), cost_words(item.before)),
    ]
    cost = "　".join(f"{label} {words_}" for label, words_ in costs if words_)
    evidence = [e for name in item.findings if name in a.findings for e in a.findings[name].evidence]
    seen = "" if item.is_past else seen_words(a, item)
    lines = [_("{what}　{cost}", what=clause_words(item.loss), cost=cost)]
    lines += [seen] if seen else []
    lines += [_("佐证：{listed}", listed=_("、").join(evidence))] if evidence else []
    return lines


def _key(item: object) -> object:
    return item.loss.id if isinstance(item, Lost) else item
