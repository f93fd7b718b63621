"""Who has not sent any: by when, by how much late, and in words for a chat."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import tiny
from arrivals import BROKEN, EAST, GOING, NOW, SECOND, WEST, entry, one_in, see, take_in
from tiny import CHINA, LATER, OCTOBER, build, decision, head

from tracker.chasing import group_text, missing, waiting_row
from tracker.cli import main

TODAY = date(2026, 10, 31)


def status(root: Path, today: date = TODAY, known_by: datetime = LATER) -> dict[str, tuple[str, int, int]]:
    found = missing(see(root, known_by), OCTOBER, today)
    return {w.reported.unit.id: (w.reported.status, w.held, w.returned) for w in found}


def test_who_has_not_sent_is_told_by_when_and_then_by_how_much_it_is_late(root: Path) -> None:
    early = datetime(2026, 10, 31, 9, tzinfo=CHINA)
    found = missing(see(root, early), OCTOBER, TODAY)
    assert [w.text for w in found][:2] == [
        "东山县：10月份月报还没有收到，请于11月2日前报送（还有 2 天）。",
        "西湖高新区：10月份月报还没有收到，请于11月2日前报送（还有 2 天）。",
    ]
    assert [w.reported.status for w in found] == ["awaited"] * 3
    assert group_text(found, OCTOBER) == "10月份月报还差 3 家：东山县、高新区、市局，请抓紧报送。"
    late = missing(see(root), OCTOBER, date(2026, 11, 5))
    assert late[0].text == "东山县：10月份月报还没有收到，应于11月2日报送，已超过 3 天。"
    assert waiting_row(late[0]) == {
        "unit": "east", "unit_name": "东山县", "status": "missing", "held": 0, "returned": 0, "days_left": -3,
        "text": late[0].text,
    }  # fmt: skip


def test_who_has_sent_and_all_is_well_is_not_waited_for(root: Path) -> None:
    take_in(root, {"a": EAST, "b": WEST, "c": head("bureau")})
    assert missing(see(root), OCTOBER, TODAY) == []
    assert group_text([], OCTOBER) == "10月份月报已收齐。"


def test_entries_held_are_said_differently_from_a_file_that_did_not_come(root: Path) -> None:
    take_in(root, {"a": EAST + entry("chem-77") + entry("chem-78"), "b": WEST})
    found = missing(see(root), OCTOBER, TODAY)
    assert {w.reported.unit.id: (w.reported.status, w.held) for w in found} == {
        "east": ("on-time", 2),
        "bureau": ("missing", 0),
    }
    assert (
        found[0].text == "东山县：10月份月报已收到，其中 2 条没有通过检查，请改后补报，请于11月2日前报送（还有 2 天）。"
    )
    assert group_text(found, OCTOBER) == "10月份月报还差 1 家：市局；要改后补报 1 家：东山县，请抓紧报送。"
    after = missing(see(root), OCTOBER, date(2026, 11, 9))
    assert after[0].text == "东山县：10月份月报已收到，其中 2 条没有通过检查，请改后补报。"
    # The next version puts it right.
    one_in(root, SECOND)
    assert set(status(root)) == {"bureau"}


def test_entries_held_in_a_part_count_though_another_part_came_later(root: Path) -> None:
    mine, chem = (head(more=f'part = ["{plan}"]\n') for plan in ("mine", "chem"))
    take_in(root, {"a": mine + entry("mine-77"), "b": chem + entry("chem-1"), "c": WEST, "d": head("bureau")})
    assert status(root) == {"east": ("on-time", 1, 0)}


def test_a_file_that_was_held_is_no_silence(root: Path) -> None:
    take_in(root, {"a": BROKEN, "b": EAST, "c": WEST, "d": head("bureau", "2026-09")})
    found = missing(see(root), OCTOBER, TODAY)
    assert [(w.reported.unit.id, w.reported.status) for w in found] == [("bureau", "held")]
    assert (
        found[0].text == "市应急管理局：10月份月报收到的文件没有通过检查，请改后重报，请于11月2日前报送（还有 2 天）。"
    )
    # As known before it came, nothing had come.
    assert status(root, known_by=NOW - timedelta(days=1))["bureau"][0] == "awaited"
    # A later file that cannot be read waits for its correction though an earlier one counts.
    one_in(root, BROKEN.replace("bureau", "east"), now=NOW + timedelta(hours=1))
    assert status(root)["east"][0] == "held"
    one_in(root, SECOND, now=NOW + timedelta(hours=2))
    one_in(root, head("bureau"), now=NOW + timedelta(hours=2))
    assert status(root) == {}


def test_a_file_held_whole_in_its_months_folder_or_sent_back_is_waited_for(root: Path) -> None:
    back = decision("return", "west", "2026-11-03T09:00:00+08:00", 'file = "west.toml"')
    item = decision("return", "bureau", "2026-11-03T09:00:00+08:00", 'item = "chem-1"')
    take_in(
        root,
        {"a": WEST, "b": head("bureau") + entry("chem-1", GOING + "done = 3\n"), "c": BROKEN.replace("bureau", "west")},
    )
    build(root, {"2026-10/east.toml": BROKEN.replace("bureau", "east"), "2026-10/decisions.toml": back + item})
    found = {w.reported.unit.id: w for w in missing(see(root), OCTOBER, TODAY)}
    assert {unit: (w.reported.status, w.held, w.returned) for unit, w in found.items()} == {
        "east": ("held", 0, 0), "west": ("returned", 0, 1), "bureau": ("on-time", 0, 1),
    }  # fmt: skip
    assert "已退回，请改后重报" in found["west"].text
    assert "已收到，其中 1 条被退回，请改后补报" in found["bureau"].text


def test_a_snapshot_alone_and_a_list_that_cannot_be_read_are_enough(root: Path) -> None:
    records = '[[held]]\nunit = "east"\n[[held]]\nunit = "west"\nreceived = 2026-11-02T09:00:00\n'
    build(root, {"2026-10/held/held.toml": records})
    assert [w.reported.status for w in missing(see(root), OCTOBER, TODAY)] == ["missing"] * 3


def test_texts_are_short_enough_for_a_chat(tmp_path: Path) -> None:
    long = "第一二三四五六七八九十经济技术开发区" * 7
    units = "".join(
        f'[[unit]]\nid = "u{n}"\nname = "{long}{n}"\nshort = "第{n}经济技术开发区"\nlevel = "zone"\n' for n in range(20)
    )
    build(tmp_path, plans={"programme.toml": tiny.PROGRAMME.replace("[[report]]", f"{units}[[report]]")})
    found = missing(see(tmp_path), OCTOBER, TODAY)
    assert max(len(w.text) for w in found) == 120
    assert group_text(found, OCTOBER) == "10月份月报还差 23 家，请抓紧报送。"


def test_without_a_monthly_rule_nobody_is_told_a_day(tmp_path: Path) -> None:
    build(tmp_path, plans={"programme.toml": tiny.PROGRAMME.split("[[report]]")[0]})
    found = missing(see(tmp_path), OCTOBER, TODAY)
    assert [w.days_left for w in found] == [None] * 3
    assert found[0].text == "东山县：10月份月报还没有收到。"


def test_missing_ends_with_1_when_somebody_is_and_prints_the_texts(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take_in(root, {"a": EAST, "b": WEST})
    capsys.readouterr()
    assert main(["missing", "--month", "2026-10"], NOW, root) == 1
    assert "10月份月报还差 1 家：市局，请抓紧报送。" in capsys.readouterr().out
    assert main(["missing", "--month", "2026-10", "--json"], NOW, root) == 1
    assert [r["unit"] for r in json.loads(capsys.readouterr().out)] == ["bureau"]
    one_in(root, head("bureau"))
    assert main(["missing", "--month", "2026-10"], NOW, root) == 0
