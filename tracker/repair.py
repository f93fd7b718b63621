"""``fix``: the mistakes of a file that can mean only one thing, put right in the file itself.

What a text in proper quotes says is never touched, and a line is only changed where it
cannot be read as it stands and can be read afterwards. The file as it was stays beside it.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from tracker import writing
from tracker.brackets import long_texts
from tracker.language import _, mark
from tracker.lines import LONGEST, damaged_header, dates, first_wide, signs
from tracker.months import month_of
from tracker.problems import listed
from tracker.source import Source, is_utf16, parse
from tracker.submissions import STATES
from tracker.syntax import listed_tables
from tracker.toml import is_toml

BOM = "\ufeff"

MOST_ROUNDS = 5
"""A repair may uncover the next; a file that needs more is no report but an accident."""


MOST_LINES = 20_000
"""A county's month has some three hundred."""


def repaired(content: bytes) -> tuple[bytes, list[str]]:
    """The bytes with all that is certain put right, and what was done, line by line. No bytes make it raise."""
    source = parse(content, "")
    if any(problem.code == "E01" for problem in source.problems):
        return content, []
    text = re.sub(r"\r+\n", "\n", source.text).lstrip(BOM)
    if text.count("\n") > MOST_LINES:
        return content, []
    mended = _mended(text)
    if not _read(mended).data:
        # Nothing of it can be understood: it may be anything.
        return content, []
    written = mended.encode()
    return written, [*_done_to_the_file(content), *_done_to_lines(text, mended)] if written != content else []


def fix_file(path: Path) -> list[str]:
    """Repair a file and keep it as it was beside it, as ``<name>.orig``; what was done, nothing if all was well.

    ``OSError`` where the file cannot be read or written.
    """
    content = path.read_bytes()
    written, done = repaired(content)
    if done:
        _keep(path, content)
        writing.replace(path, written)
    return done


def _keep(path: Path, content: bytes) -> None:
    copy, n = path.with_name(f"{path.name}.orig"), 1
    while True:
        try:
            writing.create(copy, content)
        except FileExistsError:
            n += 1
            copy = path.with_name(f"{path.name}.orig.{n}")
        else:
            return


def _read(text: str) -> Source:
    return parse(text.encode(), "")


def _done_to_the_file(content: bytes) -> Iterator[str]:
    if content.startswith(BOM.encode()):
        yield _("整个文件：删去了开头的字节顺序标记（BOM）。")
    if is_utf16(content):
        yield _("整个文件：由 UTF-16 编码改成了 UTF-8。")
        content = content.decode("utf-16").encode()
    try:
        content.decode()
    except UnicodeDecodeError:
        yield _("整个文件：由 GBK 编码改成了 UTF-8。")
    if b"\r\n" in content:
        yield _("整个文件：换行由 CRLF 改成了 LF。")


def _done_to_lines(before: str, after: str) -> Iterator[str]:
    lists = listed_tables(before.split("\n"))
    for n, (line, written) in enumerate(zip(before.split("\n"), after.split("\n"), strict=True), 1):
        if line.rstrip() == written and line != written:
            yield _("第 {n} 行：删去了行尾的空格。", n=n)
        elif line != written:
            what = listed(_(words) for words, _line in _steps(line, lists))
            yield _("第 {n} 行：{what}。改成：{line}", n=n, what=what, line=written.strip())


# --- a text, until nothing changes ---


def _mended(text: str) -> str:
    """The text with every certain repair; as it was where that would not come to an end."""
    mended = text
    for _round in range(MOST_ROUNDS):
        further = _with_lines_mended(_without_trailing_spaces(mended))
        if further == mended:
            return mended
        mended = further
    return text


def _without_trailing_spaces(text: str) -> str:
    """The text without spaces at the ends of lines, where they say nothing."""
    said = {n for lines in long_texts(text) for n in lines[:-1]}
    lines = [line if n in said else line.rstrip(" \t") for n, line in enumerate(text.split("\n"), 1)]
    stripped = "\n".join(lines)
    # In a damaged file it may not be evident where a text ends.
    return stripped if stripped == text or _says(stripped) == _says(text) else text


def _says(text: str) -> tuple[str, Collection[int]]:
    source = _read(text)
    return repr(source.data), source.left_out


def _with_lines_mended(text: str) -> str:
    lines = text.split("\n")
    mended = _candidates(text, lines)
    for _round in range(MOST_ROUNDS):
        if not mended:
            return text
        written = "\n".join(mended.get(n, line) for n, line in enumerate(lines, 1))
        unread = _read(written).left_out & mended.keys()
        if not unread:
            return written
        mended = {n: line for n, line in mended.items() if n not in unread}
    return text


def _candidates(text: str, lines: Sequence[str]) -> Mapping[int, str]:
    """The lines that cannot be read alone, and can be once they are mended."""
    kept = {n for long in long_texts(text) for n in long}
    lists = listed_tables(lines)
    found = {}
    for n, line in enumerate(lines, 1):
        if n in kept or len(line) > LONGEST:
            continue
        *_steps_before, (_words, fixed) = [("", line), *_steps(line, lists)]
        if fixed != line and not is_toml(line) and is_toml(fixed):
            found[n] = fixed
    return found


# --- a line, step by step ---


def _steps(line: str, lists: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each repair that changes the line: its words, and the line after it."""
    steps: tuple[tuple[str, Callable[[str], str]], ...] = (
        (mark("中文（全角）符号改成英文符号"), lambda line: _ascii(line, lists)),
        (mark("日期写成“年-月-日”"), dates),
        (mark("状态加上英文引号"), _state_in_quotes),
        (mark("月份加上英文引号"), _month_in_quotes),
    )
    for words, step in steps:
        fixed = step(line)
        if fixed != line:
            yield words, fixed
            line = fixed


def _ascii(line: str, lists: Collection[str]) -> str:
    if first_wide(line) < 0:
        return line
    meant = damaged_header(line, lists)
    return meant.line if meant is not None else signs(line).rstrip()


_STATE = re.compile(r"(\s*state\s*=\s*)([\w-]+)(\s*(?:#.*)?)$")
_MONTH = re.compile(r"(\s*month\s*=\s*)(\d{4})\s*[-年/.]\s*(\d{1,2})(?:\s*月)?(\s*(?:#.*)?)$")


def _state_in_quotes(line: str) -> str:
    found = _STATE.match(line)
    is_known = found and found[2] in (*STATES, *STATES.values())
    return f'{found[1]}"{found[2]}"{found[3]}' if found and is_known else line


def _month_in_quotes(line: str) -> str:
    found = _MONTH.match(line)
    month = f"{found[2]}-{found[3]:0>2}" if found else ""
    return f'{found[1]}"{month}"{found[4]}' if found and month_of(month) else line
