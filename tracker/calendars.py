"""Calendars for a phone or an office program: a unit's due days, the city's collection days, as RFC 5545.

One entry a day, since a month's end has dozens of items and nobody wants dozens of alarms. Ids are made of
what an entry is about, so that a calendar taken in again replaces its entries; the stamp is the moment of the
newest file or ruling known, so that the same inputs give the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tracker.collection import STAGES, Collection, moved_words
from tracker.deadlines import months_later
from tracker.filters import Filter
from tracker.language import _
from tracker.plans import Programme
from tracker.reporting import asked
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.statuses import status_words
from tracker.terminal import plain
from tracker.views import due_between

ALARMS = (timedelta(days=-7, hours=9), timedelta(days=-1, hours=9))
"""At nine in the morning a week before, and the day before."""


@dataclass(frozen=True)
class Entry:
    """One day's entry of a calendar."""

    uid: str
    day: date
    summary: str
    details: tuple[str, ...] = ()
    """Lines."""
    sequence: int = 0
    """Which proposal of the day it is: 1 replaces 0."""


def unit_entries(snapshot: Snapshot, unit: str, first: date, last: date) -> list[Entry]:
    """What a unit owes in a span of days: its open items by due day, and its monthly reports."""
    days: dict[date, list[Standing]] = {}
    for s in due_between(snapshot, first, last, Filter(unit=unit)):
        days.setdefault(s.due or last, []).append(s)
    due = [_due_entry(snapshot, unit, day, rows) for day, rows in days.items()]
    found = [*due, *_report_entries(snapshot.programme, unit, first, last)]
    return sorted(found, key=lambda entry: (entry.day, entry.uid))


def _due_entry(snapshot: Snapshot, unit: str, day: date, rows: Sequence[Standing]) -> Entry:
    title = plain(rows[0].occurrence.milestone.title)
    words = _("{title}到期", title=title) if len(rows) == 1 else _("{n} 项到期：{title}等", n=len(rows), title=title)
    return Entry(_uid(snapshot.programme, unit, f"{day}"), day, words, tuple(_line(snapshot, s) for s in rows))


def _line(snapshot: Snapshot, s: Standing) -> str:
    m = s.occurrence.milestone
    period = s.occurrence.id.partition("@")[2]
    title = _("{title}（{period}）", title=m.title, period=period) if period else m.title
    return plain(f"{snapshot.plan_of(s).head.short}　{title}　{m.wording}　{status_words(s.status)}")


def _report_entries(programme: Programme, unit: str, first: date, last: date) -> Iterator[Entry]:
    """The days on which a unit's reports are asked for."""
    month = months_later(first.replace(day=1), -1)
    while month <= min(last, programme.head.until):
        days = asked(programme, month)
        month = months_later(month, 1)
        if days is None or (days.rule.units is not None and unit not in days.rule.units):
            continue
        if first <= days.asked.day <= last:
            words = _("报送{m}月月报", m=days.month.month)
            notes = (moved_words(days.asked), _("日期是推定的（assumed）") if days.asked.assumed else "")
            uid = _uid(programme, unit, f"report-{days.month:%Y-%m}")
            yield Entry(uid, days.asked.day, words, tuple(note for note in notes if note))


def collection_entries(programme: Programme, collections: Iterable[Collection]) -> list[Entry]:
    """The collection days of the city, one entry a stage; proposed anew once the holidays are announced."""
    return [
        Entry(
            _uid(programme, "collection", f"{one.month:%Y-%m}-{stage}"),
            day.day,
            _("{m}月月报：{stage}", m=one.month.month, stage=_(STAGES[stage])),
            tuple(note for note in (moved_words(day), _("日期是推定的（assumed）") if day.assumed else "") if note),
            sequence=int(not day.assumed),
        )
        for one in collections
        for stage, day in one.days.items()
    ]


def _uid(programme: Programme, whose: str, what: str) -> str:
    return plain(f"{programme.id}.{whose}.{what}@tracker")


def stamp(snapshot: Snapshot) -> datetime:
    """The moment of the newest file or ruling known: when the calendar was last different."""
    by = snapshot.clocks.known_by
    # A file without a receipt counts as received now, and now must leave no trace.
    moments = [f.received for f in snapshot.filed if f.received < by]
    moments += [d.at for d in snapshot.decisions if d.at <= by]
    begun = datetime.combine(snapshot.programme.head.records_from, datetime.min.time(), UTC)
    return max(moments, default=begun).astimezone(UTC)


def as_ics(name: str, entries: Iterable[Entry], stamped: datetime) -> bytes:
    """The entries as a calendar; lines are folded between characters. ``ImportError`` without the library."""
    import icalendar  # noqa: PLC0415 - an extra, and a tenth of a second

    calendar = icalendar.Calendar()
    head = {"prodid": "-//Tracker//Tracker//ZH", "version": "2.0", "calscale": "GREGORIAN", "method": "PUBLISH"}
    for key, value in {**head, "x-wr-calname": plain(name)}.items():
        calendar.add(key, value)
    for entry in entries:
        event = icalendar.Event()
        fields: dict[str, Any] = {
            "uid": entry.uid,
            "dtstamp": stamped,
            "sequence": entry.sequence,
            "dtstart": entry.day,
            "dtend": entry.day + timedelta(days=1),
            "summary": entry.summary,
            "transp": "TRANSPARENT",
        }
        if entry.details:
            fields["description"] = "\n".join(entry.details)
        for key, value in fields.items():
            event.add(key, value)
        for before in ALARMS:
            alarm = icalendar.Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", entry.summary)
            alarm.add("trigger", before)
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def entry_rows(programme: Programme, whose: str, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Entries as ``calendar --json`` prints them."""
    return [
        {
            "programme": programme.id,
            "unit": whose,
            "day": entry.day.isoformat(),
            "summary": entry.summary,
            "details": list(entry.details),
            "uid": entry.uid,
        }
        for entry in entries
    ]
