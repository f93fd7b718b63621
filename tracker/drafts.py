"""What is being typed, kept in a file until it is finished; and the finished file beside those there are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from tracker import writing
from tracker.language import _
from tracker.source import read


def save(path: Path, note: str, said: Mapping[str, Any]) -> None:
    """Write a draft, whole or not at all, with a note above it. ``OSError`` where that cannot be done."""
    writing.replace(path, (f"# {note}\n" + tomli_w.dumps(said)).encode(errors="replace"))


def take_up(path: Path, shape: Mapping[str, type]) -> tuple[Mapping[str, Any], str]:
    """What a draft says, nothing where there is none; one that has not this shape is put aside, and that said."""
    if not path.exists():
        return {}, ""
    source = read(path)
    if source.is_whole and all(isinstance(source.data.get(key), kind) for key, kind in shape.items()):
        return source.data, ""
    aside = path.with_name(f"{path.stem}.{source.digest[:8]}.unreadable")
    path.replace(aside)
    return {}, _("上次的草稿读不出来，已另存为 {file}；从头填起。", file=aside.name)


def finish(named: Path, content: bytes) -> Path:
    """Write a file beside what is there already, never over it; the same again is not written twice."""
    path, version = named, 1
    while True:
        try:
            writing.create(path, content)
        except FileExistsError:
            if path.is_file() and path.read_bytes() == content:
                return path
            version += 1
            path = named.with_name(f"{named.stem}.{version}.toml")
        else:
            return path
