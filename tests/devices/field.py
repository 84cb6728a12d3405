"""A test field: devices, what they sent and what they measured, as rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update

from bot.application import Application
from services.devices.model import Device, State, Visibility
from services.frames.model import Frame
from services.readings.records import NewReading

EUI = "70b3d57ed0051e7a"
KEYS = count(1)


async def heard(application: Application, address: str = EUI, **columns: Any) -> int:
    """Return the number of a device that began to send, as its first message leaves it."""
    given = {
        "name": f"net-{address[-4:]}",
        "state": State.UNKNOWN,
        "visibility": Visibility.INTERNAL,
        "created_at": application.work.house.clock(),
        "seen_at": application.work.house.clock(),
        "revision": 0,
        **dict.fromkeys(("profile", "type", "join_eui", "serial"), ""),
        **dict.fromkeys(("model", "source", "place", "water", "ars"), ""),
        **columns,
    }
    async with application.database.write.begin() as session:
        device = Device(address=address, **given)
        session.add(device)
        await session.flush()
        return device.id


async def device(application: Application, address: str = EUI) -> Device:
    """Return a device as it is now."""
    async with application.database.read() as session:
        found = await session.scalar(select(Device).where(Device.address == address))
        assert found is not None
        return found


async def alter(application: Application, address: str = EUI, **columns: Any) -> None:
    """Change a device behind everybody's back."""
    async with application.database.write.begin() as session:
        await session.execute(update(Device).where(Device.address == address).values(**columns))


async def sends(
    application: Application,
    device_id: int,
    times: Sequence[datetime],
    *,
    counters: Sequence[int] | None = None,
    levels: Sequence[float] | None = None,
    measures: bool = True,
    **columns: Any,
) -> None:
    """Store a frame, and a water level and a temperature, for each of these times."""
    frames = []
    async with application.database.write.begin() as session:
        for number, time in enumerate(times):
            given = {
                "kind": "uplink",
                "name": "up",
                "source": "test",
                "session": "a",
                "rssi": -97.0 - number % 5,
                "snr": 7.5,
                "spreading_factor": 7 + number % 2,
                "gateway": "gw-1",
                "decoder": "server",
                **columns,
            }
            frames.append(
                Frame(
                    device_id=device_id,
                    key=next(KEYS).to_bytes(16, "big"),
                    f_cnt=counters[number] if counters else number,
                    time=time,
                    since=time,
                    until=time,
                    received_at=time,
                    gateways=1,
                    copies=1,
                    simulated=False,
                    **given,
                )
            )
        session.add_all(frames)
        await session.flush()
        ids = [one.id for one in frames]
    rows: list[NewReading] = []
    for number, (time, frame) in enumerate(zip(times, ids, strict=True)):
        level = levels[number] if levels else 2.0 + number % 7 / 100
        rows.append(NewReading(device_id, "water.level", 0, time, frame, level))
        rows.append(NewReading(device_id, "air.temperature", 0, time, frame, 5 + number % 11 / 10))
    async with application.transaction() as services:
        await services.readings.put(rows if measures else [])


def hourly(until: datetime, hours: int) -> list[datetime]:
    """Return a time for each of the last hours."""
    return [until - timedelta(hours=hours - number) for number in range(hours)]
