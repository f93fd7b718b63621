"""The door: what a file says becomes a frozen dataclass, or Problems in the user's words.

pydantic checks against the dataclass's own annotations (strict: a quoted date is a mistake;
unknown keys refused) and is imported only when something has to come in.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from keyword import iskeyword
from types import MappingProxyType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from tracker.language import _
from tracker.problems import Place, Problem, listed, nearest
from tracker.source import Keys, Source

T = TypeVar("T")


def enter(
    kind: type[T], data: object, source: Source, at: Keys = (), by_program: Mapping[str, object] = MappingProxyType({})
) -> tuple[T | None, list[Problem]]:
    """The value at ``at`` of a file as a ``kind``, or None and every problem with it.

    ``by_program`` are the fields that the program fills.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - half of a warm command's time

    filled = list(_filled_keys(kind, data))
    extra = [source.problem((*at, *keys), "E03", _("不认识的名称“{name}”。", name=keys[-1])) for keys in filled]
    try:
        said = _as_python(data)
        value: T = _adapter(cast("Hashable", kind)).validate_python(
            {**said, **by_program} if isinstance(said, dict) else said
        )
    except ValidationError as error:
        errors = _one_a_value(kind, error.errors(include_url=False))
        # What a file may not write is not also written wrongly.
        found = (_problem(kind, e, source, at) for e in errors if _keys(kind, e) not in filled)
        # A line that could not be read is one mistake; its value is a guess.
        return None, [*extra, *(p for p in found if p is not None and p.place.line not in source.left_out)]
    return (None if extra else value), extra


def enter_each(
    kind: type[T],
    entries: Sequence[dict[str, Any]],
    source: Source,
    at: Keys,
    by_program: Sequence[Mapping[str, object]],
) -> list[tuple[T | None, list[Problem]]]:
    """The entries of the list at ``at``, each as ``enter`` says it.

    All of them are checked at once, which takes a third of the time; one by one only where there is a mistake.
    """
    values = _all_well(kind, entries, by_program)
    if values is not None:
        return [(value, []) for value in values]
    return [
        enter(kind, entry, source, (*at, n), own)
        for n, (entry, own) in enumerate(zip(entries, by_program, strict=True))
    ]


def _all_well(
    kind: type[T], entries: Sequence[dict[str, Any]], by_program: Sequence[Mapping[str, object]]
) -> list[T] | None:
    """All the entries, or None where something is wrong with any of them."""
    from pydantic import ValidationError  # noqa: PLC0415 - half of a warm command's time

    if not _is_plain(cast("Hashable", kind)):
        return None
    filled, inside = _filled_and_tables(cast("Hashable", kind))
    watched = filled | inside.keys()
    if any(True for entry in entries if not entry.keys().isdisjoint(watched) for _key in _filled_keys(kind, entry)):
        return None
    said = [{**entry, **own} for entry, own in zip(entries, by_program, strict=True)]
    try:
        values: list[T] = _adapter(list[kind]).validate_python(said)  # type: ignore[valid-type]
    except ValidationError:
        return None
    return values


@cache
def _adapter(kind: Any) -> Any:
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(kind)


def _one_a_value(kind: type[Any], errors: Sequence[Any]) -> Iterator[Any]:
    """A value that fits no type of a union is one mistake; of two types of number the wider one is said."""
    chosen: dict[Keys, Any] = {}
    for error in errors:
        keys = _keys(kind, error)
        if keys not in chosen or error["type"].startswith("float"):
            chosen[keys] = error
    yield from chosen.values()


def _as_python(value: object) -> object:
    """Names that Python keeps for itself (``from``) with an underscore."""
    if isinstance(value, dict):
        return {_python_name(k): _as_python(v) for k, v in value.items()}
    return [_as_python(v) for v in value] if isinstance(value, list) else value


@lru_cache(1000)
def _python_name(key: str) -> str:
    return f"{key}_" if iskeyword(key.rstrip("_")) else key


def _filled_keys(kind: type[Any], data: object, here: Keys = ()) -> Iterator[Keys]:
    """Where a file names a field that only the program fills."""
    if not isinstance(data, dict):
        return
    filled, tables = _filled_and_tables(cast("Hashable", kind))
    if data.keys().isdisjoint(filled) and data.keys().isdisjoint(tables):
        return
    yield from ((*here, key) for key in data if key in filled)
    for key, value in data.items():
        if key not in tables:
            continue
        for n, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            yield from _filled_keys(tables[key], item, (*here, key) if n is None else (*here, key, n))


@cache
def _is_plain(kind: Any) -> bool:
    """Whether a dataclass's keys, and those of what lies in it, are its fields' own names."""
    tables = _filled_and_tables(kind)[1].values()
    return not any(f.name.endswith("_") for f in fields(kind)) and all(_is_plain(cast("Hashable", t)) for t in tables)


@cache
def _filled_and_tables(kind: Any) -> tuple[frozenset[str], dict[str, type[Any]]]:
    """A dataclass's keys that only the program fills, and those under which other dataclasses lie."""
    if not is_dataclass(kind):
        return frozenset(), {}
    own = fields(kind)
    filled = frozenset(f.name for f in own if f.metadata.get("filled"))
    inside = {f.name.rstrip("_"): _inside(cast("type[Any]", kind), f.name) for f in own if f.name not in filled}
    return filled, {name: inner for name, inner in inside.items() if inner is not None}


def _problem(kind: type[Any], error: Any, source: Source, at: Keys) -> Problem | None:
    """One of pydantic's errors in our words, at its place; None if a line left out explains it."""
    keys = _keys(kind, error)
    where = (*at, *keys)
    name = next((key for key in reversed(keys) if isinstance(key, str)), "")
    said = error["input"]
    match error["type"]:
        case "unexpected_keyword_argument" | "unexpected_positional_argument" | "extra_forbidden":
            known = [f.name.rstrip("_") for f in _fields_at(kind, keys[:-1]) if not f.metadata.get("filled")]
            message = _("不认识的名称“{name}”。", name=name)
            hint = nearest(str(name), known) or _("可以写的名称：{names}。", names=listed(known))
            return source.problem(where, "E03", message, hint)
        case "missing" | "missing_argument":
            if source.left_out:
                return None
            return source.problem(where, "E04", _("缺少“{name}”。", name=name), _("请补上一行：{name} = …", name=name))
        case "literal_error":
            allowed = _allowed(kind, keys)
            return source.problem(
                where,
                "E06",
                _("“{name}”不能写“{value}”。", name=name, value=said),
                nearest(str(said), allowed) or _("可以写：{values}。", values=listed(allowed)),
            )
        case found:
            return source.problem(where, "E05", _("“{name}”的值不对。", name=name), _expected(found, said))


def _expected(error_type: str, said: object) -> str:
    kinds: Sequence[tuple[str, Callable[[], str]]] = (
        ("datetime", lambda: _("这里要写日期和时间，例如 2026-11-02T16:40:00+08:00，不加引号。")),
        ("date", lambda: _("这里要写日期，例如 2026-10-31，不加引号、不加时间。")),
        ("string", lambda: _('这里要写文字，用英文引号括起来，例如 "{said}"。', said=said)),
        ("int", lambda: _("这里要写整数，例如 45，不加引号。")),
        ("float", lambda: _("这里要写数字，例如 12.5，不加引号。")),
        ("bool", lambda: _("这里要写 true 或 false，不加引号。")),
        ("tuple", lambda: _('这里要写成方括号列表，例如 ["甲", "乙"]。')),
    )
    return next((words() for start, words in kinds if error_type.startswith(start)), _("请对照说明文件里的例子改写。"))


def _keys(kind: type[Any], error: Any) -> Keys:
    """The keys an error of pydantic is about, as the file writes them.

    pydantic's path may end with the branch of a union (``int``, ``date``); in the path to a
    missing or an unknown key nothing does.
    """
    path: Keys = error["loc"]
    is_value = not error["type"].startswith(("missing", "unexpected"))
    if is_value and path and path[-1] in _BRANCHES and path[-1] not in {f.name for f in _fields_at(kind, path[:-1])}:
        path = path[:-1]
    return tuple(k[:-1] if isinstance(k, str) and iskeyword(k.rstrip("_")) else k for k in path)


_BRANCHES = {"int", "float", "str", "bool", "date", "datetime", "tuple"}


def _candidates(annotation: Any) -> Iterator[Any]:
    """The plain types inside an annotation."""
    if get_origin(annotation) in (Union, UnionType, tuple, dict):
        for inner in get_args(annotation):
            yield from _candidates(inner)
    else:
        yield annotation


def _inside(kind: type[Any], key: str) -> type[Any] | None:
    """The dataclass under ``key`` of a dataclass, if there is one."""
    hints = _hints(cast("Hashable", kind))
    annotation = hints.get(key, hints.get(f"{key}_"))
    return next((c for c in _candidates(annotation) if is_dataclass(c)), None)  # type: ignore[return-value]


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _kind_at(kind: type[Any], keys: Keys) -> type[Any] | None:
    found: type[Any] | None = kind
    for key in keys:
        if found is not None and isinstance(key, str):
            found = _inside(found, key)
    return found


def _fields_at(kind: type[Any], keys: Keys) -> tuple[Any, ...]:
    found = _kind_at(kind, keys)
    return fields(found) if found is not None else ()


def _allowed(kind: type[Any], keys: Keys) -> list[str]:
    """The values a ``Literal`` at ``keys`` allows."""
    names = [k for k in keys if isinstance(k, str)]
    owner = _kind_at(kind, tuple(names[:-1]))
    annotation = _hints(cast("Hashable", owner)).get(names[-1]) if owner is not None else None
    return [str(v) for c in _candidates(annotation) if get_origin(c) is Literal for v in get_args(c)]


def tables(source: Source, name: str, problems: list[Problem]) -> list[dict[str, Any]]:
    """The entries under ``[[name]]``; none, and a problem, where something else stands there."""
    written = source.data.get(name, [])
    if isinstance(written, list) and all(isinstance(entry, dict) for entry in written):
        return list(written)
    message = _("“{name}”要写成一条一条的表。", name=name)
    header = (n for n, line in enumerate(source.lines, 1) if line.partition("#")[0].strip() == f"[{name}]")
    place = next((Place(source.file, n, 1) for n in header), source.place((name,)))
    problems.append(source.problem_at(place, "E05", message, _("每条以 [[{name}]] 单独起一行。", name=name)))
    return []
