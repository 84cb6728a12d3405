"""Changes to the outbox: queue, claim, note what came of it; `reading` only looks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.chats.model import Chat
from services.db import insert_new
from services.outbox.model import OutboxMessage, Status

OUTBOX = cast("Table", OutboxMessage.__table__)
"""For what is done with every message: a plain table is updated faster than a mapped class."""
OPEN = (Status.QUEUED, Status.SENDING)
DEAD = (Status.FAILED, Status.UNKNOWN)


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


async def claim(
    session: AsyncSession, ids: Collection[int], *, leased_until: datetime
) -> set[int]:
    """Mark messages as being sent; return those that were still queued."""
    result = await session.execute(
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(ids), OUTBOX.c.status == Status.QUEUED)
        .values(status=Status.SENDING, attempts=OUTBOX.c.attempts + 1, leased_until=leased_until)
        .returning(OUTBOX.c.id)
    )
    return set(result.scalars())


async def set_result(
    session: AsyncSession, message_id: int, *, among: Collection[Status], **values: object
) -> bool:
    """Note what became of a message that stands in one of these states; return whether it did."""
    result = await session.execute(
        update(OUTBOX)
        .where(OUTBOX.c.id == message_id, OUTBOX.c.status.in_(among))
        .values(**values)
        .returning(OUTBOX.c.id)
    )
    return result.scalar_one_or_none() is not None


async def cancel(session: AsyncSession, *, dedup_prefix: str) -> int:
    """Take back what has not left yet; the prefix names the cause (a batch, an approval).

    What will never be said is not kept.
    """
    # Not a range of keys: how keys are sorted depends on the database's locale.
    result = await session.scalars(
        update(OutboxMessage)
        .where(
            func.substr(OutboxMessage.dedup_key, 1, len(dedup_prefix)) == dedup_prefix,
            OutboxMessage.status == Status.QUEUED,
        )
        .values(status=Status.CANCELLED, payload=None)
        .returning(OutboxMessage.id)
    )
    return len(result.all())


async def cancel_for_chat(session: AsyncSession, telegram_id: int) -> None:
    """Drop what still waits for a chat that cannot be written to."""
    chat = select(Chat.id).where(Chat.telegram_id == telegram_id).scalar_subquery()
    await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.chat_id == chat, OutboxMessage.status == Status.QUEUED)
        .values(status=Status.CANCELLED, payload=None, error="blocked")
    )


async def has_open(session: AsyncSession, chat_id: int) -> bool:
    """Whether something still waits for a chat or is being sent."""
    query = select(OutboxMessage.id).where(
        OutboxMessage.chat_id == chat_id, OutboxMessage.status.in_(OPEN)
    )
    return (await session.scalar(query.limit(1))) is not None


async def forget(session: AsyncSession, *, finished: datetime, dead: datetime) -> int:
    """Delete what was finished before a time, and what failed and was due before another."""
    result = await session.execute(
        delete(OutboxMessage)
        .where(
            or_(
                and_(
                    OutboxMessage.status.in_((Status.SENT, Status.CANCELLED)),
                    OutboxMessage.created_at < finished,
                ),
                and_(OutboxMessage.status.in_(DEAD), OutboxMessage.not_before < dead),
            )
        )
        .returning(OutboxMessage.id)
    )
    return len(result.all())
