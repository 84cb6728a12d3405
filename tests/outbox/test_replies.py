"""What a handler answers comes out of the outbox as it went in, addressed to the chat of today."""

import json
from typing import Any

import pytest
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    SendDocument,
    SendMediaGroup,
    SendMessage,
    SendPoll,
    SetMessageReaction,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    InputMediaPhoto,
    InputPollOption,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.replies import address_of, as_list, as_method, as_reply
from handlers.buttons.citizens import ShowMenu
from handlers.messages import button, link, say
from services.outbox.service import Reply

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80)


def through_the_database(method: TelegramMethod[Any], telegram_id: int) -> TelegramMethod[Any]:
    reply = as_reply(method)
    return as_method(reply.method, json.loads(json.dumps(reply.payload)), telegram_id)


@settings(max_examples=50)
@given(words=WORDS, label=WORDS, chat=st.integers(-(2**52), 2**52))
def test_a_message_with_buttons_comes_out_as_it_went_in(words: str, label: str, chat: int) -> None:
    rows = [
        [button(label, ShowMenu()), button("zwei", ShowMenu(situation="umzug", page=3))],
        [link("mehr", "https://www.koethen-anhalt.de/?a=b&c=d")],
    ]
    method = say(chat, words, rows)
    assert through_the_database(method, chat) == method


@settings(max_examples=20)
@given(content=st.binary(max_size=300), name=WORDS)
def test_a_file_comes_out_as_it_went_in(content: bytes, name: str) -> None:
    document = BufferedInputFile(content, name)
    sent = through_the_database(SendDocument(chat_id=1, document=document, caption="x"), 1)
    assert isinstance(sent, SendDocument)
    assert isinstance(sent.document, BufferedInputFile)
    assert (sent.document.data, sent.document.filename) == (content, name)
    assert sent.caption == "x"


@pytest.mark.parametrize(
    "method",
    [
        SendMessage(
            chat_id=1, text="x", entities=[MessageEntity(type="bold", offset=0, length=1)]
        ),
        SendMessage(chat_id=1, text="x", reply_parameters=ReplyParameters(message_id=3)),
        SendMediaGroup(chat_id=1, media=[InputMediaPhoto(media="a"), InputMediaPhoto(media="b")]),
        SendPoll(chat_id=1, question="?", options=[InputPollOption(text="ja"), "nein"]),
        SetMessageReaction(chat_id=1, message_id=3, reaction=[ReactionTypeEmoji(emoji="👍")]),
        EditMessageText(chat_id=1, message_id=7, text="neu", parse_mode="HTML"),
    ],
    ids=lambda method: type(method).__name__,
)
def test_every_kind_of_method_survives(method: TelegramMethod[Any]) -> None:
    assert through_the_database(method, 1) == method


def test_it_goes_to_the_chat_s_present_number() -> None:
    sent = through_the_database(say(-5, "hallo"), -100500)
    assert address_of(sent) == -100500


def test_the_chat_s_number_is_not_part_of_the_row() -> None:
    assert "chat_id" not in as_reply(say(-5, "hallo")).payload


def test_an_unknown_method_is_an_error_not_a_surprise() -> None:
    with pytest.raises(AttributeError):
        as_method("SendNothing", {}, 1)


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        (None, 0),
        (say(1, "x"), 1),
        ([say(1, "x"), say(1, "y")], 2),
        ((say(1, "x"), None, "text"), 1),
        ("text", 0),
        (object(), 0),
        ([], 0),
    ],
)
def test_whatever_a_handler_returns_becomes_a_list(answer: object, count: int) -> None:
    assert len(as_list(answer)) == count


@pytest.mark.parametrize(
    "method", [AnswerCallbackQuery(callback_query_id="1"), SendMessage(chat_id="@name", text="x")]
)
def test_what_names_no_chat_we_know_cannot_be_queued(method: TelegramMethod[Any]) -> None:
    with pytest.raises(TypeError):
        address_of(method)


def test_a_reply_is_plain_data() -> None:
    reply = as_reply(say(1, "hallo"))
    assert reply == Reply(
        "SendMessage",
        {"text": "hallo", "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}},
    )
