"""The queue of updates that wait for the bot."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from simulator.clock import Clock
from simulator.wire import Json, decode

DAY = 86_400
CALLBACK_LIFETIME = 150
MOST_WAITING = 100_000
"""A full queue takes no more updates; so does the real server's."""
FIRST_UPDATE_ID = 700_000_001
FAR_AHEAD = 10
"""An offset further ahead of the newest update than this is taken for a mistake and ignored."""

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
)
ASKED_FOR_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_KINDS = frozenset(KINDS) - ASKED_FOR_ONLY


class Lane(IntEnum):
    """The number ranges the real server has for lanes of a webhook; messages use the chat's id."""

    INLINE = 1
    CHOSEN_RESULT = 2
    CALLBACK = 3
    MY_MEMBERSHIP = 5
    MEMBERSHIP = 6
    REACTIONS = 8
    REACTION_COUNTS = 9

    def of(self, owner_id: int) -> int:
        """Return the lane of this kind for a person or chat."""
        return owner_id + (self.value << 33)


@dataclass(slots=True, frozen=True)
class Update:
    """One update; those with the same lane reach a webhook strictly one after another."""

    id: int
    kind: str
    payload: Json
    expires_at: float
    lane: int

    def as_json(self) -> Json:
        return {"update_id": self.id, self.kind: self.payload}


class UpdateQueue:
    """Updates in order of their ids, until confirmed or expired."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: OrderedDict[int, Update] = OrderedDict()
        self._next_id = FIRST_UPDATE_ID
        self._next_expiry = math.inf
        self._arrival = asyncio.Event()
        self.allowed: frozenset[str] = DEFAULT_KINDS
        self.listener: Callable[[Update], None] | None = None
        """Is told each new update; the webhook listens here."""

    def push(self, kind: str, payload: Json, *, lifetime: float, lane: int) -> None:
        """Queue an update if the bot has asked for its kind and there is room."""
        if kind not in self.allowed:
            return
        self._drop_expired()
        if len(self._waiting) >= MOST_WAITING:
            return
        update = Update(self._next_id, kind, payload, self._clock.now() + lifetime, lane)
        self._next_id += 1
        self._waiting[update.id] = update
        self._next_expiry = min(self._next_expiry, update.expires_at)
        self._wake()
        if self.listener:
            self.listener(update)

    def allow(self, kinds: Iterable[str]) -> None:
        """Remember which kinds the bot wants from now on; unknown names count for nothing."""
        known = frozenset(kinds) & frozenset(KINDS)
        self.allowed = known or DEFAULT_KINDS

    def pending(self) -> list[Update]:
        self._drop_expired()
        return list(self._waiting.values())

    def fetch(self, offset: int, limit: int) -> list[Update]:
        """Return the updates from `offset` on and forget those before it.

        A negative offset keeps only that many of the newest; zero starts with the oldest.
        """
        self._drop_expired()
        if offset < 0:
            self._forget_while(lambda _: len(self._waiting) > -offset)
        elif offset < self._next_id + FAR_AHEAD:
            self._forget_while(lambda oldest: oldest < offset)
        return list(islice(self._waiting.values(), limit))

    def forget(self, update: Update) -> None:
        """Take out an update that has been delivered or given up."""
        self._waiting.pop(update.id, None)

    def clear(self) -> None:
        self._waiting.clear()

    async def arrival(self) -> None:
        """Return once an update has been queued after this call."""
        await self._arrival.wait()

    def _wake(self) -> None:
        self._arrival.set()
        self._arrival = asyncio.Event()

    def _forget_while(self, condition: Callable[[int], bool]) -> None:
        while self._waiting and condition(next(iter(self._waiting))):
            self._waiting.popitem(last=False)

    def _drop_expired(self) -> None:
        now = self._clock.now()
        if now < self._next_expiry:
            return
        alive = [one for one in self._waiting.values() if one.expires_at > now]
        self._waiting = OrderedDict((one.id, one) for one in alive)
        self._next_expiry = min((one.expires_at for one in alive), default=math.inf)


def kinds_in(argument: str) -> list[str] | None:
    """Return the names in an allowed_updates argument, None when it changes nothing."""
    try:
        names = decode(argument) if argument else None
    except ValueError:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return [name.lower() for name in names]
