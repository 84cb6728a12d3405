"""Queries on devices; the only place of this feature that writes SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.db import insert_new
from services.devices.model import Device, DevicePhoto, DeviceQuestion, State

ESCAPE = "\\"


async def by_id(session: AsyncSession, device_id: int) -> Device | None:
    """Return a device as it is now, not as this session read it before."""
    query = select(Device).where(Device.id == device_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def by_address(session: AsyncSession, address: str) -> Device | None:
    """Return the device of an address (compared in lower case)."""
    return await session.scalar(select(Device).where(Device.address == address))


async def by_words(session: AsyncSession, words: str, most: int) -> Sequence[Device]:
    """Return devices whose name, place or address holds these words."""
    for special in (ESCAPE, "%", "_"):
        words = words.replace(special, ESCAPE + special)
    like = f"%{words.lower()}%"
    columns = (Device.name, Device.place, Device.address)
    query = select(Device).where(
        or_(*(func.lower(one).like(like, escape=ESCAPE) for one in columns))
    )
    return (await session.scalars(query.order_by(Device.name, Device.id).limit(most))).all()


async def add(session: AsyncSession, **columns: Any) -> bool:
    """Add a device; return False when somebody (or its own message) was faster."""
    row = insert_new(session, Device).values(revision=0, **columns)
    row = row.on_conflict_do_nothing(index_elements=["address"]).returning(Device.id)
    return (await session.execute(row)).first() is not None


async def change(
    session: AsyncSession, device_id: int, revision: int, columns: Mapping[str, Any]
) -> bool:
    """Change a device if nobody else has since; return whether this change counts."""
    found = await session.execute(
        update(Device)
        .where(Device.id == device_id, Device.revision == revision)
        .values(**columns, revision=revision + 1)
        .returning(Device.id)
        .execution_options(synchronize_session=False)
    )
    return found.first() is not None


async def counts(session: AsyncSession) -> Mapping[str, int]:
    """Return how many devices are in which state."""
    query = select(Device.state, func.count()).group_by(Device.state)
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def in_states(session: AsyncSession, states: Collection[State]) -> Sequence[Device]:
    """Return all devices in some states."""
    return (await session.scalars(select(Device).where(Device.state.in_(states)))).all()


async def page(
    session: AsyncSession, states: Collection[State], *, page: int, size: int
) -> tuple[int, Sequence[Device]]:
    """Return how many devices are in some states, and a page of them by name."""
    wanted = Device.state.in_(states)
    total = (await session.scalar(select(func.count()).select_from(Device).where(wanted))) or 0
    query = select(Device).where(wanted).order_by(func.lower(Device.name), Device.id)
    return total, (await session.scalars(query.limit(size).offset(page * size))).all()


async def maintained(session: AsyncSession, now: datetime) -> Sequence[Device]:
    """Return the devices whose maintenance is over."""
    over: ColumnElement[bool] = Device.maintenance_until <= now
    query = select(Device).where(Device.state == State.MAINTENANCE, over)
    return (await session.scalars(query.order_by(Device.id))).all()


async def unknown_since(session: AsyncSession, since: datetime) -> int:
    """Return how many unknown devices were first heard since then."""
    query = select(func.count()).select_from(Device)
    found = await session.scalar(
        query.where(Device.state == State.UNKNOWN, Device.created_at > since)
    )
    return found or 0


async def ask(session: AsyncSession, chat_id: int, **columns: Any) -> None:
    """Note what a chat was asked, in place of what it was asked before."""
    row = insert_new(session, DeviceQuestion).values(chat_id=chat_id, **columns)
    await session.execute(row.on_conflict_do_update(index_elements=["chat_id"], set_=columns))


async def question(session: AsyncSession, chat_id: int, since: datetime) -> DeviceQuestion | None:
    """Return what a chat was asked since then."""
    query = select(DeviceQuestion).where(
        DeviceQuestion.chat_id == chat_id, DeviceQuestion.asked_at > since
    )
    return await session.scalar(query.execution_options(populate_existing=True))


async def answered(session: AsyncSession, chat_id: int) -> None:
    """Forget what a chat was asked."""
    await session.execute(delete(DeviceQuestion).where(DeviceQuestion.chat_id == chat_id))


async def forget_questions(session: AsyncSession, before: datetime) -> None:
    """Forget what was asked long ago."""
    await session.execute(delete(DeviceQuestion).where(DeviceQuestion.asked_at <= before))


async def photos(session: AsyncSession, most: int) -> Sequence[DevicePhoto]:
    """Return photos that wait to be read, those first that were tried least."""
    query = select(DevicePhoto).order_by(DevicePhoto.attempts, DevicePhoto.id).limit(most)
    return (await session.scalars(query)).all()
