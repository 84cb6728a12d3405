"""Sensor data by MQTT: the broker may forget a message only when it is durable with us."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from aiogram import Bot
from structlog.testing import capture_logs

from bot.application import Application
from bot.roles import Role
from bot.run import DUTIES, Crew
from handlers.uplinks.body import BODY_LIMIT
from handlers.uplinks.sources import Sender
from services.text import Texts
from services.uplinks.rules import Source
from services.uplinks.service import Incoming
from tests.rigging import eventually, rows_of
from tests.uplinks.brokers import Field, field, mosquitto, own_port

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


@pytest.fixture
async def meadow(application: Application) -> AsyncIterator[Field]:
    async with field(application) as opened:
        yield opened


def body(number: int) -> bytes:
    return json.dumps({"deduplicationId": str(number), "fCnt": number}).encode()


async def rows(opened: Field) -> list[dict[str, Any]]:
    return await rows_of(opened.application, "raw_uplink")


async def has(opened: Field, count: int, seconds: float = 20) -> None:
    async def there() -> bool:
        return len(await rows(opened)) >= count

    await eventually(there, seconds)
    assert len(await rows(opened)) == count


async def test_what_is_published_is_stored_as_it_came(meadow: Field) -> None:
    tts = f"v3/{meadow.name}@ttn/devices/eui-1"
    messages = (
        (meadow.up(), body(1)),
        (meadow.up(event="join"), body(2)),
        (meadow.up(event="up"), b"\x0a\x03abc"),
        (f"{tts}/up", body(3)),
        (f"{tts}/down/sent", body(4)),
    )
    async with meadow.listening() as listener:
        await meadow.subscribed(listener)
        await meadow.publish(*messages)
        await has(meadow, len(messages))
    found = {(row["event"], row["form"], row["body"]) for row in await rows(meadow)}
    assert found == {
        ("up", "json", body(1)),
        ("join", "json", body(2)),
        ("up", "protobuf", b"\x0a\x03abc"),
        ("up", "json", body(3)),
        ("down/sent", "json", body(4)),
    }


async def test_it_is_a_duty_of_the_web_role_where_a_source_has_a_broker(
    meadow: Field, texts: Texts
) -> None:
    application, stopping = meadow.application, asyncio.Event()
    crew = Crew(application, Bot("42:TEST"), texts, stopping, cast("Any", None), asyncio.Event())
    assert [duty.name for duty in DUTIES[Role.WEB](crew)] == ["web"]
    application.senders = {"field": Sender(Source("field"), broker=meadow.broker())}
    _, duty = DUTIES[Role.WEB](crew)
    assert (duty.name, duty.one_holder) == ("mqtt", True)
    working = asyncio.ensure_future(duty.work())
    connected = 'abibot_mqtt_connected{source="field"} '
    figures = application.work.metrics.text
    await eventually(lambda: _true(f"{connected}1.0" in figures().decode()), 10)
    await meadow.publish((meadow.up(), body(1)))
    await has(meadow, 1)
    stopping.set()
    await working
    assert f"{connected}0.0" in figures().decode()


async def test_a_listener_cut_off_in_the_middle_loses_nothing(meadow: Field) -> None:
    async def publish(numbers: range) -> None:
        await meadow.publish(*((meadow.up(), body(number)) for number in numbers))

    async with meadow.listening() as listener:
        await meadow.subscribed(listener)
        await publish(range(100))
        await has(meadow, 100)
    stuck, held = meadow.listener(), asyncio.Event()

    async def never(incoming: Incoming) -> None:
        held.set()
        await asyncio.Event().wait()

    stuck.put = never
    async with meadow.listening(stuck):
        await meadow.subscribed(stuck)
        await publish(range(100, 150))
        await held.wait()  # received by us, and cut off before anything is stored
    await publish(range(150, 300))  # nobody listens
    async with meadow.listening():
        await has(meadow, 300)
    bodies = sorted(row["body"] for row in await rows(meadow))
    assert bodies == sorted(body(number) for number in range(300))
    async with meadow.listening() as listener:
        await meadow.subscribed(listener)
        await asyncio.sleep(0.3)
        assert len(await rows(meadow)) == 300, "the broker has nothing left for us"


async def test_what_could_not_be_stored_is_tried_again(meadow: Field) -> None:
    listener = meadow.listener()
    store, failures = listener.put, 3

    async def fail_first(incoming: Incoming) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise OSError("disk full")
        await store(incoming)

    listener.put = fail_first
    with capture_logs() as logs:
        async with meadow.listening(listener):
            await meadow.subscribed(listener)
            await meadow.publish((meadow.up(), body(1)))
            await has(meadow, 1)
    assert [entry["event"] for entry in logs].count("uplink not stored") == 3


async def test_nothing_broken_comes_again_and_again(meadow: Field) -> None:
    broken = (
        (meadow.up(), b""),
        (meadow.up(), b"x" * (BODY_LIMIT + 1)),
        (meadow.up(), b'{"half": '),
        (meadow.up(), b"\xff\xfe"),
        (meadow.up(), body(1)),
    )
    async with meadow.listening() as listener:
        await meadow.subscribed(listener)
        await meadow.publish(*broken)
        await has(meadow, 3)
    with capture_logs() as logs:
        async with meadow.listening() as listener:
            await meadow.subscribed(listener)
            await asyncio.sleep(0.3)
    assert [entry["event"] for entry in logs] == ["broker reached"], "nothing was sent again"
    figures = meadow.application.work.metrics.text().decode()
    assert 'abibot_uplinks_total{outcome="empty",source="field"} 1.0' in figures
    assert 'abibot_uplinks_total{outcome="too-large",source="field"} 1.0' in figures
    assert 'abibot_uplinks_total{outcome="stored",source="field"} 3.0' in figures


async def test_a_broker_that_goes_away_is_told_once_and_loses_nothing(
    application: Application, tmp_path: Path
) -> None:
    opened = Field(application, own_port(), uuid4().hex)
    lines = ("allow_anonymous true",)
    with capture_logs() as logs:
        async with opened.listening() as listener:
            await asyncio.sleep(0.3)  # several attempts
            with mosquitto(tmp_path, opened.port, *lines):
                await opened.subscribed(listener)
                await opened.publish((opened.up(), body(1)))
                await has(opened, 1)
            await eventually(lambda: _true(not listener.connected), 10)
            await asyncio.sleep(0.3)
            with mosquitto(tmp_path, opened.port, *lines):
                await opened.subscribed(listener)
                await opened.publish((opened.up(), body(2)))
                await has(opened, 2)
    told = [entry["event"] for entry in logs]
    assert told == ["broker away", "broker reached"] * 2


async def test_a_password_is_shown_and_never_logged(
    application: Application, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text("planted-mqtt-password\n", encoding="utf-8")
    opened = Field(application, own_port(), uuid4().hex, "abibot", secret)
    with (
        capture_logs() as logs,
        mosquitto(tmp_path, opened.port, "allow_anonymous false"),
    ):
        async with opened.listening() as listener:
            await eventually(lambda: _true(listener.connected is False), 10)
            await asyncio.sleep(0.2)
    assert [entry["event"] for entry in logs] == ["broker away"]
    assert "planted" not in str(logs)


async def _true(found: bool) -> bool:
    return found
