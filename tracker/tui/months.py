"""Going through the months: what the places that show one month share."""

from datetime import date
from typing import ClassVar

from textual.binding import Binding, BindingType

from tracker.deadlines import months_later
from tracker.language import _
from tracker.reporting import month_in_hand
from tracker.snapshot import Snapshot
from tracker.tui.view import View


class MonthView(View):
    """A view of one month; without a choice the month that is looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket,left", "month(-1)", _("上月"), key_display="[", id="month.before"),
        Binding("right_square_bracket,right", "month(1)", _("下月"), key_display="]", id="month.after"),
    ]

    picked: date | None = None
    """The month chosen; None is the month in hand on the day looked at."""

    @property
    def month(self) -> date:
        """The month shown."""
        assert self.snapshot is not None  # noqa: S101 - asked only where there is one
        return self.picked or month_for(self.snapshot, self.snapshot.clocks.as_of)

    def action_month(self, months: int) -> None:
        """To another month that has records."""
        if self.snapshot is None:
            return
        head = self.snapshot.programme.head
        wanted = months_later(self.month, months)
        first, last = head.records_from.replace(day=1), min(self.session.today, head.until).replace(day=1)
        if first <= wanted <= last:
            self.picked = wanted
            self.refresh_view()
        else:
            edge = _("{month} 以前没有记录。", month=f"{first:%Y-%m}")
            self.told(edge if wanted < first else _("{month} 是最后一个月。", month=f"{last:%Y-%m}"))


def month_for(snapshot: Snapshot, day: date) -> date:
    """The month in hand on a day, within those that have records."""
    head = snapshot.programme.head
    return max(min(month_in_hand(day), head.until.replace(day=1)), head.records_from.replace(day=1))
