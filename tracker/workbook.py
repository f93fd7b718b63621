"""A unit's form as a workbook, out and back: one layout, written by one half and read by the other.

It opens in WPS and Excel with nothing installed and no macros. What must be answered stands on
top, then what may change, the rest folded; a cell that is not to be typed in is locked; states
are chosen from a list; days and numbers are checked as they are typed. Text from files is
written as text: never a formula, never a link.
"""

import io
import math
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from tracker import writing
from tracker.forms import Form
from tracker.language import _, mark
from tracker.occurrences import Event
from tracker.problems import Place, Problem
from tracker.snapshot import Snapshot, latest_events, month_end
from tracker.source import Keys, Source
from tracker.standing import Standing
from tracker.submissions import STATES
from tracker.terminal import cut, plain
from tracker.terminal import width as columns_of
from tracker.views import asked
from tracker.why import said_lines

SHEET, EVENTS, SCHEDULE, HELP = "月报", "事项登记", "调度表", "填写说明"
"""Sheets by name; they are part of the format and not translated."""

LAYOUT = "tracker-1"
"""Stands in a hidden cell: which layout this is."""

MARK = "item"
"""Stands above the hidden column: found elsewhere, rows or columns were put in or taken out."""

UNCHANGED, CHANGED = "是", "否"


@dataclass(frozen=True)
class Field:
    """A column that is typed in: its key in the submission, its heading, its width, what may be typed."""

    key: str
    heading: str
    width: int
    kind: str = "text"
    """text, state, date or number."""
    help: str = ""

    @property
    def style(self) -> str:
        """The name of its cells' style."""
        return {"date": "typed_day", "number": "typed_number", "text": "typed_text"}.get(self.kind, "typed")


SHOWN = (
    ("序号", 5),
    ("方案", 7),
    ("任务节点", 26),
    ("期限原文", 18),
    ("到期日", 11),
    ("剩余天数", 13),
    ("上次报的情况", 30),
)
"""Columns that are read only: heading and width."""

FIELDS = (
    Field("state", mark("状态"), 9, "state", mark("从下拉表中选；没有变化的不用选")),
    Field("done_on", mark("完成日期"), 12, "date", mark("已完成的填，例如 2026-10-20")),
    Field("done", mark("完成数"), 8, "number", mark("有数字目标的填")),
    Field("total", mark("总数"), 8, "number", mark("比例的填总数")),
    Field("cause", mark("原因"), 22, help=mark("已逾期或受阻的必填")),
    Field("measure", mark("措施"), 22, help=mark("已逾期或受阻的必填")),
    Field("promised_on", mark("预计完成"), 12, "date", mark("已逾期或受阻的必填；不等于延期")),
    Field("waiting_on", mark("在等谁"), 12, help=mark("受阻的必填")),
    Field("evidence", mark("佐证材料"), 18, help=mark("文件名或文号，几份用顿号隔开")),
    Field("note", mark("说明"), 18),
    Field("until", mark("申请延期到"), 12, "date", mark("到期之前才能申请；填了这一格，后两格必填")),
    Field("reason", mark("延期理由"), 18),
    Field("progress", mark("目前进展"), 18),
)
"""Columns that are typed in."""

EXTENSION = ("until", "reason", "progress")
FIRST_ROW = 9
"""Row of the table's heading, from 0: above it stand the title, the people and the one-cell answer."""

HEAD = (
    ("prepared_by", mark("填报人"), "B4"),
    ("checked_by", mark("审核人"), "D4"),
    ("approved_by", mark("负责人"), "G4"),
    ("rest", mark("其余事项与上月一致（零报告选“是”）"), "D5"),
    ("practices", mark("主要做法"), "D6"),
    ("difficulties", mark("存在问题"), "D7"),
    ("suggestions", mark("意见建议"), "D8"),
)
"""Cells above the table: key, label, cell. A label stands in the cell to the left."""

LINE_HEIGHT = 13.5
"""Points of a line of 10 point text."""

ITEM = len(SHOWN) + len(FIELDS)
"""The hidden last column with the occurrence's id."""

EVENT_FIELDS = (
    Field("kind", mark("事项种类"), 26, help=mark("从下拉表中选")),
    Field("ref", mark("编号"), 16, help=mark("自定，不重复，例如 2026-01")),
    Field("name", mark("名称"), 30),
    Field("planned", mark("计划日期"), 12, "date"),
    Field("actual", mark("实际日期"), 12, "date"),
)
EVENT_ROWS = 20

LONGEST_SAID = 600
"""Columns of what was said last; the rest is in the file of that month."""

SCHEDULE_LINES = 3
"""Lines of a row on the sheet for stamping."""

TALLEST = 400
"""Points; a row cannot be higher than 409."""


# --- out ---


def write(snapshot: Snapshot, form: Form, plans: Collection[str] = ()) -> bytes:
    """The form as the bytes of an .xlsx; equal forms give equal bytes.

    With ``plans`` it is the part of a section that answers for these alone.
    """
    import xlsxwriter  # noqa: PLC0415 - only this command writes workbooks

    part = tuple(plan.stem for plan in snapshot.programme.plans if plan.stem in plans)
    if part:
        required, begun, later = (
            tuple(s for s in standings if s.occurrence.milestone.plan in part)
            for standings in (form.required, form.open, form.later)
        )
        form = replace(form, required=required, open=begun, later=later)
    title = _title(snapshot, form, part)
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": datetime(2026, 1, 1), "title": title})  # noqa: DTZ001 - Excel knows no zones
    styles = _styles(book)
    _write_month(book, snapshot, form, part, title, styles)
    _write_events(book, snapshot, form, part, styles)
    _write_schedule(book, form, title, styles)
    _write_help(book, styles)
    book.close()
    return content.getvalue()


def _title(snapshot: Snapshot, form: Form, part: Sequence[str]) -> str:
    unit = snapshot.programme.unit(form.unit).name
    plans = _("、").join(snapshot.programme.plan(stem).head.short for stem in part)
    # Not by strftime: Chinese in its format is refused on some Windows machines.
    return f"{unit} {form.month.year}年{form.month.month}月月报" + (f"（{plans}）" if plans else "")


Styles = Mapping[str, Any]


def _styles(book: Any) -> Styles:
    base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
    typed = {**base, "locked": False, "bg_color": "#FFFBE6"}
    return {
        "title": book.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}),
        "label": book.add_format({**base, "border": 0, "align": "right", "text_wrap": False}),
        "label_left": book.add_format({**base, "border": 0, "text_wrap": False}),
        "head": book.add_format({**base, "bold": True, "align": "center", "bg_color": "#DDE7F3"}),
        "band": book.add_format({**base, "bold": True, "bg_color": "#F3E3DD"}),
        "text": book.add_format(base),
        "centre": book.add_format({**base, "align": "center"}),
        "day": book.add_format({**base, "align": "center", "num_format": "yyyy-mm-dd"}),
        "late": book.add_format({**base, "align": "center", "bold": True, "font_color": "#B00020"}),
        "typed": book.add_format(typed),
        # As text: else 2026-01 becomes a day, and a text that begins with a dash a formula.
        "typed_text": book.add_format({**typed, "num_format": "@"}),
        "typed_day": book.add_format({**typed, "align": "center", "num_format": "yyyy-mm-dd"}),
        "typed_number": book.add_format({**typed, "align": "right"}),
        "plain": book.add_format({**base, "border": 0}),
    }


def _write_month(book: Any, snapshot: Snapshot, form: Form, part: Sequence[str], title: str, styles: Styles) -> None:
    sheet = book.add_worksheet(SHEET)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(FIRST_ROW + 1, 3)
    sheet.repeat_rows(FIRST_ROW)
    for n, (_heading, width) in enumerate(SHOWN):
        sheet.set_column(n, n, width)
    for n, field in enumerate(FIELDS, len(SHOWN)):
        sheet.set_column(n, n, field.width)
    sheet.set_column(ITEM, ITEM, 1, None, {"hidden": True})
    _write_top(sheet, snapshot, form, part, title, styles)
    for n, (heading, _width) in enumerate(SHOWN):
        sheet.write_string(FIRST_ROW, n, heading, styles["head"])
    for n, field in enumerate(FIELDS, len(SHOWN)):
        sheet.write_string(FIRST_ROW, n, _(field.heading), styles["head"])
        if field.help:
            sheet.write_comment(FIRST_ROW, n, _(field.help), {"x_scale": 1.2, "y_scale": 0.6, "author": "Tracker"})
    sheet.write_string(FIRST_ROW, ITEM, MARK)
    row = FIRST_ROW + 1
    for band, standings, folded in (
        (_("一、必答"), form.required, False),
        (_("二、有变化才填"), form.open, False),
        # In a protected sheet some programs do not unfold by the plus sign.
        (_("三、其他未到期的（点左边的加号展开；不行就选中上下两行，右键“取消隐藏”）"), form.later, True),
    ):
        sheet.merge_range(row, 0, row, ITEM - 1, f"{band}　{len(standings)}", styles["band"])
        row += 1
        for n, s in enumerate(standings, 1):
            _write_row(sheet, row, n, snapshot, s, styles, folded=folded)
            row += 1
    sheet.set_row(row, None, None, {"collapsed": bool(form.later)})
    for n, field in enumerate(FIELDS, len(SHOWN)):
        _validate(sheet, (FIRST_ROW + 1, n, row - 1, n), field)
    sheet.protect(options={"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _write_top(sheet: Any, snapshot: Snapshot, form: Form, part: Sequence[str], title: str, styles: Styles) -> None:
    """What stands above the table: the title, the day, the people, the one-cell answer."""
    sheet.merge_range(0, 0, 0, len(SHOWN) + 3, title, styles["title"])
    sheet.set_row(0, 28)
    said = _(
        "必答 {n} 项（橙色横条下面），其余有变化才填；黄色的格子可以填，其他的锁定。填好保存，原样发回。",
        n=len(form.required),
    )
    sheet.merge_range(1, 0, 1, len(SHOWN) - 1, said, styles["plain"])
    sheet.merge_range(1, len(SHOWN), 1, len(SHOWN) + 3, "", styles["plain"])
    sheet.write_formula(1, len(SHOWN), _days_left(snapshot, form), styles["plain"], "")
    sheet.set_row(1, 2 * LINE_HEIGHT)
    for n, hidden in enumerate((form.unit, f"{form.month:%Y-%m}", ",".join(part), LAYOUT)):
        if hidden:
            sheet.write_string(2, n, hidden, styles["label"])
    sheet.set_row(2, None, None, {"hidden": True})
    for key, label, cell in HEAD:
        column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 1
        sheet.write_string(row, column - 1, _(label), styles["label"])
        if key in ("practices", "difficulties", "suggestions"):
            sheet.merge_range(row, column, row, len(SHOWN) + 3, "", styles["typed_text"])
            sheet.set_row(row, 3 * LINE_HEIGHT)
        else:
            sheet.write_blank(row, column, None, styles["typed_text"])
        if key == "rest":
            sheet.write_string(row, column, UNCHANGED, styles["typed"])
            sheet.data_validation(row, column, row, column, {"validate": "list", "source": [UNCHANGED, CHANGED]})


def _write_row(sheet: Any, row: int, n: int, snapshot: Snapshot, s: Standing, styles: Styles, *, folded: bool) -> None:
    m = s.occurrence.milestone
    left = (s.due - month_end(snapshot.clocks.month)).days if s.due is not None else 0
    title = m.title if m.target is None else f"{m.title}（{m.target}）"
    period = s.occurrence.id.partition("@")[2]
    texts = {2: f"{title}　{period}" if period else title, 3: m.wording, 6: _last_words(s)}
    # A row does not grow by itself in every program: give it the lines that its longest cell needs.
    lines = max(-(-columns_of(text) // (SHOWN[column][1] - 1)) for column, text in texts.items())
    sheet.set_row(
        row, min(LINE_HEIGHT * max(lines, 1) + 3, TALLEST), None, {"level": 1, "hidden": True} if folded else {}
    )
    sheet.write_number(row, 0, n, styles["centre"])
    sheet.write_string(row, 1, snapshot.plan_of(s).head.short, styles["centre"])
    for column, text in texts.items():
        sheet.write_string(row, column, text, styles["text"])
    if s.due is not None:
        sheet.write_datetime(row, 4, datetime(s.due.year, s.due.month, s.due.day), styles["day"])  # noqa: DTZ001
        words = _("还有 {n} 天", n=left) if left >= 0 else _("已逾期 {n} 天", n=-left)
        sheet.write_string(row, 5, words, styles["late"] if left < 0 else styles["centre"])
    for k, field in enumerate(FIELDS, len(SHOWN)):
        sheet.write_blank(row, k, None, styles[field.style])
    sheet.write_string(row, ITEM, s.occurrence.id)


def _days_left(snapshot: Snapshot, form: Form) -> str:
    """A formula that says by which day the file is asked for, and how many are left when it is opened."""
    days = asked(snapshot.programme, form.month)
    if days is None:
        return '=""'
    day = days.asked.day
    words = [_("请于 {day} 前报送，", day=day.isoformat()), _("还有 "), _("已超过 "), _(" 天")]
    by, left, over, unit = (word.replace('"', '""') for word in words)
    due = f"DATE({day.year},{day.month},{day.day})"
    return f'="{by}"&IF(TODAY()<={due},"{left}"&({due}-TODAY()),"{over}"&(TODAY()-{due}))&"{unit}"'


def _validate(sheet: Any, cells: tuple[int, int, int, int], field: Field) -> None:
    """What cells accept; the message says what to type."""
    shown = {"input_title": _(field.heading)[:32], "input_message": _(field.help)[:255]} if field.help else {}
    match field.kind:
        case "state":
            rule = {"validate": "list", "source": list(STATES.values())}
        case "date":
            span = {"minimum": date(2000, 1, 1), "maximum": date(2099, 12, 31)}
            rule = {"validate": "date", "criteria": "between", **span}  # type: ignore[dict-item]
        case "number":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0}  # type: ignore[dict-item]
        case _:
            return
    wrong = {"error_title": _("填写有误"), "error_message": _(field.help or field.heading)[:255]}
    sheet.data_validation(*cells, {**rule, **shown, **wrong})


def _last_words(s: Standing) -> str:
    """What was said last, in one cell."""
    if s.record is None:
        return _("还没有报过")
    u = s.record.update
    head = f"{s.record.month:%Y-%m} {_(STATES[u.state])}"
    numbers = [f"{u.done:.12g}" + (f"/{u.total:.12g}" if u.total is not None else "")] if u.done is not None else []
    return cut("；".join(plain(words) for words in (head, *numbers, *said_lines(u))), LONGEST_SAID)


def _write_events(book: Any, snapshot: Snapshot, form: Form, part: Sequence[str], styles: Styles) -> None:
    sheet = book.add_worksheet(EVENTS)
    said = _("期限从一件事起算的，在这里登记这件事：一行一件；以前报过计划日期的已经列出，有了实际日期就补上。")
    sheet.merge_range(0, 0, 0, len(EVENT_FIELDS) - 1, said, styles["plain"])
    sheet.set_row(0, 2 * LINE_HEIGHT)
    kinds = {k.id: k.name for plan in snapshot.programme.plans if not part or plan.stem in part for k in plan.events}
    for n, field in enumerate(EVENT_FIELDS):
        sheet.set_column(n, n, field.width)
        sheet.write_string(1, n, _(field.heading), styles["head"])
    planned = [(e, day) for e, day in _planned(snapshot, form) if e.kind in kinds]
    last = 1 + len(planned) + EVENT_ROWS
    for n, field in enumerate(EVENT_FIELDS):
        for row in range(2, last + 1):
            sheet.write_blank(row, n, None, styles[field.style])
        if field.key != "kind":
            _validate(sheet, (2, n, last, n), field)
    for row, (event, day) in enumerate(planned, 2):
        for n, words in enumerate((kinds[event.kind], event.ref, plain(event.name))):
            sheet.write_string(row, n, words, styles["typed_text"])
        sheet.write_datetime(row, 3, datetime(day.year, day.month, day.day), styles["typed_day"])  # noqa: DTZ001
    # A list in a validation may hold 255 characters: the names stand on a sheet of their own.
    names = book.add_worksheet("_")
    names.hide()
    for n, kind in enumerate(kinds.values()):
        names.write_string(n, 0, kind)
    if kinds:
        sheet.data_validation(2, 0, last, 0, {"validate": "list", "source": f"='_'!$A$1:$A${len(kinds)}"})
    sheet.protect()


def _planned(snapshot: Snapshot, form: Form) -> list[tuple[Event, date]]:
    """The unit's events that have not happened yet, as last reported, and the day planned."""
    own = [f.submission for f in snapshot.filed if f.submission.unit == form.unit and f.submission.month <= form.month]
    return [(e, e.planned) for e in latest_events(own) if e.actual is None and e.planned is not None]


def _write_schedule(book: Any, form: Form, title: str, styles: Styles) -> None:
    """调度表 for stamping: it shows what is typed on the first sheet, on A4."""
    sheet = book.add_worksheet(SCHEDULE)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    letters = {field.key: _letter(k) for k, field in enumerate(FIELDS, len(SHOWN))}
    columns = (
        ("序号", 5, ""),
        ("任务", 30, ""),
        ("责任单位", 16, ""),
        ("时限", 11, ""),
        ("进展", 11, '{state}&IF({done}="",""," "&{done}&IF({total}="","","/"&{total}))'),
        ("是否完成", 6, 'IF({state}="","",IF({state}="已完成","是","否"))'),
        ("问题", 22, "{cause}"),
        ("措施", 22, "{measure}"),
        ("预计完成", 11, "{promised_on}"),
        ("备注", 14, "{note}"),
    )
    sheet.merge_range(0, 0, 0, len(columns) - 1, f"{title}调度表", styles["title"])
    for n, (heading, width, _formula) in enumerate(columns):
        sheet.set_column(n, n, width)
        sheet.write_string(1, n, heading, styles["head"])
    sheet.repeat_rows(1)
    sheet.set_row(0, 28)
    row = 2
    # On the first sheet the rows begin below the heading and the first band.
    for n, s in enumerate(form.required, 1):
        cells = {key: f"'{SHEET}'!{letter}{FIRST_ROW + 2 + n}" for key, letter in letters.items()}
        # What will be typed is not known yet: room for a few lines of it.
        sheet.set_row(row, SCHEDULE_LINES * LINE_HEIGHT)
        sheet.write_number(row, 0, n, styles["centre"])
        sheet.write_string(row, 1, s.occurrence.milestone.title, styles["text"])
        sheet.write_string(row, 2, s.occurrence.milestone.owner, styles["text"])
        sheet.write_string(row, 3, s.due.isoformat() if s.due is not None else "", styles["centre"])
        for column, (_heading, _width, formula) in enumerate(columns):
            if formula:
                style = styles["day" if "promised_on" in formula else "text"]
                said = formula.format(**cells)
                shown = said if formula.startswith("IF") else f'IF({said}="","",{said})'
                sheet.write_formula(row, column, f"={shown}", style, "")
        row += 1
    for column, (_key, label, cell) in zip((1, 3, 6), HEAD[:3], strict=True):
        sheet.write_formula(
            row + 1, column, f"=\"{_(label)}：\"&'{SHEET}'!{cell}", styles["label_left"], f"{_(label)}："
        )
    sheet.write_string(row + 1, 8, _("（盖章）"), styles["label_left"])
    sheet.protect()


def _letter(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else "A" + chr(ord("A") + column - 26)  # noqa: PLR2004 - letters


def _write_help(book: Any, styles: Styles) -> None:
    sheet = book.add_worksheet(HELP)
    sheet.set_column(0, 0, 100)
    lines = (
        _("1. 只填黄色的格子。日期写成 2026-10-20，数字只写数。"),
        _("2. 必答的每一行都要选状态；其余的有变化才填，没有变化的不用动。"),
        _("3. 本月没有任何变化：填好三个姓名，“其余事项与上月一致”选“是”，就是零报告（必答的仍要答）。"),
        _("4. 已逾期或受阻的，填原因、措施、预计完成日期；受阻的还要填在等谁；已完成的填完成日期。"),
        _("5. 确需延期的，在到期之前填“申请延期到”和后两格。"),
        _("6. 复制进来的内容请用“选择性粘贴—数值”，不要增删行列。"),
        _("7. “调度表”供打印盖章，内容自动带出。填好后保存，把整个文件原样发回。"),
    )
    for n, line in enumerate(lines):
        sheet.write_string(n, 0, line, styles["plain"])
    sheet.protect()


# --- back ---

LARGEST = 32 * 2**20
"""Bytes a workbook may unpack to; a county's has one or two million."""

MOST_ROWS = 10_000
"""Rows read of a sheet; a county's form has some hundreds."""

_ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
"""What a formula leaves that went wrong."""

Rows = Mapping[int, Sequence[Any]]
"""The rows of a sheet that hold anything, by number; the values from the first column on."""


class Filled(Source):
    """A workbook as a source: its problems speak of cells and headings, not of keys and lines."""

    def problem(self, keys: Sequence[str | int], code: str, message: str, hint: str = "") -> Problem:
        """A problem with the value at ``keys``; of a missing one with the cell that wants it."""
        names = _headings()
        asked_for = _WANTED.fullmatch(hint)
        key = asked_for[1] if asked_for else ""
        if asked_for and (*keys, key) in self.located:
            keys = (*keys, key)
        elif asked_for and (*keys[:2], "request_extension", key) in self.located:
            keys = (*keys[:2], "request_extension", key)
        name = next((k for k in reversed(keys) if isinstance(k, str)), "")
        if code == "E05" and name in names:
            said = _value_at(self.data, keys)
            hint = _expected(name)
            message = _("“{heading}”填的是“{value}”，看不懂。", heading=names[name], value=cut(str(said), MOST_SAID))
        elif code == "E04" and keys[-1:] == ("item",):
            message = _("这一行没有对应的事项，看不出填的是哪一项。")
            hint = _("请填在表里原有的行上，不要增行或复制行。")
        elif asked_for and key in names:
            example = re.sub(r"[\[\]\"…]|（.*）", "", asked_for[2])
            hint = _("请填写“{heading}”这一格。", heading=names[key])
            if example:
                hint = _("请填写“{heading}”这一格，例如 {example}。", heading=names[key], example=example)
        for known, heading in names.items():
            message = message.replace(f"“{known}”", f"“{heading}”")
        hint = _ASSIGNED.sub(lambda m: f"“{names[m[1]]}” = {m[2]}" if m[1] in names else m[0], hint)
        return self.problem_at(self.place(keys), code, message, hint)


MOST_SAID = 40
"""Columns of what was typed, in the sentence that says it cannot be understood."""

_WANTED = re.compile(r"[^=]*[：:] ?([a-z_]+) = (.+)")
_ASSIGNED = re.compile(r"\b([a-z_]+) = \"?([^\"，。]*)\"?")


def _headings() -> dict[str, str]:
    """The keys of a submission and what the sheet calls them."""
    named = [*((f.key, f.heading) for f in (*FIELDS, *EVENT_FIELDS)), *((key, label) for key, label, _cell in HEAD)]
    return {key: _(heading) for key, heading in named}


def _expected(key: str) -> str:
    kind = next((f.kind for f in (*FIELDS, *EVENT_FIELDS) if f.key == key), "text")
    return {"date": _("这一格填日期，例如 2026-10-31。"), "number": _("这一格只填数，例如 45。")}.get(
        kind, _("请直接填文字。")
    )


def _value_at(data: Any, keys: Sequence[str | int]) -> Any:
    for key in keys:
        data = data[key]
    while isinstance(data, list):
        data = data[0]
    return data


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are those of an .xlsx, by what is inside."""
    return "xl/workbook.xml" in members(content)


def members(content: bytes) -> frozenset[str]:
    """The names inside a packed file; none where it is no such file, or a damaged one."""
    if not content.startswith(b"PK\x03\x04"):
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return frozenset(archive.namelist())
    except Exception:  # noqa: BLE001 - a damaged archive can break the library anywhere
        return frozenset()


def parse(content: bytes, shown: str) -> Source:
    """The bytes of a workbook that came back as the source of a submission; no bytes make it raise."""
    digest = sha256(content).hexdigest()
    try:
        sheets = _sheets(content)
    except Exception:  # noqa: BLE001 - a damaged workbook can break the library anywhere
        return _refused(shown, _("工作簿打不开：已经损坏，或者加了密码。"), digest)
    if SHEET not in sheets:
        return _refused(shown, _("这不是 tracker form 生成的工作簿：没有“{sheet}”这张表。", sheet=SHEET), digest)
    month, events = sheets[SHEET], sheets.get(EVENTS, {})
    if (_cell(month, 3, 4), _cell(month, FIRST_ROW + 1, ITEM + 1)) != (LAYOUT, MARK):
        return _refused(shown, _("表头或行列被改动过，对不上原来的格子。"), digest)
    data: dict[str, Any] = {}
    places: dict[Keys, Place] = {}
    _read_head(month, shown, data, places)
    updates: list[dict[str, Any]] = []
    for row in sorted(month):
        if row > FIRST_ROW + 1:
            _read_row(month, row, shown, updates, places)
    if updates:
        data["update"] = updates
    found = list(_read_events(events, shown, places))
    if found:
        data["event"] = found
    return Filled(shown, data=data, digest=digest, located=places)


def read(path: Path, shown: str) -> Source:
    """The workbook at ``path`` as the source of a submission; one that cannot be read is a problem too."""
    try:
        return parse(path.read_bytes(), shown)
    except OSError as error:
        return _refused(shown, _("文件读不出来：{why}。", why=error.strerror or type(error).__name__), "")


def _sheets(content: bytes) -> dict[str, Rows]:
    """The rows of the sheets that are typed in. Whatever the library raises on a damaged file."""
    import openpyxl  # noqa: PLC0415 - only commands that read workbooks need it

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST:
            raise ValueError(LARGEST)
    found: dict[str, Rows] = {}
    with warnings.catch_warnings():
        # It warns of what it would lose if it wrote the file again.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for name in (SHEET, EVENTS):
            if name in book.sheetnames:
                sheet: Any = book[name]
                # The size that a file claims may be wrong.
                sheet.reset_dimensions()
                rows = enumerate(sheet.iter_rows(max_row=MOST_ROWS, max_col=ITEM + 1, values_only=True), 1)
                found[name] = {n: row for n, row in rows if any(value is not None for value in row)}
    return found


def _refused(shown: str, message: str, digest: str) -> Source:
    hint = _("请用发下去的表填写，存为 .xlsx，不要增删行列和工作表。")
    return Source(shown, problems=(Problem(Place(shown), "E01", message, hint),), digest=digest)


def _cell(rows: Rows, row: int, column: int) -> Any:
    """A cell's value, rows and columns from 1."""
    values = rows.get(row, ())
    return values[column - 1] if column <= len(values) else None


def _place(shown: str, sheet: str, row: int, column: int) -> Place:
    """A cell, rows and columns from 1."""
    return Place(shown, row, column, f"{sheet}!{_letter(column - 1)}{row}")


def _read_head(rows: Rows, shown: str, data: dict[str, Any], places: dict[Keys, Place]) -> None:
    places[()] = _place(shown, SHEET, 1, 1)
    for column, key in enumerate(("unit", "month", "part"), 1):
        places[key,] = _place(shown, SHEET, 3, column)
        value = _as_kind("text", _cell(rows, 3, column))
        if value is not None:
            data[key] = str(value).split(",") if key == "part" else value
    for key, _label, cell in HEAD:
        column, row = ord(cell[0]) - ord("A") + 1, int(cell[1:])
        places[key,] = _place(shown, SHEET, row, column)
        value = _as_kind("text", _cell(rows, row, column))
        if key == "rest":
            value = {UNCHANGED: "unchanged", CHANGED: None}.get(value, value) if isinstance(value, str) else value
        elif key in ("prepared_by", "checked_by", "approved_by"):
            # An empty cell is an empty name, as in the other form: the rest of the file still counts.
            value = "" if value is None else value
        if value is not None:
            data[key] = value


def _read_row(rows: Rows, row: int, shown: str, updates: list[dict[str, Any]], places: dict[Keys, Place]) -> None:
    """One row as an update, if anything was typed in it."""
    typed = {
        field.key: value
        for column, field in enumerate(FIELDS, len(SHOWN) + 1)
        if (value := _as_kind(field.kind, _cell(rows, row, column))) is not None
    }
    if not typed:
        return
    n = len(updates)
    item = _as_kind("text", _cell(rows, row, ITEM + 1))
    update: dict[str, Any] = {} if item is None else {"item": item}
    places["update", n] = _place(shown, SHEET, row, len(SHOWN) + 1)
    places["update", n, "item"] = _place(shown, SHEET, row, 3)
    for column, field in enumerate(FIELDS, len(SHOWN) + 1):
        where = ("update", n, *(("request_extension",) if field.key in EXTENSION else ()), field.key)
        places[where] = _place(shown, SHEET, row, column)
        if field.key not in typed:
            continue
        value = typed[field.key]
        if field.key == "evidence":
            value = [value] if isinstance(value, list) else _names(value)
        if field.key in EXTENSION:
            update.setdefault("request_extension", {})[field.key] = value
        else:
            update[field.key] = value
    places["update", n, "request_extension"] = places["update", n, "request_extension", "until"]
    updates.append(update)


def _names(words: str) -> list[str]:
    """Several names in one cell."""
    return [name.strip() for name in re.split(r"[、；;\n]", words) if name.strip()]


_DAY = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?: 0?0:00(?::00)?)?|(\d{4})(\d\d)(\d\d)"
)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,10})?")
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050
"""The days 2000-01-01 and 2099-12-31 as a sheet counts them."""


def _as_kind(kind: str, value: object) -> Any:
    """A cell's value as a submission has it, None for an empty one; what is not understood stays, for the checks."""
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
    if isinstance(value, datetime):
        value = value.date() if value.time() == datetime.min.time() or kind == "date" else value.isoformat(" ")
    match kind, value:
        case _, None:
            return None
        case "text" | "state", str():
            # A list is no text: what a formula left undone is not taken for an answer.
            return [value] if value in _ERRORS else value
        case "text" | "state", float() if value.is_integer() and abs(value) < LARGEST_WHOLE:
            return str(int(value))
        case "date", str() | int() | float() if not isinstance(value, bool):
            return _day(value)
        case "number", str() | int() | float() if not isinstance(value, bool):
            return _number(value)
        case "date", date():
            return value
    return str(value)


LARGEST_WHOLE = 2**53
"""Beyond it a sheet's numbers are no longer exact."""


def _day(value: str | float) -> date | str | float:
    """A day as people write it, or as a sheet counts it."""
    if isinstance(value, int | float) and _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
        return date(1899, 12, 30) + timedelta(days=int(value))
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", str(value)))
    try:
        return date(*(int(n) for n in found.groups() if n is not None)) if found else _number(value)
    except ValueError:
        return str(value)


def _number(value: str | float) -> str | float:
    """A number, a whole one whole; a text that is none as it is."""
    if isinstance(value, str):
        words = unicodedata.normalize("NFKC", value).replace(" ", "")
        if not _NUMBER.fullmatch(words):
            return value
        value = float(words.replace(",", ""))
    if abs(value) >= LARGEST_WHOLE:
        # Not more than a file can hold; the checks refuse it by its size.
        return math.inf if isinstance(value, int) else value
    return int(value) if float(value).is_integer() else value


def _read_events(rows: Rows, shown: str, places: dict[Keys, Place]) -> Iterator[dict[str, Any]]:
    n = 0
    for row in sorted(rows):
        event = {
            field.key: value
            for column, field in enumerate(EVENT_FIELDS, 1)
            if (value := _as_kind(field.kind, _cell(rows, row, column))) is not None
        }
        if row > EVENTS_HEADING and event:
            places["event", n] = _place(shown, EVENTS, row, 1)
            for column, field in enumerate(EVENT_FIELDS, 1):
                places["event", n, field.key] = _place(shown, EVENTS, row, column)
            n += 1
            yield event


EVENTS_HEADING = 2
"""The row of the headings of the sheet of events."""


# --- back to whom it came from ---


def annotated(content: bytes, problems: Sequence[Problem]) -> bytes:
    """The workbook with each problem as a note in its cell, the cell marked; as it came otherwise.

    ``ValueError`` where the bytes are no workbook that can be opened.
    """
    import openpyxl  # noqa: PLC0415
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    marked = PatternFill("solid", fgColor="FFC7CE")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _sheets(content)
            book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
        except Exception as error:
            raise ValueError(str(error)) from error
        first = book.worksheets[0].title
        notes: dict[tuple[str, str], list[str]] = {}
        for problem in problems:
            sheet, _bang, cell = problem.place.cell.rpartition("!")
            where = (sheet, cell) if sheet in book.sheetnames else (first, "A1")
            notes.setdefault(where, []).append(plain(f"{problem.code} {problem.message}{problem.hint}"))
        for (sheet, cell), lines in notes.items():
            book[sheet][cell].comment = Comment("\n".join(lines), "Tracker", height=40 + 40 * len(lines), width=320)
            book[sheet][cell].fill = marked
        written = io.BytesIO()
        book.save(written)
    return written.getvalue()


def annotate_file(path: Path, problems: Sequence[Problem]) -> Path:
    """The annotated workbook, written beside the one at ``path``: nothing there is replaced.

    ``ValueError`` where it is no workbook that can be opened.
    """
    content = annotated(path.read_bytes(), problems)
    n = 1
    while True:
        target = path.with_name(f"{path.stem}.批注{n if n > 1 else ''}.xlsx")
        try:
            writing.create(target, content)
        except FileExistsError:
            n += 1
        else:
            return target
