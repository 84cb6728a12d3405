"""What of an update is worth keeping, and which updates can be handled together.

Worth keeping is everything but names and secret keys, and nothing about third persons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from lorawan.labels import mask_keys

NAMES = frozenset(
    {
        "last_name",
        "username",
        "active_usernames",
        "author_signature",
        "custom_title",
        "new_chat_title",
        "sender_tag",
        "invite_link",
    }
)
"""Fields that hold the name of a person or a chat and that nothing of ours needs."""
OTHERS = frozenset(
    {
        "contact",
        "external_reply",
        "forward_from",
        "forward_from_chat",
        "forward_origin",
        "forward_sender_name",
        "forward_signature",
        "reply_to_message",
        "users_shared",
        "chat_shared",
        "new_chat_members",
        "new_chat_participant",
        "left_chat_member",
        "left_chat_participant",
        "pinned_message",
    }
)
"""Fields about people who did not write to us: dropped whole, with the ids in them."""
DROPPED = NAMES | OTHERS
REQUIRED_NAMES = frozenset({"first_name"})
"""Telegram's User must have one, so it stays, empty."""
CHAT_TITLE = "title"
MENTION = "text_mention"
MENTIONED = "user"
WORDS = ("text", "caption")
"""Where somebody may paste a device's label, with its radio keys."""
QUOTE = "quote"
"""What of an earlier message is quoted."""
BIGGEST_ID = 2**63 - 1
ACTORS = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")


def without_names(value: Any) -> Any:
    """Return a copy of an update (JSON) without names and titles, and without third persons."""
    if isinstance(value, list):
        return [without_names(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {  # a call for each number and each text would cost more than all the rest
        key: without_names(item) if isinstance(item, dict | list) else item
        for key, item in value.items()
        if key not in DROPPED
    }
    for name in REQUIRED_NAMES & kept.keys():
        kept[name] = ""
    if "type" in value:
        if "id" in value:
            kept.pop(CHAT_TITLE, None)
        if value["type"] == MENTION:
            kept.pop(MENTIONED, None)
    return kept


def without_keys(update: dict[str, Any]) -> dict[str, Any]:
    """Return an update (JSON) with every radio key in a message's words masked."""
    message = update.get("message")
    if not isinstance(message, dict):
        return update
    masked = _masked(message)
    quote = message.get(QUOTE)
    if isinstance(quote, dict):
        masked[QUOTE] = _masked(quote)
    return update if masked == message else {**update, "message": masked}


def _masked(said: dict[str, Any]) -> dict[str, Any]:
    words = {name: said[name] for name in WORDS if isinstance(said.get(name), str)}
    return {**said, **{name: mask_keys(text) for name, text in words.items()}}


def person_of(update: dict[str, Any]) -> int:
    """Return Telegram's id of who acts; the chat's where nobody is named, 0 where neither is."""
    for kind in ACTORS:
        event = update.get(kind)
        if isinstance(event, dict):
            actor = event.get("from") or event.get("chat")
            number = actor.get("id") if isinstance(actor, dict) else None
            return number if type(number) is int and abs(number) <= BIGGEST_ID else 0
    return 0


class Open(Protocol):
    """An open update, as far as its turn depends on it."""

    @property
    def person_id(self) -> int: ...

    @property
    def attempts(self) -> int: ...

    @property
    def not_before(self) -> datetime: ...


OpenUpdate = TypeVar("OpenUpdate", bound=Open)


@dataclass(frozen=True)
class Turn(Generic[OpenUpdate]):
    """Whose turn it is: updates that are handled together, and some that must be handled alone."""

    together: Sequence[OpenUpdate]
    alone: Sequence[OpenUpdate]


def turn(updates: Iterable[OpenUpdate], now: datetime) -> Turn[OpenUpdate]:
    """Sort open updates, given in their order, by how they are handled now (aware UTC).

    One that failed before is handled alone, since it may fail again and would cost the others a
    second try. A person's updates after it, or after one that is not due, wait for it.
    """
    together: list[OpenUpdate] = []
    alone: list[OpenUpdate] = []
    held: set[int] = set()
    for one in updates:
        if one.person_id in held:
            continue
        if one.attempts or one.not_before > now:
            held.add(one.person_id)
        if one.not_before <= now:
            (alone if one.attempts else together).append(one)
    return Turn(together, alone)
