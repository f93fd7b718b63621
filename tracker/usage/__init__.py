"""The commands and their arguments: what may be typed, said in one place and loading nothing heavy."""

import argparse
from collections.abc import Mapping
from functools import partial

from tracker import __version__
from tracker.language import LANGUAGES, _
from tracker.usage import county, keeping, looking, month, papers
from tracker.usage.base import Declare, Parser, parents

COMMANDS: Mapping[str, Declare] = {
    name: declare for part in (looking, county, month, papers, keeping) for name, declare in part.COMMANDS.items()
}


def parser(asked: str = "") -> Parser:
    """The parser of the command line; each command's ``run`` names its module and function in ``tracker.commands``.

    Only of the command that is ``asked`` for, if it is one: all arguments of all take as long as starting Python.
    """
    top = Parser(
        prog="tracker",
        description=_("把多年行动方案的任务、责任、期限管起来：谁逾期了，为什么，每月 3 日前的报告。"),
        epilog=_("例：tracker overdue --as-of 2026-10-31　　tracker report 2026-10"),
    )
    top.add_argument("--version", action="version", version=f"tracker {__version__}")
    # Read before parsing, from wherever it stands.
    top.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=_("界面语言"))
    commands = top.add_subparsers(metavar=_("命令"), required=True, prog="tracker")
    shared = parents()

    def add(name: str, run: str, words: str, example: str, *own: Parser) -> Parser:
        found: Parser = commands.add_parser(
            name,
            help=words,
            description=words,
            parents=[shared.common, *own],
            epilog=_("例：{example}", example=example),
        )
        found.set_defaults(run=run)
        return found

    for name in (asked,) if asked in COMMANDS else COMMANDS:
        COMMANDS[name](partial(add, name), shared)
    return top
