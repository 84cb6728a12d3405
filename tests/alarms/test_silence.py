"""Silence: who is late, who is gone, whose gateway took whom along. It resolves nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.application import Application
from services.alarms.known import RuleCache
from services.devices import finding
from tests.alarms.field import STEP, alarms, deeds, record, released, take_in
from tests.conftest import FRIDAY_NOON
from tests.county import TestClock
from tests.frames.plain import EUI, Sent, arrive, chirpstack, work_off
from tests.rigging import rows_of

HERE, THERE = "0016c001f1500001", "0016c001f1500002"


def eui(number: int) -> str:
    return f"70b3d57ed0{number:06x}"


def speaks(time: datetime, device: int = 1, gateway: str = HERE, metres: float = 2.0) -> Sent:
    """Return the message of a gauge, heard by a gateway."""
    count = round((time - FRIDAY_NOON) / timedelta(minutes=1)) + 1000
    sent = chirpstack(time, count, round(metres * 100).to_bytes(2, "big"), eui=eui(device))
    return Sent(sent.body.replace(b"0016c001f1500812", gateway.encode()))


async def look(application: Application) -> None:
    async with application.transaction() as services:
        await services.alarms.look_for_silence()


def restart(application: Application) -> None:
    """Have another process look, which begins to listen now."""
    house = application.work.house
    application.work.house = replace(house, opened_at=house.clock(), rules=RuleCache())


async def two_more(application: Application) -> None:
    for number in (2, 3):
        await released(application, eui(number))
    await work_off(application, *(speaks(FRIDAY_NOON, number) for number in (2, 3)))


async def others_speak(application: Application, clock: TestClock, minutes: int) -> None:
    """Let time pass in which all but the first gauge are heard."""
    for begun in range(0, minutes, 10):
        clock.forward(minutes=min(10, minutes - begun))
        await work_off(application, *(speaks(clock.now, number) for number in (2, 3)))


@pytest.fixture
async def gauge(application: Application) -> Application:
    """One that was heard just now, and a process that looks."""
    await released(application)
    await take_in(application, record())
    await work_off(application, speaks(FRIDAY_NOON))
    await look(application)
    return application


async def open_ones(application: Application, kind: str) -> list[dict[str, Any]]:
    return [one for one in await alarms(application, kind) if one["ended_at"] is None]


async def test_after_five_intervals_it_is_offline(gauge: Application, clock: TestClock) -> None:
    clock.forward(minutes=75)
    await look(gauge)
    assert await alarms(gauge, "offline") == []
    clock.forward(seconds=1)
    await look(gauge)
    await look(gauge)
    [alarm] = await alarms(gauge, "offline")
    assert (alarm["severity"], alarm["value_at"], alarm["ended_at"]) == (0, FRIDAY_NOON, None)
    assert await deeds(gauge) == ["opened"]


async def test_a_rule_may_be_more_patient_and_graver(gauge: Application, clock: TestClock) -> None:
    await take_in(gauge, record(offline={"severity": "watch", "patience": "30 min"}))
    clock.forward(minutes=105)
    await look(gauge)
    assert await alarms(gauge, "offline") == []
    clock.forward(minutes=1)
    await look(gauge)
    [alarm] = await alarms(gauge, "offline")
    assert (alarm["severity"], alarm["rule_key"]) == (2, "mulde")


async def test_when_it_is_heard_again_that_is_over(gauge: Application, clock: TestClock) -> None:
    clock.forward(hours=2)
    await look(gauge)
    await work_off(gauge, speaks(clock.now))
    await look(gauge)
    [alarm] = await alarms(gauge, "offline")
    assert (alarm["end"], alarm["ended_at"]) == ("cleared", clock.now)


async def test_silence_resolves_nothing_and_is_as_grave_as_the_stage(
    gauge: Application, clock: TestClock
) -> None:
    clock.forward(minutes=15)
    await work_off(gauge, speaks(clock.now, metres=4.6))
    clock.forward(hours=9)
    await look(gauge)
    [flood] = await open_ones(gauge, "value")
    assert (flood["level"], flood["severity"]) == (2, 3)
    [silent] = await open_ones(gauge, "offline")
    assert silent["severity"] == 3
    async with gauge.work.reading() as services:
        views = {one.kind: one for one in await services.alarms.open()}
    assert views["value"].frozen
    clock.forward(minutes=15)
    await work_off(gauge, speaks(clock.now, metres=4.6))
    await look(gauge)
    assert await open_ones(gauge, "offline") == []
    assert len(await open_ones(gauge, "value")) == 1


async def test_what_was_slept_through_is_not_held_against_devices(
    gauge: Application, clock: TestClock
) -> None:
    clock.forward(hours=8)
    restart(gauge)
    await look(gauge)
    assert await alarms(gauge, "offline") == []
    clock.forward(minutes=76)
    await look(gauge)
    assert len(await alarms(gauge, "offline")) == 1


async def test_who_speaks_first_after_an_outage_makes_nobody_else_missing(
    gauge: Application, clock: TestClock
) -> None:
    await two_more(gauge)
    clock.forward(hours=3)
    restart(gauge)
    await work_off(gauge, speaks(clock.now, 2))
    await look(gauge)
    clock.forward(minutes=70)
    await work_off(gauge, speaks(clock.now, 2), speaks(clock.now, 3))
    await look(gauge)
    assert await alarms(gauge, "offline") == []
    clock.forward(minutes=10)
    await look(gauge)
    [alarm] = await alarms(gauge, "offline")
    assert alarm["value_at"] == FRIDAY_NOON


async def test_after_an_outage_each_has_its_interval_whatever_it_missed_before(
    gauge: Application, clock: TestClock
) -> None:
    await two_more(gauge)
    await others_speak(gauge, clock, minutes=74)
    clock.forward(hours=3)
    restart(gauge)
    clock.forward(minutes=14)
    await look(gauge)
    assert await alarms(gauge, "offline") == []
    clock.forward(minutes=2)
    await look(gauge)
    assert len(await alarms(gauge, "offline")) == 1


async def test_a_short_restart_gives_no_silent_device_more_time(
    gauge: Application, clock: TestClock
) -> None:
    await two_more(gauge)
    await others_speak(gauge, clock, minutes=74)
    clock.forward(seconds=30)
    restart(gauge)
    clock.forward(minutes=1, seconds=1)
    await look(gauge)
    assert len(await alarms(gauge, "offline")) == 1


async def test_what_comes_late_of_an_outage_counts_from_the_end_of_it(
    gauge: Application, clock: TestClock
) -> None:
    """The broker kept what was sent meanwhile; it was half an hour old when we read it."""
    clock.forward(hours=3)
    restart(gauge)
    await work_off(gauge, speaks(clock.now - timedelta(minutes=30)))
    clock.forward(minutes=75)
    await look(gauge)
    assert await alarms(gauge, "offline") == []
    clock.forward(minutes=1)
    await look(gauge)
    assert len(await alarms(gauge, "offline")) == 1


async def test_every_outage_of_a_program_that_starts_again_and_again_counts(
    gauge: Application, clock: TestClock
) -> None:
    await two_more(gauge)
    clock.forward(hours=3)
    restart(gauge)
    await work_off(gauge, speaks(clock.now, 2))
    clock.forward(minutes=2)
    restart(gauge)
    await look(gauge)
    assert await alarms(gauge, "offline") == []


async def test_nobody_is_missing_while_messages_wait_to_be_read(
    gauge: Application, clock: TestClock
) -> None:
    clock.forward(minutes=60)
    await arrive(gauge, speaks(clock.now))
    clock.forward(hours=2)
    await look(gauge)
    assert await alarms(gauge, "offline") == []
    await work_off(gauge)
    await look(gauge)
    assert len(await alarms(gauge, "offline")) == 1


async def test_a_restart_does_not_end_an_alarm_of_silence(
    gauge: Application, clock: TestClock
) -> None:
    clock.forward(hours=2)
    await look(gauge)
    restart(gauge)
    await look(gauge)
    assert len(await open_ones(gauge, "offline")) == 1


@pytest.mark.parametrize("state", ["maintenance", "test", "retired"])
async def test_devices_out_of_use_are_not_missed(
    gauge: Application, clock: TestClock, state: str
) -> None:
    clock.forward(hours=2)
    await look(gauge)
    async with gauge.database.write.begin() as session:
        await session.execute(sql("UPDATE device SET state = :state"), {"state": state})
    await look(gauge)
    [alarm] = await alarms(gauge, "offline")
    assert alarm["end"] == "device-gone"
    await look(gauge)
    assert await open_ones(gauge, "offline") == []


async def field_of(application: Application, many: int, there: int = 0) -> None:
    """Let devices be heard by a gateway, some of them by another one alone."""
    for number in range(2, many + there + 1):
        await released(application, eui(number))
    await work_off(
        application,
        *(
            speaks(FRIDAY_NOON + timedelta(seconds=n), n, HERE if n <= many else THERE)
            for n in range(1, many + there + 1)
        ),
    )
    await look(application)


class TestGateways:
    async def test_one_alarm_for_all_its_devices(
        self, gauge: Application, clock: TestClock
    ) -> None:
        await field_of(gauge, 8, there=2)
        for _ in range(10):
            clock.forward(minutes=15)
            await work_off(gauge, *(speaks(clock.now, n, THERE) for n in (9, 10)))
            await look(gauge)
        [alarm] = await alarms(gauge, "gateway")
        assert alarm["about"] == f"gateway:{HERE}"
        assert (alarm["value"], alarm["severity"]) == (8, 1)
        assert await alarms(gauge, "offline") == []

    async def test_it_ends_when_the_gateway_is_heard(
        self, gauge: Application, clock: TestClock
    ) -> None:
        await field_of(gauge, 8)
        clock.forward(hours=2)
        await look(gauge)
        await work_off(gauge, speaks(clock.now, 1))
        await look(gauge)
        [alarm] = await alarms(gauge, "gateway")
        assert (alarm["end"], alarm["ended_at"]) == ("cleared", clock.now)
        clock.forward(seconds=30)
        await work_off(gauge, *(speaks(clock.now, n) for n in range(2, 9)))
        await look(gauge)
        assert await open_ones(gauge, "offline") == []

    async def test_a_gateway_that_hears_others_is_there(
        self, gauge: Application, clock: TestClock
    ) -> None:
        """Four of five fell silent, but the fifth is still heard by that very gateway."""
        await field_of(gauge, 5)
        for _ in range(6):
            clock.forward(minutes=15)
            await work_off(gauge, speaks(clock.now, 5))
            await look(gauge)
        assert await alarms(gauge, "gateway") == []
        assert len(await open_ones(gauge, "offline")) == 4

    async def test_two_silent_devices_are_no_outage(
        self, gauge: Application, clock: TestClock
    ) -> None:
        await field_of(gauge, 2)
        clock.forward(hours=2)
        await look(gauge)
        assert await alarms(gauge, "gateway") == []
        assert len(await open_ones(gauge, "offline")) == 2

    async def test_an_outage_of_days_still_explains_its_devices(
        self, gauge: Application, clock: TestClock
    ) -> None:
        await field_of(gauge, 8)
        clock.forward(hours=2)
        await look(gauge)
        clock.forward(days=9)
        gauge.work.house.rules.gateways = None
        await look(gauge)
        assert len(await open_ones(gauge, "gateway")) == 1
        assert await alarms(gauge, "offline") == []

    async def test_as_grave_as_the_stage_of_a_device(
        self, gauge: Application, clock: TestClock
    ) -> None:
        await field_of(gauge, 8)
        clock.forward(minutes=15)
        await work_off(gauge, *(speaks(clock.now, n, metres=4.6) for n in range(1, 9)))
        clock.forward(hours=2)
        await look(gauge)
        [alarm] = await alarms(gauge, "gateway")
        assert alarm["severity"] == 3


async def test_a_silent_source_explains_its_devices(gauge: Application, clock: TestClock) -> None:
    clock.forward(hours=2)
    async with gauge.database.write.begin() as session:
        await session.execute(sql("UPDATE uplink_source SET silent_since = heard_at"))
    await look(gauge)
    assert await alarms(gauge, "offline") == []
    async with gauge.database.write.begin() as session:
        await session.execute(sql("UPDATE uplink_source SET silent_since = NULL"))
    await look(gauge)
    assert len(await open_ones(gauge, "offline")) == 1


class TestFigures:
    BATTERY = record(
        id="akku",
        quantity="link.battery",
        direction="below",
        levels=[{"severity": "notice", "at": 20.0, "clear": 30.0}],
    )
    LOSS = record(
        id="funk", quantity="link.loss", levels=[{"severity": "notice", "at": 30.0, "clear": 15}]
    )

    async def status(self, application: Application, time: datetime, level: float) -> None:
        sent = chirpstack(
            time, event="status", batteryLevel=level, margin=9, eui=EUI, key=f"status-{time}"
        )
        await work_off(application, sent)
        async with application.transaction() as services:
            await services.alarms.look_at_figures()
            await services.alarms.look_at_figures()

    async def test_a_low_battery(self, gauge: Application, clock: TestClock) -> None:
        await take_in(gauge, self.BATTERY)
        for hours, level in enumerate((50, 19, 25, 31)):
            clock.forward(hours=1)
            await self.status(gauge, FRIDAY_NOON + timedelta(hours=hours), level)
        [alarm] = await alarms(gauge)
        assert (alarm["severity"], alarm["end"]) == (0, "cleared")
        changes = await rows_of(gauge, "alarm_change")
        assert [(one["what"], one["value"]) for one in changes] == [("rose", 19), ("fell", 31)]
        async with gauge.work.reading() as services:
            [device] = await rows_of(gauge, "device")
            latest = await services.readings.latest(device["id"])
            measured = await finding.series(services.alarms.session, [device["id"]])
        assert {one.quantity for one in latest} == {"water.level"}
        assert measured == {device["id"]: (("water.level", 0),)}

    async def test_lost_frames(self, gauge: Application, clock: TestClock) -> None:
        await take_in(gauge, self.LOSS)
        clock.forward(hours=12)
        begin = FRIDAY_NOON + timedelta(hours=1)
        sent = [
            chirpstack(begin + number * STEP, 2000 + number, session="02020202")
            for number in range(40)
            if number % 2 == 0
        ]
        await work_off(gauge, *sent)
        async with gauge.transaction() as services:
            await services.alarms.look_at_figures()
        [alarm] = await alarms(gauge)
        assert 45 < alarm["value"] < 55

    async def test_a_rhythm_is_learned_where_nobody_said_it(
        self, gauge: Application, clock: TestClock
    ) -> None:
        async with gauge.database.write.begin() as session:
            await session.execute(sql("UPDATE device SET interval_seconds = NULL"))
        for _ in range(8):
            clock.forward(hours=1)
            await work_off(gauge, speaks(clock.now))
        async with gauge.transaction() as services:
            await services.alarms.look_at_figures()
        [device] = await rows_of(gauge, "device")
        assert device["learned_seconds"] == 3600
        clock.forward(hours=4)
        await look(gauge)
        assert await alarms(gauge, "offline") == []
        clock.forward(hours=2)
        await look(gauge)
        assert len(await alarms(gauge, "offline")) == 1
