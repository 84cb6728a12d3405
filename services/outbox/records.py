"""Plain values between the delivery and the outbox: what the limits had counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class KeptRate:
    """A bucket that concerns everybody: all messages, or the lane of broadcasts."""

    name: str
    tokens: float
    rate: float
    at: datetime
    paused_until: datetime | None = None


@dataclass(frozen=True)
class KeptChat:
    """The bucket of one chat."""

    chat_id: int
    tokens: float
    at: datetime
    paused_until: datetime | None = None
    is_group: bool = False


@dataclass(frozen=True)
class Kept:
    """What the limits had counted at a moment."""

    rates: Sequence[KeptRate] = ()
    chats: Sequence[KeptChat] = ()
