"""Telegram's limits as token buckets: overall, each chat, each group."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

OVERALL_PER_SECOND = 30.0
CHAT_PER_SECOND = 1.0
CHAT_BURST = 1.0
GROUP_BURST = 5.0
GROUP_PER_SECOND = (20 - GROUP_BURST) / 60
"""With the burst, no minute holds more than the 20 messages Telegram allows."""


@dataclass
class Bucket:
    """Fills with `rate` tokens a second up to `capacity`; a message takes one."""

    rate: float
    capacity: float
    tokens: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.tokens = self.capacity

    def wait(self, now: float) -> float:
        """Return the seconds until a token is there; 0 when one is."""
        filled = min(self.capacity, self.tokens + max(0.0, now - self.at) * self.rate)
        # A rounding error must not cost a whole round of waiting.
        return 0.0 if filled >= 1 - 1e-9 else (1 - filled) / self.rate

    def take(self, now: float) -> None:
        self.tokens = min(self.capacity, self.tokens + max(0.0, now - self.at) * self.rate) - 1
        self.at = now

    def empty_for(self, seconds: float, now: float) -> None:
        """Telegram asked to wait: the next token comes only after that."""
        self.tokens, self.at = 1 - seconds * self.rate, now

    def is_full(self, now: float) -> bool:
        return self.tokens + (now - self.at) * self.rate >= self.capacity


class Limits:
    """Says how long a chat must wait for its next message."""

    def __init__(
        self,
        overall: float = OVERALL_PER_SECOND,
        chat: float = CHAT_PER_SECOND,
        group: float = GROUP_PER_SECOND,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the rates in messages a second, and what tells the seconds."""
        self.overall = Bucket(overall, overall)
        self.chat = chat
        self.group = group
        self.now = now
        self.chats: dict[int, Bucket] = {}

    def wait(self, chat_id: int) -> float:
        """Return the seconds until a message may leave for this chat."""
        now = self.now()
        bucket = self.chats.get(chat_id)
        return max(self.overall.wait(now), bucket.wait(now) if bucket else 0.0)

    def waiting(self) -> dict[int, float]:
        """Return the chats that must wait, each with its seconds."""
        now = self.now()
        waits = {chat_id: bucket.wait(now) for chat_id, bucket in self.chats.items()}
        return {chat_id: seconds for chat_id, seconds in waits.items() if seconds > 0}

    def take(self, chat_id: int, *, is_group: bool) -> None:
        now = self.now()
        self.overall.take(now)
        self._bucket(chat_id, is_group=is_group).take(now)

    def pause(self, chat_id: int, seconds: float, *, is_group: bool) -> None:
        """Telegram refused a message for now: this chat waits; the others go on."""
        self._bucket(chat_id, is_group=is_group).empty_for(seconds, self.now())

    def tidy(self) -> None:
        """Forget the buckets that are full again."""
        now = self.now()
        self.chats = {key: one for key, one in self.chats.items() if not one.is_full(now)}

    def _bucket(self, chat_id: int, *, is_group: bool) -> Bucket:
        if chat_id not in self.chats:
            self.chats[chat_id] = (
                Bucket(self.group, GROUP_BURST) if is_group else Bucket(self.chat, CHAT_BURST)
            )
        return self.chats[chat_id]
