"""Looks at the outbox: what is due, what nobody knows of, what waits and what failed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.chats.model import Chat
from services.outbox.model import OutboxMessage, Status

DEAD = (Status.FAILED, Status.UNKNOWN)

Found: TypeAlias = Row[*tuple[Any, ...]]
"""A row of one of these queries, its columns by name."""


async def due(
    session: AsyncSession,
    *,
    lanes: Collection[int],
    now: datetime,
    limit: int,
    held: Collection[int],
) -> Sequence[Found]:
    """Return what may be sent now, lane by lane, oldest first, with the address of its chat.

    Each lane has the limit to itself. Chats held back are left out, so that much waiting for one
    of them hides nobody else; so are chats somebody is sending to.
    """
    given = {"now": now, "limit": limit, "held": list(held)}
    return (await session.execute(_due(tuple(lanes)), given)).all()


@cache
def _due(lanes: tuple[int, ...]) -> Select[*tuple[Any, ...]]:
    of_each_lane = [select(_of_lane(lane).subquery().c.id) for lane in lanes]
    return (
        select(
            OutboxMessage.id,
            OutboxMessage.chat_id,
            OutboxMessage.method,
            OutboxMessage.payload,
            OutboxMessage.text_key,
            OutboxMessage.params,
            OutboxMessage.attempts,
            OutboxMessage.lane,
            OutboxMessage.not_before,
            OutboxMessage.first_due_at,
            OutboxMessage.unknown_at,
            Chat.telegram_id,
            Chat.kind,
            Chat.language,
        )
        .join(Chat, Chat.id == OutboxMessage.chat_id)
        .where(OutboxMessage.id.in_(union_all(*of_each_lane)))
        .order_by(OutboxMessage.lane, OutboxMessage.not_before, OutboxMessage.id)
    )


def _of_lane(lane: int) -> Select[int]:
    """Select the first due messages of a lane, in the order of `ix_outbox_due`."""
    under_way, put_off = aliased(OutboxMessage), aliased(OutboxMessage)
    return (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.status == literal_column("'queued'"),
            OutboxMessage.lane == literal_column(str(int(lane))),
            OutboxMessage.not_before <= bindparam("now", type_=OutboxMessage.not_before.type),
            OutboxMessage.chat_id.not_in(bindparam("held", expanding=True)),
            ~exists().where(
                under_way.chat_id == OutboxMessage.chat_id,
                under_way.status == literal_column("'sending'"),
            ),
            ~exists().where(  # written as in `ix_outbox_put_off`, so that it is used
                put_off.chat_id == OutboxMessage.chat_id,
                put_off.lane == OutboxMessage.lane,
                put_off.status == literal_column("'queued'"),
                put_off.attempts > literal_column("0"),
                put_off.id < OutboxMessage.id,
            ),
        )
        .order_by(OutboxMessage.not_before, OutboxMessage.id)
        .limit(bindparam("limit"))
    )


async def lost(
    session: AsyncSession, *, now: datetime, every: bool, held: Collection[int]
) -> list[int]:
    """Return what is being sent by nobody any more: its lease is over, or `every` one is."""
    query = select(OutboxMessage.id).where(
        OutboxMessage.status == Status.SENDING, OutboxMessage.id.not_in(list(held))
    )
    if not every:
        lease = OutboxMessage.leased_until
        query = query.where(or_(lease.is_(None), lease < now))
    return list(await session.scalars(query.order_by(OutboxMessage.id)))


async def one(session: AsyncSession, message_id: int) -> Found | None:
    """Return a message without its words, and the kind of its chat."""
    query = _without_words().where(OutboxMessage.id == message_id)
    return (await session.execute(query)).one_or_none()


async def number(session: AsyncSession, dedup_key: str) -> int | None:
    """Return the number of the message queued under a key."""
    return await session.scalar(
        select(OutboxMessage.id).where(OutboxMessage.dedup_key == dedup_key)
    )


async def arrived_as(session: AsyncSession, message_id: int) -> int | None:
    """Return Telegram's number of a message, if it has one."""
    query = select(OutboxMessage.telegram_message_id).where(OutboxMessage.id == message_id)
    return await session.scalar(query)


async def lately(session: AsyncSession, chat_id: int, since: datetime) -> int:
    """Return how many messages a chat got since a time, with those that wait for it."""
    status = OutboxMessage.status
    query = select(func.count()).where(
        OutboxMessage.chat_id == chat_id,
        or_(
            status.in_((Status.QUEUED, Status.SENDING)),
            and_(status == Status.SENT, OutboxMessage.sent_at >= since),
        ),
    )
    return await session.scalar(query) or 0


async def dead(session: AsyncSession, *, limit: int, offset: int) -> Sequence[Found]:
    """Return what failed or is unknown, newest first."""
    query = _without_words().where(OutboxMessage.status.in_(DEAD))
    query = query.order_by(OutboxMessage.id.desc()).limit(limit).offset(offset)
    return (await session.execute(query)).all()


async def dead_count(session: AsyncSession) -> int:
    """Return how many messages failed or are unknown."""
    query = select(func.count()).where(OutboxMessage.status.in_(DEAD))
    return await session.scalar(query) or 0


async def unknown_count(session: AsyncSession, lane: int) -> int:
    """Return how many messages of a lane are unknown."""
    query = select(func.count()).where(
        OutboxMessage.status == Status.UNKNOWN, OutboxMessage.lane == lane
    )
    return await session.scalar(query) or 0


def _without_words() -> Select[*tuple[Any, ...]]:
    return select(
        OutboxMessage.id,
        OutboxMessage.lane,
        OutboxMessage.status,
        OutboxMessage.created_at,
        OutboxMessage.not_before,
        OutboxMessage.first_due_at,
        OutboxMessage.attempts,
        OutboxMessage.sent_at,
        OutboxMessage.unknown_at,
        OutboxMessage.telegram_message_id,
        OutboxMessage.error,
        Chat.kind,
    ).join(Chat, Chat.id == OutboxMessage.chat_id)


async def figures(session: AsyncSession, *, now: datetime, since: datetime) -> Sequence[Found]:
    """Return for each lane: what waits, since when, and what became of the rest."""
    status, waits = OutboxMessage.status, OutboxMessage.not_before <= now
    queued = status == Status.QUEUED

    def count(condition: Any) -> Any:
        return func.count(case((condition, 1)))

    query = (
        select(
            OutboxMessage.lane,
            count(queued & waits).label("waiting"),
            func.min(
                case((queued & waits, OutboxMessage.not_before)),
                type_=OutboxMessage.not_before.type,
            ).label("oldest"),
            count(queued & ~waits).label("later"),
            count((status == Status.SENT) & (OutboxMessage.sent_at >= since)).label("sent"),
            count(status == Status.UNKNOWN).label("unknown"),
            count(OutboxMessage.unknown_at.is_not(None)).label("doubtful"),
            count(status == Status.FAILED).label("failed"),
        )
        .group_by(OutboxMessage.lane)
        .order_by(OutboxMessage.lane)
    )
    return (await session.execute(query)).all()
