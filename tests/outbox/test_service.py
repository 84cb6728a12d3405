"""What is queued, taken back, claimed by one only, and forgotten in time."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import literal, select

from bot.application import Application
from services.chats.model import Chat
from services.outbox.model import Lane, Status
from services.outbox.rules import GIVE_UP
from services.outbox.service import DEAD_LETTER_RETENTION, RETENTION, Reply
from services.staff.rules import Actor, Grant, Role
from tests.conftest import FRIDAY_NOON
from tests.county import TestClock
from tests.rigging import rows_of

HELLO = Reply("SendMessage", {"text": "Hallo"})
LEASE = timedelta(seconds=15)


async def a_chat(application: Application, telegram_id: int = 7) -> int:
    async with application.transaction() as services:
        return (await services.chats.meet(telegram_id, "private", "de")).id


async def queue(application: Application, chat: int, *replies: Reply) -> None:
    async with application.transaction() as services:
        await services.outbox.reply(chat, replies)


async def outbox(application: Application) -> list[dict[str, Any]]:
    return await rows_of(application, "outbox")


async def statuses(application: Application) -> list[str]:
    return [row["status"] for row in await outbox(application)]


async def test_replies_keep_their_order(application: Application) -> None:
    chat = await a_chat(application)
    await queue(application, chat, *(Reply("SendMessage", {"text": str(n)}) for n in range(5)))
    await queue(application, chat)
    assert [row["payload"]["text"] for row in await outbox(application)] == list("01234")


async def test_the_same_news_are_queued_once(application: Application) -> None:
    chat = await a_chat(application)
    for expected in (True, False):
        async with application.transaction() as services:
            told = await services.outbox.tell(chat, "staff.menu", dedup_key="k", count=3)
            assert told is expected
    [row] = await outbox(application)
    assert (row["text_key"], row["params"], row["lane"]) == (
        "staff.menu",
        {"count": 3},
        Lane.NOTICE,
    )


async def test_replies_are_never_taken_for_repeats(application: Application) -> None:
    chat = await a_chat(application)
    await queue(application, chat, HELLO, HELLO)
    assert len(await outbox(application)) == 2


async def test_the_same_news_for_everybody_once_each(application: Application) -> None:
    for person in range(3):
        await a_chat(application, person)
    everybody = select(Chat.id, literal("news:") + Chat.id.cast(Chat.language.type))
    for _ in range(2):
        async with application.transaction() as services:
            await services.outbox.tell_each(
                everybody, "staff.menu", not_before=services.outbox.clock(), bundle="b"
            )
    rows = await outbox(application)
    assert len({row["chat_id"] for row in rows}) == len(rows) == 3
    assert {row["params"]["bundle"] for row in rows} == {"b"}
    assert {row["status"] for row in rows} == {Status.QUEUED}


async def test_a_cause_is_taken_back_with_all_its_messages_and_no_others(
    application: Application,
) -> None:
    chat = await a_chat(application)
    keys = ["golive:batch:1:5", "golive:batch:1:é", "golive:batch:10:5", "golive:batch:2:5", "x"]
    async with application.transaction() as services:
        for key in keys:
            await services.outbox.tell(chat, "staff.menu", dedup_key=key)
    async with application.transaction() as services:
        assert await services.outbox.cancel("golive:batch:1:") == 2
        assert await services.outbox.cancel("golive:batch:1:") == 0
        assert await services.outbox.cancel("nobody:%_") == 0
    assert await statuses(application) == ["cancelled", "cancelled", "queued", "queued", "queued"]


async def test_what_is_being_sent_cannot_be_taken_back(application: Application) -> None:
    chat = await a_chat(application)
    async with application.transaction() as services:
        await services.outbox.tell(chat, "staff.menu", dedup_key="a:1")
    [row] = await outbox(application)
    async with application.transaction() as services:
        assert await services.sending.claim([row["id"]], LEASE) == {row["id"]}
        assert await services.outbox.cancel("a:") == 0
        await services.outbox.cancel_for_chat(7)
    assert await statuses(application) == ["sending"]


async def test_a_message_is_claimed_by_one_only(application: Application) -> None:
    chat = await a_chat(application)
    await queue(application, chat, HELLO, HELLO)
    ids = [row["id"] for row in await outbox(application)]

    async def claim() -> set[int]:
        async with application.transaction() as services:
            return await services.sending.claim([*ids, 999_999], LEASE)

    first, second = await asyncio.gather(claim(), claim())
    assert sorted([*first, *second]) == ids


async def test_due_is_what_may_leave_now_the_most_urgent_lane_first(
    application: Application, clock: TestClock
) -> None:
    chat, other = await a_chat(application), await a_chat(application, 8)
    soon = clock() + timedelta(minutes=1)
    async with application.transaction() as services:
        for number, lane in enumerate([Lane.BROADCAST, Lane.NOTICE, Lane.ALARM]):
            await services.outbox.tell(chat, "staff.menu", dedup_key=f"{number}", lane=lane)
        await services.outbox.tell(other, "staff.menu", dedup_key="later", not_before=soon)
    await queue(application, other, HELLO)
    assert await due_lanes(application) == [0, 1, 2, 3]
    assert await due_lanes(application, held=[other]) == [1, 2, 3]
    clock.now = soon
    assert await due_lanes(application) == [0, 1, 2, 2, 3]


async def due_lanes(application: Application, held: list[int] | None = None) -> list[int]:
    async with application.work.reading() as services:
        return [row.lane for row in await services.sending.due(held or [])]


async def test_much_for_one_chat_hides_nobody_when_that_chat_is_held_back(
    application: Application,
) -> None:
    busy, other = await a_chat(application), await a_chat(application, 8)
    await queue(application, busy, *[HELLO] * 60)
    await queue(application, other, HELLO)
    async with application.work.reading() as services:
        assert {row.chat_id for row in await services.sending.due([busy])} == {other}


async def test_an_attempt_that_failed_waits_and_is_given_up_after_a_day(
    application: Application, clock: TestClock
) -> None:
    chat = await a_chat(application)
    await queue(application, chat, HELLO)
    started = clock()
    for wait, expected in ((1, "queued"), (2, "queued")):
        row = await claimed(application)
        async with application.transaction() as services:
            await services.sending.retry(row, "x" * 500)
        [stored] = await outbox(application)
        assert (stored["status"], stored["first_due_at"]) == (expected, started)
        assert stored["not_before"] == clock() + timedelta(seconds=wait)
        clock.now = stored["not_before"]
    assert len(stored["error"]) == 200
    clock.now = started + GIVE_UP
    row = await claimed(application)
    async with application.transaction() as services:
        await services.sending.retry(row, "Bad Gateway")
    [stored] = await outbox(application)
    assert (stored["status"], stored["error"]) == ("failed", "Bad Gateway")
    assert stored["payload"] is not None, "it may be sent again by hand"


async def claimed(application: Application) -> Any:
    """Return the one message that is due, marked as being sent."""
    async with application.transaction() as services:
        [row] = await services.sending.due([])
        assert await services.sending.claim([row.id], LEASE) == {row.id}
        return row


async def test_what_was_no_attempt_keeps_its_place(
    application: Application, clock: TestClock
) -> None:
    chat = await a_chat(application)
    await queue(application, chat, HELLO)
    due_at = clock()
    clock.forward(minutes=5)
    row = await claimed(application)
    async with application.transaction() as services:
        await services.sending.put_back(row, "Too Many Requests")
    [stored] = await outbox(application)
    assert (stored["status"], stored["attempts"]) == ("queued", 0)
    assert stored["not_before"] == due_at


async def test_finished_messages_are_forgotten_in_time_open_ones_never(
    application: Application, clock: TestClock
) -> None:
    chat = await a_chat(application)
    await queue(application, chat, *[HELLO] * 6)
    first, second, third, fourth, fifth, _ = [row["id"] for row in await outbox(application)]
    async with application.transaction() as services:
        await services.sending.claim([first, second, third, fourth], LEASE)
        await services.sending.sent(first, 11)
        await services.sending.failed(second, "no")
        await services.deliveries.doubt([third], "no")
        await services.deliveries.discard(await operator(services), [second])
    async with application.transaction() as services:
        await services.sending.claim([third], LEASE)
        await services.deliveries.doubt([third], "no")
        await services.sending.failed(fourth, "no")
        await services.sending.claim([fifth], LEASE)
    assert await statuses(application) == [
        "sent",
        "cancelled",
        "unknown",
        "failed",
        "sending",
        "queued",
    ]
    for age, gone in ((DEAD_LETTER_RETENTION, 2), (RETENTION, 2)):
        clock.now = FRIDAY_NOON + age
        async with application.transaction() as services:
            assert await services.outbox.forget_old() == 0
        clock.forward(seconds=1)
        async with application.transaction() as services:
            assert await services.outbox.forget_old() == gone
    assert await statuses(application) == ["sending", "queued"]


async def operator(services: Any) -> Actor:
    return Actor(1, (Grant(Role.OPERATOR, "15082", FRIDAY_NOON),))


async def test_what_was_said_is_not_kept_after_it_arrived(application: Application) -> None:
    chat = await a_chat(application)
    await queue(application, chat, HELLO)
    [row] = await outbox(application)
    async with application.transaction() as services:
        await services.sending.claim([row["id"]], LEASE)
        await services.sending.sent(row["id"], 4711)
    [row] = await outbox(application)
    assert row["payload"] is None
    assert (row["status"], row["telegram_message_id"]) == ("sent", 4711)
    assert row["sent_at"] is not None


async def test_something_is_open_while_it_waits_or_is_being_sent(
    application: Application,
) -> None:
    chat = await a_chat(application)

    async def is_open() -> bool:
        async with application.work.reading() as services:
            return await services.outbox.has_open(chat)

    assert not await is_open()
    await queue(application, chat, HELLO)
    assert await is_open()
    [row] = await outbox(application)
    async with application.transaction() as services:
        await services.sending.claim([row["id"]], LEASE)
    assert await is_open()
    async with application.transaction() as services:
        await services.sending.failed(row["id"], "no answer")
    assert not await is_open()
