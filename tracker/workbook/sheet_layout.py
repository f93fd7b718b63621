"""The cells of an enterprise's sheet as a workbook: one layout, written by one module and read by another."""

from tracker.language import mark
from tracker.workbook.layout import Field

CHECKED, SAMPLES, SCORES = "考核表", "抽查", "得分"
"""Sheets by name; they are part of the format and not translated."""

SHEET_LAYOUT = "tracker-checklist-1"
"""Stands in a hidden cell: which layout this is."""

CLAUSES = ((mark("编号"), 13), (mark("扣分条款"), 46), (mark("分值"), 20), (mark("上期"), 24))
"""Columns that are read only: heading and width."""

FOUND = (
    Field("own", mark("自评次数"), 8, "number", mark("发现几次写几；没有的不用填")),
    Field("own_seen", mark("自评看到的情况"), 26, help=mark("扣了分的必填")),
    Field("department", mark("考核次数"), 8, "number", mark("发现几次写几；没有的不用填")),
    Field("department_seen", mark("考核看到的情况"), 26, help=mark("扣了分的必填")),
    Field("evidence", mark("佐证材料"), 18, help=mark("文件名或文号，几份用顿号隔开")),
)
"""Columns that are typed in."""

CLAUSE = len(CLAUSES) + len(FOUND)
"""The hidden column with the clause's id; after it what each side's findings ask for."""

HEADING = 5
"""Row of the heading, from 0: above it stand the title and the two assessments."""

SIGNED = (
    ("own", "on", mark("企业自评日期"), "B4"),
    ("own", "by", mark("自评人"), "D4"),
    ("department", "on", mark("部门考核日期"), "B5"),
    ("department", "by", mark("考核人"), "D5"),
)
"""Cells above the table: table, key, label, cell. A label stands in the cell to the left."""

MINIMUMS = ((mark("编号"), 8), (mark("抽查内容"), 40), (mark("最少"), 24))
SAMPLED = (
    Field("total", mark("总数"), 10, "number"),
    Field("own", mark("自评抽了"), 10, "number"),
    Field("department", mark("考核抽了"), 10, "number"),
)
SAMPLING = len(MINIMUMS) + len(SAMPLED)
"""The hidden column with the sampling's id."""
