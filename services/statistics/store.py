"""Queries on figures; the only place of this feature that writes SQL."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from services.db import insert_new
from services.statistics.model import StatisticKey, Usage


async def add(session: AsyncSession, day: date, event: str, pseudonym: str) -> None:
    """Count an event of a pseudonym."""
    row = {"day": day, "event": event, "pseudonym": pseudonym, "count": 1}
    connection = await session.connection()  # past the ORM: every question passes here
    await connection.execute(_counting(session.get_bind().dialect.name), row)


@cache
def _counting(dialect: str) -> Any:
    """Return the statement that adds one, built once for each kind of database."""
    new = (sqlite if dialect == "sqlite" else postgresql).insert(Usage)
    return new.on_conflict_do_update(
        index_elements=["day", "event", "pseudonym"], set_={"count": Usage.count + 1}
    )


async def key(session: AsyncSession, month: str) -> bytes | None:
    """Return a month's key."""
    return await session.scalar(select(StatisticKey.key).where(StatisticKey.month == month))


async def replace_keys(session: AsyncSession, month: str, new: bytes) -> None:
    """Store a month's key and destroy those of all other months."""
    await session.execute(delete(StatisticKey).where(StatisticKey.month != month))
    row = insert_new(session, StatisticKey).values(month=month, key=new)
    await session.execute(row.on_conflict_do_nothing(index_elements=["month"]))


async def people(session: AsyncSession, since: date) -> int:
    """Count the pseudonyms since a day."""
    query = select(func.count(Usage.pseudonym.distinct())).where(Usage.day >= since)
    return (await session.scalar(query)) or 0


async def counts(session: AsyncSession, since: date) -> dict[str, int]:
    """Sum the events since a day."""
    query = select(Usage.event, func.sum(Usage.count)).where(Usage.day >= since)
    rows = await session.execute(query.group_by(Usage.event))
    return {event: int(total) for event, total in rows.all()}
