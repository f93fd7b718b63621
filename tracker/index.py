"""``.tracker/index.sqlite``: what has been read, so that it need not be read again. Never the truth.

A row keeps what one file said while it had that size, those times and those bytes, as this
program read it in a given state of the plans (its ``scope``). A sum over all of that makes
each row prove itself: whatever happens to the index (killed, copied while written, two at
once) the worst is that something is read again. Where nothing can be written, or another
program is writing, work goes on without it.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple, TypeVar
from zlib import crc32

from tracker.codec import dumps, loads
from tracker.language import _
from tracker.told import tell

T = TypeVar("T")

APPLICATION = 0x54524B52
"""Marks the file as ours, in SQLite's own header."""

FORM = 2
"""The form of the table; an index of another form is made anew."""

GRANULE = 2_000_000_000
"""Nanoseconds: the coarsest time of change that a file system keeps (FAT's two seconds). A file that was this
young when it was read may have been changed after that without a trace: it is hashed again, as Git does."""

PATIENCE = 2.0
"""Seconds that a reader waits for a writer, who keeps others out only while one batch is put down."""

MOST = 100
"""Texts kept under one key."""

BATCH = 200
"""Rows put down at once, a few megabytes."""

_TABLE = """
create table kept (
    scope    text not null,     -- programme and language
    name     text not null,     -- the file as people are shown it, or what else is kept
    epoch    text not null,     -- the program, the plans and the holidays that it was read by
    size     integer not null,
    modified integer not null,  -- nanoseconds, as the file system says
    changed  integer not null,
    seen     integer not null,  -- nanoseconds, the moment before it was read
    digest   text not null,     -- sha256 of its bytes
    said     text not null,     -- what was understood, as JSON
    checksum integer not null,  -- over all of the above
    primary key (scope, name)
)
"""
_LOOKS = "create index looks on kept (scope, name, epoch, size, modified, changed, seen, digest)"
"""How all files looked is asked each time, what they said seldom: it lies apart from the long texts."""

_INSERT = "insert or replace into kept values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Stamp(NamedTuple):
    """By what a file is known to be the same."""

    size: int
    modified: int
    changed: int
    seen: int
    digest: str = ""

    def is_of(self, now: "Stamp") -> bool:
        """Whether a file that now looks like ``now`` is certainly as it was when it was read."""
        is_same = (self.size, self.modified, self.changed) == (now.size, now.modified, now.changed)
        return is_same and max(self.modified, self.changed) + GRANULE < self.seen


def stamp(path: Path | str) -> Stamp | None:
    """A file as it looks now, its bytes not looked at; None where there is none."""
    seen = time.time_ns()
    try:
        found = os.stat(path)  # noqa: PTH116 - asked of every file each time, and the faster of the two
    except OSError:
        return None
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, seen)


def hashed(path: Path | str) -> Stamp | None:
    """A file as it looks now, and its bytes; None where it cannot be read."""
    looked = stamp(path)
    try:
        return looked and looked._replace(digest=sha256(Path(path).read_bytes()).hexdigest())
    except OSError:
        return None


class Row(NamedTuple):
    """What is kept of one file, or of something else by a key in place of its digest."""

    stamp: Stamp
    said: str

    def values(self, scope: str, name: str, epoch: str) -> tuple[str | int, ...]:
        """The row as it is put down."""
        s = self.stamp
        head = (scope, name, epoch, s.size, s.modified, s.changed, s.seen, s.digest)
        return *head, self.said, crc32(self.said.encode(), crc32(repr(head).encode()))


class Index:
    """What was kept of one programme, and what has been read since; ``save`` puts that down."""

    def __init__(self, path: Path | None, scope: str, epoch: str) -> None:
        self.path = path
        """None where nothing is to be kept."""
        self.scope = scope
        self.epoch = epoch
        self.is_whole = True
        """Whether all that was read has been kept: nothing changed meanwhile."""
        self._looks: dict[str, Stamp] = {}
        """How the files looked that are kept in this epoch; what they said is read when it is asked for."""
        self._new: dict[str, Row] = {}
        self._asked: set[str] = set()
        self._unfit: set[str] = set()
        """Rows of another epoch, or that do not prove themselves."""
        self._base: sqlite3.Connection | None = None
        self._lock = RLock()
        """The places of the app are worked out each in a thread of its own, from one index."""

    @classmethod
    def open(cls, path: Path | None, scope: str, epoch: str) -> "Index":
        """The index as it is; without rows where there is none, or none that can be used."""
        index = cls(path, scope, epoch)
        if path is not None and path.exists():
            index._guarded(index._look, path)
        return index

    def _guarded(self, reading: Callable[[Path], T], path: Path) -> T | None:
        """Read from the index; one that cannot be used is thrown away, or left alone where it is only busy."""
        try:
            return reading(path)
        except (sqlite3.Error, OSError, ValueError) as error:
            self.close()
            self._looks.clear()
            if not is_torn(error) or not thrown_away(path):
                self.path = None
            return None

    def _look(self, path: Path) -> None:
        self._base = _connected(path, "rw")
        if not is_ours(self._base):
            return
        looks = "name, epoch, size, modified, changed, seen, digest"
        for name, epoch, *look in self._base.execute(f"select {looks} from kept where scope = ?", (self.scope,)):  # noqa: S608
            if epoch == self.epoch:
                self._looks[name] = Stamp(*look)
            else:
                self._unfit.add(name)

    def _said(self, name: str) -> str | None:
        """What is kept under a name, if it proves itself and nobody has put down anything else since."""
        with self._lock:
            if name in self._new:
                return self._new[name].said
            found = self._guarded(partial(self._row, name), self.path) if self.path is not None else None
            if found is None:
                self._looks.pop(name, None)
                self._unfit.add(name)
            return found

    def _row(self, name: str, path: Path) -> str | None:
        if self._base is None:
            self._base = _connected(path, "rw")
        query = "select * from kept where scope = ? and name = ?"
        values = self._base.execute(query, (self.scope, name)).fetchone()
        if not values:
            return None
        _scope, _name, _epoch, *looks, said, _checksum = values
        row = Row(Stamp(*looks), said)
        is_whole = isinstance(said, str) and values == row.values(self.scope, name, self.epoch)
        return row.said if is_whole and row.stamp == self._looks.get(name) else None

    @property
    def has_new(self) -> bool:
        """Whether there is anything to put down."""
        return bool(self._new)

    def close(self) -> None:
        """Nothing more is read from it, until somebody asks for more."""
        with self._lock:
            if self._base is not None:
                self._base.close()
                self._base = None

    def unchanged(self, path: Path | str, name: str) -> Stamp | None:
        """How a kept file looked, its digest with it, if it certainly still has these bytes."""
        self._asked.add(name)
        look = self._new[name].stamp if name in self._new else self._looks.get(name)
        now = stamp(path) if look is not None else None
        if look is None or now is None:
            return None
        if look.is_of(now):
            return look
        hash_now = hashed(path)
        if hash_now is None or hash_now.digest != look.digest:
            return None
        said = self._said(name)
        if said is None:
            return None
        self._new[name] = Row(hash_now, said)
        return hash_now

    def same(self, path: Path, name: str, kind: type[T]) -> T | None:
        """What is kept of a file that is unchanged; None where it has to be read."""
        return self.last(name, kind) if self.unchanged(path, name) is not None else None

    def last(self, name: str, kind: type[T]) -> T | None:
        """What is kept of a file as it was when the index was opened, or was read since."""
        said = self._said(name)
        with suppress(ValueError):
            return loads(kind, said) if said is not None else None
        return None

    def digest(self, name: str) -> str | None:
        """The digest of what is kept under a name."""
        with self._lock:
            look = self._new[name].stamp if name in self._new else self._looks.get(name)
        return look.digest if look is not None else None

    def keep(self, name: str, kind: Any, value: object, looked: Stamp) -> None:
        """Keep what a file says that looked like that before it was read, and had the same bytes when it was."""
        row = Row(looked, dumps(kind, value))
        with self._lock:
            self._new[name] = row

    def read(self, path: Path, name: str, kind: type[T], reading: Callable[[], T]) -> T:
        """What is kept of a file that is unchanged, else what ``reading`` makes of it."""
        found = self.same(path, name, kind)
        if found is None:
            looked = hashed(path)
            found = reading()
            after = hashed(path)
            if looked is not None and after is not None and looked.digest == after.digest:
                self.keep(name, kind, found, looked)
            elif looked is not None or after is not None:
                self.is_whole = False
        return found

    def worked_out(self, name: str, key: str, kind: type[T], work: Callable[[], T]) -> T:
        """What ``work`` came to from all that ``key`` is a digest of, once it was known."""
        said = self.kept(name, key)
        if said is not None:
            with suppress(ValueError):
                return loads(kind, said)
        found = work()
        self.put(name, key, dumps(kind, found))
        return found

    def kept(self, name: str, key: str) -> str | None:
        """What was put under a name and a key."""
        with self._lock:
            self._asked.add(name)
            return self._said(name) if self.digest(name) == key else None

    def put(self, name: str, key: str, said: str) -> None:
        """Keep a text under a name, for as long as its key is asked for."""
        with self._lock:
            self._asked.add(name)
            self._new[name] = Row(Stamp(0, 0, 0, time.time_ns(), key), said)

    def still_asked(self, key: str) -> None:
        """What was put under a key, or a key that begins with it, is not forgotten; of much only the latest."""
        kept = ((look, name) for name, look in self._looks.items() if look.digest.partition(" ")[0] == key)
        names = sorted((look.seen, name) for look, name in kept)
        self._asked |= {name for _seen, name in names[-MOST:]}

    def save(self, *, forgets: bool = True) -> None:
        """Put down what was read, and forget what was not asked for: it is no longer there."""
        with self._lock:
            gone = [*((self._looks.keys() | self._unfit) - self._asked)] if forgets else []
            self.close()
            if self.path is None or not (self._new or gone):
                return
            rows = [row.values(self.scope, name, self.epoch) for name, row in self._new.items()]
            with suppress(sqlite3.Error, OSError):
                _put_down(self.path, self.scope, rows, gone)
                self._looks |= {name: row.stamp for name, row in self._new.items()}
                self._new.clear()
                for name in gone:
                    self._looks.pop(name, None)


def _put_down(path: Path, scope: str, rows: Sequence[tuple[str | int, ...]], gone: Sequence[str]) -> None:
    """Write rows, a batch at a time so that nobody waits long for his turn; whoever else is writing goes first."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        (path.parent / ".gitignore").write_text("*\n", encoding="utf-8", newline="\n")
    with closing(_connected(path, "rwc", patience=0.0)) as base:
        base.execute("pragma synchronous = off")  # a torn index is found out
        with _at_once(base):
            if not is_ours(base):
                base.execute(f"pragma application_id = {APPLICATION}")
                base.execute(f"pragma user_version = {FORM}")
                base.execute(_TABLE)
                base.execute(_LOOKS)
            base.executemany("delete from kept where scope = ? and name = ?", [(scope, name) for name in gone])
        for n in range(0, len(rows), BATCH):
            with _at_once(base):
                base.executemany(_INSERT, rows[n : n + BATCH])


def _connected(path: Path, mode: str, patience: float = PATIENCE) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )


@contextmanager
def _at_once(base: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing."""
    base.execute("begin immediate")
    try:
        yield
        base.execute("commit")
    except BaseException:
        with suppress(sqlite3.Error):
            base.execute("rollback")
        raise


def is_ours(base: sqlite3.Connection) -> bool:
    """Whether it is an index of this form; not where nothing is in it yet. ``NotOursError`` where something else is."""
    pragmas = [base.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version")]
    if pragmas == [APPLICATION, FORM]:
        return True
    if pragmas[0] == APPLICATION or base.execute("select count(*) from sqlite_master").fetchone()[0]:
        raise NotOursError(*pragmas)
    return False


class NotOursError(sqlite3.DatabaseError):
    """A database of another program, or an index of another form."""


_BUSY = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM,
)  # fmt: skip
"""Why an index that is well cannot be read or written now."""


def is_torn(error: BaseException) -> bool:
    """Whether an error in reading means that the file is not an index any more, or never was."""
    code = getattr(error, "sqlite_errorcode", None)
    is_ours = isinstance(error, (OSError, sqlite3.ProgrammingError))  # the disk's trouble, or our own mistake
    return not is_ours and (code is None or code & 0xFF not in _BUSY)


def thrown_away(path: Path) -> bool:
    """Take a file that is no index of ours out of the way, and say so; whether that could be done."""
    if not discarded(path):
        return False
    tell(_("索引 {file} 不完整，或不是这一版程序写的，已丢弃重建；数据都在 status 里，没有影响。", file=path.name))
    return True


def discarded(path: Path) -> bool:
    """Delete an index; whether that could be done.

    What belongs to it goes last: SQLite ignores a journal without its database, but would put
    one that was left over into the next.
    """
    try:
        for part in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + part).unlink(missing_ok=True)
    except OSError:
        return False
    return True
