"""Other programs that some tests need."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def environment(**more: str) -> Mapping[str, str]:
    """The environment in which ``python -m tracker`` finds what this interpreter finds, wherever it is called."""
    paths = [str(ROOT), *(str(Path(entry).resolve()) for entry in sys.path if entry)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **more}


def program(name: str, package: str) -> str:
    """The path of another program; without it the test says what is missing (in CI that is a failure)."""
    found = shutil.which(name)
    if found is None:
        message = f"needs {name} (Debian package {package})"
        if os.environ.get("TRACKER_SKIP_NOTHING"):
            pytest.fail(message)
        pytest.skip(message)
    return found
