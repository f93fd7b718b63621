"""What changed between versions, and against the month before."""

from dataclasses import fields
from datetime import date
from pathlib import Path

from tiny import OCTOBER, head, see

from tracker.compare import NAMES, compare
from tracker.submissions import Update


def test_every_key_of_an_update_is_compared() -> None:
    assert set(NAMES) | {"item", "place"} == {f.name for f in fields(Update)}


def entry(item: str, *lines: str) -> str:
    return "\n".join(["[[update]]", f'item = "{item}"', *lines, ""])


SEPTEMBER = head(month="2026-09") + entry("mine-7", 'state = "推进中"', "done = 3", "total = 10", 'note = "开工"')
FIRST = (
    head()
    + entry("mine-7", 'state = "推进中"', "done = 4.0", "total = 10", 'note = "开工"')
    + entry("mine-2@2026-10", 'state = "已完成"', "done_on = 2026-10-09", 'evidence = ["台账", "照片"]')
)
SECOND = (
    head()
    + entry("mine-7", 'state = "推进中"', "done = 4.0", "total = 10", 'note = "开工"')
    + entry(
        "chem-3",
        'state = "推进中"',
        "[update.request_extension]",
        "until = 2026-12-01",
        'reason = "缺人"',
        'progress = "过半"',
    )
)
FILES = {"2026-09/east.toml": SEPTEMBER, "2026-10/east.toml": FIRST, "2026-10/east.2.toml": SECOND}


def test_versions_show_what_was_dropped_and_what_is_new(tmp_path: Path) -> None:
    versions, _months = compare(see(tmp_path, FILES), "east", OCTOBER)
    assert (versions.earlier, versions.later) == ("2026-10 第 1 版", "2026-10 第 2 版")
    assert [(c.item, c.title, c.before, c.after) for c in versions.changes] == [
        ("mine-2@2026-10", "月度排查", "状态 已完成；完成日期 2026-10-09；佐证材料 台账、照片", ""),
        ("chem-3", "安全评估", "", "状态 推进中；申请延期 2026-12-01 缺人 过半"),
    ]


def test_a_month_is_held_against_what_stood_before_it(tmp_path: Path) -> None:
    _versions, months = compare(see(tmp_path, FILES), "east", OCTOBER)
    assert (months.earlier, months.later) == ("2026-09", "2026-10 第 2 版")
    changed = {c.item: (c.before, c.after) for c in months.changes}
    assert changed["mine-7"] == ("完成数 3", "完成数 4")
    assert changed["chem-3"][0] == ""


def test_without_a_file_there_is_nothing_to_compare(tmp_path: Path) -> None:
    snapshot = see(tmp_path, FILES)
    assert compare(snapshot, "west", OCTOBER) == []
    (only,) = compare(snapshot, "east", date(2026, 9, 1))
    assert [c.before for c in only.changes] == [""]
