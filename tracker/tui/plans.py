"""任务: plan, section, task, milestone and period as a tree with lights, and the milestone beside it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from tracker.language import _
from tracker.plans import Milestone, Plan, Task
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import LIGHTS, WORST, Light
from tracker.terminal import cut
from tracker.tui.grid import NARROWEST, Grid
from tracker.tui.milestone import MilestonePane
from tracker.tui.view import View
from tracker.tui.words import shown


@dataclass(frozen=True)
class Branch:
    """What a line of the tree stands for."""

    key: str
    words: str
    standings: tuple[Standing, ...]
    milestone: Milestone | None = None
    is_period: bool = False

    @property
    def light(self) -> Light:
        """The worst of what is current."""
        return min((s.light for s in self.current), key=WORST.index, default="grey")

    @property
    def current(self) -> list[Standing]:
        """What counts for the light."""
        return [s for s in self.standings if s.status != "contributing" and (self.is_period or s.is_current)]

    @property
    def sign(self) -> str:
        """The light's sign, and how many are late."""
        late = sum(s.is_late for s in self.current)
        return LIGHTS[self.light][0] + (f" {late}" if late else "")


class PlanTree(Tree[Branch]):
    """The tree. Its signs are one column wide in every terminal."""

    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tree--red", "tree--yellow", "tree--green", "tree--grey"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "toggle_node", _("展开/收起"), key_display=_("空格"), show=False, id="tree.toggle"),
        Binding("right", "open_node", _("展开"), show=False, key_display="→", id="tree.open"),
        Binding("left", "close_node", _("收起"), show=False, key_display="←", id="tree.close"),
        Binding("enter", "into", _("看各单位"), key_display="Enter", tooltip=_("到右边各单位的表里"), id="tree.into"),
    ]  # fmt: skip

    def render_label(self, node: TreeNode[Branch], base_style: Style, style: Style) -> Text:
        """Icon or as much room, sign in the light's colour, words."""
        branch = node.data
        if branch is None:
            return Text("")
        icon = "  " if not node.allow_expand else self.ICON_NODE_EXPANDED if node.is_expanded else self.ICON_NODE
        light = (
            Style()
            if node is self.cursor_node
            else self.get_component_rich_style(f"tree--{branch.light}", partial=True)
        )
        room = self.scrollable_content_region.width - self.guide_depth * _depth(node) - len(icon) - len(branch.sign) - 1
        words = cut(shown(branch.words), max(room, NARROWEST))
        return Text.assemble((icon, base_style), (f"{branch.sign} ", style + light), (words, style))

    def action_open_node(self) -> None:
        """Show what is below."""
        if self.cursor_node is not None:
            self.cursor_node.expand()

    def action_close_node(self) -> None:
        """Hide it, or go to what it belongs to."""
        node = self.cursor_node
        if node is None:
            return
        if node.is_expanded and node.children:
            node.collapse()
        elif node.parent is not None and node.parent is not self.root:
            self.move_cursor(node.parent)

    def action_into(self) -> None:
        """To the units of a milestone; other lines open and close."""
        node = self.cursor_node
        if node is not None and node.data is not None and node.data.milestone is None:
            node.toggle()
        elif isinstance(self.screen, Plans):
            self.screen.query_one("#units").focus()


class Plans(View):
    """The plans' tree and the milestone that the cursor is on."""

    def __init__(self) -> None:
        super().__init__("plans")
        self.by_milestone: Mapping[str, list[Standing]] = {}

    def content(self) -> ComposeResult:
        """Tree and milestone."""
        with Horizontal(classes="halves"):
            yield PlanTree("", id="tree")
            yield MilestonePane()

    def on_mount(self) -> None:
        """The cursor begins in the tree."""
        tree = self.query_one(PlanTree)
        tree.show_root = False
        tree.guide_depth = 2
        tree.focus()

    def work_out(self, snapshot: Snapshot) -> dict[str, list[Standing]]:
        """The standings of each milestone."""
        found: dict[str, list[Standing]] = defaultdict(list)
        for s in snapshot.standings:
            found[s.occurrence.milestone.id].append(s)
        return found

    def lay_out(self, found: object) -> None:
        """Build the tree anew; what was open and where the cursor was stay."""
        if self.seen is None:
            return
        self.by_milestone = cast("dict[str, list[Standing]]", found)
        tree = self.query_one(PlanTree)
        is_first = not tree.root.children
        opened = {node.data.key for node in _nodes(tree.root) if node.is_expanded and node.data is not None}
        at = tree.cursor_node.data.key if tree.cursor_node is not None and tree.cursor_node.data is not None else ""
        tree.clear()
        for plan in self.seen.programme.plans:
            self._add_plan(tree.root, plan)
        for node in list(_nodes(tree.root)):
            if node.data is not None and (node.data.key in opened or (is_first and node.parent is tree.root)):
                node.expand()
        tree.root.expand()
        here = next((n for n in _nodes(tree.root) if n.data is not None and n.data.key == at), None)
        if tree.last_line >= 0:  # asking for it gives every node its line anew
            tree.move_cursor(here or tree.root.children[0])
        self.show_branch(here.data if here is not None else None)

    # --- the tree ---

    def _add_plan(self, root: TreeNode[Branch], plan: Plan) -> None:
        node = self._add(root, Branch(plan.stem, plan.head.short, self._of(plan.milestones)))
        named = {section.id: section.title for section in plan.sections}
        sections: dict[str, TreeNode[Branch]] = {}
        for task in plan.tasks:
            parent = node
            if task.section in named:
                key = f"{plan.stem}/{task.section}/"
                if task.section not in sections:
                    own = (m for t in plan.tasks if t.section == task.section for m in t.milestone)
                    sections[task.section] = self._add(node, Branch(key, named[task.section], self._of(own)))
                parent = sections[task.section]
            self._add_task(parent, plan, task)

    def _add_task(self, parent: TreeNode[Branch], plan: Plan, task: Task) -> None:
        branch = Branch(f"{plan.stem}/{task.item}", f"{task.item} {task.title}", self._of(task.milestone))
        node = self._add(parent, branch)
        for m in task.milestone:
            standings = self._of((m,))
            below = self._add(node, Branch(m.id, m.title, standings, m))
            periods: dict[str, list[Standing]] = defaultdict(list)
            for s in standings:
                if s.occurrence.id != m.id:
                    periods[s.occurrence.id].append(s)
            below.allow_expand = bool(periods)
            # The latest first: what is looked for is rarely the oldest.
            for item, rows in reversed(periods.items()):
                branch = Branch(item, item.partition("@")[2], tuple(rows), m, is_period=True)
                below.add_leaf(Text(shown(branch.words)), branch)

    def _add(self, parent: TreeNode[Branch], branch: Branch) -> TreeNode[Branch]:
        # What is drawn comes from ``render_label``; a label that is text is never markup either.
        return parent.add(Text(shown(branch.words)), branch)

    def _of(self, milestones: Iterable[Milestone]) -> tuple[Standing, ...]:
        return tuple(s for m in milestones for s in self.by_milestone.get(m.id, ()))

    # --- beside it ---

    @on(Tree.NodeHighlighted)
    def moved(self, event: Tree.NodeHighlighted[Branch]) -> None:
        """Show the milestone that the cursor is on."""
        self.show_branch(event.node.data)

    def show_branch(self, branch: Branch | None) -> None:
        """The milestone, of a period if the line is one; of other lines what is red or yellow, else all they hold."""
        self.say(_branch_words(branch))
        pane = self.query_one(MilestonePane)
        if branch is None or self.seen is None:
            return
        if branch.milestone is None:
            lit = [s for s in branch.current if s.light in ("red", "yellow")]
            worst_first = sorted(lit, key=lambda s: (WORST.index(s.light), -s.days_late))
            pane.show_rows(self.seen, worst_first or branch.current)
        else:
            rows = [s for s in branch.standings if branch.is_period or s.is_current] or list(branch.standings)
            pane.show(self.seen, branch.milestone, rows)

    @on(Grid.Chosen)
    def open_item(self) -> None:
        """A unit's item month by month."""
        subject = self.subject
        if subject is not None:
            self.open_subject(subject)

    @property
    def can_go_back(self) -> bool:
        """From the units back to the tree."""
        return self.query_one("#units").has_focus

    def action_back(self) -> None:
        """To the tree."""
        self.query_one(PlanTree).focus()


def _branch_words(branch: Branch | None) -> str:
    if branch is None:
        return ""
    rows = [s for s in branch.standings if s.is_current or branch.is_period]
    late = sum(s.is_late for s in rows)
    name = branch.milestone.title if branch.milestone is not None else branch.words
    period = branch.words if branch.is_period else ""
    return "　".join(part for part in (name, period, _("{n} 项，逾期 {late}", n=len(rows), late=late)) if part)


def _depth(node: TreeNode[Branch]) -> int:
    """How many guides stand before it; the root is not shown."""
    depth, above = 0, node.parent
    while above is not None and above.parent is not None:
        depth, above = depth + 1, above.parent
    return depth


def _nodes(root: TreeNode[Branch]) -> Iterator[TreeNode[Branch]]:
    for node in root.children:
        yield node
        yield from _nodes(node)
