"""Albums, voice, venues, drafts, reactions, topics, inline mode; accounts and groups change."""

import json
from typing import Any

import aiohttp
import pytest

from tests.simulator.pictures import png
from tests.simulator.telegram import (
    CHANNEL,
    ERIKA,
    GROUP,
    JOERG,
    SABINE,
    LocalTelegram,
    Refusal,
    next_event,
)

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

THUMB = [{"type": "emoji", "emoji": "👍"}]
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def album(telegram: LocalTelegram, media: list[dict[str, Any]], **values: Any) -> Any:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(ERIKA))
    form.add_field("media", json.dumps(media))
    for name, value in values.items():
        form.add_field(name, value, filename=f"{name}.png")
    async with telegram.http.post(f"{telegram.api}/sendMediaGroup", data=form) as answer:
        body = await answer.json()
        return body["result"] if body["ok"] else body["description"]


def pictures(count: int) -> list[dict[str, Any]]:
    return [{"type": "photo", "media": "attach://a"} for _ in range(count)]


async def test_an_album(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    media = [{**one, "caption": "<b>x</b>", "parse_mode": "HTML"} for one in pictures(2)]
    one, two = await album(telegram, media, a=png(2, 2))
    assert one["media_group_id"] == two["media_group_id"]
    assert one["message_id"] + 1 == two["message_id"]
    assert one["caption_entities"] == [{"offset": 0, "length": 1, "type": "bold"}]
    assert "media_group_id" not in (await album(telegram, pictures(1), a=png(2, 2)))[0]


@pytest.mark.parametrize(
    ("media", "complaint"),
    [
        (pictures(11), "too many messages to send as an album"),
        ([], "there are no messages to send"),
        (
            [*pictures(1), {"type": "document", "media": "attach://a"}],
            "document can't be mixed with other media types",
        ),
        ([{"type": "photo"}], "can't parse InputMedia: media not found"),
        ([{"type": "photo", "media": "attach://b"}], "can't parse InputMedia: media not found"),
        (
            [{"type": "x", "media": "attach://a"}],
            'can\'t parse InputMedia: type "x" is unsupported',
        ),
        ([1], "can't parse InputMedia: expected an Object"),
        ({}, "expected an Array of InputMedia"),
    ],
)
async def test_albums_that_are_refused(
    telegram: LocalTelegram, media: Any, complaint: str
) -> None:
    await telegram.starts(ERIKA)
    assert await album(telegram, media, a=png(2, 2)) == f"Bad Request: {complaint}"


async def test_the_largest_album(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    assert len(await album(telegram, pictures(10), a=png(2, 2))) == 10


async def test_a_voice_message(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    body = await telegram.upload(
        "sendVoice", "voice", b"OggS", "a.oga", chat_id=ERIKA, duration=3, caption="hört"
    )
    voice = body["result"]["voice"]
    assert (voice["duration"], voice["file_size"], body["result"]["caption"]) == (3, 4, "hört")
    again = await telegram.call("sendVoice", chat_id=ERIKA, voice=voice["file_id"])
    assert again["voice"]["file_id"] == voice["file_id"]
    wrong = await telegram.complaint("sendPhoto", chat_id=ERIKA, photo=voice["file_id"])
    assert wrong == "Bad Request: can't use file of type Document as Photo"


async def test_a_venue(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    place = {"latitude": 51.75, "longitude": 11.97}
    named = {"title": "Rathaus", "address": "Markt 1"}
    sent = await telegram.call("sendVenue", chat_id=ERIKA, **place, **named, foursquare_id="7")
    assert sent["venue"] == {"location": place, **named, "foursquare_id": "7"}
    far = await telegram.complaint("sendVenue", chat_id=ERIKA, latitude=91, longitude=1, **named)
    assert far == "Bad Request: wrong venue location specified"


async def test_media_can_be_replaced(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    sent = (await telegram.upload("sendPhoto", "photo", png(2, 2), "a.png", chat_id=ERIKA))[
        "result"
    ]
    place = {"chat_id": ERIKA, "message_id": sent["message_id"]}
    media = json.dumps({"type": "document", "media": "attach://b", "caption": "neu"})
    edited = await telegram.upload("editMessageMedia", "b", b"abc", "b.txt", **place, media=media)
    assert edited["result"]["document"]["file_name"] == "b.txt"
    assert edited["result"]["caption"] == "neu"
    assert "photo" not in edited["result"]
    media = json.dumps({"type": "x", "media": "y"})
    refused = await telegram.complaint("editMessageMedia", **place, media=media)
    assert refused == 'Bad Request: can\'t parse InputMedia: type "x" is unsupported'


async def test_a_draft_is_only_shown(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    url = f"{telegram.address}/sim/events"
    async with telegram.http.get(url, params={"person": ERIKA}) as stream:
        assert await telegram.call("sendMessageDraft", chat_id=ERIKA, draft_id=7, text="Mo")
        assert await next_event(stream) == ("draft", {"chat": ERIKA, "draft_id": 7, "text": "Mo"})
    refused = await telegram.complaint("sendMessageDraft", chat_id=ERIKA, draft_id=0, text="x")
    assert refused == "Bad Request: RANDOM_ID_INVALID"
    assert len(await telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/messages")) == 1


async def test_reactions(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    await telegram.updates(allowed_updates=["message_reaction", "message_reaction_count"])
    sent = await telegram.call("sendMessage", chat_id=ERIKA, text="x")
    body = {"message_id": sent["message_id"], "reaction": THUMB}
    shown = await telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/react", body)
    assert shown["sim"]["reactions"] == [{"type": THUMB[0], "total_count": 1}]
    assert shown["sim"]["own_reactions"] == ["👍"]
    (update,) = await telegram.new_updates()
    reaction = update["message_reaction"]
    assert (reaction["user"]["id"], reaction["old_reaction"]) == (ERIKA, [])
    assert reaction["new_reaction"] == THUMB
    place = {"chat_id": ERIKA, "message_id": sent["message_id"]}
    assert await telegram.call("setMessageReaction", **place, reaction=THUMB)
    assert await telegram.new_updates() == []
    for reaction, complaint in (
        (THUMB * 2, "REACTIONS_TOO_MANY"),
        ([{"type": "emoji", "emoji": "x"}], "REACTION_INVALID"),
        ([{"type": "x"}], "can't parse ReactionType: invalid reaction type specified"),
        ({}, "expected an Array of ReactionType"),
    ):
        refused = await telegram.complaint("setMessageReaction", **place, reaction=reaction)
        assert refused == f"Bad Request: {complaint}"


async def test_reactions_in_a_channel_are_only_counted(telegram: LocalTelegram) -> None:
    await telegram.updates(allowed_updates=["message_reaction_count"])
    sent = await telegram.call("sendMessage", chat_id=CHANNEL, text="x")
    body = {"message_id": sent["message_id"], "reaction": THUMB}
    for person in (ERIKA, SABINE):
        await telegram.sim(f"people/{person}/chats/{CHANNEL}/react", body)
    counts = [one["message_reaction_count"]["reactions"] for one in await telegram.updates()]
    assert counts == [[{"type": THUMB[0], "total_count": number}] for number in (1, 2)]


async def test_topics(telegram: LocalTelegram) -> None:
    body = {"type": "supergroup", "title": "Stab", "members": [SABINE], "is_forum": True}
    chat = (await telegram.sim("chats", body))["id"]
    await telegram.changes_member(chat, "add")
    refused = await telegram.complaint("createForumTopic", chat_id=chat, name="Pegel")
    assert refused == "Bad Request: not enough rights to create a topic"
    await telegram.changes_member(chat, "promote")
    topic = await telegram.call("createForumTopic", chat_id=chat, name="Pegel" + "x" * 124)
    assert len(topic["name"]) == 128
    place = {"chat_id": chat, "message_thread_id": topic["message_thread_id"]}
    sent = await telegram.call("sendMessage", **place, text="2,40 m")
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (
        topic["message_thread_id"],
        True,
    )
    assert await telegram.call("editForumTopic", **place, name="Pegel 1")
    assert await telegram.call("closeForumTopic", **place)
    unchanged = "Bad Request: TOPIC_NOT_MODIFIED"
    assert await telegram.complaint("closeForumTopic", **place) == unchanged
    assert await telegram.call("reopenForumTopic", **place)
    place["message_thread_id"] = 999
    missing = await telegram.complaint("sendMessage", **place, text="x")
    assert missing == "Bad Request: message thread not found"
    refused = await telegram.complaint("createForumTopic", chat_id=GROUP, name="x")
    assert refused == "Bad Request: the chat is not a forum"


def article(number: int) -> dict[str, Any]:
    content = {"message_text": "<b>Text</b>", "parse_mode": "HTML"}
    return {
        "type": "article",
        "id": str(number),
        "title": "T",
        "input_message_content": content,
    }


async def asks(telegram: LocalTelegram) -> str:
    return str(
        (await telegram.sim(f"people/{ERIKA}/inline", {"query": "pass"}))["inline_query_id"]
    )


async def test_inline_mode(telegram: LocalTelegram) -> None:
    query = await asks(telegram)
    (update,) = await telegram.new_updates()
    assert update["inline_query"]["query"] == "pass"
    found = [article(number) for number in range(50)]
    assert await telegram.call("answerInlineQuery", inline_query_id=query, results=found)
    assert (await telegram.sim(f"people/{ERIKA}/inline/{query}"))["results"] == found
    path = f"people/{ERIKA}/chats/{ERIKA}/choose"
    message = await telegram.sim(path, {"inline_query_id": query, "result_id": "3"})
    assert (message["text"], message["via_bot"]["id"]) == ("Text", 42)
    chosen = (await telegram.new_updates())[0]["chosen_inline_result"]
    assert (chosen["result_id"], chosen["query"]) == ("3", "pass")
    again = {"inline_query_id": query, "results": []}
    assert await telegram.complaint("answerInlineQuery", **again) == TOO_OLD


@pytest.mark.parametrize(
    ("results", "complaint"),
    [
        ([article(number) for number in range(51)], "too many inline query results specified"),
        ([article(1), article(1)], "RESULT_ID_DUPLICATE"),
        ([article(1) | {"id": "x" * 65}], "RESULT_ID_INVALID"),
        ([{"id": "1"}], "can't parse inline query result: Can't find field \"type\""),
        ({}, "expected an Array of inline query results"),
    ],
)
async def test_inline_answers_that_are_refused(
    telegram: LocalTelegram, results: Any, complaint: str
) -> None:
    query = await asks(telegram)
    refused = await telegram.complaint("answerInlineQuery", inline_query_id=query, results=results)
    assert refused == f"Bad Request: {complaint}"


async def test_an_inline_query_lives_30_seconds(telegram: LocalTelegram) -> None:
    query = await asks(telegram)
    telegram.clock.advance(29)
    assert len(await telegram.updates()) == 1
    telegram.clock.advance(1)
    assert await telegram.updates() == []
    assert await telegram.call("answerInlineQuery", inline_query_id=query, results=[])
    late = await asks(telegram)
    telegram.clock.advance(31)
    refused = await telegram.complaint("answerInlineQuery", inline_query_id=late, results=[])
    assert refused == TOO_OLD


async def test_a_deleted_account(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    assert (await telegram.sim(f"people/{ERIKA}/deactivate", {}))["deactivated"] is True
    gone = Refusal(403, "Forbidden: user is deactivated")
    assert await telegram.refused("sendMessage", chat_id=ERIKA, text="x") == gone
    path = f"people/{ERIKA}/chats/{ERIKA}/send"
    assert (await telegram.try_sim(path, {"text": "x"}))[0] == 403
    await telegram.sim(f"people/{ERIKA}/deactivate", {"deactivated": False})
    await telegram.call("sendMessage", chat_id=ERIKA, text="x")


async def test_a_group_becomes_a_supergroup(telegram: LocalTelegram) -> None:
    grown = (await telegram.sim(f"chats/{GROUP}/upgrade", {}))["id"]
    moved, arrived = (one["message"] for one in await telegram.new_updates())
    assert (moved["chat"]["id"], moved["migrate_to_chat_id"]) == (GROUP, grown)
    assert (arrived["chat"]["id"], arrived["migrate_from_chat_id"]) == (grown, GROUP)
    refusal = await telegram.refused("sendMessage", chat_id=GROUP, text="x")
    assert refusal == Refusal(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": grown},
    )
    sent = await telegram.call("sendMessage", chat_id=grown, text="x")
    assert (sent["message_id"], sent["chat"]["type"]) == (2, "supergroup")
    chats = [one["id"] for one in await telegram.sim(f"people/{JOERG}/chats")]
    assert grown in chats
    assert GROUP not in chats
    assert (await telegram.try_sim(f"chats/{GROUP}/upgrade", {}))[0] == 400
    await telegram.changes_member(grown, "remove")
    kicked = Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
    assert await telegram.refused("sendMessage", chat_id=grown, text="x") == kicked


async def test_leaving_the_server(telegram: LocalTelegram) -> None:
    await telegram.says(ERIKA, "x")
    await telegram.call("setWebhook", url="http://127.0.0.1:9/")
    assert await telegram.call("close") is True
    assert len(await telegram.updates()) == 1
    assert await telegram.call("logOut") is True
    assert await telegram.updates() == []
