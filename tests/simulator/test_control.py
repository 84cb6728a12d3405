"""The people's side: who there is, chats, messages, events, the page."""

import asyncio
from typing import Any

import pytest

from simulator import pages
from tests.simulator.telegram import (
    AMY,
    CHANNEL,
    ERIKA,
    GROUP,
    JOERG,
    SABINE,
    LocalTelegram,
    next_event,
)

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


async def test_the_default_world(telegram: LocalTelegram) -> None:
    world = await telegram.sim("world")
    assert world["bot"] == {
        "id": 42,
        "first_name": "Test",
        "username": "test_bot",
        "running": False,
    }
    assert [(one["id"], one["first_name"]) for one in world["people"]] == [
        (1001, "Erika"),
        (1002, "Oleksandr"),
        (1003, "Amy"),
        (2001, "Sabine"),
        (2002, "Jörg"),
    ]
    group, channel = world["chats"]
    assert (group["id"], group["members"], group["bot_member"]) == (GROUP, [JOERG], True)
    assert (channel["id"], channel["username"]) == (CHANNEL, "corona_abi")
    assert channel["admins"] == [SABINE]


async def test_new_people(telegram: LocalTelegram) -> None:
    person = await telegram.sim(
        "people", {"first_name": "Fatma", "language_code": "tr", "username": "fatma"}
    )
    assert person["id"] == 2003
    assert person["blocked"] is False
    chats = await telegram.sim("people/2003/chats")
    assert {one["id"] for one in chats} == {2003, CHANNEL}
    status, answer = await telegram.try_sim("people", {"first_name": " "})
    assert (status, answer) == (400, {"error": "a person needs a first name"})
    status, answer = await telegram.try_sim("people", {"first_name": "X", "username": "Fatma"})
    assert (status, answer) == (409, {"error": "this username is taken"})


async def test_new_chats(telegram: LocalTelegram) -> None:
    group = await telegram.sim("chats", {"type": "group", "title": "Wehr", "members": [AMY]})
    assert (group["id"], group["members"], group["admins"]) == (-4002, [AMY], [AMY])
    for body, problem in (
        ({"type": "private", "title": "x"}, "a group or channel needs a title"),
        ({"type": "group"}, "a group or channel needs a title"),
        ({"type": "x", "title": "x"}, "a chat is a group, a supergroup or a channel"),
        (
            {"type": "group", "title": "x", "members": [7]},
            "there is nobody with the id 7",
        ),
    ):
        assert await telegram.try_sim("chats", body) == (400, {"error": problem})


async def test_wrong_paths_and_bodies(telegram: LocalTelegram) -> None:
    for path, status in (
        ("people/7/chats", 404),
        ("people/x/chats", 404),
        (f"people/{ERIKA}/chats/7/messages", 404),
        (f"people/{ERIKA}/chats/{GROUP}/messages", 403),
        ("files/x", 404),
        ("nothing", 404),
        ("people", 405),
    ):
        answer = await telegram.try_sim(path)
        assert answer[0] == status, path
        assert list(answer[1]) == ["error"]
    send = f"people/{ERIKA}/chats/{ERIKA}/send"
    assert await telegram.try_sim(send, {}) == (400, {"error": "there is nothing to send"})
    assert (await telegram.try_sim(send, [1]))[1] == {"error": "JSON object expected"}
    assert (await telegram.try_sim(send, {"location": {"latitude": "x"}}))[0] == 400
    assert (await telegram.try_sim(send, {"text": "x" * 4097}))[1] == {
        "error": "message is too long"
    }
    wrong = {"action": "fly", "person": ERIKA}
    assert (await telegram.try_sim(f"chats/{GROUP}/members", wrong))[0] == 400
    wrong = {"action": "add", "person": 7}
    assert (await telegram.try_sim(f"chats/{GROUP}/members", wrong))[0] == 404


async def test_chats_with_the_newest_first(telegram: LocalTelegram) -> None:
    await telegram.call("sendMessage", chat_id=CHANNEL, text="alt")
    telegram.clock.advance(1)
    await telegram.says(ERIKA, "neu")
    private, channel = await telegram.sim(f"people/{ERIKA}/chats")
    assert (private["id"], private["started"], private["can_send"]) == (ERIKA, True, True)
    assert private["last_message"]["text"] == "neu"
    assert private["last_message"]["sim"] == {"outgoing": True, "html": "neu"}
    assert (channel["can_send"], channel["last_message"]["sim"]["outgoing"]) == (False, False)


async def test_history_page_by_page(telegram: LocalTelegram) -> None:
    for number in range(5):
        await telegram.says(ERIKA, str(number))
    path = f"people/{ERIKA}/chats/{ERIKA}/messages"
    latest = await telegram.sim(f"{path}?limit=2")
    assert [one["text"] for one in latest] == ["3", "4"]
    before = await telegram.sim(f"{path}?before={latest[0]['message_id']}")
    assert [one["text"] for one in before] == ["0", "1", "2"]


async def test_places_and_contacts(telegram: LocalTelegram) -> None:
    place = {"latitude": 51.7, "longitude": 12.1}
    path = f"people/{ERIKA}/chats/{ERIKA}/send"
    await telegram.sim(path, {"location": place})
    await telegram.sim(path, {"contact": True})
    location, contact = [one["message"] for one in await telegram.new_updates()]
    assert location["location"] == place
    assert contact["contact"]["user_id"] == ERIKA


async def events_of(telegram: LocalTelegram, person: int) -> Any:
    stream = await telegram.http.get(f"{telegram.address}/sim/events?person={person}")
    assert stream.content_type == "text/event-stream"
    assert await stream.content.readline() == b": connected\n"
    return stream


async def test_events(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    stream = await events_of(telegram, ERIKA)
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    message = await telegram.call(
        "sendMessage", chat_id=ERIKA, text="<b>x</b>", parse_mode="HTML", reply_markup=markup
    )
    kind, data = await next_event(stream)
    assert (kind, data["chat"]) == ("message", ERIKA)
    assert data["message"]["sim"] == {"outgoing": False, "html": "<b>x</b>"}
    place = {"chat_id": ERIKA, "message_id": message["message_id"]}
    await telegram.call("editMessageText", **place, text="y")
    kind, data = await next_event(stream)
    assert (kind, data["message"]["text"]) == ("edited", "y")
    await telegram.call("editMessageReplyMarkup", **place, reply_markup=markup)
    await next_event(stream)
    await telegram.presses(ERIKA, message, 0, 0)
    (update,) = await telegram.new_updates()
    answer = {"callback_query_id": update["callback_query"]["id"], "text": "gut"}
    await telegram.call("answerCallbackQuery", **answer, show_alert=True)
    assert await next_event(stream) == (
        "answer",
        {
            "chat": ERIKA,
            "message_id": message["message_id"],
            "text": "gut",
            "show_alert": True,
        },
    )
    await telegram.call("deleteMessage", **place)
    assert await next_event(stream) == ("deleted", {"chat": ERIKA, "message_id": 2})
    await telegram.call("sendChatAction", chat_id=ERIKA, action="typing")
    assert await next_event(stream) == ("typing", {"chat": ERIKA, "action": "typing"})
    await telegram.call("setMyCommands", commands=[{"command": "a", "description": "b"}])
    assert await next_event(stream) == ("commands", {})
    keyboard = {"keyboard": [["ja"]]}
    await telegram.call("sendMessage", chat_id=ERIKA, text="x", reply_markup=keyboard)
    assert (await next_event(stream))[0] == "message"
    assert await next_event(stream) == (
        "keyboard",
        {"chat": ERIKA, "keyboard": {"keyboard": [[{"text": "ja"}]]}},
    )
    await telegram.call(
        "sendMessage", chat_id=ERIKA, text="x", reply_markup={"remove_keyboard": True}
    )
    assert (await next_event(stream))[0] == "message"
    assert await next_event(stream) == ("keyboard", {"chat": ERIKA, "keyboard": None})
    await telegram.sim("people", {"first_name": "Neu"})
    assert await next_event(stream) == ("world", {})
    stream.close()


async def test_events_of_others_stay_with_them(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    stream = await events_of(telegram, AMY)
    await telegram.says(ERIKA, "geheim")
    await telegram.call("sendMessage", chat_id=CHANNEL, text="für alle")
    kind, data = await next_event(stream)
    assert (kind, data["message"]["text"]) == ("message", "für alle")
    stream.close()


async def test_a_page_that_lags_too_far_is_cut_off(telegram: LocalTelegram) -> None:
    page = telegram.world.events.subscribe(ERIKA)
    for _ in range(1005):
        telegram.world.events.publish([ERIKA], "typing", {})
    assert not telegram.world.events.watched(ERIKA)
    assert [await page.get() for _ in range(1001)][-1] is None


async def test_the_page(telegram: LocalTelegram, tmp_path: Any, monkeypatch: Any) -> None:
    (tmp_path / "index.html").write_text("Grüße", encoding="utf-8")
    (tmp_path / "app.js").write_text("1", encoding="utf-8")
    monkeypatch.setattr(pages, "PAGE", tmp_path)
    async with telegram.http.get(f"{telegram.address}/") as response:
        assert await response.text() == "Grüße"
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")
    async with telegram.http.get(f"{telegram.address}/page/app.js") as response:
        assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    for path in ("page/none.js", "page/..%2f..%2fREADME.md", "elsewhere"):
        async with telegram.http.get(f"{telegram.address}/{path}") as response:
            assert response.status == 404


async def test_a_missing_page_is_no_disaster(
    telegram: LocalTelegram, tmp_path: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(pages, "PAGE", tmp_path / "none")
    async with telegram.http.get(f"{telegram.address}/") as response:
        assert response.status == 404


async def test_streams_end_with_the_server(telegram: LocalTelegram) -> None:
    stream = await events_of(telegram, ERIKA)
    telegram.world.events.close()
    async with asyncio.timeout(5):
        assert (await stream.content.read()).strip() == b""
    stream.close()
