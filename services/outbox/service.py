"""Queue what leaves the house; `bot.delivery` sends it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.outbox import pace, reading, rules, store
from services.outbox.model import Lane, Status
from services.outbox.reading import Found
from services.outbox.records import Kept

RETENTION = timedelta(days=30)
DEAD_LETTER_RETENTION = timedelta(days=7)
"""For what failed or is unknown: it keeps its words, so that it can be sent again."""
FULL_AFTER = timedelta(minutes=3)
ERROR_LENGTH = 200


@dataclass(frozen=True)
class Reply:
    """An answer of a handler: a Telegram method and its fields, without the chat."""

    method: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Outbox:
    """Use cases around outgoing messages."""

    session: AsyncSession
    clock: Clock

    async def reply(
        self, chat_id: int, replies: Sequence[Reply], lane: Lane = Lane.CONVERSATION
    ) -> None:
        """Queue a handler's answers, in order."""
        await self.reply_each([(chat_id, reply) for reply in replies], lane)

    async def reply_each(
        self, replies: Sequence[tuple[int, Reply]], lane: Lane = Lane.CONVERSATION
    ) -> None:
        """Queue answers to several chats in one statement, in order."""
        now = self.clock()
        rows = [
            self._row(chat_id, lane, now, method=reply.method, payload=reply.payload)
            for chat_id, reply in replies
        ]
        if rows:
            await store.put_replies(self.session, rows)

    async def tell(
        self,
        chat_id: int,
        text_key: str,
        *,
        dedup_key: str,
        lane: Lane = Lane.NOTICE,
        not_before: datetime | None = None,
        **params: str | int,
    ) -> bool:
        """Queue unasked news as text key and parameters, unless `dedup_key` was queued before."""
        row = self._row(
            chat_id,
            lane,
            not_before or self.clock(),
            text_key=text_key,
            params=params,
            dedup_key=dedup_key,
        )
        return await store.put(self.session, [row]) == 1

    async def tell_each(
        self,
        chats: Select[int, str],
        text_key: str,
        *,
        not_before: datetime,
        lane: Lane = Lane.NOTICE,
        **params: str | int,
    ) -> None:
        """Queue the same news for every row of `chats` (chat id, dedup key), in one statement."""
        row = self._row(0, lane, not_before, text_key=text_key, params=params)
        row = {name: value for name, value in row.items() if name not in {"chat_id", "dedup_key"}}
        await store.put_for_each(self.session, row, chats)

    async def cancel(self, dedup_prefix: str) -> int:
        """Take back what was queued under this cause and has not left; return how many."""
        return await store.cancel(self.session, dedup_prefix=dedup_prefix)

    async def cancel_for_chat(self, telegram_id: int) -> None:
        await store.cancel_for_chat(self.session, telegram_id)

    async def number(self, dedup_key: str) -> int | None:
        """Return the number of the message that was queued under a key."""
        return await reading.number(self.session, dedup_key)

    async def arrived_as(self, number: int) -> int | None:
        """Return Telegram's number of a message of ours; None while it has not arrived."""
        return await reading.arrived_as(self.session, number)

    async def lately(self, chat_id: int, span: timedelta) -> int:
        """Return how many messages a chat got within a time, with those that wait for it."""
        return await reading.lately(self.session, chat_id, self.clock() - span)

    async def has_open(self, chat_id: int) -> bool:
        return await store.has_open(self.session, chat_id)

    async def forget_old(self) -> int:
        """Delete finished messages after their time, those that never left before that."""
        now = self.clock()
        return await store.forget(
            self.session, finished=now - RETENTION, dead=now - DEAD_LETTER_RETENTION
        )

    def _row(
        self, chat_id: int, lane: Lane, not_before: datetime, **columns: object
    ) -> dict[str, Any]:
        empty = {"method": None, "payload": None, "text_key": None, "params": None}
        return {
            "chat_id": chat_id,
            "lane": lane,
            "status": Status.QUEUED,
            "attempts": 0,
            "not_before": not_before,
            "created_at": self.clock(),
            "dedup_key": None,
            **empty,
            **columns,
        }


@dataclass(frozen=True)
class Sending:
    """The delivery's side of the outbox: what is due, and what became of it."""

    session: AsyncSession
    clock: Clock

    async def due(
        self, held: Collection[int], limit: int = 10, lanes: Collection[Lane] = tuple(Lane)
    ) -> Sequence[Found]:
        """Return due messages, the most urgent lane first; none of the chats held back."""
        return await reading.due(
            self.session, lanes=lanes, now=self.clock(), limit=limit, held=held
        )

    async def claim(self, ids: Collection[int], lease: timedelta) -> set[int]:
        """Mark messages as being sent, for the time of a lease; return those nobody else has."""
        return await store.claim(self.session, ids, leased_until=self.clock() + lease)

    async def keep(self, kept: Kept) -> None:
        """Write down what the limits counted."""
        await pace.keep(self.session, kept)

    async def kept(self) -> Kept:
        """Return what the limits of a former process counted."""
        return await pace.kept(self.session)

    async def forget_full(self) -> None:
        """Delete what was counted for chats that may be written to at once."""
        now = self.clock()
        await pace.forget_full(self.session, before=now - FULL_AFTER, now=now)

    async def lost(self, held: Collection[int], *, every: bool) -> list[int]:
        """Return what is marked as being sent, and nobody sends it any more.

        With `every`, all but those held: nobody else can be sending.
        """
        return await reading.lost(self.session, now=self.clock(), every=every, held=held)

    async def sent(self, message_id: int, telegram_message_id: int | None) -> bool:
        """Note that a message arrived, also when somebody has given it up as lost meanwhile.

        Return whether nobody had noted it before: what follows from it follows once.
        """
        return await store.set_result(
            self.session,
            message_id,
            among=(Status.SENDING, Status.UNKNOWN, Status.QUEUED),
            status=Status.SENT,
            sent_at=self.clock(),
            telegram_message_id=telegram_message_id,
            payload=None,  # what was said is with the person now; we need not keep it
            error=None,
        )

    async def put_back(self, row: Found, why: str) -> bool:
        """Queue a message again in its old place: it was not its fault, so it is no attempt.

        Return whether there still was one to put back.
        """
        return await self._again(row, why, attempts=row.attempts)

    async def not_reached(self, row: Found, why: str) -> None:
        """Queue a message again in its old place, or give it up after a day in vain."""
        if self._is_over(row):
            await self.failed(row.id, why)
        else:
            await self.put_back(row, why)

    async def retry(self, row: Found, why: str) -> None:
        """Queue a message again for later; the pauses grow with the attempts, for a day."""
        if self._is_over(row):
            await self.failed(row.id, why)
            return
        attempts = row.attempts + 1
        await self._again(
            row,
            why,
            attempts=attempts,
            not_before=self.clock() + rules.pause_after(attempts),
            first_due_at=row.first_due_at or row.not_before,
        )

    def _is_over(self, row: Found) -> bool:
        return rules.is_over(row.first_due_at or row.not_before, self.clock())

    async def _again(self, row: Found, why: str, **values: object) -> bool:
        return await store.set_result(
            self.session,
            row.id,
            among=(Status.SENDING,),
            status=Status.QUEUED,
            error=why[:ERROR_LENGTH],
            **values,
        )

    async def failed(self, message_id: int, error: str) -> None:
        await self._ended(message_id, error, status=Status.FAILED)

    async def dropped(self, message_id: int, why: str) -> None:
        """Give up a message nobody misses; it is no dead letter."""
        await self._ended(message_id, why, status=Status.CANCELLED, payload=None)

    async def _ended(self, message_id: int, why: str, **values: object) -> None:
        await store.set_result(
            self.session,
            message_id,
            among=(Status.SENDING,),
            error=why[:ERROR_LENGTH],
            **values,
        )
