"""The Excel annex beside openpyxl writing the same cells, looks and heights.

    python tests/benchmarks/annex.py [--rows 5000] [--runs 5]

Turn and turn about in one process; medians, and their ratio (bound: 0.75).
"""

import argparse
import io
import statistics
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tracker.reports import as_xlsx
from tracker.reports.annex import Book, Grid, Heading, Sheet, Value

HEADINGS = (
    Heading("序号", "number", 6),
    Heading("单位", "centre", 10),
    Heading("任务节点", "text", 24),
    Heading("责任", "text", 14),
    Heading("到期日", "day"),
    Heading("灯", "light", 6),
    Heading("逾期天数", "number"),
    Heading("原因", "text", 20),
    Heading("措施", "text", 20),
    Heading("备注", "text", 20),
)
CAUSES = ("资金拨付晚于计划，正在协调", "招标流标一次，重新组织", "", "设备到货推迟，厂家已书面说明原因并承诺下月到货")
LIGHTS = ("x 红", "! 黄", "+ 绿", "- 灰")


def book(rows: int) -> Book:
    """An annex with so many rows."""
    cells: list[tuple[Value, ...]] = [
        (
            n,
            f"第{n % 12}县",
            f"第{n}号节点（2026-10）",
            "企业主要负责人",
            date(2026, 1, 1) + timedelta(days=n % 300),
            LIGHTS[n % len(LIGHTS)],
            n % 90,
            CAUSES[n % len(CAUSES)],
            f"倒排工期，第{n}次调度",
            f"备注{n}",
        )
        for n in range(1, rows + 1)
    ]
    sheet = Sheet("表", "虚构的调度表", (Grid(HEADINGS, tuple(cells)),))
    return Book("虚构的调度表", "某办公室", "", (sheet,), "0")


def by_openpyxl(annex: Book) -> bytes:
    """The same sheet by openpyxl: cells with their looks, widths, heights, filter and frozen heading."""
    [sheet] = annex.sheets
    [grid] = sheet.grids
    file = openpyxl.Workbook()
    page: Worksheet = file.worksheets[0]
    font, edge = Font(name="宋体", size=10), Side(style="thin")
    box, wrapped = Border(edge, edge, edge, edge), Alignment(vertical="center", wrap_text=True)
    page.append([sheet.title])
    page.append([heading.title for heading in grid.headings])
    for row, cells in enumerate(grid.rows, 3):
        lines = 1
        for column, (value, heading) in enumerate(zip(cells, grid.headings, strict=True), 1):
            cell = page.cell(row, column, value)
            cell.font, cell.border, cell.alignment = font, box, wrapped
            if heading.kind == "day":
                cell.number_format = "yyyy-mm-dd"
            elif isinstance(value, str):
                cell.data_type = "s"
                lines = max(lines, -(-2 * len(value) // heading.widest))
        page.row_dimensions[row].height = as_xlsx.LINE_HEIGHT * lines + 3
    page.freeze_panes = "A3"
    page.auto_filter.ref = f"A2:J{len(grid.rows) + 2}"
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    annex = book(args.rows)
    ways = {"openpyxl": by_openpyxl, "tracker": as_xlsx.write}
    measured: dict[str, list[float]] = {name: [] for name in ways}
    for write in ways.values():
        write(book(1))  # imports
    for _run in range(args.runs):
        for name, write in ways.items():
            begin = time.perf_counter()
            write(annex)
            measured[name].append(time.perf_counter() - begin)
    median = {name: statistics.median(times) for name, times in measured.items()}
    print(f"{args.rows} rows x {len(HEADINGS)} columns, {args.runs} runs")
    for name, seconds in median.items():
        print(f"{name:12}{seconds:>10.3f} s{seconds / median['openpyxl']:>8.2f} x openpyxl")


if __name__ == "__main__":
    main()
