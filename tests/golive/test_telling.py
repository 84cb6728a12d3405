"""Who is told what, when, how often and why."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.wiring import wire
from services.catalogue.rules import Change, Evidence
from services.catalogue.service import ImportReport
from services.chats.model import News as NewsMode
from services.chats.model import State as ChatState
from services.golive.model import News
from services.outbox.model import OutboxMessage
from services.subscriptions.model import EVERYTHING, Subscription
from tests.county import County, Person
from tests.golive.town_hall import (
    BUILD,
    COUNTY,
    DOG,
    KOETHEN,
    LINK,
    MOVE,
    STATE,
    SUEDLICHES_ANHALT,
    ZERBST,
    Feed,
    announces,
    confirms,
    online,
    proposes,
    rows,
    time_is_over,
    waiting_news,
    wishes,
)

WHY = "Warum bekomme ich das?"
OFF = "Nicht mehr melden"
KOETHEN_RESIDENT, ZERBST_RESIDENT, COUNTY_WIDE = 1001, 1002, 1003


async def becomes_weekly(county: County, person: int, *, weekly: bool = True) -> None:
    async with county.application.transaction() as house:
        chat = await house.chats.meet(person, "private", "de")
        await house.chats.want_news(chat, NewsMode.WEEKLY if weekly else NewsMode.IMMEDIATE)


PLACES = [
    (KOETHEN, {KOETHEN_RESIDENT, COUNTY_WIDE}),
    (ZERBST, {ZERBST_RESIDENT, COUNTY_WIDE}),
    (SUEDLICHES_ANHALT, {COUNTY_WIDE}),
    (COUNTY, {KOETHEN_RESIDENT, ZERBST_RESIDENT, COUNTY_WIDE}),
]


@pytest.mark.parametrize("wish", [DOG, EVERYTHING])
async def test_everybody_hears_of_their_own_place(county: County, wish: str) -> None:
    await wishes(county, KOETHEN_RESIDENT, wish, town=KOETHEN)
    await wishes(county, ZERBST_RESIDENT, wish, town=ZERBST)
    await wishes(county, COUNTY_WIDE, wish, town=None)
    await wishes(county, 1004, MOVE, town=None)
    for area, told in PLACES:
        before = len(county.telegram.said)
        batch = await announces(county, area=area)
        async with county.application.transaction() as house:
            assert (await house.golive.batch(batch)).recipients == len(told)
        await time_is_over(county)
        heard = [one.chat_id for one in county.telegram.said[before:]]
        assert sorted(heard) == sorted(told), area


async def test_news_of_the_whole_state_reach_all(feed: Feed, county: County) -> None:
    people = [await wishes(county, 1001), await wishes(county, 1002, town=None)]
    await feed.delivers(alpha=[])
    await feed.delivers(alpha=[online(STATE)])
    await time_is_over(county)
    assert [len(person.heard) for person in people] == [1, 1]


async def test_overlapping_wishes_are_one_message_with_the_service_named_once(
    county: County,
) -> None:
    erika = await wishes(county, 1001, DOG, EVERYTHING, MOVE, town=KOETHEN)
    await wishes(county, 1001, DOG, EVERYTHING, town=None)
    await announces(county)
    await time_is_over(county)
    [heard] = erika.heard
    assert heard.count("Hund anmelden") == 1
    assert "„Hund anmelden“" in await erika.taps(WHY), "the wish for the service itself counts"
    assert "„Alles Neue“" not in erika.heard[-1]


async def test_two_batches_are_two_messages(county: County) -> None:
    erika = await wishes(county, 1001)
    await announces(county)
    await announces(county, service=MOVE)
    await time_is_over(county)
    assert ["Hund" in one for one in erika.heard] == [True, False]
    assert ["Wohnsitz" in one for one in erika.heard] == [False, True]


WISHES = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([EVERYTHING, DOG, MOVE, "0-first", "zebra"]),
        st.sampled_from([COUNTY, KOETHEN, ZERBST]),
    ),
    unique=True,
    max_size=12,
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from([DOG, MOVE, "0-first", "zebra"]),
        st.sampled_from(["", STATE, COUNTY, KOETHEN, ZERBST]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda change: change[:2],
)
MODES = st.lists(st.sampled_from(NewsMode), min_size=4, max_size=4)
STATES = st.lists(
    st.sampled_from([ChatState.ACTIVE, ChatState.ACTIVE, ChatState.BLOCKED, ChatState.ERASING]),
    min_size=4,
    max_size=4,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wanted=WISHES, changes=CHANGES, modes=MODES, states=STATES)
async def test_each_person_hears_exactly_what_they_want_exactly_once(
    county: County, wanted: Any, changes: Any, modes: Any, states: Any
) -> None:
    async with county.application.database.write() as session:
        house = wire(session, county.application.work.house)
        people = {}
        for number in range(4):
            chat = await house.chats.meet(7000 + number, "private", "de")
            chat.news, chat.state = modes[number], states[number]
            people[chat.id] = number
        await session.flush()
        chats = {number: chat_id for chat_id, number in people.items()}
        session.add_all(
            Subscription(
                chat_id=chats[number], service_id=service, area=area, created_at=county.clock()
            )
            for number, service, area in wanted
        )
        batch = await house.golive._add(  # noqa: SLF001 - whatever a batch may hold
            [Change(service, area, is_on, Evidence.STAFF) for service, area, is_on in changes],
            "ready",
            None,
        )
        await house.golive._schedule(None, batch, ["ready"])  # noqa: SLF001
        items = {item.id: item for item in await house.golive.items(batch.id)}
        told = [
            (
                people[row.chat_id],
                items[row.item_id].service_id,
                items[row.item_id].area,
                row.because,
                row.bundle,
            )
            for row in await session.scalars(select(News))
        ]
        sent = sorted(
            people[row.chat_id]
            for row in await session.scalars(select(OutboxMessage))
            if row.text_key == "golive.news"
        )
        await session.rollback()

    expected = [
        (number, service, area, because, bundle)
        for number in range(4)
        for service, area, _ in changes
        if states[number] == ChatState.ACTIVE
        for because in [_reason(number, service, area, wanted)]
        if because
        for bundle in [f"batch:{batch.id}" if modes[number] == NewsMode.IMMEDIATE else None]
    ]
    assert sorted(map(repr, told)) == sorted(map(repr, expected))
    assert sent == sorted({one[0] for one in expected if one[-1]})
    assert batch.recipients == len({one[0] for one in expected})


def _reason(number: int, service: str, area: str, wanted: Any) -> str | None:
    matching = {
        wish
        for who, wish, place in wanted
        if who == number
        and wish in {service, EVERYTHING}
        and (area.startswith(place) or place.startswith(area))
    }
    return service if service in matching else EVERYTHING if matching else None


async def test_nobody_is_told_at_night(county: County) -> None:
    erika = await wishes(county, 1001, DOG)
    county.clock.forward(hours=7, minutes=59)  # one minute to eight in the evening
    await announces(county)
    for _ in range(11):
        county.clock.forward(hours=1)
        await county.settle()
    assert erika.heard == []
    county.clock.forward(hours=1, minutes=1)
    await county.settle()
    assert len(erika.heard) == 1


async def test_a_message_says_why_it_came_and_can_be_ended(county: County) -> None:
    erika = await wishes(county, 1001, DOG, MOVE)
    await announces(county)
    await time_is_over(county)
    assert {WHY, OFF} <= set(erika.buttons)
    assert "auf „Bescheid geben“ getippt" in await erika.taps(WHY)
    assert "Abbestellt" in await erika.taps(OFF)
    assert "schon abbestellt" in await erika.taps(OFF)
    [left] = await rows(county, Subscription)
    assert left.service_id == MOVE
    await announces(county, online=False)
    await time_is_over(county)
    assert "Korrektur" not in erika.heard[-1]


async def test_a_message_with_several_causes_can_end_each_of_them(county: County) -> None:
    erika = await wishes(county, 1001, DOG, MOVE, weekly=True)
    await announces(county)
    await announces(county, service=MOVE)
    await time_is_over(county)
    await county.runs("weekly digests")
    [heard] = erika.heard
    assert "Hund anmelden" in heard
    assert "Wohnsitz" in heard
    off = [label for label in erika.buttons if label.startswith(OFF)]
    assert off == [
        "Nicht mehr melden: Hund anmelden",
        "Nicht mehr melden: Wohnsitz an- oder ummelden",
    ]
    why = await erika.taps(WHY)
    assert "„Hund anmelden“" in why
    assert "„Wohnsitz an- oder ummelden“" in why
    await erika.taps(off[0])
    [left] = await rows(county, Subscription)
    assert left.service_id == MOVE


async def test_everything_is_ended_with_one_tap_in_all_places(county: County) -> None:
    erika = await wishes(county, 1001, town=KOETHEN)
    await wishes(county, 1001, town=None)
    await announces(county)
    await time_is_over(county)
    assert "„Alles Neue“" in await erika.taps(WHY)
    await erika.taps("„Alles Neue“ abbestellen")
    assert await rows(county, Subscription) == []


async def test_nobody_learns_what_somebody_else_was_told(county: County) -> None:
    await wishes(county, 1001, DOG)
    await announces(county)
    await time_is_over(county)
    otto = county.citizen(1002)
    for data in ("why:batch=1", "why:batch=999", "why:week=2026-W47", "why:" + "x" * 40):
        assert "nichts mehr gespeichert" in await otto.presses(data)
    assert "schon abbestellt" in await otto.presses(f"off:{DOG}")
    assert len(await rows(county, Subscription)) == 1


async def test_a_link_with_signs_of_its_own_arrives_whole(county: County) -> None:
    erika = await wishes(county, 1001, DOG)
    url = "https://www.koethen-anhalt.de/a?b=1&c='<i>'"
    await announces(county, url=url)
    await time_is_over(county)
    [heard] = erika.heard
    assert "b=1&amp;c=" in heard
    assert "<i>" not in heard
    said = county.telegram.said[-1]
    assert url in said.buttons.values()


async def test_each_person_is_told_in_their_own_language(county: County) -> None:
    await wishes(county, 1001, DOG)
    async with county.application.transaction() as house:
        chat = await house.chats.meet(1001, "private", "de")
        await house.chats.speak(chat, "en")
    await announces(county)
    await time_is_over(county)
    [heard] = county.told(1001)
    assert "Register a dog" in heard
    assert "Hund" not in heard


# -- once a week


async def test_the_weekly_message_gathers_the_week_on_friday(county: County) -> None:
    erika = await wishes(county, 1001, weekly=True)
    otto = await wishes(county, 1002)
    county.clock.forward(days=1)  # Saturday
    await announces(county)
    await time_is_over(county)
    county.clock.forward(days=3)
    await announces(county, service=MOVE)
    await time_is_over(county)
    assert len(otto.heard) == 2
    for _ in range(2):
        await county.runs("weekly digests")
        county.clock.forward(days=1)
    assert erika.heard == []

    county.clock.forward(days=1)  # Friday
    for _ in range(3):
        await county.runs("weekly digests")
        county.clock.forward(minutes=5)
    [heard] = erika.heard
    assert "Hund anmelden" in heard
    assert "Wohnsitz" in heard
    assert WHY in erika.buttons
    county.clock.forward(weeks=1)
    await county.runs("weekly digests")
    assert len(erika.heard) == 1
    assert len(otto.heard) == 2


async def test_what_comes_after_the_friday_message_is_told_a_week_later(county: County) -> None:
    erika = await wishes(county, 1001, weekly=True)
    otto = await wishes(county, 1002, MOVE, weekly=True)
    await announces(county)
    await time_is_over(county)
    await county.runs("weekly digests")
    assert len(erika.heard) == 1

    await announces(county, service=MOVE)
    await time_is_over(county)
    await county.runs("weekly digests")
    assert len(erika.heard) == 1, "once a week"
    assert len(otto.heard) == 1, "whose message has not come yet"

    county.clock.forward(weeks=1)
    await county.runs("weekly digests")
    assert len(erika.heard) == 2
    assert "Wohnsitz" in erika.heard[-1]
    assert "Hund" not in erika.heard[-1]
    assert len(otto.heard) == 1


async def test_the_weekly_message_waits_for_the_time_to_stop(county: County) -> None:
    erika = await wishes(county, 1001, weekly=True)
    await announces(county)
    county.clock.forward(seconds=119)
    await county.runs("weekly digests")
    assert erika.heard == []
    county.clock.forward(seconds=1)
    await county.runs("weekly digests")
    assert len(erika.heard) == 1


async def test_from_weekly_to_immediate_nothing_is_lost_or_doubled(county: County) -> None:
    erika = await wishes(county, 1001, weekly=True)
    county.clock.forward(days=3)
    await announces(county)
    await becomes_weekly(county, 1001, weekly=False)
    await announces(county, service=MOVE)
    await time_is_over(county)
    assert ["Wohnsitz" in one for one in erika.heard] == [True]
    county.clock.forward(days=4)
    for _ in range(2):
        await county.runs("weekly digests")
    assert ["Hund" in one for one in erika.heard] == [False, True]
    assert "Wohnsitz" not in erika.heard[-1]


async def test_from_immediate_to_weekly_nothing_is_lost_or_doubled(county: County) -> None:
    erika = await wishes(county, 1001)
    county.clock.forward(days=3)
    await announces(county)
    await becomes_weekly(county, 1001)
    await announces(county, service=MOVE)
    await time_is_over(county)
    assert ["Hund" in one for one in erika.heard] == [True]
    county.clock.forward(days=4)
    for _ in range(2):
        await county.runs("weekly digests")
    assert ["Wohnsitz" in one for one in erika.heard] == [False, True]
    assert "Hund" not in erika.heard[-1]


# -- people who cannot or do not want to be reached


async def test_who_blocked_the_bot_is_left_out(county: County) -> None:
    erika, otto = await wishes(county, 1001, DOG), await wishes(county, 1002, DOG)
    await erika.blocks()
    batch = await announces(county)
    async with county.application.transaction() as house:
        assert (await house.golive.batch(batch)).recipients == 1
    assert len(await waiting_news(county)) == 1
    await time_is_over(county)
    assert len(otto.heard) == 1
    await erika.blocks(back=True)
    await time_is_over(county)
    assert erika.heard == []


async def test_who_blocks_the_bot_before_the_message_left_gets_none(county: County) -> None:
    erika = await wishes(county, 1001, DOG)
    await announces(county)
    await erika.blocks()
    await time_is_over(county)
    await erika.blocks(back=True)
    await time_is_over(county)
    assert erika.heard == []


async def test_the_weekly_message_is_not_tried_on_who_blocked_the_bot(county: County) -> None:
    erika = await wishes(county, 1001, DOG, weekly=True)
    await announces(county)
    await erika.blocks()
    await time_is_over(county)
    before = len(county.telegram.log)
    await county.runs("weekly digests")
    assert len(county.telegram.log) == before
    await erika.blocks(back=True)
    county.clock.forward(weeks=1)
    await county.runs("weekly digests")
    assert len(erika.heard) == 1


@pytest.mark.parametrize("weekly", [False, True])
async def test_who_erased_everything_gets_nothing(county: County, *, weekly: bool) -> None:
    before, between, after = [
        await wishes(county, person, weekly=weekly) for person in (1001, 1002, 1003)
    ]

    async def erases(person: Person) -> None:
        async with county.application.transaction() as house:
            chat = await house.chats.find(person.id)
            assert chat is not None
            await house.privacy.erase(chat)

    await erases(before)
    batch = await proposes(county)
    await erases(between)
    await confirms(county, batch)
    assert len(await rows(county, News)) == 1
    await erases(after)
    for table in (News, Subscription):
        assert await rows(county, table) == []
    assert await waiting_news(county) == []
    for _ in range(2):
        await time_is_over(county)
        await county.runs("weekly digests")
        await county.runs("finish erasures")
        county.clock.forward(weeks=1)
    assert before.heard == between.heard == after.heard == []


async def test_an_unknown_change_of_an_import_is_named_by_its_id(county: County) -> None:
    erika = await wishes(county, 1001)
    changes = [Change("service-gone", KOETHEN, True, Evidence.FEED_LINK, LINK)]
    async with county.application.transaction() as house:
        await house.golive.announce_import(ImportReport("testkreis/x", changes=changes))
    await time_is_over(county)
    [heard] = erika.heard
    assert "service-gone" in heard


async def test_a_service_that_is_online_twice_is_told_to_each_place(county: County) -> None:
    erika = await wishes(county, 1001, BUILD, town=None)
    await announces(county, service=BUILD, area=KOETHEN)
    await announces(county, service=BUILD, area=ZERBST)
    await time_is_over(county)
    assert len(erika.heard) == 2
