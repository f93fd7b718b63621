"""A TOML file: its bytes, its data, and the place of each value.

Reading never raises for what is in the file. Windows habits that can be undone with certainty
(a byte-order mark, CRLF, GB18030, the UTF-16 that Notepad calls Unicode) are undone with a finding;
what then still is no TOML is for ``syntax`` to name.
"""

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from tracker import toml
from tracker.brackets import is_too_deep
from tracker.language import _, mark
from tracker.problems import Place, Problem
from tracker.syntax import listed_tables, load, readable_lines

LARGEST = 4 * 1024 * 1024
"""Bytes; a month's file of a county is some 15 kB."""

Keys = tuple[str | int, ...]

_OTHER_FILES = (
    (b"PK\x03\x04", mark("这是 Word、Excel 或 WPS 文件，不是文本文件；改文件名不能改变内容。")),
    (b"\xd0\xcf\x11\xe0", mark("这是 Word、Excel 或 WPS 文件，不是文本文件；改文件名不能改变内容。")),
    (b"%PDF-", mark("这是 PDF 文件，不是文本文件；改文件名不能改变内容。")),
    (b"\x89PNG", mark("这是图片，不是文本文件；改文件名不能改变内容。")),
    (b"\xff\xd8\xff", mark("这是图片，不是文本文件；改文件名不能改变内容。")),
)
"""How files begin that are often renamed to ``.toml``; no text begins so."""


@dataclass(frozen=True)
class Source:
    """One file as read: always there, with whatever could be understood."""

    file: str
    """The path as people are shown it."""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    digest: str = ""
    """sha256 of the bytes, hexadecimal."""
    left_out: frozenset[int] = frozenset()
    """Lines that could not be read; ``data`` is what the other lines say and what these probably
    meant, good for finding further mistakes but never for counting."""
    meant: Mapping[int, str] = field(default_factory=dict)
    """What was read in place of a line left out, where there is something."""

    located: Mapping[Keys, Place] = field(default_factory=dict)
    """Where each value stands, for sources that are no text."""

    @property
    def is_whole(self) -> bool:
        """Whether every line could be read."""
        return bool(self.data) and not self.left_out

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines."""
        return self.text.split("\n")

    @cached_property
    def _nodes(self) -> Any:
        """Where each key and value of the text that could be read is written; None where the reader cannot tell."""
        lists = listed_tables(self.lines) if self.left_out else ()
        return toml.nodes("\n".join(readable_lines(self.lines, self.left_out, self.meant, lists)))

    def place(self, keys: Sequence[str | int] = ()) -> Place:
        """Where the value at ``keys`` is written; of what is not there, its nearest parent."""
        if self.located:
            return next(
                self.located[tuple(keys[:n])] for n in range(len(keys), -1, -1) if tuple(keys[:n]) in self.located
            )
        if not keys or not self.data or self._nodes is None:
            return Place(self.file, 1 if self.text else 0)
        line, column = toml.position(self._nodes, keys)
        written = self.lines[line - 1].encode()[: column - 1].decode(errors="ignore")
        return Place(self.file, line, len(written) + 1)

    def problem(self, keys: Sequence[str | int], code: str, message: str, hint: str = "") -> Problem:
        """A problem with the value at ``keys``."""
        return self.problem_at(self.place(keys), code, message, hint)

    def problem_at(self, place: Place, code: str, message: str, hint: str = "") -> Problem:
        """A problem at a known place, with the line as its excerpt."""
        excerpt = self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""
        return Problem(place, code, message, hint, excerpt)


def read(path: Path, shown: str = "") -> Source:
    """The file at ``path``, called ``shown`` in problems. A file that is missing or no file is a problem too."""
    shown = shown or str(path)
    try:
        if path.stat().st_size > LARGEST:
            return _refused(shown, _("文件过大（超过 {size} MB），不像一份填报文件。", size=LARGEST // 2**20))
        content = path.read_bytes()
    except FileNotFoundError:
        return _refused(shown, _("找不到这个文件。"), _("请核对路径和文件名。"))
    except IsADirectoryError:
        return _refused(shown, _("这是一个文件夹，不是文件。"), _("请写出文件夹里的文件名。"))
    except OSError as error:
        return _refused(shown, _("文件读不出来：{why}。", why=error.strerror or type(error).__name__))
    return parse(content, shown)


def parse(content: bytes, shown: str) -> Source:
    """The bytes of a file as a ``Source``; no bytes make it raise."""
    digest = sha256(content).hexdigest()
    repairs = []
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
        repairs.append(_("文件开头有字节顺序标记（BOM），已按无标记读取。"))
    if is_utf16(content):
        content = content.decode("utf-16").encode()
        repairs.append(_("文件是 UTF-16 编码（记事本的“Unicode”），已转换读取；建议另存为 UTF-8。"))
    other = next((message for start, message in _OTHER_FILES if content.startswith(start)), "")
    if other:
        return _refused(shown, _(other), _("请用 tracker form 生成本单位本月的表，把内容填进去。"), digest)
    if b"\0" in content:
        return _refused(
            shown, _("文件里有空字节，不是文本文件。"), _("请用记事本或 WPS 文字另存为纯文本（UTF-8）。"), digest
        )
    try:
        text = content.decode()
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            return _refused(
                shown, _("文字编码既不是 UTF-8 也不是 GBK。"), _("请用记事本“另存为”，编码选 UTF-8。"), digest
            )
        repairs.append(_("文件是 GBK 编码，已转换读取；建议另存为 UTF-8。"))
    text = text.replace("\r\n", "\n")
    notices = tuple(Problem(Place(shown, 1, 1), "W01", message) for message in repairs)
    if is_too_deep(text):
        return _refused(shown, _("括号嵌套过深，无法读取。"), "", digest)
    data, problems, left_out, meant = load(text, shown)
    return Source(shown, text, data, (*notices, *problems), digest, left_out, meant)


def is_utf16(content: bytes) -> bool:
    """Whether the bytes are what Notepad writes as "Unicode": marked as UTF-16, and nothing else."""
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    try:
        content.decode("utf-16")
    except UnicodeDecodeError:
        return False
    return True


def _refused(shown: str, message: str, hint: str = "", digest: str = "") -> Source:
    return Source(shown, problems=(Problem(Place(shown), "E01", message, hint),), digest=digest)
