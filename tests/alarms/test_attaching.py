"""An alarm brings the course of its values and its place; the text never waits for them."""

from collections.abc import Mapping
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import SendMessage, SendPhoto, SendVenue
from sqlalchemy import update

from bot.delivery import Delivery
from bot.limits import Limits
from services.alarms.model import TEXT_ONLY, AlarmSubscription, Kind
from services.alarms.rules.records import Severity
from services.devices.model import Device, Visibility
from services.outbox.model import Lane
from tests.alarms.hall import FIRE_BRIGADE, Hall
from tests.outbox.post_office import claimed_and_killed, hung_up, queue, successor
from tests.readings.field import draw, measured
from tests.rigging import outbox, rows_of, slot

TOPIC = 7
PNG = b"\x89PNG"


def log(hall: Hall, kind: type[Any], chat: int = FIRE_BRIGADE) -> list[Any]:
    return [
        one for one in hall.county.telegram.log if isinstance(one, kind) and one.chat_id == chat
    ]


def venues(hall: Hall) -> list[SendVenue]:
    return log(hall, SendVenue)


def charts(hall: Hall, chat: int = FIRE_BRIGADE) -> list[SendPhoto]:
    return log(hall, SendPhoto, chat)


async def jobs(hall: Hall) -> list[dict[str, Any]]:
    return await rows_of(hall.county.application, "heavy_job")


async def values(hall: Hall, *heights: float) -> None:
    clock = hall.county.clock
    await measured(hall.county.application, hall.gauge, heights, until=clock())


async def change(hall: Hall, table: type[Any], **columns: Any) -> None:
    async with hall.county.application.database.write.begin() as session:
        await session.execute(update(table).values(**columns))


async def starts_again(hall: Hall, new: Delivery) -> None:
    """The lease of what a dead process was sending is over; its successor goes on."""
    hall.county.clock.forward(minutes=1)
    new.limits = Limits(overall=1e6, chat=1e6, group=1e6)
    await new.take_up()
    await new._look_after()  # noqa: SLF001 - what its loop does before it sends


async def test_the_text_comes_first_then_place_and_course_as_silent_replies(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE, thread=TOPIC)
    await values(hall, 2.1, 4.4, 5.05)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    text, place = hall.county.telegram.log
    assert isinstance(text, SendMessage)
    assert isinstance(place, SendVenue)
    assert not text.disable_notification
    assert place.title == "Pegel Muldebrücke"
    assert place.address.startswith("Mulde, ")
    assert (place.latitude, place.longitude) == (51.6231, 12.3325)
    assert charts(hall) == []
    [job] = await jobs(hall)
    assert job["arguments"]["alarm"] == alarm, "numbers alone wait in the queue"
    await draw(hall.county)
    [chart] = charts(hall)
    assert chart.photo.data.startswith(PNG)  # type: ignore[union-attr]
    caption = chart.caption or ""
    assert "<b>Pegel Muldebrücke, Hochwasser</b>" in caption
    assert "Niedrigster Wert 210 cm, höchster 505 cm, zuletzt 505 cm." in caption
    assert "Richtwerte (gestrichelt): 200 cm, 300 cm, 400 cm, 500 cm, 600 cm" in caption
    assert "Ungeprüft" in caption
    [said] = [one for one in hall.county.telegram.said if one.text == text.text]
    for below in (place, chart):
        assert below.disable_notification
        assert below.message_thread_id == TOPIC
        assert below.reply_parameters is not None
        assert below.reply_parameters.message_id == said.message_id
        assert below.reply_parameters.allow_sending_without_reply
    lanes = [row["lane"] for row in await outbox(hall.county)]
    assert lanes == [Lane.ALARM, Lane.ATTACHMENT, Lane.ATTACHMENT]


async def test_a_rise_brings_the_course_and_nothing_else_does(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(Severity.WATCH)
    await hall.passes(seconds=30)
    assert (len(venues(hall)), len(await jobs(hall))) == (1, 1)
    await hall.becomes(alarm, Severity.GUARD)
    await hall.looks()
    assert (len(venues(hall)), len(await jobs(hall))) == (1, 2)
    await hall.becomes(alarm, value=5.5)
    await hall.passes(minutes=2)
    await hall.becomes(alarm, Severity.WATCH)
    await hall.passes(minutes=10)
    await hall.becomes(alarm, flapping=True)
    await hall.passes(hours=5)
    await hall.ends(alarm)
    await hall.passes(hours=1)
    assert len(hall.words(FIRE_BRIGADE)) > 4
    assert (len(venues(hall)), len(await jobs(hall))) == (1, 2)


@pytest.mark.parametrize("kind", [Kind.OFFLINE, Kind.GATEWAY])
async def test_silence_has_no_course(hall: Hall, kind: Kind) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.GUARD, kind=kind, series_id=None)
    await hall.looks()
    assert len(hall.words(FIRE_BRIGADE)) == 1
    assert (venues(hall), await jobs(hall)) == ([], [])


async def test_nobody_knows_where_it_is(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await change(hall, Device, latitude=None, longitude=None)
    await hall.fires(Severity.GUARD)
    await hall.looks()
    assert (venues(hall), len(await jobs(hall))) == ([], 1)


async def test_several_in_one_message_are_one_place_and_one_course(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    other, series = await hall.add_gauge("Pegel Wehr")
    await hall.fires(Severity.START)
    gravest = await hall.fires(Severity.WATCH, device_id=other, series_id=series)
    await hall.passes(seconds=30)
    assert len(hall.words(FIRE_BRIGADE)) == 1
    assert [one.title for one in venues(hall)] == ["Pegel Wehr"]
    assert [one["arguments"]["alarm"] for one in await jobs(hall)] == [gravest]


async def test_a_change_an_hour_is_no_line_among_the_values(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.add_rule("fast", signal="rate")
    await values(hall, 2.1, 5.05)
    await hall.fires(Severity.GUARD, rule_key="fast")
    await hall.looks()
    await draw(hall.county)
    [chart] = charts(hall)
    assert "zuletzt 505 cm" in (chart.caption or "")
    assert "Richtwert" not in (chart.caption or "")


async def test_an_exercise_says_so_in_place_picture_and_words(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await values(hall, 2.1, 5.05)
    await hall.fires(Severity.GUARD, exercise=True)
    await hall.looks()
    assert [one.title for one in venues(hall)] == ["ÜBUNG: Pegel Muldebrücke"]
    await draw(hall.county)
    [chart] = charts(hall)
    assert "ÜBUNG: Pegel Muldebrücke" in (chart.caption or "")


async def test_citizens_get_the_course_of_what_is_public_and_no_place(hall: Hall) -> None:
    citizen = 4711
    rule = await hall.own(citizen, at=3.0)
    await values(hall, 2.0, 3.2)
    given = {"rule_key": rule, "level": 0, "value": 3.2}
    alarm = await hall.fires(Severity.NOTICE, about=f"{rule}:1", **given)
    await hall.passes(seconds=30)
    await draw(hall.county)
    [chart] = charts(hall, citizen)
    assert "zuletzt 320 cm" in (chart.caption or "")
    assert "Richtwert 300 cm" in (chart.caption or "")
    assert log(hall, SendVenue, citizen) == []
    await hall.ends(alarm)
    await hall.passes(minutes=30)
    await change(hall, Device, visibility=Visibility.INTERNAL)
    await hall.fires(Severity.NOTICE, about=f"{rule}:1", **given)
    await hall.passes(minutes=30)
    assert len(hall.words(citizen)) == 3
    assert await jobs(hall) == []


async def test_an_internal_sensor_is_shown_to_the_groups_that_hear_of_it(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await change(hall, Device, visibility=Visibility.INTERNAL)
    await hall.fires(Severity.GUARD)
    await hall.looks()
    assert (len(venues(hall)), len(await jobs(hall))) == (1, 1)


async def test_who_wants_text_alone_gets_text_alone(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await change(hall, AlarmSubscription, matcher={TEXT_ONLY: True})
    await hall.fires(Severity.GUARD)
    await hall.looks()
    assert len(hall.words(FIRE_BRIGADE)) == 1
    assert (venues(hall), await jobs(hall)) == ([], [])
    await hall.group(FIRE_BRIGADE, at_least=Severity.DEFENCE)
    other, series = await hall.add_gauge("Pegel Wehr")
    await hall.fires(Severity.DEFENCE, device_id=other, series_id=series)
    await hall.passes(minutes=5)
    assert len(venues(hall)) == 1, "one of its subscriptions wants more"


async def test_a_text_that_was_refused_brings_nothing(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    refused = TelegramBadRequest(SendMessage(chat_id=1, text="x"), "Bad Request: no rights")
    hall.county.telegram.refusals[FIRE_BRIGADE] = [refused]
    await hall.fires(Severity.GUARD)
    await hall.looks()
    assert [row["status"] for row in await outbox(hall.county)] == ["failed"]
    assert await jobs(hall) == []


async def test_a_text_in_doubt_is_repeated_and_what_goes_with_it_comes_once(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    hall.county.telegram.refusals[FIRE_BRIGADE] = [hung_up()]
    await hall.fires(Severity.GUARD)
    await hall.looks()
    assert len(hall.words(FIRE_BRIGADE)) == 2
    assert (len(venues(hall)), len(await jobs(hall))) == (1, 1)


async def test_a_process_that_dies_while_it_sends_loses_and_doubles_nothing(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await values(hall, 2.1, 5.05)
    await hall.fires(Severity.GUARD)
    async with hall.county.application.transaction() as services:
        await services.heralds.look()
    await starts_again(hall, await claimed_and_killed(hall.county))
    await slot(hall.county)
    assert [type(one) for one in hall.county.telegram.log] == [SendMessage]
    await starts_again(hall, await claimed_and_killed(hall.county))
    await hall.county.delivery.drain()
    await draw(hall.county)
    await starts_again(hall, successor(hall.county))
    await hall.county.delivery.drain()
    kinds = [type(one) for one in hall.county.telegram.log]
    assert kinds == [SendMessage, SendVenue, SendPhoto]


async def test_trouble_with_what_goes_along_is_no_doubt_about_the_text(hall: Hall) -> None:
    async def breaks(services: Any, _number: int, _params: Mapping[str, Any]) -> None:
        await services.heavy.defer("half", chat_id=None)
        raise RuntimeError

    hall.county.delivery.follow_ups = {"alarms.news": breaks}
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.GUARD)
    await hall.looks()
    assert len(hall.words(FIRE_BRIGADE)) == 1
    assert [row["status"] for row in await outbox(hall.county)] == ["sent"]
    assert await jobs(hall) == []


async def test_a_chat_that_was_told_much_gets_the_text_alone(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await queue(hall.county, FIRE_BRIGADE, *map(str, range(9)))
    await hall.fires(Severity.GUARD)
    await hall.looks()
    assert len(hall.words(FIRE_BRIGADE)) == 10
    assert (venues(hall), await jobs(hall)) == ([], [])


async def test_a_picture_of_older_news_is_not_sent_any_more(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await values(hall, 2.1, 5.05)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    await hall.becomes(alarm, Severity.DEFENCE)
    await hall.looks()
    assert len(await jobs(hall)) == 2
    await draw(hall.county)
    [chart] = charts(hall)
    assert chart.reply_parameters is not None
    newest = hall.county.telegram.said[-2]
    assert chart.reply_parameters.message_id == newest.message_id
    assert await jobs(hall) == []


async def test_what_is_over_is_not_drawn(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    await hall.ends(alarm)
    await draw(hall.county)
    assert (charts(hall), await jobs(hall)) == ([], [])


async def test_a_place_that_came_too_late_is_dropped_and_no_dead_letter(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.GUARD)
    async with hall.county.application.transaction() as services:
        await services.heralds.look()
    [news] = await outbox(hall.county)
    async with hall.county.application.transaction() as services:
        await services.sending.claim([news["id"]], hall.county.clock() - hall.county.clock())
        await services.sending.sent(news["id"], 17)
        row = await services.heralds.group(news["params"]["group"])
        await services.attachments.attach(
            news["id"], group=row.id, chart=0, place=news["params"]["place"]
        )
    hall.county.clock.forward(minutes=5, seconds=1)
    await hall.county.delivery.drain()
    assert venues(hall) == []
    assert [row["status"] for row in await outbox(hall.county)] == ["sent", "cancelled"]
