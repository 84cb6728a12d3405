"""Forgetting by the clock."""

from handlers.schedule import Desk, Job


async def finish_erasures(desk: Desk) -> None:
    """Forget the address of people who erased everything, once their receipt has left."""
    async with desk.transaction() as services:
        finished = await services.privacy.finish_erasures()
    if finished:
        await desk.tidy()


async def forget_old(desk: Desk) -> None:
    """Empty processed updates after a day or as set; what was sent or set aside goes later."""
    async with desk.transaction() as services:
        await services.inbox.forget_old()
        await services.outbox.forget_old()
        await services.heavy.forget_old()


async def tidy(desk: Desk) -> None:
    """Overwrite what was forgotten since."""
    await desk.tidy()


JOBS = (
    Job("finish erasures", 10, finish_erasures),
    Job("forget old data", 600, forget_old),
    Job("tidy the database", 3600, tidy),
)
