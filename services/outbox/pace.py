"""Writes down what the limits have counted, and reads it again after a restart."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.chats.model import Chat, Kind
from services.db import Base, insert_new
from services.outbox.model import ChatRate, SendRate
from services.outbox.records import Kept, KeptChat, KeptRate


async def keep(session: AsyncSession, kept: Kept) -> None:
    """Put down the buckets as they are now, in one statement for each of the two tables."""
    await _put(session, SendRate, "name", [asdict(rate) for rate in kept.rates])
    chats = [asdict(chat) for chat in kept.chats]
    for chat in chats:
        del chat["is_group"]
    await _put(session, ChatRate, "chat_id", chats)


async def _put(
    session: AsyncSession, table: type[Base], key: str, rows: Sequence[dict[str, Any]]
) -> None:
    if not rows:
        return
    insert = insert_new(session, table)
    changed = {name: insert.excluded[name] for name in rows[0] if name != key}
    await session.execute(insert.on_conflict_do_update(index_elements=[key], set_=changed), rows)


async def kept(session: AsyncSession) -> Kept:
    """Return the buckets as they were put down."""
    rates = await session.scalars(select(SendRate))
    chats = await session.execute(
        select(ChatRate, Chat.kind).join(Chat, Chat.id == ChatRate.chat_id)
    )
    return Kept(
        [KeptRate(one.name, one.tokens, one.rate, one.at, one.paused_until) for one in rates],
        [
            KeptChat(one.chat_id, one.tokens, one.at, one.paused_until, kind != Kind.PRIVATE)
            for one, kind in chats.all()
        ],
    )


async def forget_full(session: AsyncSession, *, before: datetime, now: datetime) -> None:
    """Delete the chats' buckets that are full again: untouched for long, and not paused."""
    paused = ChatRate.paused_until
    await session.execute(
        delete(ChatRate).where(ChatRate.at < before, or_(paused.is_(None), paused <= now))
    )
