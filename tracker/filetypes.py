"""What a file is by its content, whatever its name says."""

import io
import zipfile

from tracker.language import _
from tracker.source import LARGEST

_EVIDENCE = (
    (b"%PDF-", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
)
"""How pictures and papers begin."""

_PACKED = ((b"PK\x03\x04", ".zip"), (b"PK\x05\x06", ".zip"), (b"Rar!\x1a\x07", ".rar"), (b"7z\xbc\xaf'\x1c", ".7z"))

_OFFICE = (
    ("word/document.xml", ".docx"),
    ("ppt/presentation.xml", ".pptx"),
    ("OFD.xml", ".ofd"),
    ("xl/workbook.xml", ".xlsx"),
)
"""What is inside the packed formats that are one paper."""


def kind(content: bytes) -> tuple[str, str]:
    """The ending of what a file is by its content, empty for text; and why it is refused, if it is."""
    inside = members(content)
    for member, ending in _OFFICE:
        if member in inside:
            return ending, ""
    for start, ending in _PACKED:
        if content.startswith(start):
            return ending, _("这是压缩包，或者已经损坏：请解压后再接收里面的文件。")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        # The names of the streams inside are written in UTF-16.
        if "EncryptedPackage".encode("utf-16-le") in content:
            return ".doc", _("文件加了密码，读不了：请去掉密码再发。")
        if "Workbook".encode("utf-16-le") in content:
            return ".xls", _("这是旧格式的表格（.xls）：请在 WPS 里另存为 .xlsx 再发。")
        return ".doc", ""
    if content.startswith(b"BM") and content[2:6] == len(content).to_bytes(4, "little"):
        return ".bmp", ""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return ".webp", ""
    if content[4:8] == b"ftyp":
        return ".heic" if content[8:11] in (b"hei", b"mif") else ".mp4", ""
    ending = next((ending for start, ending in _EVIDENCE if content.startswith(start)), "")
    too_large = not ending and len(content) > LARGEST
    return ending, _("文件过大（超过 {size} MB），不像一份填报文件。", size=LARGEST // 2**20) if too_large else ""


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are those of an .xlsx, by what is inside."""
    return "xl/workbook.xml" in members(content)


def members(content: bytes) -> frozenset[str]:
    """The names inside a packed file; none where it is no such file, or a damaged one."""
    if not content.startswith(b"PK\x03\x04"):
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return frozenset(archive.namelist())
    except Exception:  # noqa: BLE001 - a damaged archive can break the library anywhere
        return frozenset()
