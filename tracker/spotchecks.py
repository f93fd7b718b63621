"""Spot checks: which claims of done to look at on the spot, why these, and how many proved false.

The draw is by lot, weighted by what looks odd about a claim, and the lot is computed from a seed:
who has the seed and the files can draw it again. What was found on the spot is a ruling like any
other (核实销号 or 核实不通过); the hit rate is read off those.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from tracker import records, writing
from tracker.clocks import CHINA
from tracker.deadlines import month_end, months_later
from tracker.decisions import Decision
from tracker.door import enter
from tracker.entered import Entered
from tracker.findings import findings
from tracker.language import _
from tracker.plans import Programme
from tracker.problems import Problem, nearest
from tracker.snapshot import Snapshot
from tracker.source import Source, read
from tracker.standing import Standing
from tracker.submissions import Submission, Update
from tracker.workspace import SPOTCHECKS, Workspace

ODD = 4
"""How many more times each odd thing makes a claim likely to be drawn."""

MONTHS = 3
"""A claim older than that many months is not drawn: what can be seen on the spot fades."""

ROUND = 10
"""A number from twice this on that divides by it looks estimated."""

OF_FINDINGS = ("W14", "W15", "W17")
"""The findings of a month that make a claim odd: a leap, another day, evidence that another unit names too."""


@dataclass(frozen=True)
class Drawn(Entered):
    """One claim that was drawn, and why it looked worth a visit."""

    unit: str
    item: str
    reasons: tuple[str, ...] = ()
    """Empty: by lot alone."""


@dataclass(frozen=True)
class Draw(Entered):
    """One draw, as it is kept in the month's ``spotchecks.toml``."""

    seed: str
    by: str
    at: datetime
    item: tuple[Drawn, ...] = ()


@dataclass(frozen=True)
class SpotchecksFile(Entered):
    """``spotchecks.toml``, key by key."""

    draw: tuple[Draw, ...] = ()


@dataclass(frozen=True)
class Result:
    """What became of one claim that was drawn."""

    month: date
    drawn: Drawn
    ruling: Decision | None
    """The ruling made after the draw: verified, refused, or none yet."""


@dataclass(frozen=True)
class HitRate:
    """How many claims proved false of those that were looked at."""

    drawn: int
    checked: int
    false: int

    @property
    def rate(self) -> float | None:
        """Percent of the claims looked at; None before the first."""
        return 100.0 * self.false / self.checked if self.checked else None


def draw(snapshot: Snapshot, seed: str, number: int, passed_over: Iterable[tuple[str, str]] = ()) -> list[Drawn]:
    """At most ``number`` claims of done, the same ones for the same seed and files, in protocol order.

    Drawn from are the claims of the last months that the city has not verified, without those
    ``passed_over`` (drawn before).
    """
    odd = reasons(snapshot)
    left, first = set(passed_over), months_later(snapshot.clocks.month, 1 - MONTHS)
    claims = [s for s in snapshot.standings if _is_claim(s, first) and _key(s) not in left]
    lots = sorted(claims, key=lambda s: _lot(seed, s, len(odd.get(_key(s), ()))), reverse=True)
    chosen = {_key(s) for s in lots[:number]}
    return [Drawn(*_key(s), tuple(odd.get(_key(s), ()))) for s in claims if _key(s) in chosen]


def _key(s: Standing) -> tuple[str, str]:
    return s.occurrence.unit, s.occurrence.id


def _is_claim(s: Standing, first: date) -> bool:
    """Claimed done by a unit since a month, and not by the city's own word."""
    if s.record is None or s.record.month < first or s.record.correction is not None:
        return False
    closing = [r.kind for r in s.rulings if r.kind in ("verify", "refuse", "reopen")]
    return s.is_done and closing[-1:] != ["verify"]


def _lot(seed: str, s: Standing, odd: int) -> float:
    """The item's lot in a weighted draw without replacement: ``u ** (1 / weight)`` with u from the seed.

    Efraimidis and Spirakis, Weighted random sampling with a reservoir (2006): the highest lots are
    a sample in which each is as likely as its weight.
    """
    digest = sha256("\0".join((seed, *_key(s))).encode()).digest()
    u = (int.from_bytes(digest[:8]) + 1) / (2**64 + 1)
    return float(u ** (1 / (1 + ODD * odd)))


# --- what looks odd: each check yields (unit, item, reason) ---

Odd = tuple[tuple[str, str], str]


def reasons(snapshot: Snapshot) -> Mapping[tuple[str, str], list[str]]:
    """What looks odd about the claims of the month judged, by unit and item."""
    found: dict[tuple[str, str], list[str]] = {}
    for check in CHECKS:
        for key, reason in check(snapshot):
            found.setdefault(key, []).append(reason)
    return found


def of_the_findings(snapshot: Snapshot) -> Iterator[Odd]:
    """From nothing to all in one step, another completion day, the same evidence in two counties."""
    before = snapshot.on(month_end(months_later(snapshot.clocks.month, -1)))
    for one in findings(snapshot, before, snapshot.silences, only=OF_FINDINGS):
        yield (one.unit, one.item), one.message


def round_numbers(snapshot: Snapshot) -> Iterator[Odd]:
    """A number that looks estimated."""
    for s in snapshot.standings:
        done = s.record.update.done if s.record is not None else None
        if done is not None and done >= 2 * ROUND and done % ROUND == 0:
            yield _key(s), _("完成数 {n:g} 是整十数。", n=done)


def same_words_each_period(snapshot: Snapshot) -> Iterator[Odd]:
    """A period claimed with the very words and evidence of the period before."""
    last: dict[tuple[str, str], Update] = {}
    for s in snapshot.standings:
        if s.record is None or s.occurrence.period_end is None:
            continue
        series, u = (s.occurrence.unit, s.occurrence.milestone.id), s.record.update
        earlier = last.get(series)
        if earlier is not None and s.is_done and _said(u) and _said(u) == _said(earlier):
            yield _key(s), _("说明和佐证与上一期一字不差。")
        last[series] = u


def claimed_again_unchanged(snapshot: Snapshot) -> Iterator[Odd]:
    """Sent back or refused, and claimed again in the same words."""
    for d in snapshot.decisions:
        if d.kind not in ("return", "refuse"):
            continue
        before = _judged(snapshot, d)
        for item in dict.fromkeys(i for s in before for i in s.by_item if d.item in (None, i)):
            now = snapshot.by_key.get((d.unit, item))
            said = next(_said(s.by_item[item]) for s in before if item in s.by_item)
            record = now.record if now is not None else None
            if now is not None and record is not None and record.known > d.at and _said(record.update) == said:
                yield _key(now), _("退回或核实不通过后原样又报。")


def _judged(snapshot: Snapshot, d: Decision) -> list[Submission]:
    """What a ruling was on: the file it names, else what the unit had said by then, the last first."""
    own = [f for f in snapshot.filed if f.submission.unit == d.unit and f.received <= d.at]
    own.sort(key=lambda f: (f.submission.month, f.submission.version, f.received), reverse=True)
    found = [f.submission for f in own if d.file is None or f.submission.month == d.month]
    return [s for s in found if d.file in (None, PurePosixPath(s.file).name)]


def _said(u: Update) -> tuple[object, ...]:
    """What a unit wrote by hand of an item; empty where it wrote nothing."""
    words = (u.note, *u.evidence)
    return words if any(words) else ()


CHECKS: Sequence[Callable[[Snapshot], Iterator[Odd]]] = (
    of_the_findings,
    round_numbers,
    same_words_each_period,
    claimed_again_unchanged,
)


# --- kept ---


def keep(workspace: Workspace, programme: str, month: date, made: Draw) -> Path:
    """Add a draw to the month's ``spotchecks.toml``. ``TimeoutError`` when another command keeps the workspace."""
    path = workspace.status(programme) / f"{month:%Y-%m}" / SPOTCHECKS
    at = made.at.astimezone(CHINA).replace(microsecond=0)
    entries = [records.entry("draw", {"seed": made.seed, "by": made.by, "at": at})]
    entries += [
        records.entry("draw.item", {"unit": d.unit, "item": d.item, "reasons": list(d.reasons)}) for d in made.item
    ]
    with writing.alone(workspace.root):
        writing.append(path, "\n".join(entries))
    return path


def kept(workspace: Workspace, programme: Programme) -> tuple[list[tuple[date, Draw]], list[Problem]]:
    """Every draw there was, with its month; and what is wrong with the files, of which then nothing counts."""
    found: list[tuple[date, Draw]] = []
    problems: list[Problem] = []
    for month, folder in workspace.months(programme.id):
        path = folder / SPOTCHECKS
        if not path.exists():
            continue
        source = read(path, workspace.shown(path))
        value, wrong = enter(SpotchecksFile, source.data, source)
        draws = value.draw if value is not None else ()
        wrong += (p for n, one in enumerate(draws) for p in _problems(one, n, source, programme))
        problems += [*source.problems, *wrong]
        if not any(p.holds for p in (*source.problems, *wrong)):
            found += [(month, one) for one in draws]
    return found, problems


def _problems(one: Draw, n: int, source: Source, programme: Programme) -> Iterator[Problem]:
    """What a draw's keys and types do not show."""
    if one.at.tzinfo is None:
        yield source.problem(("draw", n, "at"), "E05", _("时间要带时区，例如 2026-11-02T16:40:00+08:00。"))
    units = [unit.id for unit in programme.units]
    for k, drawn in enumerate(one.item):
        at = ("draw", n, "item", k)
        if drawn.unit not in units:
            message = _("没有报送单位“{unit}”。", unit=drawn.unit)
            yield source.problem((*at, "unit"), "E08", message, nearest(drawn.unit, units))
        milestone = drawn.item.partition("@")[0]
        if milestone not in programme.milestones:
            message = _("没有节点“{item}”。", item=drawn.item)
            yield source.problem((*at, "item"), "E07", message, nearest(milestone, programme.milestones))


def results(snapshot: Snapshot, draws: Iterable[tuple[date, Draw]]) -> list[Result]:
    """Each claim drawn by the moment the snapshot knows, with the ruling made on it since."""
    rulings: dict[tuple[str, str], list[Decision]] = {}
    for d in sorted(snapshot.decisions, key=lambda d: d.at):
        if d.kind in ("verify", "refuse") and d.item is not None:
            rulings.setdefault((d.unit, d.item), []).append(d)
    found = []
    for month, one in draws:
        if one.at <= snapshot.clocks.known_by:
            for drawn in one.item:
                since = (d for d in rulings.get((drawn.unit, drawn.item), ()) if d.at >= one.at)
                found.append(Result(month, drawn, next(since, None)))
    return found


def seen(found: Iterable[Result]) -> set[tuple[str, str]]:
    """What need not be drawn again: all that was, but for claims that proved false and may be made anew."""
    return {(r.drawn.unit, r.drawn.item) for r in found if r.ruling is None or r.ruling.kind != "refuse"}


def hit_rate(found: Iterable[Result]) -> HitRate:
    """The rate over some results."""
    rows = list(found)
    ruled = [r.ruling for r in rows if r.ruling is not None]
    return HitRate(len(rows), len(ruled), sum(d.kind == "refuse" for d in ruled))
