"""Queries on chats; the only place of this feature that writes SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, bindparam, delete, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.chats.model import Chat
from services.db import insert_new
from services.personal import personal_tables

BY_TELEGRAM_IDS = select(Chat).where(
    Chat.telegram_id.in_(bindparam("telegram_ids", expanding=True))
)
"""Built once, since every update passes here."""


async def by_telegram_id(session: AsyncSession, telegram_id: int) -> Chat | None:
    """Return the chat Telegram knows by this id."""
    return await session.scalar(select(Chat).where(Chat.telegram_id == telegram_id))


async def by_telegram_ids(session: AsyncSession, telegram_ids: Collection[int]) -> Sequence[Chat]:
    """Return the chats Telegram knows by these ids."""
    return (await session.scalars(BY_TELEGRAM_IDS, {"telegram_ids": list(telegram_ids)})).all()


async def add(
    session: AsyncSession, *, telegram_id: int, kind: str, language: str, now: datetime
) -> None:
    """Add a chat unless another process has just done so."""
    row = insert_new(session, Chat).values(
        telegram_id=telegram_id,
        kind=kind,
        language=language,
        news="immediate",
        state="active",
        created_at=now,
    )
    await session.execute(row.on_conflict_do_nothing(index_elements=["telegram_id"]))


async def forget_talks(session: AsyncSession, *, before: datetime) -> None:
    """Empty what conversations up to a time were about."""
    nothing = {"last_service": None, "last_candidates": None, "asked_back": False}
    old = update(Chat).where(Chat.asked_at <= before)
    await session.execute(old.values(asked_at=None, **nothing))


async def move(session: AsyncSession, *, old: int, new: int, kind: str) -> None:
    """Give a chat the id Telegram moved it to.

    Telegram may tell of the new chat first: then that one takes over what the old one had.
    """
    known = await by_telegram_id(session, new)
    former = await by_telegram_id(session, old)
    if known is None:
        await session.execute(
            update(Chat).where(Chat.telegram_id == old).values(telegram_id=new, kind=kind)
        )
    elif former is not None:
        for table, personal in personal_tables():
            if table is not Chat.__table__:
                await _hand_over(session, table, table.c[personal.owner], former.id, known.id)
        await session.execute(delete(Chat).where(Chat.id == former.id))


async def _hand_over(
    session: AsyncSession, table: Table, owner: Column[Any], old: int, new: int
) -> None:
    """Give rows to another chat; what it has already (two equal subscriptions) is left out."""
    key = tuple_(*table.primary_key)
    for row in (await session.execute(select(*table.primary_key).where(owner == old))).all():
        try:
            async with session.begin_nested():
                await session.execute(update(table).where(key == row).values({owner: new}))
        except IntegrityError:
            continue
