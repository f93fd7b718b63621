"""A unit's form as a workbook, out and back: one layout, written by one half and read by the other.

It opens in WPS and Excel with nothing installed and no macros. What must be answered stands on
top, then what may change, the rest folded; a cell that is not to be typed in is locked; states
are chosen from a list; days and numbers are checked as they are typed. Text from files is
written as text: never a formula, never a link.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from tracker.forms import Form
from tracker.language import _, mark
from tracker.problems import Place, Problem
from tracker.snapshot import Snapshot, month_end
from tracker.source import Keys, Source
from tracker.standing import Standing
from tracker.submissions import STATES
from tracker.terminal import plain
from tracker.terminal import width as columns_of
from tracker.why import said_lines

SHEET, EVENTS, SCHEDULE, HELP = "月报", "事项登记", "调度表", "填写说明"
"""Sheets by name; they are part of the format and not translated."""

UNCHANGED = "是"


@dataclass(frozen=True)
class Field:
    """A column that is typed in: its key in the submission, its heading, its width, what may be typed."""

    key: str
    heading: str
    width: int
    kind: str = "text"
    """text, state, date or number."""
    help: str = ""


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


# --- out ---


def write(snapshot: Snapshot, form: Form) -> bytes:
    """The form as the bytes of an .xlsx; equal forms give equal bytes."""
    import xlsxwriter  # noqa: PLC0415 - only this command writes workbooks

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": datetime(2026, 1, 1), "title": _title(snapshot, form)})  # noqa: DTZ001 - Excel knows no zones
    styles = _styles(book)
    _write_month(book, snapshot, form, styles)
    _write_events(book, snapshot, styles)
    _write_schedule(book, snapshot, form, styles)
    _write_help(book, styles)
    book.close()
    return content.getvalue()


def _title(snapshot: Snapshot, form: Form) -> str:
    unit = snapshot.programme.unit(form.unit).name
    return f"{unit} {form.month:%Y年%m月}月报"


Styles = Mapping[str, Any]


def _styles(book: Any) -> Styles:
    base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
    typed = {**base, "locked": False, "bg_color": "#FFFBE6"}
    return {
        "title": book.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}),
        "label": book.add_format({**base, "border": 0, "align": "right", "text_wrap": False}),
        "head": book.add_format({**base, "bold": True, "align": "center", "bg_color": "#DDE7F3"}),
        "band": book.add_format({**base, "bold": True, "bg_color": "#F3E3DD"}),
        "text": book.add_format(base),
        "centre": book.add_format({**base, "align": "center"}),
        "day": book.add_format({**base, "align": "center", "num_format": "yyyy-mm-dd"}),
        "late": book.add_format({**base, "align": "center", "bold": True, "font_color": "#B00020"}),
        "typed": book.add_format(typed),
        "typed_day": book.add_format({**typed, "align": "center", "num_format": "yyyy-mm-dd"}),
        "typed_number": book.add_format({**typed, "align": "right"}),
        "plain": book.add_format({**base, "border": 0}),
    }


def _write_month(book: Any, snapshot: Snapshot, form: Form, styles: Styles) -> None:
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
    sheet.merge_range(0, 0, 0, len(SHOWN) + 3, _title(snapshot, form), styles["title"])
    sheet.set_row(0, 28)
    said = _(
        "必答 {n} 项（橙色横条下面），其余有变化才填；黄色的格子可以填，其他的锁定。填好保存，原样发回。",
        n=len(form.required),
    )
    sheet.merge_range(1, 0, 1, len(SHOWN) + 3, said, styles["plain"])
    sheet.write_string(2, 0, form.unit, styles["label"])
    sheet.write_string(2, 1, f"{form.month:%Y-%m}", styles["label"])
    sheet.set_row(2, None, None, {"hidden": True})
    for key, label, cell in HEAD:
        column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 1
        sheet.write_string(row, column - 1, _(label), styles["label"])
        if key in ("practices", "difficulties", "suggestions"):
            sheet.merge_range(row, column, row, len(SHOWN) + 3, "", styles["typed"])
        else:
            sheet.write_blank(row, column, None, styles["typed"])
        if key == "rest":
            sheet.write_string(row, column, UNCHANGED, styles["typed"])
            sheet.data_validation(row, column, row, column, {"validate": "list", "source": [UNCHANGED, "否"]})
    for n, (heading, _width) in enumerate(SHOWN):
        sheet.write_string(FIRST_ROW, n, heading, styles["head"])
    for n, field in enumerate(FIELDS, len(SHOWN)):
        sheet.write_string(FIRST_ROW, n, _(field.heading), styles["head"])
        if field.help:
            sheet.write_comment(FIRST_ROW, n, _(field.help), {"x_scale": 1.2, "y_scale": 0.6, "author": "Tracker"})
    row = FIRST_ROW + 1
    for band, standings, folded in (
        (_("一、必答"), form.required, False),
        (_("二、有变化才填"), form.open, False),
        (_("三、其他未到期的（点左边的加号展开）"), form.later, True),
    ):
        sheet.merge_range(row, 0, row, ITEM - 1, f"{band}　{len(standings)}", styles["band"])
        row += 1
        for n, s in enumerate(standings, 1):
            _write_row(sheet, row, n, snapshot, s, styles, folded=folded)
            row += 1
    sheet.protect(options={"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _write_row(sheet: Any, row: int, n: int, snapshot: Snapshot, s: Standing, styles: Styles, *, folded: bool) -> None:
    m = s.occurrence.milestone
    left = (s.due - month_end(snapshot.clocks.month)).days if s.due is not None else 0
    title = m.title if m.target is None else f"{m.title}（{m.target}）"
    period = s.occurrence.id.partition("@")[2]
    texts = {2: f"{title}　{period}" if period else title, 3: m.wording, 6: _last_words(s)}
    # A row does not grow by itself in every program: give it the lines that its longest cell needs.
    lines = max(-(-columns_of(text) // (SHOWN[column][1] - 1)) for column, text in texts.items())
    sheet.set_row(row, LINE_HEIGHT * max(lines, 1) + 3, None, {"level": 1, "hidden": True} if folded else {})
    sheet.write_number(row, 0, n, styles["centre"])
    sheet.write_string(row, 1, snapshot.plan_of(s).head.short, styles["centre"])
    for column, text in texts.items():
        sheet.write_string(row, column, text, styles["text"])
    if s.due is not None:
        sheet.write_datetime(row, 4, datetime(s.due.year, s.due.month, s.due.day), styles["day"])  # noqa: DTZ001
        words = _("还有 {n} 天", n=left) if left >= 0 else _("已逾期 {n} 天", n=-left)
        sheet.write_string(row, 5, words, styles["late"] if left < 0 else styles["centre"])
    for k, field in enumerate(FIELDS, len(SHOWN)):
        style = {"date": "typed_day", "number": "typed_number"}.get(field.kind, "typed")
        sheet.write_blank(row, k, None, styles[style])
        _validate(sheet, row, k, field)
    sheet.write_string(row, ITEM, s.occurrence.id)


def _validate(sheet: Any, row: int, column: int, field: Field) -> None:
    """What a cell accepts; the message says what to type."""
    asked = {"input_title": _(field.heading)[:32], "input_message": _(field.help)[:255]} if field.help else {}
    match field.kind:
        case "state":
            rule = {"validate": "list", "source": list(STATES.values())}
        case "date":
            span = {"minimum": date(2024, 1, 1), "maximum": date(2035, 12, 31)}
            rule = {"validate": "date", "criteria": "between", **span}  # type: ignore[dict-item]
        case "number":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0}  # type: ignore[dict-item]
        case _:
            return
    wrong = {"error_title": _("填写有误"), "error_message": _(field.help or field.heading)[:255]}
    sheet.data_validation(row, column, row, column, {**rule, **asked, **wrong})


def _last_words(s: Standing) -> str:
    """What was said last, in one cell."""
    if s.record is None:
        return _("还没有报过")
    u = s.record.update
    head = f"{s.record.month:%Y-%m} {_(STATES[u.state])}"
    numbers = [f"{u.done:g}" + (f"/{u.total:g}" if u.total is not None else "")] if u.done is not None else []
    return "；".join(plain(words) for words in (head, *numbers, *said_lines(u)))


def _write_events(book: Any, snapshot: Snapshot, styles: Styles) -> None:
    sheet = book.add_worksheet(EVENTS)
    said = _("期限从一件事起算的，在这里登记这件事：一行一件，有了实际日期就补上。")
    sheet.merge_range(0, 0, 0, len(EVENT_FIELDS) - 1, said, styles["plain"])
    kinds = [kind.name for plan in snapshot.programme.plans for kind in plan.events]
    for n, field in enumerate(EVENT_FIELDS):
        sheet.set_column(n, n, field.width)
        sheet.write_string(1, n, _(field.heading), styles["head"])
    for row in range(2, 2 + EVENT_ROWS):
        for n, field in enumerate(EVENT_FIELDS):
            sheet.write_blank(row, n, None, styles["typed_day" if field.kind == "date" else "typed"])
            _validate(sheet, row, n, field)
    # A list in a validation may hold 255 characters: the names stand on a sheet of their own.
    names = book.add_worksheet("_")
    names.hide()
    for n, kind in enumerate(kinds):
        names.write_string(n, 0, kind)
    if kinds:
        sheet.data_validation(2, 0, 1 + EVENT_ROWS, 0, {"validate": "list", "source": f"=_!$A$1:$A${len(kinds)}"})
    sheet.protect()


def _write_schedule(book: Any, snapshot: Snapshot, form: Form, styles: Styles) -> None:
    """调度表 for stamping: it shows what is typed on the first sheet, on A4."""
    sheet = book.add_worksheet(SCHEDULE)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    columns = (
        ("序号", 5),
        ("任务", 30),
        ("责任单位", 16),
        ("时限", 11),
        ("进展", 10),
        ("问题", 22),
        ("措施", 22),
        ("预计完成", 11),
        ("备注", 14),
    )
    sheet.merge_range(0, 0, 0, len(columns) - 1, _title(snapshot, form) + "调度表", styles["title"])
    for n, (heading, width) in enumerate(columns):
        sheet.set_column(n, n, width)
        sheet.write_string(1, n, heading, styles["head"])
    sheet.repeat_rows(1)
    row = 2
    source = FIRST_ROW + 2
    letters = {field.key: _letter(k) for k, field in enumerate(FIELDS, len(SHOWN))}
    for n, s in enumerate(form.required, 1):
        source += 1
        sheet.write_number(row, 0, n, styles["centre"])
        sheet.write_string(row, 1, s.occurrence.milestone.title, styles["text"])
        sheet.write_string(row, 2, s.occurrence.milestone.owner, styles["text"])
        sheet.write_string(row, 3, s.due.isoformat() if s.due is not None else "", styles["centre"])
        for column, key in ((4, "state"), (5, "cause"), (6, "measure"), (7, "promised_on"), (8, "note")):
            cell = f"{SHEET}!{letters[key]}{source}"
            style = styles["day" if key == "promised_on" else "text"]
            sheet.write_formula(row, column, f'=IF({cell}="","",{cell})', style, "")
        row += 1
    for column, (_key, label, cell) in zip((1, 4, 6), HEAD[:3], strict=True):
        where = f"{SHEET}!{cell}"
        sheet.write_formula(row + 1, column, f'="{_(label)}："&{where}', styles["plain"], f"{_(label)}：")
    sheet.write_string(row + 1, 8, _("（盖章）"), styles["plain"])
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


def read(path: Path, shown: str) -> Source:
    """A workbook that came back, as the source of a submission; places are cells."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return _refused(shown, _("文件读不出来：{why}。", why=error.strerror or type(error).__name__), "")
    return parse(content, shown)


def parse(content: bytes, shown: str) -> Source:
    """The bytes of a workbook as a source; no bytes make it raise."""
    digest = sha256(content).hexdigest()
    try:
        import openpyxl  # noqa: PLC0415 - only this command reads workbooks

        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        sheet = book[SHEET]
        events = book[EVENTS]
    except Exception:  # noqa: BLE001 - a damaged workbook can break the library anywhere
        return _refused(shown, _("这不是 tracker form 生成的工作簿，或者已经损坏。"), digest)
    data: dict[str, Any] = {}
    places: dict[Keys, Place] = {}
    _read_head(sheet, shown, data, places)
    updates: list[dict[str, Any]] = []
    for row in range(FIRST_ROW + 2, sheet.max_row + 1):
        item = sheet.cell(row, ITEM + 1).value
        if isinstance(item, str) and item:
            _read_row(sheet, row, item, shown, updates, places)
    if updates:
        data["update"] = updates
    found = list(_read_events(events, shown, places))
    if found:
        data["event"] = found
    return Source(shown, data=data, digest=digest, located=places)


def _refused(shown: str, message: str, digest: str) -> Source:
    return Source(
        shown, problems=(Problem(Place(shown), "E01", message, _("请用发下去的表填写，存为 .xlsx。")),), digest=digest
    )


def _place(shown: str, sheet: str, row: int, column: int) -> Place:
    """A cell, rows and columns from 1."""
    return Place(shown, row, column, f"{sheet}!{_letter(column - 1)}{row}")


def _read_head(sheet: Any, shown: str, data: dict[str, Any], places: dict[Keys, Place]) -> None:
    places[()] = _place(shown, SHEET, 1, 1)
    for key, column in (("unit", 1), ("month", 2)):
        value = sheet.cell(3, column).value
        if value is not None:
            data[key] = str(value)
        places[key,] = _place(shown, SHEET, 3, column)
    for key, _label, cell in HEAD:
        column, row = ord(cell[0]) - ord("A") + 1, int(cell[1:])
        places[key,] = _place(shown, SHEET, row, column)
        value = _typed(sheet.cell(row, column).value)
        if key == "rest":
            value = "unchanged" if value == UNCHANGED else None
        if value is not None:
            data[key] = str(value)


def _read_row(
    sheet: Any, row: int, item: str, shown: str, updates: list[dict[str, Any]], places: dict[Keys, Place]
) -> None:
    """One row as an update, if anything was typed in it."""
    typed = {
        field.key: value
        for column, field in enumerate(FIELDS, len(SHOWN) + 1)
        if (value := _as_kind(field, _typed(sheet.cell(row, column).value))) is not None
    }
    if not typed:
        return
    n = len(updates)
    update: dict[str, Any] = {"item": item}
    places["update", n] = _place(shown, SHEET, row, len(SHOWN) + 1)
    places["update", n, "item"] = _place(shown, SHEET, row, 3)
    for column, field in enumerate(FIELDS, len(SHOWN) + 1):
        where = ("update", n, *(("request_extension",) if field.key in EXTENSION else ()), field.key)
        places[where] = _place(shown, SHEET, row, column)
        if field.key not in typed:
            continue
        value = typed[field.key]
        if field.key == "evidence":
            value = [
                part.strip() for part in str(value).replace(";", "、").replace("；", "、").split("、") if part.strip()
            ]
        if field.key in EXTENSION:
            update.setdefault("request_extension", {})[field.key] = value
        else:
            update[field.key] = value
    places["update", n, "request_extension"] = places["update", n, "request_extension", "until"]
    updates.append(update)


def _typed(value: object) -> object:
    """A cell's value without the spaces people leave; None for an empty one."""
    if isinstance(value, str):
        return value.strip() or None
    return value


def _as_kind(field: Field, value: object) -> object:
    """A typed value as the submission has it: days as days, whole numbers whole; others as they are, for the checks."""
    match field.kind, value:
        case "date", datetime():
            return value.date()
        case "date", str():
            try:
                return date.fromisoformat(value.replace("/", "-").replace(".", "-"))
            except ValueError:
                return value
        case "number", float() if value.is_integer():
            return int(value)
        case "text" | "state", int() | float() | datetime() | date():
            return str(value)
    return value


def _read_events(sheet: Any, shown: str, places: dict[Keys, Place]) -> Iterator[dict[str, Any]]:
    n = 0
    for row in range(3, sheet.max_row + 1):
        event = {
            field.key: value
            for column, field in enumerate(EVENT_FIELDS, 1)
            if (value := _as_kind(field, _typed(sheet.cell(row, column).value))) is not None
        }
        if event:
            places["event", n] = _place(shown, EVENTS, row, 1)
            for column, field in enumerate(EVENT_FIELDS, 1):
                places["event", n, field.key] = _place(shown, EVENTS, row, column)
            n += 1
            yield event


def annotated(content: bytes, problems: list[Problem]) -> bytes:
    """The workbook with each problem as a note in its cell, the cell marked; as it came otherwise."""
    import openpyxl  # noqa: PLC0415
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    book = openpyxl.load_workbook(io.BytesIO(content))
    marked = PatternFill("solid", fgColor="FFC7CE")
    notes: dict[str, list[str]] = {}
    for problem in problems:
        if problem.place.cell:
            notes.setdefault(problem.place.cell, []).append(f"{problem.code} {problem.message}{problem.hint}")
    for where, lines in notes.items():
        sheet, _bang, cell = where.partition("!")
        book[sheet][cell].comment = Comment("\n".join(lines), "Tracker")
        book[sheet][cell].fill = marked
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
