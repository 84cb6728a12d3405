"""Entries that are no services: what others answer for, and what the region's own file answers."""

from handlers.ask.cards import Card
from handlers.entries import FAQ
from handlers.faq.cards import beyond, faq_card
from nlu.understanding import Candidate, Kind
from services.faq.service import Faqs, UnknownFaqError
from services.region.service import Region
from services.text import Text

LIKELY = 0.5
"""From this probability on somebody refused is told who can help instead."""


def is_likely(candidate: Candidate) -> bool:
    """Whether a candidate that is not ours is worth naming although we must refuse."""
    return candidate.kind in {Kind.KNOWN, Kind.ELSEWHERE} and candidate.score >= LIKELY


async def other_card(
    entry_id: str, faqs: Faqs, text: Text, region: Region, *, question: str, place: str, home: str
) -> Card | None:
    """Return words and buttons of an entry that is no service; None for an unknown one.

    `place` is the municipality the question names, `home` the person's own (ARS), or nothing.
    """
    if not entry_id.startswith(FAQ):
        words = beyond(entry_id, text, region)
        return (words, []) if words is not None else None
    slug = entry_id.removeprefix(FAQ)
    try:
        return await faq_card(faqs, text, slug, question, place=place or None, home=home or None)
    except UnknownFaqError:
        return None
