"""A unit's form as a workbook that opens in WPS and Excel with nothing installed and no macros."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tracker.deadlines import month_end
from tracker.forms import Form, event_kinds, part_words, planned_events
from tracker.language import _
from tracker.problems import labelled
from tracker.reporting import asked
from tracker.snapshot import Snapshot
from tracker.standing import Standing
from tracker.submissions import STATES
from tracker.terminal import cut, plain
from tracker.terminal import width as columns_of
from tracker.why import said_lines
from tracker.workbook.layout import (
    CHANGED,
    EVENT_FIELDS,
    EVENT_ROWS,
    EVENTS,
    FIELDS,
    FIRST_ROW,
    HEAD,
    HELP,
    ITEM,
    LAYOUT,
    LINE_HEIGHT,
    LONGEST_SAID,
    MARK,
    SCHEDULE,
    SCHEDULE_LINES,
    SHEET,
    SHOWN,
    TALLEST,
    UNCHANGED,
    Field,
    letter,
)


def write(snapshot: Snapshot, form: Form) -> bytes:
    """The form as the bytes of an .xlsx; equal forms give equal bytes."""
    import xlsxwriter  # noqa: PLC0415 - only this command writes workbooks

    title = _title(snapshot, form)
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": datetime(2026, 1, 1), "title": title})  # noqa: DTZ001 - Excel knows no zones
    styles = styles_of(book)
    _write_month(book, snapshot, form, title, styles)
    _write_events(book, snapshot, form, styles)
    _write_schedule(book, form, title, styles)
    _write_help(book, styles)
    book.close()
    return content.getvalue()


def _title(snapshot: Snapshot, form: Form) -> str:
    unit = snapshot.programme.unit(form.unit).name
    plans = part_words(snapshot, form)
    # Not by strftime: Chinese in its format is refused on some Windows machines.
    title = _("{unit} {year}年{month}月月报", unit=unit, year=form.month.year, month=form.month.month)
    return _("{title}（{plans}）", title=title, plans=plans) if plans else title


Styles = Mapping[str, Any]


def styles_of(book: Any) -> Styles:
    """The looks of cells, by what they are."""
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


def _write_month(book: Any, snapshot: Snapshot, form: Form, title: str, styles: Styles) -> None:
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
    _write_top(sheet, snapshot, form, title, styles)
    for n, (heading, _width) in enumerate(SHOWN):
        sheet.write_string(FIRST_ROW, n, _(heading), styles["head"])
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
        validate(sheet, (FIRST_ROW + 1, n, row - 1, n), field)
    sheet.protect(options={"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _write_top(sheet: Any, snapshot: Snapshot, form: Form, title: str, styles: Styles) -> None:
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
    for n, hidden in enumerate((form.unit, f"{form.month:%Y-%m}", ",".join(form.part), LAYOUT)):
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
    title = m.title if m.target is None else _("{title}（{target}）", title=m.title, target=m.target)
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


def validate(sheet: Any, cells: tuple[int, int, int, int], field: Field) -> None:
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
    return cut(_("；").join(plain(words) for words in (head, *numbers, *said_lines(u))), LONGEST_SAID)


def _write_events(book: Any, snapshot: Snapshot, form: Form, styles: Styles) -> None:
    sheet = book.add_worksheet(EVENTS)
    said = _("期限从一件事起算的，在这里登记这件事：一行一件；以前报过计划日期的已经列出，有了实际日期就补上。")
    sheet.merge_range(0, 0, 0, len(EVENT_FIELDS) - 1, said, styles["plain"])
    sheet.set_row(0, 2 * LINE_HEIGHT)
    kinds = event_kinds(snapshot.programme, form)
    for n, field in enumerate(EVENT_FIELDS):
        sheet.set_column(n, n, field.width)
        sheet.write_string(1, n, _(field.heading), styles["head"])
    planned = planned_events(snapshot, form)
    last = 1 + len(planned) + EVENT_ROWS
    for n, field in enumerate(EVENT_FIELDS):
        for row in range(2, last + 1):
            sheet.write_blank(row, n, None, styles[field.style])
        if field.key != "kind":
            validate(sheet, (2, n, last, n), field)
    for row, event in enumerate(planned, 2):
        for n, words in enumerate((kinds[event.kind], event.ref, plain(event.name))):
            sheet.write_string(row, n, words, styles["typed_text"])
        sheet.write_datetime(row, 3, event.planned, styles["typed_day"])
    # A list in a validation may hold 255 characters: the names stand on a sheet of their own.
    names = book.add_worksheet("_")
    names.hide()
    for n, kind in enumerate(kinds.values()):
        names.write_string(n, 0, kind)
    if kinds:
        sheet.data_validation(2, 0, last, 0, {"validate": "list", "source": f"='_'!$A$1:$A${len(kinds)}"})
    sheet.protect()


def _write_schedule(book: Any, form: Form, title: str, styles: Styles) -> None:
    """调度表 for stamping: it shows what is typed on the first sheet, on A4."""
    sheet = book.add_worksheet(SCHEDULE)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    letters = {field.key: letter(k) for k, field in enumerate(FIELDS, len(SHOWN))}
    columns = (
        (_("序号"), 5, ""),
        (_("任务"), 30, ""),
        (_("责任单位"), 16, ""),
        (_("时限"), 11, ""),
        (_("进展"), 11, '{state}&IF({done}="",""," "&{done}&IF({total}="","","/"&{total}))'),
        (_("是否完成"), 6, 'IF({state}="","",IF({state}="已完成","是","否"))'),
        (_("问题"), 22, "{cause}"),
        (_("措施"), 22, "{measure}"),
        (_("预计完成"), 11, "{promised_on}"),
        (_("备注"), 14, "{note}"),
    )
    sheet.merge_range(0, 0, 0, len(columns) - 1, _("{title}调度表", title=title), styles["title"])
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
        label_ = labelled(_(label), "")
        sheet.write_formula(row + 1, column, f"=\"{label_}\"&'{SHEET}'!{cell}", styles["label_left"], label_)
    sheet.write_string(row + 1, 8, _("（盖章）"), styles["label_left"])
    sheet.protect()


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
