"""The ports of understanding: what goes in, what comes out, whatever answers in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from nlu.emergencies import Emergency
from nlu.intents import Intent
from nlu.language import Language


class Decision(StrEnum):
    """What to do with a question."""

    ANSWER = "answer"
    """One entry is meant."""
    CHOOSE = "choose"
    """One of a few is meant: let the person choose."""
    CLARIFY = "clarify"
    """Something of ours may be meant: ask one question back."""
    REFUSE = "refuse"
    """Nothing of ours fits: say so honestly. `intent` or the first candidate may say who can."""
    EMERGENCY = "emergency"
    """Somebody is in danger: numbers to call, before anything else."""


class Kind(StrEnum):
    """What an entry is."""

    SERVICE = "service"
    """A service the county, its municipalities or others offer here."""
    FAQ = "faq"
    """A question the region's own file answers."""
    KNOWN = "known"
    """Something people ask for that is no service: we say whose it is."""
    ELSEWHERE = "elsewhere"
    """A service of others: not ours, but we say whose."""


@dataclass(frozen=True)
class Entry:
    """Something that can be asked for.

    Attributes:
        id: what the caller knows it by, unique over all kinds.
        names: its names, plain and official; at least one.
        phrases: how people say it: synonyms, example questions.
        kind: what it is.
    """

    id: str
    names: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    kind: Kind = Kind.SERVICE


@dataclass(frozen=True)
class Candidate:
    """An entry that may be meant.

    Attributes:
        id: the entry's.
        score: probability from 0 to 1 that it is meant, where a gate was trained for it.
        why: the name or phrase that speaks for it most.
        kind: the entry's.
        signals: what each signal gave, for who wants to see why.
    """

    id: str
    score: float
    why: str
    kind: Kind = Kind.SERVICE
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Understanding:
    """A decision and what it rests on.

    Attributes:
        decision: what to do.
        candidates: what may be meant, best first; with CHOOSE those to offer.
        language: what the question is written in; a guess where it is very short.
        emergency: whom to call, with EMERGENCY.
        intent: what is asked of the bot itself; then the decision is REFUSE.
        in_scope: probability from 0 to 1 that any entry is meant.
        by: who understood it: "words", "builtin", "rasa".
    """

    decision: Decision
    candidates: Sequence[Candidate] = ()
    language: Language = Language.GERMAN
    emergency: Emergency | None = None
    intent: Intent | None = None
    in_scope: float = 0.0
    by: str = "builtin"


class Understander(Protocol):
    """Understands questions about a fixed set of entries."""

    def understand(self, question: str) -> Understanding:
        """Return what a question asks for; never raises, whatever the text is."""
        ...
