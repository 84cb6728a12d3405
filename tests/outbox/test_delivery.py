"""What leaves: in order, within limits, the urgent first; and what becomes of refusals."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot.limits import Limits
from bot.replies import as_reply
from bot.tasks import Tasks
from handlers.messages import Address, say
from services.outbox.model import Lane
from services.outbox.rules import GIVE_UP
from services.outbox.service import Reply
from tests.county import County
from tests.rigging import eventually, label, outbox, rows_of, slot, words

ERIKA, HANS, GROUP, SUPERGROUP = 7310099881, 7310099882, -7310099883, -1007310099883
CALL = SendMessage(chat_id=ERIKA, text="x")
ASIDE = TelegramServerError(CALL, "Bad Gateway")


@pytest.fixture
def counter(county: County) -> County:
    """The county with Telegram's real limits; their seconds are those of the test's clock."""
    county.delivery.limits = Limits(now=lambda: county.clock().timestamp())
    return county


async def meet(county: County, telegram_id: int) -> int:
    kind = "private" if telegram_id > 0 else "group"
    async with county.application.transaction() as services:
        return (await services.chats.meet(telegram_id, kind, "de")).id


async def queue(county: County, telegram_id: int, *words: str) -> None:
    chat = await meet(county, telegram_id)
    async with county.application.transaction() as services:
        replies = [as_reply(say(telegram_id, one)) for one in words]
        await services.outbox.reply(chat, replies)


async def tell(county: County, telegram_id: int, lane: Lane, key: str = "golive.dropped") -> None:
    chat = await meet(county, telegram_id)
    async with county.application.transaction() as services:
        await services.outbox.tell(chat, key, dedup_key=f"{chat}:{lane}:{key}", lane=lane)


async def state(county: County) -> list[tuple[str, int]]:
    return [(row["status"], row["attempts"]) for row in await outbox(county)]


async def slots(county: County, count: int) -> None:
    for _ in range(count):
        await slot(county)
        county.clock.forward(seconds=0.5)


def heard(county: County) -> list[int]:
    return [said.chat_id for said in county.telegram.said]


async def test_a_chat_hears_in_order_one_message_a_second(counter: County) -> None:
    await queue(counter, ERIKA, "eins", "zwei", "drei")
    for count in (1, 1, 2, 2, 3):
        await slot(counter)
        assert counter.told(ERIKA) == ["eins", "zwei", "drei"][:count]
        counter.clock.forward(seconds=0.5)


async def test_chats_do_not_wait_for_each_other(counter: County) -> None:
    await queue(counter, ERIKA, "eins", "zwei")
    await queue(counter, HANS, "eins")
    await slot(counter)
    assert heard(counter) == [ERIKA, HANS]


async def test_at_each_slot_the_urgent_lane_goes_first(counter: County) -> None:
    for person, lane in enumerate(
        [Lane.BROADCAST, Lane.BROADCAST, Lane.NOTICE, Lane.ALARM, Lane.CONVERSATION], start=1
    ):
        await tell(counter, person, lane)
    bucket = counter.delivery.limits.overall
    bucket.tokens, bucket.at = 1, counter.clock().timestamp()
    for count in range(1, 6):
        await slot(counter)
        assert heard(counter) == [5, 4, 3, 1, 2][:count]
        counter.clock.forward(seconds=0.038)


async def test_an_alarm_overtakes_a_broadcast_that_is_under_way(counter: County) -> None:
    for person in range(100, 120):
        await tell(counter, person, Lane.BROADCAST)
    await slot(counter)
    assert heard(counter) == [100, 101]
    await tell(counter, 1, Lane.ALARM)
    for _ in range(2):
        counter.clock.forward(seconds=0.038)
        await slot(counter)
    assert heard(counter) == [100, 101, 1, 102]


async def test_an_album_waits_for_all_its_pictures_and_nothing_less_urgent_goes_before_it(
    counter: County,
) -> None:
    for person in range(100, 125):
        await queue(counter, person, "Hallo")
    for _ in range(25):
        await slot(counter)
        counter.clock.forward(seconds=0.038)
    assert len(heard(counter)) == 25
    chat = await meet(counter, ERIKA)
    pictures = [{"type": "photo", "media": f"file-{number}"} for number in range(10)]
    async with counter.application.transaction() as services:
        await services.outbox.reply(chat, [Reply("SendMediaGroup", {"media": pictures})])
    await tell(counter, HANS, Lane.NOTICE)
    await slot(counter)
    assert len(counter.telegram.log) == 25, "with ten more there would be more than 30"
    for _ in range(20):
        counter.clock.forward(seconds=0.05)
        await slot(counter)
    assert [type(method).__name__ for method in counter.telegram.log[25:]] == [
        "SendMediaGroup",
        "SendMessage",
    ]


async def test_a_group_hears_no_more_than_twenty_a_minute(counter: County) -> None:
    await queue(counter, GROUP, *map(str, range(30)))
    for step in [0] * 5 + [4] * 14:
        counter.clock.forward(seconds=step)
        await slot(counter)
    assert 15 <= len(counter.told(GROUP)) <= 20
    assert counter.told(GROUP) == [str(number) for number in range(len(counter.told(GROUP)))]


async def test_much_for_one_chat_keeps_nobody_else_waiting(counter: County) -> None:
    await queue(counter, ERIKA, *map(str, range(60)))
    await queue(counter, HANS, "Hallo")
    for _ in range(2):
        await slot(counter)
    assert counter.told(HANS) == ["Hallo"]
    assert counter.told(ERIKA) == ["0"]


async def test_news_wait_for_their_time(counter: County) -> None:
    chat = await meet(counter, ERIKA)
    async with counter.application.transaction() as services:
        at = services.outbox.clock().replace(minute=30)
        await services.outbox.tell(chat, "golive.dropped", dedup_key="a", not_before=at)
    await slot(counter)
    assert counter.told(ERIKA) == []
    counter.clock.now = at
    await slot(counter)
    assert len(counter.told(ERIKA)) == 1


async def test_news_are_put_into_the_words_of_the_moment_they_leave(counter: County) -> None:
    await tell(counter, ERIKA, Lane.NOTICE)
    async with counter.application.transaction() as services:
        chat = await services.chats.find(ERIKA)
        assert chat
        await services.chats.speak(chat, "en")
    await slot(counter)
    assert counter.told(ERIKA) == [words(counter, "golive.dropped", "en")]


async def test_telegram_s_wait_is_obeyed_for_that_chat_while_others_go_on(
    counter: County,
) -> None:
    await queue(counter, ERIKA, "eins", "zwei")
    counter.telegram.refusals[ERIKA] = [TelegramRetryAfter(CALL, "Too Many Requests", 17)]
    await slot(counter)
    await queue(counter, HANS, "Hallo")
    for _ in range(16):
        counter.clock.forward(seconds=1)
        await slot(counter)
    assert heard(counter) == [HANS]
    counter.clock.forward(seconds=1)
    await slot(counter)
    assert counter.told(ERIKA) == ["eins"]
    counter.clock.forward(seconds=1)
    await slot(counter)
    assert counter.told(ERIKA) == ["eins", "zwei"]


async def test_being_asked_to_wait_is_no_failed_attempt(counter: County) -> None:
    await queue(counter, ERIKA, "eins")
    counter.telegram.refusals[ERIKA] = [
        TelegramRetryAfter(CALL, "Too Many Requests", 1) for _ in range(12)
    ]
    for _ in range(13):
        await slot(counter)
        counter.clock.forward(seconds=1)
    assert counter.told(ERIKA) == ["eins"]


async def test_a_server_error_is_waited_out_longer_each_time_and_given_up_after_a_day(
    counter: County,
) -> None:
    await queue(counter, ERIKA, "eins")
    counter.telegram.refusals[ERIKA] = [ASIDE] * 999
    started, pauses = counter.clock(), []
    while (await state(counter))[0][0] == "queued":
        await slot(counter)
        [row] = await outbox(counter)
        pauses.append((row["not_before"] - counter.clock()).total_seconds())
        counter.clock.now = max(row["not_before"], counter.clock() + timedelta(hours=1))
    assert pauses[:10] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert row["status"] == "failed"
    assert counter.clock() - started >= GIVE_UP
    assert row["payload"] == {"text": "eins", "parse_mode": "HTML"} | {
        "link_preview_options": {"is_disabled": True}
    }


async def test_what_waits_for_another_attempt_is_not_overtaken(counter: County) -> None:
    await queue(counter, ERIKA, "eins", "zwei")
    await queue(counter, HANS, "eins")
    counter.telegram.refusals[ERIKA] = [ASIDE, ASIDE, ASIDE]
    for _ in range(12):
        await slot(counter)
        counter.clock.forward(seconds=1)
    assert counter.told(ERIKA) == ["eins", "zwei"]
    assert heard(counter)[0] == HANS


async def test_who_blocked_the_bot_is_left_in_peace(counter: County) -> None:
    await queue(counter, ERIKA, "eins", "zwei")
    await tell(counter, ERIKA, Lane.BROADCAST)
    counter.telegram.blocked.add(ERIKA)
    await slot(counter)
    assert [status for status, _ in await state(counter)] == ["failed", "cancelled", "cancelled"]
    [chat] = await rows_of(counter.application, "chat")
    assert chat["state"] == "blocked"
    assert counter.telegram.said == []


async def test_every_way_of_being_gone_pauses_the_chat(counter: County) -> None:
    ways = [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot was kicked from the supergroup chat",
    ]
    for person, why in enumerate(ways, start=1):
        await queue(counter, person, "eins")
        counter.telegram.refusals[person] = [TelegramForbiddenError(CALL, why)]
    await slots(counter, 3)
    assert [(row["status"], row["error"]) for row in await outbox(counter)] == [
        ("failed", why) for why in ways
    ]
    assert {row["state"] for row in await rows_of(counter.application, "chat")} == {"blocked"}


async def test_a_person_who_comes_back_is_written_to_again(county: County) -> None:
    erika, sabine = county.citizen(ERIKA), await county.staff(2001)
    await erika.says("Ich bin nach Köthen gezogen")
    await erika.taps(label(county, "ask.button-subscribe"))
    await erika.blocks()

    async def goes_online(town: str) -> int:
        before = len(erika.heard)
        url = "https://www.koethen-anhalt.de/ummelden"
        await sabine.says(f"/online 99115005104000 {url} {town}")
        await sabine.taps(label(county, "golive.button-confirm"))
        county.clock.forward(minutes=5)
        await county.settle()
        return len(erika.heard) - before

    assert await goes_online("Köthen") == 0
    await erika.blocks(back=True)
    await sabine.says("/offline 99115005104000 Köthen")
    await sabine.taps(label(county, "golive.button-confirm"))
    county.clock.forward(minutes=5)
    await county.settle()
    assert await goes_online("Köthen") == 1
    assert words(county, "golive.news", news="") in erika.heard[-1]


async def test_a_migrated_group_gets_its_message_under_its_new_number(counter: County) -> None:
    await queue(counter, GROUP, "eins", "zwei")
    counter.telegram.refusals[GROUP] = [
        TelegramMigrateToChat(CALL, "group chat was upgraded", SUPERGROUP)
    ]
    for _ in range(10):
        await slot(counter)
        counter.clock.forward(seconds=1)
    assert counter.told(SUPERGROUP) == ["eins", "zwei"]
    [chat] = await rows_of(counter.application, "chat")
    assert (chat["telegram_id"], chat["kind"]) == (SUPERGROUP, "supergroup")


async def test_a_migrated_group_known_under_both_numbers_becomes_one(counter: County) -> None:
    await queue(counter, GROUP, "eins", "zwei")
    await meet(counter, SUPERGROUP)
    counter.telegram.refusals[GROUP] = [
        TelegramMigrateToChat(CALL, "group chat was upgraded", SUPERGROUP)
    ]
    for _ in range(10):
        await slot(counter)
        counter.clock.forward(seconds=1)
    assert counter.told(SUPERGROUP) == ["eins", "zwei"]
    [chat] = await rows_of(counter.application, "chat")
    assert chat["telegram_id"] == SUPERGROUP


async def test_a_message_that_is_already_so_counts_as_sent(counter: County) -> None:
    await queue(counter, ERIKA, "eins")
    counter.telegram.refusals[ERIKA] = [
        TelegramBadRequest(CALL, "Bad Request: message is not modified: specified new content …")
    ]
    with capture_logs() as logs:
        await slot(counter)
    assert await state(counter) == [("sent", 1)]
    assert logs == []


async def test_a_refused_message_is_given_up_and_the_next_one_leaves(counter: County) -> None:
    errors = [
        TelegramBadRequest(CALL, "Bad Request: chat not found"),
        TelegramBadRequest(CALL, "Bad Request: message text is empty"),
        TelegramNotFound(CALL, "Not Found: method not found"),
        TelegramAPIError(CALL, "I am a teapot"),
    ]
    for person, error in enumerate(errors, start=1):
        await queue(counter, person, "eins", "zwei")
        counter.telegram.refusals[person] = [error]
    await slots(counter, 8)
    assert sorted((said.chat_id, said.text) for said in counter.telegram.said) == [
        (person, "zwei") for person in range(1, 5)
    ]
    assert await state(counter) == [("failed", 1), ("sent", 1)] * 4


async def test_a_refused_token_loses_no_message(counter: County) -> None:
    await queue(counter, ERIKA, "eins", "zwei")
    counter.telegram.refusals[ERIKA] = [
        TelegramUnauthorizedError(CALL, "Unauthorized") for _ in range(10)
    ]
    with capture_logs() as logs:
        for _ in range(16):
            await slot(counter)
            counter.clock.forward(minutes=1)
    assert counter.told(ERIKA) == ["eins", "zwei"]
    assert logs[0]["event"] == "token refused"


async def test_closing_down_waits_for_what_is_being_sent_and_starts_nothing_more(
    county: County,
) -> None:
    go_on, there = asyncio.Event(), asyncio.Event()

    async def slow(services: Any, address: Address, text: Any, params: Any) -> SendMessage:
        there.set()
        await go_on.wait()
        return say(address.telegram_id, "eins")

    county.delivery.renderers = {"golive.dropped": slow}
    await tell(county, ERIKA, Lane.NOTICE)
    async with Tasks() as tasks:
        tasks.start(county.delivery.run(), "delivery")
        await there.wait()
        closing = asyncio.ensure_future(county.delivery.finish())
        await asyncio.sleep(0.01)
        await queue(county, HANS, "zwei")
        await asyncio.sleep(0.05)
        assert not closing.done()
        go_on.set()
        await asyncio.wait_for(closing, 5)
    assert heard(county) == [ERIKA]
    assert [status for status, _ in await state(county)] == ["sent", "queued"]


async def exported(county: County) -> str:
    async with county.application.work.reading() as services:
        chat = await services.chats.find(ERIKA)
        assert chat
        return (await services.privacy.export(chat)).decode()


@pytest.mark.parametrize("key", ["golive.link-failed", "staff.invited"])
async def test_a_message_that_cannot_be_rendered_harms_nobody(counter: County, key: str) -> None:
    await tell(counter, ERIKA, Lane.NOTICE, key)
    await queue(counter, HANS, "Hallo")
    with capture_logs() as logs:
        await slot(counter)
    await tell(counter, ERIKA, Lane.NOTICE)
    counter.clock.forward(seconds=1)
    await slot(counter)
    assert heard(counter) == [HANS, ERIKA]
    assert sorted(status for status, _ in await state(counter)) == ["failed", "sent", "sent"]
    assert [entry["event"] for entry in logs] == ["message not rendered"]


async def test_news_that_have_nothing_to_say_any_more_are_not_sent(counter: County) -> None:
    async def nothing(services: Any, address: Address, text: Any, params: Any) -> None:
        assert (address.telegram_id, address.language) == (ERIKA, "de")

    counter.delivery.renderers = {"golive.dropped": nothing}
    await tell(counter, ERIKA, Lane.NOTICE)
    await slot(counter)
    [row] = await outbox(counter)
    assert (row["status"], row["error"]) == ("failed", "nothing to say any more")
    assert counter.telegram.log == []


async def test_what_was_said_is_removed_after_sending(counter: County) -> None:
    await queue(counter, ERIKA, "Vertraulich")
    await slot(counter)
    [row] = await outbox(counter)
    assert row["payload"] is None
    assert row["sent_at"] == counter.clock()
    assert row["telegram_message_id"] == counter.telegram.said[0].message_id


async def test_two_deliveries_send_a_message_once(county: County) -> None:
    await queue(county, ERIKA, "eins")
    await asyncio.gather(*(county.delivery.send_due() for _ in range(3)))
    await slot(county)
    assert county.told(ERIKA) == ["eins"]


async def test_delivery_survives_a_database_that_is_away_for_a_while(county: County) -> None:
    async def rename(old: str, new: str) -> None:
        async with county.application.database.engine.begin() as connection:
            await connection.execute(sql(f"ALTER TABLE {old} RENAME TO {new}"))

    await queue(county, ERIKA, "eins")
    await rename("outbox", "away")
    with capture_logs() as logs:
        async with Tasks() as tasks:
            tasks.start(county.delivery.run(), "delivery")
            try:

                async def noticed() -> bool:
                    return bool(logs)

                await eventually(noticed)
            finally:
                await rename("away", "outbox")
            county.application.work.outbox_bell.set()

            async def left() -> bool:
                return county.told(ERIKA) == ["eins"]

            await eventually(left)
    assert logs[0]["event"] == "outbox not worked off"
