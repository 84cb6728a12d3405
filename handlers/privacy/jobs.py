"""Forgetting by the clock."""

from handlers.schedule import Desk, Job


async def finish_erasures(desk: Desk) -> None:
    """Forget the address of people who erased everything, once their receipt has left."""
    async with desk.transaction() as services:
        await services.privacy.finish_erasures()


async def forget_old(desk: Desk) -> None:
    """Empty processed updates after a day or as set, delete sent messages after a month."""
    async with desk.transaction() as services:
        await services.inbox.forget_old()
        await services.outbox.forget_old()


JOBS = (Job("finish erasures", 10, finish_erasures), Job("forget old data", 600, forget_old))
