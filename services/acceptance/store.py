"""Queries on tests of devices; the only place of this feature that writes SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lorawan.events import Kind
from lorawan.measurement import Mark
from services.acceptance.records import Heard, Measured
from services.devices.model import Acceptance
from services.frames.model import Frame
from services.frames.rules import FRAME_KINDS
from services.readings.model import Reading, Series


async def heard(
    session: AsyncSession, device_id: int, *, since: datetime, until: datetime
) -> Sequence[Heard]:
    """Return the frames of a device in a time; what was made by hand does not count."""
    query = select(
        Frame.kind,
        Frame.time,
        Frame.session,
        Frame.f_cnt,
        Frame.copies,
        Frame.rssi,
        Frame.snr,
        Frame.gateway,
        Frame.spreading_factor,
    ).where(
        Frame.device_id == device_id,
        Frame.time >= since,
        Frame.time < until,
        Frame.kind.in_((*FRAME_KINDS, Kind.JOIN)),
        Frame.simulated.is_(False),
    )
    return [Heard(*row) for row in (await session.execute(query)).all()]


async def measured(
    session: AsyncSession, device_id: int, *, since: datetime, until: datetime
) -> Sequence[Measured]:
    """Return the values of a device in a time, without those made by hand."""
    query = (
        select(Series.quantity, Series.channel, Reading.time, Reading.value, Reading.marks)
        .join(Reading, Reading.series_id == Series.id)
        .where(Series.device_id == device_id, Reading.time >= since, Reading.time < until)
    )
    rows = (await session.execute(query)).all()
    found = (Measured(*row[:4], Mark(row[4])) for row in rows)
    return [one for one in found if Mark.SIMULATED not in one.marks]


async def add(session: AsyncSession, **columns: Any) -> Acceptance:
    """Keep a report."""
    row = Acceptance(**columns)
    session.add(row)
    await session.flush()
    return row


async def get(session: AsyncSession, acceptance_id: int) -> Acceptance | None:
    """Return a report."""
    query = select(Acceptance).where(Acceptance.id == acceptance_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def newest(session: AsyncSession, device_id: int) -> Acceptance | None:
    """Return the newest report on a device."""
    query = select(Acceptance).where(Acceptance.device_id == device_id)
    return await session.scalar(query.order_by(Acceptance.id.desc()).limit(1))


async def decide(session: AsyncSession, acceptance_id: int, **columns: Any) -> bool:
    """Note who released a device by a report; return whether nobody had before."""
    found = await session.execute(
        update(Acceptance)
        .where(Acceptance.id == acceptance_id, Acceptance.decided_at.is_(None))
        .values(**columns)
        .returning(Acceptance.id)
        .execution_options(synchronize_session=False)
    )
    return found.first() is not None
