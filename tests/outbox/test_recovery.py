"""Outages, floods and restarts: nothing fails, nobody is overrun, the urgent goes first."""

import itertools

import pytest
from aiogram.exceptions import TelegramRetryAfter, TelegramServerError
from structlog.testing import capture_logs

from bot.limits import Limits
from services.outbox.model import Lane
from tests.county import County
from tests.outbox.post_office import (
    CALL,
    ERIKA,
    HANS,
    no_connection,
    passes,
    queue,
    statuses,
    successor,
    tell,
)
from tests.rigging import outbox, rows_of, slot


@pytest.fixture
def counter(county: County) -> County:
    """The county with Telegram's real limits; their seconds are those of the test's clock."""
    county.delivery.limits = Limits(now=lambda: county.clock().timestamp())
    return county


def flood(seconds: int) -> TelegramRetryAfter:
    return TelegramRetryAfter(CALL, "Too Many Requests", seconds)


def heard(county: County) -> list[int]:
    return [said.chat_id for said in county.telegram.said]


async def test_an_outage_of_an_hour_fails_nothing_and_is_tried_seldom(counter: County) -> None:
    for person in range(1, 4):
        await queue(counter, person, "eins", "zwei")
        counter.telegram.refusals[person] = [no_connection() for _ in range(1000)]
    with capture_logs():
        await passes(counter, 3600, step=10)
    assert {(row["status"], row["attempts"]) for row in await outbox(counter)} == {("queued", 0)}
    assert len(counter.telegram.log) < 300
    counter.telegram.refusals.clear()
    await passes(counter, 35, step=1)
    assert [counter.told(person) for person in range(1, 4)] == [["eins", "zwei"]] * 3


async def test_after_a_day_without_a_connection_a_message_is_given_up(counter: County) -> None:
    await queue(counter, ERIKA, "eins")
    counter.telegram.refusals[ERIKA] = [no_connection()]
    counter.clock.forward(hours=24)
    with capture_logs():
        await slot(counter)
    [row] = await outbox(counter)
    assert (row["status"], row["error"]) == ("failed", "ClientConnectorError")


async def test_whoever_is_asked_to_wait_is_never_given_up(counter: County) -> None:
    await queue(counter, ERIKA, "eins")
    counter.telegram.refusals[ERIKA] = [flood(5)]
    counter.clock.forward(hours=48)
    await passes(counter, 6)
    assert counter.told(ERIKA) == ["eins"]


async def test_what_is_tried_again_holds_back_its_lane_and_no_other(counter: County) -> None:
    await tell(counter, ERIKA, Lane.NOTICE, "first")
    counter.telegram.refusals[ERIKA] = [TelegramServerError(CALL, "Bad Gateway")] * 2
    await slot(counter)
    counter.clock.forward(seconds=1)
    await slot(counter)
    await tell(counter, ERIKA, Lane.NOTICE, "second")
    await queue(counter, ERIKA, "Antwort")
    counter.clock.forward(seconds=1)
    await slot(counter)
    assert counter.told(ERIKA) == ["Antwort"]
    await passes(counter, 4)
    sent = sorted(await outbox(counter), key=lambda row: str(row["sent_at"]))
    assert [row["lane"] for row in sent] == [Lane.CONVERSATION, Lane.NOTICE, Lane.NOTICE]
    assert [row["dedup_key"].rpartition(":")[2] for row in sent[1:]] == ["first", "second"]


async def test_a_flood_in_two_chats_pauses_everybody_and_then_the_alarm_goes_first(
    counter: County,
) -> None:
    for person in range(100, 110):
        await tell(counter, person, Lane.BROADCAST)
    counter.telegram.refusals = {100: [flood(3)], 101: [flood(7)]}
    await slot(counter)
    await tell(counter, 1, Lane.ALARM)
    started = counter.clock()
    while not counter.telegram.said:
        counter.clock.forward(seconds=0.1)
        await slot(counter)
    assert (counter.clock() - started).total_seconds() == pytest.approx(7, abs=0.15)
    await passes(counter, 5, step=0.1)
    assert heard(counter)[0] == 1
    assert sorted(heard(counter)[1:]) == list(range(100, 110))
    assert {row["attempts"] for row in await outbox(counter)} == {1}, "429 is no attempt"


async def test_a_restart_changes_nothing_about_the_limits(counter: County) -> None:
    for person in range(1, 61):
        await queue(counter, person, "eins")
    await queue(counter, -100, *map(str, range(8)))
    sent_at: list[float] = []
    for number in itertools.count():
        before = len(counter.telegram.said)
        await slot(counter)
        sent_at += [counter.clock().timestamp()] * (len(counter.telegram.said) - before)
        if len(sent_at) == 68:
            break
        counter.clock.forward(seconds=0.02)
        if number % 7 == 3 and number < 200:
            await successor(counter).take_up()
        assert number < 3000
    assert max(sum(1 for one in sent_at if t <= one < t + 1) for t in sent_at) <= 30
    group = [t for t, said in zip(sent_at, counter.telegram.said, strict=True) if said.chat_id < 0]
    assert group[5] - group[0] >= 3


async def test_a_pause_of_a_chat_survives_a_restart(counter: County) -> None:
    await queue(counter, ERIKA, "eins")
    counter.telegram.refusals[ERIKA] = [flood(60)]
    await slot(counter)
    counter.clock.forward(seconds=30)
    delivery = successor(counter)
    await delivery.take_up()
    await queue(counter, HANS, "Hallo")
    await passes(counter, 29)
    assert heard(counter) == [HANS]
    await passes(counter, 2)
    assert counter.told(ERIKA) == ["eins"]


async def test_a_pause_of_the_bot_survives_a_restart(counter: County) -> None:
    await queue(counter, ERIKA, "eins")
    await queue(counter, HANS, "eins")
    counter.telegram.refusals = {ERIKA: [flood(60)], HANS: [flood(60)]}
    await slot(counter)
    await successor(counter).take_up()
    await queue(counter, 3, "Hallo")
    await passes(counter, 59)
    assert heard(counter) == []
    await passes(counter, 3)
    assert set(heard(counter)) == {ERIKA, HANS, 3}


async def test_what_no_limit_needs_any_more_is_forgotten(counter: County) -> None:
    await queue(counter, ERIKA, "eins")
    await queue(counter, HANS, "eins")
    counter.telegram.refusals[HANS] = [flood(3600)]
    await slot(counter)
    assert len(await rows_of(counter.application, "chat_rate")) == 2
    counter.clock.forward(minutes=4)
    async with counter.application.transaction() as services:
        await services.sending.forget_full()
    [kept] = await rows_of(counter.application, "chat_rate")
    assert kept["paused_until"] is not None
    assert {row["name"] for row in await rows_of(counter.application, "send_rate")} == {
        "overall",
        "broadcast",
    }


async def test_a_closing_delivery_claims_nothing(counter: County) -> None:
    await queue(counter, ERIKA, "eins")
    await counter.delivery.finish()
    await slot(counter)
    assert await statuses(counter) == ["queued"]
