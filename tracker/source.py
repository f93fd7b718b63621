"""A TOML file: its bytes, its data, and the place of each value.

Reading never raises for what is in the file. toml-rs reads (fast, and it knows places);
where its wheel is missing, the standard library's reader gives the same data and only the
place of a syntax error. Windows habits that can be undone with certainty (a byte-order
mark, CRLF, GB18030, the UTF-16 that Notepad calls Unicode) are undone with a finding.
"""

import codecs
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from tracker.language import _, mark
from tracker.lines import HEADER, Meant, closed, damaged_header, first_wide, guesses, header, wide_words
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
        """toml-rs's tree of keys and values with their places."""
        lists = listed_tables(self.lines) if self.left_out else ()
        readable = "\n".join(_readable(self.lines, self.left_out, self.meant, lists))
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
    unusual = _FLAT.sub("", text) if text.count("[") + text.count(".") > DEEPEST else text
    if sum(map(unusual.count, "[{.")) > DEEPEST - FLATTEST and _nesting(text)[1] > DEEPEST:
        return _refused(shown, _("括号嵌套过深，无法读取。"), "", digest)
    data, problems, left_out, meant = _load(text, shown)
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


_TOKEN = re.compile(
    r'"{3}(?:\\[\s\S]|[^\\])*?(?:"{3,5}|\Z)'
    r"|'{3}[\s\S]*?(?:'{3,5}|\Z)"
    r'|"(?:\\.|[^"\\\n])*"?'
    r"|'[^'\n]*'?"
    r"|#[^\n]*|[\[\]{},\n]|\.+"
)
"""Texts and comments whole, and the signs that nest; an unfinished text ends with its line, as readers see it."""

_FLAT = re.compile(
    r"""^(?:(?:\[\w++\]|\[\[\w++\]\]|[\w-]++[ ]=[ ]"""
    r"""(?:\[\n?(?:[ ]*+"[^"'\\\n]++",?\n?)*+\]|"[^"'\\\n]*+"|[\w:+-]++(?:\.\d++)?))?+\n)++""",
    re.MULTILINE,
)
"""The lines that most files are made of: a table's header, and a name with a text, a number, a day or a list of
texts. They close what they open and no text that began above, so only the other lines can nest. As many as follow
one another are found at once, and looked at once: nothing is taken back."""

FLATTEST = 2
"""How deep such a line goes."""

_STATEMENT = re.compile(r"""\s*(?:[\w."'-]+\s*=|\[+[\w.-]+\]+\s*(?:#.*)?$)""")
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


def long_texts(text: str) -> list[range]:
    """The lines of each text in long quotes; one without an end goes on to the last line."""
    found = []
    for token in _TOKEN.finditer(text):
        if token[0].startswith(_LONG):
            first = text.count("\n", 0, token.start()) + 1
            found.append(range(first, first + token[0].count("\n") + 1))
    return found


MOST_SYNTAX_PROBLEMS = 50
"""After so many unreadable lines the file is not a TOML file at all."""


def _load(text: str, shown: str) -> tuple[Mapping[str, Any], list[Problem], frozenset[int], Mapping[int, str]]:
    """The data, every syntax problem, the lines that had to be left out to read on, and what was read instead."""
    with suppress(ValueError):
        return _data(text), [], frozenset(), {}
    lines = text.split("\n")
    problems: list[Problem] = []
    left_out: set[int] = set()
    meant: dict[int, str] = {}
    lists: Collection[str] | None = None
    while len(problems) < MOST_SYNTAX_PROBLEMS:
        readable = _readable(lines, left_out, meant, lists or ())
        try:
            return _data("\n".join(readable)), problems, frozenset(left_out), meant
        except ValueError as error:
            line, said = _where_and_why(error, lines)
            lists = listed_tables(lines) if lists is None else lists
            if _DUPLICATE.search(said):
                line = _first_single(readable, line, lists)
            unread = _left_open(readable, line) if "scape" not in said else range(0)
            if line in meant:
                # What was guessed does not fit among the other lines.
                del meant[line]
                continue
            if unread:
                problem, fixed = _open_problem(unread, lines, shown)
            elif line in left_out:
                break
            else:
                problem, fixed = _syntax_problem(error, line, lines, lists, shown)
            problems.append(problem)
            left_out.update(unread or (line,))
            if fixed:
                meant[problem.place.line] = fixed
    return {}, problems, frozenset(left_out), {}


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


def _readable(
    lines: Sequence[str], left_out: Collection[int], meant: Mapping[int, str], lists: Collection[str]
) -> list[str]:
    """The lines with those left out as they were meant, or emptied where nobody can tell.

    A damaged header is never emptied: the next entry's lines would fall to the one before,
    and each be called a name written twice.
    """
    if not left_out:
        return list(lines)
    readable = list(lines)
    for n in left_out:
        table = header(lines[n - 1], lists)
        readable[n - 1] = meant.get(n) or (table if table != lines[n - 1].strip() else "")
    return readable


_KEY = re.compile(r"\s*([\w-]+)\s*=")


def listed_tables(lines: Iterable[str]) -> set[str]:
    """The names of tables that come one after the other: with two brackets anywhere, or twice with the same key."""
    found = set()
    seen: dict[str, set[str]] = {}
    table, keys = "", set[str]()
    for line in lines:
        if header := HEADER.match(line):
            seen.setdefault(table, set()).update(keys)
            table, keys = header[2], set()
            if len(header[1]) > 1:
                found.add(table)
        elif key := _KEY.match(line):
            keys.add(key[1])
            if key[1] in seen.get(table, ()) and "." not in table:
                found.add(table)
    return found


def _first_single(lines: Sequence[str], wrong: int, lists: Collection[str]) -> int:
    """Where the header on line ``wrong`` belongs to a list: the first of its name that says it is none.

    ``[update]`` before ``[[update]]`` is the mistake, though the reader stumbles over the second.
    """
    found = HEADER.match(lines[wrong - 1])
    if not found or found[2] not in lists:
        return wrong
    above = ((n, HEADER.match(line)) for n, line in enumerate(lines[:wrong], 1))
    return next((n for n, one in above if one and (one[1], one[2], one[3]) == ("[", found[2], "]")), wrong)


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


def _open_problem(unread: range, lines: Sequence[str], shown: str) -> tuple[Problem, str]:
    excerpt = lines[unread[0] - 1]
    column, opener = next((m.start() + 1, m[0]) for m in re.finditer(r"""["']{3}|[\[{]""", excerpt))
    if opener not in ("[", "{"):
        reason, hint, fixed = _("引号没有配对。"), _('文字两头都要有英文引号："……"。'), ""
    else:
        fixed = closed(excerpt) if len(unread) == 1 else ""
        reason, hint = _("括号没有配对。"), _("请在这一项的末尾补上英文括号。")
        if fixed and is_toml(fixed):
            hint = _("这样写：{line}", line=fixed.strip())
        else:
            fixed = ""
    return Problem(Place(shown, unread[0], column), "E02", reason, hint, excerpt), fixed


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


_DUPLICATE = re.compile("duplicate key|overwrite|twice")
_REASONS = (
    # (words of either reader, what a person reads, what to write instead)
    (_DUPLICATE, mark("这个名称在前面已经写过一次。"), mark("请删去一处，或合并到一处。")),
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


def _where_and_why(error: Exception, lines: Sequence[str]) -> tuple[int, str]:
    """The line a reader stopped at, and its reason: the last line of what it says, the others quote the file."""
    said = str(error)
    where = _WHERE.search(said)
    return int(where[1]) if where else len(lines), said.rstrip().rpartition("\n")[2]


def _syntax_problem(
    error: Exception, line: int, lines: Sequence[str], lists: Collection[str], shown: str
) -> tuple[Problem, str]:
    """What is wrong with ``line``, and what was probably meant."""
    stopped, said = _where_and_why(error, lines)
    excerpt = lines[min(line, len(lines)) - 1]
    meant = damaged_header(excerpt, lists) or (
        _written_before(lines, line) if _DUPLICATE.search(said) else _likely(excerpt)
    )
    if meant is None:
        meant = next(
            (Meant(_(reason), "", 0, _(hint)) for words, reason, hint in _REASONS if re.search(words, said)),
            Meant(_("这一行不符合书写格式。"), "", 0, _("每行写成“名称 = 值”。")),
        )
        wide = first_wide(excerpt)
        if wide >= 0:
            meant = Meant(wide_words(excerpt, wide), "", wide + 1, _("符号、数字和空格要用英文输入法。"))
    hint = meant.hint or _("这样写：{line}", line=meant.line.strip())
    column = meant.column or (_column(error, line) if line == stopped else 1)
    return Problem(Place(shown, line, min(column, len(excerpt) + 1)), "E02", meant.reason, hint, excerpt), meant.line


def _likely(line: str) -> Meant | None:
    """The likeliest of the guesses that is TOML, if the line is not."""
    if is_toml(line):
        return None
    return next((meant for meant in guesses(line) if not meant.line or is_toml(meant.line)), None)


def is_toml(line: str) -> bool:
    """Whether a line can be read alone, or as a line of a list."""
    if _nesting(line)[1] > DEEPEST:
        return False
    for text in (line, f"list = [\n{line.rstrip().removesuffix(']')}\n]"):
        try:
            _data(text)
        except ValueError:
            continue
        return True
    return False


def _written_before(lines: Sequence[str], wrong: int) -> Meant | None:
    """Where the name on line ``wrong`` is written already, in the same table."""
    table, key = HEADER.match(lines[wrong - 1]), _KEY.match(lines[wrong - 1])
    first = 0
    for n in range(wrong - 1, 0, -1):
        above = HEADER.match(lines[n - 1])
        if above and key:
            break
        found = above if table else _KEY.match(lines[n - 1])
        if found and (table or key) and found[2 if table else 1] == (table[2] if table else key[1] if key else ""):
            first = n
    if not first:
        return None
    name = lines[wrong - 1].strip() if table else key[1] if key else ""
    return Meant(_("“{name}”在第 {line} 行已经写过。", name=name, line=first), "", 0, _("请删去一处，或合并到一处。"))


def _column(error: Any, line: int) -> int:
    """The column in characters: of toml-rs's error only ``pos``, in bytes, can be trusted under Chinese text."""
    where = _WHERE.search(str(error))
    said = int(where[2]) if where else 1
    if isinstance(error, tomllib.TOMLDecodeError):
        return said
    *above, before = error.doc.encode()[: error.pos].decode(errors="ignore").split("\n")
    return len(before) + 1 if len(above) + 1 == line else said
