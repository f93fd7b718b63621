"""Dataclasses as JSON and back: everything that the index keeps comes back as it was, and nothing else comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import CHINA

from tracker.codec import LATER, Patient, dumps, loads


@dataclass(frozen=True)
class Inner:
    """One field alone."""

    on: date


@dataclass(frozen=True)
class Outer:
    """A field of every kind."""

    name: str
    number: int | float | None
    kind: Literal["a", "b"]
    inner: Inner | None = None
    several: tuple[Inner, ...] = ()
    words: tuple[str, ...] = ()
    at: datetime = datetime(2026, 1, 1, tzinfo=CHINA)
    days: Mapping[int, Mapping[date, tuple[bool, date]]] = field(default_factory=dict)
    more: dict[str, int | float] = field(default_factory=dict)
    last: bool = False


@dataclass(frozen=True)
class Long(Patient):
    """A field that is understood when it is asked for."""

    name: str
    several: tuple[Inner, ...] = field(metadata=LATER)
    last: bool = False
    on: date | None = None


inners = st.builds(Inner, st.dates())
outers = st.builds(
    Outer,
    st.text(),
    st.none() | st.integers() | st.floats(allow_nan=False),
    st.sampled_from(("a", "b")),
    st.none() | inners,
    st.lists(inners).map(tuple),
    st.lists(st.text()).map(tuple),
    st.datetimes(timezones=st.just(CHINA)).map(lambda moment: moment.replace(fold=0)),
    st.dictionaries(st.integers(), st.dictionaries(st.dates(), st.tuples(st.booleans(), st.dates()))),
    st.dictionaries(st.text(), st.integers() | st.floats(allow_nan=False)),
    st.booleans(),
)


@given(outers)
def test_everything_comes_back_as_it_was(value: Outer) -> None:
    again = loads(Outer, dumps(Outer, value))
    assert (again, repr(again)) == (value, repr(value))


def test_fields_at_the_end_that_have_their_defaults_are_not_written() -> None:
    assert dumps(Outer, Outer("甲", 1, "a")) == '["甲",1,"a"]'
    assert dumps(Outer, Outer("甲", 1.0, "a", last=True)).startswith('["甲",1.0,"a",null,[],[],"2026-01-01')


@pytest.mark.parametrize("text", ["", "{", "3", "{}", '["a"]', '["a",1,"a",["x"]]', '["a",1,"a",[3]]', "[1,2,3,4,5,6]"])
def test_a_text_that_says_no_such_value_is_an_error_of_the_text(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        loads(Outer, text)


@pytest.mark.parametrize("kind", [object, Any, Inner | date | None, set[str]])
def test_a_type_that_json_cannot_tell_is_refused(kind: Any) -> None:
    with pytest.raises(TypeError):
        dumps(kind, None)


class Row(NamedTuple):
    """Columns with names, one of which JSON has no word for."""

    name: str
    on: date
    several: tuple[str, ...]


def test_a_row_with_names_comes_back_with_them() -> None:
    rows = (Row("a", date(2026, 10, 1), ("b", "c")), Row("", date(2026, 10, 2), ()))
    assert loads(tuple[Row, ...], dumps(tuple[Row, ...], rows)) == rows
    assert isinstance(loads(Row, dumps(Row, rows[0])), Row)
    assert loads(list, dumps(list, [1, ["a", None]])) == [1, ["a", None]]


@pytest.mark.parametrize("text", ['["a","2026-10-01"]', '["a","2026-10-01",[],1]', '["a",1,[]]', "{}", "1"])
def test_a_row_of_other_columns_is_an_error_of_the_text(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are Python's
        loads(Row, text)


def test_nothing_among_several_comes_back_as_nothing() -> None:
    days = (date(2026, 10, 31), None)
    assert dumps(tuple[date | None, ...], days) == '["2026-10-31",null]'
    assert loads(tuple[date | None, ...], '["2026-10-31",null]') == days


@pytest.mark.parametrize("on", [None, date(2026, 10, 31)])
def test_the_other_fields_of_one_that_waits_are_there_at_once(on: date | None) -> None:
    again = loads(Long, dumps(Long, Long("a", (), last=True, on=on)))
    assert (vars(again)["name"], vars(again)["last"], vars(again)["on"]) == ("a", True, on)
    assert again == Long("a", (), last=True, on=on)


def test_what_is_seldom_asked_for_is_understood_when_it_is() -> None:
    one = Long("a", (Inner(date(2026, 10, 31)),), last=True)
    again = loads(Long, dumps(Long, one))
    assert "several" not in vars(again)
    assert again.several == one.several
    assert again.several is again.several
    assert again == one
    assert dumps(Long, again) == dumps(Long, one)
    assert not hasattr(again, "nothing")
    with pytest.raises(ValueError, match="Long"):
        loads(Long, '["a"]')
