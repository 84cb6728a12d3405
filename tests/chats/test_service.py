"""Chats are met once, keep language and place, and go on under a new number."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.application import Application
from bot.replies import as_reply
from handlers.messages import say
from services.chats.model import Chat, Kind, News, State
from services.inbox.rules import BIGGEST_ID
from tests.rigging import rows_of

GROUP, SUPERGROUP = -7310099883, -1007310099883


async def meet(
    application: Application, telegram_id: int = 7, language: str | None = "de", **more: Any
) -> Chat:
    async with application.transaction() as services:
        return await services.chats.meet(telegram_id, Kind.PRIVATE, language, **more)


SPOKEN = {
    "de": "de",
    "en": "en",
    "en-GB": "en",
    "EN": "en",
    "de-AT": "de",
    "tr": "tr",
    "uk-UA": "uk",
    "fa": "de",
    "": "de",
    None: "de",
    "enough": "de",
}


async def test_the_first_language_is_telegram_s_where_we_speak_it(
    application: Application,
) -> None:
    for number, (spoken, language) in enumerate(SPOKEN.items()):
        assert (await meet(application, number, spoken)).language == language, spoken


async def test_a_chat_is_met_once_and_keeps_its_choice(application: Application) -> None:
    first = await meet(application, language="de")
    async with application.transaction() as services:
        chat = await services.chats.meet(7, Kind.PRIVATE, "de")
        await services.chats.speak(chat, "en")
        await services.chats.speak(chat, "xx")
        await services.chats.want_news(chat, News.WEEKLY)
    again = await meet(application, language="de")
    assert (again.id, again.language, again.news) == (first.id, "en", "weekly")


async def test_two_who_meet_a_chat_at_once_meet_the_same(application: Application) -> None:
    first, second = await asyncio.gather(meet(application), meet(application))
    assert first.id == second.id


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(numbers=st.lists(st.integers(-BIGGEST_ID, BIGGEST_ID), min_size=1, max_size=4))
async def test_numbers_of_64_bits_are_kept(application: Application, numbers: list[int]) -> None:
    async with application.transaction() as services:
        await services.chats.session.execute(delete(Chat))
    for number in numbers:
        await meet(application, number)
    found = [row["telegram_id"] for row in await rows_of(application, "chat")]
    assert sorted(found) == sorted(set(numbers))


async def test_only_places_of_the_county_are_remembered(application: Application) -> None:
    async with application.transaction() as services:
        chat = await services.chats.meet(7, Kind.PRIVATE, "de")
        place = services.chats.region.municipalities[0].ars
        assert await services.chats.live_in(chat, place)
        for other in ("", "15082", "999999999999", place[:-1]):
            assert not await services.chats.live_in(chat, other)
        assert chat.municipality == place


async def test_only_who_writes_is_reachable_again(application: Application) -> None:
    for state, writes, expected in (
        (State.BLOCKED, True, State.ACTIVE),
        (State.BLOCKED, False, State.BLOCKED),
        (State.ERASING, True, State.ACTIVE),
        (State.ERASING, False, State.ERASING),
        (State.ACTIVE, False, State.ACTIVE),
    ):
        async with application.transaction() as services:
            (await services.chats.meet(7, Kind.PRIVATE, "de")).state = state
        assert (await meet(application, writes=writes)).state == expected


async def test_who_is_being_forgotten_is_neither_paused_nor_resumed(
    application: Application,
) -> None:
    async with application.transaction() as services:
        (await services.chats.meet(7, Kind.PRIVATE, "de")).state = State.ERASING
    for possible in (False, True):
        async with application.transaction() as services:
            await services.chats.can_write(7, possible=possible)
            await services.chats.can_write(8, possible=possible)
    [row] = await rows_of(application, "chat")
    assert row["state"] == State.ERASING


async def test_a_group_goes_on_under_its_new_number(application: Application) -> None:
    chat = await meet(application, GROUP)
    async with application.transaction() as services:
        await services.chats.moved(old=GROUP, new=SUPERGROUP)
        await services.chats.moved(old=GROUP, new=SUPERGROUP)
    [row] = await rows_of(application, "chat")
    assert (row["id"], row["telegram_id"], row["kind"]) == (chat.id, SUPERGROUP, "supergroup")


async def test_the_move_of_a_group_nobody_met_changes_nothing(application: Application) -> None:
    await meet(application, SUPERGROUP)
    before = await rows_of(application, "chat")
    async with application.transaction() as services:
        await services.chats.moved(old=GROUP, new=SUPERGROUP)
        await services.chats.moved(old=-1, new=-2)
    assert await rows_of(application, "chat") == before


async def test_a_group_met_under_both_numbers_becomes_one_with_everything_of_both(
    application: Application,
) -> None:
    async with application.transaction() as services:
        await services.catalogue.take_in(application.settings.region_folder)
    for number, wishes in ((GROUP, ["hund-anmelden", "kfz-abmelden"]), (SUPERGROUP, ["*"])):
        async with application.transaction() as services:
            chat = await services.chats.meet(number, Kind.GROUP, None)
            for wish in ["wohnsitz-anmelden", *wishes]:
                await services.subscriptions.subscribe(chat, wish)
            await services.outbox.reply(chat.id, [as_reply(say(number, str(number)))])
    async with application.transaction() as services:
        await services.chats.moved(old=GROUP, new=SUPERGROUP)
    [row] = await rows_of(application, "chat")
    assert row["telegram_id"] == SUPERGROUP
    wishes = await rows_of(application, "subscription")
    assert sorted(one["service_id"] for one in wishes) == [
        "*",
        "hund-anmelden",
        "kfz-abmelden",
        "wohnsitz-anmelden",
    ]
    assert {one["chat_id"] for one in wishes} == {row["id"]}
    assert [one["chat_id"] for one in await rows_of(application, "outbox")] == [row["id"]] * 2
