"""The merge against a second opinion: small generated worlds, judged by ``tracker.standing`` and by ``oracle``.

A world has two plans, two or three units, a few items that much is said and ruled about, and
both clocks anywhere. Moments lie on a coarse grid, so that "at the same moment" is common.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from oracle import Verdict, judge

from tracker.decisions import Decision
from tracker.occurrences import Event, Occurrence, expand
from tracker.plans import (
    EventKind,
    Milestone,
    Plan,
    PlanHead,
    Programme,
    ProgrammeHead,
    Target,
    Task,
    Thresholds,
    Unit,
)
from tracker.problems import Place
from tracker.standing import STATUSES, Clocks, Filed, standings
from tracker.submissions import STATES, Head, Submission, Update

CHINA = timezone(timedelta(hours=8))
BEGINS, ENDS = date(2026, 1, 1), date(2026, 6, 30)
MONTHS = (date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1))
"""The months that are reported: few, so that versions and rulings meet."""
STEMS = ("mine", "chem")
UNITS = (Unit("chiping", "茌平区", "county"), Unit("shen", "莘县", "county"), Unit("bureau", "市应急局", "city"))
TARGETS = (
    None,
    Target(at_least=10, unit="件"),
    Target(equals=7, unit="件"),
    Target(all=True, of="企业"),
    Target(at_least=80, unit="%"),
    Target(at_most=3, unit="件"),
    Target(about=5, unit="件"),
)
KINDS_OF_RULINGS = (
    "accept",
    "return",
    "withdraw",
    "verify",
    "refuse",
    "extend",
    "waive",
    "suspend",
    "close",
    "correct",
    "reopen",
)

days = st.dates(date(2026, 1, 1), date(2026, 8, 31))
moments = st.integers(0, 60).map(lambda n: datetime(2026, 3, 10, 9, tzinfo=CHINA) + timedelta(days=2 * n))


@dataclass(frozen=True)
class World:
    """Everything that a judgement is made from."""

    programme: Programme
    occurrences: tuple[Occurrence, ...]
    filed: tuple[Filed, ...]
    decisions: tuple[Decision, ...]
    clocks: Clocks


@st.composite
def milestones(draw: st.DrawFn, stem: str, number: int) -> Milestone:
    """A milestone of any kind."""
    m = Milestone(
        f"{stem}-{number}",
        "节点",
        "做什么",
        "原文",
        target=draw(st.sampled_from(TARGETS)),
        level=draw(st.sampled_from((("county",), ("enterprise",), ("city",), ("county", "city")))),
        waits_on=draw(st.sampled_from((None, None, None, "省"))),
        warning_days=draw(st.sampled_from((None, None, 3, 30))),
        verified_by=draw(st.sampled_from((None, None, "county", "city"))),
        plan=stem,
        item=str(number),
    )
    shapes: st.SearchStrategy[Milestone] = st.one_of(
        st.builds(lambda due: replace(m, due=due), st.dates(date(2026, 2, 1), ENDS)),
        st.builds(
            lambda opens, length: replace(m, kind="window", opens=opens, due=opens + timedelta(days=length)),
            st.dates(date(2026, 2, 1), date(2026, 5, 31)),
            st.integers(0, 90),
        ),
        st.builds(
            lambda every, by, lag: replace(m, kind="recurring", every=every, by=by, lag=lag),
            st.sampled_from(("month", "quarter", "2 months")),
            st.sampled_from((None, None, 10, 31)),
            st.sampled_from((None, None, 1)),
        ),
        st.just(replace(m, kind="tally")),
        st.builds(
            lambda earliest, within: replace(m, kind="event", event="trial", earliest=earliest, within=within),
            st.sampled_from((None, "10 days")),
            st.sampled_from(("1 months", "30 days", "10 days before")),
        ),
        st.just(replace(m, kind="event", event="trial", earliest="10 days")),
        st.sampled_from((replace(m, kind="standing"), replace(m, kind="continuing"))),
        st.just(replace(m, kind="consequence", after=f"{stem}-1")),
    )
    return draw(shapes)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Two plans of three milestones each, for two or three units."""
    head = ProgrammeHead(
        "行动", "行动", "聊城市", "市应急局", BEGINS, ENDS, draw(st.sampled_from((BEGINS, *MONTHS[:2]))), STEMS
    )
    plans = tuple(
        Plan(
            stem,
            PlanHead("方案", "方案", BEGINS, ENDS),
            (EventKind("trial", "试生产开始"),),
            (),
            tuple(Task(str(n), "任务", milestone=(draw(milestones(stem, n)),)) for n in (1, 2, 3)),
            (),
        )
        for stem in STEMS
    )
    units = draw(st.sampled_from((UNITS, UNITS[::2])))
    thresholds = Thresholds(draw(st.sampled_from((0, 5, 15, 40))), draw(st.sampled_from((0, 10, 25))))
    return Programme("sample", head, units, thresholds, (), plans)


def numbers(occurrence: Occurrence) -> st.SearchStrategy[tuple[int | None, int | None]]:
    """Done and total, or neither; a share always has both."""
    target = occurrence.milestone.target
    both = st.integers(0, 12).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
    neither = st.just((None, None))
    if target is not None and target.is_share:
        return st.one_of(neither, both)
    return st.one_of(neither, both, st.tuples(st.integers(0, 20), st.none()))


@st.composite
def updates(draw: st.DrawFn, occurrence: Occurrence, place: Place) -> Update:
    """What a unit says of an item. Its place tells it from all others."""
    state = draw(st.sampled_from((*STATES, "done", "in-progress")))
    done, total = draw(numbers(occurrence))
    return Update(
        occurrence.id,
        state,
        done_on=draw(days) if state == "done" else None,
        verified_on=draw(st.one_of(st.none(), days)) if state == "done" else None,
        done=done,
        total=total,
        place=place,
    )


@st.composite
def submissions(draw: st.DrawFn, focus: Sequence[Occurrence], n: int) -> Submission:
    """A unit's file, about some of the items in focus; sometimes again under a name that was used before."""
    unit = draw(st.sampled_from(sorted({o.unit for o in focus})))
    month = draw(st.sampled_from(MONTHS))
    version = draw(st.integers(1, 3))
    part = draw(st.sampled_from(((), (), (), STEMS[:1], STEMS[1:], STEMS)))
    name = ".".join((unit, *part, *([str(version)] if version > 1 else []), "toml"))
    good, held = [], []
    for k, occurrence in enumerate(o for o in focus if o.unit == unit):
        said = draw(st.sampled_from(("good", "good", "good", "held", "nothing")))
        if said == "good":
            good.append(draw(updates(occurrence, Place(f"{name}-{n}", k + 1))))
        elif said == "held":
            held.append(occurrence.id)
    head = Head(
        unit, f"{month:%Y-%m}", "王某", "李某", "赵某", draw(st.sampled_from((None, "unchanged"))), part
    )
    file = f"status/sample/{month:%Y-%m}/{name}"
    return Submission(
        file, draw(st.sampled_from("ab")), head, month, version, tuple(good), tuple(held), ()
    )


@st.composite
def decisions(draw: st.DrawFn, focus: Sequence[Occurrence], names: Sequence[str], at: datetime, n: int) -> Decision:
    """A ruling of any kind, on an item in focus or on a file."""
    occurrence = draw(st.sampled_from(list(focus)))
    kind = draw(st.sampled_from((*KINDS_OF_RULINGS, "return", "verify", "correct", "reopen")))
    month = draw(st.sampled_from(MONTHS))
    place = Place(f"status/sample/{month:%Y-%m}/decisions.toml", n + 1)
    d = Decision(kind, occurrence.unit, "刘某", at, "理由", item=occurrence.id, place=place)
    own = [name for name in names if name.startswith(occurrence.unit)] or [f"{occurrence.unit}.toml"]
    match kind:
        case "accept" | "return" | "withdraw":
            file = draw(st.sampled_from(own))
            digest = draw(st.sampled_from((None, None, "a", "b")))
            if draw(st.booleans()):
                return replace(d, item=None, file=file, sha256=digest)
            return replace(d, file=file, sha256=digest) if draw(st.booleans()) else d
        case "extend":
            granted = draw(st.sampled_from((True, True, False)))
            return replace(d, granted=granted, until=draw(days) if granted else draw(st.one_of(st.none(), days)))
        case "waive":
            grounds = ("不涉及", "任务调整", "终止", "not-applicable", "adjusted", "terminated")
            return replace(d, ground=draw(st.sampled_from(grounds)))
        case "suspend":
            return replace(d, until=draw(st.one_of(st.none(), days)))
        case "correct":
            state = draw(st.sampled_from((*STATES, *STATES.values())))
            done, total = draw(numbers(occurrence))
            done_on = draw(days) if state in ("done", STATES["done"]) else None
            return replace(d, state=state, done_on=done_on, done=done, total=total)
        case _:
            return d


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A programme, what was said and ruled, and the clocks."""
    programme = draw(programmes())
    events = [
        Event(unit.id, "trial", "e1", "某企业", draw(days), draw(st.one_of(st.none(), days))) for unit in programme.units
    ]
    occurrences = tuple(expand(programme, events))
    if not occurrences:
        return World(programme, (), (), (), Clocks(draw(days), draw(moments)))
    places = sorted(draw(st.lists(st.integers(0, len(occurrences) - 1), min_size=1, max_size=3, unique=True)))
    if draw(st.integers(0, 9)) == 0:
        occurrences = tuple(replace(o, contributes=n == places[0]) for n, o in enumerate(occurrences))
    focus = [occurrences[n] for n in places]
    filed = tuple(
        Filed(draw(submissions(focus, n)), at)
        for n, at in enumerate(draw(st.lists(moments, max_size=7, unique=True)))
    )
    names = [Path(f.submission.file).name for f in filed]
    rulings = tuple(
        draw(decisions(focus, names, at, n)) for n, at in enumerate(draw(st.lists(moments, max_size=7, unique=True)))
    )
    marked = {day for o in focus for day in (o.opens, o.due, o.period_end) if day is not None}
    marked |= {d.until for d in rulings if d.until is not None}
    as_of = draw(st.one_of(days, st.sampled_from(sorted(marked)), st.sampled_from(sorted(marked)).map(next_day)))
    known_by = draw(st.one_of(moments, st.just(datetime(2026, 12, 31, tzinfo=CHINA))))
    return World(programme, occurrences, filed, rulings, Clocks(as_of, known_by))


def next_day(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)


LIMITS = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LIMITS
@given(worlds())
def test_the_product_agrees_with_the_oracle(world: World) -> None:
    """Status, due day, days late, day done and the update that counts are the same for every occurrence."""
    found = standings(world.programme, world.occurrences, world.filed, world.decisions, world.clocks)
    assert [s.occurrence for s in found] == list(world.occurrences)
    for s in found:
        assert s.status in STATUSES
        update = s.record.update if s.record is not None else None
        product = Verdict(s.status, s.due, s.days_late, s.days_late_scheduled, s.done_on, update)
        assert product == judge(world.programme, s.occurrence, world.filed, world.decisions, world.clocks), s.occurrence


@LIMITS
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_read_changes_nothing(world: World, random: Random) -> None:
    """Files and rulings carry their own times; the order they come in says nothing."""
    filed = random.sample(world.filed, len(world.filed))
    rulings = random.sample(world.decisions, len(world.decisions))
    as_read = standings(world.programme, world.occurrences, world.filed, world.decisions, world.clocks)
    assert standings(world.programme, world.occurrences, filed, rulings, world.clocks) == as_read
