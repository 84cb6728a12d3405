"""Alarms in and out: tracks by the thousand, episodes and their log one by one."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.alarms.known import UNKNOWN_INTERVAL, Watched
from services.alarms.model import Alarm, AlarmChange, AlarmDeed, AlarmExercise
from services.alarms.rules.matching import Labels, Matcher
from services.alarms.rules.records import Change, What
from services.alarms.statements import KEEP_ALL, KEEP_EACH, SERIES, SQLITE, TRACKS
from services.devices.model import Device


class WatchedSeries(NamedTuple):
    """A series and the device it is of."""

    id: int
    quantity: str
    channel: int
    device: Watched


Key = tuple[int, str]
"""series, rule."""


def _ids(connection: AsyncConnection, ids: Collection[int]) -> Mapping[str, Any]:
    ordered = sorted(ids)
    return {"ids": json.dumps(ordered) if connection.dialect.name == SQLITE else ordered}


async def series(session: AsyncSession, devices: Collection[int]) -> list[WatchedSeries]:
    """Return all series of devices."""
    connection = await session.connection()
    rows = await connection.execute(SERIES[connection.dialect.name], _ids(connection, devices))
    return [WatchedSeries(row[0], row[1], row[2], Watched(*row[3:])) for row in rows]


async def tracks(
    session: AsyncSession, series: Collection[int]
) -> Mapping[Key, tuple[int, bytes]]:
    """Return version and packed state of every rule at some series."""
    connection = await session.connection()
    rows = await connection.execute(TRACKS[connection.dialect.name], _ids(connection, series))
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


async def keep_tracks(session: AsyncSession, rows: Sequence[tuple[int, str, int, bytes]]) -> None:
    """Store series, rule, version and state of tracks; what was known is replaced."""
    connection = await session.connection()
    if connection.dialect.name == SQLITE:
        await connection.exec_driver_sql(KEEP_EACH, list(rows))
        return
    columns = map(list, zip(*rows, strict=True))
    await connection.execute(KEEP_ALL, dict(zip("abcd", columns, strict=True)))


async def alarms_of(
    session: AsyncSession, devices: Collection[int], since: datetime | None
) -> dict[str, list[Alarm]]:
    """Return alarms of devices that are open or ended after a moment, by what they are about."""
    recent: list[ColumnElement[bool]] = [Alarm.ended_at.is_(None)]
    if since is not None:
        recent.append(Alarm.ended_at > since)
    query = (
        select(Alarm).where(Alarm.device_id.in_(devices), or_(*recent)).order_by(Alarm.began_at)
    )
    found: dict[str, list[Alarm]] = {}
    for one in await session.scalars(query):
        found.setdefault(one.about, []).append(one)
    return found


async def open_alarms(session: AsyncSession) -> Sequence[Alarm]:
    """Return what is not over, the gravest and newest first."""
    query = select(Alarm).where(Alarm.ended_at.is_(None))
    return list(await session.scalars(query.order_by(Alarm.severity.desc(), Alarm.id.desc())))


async def rewrite_log(
    session: AsyncSession,
    key: Key,
    version: int,
    since: datetime | None,
    log: Sequence[Change],
) -> None:
    """Replace what a version of a rule said of a series after a moment (None: ever)."""
    series_id, rule_key = key
    gone = delete(AlarmChange).where(
        AlarmChange.series_id == series_id,
        AlarmChange.rule_key == rule_key,
        AlarmChange.version == version,
    )
    await session.execute(gone if since is None else gone.where(AlarmChange.time > since))
    session.add_all(
        AlarmChange(
            rule_key=rule_key,
            series_id=series_id,
            version=version,
            time=one.time,
            what=one.what.value,
            before=one.before,
            after=one.after,
            value=one.value,
        )
        for one in log
    )


async def changes(
    session: AsyncSession, rule_key: str, series_id: int, *, since: datetime, until: datetime
) -> list[Change]:
    """Return the log of a rule at a series, in the order of event time."""
    query = select(AlarmChange).where(
        AlarmChange.series_id == series_id,
        AlarmChange.rule_key == rule_key,
        AlarmChange.time >= since,
        AlarmChange.time < until,
    )
    rows = await session.scalars(query.order_by(AlarmChange.time, AlarmChange.id))
    return [Change(one.time, What(one.what), one.before, one.after, one.value) for one in rows]


async def last_change(session: AsyncSession, key: Key, version: int) -> datetime | None:
    """Return the time of the last entry a version of a rule made in a series' log."""
    query = select(AlarmChange.time).where(
        AlarmChange.series_id == key[0],
        AlarmChange.rule_key == key[1],
        AlarmChange.version == version,
    )
    return await session.scalar(query.order_by(AlarmChange.time.desc()).limit(1))


async def is_exercise(session: AsyncSession, labels: Labels, at: datetime) -> bool:
    """Whether what begins at a moment (event time) was announced as an exercise."""
    query = select(AlarmExercise.matcher).where(
        AlarmExercise.since <= at, AlarmExercise.until > at
    )
    return any(Matcher.of(one).concerns(labels) for one in await session.scalars(query))


async def note(
    session: AsyncSession, alarm_id: int, at: datetime, what: str, **detail: object
) -> None:
    """Add to an alarm's history what the engine did."""
    session.add(AlarmDeed(alarm_id=alarm_id, at=at, what=what, staff_id=None, detail=detail))


async def states(session: AsyncSession, devices: Collection[int]) -> Mapping[int, str]:
    """Return the states of devices."""
    query = select(Device.id, Device.state).where(Device.id.in_(devices))
    return {row[0]: row[1] for row in await session.execute(query)}


async def alarm(session: AsyncSession, alarm_id: int) -> Alarm | None:
    """Return an alarm."""
    return await session.get(Alarm, alarm_id)


async def history(
    session: AsyncSession,
    *,
    device_id: int | None,
    since: datetime,
    until: datetime,
    limit: int,
) -> Sequence[Alarm]:
    """Return alarms that began in some time, the newest first; what never was is left out."""
    query = select(Alarm).where(
        Alarm.began_at >= since, Alarm.began_at < until, Alarm.end != "withdrawn"
    )
    if device_id is not None:
        query = query.where(Alarm.device_id == device_id)
    ordered = query.order_by(Alarm.began_at.desc(), Alarm.id.desc())
    return list(await session.scalars(ordered.limit(limit)))


async def deeds(session: AsyncSession, alarm_id: int) -> Sequence[AlarmDeed]:
    """Return what was done with an alarm, in order."""
    query = select(AlarmDeed).where(AlarmDeed.alarm_id == alarm_id)
    return list(await session.scalars(query.order_by(AlarmDeed.at, AlarmDeed.id)))


async def interval(session: AsyncSession, device_id: int) -> timedelta:
    """Return how often a device reports."""
    query = select(Device.interval_seconds, Device.learned_seconds).where(Device.id == device_id)
    row = (await session.execute(query)).first()
    seconds = (row[0] or row[1]) if row else None
    return timedelta(seconds=seconds) if seconds else UNKNOWN_INTERVAL
