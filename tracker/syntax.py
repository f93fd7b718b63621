"""Lines that no reader of TOML takes: what is wrong with each, what was probably meant, what can be read all the same.

One mistake is one problem: the reader stops at the first, so a line is left out, or read as it was
probably meant, and reading goes on.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from tracker.brackets import nesting
from tracker.language import _, mark
from tracker.lines import HEADER, Meant, closed, damaged_header, first_wide, guesses, header, wide_words
from tracker.problems import Place, Problem
from tracker.toml import column_of, is_toml, loads, where_and_why

_STATEMENT = re.compile(r"""\s*(?:[\w."'-]+\s*=|\[+[\w.-]+\]+\s*(?:#.*)?$)""")

MOST_SYNTAX_PROBLEMS = 50
"""After so many unreadable lines the file is not a TOML file at all."""


def load(text: str, shown: str) -> tuple[Mapping[str, Any], list[Problem], frozenset[int], Mapping[int, str]]:
    """The data, every syntax problem, the lines that had to be left out to read on, and what was read instead."""
    with suppress(ValueError):
        return loads(text), [], frozenset(), {}
    lines = text.split("\n")
    problems: list[Problem] = []
    left_out: set[int] = set()
    meant: dict[int, str] = {}
    lists: Collection[str] | None = None
    while len(problems) < MOST_SYNTAX_PROBLEMS:
        readable = readable_lines(lines, left_out, meant, lists or ())
        try:
            return loads("\n".join(readable)), problems, frozenset(left_out), meant
        except ValueError as error:
            line, said = where_and_why(error, lines)
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


def readable_lines(
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
    opened, _deepest = nesting(before)
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


def _syntax_problem(
    error: Exception, line: int, lines: Sequence[str], lists: Collection[str], shown: str
) -> tuple[Problem, str]:
    """What is wrong with ``line``, and what was probably meant."""
    stopped, said = where_and_why(error, lines)
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
    column = meant.column or (column_of(error, line) if line == stopped else 1)
    return Problem(Place(shown, line, min(column, len(excerpt) + 1)), "E02", meant.reason, hint, excerpt), meant.line


def _likely(line: str) -> Meant | None:
    """The likeliest of the guesses that is TOML, if the line is not."""
    if is_toml(line):
        return None
    return next((meant for meant in guesses(line) if not meant.line or is_toml(meant.line)), None)


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
