"""Why a file is not taken: not to be read, of nobody, or not what is asked for now."""

from pathlib import Path

from tracker.inbox.desk import Desk, Shelves
from tracker.inbox.senders import month_said, read_paper, unit_said
from tracker.language import _
from tracker.problems import Problem
from tracker.sheets import SIDES, Sheet, is_sheet
from tracker.shelf import Shelf
from tracker.source import Source
from tracker.submissions import Submission

LARGEST_FILE = 256 * 2**20
"""Bytes; what is larger was not meant for a report, and is left where it lies."""


def why_unreadable(shelves: Shelves, path: Path) -> str:
    """Why a file cannot even be looked at; empty if it can."""
    if shelves.mistaken:
        names = _("、").join(shelves.mistaken)
        return _(
            "方案文件有错（{names}），用 tracker check 查看，改好后再接收；或用 --programme 指明行动。", names=names
        )
    if not any(shelves):
        return _("plans 里没有任何行动（缺少 programme.toml）。")
    if not path.exists():
        return _("找不到这个文件。")
    if not path.is_file():
        return _("这不是一个文件。")
    if path.stat().st_size > LARGEST_FILE:
        return _("文件过大（超过 {size} MB）。", size=LARGEST_FILE // 2**20)
    return ""


def why_homeless(shelves: Shelves, source: Source) -> list[Problem]:
    """What is wrong with a file that no programme takes, in the words of the one it is most likely for."""
    named = [shelf for shelf in shelves if unit_said([shelf], source)]
    assessing = [shelf for shelf in shelves if shelf.programme.enterprises] if is_sheet(source.data) else []
    likely = named or assessing or list(shelves)
    problems = list(source.problems)
    if named or len(likely) == 1 or not source.data:
        problems = read_paper(source, likely[0])[1]
    if any(p.holds for p in problems):
        return problems
    month = month_said(source)
    if is_sheet(source.data):
        message = _("看不出是哪家企业、哪一期的考核表。")
        hint = _("请写明 enterprise（企业编号）和 period（哪一期）。")
        return [*problems, source.problem((), "E08", message, hint)]
    if not named or month is None:
        message = _("看不出是哪个单位、哪个月的月报。")
        return [*problems, source.problem((), "E08", message, _("请写明 unit（单位编号）和 month（月份）。"))]
    message = _("{month} 没有在记录的行动。", month=f"{month:%Y-%m}")
    return [*problems, source.problem(("month",), "E09", message, _("请核对月份。"))]


def mistaken_files(shelf: Shelf) -> set[str]:
    """The files of a programme with mistakes that hold something back, by their whole path."""
    return {str(shelf.workspace.root / p.place.file) for p in shelf.problems if p.holds}


def why_unexpected(desk: Desk, shelf: Shelf, source: Source, paper: Submission | Sheet | None) -> Problem | None:
    """Why a file is not one to be taken now, if it is not."""
    unit, month = unit_said([shelf], source), month_said(source)
    if desk.unit is not None and unit != desk.unit:
        message = _("这是 {unit} 的文件，要收的是 {wanted} 的。", unit=unit, wanted=desk.unit)
        return source.problem(("unit",), "E08", message)
    if is_sheet(source.data):
        return _too_early(desk, source, paper) if isinstance(paper, Sheet) else None
    if desk.month is not None and month != desk.month:
        said = source.data["month"]
        message = _("这是 {month} 的月报，要收的是 {wanted} 的。", month=said, wanted=f"{desk.month:%Y-%m}")
        return source.problem(("month",), "E09", message)
    if isinstance(paper, Submission) and paper.month > desk.moment.date():
        message = _("{month} 还没有到。", month=f"{paper.month:%Y-%m}")
        return source.problem(("month",), "E09", message, _("请核对月份。"))
    if isinstance(paper, Submission) and paper.head.opening:
        message = _("建账文件不这样接收。")
        return source.problem(
            ("opening",), "E09", message, _("月报不写 opening = true；建账文件放在 opening 文件夹里。")
        )
    return None


def _too_early(desk: Desk, source: Source, sheet: Sheet) -> Problem | None:
    """Why a sheet speaks of days that are still to come, if it does."""
    today = desk.moment.date()
    if sheet.period.start > today:
        message = _("{month} 还没有到。", month=sheet.period.label)
        return source.problem(("period",), "E09", message, _("请核对是哪一期。"))
    for side in SIDES:
        assessed = sheet.assessed(side)
        if assessed is not None and assessed.on > today:
            message = _("考核日期 {day} 还没有到。", day=assessed.on)
            return source.problem((side, "on"), "E10", message, _("请核对日期。"))
    return None
