"""A Word file as PDF, and its first page as a picture for the phone: made by LibreOffice and poppler.

Neither is installed with the program: what is missing is named. LibreOffice runs with a profile
of its own that is thrown away, so it neither sees nor disturbs an office that is open, and for a
limited time. It dates what it writes: the date and the ids that come from it are replaced by the
content's own, so that the same Word file gives the same PDF with the same LibreOffice and fonts.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from tracker.language import _
from tracker.terminal import plain

SECONDS = 180
"""After which a conversion is given up; a paper takes five on a slow machine."""

DOTS_PER_INCH = 160
"""Of the picture: 1323 × 1871 points for A4, legible on a phone when spread."""

OFFICES = ("soffice", "libreoffice")
USUAL_PLACES = (
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
"""Where LibreOffice is on systems that do not put it on the path."""


FONTS = ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体")
"""What the shipped templates ask for; none of them is free."""


class CannotConvert(Exception):  # noqa: N818 - told to the user as it is
    """Why there is no PDF or picture, in a sentence for the user."""


def pdf(word: bytes) -> bytes:
    """The bytes of a .docx as a PDF."""
    with tempfile.TemporaryDirectory(prefix="tracker-", ignore_cleanup_errors=True) as folder:
        return _undated(_pdf(Path(folder), word).read_bytes())


def missing_fonts() -> tuple[str, ...]:
    """The fonts of the papers that this computer lacks, so far as it can be asked: lines and pages break elsewhere."""
    asked = shutil.which("fc-list")
    if asked is None:
        return ()
    found = subprocess.run([asked, ":", "family"], capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603 - no shell, our own words
    families = {name.strip() for line in found.stdout.splitlines() for name in line.split(",")}
    return tuple(name for name in FONTS if name not in families)


def png(word: bytes) -> bytes:
    """The first page of a .docx as a picture."""
    painter = shutil.which("pdftoppm")
    if painter is None:
        raise CannotConvert(
            _("转图片要用 poppler 的 pdftoppm，这台电脑上没有。可以先转成 PDF，或在 WPS 里另存为图片。")
        )
    with tempfile.TemporaryDirectory(prefix="tracker-", ignore_cleanup_errors=True) as folder:
        page = _pdf(Path(folder), word)
        picture = page.with_suffix("")
        _run([painter, "-png", "-singlefile", "-r", str(DOTS_PER_INCH), str(page), str(picture)])
        return _made(picture.with_suffix(".png"))


def _pdf(folder: Path, word: bytes) -> Path:
    office = next((found for name in OFFICES if (found := shutil.which(name))), None)
    office = office or next((place for place in USUAL_PLACES if Path(place).is_file()), None)
    if office is None:
        raise CannotConvert(_("转 PDF 要用 LibreOffice，这台电脑上没有。可以先写成 .docx，用 WPS 或 Word 另存为 PDF。"))
    source = folder / "paper.docx"
    source.write_bytes(word)
    profile = (folder / "profile").as_uri()
    _run([
        office, f"-env:UserInstallation={profile}", "--headless", "--norestore",
        "--convert-to", "pdf", "--outdir", str(folder), str(source),
    ])  # fmt: skip
    target = source.with_suffix(".pdf")
    _made(target)
    return target


def _run(command: Sequence[str]) -> None:
    """Run a program to its end, or end it and what it started."""
    name = Path(command[0]).stem
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell, our own words
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        raise CannotConvert(_("{name} 没有转成：{why}。", name=name, why=error.strerror)) from None
    try:
        _out, said = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        _end(process)
        raise CannotConvert(_("{name} 用了 {n} 秒还没有转好，已停止。", name=name, n=SECONDS)) from None
    if process.returncode:
        last = (said.decode(errors="replace").strip().splitlines() or [str(process.returncode)])[-1]
        raise CannotConvert(_("{name} 没有转成：{why}。", name=name, why=plain(last)))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program; LibreOffice's own starter leaves the office behind, hence the whole group."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _made(target: Path) -> bytes:
    """The bytes of what should have been made: LibreOffice ends well even where it made nothing."""
    if not target.is_file():
        raise CannotConvert(_("没有转成 {ending}，文件可能打不开。", ending=target.suffix[1:].upper()))
    return target.read_bytes()


def _undated(written: bytes) -> bytes:
    """The PDF without its moment: what stood for it now comes from the content."""
    return _stamped(written, sha256(_stamped(written, "0" * 64)).hexdigest())


def _stamped(written: bytes, digest: str) -> bytes:
    """The PDF with other ids; each is as long as the one it replaces, so that the offsets in the file stay true."""
    stamp = digest[:32].upper().encode()
    stamped = re.sub(rb"(/CreationDate\(D:)\d{14}", rb"\g<1>20260101000000", written)
    stamped = re.sub(rb"(/ID \[ <)[0-9A-F]{32}(>\s*<)[0-9A-F]{32}>", rb"\g<1>%b\g<2>%b>" % (stamp, stamp), stamped)
    return re.sub(rb"(/DocChecksum /)[0-9A-F]{32}", rb"\g<1>" + stamp, stamped)
