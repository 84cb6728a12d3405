"""Values in and out; plain statements, since thousands a second pass here."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, TextClause, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.db import UtcDateTime, stored
from services.readings.model import Reading, ReadingDay, ReadingHour, Series
from services.readings.partitions import make_months
from services.readings.records import NewReading, Taken
from services.readings.rules import hour_of, month_of
from services.readings.statements import (
    DELETE_ALL,
    DELETE_EACH,
    DUE_ALL,
    DUE_EACH,
    FORGET_HOURS,
    FORGET_VALUES,
    NEW_SERIES_ALL,
    NEW_SERIES_EACH,
    NEWEST,
    OF_FRAMES,
    PUT_ALL,
    PUT_EACH,
    SERIES,
    SQLITE,
)

Key = tuple[int, str, int]
"""device, quantity, channel."""
MANY = 5000


async def put(session: AsyncSession, rows: Iterable[NewReading]) -> None:
    """Store values, and note the hours to be added up; a value known already is replaced."""
    connection = await session.connection()
    chosen = list(rows)
    ids = await _series(connection, {(one[0], one[1], one[2]) for one in chosen})
    values = {
        (ids[row[0], row[1], row[2]], row.time, row.frame_id): (row.value, row.marks)
        for row in chosen
    }
    if connection.dialect.name == SQLITE:
        await connection.exec_driver_sql(
            PUT_EACH, [(key[0], stored(key[1]), key[2], *values[key]) for key in values]
        )
    else:
        await make_months(connection, {month_of(row.time) for row in chosen})
        await _arrays(connection, PUT_ALL, [(*key, *value) for key, value in values.items()])
    await mark_due(connection, ((key[0], key[1]) for key in values))


async def mark_due(connection: AsyncConnection, values: Iterable[tuple[int, datetime]]) -> None:
    """Note the hours of series whose values changed."""
    hours = sorted({(series, hour_of(moment)) for series, moment in values})
    if connection.dialect.name == SQLITE:
        await connection.exec_driver_sql(DUE_EACH, [(one[0], stored(one[1])) for one in hours])
    else:
        await _arrays(connection, DUE_ALL, hours)


async def take_back(session: AsyncSession, frames: Sequence[Taken]) -> None:
    """Delete the values of frames, and note their hours."""
    connection = await session.connection()
    sqlite = connection.dialect.name == SQLITE
    if sqlite:
        given: dict[str, Any] = {
            "frames": json.dumps(
                [(one[0], one[1], stored(one.since), stored(one.until)) for one in frames]
            )
        }
    else:
        given = dict(zip("abcd", map(list, zip(*frames, strict=True)), strict=True))
        given["since"] = min(one.since for one in frames)
        given["until"] = max(one.until for one in frames)
    query = OF_FRAMES[connection.dialect.name].columns(time=UtcDateTime)
    found = [(*row,) for row in await connection.execute(query, given)]
    if not found:
        return
    if sqlite:
        await connection.exec_driver_sql(
            DELETE_EACH, [(series, stored(time), frame) for series, time, frame in found]
        )
    else:
        await _arrays(connection, DELETE_ALL, found)
    await mark_due(connection, ((series, time) for series, time, _ in found))


async def _series(connection: AsyncConnection, wanted: Collection[Key]) -> dict[Key, int]:
    """Return the series' numbers; make those that are missing."""
    ids = await _known_series(connection, wanted)
    missing = sorted(key for key in wanted if key not in ids)
    if not missing:
        return ids
    if connection.dialect.name == SQLITE:
        await connection.exec_driver_sql(NEW_SERIES_EACH, missing)
    else:
        await _arrays(connection, NEW_SERIES_ALL, missing)
    return await _known_series(connection, wanted)  # others may have made some, too


async def _known_series(connection: AsyncConnection, wanted: Collection[Key]) -> dict[Key, int]:
    devices = sorted({device for device, _, _ in wanted})
    dialect = connection.dialect.name
    given = {"devices": json.dumps(devices) if dialect == SQLITE else devices}
    found = await connection.execute(SERIES[dialect], given)
    return {(device, quantity, channel): one for one, device, quantity, channel in found}


async def _arrays(
    connection: AsyncConnection, statement: TextClause, rows: Sequence[tuple[Any, ...]]
) -> None:
    columns = map(list, zip(*rows, strict=True))
    await connection.execute(statement, dict(zip("abcde", columns, strict=False)))


async def newest(
    session: AsyncSession, device_id: int
) -> Sequence[Row[str, int, float, datetime, int]]:
    """Return quantity, channel, value, time and marks of every series' newest value.

    Of several at the same time the highest comes last.
    """
    query = NEWEST[session.get_bind().dialect.name].columns(time=UtcDateTime)
    return (await session.execute(query, {"device": device_id})).all()


async def values(
    session: AsyncSession, key: Key, *, since: datetime, until: datetime
) -> Sequence[Row[datetime, float, int]]:
    """Return time, value and marks from a moment to before another."""
    query = (
        select(Reading.time, Reading.value, Reading.marks)
        .where(Reading.series_id == await series_id(session, key))
        .where(Reading.time >= since, Reading.time < until)
        .order_by(Reading.time, Reading.value)
    )
    return (await session.execute(query)).all()


async def hours(
    session: AsyncSession, key: Key, *, since: datetime, until: datetime
) -> Sequence[Row[datetime, int, float, float, float, float]]:
    """Return the sums of the hours that begin from a moment to before another."""
    one = ReadingHour
    query = (
        select(one.hour, one.count, one.lowest, one.highest, one.total, one.last)
        .where(one.series_id == await series_id(session, key))
        .where(one.hour >= since, one.hour < until)
        .order_by(one.hour)
    )
    return (await session.execute(query)).all()


async def days(
    session: AsyncSession, key: Key, *, since: date, until: date
) -> Sequence[Row[date, int, float, float, float, float]]:
    """Return the sums of days, the last one included."""
    one = ReadingDay
    query = (
        select(one.day, one.count, one.lowest, one.highest, one.total, one.last)
        .where(one.series_id == await series_id(session, key))
        .where(one.day >= since, one.day <= until)
        .order_by(one.day)
    )
    return (await session.execute(query)).all()


async def series_id(session: AsyncSession, key: Key) -> int:
    """Return a series' number; 0 when there is none."""
    device, quantity, channel = key
    query = select(Series.id).where(
        Series.device_id == device, Series.quantity == quantity, Series.channel == channel
    )
    return (await session.scalar(query)) or 0


async def forget_values(session: AsyncSession, horizon: datetime) -> int:
    """Delete values that happened before a moment, some at a time; return how many (SQLite).

    The primary key begins with the series, so each one is looked into by itself.
    """
    return await _forget(session, FORGET_VALUES, horizon)


async def forget_hours(session: AsyncSession, horizon: datetime) -> int:
    """Delete the sums of hours before a moment, some at a time; return how many."""
    return await _forget(session, FORGET_HOURS, horizon)


async def _forget(session: AsyncSession, statement: TextClause, horizon: datetime) -> int:
    connection = await session.connection()
    sqlite = connection.dialect.name == SQLITE
    given = {"horizon": stored(horizon) if sqlite else horizon, "many": MANY}
    return (await connection.execute(statement, given)).rowcount
