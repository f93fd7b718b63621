"""Files that come in, for tests: what they say, how they are taken in, and what is kept of them."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import books
from tiny import CHINA, LATER, OCTOBER_END, head

from tracker.decision_files import read_receipts
from tracker.inbox.desk import Desk
from tracker.inbox.received import Received
from tracker.inbox.receiving import receive
from tracker.snapshot import Snapshot, take
from tracker.workspace import KEPT, Workspace

NOW = datetime(2026, 11, 2, 16, 40, 33, 123456, tzinfo=CHINA)

GOING = 'state = "推进中"\n'


def entry(item: str, more: str = GOING) -> str:
    return f'[[update]]\nitem = "{item}"\n{more}'


EAST = head() + entry("mine-7")

SECOND = head() + entry("mine-7", GOING + 'note = "第二版"\n')

WEST = head("west") + entry("mine-7")

ONE_BAD = head("bureau") + entry("chem-1", GOING + "done = 3\n") + entry("chem-2@2026-Q9")

BROKEN = head("bureau") + 'x = "unclosed\n'

TRIAL = '[[event]]\nkind = "trial"\nref = "T1"\nname = "装置"\nplanned = 2026-10-12\n'

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def packed(**members: str) -> bytes:
    """A packed file with these members; two underscores are a slash."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


WORD = packed(word__document_xml="<w/>")

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20

PDF = b"%PDF-1.4\n%%EOF"


def desk(root: Path, now: datetime = NOW, **more: Any) -> Desk:
    return Desk(Workspace(root), Workspace(root).programmes, now, **more)


def take_in(root: Path, files: Mapping[str, bytes | str], now: datetime = NOW, **more: Any) -> list[Received]:
    """Receive files that were saved to a folder outside."""
    outside = root.parent / f"attachments-{next(NUMBER)}"
    outside.mkdir()
    paths = []
    for name, content in files.items():
        (outside / name).parent.mkdir(parents=True, exist_ok=True)
        (outside / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(outside / name)
    return receive(desk(root, now, **more), paths)


NUMBER = count()


def one_in(root: Path, content: bytes | str, name: str = "x.toml", **more: Any) -> Received:
    return take_in(root, {name: content}, **more)[0]


def kept(root: Path) -> dict[str, bytes]:
    """Every file under ``status/``, by its path there."""
    return {
        p.relative_to(root / "status").as_posix(): p.read_bytes() for p in (root / "status").rglob("*") if p.is_file()
    }


def digests(root: Path) -> set[str]:
    return {sha256(content).hexdigest() for content in kept(root).values()}


def month_files(root: Path, month: str = "2026-10") -> list[str]:
    return sorted(p.name for p in (root / "status/city" / month).glob("*.toml") if p.name not in KEPT)


def see(root: Path, known_by: datetime = LATER) -> Snapshot:
    snapshot, problems = take(Workspace(root), "city", OCTOBER_END, known_by)
    assert snapshot is not None, problems
    return snapshot


def receipts(root: Path, month: str = "2026-10") -> tuple[Any, ...]:
    found, problems = read_receipts(root / "status/city" / month / "receipts.toml", "receipts.toml")
    assert problems == []
    return found


def form_of(root: Path, unit: str = "east", **more: Any) -> bytes:
    return books.filled(books.blank(see(root), unit), **more)
