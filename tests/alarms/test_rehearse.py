"""A dry run over stored values says what a rule would have done, and leaves nothing behind."""

from datetime import timedelta

import pytest

from bot.application import Application
from lorawan.measurement import Mark
from services.alarms.rules.records import Severity
from services.readings.records import NewReading
from tests.alarms.field import record, take_in
from tests.conftest import FRIDAY_NOON
from tests.readings import field
from tests.rigging import rows_of

WAVE = [2.0, 3.1, 3.6, 3.2, 2.0, 2.0, 2.0, 4.6, 2.0, 2.0, 2.0, 2.0, 3.2]


@pytest.fixture
async def gauge(application: Application) -> int:
    device = await field.device(application)
    await field.measured(application, device, WAVE, until=FRIDAY_NOON - timedelta(hours=1))
    return device


async def test_how_often_it_would_have_alarmed(application: Application, gauge: int) -> None:
    async with application.work.reading() as services:
        found = await services.alarms.rehearse(record(), gauge, days=30)
    assert found.values == len(WAVE)
    assert [one.peak for one in found.episodes] == [1, 2, 0]
    assert found.by_severity == {Severity.NOTICE: 1, Severity.START: 1, Severity.GUARD: 1}
    assert found.episodes[-1].ended is None
    assert all(one.ended for one in found.episodes[:-1])
    for table in ("alarm", "alarm_change", "alarm_track"):
        assert await rows_of(application, table) == []


async def test_patience_makes_it_less(application: Application, gauge: int) -> None:
    patient = record(up_for={"time": "30 min", "samples": 3})
    async with application.work.reading() as services:
        found = await services.alarms.rehearse(patient, gauge)
    assert [one.peak for one in found.episodes] == [0]


async def test_only_the_last_days_count(application: Application, gauge: int) -> None:
    await field.measured(application, gauge, [9.0], until=FRIDAY_NOON - timedelta(days=3))
    async with application.work.reading() as services:
        assert (await services.alarms.rehearse(record(), gauge, days=2)).values == len(WAVE)
        assert (await services.alarms.rehearse(record(), gauge, days=4)).values == len(WAVE) + 1


async def test_what_counts_for_nothing_is_left_out(application: Application) -> None:
    device = await field.device(application)
    await field.measured(application, device, [9.0], until=FRIDAY_NOON, marks=Mark.SIMULATED)
    async with application.work.reading() as services:
        assert not (await services.alarms.rehearse(record(), device)).episodes
        assert not (await services.alarms.rehearse(record(), device + 99)).episodes


async def test_it_says_what_the_values_would_have_done(
    application: Application, gauge: int
) -> None:
    """The same values through the engine as it runs give the same log."""
    await take_in(application, record())
    async with application.work.reading() as services:
        found = await services.alarms.rehearse(record(), gauge)
    rows = await rows_of(application, "reading")
    async with application.transaction() as services:
        for row in rows:
            value = NewReading(
                gauge, "water.level", 0, row["time"], row["frame_id"], row["value"], row["marks"]
            )
            await services.alarms.evaluate([value])
    stored = await rows_of(application, "alarm_change")
    changes = sorted((row["time"], row["what"], row["after"]) for row in stored)
    assert changes == [(one.time, one.what.value, one.after) for one in found.changes]
