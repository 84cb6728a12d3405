"""Forgetting by the clock what conversations were about."""

from handlers.schedule import Desk, Job


async def forget_talks(desk: Desk) -> None:
    """Forget which services people asked for half an hour ago."""
    async with desk.transaction() as services:
        await services.chats.forget_old_talks()


JOBS = (Job("forget conversations", 300, forget_talks),)
