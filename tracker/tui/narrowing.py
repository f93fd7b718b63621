"""The rows of a choice, and those that have what is typed: for a nation's rows at every letter."""

import gc
from collections.abc import Sequence
from itertools import compress
from threading import Lock
from typing import NamedTuple

from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.tui.chosen import Choice
from tracker.tui.searching import has, search_words


class Looked(NamedTuple):
    """Rows, and beside each what is looked in: three lists are gone through much faster than one of triples."""

    rows: Sequence[Standing]
    places: Sequence[int]
    """Which of the few pairs of a unit and a milestone it is."""
    ids: Sequence[str]
    """Its own id as it is looked for."""

    def only(self, chosen: Sequence[bool]) -> "Looked":
        """Those that are chosen."""
        rows, places, ids = (compress(each, chosen) for each in self)
        return Looked(list(rows), list(places), list(ids))  # type: ignore[arg-type]


class Narrowing:
    """Letters that are added look only among what was found before them; one taken back finds what was there."""

    def __init__(self, snapshot: Snapshot, choice: Choice) -> None:
        self.snapshot, self.choice = snapshot, choice.untyped
        self.rows: Sequence[Standing] = choice.rows(snapshot)
        self._pairs: list[tuple[str, str]] = []
        """The units and milestones there are."""
        self._found: list[tuple[str, Looked]] = []
        """What was typed and found, each typed text beginning with the one before it."""
        self._lock = Lock()

    def is_of(self, snapshot: Snapshot, choice: Choice) -> bool:
        """Whether these rows are those of a choice."""
        return self.snapshot is snapshot and self.choice == choice.untyped

    @property
    def is_ready(self) -> bool:
        """Whether the next letter is answered at once."""
        return bool(self._found)

    def prepare(self) -> None:
        """Make ready what is looked in; before the first letter is typed."""
        with self._lock:
            self._prepare()
        # A hundred thousand tuples that stay need not be looked through for garbage at every few keys.
        gc.freeze()

    def having(self, typed: str) -> Sequence[Standing]:
        """The rows that have all the words typed: in the unit, the plan, the milestone, its owner or the id."""
        words = search_words(typed)
        if not words:
            return self.rows
        with self._lock:
            self._prepare()
            while not typed.startswith(self._found[-1][0]):
                self._found.pop()
            if self._found[-1][0] != typed:
                found = self._found[-1][1]
                for word in words:
                    found = self._narrowed(found, word)
                self._found.append((typed, found))
            return self._found[-1][1].rows

    def _prepare(self) -> None:
        if not self._found:
            places: dict[tuple[str, str], int] = {}
            owed = [s.occurrence for s in self.rows]
            of = [places.setdefault((o.unit, o.milestone.id), len(places)) for o in owed]
            self._pairs = list(places)
            self._found.append(("", Looked(self.rows, of, [o.id.casefold() for o in owed])))

    def _narrowed(self, found: Looked, word: str) -> Looked:
        """Units and milestones are few and looked at once, however many rows there are."""
        programme = self.snapshot.programme
        short = {p.stem: p.head.short for p in programme.plans}
        units = {u.id for u in programme.units if has(word, f"{u.name} {u.brief}")}
        milestones = {m.id for m in programme.milestones.values() if has(word, f"{short[m.plan]} {m.title} {m.owner}")}
        fits = [unit in units or milestone in milestones for unit, milestone in self._pairs]
        return found.only([fits[place] or word in own for place, own in zip(found.places, found.ids, strict=True)])
