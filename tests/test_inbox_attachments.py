"""Papers and pictures that come in: kept as evidence."""

from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from arrivals import NOW, OLE, PDF, PNG, WORD, kept, one_in, packed, see
from tiny import OCTOBER, build

from tracker.echoes import echo

PAPERS = [
    (PDF, ".pdf"), (PNG, ".png"), (b"\xff\xd8\xff\xe0", ".jpg"), (b"GIF89a", ".gif"), (b"GIF87a", ".gif"),
    (b"II*\0", ".tif"), (b"MM\0*", ".tif"), (b"BM" + (16).to_bytes(4, "little") + b"\0" * 10, ".bmp"),
    (b"RIFF\0\0\0\0WEBPVP8 ", ".webp"), (b"\0\0\0\x18ftypheic", ".heic"), (b"\0\0\0\x18ftypisom", ".mp4"),
    (WORD, ".docx"), (packed(ppt__presentation_xml=""), ".pptx"), (packed(OFD_xml=""), ".ofd"),
    (OLE + "WordDocument".encode("utf-16-le"), ".doc"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "ending"), PAPERS, ids=[ending for _content, ending in PAPERS])
def test_papers_and_pictures_become_attachments_by_their_content(root: Path, content: bytes, ending: str) -> None:
    one = one_in(root, content, "照片.toml", unit="east", month=OCTOBER)
    digest = sha256(content).hexdigest()
    assert (one.outcome, one.unit, one.month) == ("attachment", "east", OCTOBER)
    assert one.stored == f"status/city/2026-10/attachments/{digest}{ending}"
    assert (root / one.stored).read_bytes() == content
    assert (root / "status/city/2026-10/attachments/attachments.toml").read_text(encoding="utf-8") == (
        f'[[attachment]]\nfile = "{digest}{ending}"\nunit = "east"\nname = "照片.toml"\n'
        "received = 2026-11-02T16:40:33+08:00\n"
    )
    assert echo(see(root).programme, one) == "作为佐证材料存放，不是月报。"


@pytest.mark.parametrize("text", ["BM = 1\n", "II*\n", "GIF8 = 1\n", "PK = 1\n", "Rar = 1\n", "RIFF\n", "xxxxftyp"[:5]])
def test_a_text_that_begins_like_a_picture_is_a_text(root: Path, text: str) -> None:
    assert one_in(root, text).outcome == "held"


def test_an_attachment_again_changes_nothing_unless_its_unit_is_named_now(root: Path) -> None:
    first = one_in(root, PDF, "证明.pdf")
    assert "可以用 --unit 再收一次" in first.reason
    before = kept(root)
    again = one_in(root, PDF, "证明.pdf", now=NOW + timedelta(days=40))
    assert (again.outcome, again.stored, again.month) == ("same", first.stored, OCTOBER)
    assert echo(see(root).programme, again) == "这份附件已经收到过。"
    assert kept(root) == before
    assert [one_in(root, PDF, unit=unit).outcome for unit in ("east", "east", "west")] == [
        "attachment",
        "same",
        "attachment",
    ]
    assert one_in(root, PDF).outcome == "same"
    other = one_in(root, PDF, month=date(2026, 9, 1))
    assert (other.outcome, other.month) == ("attachment", date(2026, 9, 1))


def test_a_list_of_attachments_that_cannot_be_read_is_added_to_all_the_same(root: Path) -> None:
    build(root, {"2026-10/attachments/attachments.toml": "attachment = 1\n"})
    assert one_in(root, PDF).outcome == "attachment"
