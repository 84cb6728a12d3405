"""What raw messages of network servers need by the clock: silence noticed, old ones forgotten."""

from handlers.schedule import Desk, Job

BATCH = 2_000
"""Messages forgotten in one transaction: the database is not held up for long."""
MOST_BATCHES = 50


async def notice_silence(desk: Desk) -> None:
    """Tell the operators when a source fell silent or is heard again."""
    async with desk.transaction() as services:
        await services.uplinks.notice_silence()


async def forget(desk: Desk) -> None:
    """Empty and delete what is past its time; found without a lock, forgotten in batches."""
    for _ in range(MOST_BATCHES):
        async with desk.reading() as services:
            old = await services.uplinks.old(BATCH)
        if not old:
            return
        async with desk.transaction() as services:
            await services.uplinks.forget(old)


JOBS = (
    Job("silent sources", 30, notice_silence),
    Job("forget raw uplinks", 3600, forget),
)
