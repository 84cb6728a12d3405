"""Telegram's limits: 30 messages a second overall, one a chat, twenty a minute a group or channel.

They survive a restart: what was counted is written down with the messages it was counted for.
"""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.buckets import Bucket, Window
from services.outbox.records import Kept, KeptChat, KeptRate

OVERALL_PER_SECOND = 27.0
BROADCAST_SHARE = 25 / 27
BURST_SECONDS = 0.1
"""Two messages at once, 2.7 tokens: together with a second's 27 fewer than 30."""
BROADCAST_BURST_SECONDS = 0.2
"""What it could not send for so long, a broadcast makes up for within the pace of all."""
MARGIN = 3
"""Telegram's limit is that much above our pace."""
BROADCAST_SLOWEST = 1.0
BROADCAST_RECOVERY = 0.1
"""A broadcast that was slowed down becomes so much faster each second, in messages a second."""
CHAT_PER_SECOND = 1.0
CHAT_BURST = 1.0
GROUP_BURST = 5.0
GROUP_PER_SECOND = (20 - GROUP_BURST) / 60
"""With the burst, no minute holds more than the 20 messages Telegram allows."""
GROUP_RESERVE = 2.0
"""What attachments leave of a group's burst: the next two messages wait for no picture."""
ARRIVAL_SECONDS = 0.25
"""A call that takes longer has arrived by then; only its answer is late."""
LONGEST_OUTAGE_PAUSE = 30.0
OVERALL, BROADCAST = "overall", "broadcast"
BEFORE = -1
"""Stands in the window for everything a former process sent."""


@dataclass(frozen=True)
class Parcel:
    """What wants to leave: the number of its row, its chat, how many messages it counts as.

    `is_extra`: a picture or a place beside a message; it never takes a group's last slots.
    """

    id: int
    chat_id: int
    is_group: bool = False
    is_broadcast: bool = False
    is_extra: bool = False
    count: int = 1


class Limits:
    """Says how long a message must wait, and keeps account of those that left."""

    def __init__(
        self,
        overall: float = OVERALL_PER_SECOND,
        chat: float = CHAT_PER_SECOND,
        group: float = GROUP_PER_SECOND,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the rates in messages a second, and what tells the seconds."""
        self.overall = Bucket(overall, overall * BURST_SECONDS)
        self.fastest = overall * BROADCAST_SHARE
        self.broadcast = Bucket(self.fastest, self.fastest * BROADCAST_BURST_SECONDS)
        self.window = Window(overall + MARGIN)
        self.chat = chat
        self.group = group
        self.now = now
        self.chats: dict[int, Bucket] = {}
        self.held_until = -math.inf
        self.failures = 0
        self.slowed_at = -math.inf
        self.recovered_at = now()

    def wait_for_all(self, count: int = 1) -> float:
        """Return the seconds until anything may leave, whoever it is for."""
        now = self.now()
        return max(self.held_until - now, self.overall.wait(now), self.window.wait(now, count))

    def wait_for_broadcast(self) -> float:
        """Return the seconds until the lane of broadcasts has a slot."""
        return self.broadcast.wait(self.now())

    def wait_for_chat(self, parcel: Parcel) -> float:
        """Return the seconds until this may leave for its chat."""
        bucket = self.chats.get(parcel.chat_id)
        if bucket is None:
            return 0.0
        if not parcel.is_group:
            return bucket.wait(self.now())
        reserve = GROUP_RESERVE if parcel.is_extra else 0.0
        return bucket.wait(self.now(), parcel.count + reserve)

    def wait(self, parcel: Parcel) -> float:
        """Return the seconds until this may leave."""
        lane = self.wait_for_broadcast() if parcel.is_broadcast else 0.0
        return max(self.wait_for_all(parcel.count), lane, self.wait_for_chat(parcel))

    def waiting(self) -> dict[int, float]:
        """Return the chats that must wait, each with its seconds."""
        now = self.now()
        waits = {chat_id: bucket.wait(now) for chat_id, bucket in self.chats.items()}
        return {chat_id: seconds for chat_id, seconds in waits.items() if seconds > 0}

    def paused(self) -> set[int]:
        """Return the chats Telegram asked us to leave alone for now."""
        now = self.now()
        return {chat_id for chat_id, one in self.chats.items() if one.paused_until > now}

    @property
    def all_paused(self) -> bool:
        """Whether nothing may leave for other reasons than the pace."""
        return max(self.held_until, self.overall.paused_until) > self.now()

    def take(self, parcel: Parcel) -> None:
        """Something leaves as soon as that is written down."""
        now = self.now()
        self.overall.take(now, parcel.count)
        if parcel.is_broadcast:
            self._recover(now)
            self.broadcast.take(now, parcel.count)
        self._bucket(parcel).take(now, parcel.count)
        self.window.expect(parcel.id, parcel.count)

    def begins(self, parcel: Parcel) -> None:
        """The call is made now."""
        self.window.arrives(parcel.id, self.now() + ARRIVAL_SECONDS)

    def drop(self, parcel: Parcel) -> None:
        """The call is not made after all; the chat's turn is over nevertheless."""
        self.window.drop(parcel.id)

    def ends(self, parcel: Parcel) -> None:
        """The call is over: it may have arrived only now, the chat's next second begins here."""
        now = self.now()
        self.window.arrives(parcel.id, now)
        if parcel.chat_id in self.chats:
            self.chats[parcel.chat_id].at = now

    def too_many(self, parcel: Parcel, seconds: float) -> None:
        """Telegram asked to wait: this chat does; the broadcasts slow down.

        Telegram does not say whom it means. When it asks for a second chat before the first one's
        pause is over, it means the bot: everything waits for the latest end.
        """
        now = self.now()
        others = [
            one.paused_until
            for chat_id, one in self.chats.items()
            if chat_id != parcel.chat_id and one.paused_until > now
        ]
        bucket = self._bucket(parcel)
        bucket.paused_until = max(bucket.paused_until, now + seconds)
        if others:
            latest = max(*others, bucket.paused_until)
            self.overall.paused_until = max(self.overall.paused_until, latest)
        self._slow_down(now)

    def hold(self, seconds: float) -> None:
        """Nothing leaves for a while."""
        self.held_until = max(self.held_until, self.now() + seconds)

    def unreachable(self) -> None:
        """Telegram cannot be reached: everything waits, longer after each try in vain."""
        if self.held_until <= self.now():  # calls that began together are one try
            self.failures += 1
            self.hold(min(LONGEST_OUTAGE_PAUSE, 2.0 ** min(self.failures - 1, 10)))

    def reached(self) -> None:
        """Telegram answered, whatever it said."""
        self.failures = 0

    def tidy(self) -> None:
        """Forget the buckets that are full again."""
        now = self.now()
        self.window.tidy(now)
        self.chats = {key: one for key, one in self.chats.items() if not one.is_idle(now)}

    def record(self, parcels: Iterable[Parcel], clock: datetime) -> Kept:
        """Return what has to be written down, in the clock's time, now that these leave."""
        now = self.now()
        for bucket in (self.overall, self.broadcast):
            bucket.settle(now)
        rates = [
            KeptRate(name, one.tokens, one.rate, clock, _pause(one, now, clock))
            for name, one in ((OVERALL, self.overall), (BROADCAST, self.broadcast))
        ]
        chats = [
            KeptChat(chat_id, one.tokens, _moment(one.at, now, clock), _pause(one, now, clock))
            for chat_id in dict.fromkeys(parcel.chat_id for parcel in parcels)
            if (one := self.chats.get(chat_id)) is not None
        ]
        return Kept(rates, chats)

    def restore(self, kept: Kept, clock: datetime) -> None:
        """Go on where a former process stopped."""
        now = self.now()
        buckets = {OVERALL: self.overall, BROADCAST: self.broadcast}
        for rate in kept.rates:
            _resume(buckets[rate.name], rate, now, clock)
            if rate.name == BROADCAST:
                self.broadcast.rate = min(self.fastest, rate.rate)
        for chat in kept.chats:
            bucket = self._bucket(Parcel(0, chat.chat_id, is_group=chat.is_group))
            _resume(bucket, chat, now, clock)
        self.recovered_at = now
        if kept.rates:  # as much as the pace allows may have arrived in the second before
            self.window.expect(BEFORE, int(self.overall.rate))
            self.window.arrives(BEFORE, self.overall.at)

    def _slow_down(self, now: float) -> None:
        """Halve the pace of broadcasts, once for all calls of the same second."""
        self._recover(now)
        if now >= self.slowed_at + 1:
            self.broadcast.rate = max(BROADCAST_SLOWEST, self.broadcast.rate / 2)
            self.slowed_at = now

    def _recover(self, now: float) -> None:
        """Become a little faster again; the tokens until now came at the former pace."""
        self.broadcast.settle(now)
        faster = self.broadcast.rate + BROADCAST_RECOVERY * (now - self.recovered_at)
        self.broadcast.rate, self.recovered_at = min(self.fastest, faster), now

    def _bucket(self, parcel: Parcel) -> Bucket:
        if parcel.chat_id not in self.chats:
            self.chats[parcel.chat_id] = (
                Bucket(self.group, GROUP_BURST)
                if parcel.is_group
                else Bucket(self.chat, CHAT_BURST)
            )
        return self.chats[parcel.chat_id]


def _moment(at: float, now: float, clock: datetime) -> datetime:
    return clock - timedelta(seconds=now - at)


def _pause(bucket: Bucket, now: float, clock: datetime) -> datetime | None:
    if bucket.paused_until <= now:
        return None
    return clock + timedelta(seconds=bucket.paused_until - now)


def _resume(bucket: Bucket, kept: KeptRate | KeptChat, now: float, clock: datetime) -> None:
    """Fill a bucket as it was; a clock that was set back lets nobody send more.

    What was sent last may have arrived a little after it was written down.
    """
    bucket.tokens = min(bucket.capacity, kept.tokens)
    bucket.at = min(now, now - (clock - kept.at).total_seconds() + ARRIVAL_SECONDS)
    if kept.paused_until is not None:
        bucket.paused_until = now + (kept.paused_until - clock).total_seconds()
