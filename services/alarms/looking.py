"""Queries on alarms that are or were: the board, one alarm's history."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.model import (
    Alarm,
    AlarmChange,
    AlarmDeed,
    AlarmPost,
    AlarmRule,
    AlarmSilence,
)
from services.alarms.rules.audience import OWN
from services.staff.model import StaffMember
from services.uplinks.model import UplinkSource

NOT_OWN = not_(Alarm.rule_key.startswith(OWN))
"""What a person wants to be told of is nobody else's business."""
MOST = 200


async def open_alarms(session: AsyncSession) -> Sequence[Alarm]:
    """Return what fires now, the gravest first."""
    query = select(Alarm).where(Alarm.ended_at.is_(None), NOT_OWN)
    order = query.order_by(Alarm.severity.desc(), Alarm.began_at, Alarm.id)
    return (await session.scalars(order)).all()


async def of_device(session: AsyncSession, device_id: int, most: int) -> Sequence[Alarm]:
    """Return the newest alarms of a device."""
    query = select(Alarm).where(Alarm.device_id == device_id, NOT_OWN)
    return (await session.scalars(query.order_by(Alarm.id.desc()).limit(most))).all()


async def ended_since(session: AsyncSession, since: datetime, most: int) -> Sequence[Alarm]:
    """Return what ended lately, the newest first."""
    query = select(Alarm).where(Alarm.ended_at >= since, NOT_OWN)
    return (await session.scalars(query.order_by(Alarm.ended_at.desc()).limit(most))).all()


async def one(session: AsyncSession, alarm_id: int) -> Alarm | None:
    """Return an alarm; a person's own is not found."""
    return await session.scalar(select(Alarm).where(Alarm.id == alarm_id, NOT_OWN))


async def labels(session: AsyncSession, staff_ids: set[int]) -> dict[int, str]:
    """Return the labels of staff members ("Leitstelle 1")."""
    if not staff_ids:
        return {}
    query = select(StaffMember.id, StaffMember.label).where(StaffMember.id.in_(staff_ids))
    return {row.id: row.label for row in await session.execute(query)}


async def changes(session: AsyncSession, alarm: Alarm) -> Sequence[AlarmChange]:
    """Return the log of an alarm's rule at its series, from its beginning to its end."""
    query = select(AlarmChange).where(
        AlarmChange.rule_key == alarm.rule_key,
        AlarmChange.series_id == alarm.series_id,
        AlarmChange.time >= alarm.began_at,
    )
    if alarm.ended_at is not None:
        query = query.where(AlarmChange.time <= alarm.ended_at)
    order = query.order_by(AlarmChange.time, AlarmChange.id).limit(MOST)
    return (await session.scalars(order)).all()


async def deeds(session: AsyncSession, alarm_id: int) -> Sequence[AlarmDeed]:
    """Return what people and the engine did with an alarm."""
    query = select(AlarmDeed).where(AlarmDeed.alarm_id == alarm_id)
    return (await session.scalars(query.order_by(AlarmDeed.at, AlarmDeed.id).limit(MOST))).all()


async def silences(
    session: AsyncSession, since: datetime, until: datetime
) -> Sequence[AlarmSilence]:
    """Return the silences of a time, in their order."""
    query = select(AlarmSilence).where(AlarmSilence.since <= until, AlarmSilence.until >= since)
    return (await session.scalars(query.order_by(AlarmSilence.since, AlarmSilence.id))).all()


async def posts(session: AsyncSession, alarm_id: int) -> Sequence[AlarmPost]:
    """Return what the channel was to be told of an alarm."""
    query = select(AlarmPost).where(AlarmPost.alarm_id == alarm_id)
    return (await session.scalars(query.order_by(AlarmPost.proposed_at, AlarmPost.id))).all()


async def silent_sources(session: AsyncSession) -> dict[str, datetime]:
    """Return since when sources are silent of which that was noticed, the longest first."""
    query = select(UplinkSource.name, UplinkSource.silent_since).where(
        UplinkSource.silent_since.is_not(None)
    )
    rows = await session.execute(query.order_by(UplinkSource.silent_since, UplinkSource.name))
    return {name: since for name, since in rows if since is not None}


async def newest_rules(session: AsyncSession, keys: set[str]) -> dict[str, dict[str, object]]:
    """Return how rules are written now."""
    if not keys:
        return {}
    query = select(AlarmRule.key, AlarmRule.document).where(AlarmRule.key.in_(keys))
    rows = await session.execute(query.order_by(AlarmRule.key, AlarmRule.version))
    return {row.key: row.document for row in rows if isinstance(row.document, dict)}
