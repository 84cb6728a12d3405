"""Profiles and makers' scripts make values of payloads; a bad script costs its frame only."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Table

from bot.application import Application
from bot.uplinks import UplinkDesk, profiles_of
from lorawan.sandbox import Sandbox, Script
from services.codecs.model import Codec, State
from services.frames.interpreting import Interpreting
from tests.frames.plain import arrive, chirpstack, frames, levels, raws
from tests.frames.test_service import set_device
from tests.rigging import a_row, rows_of

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
ELSYS = bytes([1, 0, 226, 2, 41, 7, 14, 16])
SCRIPT = Script.of(
    """function decodeUplink(input) {
      if (input.bytes[0] === 255) for (;;);
      if (input.bytes[0] === 254) return { errors: ["kaputt"] };
      return { data: { water: { level: input.bytes[1] / 100 } } };
    }"""
)


@pytest.fixture
async def desk(application: Application) -> AsyncIterator[UplinkDesk]:
    async with Sandbox() as sandbox:
        known = profiles_of(application.settings.region_folder)
        yield UplinkDesk(application.work, Interpreting(known, sandbox))


def named(model: str) -> dict[str, object]:
    return {
        "deviceInfo": {
            "devEui": "70b3d57ed0000001",
            "deviceName": "Raum 7",
            "deviceProfileName": model,
        }
    }


async def test_a_known_model_is_measured_at_once(
    application: Application, desk: UplinkDesk
) -> None:
    await arrive(application, chirpstack(NOW, 1, ELSYS, **named("elsys-ers")))
    await desk.work_off()
    [device] = await rows_of(application, "device")
    assert (device["state"], device["profile"], device["battery_volt"]) == (
        "unknown",
        "elsys",
        3.6,
    )
    assert {row["quantity"] for row in await rows_of(application, "series")} == {
        "air.temperature",
        "air.relativeHumidity",
    }
    assert sorted(value for _, value, _ in await levels(application)) == [22.6, 41]


async def test_an_unknown_model_is_kept_until_somebody_says_what_it_is(
    application: Application, desk: UplinkDesk
) -> None:
    await arrive(application, chirpstack(NOW, 1, ELSYS, **named("?")))
    await desk.work_off()
    assert [frame["problem"] for frame in await frames(application)] == ["no-profile"]
    await set_device(application, profile="elsys", state="test")
    [device] = await rows_of(application, "device")
    async with application.transaction() as services:
        await services.frames.decode_again(device["id"], NOW)
    await desk.decode_again()
    assert sorted(value for _, value, _ in await levels(application)) == [22.6, 41]
    [frame] = await frames(application)
    assert (frame["problem"], frame["decoder"]) == (None, "python:elsys")


async def test_a_maker_s_script_runs_outside_and_may_fail(
    application: Application, desk: UplinkDesk
) -> None:
    async with application.database.engine.begin() as connection:
        table = cast("Table", Codec.__table__)
        text = {"sha256": SCRIPT.sha256, "source": SCRIPT.source}
        await a_row(connection, table, id=7, state=State.RELEASED, failures=0, **text)
    await arrive(application, chirpstack(NOW, 1, b"\x00\xf0", **named("?")))
    await desk.work_off()
    await set_device(application, profile="script:7")
    payloads = (b"\x00\xf0", b"\xff\x00", b"\xfe\x00", b"\x00\xf1")
    await arrive(
        application,
        *(chirpstack(NOW, 2 + n, one, **named("?")) for n, one in enumerate(payloads)),
    )
    await desk.work_off()
    problems = {frame["f_cnt"]: frame["problem"] for frame in await frames(application)}
    assert problems == {1: "no-profile", 2: None, 3: "time", 4: "kaputt", 5: None}
    assert sorted(value for _, value, _ in await levels(application)) == [2.4, 2.41]
    assert await raws(application) == {"done": 5}
    [codec] = await rows_of(application, "codec")
    assert (codec["failures"], codec["last_problem"]) == (1, "time")
    await set_device(application, profile="script:8")
    await arrive(application, chirpstack(NOW, 9, **named("?")))
    await desk.work_off()
    assert (await frames(application))[-1]["problem"] == "codec-not-released"


def test_profiles_of_a_region_that_cannot_be_read_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "odd.yaml").write_text("key: [", encoding="utf-8")
    assert "elsys" in profiles_of(tmp_path)
