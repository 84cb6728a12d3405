"""A field of sensors for tests: devices with values, and what people see of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from aiogram.methods import SendDocument, SendPhoto
from aiogram.types import BufferedInputFile

from bot.application import Application
from bot.dispatcher import heavy_work
from bot.heavy import OneProcessRunner, Workshop
from bot.heavy_pool import Pool
from lorawan.measurement import Mark
from services.devices.model import Device, State, Visibility
from services.readings.records import NewReading
from tests.county import County

KOETHEN, ZERBST = "150820180180", "150820430430"
LEVEL, AIR = "water.level", "air.temperature"


async def device(application: Application, name: str = "Pegel Mulde", **given: Any) -> int:
    """Add a public device that was released; return its id."""
    values: dict[str, Any] = {
        "state": State.RELEASED,
        "visibility": Visibility.PUBLIC,
        "type": "gauge",
        "water": "Mulde",
        "place": "Brücke am Markt",
        "ars": KOETHEN,
        "latitude": 51.75,
        "longitude": 11.97,
        "interval_seconds": 900,
        **given,
    }
    async with application.database.write.begin() as session:
        row = Device(
            address=f"test/{name}",
            name=name,
            created_at=datetime(2026, 1, 1).astimezone(),
            **values,
        )
        session.add(row)
        await session.flush()
        return row.id


async def measured(
    application: Application,
    device_id: int,
    values: Sequence[float],
    *,
    until: datetime,
    step: timedelta = timedelta(minutes=15),
    quantity: str = LEVEL,
    channel: int = 0,
    marks: Mark = Mark.FINE,
) -> None:
    """Store values, the last one at `until`, and add them up."""
    first = until - step * (len(values) - 1)
    rows = [
        NewReading(device_id, quantity, channel, first + step * at, at + 1, value, int(marks))
        for at, value in enumerate(values)
    ]
    async with application.transaction() as services:
        await services.readings.put(rows)
    while True:
        async with application.transaction() as services:
            if not await services.readings.add_up():
                return


async def draw(county: County) -> None:
    """Do the heavy work that waits, in a real process, and deliver what it made."""
    pool = Pool()
    try:
        workshop = Workshop(county.application.work, heavy_work(), pool, county.worker.texts)
        assert await OneProcessRunner(workshop).work_off()
    finally:
        pool.close()
    await county.settle()


def pictures(county: County) -> list[tuple[bytes, str]]:
    """Return every picture that was sent, with its caption."""
    return [
        (method.photo.data, method.caption or "")
        for method in county.telegram.log
        if isinstance(method, SendPhoto) and isinstance(method.photo, BufferedInputFile)
    ]


def files(county: County) -> list[tuple[str, bytes]]:
    """Return name and content of every file that was sent."""
    return [
        (method.document.filename or "", method.document.data)
        for method in county.telegram.log
        if isinstance(method, SendDocument) and isinstance(method.document, BufferedInputFile)
    ]
