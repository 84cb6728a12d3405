"""Limits at n and n + 1, and refusals word for word, where no other test has them."""

from typing import Any

import pytest

from tests.simulator.telegram import CHANNEL, ERIKA, GROUP, SABINE, LocalTelegram

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def article(identifier: str = "a") -> dict[str, Any]:
    content = {"message_text": "x"}
    return {"type": "article", "id": identifier, "title": "T", "input_message_content": content}


async def asked(telegram: LocalTelegram, query: str = "pass") -> str:
    """Return the id of a fresh inline query."""
    answer = await telegram.sim(f"people/{ERIKA}/inline", {"query": query})
    return str(answer["inline_query_id"])


@pytest.mark.parametrize(
    ("fits", "too_much", "complaint"),
    [
        ({"next_offset": "x" * 64}, {"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ({"results": [article("x" * 64)]}, {"results": [article("x" * 65)]}, "RESULT_ID_INVALID"),
        (
            {"results": [article(str(number)) for number in range(50)]},
            {"results": [article(str(number)) for number in range(51)]},
            "too many inline query results specified",
        ),
    ],
)
async def test_inline_answers(
    telegram: LocalTelegram, fits: dict[str, Any], too_much: dict[str, Any], complaint: str
) -> None:
    query = await asked(telegram)
    wrong = {"inline_query_id": query, "results": []} | too_much
    assert await telegram.complaint("answerInlineQuery", **wrong) == f"Bad Request: {complaint}"
    assert await telegram.call("answerInlineQuery", **(wrong | {"next_offset": ""} | fits))


async def test_an_inline_query_has_256_letters(telegram: LocalTelegram) -> None:
    assert await asked(telegram, "x" * 256)
    status, _ = await telegram.try_sim(f"people/{ERIKA}/inline", {"query": "x" * 257})
    assert status == 400


async def test_an_inline_query_lives_thirty_seconds(telegram: LocalTelegram) -> None:
    first, second = await asked(telegram), await asked(telegram)
    telegram.clock.advance(30)
    assert await telegram.call("answerInlineQuery", inline_query_id=first, results=[])
    telegram.clock.advance(0.1)
    refusal = await telegram.complaint("answerInlineQuery", inline_query_id=second, results=[])
    assert refusal == f"Bad Request: {TOO_OLD}"


async def test_of_many_entities_the_first_hundred_count(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    for given in (100, 101):
        text = " ".join(["#a"] * given)
        sent = await telegram.call("sendMessage", chat_id=ERIKA, text=text)
        assert len(sent["entities"]) == 100


@pytest.mark.parametrize(("wished", "granted"), [(0, 1), (1, 1), (100, 100), (101, 100)])
async def test_connections_of_a_webhook(
    telegram: LocalTelegram, wished: int, granted: int
) -> None:
    url = "http://127.0.0.1:9/"
    await telegram.call("setWebhook", url=url, max_connections=wished)
    assert (await telegram.call("getWebhookInfo"))["max_connections"] == granted


@pytest.mark.parametrize("port", [80, 88, 443, 8443])
async def test_ports_of_a_webhook(telegram: LocalTelegram, port: int) -> None:
    assert await telegram.call("setWebhook", url=f"http://127.0.0.1:{port}/")


async def test_refusals_word_for_word(telegram: LocalTelegram) -> None:
    async def refused(method: str = "sendMessage", **arguments: Any) -> tuple[int, str]:
        refusal = await telegram.refused(method, **({"text": "x"} | arguments))
        return refusal.code, refusal.description

    await telegram.starts(ERIKA)
    sent = await telegram.call("sendMessage", chat_id=ERIKA, text="x")
    assert await refused(chat_id=5) == (400, "Bad Request: chat not found")
    place = {"chat_id": ERIKA, "message_id": sent["message_id"]}
    same = (
        "Bad Request: message is not modified: specified new message content and reply markup are"
        " exactly the same as a current content and reply markup of the message"
    )
    assert await refused("editMessageText", **place) == (400, same)
    assert await refused("answerCallbackQuery", callback_query_id="1") == (
        400,
        f"Bad Request: {TOO_OLD}",
    )
    assert await refused("dance") == (404, "Not Found: method not found")
    await telegram.sim(f"people/{ERIKA}/block", {})
    blocked = (403, "Forbidden: bot was blocked by the user")
    assert await refused(chat_id=ERIKA) == blocked
    await telegram.sim(f"people/{ERIKA}/deactivate", {})
    assert await refused(chat_id=ERIKA) == (403, "Forbidden: user is deactivated")
    closed = (403, "Forbidden: bot can't initiate conversation with a user")
    assert await refused(chat_id=SABINE) == closed
    grown = (await telegram.sim(f"chats/{GROUP}/upgrade", {}))["id"]
    upgraded = await telegram.refused("sendMessage", chat_id=GROUP, text="x")
    assert upgraded.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert upgraded.parameters == {"migrate_to_chat_id": grown}
    await telegram.changes_member(grown, "remove")
    kicked = (403, "Forbidden: bot was kicked from the supergroup chat")
    assert await refused(chat_id=grown) == kicked
    await telegram.sim("limits", {"strict": True, "reset": True})
    for _ in range(20):
        await telegram.call("sendMessage", chat_id=CHANNEL, text="x")
    assert await refused(chat_id=CHANNEL) == (429, "Too Many Requests: retry after 60")


async def test_a_wrong_token(telegram: LocalTelegram) -> None:
    for token, reason in (("x", ": invalid token specified"), ("43:TEST", "")):
        async with telegram.http.get(f"{telegram.address}/bot{token}/getMe") as response:
            body = await response.json()
        assert (body["error_code"], body["description"]) == (401, f"Unauthorized{reason}")
