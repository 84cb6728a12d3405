"""Inline and reply keyboards: form, limits, complaints."""

from typing import Any

import pytest

from tests.simulator.telegram import CHANNEL, ERIKA, GROUP, JOERG, LocalTelegram

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


@pytest.fixture
async def erika(telegram: LocalTelegram) -> int:
    await telegram.starts(ERIKA)
    return ERIKA


async def sent(telegram: LocalTelegram, chat: int, markup: Any) -> Any:
    return await telegram.call("sendMessage", chat_id=chat, text="x", reply_markup=markup)


def inline(*buttons: Any) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


async def test_inline_buttons(telegram: LocalTelegram, erika: int) -> None:
    markup = inline(
        {"text": "a", "callback_data": "x" * 64},
        {"text": "b", "url": "https://example.org"},
        {"text": "c", "copy_text": {"text": "y" * 256}},
        {"text": "d", "callback_data": "z", "style": "danger"},
    )
    message = await sent(telegram, erika, markup)
    markup["inline_keyboard"][0][1]["url"] = "https://example.org/"
    assert message["reply_markup"] == markup


@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        ({"text": "a", "callback_data": "ä" * 32 + "x"}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "copy_text": {"text": "y" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "a", "url": "nowhere"},
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "a", "url": "ftp://x.de"},
            "inline keyboard button URL 'ftp://x.de' is invalid: Unsupported URL protocol",
        ),
        (
            {"text": "a"},
            (
                "can't parse inline keyboard button: Text buttons are unallowed in the inline"
                " keyboard"
            ),
        ),
        (
            {"callback_data": "a"},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            {"text": ["a"], "callback_data": "a"},
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        ("a", "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
        (
            {"text": "a", "callback_data": "a", "style": "loud"},
            "can't parse inline keyboard button: invalid button style specified",
        ),
    ],
)
async def test_wrong_inline_buttons(
    telegram: LocalTelegram, erika: int, button: object, complaint: str
) -> None:
    refusal = await telegram.complaint(
        "sendMessage", chat_id=erika, text="x", reply_markup=inline(button)
    )
    assert refusal == f"Bad Request: {complaint}"


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        ("null", "object expected as reply markup"),
        ({"keyboard": "x"}, 'field "keyboard" must be of type Array'),
        ({"keyboard": ["x"]}, 'field "keyboard" must be an Array of Arrays'),
        (
            {"inline_keyboard": ["x"]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        ({"remove_keyboard": 1}, 'field "remove_keyboard" must be of type Boolean'),
        (
            {"keyboard": [[5]]},
            "can't parse keyboard button: KeyboardButton must be a String or an Object",
        ),
    ],
)
async def test_wrong_markup(
    telegram: LocalTelegram, erika: int, markup: object, complaint: str
) -> None:
    refusal = await telegram.complaint("sendMessage", chat_id=erika, text="x", reply_markup=markup)
    assert refusal == f"Bad Request: {complaint}"


async def test_buttons_without_text_and_beyond_the_limits_are_dropped(
    telegram: LocalTelegram, erika: int
) -> None:
    button = {"text": "a", "callback_data": "a"}
    rows = [[{"text": "", "callback_data": "a"}], [button] * 20, *[[button]] * 400]
    message = await sent(telegram, erika, {"inline_keyboard": rows})
    kept = message["reply_markup"]["inline_keyboard"]
    assert len(kept[0]) == 12
    assert sum(map(len, kept)) == 300


async def keyboard_of(telegram: LocalTelegram, person: int, chat: int) -> Any:
    views = await telegram.sim(f"people/{person}/chats")
    return next(view["keyboard"] for view in views if view["id"] == chat)


async def test_reply_keyboards(telegram: LocalTelegram, erika: int) -> None:
    markup: dict[str, Any] = {
        "keyboard": [["Hilfe", {"text": "Standort", "request_location": True}]],
        "resize_keyboard": True,
        "input_field_placeholder": "Ihre Frage",
    }
    message = await sent(telegram, erika, markup)
    assert "reply_markup" not in message
    shown = await keyboard_of(telegram, erika, erika)
    assert shown == markup | {"keyboard": [[{"text": "Hilfe"}, markup["keyboard"][0][1]]]}
    await sent(telegram, erika, {"force_reply": True})
    assert await keyboard_of(telegram, erika, erika) == shown
    await sent(telegram, erika, {"remove_keyboard": True})
    assert await keyboard_of(telegram, erika, erika) is None


@pytest.mark.parametrize(
    ("request_name", "complaint"),
    [
        ("request_contact", "phone number can be requested in private chats only"),
        ("request_location", "location can be requested in private chats only"),
    ],
)
async def test_requests_belong_into_private_chats(
    telegram: LocalTelegram, request_name: str, complaint: str
) -> None:
    markup = {"keyboard": [[{"text": "x", request_name: True}]]}
    refusal = await telegram.complaint("sendMessage", chat_id=GROUP, text="x", reply_markup=markup)
    assert refusal == f"Bad Request: {complaint}"


async def test_selective_keyboards_go_to_whom_the_message_answers(
    telegram: LocalTelegram,
) -> None:
    await telegram.changes_member(GROUP, "add", ERIKA)
    asked = await telegram.says(JOERG, "/hilfe", GROUP)
    await telegram.call(
        "sendMessage",
        chat_id=GROUP,
        text="x",
        reply_parameters={"message_id": asked["message_id"]},
        reply_markup={"keyboard": [["ja"]], "selective": True},
    )
    assert await keyboard_of(telegram, JOERG, GROUP)
    assert await keyboard_of(telegram, ERIKA, GROUP) is None


async def test_channels_take_inline_keyboards_only(telegram: LocalTelegram) -> None:
    markup = {"keyboard": [["ja"]]}
    refusal = await telegram.complaint(
        "sendMessage", chat_id=CHANNEL, text="x", reply_markup=markup
    )
    assert refusal == "Bad Request: inline keyboard expected"
