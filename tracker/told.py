"""What long work says while it is at it: nothing, unless whoever started it listens."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TextIO, TypeVar

from tracker.language import _

T = TypeVar("T")

_listener: ContextVar[TextIO | None] = ContextVar("listener", default=None)

PATIENCE = 1.0
"""Seconds that work may take before it shows how far it is."""

BREATH = 0.1
"""Seconds between two looks at how far it is."""

WIDTH = 24
"""Columns of the bar."""


@contextmanager
def listening(out: TextIO) -> Iterator[None]:
    """Hear what is told meanwhile on ``out``; how far work is only where that is a terminal."""
    token = _listener.set(out)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(words: str) -> None:
    """One line to whoever listens."""
    out = _listener.get()
    if out is not None:
        out.write(words + "\n")


def counted(things: Sequence[T]) -> Iterator[T]:
    """The files of a longer reading, one after the other; who waits at a terminal sees how many are left."""
    out = _listener.get()
    if out is None or not out.isatty():
        yield from things
        return
    begun = shown = time.monotonic()
    is_shown = False
    try:
        for n, thing in enumerate(things):
            now = time.monotonic()
            if now - begun > PATIENCE and now - shown > BREATH:
                out.write(f"\r{_bar(n, len(things), now - begun)}\x1b[K")
                out.flush()
                is_shown, shown = True, now
            yield thing
    finally:
        if is_shown:
            out.write("\r\x1b[K")


def _bar(done: int, total: int, seconds: float) -> str:
    """How many files of all have been read, how fast, and how long the others will take."""
    full = WIDTH * done // total
    rate = done / seconds
    left = (total - done) / rate if rate else 0.0
    words = _(
        "读取 {done}/{total} 份，每秒 {rate} 份，还要 {left} 秒",
        done=done,
        total=total,
        rate=round(rate),
        left=round(left),
    )
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {words}"
