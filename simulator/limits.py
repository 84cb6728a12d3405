"""How much a bot may send: 30 messages a second, one a chat, twenty a minute to a group."""

import math
from collections import OrderedDict, deque
from dataclasses import dataclass
from http import HTTPStatus

from simulator.chats import Chat
from simulator.clock import Clock
from simulator.errors import ApiError, refusal

SECOND = 1.0
MINUTE = 60.0
REMEMBERED_CHATS = 100_000


@dataclass(slots=True, frozen=True)
class Rule:
    """So many messages in any stretch of so many seconds."""

    most: int
    period: float


OVERALL = Rule(30, SECOND)
PRIVATE = Rule(1, SECOND)
GROUP = Rule(20, MINUTE)
"""Groups and channels."""


class Bucket:
    """Tokens that come back exactly one period after they were taken.

    So no stretch of one period ever sees more than the rule allows, wherever it begins.
    """

    __slots__ = ("_rule", "_taken")

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._taken: deque[float] = deque()

    def wait(self, now: float, count: int) -> float:
        """Return the seconds until so many tokens are there, 0 if they are.

        A wish larger than the bucket, such as an album for one person, needs a full one.
        """
        taken = self._taken
        while taken and taken[0] + self._rule.period <= now:
            taken.popleft()
        missing = min(count, self._rule.most) - (self._rule.most - len(taken))
        if missing <= 0:
            return 0.0
        return taken[min(missing, len(taken)) - 1] + self._rule.period - now

    def take(self, now: float, count: int) -> None:
        self._taken.extend([now] * count)


class Recorder:
    """Counts accepted messages, and how many there were in the busiest second of all."""

    def __init__(self) -> None:
        self.accepted = 0
        self.largest_second = 0
        self._latest: deque[float] = deque()

    def record(self, now: float, count: int) -> None:
        latest = self._latest
        self.accepted += count
        latest.extend([now] * count)
        while latest[0] + SECOND <= now:
            latest.popleft()
        self.largest_second = max(self.largest_second, len(latest))


class Limits:
    """Decides whether a message may leave now, and remembers what left."""

    def __init__(self, clock: Clock, *, strict: bool = False) -> None:
        self._clock = clock
        self.strict = strict
        self.reset()

    def reset(self) -> None:
        """Fill all buckets and count from nothing."""
        self.refused = 0
        self.recorder = Recorder()
        self._overall = Bucket(OVERALL)
        self._chats: OrderedDict[int, Bucket] = OrderedDict()

    def before_send(self, chat: Chat, count: int = 1) -> None:
        """Count the messages as sent, or raise a 429 when the chat or the bot is at its limit."""
        now = self._clock.now()
        if self.strict:
            self._take(chat, now, count)
        self.recorder.record(now, count)

    def _take(self, chat: Chat, now: float, count: int) -> None:
        buckets = (self._overall, self._of_chat(chat))
        wait = max(bucket.wait(now, count) for bucket in buckets)
        if wait > 0:
            self.refused += 1
            raise too_many_requests(math.ceil(wait))
        for bucket in buckets:
            bucket.take(now, count)

    def _of_chat(self, chat: Chat) -> Bucket:
        bucket = self._chats.get(chat.id)
        if bucket is None:
            bucket = self._chats[chat.id] = Bucket(PRIVATE if chat.private else GROUP)
            if len(self._chats) > REMEMBERED_CHATS:
                self._chats.popitem(last=False)
        else:
            self._chats.move_to_end(chat.id)
        return bucket


def too_many_requests(seconds: int) -> ApiError:
    """Return the refusal that says when to try again."""
    parameters = {"retry_after": seconds}
    return refusal(HTTPStatus.TOO_MANY_REQUESTS, f"retry after {seconds}", parameters)
