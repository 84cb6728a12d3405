"""Queue what leaves the house; `bot.delivery` sends it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.outbox import store
from services.outbox.model import Lane, Status

RETENTION = timedelta(days=30)
MAX_ATTEMPTS = 8


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

    async def reply(self, chat_id: int, replies: Sequence[Reply]) -> None:
        """Queue a handler's answers, in order."""
        await self.reply_each([(chat_id, reply) for reply in replies])

    async def reply_each(self, replies: Sequence[tuple[int, Reply]]) -> None:
        """Queue answers to several chats in one statement, in order."""
        now = self.clock()
        rows = [
            self._row(chat_id, Lane.CONVERSATION, now, method=reply.method, payload=reply.payload)
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

    async def has_open(self, chat_id: int) -> bool:
        return await store.has_open(self.session, chat_id)

    async def forget_old(self) -> int:
        """Delete finished messages after the retention time."""
        return await store.forget(self.session, self.clock() - RETENTION)

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
    lanes: Sequence[Lane] = field(default=tuple(Lane))

    async def due(self, held: Collection[int], limit: int = 50) -> Sequence[Row[Any]]:
        """Return due messages, the most urgent lane first; none of the chats held back."""
        return await store.due(
            self.session, lanes=self.lanes, now=self.clock(), limit=limit, held=held
        )

    async def claim(self, ids: Sequence[int]) -> set[int]:
        return await store.claim(self.session, ids)

    async def sent(self, message_id: int, telegram_message_id: int | None) -> None:
        await store.set_result(
            self.session,
            message_id,
            status=Status.SENT,
            sent_at=self.clock(),
            telegram_message_id=telegram_message_id,
            payload=None,  # what was said is with the person now; we need not keep it
        )

    async def retry(self, message_id: int, attempts: int, wait: timedelta, error: str) -> None:
        """Queue a message again after its nth attempt; give up after the eighth."""
        given_up = attempts >= MAX_ATTEMPTS
        await store.set_result(
            self.session,
            message_id,
            status=Status.FAILED if given_up else Status.QUEUED,
            attempts=attempts,
            not_before=self.clock() + wait,
            error=error[:200],
        )

    async def failed(self, message_id: int, error: str) -> None:
        await store.set_result(self.session, message_id, status=Status.FAILED, error=error[:200])

    async def unknown(self, message_id: int, error: str) -> None:
        """Note that a message may or may not have arrived; it is not sent again."""
        await store.set_result(self.session, message_id, status=Status.UNKNOWN, error=error[:200])

    async def lose_track(self) -> int:
        """At start: what was being sent when the process died is unknown, and listed as such."""
        return await store.lose_track(self.session)
