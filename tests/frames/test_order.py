"""Whatever the order, however often: the same frames, values, sums and figures of the link."""

import asyncio
import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from bot.application import Application
from bot.settings import DatabaseSettings, Settings
from services.db import Base
from services.region.service import Region
from tests.conftest import FRIDAY_NOON, ROOT
from tests.county import TestClock
from tests.frames.plain import Sent, work_off
from tests.lorawan.encoders import RENDERINGS, Uplink, tts_normalized
from tests.rigging import rows_of

DEVICES = ("70b3d57ba0003bb8", "70b3d57ba0003bb9")
SESSIONS = ("017d1f70", "017d1f71", "017d1f72")
MOST = 14
BY_ARRIVAL = {"id", "device_id", "series_id", "frame_id", "created_at"}
OF_THE_FIRST = {"name", "model", "source", "battery_volt_at"}
"""What a device is called at first; which copy of a frame (within minutes) dates its figures."""


@st.composite
def uplinks(draw: st.DrawFn) -> Sequence[Uplink]:
    """Frames of some devices: rejoins, resets, gaps, the same counter and payload again."""
    return [
        Uplink(
            dev_eui=draw(st.sampled_from(DEVICES)),
            f_cnt=draw(st.sampled_from((0, 1, 2, 3, 7, 65534, 65535, 65536))),
            payload=draw(st.sampled_from((b"\x00\xf0", b"\x01\x00", b"\x7f\x00"))),
            session=draw(st.sampled_from(SESSIONS)),
            time=FRIDAY_NOON - timedelta(seconds=draw(st.sampled_from(SECONDS))),
            brand="Plain",
            model="Plain",
            simulated=draw(st.integers(0, 9)) == 0,
        )
        for _ in range(draw(st.integers(1, MOST)))
    ]


SECONDS = (0, 1, 60, 240, 299, 300, 301, 500, 900, 3599, 3600, 3601, 7200, 90000, 5_000_000)


def once(uplinks: Sequence[Uplink]) -> Sequence[Uplink]:
    """Give equal frames of a session one time, as a counter occurs once; but it may begin anew."""
    times: dict[tuple[object, ...], datetime] = {}
    return [
        replace(
            one,
            time=times.setdefault((one.dev_eui, one.session, one.f_cnt, one.payload), one.time)
            if one.f_cnt
            else one.time,
        )
        for one in uplinks
    ]


@st.composite
def messages(draw: st.DrawFn) -> Sequence[Sent]:
    """Their messages: in one or several dialects, doubles among them."""
    sent = []
    for uplink in once(draw(uplinks())):
        names = draw(st.lists(st.sampled_from(sorted(TOGETHER)), min_size=1, max_size=3))
        for name in names:
            rendering = TOGETHER[name](uplink)
            sent.append(Sent(rendering.body, rendering.event, name))
    return sent


TOGETHER: Any = {
    "chirpstack-v4": RENDERINGS["chirpstack-v4"],
    "chirpstack-v4-lean": RENDERINGS["chirpstack-v4-lean"],
    "tts": RENDERINGS["tts"],
    "tts-normalized": tts_normalized,
}


async def result(application: Application, batches: Sequence[Sequence[Sent]]) -> dict[str, Any]:
    """Return what is stored after messages were worked off, without what only numbers it."""
    await empty(application)
    for batch in batches:
        await work_off(application, *batch)
    async with application.transaction() as services:
        while await services.readings.add_up(3):
            pass
    return await everything(application)


async def empty(application: Application) -> None:
    async with application.database.write.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in TABLES:
                await session.execute(sql(f"DELETE FROM {table.name}"))  # noqa: S608


TABLES = {
    "raw_uplink", "uplink_source", "frame", "gateway", "device", "series", "reading",
    "reading_hour", "reading_day", "rollup_due",
}  # fmt: skip


async def everything(application: Application) -> dict[str, Any]:
    devices = {row["id"]: row["address"] for row in await rows_of(application, "device")}
    series = {
        row["id"]: (devices[row["device_id"]], row["quantity"], row["channel"])
        for row in await rows_of(application, "series")
    }
    keys = {row["id"]: row["key"] for row in await rows_of(application, "frame")}
    found: dict[str, Any] = {}
    for table in ("device", "frame", "reading", "reading_hour", "reading_day", "gateway"):
        found[table] = sorted(
            (
                str(series.get(row.get("series_id"), devices.get(row.get("device_id")))),
                str(keys.get(row.get("frame_id"))),
                *(
                    f"{name}={value:.9g}" if isinstance(value, float) else f"{name}={value}"
                    for name, value in row.items()
                    if name not in BY_ARRIVAL and not (table == "device" and name in OF_THE_FIRST)
                ),
            )
            for row in await rows_of(application, table)
        )
    span = {"since": FRIDAY_NOON - timedelta(days=99), "until": FRIDAY_NOON + timedelta(days=9)}
    async with application.work.reading() as services:
        found["link"] = {devices[one]: await services.frames.link(one, **span) for one in devices}
    return found


def shuffled(sent: Sequence[Sent], seed: int) -> Sequence[Sequence[Sent]]:
    """Return messages in another order, some of them twice, in batches of any size."""
    order = random.Random(seed)  # noqa: S311 - no secret
    again = [*sent, *order.choices(sent, k=len(sent) // 2)]
    order.shuffle(again)
    batches, position = [], 0
    while position < len(again):
        size = order.randint(1, len(again))
        batches.append(again[position : position + size])
        position += size
    return batches


async def differing(application: Application, sent: Sequence[Sent], seed: int) -> dict[str, Any]:
    """Return what is not the same in disorder, by table: first in order, then in disorder."""
    straight = await result(application, [sent])
    other = await result(application, shuffled(sent, seed))
    return {
        table: (rows, other[table]) for table, rows in straight.items() if other[table] != rows
    }


@settings(
    max_examples=30,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink such examples takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=messages(), seed=st.integers(0, 10**6))
def test_order_and_repeats_change_nothing(
    empty_sqlite: Path,
    region: Region,
    clean_environment: None,
    tmp_path: Path,
    sent: Sequence[Sent],
    seed: int,
) -> None:
    path = tmp_path / "test.db"
    shutil.copy(empty_sqlite, path)

    async def try_it() -> None:
        application = Application(
            Settings(
                _env_file=None,
                region=str(ROOT / "tests" / "region_folder"),
                database=DatabaseSettings(url=f"sqlite+aiosqlite:///{path}"),
            ),
            region,
            TestClock(FRIDAY_NOON),
        )
        try:
            assert await differing(application, sent, seed) == {}
        finally:
            await application.close()

    asyncio.run(try_it())


@pytest.mark.parametrize("seed", range(4))
async def test_order_and_repeats_change_nothing_on_both_databases(
    application: Application, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    sent = []
    drawn = [
        Uplink(
            dev_eui=dice.choice(DEVICES),
            f_cnt=dice.choice((0, 1, 2, 5)),
            payload=dice.choice((b"\x00\xf0", b"\x01\x00")),
            session=dice.choice(SESSIONS),
            time=FRIDAY_NOON - timedelta(seconds=dice.choice(SECONDS)),
            brand="Plain",
            model="Plain",
        )
        for _ in range(20)
    ]
    for uplink in once(drawn):
        for name in dice.sample(sorted(TOGETHER), 2):
            rendering = TOGETHER[name](uplink)
            sent.append(Sent(rendering.body, rendering.event, name))
    assert await differing(application, sent, seed) == {}
