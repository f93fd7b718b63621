"""Bytes kept under their own digest: what a version was made from, its signature, and evidence that is no report."""

from hashlib import sha256
from pathlib import Path

from tracker import records, signatures, writing
from tracker.inbox.desk import Desk, Shelves, legible
from tracker.inbox.folders import kept_before, month_folder
from tracker.inbox.received import Received
from tracker.language import _
from tracker.months import month_of


def keep(folder: Path, content: bytes, ending: str) -> Path:
    """The bytes under their own digest, once."""
    target = folder / "attachments" / f"{sha256(content).hexdigest()}{ending}"
    if not target.exists():
        writing.create(target, content)
    return target


def keep_signature(path: Path, kept: Path) -> None:
    """The signature that came beside a file, beside what is kept of it."""
    signature, target = signatures.beside(path), signatures.beside(kept)
    if signature.is_file() and not target.exists():
        writing.create(target, signature.read_bytes())


def attach(desk: Desk, shelves: Shelves, path: Path, content: bytes, ending: str) -> Received:
    """A picture, a PDF or a Word file: kept as evidence under its digest."""
    given = desk.shown(path)
    folder = kept_before(desk, shelves, f"attachments/{sha256(content).hexdigest()}{ending}")
    folder = folder or month_folder(desk, shelves, desk.month)
    target = keep(folder, content, ending)
    keep_signature(path, target)
    shown, month = desk.workspace.shown(target), month_of(folder.name)
    record = {"file": target.name, "unit": desk.unit or "", "name": legible(path.name)}
    index = folder / "attachments" / "attachments.toml"
    before = [one for one in records.entries(index, "attachment") if one.get("file") == target.name]
    if any(
        one.get("unit", "") in (desk.unit, "") if desk.unit is None else one.get("unit") == desk.unit for one in before
    ):
        return Received(given, "same", shown, desk.unit or "", month, reason=_("这份附件已经收到过。"))
    entry = {key: value for key, value in {**record, "received": desk.moment}.items() if value}
    writing.append(index, records.entry("attachment", entry))
    reason = _("作为佐证材料存放，不是月报。")
    if desk.unit is None:
        reason += _("没有写明是哪个单位的：可以用 --unit 再收一次。")
    return Received(given, "attachment", shown, desk.unit or "", month, reason=reason)
