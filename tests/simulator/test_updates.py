"""getUpdates: offsets, limits, long polls, kinds, lifetimes, conflicts."""

import asyncio

import pytest

from simulator.updates import FIRST_UPDATE_ID
from tests.simulator.telegram import ERIKA, LocalTelegram, Refusal, eventually

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete"
    " the webhook first"
)
OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    " running"
)


async def wait_for_poll(telegram: LocalTelegram) -> None:
    await eventually(lambda: telegram.world.waiting_poll)


async def test_a_person_starts_the_bot(telegram: LocalTelegram) -> None:
    await telegram.says(ERIKA, "/start plakat_7")
    (update,) = await telegram.updates()
    assert update == {
        "update_id": FIRST_UPDATE_ID,
        "message": {
            "message_id": 1,
            "from": {
                "id": ERIKA,
                "is_bot": False,
                "first_name": "Erika",
                "language_code": "de",
            },
            "chat": {"id": ERIKA, "first_name": "Erika", "type": "private"},
            "date": int(telegram.clock.now()),
            "text": "/start plakat_7",
            "entities": [{"offset": 0, "length": 6, "type": "bot_command"}],
        },
    }


async def test_offsets(telegram: LocalTelegram) -> None:
    for number in range(5):
        await telegram.says(ERIKA, str(number))

    async def texts(**arguments: int) -> list[str]:
        return [one["message"]["text"] for one in await telegram.updates(**arguments)]

    assert await texts(limit=2) == ["0", "1"]
    assert await texts() == ["0", "1", "2", "3", "4"]
    assert await texts(offset=FIRST_UPDATE_ID + 2) == ["2", "3", "4"]
    assert await texts(offset=FIRST_UPDATE_ID) == ["2", "3", "4"]
    assert await texts(offset=FIRST_UPDATE_ID + 999) == ["2", "3", "4"]
    assert await texts(offset=-1) == ["4"]
    assert await texts() == ["4"]
    assert await texts(offset=FIRST_UPDATE_ID + 5) == []
    assert await texts() == []


async def test_limits(telegram: LocalTelegram) -> None:
    for number in range(101):
        await telegram.says(ERIKA, str(number))
    assert len(await telegram.updates()) == 100
    assert len(await telegram.updates(limit=1000)) == 100
    assert len(await telegram.updates(limit=0)) == 1


async def test_a_long_poll_ends_with_the_next_update(telegram: LocalTelegram) -> None:
    poll = asyncio.ensure_future(telegram.updates(timeout=30))
    await wait_for_poll(telegram)
    assert (await telegram.sim("world"))["bot"]["running"] is True
    await telegram.says(ERIKA, "Hallo")
    (update,) = await poll
    assert update["message"]["text"] == "Hallo"


async def test_a_long_poll_ends_with_its_time(telegram: LocalTelegram) -> None:
    poll = asyncio.ensure_future(telegram.updates(timeout=999))
    await wait_for_poll(telegram)
    await eventually(telegram.clock.sleeping_until)
    assert telegram.clock.sleeping_until() == [50]
    telegram.clock.advance(50)
    assert await poll == []


async def test_only_the_second_of_two_polls_goes_on(telegram: LocalTelegram) -> None:
    first = asyncio.ensure_future(telegram.refused("getUpdates", timeout=30))
    await wait_for_poll(telegram)
    second = asyncio.ensure_future(telegram.updates(timeout=30))
    assert await first == Refusal(409, OTHER_POLL)
    await wait_for_poll(telegram)
    await telegram.says(ERIKA, "Hallo")
    assert len(await second) == 1


async def test_a_webhook_ends_polling(telegram: LocalTelegram) -> None:
    poll = asyncio.ensure_future(telegram.refused("getUpdates", timeout=30))
    await wait_for_poll(telegram)
    await telegram.call("setWebhook", url="http://127.0.0.1:9/hook")
    assert await poll == Refusal(409, "Conflict: terminated by setWebhook request")
    assert await telegram.refused("getUpdates") == Refusal(409, WEBHOOK_ACTIVE)
    await telegram.call("deleteWebhook")
    assert await telegram.updates() == []


async def test_kinds_are_remembered(telegram: LocalTelegram) -> None:
    await telegram.updates(allowed_updates=["Callback_Query", "nonsense"])
    await telegram.says(ERIKA, "ungehört")
    assert await telegram.updates() == []
    info = await telegram.call("getWebhookInfo")
    assert info["allowed_updates"] == ["callback_query"]
    await telegram.updates(allowed_updates=[])
    await telegram.says(ERIKA, "gehört")
    assert len(await telegram.updates()) == 1
    assert "allowed_updates" not in await telegram.call("getWebhookInfo")


async def test_updates_live_a_day(telegram: LocalTelegram) -> None:
    await telegram.says(ERIKA, "alt")
    telegram.clock.advance(86_399)
    assert len(await telegram.updates()) == 1
    telegram.clock.advance(1)
    assert await telegram.updates() == []


async def test_whether_the_bot_runs(telegram: LocalTelegram) -> None:
    async def running() -> bool:
        return bool((await telegram.sim("world"))["bot"]["running"])

    assert not await running()
    await telegram.updates()
    assert await running()
    telegram.clock.advance(60)
    assert not await running()
    await telegram.call("setWebhook", url="http://127.0.0.1:9/hook")
    assert await running()
