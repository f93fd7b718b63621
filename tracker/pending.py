"""What waits for the city's word: the coordinator's own list of things to rule on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from tracker.clocks import CHINA
from tracker.decisions import OF_FILES
from tracker.language import _, mark
from tracker.merge import counting
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import OFF_THE_BOOKS
from tracker.views import contested

WAITS_FOR: Mapping[str, str] = {
    "answer": mark("异议待裁定"),
    "extend": mark("延期待答复"),
    "waive": mark("报了不涉及，待认定"),
    "close": mark("旧期次已说明，待结案"),
    "verify": mark("报了完成，待核实"),
    "accept": mark("月报待审核"),
}
"""The kind of ruling that is waited for, the most pressing first."""


@dataclass(frozen=True)
class Pending:
    """One thing that waits for a ruling."""

    kind: str
    unit: str
    item: str = ""
    """Empty for a submission as a whole, and for a finding of an enterprise's sheet."""
    file: str = ""
    finding: str = ""
    """The clause of the sheet ``file`` that an enterprise denies."""
    since: date | None = None
    """The day the city knew of it."""
    standing: Standing | None = None


def pending(snapshot: Snapshot) -> list[Pending]:
    """All that waits for a ruling on the month judged, by kind and then in the order of units and plans."""
    found = [*_items(snapshot), *_findings(snapshot), *_submissions(snapshot)]
    kinds = list(WAITS_FOR)
    units = [unit.id for unit in snapshot.programme.units]
    return sorted(found, key=lambda p: (kinds.index(p.kind), units.index(p.unit)))


def requested(s: Standing) -> date | None:
    """The day to which the unit asked to have an item extended, while no ruling has answered it.

    What repeats a wish already granted asks for nothing.
    """
    if s.record is None or s.record.update.request_extension is None or s.due is None:
        return None
    until = s.record.update.request_extension.until
    answered = any(r.kind == "extend" and r.at >= s.record.known for r in s.rulings)
    return None if answered or until <= s.due else until


def _items(snapshot: Snapshot) -> Iterator[Pending]:
    disputed = contested(snapshot)
    for s in snapshot.standings:
        o = s.occurrence
        kind = _waits_for(s)
        if (o.unit, o.id) in disputed:
            yield Pending("answer", o.unit, o.id, standing=s)
        elif kind:
            yield Pending(kind, o.unit, o.id, since=_known(snapshot, s), standing=s)


def _known(snapshot: Snapshot, s: Standing) -> date:
    """The day the city knew of what waits; of a sum of the whole city, of its last number."""
    summed = [s] if s.record is not None else [x for x in snapshot.standings if x.occurrence.id == s.occurrence.id]
    return max(x.record.known for x in summed if x.record is not None).astimezone(CHINA).date()


def _waits_for(s: Standing) -> str:
    if s.status == "done":
        return "verify" if s.occurrence.milestone.closer != "county" else ""
    u = s.record.update if s.record is not None else None
    if u is None or s.status in (*OFF_THE_BOOKS, "explained"):
        return ""
    if requested(s) is not None:
        return "extend"
    if u.state == "not-applicable":
        return "waive"
    return "close" if s.is_late and not s.is_current and u.cause else ""


def _findings(snapshot: Snapshot) -> Iterator[Pending]:
    """What enterprises deny of their sheets, of whichever period."""
    for filed in snapshot.sheets:
        sheet = filed.sheet
        for name, contest in sheet.contested.items():
            since = contest.objection.at.astimezone(CHINA).date()
            yield Pending("answer", sheet.unit, file=sheet.file, finding=name, since=since)


def _submissions(snapshot: Snapshot) -> Iterator[Pending]:
    """The month's submissions that stand and that nobody has looked at as they are now."""
    month = snapshot.clocks.month
    looked_at = {
        (d.unit, d.file, d.sha256)
        for d in snapshot.decisions
        if d.kind in OF_FILES and d.item is None and d.month == month
    }
    for f in counting(snapshot.programme, snapshot.filed, snapshot.decisions, snapshot.clocks):
        s = f.submission
        name = PurePosixPath(s.file).name
        if s.month != month or s.head.opening:
            continue
        if not {(s.unit, name, s.digest), (s.unit, name, None)} & looked_at:
            yield Pending("accept", s.unit, file=s.file, since=f.received.astimezone(CHINA).date())


def words(waiting: Pending) -> str:
    """What is waited for."""
    return _(WAITS_FOR[waiting.kind])
