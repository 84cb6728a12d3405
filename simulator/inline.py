"""Inline queries: somebody types @bot and a question in any chat."""

from dataclasses import dataclass

from simulator.clock import Clock
from simulator.wire import Json

FIRST_INLINE_ID = 4_300_000_000_000_000_001
INLINE_LIFETIME = 30


@dataclass(slots=True)
class InlineQuery:
    """One question and, once there is one, its answer."""

    id: str
    person_id: int
    query: str
    asked_at: float
    answer: Json | None = None


class InlineQueries:
    """Open questions; each can be answered for a short time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next_id = FIRST_INLINE_ID
        self._queries: dict[str, InlineQuery] = {}

    def open(self, person_id: int, query: str) -> InlineQuery:
        """Register a question under a new id."""
        asked = InlineQuery(str(self._next_id), person_id, query, self._clock.now())
        self._next_id += 1
        self._queries[asked.id] = asked
        return asked

    def get(self, query_id: str) -> InlineQuery | None:
        return self._queries.get(query_id)

    def answerable(self, query_id: str) -> InlineQuery | None:
        """Return the question if its time is not over and nobody has answered it."""
        asked = self._queries.get(query_id)
        if asked is None or asked.answer is not None:
            return None
        return asked if self._clock.now() - asked.asked_at <= INLINE_LIFETIME else None
