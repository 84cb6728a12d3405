"""Queries on the outbox; the only place of this feature that writes SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.chats.model import Chat
from services.db import insert_new
from services.outbox.model import OutboxMessage, Status

OPEN = (Status.QUEUED, Status.SENDING)


async def put(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> int:
    """Queue messages; those whose dedup key was queued before are left out."""
    new = (
        insert_new(session, OutboxMessage)
        .on_conflict_do_nothing(index_elements=["dedup_key"])
        .returning(OutboxMessage.id)
    )
    return len((await session.scalars(new, rows)).all())


async def put_replies(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Queue messages without a dedup key, in their order."""
    connection = await session.connection()  # past the ORM, which would look at every row
    await connection.execute(insert(OutboxMessage), rows)


async def put_for_each(
    session: AsyncSession, columns: Mapping[str, Any], chats: Select[int, str]
) -> None:
    """Queue one message for each row of `chats` (chat id, dedup key) in one statement."""
    source = chats.subquery()
    chat_id, dedup_key = source.c
    query = select(
        chat_id,
        dedup_key,
        *(bindparam(name, value, _type(name)) for name, value in columns.items()),
    ).where(chat_id.is_not(None))  # SQLite needs a WHERE between SELECT and ON CONFLICT
    new = insert_new(session, OutboxMessage).from_select(
        ["chat_id", "dedup_key", *columns], query, include_defaults=False
    )
    await session.execute(new.on_conflict_do_nothing(index_elements=["dedup_key"]))


def _type(column: str) -> Any:
    return OutboxMessage.__table__.c[column].type


async def due(
    session: AsyncSession,
    *,
    lanes: Sequence[int],
    now: datetime,
    limit: int,
    held: Collection[int],
) -> Sequence[Row[Any]]:
    """Return what may be sent now, lane by lane, oldest first, with the address of its chat.

    Each lane has the limit to itself. Chats held back are left out, so that much waiting for one
    of them hides nobody else.
    """
    of_each_lane = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.status == Status.QUEUED,
            OutboxMessage.lane == lane,
            OutboxMessage.not_before <= now,
            OutboxMessage.chat_id.not_in(list(held)),
        )
        .order_by(OutboxMessage.id)
        .limit(limit)
        .subquery()
        for lane in lanes
    )
    query = (
        select(
            OutboxMessage.id,
            OutboxMessage.chat_id,
            OutboxMessage.method,
            OutboxMessage.payload,
            OutboxMessage.text_key,
            OutboxMessage.params,
            OutboxMessage.attempts,
            OutboxMessage.lane,
            Chat.telegram_id,
            Chat.kind,
            Chat.language,
        )
        .join(Chat, Chat.id == OutboxMessage.chat_id)
        .where(OutboxMessage.id.in_(union_all(*(select(one.c.id) for one in of_each_lane))))
        .order_by(OutboxMessage.lane, OutboxMessage.id)
    )
    return (await session.execute(query)).all()


async def claim(session: AsyncSession, ids: Sequence[int]) -> set[int]:
    """Mark messages as being sent; return those that were still queued."""
    result = await session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids), OutboxMessage.status == Status.QUEUED)
        .values(status=Status.SENDING, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage.id)
    )
    return set(result)


async def set_result(session: AsyncSession, message_id: int, **values: object) -> None:
    """Note what became of a message."""
    await session.execute(
        update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values)
    )


async def lose_track(session: AsyncSession) -> int:
    """After a crash: whatever was being sent may or may not have arrived."""
    result = await session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.status == Status.SENDING)
        .values(status=Status.UNKNOWN)
        .returning(OutboxMessage.id)
    )
    return len(result.all())


async def cancel(session: AsyncSession, *, dedup_prefix: str) -> int:
    """Take back what has not left yet; the prefix names the cause (a batch, an approval)."""
    # Not a range of keys: how keys are sorted depends on the database's locale.
    result = await session.scalars(
        update(OutboxMessage)
        .where(
            func.substr(OutboxMessage.dedup_key, 1, len(dedup_prefix)) == dedup_prefix,
            OutboxMessage.status == Status.QUEUED,
        )
        .values(status=Status.CANCELLED)
        .returning(OutboxMessage.id)
    )
    return len(result.all())


async def cancel_for_chat(session: AsyncSession, telegram_id: int) -> None:
    """Drop what still waits for a chat that cannot be written to."""
    chat = select(Chat.id).where(Chat.telegram_id == telegram_id).scalar_subquery()
    await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.chat_id == chat, OutboxMessage.status == Status.QUEUED)
        .values(status=Status.CANCELLED, error="blocked")
    )


async def has_open(session: AsyncSession, chat_id: int) -> bool:
    """Whether something still waits for a chat or is being sent."""
    query = select(OutboxMessage.id).where(
        OutboxMessage.chat_id == chat_id, OutboxMessage.status.in_(OPEN)
    )
    return (await session.scalar(query.limit(1))) is not None


async def forget(session: AsyncSession, before: datetime) -> int:
    """Delete what was finished before a time."""
    result = await session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.status.not_in(OPEN), OutboxMessage.created_at < before)
        .returning(OutboxMessage.id)
    )
    return len(result.all())
