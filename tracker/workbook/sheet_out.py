"""An enterprise's sheet as a workbook: a row a clause, both sides side by side, the score shown as it is filled."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tracker.checklists import Checklist, Content, Deduction, Indicator, Veto
from tracker.language import _
from tracker.sheet_forms import SheetForm, deduction_words, minimum_words, veto_words
from tracker.terminal import plain
from tracker.workbook.layout import LINE_HEIGHT, MARK, letter
from tracker.workbook.out import styles_of, validate
from tracker.workbook.sheet_layout import (
    CHECKED,
    CLAUSE,
    CLAUSES,
    FOUND,
    HEADING,
    MINIMUMS,
    SAMPLED,
    SAMPLES,
    SAMPLING,
    SCORES,
    SHEET_LAYOUT,
    SIGNED,
)

Rows = Mapping[str, int]
"""The row of each clause, from 0, by its id."""


def write_sheet(form: SheetForm) -> bytes:
    """The form as the bytes of an .xlsx; equal forms give equal bytes."""
    import xlsxwriter  # noqa: PLC0415 - only this command writes workbooks

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": datetime(2026, 1, 1), "title": form.title})  # noqa: DTZ001 - Excel knows no zones
    styles = styles_of(book)
    rows = _write_clauses(book, form, styles)
    _write_samples(book, form, styles)
    _write_scores(book, form, rows, styles)
    book.close()
    return content.getvalue()


def _write_clauses(book: Any, form: SheetForm, styles: Mapping[str, Any]) -> Rows:
    sheet = book.add_worksheet(CHECKED)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(HEADING + 1, 2)
    sheet.repeat_rows(HEADING)
    _write_top(sheet, form, styles)
    for n, (heading, width) in enumerate(CLAUSES):
        sheet.set_column(n, n, width)
        sheet.write_string(HEADING, n, _(heading), styles["head"])
    for n, field in enumerate(FOUND, len(CLAUSES)):
        sheet.set_column(n, n, field.width)
        sheet.write_string(HEADING, n, _(field.heading), styles["head"])
    sheet.set_column(CLAUSE, CLAUSE + 2, 1, None, {"hidden": True})
    sheet.write_string(HEADING, CLAUSE, MARK)
    rows: dict[str, int] = {}
    row = HEADING + 1
    for indicator in form.checklist.indicator:
        for content in indicator.content:
            points = _("{n} 分", n=f"{content.points:g}")
            band = plain(f"{indicator.title}　{content.id} {content.title}　{points}")
            sheet.merge_range(row, 0, row, CLAUSE - 1, band, styles["band"])
            row += 1
            for name, what, cost, entry in _clauses(content):
                rows[name] = row
                _write_clause(sheet, row, form, (name, what, cost), styles)
                _write_asked(sheet, row, name, entry)
                row += 1
    for n, field in enumerate(FOUND, len(CLAUSES)):
        validate(sheet, (HEADING + 1, n, row - 1, n), field)
    sheet.protect(options={"format_columns": True, "format_rows": True, "select_locked_cells": True})
    return rows


def _clauses(content: Content) -> list[tuple[str, str, str, Deduction | Veto]]:
    """The content's rows: id, words, cost, entry."""
    deductions: list[tuple[str, str, str, Deduction | Veto]] = [
        (d.id, d.what, deduction_words(d), d) for d in content.deduction
    ]
    vetoes = [(name, what, veto_words(v), v) for v in content.veto for name, what in v.named.items()]
    return [*deductions, *vetoes]


def _write_top(sheet: Any, form: SheetForm, styles: Mapping[str, Any]) -> None:
    head = form.checklist.head
    sheet.merge_range(0, 0, 0, CLAUSE - 1, plain(form.title), styles["title"])
    sheet.set_row(0, 28)
    rule = _("满分 {full} 分，{mark} 分合格，每项扣完为止。", full=f"{head.full:g}", mark=f"{head.pass_mark:g}")
    said = _("只填黄色的格子：发现的写次数和看到的情况，没有发现的不用填。“抽查”和“得分”在另两张表。") + rule
    sheet.merge_range(1, 0, 1, CLAUSE - 1, said, styles["plain"])
    for n, hidden in enumerate((form.enterprise.id, form.period.label, SHEET_LAYOUT)):
        sheet.write_string(2, n, hidden, styles["label"])
    sheet.set_row(2, None, None, {"hidden": True})
    for _table, key, label, cell in SIGNED:
        column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 1
        sheet.write_string(row, column - 1, _(label), styles["label_left"])
        sheet.write_blank(row, column, None, styles["typed_day" if key == "on" else "typed_text"])


def _write_clause(
    sheet: Any, row: int, form: SheetForm, words: tuple[str, str, str], styles: Mapping[str, Any]
) -> None:
    name, what, cost = words
    found = form.found_before.get(name)
    before = _("{n} 次：{seen}", n=found.department, seen=found.department_seen) if found is not None else ""
    for column, text in enumerate((name, what, cost, before)):
        sheet.write_string(row, column, plain(text), styles["text"])
    for n, field in enumerate(FOUND, len(CLAUSES)):
        sheet.write_blank(row, n, None, styles[field.style])
    sheet.set_row(row, 2 * LINE_HEIGHT)
    sheet.write_string(row, CLAUSE, name)


def _write_asked(sheet: Any, row: int, name: str, entry: Deduction | Veto) -> None:
    """What a row asks for, for both sides; of a veto with several conditions the first row asks for all."""
    for n, key in enumerate(("own", "department")):
        column = _column(key)
        cell = f"MAX(0,N({column}{row + 1}))"
        if isinstance(entry, Deduction):
            formula = f"{cell}*{entry.points:g}" if entry.per is not None else f"MIN(1,{cell})*{entry.points:g}"
        elif name == next(iter(entry.named)):
            last = row + len(entry.named)
            met = f'COUNTIF({column}{row + 1}:{column}{last},">0")'
            wanted = len(entry.named) if entry.counts == "all" else 1
            times = met if entry.counts == "each" else f"IF({met}>={wanted},1,0)"
            formula = f"{times}*{entry.points:g}"
        else:
            formula = "0"
        sheet.write_formula(row, CLAUSE + 1 + n, f"={formula}", None, 0)


def _column(key: str) -> str:
    """The letters of the column of one side's counts."""
    return letter(next(n for n, field in enumerate(FOUND, len(CLAUSES)) if field.key == key))


def _write_samples(book: Any, form: SheetForm, styles: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(SAMPLES)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for n, (heading, width) in enumerate(MINIMUMS):
        sheet.set_column(n, n, width)
        sheet.write_string(0, n, _(heading), styles["head"])
    for n, field in enumerate(SAMPLED, len(MINIMUMS)):
        sheet.set_column(n, n, field.width)
        sheet.write_string(0, n, _(field.heading), styles["head"])
    sheet.set_column(SAMPLING, SAMPLING, 1, None, {"hidden": True})
    sheet.write_string(0, SAMPLING, MARK)
    samplings = list(form.checklist.samplings.values())
    for row, sampling in enumerate(samplings, 1):
        for column, text in enumerate((sampling.id, sampling.what, minimum_words(sampling))):
            sheet.write_string(row, column, plain(text), styles["text"])
        for n, field in enumerate(SAMPLED, len(MINIMUMS)):
            sheet.write_blank(row, n, None, styles[field.style])
        if sampling.id in form.totals:
            sheet.write_number(row, len(MINIMUMS), form.totals[sampling.id], styles["typed_number"])
        sheet.write_string(row, SAMPLING, sampling.id)
    for n, field in enumerate(SAMPLED, len(MINIMUMS)):
        validate(sheet, (1, n, len(samplings), n), field)
    sheet.protect()


def _write_scores(book: Any, form: SheetForm, rows: Rows, styles: Mapping[str, Any]) -> None:
    """The score of what has been typed so far, by the rules of the checklist."""
    sheet = book.add_worksheet(SCORES)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 3, 12)
    for n, heading in enumerate((_("指标和内容"), _("分值"), _("企业自评"), _("部门考核"))):
        sheet.write_string(0, n, heading, styles["head"])
    row, totals = 1, []
    for indicator in form.checklist.indicator:
        totals.append(row)
        _write_line(sheet, row, f"{indicator.id} {indicator.title}", indicator.points, styles["band"])
        for n in range(2):
            contents = f"SUM({letter(2 + n)}{row + 2}:{letter(2 + n)}{row + 1 + len(indicator.content)})"
            sheet.write_formula(row, 2 + n, _floored(contents, _from_indicator(indicator), rows, n), styles["band"])
        for k, content in enumerate(indicator.content, row + 1):
            _write_line(sheet, k, f"　{content.id} {content.title}", content.points, styles["text"])
            for n in range(2):
                sheet.write_formula(
                    k, 2 + n, _floored(f"{content.points:g}", _from_content(content), rows, n), styles["text"]
                )
        row += 1 + len(indicator.content)
    _write_line(sheet, row, _("合计"), form.checklist.head.full, styles["head"])
    _write_line(sheet, row + 1, _("结果"), "", styles["head"])
    for n in range(2):
        total = "+".join(f"{letter(2 + n)}{k + 1}" for k in totals)
        sheet.write_formula(row, 2 + n, f"={total}", styles["head"], form.checklist.head.full)
        sheet.write_formula(row + 1, 2 + n, _verdict(form.checklist, rows, row, n), styles["head"], "")
    sheet.protect()


def _write_line(sheet: Any, row: int, title: str, points: float | str, style: Any) -> None:
    sheet.write_string(row, 0, plain(title), style)
    sheet.write(row, 1, points, style)


def _from_content(content: Content) -> list[str]:
    taken = [d.id for d in content.deduction]
    return [*taken, *(name for v in content.veto if v.part == "content" for name in v.named)]


def _from_indicator(indicator: Indicator) -> list[str]:
    return [name for c in indicator.content for v in c.veto if v.part == "indicator" for name in v.named]


def _asked_cell(rows: Rows, name: str, n: int) -> str:
    return f"'{CHECKED}'!{letter(CLAUSE + 1 + n)}{rows[name] + 1}"


def _floored(points: str, names: Sequence[str], rows: Rows, n: int) -> str:
    """Points less what is asked of them, never below zero."""
    asked = "".join(f"-{_asked_cell(rows, name, n)}" for name in names)
    return f"=MAX(0,{points}{asked})"


def _verdict(checklist: Checklist, rows: Rows, row: int, n: int) -> str:
    """A formula: failed by a ※ veto, passed, or failed by the points."""
    fatal = [name for name, veto in checklist.vetoes.items() if veto.fatal]
    vetoed, passed, failed = _("不合格（※否决）"), _("合格"), _("不合格")
    by_points = f'IF({letter(2 + n)}{row + 1}>={checklist.head.pass_mark:g},"{passed}","{failed}")'
    if not fatal:
        return f"={by_points}"
    met = "+".join(_asked_cell(rows, name, n) for name in fatal)
    return f'=IF({met}>0,"{vetoed}",{by_points})'
