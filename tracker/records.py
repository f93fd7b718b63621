"""Records that are appended, one table after the other: written as text, and read back."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import tomli_w

from tracker.source import read


def entry(name: str, values: Mapping[str, Any]) -> str:
    """One record, a line a value, to be appended."""
    lines = [
        f"{key} = {value.isoformat()}\n" if isinstance(value, datetime) else tomli_w.dumps({key: value})
        for key, value in values.items()
    ]
    return f"[[{name}]]\n{''.join(lines)}"


def entries(path: Path, name: str) -> list[Mapping[str, Any]]:
    """The records of a file that ``entry`` wrote; none where it cannot be read."""
    found = read(path).data.get(name, []) if path.exists() else []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
