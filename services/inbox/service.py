"""The one way in: updates are stored durably, then worked off in each person's order."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.inbox import store
from services.inbox.rules import person_of, without_names

MAX_ATTEMPTS = 3
RETENTION = timedelta(hours=24)
REPEATS = timedelta(days=7)
"""Telegram repeats an update for a day at most; after a week its number may mean another one."""
MINUTE = timedelta(minutes=1)


class Pace(StrEnum):
    """Whether a person sends more than the bot takes."""

    FINE = "fine"
    TELL = "tell"
    """The first one too many: it is answered once, kindly."""
    IGNORE = "ignore"


@dataclass(frozen=True)
class Limits:
    """Updates a minute that are worked off."""

    person_per_minute: int
    overall_per_minute: int


@dataclass(frozen=True)
class Inbox:
    """Use cases around incoming updates."""

    session: AsyncSession
    limits: Limits
    clock: Clock

    async def put(self, updates: Sequence[dict[str, Any]]) -> None:
        """Store raw updates without names; repeats change nothing."""
        now = self.clock()
        rows = [
            {
                "update_id": update["update_id"],
                "person_id": person_of(update),
                "received_at": now,
                "body": json.dumps(without_names(update)),  # ASCII: no database refuses it
                "state": "new",
                "attempts": 0,
                "not_before": now,
            }
            for update in updates
        ]
        if rows:
            await store.put(self.session, rows)

    async def waiting(self, limit: int = 200) -> Sequence[store.Waiting]:
        return await store.waiting(self.session, self.clock(), limit)

    async def pace(self, update_id: int, person_id: int, received_at: datetime) -> Pace:
        """Judge an update by how many came before it within a minute."""
        since = received_at - MINUTE
        of_person = await store.received(
            self.session, since=since, until_update=update_id, person_id=person_id
        )
        if of_person > self.limits.person_per_minute:
            return await self._too_fast(update_id, person_id)
        overall = await store.received(self.session, since=since, until_update=update_id)
        if overall > self.limits.overall_per_minute:
            return Pace.TELL if of_person == 1 else Pace.IGNORE
        return Pace.FINE

    async def _too_fast(self, update_id: int, person_id: int) -> Pace:
        """Tell the person once: not when the update before was one too many, too."""
        before = await store.previous(self.session, update_id, person_id)
        if before is None:
            return Pace.TELL
        earlier = await store.received(
            self.session,
            since=before.received_at - MINUTE,
            until_update=before.update_id,
            person_id=person_id,
        )
        return Pace.IGNORE if earlier > self.limits.person_per_minute else Pace.TELL

    async def finish(self, update_id: int) -> bool:
        """Close an update in the transaction of its effects; False when it is closed already."""
        return await store.finish(self.session, update_id)

    async def failed(self, update_id: int, attempts: int) -> bool:
        """Try again a little later; after three attempts set the update aside and return True."""
        attempts += 1
        given_up = attempts >= MAX_ATTEMPTS
        await store.postpone(
            self.session,
            update_id,
            attempts=attempts,
            not_before=self.clock() + timedelta(seconds=2**attempts),
            failed=given_up,
        )
        return given_up

    async def forget_old(self) -> int:
        """Empty processed updates after the retention time; forget their numbers after a week."""
        now = self.clock()
        await store.forget_numbers(self.session, now - REPEATS)
        return await store.forget(self.session, now - RETENTION)
