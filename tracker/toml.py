"""TOML as its reader reads it: the data, where each value is written, and where and why reading stopped.

toml-rs reads (fast, and it knows places); where its wheel is missing, the standard library's
reader gives the same data and only the place of a syntax error.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from tracker.brackets import DEEPEST, nesting

try:
    import toml_rs
except ImportError:  # pragma: no cover - covered by test_toml with the import blocked
    toml_rs = None  # type: ignore[assignment]

_WHERE = re.compile(r"line (\d+), column (\d+)")


def loads(text: str) -> Mapping[str, Any]:
    """The data of a text. ``ValueError`` where it is no TOML."""
    if toml_rs is None:
        return tomllib.loads(text)
    try:
        return toml_rs.loads(text, toml_version="1.0.0")
    except ValueError as error:
        if _WHERE.search(str(error)):
            raise
    # A date that no calendar has (the year 0): toml-rs does not say where.
    return tomllib.loads(text)


def nodes(text: str) -> Any:
    """The tree of keys and values with their places, of a text that is TOML; None where only toml-rs could tell."""
    return toml_rs.load_with_metadata(text, toml_version="1.0.0").meta["nodes"] if toml_rs is not None else None


def position(nodes: Any, keys: Sequence[str | int]) -> tuple[int, int]:
    """Line and column in bytes of the value at ``keys``; of what is not there, of its nearest parent."""
    node, found = nodes, (1, 1)
    for key in keys:
        if _is_written(node):
            node = node["value"]
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            break
        found = _position(node) or found
    return found


def _is_written(node: Any) -> bool:
    """Whether a node of toml-rs's metadata says where something is written; a table by its names alone does not."""
    return isinstance(node, dict) and any(isinstance(node.get(raw), str) for raw in ("key_raw", "value_raw"))


def _position(node: Any) -> tuple[int, int] | None:
    """Line and column in bytes of a node of toml-rs's metadata; its value's where that starts on a line."""
    if not isinstance(node, dict):
        return None
    if not _is_written(node):
        return next((found for inner in node.values() if (found := _position(inner))), None)
    if isinstance(node["value"], list) and "value_line" not in node:
        return _position(node["value"][0])
    begins = [node[key] for key in ("value_line", "value_col")]
    line, column = (first[0] if isinstance(first, tuple) else first for first in begins)
    return int(line), int(column)


def where_and_why(error: Exception, lines: Sequence[str]) -> tuple[int, str]:
    """The line a reader stopped at, and its reason: the last line of what it says, the others quote the file."""
    said = str(error)
    where = _WHERE.search(said)
    return int(where[1]) if where else len(lines), said.rstrip().rpartition("\n")[2]


def is_toml(line: str) -> bool:
    """Whether a line can be read alone, or as a line of a list."""
    if nesting(line)[1] > DEEPEST:
        return False
    for text in (line, f"list = [\n{line.rstrip().removesuffix(']')}\n]"):
        try:
            loads(text)
        except ValueError:
            continue
        return True
    return False


def column_of(error: Any, line: int) -> int:
    """The column in characters: of toml-rs's error only ``pos``, in bytes, can be trusted under Chinese text."""
    where = _WHERE.search(str(error))
    said = int(where[2]) if where else 1
    if isinstance(error, tomllib.TOMLDecodeError):
        return said
    *above, before = error.doc.encode()[: error.pos].decode(errors="ignore").split("\n")
    return len(before) + 1 if len(above) + 1 == line else said
