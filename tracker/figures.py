"""How much was owed, done and late on a day: the figures that every paper and screen gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.snapshot import Snapshot
from tracker.standing import Standing


@dataclass(frozen=True)
class Figures:
    """How much was owed, done and late on a day."""

    owed: int
    """Fallen due since the books began, and not taken off them."""
    done: int
    verified: int
    on_time: int
    late: int
    """Red now, past periods among them."""

    @property
    def rate(self) -> float | None:
        """按期率: percent of what was owed that was done by its day; None where nothing was owed."""
        return 100.0 * self.on_time / self.owed if self.owed else None


def figures(standings: Iterable[Standing], as_of: date) -> Figures:
    """The figures over some standings."""
    owed = [s for s in standings if s.is_owed and s.due is not None and s.due <= as_of]
    return Figures(
        len(owed),
        sum(s.is_done for s in owed),
        sum(s.status == "verified" for s in owed),
        sum(s.is_done and s.days_late == 0 for s in owed),
        sum(s.is_late for s in owed),
    )


def figures_of(snapshot: Snapshot) -> Figures:
    """The city's figures."""
    return snapshot.worked_out("figures", Figures, lambda: figures(snapshot.standings, snapshot.clocks.as_of))
