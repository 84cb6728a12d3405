"""What of an update is kept, who acts in it, and whose turn it is."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from aiogram.types import Update
from hypothesis import given, settings
from hypothesis import strategies as st

from services.inbox.rules import (
    BIGGEST_ID,
    NAMES,
    OTHERS,
    person_of,
    turn,
    without_keys,
    without_names,
)

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
USER = {
    "id": 7,
    "is_bot": False,
    "first_name": "Erika Planted",
    "last_name": "Planted",
    "username": "planted",
    "language_code": "de",
}
GROUP = {"id": -7, "type": "supergroup", "title": "Planted", "username": "planted"}
MESSAGE = {"message_id": 1, "date": 1, "chat": GROUP, "from": USER, "text": "Guten Tag"}
OTHER = {**USER, "id": 4242}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "text", "from", "title", *sorted(NAMES | OTHERS)]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def kept(**more: object) -> str:
    """Return what is stored of a message, after Telegram's own types have accepted it."""
    update = without_names({"update_id": 1, "message": {**MESSAGE, **more}})
    Update.model_validate(update)
    return json.dumps(update)


def test_language_words_and_ids_of_the_one_who_writes_are_kept() -> None:
    assert without_names(MESSAGE) == {
        "message_id": 1,
        "date": 1,
        "chat": {"id": -7, "type": "supergroup"},
        "from": {"id": 7, "is_bot": False, "first_name": "", "language_code": "de"},
        "text": "Guten Tag",
    }


@pytest.mark.parametrize(
    "more",
    [
        {"forward_origin": {"type": "user", "date": 1, "sender_user": OTHER}},
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Planted"}},
        {
            "forward_origin": {
                "type": "chat",
                "date": 1,
                "sender_chat": GROUP,
                "author_signature": "Planted",
            }
        },
        {
            "forward_origin": {
                "type": "channel",
                "date": 1,
                "chat": {**GROUP, "type": "channel"},
                "message_id": 2,
                "author_signature": "Planted",
            }
        },
        {"forward_from": OTHER, "forward_date": 1},
        {"forward_sender_name": "Planted", "forward_date": 1},
        {"forward_from_chat": GROUP, "forward_signature": "Planted", "forward_date": 1},
        {"reply_to_message": {**MESSAGE, "from": OTHER, "text": "Planted"}},
        {"external_reply": {"origin": {"type": "user", "date": 1, "sender_user": OTHER}}},
        {"pinned_message": {**MESSAGE, "from": OTHER, "text": "Planted"}},
        {"new_chat_members": [OTHER], "new_chat_participant": OTHER},
        {"left_chat_member": OTHER, "left_chat_participant": OTHER},
        {"new_chat_title": "Planted"},
        {
            "contact": {
                "phone_number": "+49123",
                "first_name": "Planted",
                "last_name": "Planted",
                "user_id": 4242,
                "vcard": "N:Planted",
            }
        },
        {"entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": OTHER}]},
        {"users_shared": {"request_id": 1, "users": [{"user_id": 4242, "first_name": "Planted"}]}},
        {"chat_shared": {"request_id": 1, "chat_id": -4242, "title": "Planted"}},
        {"sender_chat": GROUP, "author_signature": "Planted", "sender_tag": "Planted"},
        {"via_bot": {**USER, "id": 5, "is_bot": True}},
    ],
    ids="+".join,
)
def test_no_name_and_no_third_person_is_kept(more: dict[str, object]) -> None:
    assert "planted" not in kept(**more).casefold()
    assert "4242" not in kept(**more)
    assert "+49123" not in kept(**more)


def test_a_venue_keeps_its_title_only_chats_lose_theirs() -> None:
    venue = {
        "location": {"latitude": 51.7, "longitude": 11.9},
        "title": "Rathaus",
        "address": "Markt 1",
    }
    assert "Rathaus" in kept(venue=venue)


@settings(max_examples=50)
@given(JSON_VALUES)
def test_taking_names_out_twice_changes_nothing_more(value: object) -> None:
    once = without_names(value)
    assert without_names(once) == once


@settings(max_examples=50)
@given(JSON_VALUES)
def test_whatever_comes_in_no_name_field_is_left_and_the_original_is_untouched(
    value: object,
) -> None:
    before = json.dumps(value)
    text = json.dumps(without_names(value))
    assert not [name for name in NAMES | OTHERS if f'"{name}":' in text]
    assert json.dumps(value) == before


@pytest.mark.parametrize(
    ("update", "person"),
    [
        ({"message": {"from": {"id": 7}, "chat": {"id": -1}}}, 7),
        ({"callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -1}}}}, 7),
        ({"my_chat_member": {"from": {"id": 7}, "chat": {"id": -1}}}, 7),
        ({"channel_post": {"chat": {"id": -1}}}, -1),
        ({"message": {"from": {"id": BIGGEST_ID}}}, BIGGEST_ID),
        ({"message": {"from": {"id": BIGGEST_ID + 1}}}, 0),
        ({"message": {"from": {"id": "7"}}}, 0),
        ({"message": {"from": {"id": True}}}, 0),
        ({"message": {"from": {}}}, 0),
        ({"message": {"from": 7}}, 0),
        ({"message": []}, 0),
        ({"poll": {"id": "1"}}, 0),
        ({}, 0),
    ],
)
def test_who_acts(update: dict[str, object], person: int) -> None:
    assert person_of(update) == person


@dataclass(frozen=True)
class Waiting:
    person_id: int
    attempts: int = 0
    not_before: datetime = NOON


def test_who_waits_holds_back_only_their_own_later_updates() -> None:
    later = NOON + timedelta(seconds=1)
    first, held, waits, after = Waiting(7), Waiting(8), Waiting(7, 1, later), Waiting(7)
    found = turn([first, held, waits, after], NOON)
    assert (found.together, found.alone) == ([first, held], [])


def test_what_failed_before_is_alone_and_the_person_s_next_wait_for_it() -> None:
    again, after, other = Waiting(7, 1), Waiting(7), Waiting(8)
    found = turn([again, after, other], NOON)
    assert (found.together, found.alone) == ([other], [again])


def test_radio_keys_are_masked_before_an_update_is_stored() -> None:
    key = "2b7e151628aed2a6abf7158809cf4f3c"
    for field in ("text", "caption"):
        update = {"update_id": 1, "message": {field: f"/sensor AppKey {key}", "message_id": 2}}
        kept = without_keys(update)
        assert kept["message"][field] == "/sensor AppKey " + "•" * 32
        assert kept["message"]["message_id"] == 2
    quoted = without_keys({"message": {"text": "Was ist das?", "quote": {"text": key}}})
    assert quoted["message"]["quote"] == {"text": "•" * 32}
    for update in ({}, {"message": None}, {"message": {"text": 7}}, {"message": {"text": "Hund"}}):
        assert without_keys(update) is update
