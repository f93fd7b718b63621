"""Many small generated worlds at once, each a programme of its own name, some judged on other days than the rest."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from oracle import World
from worlds import worlds

from tracker.clocks import Clocks
from tracker.exports import Exported
from tracker.filed import Filed
from tracker.merge_files import Case, inputs
from tracker.submissions import Update


def cases(count: int) -> list[Case]:
    """As many worlds, the same every time; in every other one numbers have decimals."""
    found: list[Case] = []

    @settings(
        max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True
    )
    @given(worlds())
    def collect(world: World) -> None:
        n = len(found)
        programme = replace(world.programme, id=f"w{n:04}")
        filed = world.filed if n % 2 else tuple(_in_tenths(one) for one in world.filed)
        clocks: Clocks = world.clocks
        found.append(Case(programme, world.occurrences, filed, world.decisions, clocks, world.closing))

    collect()
    return found


def tables(of: list[Case]) -> list[Exported]:
    """What goes into the merge of them all."""
    return [table for n, case in enumerate(of) for table in inputs(case, f"{n % 3}" if n % 3 else None)]


def _in_tenths(one: Filed) -> Filed:
    updates = tuple(_smaller(u) for u in one.submission.updates)
    return replace(one, submission=replace(one.submission, updates=updates))


def _smaller(u: Update) -> Update:
    return replace(u, **{key: value / 10 for key in ("done", "total") if (value := getattr(u, key)) is not None})
