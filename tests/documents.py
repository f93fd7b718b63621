"""TOML documents for tests: any that there can be, and what is said of one."""

from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tracker.source import parse

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def said(text: str) -> list[str]:
    """``line:column message`` of each problem of a text."""
    return [f"{p.place.line}:{p.place.column} {p.message}" for p in parse(text.encode(), "f.toml").problems]


KEYS = st.one_of(
    st.sampled_from(
        ["value", "key", "key_raw", "value_raw", "value_line", "key_col", "from", "状态", "a b", ']"#', "", "a.b"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=6),
)

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)

ZONES = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))

SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    TEXTS,
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.none() | ZONES),
)


def documents(leaves: st.SearchStrategy[Any], keys: st.SearchStrategy[str] = KEYS) -> st.SearchStrategy[dict[str, Any]]:
    values = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(keys, inner, max_size=3),
            st.lists(st.dictionaries(keys, inner, max_size=3), min_size=1, max_size=3),
        ),
        max_leaves=12,
    )
    return st.dictionaries(keys, values, max_size=4)


def leaves_of(value: object, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from leaves_of(inner, (*keys, key))
        case list():
            for n, inner in enumerate(value):
                yield from leaves_of(inner, (*keys, n))
        case _:
            yield keys, value
