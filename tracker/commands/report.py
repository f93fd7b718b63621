"""``report``: the papers of a month: bulletin, a unit's report, the leaders' page, the drafts for checking, annexes."""

import sys
from datetime import date
from pathlib import Path

from tracker.calls import Call, Exit, Stop
from tracker.commands import shared
from tracker.deadlines import month_end
from tracker.filters import Filter
from tracker.language import _
from tracker.reporting import asked
from tracker.reports import CONVERTED, FORMATS, book, drafted, leaders_html, leaders_page, paper
from tracker.reports.as_pdf import CannotConvert, missing_fonts
from tracker.reports.document import Document
from tracker.reports.extension import extension, requests
from tracker.snapshot import Snapshot
from tracker.views import overdue

TEXTS = ("md", "txt", "html")
"""Formats that a terminal can show; the others need a file."""


def report(call: Call) -> int:
    """``report``: the bulletin on a month, one unit's report, the annex, the leaders' page, or a form filled in."""
    if call.args.page:
        return _leaders(call)
    if call.args.draft:
        return _drafts(call)
    if call.args.extension is not None:
        return _extension(call)
    month, unit = call.args.month, call.args.unit
    style = _style(call)
    found = [
        s
        for s in shared.snapshots(call, call.args.as_of or month_end(month))
        if unit is None or unit in {u.id for u in s.programme.units}
    ]
    snapshot = shared.in_month(found, month, unit)
    if call.args.into is not None:
        from tracker.commands.papers import pour  # noqa: PLC0415 - only the upper level's form needs Excel

        return pour(call, snapshot)
    shared.deliver(call, book(snapshot, unit) if style == "xlsx" else written(paper(snapshot, unit), style))
    shared.say_if_issued(snapshot)
    _say_when_due(snapshot, month)
    return Exit.WELL


def _say_when_due(snapshot: Snapshot, month: date) -> None:
    """By which day the report is due, and which holiday moves the day it is asked for."""
    days = asked(snapshot.programme, month)
    if days is None:
        return
    sys.stderr.write(
        _(
            "{year}年{month}月的报告要在 {late} 当天或之前报出（{source}）。\n",
            year=month.year,
            month=month.month,
            late=days.late_after,
            source=days.rule.source,
        )
    )
    if days.asked.day != days.asked.was:
        named = _("、").join(dict.fromkeys(d.name for d in days.asked.over if not d.is_working))
        moved = _(
            "{was} 不是工作日（{named}），收报日移到 {day}。\n", was=days.asked.was, named=named, day=days.asked.day
        )
        sys.stderr.write(moved)
    if days.asked.assumed:
        sys.stderr.write(_("该年放假安排尚未公布，日期按周末和法定节日推定（assumed）。\n"))


def _drafts(call: Call) -> int:
    """``report --draft``: what the bulletin will say of a unit, or of each unit that it will name, for checking."""
    month: date = call.args.month
    unit: str | None = call.args.unit
    found = shared.snapshots(call, call.args.as_of or month_end(month))
    shared.check_known(unit, [u.id for s in found for u in s.programme.units], _("没有报送单位“{name}”。{hint}"))
    snapshot = shared.in_month([s for s in found if unit in (None, *(u.id for u in s.programme.units))], month, unit)
    if unit is not None:
        shared.deliver(call, written(drafted(snapshot, unit), _style(call)))
        return Exit.WELL
    folder: Path | None = call.args.output
    if folder is None:
        raise Stop(_("几个单位的核对稿要写进文件夹：--output 写文件夹的名字，或用 --unit 只要一个单位的。"))
    style = call.args.format or "docx"
    (call.here / folder).mkdir(parents=True, exist_ok=True)
    named = [u for u in snapshot.programme.units if overdue(snapshot, Filter(unit=u.id))]
    for one in named:
        target = folder / _("{unit}核对稿.{ending}", unit=one.brief, ending=style)
        shared.deliver(call, written(drafted(snapshot, one.id), style), target)
    sys.stderr.write(_("拟通报的单位 {n} 个。\n", n=len(named)))
    return Exit.WELL


def _extension(call: Call) -> int:
    """``report --unit … --extension …``: 延期申请表, from what the unit's file of the month asks for."""
    month: date = call.args.month
    unit, item = call.args.unit, call.args.extension
    if unit is None:
        raise Stop(_("延期申请表要用 --unit 写明是哪个单位的。"))
    found = shared.snapshots(call, call.args.as_of or month_end(month))
    shared.check_known(unit, [u.id for s in found for u in s.programme.units], _("没有报送单位“{name}”。{hint}"))
    snapshot = shared.in_month([s for s in found if unit in {u.id for u in s.programme.units}], month, unit)
    asked_for = [s.occurrence.id for s in requests(snapshot, unit)]
    if not asked_for:
        raise Stop(_("{unit} 没有申请延期。", unit=snapshot.programme.unit(unit).name), Exit.FOUND)
    shared.check_known(item, asked_for, _("这个单位没有为“{name}”申请延期。{hint}"))
    shared.deliver(call, written(extension(snapshot, snapshot.by_key[unit, item]), _style(call)))
    return Exit.WELL


def _style(call: Call) -> str:
    """The format asked for, or the one that the file's name says, or Markdown."""
    output = call.args.output
    ending = output.suffix[1:].lower() if output is not None else ""
    style: str = call.args.format or (ending if ending in (*FORMATS, *CONVERTED, "html", "xlsx") else "md")
    if style == "html" and not call.args.page:
        raise Stop(_("网页格式（html）只有领导一页有，请加上 --page。"))
    if style == "xlsx" and call.args.page:
        raise Stop(_("工作簿格式（xlsx）是附件，不和 --page 一起写。"))
    if style not in TEXTS and output is None and sys.stdout.isatty():
        raise Stop(_("这种文件请用 --output 写到文件里。"))
    return style


def written(document: Document, style: str) -> bytes:
    """A paper in a format."""
    if style not in CONVERTED:
        return FORMATS[style](document)
    sys.stderr.write(_("正在转换，要几秒钟……\n"))
    if missing := missing_fonts():
        names = _("、").join(missing)
        sys.stderr.write(_("这台电脑上没有 {names}，用别的字体代替，换行和页数与 WPS 里的可能不同。\n", names=names))
    try:
        return CONVERTED[style](FORMATS["docx"](document))
    except CannotConvert as error:
        raise Stop(str(error), Exit.FOUND) from None


def _leaders(call: Call) -> int:
    """``report --page``: the leaders' page, as of a month's last day unless another is named."""
    month: date = call.args.month
    style = _style(call)
    if call.args.unit is not None:
        raise Stop(_("领导一页是全市的，不能和 --unit 一起写。"))
    snapshot: Snapshot = shared.in_month(shared.snapshots(call, call.args.as_of or month_end(month)), month)
    shared.deliver(call, leaders_html(snapshot) if style == "html" else written(leaders_page(snapshot), style))
    return Exit.WELL
