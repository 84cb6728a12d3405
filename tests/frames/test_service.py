"""From messages to frames and values: each once, whatever comes twice, late or broken."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql

from bot.application import Application
from bot.uplinks import UplinkDesk
from lorawan.measurement import Mark
from services.frames.service import TakenByOthersError
from services.uplinks.rules import MAX_ATTEMPTS
from tests.county import TestClock
from tests.frames.plain import (
    EUI,
    PlainInterpreter,
    arrive,
    chirpstack,
    desk,
    frames,
    levels,
    raws,
    things,
    work_off,
)
from tests.rigging import rows_of

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
EARLIER = NOW - timedelta(minutes=10)


async def test_a_message_becomes_a_device_a_frame_and_a_value(application: Application) -> None:
    await work_off(application, chirpstack(NOW, 7))
    [device] = await rows_of(application, "device")
    assert (device["address"], device["state"], device["profile"]) == (EUI, "unknown", "plain")
    assert (device["name"], device["model"], device["source"]) == ("Pegel", "Plain", "county")
    assert (device["seen_at"], device["battery_volt"]) == (NOW, 3.6)
    [frame] = await frames(application)
    assert (frame["f_cnt"], frame["payload"], frame["rssi"]) == (7, b"\x00\xf0", -80)
    assert (frame["decoded"], frame["decoder"]) == ({"cm": 240}, "python:plain")
    assert await levels(application) == [(NOW, 2.4, 0)]
    [gateway] = await rows_of(application, "gateway")
    assert gateway["name"] == "0016c001f1500812"
    assert await raws(application) == {"done": 1}


async def test_copies_of_all_kinds_are_one_frame(application: Application) -> None:
    soon = NOW + timedelta(minutes=4)
    await work_off(application, chirpstack(NOW, key="one"))
    await work_off(
        application,
        chirpstack(NOW, key="one", source="other"),
        chirpstack(soon, key="two"),
        things(NOW + timedelta(seconds=1)),
    )
    [frame] = await frames(application)
    assert (frame["copies"], frame["time"], frame["since"], frame["until"]) == (4, NOW, NOW, soon)
    assert await levels(application) == [(NOW, 2.4, 0)]


async def test_the_same_counter_and_payload_may_honestly_come_again(
    application: Application,
) -> None:
    await work_off(application, chirpstack(NOW - timedelta(minutes=6)), chirpstack(NOW))
    assert [frame["copies"] for frame in await frames(application)] == [1, 1]


async def test_a_copy_that_lies_between_joins_two_frames(application: Application) -> None:
    first, between, last = (NOW - timedelta(minutes=minutes) for minutes in (8, 4, 0))
    await work_off(application, chirpstack(first), chirpstack(last))
    assert len(await frames(application)) == 2
    await work_off(application, chirpstack(between))
    [frame] = await frames(application)
    assert (frame["copies"], frame["time"], frame["until"]) == (3, first, last)
    assert await levels(application) == [(first, 2.4, 0)]


PARTS = ({"moisture": 20.0, "depth": 20}, {"moisture": 10.0, "depth": 10})
SOIL = [(NOW, 10.0, 0), (NOW, 20.0, 0)]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
@pytest.mark.parametrize("at_once", [True, False])
async def test_normalized_doubles_are_measured_once(
    application: Application, order: tuple[int, ...], at_once: bool
) -> None:
    sent = [
        things(NOW, decoded_payload={"raw": 1}),
        *(things(NOW, normalized=[part]) for part in PARTS),
    ]
    if at_once:
        await work_off(application, *(sent[number] for number in order))
    else:
        for number in order:
            await work_off(application, sent[number])
    [frame] = await frames(application)
    assert (frame["kind"], frame["copies"]) == ("uplink", 3)
    assert await levels(application) == [(NOW, 2.4, 0)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_normalized_alone_is_measured_together(
    application: Application, order: tuple[int, ...]
) -> None:
    for number in order:
        await work_off(application, things(NOW, normalized=[PARTS[number]]))
    await work_off(application, things(NOW, normalized=[PARTS[0]], again=True))
    [frame] = await frames(application)
    assert (frame["kind"], frame["copies"]) == ("normalized", 3)
    assert await levels(application) == SOIL


async def test_encrypted_frames_are_kept(application: Application) -> None:
    await work_off(application, things(NOW))
    body = things(NOW, 2).body.replace(b'"session_key_id"', b'"app_s_key": {}, "session_key_id"')
    await work_off(application, type(things(NOW))(body, "", "things"))
    assert [frame["problem"] for frame in await frames(application)] == [None, "encrypted"]
    assert len(await levels(application)) == 1


async def test_marks_say_late_simulated_and_impossible(
    application: Application, clock: TestClock
) -> None:
    await work_off(
        application,
        chirpstack(NOW - timedelta(hours=1, seconds=1), 1),
        chirpstack(NOW - timedelta(minutes=59), 2),
        chirpstack(NOW, 3, b"\xff\xfe"),
        things(NOW, 4, simulated=True),
    )
    assert [marks for _, _, marks in await levels(application)] == [
        Mark.LATE,
        Mark.FINE,
        Mark.SIMULATED,
        Mark.OUT_OF_RANGE,
    ]


async def test_impossible_times_become_the_arrival(application: Application) -> None:
    await work_off(
        application,
        chirpstack(NOW + timedelta(days=1, seconds=1), 1),
        chirpstack(NOW + timedelta(hours=23), 2),
        chirpstack(None, 3),
    )
    times = {frame["f_cnt"]: frame["time"] for frame in await frames(application)}
    assert times == {1: NOW, 2: NOW + timedelta(hours=23), 3: NOW}


async def test_what_nobody_understands_is_closed_and_named(application: Application) -> None:
    sent = type(things(NOW))
    await work_off(application, sent(b"{}"), sent(b"nonsense"), chirpstack(NOW))
    assert await raws(application) == {"odd": 2, "done": 1}
    problems = {row["problem"] for row in await rows_of(application, "raw_uplink")}
    assert {None, "not-json"} < problems
    assert len(await frames(application)) == 1


async def test_a_message_that_breaks_us_costs_the_others_nothing(
    application: Application, clock: TestClock
) -> None:
    others = [chirpstack(NOW, counter) for counter in range(2, 9)]
    await work_off(application, *others[:3], chirpstack(NOW, 1, b"\xff\xff"), *others[3:])
    assert await raws(application) == {"done": 7, "new": 1}
    assert len(await frames(application)) == 7
    for _ in range(MAX_ATTEMPTS):
        clock.forward(hours=1)
        await work_off(application)
    assert await raws(application) == {"done": 7, "failed": 1}


async def test_a_message_the_database_refuses_is_found_among_others(
    application: Application,
) -> None:
    trigger = {
        "sqlite": "CREATE TRIGGER refuse BEFORE INSERT ON frame WHEN new.f_cnt = 3"
        " BEGIN SELECT RAISE(ABORT, 'no'); END",
        "postgresql": "ALTER TABLE frame ADD CONSTRAINT refuse CHECK (f_cnt <> 3)",
    }[application.database.engine.dialect.name]
    async with application.database.write.begin() as session:
        await session.execute(sql(trigger))
    try:
        await work_off(application, *(chirpstack(NOW, counter) for counter in range(1, 8)))
    finally:
        async with application.database.write.begin() as session:
            if application.database.engine.dialect.name == "postgresql":
                await session.execute(sql("ALTER TABLE frame DROP CONSTRAINT refuse"))
    assert await raws(application) == {"done": 6, "new": 1}
    assert {frame["f_cnt"] for frame in await frames(application)} == {1, 2, 4, 5, 6, 7}
    [waiting] = [row for row in await rows_of(application, "raw_uplink") if row["attempts"]]
    assert waiting["problem"] == "IntegrityError"


async def test_a_database_that_is_away_blames_nobody(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with application.database.write.begin() as session:
        await session.execute(sql("ALTER TABLE gateway RENAME TO gone"))
    try:
        with pytest.raises(Exception, match="gateway"):
            await work_off(application, chirpstack(NOW), chirpstack(NOW, 2))
    finally:
        async with application.database.write.begin() as session:
            await session.execute(sql("ALTER TABLE gone RENAME TO gateway"))
    assert {row["attempts"] for row in await rows_of(application, "raw_uplink")} == {0}
    assert await frames(application) == []
    await work_off(application)
    assert len(await frames(application)) == 2


async def set_device(application: Application, **values: object) -> None:
    names = ", ".join(f"{name} = :{name}" for name in values)
    async with application.database.write.begin() as session:
        await session.execute(sql(f"UPDATE device SET {names}"), values)  # noqa: S608


async def test_ignored_devices_leave_nothing(application: Application) -> None:
    await work_off(application, chirpstack(NOW))
    await set_device(application, state="ignored")
    await work_off(application, chirpstack(NOW, 2))
    assert len(await frames(application)) == 1
    assert await raws(application) == {"done": 2}


async def test_a_new_profile_measures_anew(application: Application) -> None:
    for counter in range(7):
        await work_off(application, chirpstack(EARLIER + timedelta(minutes=counter), counter))
    await set_device(application, profile="doubled")
    [device] = await rows_of(application, "device")
    async with application.transaction() as services:
        await services.frames.decode_again(device["id"], EARLIER + timedelta(minutes=2))
        await services.frames.decode_again(device["id"], EARLIER + timedelta(minutes=3))
    while await desk(application).decode_again(2):
        pass
    assert [value for _, value, _ in await levels(application)] == [2.4] * 2 + [4.8] * 5
    assert [frame["decoded"]["cm"] for frame in await frames(application)] == [240] * 2 + [480] * 5
    [device] = await rows_of(application, "device")
    assert device["decode_from"] is None
    assert len(await rows_of(application, "rollup_due")) == 1


async def test_what_the_network_server_measured_survives_decoding_anew(
    application: Application,
) -> None:
    for part in PARTS:
        await work_off(application, things(NOW, normalized=[part]))
    [device] = await rows_of(application, "device")
    async with application.transaction() as services:
        await services.frames.decode_again(device["id"], EARLIER)
    while await desk(application).decode_again():
        pass
    assert await levels(application) == SOIL


async def test_figures_of_a_device_are_those_of_its_newest_event(
    application: Application,
) -> None:
    def status(minutes: int, level: float, margin: int) -> object:
        time = NOW - timedelta(minutes=minutes)
        return chirpstack(
            time, event="status", batteryLevel=level, margin=margin, key=f"status-{minutes}"
        )

    for one in (status(5, 50, 5), status(1, 40, 4), status(3, 60, 6)):
        await work_off(application, one)
    [device] = await rows_of(application, "device")
    assert (device["battery"], device["margin"]) == (40, 4)
    assert device["seen_at"] == NOW - timedelta(minutes=1)
    assert device["margin_at"] == device["battery_at"] == NOW - timedelta(minutes=1)


async def test_a_batch_worked_off_by_somebody_else_takes_no_effect_twice(
    application: Application,
) -> None:
    await arrive(application, chirpstack(NOW), chirpstack(NOW, 2))
    one, other = (UplinkDesk(application.work, PlainInterpreter()) for _ in range(2))
    async with application.work.reading() as services:
        seen = await services.frames.waiting(10)
    await one.work_off()
    with pytest.raises(TakenByOthersError):
        await other._work_off(seen)  # noqa: SLF001 - what a process does that was too slow
    assert [frame["copies"] for frame in await frames(application)] == [1, 1]


async def test_old_frames_go_their_values_stay(application: Application, clock: TestClock) -> None:
    await work_off(application, chirpstack(NOW))
    clock.forward(days=89)
    async with application.transaction() as services:
        assert await services.frames.forget_old() == 0
    clock.forward(days=2)
    async with application.transaction() as services:
        assert await services.frames.forget_old() == 1
    assert await frames(application) == []
    assert len(await levels(application)) == 1
