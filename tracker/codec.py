"""Frozen dataclasses as JSON and back, by their own annotations: what the index keeps.

A dataclass is written as the list of its fields in their order, without the last ones that
have their defaults; days and moments as ISO texts. Only what ``kind`` says can come out of a
text: nothing in it is ever run. What does not fit raises ``ValueError``. A field marked
``LATER`` stays a text until somebody asks for it.
"""

import json
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime
from functools import cache, reduce
from operator import attrgetter, or_
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Change = Callable[[Any], Any]


class Codec(NamedTuple):
    """How the values of a type are written and read; None where JSON has the very values."""

    write: Change | None
    read: Change | None


def dumps(kind: Any, value: object) -> str:
    """The value, of type ``kind``, as JSON."""
    return json.dumps(packed(kind, value), ensure_ascii=False, separators=(",", ":"))


def packed(kind: Any, value: object) -> Any:
    """The value, of type ``kind``, as what JSON has: lists, texts, numbers."""
    write = _codec(kind).write
    return write(value) if write else value


def unpacked(kind: type[T], data: Any) -> T:
    """The value of type ``kind`` that was ``packed``; ``ValueError`` where it is no such value."""
    read = _codec(cast("Hashable", kind)).read
    try:
        return cast("T", read(data) if read else data)
    except (TypeError, AttributeError, LookupError) as error:
        raise ValueError(str(error)) from error


def loads(kind: type[T], text: str | bytes) -> T:
    """The value of type ``kind`` that JSON says; ``ValueError`` where it says no such value."""
    return unpacked(kind, json.loads(text))


LATER: Mapping[str, bool] = {"later": True}
"""For the ``metadata`` of a field that is long and seldom asked for, in a ``Patient`` dataclass.

It has no default: what stands in the class would be found first.
"""


class Patient:
    """A dataclass whose ``LATER`` fields, once they have been kept, are understood when they are asked for."""

    if not TYPE_CHECKING:  # pragma: no branch

        def __getattr__(self, name: str) -> Any:
            texts = vars(self).get("_later", {})
            if name not in texts:
                raise AttributeError(name)
            read, text = texts[name]
            value = vars(self)[name] = _changed(read, json.loads(text))
            return value


PLAIN = Codec(None, None)


@cache
def _codec(kind: Any) -> Codec:
    origin, inner = get_origin(kind), get_args(kind)
    if kind in (str, int, float, bool, list, NoneType) or origin is Literal:
        return PLAIN
    if kind in (date, datetime):
        return Codec(kind.isoformat, kind.fromisoformat)
    if origin in (Union, UnionType):
        return _union([_codec(one) for one in inner if one is not NoneType])
    if origin is tuple:
        return _several(_codec(inner[0])) if inner[1:] == (...,) else _row([_codec(one) for one in inner])
    if origin in (dict, Mapping) or (origin is not None and issubclass(origin, Mapping)):
        return _mapping(_codec(inner[0]), _codec(inner[1]))
    if isinstance(kind, type) and issubclass(kind, tuple):
        return _named(kind)
    if hasattr(kind, "__dataclass_fields__"):
        return _dataclass(cast("type[Any]", kind))
    raise TypeError(kind)


def _union(several: list[Codec]) -> Codec:
    """One type or None; of several only such as JSON tells apart."""
    changed = [one for one in several if one is not PLAIN]
    if not changed:
        return PLAIN
    if len(several) > 1:
        raise TypeError(several)
    write, read = cast("tuple[Change, Change]", changed[0])
    return Codec(lambda v: None if v is None else write(v), lambda v: None if v is None else read(v))


def _several(one: Codec) -> Codec:
    write, read = one
    return Codec(
        (lambda values: [write(v) for v in values]) if write else list,
        (lambda values: tuple([read(v) for v in values])) if read else tuple,
    )


def _row(each: list[Codec]) -> Codec:
    """A tuple of so many values."""
    if all(one is PLAIN for one in each):
        return Codec(list, tuple)
    writes = [(n, one.write) for n, one in enumerate(each) if one.write]
    reads = [(n, one.read) for n, one in enumerate(each) if one.read]
    count = len(each)

    def changed(values: Any, changes: list[tuple[int, Change]]) -> list[Any]:
        found = [*values]
        if len(found) != count:
            raise ValueError(values)
        for n, change in changes:
            found[n] = change(found[n])
        return found

    return Codec(lambda values: changed(values, writes), lambda values: tuple(changed(values, reads)))


def _named(kind: Any) -> Codec:
    """A row whose columns have names."""
    row = _row([_codec(one) for one in get_type_hints(kind).values()])
    return Codec(row.write, lambda values: kind._make(_changed(row.read, values)))


def _mapping(key: Codec, value: Codec) -> Codec:
    """Pairs, so that keys need not be texts."""
    return Codec(
        lambda d: [[_changed(key.write, k), _changed(value.write, v)] for k, v in d.items()],
        lambda pairs: {_changed(key.read, k): _changed(value.read, v) for k, v in pairs},
    )


def _changed(change: Change | None, value: Any) -> Any:
    return change(value) if change else value


def _dataclass(kind: type[Any]) -> Codec:
    from dataclasses import MISSING, fields  # noqa: PLC0415 - as long an import as Python's own start

    hints = get_type_hints(kind)
    own = fields(kind)
    names = [f.name for f in own]
    codecs = [_codec(_without_none(hints[name])) for name in names]
    later = [n for n, f in enumerate(own) if f.metadata.get("later")]
    for n in later:
        codecs[n] = _text(codecs[n])
    writes = [(n, one.write) for n, one in enumerate(codecs) if one.write]
    reads = [(n, one.read) for n, one in enumerate(codecs) if one.read and n not in later]
    defaults = [f.default_factory() if f.default_factory is not MISSING else f.default for f in own]

    get = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)

    def write(value: Any) -> list[Any]:
        values = list(get(value))
        while values and values[-1] == defaults[len(values) - 1]:
            values.pop()
        for n, change in writes:
            if n < len(values) and values[n] is not None:
                values[n] = change(values[n])
        return values

    def read(values: Any) -> Any:
        values = [*values]
        count = len(values)
        for n, change in reads:
            if n >= count:
                break
            if values[n] is not None:
                values[n] = change(values[n])
        return kind(*values)

    def read_patiently(values: Any) -> Any:
        """As it was kept, not made anew: what a dataclass works out when it is made was kept too."""
        values = [*values, *defaults[len(values) :]]
        if MISSING in values or len(values) > len(own):
            raise ValueError(kind)
        for n, change in reads:
            if values[n] is not None:
                values[n] = change(values[n])
        one = object.__new__(kind)
        vars(one).update(
            (name, value) for n, (name, value) in enumerate(zip(names, values, strict=True)) if n not in later
        )
        vars(one)["_later"] = {names[n]: (codecs[n].read, values[n]) for n in later}
        return one

    return Codec(write, read_patiently if later else read)


def _without_none(kind: Any) -> Any:
    """The type of a field where there is something in it: that there is nothing needs no change."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    return reduce(or_, (one for one in get_args(kind) if one is not NoneType))


def _text(one: Codec) -> Codec:
    """A value as a text of its own, which ``Patient`` reads."""
    return Codec(lambda v: json.dumps(_changed(one.write, v), ensure_ascii=False, separators=(",", ":")), one.read)
