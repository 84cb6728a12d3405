"""Queries on who wants to hear of which alarms: subscriptions and people's own thresholds."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.model import AlarmSubscription, OwnThreshold
from services.chats.model import Chat, Kind, State

GROUPS = (Kind.GROUP, Kind.SUPERGROUP)


async def subscriptions_of(
    session: AsyncSession, chat_id: int, thread_id: int | None, *, every_thread: bool
) -> Sequence[AlarmSubscription]:
    """Return the subscriptions of a chat, or of one topic of it, oldest first."""
    query = select(AlarmSubscription).where(AlarmSubscription.chat_id == chat_id)
    if not every_thread:
        query = query.where(AlarmSubscription.thread_id == thread_id)
    return (await session.scalars(query.order_by(AlarmSubscription.id))).all()


async def all_subscriptions(session: AsyncSession) -> Sequence[AlarmSubscription]:
    """Return the subscriptions of all chats, those of a chat together."""
    query = select(AlarmSubscription)
    order = query.order_by(AlarmSubscription.chat_id, AlarmSubscription.id)
    return (await session.scalars(order)).all()


async def subscription(session: AsyncSession, subscription_id: int) -> AlarmSubscription | None:
    """Return a subscription by its number."""
    return await session.get(AlarmSubscription, subscription_id)


async def remove_subscription(session: AsyncSession, subscription_id: int) -> bool:
    """Remove a subscription; False when it was gone already."""
    query = delete(AlarmSubscription).where(AlarmSubscription.id == subscription_id)
    return (await session.scalars(query.returning(AlarmSubscription.id))).first() is not None


async def groups(session: AsyncSession) -> Sequence[Chat]:
    """Return the groups the bot can write to, in the order in which it met them."""
    query = select(Chat).where(Chat.kind.in_(GROUPS), Chat.state == State.ACTIVE)
    return (await session.scalars(query.order_by(Chat.id))).all()


async def thresholds_of(session: AsyncSession, chat_id: int) -> Sequence[OwnThreshold]:
    """Return what a person wants to hear of, oldest first."""
    query = select(OwnThreshold).where(OwnThreshold.chat_id == chat_id, OwnThreshold.active)
    return (await session.scalars(query.order_by(OwnThreshold.id))).all()


async def count_thresholds(session: AsyncSession, chat_id: int) -> int:
    """Return how many thresholds a person has."""
    query = select(func.count()).where(OwnThreshold.chat_id == chat_id, OwnThreshold.active)
    return await session.scalar(query) or 0


async def remove_threshold(session: AsyncSession, chat_id: int, threshold_id: int) -> bool:
    """Remove one of a person's own thresholds; False when there is none such."""
    query = delete(OwnThreshold).where(
        OwnThreshold.chat_id == chat_id, OwnThreshold.id == threshold_id
    )
    return (await session.scalars(query.returning(OwnThreshold.id))).first() is not None


async def add(session: AsyncSession, row: Any) -> None:
    """Add a row and give it its number."""
    session.add(row)
    await session.flush()
