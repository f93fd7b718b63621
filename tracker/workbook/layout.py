"""The cells of the workbook: one layout, written by one module and read by another."""

from dataclasses import dataclass

from tracker.language import mark

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
    (mark("序号"), 5),
    (mark("方案"), 7),
    (mark("任务节点"), 26),
    (mark("期限原文"), 18),
    (mark("到期日"), 11),
    (mark("剩余天数"), 13),
    (mark("上次报的情况"), 30),
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


def letter(column: int) -> str:
    """A column's letters, counted from 0, as far as AZ."""
    return chr(ord("A") + column) if column < 26 else "A" + chr(ord("A") + column - 26)  # noqa: PLR2004 - letters
