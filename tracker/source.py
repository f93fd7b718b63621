"""A TOML file: its bytes, its data, and the place of each value.

Reading never raises for what is in the file. toml-rs reads (fast, and it knows places);
where its wheel is missing, the standard library's reader gives the same data and only the
place of a syntax error. Windows habits that can be undone with certainty (a byte-order
mark, CRLF, GB18030) are undone with a finding.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from tracker.language import _, mark
from tracker.problems import Place, Problem

try:
    import toml_rs
except ImportError:  # pragma: no cover - covered by test_source with the import blocked
    toml_rs = None  # type: ignore[assignment]

LARGEST = 4 * 1024 * 1024
"""Bytes; a month's file of a county is some 15 kB."""

DEEPEST = 200
"""Brackets open at once; deeper nesting is an attack or an accident, not a report."""

Keys = tuple[str | int, ...]

_FULL_WIDTH = {"＝": "=", "，": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "【": "[", "】": "]", "［": "[", "］": "]",
               "｛": "{", "｝": "}", "＃": "#", "：": "="}  # fmt: skip
_FULL_WIDTH |= {chr(0xFF10 + n): str(n) for n in range(10)}


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
    """Lines that could not be read; ``data`` is what the other lines say, good for finding
    further mistakes but never for counting."""

    @property
    def is_whole(self) -> bool:
        """Whether every line could be read."""
        return bool(self.data) and not self.left_out

    @property
    def lines(self) -> list[str]:
        """The text's lines."""
        return self.text.split("\n")

    @property
    def _readable_text(self) -> str:
        return "\n".join("" if n in self.left_out else line for n, line in enumerate(self.lines, 1))

    def place(self, keys: Sequence[str | int] = ()) -> Place:
        """Where the value at ``keys`` is written; of what is not there, its nearest parent."""
        if toml_rs is None or not keys or not self.data:
            return Place(self.file, 1 if self.text else 0)
        node: Any = toml_rs.load_with_metadata(self._readable_text, toml_version="1.0.0").meta["nodes"]
        found = (1, 1)
        for key in keys:
            if isinstance(node, dict) and "value" in node:
                node = node["value"]
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError):
                break
            found = _position(node) or found
        line, column = found
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
    if _too_deep(text):
        return _refused(shown, _("括号嵌套过深，无法读取。"), "", digest)
    data, problems, left_out = _load(text, shown)
    return Source(shown, text, data, (*notices, *problems), digest, left_out)


def _refused(shown: str, message: str, hint: str = "", digest: str = "") -> Source:
    return Source(shown, problems=(Problem(Place(shown), "E01", message, hint),), digest=digest)


def _too_deep(text: str) -> bool:
    """Whether brackets pile up beyond ``DEEPEST`` on one line: a recursive reader's stack is not ours to spend."""
    return any(
        line.count("[") + line.count("{") > DEEPEST or line.count(".") > DEEPEST * 5 for line in text.split("\n")
    )


MOST_SYNTAX_PROBLEMS = 50
"""After so many unreadable lines the file is not a TOML file at all."""


def _load(text: str, shown: str) -> tuple[Mapping[str, Any], list[Problem], frozenset[int]]:
    """The data, every syntax problem, and the lines that had to be left out to read on."""
    lines = text.split("\n")
    problems: list[Problem] = []
    left_out: set[int] = set()
    while len(problems) < MOST_SYNTAX_PROBLEMS:
        readable = "\n".join("" if n in left_out else line for n, line in enumerate(lines, 1))
        try:
            data = toml_rs.loads(readable, toml_version="1.0.0") if toml_rs else tomllib.loads(readable)
        except (ValueError, RecursionError) as error:
            problem = _syntax_problem(error, lines, shown)
            if problem.place.line in left_out:
                break
            problems.append(problem)
            left_out.add(problem.place.line)
        else:
            return data, problems, frozenset(left_out)
    return {}, problems, frozenset(left_out)


def _position(node: Any) -> tuple[int, int] | None:
    """Line and column in bytes of a node of toml-rs's metadata; its value's where that starts on a line."""
    if not isinstance(node, dict):
        return None
    for line, column in (("value_line", "value_col"), ("key_line", "key_col")):
        if line in node:
            first = node[column]
            return int(node[line]), int(first[0] if isinstance(first, tuple) else first)
    if isinstance(node.get("value"), list) and node["value"]:
        return _position(node["value"][0])
    return next((found for inner in node.values() if (found := _position(inner))), None)


_REASONS = (
    # (words of either reader, what a person reads, what to write instead)
    ("duplicate key|overwrite|twice", mark("这个名称在前面已经写过一次。"), mark("请删去重复的一行，或合并到一处。")),
    ("invalid date|Invalid date", mark("日期不存在或写法不对。"), mark("日期写成 2026-10-31 这样，不加引号。")),
    (
        "basic string|literal string, expected|Unterminated",
        mark("引号没有配对。"),
        mark('文字两头都要有英文引号："……"。'),
    ),
    ("must be quoted|Invalid value", mark("文字没有加英文引号。"), mark('文字写在英文引号里，例如 state = "已完成"。')),
    (
        "unquoted key|Invalid statement",
        mark("等号左边的名称不对。"),
        mark("名称用英文字母，例如 state、done_on；不要用中文。"),
    ),
    ("key with no value|Expected '='", mark("名称后面缺少英文等号“=”。"), mark("写成“名称 = 值”，等号用英文输入法。")),
)


def _syntax_problem(error: Exception, lines: Sequence[str], shown: str) -> Problem:
    said = str(error)
    where = re.search(r"line (\d+), column (\d+)", said)
    line, column = (int(where[1]), int(where[2])) if where else (len(lines), 1)
    excerpt = lines[min(line, len(lines)) - 1]
    # toml-rs's colno counts characters, the text of both readers too.
    column = min(getattr(error, "colno", column), len(excerpt) + 1)
    reason, hint = next(
        ((_(reason), _(hint)) for words, reason, hint in _REASONS if re.search(words, said)),
        (_("这一行不符合书写格式。"), _("每行写成“名称 = 值”。")),
    )
    wide = next((c for c in excerpt if c in _FULL_WIDTH), "")
    if wide and reason != _("日期不存在或写法不对。"):
        reason = _("用了中文（全角）符号“{wide}”。", wide=wide)
        hint = _("改成英文符号：{fixed}", fixed="".join(_FULL_WIDTH.get(c, c) for c in excerpt).strip())
    return Problem(Place(shown, line, column), "E02", reason, hint, excerpt)
