"""The one way in: updates are stored durably, then worked off in each person's order."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.inbox import store
from services.inbox.rules import Turn, person_of, turn, without_keys, without_names

MAX_ATTEMPTS = 3
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
    """Updates a minute that are worked off, and how long their content is kept."""

    person_per_minute: int
    overall_per_minute: int
    retention: timedelta = timedelta(hours=24)


@dataclass(frozen=True)
class SetAside:
    """An update that failed three times: nothing of what it says or of who sent it."""

    update_id: int
    received_at: datetime
    attempts: int
    number: str | None
    """Stands in the log beside the error."""


@dataclass(frozen=True)
class Inbox:
    """Use cases around incoming updates."""

    session: AsyncSession
    limits: Limits
    clock: Clock

    async def put(self, updates: Sequence[dict[str, Any]]) -> None:
        """Store raw updates without names; repeats change nothing."""
        rows = [  # the body in ASCII: no database refuses it
            (
                update["update_id"],
                person_of(update),
                json.dumps(without_keys(without_names(update))),
            )
            for update in updates
        ]
        if rows:
            # In one order: two groups with the same updates must not wait for each other.
            await store.put(self.session, sorted(rows), self.clock())

    async def is_empty(self) -> bool:
        """Whether nothing waits to be handled, now or later."""
        return not await store.count_open(self.session, 1)

    async def is_full(self, most: int) -> bool:
        """Whether so many updates wait that no more should be taken."""
        return await store.count_open(self.session, most) >= most

    async def claim(self, most: int, without: Collection[int] = ()) -> Turn[store.Waiting]:
        """Take the oldest updates of people whose turn it is; other workers leave them alone.

        Updates of people in `without` are left where they are.
        """
        now = self.clock()
        people = await store.claim(self.session, now, people=most, without=without)
        if not people:
            return Turn((), ())
        return turn(await store.waiting(self.session, people, limit=most), now)

    async def claim_one(self, update_id: int) -> store.Waiting | None:
        """Take one update; None when it is not its turn or somebody else has it."""
        return await store.claim_one(self.session, self.clock(), update_id)

    async def paces(self, updates: Sequence[store.Waiting]) -> dict[int, Pace]:
        """Judge updates by number; one statement while nobody sends too much."""
        if not updates:
            return {}
        received = await store.received_by_all(
            self.session,
            {one.person_id for one in updates},
            since=min(one.received_at for one in updates) - MINUTE,
            until_update=max(one.update_id for one in updates),
            most=self.limits.overall_per_minute + 1,
        )
        crowded = received.overall > self.limits.overall_per_minute
        fast = {
            person
            for person, count in received.of_person.items()
            if count > self.limits.person_per_minute
        }
        return {
            one.update_id: await self.pace(one.update_id, one.person_id, one.received_at)
            if crowded or one.person_id in fast
            else Pace.FINE
            for one in updates
        }

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

    async def finish(self, update_ids: Collection[int]) -> set[int]:
        """Close updates in the transaction of their effects; return those that were open."""
        return await store.finish(self.session, update_ids)

    async def failed(self, update_id: int, *, tried: int, number: str) -> bool:
        """Try again a little later; after three attempts set the update aside and return True.

        `tried` counts the attempts before this one: a failure is noted once, and never of an
        update that another worker has handled meanwhile. `number` stands in the log.
        """
        given_up = tried + 1 >= MAX_ATTEMPTS
        noted = await store.postpone(
            self.session,
            update_id,
            tried=tried,
            failed=given_up,
            not_before=self.clock() + timedelta(seconds=2 ** (tried + 1)),
            number=number,
        )
        return noted and given_up

    async def set_aside(self) -> Sequence[SetAside]:
        """List what was given up and can still be tried again."""
        return [SetAside(*row) for row in await store.set_aside(self.session)]

    async def retry(self, update_id: int | None = None) -> int:
        """Try an update again that was set aside, or all of them; return how many there were."""
        return await store.open_again(self.session, self.clock(), update_id)

    async def forget_old(self) -> int:
        """Empty processed updates after the retention time; forget their numbers after a week."""
        now = self.clock()
        await store.forget_numbers(self.session, now - REPEATS)
        return await store.forget(self.session, now - self.limits.retention)
