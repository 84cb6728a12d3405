"""From messages to alarms: each rule of the life of an alarm, and what must not happen."""

import asyncio
import random
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from bot.application import Application
from bot.settings import DatabaseSettings, Settings
from lorawan.measurement import Mark
from services.readings.records import NewReading
from services.region.service import Region
from tests.alarms.field import (
    alarms,
    at,
    deeds,
    empty,
    everything,
    level,
    log,
    outcome,
    record,
    released,
    report,
    take_in,
)
from tests.conftest import FRIDAY_NOON, ROOT
from tests.county import TestClock
from tests.frames.plain import Sent, desk, work_off
from tests.rigging import rows_of

OTHER = "70b3d57ed0000002"


async def set_device(application: Application, **values: object) -> None:
    names = ", ".join(f"{name} = :{name}" for name in values)
    async with application.database.write.begin() as session:
        await session.execute(sql(f"UPDATE device SET {names}"), values)  # noqa: S608


@pytest.fixture
async def gauge(application: Application) -> Application:
    await released(application)
    await take_in(application, record())
    return application


async def test_an_alarm_opens_rises_falls_and_ends(gauge: Application) -> None:
    await report(gauge, 2.0, 3.1)
    [alarm] = await alarms(gauge)
    assert (alarm["kind"], alarm["level"], alarm["severity"]) == ("value", 0, 0)
    assert (alarm["began_at"], alarm["value"], alarm["value_at"]) == (at(1), 3.1, at(1))
    await report(gauge, 4.6, 3.4, 2.0, 2.0, first=2)
    [alarm] = await alarms(gauge)
    assert (alarm["highest"], alarm["end"], alarm["ended_at"]) == (3, "cleared", at(5))
    assert await deeds(gauge) == ["opened", "rose", "fell", "fell", "ended"]
    assert [one[0] for one in await log(gauge)] == ["rose", "rose", "fell", "fell", "fell"]


async def test_below_the_first_level_there_is_none(gauge: Application) -> None:
    await report(gauge, 2.0, 2.99, 2.5)
    assert await alarms(gauge) == []
    assert await log(gauge) == []


async def test_a_higher_level_voids_the_acknowledgement(gauge: Application) -> None:
    await report(gauge, 3.1)
    async with gauge.database.write.begin() as session:
        await session.execute(sql("UPDATE alarm SET acknowledged_at = began_at, escalated = 2"))
    await report(gauge, 3.2, first=1)
    [alarm] = await alarms(gauge)
    assert alarm["acknowledged_at"] is not None
    await report(gauge, 3.6, first=2)
    [alarm] = await alarms(gauge)
    assert (alarm["acknowledged_at"], alarm["escalated"]) == (None, 0)


async def test_a_repeated_message_changes_nothing(gauge: Application) -> None:
    await report(gauge, 2.0, 3.1)
    before = await rows_of(gauge, "alarm_change"), await alarms(gauge)
    again = level(1, 3.1, key="another-copy")
    await work_off(gauge, again, level(1, 3.1))
    assert before == (await rows_of(gauge, "alarm_change"), await alarms(gauge))
    assert await deeds(gauge) == ["opened"]


async def test_decoding_again_changes_nothing(gauge: Application) -> None:
    await report(gauge, 2.0, 3.1, 3.2)
    before = await rows_of(gauge, "alarm_change"), await alarms(gauge)
    [device] = await rows_of(gauge, "device")
    async with gauge.transaction() as services:
        await services.frames.decode_again(device["id"], at(0))
    while await desk(gauge).decode_again():
        pass
    assert before == (await rows_of(gauge, "alarm_change"), await alarms(gauge))


async def test_a_value_measured_anew_replaces_what_it_was(gauge: Application) -> None:
    await report(gauge, 2.0, 1.6)
    assert await alarms(gauge) == []
    await set_device(gauge, profile="doubled")
    [device] = await rows_of(gauge, "device")
    async with gauge.transaction() as services:
        await services.frames.decode_again(device["id"], at(1))
    while await desk(gauge).decode_again():
        pass
    [alarm] = await alarms(gauge)
    assert (alarm["value"], alarm["began_at"]) == (3.2, at(1))


async def test_a_late_value_withdraws_an_alarm_that_never_was(application: Application) -> None:
    await released(application)
    await take_in(application, record(up_for={"time": "15 min", "samples": 2}))
    await work_off(application, level(0, 3.1))
    await work_off(application, level(2, 3.1))
    assert [one["level"] for one in await alarms(application)] == [0]
    await work_off(application, level(1, 2.0))
    [alarm] = await alarms(application)
    assert (alarm["end"], alarm["ended_at"] is None) == ("withdrawn", False)
    assert await log(application) == []


async def test_a_late_spike_is_kept_as_history_and_alarms_nobody(gauge: Application) -> None:
    await work_off(gauge, level(0, 2.0))
    await work_off(gauge, level(2, 2.0))
    await work_off(gauge, level(1, 3.1))
    [alarm] = await alarms(gauge)
    assert (alarm["began_at"], alarm["ended_at"], alarm["end"]) == (at(1), at(2), "cleared")


async def test_what_is_too_late_decides_nothing(gauge: Application) -> None:
    await work_off(gauge, level(0, 2.0))
    await work_off(gauge, level(20, 2.0))
    await work_off(gauge, level(10, 9.0))
    assert await alarms(gauge) == []
    assert await log(gauge) == []


async def test_it_was_not_over_after_all(application: Application) -> None:
    """The fall took two low values; a high one that comes late stood between them."""
    await released(application)
    await take_in(application, record(down_for={"time": "30 min", "samples": 2}))
    await work_off(application, level(0, 3.1))
    await work_off(application, level(1, 2.0))
    await work_off(application, level(3, 2.0))
    assert [one["end"] for one in await alarms(application)] == ["cleared"]
    await work_off(application, level(2, 3.1))
    [alarm] = await alarms(application)
    assert (alarm["ended_at"], alarm["level"], alarm["began_at"]) == (None, 0, at(0))
    assert (await deeds(application))[-1] == "reopened"


async def test_what_cannot_be_decides_nothing(gauge: Application) -> None:
    await report(gauge, 2.0, 400.0)
    assert await alarms(gauge) == []


@pytest.mark.parametrize("state", ["test", "maintenance", "retired", "unknown"])
async def test_only_released_devices_alarm(gauge: Application, state: str) -> None:
    await set_device(gauge, state=state)
    await report(gauge, 3.1, 4.6)
    assert await alarms(gauge) == []


async def test_an_exercise_looks_at_devices_in_test_too(application: Application) -> None:
    await released(application, state="test")
    await take_in(application, record(exercise=True))
    await report(application, 3.1)
    [alarm] = await alarms(application)
    assert alarm["exercise"]


async def test_simulated_values_are_for_exercises(application: Application) -> None:
    await released(application)
    drill = record(id="uebung", exercise=True)
    await take_in(application, record(), drill)
    async with application.transaction() as services:
        [device] = await rows_of(application, "device")
        reading = NewReading(device["id"], "water.level", 0, at(0), 1, 3.1, int(Mark.SIMULATED))
        await services.readings.put([reading])
        await services.alarms.evaluate([reading])
    assert [one["rule_key"] for one in await alarms(application)] == ["uebung"]


FOREIGN = (
    {"type": "weather"},
    {"water": "Mulde"},
    {"ars": "150820005005"},
    {"tag": "sued"},
    {"device": OTHER},
    {"channel": 1},
)


async def test_other_devices_are_not_meant(application: Application) -> None:
    await released(application, water="Elbe", ars="150820377377", tags="nord damm")
    for number, wanted in enumerate(FOREIGN):
        await take_in(application, record(id=f"no-{number}", applies_to=wanted))
    await report(application, 3.1)
    assert await alarms(application) == []
    meant = {"type": "gauge", "water": "Elbe", "ars": "15082", "tag": "damm", "channel": 0}
    await take_in(application, record(id="yes", applies_to=meant))
    await report(application, 3.2, first=1)
    assert [one["rule_key"] for one in await alarms(application)] == ["yes"]


class TestChangedRules:
    async def test_a_new_version_gives_no_false_all_clear(self, gauge: Application) -> None:
        await report(gauge, 2.0, 3.6)
        await take_in(gauge, record(down_for={"time": "1 h", "samples": 3}))
        await report(gauge, 3.6, first=2)
        [alarm] = await alarms(gauge)
        assert (alarm["ended_at"], alarm["level"], alarm["began_at"]) == (None, 1, at(1))
        await report(gauge, 2.0, 2.0, first=3)
        [alarm] = await alarms(gauge)
        assert (alarm["ended_at"], alarm["level"]) == (None, 1)

    async def test_what_an_older_version_said_stays(self, gauge: Application) -> None:
        await report(gauge, 3.1, 2.0, 2.0)
        await take_in(gauge, record(flapping={"changes": 9, "window": "1 h"}))
        await report(gauge, 2.0, 3.1, first=8)
        assert [one[:2] for one in await log(gauge)] == [("rose", 0), ("fell", 1), ("rose", 9)]

    async def test_a_rule_that_is_gone_ends_its_alarms_without_an_all_clear(
        self, gauge: Application
    ) -> None:
        await report(gauge, 3.1)
        assert (await take_in(gauge)).gone == ["mulde"]
        async with gauge.transaction() as services:
            await services.alarms.look_for_silence()
        [alarm] = await alarms(gauge)
        assert alarm["end"] == "rule-changed"

    async def test_a_device_in_maintenance_ends_them_until_it_is_back(
        self, gauge: Application
    ) -> None:
        await report(gauge, 3.1)
        await set_device(gauge, state="maintenance")
        async with gauge.transaction() as services:
            await services.alarms.look_for_silence()
        [alarm] = await alarms(gauge)
        assert alarm["end"] == "device-gone"
        await set_device(gauge, state="released")
        await report(gauge, 3.1, first=4)
        [alarm] = await alarms(gauge)
        assert (alarm["ended_at"], alarm["began_at"]) == (None, at(0))


async def test_views_say_what_a_message_needs(gauge: Application) -> None:
    await set_device(gauge, water="Mulde", ars="150820377377", tags="damm")
    await report(gauge, 3.6)
    async with gauge.work.reading() as services:
        [view] = await services.alarms.open()
        assert await services.alarms.get(view.id) == view
        past = await services.alarms.history(since=at(-1), until=at(9))
    assert past == [view]
    assert (view.device, view.water, view.unit, view.value) == ("Pegel", "Mulde", "m", 3.6)
    assert view.thresholds == (3.0, 3.5, 4.5)
    assert (view.labels.type, view.labels.tags) == ("gauge", frozenset({"damm"}))
    assert view.name is not None
    assert view.name.de == "Wasserstand Mulde"


VALUES = (2.0, 2.79, 2.9, 3.0, 3.4, 3.6, 4.1, 4.6, 12.0)
RULES = (
    record(),
    record(id="patient", up_for={"time": "15 min", "samples": 2}, down_for={"time": "30 min"}),
    record(id="rate", signal="rate", window="45 min", levels=[{"severity": "start", "at": 1.0}]),
    record(id="careful", plausible={"step_per_hour": 4.0, "highest": 10.0, "stuck_after": 3}),
    record(id="nervous", flapping={"changes": 2, "window": "1 h"}, lateness="1 h"),
)


def shuffled(sent: Sequence[tuple[int, Sent]], dice: random.Random) -> list[list[Sent]]:
    """Return messages late by less than half an hour, some twice, in batches of any size."""
    late = {number: dice.random() * 1.9 for number, _ in sent}
    order = sorted(sent, key=lambda one: one[0] + late[one[0]])
    again = [one for _, one in order for _ in range(dice.choice((1, 1, 2)))]
    batches: list[list[Sent]] = []
    while again:
        size = dice.randint(1, 5)
        batches.append(again[:size])
        again = again[size:]
    return batches


async def both_ways(application: Application, values: Sequence[float], seed: int) -> Sequence[Any]:
    """Return the outcome of values one by one, and of the same in disorder and repeated."""
    sent = [(number, level(number, value)) for number, value in enumerate(values)]
    results = []
    for batches in ([[one] for _, one in sent], shuffled(sent, random.Random(seed))):  # noqa: S311
        await empty(application)
        await released(application)
        await take_in(application, *RULES)
        results.append(await outcome(application, batches))
    return results


@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink such examples takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(VALUES), min_size=3, max_size=16), st.integers(0, 10**6))
def test_order_and_repeats_change_nothing(
    empty_sqlite: Path,
    region: Region,
    clean_environment: None,
    tmp_path: Path,
    values: Sequence[float],
    seed: int,
) -> None:
    path = tmp_path / "test.db"
    shutil.copy(empty_sqlite, path)

    async def try_it() -> None:
        application = open_house(f"sqlite+aiosqlite:///{path}", region)
        try:
            straight, other = await both_ways(application, values, seed)
            assert other == straight
        finally:
            await application.close()

    asyncio.run(try_it())


@pytest.mark.parametrize("seed", range(3))
async def test_order_and_repeats_change_nothing_on_both_databases(
    application: Application, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    straight, other = await both_ways(application, dice.choices(VALUES, k=16), seed)
    assert other == straight


def open_house(url: str, region: Region) -> Application:
    return Application(
        Settings(
            _env_file=None,
            region=str(ROOT / "tests" / "region_folder"),
            database=DatabaseSettings(url=url),
        ),
        region,
        TestClock(FRIDAY_NOON),
    )


async def test_a_restart_between_any_two_messages_changes_nothing(
    application: Application, region: Region
) -> None:
    values = (2.0, 3.1, 3.1, 4.6, 12.0, 3.0, 2.0, 2.9, 2.0, 3.6, 2.0, 2.0)
    sent = [level(number, value) for number, value in enumerate(values)]
    await released(application)
    await take_in(application, *RULES)
    straight = await outcome(application, [sent])
    await empty(application)
    await released(application)
    await take_in(application, *RULES)
    for one in sent:
        another = open_house(application.settings.database.url, region)
        try:
            await work_off(another, one)
        finally:
            await another.close()
    assert await everything(application) == straight


async def test_a_rule_that_breaks_keeps_no_value_from_storage(
    gauge: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("services.alarms.evaluating.observe", breaks)
    await report(gauge, 3.1)
    assert len(await rows_of(gauge, "reading")) == 1
    assert await alarms(gauge) == []


async def test_a_clock_that_is_ahead_makes_others_not_late(gauge: Application) -> None:
    await work_off(gauge, level(39, 2.0))
    [device] = await rows_of(gauge, "device")
    async with gauge.transaction() as services:
        ahead = NewReading(
            device["id"], "water.level", 0, FRIDAY_NOON + timedelta(hours=5), 99, 9.0
        )
        await services.readings.put([ahead])
        await services.alarms.evaluate([ahead])
    await work_off(gauge, level(40, 3.1))
    assert [one["level"] for one in await alarms(gauge)] == [0]
