"""Edited messages and answered button presses."""

from typing import Any

import pytest

from tests.simulator.pictures import png
from tests.simulator.telegram import AMY, CHANNEL, ERIKA, LocalTelegram, Refusal

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

BUTTONS = {"inline_keyboard": [[{"text": "a", "callback_data": "eins"}]]}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are"
    " exactly the same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def message(telegram: LocalTelegram) -> dict[str, Any]:
    await telegram.starts(ERIKA)
    sent: dict[str, Any] = await telegram.call(
        "sendMessage", chat_id=ERIKA, text="alt", reply_markup=BUTTONS
    )
    return sent


def place(message: dict[str, Any]) -> dict[str, int]:
    return {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}


async def test_a_new_text_drops_the_buttons(
    telegram: LocalTelegram, message: dict[str, Any]
) -> None:
    telegram.clock.advance(5)
    edited = await telegram.call("editMessageText", **place(message), text="neu")
    expected = message | {"text": "neu", "edit_date": message["date"] + 5}
    del expected["reply_markup"]
    assert edited == expected


async def test_not_modified(telegram: LocalTelegram, message: dict[str, Any]) -> None:
    same = {"text": "alt", "reply_markup": BUTTONS}
    assert await telegram.complaint("editMessageText", **place(message), **same) == NOT_MODIFIED
    complaint = await telegram.complaint(
        "editMessageReplyMarkup", **place(message), reply_markup=BUTTONS
    )
    assert complaint == NOT_MODIFIED
    edited = await telegram.call("editMessageReplyMarkup", **place(message))
    assert "reply_markup" not in edited


async def test_edits_that_are_refused(telegram: LocalTelegram, message: dict[str, Any]) -> None:
    async def complaint(method: str, **arguments: Any) -> str:
        return await telegram.complaint(method, **(place(message) | arguments))

    assert await complaint("editMessageText") == "Bad Request: message text is empty"
    assert await complaint("editMessageText", text="x", message_id=99) == (
        "Bad Request: message to edit not found"
    )
    assert await complaint("editMessageText", text="x", message_id=1) == (
        "Bad Request: message can't be edited"
    )
    assert await complaint("editMessageText", text="x" * 4097) == (
        "Bad Request: message is too long"
    )
    assert await complaint("editMessageCaption", caption="x") == (
        "Bad Request: there is no caption in the message to edit"
    )
    assert await complaint("editMessageText", text="x", reply_markup={"force_reply": True}) == (
        "Bad Request: inline keyboard expected"
    )
    assert await telegram.complaint("editMessageText", text="x") == (
        "Bad Request: message identifier is not specified"
    )


async def test_captions(telegram: LocalTelegram, message: dict[str, Any]) -> None:
    answer = await telegram.upload("sendPhoto", "photo", png(9, 9), "x.png", chat_id=ERIKA)
    photo = answer["result"]
    edited = await telegram.call(
        "editMessageCaption", **place(photo), caption="<i>neu</i>", parse_mode="HTML"
    )
    assert edited["caption"] == "neu"
    assert edited["caption_entities"] == [{"offset": 0, "length": 3, "type": "italic"}]
    edited = await telegram.call("editMessageCaption", **place(photo))
    assert "caption" not in edited
    assert await telegram.complaint("editMessageCaption", **place(photo)) == NOT_MODIFIED
    complaint = await telegram.complaint("editMessageText", **place(photo), text="x")
    assert complaint == "Bad Request: there is no text in the message to edit"


async def test_an_administrator_edits_any_post_of_a_channel(telegram: LocalTelegram) -> None:
    post = await telegram.says(2001, "Tippfeler", CHANNEL)
    edited = await telegram.call("editMessageText", **place(post), text="Tippfehler")
    assert edited["text"] == "Tippfehler"


async def test_a_press_and_its_answer(telegram: LocalTelegram, message: dict[str, Any]) -> None:
    assert await telegram.presses(ERIKA, message, 0, 0) == {"ok": True}
    (update,) = await telegram.new_updates()
    query = update["callback_query"]
    assert query["data"] == "eins"
    assert query["from"]["id"] == ERIKA
    assert query["message"] == message
    assert query["chat_instance"]
    answer = {"callback_query_id": query["id"], "text": "x" * 200}
    too_long = answer | {"text": "x" * 201}
    complaint = await telegram.complaint("answerCallbackQuery", **too_long)
    assert complaint == "Bad Request: MESSAGE_TOO_LONG"
    assert await telegram.call("answerCallbackQuery", **answer) is True
    assert await telegram.complaint("answerCallbackQuery", **answer) == TOO_OLD
    assert await telegram.complaint("answerCallbackQuery", callback_query_id="x") == TOO_OLD


async def test_a_late_answer(telegram: LocalTelegram, message: dict[str, Any]) -> None:
    await telegram.presses(ERIKA, message, 0, 0)
    (update,) = await telegram.updates()
    telegram.clock.advance(151)
    refusal = await telegram.refused(
        "answerCallbackQuery", callback_query_id=update["callback_query"]["id"]
    )
    assert refusal == Refusal(400, TOO_OLD)
    assert await telegram.updates() == []


async def test_presses_that_miss(telegram: LocalTelegram, message: dict[str, Any]) -> None:
    button = {"message_id": message["message_id"], "row": 0, "column": 7}
    path = f"people/{ERIKA}/chats/{ERIKA}/press"
    status, answer = await telegram.try_sim(path, button)
    assert (status, answer) == (400, {"error": "there is no such button"})
    status, _ = await telegram.try_sim(f"people/{AMY}/chats/{ERIKA}/press", button)
    assert status == 403


async def test_a_person_edits_their_own_message(telegram: LocalTelegram) -> None:
    said = await telegram.says(ERIKA, "Hundesteur")
    body = {"message_id": said["message_id"], "text": "Hundesteuer"}
    await telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/edit", body)
    first, second = await telegram.new_updates()
    assert first["message"]["text"] == "Hundesteur"
    assert second["edited_message"]["text"] == "Hundesteuer"
    assert second["edited_message"]["edit_date"]
