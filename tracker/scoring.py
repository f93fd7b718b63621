"""Findings against a checklist -> a score that explains itself, and the cheapest way back to the pass line.

Pure functions; the order of findings never matters. A content never goes below zero
(每项扣完为止); a B veto takes from its content, an A veto from its indicator, which does not
go below zero either; a ※ veto fails the whole. Points are ``Decimal``: 0.5 of a point must
not become 79.99999 of a pass line of 80.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from tracker.checklists import Checklist, Content, Deduction, Indicator, Reading, Veto

Counts = Mapping[str, int]
"""How often each deduction or veto condition was found, by id."""

ZERO = Decimal(0)


@dataclass(frozen=True)
class Loss:
    """What one clause costs: asked for by its own points, and taken before the item was used up."""

    id: str
    what: str
    count: int
    asked: Decimal
    taken: Decimal
    veto: Veto | None = None
    """The veto whose clause it is."""
    findings: tuple[str, ...] = ()
    """The ids in the sheet from which it comes."""


@dataclass(frozen=True)
class ContentScore:
    """A B-level content's score."""

    content: Content
    score: Decimal
    losses: tuple[Loss, ...]


@dataclass(frozen=True)
class IndicatorScore:
    """An A-level indicator's score: its contents', less its vetoes."""

    indicator: Indicator
    score: Decimal
    contents: tuple[ContentScore, ...]
    losses: tuple[Loss, ...]
    """What vetoes took from the indicator itself."""


@dataclass(frozen=True)
class Score:
    """A whole sheet's score."""

    checklist: Checklist
    total: Decimal
    indicators: tuple[IndicatorScore, ...]

    @cached_property
    def contents(self) -> tuple[ContentScore, ...]:
        """Every content's score, in the checklist's order."""
        return tuple(content for indicator in self.indicators for content in indicator.contents)

    @cached_property
    def losses(self) -> tuple[Loss, ...]:
        """Every clause that costs something, in the checklist's order."""
        return tuple(
            loss
            for indicator in self.indicators
            for losses in (*(content.losses for content in indicator.contents), indicator.losses)
            for loss in losses
        )

    @property
    def vetoes(self) -> tuple[Loss, ...]:
        """The vetoes that were met."""
        return tuple(loss for loss in self.losses if loss.veto is not None)

    @property
    def fatal(self) -> tuple[Loss, ...]:
        """The vetoes that fail the whole, whatever the points."""
        return tuple(loss for loss in self.vetoes if loss.veto is not None and loss.veto.fatal)

    @property
    def is_passed(self) -> bool:
        """At or above the pass line, and nothing fatal."""
        return not self.fatal and self.total >= exact(self.checklist.head.pass_mark)


def exact(points: float) -> Decimal:
    """Points as they are written."""
    return Decimal(str(points))


def words(points: Decimal) -> str:
    """Points as they are said: 91.5, 100."""
    return f"{points.normalize():f}"


def score(checklist: Checklist, counts: Counts) -> Score:
    """The score of what was found. Ids that the checklist does not have count nothing."""
    indicators = tuple(_indicator(indicator, counts) for indicator in checklist.indicator)
    return Score(checklist, sum((one.score for one in indicators), ZERO), indicators)


def _indicator(indicator: Indicator, counts: Counts) -> IndicatorScore:
    contents = tuple(_content(content, counts) for content in indicator.content)
    reached = sum((one.score for one in contents), ZERO)
    vetoes = (veto for content in indicator.content for veto in content.veto if veto.part == "indicator")
    rest, losses = _taken(reached, (loss for veto in vetoes for loss in _veto_losses(veto, counts)))
    return IndicatorScore(indicator, rest, contents, losses)


def _content(content: Content, counts: Counts) -> ContentScore:
    rest, losses = _taken(exact(content.points), _asked(content, counts))
    return ContentScore(content, rest, losses)


def _asked(content: Content, counts: Counts) -> Iterator[Loss]:
    """What is asked of a content, deductions before vetoes, each in the checklist's order."""
    for deduction in content.deduction:
        count = _count(deduction, counts)
        if count:
            yield Loss(
                deduction.id, deduction.what, count, count * exact(deduction.points), ZERO, None, (deduction.id,)
            )
    for veto in content.veto:
        if veto.part == "content":
            yield from _veto_losses(veto, counts)


def _count(deduction: Deduction, counts: Counts) -> int:
    count = max(counts.get(deduction.id, 0), 0)
    return min(count, 1) if deduction.per is None else count


def _veto_losses(veto: Veto, counts: Counts) -> Iterator[Loss]:
    """A veto that is met: once, or for each of its conditions."""
    met = {name: what for name, what in veto.named.items() if counts.get(name, 0) > 0}
    points = exact(veto.points)
    if veto.counts == "each":
        yield from (Loss(name, what, 1, points, ZERO, veto, (name,)) for name, what in met.items())
    elif met and (veto.counts == "any" or len(met) == len(veto.named)):
        yield Loss(veto.id, "；".join(met.values()), 1, points, ZERO, veto, tuple(met))


def _taken(points: Decimal, asked: Iterable[Loss]) -> tuple[Decimal, tuple[Loss, ...]]:
    """What is left of some points, never below zero, and what each loss took of them."""
    losses = []
    for loss in asked:
        taken = min(loss.asked, points)
        points -= taken
        losses.append(Loss(loss.id, loss.what, loss.count, loss.asked, taken, loss.veto, loss.findings))
    return points, tuple(losses)


@dataclass(frozen=True)
class Other:
    """The score with one place of the checklist's text read the other way."""

    reading: Reading
    score: Score


def otherwise(checklist: Checklist, counts: Counts) -> tuple[Other, ...]:
    """The readings under which these findings would score or pass otherwise."""
    as_read = score(checklist, counts)
    found = (
        Other(reading, score(checklist.read_otherwise(reading), counts))
        for reading in checklist.reading
        if reading.otherwise is not None
    )
    return tuple(o for o in found if (o.score.total, o.score.is_passed) != (as_read.total, as_read.is_passed))


def without(counts: Counts, closed: Collection[str]) -> Counts:
    """The findings that are left when some are closed."""
    return {name: count for name, count in counts.items() if name not in closed}


# --- the cheapest way back ---


@dataclass(frozen=True)
class Choice:
    """Findings to close, and the points that are then asked no more."""

    closed: tuple[str, ...] = ()
    points: Decimal = ZERO


Choices = list[Choice]
"""The best choice by the number of findings closed, from none."""


def way_back(checklist: Checklist, counts: Counts) -> tuple[str, ...]:
    """The fewest findings to close for a pass, those that give most points among the fewest; none if it is passed.

    What is fatal has to be closed whatever the points. Of the rest the best by number is found
    exactly: in a content, and for the vetoes on an indicator, only the sum that is asked counts,
    so the best ways to close so many are those that take most off the sum, and they are put
    together from content to indicator to the whole.
    """
    as_found = score(checklist, counts)
    if as_found.is_passed:
        return ()
    fatal = tuple(name for loss in as_found.fatal for name in _to_close(loss))
    left = without(counts, fatal)
    total: Choices = [Choice(points=ZERO)]
    for indicator in score(checklist, left).indicators:
        total = _together(total, _of_indicator(indicator))
    needed = exact(checklist.head.pass_mark)
    enough = next((choice for choice in total if choice.points >= needed), total[-1])
    order = list(checklist.clauses)
    return tuple(sorted((*fatal, *enough.closed), key=order.index))


def _to_close(loss: Loss) -> tuple[str, ...]:
    """What has to be closed so that a loss is asked no more: of conditions needed together one is enough."""
    needs_one = loss.veto is not None and loss.veto.counts == "all"
    return loss.findings[:1] if needs_one else loss.findings


def _of_indicator(indicator: IndicatorScore) -> Choices:
    """The indicator's best score by the number of findings closed in it."""
    reached: Choices = [Choice()]
    for content in indicator.contents:
        asked = sum((loss.asked for loss in content.losses), ZERO)
        points = exact(content.content.points)
        best = [
            Choice(choice.closed, max(ZERO, points - (asked - choice.points))) for choice in _taken_off(content.losses)
        ]
        reached = _together(reached, best)
    asked = sum((loss.asked for loss in indicator.losses), ZERO)
    off = [Choice(choice.closed, choice.points - asked) for choice in _taken_off(indicator.losses)]
    return [Choice(choice.closed, max(ZERO, choice.points)) for choice in _together(reached, off)]


def _taken_off(losses: Iterable[Loss]) -> Choices:
    """The most that closing so many findings takes off what is asked."""
    best: Choices = [Choice()]
    for loss in losses:
        names = _to_close(loss)
        alone = [Choice()] * len(names) + [Choice(names, loss.asked)]
        best = _together(best, alone)
    return best


def _together(some: Choices, others: Choices) -> Choices:
    """The best of both by the number of findings closed in all; where equal, the first found."""
    best: list[Choice | None] = [None] * (len(some) + len(others) - 1)
    for n, one in enumerate(some):
        for k, other in enumerate(others):
            points, before = one.points + other.points, best[n + k]
            if before is None or points > before.points:
                best[n + k] = Choice((*one.closed, *other.closed), points)
    return [choice for choice in best if choice is not None]
