"""Other programs that some tests need."""

import os
import shutil

import pytest


def program(name: str, package: str) -> str:
    """The path of another program; without it the test says what is missing (in CI that is a failure)."""
    found = shutil.which(name)
    if found is None:
        message = f"needs {name} (Debian package {package})"
        if os.environ.get("TRACKER_SKIP_NOTHING"):
            pytest.fail(message)
        pytest.skip(message)
    return found
