"""核对稿: what the bulletin will say of a unit; and the bulletin without what a county objected to."""

from pathlib import Path

import pytest
from tiny import PROGRAMME, decision, head, receipt, see

from tracker.figures import figures
from tracker.filters import Filter
from tracker.reports.as_markdown import write
from tracker.reports.bulletin import bulletin
from tracker.reports.document import Paragraph, Table
from tracker.reports.draft import draft
from tracker.snapshot import Snapshot
from tracker.views import contested, named, overdue

AT = "2026-11-03T09:00:00+08:00"
EAST = (
    head()
    + '[[update]]\nitem = "mine-2@2026-10"\nstate = "已完成"\ndone_on = 2026-10-20\n'
    + '[[update]]\nitem = "mine-1"\nstate = "推进中"\n'
    + 'cause = "名单没有定"\nmeasure = "限期公布"\npromised_on = 2026-11-30\n'
)
FILES = {
    "2026-10/east.toml": EAST,
    "2026-10/receipts.toml": receipt("east.toml", EAST, "2026-11-02T10:00:00+08:00"),
}
OBJECTED = decision("object", "east", AT, 'item = "mine-1"')
ANSWERED = decision("answer", "east", "2026-11-04T09:00:00+08:00", 'item = "mine-1"\ngranted = false')
SENTENCE = "对核对稿提出异议"


def judged(tmp_path: Path, *rulings: str) -> Snapshot:
    return see(tmp_path, {**FILES, "2026-10/decisions.toml": "".join(rulings)})


def words(snapshot: Snapshot, unit: str = "east") -> str:
    return "\n".join(block.text for block in draft(snapshot, unit).body if isinstance(block, Paragraph))


def rows(snapshot: Snapshot, unit: str = "east") -> list[tuple[str, ...]]:
    [annex] = draft(snapshot, unit).annexes
    [table] = annex.blocks
    assert isinstance(table, Table)
    return list(table.rows)


def test_the_units_figures_are_those_of_every_other_paper(tmp_path: Path) -> None:
    snapshot = judged(tmp_path)
    own = [s for s in snapshot.standings if s.occurrence.unit == "east"]
    f = figures(own, snapshot.clocks.as_of)
    assert f.late == len(overdue(snapshot, Filter(unit="east"))) == len(rows(snapshot))
    said = words(snapshot)
    assert f"应完成 {f.owed} 项，已完成 {f.done} 项，其中核实销号 {f.verified} 项" in said
    assert f"逾期 {f.late} 项" in said
    assert "当月月报：按时报送" in said
    assert "2026年10月份" in said
    assert "2026年10月31日" in said


def test_each_late_item_stands_with_its_words_its_day_and_room_for_an_answer(tmp_path: Path) -> None:
    found = rows(judged(tmp_path))
    assert [row[0] for row in found] == [str(n) for n in range(1, len(found) + 1)]
    [mine] = [row for row in found if "公布包保名单" in row[2]]
    assert (mine[1], mine[3], mine[5:]) == ("矿山", "9月底前", ("31", "逾期", ""))
    days = [int(row[5]) for row in found]
    assert days == sorted(days, reverse=True)


def test_it_is_a_letter_to_one_unit_about_nobody_else(tmp_path: Path) -> None:
    found = draft(judged(tmp_path), "west")
    assert (found.addressee, found.form) == ("西湖高新区：", "letter")
    assert "核对2026年10月份通报内容" in found.title
    assert "当月月报：未报" in words(judged(tmp_path), "west")
    text = write(found).decode()
    assert "东山县" not in text
    assert "mine-" not in text


def test_a_unit_with_nothing_late_is_told_so(tmp_path: Path) -> None:
    waived = "".join(
        decision("waive", "east", AT, f'item = "{item}"\nground = "终止"') for item in ("mine-1", "mine-2")
    )
    snapshot = judged(tmp_path, waived)
    assert rows(snapshot) == []
    assert "没有拟通报的逾期事项" in write(draft(snapshot, "east")).decode()


def test_a_unit_that_is_not_asked_to_report_is_not_called_missing(tmp_path: Path) -> None:
    asked = PROGRAMME.replace("[[report]]", '[[report]]\nunits = ["east"]')
    snapshot = see(tmp_path, FILES, plans={"programme.toml": asked})
    assert "当月月报：不要求报送" in words(snapshot, "west")


def test_an_objection_is_noted_in_its_line_until_it_is_ruled_on(tmp_path: Path) -> None:
    def answer(snapshot: Snapshot) -> str:
        return next(row[-1] for row in rows(snapshot) if "公布包保名单" in row[2])

    assert answer(judged(tmp_path, OBJECTED)) == "已提出异议，正在核对"
    assert answer(judged(tmp_path, OBJECTED, ANSWERED)) == ""
    assert len(rows(judged(tmp_path, OBJECTED))) == len(rows(judged(tmp_path)))


def test_nobody_is_named_on_what_is_contested_and_the_bulletin_says_how_many(tmp_path: Path) -> None:
    plain, open_ = judged(tmp_path / "a"), judged(tmp_path / "b", OBJECTED)
    assert contested(plain) == frozenset()
    assert contested(open_) == {("east", "mine-1")}
    before, now = (write(bulletin(s)).decode() for s in (plain, open_))
    assert SENTENCE not in before
    assert f"另有 1 项有关单位{SENTENCE}" in now
    assert "公布包保名单" in before
    # The other county's line stays.
    listed = [line for line in now.splitlines() if "公布包保名单" in line and line.startswith("|")]
    assert listed
    assert not any("东山县" in line for line in listed)
    every, left = (figures(s.standings, s.clocks.as_of) for s in (open_, named(open_)))
    assert (left.late, left.owed) == (every.late - 1, every.owed - 1)
    assert f"应完成事项 {left.owed} 项" in now
    assert f"应完成事项 {every.owed} 项" in before


def test_once_ruled_on_it_is_named_again(tmp_path: Path) -> None:
    snapshot = judged(tmp_path, OBJECTED, ANSWERED)
    assert contested(snapshot) == frozenset()
    assert named(snapshot) is snapshot
    text = write(bulletin(snapshot)).decode()
    assert SENTENCE not in text
    assert text == write(bulletin(judged(tmp_path / "b"))).decode()


@pytest.mark.parametrize("item", ["mine-2@2026-10", "mine-7"])
def test_an_objection_to_what_is_not_late_leaves_nothing_out(tmp_path: Path, item: str) -> None:
    snapshot = judged(tmp_path, decision("object", "east", AT, f'item = "{item}"'))
    assert contested(snapshot) == {("east", item)}
    assert named(snapshot).standings == snapshot.standings
    assert SENTENCE not in write(bulletin(snapshot)).decode()


def test_an_objection_of_a_later_month_says_nothing_of_this_one(tmp_path: Path) -> None:
    late = {**FILES, "2026-11/decisions.toml": OBJECTED}
    assert contested(see(tmp_path, late)) == frozenset()
    early = {**FILES, "2026-09/decisions.toml": OBJECTED}
    assert contested(see(tmp_path / "b", early)) == {("east", "mine-1")}
