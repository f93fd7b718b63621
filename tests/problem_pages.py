"""Keep the problems' pages in step with the faulty files: ``python tests/problem_pages.py`` after changing either.

Writes ``status/problems.md`` and the same in English, which ``tracker explain`` prints from: one set of files, one
renderer, each language by the headers of the files and the program's own words. ``test_bad`` fails while a page is
behind.
"""

import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bad_files import BadFile, bad_files, found_in, workspace

from tracker.explain import page_file
from tracker.language import speaks, use
from tracker.problems import Problem
from tracker.repair import repaired
from tracker.source import parse
from tracker.terminal import print_problem

INTRODUCTION = """\
# 问题一览

检查出的每个问题都有编号。E 开头的是错误：有错的那一条（或那一份）暂不计入，改好再报。
W 开头的是提示：请看一看，照常计入。
`tracker explain E07` 显示一个编号的说明；`tracker check --fix` 自动改好能确定的，原文件另存一份。

本文件由 `python tests/problem_pages.py` 从 `tests/bad/` 里的文件生成，每个例子都实际运行过；请不要直接修改。
"""

ENGLISH = """\
# The problems

Each problem has a code. E is an error: the entry (or the file) that has it does not count until it is put right.
W is a finding: worth a look, and the entry counts all the same.
`tracker explain E07` shows one page; `tracker check --fix` puts right what is certain and keeps the file as it was.

Written by `python tests/problem_pages.py` from the files of `tests/bad/`, each of which has been run; not to be edited.
"""


@dataclass(frozen=True)
class Words:
    """The pages' own words in one language; the first three are the names of a faulty file's headers."""

    title: str
    says: str
    do: str
    introduction: str
    table: str
    to_do: str
    instead: str
    as_follows: str
    repaired: str
    stop: str
    """How a sentence ends."""


IN = {
    "zh": Words(
        "题目", "说明", "改法", INTRODUCTION, "| 编号 | 意思 |", "改法：{do}", "改成：", "写成：",
        "`tracker check --fix` 会自动改好。", "。",
    ),
    "en": Words(
        "title", "says", "do", ENGLISH, "| code | meaning |", "What to do: {do}", "Write instead:", "So:",
        "`tracker check --fix` puts it right.", ".",
    ),
}  # fmt: skip


def pages(language: str) -> str:
    """The text of all pages in a language."""
    words = IN[language]
    # The headers are those of the whole file; the lines that hold them are not shown.
    files = [(file.header, file.bare()) for file in bad_files()]
    before = speaks()
    use(language)
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = found_in([file for _header, file in files], workspace(Path(folder)))
        sections = [(code, list(group)) for code, group in groupby(files, key=lambda file: file[1].code)]
        titles = {code: group[0][0][words.title] for code, group in sections}
        index = [f"| [{code}](#{code.lower()}-{_anchor(title)}) | {title} |" for code, title in titles.items()]
        table = "\n".join([words.table, "| --- | --- |", *index]) + "\n"
        parts = [_section(words, f"{code} {titles[code]}", group, found) for code, group in sections]
    finally:
        use(before)
    return "\n".join([words.introduction, table, *parts])


def _anchor(title: str) -> str:
    """A heading's address, as GitHub makes it."""
    return re.sub(r"[^\w-]", "", title.replace(" ", "-")).lower()


Described = tuple[dict[str, str], BadFile]
"""A faulty file without its description, and the description."""


def _section(words: Words, title: str, files: Sequence[Described], found: dict[str, list[Problem]]) -> str:
    parts = [f"## {title}\n"]
    for header, file in files:
        problems = [p for p in found[file.name] if p.code == file.code]
        says = header[words.says]
        parts.append(f"{says}\n" if len(files) == 1 else f"### {says.removesuffix(words.stop)}\n")
        parts += _example(words, header.get(words.do, ""), file, problems)
    return "\n".join(parts)


def _example(words: Words, do: str, file: BadFile, problems: Sequence[Problem]) -> Iterator[str]:
    """One faulty file: the lines, the problem as printed, what to write."""
    block = _block(file, problems[0])
    if block:
        yield _fenced("toml", block)
    said = io.StringIO()
    for problem in problems:
        print_problem(said, problem)
    yield _fenced("text", said.getvalue().rstrip())
    if do:
        yield f"{words.to_do.format(do=do)}\n"
    if file.fix:
        yield f"{words.as_follows if do else words.instead}\n"
        yield _fenced("toml", "\n".join(file.fix))
    written, done = repaired(file.content)
    if done and not any(p.code == file.code for p in parse(written, "").problems):
        yield f"{words.repaired}\n"


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```\n"


def _block(file: BadFile, problem: Problem) -> str:
    """The lines around a problem, up to the blank lines; nothing where it is about the file as a whole."""
    if not problem.excerpt:
        return ""
    lines = file.text.split("\n")
    first = last = problem.place.line - 1
    while first > 0 and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    return "\n".join(lines[first : last + 1])


def main() -> None:
    """Write the pages."""
    for language in IN:
        page_file(language).write_text(pages(language), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
