"""A repetition says so before its words; an album counts as its pictures."""

import pytest
from aiogram.methods import SendLocation, SendMessage, SendPhoto
from aiogram.types import MessageEntity

from bot.rendering import messages_in, repeated
from handlers.messages import MAX_CAPTION, MAX_TEXT

MARK = "(Wiederholung)"


def test_the_mark_stands_before_html_which_stays_as_it_is() -> None:
    method = SendMessage(chat_id=1, text="<b>Hochwasser</b>\nStufe 3", parse_mode="HTML")
    assert repeated(method, MARK) == method.model_copy(
        update={"text": "(Wiederholung) <b>Hochwasser</b>\nStufe 3"}
    )


def test_a_text_of_full_length_is_cut_at_a_line() -> None:
    text = "\n".join(["x" * 99] * 41)[:MAX_TEXT]
    marked = repeated(SendMessage(chat_id=1, text=text), MARK)
    assert isinstance(marked, SendMessage)
    assert len(marked.text) <= MAX_TEXT
    assert marked.text.startswith(f"{MARK} xxx")
    assert marked.text.endswith("\n…")


def test_a_caption_is_marked_too_and_keeps_its_own_length() -> None:
    marked = repeated(SendPhoto(chat_id=1, photo="id", caption="y" * MAX_CAPTION), MARK)
    assert isinstance(marked, SendPhoto)
    assert marked.caption is not None
    assert len(marked.caption) <= MAX_CAPTION
    bare = repeated(SendPhoto(chat_id=1, photo="id"), MARK)
    assert isinstance(bare, SendPhoto)
    assert bare.caption == MARK


def test_what_is_marked_in_the_words_moves_along() -> None:
    entity = MessageEntity(type="bold", offset=2, length=4)
    marked = repeated(SendMessage(chat_id=1, text="🚨Halt!", entities=[entity]), "🔁")
    assert isinstance(marked, SendMessage)
    assert marked.entities is not None
    assert [(one.offset, one.length) for one in marked.entities] == [(5, 4)]


def test_what_has_no_words_is_repeated_as_it_is() -> None:
    method = SendLocation(chat_id=1, latitude=51.7, longitude=12.1)
    assert repeated(method, MARK) is method


@pytest.mark.parametrize(
    ("payload", "count"),
    [
        (None, 1),
        ({"text": "Hallo"}, 1),
        ({"media": [{}] * 7}, 7),
        ({"media": {"type": "photo"}}, 1),
        ({"message_ids": [1, 2, 3]}, 3),
        ({"media": []}, 1),
    ],
)
def test_several_messages_in_one_call_are_counted(
    payload: dict[str, object] | None, count: int
) -> None:
    assert messages_in(payload) == count
