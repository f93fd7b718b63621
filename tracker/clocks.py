"""The two clocks: the day judged on, and the moment known up to; and the zone in which days are meant."""

from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

CHINA = timezone(timedelta(hours=8))
"""The zone in which days are meant."""


class Clocks(NamedTuple):
    """The day judged on and the moment known up to."""

    as_of: date
    known_by: datetime

    @property
    def month(self) -> date:
        """First day of the month that ``as_of`` lies in; records of later ones do not count."""
        return self.as_of.replace(day=1)

    @property
    def today(self) -> date:
        """The day of the moment known up to: what is not late yet, and what has no receipt, depends on it."""
        return self.known_by.astimezone(CHINA).date()
