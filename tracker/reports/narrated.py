"""The office's own words in a bulletin, every number in them filled in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.counted import Counts
from tracker.counts import counts
from tracker.deadlines import month_end, months_later
from tracker.language import _
from tracker.narrative import DEFAULT, FIELD, Figure, figure, quoted
from tracker.reports import fields
from tracker.reports.document import Block, Paragraph
from tracker.snapshot import Snapshot
from tracker.views import due_between, named


@dataclass(frozen=True)
class Narrator:
    """Fills in the fields of a month's narrative; the numbers are those that a manifest lists."""

    now: Snapshot
    before: Snapshot

    def section(self, paragraphs: Sequence[str], default: Iterable[Block]) -> Iterator[Block]:
        """A section of the bulletin: the office's paragraphs, or the program's where it wrote none."""
        if not paragraphs:
            yield from default
            return
        for words in paragraphs:
            if words.strip() == f"{{{DEFAULT}}}":
                yield from default
            else:
                yield Paragraph(FIELD.sub(lambda field: self._value(field[1]), words.strip()))

    def _value(self, field: str) -> str:
        quotation = quoted(field)
        if quotation is not None:
            kind, unit = quotation
            head = fields.head_of(self.now, unit)
            return (getattr(head, kind) if head is not None else None) or _("（没有写）")
        found = figure(field)
        if found is None:
            raise ValueError(field)
        return self._figure(found)

    def _figure(self, found: Figure) -> str:
        snapshot, known = (self.before, self._last) if found.is_last else (self.now, self._counts)
        if found.name == "units":
            return str(sum(of.startswith("unit:") and bool(c.reported) for of, c in known.items()))
        if found.name == "coming":
            following = months_later(snapshot.clocks.month, 1)
            return str(len(due_between(named(snapshot), following, month_end(following))))
        if found.name == "rate":
            of = known[found.of]
            return fields.percent(100 * of.on_time / of.owed if of.owed else None)
        return str(getattr(known[found.of], found.name))

    @cached_property
    def _counts(self) -> Mapping[str, Counts]:
        return {one.of: one for one in counts(self.now)}

    @cached_property
    def _last(self) -> Mapping[str, Counts]:
        return {one.of: one for one in counts(self.before)}
