"""What a bulletin counts of the city, a plan or a unit, as an edition keeps it."""

from dataclasses import dataclass

from tracker.entered import Entered


@dataclass(frozen=True)
class Counts(Entered):
    """The numbers that a bulletin gives of the city, a plan or a unit."""

    of: str
    """``city``, ``plan:<stem>`` or ``unit:<id>``."""
    owed: int
    done: int
    verified: int
    on_time: int
    late: int
    """Red, past periods among them."""
    missed: int
    """Past periods missed."""
    month_done: int
    """Done on a day of the month."""
    reported: str = ""
    """How a unit reported (see ``tracker.reporting``); of the city, how many did in time."""
