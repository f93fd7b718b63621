"""A TOML file: its bytes, its data, and the place of each value.

Reading never raises for what is in the file. toml-rs reads (fast, and it knows places);
where its wheel is missing, the standard library's reader gives the same data and only the
place of a syntax error. Windows habits that can be undone with certainty (a byte-order
mark, CRLF, GB18030) are undone with a finding.
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
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

DEEPEST = 50
"""Tables and lists inside one another; deeper nesting is an attack or an accident, not a report."""

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
        """toml-rs's tree of keys and values with their places."""
        readable = "\n".join(_without(self.lines, self.left_out))
        return toml_rs.load_with_metadata(readable, toml_version="1.0.0").meta["nodes"]

    def place(self, keys: Sequence[str | int] = ()) -> Place:
        """Where the value at ``keys`` is written; of what is not there, its nearest parent."""
        if self.located:
            return next(
                self.located[tuple(keys[:n])] for n in range(len(keys), -1, -1) if tuple(keys[:n]) in self.located
            )
        if toml_rs is None or not keys or not self.data:
            return Place(self.file, 1 if self.text else 0)
        node = self._nodes
        found = (1, 1)
        for key in keys:
            if _is_written(node):
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
    if text.count("[") + text.count("{") + text.count(".") > DEEPEST and _nesting(text)[1] > DEEPEST:
        return _refused(shown, _("括号嵌套过深，无法读取。"), "", digest)
    data, problems, left_out = _load(text, shown)
    return Source(shown, text, data, (*notices, *problems), digest, left_out)


def _refused(shown: str, message: str, hint: str = "", digest: str = "") -> Source:
    return Source(shown, problems=(Problem(Place(shown), "E01", message, hint),), digest=digest)


_TOKEN = re.compile(
    r'"{3}(?:\\[\s\S]|[^\\])*?(?:"{3,5}|\Z)'
    r"|'{3}[\s\S]*?(?:'{3,5}|\Z)"
    r'|"(?:\\.|[^"\\\n])*"?'
    r"|'[^'\n]*'?"
    r"|#[^\n]*|[\[\]{},\n]|\.+"
)
"""Texts and comments whole, and the signs that nest; an unfinished text ends with its line, as readers see it."""

_STATEMENT = re.compile(r"""\s*(?:[\w."'-]+\s*=|\[+[\w.-]+\]+\s*(?:#.*)?$)""")
_HEADER = re.compile(r"\s*([\[【［]+)\s*([\w.-]+)\s*([\]】］]*)\s*(?:#.*)?$")
_LONG = ('"""', "'''")
_WHERE = re.compile(r"line (\d+), column (\d+)")


def _nesting(text: str) -> tuple[list[int], int]:
    """Where the brackets (or the long quotes) that ``text`` leaves open begin, and how deep it went.

    Never less deep than a reader goes: a bracket that does not fit closes nothing, and the
    dots of a name count, for each makes a table.
    """
    opened: list[tuple[int, int]] = []
    depth = dots = deepest = 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            opened.append((token.start(), dots + 1))
            depth, dots = depth + dots + 1, 0
        elif sign in "]}":
            if opened and text[opened[-1][0]] + sign in ("[]", "{}"):
                depth -= opened.pop()[1]
            dots = 0
        elif sign in ",\n":
            dots = 0
        elif sign[0] == ".":
            dots += 1
        elif sign[:3] in _LONG and not sign[3:].endswith(sign[:3]):
            return [token.start()], deepest
        deepest = max(deepest, depth + dots)
    return [start for start, _weight in opened], deepest


MOST_SYNTAX_PROBLEMS = 50
"""After so many unreadable lines the file is not a TOML file at all."""


def _load(text: str, shown: str) -> tuple[Mapping[str, Any], list[Problem], frozenset[int]]:
    """The data, every syntax problem, and the lines that had to be left out to read on."""
    lines = text.split("\n")
    problems: list[Problem] = []
    left_out: set[int] = set()
    while len(problems) < MOST_SYNTAX_PROBLEMS:
        readable = _without(lines, left_out)
        try:
            return _data("\n".join(readable)), problems, frozenset(left_out)
        except ValueError as error:
            problem = _syntax_problem(error, lines, shown)
            unread = _left_open(readable, problem.place.line) if "scape" not in str(error) else range(0)
            if unread:
                problem = _open_problem(unread[0], lines, shown)
            elif problem.place.line in left_out:
                break
            problems.append(problem)
            left_out.update(unread or (problem.place.line,))
    return {}, problems, frozenset(left_out)


def _data(text: str) -> Mapping[str, Any]:
    if toml_rs is None:
        return tomllib.loads(text)
    try:
        return toml_rs.loads(text, toml_version="1.0.0")
    except ValueError as error:
        if _WHERE.search(str(error)):
            raise
    # A date that no calendar has (the year 0): toml-rs does not say where.
    return tomllib.loads(text)


def _without(lines: Sequence[str], left_out: Collection[int]) -> list[str]:
    """The lines with those left out emptied; for a damaged header the one it was meant to be.

    Without it the next entry's lines would fall to the one before, and each be called a
    name written twice.
    """
    if not left_out:
        return list(lines)
    arrays = {found[2] for line in lines if (found := _HEADER.match(line)) and found[1] == "[["}
    readable = list(lines)
    for n in left_out:
        found = _HEADER.match(lines[n - 1])
        meant = ""
        if found:
            is_array = found[2] in arrays or max(len(found[1]), len(found[3])) > 1
            meant = f"[[{found[2]}]]" if is_array else f"[{found[2]}]"
        readable[n - 1] = meant if meant != lines[n - 1].strip() else ""
    return readable


def _left_open(lines: Sequence[str], wrong: int) -> range:
    """The lines of a bracket, or of long quotes, whose missing end is why reading failed on line ``wrong``.

    A bracket wants its end where a statement begins inside it, or the file ends. Without
    this every good line after the open one would be called wrong.
    """
    before = "\n".join(lines[: wrong - 1])
    opened, _deepest = _nesting(before)
    if not opened:
        return range(0)
    is_end = not any(line.strip() for line in lines[wrong:])
    if before[opened[0]] in "[{" and not is_end and not _STATEMENT.match(lines[wrong - 1]):
        return range(0)
    first = before.count("\n", 0, opened[0]) + 1
    return range(first, next((n for n in range(first + 1, wrong + 1) if _STATEMENT.match(lines[n - 1])), wrong + 1))


def _open_problem(line: int, lines: Sequence[str], shown: str) -> Problem:
    excerpt = lines[line - 1]
    column, opener = next((m.start() + 1, m[0]) for m in re.finditer(r"""["']{3}|[\[{]""", excerpt))
    if opener not in ("[", "{"):
        reason, hint = _("引号没有配对。"), _('文字两头都要有英文引号："……"。')
    else:
        reason, hint = _("括号没有配对。"), _("请在这一项的末尾补上英文括号。")
    return Problem(Place(shown, line, column), "E02", reason, hint, excerpt)


def _is_written(node: Any) -> bool:
    """Whether a node of toml-rs's metadata says where something is written; a table by its names alone does not."""
    return isinstance(node, dict) and any(isinstance(node.get(raw), str) for raw in ("key_raw", "value_raw"))


def _position(node: Any) -> tuple[int, int] | None:
    """Line and column in bytes of a node of toml-rs's metadata; its value's where that starts on a line."""
    if not isinstance(node, dict):
        return None
    if not _is_written(node):
        return next((found for inner in node.values() if (found := _position(inner))), None)
    if isinstance(node["value"], list) and "value_line" not in node:
        return _position(node["value"][0])
    begins = [node[key] for key in ("value_line", "value_col")]
    line, column = (first[0] if isinstance(first, tuple) else first for first in begins)
    return int(line), int(column)


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
    where = _WHERE.search(said)
    line, column = (int(where[1]), int(where[2])) if where else (len(lines), 1)
    excerpt = lines[min(line, len(lines)) - 1]
    if not isinstance(error, tomllib.TOMLDecodeError):
        column = _column(error, line) or column
    column = min(column, len(excerpt) + 1)
    reason, hint = next(
        ((_(reason), _(hint)) for words, reason, hint in _REASONS if re.search(words, said)),
        (_("这一行不符合书写格式。"), _("每行写成“名称 = 值”。")),
    )
    wide = _full_width(excerpt)
    if wide and reason != _("日期不存在或写法不对。"):
        reason = _("用了中文（全角）符号“{wide}”。", wide=wide)
        hint = _("改成英文符号：{fixed}", fixed=_TEXT_OR_SIGN.sub(_half_width, excerpt).strip())
    return Problem(Place(shown, line, column), "E02", reason, hint, excerpt)


def _column(error: Any, line: int) -> int:
    """The column in characters: of toml-rs's error only ``pos``, in bytes, can be trusted under Chinese text."""
    *above, before = error.doc.encode()[: error.pos].decode(errors="ignore").split("\n")
    return len(before) + 1 if len(above) + 1 == line else 0


_TEXT = r"""("(?:\\.|[^"\\])*"|'[^']*'|#.*)"""
_TEXT_OR_SIGN = re.compile(_TEXT + r"""|["“”‘’]([^"“”‘’]*)["“”‘’]|.""")


def _full_width(line: str) -> str:
    """The first full-width sign where an ASCII one belongs: not in a text, save for the quotes that should end it."""
    bare, _quote, text = re.sub(_TEXT, "", line).partition('"')
    ends = text.rstrip()[-1:] if text.rstrip().endswith(("“", "”")) else ""
    return next((c for c in bare if c in _FULL_WIDTH), ends)


def _half_width(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    return _FULL_WIDTH.get(found[0], found[0]) if found[2] is None else f'"{found[2]}"'
