"""What tells of silence: when devices were heard, by which gateways, and what else is known."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Function, Select, func, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.known import Watched
from services.alarms.model import AlarmDeed
from services.alarms.rules.presence import LONG_PAUSE, Pause
from services.alarms.statements import LINKS
from services.db import UtcDateTime, insert_new
from services.devices.model import Device, State
from services.frames.model import Frame, Gateway
from services.frames.rules import FRAME_KINDS
from services.readings.model import Series
from services.uplinks.model import IS_NEW, RawUplink, UplinkSource

EXPLAINS = "explains"
"""A deed: the devices whose silence a gateway's outage explains."""
LOOK_BACK = timedelta(days=1)
WATCHED = (
    Device.id,
    Device.address,
    Device.state,
    Device.visibility,
    Device.type,
    Device.ars,
    Device.water,
    Device.tags,
    Device.interval_seconds,
    Device.learned_seconds,
)


class Listening(NamedTuple):
    """A device in use, and when it was heard."""

    device: Watched
    name: str
    seen_at: datetime | None
    source: str


class Status(NamedTuple):
    """What a device told of itself."""

    device: Watched
    battery: float | None
    battery_at: datetime | None
    margin: float | None
    margin_at: datetime | None


class Count(NamedTuple):
    """How a session of a device was heard."""

    device_id: int
    received: int
    first: int
    last: int
    snr: float | None
    heard: int


async def in_use(session: AsyncSession) -> list[Listening]:
    """Return released devices."""
    query = select(*WATCHED, Device.name, Device.seen_at, Device.source)
    rows = await session.execute(query.where(Device.state == State.RELEASED))
    cells: list[tuple[Any, ...]] = [tuple(row) for row in rows]
    return [Listening(Watched(*row[:-3]), *row[-3:]) for row in cells]


async def statuses(session: AsyncSession) -> list[Status]:
    """Return what released devices told of themselves."""
    query = select(
        *WATCHED, Device.battery, Device.battery_at, Device.margin, Device.margin_at
    ).where(Device.state == State.RELEASED)
    cells: list[tuple[Any, ...]] = [tuple(row) for row in await session.execute(query)]
    return [Status(Watched(*row[:-4]), *row[-4:]) for row in cells]


async def gateways_of(session: AsyncSession, since: datetime) -> Mapping[int, frozenset[str]]:
    """Return which gateways heard each device best since a moment."""
    query = (
        select(Frame.device_id, Frame.gateway)
        .where(Frame.time >= since, Frame.gateway != "", Frame.simulated.is_(False))
        .distinct()
    )
    found: dict[int, set[str]] = defaultdict(set)
    for device, gateway in await session.execute(query):
        found[device].add(gateway)
    return {device: frozenset(names) for device, names in found.items()}


async def gateways_heard(session: AsyncSession) -> Mapping[str, datetime]:
    """Return when each gateway was heard last."""
    return {
        row[0]: row[1] for row in await session.execute(select(Gateway.name, Gateway.heard_at))
    }


async def silent_sources(session: AsyncSession) -> frozenset[str]:
    """Return sources whose silence was noticed."""
    query = select(UplinkSource.name).where(UplinkSource.silent_since.is_not(None))
    return frozenset(await session.scalars(query))


async def pauses_before(session: AsyncSession, start: datetime) -> list[Pause]:
    """Return when nothing came from any source before a start of the program, the latest first.

    The time right before the start, however short, and long pauses that ended within a day of it:
    a program that starts again and again was away each time.
    """
    arrival, found, until = RawUplink.received_at, list[Pause](), start
    while until > start - LOOK_BACK:
        last = await session.scalar(_moment(func.max(arrival)).where(arrival < until))
        if last is None:
            break
        pause = Pause(last, until)
        if pause.is_long or not found:
            found.append(pause)
        # On to the first arrival of the quarter of an hour before: within it is no long pause.
        earliest = await session.scalar(
            _moment(func.min(arrival)).where(arrival > last - LONG_PAUSE)
        )
        until = earliest or last
    return found


def _moment(aggregate: Function[datetime]) -> Select[datetime | None]:
    return select(type_coerce(aggregate, UtcDateTime()))


async def read_until(session: AsyncSession, now: datetime) -> datetime:
    """Return up to when all that arrived was read; what waits may be of anybody."""
    query = select(RawUplink.received_at).where(IS_NEW).order_by(RawUplink.id).limit(1)
    oldest = await session.scalar(query)
    return now if oldest is None else min(oldest, now)


async def explained(
    session: AsyncSession, alarms: Collection[int]
) -> Mapping[int, frozenset[int]]:
    """Return the devices whose silence open outages explain."""
    found: dict[int, set[int]] = defaultdict(set)
    if alarms:
        query = select(AlarmDeed.alarm_id, AlarmDeed.detail).where(
            AlarmDeed.alarm_id.in_(alarms), AlarmDeed.what == EXPLAINS
        )
        for alarm, detail in await session.execute(query):
            found[alarm].update(detail.get("devices", ()))
    return {alarm: frozenset(devices) for alarm, devices in found.items()}


async def ensure_series(session: AsyncSession, wanted: Collection[tuple[int, str]]) -> None:
    """Make the series of figures that are missing; they never hold values."""
    if wanted:
        insert = insert_new(session, Series).on_conflict_do_nothing()
        await session.execute(
            insert,
            [{"device_id": one, "quantity": name, "channel": 0} for one, name in sorted(wanted)],
        )


async def links(session: AsyncSession, since: datetime, until: datetime) -> list[Count]:
    """Return how each session of each device was heard."""
    return [Count(*row) for row in await session.execute(LINKS, {"since": since, "until": until})]


async def times_of_unknown_rhythm(
    session: AsyncSession, since: datetime
) -> Mapping[int, Sequence[datetime]]:
    """Return when devices sent whose interval nobody said."""
    states = (State.RELEASED, State.TEST)
    query = (
        select(Frame.device_id, Frame.time)
        .join(Device, Device.id == Frame.device_id)
        .where(
            Device.interval_seconds.is_(None),
            Device.state.in_(states),
            Frame.time >= since,
            Frame.kind.in_(FRAME_KINDS),
            Frame.simulated.is_(False),
        )
        .order_by(Frame.device_id, Frame.time)
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for device, time in await session.execute(query):
        found[device].append(time)
    return found


async def learned(session: AsyncSession) -> Mapping[int, int | None]:
    """Return what was learned of the intervals of devices."""
    query = select(Device.id, Device.learned_seconds).where(Device.interval_seconds.is_(None))
    return {row[0]: row[1] for row in await session.execute(query)}


async def learn(session: AsyncSession, device_id: int, seconds: int) -> None:
    """Note how often a device reports."""
    await session.execute(
        update(Device).where(Device.id == device_id).values(learned_seconds=seconds)
    )
