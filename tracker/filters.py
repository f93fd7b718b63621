"""Which rows are wanted of a list, as it may be said of any of them."""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tracker.language import _

if TYPE_CHECKING:  # a list that was kept is narrowed down without the plans
    from tracker.plans import Programme


class Owned(Protocol):
    """A row, a milestone: what belongs to a plan and to somebody."""

    @property
    def plan(self) -> str:
        """The plan's stem."""

    @property
    def level(self) -> Collection[str]:
        """The levels that are responsible."""

    @property
    def owner(self) -> str:
        """Who is responsible, by name."""


class Filter(NamedTuple):
    """Which rows are wanted; says itself in words."""

    plan: str | None = None
    unit: str | None = None
    level: str | None = None
    owner: str | None = None
    """Part of the owner's name."""

    def takes(self, row: Owned, unit: str | None = None) -> bool:
        """Whether a row (of a unit) is wanted."""
        return (
            (self.plan is None or row.plan == self.plan)
            and (self.unit is None or unit is None or unit == self.unit)
            and (self.level is None or self.level in row.level)
            and (self.owner is None or self.owner in row.owner)
        )

    def words(self, programme: "Programme") -> str:
        """The filter as a heading; empty when everything is wanted."""
        from tracker.plans import LEVELS  # noqa: PLC0415 - who wants everything need not wait for the plans

        parts = [
            programme.plan(self.plan).head.short if self.plan else "",
            programme.unit(self.unit).name if self.unit else "",
            _(LEVELS[self.level]) if self.level else "",
            self.owner or "",
        ]
        return " · ".join(part for part in parts if part)


EVERYTHING = Filter()
