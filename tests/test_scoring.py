"""Every rule of scoring, on hand-computed sheets, and properties that hold of all."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from checklisted import checklist
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.checklists import Checklist
from tracker.plan_files import load
from tracker.scoring import Score, otherwise, score, way_back, without, words

ROOT = Path(__file__).parent.parent


def annex() -> Checklist:
    """The mine plan's annex."""
    programme, problems = load(ROOT / "plans", "liaocheng")
    assert programme is not None
    assert problems == []
    return programme.checklist("mine-checklist")


ANNEX = annex()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Checklist:
    return checklist(tmp_path_factory.mktemp("tiny"))


def total(list_: Checklist, counts: Mapping[str, int]) -> str:
    return words(score(list_, counts).total)


def by_content(result: Score) -> dict[str, str]:
    return {c.content.id: words(c.score) for i in result.indicators for c in i.contents}


def test_all_clean_is_100_and_passes() -> None:
    clean = score(ANNEX, {})
    assert clean.total == 100
    assert clean.is_passed
    assert not clean.losses
    assert [words(i.score) for i in clean.indicators] == ["20", "15", "5", "25", "25", "10"]


@pytest.mark.parametrize("name", list(ANNEX.deductions))
def test_each_deduction_once_takes_its_points(name: str) -> None:
    points = Decimal(str(ANNEX.deductions[name].points))
    result = score(ANNEX, {name: 1})
    assert result.total == 100 - points
    assert [(loss.id, loss.count, loss.asked, loss.taken) for loss in result.losses] == [(name, 1, points, points)]


@pytest.mark.parametrize("name", [n for n, d in ANNEX.deductions.items() if d.per is None])
def test_what_is_taken_once_is_taken_once(name: str) -> None:
    assert score(ANNEX, {name: 7}).total == score(ANNEX, {name: 1}).total


@pytest.mark.parametrize("content", list(ANNEX.contents), ids=lambda c: c.id)
def test_each_content_stops_at_zero(content: object) -> None:
    found = next(c for c in ANNEX.contents if c is content)
    result = score(ANNEX, {d.id: 100 for d in found.deduction})
    lost = sum((loss.taken for loss in result.losses), Decimal(0))
    most = sum(d.points * (100 if d.per else 1) for d in found.deduction)
    assert lost == min(Decimal(str(found.points)), Decimal(str(most)))
    assert by_content(result)[found.id] == words(Decimal(str(found.points)) - lost)
    assert result.total == 100 - lost


def test_points_asked_beyond_the_item_are_shown_and_not_taken() -> None:
    result = score(ANNEX, {"4.2.1": 3, "4.2.2": 4})
    assert [(loss.id, words(loss.asked), words(loss.taken)) for loss in result.losses] == [
        ("4.2.1", "3", "3"),
        ("4.2.2", "4", "2"),
    ]


VETOES = [
    # condition, score as read, passed, then the score and the pass under each reading that changes it.
    ("1.3.B", "92", True, {"B级带※": ("92", False)}),
    ("1.3.A", "85", True, {"A级带※": ("85", False), "只从本项扣": ("87", True)}),
    ("2.1.B1", "97", True, {"B级带※": ("97", False), "两条都有才否决": ("100", True)}),
    ("2.1.B2", "97", True, {"B级带※": ("97", False), "两条都有才否决": ("100", True)}),
    ("3.1.B", "98", True, {"B级带※": ("98", False)}),
    ("3.1.A", "95", True, {"A级带※": ("95", False)}),
    ("4.1.B1", "80", True, {"B级带※": ("80", False), "两条都有才否决": ("100", True)}),
    ("4.1.B2", "80", True, {"B级带※": ("80", False), "两条都有才否决": ("100", True)}),
    ("4.2.B", "95", True, {"B级带※": ("95", False)}),
    ("5.1.A1", "90", True, {"A级带※": ("90", False)}),
    ("5.1.A2", "90", True, {"A级带※": ("90", False)}),
    ("5.2.A1", "85", True, {"A级带※": ("85", False), "只从本项扣": ("90", True), "两条都有才否决": ("100", True)}),
    ("5.2.A2", "85", True, {"A级带※": ("85", False), "只从本项扣": ("90", True), "两条都有才否决": ("100", True)}),
    ("5.3.B", "95", True, {"B级带※": ("95", False), "无方案按2分": ("98", True)}),
    ("5.3.A", "85", True, {"A级带※": ("85", False), "只从本项扣": ("95", True)}),
    ("6.2.A", "90", False, {"事故不带※": ("90", True), "事故按B级": ("98", False)}),
]


@pytest.mark.parametrize(("name", "points", "passed", "others"), VETOES, ids=[v[0] for v in VETOES])
def test_each_veto_under_every_reading(
    name: str, points: str, passed: bool, others: dict[str, tuple[str, bool]]
) -> None:
    result = score(ANNEX, {name: 1})
    assert (words(result.total), result.is_passed) == (points, passed)
    found = {o.reading.id: (words(o.score.total), o.score.is_passed) for o in otherwise(ANNEX, {name: 1})}
    assert found == others


def test_the_vetoes_tested_are_all_there_are() -> None:
    assert [v[0] for v in VETOES] == sorted(ANNEX.vetoes, key=[v[0] for v in VETOES].index)
    assert len(VETOES) == len(ANNEX.vetoes)


def test_two_conditions_of_one_veto_take_once_or_each() -> None:
    counts = {"5.1.A1": 1, "5.1.A2": 1}
    assert total(ANNEX, counts) == "90"
    found = {o.reading.id: words(o.score.total) for o in otherwise(ANNEX, counts)}
    assert found == {"A级带※": "90", "每条各扣一次": "80"}
    both = {"5.2.A1": 1, "5.2.A2": 1}
    # Two times 15 of the indicator's 25: it stops at zero.
    assert {o.reading.id: words(o.score.total) for o in otherwise(ANNEX, both)} == {
        "A级带※": "85", "只从本项扣": "90", "每条各扣一次": "75",
    }  # fmt: skip
    [once] = score(ANNEX, both).losses
    assert (once.id, once.findings, once.what) == (
        "5.2.A",
        ("5.2.A1", "5.2.A2"),
        "存在重大安全隐患；排查内容没有覆盖管控措施",
    )


def test_an_indicator_stops_at_zero_too() -> None:
    result = score(ANNEX, {"5.2.A1": 1, "5.3.A": 1})
    assert words(result.indicators[4].score) == "0"
    assert [(loss.id, words(loss.asked), words(loss.taken)) for loss in result.losses] == [
        ("5.2.A", "15", "15"),
        ("5.3.A", "15", "10"),
    ]


def test_a_veto_on_the_content_takes_beside_its_deductions() -> None:
    # 13 - 2 - 8 = 3 of 1.3, then 15 from the indicator's 2 + 5 + 3.
    result = score(ANNEX, {"1.3.4": 1, "1.3.B": 1, "1.3.A": 1})
    assert by_content(result)["1.3"] == "3"
    assert words(result.indicators[0].score) == "0"
    assert words(result.total) == "80"


def test_a_hand_computed_sheet() -> None:
    counts = {
        "1.1.1a": 1, "1.1.4": 3,           # 2 + 1.5 of 2 -> 0
        "1.2.2": 2,                        # 5 - 2 = 3
        "1.3.3": 4, "1.3.5": 2,            # 13 - 4 - 4 = 5 -> indicator 8
        "2.2.3a": 3, "2.2.3b": 2,          # 12 - 1.5 - 4 = 6.5, 2.1 3 -> 9.5
        "3.1.2": 5,                        # 5 - 2.5 = 2.5
        "4.1.1": 3, "4.1.5": 1,            # 20 - 6 - 2 = 12, 4.2 5 -> 17
        "5.2.4": 3,                        # 10 - 15 -> 0; 5.1 10, 5.3 5 -> 15
        "6.1.2": 2, "6.2.2": 1,            # 8 - 6 = 2; 2 - 2 = 0 -> 2
    }  # fmt: skip
    result = score(ANNEX, counts)
    assert [words(i.score) for i in result.indicators] == ["8", "9.5", "2.5", "17", "15", "2"]
    assert (words(result.total), result.is_passed) == ("54", False)


def test_the_pass_line_itself_passes_and_tenths_stay_tenths(tiny: Checklist) -> None:
    assert score(tiny, {"2.1.1": 2, "1.2.1": 2}).is_passed
    assert not score(tiny, {"2.1.1": 2, "1.2.1": 2, "1.1.3": 1}).is_passed
    assert words(score(tiny, {"1.1.3": 3}).total) == "29.7"
    assert score(tiny, {"1.1.3": 100}).is_passed  # 30 - 10, exactly 20


def test_what_the_checklist_does_not_have_and_numbers_below_zero_count_nothing(tiny: Checklist) -> None:
    assert total(tiny, {"9.9": 4, "1.1.1": -3, "1.1.B": -1}) == "30"


def test_a_fatal_veto_fails_whatever_the_points(tiny: Checklist) -> None:
    result = score(tiny, {"2.1.A": 1})
    assert (words(result.total), result.is_passed, [v.id for v in result.fatal]) == ("20", False, ["2.1.A"])


# --- what if, and the way back ---


def test_closing_gives_back_the_points(tiny: Checklist) -> None:
    counts = {"1.1.1": 2, "1.2.1": 3}
    assert total(tiny, without(counts, ["1.1.1"])) == "27"
    assert total(tiny, without(counts, ["1.1.1", "1.2.1"])) == "30"


def test_a_passed_sheet_needs_no_way_back(tiny: Checklist) -> None:
    assert way_back(tiny, {"1.1.1": 1}) == ()


def test_the_way_back_is_one_large_finding_before_several_small(tiny: Checklist) -> None:
    # 30 - 4 (1.1.1) - 3 (1.1.2) - 5 (1.2.1) = 18.
    assert way_back(tiny, {"1.1.1": 2, "1.1.2": 1, "1.2.1": 5}) == ("1.2.1",)


def test_a_finding_beyond_the_floor_gives_nothing_back(tiny: Checklist) -> None:
    # 1.2 is used up three times over: only closing it whole gives 8, while 1.1.1 gives 4 of 12.
    counts = {"1.2.1": 24, "1.1.1": 2}
    assert total(tiny, counts) == "18"
    assert way_back(tiny, counts) == ("1.2.1",)


def test_what_is_fatal_comes_first_and_may_be_enough(tiny: Checklist) -> None:
    assert way_back(tiny, {"2.1.A": 1, "1.2.1": 5}) == ("2.1.A",)
    # 30 - 8 - 4 = 18 without the fatal one: one more.
    assert way_back(tiny, {"2.1.A": 1, "1.2.1": 8, "1.1.1": 2}) == ("1.2.1", "2.1.A")


def test_a_veto_with_two_conditions_is_closed_by_both_or_by_one(tiny: Checklist) -> None:
    counts = {"1.1.A1": 1, "1.1.A2": 1}
    assert way_back(tiny, counts) == ("1.1.A1", "1.1.A2")
    both, each = (tiny.read_otherwise(reading) for reading in tiny.reading[:2])
    assert way_back(both, counts) == ("1.1.A1",)
    # 30 - 30 of an indicator with 20: one closed leaves 5 + 10.
    assert way_back(each, counts) == ("1.1.A1", "1.1.A2")


def test_of_equal_ways_the_first_in_the_checklist_is_taken() -> None:
    counts = {"1.2.1": 1, "5.3.5": 1, "2.1.B1": 1, "4.1.B1": 1}
    assert total(ANNEX, counts) == "71"
    assert way_back(ANNEX, counts) == ("4.1.B1",)
    equal = {"5.2.A1": 1, "1.2.1": 1, "5.3.5": 1}
    assert total(ANNEX, equal) == "79"
    assert way_back(ANNEX, equal) == ("5.2.A1",)


def test_where_even_all_is_not_enough_all_is_named(tiny: Checklist) -> None:
    from dataclasses import replace

    strict = replace(tiny, checklist=replace(tiny.head, pass_mark=31))
    assert way_back(strict, {"1.2.1": 1, "1.1.1": 1}) == ("1.1.1", "1.2.1")


# --- properties ---

names = st.sampled_from(list(ANNEX.clauses))
findings = st.dictionaries(names, st.integers(1, 6), max_size=14)


@settings(max_examples=200, deadline=None)
@given(findings, names)
def test_closing_a_finding_never_lowers_the_score(counts: dict[str, int], name: str) -> None:
    before, after = score(ANNEX, counts), score(ANNEX, without(counts, [name]))
    assert after.total >= before.total
    assert after.is_passed or not before.is_passed


@settings(max_examples=100, deadline=None)
@given(findings, st.randoms(use_true_random=False))
def test_the_order_of_findings_never_matters(counts: dict[str, int], random: Random) -> None:
    shuffled = dict(random.sample(list(counts.items()), len(counts)))
    assert score(ANNEX, shuffled) == score(ANNEX, counts)
    assert way_back(ANNEX, shuffled) == way_back(ANNEX, counts)


@settings(max_examples=200, deadline=None)
@given(findings)
def test_what_is_lost_is_what_is_missing_from_full(counts: dict[str, int]) -> None:
    result = score(ANNEX, counts)
    assert result.total + sum((loss.taken for loss in result.losses), Decimal(0)) == 100
    assert all(0 <= i.score <= Decimal(str(i.indicator.points)) for i in result.indicators)
    assert all(0 <= loss.taken <= loss.asked for loss in result.losses)


def best(list_: Checklist, counts: Mapping[str, int], size: int) -> Decimal | None:
    """The most that any so many findings give, of those that pass; by trying all."""
    passing: Iterable[Score] = (score(list_, without(counts, chosen)) for chosen in combinations(counts, size))
    return max((s.total for s in passing if s.is_passed), default=None)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_other_way_back_is_shorter_or_of_equal_length_and_better(data: st.DataObject, tiny: Checklist) -> None:
    list_ = data.draw(st.sampled_from([tiny, *(tiny.read_otherwise(r) for r in tiny.reading)]))
    counts = data.draw(st.dictionaries(st.sampled_from(list(tiny.clauses)), st.integers(1, 9), max_size=7))
    way = way_back(list_, counts)
    result = score(list_, without(counts, way))
    assert result.is_passed
    assert set(way) <= set(counts)
    assert all(best(list_, counts, size) is None for size in range(len(way)))
    assert best(list_, counts, len(way)) == result.total
