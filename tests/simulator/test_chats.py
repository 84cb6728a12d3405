"""What the bot may know of chats, and what it sees in groups."""

from typing import Any

import pytest

from tests.simulator.telegram import (
    AMY,
    CHANNEL,
    ERIKA,
    GROUP,
    JOERG,
    OLEKSANDR,
    SABINE,
    LocalTelegram,
    Refusal,
)

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


async def test_get_chat(telegram: LocalTelegram) -> None:
    private = await telegram.call("getChat", chat_id=ERIKA)
    assert (private["type"], private["first_name"]) == ("private", "Erika")
    channel = await telegram.call("getChat", chat_id="@corona_abi")
    assert (channel["id"], channel["title"]) == (CHANNEL, "Corona ABI")
    group = await telegram.call("getChat", chat_id=GROUP)
    assert group["permissions"]["can_send_messages"] is True
    assert await telegram.complaint("getChat", chat_id=7) == "Bad Request: chat not found"


async def test_members(telegram: LocalTelegram) -> None:
    async def status(chat: object, user: int) -> str:
        member = await telegram.call("getChatMember", chat_id=chat, user_id=user)
        return str(member["status"])

    assert await status(GROUP, JOERG) == "member"
    assert await status(GROUP, ERIKA) == "left"
    assert await status(GROUP, 42) == "member"
    assert await status(CHANNEL, SABINE) == "creator"
    assert await status(CHANNEL, 42) == "administrator"
    assert await status(ERIKA, ERIKA) == "member"
    complaint = await telegram.complaint("getChatMember", chat_id=GROUP)
    assert complaint == "Bad Request: invalid user_id specified"


async def test_administrators_and_counts(telegram: LocalTelegram) -> None:
    admins = await telegram.call("getChatAdministrators", chat_id=CHANNEL)
    assert [one["user"]["id"] for one in admins] == [SABINE, 42]
    assert admins[1]["can_post_messages"] is True
    complaint = await telegram.complaint("getChatAdministrators", chat_id=ERIKA)
    assert complaint == "Bad Request: there are no administrators in the private chat"
    assert await telegram.call("getChatMemberCount", chat_id=GROUP) == 2
    assert await telegram.call("getChatMemberCount", chat_id=CHANNEL) == 6
    assert await telegram.call("getChatMemberCount", chat_id=ERIKA) == 2


async def test_leaving(telegram: LocalTelegram) -> None:
    assert await telegram.call("leaveChat", chat_id=GROUP) is True
    change, note = await telegram.new_updates()
    assert change["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert note["message"]["left_chat_member"]["id"] == 42
    refusal = await telegram.refused("getChatMemberCount", chat_id=GROUP)
    assert refusal == Refusal(403, "Forbidden: bot is not a member of the group chat")
    complaint = await telegram.complaint("leaveChat", chat_id=ERIKA)
    assert complaint == "Bad Request: can't leave private chats"


async def texts_seen(telegram: LocalTelegram) -> list[str]:
    return [update["message"]["text"] for update in await telegram.new_updates()]


async def test_privacy_mode(telegram: LocalTelegram) -> None:
    own = await telegram.call("sendMessage", chat_id=GROUP, text="Alarm")
    other = await telegram.says(JOERG, "Plauderei", GROUP)
    for text in (
        "/ack",
        "/ack@test_bot jetzt",
        "/ack@other_bot",
        "hallo @Test_Bot",
        "hallo @other_bot",
        "nicht /mitten im Text",
    ):
        await telegram.says(JOERG, text, GROUP)
    await telegram.says(JOERG, "Antwort", GROUP, reply_to_message_id=own["message_id"])
    await telegram.says(JOERG, "andere", GROUP, reply_to_message_id=other["message_id"])
    assert await texts_seen(telegram) == [
        "/ack",
        "/ack@test_bot jetzt",
        "hallo @Test_Bot",
        "Antwort",
    ]


async def test_an_administrator_sees_everything(telegram: LocalTelegram) -> None:
    await telegram.changes_member(GROUP, "promote")
    (change,) = await telegram.new_updates()
    assert change["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    await telegram.says(JOERG, "Plauderei", GROUP)
    assert await texts_seen(telegram) == ["Plauderei"]


async def test_a_member_who_has_left_writes_unseen(telegram: LocalTelegram) -> None:
    await telegram.changes_member(GROUP, "remove")
    change, note = await telegram.new_updates()
    assert change["my_chat_member"]["new_chat_member"] == {
        "user": change["my_chat_member"]["new_chat_member"]["user"],
        "status": "kicked",
        "until_date": 0,
    }
    assert note["message"]["left_chat_member"]["is_bot"] is True
    await telegram.says(JOERG, "/ack", GROUP)
    assert await telegram.new_updates() == []


async def test_comings_and_goings(telegram: LocalTelegram) -> None:
    await telegram.changes_member(GROUP, "add", AMY)
    await telegram.changes_member(GROUP, "add", AMY)
    await telegram.changes_member(GROUP, "remove", AMY)
    came, went = await telegram.new_updates()
    assert came["message"]["new_chat_members"][0]["id"] == AMY
    assert went["message"]["left_chat_member"]["id"] == AMY


async def test_membership_of_others_must_be_asked_for(telegram: LocalTelegram) -> None:
    await telegram.changes_member(GROUP, "promote")
    await telegram.updates(allowed_updates=["chat_member"])
    await telegram.new_updates()
    await telegram.changes_member(GROUP, "add", OLEKSANDR)
    (update,) = await telegram.new_updates()
    assert update["chat_member"]["new_chat_member"]["user"]["id"] == OLEKSANDR


async def test_channel_posts(telegram: LocalTelegram) -> None:
    await telegram.says(SABINE, "Neu online: /wohngeld", CHANNEL)
    (update,) = await telegram.new_updates()
    post = update["channel_post"]
    assert post["sender_chat"]["username"] == "corona_abi"
    assert "from" not in post
    status, answer = await telegram.try_sim(f"people/{ERIKA}/chats/{CHANNEL}/send", {"text": "x"})
    assert (status, answer) == (403, {"error": "only administrators may write here"})


async def test_blocking(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    assert await telegram.sim(f"people/{ERIKA}/block", {}) == {"blocked": True}
    await telegram.sim(f"people/{ERIKA}/block", {})
    assert await telegram.sim(f"people/{ERIKA}/unblock", {}) == {"blocked": False}
    changes: list[dict[str, Any]] = [one["my_chat_member"] for one in await telegram.updates()]
    assert [
        (one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in changes
    ] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]
    assert changes[0]["from"]["id"] == changes[0]["chat"]["id"] == ERIKA


async def test_a_blocked_bot_hears_nothing(telegram: LocalTelegram) -> None:
    await telegram.sim(f"people/{ERIKA}/block", {})
    status, answer = await telegram.try_sim(f"people/{ERIKA}/chats/{ERIKA}/send", {"text": "x"})
    assert (status, answer) == (403, {"error": "the bot is blocked"})


async def test_supergroups_have_their_own_ids(telegram: LocalTelegram) -> None:
    made = await telegram.sim(
        "chats", {"type": "supergroup", "title": "Stab", "members": [SABINE, JOERG]}
    )
    assert made["id"] == CHANNEL - 1
    assert made["bot_member"] is False
    await telegram.changes_member(made["id"], "add")
    said = await telegram.says(JOERG, "/hilfe", made["id"])
    assert said["message_id"] == 2
    change, note, command = await telegram.new_updates()
    assert change["my_chat_member"]["from"]["id"] == SABINE
    assert note["message"]["new_chat_members"][0]["id"] == 42
    assert command["message"]["chat"] == {"id": made["id"], "title": "Stab", "type": "supergroup"}
