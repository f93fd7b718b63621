"""问题: what is wrong in the files, where, and what to write instead."""

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tracker.explain import explain
from tracker.language import _
from tracker.problems import Problem, worst_first
from tracker.tui.grid import Column, Grid, Line
from tracker.tui.sections import Section, Sections
from tracker.tui.told import Told
from tracker.tui.view import View


class Problems(View):
    """Every problem of the plans and of what was received; there also when the plans cannot be read."""

    def __init__(self) -> None:
        super().__init__("problems")

    def content(self) -> ComposeResult:
        """The list, and one problem in full."""
        yield Grid(id="list", empty=_("没有问题：方案和月报文件都读得通。"))
        with VerticalScroll(classes="page", can_focus=False):
            yield Sections(id="problem")

    def on_mount(self) -> None:
        """The cursor begins in the list."""
        self.query_one("#list").focus()

    def refresh_view(self) -> None:
        """Problems are known as soon as the files are read; a snapshot is not needed."""
        if not self.is_mounted:
            return
        self.look_around()
        taken = self.session.taken
        if taken is None:
            self.say_state(self.tracker.trouble or _("正在读文件……"))
            return
        self.seen = self.snapshot
        self.say_state("")
        found = worst_first(taken.problems)
        held = sum(p.holds for p in found)
        where = _("方案文件有错，改好后按 F5 重读。　") if taken.snapshot is None else ""
        self.say(where + _("{e} 处错误，{w} 处提示", e=held, w=len(found) - held))
        columns = [
            Column("code", _("代码")),
            Column("place", _("位置"), gives=True),
            Column("message", _("问题"), gives=True),
        ]
        self.query_one("#list", Grid).fill(columns, found, _line, _key)
        self.show_problem()

    @on(Grid.Moved)
    def show_problem(self) -> None:
        """The one under the cursor in full."""
        problem = self.query_one("#list", Grid).item
        sections = problem_sections(problem) if isinstance(problem, Problem) else []
        self.query_one(Sections).show(sections)

    @on(Grid.Chosen)
    def open_page(self) -> None:
        """The page of its code: what it looks like, why, and how to mend it."""
        problem = self.query_one("#list", Grid).item
        page = explain(problem.code) if isinstance(problem, Problem) else None
        if page is not None:
            self.app.push_screen(Told(f"{page.code} {page.title}", page.text.splitlines()[1:]))


def problem_sections(problem: Problem) -> list[Section]:
    """One problem: where, what, the line itself, what to write."""
    lines = [problem.message, *([problem.excerpt] if problem.excerpt else [])]
    hint = [f"→ {problem.hint}"] if problem.hint else []
    return [(f"{problem.code}　{problem.place}", [*lines, *hint])]


def _line(item: object) -> Line:
    assert isinstance(item, Problem)  # noqa: S101 - what fill was given
    sign = "x" if item.holds else "!"
    return Line((f"{sign} {item.code}", str(item.place), item.message), {0: "red" if item.holds else "yellow"})


def _key(item: object) -> object:
    return item
