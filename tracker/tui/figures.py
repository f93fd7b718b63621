"""The figures of the leaders' page with last month's beside them, and how far each plan has come."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from tracker.figures import Figures
from tracker.language import _
from tracker.paces import Pace
from tracker.summary import Summary
from tracker.terminal import cut, padded, width
from tracker.tui.words import shown

BAR, LONGEST_BAR = 20, 40
"""Columns of a bar, and where there is room."""

APART, WIDEST_APART = 3, 6
"""Columns between two figures, and where there is room."""

MONTH = 6
"""Columns of a month's number."""

MOST_MONTHS = 12
"""Months whose numbers are named where there is room."""

NAME = 12
"""Columns of a plan's name."""


class FigureRows(Static):
    """The figures of this month and, under them, of last month."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.found: Summary | None = None

    def show(self, found: Summary) -> None:
        """Show a summary's figures."""
        self.found = found
        self.draw()

    def on_resize(self) -> None:
        """Names are as long as there is room for."""
        self.draw()

    def draw(self) -> None:
        """Names above numbers; the longest names are cut where they do not fit."""
        if self.found is None:
            return
        names = [_("应完成"), _("已完成"), _("其中销号"), _("按期率"), _("逾期"), _("未按时报送")]
        now = _numbers(self.found.now, self.found.not_reported)
        before = _numbers(self.found.before, self.found.not_reported_before)
        heads = (_("本月"), _("上月"))
        first = max(width(head) for head in heads)
        least = [max(width(n), width(b)) for n, b in zip(now, before, strict=True)]
        columns = [max(width(name), wide) for name, wide in zip(names, least, strict=True)]
        while first + sum(columns) + APART * len(columns) > self.size.width > 0:
            widest = max(range(len(columns)), key=lambda n: columns[n] - least[n])
            if columns[widest] == least[widest]:
                break
            columns[widest] -= 1

        apart = max(APART, min((self.size.width - first - sum(columns)) // len(columns), WIDEST_APART))

        def line(head: str, cells: Sequence[str]) -> str:
            numbers = (padded(cut(cell, wide), wide, right=True) for cell, wide in zip(cells, columns, strict=True))
            return (" " * apart).join([padded(head, first), *numbers])

        self.update(
            Content.assemble(
                (line("", names) + "\n", "$text-muted"),
                (line(heads[0], now) + "\n", "bold"),
                (line(heads[1], before), "$text-muted"),
            )
        )


def _numbers(f: Figures | None, not_reported: int | None) -> list[str]:
    if f is None:
        return ["—"] * 6
    rate = f"{f.rate:.1f}%" if f.rate is not None else "—"
    return [str(f.owed), str(f.done), str(f.verified), rate, str(f.late), str(not_reported)]


class PaceRows(Static):
    """A line a plan: done in each month, a bar of all that is done with a mark where the time stands."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.found: Sequence[Pace] = ()

    def show(self, found: Sequence[Pace]) -> None:
        """Show the plans' pace."""
        self.found = found
        self.draw()

    def on_resize(self) -> None:
        """As many months as there is room for."""
        self.draw()

    def draw(self) -> None:
        """A table of its own, since the bars are coloured sign by sign."""
        if not self.found:
            self.update("")
            return
        names = [cut(shown(p.plan.head.short), NAME) for p in self.found]
        wide = max(width(name) for name in [*names, _("方案")])
        shares = [_("办结 {done:.0f}%，时间 {time:.0f}%", done=p.share, time=p.time) for p in self.found]
        room = self.size.width - wide - BAR - max(width(share) for share in shares) - 4
        months = [month for month, _count in self.found[0].by_month][-max(min(room // MONTH, MOST_MONTHS), 1) :]
        length = max(BAR, min(BAR + room - len(months) * MONTH, LONGEST_BAR))
        head = "".join(padded(_("{m}月", m=month.month), MONTH, right=True) for month in months)
        lines: list[Content] = [
            Content.assemble((_("各月办结，累计办结（#）和时间（|）"), "bold $text-primary")),
            Content.assemble((f"{padded(_('方案'), wide)}{head}", "$text-muted")),
        ]
        for name, pace, share in zip(names, self.found, shares, strict=True):
            counts = dict(pace.by_month)
            numbers = "".join(padded(str(counts[month]), MONTH, right=True) for month in months)
            lines.append(
                Content.assemble(f"{padded(name, wide)}{numbers}  ", *bar(pace.share, pace.time, length), f"  {share}")
            )
        self.update(Content("\n").join(lines))


def bar(done: float, time: float, length: int = BAR) -> list[tuple[str, str]]:
    """A bar of signs that are one column wide everywhere: ``#`` is done, ``|`` is where the time stands."""
    filled, mark = round(length * done / 100), min(round(length * time / 100), length - 1)
    signs = ["#" if n < filled else "." for n in range(length)]
    signs[mark] = "|"
    looks = {"#": "$text-success", ".": "$text-muted", "|": "bold $text-warning"}
    return [(sign, looks[sign]) for sign in signs]
