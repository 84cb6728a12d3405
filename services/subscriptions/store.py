"""Queries on subscriptions; the only place of this feature that writes SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.db import insert_new
from services.subscriptions.model import EVERYTHING, Subscription


async def add(
    session: AsyncSession, *, chat_id: int, service_id: str, area: str, now: datetime
) -> bool:
    """Add a subscription; False when it was there."""
    row = insert_new(session, Subscription).values(
        chat_id=chat_id, service_id=service_id, area=area, created_at=now
    )
    result = await session.scalars(row.on_conflict_do_nothing().returning(Subscription.id))
    return result.first() is not None


async def of_chat(session: AsyncSession, chat_id: int) -> Sequence[Subscription]:
    """Return the wishes of a chat, oldest first."""
    query = select(Subscription).where(Subscription.chat_id == chat_id)
    return (await session.scalars(query.order_by(Subscription.id))).all()


async def remove(session: AsyncSession, chat_id: int, subscription_id: int | None) -> int:
    """Remove one subscription of a chat, or all of them; return how many there were."""
    query = delete(Subscription).where(Subscription.chat_id == chat_id)
    if subscription_id is not None:
        query = query.where(Subscription.id == subscription_id)
    return len((await session.scalars(query.returning(Subscription.id))).all())


def wanted(service_id: ColumnElement[str], area: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a subscription is about a service in an area.

    Areas are ARS prefixes: they touch when one contains the other. The subscriber of a town hears
    of the town and of its county, not of another town.
    """
    return or_(Subscription.service_id == service_id, Subscription.service_id == EVERYTHING) & or_(
        func.substr(area, 1, func.length(Subscription.area)) == Subscription.area,
        func.substr(Subscription.area, 1, func.length(area)) == area,
    )
