"""``standing.sql`` as a text: that its head, its steps and its comments are true; and files that stand, row by row."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations

import pytest
from many_worlds import cases

from tracker import merge, standing_sql
from tracker.merge import Stood, counting_files
from tracker.merge_tables import TABLES
from tracker.standing_sql import KEYS, TEXT, steps

SQL = TEXT.read_text(encoding="utf-8")


def names(columns: str) -> list[str]:
    """The columns of a list, without their types."""
    return [column.split()[0] for column in columns.split(",")]


def used_in(text: str) -> set[str]:
    """The tables and steps that a step reads."""
    return set(re.findall(r"\b(?:from|join) (\w+)", text))


@pytest.fixture
def base() -> Iterator[sqlite3.Connection]:
    """Every step run on nothing."""
    with standing_sql.opened() as tables:
        for name in TABLES:
            tables.fill(name, [])
        tables.run("standing")
        yield tables.base


# --- the text ---


def test_the_head_of_the_text_names_the_tables_that_are_filled() -> None:
    head = SQL.partition("create temporary view")[0]
    listed = re.search(r"What goes in:\n--\n(.*?)\n--\n", head, re.DOTALL)
    assert listed is not None
    said: dict[str, str] = {}
    for line in listed[1].splitlines():
        name, columns = re.fullmatch(r"-- (\w*) +(.*)", line).groups()  # type: ignore[union-attr]
        last = name or next(reversed(said))
        said[last] = said.get(last, "") + columns
    plain = {name: re.findall(r"\w+", re.sub(r"\([^)]*\)", "", columns)) for name, columns in said.items()}
    assert plain == {name: names(columns) for name, columns in TABLES.items()}


def test_every_step_is_found_in_the_text() -> None:
    assert list(steps()) == re.findall(r"create\s+\w+\s+view\s+(\w+)", SQL)
    assert [*steps()][-1] == "standing"


def test_every_step_has_a_comment_before_it() -> None:
    before = re.findall(r"(.*)\ncreate temporary view (\w+)", SQL)
    assert [name for line, name in before if not line.startswith("-- ")] == []
    assert len(before) == len(steps())


def test_every_step_and_every_table_is_read_by_a_later_step() -> None:
    later: set[str] = set()
    for name, text in reversed(list(steps().items())):
        assert name in later or name == "standing"
        later |= used_in(text)
    assert later >= TABLES.keys()
    assert later <= TABLES.keys() | steps().keys() | {"ranked", "ruled", "latest", "newest", "last_word", "sums"}


def test_a_step_reads_only_what_is_before_it() -> None:
    known = set(TABLES)
    for name, text in steps().items():
        assert not used_in(text) & (steps().keys() - known)
        known.add(name)


def test_what_is_read_from_the_last_step_is_there(base: sqlite3.Connection) -> None:
    found = base.execute("select * from standing")
    assert {column[0] for column in found.description} >= set(Stood._fields)
    assert found.fetchall() == []


def test_every_key_is_of_a_table_or_step_that_has_such_columns(base: sqlite3.Connection) -> None:
    for name, columns in KEYS.items():
        found = {column[0] for column in base.execute(f"select * from {name}").description}  # noqa: S608 - names of our own
        assert found >= {column.strip() for column in columns.split(",")}


def test_keys_change_nothing_but_the_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds = cases(12)

    def stood() -> list[list[Stood]]:
        return [
            merge.stood(w.programme, w.occurrences, w.filed, w.rulings, w.clocks, w.closing)
            for w in worlds
            if len(w.occurrences) < 40
        ]

    keyed = stood()
    monkeypatch.setattr(standing_sql, "KEYS", {})
    assert stood() == keyed
    assert len(keyed) > 1


# --- files that stand ---

CLOCK = ("city", 100, 90, 1000, 0, 10)
"""Day 100, in the month that begins on day 90; known up to moment 1000."""


def version(file: int, **said: object) -> Sequence[object]:
    """A row of ``version``: by itself the first version of east for the month that begins on day 90, moment 10."""
    plain: dict[str, object] = {
        "file": file,
        "programme": "city",
        "path": f"month/{file}.toml",
        "name": f"{file}.toml",
        "digest": f"d{file}",
        "unit": "east",
        "month": 90,
        "month_end": 119,
        "number": 1,
        "received": 10,
        "is_unchanged": 0,
    }
    return list({**plain, **said}.values())


def ruling(r: int, kind: str, file: int, **said: object) -> Sequence[object]:
    """A row of ``ruling`` on a file of ``version``, made at moment 20."""
    plain: dict[str, object] = dict.fromkeys(names(TABLES["ruling"]))
    plain |= {"r": r, "programme": "city", "unit": "east", "kind": kind, "at": 20, "month": 90}
    plain |= {"path": f"month/{file}.toml", "name": f"{file}.toml"}
    return list({**plain, **said}.values())


def stand(
    versions: Iterable[Sequence[object]],
    rulings: Iterable[Sequence[object]] = (),
    speaks: Mapping[int, Sequence[str]] | None = None,
) -> list[int]:
    """The files that stand; without ``speaks`` each speaks for the one plan."""
    rows = list(versions)
    plans = speaks if speaks is not None else {row[0]: ("mine",) for row in rows}
    return counting_files(CLOCK, rows, [(file, plan) for file, of in plans.items() for plan in of], rulings)


def test_of_no_files_none_stand() -> None:
    assert stand([]) == []
    assert stand([], [ruling(1, "return", 1)]) == []


def test_the_highest_number_stands_then_the_latest_receipt_then_the_path_and_the_content() -> None:
    several = [
        version(1, number=2, received=10),
        version(2, number=10, received=5, path="month/8.toml"),
        version(3, number=10, received=6),
        version(4, number=10, received=6, path="month/9.toml"),
        version(5, number=10, received=6, path="month/9.toml", digest="z"),
    ]
    for several_in_order in permutations(several):
        assert stand(several_in_order) == [5]
    assert [stand(several[:n]) for n in range(1, 6)] == [[1], [2], [3], [4], [5]]


def test_files_come_in_the_order_of_months_units_and_files() -> None:
    several = [
        version(9, unit="east"),
        version(8, unit="west"),
        version(7, unit="west", month=60),
        version(6, unit="bureau"),
    ]
    assert stand(several) == [7, 6, 9, 8]


def test_what_was_not_known_or_is_of_a_later_month_does_not_stand() -> None:
    assert stand([version(1), version(2, number=2, received=1001)]) == [1]
    assert stand([version(1), version(2, number=2, received=1000)]) == [2]
    assert stand([version(1, month=91)]) == []


def test_what_is_of_another_programme_does_not_stand() -> None:
    assert stand([version(1), version(2, number=2, programme="elsewhere")]) == [1]


def test_a_file_for_two_plans_is_there_once_and_a_part_takes_the_place_of_its_own_plan_alone() -> None:
    several = [version(1), version(2, number=2)]
    assert stand(several, speaks={1: ("mine", "chem"), 2: ("mine",)}) == [1, 2]
    assert stand(several, speaks={1: ("mine",), 2: ("mine", "chem")}) == [2]
    assert stand(several, speaks={1: ("mine",), 2: ()}) == [1]


@pytest.mark.parametrize(
    ("rulings", "standing"),
    [
        ([ruling(1, "return", 2)], [1]),
        ([ruling(1, "withdraw", 2)], [1]),
        ([ruling(1, "return", 2), ruling(2, "return", 1)], []),
        ([ruling(1, "return", 2), ruling(2, "accept", 2)], [2]),
        ([ruling(2, "return", 2), ruling(1, "accept", 2)], [1]),
        ([ruling(1, "return", 2, sha256="d2")], [1]),
        ([ruling(1, "return", 2, sha256="other")], [2]),
        ([ruling(1, "return", 2), ruling(2, "accept", 2, sha256="other")], [1]),
        ([ruling(1, "return", 2, at=1001)], [2]),
        ([ruling(1, "return", 2, at=1000)], [1]),
        ([ruling(1, "return", 2, at=1)], [1]),
        ([ruling(1, "return", 2, month=91)], [2]),
        ([ruling(1, "return", 2, item="mine-1")], [2]),
        ([ruling(1, "verify", 2)], [2]),
        ([ruling(1, "return", 2, programme="elsewhere")], [2]),
        ([ruling(1, "return", 2, path="another/2.toml")], [2]),
        ([ruling(1, "return", 2, path=None)], [2]),
    ],
)
def test_a_file_that_the_last_ruling_on_it_sent_back_does_not_stand(
    rulings: list[Sequence[object]], standing: list[int]
) -> None:
    """A ruling made before a file came counts for it: that file is the one that is meant."""
    assert stand([version(1), version(2, number=2)], rulings) == standing
    assert stand([version(1), version(2, number=2)], reversed(rulings)) == standing
