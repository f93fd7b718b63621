"""The rows of a choice, and those that have what is typed: for a nation's rows at every letter."""

import gc
from collections.abc import Iterable, Sequence
from threading import Lock

from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.tui.chosen import Choice
from tracker.tui.searching import has, search_words

LookedIn = tuple[Standing, str, str, str]
"""A row, its unit's and its milestone's id, and its own id as it is looked for."""


class Narrowing:
    """Letters that are added look only among what was found before them; one taken back finds what was there."""

    def __init__(self, snapshot: Snapshot, choice: Choice) -> None:
        self.snapshot, self.choice = snapshot, choice.untyped
        self.rows: Sequence[Standing] = choice.rows(snapshot)
        self._found: list[tuple[str, Sequence[LookedIn]]] = []
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
            return [row for row, _unit, _milestone, _id in self._found[-1][1]]

    def _prepare(self) -> None:
        if not self._found:
            looked_in = [
                (s, o.unit, o.milestone.id, o.id.casefold()) for s, o in ((s, s.occurrence) for s in self.rows)
            ]
            self._found.append(("", looked_in))

    def _narrowed(self, rows: Iterable[LookedIn], word: str) -> list[LookedIn]:
        """Units and milestones are few and looked at once, however many rows there are."""
        programme = self.snapshot.programme
        short = {p.stem: p.head.short for p in programme.plans}
        units = {u.id for u in programme.units if has(word, f"{u.name} {u.brief}")}
        milestones = {m.id for m in programme.milestones.values() if has(word, f"{short[m.plan]} {m.title} {m.owner}")}
        return [one for one in rows if one[1] in units or one[2] in milestones or word in one[3]]
