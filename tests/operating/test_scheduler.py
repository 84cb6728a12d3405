"""Jobs by the clock: what goes wrong with one of them is one line in the log."""

import asyncio

import pytest

from bot.scheduler import JobDesk, scheduler
from handlers.schedule import Job


async def test_a_job_that_is_cut_off_when_the_house_closes_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun = asyncio.Event()

    async def endless(_desk: JobDesk) -> None:
        begun.set()
        await asyncio.Event().wait()

    schedule = scheduler(None, [Job("endless", 1, endless)])
    schedule.start()
    async with asyncio.timeout(10):
        await begun.wait()
    schedule.shutdown(wait=False)
    await asyncio.sleep(0.1)
    assert "raised an exception" not in caplog.text
