"""Writing that loses nothing: whole files or none, one writer at a time.

A new file appears complete under its name or not at all and never replaces another; records
are appended by replacing the file with its longer self. Commands that write hold the
workspace's lock.
"""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tracker.source import parse

PATIENCE = 60.0
"""Seconds to wait for another command that is writing."""

ABANDONED = 3600.0
"""Seconds after which nobody is still writing a file."""

UNFINISHED = ".tracker-{}.part"
"""What a file is called until it is whole."""


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the workspace's lock. ``TimeoutError`` when another command keeps it too long."""
    import filelock  # noqa: PLC0415 - only commands that write need it

    (root / ".tracker").mkdir(exist_ok=True)
    try:
        with filelock.FileLock(root / ".tracker" / "lock", timeout=PATIENCE):
            for left in (root / "status").rglob(UNFINISHED.format("*")):
                # What an interrupted writer left; a young one may still be at it, where no lock was needed.
                with suppress(FileNotFoundError):
                    if left.stat().st_mtime < time.time() - ABANDONED:
                        left.unlink()
            yield
    except filelock.Timeout as error:
        raise TimeoutError(str(root)) from error


def create(path: Path, content: bytes) -> None:
    """Write a new file, whole. ``FileExistsError`` where there is one already."""
    temporary = _written_beside(path, content)
    try:
        # A link refuses to replace, a rename would not.
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # Some disks (FAT, some network drives) have no links: take the name first, then fill it at one stroke.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _remember(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Put other bytes in a file's place at one stroke. For what is kept elsewhere as well."""
    temporary = _written_beside(path, content)
    try:
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _remember(path.parent)


def append(path: Path, text: str) -> None:
    """Add text to the end of a file of records, which is made if need be.

    What an editor has saved in another encoding becomes UTF-8: in two encodings no file can be read.
    """
    before = _as_utf8(path.read_bytes()) if path.exists() else b""
    gap = b"\n" if before and not before.endswith(b"\n\n") else b""
    replace(path, before + gap + text.encode())


def _as_utf8(content: bytes) -> bytes:
    try:
        content.decode()
    except UnicodeDecodeError:
        # What is no text at all stays as it is: nothing is lost.
        return parse(content, "").text.encode() or content
    return content


def _written_beside(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / UNFINISHED.format(secrets.token_hex(8))
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _remember(folder: Path) -> None:
    """Have the disk keep the folder's new entry too, where a system knows how."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
