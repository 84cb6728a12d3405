"""Staff say that a service is online, or no longer; the fact stands on its own."""

import pytest

from services.catalogue.service import UnknownServiceError
from services.golive.model import Batch, Item, News, OnlineFact, State
from services.golive.service import (
    AlreadyOnlineError,
    LinkNotAllowedError,
    NotOnlineError,
    TooLateError,
)
from services.outbox.model import OutboxMessage, Status
from tests.county import County
from tests.golive.town_hall import (
    COUNTY,
    DOG,
    KOETHEN,
    LINK,
    MOVE,
    OTHER_LINK,
    ZERBST,
    actor,
    announces,
    confirms,
    facts,
    proposes,
    rows,
    stops,
    time_is_over,
    waiting_news,
    wishes,
)


async def test_staff_make_a_fact_of_a_service_whose_maturity_nobody_knows(county: County) -> None:
    batch = await proposes(county)
    assert await facts(county) == [], "a preview is no fact"

    await confirms(county, batch)
    [fact] = await rows(county, OnlineFact)
    assert (fact.service_id, fact.area, fact.url) == (DOG, KOETHEN, LINK)
    assert (fact.evidence, fact.batch_id) == ("staff", batch)
    assert fact.online_since == county.clock()
    assert fact.offline_since is None


@pytest.mark.parametrize(
    ("known", "online_in"), [(KOETHEN, {KOETHEN}), (COUNTY, {KOETHEN, ZERBST, COUNTY})]
)
async def test_what_is_online_around_a_place_is_online_there(
    county: County, known: str, online_in: set[str]
) -> None:
    await announces(county, area=known)
    async with county.application.transaction() as house:
        for asked in (KOETHEN, ZERBST, COUNTY):
            fact = await house.golive.online(DOG, asked)
            assert (fact is not None) == (asked in online_in)
            assert await house.golive.online(MOVE, asked) is None


async def test_the_nearest_fact_is_the_one_shown(county: County) -> None:
    await announces(county, url=LINK)
    await announces(county, area=COUNTY, url=OTHER_LINK, service=MOVE)
    async with county.application.transaction() as house:
        house.golive.session.add_all(
            OnlineFact(
                service_id="x",
                area=area,
                url=area,
                evidence="staff",
                online_since=county.clock(),
            )
            for area in (COUNTY, KOETHEN, "15")
        )
        fact = await house.golive.online("x", KOETHEN)
        assert fact is not None
        assert fact.url == KOETHEN


async def test_what_is_online_already_is_not_announced_again(county: County) -> None:
    await announces(county, area=COUNTY)
    with pytest.raises(AlreadyOnlineError) as error:
        await proposes(county, area=ZERBST, url=OTHER_LINK)
    assert error.value.params["url"] == LINK
    assert len(await rows(county, Batch)) == 1


async def test_of_two_clerks_with_the_same_news_only_the_first_tells_people(
    county: County,
) -> None:
    await wishes(county, 1001, DOG)
    first = await proposes(county)
    second = await proposes(county, by=2002)
    await confirms(county, first)
    with pytest.raises(AlreadyOnlineError):
        await confirms(county, second, by=2002)
    assert len(await waiting_news(county)) == 1


async def test_a_batch_is_published_once(county: County) -> None:
    await wishes(county, 1001, DOG)
    batch = await announces(county)
    with pytest.raises(TooLateError):
        await confirms(county, batch)
    assert len(await waiting_news(county)) == 1


async def test_a_dropped_batch_is_never_published(county: County) -> None:
    await wishes(county, 1001, DOG)
    batch = await proposes(county)
    async with county.application.transaction() as house:
        await house.golive.drop(await actor(house, 2001), batch)
    for again in (confirms, stops):
        with pytest.raises(TooLateError):
            await again(county, batch)
    assert await facts(county) == []
    assert await waiting_news(county) == []


async def test_an_unknown_batch_cannot_be_decided(county: County) -> None:
    await proposes(county)
    for batch in (0, -1, 999_999):
        for decision in (confirms, stops):
            with pytest.raises(TooLateError):
                await decision(county, batch)


async def test_nothing_unknown_is_announced(county: County) -> None:
    with pytest.raises(UnknownServiceError):
        await proposes(county, service="gibt-es-nicht")
    for url in (None, "", "https://evil.example/koethen-anhalt.de"):
        with pytest.raises(LinkNotAllowedError):
            await proposes(county, url=url)
    assert await rows(county, Batch) == []


async def test_a_correction_closes_the_fact_and_tells_whoever_waited(county: County) -> None:
    erika = await wishes(county, 1001, DOG)
    await announces(county)
    await time_is_over(county)
    county.clock.forward(hours=1)

    await announces(county, online=False)
    assert await facts(county) == []
    [fact] = await rows(county, OnlineFact)
    assert fact.offline_since == county.clock()
    await time_is_over(county)
    assert len(erika.heard) == 2
    assert erika.heard[-1].startswith("<b>Korrektur: zurzeit nicht online</b>")
    assert "Hund anmelden" in erika.heard[-1]
    assert "Köthen (Anhalt)" in erika.heard[-1]
    assert LINK not in erika.heard[-1]


async def test_online_again_after_a_correction_is_news_and_a_fact_of_its_own(
    county: County,
) -> None:
    erika = await wishes(county, 1001, DOG)
    for online in (True, False, True):
        await announces(county, online=online)
        await time_is_over(county)
    assert [heard.split("\n")[0] for heard in erika.heard] == [
        "<b>Neu online</b>",
        "<b>Korrektur: zurzeit nicht online</b>",
        "<b>Neu online</b>",
    ]
    assert [fact.offline_since is None for fact in await rows(county, OnlineFact)] == [False, True]


async def test_only_what_is_online_can_go_offline(county: County) -> None:
    with pytest.raises(NotOnlineError):
        await proposes(county, url=None, online=False)
    await announces(county)
    with pytest.raises(NotOnlineError):
        await proposes(county, area=ZERBST, url=None, online=False)


async def test_offline_in_the_county_means_offline_in_its_towns(county: County) -> None:
    await announces(county)
    await announces(county, area=ZERBST)
    await announces(county, area=COUNTY, online=False)
    assert await facts(county) == []


async def test_the_whole_county_takes_the_place_of_its_towns(county: County) -> None:
    await announces(county)
    await announces(county, area=COUNTY, url=OTHER_LINK)
    assert await facts(county) == [(DOG, COUNTY, "staff")]


async def test_a_stop_takes_back_messages_facts_and_news(county: County) -> None:
    erika = await wishes(county, 1001, DOG)
    await wishes(county, 1002, DOG, weekly=True)
    batch = await announces(county)
    assert len(await rows(county, News)) == 2

    assert await stops(county, batch) == 1, "the weekly one has no message yet"
    assert await rows(county, OnlineFact) == []
    assert await rows(county, News) == []
    assert await waiting_news(county) == []
    await time_is_over(county)
    assert erika.heard == []
    [stopped] = await rows(county, Batch)
    assert stopped.state == State.STOPPED

    await announces(county)
    await time_is_over(county)
    assert len(erika.heard) == 1, "what was stopped can be announced anew"


async def test_a_stop_reaches_its_own_batch_only(county: County) -> None:
    erika = await wishes(county, 1001)
    for _ in range(9):
        await proposes(county, service=MOVE)
    first = await announces(county, service=MOVE)
    second = await announces(county)
    assert (first, second) == (10, 11)
    async with county.application.transaction() as house:
        chat = await house.chats.meet(1001, "private", "de")
        await house.outbox.tell(chat.id, "golive.news", dedup_key="golive:batch:1:1", bundle="x")

    await stops(county, first)
    assert await facts(county) == [(DOG, KOETHEN, "staff")]
    await time_is_over(county)
    [heard] = erika.heard
    assert "Hund anmelden" in heard
    left = {row.dedup_key: row.status for row in await rows(county, OutboxMessage)}
    assert left["golive:batch:1:1"] != Status.CANCELLED


@pytest.mark.parametrize(("seconds", "in_time"), [(0, True), (119, True), (120, False)])
async def test_there_are_two_minutes_to_stop(
    county: County, seconds: int, *, in_time: bool
) -> None:
    await wishes(county, 1001, DOG)
    batch = await announces(county)
    county.clock.forward(seconds=seconds)
    if in_time:
        assert await stops(county, batch) == 1
    else:
        with pytest.raises(TooLateError):
            await stops(county, batch)
        assert await facts(county) == [(DOG, KOETHEN, "staff")]


async def test_a_batch_is_stopped_once(county: County) -> None:
    batch = await announces(county)
    await stops(county, batch)
    for again in (stops, confirms):
        with pytest.raises(TooLateError):
            await again(county, batch)


async def test_news_of_the_night_can_be_stopped_until_the_morning(county: County) -> None:
    erika = await wishes(county, 1001, DOG)
    county.clock.forward(hours=9)  # nine in the evening
    batch = await announces(county)
    county.clock.forward(hours=10, minutes=59)
    await county.settle()
    assert erika.heard == []
    assert await stops(county, batch) == 1


async def test_a_stopped_correction_leaves_the_service_online(county: County) -> None:
    await announces(county, url=LINK)
    await time_is_over(county)
    [before] = await rows(county, OnlineFact)
    correction = await announces(county, area=COUNTY, online=False)
    await stops(county, correction)
    [after] = await rows(county, OnlineFact)
    assert after.offline_since is None
    assert (after.id, after.url, after.online_since) == (before.id, LINK, before.online_since)


async def test_a_stopped_county_gives_its_towns_back(county: County) -> None:
    await announces(county)
    await time_is_over(county)
    whole = await announces(county, area=COUNTY, url=OTHER_LINK)
    await stops(county, whole)
    assert await facts(county) == [(DOG, KOETHEN, "staff")]


@pytest.mark.parametrize("first_first", [False, True])
async def test_batches_stopped_in_any_order_leave_what_was_before(
    county: County, *, first_first: bool
) -> None:
    first = await announces(county)
    correction = await announces(county, online=False)
    for batch in (first, correction) if first_first else (correction, first):
        await stops(county, batch)
    assert await rows(county, OnlineFact) == []


async def test_a_stopped_correction_does_not_touch_what_came_online_since(
    county: County,
) -> None:
    await announces(county, url=LINK)
    correction = await announces(county, online=False)
    await announces(county, url=OTHER_LINK)
    await stops(county, correction)
    [now] = [fact for fact in await rows(county, OnlineFact) if fact.offline_since is None]
    assert now.url == OTHER_LINK


async def test_what_is_not_committed_did_not_happen(county: County) -> None:
    await wishes(county, 1001, DOG)
    batch = await proposes(county)

    async def confirms_and_fails() -> None:
        async with county.application.transaction() as house:
            await house.golive.confirm(await actor(house, 2001), batch)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await confirms_and_fails()
    for table in (OnlineFact, News):
        assert await rows(county, table) == []
    assert await waiting_news(county) == []
    await confirms(county, batch)
    assert len(await waiting_news(county)) == 1


async def test_an_old_preview_counts_its_recipients_again(county: County) -> None:
    batch = await proposes(county)
    [before] = await rows(county, Batch)
    assert before.recipients == 0
    await wishes(county, 1001, DOG)
    assert (await confirms(county, batch)).recipients == 1


async def test_every_item_keeps_what_it_is_about(county: County) -> None:
    batch = await announces(county)
    [item] = await rows(county, Item)
    assert (item.batch_id, item.service_id, item.area, item.url) == (batch, DOG, KOETHEN, LINK)
    assert (item.online, item.evidence) == (True, "staff")
