"""The released examples in memory, the same in every process soon after each change."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from services.learning import store
from services.learning.records import NOTHING_TAUGHT, Taught

SEEN = "taught examples"
CHANGED = "taught examples changed"


def will_change(session: AsyncSession) -> None:
    """Note that this unit of work changes the examples."""
    session.info[CHANGED] = True


class TaughtCache:
    """The released examples in memory, read again when their revision has moved."""

    def __init__(self) -> None:
        self._taught: Taught | None = None

    async def current(self, session: AsyncSession) -> Taught:
        """Return the examples; the revision is asked for once in a unit of work.

        What this one changed may yet be undone: it is seen from the next one on.
        """
        if session.info.get(CHANGED):
            return self._taught or NOTHING_TAUGHT
        seen: Taught | None = session.info.get(SEEN)
        if seen is None:
            revision = await store.revision(session)
            if self._taught is None or self._taught.revision != revision:
                self._taught = Taught(revision, await _examples(session))
            session.info[SEEN] = seen = self._taught
        return seen


async def _examples(session: AsyncSession) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for entry_id, _language, text in await store.examples(session):
        found[entry_id].append(text)
    return {entry_id: tuple(texts) for entry_id, texts in found.items()}
