"""Faults on purpose: each kind does what it says, is counted, and the same for the same seed."""

import asyncio
from typing import Any

import aiohttp
import pytest

from simulator.clock import SystemClock
from tests.simulator.telegram import (
    AMY,
    ERIKA,
    Endpoint,
    LocalTelegram,
    Refusal,
    eventually,
)

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


async def plan(telegram: LocalTelegram, seed: int = 1, **faults: dict[str, Any]) -> Any:
    return await telegram.sim("faults", {"seed": seed, "faults": faults})


async def injected(telegram: LocalTelegram) -> dict[str, int]:
    counts: dict[str, int] = (await telegram.sim("faults"))["injected"]
    return {kind: count for kind, count in counts.items() if count}


async def texts(telegram: LocalTelegram) -> list[str]:
    return [one["text"] for one in await telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/messages")]


async def test_server_errors(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    await plan(telegram, server_error={"status": 503, "times": 1})
    refusal = await telegram.refused("sendMessage", chat_id=ERIKA, text="x")
    assert refusal == Refusal(503, "Service Unavailable")
    await telegram.call("sendMessage", chat_id=ERIKA, text="y")
    assert await texts(telegram) == ["/start", "y"]
    assert await injected(telegram) == {"server_error": 1}


async def test_a_burst_of_429(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    await plan(telegram, too_many_requests={"burst": 3, "times": 1, "retry_after": 7})
    for _ in range(3):
        refusal = await telegram.refused("sendMessage", chat_id=ERIKA, text="x")
        assert refusal == Refusal(429, "Too Many Requests: retry after 7", {"retry_after": 7})
    await telegram.call("sendMessage", chat_id=ERIKA, text="y")


@pytest.mark.parametrize(
    ("kind", "stored"), [("reset_before", ["/start"]), ("reset_after", ["/start", "x"])]
)
async def test_cut_connections(telegram: LocalTelegram, kind: str, stored: list[str]) -> None:
    await telegram.starts(ERIKA)
    await plan(telegram, **{kind: {"times": 1}})
    # A GET would be tried again by the client itself.
    with pytest.raises(aiohttp.ClientError):
        await telegram.call("sendMessage", chat_id=ERIKA, text="x")
    assert await texts(telegram) == stored
    await telegram.call("sendMessage", chat_id=ERIKA, text="y")
    assert await injected(telegram) == {kind: 1}


async def test_latency_only_for_named_methods(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    await plan(telegram, latency={"seconds": 5, "methods": ["sendChatAction"]})
    await telegram.call("sendMessage", chat_id=ERIKA, text="x")
    slow = asyncio.ensure_future(telegram.call("sendChatAction", chat_id=ERIKA, action="typing"))
    await eventually(telegram.clock.sleeping_until)
    assert telegram.clock.sleeping_until() == [5]
    telegram.clock.advance(5)
    assert await slow is True


async def test_updates_by_webhook(telegram: LocalTelegram, endpoint: Endpoint) -> None:
    await plan(telegram, duplicate={"times": 1}, reorder={"times": 1})
    for text in "abc":
        await telegram.says(ERIKA, text)
    await telegram.call("setWebhook", url=endpoint.url)
    await endpoint.has_received(4)
    assert endpoint.texts() == ["b", "b", "a", "c"]
    assert endpoint.received[0][0]["update_id"] == endpoint.received[1][0]["update_id"]


async def test_a_delayed_update_holds_up_its_own_lane(
    telegram: LocalTelegram, endpoint: Endpoint
) -> None:
    await plan(telegram, delay={"times": 1, "seconds": 9})
    await telegram.call("setWebhook", url=endpoint.url)
    await telegram.says(ERIKA, "spät")
    await eventually(telegram.clock.sleeping_until)
    await telegram.says(AMY, "sofort")
    await endpoint.has_received(1)
    telegram.clock.advance(9)
    await endpoint.has_received(2)
    assert endpoint.texts() == ["sofort", "spät"]


async def test_an_unreachable_webhook(telegram: LocalTelegram, endpoint: Endpoint) -> None:
    await plan(telegram, webhook_unreachable={"times": 2})
    await telegram.call("setWebhook", url=endpoint.url)
    await telegram.says(ERIKA, "x")
    await eventually(telegram.clock.sleeping_until)
    assert telegram.clock.sleeping_until() == [2]
    info = await telegram.call("getWebhookInfo")
    assert info["last_error_message"] == "Connection refused"
    telegram.clock.advance(2)
    await endpoint.has_received(1)


async def test_updates_by_polling(telegram: LocalTelegram) -> None:
    for text in "abc":
        await telegram.says(ERIKA, text)
    await plan(telegram, duplicate={"times": 1}, reorder={"times": 1})
    shown = [one["message"]["text"] for one in await telegram.updates()]
    assert sorted(shown) == ["a", "a", "b", "c"]
    await telegram.sim("faults", method="DELETE")
    assert [one["message"]["text"] for one in await telegram.updates()] == ["a", "b", "c"]
    assert await injected(telegram) == {"duplicate": 1, "reorder": 1}


async def test_the_same_seed_brings_the_same(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)

    async def outcomes(seed: int, **more: dict[str, Any]) -> list[bool]:
        await plan(telegram, seed, server_error={"share": 0.5}, **more)
        action = {"chat_id": ERIKA, "action": "typing"}
        return [(await telegram.answer("sendChatAction", **action))["ok"] for _ in range(30)]

    first = await outcomes(1)
    assert await outcomes(1) == first
    assert await outcomes(1, latency={"seconds": 0, "share": 0.3}) == first
    assert await outcomes(2) != first
    assert 5 < first.count(True) < 25


@pytest.mark.parametrize(
    "faults",
    [
        {"smoke": {}},
        {"latency": 1},
        {"latency": {"share": 2}},
        {"latency": {"volume": 2}},
        {"server_error": {"status": 200}},
        {"latency": {"methods": "x"}},
        {"latency": {"seconds": "x"}},
    ],
)
async def test_plans_that_make_no_sense(telegram: LocalTelegram, faults: Any) -> None:
    status, answer = await telegram.try_sim("faults", {"faults": faults})
    assert status == 400
    assert answer["error"]


async def test_time_travel(telegram: LocalTelegram) -> None:
    await telegram.says(ERIKA, "alt")
    before = (await telegram.sim("clock"))["now"]
    assert (await telegram.sim("clock", {"forward": 86_400}))["now"] == before + 86_400
    assert await telegram.updates() == []
    assert (await telegram.try_sim("clock", {"forward": -1}))[0] == 400


async def test_a_traveller_wakes_who_sleeps() -> None:
    clock = SystemClock()
    before = clock.now()
    asleep = asyncio.ensure_future(clock.sleep(3600))
    short = asyncio.ensure_future(clock.sleep(0.01))
    await asyncio.sleep(0.02)
    await short
    clock.advance(1800)
    await asyncio.sleep(0.01)
    assert not asleep.done()
    clock.advance(1800)
    await asyncio.wait_for(asleep, 1)
    assert clock.now() >= before + 3600
