"""The merge against a second opinion: small generated worlds, judged by ``tracker.standing`` and by ``oracle``."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Number, World, judge
from worlds import worlds

from tracker.standing import Progress, standings


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_the_product_agrees_with_the_oracle(world: World) -> None:
    """Status, days, number and the update that counts are the same for every occurrence."""
    found = standings(world.programme, world.occurrences, world.filed, world.decisions, world.clocks, world.closing)
    for s, asked in zip(found, world.occurrences, strict=True):
        assert replace(s.occurrence, due=asked.due) == asked
        verdict = judge(world, asked)
        update = s.record.update if s.record is not None else None
        assert (update, asked) == (verdict.update, asked)
        assert (s.status, asked) == (verdict.status, asked)
        assert (s.occurrence.due, asked) == (verdict.scheduled, asked)
        assert (s.due, asked) == (verdict.due, asked)
        assert (s.done_on, asked) == (verdict.done_on, asked)
        assert (s.days_late, asked) == (verdict.days_late, asked)
        assert_same_number(s.progress, verdict.number)


def assert_same_number(found: Progress | None, number: Number | None) -> None:
    """To the last digit but rounding; a sum also says of how many units, and of which day."""
    assert (found is None) == (number is None)
    if found is not None and number is not None:
        assert found.needed == number.needed
        assert found.reached == pytest.approx(float(number.reached))
        assert (found.reported, found.asked, found.on) == (number.reported, number.asked, number.on)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_read_changes_nothing(world: World, random: Random) -> None:
    """Files and rulings carry their own times; the order they come in says nothing."""
    filed = random.sample(world.filed, len(world.filed))
    rulings = random.sample(world.decisions, len(world.decisions))
    programme, occurrences, clocks, closing = world.programme, world.occurrences, world.clocks, world.closing
    as_read = standings(programme, occurrences, world.filed, world.decisions, clocks, closing)
    assert standings(programme, occurrences, filed, rulings, clocks, closing) == as_read
