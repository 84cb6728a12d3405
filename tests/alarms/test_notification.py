"""Groups are told once, in time, and of every end; stories of a gauge and those who hear of it."""

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramMigrateToChat
from aiogram.methods import SendMessage
from sqlalchemy import update

from bot.alarms import HeraldDesk
from services.alarms.model import AlarmDeed, AlarmGroup, Kind
from services.alarms.rules.matching import Matcher
from services.alarms.rules.records import Severity
from services.alarms.subscriptions import Caller
from services.outbox.model import Lane
from services.staff.rules import Role
from tests.alarms.hall import COUNTY_DESK, FIRE_BRIGADE, KOETHEN, ZERBST, Hall
from tests.outbox.post_office import hung_up
from tests.rigging import label, outbox, rows_of


async def test_the_first_news_wait_half_a_minute_for_others(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires()
    await hall.passes(seconds=29)
    assert hall.words(FIRE_BRIGADE) == []
    other, series = await hall.add_gauge("Pegel Wehr")
    await hall.fires(device_id=other, series_id=series)
    await hall.passes(seconds=1)
    [words] = hall.words(FIRE_BRIGADE)
    assert "Pegel Muldebrücke" in words
    assert "Pegel Wehr" in words
    assert "ungeprüfter Messwert" in words
    assert "Alarmstufe" not in words


async def test_what_is_grave_is_told_at_once_and_with_a_sound(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.GUARD)
    await hall.looks()
    [message] = hall.sent(FIRE_BRIGADE)
    assert not message.disable_notification
    assert "🔴" in message.text
    news, place = await outbox(hall.county)
    assert (news["lane"], place["lane"]) == (Lane.ALARM, Lane.ATTACHMENT)


async def test_a_mere_notice_makes_no_sound(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.NOTICE)
    await hall.passes(seconds=30)
    [message] = hall.sent(FIRE_BRIGADE)
    assert message.disable_notification


async def test_other_places_types_and_severities_are_not_told(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE, area=KOETHEN)
    await hall.group(COUNTY_DESK, area=ZERBST, type="weather")
    await hall.group(-1009, area=ZERBST, at_least=Severity.WATCH)
    await hall.group(-1010, area=ZERBST, type="gauge", at_least=Severity.START)
    await hall.fires()
    await hall.passes(hours=1)
    assert [hall.words(one) for one in (FIRE_BRIGADE, COUNTY_DESK, -1009)] == [[], [], []]
    assert len(hall.words(-1010)) == 1


async def test_a_new_value_changes_the_message_and_a_new_level_is_a_new_one(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(value=3.05)
    await hall.passes(seconds=30)
    await hall.becomes(alarm, value=3.40)
    await hall.passes(minutes=2)
    [first] = hall.sent(FIRE_BRIGADE)
    [change] = hall.edits(FIRE_BRIGADE)
    assert "305" in first.text
    assert "340" in change.text
    [said, *_] = hall.county.telegram.said
    assert change.message_id == said.message_id
    await hall.becomes(alarm, Severity.GUARD, value=5.1)
    await hall.looks()
    assert len(hall.edits(FIRE_BRIGADE)) == 1
    assert "gestiegen auf Schwere 3" in hall.words(FIRE_BRIGADE)[-1]
    await hall.becomes(alarm, value=5.2)
    await hall.passes(minutes=2)
    assert hall.edits(FIRE_BRIGADE)[-1].message_id == hall.county.telegram.said[-1].message_id


async def test_the_same_value_again_changes_nothing(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(value=3.05)
    await hall.passes(seconds=30)
    for _ in range(3):
        await hall.becomes(alarm, value=3.05)
        await hall.passes(minutes=2)
    assert hall.edits(FIRE_BRIGADE) == []
    assert len(hall.words(FIRE_BRIGADE)) == 1


async def test_a_deleted_message_is_not_changed_and_is_no_trouble(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(value=3.05)
    await hall.passes(seconds=30)
    await hall.becomes(alarm, value=3.40)
    gone = TelegramBadRequest(
        SendMessage(chat_id=1, text="x"), "Bad Request: message to edit not found"
    )
    hall.county.telegram.refusals[FIRE_BRIGADE] = [gone]
    await hall.passes(minutes=2)
    assert {row["status"] for row in await outbox(hall.county)} == {"sent"}


async def test_nobody_took_it_on_so_it_is_told_again(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.DEFENCE)
    await hall.passes(minutes=29)
    assert len(hall.words(FIRE_BRIGADE)) == 1
    await hall.passes(minutes=2)
    assert "weiterhin Schwere 4" in hall.words(FIRE_BRIGADE)[-1]
    await hall.passes(minutes=30)
    assert len(hall.words(FIRE_BRIGADE)) == 3


async def test_the_end_is_told_once_also_when_silenced_meanwhile(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    sabine = await hall.county.staff(2001, Role.OPERATOR)
    alarm = await hall.fires(Severity.WATCH)
    await hall.passes(minutes=1)
    await sabine.says(f"/uebernehmen {alarm}")
    async with hall.county.application.transaction() as services:
        chat = await services.chats.find(sabine.id)
        actor = await services.staff.actor(chat.id)
        await services.acknowledgements.quiet(actor, alarm, chat=chat, reason="Probe")
    await hall.becomes(alarm, Severity.GUARD)
    await hall.passes(minutes=10)
    assert len(hall.words(FIRE_BRIGADE)) == 1
    await hall.ends(alarm)
    await hall.passes(minutes=10)
    assert "Entwarnung" in hall.words(FIRE_BRIGADE)[-1]
    await hall.passes(hours=10)
    assert len(hall.words(FIRE_BRIGADE)) == 2


async def test_what_nobody_was_told_of_has_no_end(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires()
    await hall.passes(seconds=20)
    await hall.ends(alarm)
    await hall.passes(hours=1)
    assert hall.words(FIRE_BRIGADE) == []


async def test_taken_back_by_a_late_value_says_so(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires()
    await hall.passes(minutes=1)
    await hall.ends(alarm, "withdrawn")
    await hall.passes(minutes=10)
    assert "zurückgenommen" in hall.words(FIRE_BRIGADE)[-1]
    assert "Entwarnung" not in hall.words(FIRE_BRIGADE)[-1]


async def test_a_forum_topic_hears_in_its_topic(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE, thread=77)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    await hall.ends(alarm)
    await hall.passes(minutes=10)
    assert [one.message_thread_id for one in hall.sent(FIRE_BRIGADE)] == [77, 77]


async def test_an_exercise_stands_apart_and_says_so(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(exercise=True)
    await hall.fires()
    await hall.passes(seconds=30)
    exercise, real = sorted(hall.words(FIRE_BRIGADE), key=lambda one: "ÜBUNG" not in one)
    assert exercise.startswith("⚠️ <b>ÜBUNG")
    assert "ÜBUNG" not in real


async def test_a_silent_gateway_is_told_to_the_county_and_explains_its_devices(
    hall: Hall,
) -> None:
    await hall.group(FIRE_BRIGADE, area=ZERBST)
    await hall.group(COUNTY_DESK)
    gone = {"value": None, "value_at": None, "series_id": None, "rule_key": ""}
    await hall.fires(kind=Kind.OFFLINE, inhibited=True, **gone)
    await hall.fires(kind=Kind.GATEWAY, device_id=None, about="gateway:gw-1", **gone)
    await hall.passes(hours=1)
    assert hall.words(FIRE_BRIGADE) == []
    [words] = hall.words(COUNTY_DESK)
    assert "gw-1" in words
    assert "Pegel" not in words


async def test_a_graver_alarm_of_the_same_series_speaks_for_both(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.add_rule("rising", signal="rate")
    await hall.fires(Severity.NOTICE, rule_key="rising", about="rising:1")
    grave = await hall.fires(Severity.GUARD)
    await hall.passes(minutes=10)
    [words] = hall.words(FIRE_BRIGADE)
    assert "Schwere 3" in words
    await hall.ends(grave)
    await hall.passes(minutes=10)
    assert "je Stunde" in "\n".join(hall.words(FIRE_BRIGADE)[1:])


async def test_flapping_is_told_once_and_summed_up(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(Severity.WATCH)
    await hall.passes(minutes=10)
    await hall.becomes(alarm, Severity.START, flapping=True)
    await hall.passes(minutes=10)
    assert "schwankt um den Richtwert" in hall.words(FIRE_BRIGADE)[-1]
    for severity in (Severity.WATCH, Severity.START, Severity.WATCH, Severity.START):
        await hall.becomes(alarm, severity)
        await hall.passes(minutes=10)
    assert len(hall.words(FIRE_BRIGADE)) == 2
    await hall.becomes(alarm, Severity.GUARD)
    await hall.passes(minutes=1)
    assert "Schwere 3" in hall.words(FIRE_BRIGADE)[-1]
    await hall.becomes(alarm, Severity.START, flapping=False)
    await hall.passes(minutes=10)
    assert "schwankt nicht mehr" in hall.words(FIRE_BRIGADE)[-1]


async def test_a_person_hears_of_their_own_threshold_in_plain_words(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    key = await hall.own(1001, 3.0)
    alarm = await hall.fires(Severity.NOTICE, level=0, rule_key=key, about=key, value=3.1)
    await hall.passes(minutes=1)
    [said] = hall.sent(1001)
    assert "über 300" in said.text
    assert "Ungeprüfter Messwert" in said.text
    assert "Hochwasserzentrale Test" in said.text
    assert "Nr." not in said.text
    await hall.ends(alarm)
    await hall.passes(minutes=10)
    assert "unter 300" in hall.words(1001)[-1]
    assert hall.words(FIRE_BRIGADE) == []


async def test_the_second_look_at_the_same_state_sends_nothing_twice(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.GUARD)
    desk = HeraldDesk(hall.county.application.work)
    assert await desk.look()
    # As after a crash that kept the queued message, but not what was remembered of it.
    async with hall.county.application.database.write.begin() as session:
        before = {"told": {}, "message": None, "sent_at": None, "look_at": hall.county.clock()}
        await session.execute(update(AlarmGroup).values(**before))
    assert await desk.look()
    await hall.county.delivery.drain()
    assert len(hall.sent(FIRE_BRIGADE)) == 1


async def test_a_look_that_fails_leaves_nothing_behind(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.GUARD)

    def broken(*_: object) -> None:
        raise OSError("the process dies here")

    desk = HeraldDesk(hall.county.application.work)
    async with hall.county.application.work.reading() as services:
        heralds = type(services.heralds)
    with monkeypatch.context() as patch:
        patch.setattr(heralds, "_note", broken)
        with pytest.raises(OSError, match="dies here"):
            await desk.look()
    assert await outbox(hall.county) == []
    await hall.looks()
    assert len(hall.sent(FIRE_BRIGADE)) == 1


async def test_in_doubt_it_is_repeated_once_and_marked(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.GUARD)
    hall.county.telegram.errors.append(hung_up())
    await hall.passes(minutes=1)
    first, again = hall.words(FIRE_BRIGADE)
    assert again == f"(Wiederholung) {first}"


async def test_a_changed_message_in_doubt_is_not_marked(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(value=3.05)
    await hall.passes(seconds=30)
    await hall.becomes(alarm, value=3.4)
    hall.county.telegram.errors.append(hung_up())
    await hall.passes(minutes=2)
    assert {one.text.startswith("(") for one in hall.edits(FIRE_BRIGADE)} == {False}


async def test_a_group_that_moved_hears_under_its_new_number(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(Severity.GUARD)
    moved = TelegramMigrateToChat(SendMessage(chat_id=1, text="x"), "upgraded", -1002002)
    hall.county.telegram.refusals[FIRE_BRIGADE] = [moved]
    await hall.passes(minutes=1)
    await hall.ends(alarm)
    await hall.passes(minutes=10)
    assert "Entwarnung" in hall.words(-1002002)[-1]
    assert len(hall.words(-1002002)) == 2


async def test_a_chat_that_cannot_be_written_to_is_told_when_it_is_back(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    async with hall.county.application.transaction() as services:
        await services.chats.can_write(FIRE_BRIGADE, possible=False)
    alarm = await hall.fires(Severity.GUARD)
    await hall.passes(minutes=10)
    assert hall.words(FIRE_BRIGADE) == []
    async with hall.county.application.transaction() as services:
        await services.chats.can_write(FIRE_BRIGADE, possible=True)
    await hall.becomes(alarm, value=5.3)
    await hall.passes(minutes=1)
    assert len(hall.words(FIRE_BRIGADE)) == 1


async def test_the_history_says_how_many_chats_were_told(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.group(COUNTY_DESK)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    [deed] = await rows_of(hall.county.application, AlarmDeed.__tablename__)
    assert (deed["alarm_id"], deed["what"]) == (alarm, "told")
    assert deed["detail"] == {"kind": "fired", "severity": 3, "chats": 2}


async def test_what_is_over_for_long_is_forgotten_and_what_fires_is_not(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(Severity.GUARD)
    sabine = await hall.county.staff(2001, Role.OPERATOR)
    await hall.looks()
    await sabine.says(f"/uebernehmen {alarm}")
    await hall.passes(days=10)
    await hall.county.runs("forget told alarms")
    await hall.ends(alarm)
    await hall.passes(minutes=10)
    assert "Entwarnung" in hall.words(FIRE_BRIGADE)[-1]
    await hall.passes(days=10)
    await hall.county.runs("forget told alarms")
    assert await rows_of(hall.county.application, "alarm_group") == []


async def test_a_map_and_the_button_to_take_it_on(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.GUARD)
    await hall.looks()
    buttons = hall.county.telegram.said[-1].buttons
    assert label(hall.county, "alarms.button-take") in buttons
    assert "mlat=51.623100" in buttons[label(hall.county, "alarms.button-map")]


async def test_flapping_of_one_level_ends_and_begins_and_is_one_alarm_to_people(
    hall: Hall,
) -> None:
    await hall.group(FIRE_BRIGADE)
    first = await hall.fires(flapping=True)
    await hall.passes(minutes=5)
    assert "werden nicht einzeln gemeldet" in hall.words(FIRE_BRIGADE)[-1]
    alarm = first
    for _ in range(4):
        await hall.becomes(alarm, flapping=False)
        await hall.ends(alarm)
        await hall.passes(minutes=10)
        alarm = await hall.fires(flapping=True)
        await hall.passes(minutes=10)
    assert len(hall.words(FIRE_BRIGADE)) == 1
    await hall.ends(alarm)
    await hall.passes(minutes=29)
    assert len(hall.words(FIRE_BRIGADE)) == 1
    await hall.passes(minutes=2)
    assert "Entwarnung" in hall.words(FIRE_BRIGADE)[-1]
    await hall.passes(hours=5)
    assert len(hall.words(FIRE_BRIGADE)) == 2


async def test_flapping_that_gets_graver_anew_is_told_at_once(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(flapping=True)
    await hall.passes(minutes=5)
    await hall.ends(alarm)
    await hall.passes(minutes=5)
    await hall.fires(Severity.GUARD, flapping=True)
    await hall.looks()
    assert "gestiegen auf Schwere 3" in hall.words(FIRE_BRIGADE)[-1]
    assert not any("Entwarnung" in one for one in hall.words(FIRE_BRIGADE))


async def test_a_group_that_cannot_be_told_keeps_nobody_waiting(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    async with hall.county.application.database.write.begin() as session:
        await session.execute(update(AlarmGroup).values(told={"alarms": {"x": "broken"}}))
    await hall.group(COUNTY_DESK)
    await hall.becomes(alarm, Severity.DEFENCE)
    await hall.looks()
    assert len(hall.words(FIRE_BRIGADE)) == 1
    [words] = hall.words(COUNTY_DESK)
    assert "Schwere 4" in words


async def test_who_comes_late_hears_what_fires_and_the_others_nothing_anew(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.fires(Severity.GUARD)
    await hall.passes(minutes=10)
    await hall.county.staff(2001, Role.OPERATOR)
    async with hall.county.application.transaction() as services:
        actor = await services.staff.actor((await services.chats.find(2001)).id)
        chat = await services.chats.meet(COUNTY_DESK, "supergroup", "de")
        assert await services.alarm_subscriptions.subscribe(Caller(actor), chat, Matcher())
    await hall.looks()
    assert len(hall.words(COUNTY_DESK)) == 1
    assert len(hall.words(FIRE_BRIGADE)) == 1
