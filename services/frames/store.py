"""Frames in and out; plain statements, since a thousand a second pass here."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import TextClause, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from lorawan.events import SAME_FRAME
from services.db import stored
from services.devices.model import Device
from services.frames.model import Frame
from services.frames.records import Known
from services.frames.rows import Position
from services.frames.rules import FRAME_KINDS, Counted
from services.frames.statements import (
    BY_CONTENT,
    BY_KEY,
    COPIES_ALL,
    COPIES_EACH,
    DELETE,
    GATEWAY_ALL,
    GATEWAY_EACH,
    HIGHEST,
    NAMES,
    NUMBERS,
    PUT_ALL,
    PUT_EACH,
    SQLITE,
)

Row = tuple[Any, ...]


def as_json(content: Mapping[str, Any] | None) -> str | None:
    """Return a decoded object as text; what orjson cannot write the slow one may."""
    if content is None:
        return None
    try:
        return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # numbers beyond 64 bits, half characters
        return json.dumps(content, allow_nan=False, default=str)


async def known(
    session: AsyncSession,
    keys: Collection[bytes],
    contents: Collection[bytes],
    times: Collection[datetime],
) -> list[Known]:
    """Return stored frames with these keys, or with these contents near to these times."""
    connection = await session.connection()
    found: dict[int, Known] = {}
    if keys:
        rows = await connection.execute(BY_KEY, {"keys": list(keys)})
        found = {row[0]: Known(*tuple(row)) for row in rows}
    if contents:
        span = {"earliest": min(times) - SAME_FRAME, "latest": max(times) + SAME_FRAME}
        rows = await connection.execute(BY_CONTENT, {"contents": list(contents), **span})
        found |= {row[0]: Known(*tuple(row)) for row in rows}
    return list(found.values())


async def numbers(session: AsyncSession, many: int) -> list[int]:
    """Return numbers for new frames."""
    connection = await session.connection()
    if connection.dialect.name == SQLITE:  # one writer: nobody else takes them
        highest: int = (await connection.execute(HIGHEST)).scalar_one()
        return list(range(highest + 1, highest + 1 + many))
    return list((await connection.execute(NUMBERS, {"many": many})).scalars())


async def put(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Store frames, given as `NAMES` wants them."""
    connection = await session.connection()
    if connection.dialect.name == SQLITE:
        await connection.exec_driver_sql(PUT_EACH, _plain(rows))
    else:
        columns = map(list, zip(*rows, strict=True))
        await connection.execute(PUT_ALL, dict(zip(NAMES, columns, strict=True)))


async def remove(session: AsyncSession, ids: Collection[int]) -> None:
    """Delete frames."""
    connection = await session.connection()
    await connection.execute(DELETE, {"ids": list(ids)})


async def count_copies(
    session: AsyncSession, rows: Sequence[tuple[int, int, datetime, datetime]]
) -> None:
    """Note number, copies, first and last time of frames."""
    await _each_or_all(await session.connection(), COPIES_EACH, COPIES_ALL, rows)


async def hear_gateways(session: AsyncSession, positions: Sequence[Position]) -> None:
    """Note when gateways were heard, and where they stand."""
    await _each_or_all(await session.connection(), GATEWAY_EACH, GATEWAY_ALL, positions)


async def _each_or_all(
    connection: AsyncConnection, each: str, everything: TextClause, rows: Sequence[Row]
) -> None:
    if connection.dialect.name == SQLITE:
        await connection.exec_driver_sql(each, _plain(rows))
        return
    columns = map(list, zip(*rows, strict=True))
    await connection.execute(everything, dict(zip("abcd", columns, strict=True)))


def _plain(rows: Sequence[Row]) -> list[Row]:
    return [
        tuple(stored(cell) if type(cell) is datetime else cell for cell in row) for row in rows
    ]


async def of_device(
    session: AsyncSession, device_id: int, *, since: datetime, until: datetime
) -> list[Counted]:
    """Return what tells how a device was heard, but nothing that was made by hand."""
    query = select(
        Frame.kind,
        Frame.time,
        Frame.session,
        Frame.f_cnt,
        Frame.copies,
        Frame.rssi,
        Frame.snr,
        Frame.gateway,
    ).where(
        Frame.device_id == device_id,
        Frame.time >= since,
        Frame.time < until,
        Frame.simulated.is_(False),
    )
    return [Counted(*row) for row in await session.execute(query)]


async def to_decode_again(session: AsyncSession) -> tuple[int, datetime] | None:
    """Return a device whose frames are to be decoded anew, and since when; None: no such one."""
    query = select(Device.id, Device.decode_from).where(Device.decode_from.is_not(None))
    row = (await session.execute(query.order_by(Device.id).limit(1))).first()
    return (row[0], row[1]) if row and row[1] else None


async def frames_since(
    session: AsyncSession, device_id: int, since: datetime, many: int
) -> Sequence[Frame]:
    """Return the oldest frames since a moment that may have values, never half a moment."""
    frames = (
        select(Frame)
        .where(Frame.device_id == device_id, Frame.time >= since, Frame.kind.in_(FRAME_KINDS))
        .order_by(Frame.time, Frame.id)
    )
    found = list(await session.scalars(frames.limit(many)))
    if len(found) == many:
        same = frames.where(Frame.time == found[-1].time)
        found = [one for one in found if one.time < found[-1].time]
        found += list(await session.scalars(same))
    return found


async def want_again(session: AsyncSession, device_id: int, since: datetime) -> None:
    """Note that a device's frames since a moment are to be decoded anew."""
    earlier = Device.decode_from.is_(None) | (Device.decode_from > since)
    await session.execute(
        update(Device).where(Device.id == device_id, earlier).values(decode_from=since)
    )


async def decoded_until(
    session: AsyncSession, device_id: int, *, was: datetime, following: datetime | None
) -> bool:
    """Note how far it is; False when somebody has ordered it anew meanwhile."""
    noted = await session.scalar(
        update(Device)
        .where(Device.id == device_id, Device.decode_from == was)
        .values(decode_from=following)
        .returning(Device.id)
    )
    return noted is not None


async def meant(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note what frames were decoded to: rows of id, decoded, decoder, problem, measured_from."""
    await session.execute(update(Frame), rows)


async def forget(session: AsyncSession, before: datetime, many: int) -> int:
    """Delete some frames received before a moment; return how many."""
    old = select(Frame.id).where(Frame.received_at < before).order_by(Frame.received_at)
    gone = await session.execute(
        delete(Frame).where(Frame.id.in_(old.limit(many))).returning(Frame.id)
    )
    return len(gone.all())
