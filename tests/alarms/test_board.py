"""/lage: what fires now, in words and as a picture; what happened with an alarm."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.application import Application
from handlers.buttons.alarms import BoardView, ShowAlarm, ShowBoard
from services.alarms.model import Alarm, AlarmDeed, AlarmSubscription, Kind
from services.alarms.rules.matching import Matcher
from services.staff.rules import Role
from tests.alarms import scene
from tests.county import County
from tests.readings.field import KOETHEN, ZERBST, device, draw, measured, pictures
from tests.rigging import group_message, label, rows_of, words

GROUP = -100600
PNG = b"\x89PNG"
HIGH = [2.5, 2.8, 3.0, 3.1, 3.2]


@pytest.fixture
async def gauge(application: Application, county: County) -> int:
    gauge = await device(application)
    await measured(application, gauge, HIGH, until=county.clock() - timedelta(minutes=5))
    await scene.rule(application, county.clock() - timedelta(days=10))
    return gauge


@pytest.fixture
async def alarm(application: Application, county: County, gauge: int) -> int:
    return await scene.alarm(application, gauge, began=county.clock() - timedelta(minutes=35))


async def test_nothing_fires(county: County) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    assert words(county, "alarms.board-nothing") in await operator.says("/lage")


async def test_what_fires(county: County, alarm: int) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    said = await operator.says("/lage")
    assert f"<b>Pegel Mulde, Wasserstand der Mulde</b>: Schwere 2 (Nr. {alarm})" in said
    assert "320 cm (Richtwert 300 cm)" in said
    assert "seit 20.11.26, 11:25, noch nicht übernommen" in said
    assert "Ungeprüfter Messwert" in said
    assert "Alarmstufe" not in said


async def test_everything_that_is_to_be_known(
    county: County, application: Application, gauge: int, alarm: int
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    now = county.clock()
    [member] = await rows_of(application, "staff_member")
    taken = {"acknowledged_by": member["id"], "acknowledged_at": now, "recovering": True}
    async with application.database.write.begin() as session:
        await session.execute(update(Alarm).values(**taken, exercise=True))
        session.add(
            AlarmDeed(
                alarm_id=alarm, at=now, what="acknowledged", detail={}, staff_id=member["id"]
            )
        )
    await scene.alarm(
        application, gauge, began=now, kind=Kind.OFFLINE, severity=0, rule_key="offline"
    )
    async with application.transaction() as services:
        actor = await services.staff.actor(member["chat_id"])
        await services.peaces.silence(
            actor, Matcher(rule="mulde"), until=now + timedelta(hours=1), reason="Baustelle"
        )
    said = await operator.says("/lage")
    assert "ÜBUNG: Pegel Mulde" in said
    assert "übernommen von Platz 2001, 12:00, erholt sich" in said
    assert "letzter Stand, Sensor stumm, stummgeschaltet" in said
    assert "Pegel Mulde, meldet sich nicht" in said
    assert "Stummschaltungen: 1" in said
    said = await operator.presses(ShowAlarm(alarm=alarm).pack())
    assert "20.11.26, 11:25: gestiegen auf Richtwert 2 von 3 (320 cm)" in said
    assert "20.11.26, 12:00: übernommen von Platz 2001" in said


async def test_citizens_do_not_see_it(county: County, alarm: int) -> None:
    citizen = county.citizen()
    said = await citizen.says("/lage")
    assert "Pegel" not in said
    for data in (
        ShowBoard(),
        ShowBoard(view=BoardView.PICTURE),
        ShowBoard(view=BoardView.MONTH),
        ShowBoard(view=BoardView.TABLE),
        ShowAlarm(alarm=alarm),
        ShowAlarm(alarm=alarm, draw=True),
    ):
        said = await citizen.presses(data.pack())
        assert said == words(county, "staff.not-allowed", area="Landkreis Testkreis")


async def test_own_thresholds_of_people_are_nobody_s_business(
    county: County, application: Application, gauge: int
) -> None:
    number = await scene.alarm(application, gauge, began=county.clock(), rule_key="own:1")
    operator = await county.staff(2001, Role.OPERATOR)
    assert words(county, "alarms.board-nothing") in await operator.says("/lage")
    said = await operator.presses(ShowAlarm(alarm=number).pack())
    assert said == words(county, "alarms.no-such-alarm")
    said = await operator.presses(ShowBoard(view=BoardView.MONTH, month=202611).pack())
    assert words(county, "alarms.month-nothing") in said


async def test_a_group_sees_what_it_subscribed_to(
    county: County, application: Application, alarm: int
) -> None:
    elsewhere = await device(application, "Pegel Elbe", ars=ZERBST)
    await measured(application, elsewhere, HIGH, until=county.clock())
    other = await scene.alarm(application, elsewhere, began=county.clock())

    async def says() -> str:
        before = len(county.telegram.said)
        update = group_message(county, GROUP, 5002, text="/lage")
        await county.receives({"update_id": next(county.updates), **update})
        await county.settle()
        return "\n".join(one.text for one in county.telegram.said[before:])

    assert await says() == words(county, "staff.not-allowed", area="Landkreis Testkreis")
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
    assert f"(Nr. {alarm})" in said
    assert f"(Nr. {other})" not in said


async def test_as_a_picture_whose_caption_says_the_same(county: County, alarm: int) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.says("/lage")
    await operator.taps(label(county, "alarms.button-picture"))
    await draw(county)
    [(picture, caption)] = pictures(county)
    assert picture.startswith(PNG)
    assert f"Schwere 2 (Nr. {alarm})" in caption
    assert "320 cm (Richtwert 300 cm)" in caption


async def test_the_course_as_a_picture(county: County, alarm: int) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.presses(ShowAlarm(alarm=alarm).pack())
    await operator.taps(label(county, "alarms.button-draw"))
    await draw(county)
    [(picture, caption)] = pictures(county)
    assert picture.startswith(PNG)
    assert "gestiegen auf Richtwert 2 von 3" in caption


async def test_who_loses_the_right_meanwhile_gets_no_picture(
    county: County, application: Application, alarm: int
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.presses(ShowBoard(view=BoardView.PICTURE).pack())
    admin = await county.staff(2009)
    async with application.transaction() as services:
        chat = await services.chats.find(admin.id)
        actor = await services.staff.actor(chat.id)
        [member] = [one for one in await services.staff.team() if one.label == "Platz 2001"]
        await services.staff.off_board(actor, member.staff_id)
    await draw(county)
    assert pictures(county) == []
