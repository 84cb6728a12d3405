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


async def test_a_job_may_run_right_after_the_start() -> None:
    ran: list[str] = []
    begun = asyncio.Event()

    async def at_once(_desk: JobDesk) -> None:
        ran.append("at once")
        begun.set()

    async def in_an_hour(_desk: JobDesk) -> None:
        ran.append("in an hour")

    jobs = [Job("first", 3600, at_once, at_start=True), Job("other", 3600, in_an_hour)]
    schedule = scheduler(None, jobs)
    await asyncio.sleep(1.2)  # a start that takes longer than a job may come too late
    schedule.start()
    async with asyncio.timeout(10):
        await begun.wait()
    await asyncio.sleep(0.1)
    schedule.shutdown(wait=False)
    assert ran == ["at once"]
