"""Questions are gathered and forgotten by the clock."""

from handlers.schedule import Desk, Job


async def forget_old(desk: Desk) -> None:
    """Delete questions whose time is over."""
    async with desk.transaction() as services:
        await services.learning.forget_old()


async def gather(desk: Desk) -> None:
    """Make equal questions of earlier days one with a count."""
    async with desk.transaction() as services:
        await services.learning.gather()


JOBS = (
    Job("forget old questions", 600, forget_old),
    Job("gather questions", 900, gather),
)
