"""Ephemeral messages: stand in a group, but only one person and the bot ever see them."""

from collections import defaultdict

from simulator.messages import Message

KEPT_PER_PERSON = 100
"""The latest in each chat; older ones are gone, as they are in Telegram after a while."""
ANSWERABLE_FOR = 15
"""Seconds after a press in which a bot that is no administrator may answer like this."""
_STEP = 1e-6
"""They have no number in their chat; the page sorts them behind the last message that has."""


class EphemeralMessages:
    """Keeps the latest of each person in each chat."""

    def __init__(self) -> None:
        self._last_ids: defaultdict[int, int] = defaultdict(int)
        self._messages: defaultdict[tuple[int, int], dict[int, Message]] = defaultdict(dict)

    def add(self, message: Message, *, receiver_id: int, after: int, replaces: int = 0) -> Message:
        """Number the message and keep it for its receiver; `after` is the chat's last message."""
        self._last_ids[message.chat_id] += 1
        message.ephemeral_id = self._last_ids[message.chat_id]
        message.receiver_id = receiver_id
        message.shown_at = replaces or after + message.ephemeral_id * _STEP
        kept = self._messages[message.chat_id, receiver_id]
        kept[message.ephemeral_id] = message
        if len(kept) > KEPT_PER_PERSON:
            del kept[next(iter(kept))]
        return message

    def get(self, chat_id: int, receiver_id: int, ephemeral_id: int) -> Message | None:
        return self._messages[chat_id, receiver_id].get(ephemeral_id)

    def remove(self, message: Message) -> None:
        """Forget the message."""
        kept = self._messages[message.chat_id, message.receiver_id or 0]
        kept.pop(message.ephemeral_id, None)

    def of(self, chat_id: int, receiver_id: int) -> list[Message]:
        """Return what this person has in the chat, oldest first."""
        return list(self._messages[chat_id, receiver_id].values())
