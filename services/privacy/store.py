"""Reads and removes what the tables declare about a person; knows no table by name."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.chats.model import Chat, State
from services.personal import Erasure, Personal


async def rows_of(
    session: AsyncSession, table: Table, personal: Personal, chat_id: int
) -> Sequence[Row[Any]]:
    """Return what a table keeps about a chat, in the columns it shows."""
    shown = [table.c[name] for name in personal.shown]
    query = select(*shown).where(table.c[personal.owner] == chat_id)
    return (await session.execute(query.order_by(*table.primary_key))).all()


async def erase(session: AsyncSession, table: Table, personal: Personal, chat_id: int) -> int:
    """Delete a person's rows of a table, or take the person out of them; return how many."""
    owner = table.c[personal.owner]
    key = tuple(table.primary_key)
    if personal.erasure is Erasure.DELETE:
        gone = await session.execute(delete(table).where(owner == chat_id).returning(*key))
        return len(gone.all())
    unlinked = update(table).where(owner == chat_id).values({personal.owner: None})
    return len((await session.execute(unlinked.returning(*key))).all())


async def erasing(session: AsyncSession) -> Sequence[Row[int, int]]:
    """Return the chats that wait only for their receipt to leave: our number and Telegram's."""
    query = select(Chat.id, Chat.telegram_id).where(Chat.state == State.ERASING)
    return (await session.execute(query)).all()


async def delete_chat(session: AsyncSession, chat_id: int) -> None:
    """Forget a chat, and with it everything that hangs on it."""
    await session.execute(delete(Chat).where(Chat.id == chat_id))
