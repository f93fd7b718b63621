"""What sheets close: a unit's duty to assess its enterprises is done when all their sheets are there.

A milestone with ``closed_by`` is not closed by a claim: the record is made here, from the
department's sheets that count on the day. It names the sheet last assessed as its place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.decisions import Decision
from tracker.language import _
from tracker.merge import Clocks, Merged, Record, is_sent_back, is_within, judged_files
from tracker.occurrences import Occurrence
from tracker.plans import Programme
from tracker.problems import Place
from tracker.scoring import score, words
from tracker.sheets import Sheet
from tracker.submissions import Update

Closing = Mapping[tuple[str, str], Record | None]
"""Unit and occurrence to what the sheets say of it; None where there is no sheet yet."""


@dataclass(frozen=True, slots=True)
class FiledSheet:
    """A sheet and the moment the city knew it."""

    sheet: Sheet
    received: datetime


def sheets_that_count(
    filed: Iterable[FiledSheet], decisions: Iterable[Decision], known_by: datetime
) -> tuple[FiledSheet, ...]:
    """Of each enterprise and period the last version known by then and not sent back, in the order of periods."""
    judged = judged_files(decisions)
    last: dict[tuple[date, str], FiledSheet] = {}
    for one in sorted(filed, key=lambda f: (f.sheet.version, f.received, f.sheet.file)):
        if one.received <= known_by and not is_sent_back(one.sheet.file, one.sheet.digest, judged):
            last[one.sheet.month, one.sheet.stem] = one
    return tuple(last[key] for key in sorted(last))


def closing(
    programme: Programme, occurrences: Iterable[Occurrence], sheets: Sequence[FiledSheet], clocks: Clocks
) -> Closing:
    """What the sheets say of the duties that they close.

    Periods that ended before the books began are as the opening file says; a unit without
    enterprises reports the duty like any other.
    """
    assessed = {
        (one.sheet.period.label, one.sheet.stem): one
        for one in sheets
        if one.sheet.is_complete
        and (department := one.sheet.head.department) is not None
        and department.on <= clocks.as_of
    }
    found: dict[tuple[str, str], Record | None] = {}
    for o in occurrences:
        own = [e for e in programme.enterprises if e.unit == o.unit and e.checklist == o.milestone.closed_by]
        if own and o.period_end is not None and o.period_end >= programme.head.records_from:
            label = o.id.partition("@")[2]
            found[o.unit, o.id] = _record(o, [assessed.get((label, e.id)) for e in own], [e.brief for e in own], clocks)
    return found


def close(merged: Merged, closing: Closing) -> None:
    """Put the sheets' records in the place of the units' claims of done; what the city corrected since stays after.

    While an item is verified nothing touches it.
    """
    for (unit, item), record in closing.items():
        records = merged.records[unit][item]
        if record is not None and is_within(record.known, merged.closed.get((unit, item), ())):
            continue
        kept = [r for r in records if r.correction is not None or r.update.state != "done"]
        later = [r for r in kept if r.correction is not None and record is not None and r.known > record.known]
        before = [r for r in kept if r not in later]
        merged.records[unit][item] = [*before, *([record] if record is not None else []), *later]


def _record(o: Occurrence, sheets: Sequence[FiledSheet | None], names: Sequence[str], clocks: Clocks) -> Record | None:
    there = [one for one in sheets if one is not None]
    if not there or o.opens > clocks.as_of:
        return None
    days = {one.sheet.file: department.on for one in there if (department := one.sheet.head.department) is not None}
    last = max(days.values())
    place = Place(next(file for file, day in days.items() if day == last))
    missing = [name for name, one in zip(names, sheets, strict=True) if one is None]
    update = Update(
        o.id,
        "in-progress" if missing else "done",
        done_on=None if missing else last,
        done=len(there),
        total=len(sheets),
        note=_("；").join(_note(there, missing)),
        place=place,
    )
    return Record(update, last.replace(day=1), max(one.received for one in there))


def _note(there: Iterable[FiledSheet], missing: Sequence[str]) -> Iterator[str]:
    """Each enterprise's result, and whose sheets are not there."""
    for one in there:
        checklist = one.sheet.checklist
        result = score(checklist, one.sheet.counts("department"))
        said = _("合格") if result.is_passed else _("不合格")
        yield _("{name} {points} 分，{said}", name=one.sheet.enterprise.brief, points=words(result.total), said=said)
    if missing:
        yield _("没有考核表：{names}", names=_("、").join(missing))
