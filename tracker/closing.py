"""What sheets close: a unit's duty to assess its enterprises is done when all their sheets are there.

A milestone with ``closed_by`` is not closed by a claim: the record is made here, from the
department's sheets that count on the day. It names the sheet last assessed as its place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from tracker.clocks import Clocks
from tracker.decisions import Decision
from tracker.filed import Closing, Record
from tracker.language import _
from tracker.merge import counting_files
from tracker.merge_tables import Row, moment, ruling_rows
from tracker.occurrences import Occurrence
from tracker.plans import Programme
from tracker.problems import Place
from tracker.scoring import score, words
from tracker.sheets import Sheet
from tracker.submissions import Update


@dataclass(frozen=True, slots=True)
class FiledSheet:
    """A sheet and the moment the city knew it."""

    sheet: Sheet
    received: datetime


def sheets_that_count(
    filed: Iterable[FiledSheet], decisions: Iterable[Decision], known_by: datetime
) -> tuple[FiledSheet, ...]:
    """Of each enterprise and period the last version known by then and not sent back, in the order of periods."""
    several = sorted(filed, key=lambda f: f.sheet.file)
    clock = ("", ALWAYS, ALWAYS, moment(known_by), 0, 0)
    versions = (_version(file, one) for file, one in enumerate(several))
    speaks = ((file, "") for file, _one in enumerate(several))
    found = counting_files(clock, versions, speaks, ruling_rows("", decisions))
    return tuple(several[file] for file in found)


def _version(file: int, one: FiledSheet) -> Row:
    """A sheet as a version of what its enterprise says of a period."""
    s = one.sheet
    name = PurePosixPath(s.file).name
    received = moment(one.received)
    return (file, "", s.file, name, s.digest, s.stem, s.month.toordinal(), ALWAYS, s.version, received, 0)


ALWAYS = date.max.toordinal()


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
