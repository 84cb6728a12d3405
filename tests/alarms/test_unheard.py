"""/lage on who is not heard: network servers, gateways, sensors late and gone; few and many."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from aiogram.methods import EditMessageText, SendMessage
from sqlalchemy import update

from bot.application import Application
from handlers.alarms.painting import paint
from handlers.buttons.alarms import BoardView, ShowBoard
from handlers.messages import MAX_CAPTION, MAX_TEXT
from services.alarms.model import AlarmDeed, AlarmSubscription, Kind
from services.alarms.rules.matching import Matcher
from services.devices.model import Device, State
from services.staff.rules import Role
from services.uplinks.model import UplinkSource
from services.uplinks.rules import Source
from tests.alarms import scene
from tests.county import County
from tests.readings.field import KOETHEN, ZERBST, device, draw, measured, pictures
from tests.rigging import group_message, label, rows_of, words

GROUP = -100600
HOUR = timedelta(hours=1)
SOURCE = "chirpstack"
PNG = b"\x89PNG"


@pytest.fixture(autouse=True)
async def sources(application: Application, county: County) -> None:
    """The county's own network server, which was heard a minute ago."""
    house = application.work.house
    known = {SOURCE: Source(SOURCE, "ChirpStack Kreis"), "other": Source("other", "TTN")}
    application.work.house = replace(house, sources=MappingProxyType(known))
    async with application.database.write.begin() as session:
        session.add(UplinkSource(name=SOURCE, heard_at=county.clock(), received=1))


async def heard(
    application: Application, county: County, name: str, ago: timedelta, **given: object
) -> int:
    seen = county.clock() - ago
    return await device(application, name, seen_at=seen, source=SOURCE, **given)


async def falls_silent(application: Application, county: County) -> None:
    since = county.clock() - 2 * HOUR
    async with application.database.write.begin() as session:
        await session.execute(update(UplinkSource).values(silent_since=since))


async def lage(county: County) -> str:
    operator = await county.staff(2001, Role.OPERATOR)
    return await operator.says("/lage")


async def test_all_are_heard(county: County, application: Application) -> None:
    await heard(application, county, "Pegel Mulde", timedelta(minutes=20))
    said = await lage(county)
    assert "zuletzt" not in said
    assert "ohne Meldung" not in said


async def test_late_is_not_gone(county: County, application: Application) -> None:
    """Of 15 minutes: 2.5 times late, 5 times gone."""
    await heard(application, county, "Pegel Mulde", timedelta(minutes=40))
    await heard(application, county, "Pegel Elbe", timedelta(minutes=80))
    said = await lage(county)
    late, gone = said.index("Sensoren verspätet: 1"), said.index("Sensoren ohne Meldung: 1")
    assert gone < said.index("Pegel Elbe: zuletzt 20.11.26, 10:40") < late
    assert late < said.index("Pegel Mulde: zuletzt 20.11.26, 11:20")


async def test_what_is_not_in_use_is_not_missed(county: County, application: Application) -> None:
    await heard(application, county, "Pegel Mulde", 20 * HOUR, state=State.MAINTENANCE)
    assert "Pegel Mulde" not in await lage(county)


async def test_a_sensor_s_silence_is_told_once_with_its_number(
    county: County, application: Application
) -> None:
    gone = await heard(application, county, "Pegel Mulde", 3 * HOUR)
    number = await scene.alarm(
        application, gone, began=county.clock(), kind=Kind.OFFLINE, severity=0, rule_key="offline"
    )
    said = await lage(county)
    assert f"Pegel Mulde: zuletzt 20.11.26, 09:00 (Nr. {number})" in said
    assert said.count("Pegel Mulde") == 1


async def test_silence_in_danger_is_an_alarm_of_its_own(
    county: County, application: Application
) -> None:
    gone = await heard(application, county, "Pegel Mulde", 3 * HOUR)
    grave = {"kind": Kind.OFFLINE, "severity": 3, "highest": 3, "rule_key": "offline"}
    number = await scene.alarm(application, gone, began=county.clock(), **grave)
    said = await lage(county)
    assert f"Pegel Mulde, meldet sich nicht</b>: Schwere 3 (Nr. {number})" in said


async def test_a_silent_network_server_explains_its_sensors(
    county: County, application: Application
) -> None:
    await heard(application, county, "Pegel Mulde", 3 * HOUR)
    await device(application, "Pegel Elbe", seen_at=county.clock() - 3 * HOUR, source="other")
    await falls_silent(application, county)
    said = await lage(county)
    assert "Netzserver ohne Meldung: 1" in said
    assert "ChirpStack Kreis: zuletzt 20.11.26, 10:00, trägt 1 Sensor" in said
    assert words(county, "alarms.board-explained", number=1) in said
    assert "Pegel Mulde" not in said
    assert "Pegel Elbe: zuletzt" in said


async def test_a_network_server_nobody_asks_any_more_is_not_missed(
    county: County, application: Application
) -> None:
    await falls_silent(application, county)
    application.work.house = replace(application.work.house, sources=MappingProxyType({}))
    assert "Netzserver" not in await lage(county)


async def test_a_gateway_that_is_gone(county: County, application: Application) -> None:
    gone = [await heard(application, county, f"Pegel {one}", 3 * HOUR) for one in range(3)]
    alarm = await scene.alarm(
        application,
        None,
        began=county.clock() - HOUR,
        kind=Kind.GATEWAY,
        about="gateway:gw-1",
        rule_key="gateway",
        severity=1,
        highest=1,
        value=3,
    )
    async with application.database.write.begin() as session:
        session.add(
            AlarmDeed(alarm_id=alarm, at=county.clock(), what="explains", detail={"devices": gone})
        )
    said = await lage(county)
    assert "Ausgefallene Gateways: 1" in said
    assert "gw-1: 3 Sensoren fehlen, seit 20.11.26, 11:00, noch nicht übernommen" in said
    assert words(county, "alarms.board-explained", number=3) in said
    assert said.count("gw-1") == 1


async def test_a_group_misses_what_it_subscribed_to(
    county: County, application: Application
) -> None:
    await heard(application, county, "Pegel Mulde", 3 * HOUR)
    await heard(application, county, "Pegel Nuthe", 3 * HOUR, ars=ZERBST)
    await device(
        application, "Pegel Elbe", ars=ZERBST, seen_at=county.clock() - 3 * HOUR, source="other"
    )

    async def says() -> str:
        before = len(county.telegram.said)
        update = group_message(county, GROUP, 5002, text="/lage")
        await county.receives({"update_id": next(county.updates), **update})
        await county.settle()
        return "\n".join(one.text for one in county.telegram.said[before:])

    await says()
    [group] = [one for one in await rows_of(application, "chat") if one["telegram_id"] == GROUP]
    async with application.database.write.begin() as session:
        session.add(
            AlarmSubscription(
                chat_id=group["id"],
                matcher=Matcher(area=KOETHEN).document(),
                created_at=county.clock(),
            )
        )
    said = await says()
    assert "Pegel Mulde: zuletzt" in said
    assert "Nuthe" not in said
    async with application.database.write.begin() as session:
        for name in (SOURCE, "other"):
            await session.merge(
                UplinkSource(name=name, silent_since=county.clock() - HOUR, received=1)
            )
    said = await says()
    assert "ChirpStack Kreis: zuletzt 20.11.26, 11:00, trägt 1 Sensor" in said
    assert "TTN" not in said


async def test_a_thousand_silent_sensors_fit(county: County, application: Application) -> None:
    seen = county.clock() - 3 * HOUR
    async with application.database.write.begin() as session:
        session.add_all(
            Device(
                address=f"test/{number}",
                name=f"Sensor mit einem recht langen Namen Nummer {number}",
                created_at=seen,
                seen_at=seen - timedelta(minutes=number),
                state=State.RELEASED,
                ars=KOETHEN if number % 4 else ZERBST,
                interval_seconds=900,
            )
            for number in range(1000)
        )
    operator = await county.staff(2001, Role.OPERATOR)
    said = await operator.says("/lage")
    assert len(said) < MAX_TEXT
    assert "Sensoren ohne Meldung: 1000" in said
    assert "Köthen (Anhalt): 750, zum Teil seit 19.11.26, 16:21" in said
    assert "Zerbst/Anhalt: 250, zum Teil seit 19.11.26, 16:24" in said
    assert words(county, "readings.unchecked") in said
    await operator.taps(label(county, "alarms.button-picture"))
    await draw(county)
    [(picture, caption)] = pictures(county)
    assert picture.startswith(PNG)
    assert len(caption) < MAX_CAPTION
    assert "Sensoren ohne Meldung: 1000" in caption


async def test_sixty_alarms_fit_and_the_gravest_are_told(
    county: County, application: Application
) -> None:
    await scene.rule(application, county.clock() - timedelta(days=10))
    for number in range(60):
        name = f"Pegel mit einem recht langen Namen Nummer {number:02}"
        gauge = await device(application, name)
        await measured(application, gauge, [3.2], until=county.clock())
        severity = 3 if number == 59 else 2
        await scene.alarm(
            application, gauge, began=county.clock(), severity=severity, highest=severity
        )
    operator = await county.staff(2001, Role.OPERATOR)
    said = await operator.says("/lage")
    assert len(said) <= MAX_TEXT
    assert "Alarme: 60 (🔴 1,  🟠 59)" in said
    assert said.index("Nummer 59") < said.index("Nummer 00")
    assert "… und 45 weitere" in said
    assert words(county, "readings.unchecked") in said
    await operator.taps(label(county, "alarms.button-picture"))
    await draw(county)
    [(_, caption)] = pictures(county)
    assert len(caption) <= MAX_CAPTION
    assert "Nummer 59" in caption
    assert words(county, "readings.unchecked") in caption


async def test_the_button_shows_the_board_as_it_is_now_in_the_same_message(
    county: County, application: Application
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    assert "Stand 20.11.26, 12:00" in await operator.says("/lage")
    county.clock.forward(minutes=50)
    said = await operator.taps(label(county, "alarms.button-again"))
    assert "Stand 20.11.26, 12:50" in said
    assert isinstance(county.telegram.log[-1], EditMessageText)


async def test_a_picture_stays_and_the_words_are_said_below_it(county: County) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.presses(ShowBoard(view=BoardView.PICTURE).pack())
    await draw(county)
    picture = {"file_id": "1", "file_unique_id": "1", "width": 1080, "height": 400}
    answer = await operator.presses(ShowBoard().pack(), 2, {"photo": [picture]})
    assert "Stand 20.11.26, 12:00" in answer
    assert isinstance(county.telegram.log[-1], SendMessage)


def test_a_board_of_many_and_of_none() -> None:
    line = {"severity": 3, "word": "Schwere 3", "name": "x" * 90, "value": "1", "state": ""}
    head = {"title": "Lage", "subtitle": "…", "nothing": "nichts", "footnote": "…"}
    more = {"counted": "Schwere 3: 12", "notes": [["Sensoren: 3", "• eins, " * 20]]}
    many = paint({**head, **more, "lines": [{**line, "severity": one % 5} for one in range(12)]})
    none = paint({**head, "counted": "", "notes": [], "lines": []})
    assert many.startswith(PNG)
    assert none.startswith(PNG)
    assert int.from_bytes(many[20:24]) > int.from_bytes(none[20:24]) > 0
