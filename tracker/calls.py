"""A command as called, and how it ends: stdout is data, stderr is talk, the exit code is an answer."""

import argparse
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple


class Exit(IntEnum):
    """What the exit code means."""

    WELL = 0
    FOUND = 1
    USAGE = 2


class Stop(Exception):  # noqa: N818 - not an error of the program: the way out of a command
    """Say something on stderr and end with a code."""

    def __init__(self, message: str, code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.code = code


class Call(NamedTuple):
    """A command as called: its arguments, the clock, and where it was called."""

    args: argparse.Namespace
    now: datetime
    here: Path
