"""Keep the problems' pages in step with the faulty files: ``python tests/problem_pages.py`` after changing either.

Writes ``status/problems.md``, which ``tracker explain`` prints from. ``test_bad`` fails while it is behind.
"""

import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from bad_files import BadFile, bad_files, found_in, workspace

from tracker.problems import Problem
from tracker.repair import repaired
from tracker.source import parse
from tracker.terminal import print_problem

PAGES = Path(__file__).parent.parent / "status" / "problems.md"

INTRODUCTION = """\
# 问题一览

检查出的每个问题都有编号。E 开头的是错误：有错的那一条（或那一份）暂不计入，改好再报。
W 开头的是提示：请看一看，照常计入。
`tracker explain E07` 显示一个编号的说明；`tracker check --fix` 自动改好能确定的，原文件另存一份。

本文件由 `python tests/problem_pages.py` 从 `tests/bad/` 里的文件生成，每个例子都实际运行过；请不要直接修改。
"""


def pages() -> str:
    """The text of ``status/problems.md``."""
    files = [file.bare() for file in bad_files()]
    with tempfile.TemporaryDirectory() as folder:
        found = found_in(files, workspace(Path(folder)))
    sections = [(code, list(group)) for code, group in groupby(files, key=lambda file: file.code)]
    index = [
        f"| [{code}](#{code.lower()}-{_anchor(group[0].header['题目'])}) | {group[0].header['题目']} |"
        for code, group in sections
    ]
    table = "\n".join(["| 编号 | 意思 |", "| --- | --- |", *index]) + "\n"
    return "\n".join([INTRODUCTION, table, *(_section(code, group, found) for code, group in sections)])


def _anchor(title: str) -> str:
    """A heading's address, as GitHub makes it."""
    return re.sub(r"[^\w-]", "", title.replace(" ", "-")).lower()


def _section(code: str, files: Sequence[BadFile], found: dict[str, list[Problem]]) -> str:
    parts = [f"## {code} {files[0].header['题目']}\n"]
    for file in files:
        problems = [p for p in found[file.name] if p.code == code]
        parts += _example(file, problems, alone=len(files) == 1)
    return "\n".join(parts)


def _example(file: BadFile, problems: Sequence[Problem], *, alone: bool) -> Iterator[str]:
    """One faulty file: the sentence, the lines, the problem as printed, what to write."""
    says = file.header["说明"]
    yield f"{says}\n" if alone else f"### {says.rstrip('。')}\n"
    block = _block(file, problems[0])
    if block:
        yield _fenced("toml", block)
    said = io.StringIO()
    for problem in problems:
        print_problem(said, problem)
    yield _fenced("text", said.getvalue().rstrip())
    if "改法" in file.header:
        yield f"改法：{file.header['改法']}\n"
    if file.fix:
        yield f"{'写成' if '改法' in file.header else '改成'}：\n"
        yield _fenced("toml", "\n".join(file.fix))
    written, done = repaired(file.content)
    if done and not any(p.code == file.code for p in parse(written, "").problems):
        yield "`tracker check --fix` 会自动改好。\n"


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
    PAGES.write_text(pages(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
