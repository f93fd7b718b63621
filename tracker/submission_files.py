"""status/ -> checked Submissions, and the Problems of one file alone.

``read_submission`` never raises for what a county wrote: good updates count, bad ones are
held by name with their problems, and a file that cannot be read is held whole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from tracker.deadlines import months_later
from tracker.door import enter, enter_each, tables
from tracker.language import _
from tracker.months import month_of
from tracker.occurrences import Event, expand
from tracker.plans import Programme
from tracker.problems import Place, Problem, nearest
from tracker.source import Source
from tracker.submission_checks import Finding, Subject, findings
from tracker.submissions import TEMPLATE_WORDS, YEARS, Context, EventEntry, Head, Submission, Update, canonical_state


def read_submission(source: Source, context: Context, version: int = 1) -> tuple[Submission | None, list[Problem]]:
    """A submission and all its problems; None where the file as a whole is held."""
    problems = list(source.problems)
    if not source.data:
        if not any(p.holds for p in problems):
            problems.append(source.problem((), "E04", _("文件是空的。"), _("请用 tracker form 生成本单位本月的表。")))
        return None, problems
    top = {key: value for key, value in source.data.items() if key not in ("update", "event")}
    head, found = enter(Head, top, source)
    problems += found
    month = _month(top, head, source, problems)
    unit = _unit(top, source, context, problems)
    part = _part(head, source, context, problems)
    problems += _unsigned(head, source)
    too_early = list(_before_the_books(month, head, source, context.programme))
    problems += too_early
    entries = tables(source, "update", problems)
    events = _events(source, unit, context.programme, problems)
    if unit is None or month is None:
        for n, entry in enumerate(entries):
            problems += enter(Update, entry, source, ("update", n))[1]
        return None, problems
    owed = context.owed.get(unit, {})
    if events:
        owed = {**owed, **{o.id: o for o in expand(context.programme, events, only_events=True)}}
    places = _places(source, len(entries))
    ends = [*(place.line for place in places[1:]), len(source.lines) + 1]
    month_end = months_later(month, 1) - timedelta(days=1)
    is_opening = top.get("opening") is True
    good, held, seen = [], [], set[str]()
    said = [_in_our_words(entry) for entry in entries]
    by_program = [{"place": place} for place in places]
    for n, (update, mistakes) in enumerate(enter_each(Update, said, source, ("update",), by_program)):
        found = list(mistakes)
        if update is not None:
            occurrence = owed.get(update.item)
            subject = Subject(update, occurrence, month, month_end, unit, context, owed, is_opening, part)
            if failed := findings(subject, frozenset(entries[n])):
                found += _problems(failed, source, n, range(places[n].line, ends[n]))
            if update.item in seen:
                message = _("“{item}”在本文件里写了两次。", item=update.item)
                found.append(source.problem(("update", n, "item"), "E11", message, _("请合并成一条。")))
            seen.add(update.item)
        problems += found
        if update is not None and not (found and any(p.holds for p in found)):
            good.append(update)
        elif isinstance(entries[n].get("item"), str):
            held.append(entries[n]["item"])
    if head is None or source.left_out or too_early:
        return None, problems
    # Of an item written twice neither entry counts: nobody can say which was meant.
    counting = tuple(update for update in good if update.item not in held) if held else tuple(good)
    return Submission(source.file, source.digest, head, month, version, counting, tuple(held), tuple(events)), problems


def _unsigned(head: Head | None, source: Source) -> Iterator[Problem]:
    """The three people are named, each by a name."""
    for key, who in (("prepared_by", _("填报人")), ("checked_by", _("审核人")), ("approved_by", _("负责人"))):
        name = getattr(head, key).strip() if head is not None else "-"
        if not name or any(word in name for word in TEMPLATE_WORDS):
            yield source.problem((key,), "E04", _("没有写{who}。", who=who), _('请写姓名：{key} = "…"', key=key))


def _before_the_books(month: date | None, head: Head | None, source: Source, programme: Programme) -> Iterator[Problem]:
    if month is not None and head is not None and not head.opening and month < programme.head.records_from:
        message = _(
            "{month} 早于建账月份 {first}。", month=f"{month:%Y-%m}", first=f"{programme.head.records_from:%Y-%m}"
        )
        yield source.problem(("month",), "E09", message, _("请核对月份。"))


def _month(top: Mapping[str, Any], head: Head | None, source: Source, problems: list[Problem]) -> date | None:
    words = head.month if head is not None else top.get("month")
    if not isinstance(words, str):
        return None
    month = month_of(words)
    if month is None:
        hint = _('写成年份-月份，例如 "2026-10"。')
        problems.append(source.problem(("month",), "E09", _("月份“{words}”看不懂。", words=words), hint))
    return month


def _unit(top: Mapping[str, Any], source: Source, context: Context, problems: list[Problem]) -> str | None:
    words = top.get("unit")
    if not isinstance(words, str):
        return None
    units = context.programme.units
    found = next((u.id for u in units if u.id == words), None)
    if found is None:
        hint = nearest(words, [name for u in units for name in (u.id, u.name)])
        own = next((u.id for u in units if words in (u.name, u.short)), None)
        if own is not None:
            hint = _('单位写编号：unit = "{id}"。', id=own)
        problems.append(source.problem(("unit",), "E08", _("没有报送单位“{unit}”。", unit=words), hint))
    return found


def _part(head: Head | None, source: Source, context: Context, problems: list[Problem]) -> tuple[str, ...]:
    stems = [plan.stem for plan in context.programme.plans]
    part = head.part if head is not None else ()
    known = _("可以写：{values}。", values=_("、").join(stems))
    problems += [
        source.problem(("part", n), "E07", _("没有方案“{name}”。", name=stem), nearest(stem, stems) or known)
        for n, stem in enumerate(part)
        if stem not in stems
    ]
    return part


def events_in(source: Source, programme: Programme) -> list[Event]:
    """The events a file reports, as far as they can be read."""
    unit = source.data.get("unit")
    return _events(source, unit, programme, []) if isinstance(unit, str) else []


def _events(source: Source, unit: str | None, programme: Programme, problems: list[Problem]) -> list[Event]:
    events = []
    seen = set()
    month = month_of(str(source.data.get("month", "")))
    last = months_later(month, 1) - timedelta(days=1) if month is not None else None
    for n, entry in enumerate(tables(source, "event", problems)):
        event, found = enter(EventEntry, entry, source, ("event", n))
        problems += found
        if event is None:
            continue
        kind = programme.events.get(event.kind)
        if kind is None:
            hint = nearest(event.kind, programme.events)
            message = _("没有事项“{event}”。", event=event.kind)
            problems.append(source.problem(("event", n, "kind"), "E07", message, hint))
        elif not re.fullmatch(r"[\w.-]{1,40}", event.ref):
            hint = _("事项编号用字母、数字、汉字或短横，例如 2026-01。")
            problems.append(source.problem(("event", n, "ref"), "E16", _("事项编号不能这样写。"), hint))
        elif event.planned is None and event.actual is None:
            hint = _("请写 planned（计划日期）或 actual（实际日期）。")
            problems.append(source.problem(("event", n), "E16", _("事项没有日期，期限无从算起。"), hint))
        elif strange := [k for k in ("planned", "actual") if (day := getattr(event, k)) and day.year not in YEARS]:
            problems.append(source.problem(("event", n, strange[0]), "E10", _("日期不可信。"), _("请核对年份。")))
        elif event.actual is not None and last is not None and event.actual > last:
            hint = _("还没有发生的写 planned（计划日期）。")
            problems.append(source.problem(("event", n, "actual"), "E10", _("实际日期在本月之后。"), hint))
        elif (kind.id, event.ref) in seen:
            message = _("事项“{ref}”在本文件里写了两次。", ref=event.ref)
            problems.append(source.problem(("event", n, "ref"), "E11", message, _("请合并成一条。")))
        elif unit is not None:
            seen.add((kind.id, event.ref))
            events.append(Event(unit, kind.id, event.ref, event.name, event.planned, event.actual))
    return events


def _places(source: Source, count: int) -> list[Place]:
    """Where each ``[[update]]`` begins; by its header line, which is 500 times cheaper than asking the parser."""
    header = "[[update]]"
    found = [n for n, line in enumerate(source.lines, 1) if header in line and line.strip() == header]
    found = [n for n in found if n not in source.left_out] if source.left_out else found
    if len(found) == count:
        return [Place(source.file, n, 1) for n in found]
    return [source.place(("update", n)) for n in range(count)]


def _in_our_words(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with its state as the program calls it."""
    state = entry.get("state")
    return {**entry, "state": canonical_state(state)} if isinstance(state, str) else entry


def _problems(failed: Iterable[Finding], source: Source, n: int, lines: range) -> Iterator[Problem]:
    """What the checks found in entry ``n``, which stands on ``lines``, as far as they could be read."""
    is_whole = not source.left_out or source.left_out.isdisjoint(lines)
    for key, code, message, hint in failed:
        problem = source.problem(("update", n, key) if key else ("update", n), code, message, hint)
        # What is missing may stand on a line that could not be read, and what was read of one is a guess.
        if (key or is_whole) and problem.place.line not in source.left_out:
            yield problem
