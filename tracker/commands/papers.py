"""Commands that hand papers over to others: calendars, the upper level's own form."""

import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tracker import calendars
from tracker.calls import Call, Exit, Stop
from tracker.clocks import CHINA
from tracker.collection import STAGES, Collection, collection_rows, collections, notes
from tracker.commands import shared
from tracker.commands.exporting import write_all
from tracker.language import _
from tracker.plans import Unit
from tracker.snapshot import Snapshot
from tracker.source import read
from tracker.terminal import columns, plain, print_table

# --- calendars ---


def calendar(call: Call) -> int:
    """``calendar``: a unit's due days, or the city's collection days of a year."""
    try:
        if call.args.collection is not None:
            return _collection(call)
        return _every_unit(call) if call.args.all else _unit(call)
    except ImportError:
        said = _("写 .ics 要另装 icalendar：在本项目的文件夹里运行 pip install '.[calendar]'。")
        raise Stop(said, Exit.FOUND) from None


def _today(call: Call) -> date:
    """The day the question is asked on."""
    found: date = call.args.as_of or call.now.astimezone(CHINA).date()
    return found


def _programme(call: Call, unit: str | None = None) -> Snapshot:
    """The one programme that runs on the first day asked about (and has the unit)."""
    found = shared.snapshots(call)
    shared.check_known(unit, [u.id for s in found for u in s.programme.units], _("没有报送单位“{name}”。{hint}"))
    mine = [s for s in found if unit is None or unit in {u.id for u in s.programme.units}]
    return mine[0] if len(mine) == 1 else shared.in_month(mine, (call.args.first or _today(call)).replace(day=1), unit)


def _span(call: Call, snapshot: Snapshot) -> tuple[date, date]:
    """The days asked about: from today to the programme's close, if nothing else is said."""
    first, last = call.args.first or _today(call), call.args.last or snapshot.programme.head.until
    if last < first:
        raise Stop(
            _(
                "{first} 到 {last} 之间没有日子：行动到 {until} 结束。",
                first=first,
                last=last,
                until=snapshot.programme.head.until,
            )
        )
    return first, last


def _unit(call: Call) -> int:
    unit: str = call.args.unit
    snapshot = _programme(call, unit)
    entries = calendars.unit_entries(snapshot, unit, *_span(call, snapshot))
    if call.args.output is not None:
        shared.deliver(call, _unit_calendar(snapshot, snapshot.programme.unit(unit), entries))
    elif call.args.json:
        shared.print_json(calendars.entry_rows(snapshot.programme, unit, entries))
    elif entries:
        header = [_("日期"), _("事项"), _("内容")]
        rows = [(e.day, e.summary, _("；").join(e.details)) for e in entries]
        print_table(sys.stdout, header, rows, columns=columns())
    shared.title(snapshot, _("{n} 个日子", n=len(entries)), snapshot.programme.unit(unit).name)
    return Exit.WELL


def _unit_calendar(snapshot: Snapshot, unit: Unit, entries: Sequence[calendars.Entry]) -> bytes:
    name = f"{unit.name} {snapshot.programme.head.short}"
    sample = _("（示例数据）") if snapshot.programme.head.sample else ""
    return calendars.as_ics(name + sample, entries, calendars.stamp(snapshot))


def _every_unit(call: Call) -> int:
    if call.args.output is None or call.args.json:
        raise Stop(_("--all 写成一个单位一份日历：请用 --output 写明文件夹。"))
    snapshot = _programme(call)
    span = _span(call, snapshot)
    found = [
        (Path(_file_name(unit.name)), _unit_calendar(snapshot, unit, calendars.unit_entries(snapshot, unit.id, *span)))
        for unit in snapshot.programme.units
    ]
    return write_all(call.here / call.args.output, found)


def _file_name(words: str) -> str:
    """A name that every system takes, and that leads nowhere else."""
    return re.sub(r'[\\/:*?"<>|]', "_", plain(words)).strip(". ") + ".ics"


def _collection(call: Call) -> int:
    year: int = call.args.collection
    snapshot = _programme(call)
    programme = snapshot.programme
    found = collections(programme, year)
    if not found:
        raise Stop(_("{name}没有每月的报送规则（[[report]]），排不出收报日。", name=programme.head.name))
    if call.args.output is not None:
        name = _("{short}{year}年收报安排", short=programme.head.short, year=year)
        entries = calendars.collection_entries(programme, found)
        shared.deliver(call, calendars.as_ics(name, entries, calendars.stamp(snapshot)))
    elif call.args.json:
        shared.print_json(collection_rows(programme, found))
    else:
        header = [_("月报"), *(_(words) for words in STAGES.values()), _("说明")]
        print_table(sys.stdout, header, [_collection_row(one) for one in found], columns=columns())
    if any(day.assumed for one in found for day in one.days.values()):
        sys.stderr.write(
            _("推定（assumed）的日子按周末和法律固定的节日排；放假通知录入 holidays.toml 后再运行一次，自动重排。\n")
        )
    if found[-1].month > programme.head.until:
        sys.stderr.write(
            _(
                "{name}到 {until} 结束，之后的月份照同样的规则排。\n",
                name=programme.head.name,
                until=programme.head.until,
            )
        )
    return Exit.WELL


def _collection_row(one: Collection) -> tuple[str, ...]:
    return f"{one.month:%Y-%m}", *(day.day.isoformat() for day in one.days.values()), _("；").join(notes(one))


# --- the upper level's own form ---


def pour(call: Call, snapshot: Snapshot) -> int:
    """``report --into``: the month's data in a form that somebody else made."""
    from tracker.reports.poured import pour as poured  # noqa: PLC0415 - openpyxl is for this alone

    if call.args.mapping is None:
        raise Stop(_("填上级的表要用 --mapping 写明各列的对照表，写法见 status/README.md。"))
    if call.args.output is None:
        raise Stop(_("填好的表请用 --output 写到文件里。"))
    try:
        template = (call.here / call.args.into).read_bytes()
    except OSError as error:
        raise Stop(_("{file} 读不出来：{why}。", file=call.args.into, why=error.strerror), Exit.FOUND) from None
    source = read(call.here / call.args.mapping, str(call.args.mapping))
    content, problems = poured(template, source, snapshot, str(call.args.into), call.args.unit)
    shared.print_problems(problems, sys.stdout)
    if content is None:
        return Exit.FOUND
    shared.deliver(call, content)
    return Exit.WELL
