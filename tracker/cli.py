"""The commands, the clock, stdout, stderr and the exit code.

stdout is data, stderr is talk. 0 is well, 1 something was found where it was asked to judge
(or files are too broken to go on), 2 the command was not understood.
"""

import gettext
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path

from tracker import usage
from tracker.calls import Call, Exit, Stop
from tracker.clocks import CHINA
from tracker.language import LANGUAGES, LOCALE, _, speaks, use
from tracker.problems import FaultyError


def main(argv: Sequence[str] | None = None, now: datetime | None = None, here: Path | None = None) -> int:
    """Run a command; the clock and the current folder are parameters for whoever tests."""
    argv = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        use(_language(argv))
    except ValueError as error:
        sys.stderr.write(f"TRACKER_LANG/--lang: {error}: {' | '.join(LANGUAGES)}\n")
        return Exit.USAGE
    _localise_argparse()
    asked = next(iter(_without_language(argv)), "")
    parser = usage.parser(asked)
    if not _without_language(argv):
        if not sys.stdout.isatty():
            parser.print_help()
            return Exit.WELL
        argv = ["ui", *argv]
    args = parser.parse_args(argv)
    try:
        module, name = args.run.split(".")
        command = getattr(import_module(f"tracker.commands.{module}"), name)
        return int(command(Call(args, now or datetime.now(CHINA), here or Path.cwd())))
    except Stop as stop:
        sys.stderr.write(f"{stop}\n")
        return stop.code
    except FaultyError as error:
        from tracker.terminal import print_problem  # noqa: PLC0415 - help must not wait for it

        print_problem(sys.stderr, error.problem)
        return Exit.FOUND
    except BrokenPipeError:
        # The reader of a pipe went away (head, less): not our mistake, and nothing to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.WELL
    except KeyboardInterrupt:
        sys.stderr.write(_("已中断。") + "\n")
        return 130


def _language(argv: Sequence[str]) -> str:
    for n, word in enumerate(argv):
        if word == "--lang" and n + 1 < len(argv):
            return argv[n + 1]
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return os.environ.get("TRACKER_LANG") or LANGUAGES[0]


def _without_language(argv: Sequence[str]) -> list[str]:
    """What is asked besides the language."""
    follows = ("", *argv)
    return [
        word
        for before, word in zip(follows, argv, strict=False)
        if before != "--lang" and not word.startswith("--lang")
    ]


def _localise_argparse() -> None:
    """Argparse speaks through gettext's own domain: give it our catalogue of its words."""
    gettext.bindtextdomain("argparse", LOCALE)
    gettext.textdomain("argparse")
    os.environ["LANGUAGE"] = "zh_CN" if speaks() == LANGUAGES[0] else "en"
