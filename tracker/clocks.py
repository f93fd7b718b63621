"""The two clocks: the day judged on, and the moment known up to."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Clocks:
    """The day judged on and the moment known up to."""

    as_of: date
    known_by: datetime

    @property
    def month(self) -> date:
        """First day of the month that ``as_of`` lies in; records of later ones do not count."""
        return self.as_of.replace(day=1)
