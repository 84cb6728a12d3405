"""Which devices there are to look at; the SQL of `lookups`."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.devices.model import Device, State, Visibility
from services.readings.model import Series

COLUMNS = (
    Device.id,
    Device.name,
    Device.type,
    Device.place,
    Device.water,
    Device.ars,
    Device.latitude,
    Device.longitude,
    Device.interval_seconds,
    Device.gauge_datum,
    Device.state,
    Device.visibility,
    Device.tags,
)


FEW = 100
"""Devices whose series are asked for by their ids; of more all are read."""


async def devices(
    session: AsyncSession,
    states: Collection[State],
    *,
    public_only: bool,
    device_id: int | None = None,
    quantities: Collection[str] | None = None,
) -> Sequence[Row[*tuple[object, ...]]]:
    """Return devices in these states, by name; one of them where its id is given.

    With `quantities` only those that ever measured one of them.
    """
    query = select(*COLUMNS).where(Device.state.in_(states)).order_by(Device.name, Device.id)
    if public_only:
        query = query.where(Device.visibility == Visibility.PUBLIC)
    if device_id is not None:
        query = query.where(Device.id == device_id)
    if quantities is not None:
        able = select(Series.device_id).where(Series.quantity.in_(quantities))
        query = query.where(Device.id.in_(able))
    return (await session.execute(query)).all()


async def series(
    session: AsyncSession, device_ids: Collection[int]
) -> Mapping[int, tuple[tuple[str, int], ...]]:
    """Return what each device ever measured: quantity and channel, sorted."""
    query = select(Series.device_id, Series.quantity, Series.channel).where(
        Series.quantity.not_like("link.%")  # the device's own figures hold no values
    )
    if len(device_ids) <= FEW:
        query = query.where(Series.device_id.in_(device_ids))
    wanted, found = set(device_ids), defaultdict(list)
    for device_id, quantity, channel in await session.execute(query):
        if device_id in wanted:
            found[device_id].append((quantity, channel))
    return {device_id: tuple(sorted(keys)) for device_id, keys in found.items()}
