"""Small generated worlds: two plans, two or three units, a few items that much is said and ruled about.

Both clocks stand anywhere, and moments lie on a coarse grid, so that "at the same moment" is common.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

from hypothesis import strategies as st
from oracle import World, is_pooled

from tracker.clocks import Clocks
from tracker.decisions import Decision, DecisionKind
from tracker.filed import Filed, Record
from tracker.occurrences import Event, Occurrence, expand
from tracker.plans import (
    Assignment,
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
from tracker.submissions import STATES, Head, Submission, Update

CHINA = timezone(timedelta(hours=8))

BEGINS = date(2026, 1, 1)

ENDS = date(2026, 6, 30)

MONTHS = (date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1))
"""The months that are reported: few, so that versions and rulings meet."""

STEMS = ("mine", "chem")

UNITS = (Unit("chiping", "茌平区", "county"), Unit("shen", "莘县", "county"), Unit("bureau", "市应急局", "city"))

SHAPES: tuple[Mapping[str, Any], ...] = (
    {"due": date(2026, 3, 20)},
    {"due": date(2026, 4, 30)},
    {"due": date(2026, 6, 30)},
    {"kind": "window", "opens": date(2026, 3, 1), "due": date(2026, 5, 31)},
    {"kind": "window", "opens": date(2026, 4, 15), "due": date(2026, 4, 15)},
    {"kind": "recurring", "every": "month"},
    {"kind": "recurring", "every": "month", "by": 10},
    {"kind": "recurring", "every": "month", "by": 31, "lag": 1},
    {"kind": "recurring", "every": "quarter"},
    {"kind": "recurring", "every": "2 months", "lag": 1},
    {"kind": "tally"},
    {"kind": "event", "event": "trial", "term": "30 days"},
    {"kind": "event", "event": "trial", "within": "10 days before"},
    {"kind": "event", "event": "trial", "earliest": "10 days", "within": "2 months"},
    {"kind": "event", "event": "trial", "earliest": "10 days"},
    {"kind": "standing"},
    {"kind": "continuing"},
    {"kind": "consequence", "after": "mine-1"},
    *({"kind": "recurring", "every": every, "from_last_done": True} for every in ("month", "2 months", "quarter")),
    {"kind": "recurring", "every": "week", "from_last_done": True, "from_": MONTHS[1], "until": date(2026, 5, 20)},
)
"""Deadline rules of every kind."""

EXTRAS: tuple[Mapping[str, Any], ...] = (
    {},
    {},
    {"waits_on": "省"},
    {"waits_on": "省", "target": Target(at_least=10, unit="件"), "level": ("city",)},
    {"level": ("enterprise",)},
    {"level": ("enterprise",), "verified_by": "city"},
    {"verified_by": "county", "warning_days": 30},
    {"level": ("county", "city"), "warning_days": 3},
    {"target": Target(at_least=10, unit="件")},
    {"target": Target(at_least=80, unit="%"), "verified_by": "county"},
    {"target": Target(all=True, of="企业")},
    {"target": Target(equals=7, unit="件"), "level": ("city",)},
    {"target": Target(at_most=3, unit="件")},
    {"target": Target(about=5, unit="件")},
    {"target": Target(at_least=10, unit="件", pool="programme")},
    {"target": Target(equals=7, unit="件", pool="programme")},
    {"target": Target(at_least=80, unit="%", pool="programme")},
    {"target": Target(all=True, of="企业", pool="programme")},
    {"target": Target(at_most=3, unit="件", pool="programme")},
    {"target": Target(about=5, unit="件", pool="programme")},
)
"""What else may be said of a milestone."""

RULINGS: tuple[DecisionKind, ...] = (
    *("accept", "return", "return", "withdraw", "verify", "verify", "refuse", "reopen", "reopen"),
    *("extend", "waive", "suspend", "close", "correct", "correct"),
)
"""Kinds of rulings, as often as they are drawn."""

GROUNDS = ("不涉及", "任务调整", "终止", "not-applicable", "adjusted", "terminated")

LATER = datetime(2026, 12, 31, tzinfo=CHINA)

OPEN_SPAN = (date(2026, 4, 10), date(2026, 6, 5))
"""Days on which most is reported and what falls due at the end of June is still open."""

days = st.dates(date(2026, 2, 1), date(2026, 7, 31))

moments = st.integers(0, 60).map(lambda n: datetime(2026, 3, 10, 9, tzinfo=CHINA) + timedelta(days=2 * n))


def milestone(stem: str, number: int, shape: Mapping[str, Any], extras: Mapping[str, Any]) -> Milestone:
    """A milestone of a shape, with what else may be said of it."""
    base = Milestone(f"{stem}-{number}", "节点", "做什么", "原文", plan=stem, item=str(number), level=("county",))
    return replace(base, **shape, **extras)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Two plans of three milestones each, for two or three units."""
    head = ProgrammeHead(
        name="行动",
        short="行动",
        city="聊城市",
        issuer="市应急局",
        from_=BEGINS,
        until=ENDS,
        records_from=draw(st.sampled_from((BEGINS, *MONTHS[:2]))),
        plans=STEMS,
        addressees="市领导",
        report_to="市应急局",
    )
    plans = []
    for stem in STEMS:
        shapes = draw(st.lists(st.sampled_from(SHAPES), min_size=3, max_size=3))
        extras = draw(st.lists(st.sampled_from(EXTRAS), min_size=3, max_size=3))
        tasks = [
            Task(str(n), "任务", milestone=(milestone(stem, n, *both),))
            for n, both in enumerate(zip(shapes, map(own, shapes, extras), strict=True), 1)
        ]
        plan_head = PlanHead("方案", "方案", BEGINS, ENDS)
        plans.append(Plan(stem, plan_head, (EventKind("trial", "试生产开始"),), (), tuple(tasks), ()))
    units = draw(st.sampled_from((UNITS, UNITS[::2])))
    thresholds = draw(st.sampled_from([Thresholds(days, points) for days in (0, 15, 40) for points in (0, 10, 25)]))
    pooled = [m.id for plan in plans for m in plan.milestones if m.target is not None and m.target.pool is not None]
    split = draw(st.lists(st.sampled_from(pooled), unique=True)) if pooled else []
    return Programme("sample", head, units, thresholds, (), tuple(plans), assignments=tuple(map(quotas, split)))


def own(shape: Mapping[str, Any], extras: Mapping[str, Any]) -> Mapping[str, Any]:
    """What may be said of a shape: a number of the whole city has no day on which a unit did it last."""
    target = extras.get("target")
    return {} if "from_last_done" in shape and target is not None and target.pool is not None else extras


def quotas(item: str) -> Assignment:
    """A number of the whole city as the city has split it."""
    return Assignment(item, "刘某", date(2026, 2, 1), "分解", quotas={"chiping": 6, "shen": 4})


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
    unit = draw(st.sampled_from([o.unit for o in focus]))
    month, version = draw(st.sampled_from(MONTHS)), draw(st.integers(1, 5))
    part = draw(st.sampled_from(((), (), (), (), STEMS[:1], STEMS[1:], STEMS)))
    name = ".".join((unit, *part, *([str(version)] if version > 1 else []), "toml"))
    good, held = [], []
    for k, occurrence in enumerate(o for o in focus if o.unit == unit):
        said = draw(st.sampled_from(("good", "good", "good", "good", "held", "nothing", "twice")))
        if said in ("good", "twice"):
            good.append(draw(updates(occurrence, Place(f"file {n}", k + 1))))
        if said in ("held", "twice"):
            held.append(occurrence.id)
    rest: Literal["unchanged"] | None = draw(st.sampled_from((None, "unchanged")))
    head = Head(unit, f"{month:%Y-%m}", "王某", "李某", "赵某", rest, part)
    file = f"status/sample/{month:%Y-%m}/{name}"
    return Submission(file, draw(st.sampled_from("aab")), head, month, version, tuple(good), tuple(held), ())


@st.composite
def decisions(draw: st.DrawFn, focus: Sequence[Occurrence], filed: Sequence[Filed], at: datetime, n: int) -> Decision:
    """A ruling of any kind, on an item in focus or on a file."""
    occurrence, kind, month = (
        draw(st.sampled_from(focus)),
        draw(st.sampled_from(RULINGS)),
        draw(st.sampled_from(MONTHS)),
    )
    own = [f.submission for f in filed if f.submission.unit == occurrence.unit]
    d = Decision(kind, occurrence.unit, "刘某", at, "理由", item=occurrence.id)
    match kind:
        case "accept" | "return" | "withdraw" if own:
            submission = draw(st.sampled_from(own))
            month = draw(st.sampled_from((submission.month, submission.month, submission.month, month)))
            file, digest = Path(submission.file).name, draw(st.sampled_from((None, None, "a", "b")))
            on_what = draw(st.sampled_from(("file", "item", "item in file")))
            if on_what != "item":
                d = replace(d, item=None if on_what == "file" else d.item, file=file, sha256=digest)
        case "extend":
            granted = draw(st.sampled_from((True, True, False)))
            d = replace(d, granted=granted, until=draw(days) if granted else draw(st.none() | days))
        case "waive":
            d = replace(d, ground=draw(st.sampled_from(GROUNDS)))
        case "suspend":
            d = replace(d, until=draw(st.none() | days))
        case "correct":
            state = draw(st.sampled_from((*STATES, *STATES.values())))
            done, total = draw(numbers(occurrence))
            done_on = draw(days) if state in ("done", STATES["done"]) else None
            d = replace(d, state=state, done_on=done_on, done=done, total=total)
    return replace(d, place=Place(f"status/sample/{month:%Y-%m}/decisions.toml", n + 1))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A programme, what was said and ruled about one or two items, and the clocks."""
    programme = draw(programmes())
    planned, actual = draw(days), draw(st.none() | days)
    events = [Event(unit.id, "trial", "e1", "某企业", planned, actual) for unit in programme.units]
    occurrences = expand(programme, events)
    still_open = [n for n, o in enumerate(occurrences) if o.due is None or o.due > OPEN_SPAN[1]]
    as_of_open = bool(still_open) and draw(st.booleans())
    choice = still_open if as_of_open else range(len(occurrences))
    places = set(draw(st.lists(st.sampled_from(choice), min_size=1, max_size=2))) if choice else set()
    if draw(st.integers(0, 19)) == 1:
        occurrences = [replace(o, contributes=n in places) for n, o in enumerate(occurrences)]
    places |= {n for n, o in enumerate(occurrences) if any(matters(o, occurrences[k]) for k in sorted(places))}
    focus = [occurrences[n] for n in sorted(places)]
    fewest = draw(st.sampled_from((0, 2, 4))) if focus else 0
    received = draw(st.lists(moments, min_size=fewest, max_size=6, unique=True)) if focus else []
    several = [Filed(draw(submissions(focus, n)), at) for n, at in enumerate(received)]
    filed = list({one.submission.file: one for one in several}.values())  # a folder has each name once
    ruled = draw(st.lists(moments, min_size=fewest // 2, max_size=6, unique=True)) if focus else []
    rulings = [draw(decisions(focus, filed, at, n)) for n, at in enumerate(ruled)]
    marked = {ENDS} | {day for o in focus for day in (o.opens, o.due, o.period_end) if day is not None}
    marked |= {d.until for d in rulings if d.until is not None}
    anywhere = days | st.sampled_from(sorted(marked)) | st.sampled_from(sorted(marked)).map(next_day)
    as_of = draw(st.dates(*OPEN_SPAN) if as_of_open else anywhere)
    known_by = draw(st.sampled_from((LATER, LATER, LATER, None))) or draw(moments)
    clocks = Clocks(as_of, known_by)
    closed = draw(st.lists(st.sampled_from(focus), unique=True)) if focus and draw(st.integers(0, 3)) == 1 else []
    closing = {(o.unit, o.id): draw(st.none() | sheet_records(o, clocks)) for o in closed}
    return World(programme, tuple(occurrences), tuple(filed), tuple(rulings), clocks, closing)


@st.composite
def sheet_records(draw: st.DrawFn, occurrence: Occurrence, clocks: Clocks) -> Record:
    """What sheets say of an item: done on a day, or in progress."""
    day = min(draw(days), clocks.as_of)
    is_done = draw(st.booleans())
    done_on, state = (day, "done") if is_done else (None, "in-progress")
    update = Update(occurrence.id, state, done_on=done_on, done=1, total=1, place=Place("sheet"))
    return Record(update, day.replace(day=1), min(draw(moments), clocks.known_by))


def matters(o: Occurrence, other: Occurrence) -> bool:
    """Whether what is said of one changes where the other stands: a number they share, the time before."""
    is_before = other.milestone.from_last_done and (o.unit, o.milestone.id) == (other.unit, other.milestone.id)
    is_near = timedelta(0) < other.opens - o.opens < timedelta(days=100)
    return (is_pooled(o) and o.id == other.id) or (is_before and is_near)


def next_day(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)
