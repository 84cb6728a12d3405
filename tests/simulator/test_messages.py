"""sendMessage and its kin: what arrives, and what is refused with which words."""

import pytest

from simulator.messages import Message, MessageStore
from tests.simulator.telegram import AMY, CHANNEL, ERIKA, GROUP, LocalTelegram, Refusal

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


@pytest.fixture
async def erika(telegram: LocalTelegram) -> int:
    await telegram.starts(ERIKA)
    return ERIKA


async def test_a_text(telegram: LocalTelegram, erika: int) -> None:
    message = await telegram.call("sendMessage", chat_id=erika, text=" Guten Tag ")
    assert message == {
        "message_id": 2,
        "from": {"id": 42, "is_bot": True, "first_name": "Test", "username": "test_bot"},
        "chat": {"id": erika, "first_name": "Erika", "type": "private"},
        "date": int(telegram.clock.now()),
        "text": "Guten Tag",
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("x" * 32769, "text is too long"),
    ],
)
async def test_texts_that_are_refused(
    telegram: LocalTelegram, erika: int, text: str, complaint: str
) -> None:
    refusal = await telegram.complaint("sendMessage", chat_id=erika, text=text)
    assert refusal == f"Bad Request: {complaint}"


async def test_the_longest_text_counts_after_parsing(telegram: LocalTelegram, erika: int) -> None:
    text = f"<b>{'😀' * 4096}</b>"
    sent = await telegram.call("sendMessage", chat_id=erika, text=text, parse_mode="html")
    assert sent["entities"] == [{"offset": 0, "length": 8192, "type": "bold"}]


async def test_parse_modes(telegram: LocalTelegram, erika: int) -> None:
    async def complaint(text: str, mode: str) -> str:
        return await telegram.complaint("sendMessage", chat_id=erika, text=text, parse_mode=mode)

    assert await complaint("x", "BBCode") == "Bad Request: unsupported parse_mode"
    assert await complaint("<x>", "HTML") == (
        'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'
    )
    assert await complaint("a.", "MarkdownV2") == (
        "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with"
        " the preceding '\\'"
    )


async def test_explicit_entities_and_link_preview(telegram: LocalTelegram, erika: int) -> None:
    message = await telegram.call(
        "sendMessage",
        chat_id=erika,
        text="hier Amy",
        entities=[
            {"type": "text_link", "offset": 0, "length": 4, "url": "https://x.de/"},
            {"type": "text_mention", "offset": 5, "length": 3, "user": {"id": AMY}},
        ],
        link_preview_options={"is_disabled": True},
    )
    assert [one["type"] for one in message["entities"]] == ["text_link", "text_mention"]
    assert message["entities"][1]["user"]["first_name"] == "Amy"
    assert message["link_preview_options"] == {"is_disabled": True}


async def test_mentions_of_strangers_are_dropped(telegram: LocalTelegram, erika: int) -> None:
    text = '<a href="tg://user?id=5">x</a>'
    message = await telegram.call("sendMessage", chat_id=erika, text=text, parse_mode="HTML")
    assert "entities" not in message


async def test_replies(telegram: LocalTelegram, erika: int) -> None:
    reply = {"message_id": 1}
    message = await telegram.call(
        "sendMessage", chat_id=erika, text="x", reply_parameters=reply, protect_content=True
    )
    assert message["reply_to_message"]["text"] == "/start"
    assert message["has_protected_content"] is True
    nested = {"message_id": message["message_id"]}
    second = await telegram.call("sendMessage", chat_id=erika, text="y", reply_parameters=nested)
    assert "reply_to_message" not in second["reply_to_message"]


@pytest.mark.parametrize(
    ("reply", "complaint"),
    [
        ({"message_id": 99}, "message to be replied not found"),
        ({"chat_id": 1}, 'can\'t find field "message_id"'),
        ("{", "can't parse reply parameters JSON object"),
        ([], "object expected as reply parameters"),
    ],
)
async def test_wrong_replies(
    telegram: LocalTelegram, erika: int, reply: object, complaint: str
) -> None:
    refusal = await telegram.complaint(
        "sendMessage", chat_id=erika, text="x", reply_parameters=reply
    )
    assert refusal == f"Bad Request: {complaint}"


async def test_a_reply_that_may_fail(telegram: LocalTelegram, erika: int) -> None:
    reply = {"message_id": 99, "allow_sending_without_reply": True}
    message = await telegram.call("sendMessage", chat_id=erika, text="x", reply_parameters=reply)
    assert "reply_to_message" not in message


async def test_chats_that_are_closed(telegram: LocalTelegram, erika: int) -> None:
    async def refused(chat: object) -> Refusal:
        return await telegram.refused("sendMessage", chat_id=chat, text="x")

    assert await refused("") == Refusal(400, "Bad Request: chat_id is empty")
    assert await refused(5) == Refusal(400, "Bad Request: chat not found")
    assert await refused("x") == Refusal(400, "Bad Request: chat not found")
    assert await refused("@nobody") == Refusal(400, "Bad Request: chat not found")
    assert await refused(AMY) == Refusal(
        403, "Forbidden: bot can't initiate conversation with a user"
    )
    await telegram.sim(f"people/{erika}/block", {})
    assert await refused(erika) == Refusal(403, "Forbidden: bot was blocked by the user")
    await telegram.sim(f"people/{erika}/unblock", {})
    await telegram.call("sendMessage", chat_id=erika, text="x")


async def test_groups_the_bot_has_left(telegram: LocalTelegram) -> None:
    async def refused(chat: object) -> Refusal:
        return await telegram.refused("sendMessage", chat_id=chat, text="x")

    await telegram.changes_member(GROUP, "remove")
    assert await refused(GROUP) == Refusal(403, "Forbidden: bot was kicked from the group chat")
    await telegram.changes_member(GROUP, "add")
    await telegram.call("leaveChat", chat_id=GROUP)
    assert await refused(GROUP) == Refusal(403, "Forbidden: bot is not a member of the group chat")
    for kind in ("supergroup", "channel"):
        made = await telegram.sim("chats", {"type": kind, "title": "Neu", "members": [ERIKA]})
        assert await refused(made["id"]) == Refusal(400, "Bad Request: chat not found")
        await telegram.changes_member(made["id"], "add")
        await telegram.changes_member(made["id"], "remove")
        assert await refused(made["id"]) == Refusal(
            403, f"Forbidden: bot was kicked from the {kind} chat"
        )


async def test_a_channel_needs_an_administrator(telegram: LocalTelegram) -> None:
    post = await telegram.call("sendMessage", chat_id="@Corona_ABI", text="x")
    assert post["sender_chat"]["id"] == post["chat"]["id"] == CHANNEL
    assert "from" not in post
    await telegram.changes_member(CHANNEL, "demote")
    refusal = await telegram.refused("sendMessage", chat_id=CHANNEL, text="x")
    assert refusal == Refusal(400, "Bad Request: need administrator rights in the channel chat")
    await telegram.call("leaveChat", chat_id=CHANNEL)
    refusal = await telegram.refused("sendMessage", chat_id=CHANNEL, text="x")
    assert refusal == Refusal(403, "Forbidden: bot is not a member of the channel chat")


async def test_locations(telegram: LocalTelegram, erika: int) -> None:
    place = {"latitude": 51.75, "longitude": 11.97}
    message = await telegram.call("sendLocation", chat_id=erika, **place, live_period=60)
    assert message["location"] == place | {"live_period": 60}

    async def complaint(**arguments: object) -> str:
        return await telegram.complaint("sendLocation", chat_id=erika, **arguments)

    assert await complaint(latitude=1) == "Bad Request: longitude is empty"
    assert await complaint(longitude=1) == "Bad Request: latitude is empty"
    assert await complaint(latitude=90.1, longitude=1) == "Bad Request: invalid location specified"
    for wrong, what in (
        ({"live_period": 59}, "period"),
        ({"live_period": 86401}, "period"),
        ({"live_period": 60, "heading": 361}, "heading"),
        ({"live_period": 60, "proximity_alert_radius": 100_001}, "proximity alert radius"),
    ):
        words = f"Bad Request: wrong live location {what} specified"
        assert await complaint(**place, **wrong) == words


async def test_chat_actions(telegram: LocalTelegram, erika: int) -> None:
    assert await telegram.call("sendChatAction", chat_id=erika, action="typing") is True
    complaint = await telegram.complaint("sendChatAction", chat_id=erika, action="dancing")
    assert complaint == "Bad Request: wrong parameter action in request"
    refusal = await telegram.refused("sendChatAction", chat_id=AMY, action="typing")
    assert refusal.code == 403


async def test_deleting(telegram: LocalTelegram, erika: int) -> None:
    assert await telegram.call("deleteMessage", chat_id=erika, message_id=1) is True

    async def complaint(**arguments: object) -> str:
        return await telegram.complaint("deleteMessage", **arguments)

    assert await complaint(chat_id=erika, message_id=1) == (
        "Bad Request: message to delete not found"
    )
    assert await complaint(chat_id=erika) == ("Bad Request: message identifier is not specified")
    assert await complaint(message_id=1) == "Bad Request: chat identifier is not specified"


async def test_old_and_foreign_messages_stay(telegram: LocalTelegram, erika: int) -> None:
    told = await telegram.says(2002, "x", GROUP)
    refusal = await telegram.complaint(
        "deleteMessage", chat_id=GROUP, message_id=told["message_id"]
    )
    assert refusal == "Bad Request: message can't be deleted"
    telegram.clock.advance(48 * 3600)
    refusal = await telegram.complaint("deleteMessage", chat_id=erika, message_id=1)
    assert refusal == "Bad Request: message can't be deleted for everyone"


async def test_deleting_many(telegram: LocalTelegram, erika: int) -> None:
    async def complaint(ids: object) -> str:
        return await telegram.complaint("deleteMessages", chat_id=erika, message_ids=ids)

    assert await telegram.call("deleteMessages", chat_id=erika, message_ids=[1, "77"]) is True
    assert await complaint([]) == "Bad Request: message identifiers are not specified"
    assert await complaint({}) == "Bad Request: expected an Array of message identifiers"
    assert await complaint([True]) == "Bad Request: message identifier must be a Number"
    assert await complaint(["x"]) == "Bad Request: can't parse message identifier as a Number"
    assert await complaint([0]) == "Bad Request: invalid message identifier specified"
    assert await complaint(list(range(1, 102))) == (
        "Bad Request: too many message identifiers specified"
    )
    many = list(range(1, 101))
    assert await telegram.call("deleteMessages", chat_id=erika, message_ids=many) is True


async def test_copying_and_forwarding(telegram: LocalTelegram, erika: int) -> None:
    post = await telegram.call(
        "sendMessage", chat_id=CHANNEL, text="<b>neu</b>", parse_mode="HTML"
    )
    source = {"chat_id": erika, "from_chat_id": CHANNEL, "message_id": post["message_id"]}
    copied = await telegram.call("copyMessage", **source)
    assert copied == {"message_id": 2}
    forwarded = await telegram.call("forwardMessage", **source)
    assert forwarded["forward_origin"]["type"] == "channel"
    assert forwarded["forward_origin"]["message_id"] == post["message_id"]
    assert forwarded["entities"] == post["entities"]
    complaint = await telegram.complaint("copyMessage", **source | {"message_id": 99})
    assert complaint == "Bad Request: message to copy not found"
    complaint = await telegram.complaint("forwardMessage", **source | {"message_id": 99})
    assert complaint == "Bad Request: message to forward not found"
    complaint = await telegram.complaint("copyMessage", chat_id=erika, message_id=1)
    assert complaint == 'Bad Request: parameter "from_chat_id" is required'


async def test_pins(telegram: LocalTelegram, erika: int) -> None:
    assert await telegram.call("pinChatMessage", chat_id=erika, message_id=1) is True
    note = (await telegram.new_updates())[0]["message"]
    assert note["pinned_message"]["message_id"] == 1
    chat = await telegram.call("getChat", chat_id=erika)
    assert chat["pinned_message"]["text"] == "/start"
    assert await telegram.call("unpinChatMessage", chat_id=erika) is True
    complaint = await telegram.complaint("unpinChatMessage", chat_id=erika)
    assert complaint == "Bad Request: message to unpin not found"
    complaint = await telegram.complaint("pinChatMessage", chat_id=erika, message_id=77)
    assert complaint == "Bad Request: message to pin not found"
    told = await telegram.says(2002, "x", GROUP)
    complaint = await telegram.complaint(
        "pinChatMessage", chat_id=GROUP, message_id=told["message_id"]
    )
    assert complaint == "Bad Request: not enough rights to manage pinned messages in the chat"


async def test_ids_run_on_over_private_chats_and_start_anew_in_channels(
    telegram: LocalTelegram, erika: int
) -> None:
    await telegram.starts(AMY)
    first = await telegram.call("sendMessage", chat_id=erika, text="x")
    second = await telegram.call("sendMessage", chat_id=AMY, text="x")
    post = await telegram.call("sendMessage", chat_id=CHANNEL, text="x")
    assert (first["message_id"], second["message_id"], post["message_id"]) == (3, 4, 1)


def test_only_the_latest_messages_are_kept() -> None:
    store = MessageStore(kept_per_chat=3)
    for number in range(5):
        store.add(Message(ERIKA, number, {}))
    store.add(Message(AMY, 9, {}))
    kept = store.history(ERIKA, before=None, limit=99)
    assert [message.id for message in kept] == [3, 4, 5]
    assert store.get(ERIKA, 2) is None
