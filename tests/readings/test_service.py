"""Values are stored once, found again, added up right, and forgotten in time."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.application import Application
from bot.scheduler import JobDesk
from handlers.readings.jobs import add_up, forget
from lorawan.measurement import Mark
from services.readings.records import NewReading, Taken
from tests.county import Links, TestClock
from tests.rigging import rows_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LEVEL = "water.level"


async def a_device(application: Application, address: str = "70b3d57ed0000001") -> int:
    async with application.database.write.begin() as session:
        found = await session.execute(
            sql(
                "INSERT INTO device (address, name, state, visibility, profile, type, join_eui,"
                " serial, model, source, place, water, ars, created_at, revision) VALUES"
                " (:address, 'Pegel', 'released', 'public', '', '', '', '', '', '', '', '', '',"
                " :now, 0) RETURNING id"
            ),
            {"address": address, "now": "2026-11-20 12:00:00.000000"}
            if application.settings.database.url.startswith("sqlite")
            else {"address": address, "now": NOON},
        )
        return int(found.scalar_one())


def reading(device: int, time: datetime, value: float, frame: int = 1, **more: Any) -> NewReading:
    return NewReading(device, more.pop("quantity", LEVEL), 0, time, frame, value, **more)


async def put(application: Application, *rows: NewReading) -> None:
    async with application.transaction() as services:
        await services.readings.put(rows)


def desk(application: Application) -> JobDesk:
    return JobDesk(application.work, Links(), None, None)  # type: ignore[arg-type]


async def hours(application: Application, device: int) -> list[tuple[Any, ...]]:
    async with application.work.reading() as services:
        found = await services.readings.hours(
            device, LEVEL, since=NOON - timedelta(days=4000), until=NOON + timedelta(days=4000)
        )
    return [(one.start, one.count, one.lowest, one.highest, one.mean, one.last) for one in found]


async def days(application: Application, device: int) -> list[tuple[Any, ...]]:
    async with application.work.reading() as services:
        found = await services.readings.days(
            device, LEVEL, since=date(2000, 1, 1), until=date(2100, 1, 1)
        )
    return [(one.start, one.count, one.lowest, one.highest, one.mean, one.last) for one in found]


async def test_values_come_back_by_their_time(application: Application) -> None:
    device = await a_device(application)
    later = NOON + timedelta(minutes=10, microseconds=1)
    await put(
        application,
        reading(device, later, 2.5, 2, marks=int(Mark.LATE)),
        reading(device, NOON, 2.4),
        reading(device, NOON, 11.0, quantity="air.temperature"),
    )
    async with application.work.reading() as services:
        values = await services.readings.values(device, LEVEL, since=NOON, until=later)
        assert [(one.time, one.value, one.marks) for one in values] == [(NOON, 2.4, Mark.FINE)]
        latest = await services.readings.latest(device)
    assert [(one.quantity, one.value, one.time, one.marks) for one in latest] == [
        ("air.temperature", 11.0, NOON, Mark.FINE),
        (LEVEL, 2.5, later, Mark.LATE),
    ]


async def test_the_same_value_again_replaces_it(application: Application) -> None:
    device = await a_device(application)
    await put(application, reading(device, NOON, 2.4), reading(device, NOON, 2.6))
    await put(application, reading(device, NOON, 2.7), reading(device, NOON, 9.0, frame=2))
    async with application.work.reading() as services:
        values = await services.readings.values(
            device, LEVEL, since=NOON, until=NOON + timedelta(seconds=1)
        )
        [latest] = await services.readings.latest(device)
    assert [one.value for one in values] == [2.7, 9.0]
    assert latest.value == 9.0, "of several at one time the highest, whatever came first"


async def test_unknown_series_have_no_values(application: Application) -> None:
    async with application.work.reading() as services:
        assert await services.readings.latest(7) == ()
        assert await services.readings.values(7, LEVEL, since=NOON, until=NOON) == ()
        assert await services.readings.hours(7, LEVEL, since=NOON, until=NOON) == ()
        assert await services.readings.days(7, LEVEL, since=NOON.date(), until=NOON.date()) == ()


async def test_months_are_made_for_any_year_but_not_for_nonsense(application: Application) -> None:
    device = await a_device(application)
    times = [
        datetime(year, month, 1, tzinfo=UTC) for year in (2000, 2026, 2100) for month in (1, 12)
    ]
    ends = [datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)]
    await put(application, *(reading(device, one, 1.0) for one in [*times, *ends]))
    await put(application, *(reading(device, one, 1.0) for one in times))
    assert len(await rows_of(application, "reading")) == 7
    for year in (1999, 2101):
        with pytest.raises(ValueError, match=f"no such time for a reading: {year}"):
            await put(application, reading(device, datetime(year, 6, 1, tzinfo=UTC), 1.0))


async def test_two_processes_make_series_and_months_at_once(application: Application) -> None:
    device = await a_device(application)
    batches = [
        [reading(device, datetime(2031, 1 + n % 12, 1, tzinfo=UTC), n, n) for n in range(24)]
        for _ in range(4)
    ]
    async with asyncio.timeout(20):
        await asyncio.gather(*(put(application, *batch) for batch in batches))
    assert len(await rows_of(application, "reading")) == 24
    assert len(await rows_of(application, "series")) == 1


async def test_hours_and_days_are_added_up_and_late_values_find_theirs(
    application: Application,
) -> None:
    device = await a_device(application)
    await put(
        application,
        reading(device, NOON + timedelta(minutes=50), 3.0, 2),
        reading(device, NOON, 1.0, 1),
        reading(device, NOON + timedelta(hours=1), 7.0, 3),
    )
    await add_up(desk(application))
    assert await hours(application, device) == [
        (NOON, 2, 1.0, 3.0, 2.0, 3.0),
        (NOON + timedelta(hours=1), 1, 7.0, 7.0, 7.0, 7.0),
    ]
    midnight = datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert await days(application, device) == [(midnight, 3, 1.0, 7.0, pytest.approx(11 / 3), 7.0)]
    await put(application, reading(device, NOON + timedelta(minutes=59), 8.0, 4, marks=Mark.LATE))
    await add_up(desk(application))
    assert (await hours(application, device))[0] == (NOON, 3, 1.0, 8.0, 4.0, 8.0)
    assert await days(application, device) == [(midnight, 4, 1.0, 8.0, 4.75, 7.0)]
    assert await rows_of(application, "rollup_due") == []


async def test_what_is_impossible_or_simulated_is_kept_but_not_added_up(
    application: Application,
) -> None:
    device = await a_device(application)
    await put(
        application,
        reading(device, NOON, 1.0, 1, marks=Mark.DERIVED),
        reading(device, NOON, 900.0, 2, marks=Mark.OUT_OF_RANGE | Mark.DERIVED),
        reading(device, NOON, 5.0, 3, marks=Mark.SIMULATED),
        reading(device, NOON + timedelta(hours=2), 6.0, 4, marks=Mark.SIMULATED | Mark.LATE),
    )
    await add_up(desk(application))
    assert await hours(application, device) == [(NOON, 1, 1.0, 1.0, 1.0, 1.0)]
    assert len(await rows_of(application, "reading")) == 4


@pytest.mark.parametrize(
    ("day", "begin", "length"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        (date(2026, 11, 20), datetime(2026, 11, 19, 23, tzinfo=UTC), 24),
    ],
)
async def test_a_day_is_as_long_as_the_clock_says(
    application: Application, day: date, begin: datetime, length: int
) -> None:
    device = await a_device(application)
    every_hour = [begin + timedelta(hours=hour) for hour in range(-2, 28)]
    await put(application, *(reading(device, one, 1.0) for one in every_hour))
    await add_up(desk(application))
    async with application.work.reading() as services:
        [found] = await services.readings.days(device, LEVEL, since=day, until=day)
    assert (found.start, found.count) == (begin, length)


async def test_values_taken_back_leave_no_sum(application: Application) -> None:
    device = await a_device(application)
    other = await a_device(application, "70b3d57ed0000002")
    logged = NOON - timedelta(hours=3)
    await put(
        application,
        reading(device, NOON, 1.0, 1),
        reading(device, logged, 2.0, 1),
        reading(device, NOON, 3.0, 2),
        reading(other, NOON, 4.0, 1),
    )
    await add_up(desk(application))
    async with application.transaction() as services:
        await services.readings.take_back([Taken(device, 1, logged, NOON)])
    await add_up(desk(application))
    assert await hours(application, device) == [(NOON, 1, 3.0, 3.0, 3.0, 3.0)]
    assert len(await hours(application, other)) == 1
    async with application.transaction() as services:
        await services.readings.take_back([Taken(device, 2, NOON, NOON)])
    await add_up(desk(application))
    assert await hours(application, device) == []
    assert await days(application, device) == []


async def test_values_stored_while_their_hour_is_added_up_are_not_forgotten(
    application: Application,
) -> None:
    device = await a_device(application)
    await put(application, reading(device, NOON, 1.0, 1))
    async with asyncio.timeout(20):
        async with application.transaction() as services:
            assert await services.readings.add_up() == 1
            late = asyncio.ensure_future(put(application, reading(device, NOON, 3.0, 2)))
            await asyncio.sleep(0.2)
        await late
    await add_up(desk(application))
    assert await hours(application, device) == [(NOON, 2, 1.0, 3.0, 2.0, 3.0)]


async def test_an_interrupted_sum_is_begun_anew(application: Application) -> None:
    device = await a_device(application)
    await put(application, reading(device, NOON, 1.0, 1))

    async def cut_off() -> None:
        async with application.transaction() as services:
            assert await services.readings.add_up() == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await cut_off()
    assert await hours(application, device) == []
    await add_up(desk(application))
    assert len(await hours(application, device)) == 1


async def test_old_values_go_their_sums_stay_and_shrink_no_more(
    application: Application, clock: TestClock
) -> None:
    device = await a_device(application)
    old = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    await put(application, reading(device, old, 1.0, 1), reading(device, old, 3.0, 2))
    await put(application, reading(device, NOON, 5.0, 3))
    await add_up(desk(application))
    clock.forward(days=3 * 366)
    await forget(desk(application))
    assert [row["value"] for row in await rows_of(application, "reading")] == [5.0]
    await put(application, reading(device, old, 2.0, 4))
    await add_up(desk(application))
    assert (await hours(application, device))[0][1:3] == (2, 1.0)
    assert len(await days(application, device)) == 2
    clock.forward(days=8 * 366)
    await forget(desk(application))
    assert await hours(application, device) == []
    assert len(await days(application, device)) == 2
    assert await rows_of(application, "reading") == []
