"""The opening from a ledger: what becomes an entry, and how everything else is named."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import GOING, HEADINGS, read, reasons, updates
from tiny import checked, see

from tracker.ledger.openings import write_openings
from tracker.submissions import Context
from tracker.workspace import Workspace


def test_a_row_becomes_an_entry_of_an_opening_file_that_passes_every_check(context: Context) -> None:
    result = read(
        context,
        {
            "unit": "东山县",
            "id": "chem-3",
            "state": "已办结",
            "done_on": datetime(2026, 7, 20),  # noqa: DTZ001 - Excel knows no zones
            "evidence": "报告一、报告二",
            "verified_on": "2026.7.21",
            "note": "第一批",
        },
        {"unit": "高新", "id": "mine-7", "state": "×", "done": 9, "total": 14.0, "cause": "—", "note": 3.0},
    )
    assert (result.entries, result.unmatched, result.problems, result.passed_over) == (2, (), (), ())
    text = result.openings["east"]
    assert text.split("\n")[:2] == [
        "#:schema ../submission.schema.json",
        "# 由现有台账生成：每条上面写着来自哪一行。请核对。",
    ]
    assert "# 台账 2　化工 3　安全评估\n[[update]]\n" in text
    assert tomllib.loads(text) == {
        "unit": "east",
        "month": "2026-07",
        "prepared_by": "王某",
        "checked_by": "李某",
        "approved_by": "赵某",
        "opening": True,
        "update": [
            {
                "item": "chem-3",
                "state": "已完成",
                "done_on": date(2026, 7, 20),
                "evidence": ["报告一", "报告二"],
                "verified_on": date(2026, 7, 21),
                "note": "第一批",
            }
        ],
    }
    assert updates(result, "west") == [
        {"item": "mine-7", "state": "推进中", "done": 9, "total": 14, "note": "3"},
    ]
    for opening in result.openings.values():
        submission, problems = checked(opening, context)
        assert problems == []
        assert submission is not None
        assert len(submission.updates) == 1


def test_entries_come_in_the_order_of_the_plans_and_the_same_twice_is_once(context: Context) -> None:
    result = read(
        context,
        {**GOING, "id": "chem-3"},
        {**GOING, "id": "mine-2", "period": "2026-07"},
        {**GOING, "id": "mine-1"},
        {**GOING, "id": "chem-3"},
        {**GOING, "id": "mine-2@2026-06"},
    )
    assert [u["item"] for u in updates(result)] == ["mine-1", "mine-2@2026-06", "mine-2@2026-07", "chem-3"]
    assert result.entries == 4


def test_nobodys_words_break_out_of_their_place(context: Context) -> None:
    nasty = 'x"""\n[[update]]\nitem = "chem-3"\u2028\u202e\x85'
    result = read(context, {**GOING, "id": "mine-1", "note": nasty}, {**GOING, "id": nasty})
    [update] = tomllib.loads(result.openings["east"])["update"]
    assert update == {"item": "mine-1", "state": "推进中", "note": nasty.strip()}
    assert "\n" not in result.unmatched[0].words
    assert result.unmatched[0].words.startswith("台账 第 3 行（东山县 x")
    assert checked(result.openings["east"], context)[1] == []


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"state": "已办结", "done_on": "2026-05-31"}, "已完成"),
        ({"state": "√", "done_on": "2026-05-31"}, "已完成"),
        ({"state": "×"}, "推进中"),
        ({"state": "blocked"}, "受阻"),
        ({"state": " 未 启动 "}, "未启动"),
        ({"done_on": "2026-05-31"}, "已完成"),
    ],
)
def test_a_state_goes_by_the_offices_words_or_ours(context: Context, cells: dict[str, Any], state: str) -> None:
    [update] = updates(read(context, {"unit": "east", "id": "mine-1", **cells}))
    assert update["state"] == state


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"state": "已办理"}, "状态“已办理”看不懂。您是不是想写“已办结”？"),
        ({"state": "滞后"}, "状态“滞后”看不懂。请在对应文件的 [states] 里写明。"),
        ({"state": "/", "note": "无"}, "没有写状态。"),
        ({"state": "done"}, "已完成要写完成日期。"),
        ({"state": "done", "done_on": "2026-08-01"}, "完成日期在本月之后。"),
        ({"state": "推进中", "done_on": "2026-05-01"}, "写了完成日期，状态却不是已完成。"),
        ({"state": "推进中", "promised_on": "2026-05-01"}, "预计完成日期已经过去。"),
    ],
)
def test_what_no_check_would_let_pass_is_named(context: Context, cells: dict[str, Any], reason: str) -> None:
    assert reasons(read(context, {"unit": "east", "id": "mine-1", "note": "-", **cells})) == [f"2 {reason}"]


def test_all_other_words_are_taken_as_they_are(context: Context) -> None:
    words = {"cause": "资金没有到位", "measure": "列入预算", "waiting_on": "省厅", "promised_on": "2026年12月20日"}
    [update] = updates(read(context, {"unit": "east", "id": "mine-1", "state": "受阻", **words}))
    assert update == {
        "item": "mine-1",
        "state": "受阻",
        "cause": "资金没有到位",
        "measure": "列入预算",
        "waiting_on": "省厅",
        "promised_on": date(2026, 12, 20),
    }


def test_of_an_item_written_twice_with_different_words_neither_counts(context: Context) -> None:
    result = read(
        context, {**GOING, "id": "mine-1"}, {**GOING, "id": "mine-1", "note": "又"}, {**GOING, "id": "chem-3"}
    )
    assert reasons(result) == [f"{row} mine-1 写了几次，说法不同：台账 2、台账 3。请只留一行。" for row in (2, 3)]
    assert [u["item"] for u in tomllib.loads(result.openings["east"])["update"]] == ["chem-3"]


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 30)),  # noqa: DTZ001
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12),
    st.sampled_from(
        ["east", "东山县、高新区", "mine-1", "mine-2", "矿山", "推进中", "done", "2026.5.31", "2026-07", "7", "="]
    ),
)


@settings(max_examples=150, deadline=None)
@given(given=st.lists(st.dictionaries(st.sampled_from(list(HEADINGS)), ANYTHING), max_size=4))
def test_no_cell_makes_it_raise_and_what_it_gives_passes(context: Context, given: list[dict[str, Any]]) -> None:
    result = read(context, *given)
    for text in result.openings.values():
        submission, problems = checked(text, context)
        assert [p for p in problems if p.holds] == []
        assert submission is not None
    for one in result.unmatched:
        assert one.reason


def test_openings_are_written_once_and_never_over_what_is_there(tmp_path: Path, context: Context) -> None:
    snapshot = see(tmp_path, {"opening/west.toml": "# 原有的"})
    workspace, programme = Workspace(tmp_path), snapshot.programme
    result = read(context, {"unit": "东山县、高新区", "id": "mine-1", "state": "推进中"})
    folder = workspace.status("city") / "opening"
    assert write_openings(workspace, programme, result) == ([folder / "east.toml"], [folder / "west.toml"])
    assert (folder / "west.toml").read_text(encoding="utf-8") == "# 原有的"
    assert (folder / "east.toml").read_bytes() == result.openings["east"].encode()
    assert write_openings(workspace, programme, result)[0] == []
    assert sorted(p.name for p in folder.iterdir()) == ["east.toml", "west.toml"]


def test_what_was_written_is_where_the_books_begin(tmp_path: Path, context: Context) -> None:
    result = read(context, {"unit": "东山县", "id": "mine-1", "state": "已办结", "done_on": "2026.5.31"})
    write_openings(Workspace(tmp_path), see(tmp_path).programme, result)
    snapshot = see(tmp_path)
    assert snapshot.problems == ()
    assert snapshot.by_key["east", "mine-1"].is_done
