"""What is asked of a person and what came of it: what passes between the places, the form over them, and the app."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from tracker.tui.asking import Ask
    from tracker.typed import Answer, Field

Wrong = Mapping[str, str]
"""What is wrong, by the key of its field; without a key: with the whole."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: done, or why not."""

    is_done: bool
    words: str
    wrong: Wrong = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """What is asked, and what is done with the answers."""

    title: str
    about: Sequence[str]
    fields: Sequence["Field"]
    act: Callable[["Answer"], Outcome]
    """Runs in a thread."""
    begin: Mapping[str, str] = field(default_factory=dict)
    """What stands in the fields beforehand."""
    check: Callable[["Answer"], Wrong] = lambda _answer: {}
    """What is wrong with what is typed so far."""
    needs: Callable[["Answer"], Sequence[str]] | None = None
    """The keys of the fields that these answers ask for; None for all."""
    then: Callable[["Answer"], None] = lambda _answer: None
    """Once it is done."""
    first: str = ""
    """The field where one begins; without it the first that is empty."""


class Doing(Message):
    """The answers are to be acted on."""

    def __init__(self, ask: "Ask", answer: "Answer") -> None:
        super().__init__()
        self.ask, self.answer = ask, answer


class Did(Message):
    """What came of it."""

    def __init__(self, ask: "Ask", answer: "Answer", outcome: Outcome) -> None:
        super().__init__()
        self.ask, self.answer, self.outcome = ask, answer, outcome
