"""Writing that loses nothing: whole files or none, one writer at a time.

A new file appears complete under its name or not at all and never replaces another; records
are appended by replacing the file with its longer self. Commands that write hold the
workspace's lock.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60.0
"""Seconds to wait for another command that is writing."""


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the workspace's lock. ``TimeoutError`` when another command keeps it too long."""
    import filelock  # noqa: PLC0415 - only commands that write need it

    (root / ".tracker").mkdir(exist_ok=True)
    try:
        with filelock.FileLock(root / ".tracker" / "lock", timeout=PATIENCE):
            yield
    except filelock.Timeout as error:
        raise TimeoutError(str(root)) from error


def create(path: Path, content: bytes) -> None:
    """Write a new file, whole. ``FileExistsError`` where there is one already."""
    temporary = _written_beside(path, content)
    try:
        # A link refuses to replace, a rename would not.
        path.hardlink_to(temporary)
    finally:
        temporary.unlink()


def append(path: Path, text: str) -> None:
    """Add text to the end of a file of records, which is made if need be."""
    before = path.read_bytes() if path.exists() else b""
    gap = b"\n" if before and not before.endswith(b"\n\n") else b""
    _written_beside(path, before + gap + text.encode()).replace(path)


def _written_beside(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
