"""What all commands have in common: how they are declared, the clocks, which rows, JSON."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Protocol

from tracker.calls import Exit
from tracker.language import LANGUAGES, _
from tracker.terminal import columns
from tracker.usage.kinds import day, moment

MARGIN = 2
"""Columns that argparse leaves free."""


class Page(argparse.RawDescriptionHelpFormatter):
    """A help page. argparse makes one for each argument, and would load ``shutil`` to measure the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns() - MARGIN)


class Parser(argparse.ArgumentParser):
    """argparse, with our pages, ending as our commands end."""

    def __init__(self, *, formatter_class: type[Page] = Page, **options: Any) -> None:
        super().__init__(formatter_class=formatter_class, **options)

    def error(self, message: str) -> NoReturn:
        """Usage mistakes: one sentence and where help is."""
        self.exit(Exit.USAGE, _("{message}\n用 {prog} --help 查看用法。\n", message=message, prog=self.prog))


class Adder(Protocol):
    """Declares a command: the function that runs it, what it does, an example, what it shares."""

    def __call__(self, run: str, words: str, example: str, *parents: Parser) -> Parser:
        """The command's own parser."""


class Parents(NamedTuple):
    """Arguments that several commands share."""

    common: Parser
    clocks: Parser
    rows: Parser
    as_json: Parser


Declare = Callable[[Adder, Parents], None]
"""Declares one command and its own arguments."""


def parents() -> Parents:
    """The shared arguments, in the language in use."""
    common = Parser(add_help=False)
    common.add_argument("--workspace", "-C", type=Path, metavar=_("文件夹"), help=_("工作区，默认从当前文件夹向上找"))
    common.add_argument("--programme", "-P", metavar=_("行动"), help=_("行动的编号；不写时按单位、月份推定"))
    common.add_argument("--lang", choices=LANGUAGES, help=_("界面语言"))
    clocks = Parser(add_help=False)
    clocks.add_argument("--as-of", type=day, metavar=_("日期"), help=_("按哪一天评判逾期，默认今天"))
    clocks.add_argument("--known-by", type=moment, metavar=_("时刻"), help=_("只算这一时刻之前知道的，默认现在"))
    rows = Parser(add_help=False)
    rows.add_argument("--plan", metavar=_("方案"), help=_("只看一个方案，例如 mine"))
    rows.add_argument("--unit", metavar=_("单位"), help=_("只看一个单位，例如 chiping"))
    rows.add_argument("--level", choices=["enterprise", "park", "county", "city"], help=_("只看一个层级的责任"))
    rows.add_argument("--owner", metavar=_("文字"), help=_("责任单位或责任人含这些字"))
    as_json = Parser(add_help=False)
    as_json.add_argument("--json", action="store_true", help=_("输出 JSON"))
    return Parents(common, clocks, rows, as_json)
