"""How long what waits for the bot lives, to the second."""

import pytest

from tests.simulator.telegram import ERIKA, Endpoint, LocalTelegram, eventually

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def pressed(telegram: LocalTelegram) -> str:
    await telegram.starts(ERIKA)
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    message = await telegram.call("sendMessage", chat_id=ERIKA, text="x", reply_markup=markup)
    await telegram.presses(ERIKA, message, 0, 0)
    (update,) = await telegram.updates()
    return str(update["callback_query"]["id"])


async def test_a_press_waits_150_seconds(telegram: LocalTelegram) -> None:
    await pressed(telegram)
    telegram.clock.advance(149)
    assert len(await telegram.updates()) == 1
    telegram.clock.advance(1)
    assert await telegram.updates() == []


async def test_a_press_can_be_answered_for_150_seconds(telegram: LocalTelegram) -> None:
    query = await pressed(telegram)
    telegram.clock.advance(150)
    assert await telegram.call("answerCallbackQuery", callback_query_id=query)
    late = await pressed(telegram)
    telegram.clock.advance(151)
    assert await telegram.complaint("answerCallbackQuery", callback_query_id=late) == TOO_OLD


@pytest.mark.parametrize(("age", "arrives"), [(86_399, True), (86_400, False)])
async def test_my_chat_member_waits_a_day(
    telegram: LocalTelegram, age: int, arrives: bool
) -> None:
    await telegram.starts(ERIKA)
    await telegram.sim(f"people/{ERIKA}/block", {})
    telegram.clock.advance(age)
    assert ["my_chat_member" in one for one in await telegram.updates()] == [True] * arrives


async def test_a_webhook_never_gets_what_is_too_old(
    telegram: LocalTelegram, endpoint: Endpoint
) -> None:
    await pressed(telegram)
    await telegram.says(ERIKA, "lebt länger")
    telegram.clock.advance(151)
    await telegram.call("setWebhook", url=endpoint.url)
    await endpoint.has_received(1)
    await eventually(lambda: not telegram.world.updates.pending())
    assert endpoint.texts() == ["lebt länger"]
