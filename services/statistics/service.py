"""Count use by monthly pseudonyms: an HMAC whose key is thrown away with the month."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.statistics import store


class Event(StrEnum):
    """What is counted."""

    ANSWERED = "answered"
    CHOICE = "choice"
    UNANSWERED = "unanswered"
    SUBSCRIBED = "subscribed"


@dataclass(frozen=True)
class Figures:
    """Sums of some days: how often each event, and by how many (monthly) pseudonyms."""

    days: int
    people: int
    counts: Mapping[str, int]


class MonthKey:
    """The stored key of the present month, kept in memory: it is needed at every question."""

    def __init__(self) -> None:
        self._month = ""
        self._key = b""

    async def current(self, session: AsyncSession, month: str) -> bytes | None:
        """Return the key; None when none is stored yet."""
        if self._month != month:
            known = await store.key(session, month)
            if known is None:
                return None
            self._month, self._key = month, known
        return self._key


@dataclass(frozen=True)
class Statistics:
    """Use cases around figures."""

    session: AsyncSession
    clock: Clock
    month_key: MonthKey

    async def count(self, telegram_id: int, event: Event) -> None:
        """Count an event; the person becomes a pseudonym that changes every month."""
        today = self.clock().date()
        key = await self._key(today.strftime("%Y-%m"))
        pseudonym = hmac.new(key, str(telegram_id).encode(), hashlib.sha256).hexdigest()[:16]
        await store.add(self.session, today, event, pseudonym)

    async def _key(self, month: str) -> bytes:
        known = await self.month_key.current(self.session, month)
        if known is None:  # a new one is not kept in memory before it is committed
            await store.replace_keys(self.session, month, secrets.token_bytes(32))
            known = await store.key(self.session, month)
        if known is None:
            raise LookupError("a key just stored is gone")
        return known

    async def figures(self, days: int) -> Figures:
        """Return the sums of the last days, today included."""
        since = self.clock().date() - timedelta(days=days - 1)
        return Figures(
            days,
            await store.people(self.session, since),
            await store.counts(self.session, since),
        )
