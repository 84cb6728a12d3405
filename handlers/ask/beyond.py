"""Entries that are no services: what others answer for, and what the region's own file answers."""

from handlers.ask.cards import Card
from nlu.understanding import Candidate, Kind
from services.text import Text

LIKELY = 0.5
"""From this probability on somebody refused is told who can help instead."""


def is_likely(candidate: Candidate) -> bool:
    """Whether a candidate that is not ours is worth naming although we must refuse."""
    return candidate.kind in {Kind.KNOWN, Kind.ELSEWHERE} and candidate.score >= LIKELY


def name_of(entry_id: str, text: Text) -> str | None:
    """Return the name of an entry for a button; None for an unknown one."""
    return None


def beyond(entry_id: str, text: Text) -> Card | None:
    """Return words and buttons of an entry; None for an unknown one."""
    return None
