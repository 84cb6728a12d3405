"""Frames and measured values by the clock: added up, and forgotten when their time is over."""

from collections.abc import Awaitable, Callable

from handlers.schedule import Desk, Job

MOST_BATCHES = 200
"""A job ends after so many transactions; the next one goes on."""


async def add_up(desk: Desk) -> None:
    """Add up the hours whose values changed, and their days; late values come into theirs."""
    await _in_batches(desk, lambda services: services.readings.add_up())


async def forget(desk: Desk) -> None:
    """Drop what is too old; sums of days stay."""
    await _in_batches(desk, lambda services: services.frames.forget_old())
    await _in_batches(desk, lambda services: services.readings.forget_old())
    await _in_batches(desk, lambda services: services.readings.forget_hours())


async def _in_batches(desk: Desk, some: Callable[..., Awaitable[int]]) -> None:
    """Repeat in transactions of their own until nothing is left: others come in between."""
    for _ in range(MOST_BATCHES):
        async with desk.transaction() as services:
            count = await some(services)
        if not count:
            return


JOBS = (
    Job("add up readings", 60, add_up),
    Job("forget old readings", 3600, forget),
)
"""What runs by the clock."""
