"""What of a question may be kept, and what a press makes of it; decisions without database."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from services.learning.model import LONGEST_ENTRY, LONGEST_QUESTION, Signal

RETENTION = timedelta(days=90)
"""So long a question waits for staff; a rejected one so long keeps the same from coming again."""
ANSWER = "answer"
UNANSWERED = "refuse"
KEPT_DECISIONS = frozenset({ANSWER, "choose", "clarify", UNANSWERED})
"""Emergencies are in none of them."""
BEYOND_US = frozenset({"known", "elsewhere"})
"""Kinds of entries that others answer for."""
LIKELY = 0.5
"""From this probability on a refusal says who can help instead."""
BEYOND_SERVICES = re.compile(r"(faq|known|ozg):[a-z0-9]+(-[a-z0-9]+)*")
"""Ids of entries that are no services of the catalogue."""


class Meant(Protocol):
    """An entry that may be meant, as `nlu.understanding.Candidate`."""

    @property
    def id(self) -> str: ...

    @property
    def score(self) -> float: ...

    @property
    def kind(self) -> str: ...


class Understood(Protocol):
    """What a question was taken for, as `nlu.understanding.Understanding`."""

    @property
    def decision(self) -> str: ...

    @property
    def candidates(self) -> Sequence[Meant]: ...

    @property
    def language(self) -> str: ...

    @property
    def emergency(self) -> object | None: ...

    @property
    def intent(self) -> object | None: ...


def may_be_kept(question: str, understood: Understood) -> bool:
    """Whether a question may help others: short, no emergency, nothing said to the bot itself.

    Abuse is an intent, too.
    """
    return (
        understood.emergency is None
        and understood.intent is None
        and str(understood.decision) in KEPT_DECISIONS
        and 0 < len(question.strip()) <= LONGEST_QUESTION
    )


def answered_entry(understood: Understood) -> str:
    """Return the entry that was shown alone, ours or that of others; empty where none was."""
    if not understood.candidates:
        return ""
    best = understood.candidates[0]
    decision = str(understood.decision)
    named = decision == UNANSWERED and str(best.kind) in BEYOND_US and best.score >= LIKELY
    return best.id[:LONGEST_ENTRY] if named or decision == ANSWER else ""


def first_signal(understood: Understood) -> Signal:
    """Return what is known as soon as the question is answered."""
    in_vain = str(understood.decision) == UNANSWERED and not answered_entry(understood)
    return Signal.UNANSWERED if in_vain else Signal.OPEN


def thumb_signal(entry_id: str, *, up: bool) -> Signal | None:
    """Return what a thumb says; None where there is no entry that could be praised.

    A thumb down without an entry says that nothing offered was right.
    """
    if not entry_id:
        return None if up else Signal.UNANSWERED
    return Signal.THUMB_UP if up else Signal.THUMB_DOWN


def is_beyond_services(entry_id: str) -> bool:
    """Whether an id names an answer of the region's own files, not a service."""
    return BEYOND_SERVICES.fullmatch(entry_id) is not None and len(entry_id) <= LONGEST_ENTRY
