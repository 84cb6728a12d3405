"""The port of understanding: whatever answers questions looks like this."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Decision(StrEnum):
    """What to do with a question."""

    ANSWER = "answer"
    """One service is meant."""
    CHOOSE = "choose"
    """Several may be meant: let the person choose."""
    REFUSE = "refuse"
    """Nothing fits: say so honestly."""


@dataclass(frozen=True)
class Entry:
    """Something that can be asked for.

    Attributes:
        id: what the caller knows it by.
        names: its names, plain and official.
        phrases: how people say it: synonyms, example questions.
    """

    id: str
    names: tuple[str, ...]
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """An entry that may be meant: score from 0 to 1, and the phrase that speaks for it."""

    id: str
    score: float
    why: str


@dataclass(frozen=True)
class Understanding:
    """A decision and what it rests on, best candidate first."""

    decision: Decision
    candidates: Sequence[Candidate]


class Understander(Protocol):
    """Understands questions about a fixed set of entries."""

    def understand(self, question: str) -> Understanding:
        """Return what a question asks for; never raises, whatever the text is."""
        ...
