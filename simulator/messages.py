"""The messages of all chats: numbered, kept, forgotten when there are too many."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice

from simulator.directory import SUPERGROUP_CEILING
from simulator.wire import Json

KEPT_PER_CHAT = 2000
KEPT_UNDER_LOAD = 20
FIRST_ALBUM_ID = 13_900_000_000_000_001


@dataclass(slots=True)
class Message:
    """One message; `content` holds the Bot API fields that say what it is (text, photo, …)."""

    chat_id: int
    date: int
    content: Json
    sender_id: int | None = None
    """The person or bot it comes from; None for posts of a channel."""
    author_id: int | None = None
    """Who wrote a channel post; only the simulator knows."""
    id: int = 0
    reply_to: int | None = None
    reply_markup: Json | None = None
    """The inline keyboard under it."""
    edit_date: int | None = None
    origin: Json = field(default_factory=dict)
    """The forward_* fields."""
    traits: Json = field(default_factory=dict)
    """Fields that follow the content, such as has_protected_content."""
    reactions: dict[int, list[str]] = field(default_factory=dict)
    """The emoji each user has left under it."""
    ephemeral_id: int = 0
    """The number of an ephemeral message, whose `id` is 0."""
    receiver_id: int | None = None
    """The one person who sees an ephemeral message."""
    shown_at: float = 0
    """Where the page shows an ephemeral message; more finely divided than the ids."""

    @property
    def place(self) -> float:
        """What the page knows and sorts the message by."""
        return self.shown_at or self.id


class MessageStore:
    """Keeps the latest messages of each chat."""

    def __init__(self, kept_per_chat: int = KEPT_PER_CHAT) -> None:
        self.kept_per_chat = kept_per_chat
        self._chats: defaultdict[int, dict[int, Message]] = defaultdict(dict)
        self._last_ids: defaultdict[int, int] = defaultdict(int)
        self._last_album_id = FIRST_ALBUM_ID - 1

    def add(self, message: Message) -> Message:
        """Number the message and keep it; the oldest one goes when the chat is full."""
        series = _series(message.chat_id)
        self._last_ids[series] += 1
        message.id = self._last_ids[series]
        messages = self._chats[message.chat_id]
        messages[message.id] = message
        if len(messages) > self.kept_per_chat:
            del messages[next(iter(messages))]
        return message

    def next_album_id(self) -> int:
        self._last_album_id += 1
        return self._last_album_id

    def get(self, chat_id: int, message_id: int) -> Message | None:
        return self._chats[chat_id].get(message_id)

    def remove(self, chat_id: int, message_id: int) -> None:
        self._chats[chat_id].pop(message_id, None)

    def latest(self, chat_id: int) -> Message | None:
        return next(reversed(self._chats[chat_id].values()), None)

    def history(self, chat_id: int, *, before: float | None, limit: int) -> list[Message]:
        """Return up to `limit` messages older than `before`, oldest first."""
        newest_first = reversed(self._chats[chat_id].values())
        older = (one for one in newest_first if before is None or one.id < before)
        return list(islice(older, limit))[::-1]


def _series(chat_id: int) -> int:
    # An account has one numbering for its private chats and basic groups; each supergroup and
    # channel has its own.
    return chat_id if chat_id < SUPERGROUP_CEILING else 0
