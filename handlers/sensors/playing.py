"""Plays messages in their rhythm, or as fast as the hook takes them."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from handlers.sensors.posting import Hook, Post, PostingError
from lorawan.replay import Moment, message
from services.clock import Clock

AT_ONCE = 20
"""Messages on their way at the same time while no rhythm is kept."""


@dataclass(frozen=True)
class Timed:
    """A message and when it was recorded; it is written when it is sent."""

    at: datetime
    write: Callable[[datetime], Post]


@dataclass(frozen=True)
class Sensor:
    """Whose values are played."""

    dev_eui: str
    name: str
    simulated: bool = True


def session_of(text: str) -> str:
    """Return a session of its own for a file: played again, it is the same messages again."""
    return blake2b(text.encode(), digest_size=12).hexdigest()


def from_values(
    moments: Iterable[Moment],
    sensor: Sensor,
    session: str,
    *,
    sent_as: timedelta | None,
    first: int = 1,
) -> list[Timed]:
    """Return messages with these values, counted from `first`.

    `sent_as` moves the recorded times; None: each value is said to be of the moment it is sent.
    """

    def written(number: int, moment: Moment) -> Timed:
        def write(now: datetime) -> Post:
            time = now if sent_as is None else moment.time + sent_as
            body = message(
                dev_eui=sensor.dev_eui,
                name=sensor.name,
                session=session,
                f_cnt=number,
                moment=Moment(time, moment.values),
                simulated=sensor.simulated,
            )
            return Post.of(body)

        return Timed(moment.time, write)

    return [written(number, moment) for number, moment in enumerate(moments, first)]


async def play(hook: Hook, timed: Sequence[Timed], speed: float, clock: Clock) -> int:
    """Post all messages; return how many.

    `speed` 60 plays an hour in a minute, in the order of the file; 0 keeps no rhythm.
    """
    if not speed:
        return await _at_once(hook, timed, clock)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for one in timed:
        due = began + max(0.0, (one.at - timed[0].at).total_seconds()) / speed
        await asyncio.sleep(max(0.0, due - loop.time()))
        await hook.post(one.write(clock()))
    return len(timed)


async def _at_once(hook: Hook, timed: Sequence[Timed], clock: Clock) -> int:
    waiting = iter(timed)

    async def carry() -> None:
        for one in waiting:  # shared: each message is taken by one of the carriers
            await hook.post(one.write(clock()))

    try:
        async with asyncio.TaskGroup() as carriers:
            for _ in range(AT_ONCE):
                carriers.create_task(carry())
    except* PostingError as group:
        raise group.exceptions[0] from None  # they all met the same wall
    return len(timed)
