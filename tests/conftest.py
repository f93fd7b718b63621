"""What most tests begin with: the tiny programme, and what a file of it is checked against."""

import pytest
import tiny
from hypothesis import settings

from tracker.occurrences import Occurrence, expand
from tracker.plans import Programme
from tracker.submissions import Context

# A busy machine is no mistake of the program.
settings.register_profile("tracker", deadline=None)
settings.load_profile("tracker")


@pytest.fixture(scope="session")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """The tiny programme, read once."""
    return tiny.programme(tmp_path_factory.mktemp("programme"))


@pytest.fixture(scope="session")
def context(programme: Programme) -> Context:
    """What a file of the tiny programme is checked against."""
    owed: dict[str, dict[str, Occurrence]] = {}
    for o in expand(programme):
        owed.setdefault(o.unit, {})[o.id] = o
    return Context(programme, {}, owed)
