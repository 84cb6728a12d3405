"""Raw messages: stored once, worked off in their order, set aside, forgotten; silence is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application import Application
from lorawan.events import Dialect, Form
from services.staff.rules import Role
from services.uplinks.model import Stage
from services.uplinks.rules import MAX_ATTEMPTS, Keeping, Source, wait_after
from services.uplinks.service import Incoming
from tests.county import County, TestClock
from tests.rigging import rows_of

SOURCES = {
    "chirpstack": Source("chirpstack", "ChirpStack Bitterfeld", Dialect.CHIRPSTACK_V4),
    "tts": Source("tts", "TTS", silent_after=timedelta(minutes=30)),
}


@pytest.fixture
def house(application: Application) -> Application:
    application.work.house = replace(application.work.house, sources=SOURCES)
    return application


def message(
    number: int, source: str = "chirpstack", event: str = "up", form: Form = Form.JSON
) -> Incoming:
    return Incoming(source, event, form, b'{"fCnt": %d}' % number)


async def put(house: Application, *messages: Incoming) -> None:
    async with house.transaction() as services:
        await services.uplinks.put(messages)


async def test_messages_are_stored_as_they_came_and_come_back_in_order(
    house: Application, clock: TestClock
) -> None:
    await put(house, message(1))
    await put(house, Incoming("tts", "", Form.PROTOBUF, bytes(range(256))))
    async with house.work.reading() as services:
        first, second = await services.uplinks.waiting(10)
        assert [one.id for one in await services.uplinks.waiting(1)] == [first.id]
    assert (first.source, first.event, first.form) == ("chirpstack", "up", Form.JSON)
    assert (first.body, first.dialect) == (b'{"fCnt": 1}', Dialect.CHIRPSTACK_V4)
    assert first.digest == message(1).digest
    assert first.received_at == clock.now
    assert (second.body, second.form, second.dialect) == (bytes(range(256)), Form.PROTOBUF, None)


async def test_a_repeat_changes_nothing_and_only_a_byte_identical_one_is_a_repeat(
    house: Application, clock: TestClock
) -> None:
    await put(house, message(1), message(1))
    before = await rows_of(house, "raw_uplink")
    clock.forward(hours=1)
    await put(house, message(1))
    assert await rows_of(house, "raw_uplink") == before
    others = (
        message(2),
        message(1, event="join"),
        message(1, source="tts"),
        message(1, form=Form.PROTOBUF),
    )
    await put(house, *others)
    assert len(await rows_of(house, "raw_uplink")) == 1 + len(others)


async def test_event_and_body_do_not_run_into_each_other() -> None:
    assert (
        Incoming("a", "up", Form.JSON, b"x").digest != Incoming("a", "upx", Form.JSON, b"").digest
    )


async def test_sources_are_counted_and_heard(house: Application, clock: TestClock) -> None:
    await put(house, message(1), message(2), message(3, "tts"))
    clock.forward(minutes=1)
    await put(house, message(2), message(4))
    async with house.work.reading() as services:
        one, other = await services.uplinks.standings()
    assert (one.source.name, one.received, one.heard_at) == ("chirpstack", 4, clock.now)
    assert one.counts == {Stage.NEW: 3}
    assert one.oldest == clock.now - timedelta(minutes=1)
    assert (other.source.label, other.received, other.is_configured) == ("TTS", 1, True)


async def test_finished_and_odd_messages_wait_no_more(house: Application) -> None:
    await put(house, *(message(number) for number in range(4)))
    async with house.transaction() as services:
        first, second, third, _ = await services.uplinks.waiting(10)
        closed = await services.uplinks.finish(
            [first.id], {second.id: "no-device", third.id: "x" * 500}
        )
        assert closed == {first.id, second.id, third.id}
    async with house.transaction() as services:
        assert await services.uplinks.finish([first.id], {second.id: "again"}) == set()
        assert len(await services.uplinks.waiting(10)) == 1
    rows = await rows_of(house, "raw_uplink")
    assert [row["stage"] for row in rows] == ["done", "odd", "odd", "new"]
    assert [row["problem"] for row in rows] == [None, "no-device", "x" * 120, None]
    async with house.transaction() as services:
        assert await services.uplinks.retry() == 0
        assert await services.uplinks.retry("tts", odd=True) == 0
        assert await services.uplinks.retry("chirpstack", odd=True) == 2
        assert len(await services.uplinks.waiting(10)) == 3


async def test_what_fails_again_and_again_is_set_aside_and_told(
    county: County, clock: TestClock
) -> None:
    house = county.application
    house.work.house = replace(house.work.house, sources=SOURCES)
    operator = await county.staff(2001, Role.OPERATOR)
    await put(house, message(1))
    for tried in range(MAX_ATTEMPTS):
        async with house.transaction() as services:
            [one] = await services.uplinks.waiting(10)
            assert one.attempts == tried
            last = tried == MAX_ATTEMPTS - 1
            assert await services.uplinks.failed(one.id, "crashed", tried=tried) is last
            assert not await services.uplinks.failed(one.id, "crashed", tried=tried), "noted once"
            assert await services.uplinks.waiting(10) == []
        clock.now += wait_after(tried + 1)
    await county.settle()
    assert "ChirpStack Bitterfeld" in operator.heard[-1]
    async with house.transaction() as services:
        assert await services.uplinks.waiting(10) == []
        assert await services.uplinks.retry() == 1
        [again] = await services.uplinks.waiting(10)
    assert again.attempts == 0


async def test_content_goes_first_and_rows_later_but_nothing_that_waits(
    house: Application, clock: TestClock
) -> None:
    keeping = Keeping(content=timedelta(days=2), rows=timedelta(days=4))
    house.work.house = replace(house.work.house, keeping=keeping)
    await put(house, message(1), message(2))
    async with house.transaction() as services:
        done, waits = await services.uplinks.waiting(10)
        await services.uplinks.finish([done.id])
    bodies = []
    for _ in range(3):
        clock.forward(days=1.5)
        async with house.transaction() as services:
            await services.uplinks.forget(await services.uplinks.old(100))
        bodies.append({row["id"]: row["body"] for row in await rows_of(house, "raw_uplink")})
    assert bodies[0] == {done.id: done.body, waits.id: waits.body}
    assert bodies[1] == {done.id: b"", waits.id: waits.body}
    assert bodies[2] == {waits.id: waits.body}


async def test_silence_and_the_first_word_after_it_are_told_once(
    county: County, clock: TestClock
) -> None:
    house = county.application
    house.work.house = replace(house.work.house, sources=SOURCES)
    operator = await county.staff(2001, Role.OPERATOR)

    async def look(minutes: float) -> int:
        clock.forward(minutes=minutes)
        async with house.transaction() as services:
            return await services.uplinks.notice_silence()

    assert await look(0) == 0, "never heard: its silence counts from now"
    assert await look(29) == 0
    assert await look(2) == 1
    assert [await look(20), await look(60)] == [0, 0]
    await put(house, message(1, "tts"))
    assert await look(1) == 1
    assert await look(1) == 0
    assert await look(40) == 1, "silent again"
    await county.settle()
    told = [said for said in operator.heard if "TTS" in said]
    assert len(told) == 3
    assert not any("ChirpStack" in said for said in operator.heard), "it may be silent"


async def test_full_is_what_waits_and_not_what_is_done(house: Application) -> None:
    await put(house, *(message(number) for number in range(5)))
    async with house.transaction() as services:
        uplinks = services.uplinks
        assert await uplinks.is_full(5)
        assert not await uplinks.is_full(6)
        numbers = [one.id for one in await uplinks.waiting(10)]
        await uplinks.finish(numbers[1:-1])
        assert await uplinks.is_full(2)
        assert not await uplinks.is_full(3), "first and last are further apart than many wait"
        await uplinks.finish(numbers)
        assert not await uplinks.is_full(1)
