"""Months to seal, for tests: what was reported, how it is issued, and what an audit says of it."""

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
from tiny import CHINA, build, decision, head, receipt

from tracker import writing
from tracker.auditing import Told, audit
from tracker.editions import Issue, Sealing, seal
from tracker.reports import FORMATS
from tracker.reports.bulletin import bulletin
from tracker.snapshot import take
from tracker.workspace import Workspace

SEPTEMBER = date(2026, 9, 1)

ISSUED = datetime(2026, 10, 2, 16, 0, 5, 123, tzinfo=CHINA)

LATER = datetime(2026, 11, 2, 17, 0, tzinfo=CHINA)

DONE = '[[update]]\nitem = "mine-1"\nstate = "已完成"\ndone_on = 2026-09-28\n'

GOING = '[[update]]\nitem = "mine-7"\nstate = "推进中"\ndone = 3\ntotal = 10\nas_of = 2026-09-28\n'

LATE = (
    '[[update]]\nitem = "mine-1"\nstate = "推进中"\ncause = "人手不足"\nmeasure = "已增派"\npromised_on = 2026-11-20\n'
)

EAST = head(month="2026-09") + DONE + GOING

WEST = head("west", "2026-09") + GOING

OCTOBER_EAST = head() + GOING

VERIFIED = decision("verify", "east", "2026-10-01T10:00:00+08:00", 'item = "mine-1"')

SIGNED = receipt("east.toml", EAST, "2026-09-30T09:00:00+08:00")

WESTS = receipt("west.toml", WEST, "2026-09-30T10:00:00+08:00")


def reported(root: Path) -> Path:
    """Two units have reported on September, and the city has verified an item."""
    files = {
        "2026-09/east.toml": EAST,
        "2026-09/west.toml": WEST,
        "2026-09/receipts.toml": f"{SIGNED}\n{WESTS}",
        "2026-09/decisions.toml": VERIFIED,
        "2026-09/burden.toml": "",
        "silences.toml": "",
    }
    return build(root, files)


def issue(root: Path, month: date = SEPTEMBER, now: datetime = ISSUED, **more: Any) -> Sealing:
    given = {"by": "刘某", "number": "〔2026〕9号", **more}
    known_by = given.pop("known_by", None)
    return seal(Workspace(root), "city", month, now, Issue(**given), known_by)


def october(root: Path) -> Path:
    """October's file comes, and a ruling on September after its issue."""
    build(
        root,
        {
            "2026-10/east.toml": OCTOBER_EAST,
            "2026-10/receipts.toml": receipt("east.toml", OCTOBER_EAST, "2026-11-01T09:00:00+08:00"),
        },
    )
    refused = decision("refuse", "east", "2026-10-20T10:00:00+08:00", 'item = "mine-1"')
    writing.append(root / "status/city/2026-09/decisions.toml", refused)
    return root


def told(root: Path, month: str = "") -> list[Told]:
    return [one for audited in audit(Workspace(root), "city", month) for one in audited.told]


def failures(root: Path, month: str = "") -> list[tuple[str, str]]:
    return [(one.file, one.what) for one in told(root, month) if one.failed]


def tree(root: Path) -> dict[str, bytes]:
    folder = root / "status"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


EDITION = "status/city/2026-09/edition"


def word(root: Path, change: Callable[[Any], None] | None = None) -> bytes:
    """The bulletin as Word, edited by the office."""
    snapshot, _problems = take(Workspace(root), "city", date(2026, 9, 30), ISSUED)
    assert snapshot is not None
    file = docx.Document(io.BytesIO(FORMATS["docx"](bulletin(snapshot))))
    if change is not None:
        change(file)
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def paragraph(file: Any, words: str) -> Any:
    return next(p for p in file.paragraphs if words in p.text)


def rewrite(file: Any, words: str, old: str, new: str) -> None:
    """Change words in a paragraph, each character in a run of its own, as WPS leaves them."""
    p = paragraph(file, words)
    text = p.text.replace(old, new)
    assert text != p.text
    for run in p.runs[1:]:
        run._r.getparent().remove(run._r)
    p.runs[0].text = ""
    for character in text:
        p.add_run(character)


def number_it(file: Any) -> None:
    rewrite(file, "〔", "〔　　　〕　　号", "甲安办〔2026〕12 号　　签发人：张某")
    rewrite(file, "2026年10月2日", "2026年10月2日", "２０２６年10月3日")
    rewrite(file, "二、工作成效", "二、工作成效", "二、工作成效和亮点")
    rewrite(file, "全市应完成事项", "全市应完成事项", "经统计,全市应当完成事项")


def figure(file: Any) -> None:
    """A figure that the office changed."""
    rewrite(file, "全市应完成事项", "已完成 1 项", "已完成 4 项")
