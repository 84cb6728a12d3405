"""Questions are gathered and forgotten by the clock."""

from handlers.schedule import Desk, Job


async def forget_old(desk: Desk) -> None:
    """Delete questions whose time is over."""
    async with desk.transaction() as services:
        await services.learning.forget_old()


async def gather(desk: Desk) -> None:
    """Make equal questions of earlier days one with a count; nobody who writes waits for it."""
    async with desk.reading() as services:
        repeated = await services.learning.repeated()
    for number in repeated:
        async with desk.transaction() as services:
            await services.learning.gather(number)


JOBS = (
    Job("forget old questions", 600, forget_old),
    Job("gather questions", 900, gather),
)
