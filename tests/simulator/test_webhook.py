"""Delivery by webhook: secret, order, retries, replies."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from tests.simulator.telegram import (
    AMY,
    ERIKA,
    Endpoint,
    LocalTelegram,
    eventually,
)

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

SECRET = "X-Telegram-Bot-Api-Secret-Token"


async def asleep(telegram: LocalTelegram) -> list[float]:
    """Return for how long the deliveries wait, once at least one of them does."""
    await eventually(telegram.clock.sleeping_until)
    return telegram.clock.sleeping_until()


async def test_updates_arrive_in_order_with_the_secret(
    telegram: LocalTelegram, endpoint: Endpoint
) -> None:
    await telegram.says(ERIKA, "vorher")
    assert await telegram.call("setWebhook", url=endpoint.url, secret_token="Az_-9") is True
    for number in range(5):
        await telegram.says(ERIKA, str(number))
    await endpoint.has_received(6)
    assert endpoint.texts() == ["vorher", "0", "1", "2", "3", "4"]
    _, headers = endpoint.received[0]
    assert headers[SECRET] == "Az_-9"
    assert headers["Content-Type"] == "application/json"
    await eventually(lambda: not telegram.world.updates.pending())
    assert (await telegram.call("getWebhookInfo"))["pending_update_count"] == 0


async def test_without_a_secret_there_is_no_header(
    telegram: LocalTelegram, endpoint: Endpoint
) -> None:
    await telegram.call("setWebhook", url=endpoint.url)
    await telegram.says(ERIKA, "x")
    await endpoint.has_received(1)
    assert SECRET not in endpoint.received[0][1]


async def test_retries_wait_longer_each_time(telegram: LocalTelegram, endpoint: Endpoint) -> None:
    endpoint.answers = [web.Response(status=500) for _ in range(9)]
    await telegram.call("setWebhook", url=endpoint.url)
    await telegram.says(ERIKA, "eins")
    await telegram.says(ERIKA, "zwei")
    waits = []
    for _ in range(8):
        waits += await asleep(telegram)
        telegram.clock.advance(waits[-1])
    await endpoint.has_received(11)
    # The first retry comes at once, so that sleep does not show.
    assert waits[:5] == [2, 4, 8, 16, 32]
    assert all(60 <= wait <= 120 for wait in waits[5:])
    assert len(set(waits[5:])) > 1
    assert endpoint.texts() == ["eins"] * 10 + ["zwei"]
    info = await telegram.call("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


async def test_a_slow_person_does_not_hold_up_others(
    telegram: LocalTelegram, endpoint: Endpoint
) -> None:
    endpoint.answers = [web.Response(status=500), web.Response(status=500)]
    await telegram.call("setWebhook", url=endpoint.url)
    await telegram.says(ERIKA, "eins")
    await asleep(telegram)
    await telegram.says(ERIKA, "zwei")
    await telegram.says(AMY, "drei")
    await endpoint.has_received(3)
    assert endpoint.texts() == ["eins", "eins", "drei"]


async def test_a_press_overtakes_a_message_that_waits(
    telegram: LocalTelegram, endpoint: Endpoint
) -> None:
    await telegram.starts(ERIKA)
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    message = await telegram.call("sendMessage", chat_id=ERIKA, text="x", reply_markup=markup)
    endpoint.answers = [web.Response(status=500), web.Response(status=500)]
    await telegram.call("setWebhook", url=endpoint.url)
    await telegram.says(ERIKA, "eins")
    await asleep(telegram)
    await telegram.presses(ERIKA, message, 0, 0)
    await endpoint.has_received(3)
    assert "callback_query" in endpoint.received[2][0]


async def test_retry_after_is_obeyed(telegram: LocalTelegram, endpoint: Endpoint) -> None:
    endpoint.answers = [
        web.Response(status=503, headers={"Retry-After": "17"}),
        web.Response(status=503, headers={"Retry-After": "99999"}),
    ]
    await telegram.call("setWebhook", url=endpoint.url)
    await telegram.says(ERIKA, "x")
    assert await asleep(telegram) == [17]
    telegram.clock.advance(17)
    assert await asleep(telegram) == [3600]
    telegram.clock.advance(3600)
    await endpoint.has_received(3)


async def test_an_endpoint_that_is_away(telegram: LocalTelegram, endpoint: Endpoint) -> None:
    await telegram.call("setWebhook", url="http://127.0.0.1:9/hook")
    await telegram.says(ERIKA, "x")
    assert await asleep(telegram) == [2]
    info = await telegram.call("getWebhookInfo")
    assert info["last_error_message"] == "Connection refused"
    assert info["pending_update_count"] == 1
    await telegram.call("setWebhook", url=endpoint.url)
    await endpoint.has_received(1)


async def test_updates_expire_while_waiting(telegram: LocalTelegram, endpoint: Endpoint) -> None:
    endpoint.answers = [web.Response(status=503, headers={"Retry-After": "3600"})] * 1
    await telegram.call("setWebhook", url=endpoint.url)
    await telegram.says(ERIKA, "alt")
    assert await asleep(telegram) == [3600]
    telegram.clock.advance(86_400)
    await telegram.says(ERIKA, "neu")
    await endpoint.has_received(2)
    assert endpoint.texts() == ["alt", "neu"]


async def test_an_endpoint_that_is_gone_for_good(
    telegram: LocalTelegram, endpoint: Endpoint
) -> None:
    endpoint.answers = [web.Response(status=410) for _ in range(9)]
    await telegram.call("setWebhook", url=endpoint.url)
    await telegram.says(ERIKA, "x")
    await asleep(telegram)
    telegram.clock.advance(23 * 3600 + 1)
    await eventually(lambda: not telegram.world.webhook.url)
    assert len(await telegram.updates()) == 1


def json_reply(body: dict[str, Any]) -> web.Response:
    return web.json_response(body)


async def test_a_method_in_the_reply_is_carried_out(
    telegram: LocalTelegram, endpoint: Endpoint
) -> None:
    endpoint.answers = [
        json_reply({"method": "sendMessage", "chat_id": ERIKA, "text": "Antwort"}),
        json_reply({"method": "getMe"}),
        json_reply({"method": "deleteWebhook"}),
        json_reply({"method": "sendMessage", "chat_id": 5, "text": "verloren"}),
        json_reply({"text": "ohne Methode"}),
        web.Response(text="{kaputt", content_type="application/json"),
    ]
    await telegram.call("setWebhook", url=endpoint.url)
    for number in range(7):
        await telegram.says(ERIKA, str(number))
    await endpoint.has_received(7)
    history = await telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/messages")
    assert [one["text"] for one in history if one["from"]["is_bot"]] == ["Antwort"]


async def test_a_reply_may_be_multipart(telegram: LocalTelegram, endpoint: Endpoint) -> None:
    parts = {"method": "sendMessage", "chat_id": str(ERIKA), "text": "ä"}
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    endpoint.answers = [web.Response(body=f"{body}--b--\r\n".encode(), headers=headers)]
    await telegram.call("setWebhook", url=endpoint.url)
    await telegram.says(ERIKA, "x")
    await telegram.says(ERIKA, "y")
    await endpoint.has_received(2)
    history = await telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/messages")
    assert "ä" in [one["text"] for one in history]


async def test_setting_and_deleting(telegram: LocalTelegram, endpoint: Endpoint) -> None:
    async def description(method: str, **arguments: Any) -> str:
        return str((await telegram.answer(method, **arguments))["description"])

    assert await description("deleteWebhook") == "Webhook is already deleted"
    settings: dict[str, Any] = {
        "url": endpoint.url,
        "max_connections": 7,
        "ip_address": "127.0.0.1",
    }
    assert await description("setWebhook", **settings) == "Webhook was set"
    assert await description("setWebhook", **settings) == "Webhook is already set"
    assert await telegram.call("getWebhookInfo") == {
        "url": endpoint.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 7,
        "ip_address": "127.0.0.1",
    }
    assert await description("setWebhook", url="") == "Webhook was deleted"
    assert await telegram.call("getWebhookInfo") == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"url": "ftp://x.de"}, "invalid webhook URL specified"),
        ({"url": "https://"}, "invalid webhook URL specified"),
        ({"url": "https://x.de:99999"}, "invalid webhook URL specified"),
        ({"secret_token": "x" * 257}, "secret token is too long"),
        ({"secret_token": "x y"}, "secret token contains unallowed characters"),
        ({"secret_token": "ä"}, "secret token contains unallowed characters"),
    ],
)
async def test_wrong_settings(
    telegram: LocalTelegram, arguments: dict[str, str], complaint: str
) -> None:
    refusal = await telegram.complaint(
        "setWebhook", **({"url": "http://127.0.0.1:9/"} | arguments)
    )
    assert refusal == f"Bad Request: {complaint}"


async def test_the_longest_secret(telegram: LocalTelegram) -> None:
    secret = "x" * 256
    assert await telegram.call("setWebhook", url="http://localhost:9/", secret_token=secret)


async def test_waiting_updates_can_be_dropped(telegram: LocalTelegram, endpoint: Endpoint) -> None:
    await telegram.says(ERIKA, "alt")
    await telegram.call("setWebhook", url=endpoint.url, drop_pending_updates=True)
    await telegram.says(ERIKA, "neu")
    await endpoint.has_received(1)
    assert endpoint.texts() == ["neu"]
    await telegram.says(ERIKA, "liegt")
    await telegram.call("deleteWebhook", drop_pending_updates=True)
    assert await telegram.updates() == []


async def test_max_connections_bounds_what_is_under_way(telegram: LocalTelegram) -> None:
    under_way, most = 0, 0

    async def handle(_: web.Request) -> web.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1
        return web.Response()

    app = web.Application()
    app.router.add_post("/", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        for person in (1001, 1002, 1003, 2001, 2002):
            await telegram.says(person, "x")
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        await telegram.call("setWebhook", url=url, max_connections=2)
        await eventually(lambda: not telegram.world.updates.pending())
        assert most == 2
    finally:
        await runner.cleanup()
