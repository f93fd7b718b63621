"""What the commands print as tables."""

from datetime import date
from io import StringIO
from pathlib import Path

from tiny import decision, head, see

from tracker.lights import matrix
from tracker.listings import print_overdue
from tracker.overdue import late_rows
from tracker.page_listings import print_matrix, print_summary
from tracker.snapshot import Snapshot
from tracker.summary import summary

WIDE = 200
TITLES = ("最需要盯的", "接下来到期的", "受阻和待上级明确的，需领导研究")


def page(snapshot: Snapshot) -> list[str]:
    out = StringIO()
    print_summary(out, snapshot, summary(snapshot), WIDE)
    return out.getvalue().split("\n")


def cells(line: str) -> list[str]:
    return line.split()


def test_the_leaders_page_before_the_books_began_has_no_month_to_compare_with_and_no_empty_list(tmp_path: Path) -> None:
    lines = page(see(tmp_path, as_of=date(2026, 1, 5)))
    figures = [cells(line) for line in lines if cells(line)[:1] in (["应完成"], ["按期率"], ["未按时报送"])]
    assert figures == [["应完成", "0", "—"], ["按期率", "—", "—"], ["未按时报送", "3", "—"]]
    assert [line for line in lines if line in TITLES] == []


def test_the_leaders_page_has_its_lists_where_there_is_something_in_them(tmp_path: Path) -> None:
    blocked = """[[update]]
item = "mine-7"
state = "受阻"
waiting_on = "省厅"
cause = "资金没有到位"
measure = "已经列入预算"
promised_on = 2026-12-20
"""
    lines = page(see(tmp_path, {"2026-10/west.toml": head("west") + blocked}))
    assert [line for line in lines if line in TITLES] == list(TITLES)
    assert ["应完成", "12", "7"] in [cells(line) for line in lines]


def test_the_units_of_one_item_and_day_stand_in_one_row(tmp_path: Path) -> None:
    rows = [cells(line) for line in page(see(tmp_path))]
    assert ["东山县、高新区", "矿山", "月度排查", "2026-11-30", "未到期"] in rows


def test_a_cell_of_nothing_is_a_dash_and_missed_periods_are_a_number(tmp_path: Path) -> None:
    out = StringIO()
    print_matrix(out, matrix(see(tmp_path)), WIDE)
    east, _west, bureau = (cells(line) for line in out.getvalue().split("\n")[-4:-1])
    assert east[0] == "东山县"
    assert "漏2" in east
    assert bureau[:2] == ["市应急管理局", "-"]


def test_the_overdue_list_says_by_when_where_a_day_was_promised(tmp_path: Path) -> None:
    ruling = decision(
        "correct",
        "east",
        "2026-11-03T09:00:00+08:00",
        'item = "mine-1"\nstate = "推进中"\npromised_on = 2026-12-20',
    )
    snapshot = see(tmp_path, {"2026-10/decisions.toml": ruling})
    out = StringIO()
    print_overdue(out, late_rows(snapshot), WIDE)
    lines = [cells(line) for line in out.getvalue().split("\n")]
    [own] = [line for line in lines if "mine-1" in line and "东山县" in line]
    assert own[0] == "31"
    assert own[-1] == "2026-12-20"
    assert sum("2026-12-20" in line for line in lines) == 1
