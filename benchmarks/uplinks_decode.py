"""How many sensor messages a second are decoded and stored, and how fast values are found.

    python -m benchmarks.uplinks_decode [--count 20000] [--rate 1000] [--database URL]

Messages of 1,000 devices, 1.4 kB each in ChirpStack's JSON, five values in each, read by our own
decoder. Beside it, in the same run, the same rows are inserted by plain executemany: what the
database can do when nobody reads, decodes or asks. Then messages come at a steady rate, and the
age of the oldest is looked at. Last, questions about one device of 1,000 with a year of values.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import insert, text

from bot.application import Application
from bot.migrate import migrate
from bot.settings import REGIONS, DatabaseSettings, Settings
from bot.tasks import Tasks
from bot.uplinks import UplinkDesk, profiles_of
from lorawan.events import Form
from lorawan.sandbox import Sandbox
from services.clock import utc_now
from services.frames.interpreting import Interpreting
from services.frames.model import Frame
from services.readings.model import Reading
from services.readings.partitions import make_months
from services.region.service import load_region
from services.uplinks.service import Incoming

DEVICES, VALUES = 1000, 5
TARGET = 1000
YEAR = 365 * 144
"""Values of a series of the device that is asked about: a year, each ten minutes."""
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FOLDER = REGIONS / "anhalt-bitterfeld"
TABLES = (
    "rollup_due", "reading_hour", "reading_day", "reading", "series", "frame", "gateway",
    "device_acceptance", "device", "raw_uplink", "uplink_source",
)  # fmt: skip


def body(number: int, time_: datetime) -> bytes:
    """Return an uplink of about 1.4 kB with five values (Elsys: temperature, humidity, …)."""
    device, counter = number % DEVICES, number // DEVICES
    payload = bytes([1, 0, 200 + counter % 50, 2, 50, 4, 1, 44, 5, 3, 6, 2, 88, 7, 14, 16])
    receptions = [
        {
            "gatewayId": f"0016c001f15008{gateway:02x}",
            "uplinkId": number,
            "gwTime": time_.isoformat(),
            "rssi": -80 - gateway,
            "snr": 7.5 - gateway,
            "channel": 5,
            "location": {"latitude": 51.62, "longitude": 12.31},
            "context": "EFwMtA==",
            "metadata": {"region_common_name": "EU868", "region_config_id": "eu868"},
            "crcStatus": "CRC_OK",
        }
        for gateway in range(2)
    ]
    message = {
        "deduplicationId": f"{number:08x}-40a5-4e0c-9d3b-0d2f6f1d3a11",
        "time": time_.isoformat(),
        "deviceInfo": {
            "tenantId": "52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
            "tenantName": "Landkreis",
            "applicationId": "ca739e26-7b67-4f14-b69e-d568c22a5a75",
            "applicationName": "Messnetz",
            "deviceProfileId": "605d08d4-65f5-4d2c-8a5a-3d2457662f79",
            "deviceProfileName": "elsys-ers",
            "deviceName": f"sensor-{device}",
            "devEui": f"70b3d57ed0{device:06x}",
            "tags": {"area": "mulde"},
        },
        "devAddr": f"{device:08x}",
        "adr": True,
        "dr": 5,
        "fCnt": counter,
        "fPort": 5,
        "confirmed": False,
        "data": b64encode(payload).decode(),
        "rxInfo": receptions,
        "txInfo": {
            "frequency": 868300000,
            "modulation": {"lora": {"bandwidth": 125000, "spreadingFactor": 7}},
        },
    }
    return json.dumps(message).encode()


def open_house(url: str) -> Application:
    """Return a house on an empty database."""
    settings = Settings(_env_file=None, region=str(FOLDER), database=DatabaseSettings(url=url))
    return Application(settings, load_region(FOLDER), utc_now)


async def empty(house: Application) -> None:
    """Delete everything that sensors sent."""
    async with house.database.write.begin() as session:
        for table in TABLES:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608


async def arrive(house: Application, first: int, count: int, step: timedelta) -> None:
    """Store messages as the hook does."""
    for begin in range(first, first + count, 1000):
        numbers = range(begin, min(begin + 1000, first + count))
        rows = [
            Incoming("county", "up", Form.JSON, body(one, BEGIN + step * (one // DEVICES)))
            for one in numbers
        ]
        async with house.transaction() as services:
            await services.uplinks.put(rows)


async def throughput(house: Application, desk: UplinkDesk, count: int) -> float:
    """Return how many messages a second are worked off."""
    await arrive(house, 0, count, timedelta(minutes=10))
    before, used = time.perf_counter(), time.process_time()
    while await desk.work_off():
        pass
    took, cpu = time.perf_counter() - before, time.process_time() - used
    print(f"  decoded and stored {count:,}: {count / took:,.0f}/s, CPU {1e6 * cpu / count:.0f} us")
    return count / took


async def baseline(house: Application) -> float:
    """Insert the very rows again by executemany, in batches as large as ours."""
    async with house.database.engine.connect() as connection:
        frames = [
            dict(row) for row in (await connection.execute(Frame.__table__.select())).mappings()
        ]
        readings = [
            dict(row) for row in (await connection.execute(Reading.__table__.select())).mappings()
        ]
    assert len(readings) >= VALUES * len(frames) * 0.9, (len(readings), len(frames))
    async with house.database.write.begin() as session:
        await session.execute(text("DELETE FROM reading"))
        await session.execute(text("DELETE FROM frame"))
    per_batch = len(readings) * 500 // len(frames)
    before = time.perf_counter()
    for number in range(0, len(frames), 500):
        async with house.database.engine.begin() as connection:
            await connection.execute(insert(Frame.__table__), frames[number : number + 500])
            begin = number // 500 * per_batch
            await connection.execute(
                insert(Reading.__table__), readings[begin : begin + per_batch]
            )
    rate = len(frames) / (time.perf_counter() - before)
    print(f"  bare executemany of the same rows: {rate:,.0f} frames/s")
    return rate


async def sustained(house: Application, desk: UplinkDesk, rate: int, seconds: int) -> float:
    """Return the highest age of a message, in seconds, while they come at a rate."""
    oldest = 0.0
    async with Tasks() as tasks:
        tasks.start(desk.run(), "desk")
        begun, sent = time.monotonic(), 10_000_000
        while (elapsed := time.monotonic() - begun) < seconds:
            due = 10_000_000 + int(elapsed * rate)
            if due > sent:
                await arrive(house, sent, due - sent, timedelta(seconds=1))
                sent = due
            house.work.uplinks_bell.set()
            oldest = max(oldest, await age(house))
            await asyncio.sleep(0.1)
        finished = time.monotonic()
        while await age(house):  # noqa: ASYNC110 - the database rings no bell here
            await asyncio.sleep(0.02)
    left = time.monotonic() - finished
    print(f"  {rate}/s for {seconds} s: oldest waited {oldest:.2f} s, all done {left:.2f} s later")
    return oldest


async def age(house: Application) -> float:
    """Return how many seconds the oldest message has waited."""
    async with house.database.read() as session:
        query = text("SELECT min(received_at) FROM raw_uplink WHERE stage = 'new'")
        found = await session.scalar(query)
    if found is None:
        return 0.0
    moment = datetime.fromisoformat(str(found))
    return (utc_now() - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))).total_seconds()


FILL = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
    " WHERE i < :year - 1) INSERT OR IGNORE INTO reading SELECT series.id,"
    " strftime('%Y-%m-%d %H:%M:%f000', '2025-01-01', (i * 10) || ' minutes'),"
    " 1, i % 500, 0 FROM series CROSS JOIN n"
    " WHERE i < CASE WHEN series.device_id ="
    " (SELECT min(device_id) FROM series) THEN :year ELSE :many END"
    " ORDER BY series.id, i",
    "postgresql": "INSERT INTO reading SELECT series.id, timestamptz '2025-01-01 00:00+00'"
    " + i * interval '10 minutes', 1, i % 500, 0 FROM series,"
    " generate_series(0, :year - 1) AS i WHERE i < CASE WHEN series.device_id ="
    " (SELECT min(device_id) FROM series) THEN :year ELSE :many END"
    " ON CONFLICT DO NOTHING",
}
"""Values each 10 minutes: a year of them for one device, `many` for the others."""
HOUR = {
    "sqlite": "strftime('%Y-%m-%d %H:00:00.000000', time)",
    "postgresql": "date_trunc('hour', time, 'UTC')",
}
DUE = (
    "INSERT INTO rollup_due SELECT DISTINCT series_id, {hour} FROM reading"
    " WHERE series_id IN (SELECT id FROM series WHERE device_id ="
    " (SELECT min(device_id) FROM series)) ON CONFLICT DO NOTHING"
)


async def fill_years(house: Application, per_series: int) -> None:
    """Give every series values each 10 minutes, one device a year of them, and add that up."""
    name = house.database.engine.dialect.name
    if name == "postgresql":
        async with house.transaction() as services:
            connection = await services.readings.session.connection()
            months = {date(2025 + month // 12, month % 12 + 1, 1) for month in range(36)}
            await make_months(connection, months)
    async with house.database.write.begin() as session:
        await session.execute(text(FILL[name]), {"many": per_series, "year": YEAR})
        await session.execute(text(DUE.format(hour=HOUR[name])))
        if name == "postgresql":
            await session.execute(text("ANALYZE"))
    await add_all_up(house)


async def add_all_up(house: Application) -> None:
    """Add up every hour that is due, and print how many a second."""
    before, hours = time.perf_counter(), 0
    while True:
        async with house.transaction() as services:
            some = await services.readings.add_up()
        hours += some
        if not some:
            break
    print(f"  added up {hours:,} hours: {hours / (time.perf_counter() - before):,.0f}/s")


async def questions(house: Application) -> None:
    """Ask about one device, thirty times each."""
    async with house.database.read() as session:
        device = await session.scalar(text("SELECT min(device_id) FROM series"))
        quantity = await session.scalar(
            text("SELECT min(quantity) FROM series WHERE device_id = :one"), {"one": device}
        )
        size = await session.scalar(text("SELECT count(*) FROM reading"))
    print(f"  {size:,} values:")
    since = datetime(2025, 6, 1, tzinfo=UTC)
    month = {"since": since, "until": since + timedelta(days=30)}
    year = {"since": date(2025, 1, 1), "until": date(2025, 12, 31)}
    days = {"since": BEGIN, "until": BEGIN + timedelta(days=30)}
    asked: Sequence[tuple[str, Callable[[Any], Awaitable[Any]]]] = (
        ("latest", lambda one: one.readings.latest(device)),
        ("a month by hours", lambda one: one.readings.hours(device, quantity, **month)),
        ("a year by days", lambda one: one.readings.days(device, quantity, **year)),
        (
            "link of 30 days",
            lambda one: one.frames.link(device, **days),
        ),
    )
    for name, ask in asked:
        times = []
        for _ in range(30):
            before = time.perf_counter()
            async with house.work.reading() as services:
                found = await ask(services)
            times.append(1000 * (time.perf_counter() - before))
        count = len(found) if hasattr(found, "__len__") else 1
        print(f"    {name}: median {median(times):.1f} ms, most {max(times):.1f} ms, {count} rows")


async def sizes(house: Application, url: str) -> None:
    """Print bytes per reading, keys and indexes included."""
    async with house.database.read() as session:
        if house.database.engine.dialect.name == "postgresql":
            size = await session.scalar(
                text(
                    "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits"
                    " WHERE inhparent = 'reading'::regclass"
                )
            )
        else:
            await session.execute(text("PRAGMA wal_checkpoint"))
            size = os.path.getsize(url.split("///", 1)[1])  # noqa: ASYNC240, PTH202
        count = await session.scalar(text("SELECT count(*) FROM reading"))
    print(f"  {int(size or 0) / int(count or 1):.0f} bytes per reading (SQLite: the whole file)")


async def measure(name: str, url: str, given: argparse.Namespace) -> bool:
    """Measure on one database; return whether the target is met."""
    house = open_house(url)
    print(name, flush=True)
    try:
        await empty(house)
        async with Sandbox() as sandbox:
            desk = UplinkDesk(house.work, Interpreting(profiles_of(FOLDER), sandbox))
            rate = await throughput(house, desk, given.count)
            bare = await baseline(house)
            print(f"  ratio {rate / bare:.2f}", flush=True)
            oldest = await sustained(house, desk, given.rate, given.seconds)
        if given.per_series:
            await fill_years(house, given.per_series)
            await questions(house)
            await sizes(house, url)
        return rate >= TARGET and oldest < 5  # noqa: PLR2004 - seconds
    finally:
        await empty(house)
        await house.close()


def main() -> None:
    """Measure on every database there is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--per-series", type=int, default=2000, help="values of each other series")
    parser.add_argument("--database", help="address of a database to be emptied for this")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    met = True
    if given.only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite+aiosqlite:///{folder}/one.db"
            migrate(url)
            met = asyncio.run(measure("SQLite", url, given))
    if given.database and given.only != "sqlite":
        migrate(DatabaseSettings(url=given.database).url)
        met = asyncio.run(measure("PostgreSQL", given.database, given)) and met
    print(f"target ({TARGET}/s kept up with): {'met' if met else 'NOT met'}")


if __name__ == "__main__":
    main()
