"""The days that one reading remembers."""

import gc
import weakref
from datetime import date, timedelta
from pathlib import Path

from screens import opened, session
from tiny import OCTOBER_END, build, head

from tracker.snapshot import Snapshot
from tracker.tui.remembering import MOST, Remembering, forget

SENT = head() + '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-10-09\n'
FILES = {"2026-10/east.toml": SENT}
AUTUMN = date(2026, 9, 30)


def read(root: Path) -> Snapshot:
    """What a session reads."""
    found = session(root).read().snapshot
    assert found is not None
    return found


def test_a_day_is_judged_once_whoever_asks_for_it(tmp_path: Path) -> None:
    seen = read(build(tmp_path, FILES))
    then = seen.on(AUTUMN)
    assert then is seen.on(AUTUMN)
    assert then is then.on(date(2026, 10, 15)).on(AUTUMN)
    assert seen.on(seen.clocks.as_of) is seen


def test_a_day_after_the_close_is_the_day_of_the_close(tmp_path: Path) -> None:
    seen = read(build(tmp_path, FILES))
    close = seen.programme.head.until
    assert seen.on(close + timedelta(days=9)) is seen.on(close)


def test_another_moment_of_knowing_is_another_day(tmp_path: Path) -> None:
    seen = read(build(tmp_path, FILES))
    earlier = seen.books.on(AUTUMN, seen.clocks.known_by - timedelta(days=40))
    assert earlier is not seen.on(AUTUMN)
    assert earlier.clocks.known_by != seen.clocks.known_by


def test_what_was_asked_for_longest_ago_is_forgotten(tmp_path: Path) -> None:
    seen = read(build(tmp_path, FILES))
    first, second = seen.on(AUTUMN), seen.on(AUTUMN + timedelta(days=1))
    for n in range(2, MOST + 1):
        seen.on(AUTUMN + timedelta(days=n))
        assert seen.on(AUTUMN) is first
    assert seen.on(AUTUMN + timedelta(days=1)) is not second


def test_what_stands_is_the_same_as_without_remembering(tmp_path: Path) -> None:
    root = build(tmp_path, FILES)
    seen, again = read(root), read(root)
    assert [s.row for s in seen.on(AUTUMN).standings] == [s.row for s in again.on(AUTUMN).standings]
    assert seen.filed == again.filed


def test_a_new_reading_remembers_nothing_of_the_files_before(tmp_path: Path) -> None:
    root = build(tmp_path, FILES)
    assert read(root).on(OCTOBER_END).by_key["east", "mine-1"].status == "done"
    (root / "status/city/2026-10/east.toml").unlink()
    assert read(root).on(OCTOBER_END).by_key["east", "mine-1"].status == "unreported"


def test_what_was_read_before_is_let_go_though_it_is_frozen(tmp_path: Path) -> None:
    """A reading holds its days and they hold it: that alone no garbage collection finds where it is frozen."""
    root = build(tmp_path, FILES)
    seen = read(root)
    assert len(seen.on(AUTUMN).standings)
    books = weakref.ref(seen.books)
    gc.freeze()
    try:
        forget(seen)
        del seen
        assert books() is None
    finally:
        gc.unfreeze()


async def test_the_app_lets_go_of_what_it_read_before(tmp_path: Path) -> None:
    async with opened(build(tmp_path, FILES)) as seen:
        assert seen.app.snapshot is not None
        books = seen.app.snapshot.books
        assert isinstance(books, Remembering)
        assert books.days
        await seen.press("f5")
        assert seen.app.snapshot.books is not books
        assert not books.days
