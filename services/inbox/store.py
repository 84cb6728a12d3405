"""Queries on the inbox; plain statements, since every update passes here."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.db import insert_new
from services.inbox.model import DONE, FAILED, NEW, InboxUpdate

Waiting = Row[int, int, str, datetime, int]
"""update_id, person_id, body, received_at, attempts."""


async def put(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store updates in one statement; those already known are left as they are."""
    insert = insert_new(session, InboxUpdate).on_conflict_do_nothing(index_elements=["update_id"])
    await session.execute(insert, rows)


async def waiting(session: AsyncSession, now: datetime, limit: int) -> Sequence[Waiting]:
    """Return the oldest open updates of people none of whose updates waits for a retry."""
    held = (
        select(InboxUpdate.person_id)
        .where(InboxUpdate.state == NEW, InboxUpdate.not_before > now)
        .scalar_subquery()
    )
    query = (
        select(
            InboxUpdate.update_id,
            InboxUpdate.person_id,
            InboxUpdate.body,
            InboxUpdate.received_at,
            InboxUpdate.attempts,
        )
        .where(InboxUpdate.state == NEW, InboxUpdate.person_id.not_in(held))
        .order_by(InboxUpdate.update_id)
        .limit(limit)
    )
    return (await session.execute(query)).all()


async def previous(
    session: AsyncSession, update_id: int, person_id: int
) -> Row[int, datetime] | None:
    """Return number and time of the update a person sent before this one."""
    query = (
        select(InboxUpdate.update_id, InboxUpdate.received_at)
        .where(InboxUpdate.person_id == person_id, InboxUpdate.update_id < update_id)
        .order_by(InboxUpdate.update_id.desc())
        .limit(1)
    )
    return (await session.execute(query)).first()


async def finish(session: AsyncSession, update_id: int) -> bool:
    """Mark an update as done; False when somebody else already has."""
    result = await session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.update_id == update_id, InboxUpdate.state == NEW)
        .values(state=DONE)
        .returning(InboxUpdate.update_id)
    )
    return result.scalar() is not None


async def postpone(
    session: AsyncSession, update_id: int, *, attempts: int, not_before: datetime, failed: bool
) -> None:
    """Note a failed attempt."""
    await session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.update_id == update_id)
        .values(
            attempts=attempts,
            not_before=not_before,
            state=FAILED if failed else NEW,
        )
    )


async def received(
    session: AsyncSession, *, since: datetime, until_update: int, person_id: int | None = None
) -> int:
    """Count updates since a time, up to and with one of them; of one person, or of all."""
    query = select(func.count()).where(
        InboxUpdate.received_at > since, InboxUpdate.update_id <= until_update
    )
    if person_id is not None:
        query = query.where(InboxUpdate.person_id == person_id)
    return (await session.scalar(query)) or 0


async def forget(session: AsyncSession, before: datetime) -> int:
    """Empty the bodies of processed updates received before a time; return how many."""
    result = await session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.state != NEW, InboxUpdate.received_at < before, InboxUpdate.body != "")
        .values(body="", person_id=0)
        .returning(InboxUpdate.update_id)
    )
    return len(result.all())


async def forget_numbers(session: AsyncSession, before: datetime) -> None:
    """Delete the rows of processed updates received before a time."""
    await session.execute(
        delete(InboxUpdate).where(InboxUpdate.state != NEW, InboxUpdate.received_at < before)
    )


async def forget_person(
    session: AsyncSession, person_id: int, states: Collection[str] = (NEW, DONE, FAILED)
) -> int:
    """Empty everything a person sent; the numbers of the updates stay, against repeats.

    What was not worked off yet never will be: there is nothing left of it.
    """
    result = await session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.person_id == person_id, InboxUpdate.state.in_(states))
        .values(body="", person_id=0, state=DONE)
        .returning(InboxUpdate.update_id)
    )
    return len(result.all())


async def of_person(session: AsyncSession, person_id: int) -> Sequence[Row[datetime, str]]:
    """Return what a person sent and is still kept."""
    query = select(InboxUpdate.received_at, InboxUpdate.body).where(
        InboxUpdate.person_id == person_id
    )
    return (await session.execute(query.order_by(InboxUpdate.update_id))).all()
