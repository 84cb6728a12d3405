"""Ephemeral messages: in a group, but for one person only."""

from typing import Any

import pytest

from tests.simulator.pictures import png
from tests.simulator.telegram import (
    CHANNEL,
    ERIKA,
    GROUP,
    JOERG,
    SABINE,
    LocalTelegram,
    next_event,
)

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture(autouse=True)
async def two_members(telegram: LocalTelegram) -> None:
    await telegram.changes_member(GROUP, "add", SABINE)


async def administers(telegram: LocalTelegram) -> None:
    await telegram.changes_member(GROUP, "promote")


async def whispered(telegram: LocalTelegram, **more: Any) -> dict[str, Any]:
    parameters = {"receiver_user_id": JOERG} | more.pop("parameters", {})
    arguments = {"chat_id": GROUP, "text": "nur Sie"} | more
    message: dict[str, Any] = await telegram.call(
        "sendMessage", **arguments, ephemeral_message_parameters=parameters
    )
    return message


async def pressed(telegram: LocalTelegram, message: dict[str, Any] | None = None) -> str:
    """Let Jörg press a button and return the id of his query."""
    if message is None:
        markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
        message = await telegram.call("sendMessage", chat_id=GROUP, text="x", reply_markup=markup)
    await telegram.new_updates()
    place = {"message_id": message["message_id"], "row": 0, "column": 0}
    if "ephemeral_message_id" in message:
        place["ephemeral_message_id"] = message["ephemeral_message_id"]
    await telegram.sim(f"people/{JOERG}/chats/{GROUP}/press", place)
    (update,) = await telegram.new_updates()
    query: str = update["callback_query"]["id"]
    return query


async def seen_by(telegram: LocalTelegram, person: int) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = await telegram.sim(f"people/{person}/chats/{GROUP}/messages")
    return messages


async def test_only_the_receiver_sees_it(telegram: LocalTelegram) -> None:
    await administers(telegram)
    sent = await whispered(telegram)
    assert sent["message_id"] == 0
    assert sent["ephemeral_message_id"] == 1
    assert sent["receiver_user"]["id"] == JOERG
    last = (await seen_by(telegram, JOERG))[-1]
    assert (last["text"], last["sim"]["ephemeral"]) == ("nur Sie", True)
    assert all("ephemeral" not in one["sim"] for one in await seen_by(telegram, SABINE))
    await telegram.call("sendMessage", chat_id=GROUP, text="danach")
    assert [one.get("text") for one in await seen_by(telegram, JOERG)][-2:] == [
        "nur Sie",
        "danach",
    ]


async def test_the_old_way_of_naming_the_receiver(telegram: LocalTelegram) -> None:
    query = await pressed(telegram)
    named = {"receiver_user_id": JOERG, "callback_query_id": query}
    sent = await telegram.call("sendMessage", chat_id=GROUP, text="x", **named)
    assert sent["ephemeral_message_id"] == 1


async def test_an_answer_to_a_press_must_come_within_fifteen_seconds(
    telegram: LocalTelegram,
) -> None:
    query = await pressed(telegram)
    await telegram.call("answerCallbackQuery", callback_query_id=query)
    telegram.clock.advance(15)
    assert await whispered(telegram, parameters={"callback_query_id": query})
    telegram.clock.advance(0.1)
    parameters = {"receiver_user_id": JOERG, "callback_query_id": query}
    answer = {"chat_id": GROUP, "text": "x", "ephemeral_message_parameters": parameters}
    assert await telegram.complaint("sendMessage", **answer) == TOO_OLD


@pytest.mark.parametrize(
    ("chat", "receiver", "complaint"),
    [
        (CHANNEL, SABINE, "ephemeral messages can be sent in groups and supergroups only"),
        (GROUP, ERIKA, "receiver of the ephemeral message not found"),
        (GROUP, 42, "receiver of the ephemeral message not found"),
        (GROUP, JOERG, "not enough rights to send ephemeral messages without a callback query"),
    ],
)
async def test_what_is_refused(
    telegram: LocalTelegram, chat: int, receiver: int, complaint: str
) -> None:
    parameters = {"receiver_user_id": receiver}
    wish = {"chat_id": chat, "text": "x", "ephemeral_message_parameters": parameters}
    assert await telegram.complaint("sendMessage", **wish) == f"Bad Request: {complaint}"


async def test_somebody_elses_press_does_not_count(telegram: LocalTelegram) -> None:
    query = await pressed(telegram)
    named = {"receiver_user_id": SABINE, "callback_query_id": query}
    wish = {"chat_id": GROUP, "text": "x", "ephemeral_message_parameters": named}
    assert await telegram.complaint("sendMessage", **wish) == TOO_OLD


async def test_live_locations_are_not_for_one_person(telegram: LocalTelegram) -> None:
    await administers(telegram)
    place = {"chat_id": GROUP, "latitude": 51.7, "longitude": 12, "receiver_user_id": JOERG}
    assert (await telegram.call("sendLocation", **place))["ephemeral_message_id"] == 1
    refusal = await telegram.complaint("sendLocation", **place, live_period=60)
    assert refusal == "Bad Request: live location can't be sent as an ephemeral message"


async def test_texts_and_buttons_change_and_go(telegram: LocalTelegram) -> None:
    await administers(telegram)
    sent = await whispered(telegram)
    place = {
        "chat_id": GROUP,
        "receiver_user_id": JOERG,
        "ephemeral_message_id": sent["ephemeral_message_id"],
    }
    assert await telegram.call("editEphemeralMessageText", **place, text="neu") is True
    refusal = await telegram.complaint("editEphemeralMessageText", **place, text="neu")
    assert refusal.startswith("Bad Request: message is not modified")
    rich = {"blocks": [{"type": "paragraph", "text": "reich"}]}
    assert await telegram.call("editEphemeralMessageText", **place, rich_message=rich) is True
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    assert await telegram.call("editEphemeralMessageReplyMarkup", **place, reply_markup=markup)
    last = (await seen_by(telegram, JOERG))[-1]
    assert (last["rich_message"], last["reply_markup"]) == (rich, markup)
    other = place | {"receiver_user_id": SABINE}
    refusal = await telegram.complaint("deleteEphemeralMessage", **other)
    assert refusal == "Bad Request: message to delete not found"
    assert await telegram.call("deleteEphemeralMessage", **place) is True
    assert "ephemeral" not in (await seen_by(telegram, JOERG))[-1]["sim"]
    refusal = await telegram.complaint("editEphemeralMessageText", **place, text="x")
    assert refusal == "Bad Request: message to edit not found"


async def test_pictures_and_captions_change(telegram: LocalTelegram) -> None:
    await administers(telegram)
    content = {"chat_id": GROUP, "receiver_user_id": JOERG}
    body = await telegram.upload("sendPhoto", "photo", png(4, 3), "x.png", **content)
    sent = body["result"]
    place = content | {"ephemeral_message_id": sent["ephemeral_message_id"]}
    assert await telegram.call("editEphemeralMessageCaption", **place, caption="x" * 1024) is True
    refusal = await telegram.complaint("editEphemeralMessageCaption", **place, caption="x" * 1025)
    assert refusal == "Bad Request: message caption is too long"
    media = {"type": "photo", "media": sent["photo"][0]["file_id"], "caption": "neu"}
    assert await telegram.call("editEphemeralMessageMedia", **place, media=media) is True
    assert (await seen_by(telegram, JOERG))[-1]["caption"] == "neu"


async def test_it_may_stand_in_place_of_the_message_with_the_button(
    telegram: LocalTelegram,
) -> None:
    query = await pressed(telegram)
    covered = (await seen_by(telegram, JOERG))[-1]
    wish = {"callback_query_id": query, "replace_callback_query_message": True}
    sent = await whispered(telegram, parameters=wish)
    mine, theirs = await seen_by(telegram, JOERG), await seen_by(telegram, SABINE)
    assert (mine[-1]["text"], theirs[-1]["text"]) == ("nur Sie", "x")
    assert mine[-1]["message_id"] == theirs[-1]["message_id"] == covered["message_id"]
    url = f"{telegram.address}/sim/events?person={JOERG}"
    async with telegram.http.get(url) as stream:
        place = {"receiver_user_id": JOERG, "ephemeral_message_id": sent["ephemeral_message_id"]}
        await telegram.call("deleteEphemeralMessage", chat_id=GROUP, **place)
        kind, event = await next_event(stream)
    assert (kind, event["message"]["text"]) == ("edited", "x")


async def test_a_press_under_it_names_it_and_cannot_replace_it(telegram: LocalTelegram) -> None:
    await administers(telegram)
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = await whispered(telegram, reply_markup=markup)
    query = await pressed(telegram, sent)
    place = (await seen_by(telegram, JOERG))[-1]["message_id"]
    url = f"{telegram.address}/sim/events?person={JOERG}"
    async with telegram.http.get(url) as stream:
        await telegram.call("answerCallbackQuery", callback_query_id=query, text="Gut")
        kind, event = await next_event(stream)
    shown = {"chat": GROUP, "message_id": place, "text": "Gut", "show_alert": False}
    assert (kind, event) == ("answer", shown)
    named = {"callback_query_id": query, "replace_callback_query_message": True}
    wish = {"receiver_user_id": JOERG} | named
    refusal = await telegram.complaint(
        "sendMessage", chat_id=GROUP, text="x", ephemeral_message_parameters=wish
    )
    assert refusal == "Bad Request: there is no message to be replaced by the ephemeral message"


async def test_others_pages_learn_nothing(telegram: LocalTelegram) -> None:
    await administers(telegram)
    url = f"{telegram.address}/sim/events?person={SABINE}"
    async with telegram.http.get(url) as stream:
        await whispered(telegram)
        await telegram.call("sendMessage", chat_id=GROUP, text="für alle")
        _, event = await next_event(stream)
    assert event["message"]["text"] == "für alle"
