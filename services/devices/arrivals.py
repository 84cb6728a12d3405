"""Devices as they arrive: met by their address, and what their messages tell of their state.

Nothing here depends on the order in which messages come: each figure is that of the newest event.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.clock import Clock
from services.db import insert_new, stored
from services.devices.model import Device, State, Visibility

SQLITE = "sqlite"
LONGEST_NAME = 80


class Met(NamedTuple):
    """What working off a message needs to know of its device; `id` 0: not there yet."""

    id: int
    address: str
    state: str
    profile: str
    mounting_height: float | None = None
    interval_seconds: int | None = None


class Newcomer(NamedTuple):
    """What the first message of a device tells of it."""

    address: str
    name: str
    model: str
    source: str
    profile: str


class Figure(NamedTuple):
    """A figure and when it was so."""

    value: float
    at: datetime


@dataclass(slots=True)
class Sighting:
    """What a batch of messages tells of a device: of each figure the newest."""

    device_id: int
    seen_at: datetime | None = None
    battery: Figure | None = None
    battery_volt: Figure | None = None
    margin: Figure | None = None


def newer(known: Figure | None, value: float | None, at: datetime) -> Figure | None:
    """Return the newer of two figures; of two at once the lower, which is the safer."""
    if value is None or (known is not None and (known.at, -known.value) >= (at, -value)):
        return known
    return Figure(value, at)


COLUMNS = (
    Device.id,
    Device.address,
    Device.state,
    Device.profile,
    Device.mounting_height,
    Device.interval_seconds,
)
BY_ADDRESS = select(*COLUMNS).where(Device.address.in_(bindparam("addresses", expanding=True)))
BY_NUMBER = select(*COLUMNS).where(Device.id == bindparam("number"))
HEARD_EACH = (
    "UPDATE device SET seen_at = max(coalesce(seen_at, ?2), coalesce(?2, seen_at)),"
    " battery = CASE WHEN ?4 > coalesce(battery_at, '')"
    " OR ?4 = battery_at AND ?3 < battery THEN ?3 ELSE battery END,"
    " battery_at = CASE WHEN ?4 > coalesce(battery_at, '') THEN ?4 ELSE battery_at END,"
    " battery_volt = CASE WHEN ?6 > coalesce(battery_volt_at, '')"
    " OR ?6 = battery_volt_at AND ?5 < battery_volt THEN ?5 ELSE battery_volt END,"
    " battery_volt_at = CASE WHEN ?6 > coalesce(battery_volt_at, '')"
    " THEN ?6 ELSE battery_volt_at END,"
    " margin = CASE WHEN ?8 > coalesce(margin_at, '')"
    " OR ?8 = margin_at AND ?7 < margin THEN ?7 ELSE margin END,"
    " margin_at = CASE WHEN ?8 > coalesce(margin_at, '') THEN ?8 ELSE margin_at END"
    " WHERE id = ?1"
)
HEARD_ALL = text(
    "UPDATE device SET seen_at = greatest(device.seen_at, one.seen_at),"
    " battery = CASE WHEN one.battery_at > coalesce(device.battery_at, '-infinity')"
    " OR one.battery_at = device.battery_at AND one.battery < device.battery"
    " THEN one.battery ELSE device.battery END,"
    " battery_at = greatest(device.battery_at, one.battery_at),"
    " battery_volt = CASE WHEN one.volt_at > coalesce(device.battery_volt_at, '-infinity')"
    " OR one.volt_at = device.battery_volt_at AND one.volt < device.battery_volt"
    " THEN one.volt ELSE device.battery_volt END,"
    " battery_volt_at = greatest(device.battery_volt_at, one.volt_at),"
    " margin = CASE WHEN one.margin_at > coalesce(device.margin_at, '-infinity')"
    " OR one.margin_at = device.margin_at AND one.margin < device.margin"
    " THEN one.margin ELSE device.margin END,"
    " margin_at = greatest(device.margin_at, one.margin_at)"
    " FROM unnest(CAST(:a AS integer[]), CAST(:b AS timestamptz[]),"
    " CAST(:c AS double precision[]), CAST(:d AS timestamptz[]),"
    " CAST(:e AS double precision[]), CAST(:f AS timestamptz[]),"
    " CAST(:g AS integer[]), CAST(:h AS timestamptz[]))"
    " AS one (id, seen_at, battery, battery_at, volt, volt_at, margin, margin_at)"
    " WHERE device.id = one.id"
)


@dataclass(frozen=True)
class Arrivals:
    """Devices as their messages show them."""

    session: AsyncSession
    clock: Clock

    async def known(self, addresses: Collection[str]) -> Mapping[str, Met]:
        """Return the devices with these addresses that are known."""
        if not addresses:
            return {}
        connection = await self.session.connection()
        found = await connection.execute(BY_ADDRESS, {"addresses": sorted(addresses)})
        return {row[1]: Met(*row) for row in found}

    async def numbered(self, device_id: int) -> Met | None:
        """Return a device by its number."""
        row = (await self.session.execute(BY_NUMBER, {"number": device_id})).first()
        return Met(*row) if row else None

    async def meet(self, newcomers: Sequence[Newcomer]) -> Mapping[str, Met]:
        """Return devices by their address; unknown ones wait from now on to be adopted."""
        if not newcomers:
            return {}
        connection = await self.session.connection()
        insert = insert_new(self.session, Device).on_conflict_do_nothing()
        await connection.execute(insert, [self._row(one) for one in newcomers])
        return await self.known({one.address for one in newcomers})

    async def name(self, met: Met) -> bool:
        """Note the profile of a device that has none, unless a person was faster."""
        noted = await self.session.scalar(
            update(Device)
            .where(Device.id == met.id, Device.state == State.UNKNOWN, Device.profile == "")
            .values(profile=met.profile)
            .returning(Device.id)
        )
        return noted is not None

    def _row(self, one: Newcomer) -> dict[str, object]:
        return {
            "address": one.address,
            "name": (one.name or one.address)[:LONGEST_NAME],
            "state": State.UNKNOWN,
            "visibility": Visibility.INTERNAL,
            "profile": one.profile,
            "model": one.model[:LONGEST_NAME],
            "source": one.source,
            "created_at": self.clock(),
        }

    async def heard(self, sightings: Sequence[Sighting]) -> None:
        """Note what messages tell; what is older than what is known changes nothing."""
        if not sightings:
            return
        connection = await self.session.connection()
        rows = [
            (
                one.device_id,
                one.seen_at,
                *_flat(one.battery),
                *_flat(one.battery_volt),
                *_flat(one.margin),
            )
            for one in sorted(sightings, key=lambda one: one.device_id)
        ]  # in one order: two that note the same devices must not wait for each other
        await _note(connection, rows)


def _flat(figure: Figure | None) -> tuple[float | None, datetime | None]:
    return figure or (None, None)


async def _note(connection: AsyncConnection, rows: Sequence[tuple[object, ...]]) -> None:
    if connection.dialect.name == SQLITE:
        plain = [
            tuple(stored(cell) if isinstance(cell, datetime) else cell for cell in row)
            for row in rows
        ]
        await connection.exec_driver_sql(HEARD_EACH, plain)
        return
    columns = map(list, zip(*rows, strict=True))
    await connection.execute(HEARD_ALL, dict(zip("abcdefgh", columns, strict=True)))
