"""Wishes without words: what is kept, for which place, and only once."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.wiring import wire
from services.catalogue.service import UnknownServiceError
from services.chats.model import Chat
from services.subscriptions.model import EVERYTHING, Subscription
from services.subscriptions.service import Outcome
from tests.county import County
from tests.golive.town_hall import COUNTY, DOG, KOETHEN, MOVE, ZERBST, rows, wishes

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["subscribe", "remove", "move"]),
        st.sampled_from([EVERYTHING, DOG, MOVE]),
        st.sampled_from([None, KOETHEN, ZERBST]),
    ),
    max_size=12,
)


async def test_a_wish_is_for_the_place_at_the_time_of_the_tap(county: County) -> None:
    await wishes(county, 1001, DOG, town=KOETHEN)
    await wishes(county, 1001, DOG, town=ZERBST)
    await wishes(county, 1001, DOG, town=None)
    assert [one.area for one in await rows(county, Subscription)] == [KOETHEN, ZERBST, COUNTY]


async def test_an_unknown_service_is_refused(county: County) -> None:
    with pytest.raises(UnknownServiceError):
        await wishes(county, 1001, "gibt-es-nicht")
    assert await rows(county, Subscription) == []


async def test_a_name_is_no_id(county: County) -> None:
    with pytest.raises(UnknownServiceError):
        await wishes(county, 1001, "Hund anmelden")


async def test_two_taps_at_once_are_one_wish(county: County) -> None:
    await wishes(county, 1001, MOVE)

    async def taps() -> Outcome:
        async with county.application.transaction() as house:
            chat = await house.chats.find(1001)
            assert chat is not None
            return await house.subscriptions.subscribe(chat, DOG)

    outcomes = await asyncio.gather(*(taps() for _ in range(5)))
    assert sorted(outcomes) == [Outcome.ALREADY] * 4 + [Outcome.CREATED]


async def test_a_wish_is_gone_with_its_chat(county: County) -> None:
    await wishes(county, 1001)
    await wishes(county, 1002)
    async with county.application.transaction() as house:
        chat = await house.chats.find(1001)
        await house.subscriptions.session.delete(chat)
    [left] = await rows(county, Subscription)
    [other] = [one for one in await rows(county, Chat) if one.telegram_id == 1002]
    assert left.chat_id == other.id


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
async def test_the_list_is_what_was_wished_for_and_not_removed(
    county: County, steps: list[tuple[str, str, str | None]]
) -> None:
    async with county.application.database.write() as session:
        house = wire(session, county.application.work.house)
        chat = await house.chats.meet(7001, "private", "de")
        kept: list[tuple[str, str]] = []
        for step, service, town in steps:
            listed = await house.subscriptions.listed(chat)
            if step == "move":
                chat.municipality = town
            elif step == "subscribe":
                wish = (service, chat.municipality or COUNTY)
                outcome = await house.subscriptions.subscribe(chat, service)
                assert (outcome is Outcome.CREATED) == (wish not in kept)
                kept += [wish] if wish not in kept else []
            elif listed:
                assert await house.subscriptions.remove(chat, listed[0].id)
                assert not await house.subscriptions.remove(chat, listed[0].id)
                kept = kept[1:]
            listed = await house.subscriptions.listed(chat)
            assert [(one.service_id, one.area) for one in listed] == kept
        await session.rollback()
