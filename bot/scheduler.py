"""Runs the jobs of the feature folders by the clock."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.heavy_pool import Pool
from bot.unit_of_work import UnitsOfWork
from bot.wiring import Services
from handlers.schedule import Files, Job, Links
from lorawan.sandbox import Sandbox
from services.clock import utc_now

log = structlog.get_logger()
ASIDE = timedelta(seconds=20)


class JobDesk:
    """Implements `handlers.schedule.Desk`."""

    def __init__(self, work: UnitsOfWork, links: Links, files: Files, sandbox: Sandbox) -> None:
        self.work = work
        self.links = links
        self.files = files
        self.sandbox = sandbox
        self.pool = Pool(limit=ASIDE)

    async def aside(self, work: Callable[..., Any], **arguments: Any) -> Any:
        return await self.pool.run(work, arguments)

    def close(self) -> None:
        """End the process beside the bot, if there is one."""
        self.pool.close()

    def transaction(self) -> AbstractAsyncContextManager[Services]:
        return self.work.transaction()

    def reading(self) -> AbstractAsyncContextManager[Services]:
        return self.work.reading()

    async def tidy(self) -> None:
        await self.work.database.tidy()


def scheduler(desk: JobDesk, jobs: Iterable[Job]) -> AsyncIOScheduler:
    """Return a scheduler that runs each job in its rhythm, never twice at once."""
    schedule = AsyncIOScheduler(timezone="UTC")
    for job in jobs:
        # Late is better than after another interval: a start takes its time.
        first = {"next_run_time": utc_now(), "misfire_grace_time": None} if job.at_start else {}
        schedule.add_job(
            _run, "interval", (job, desk), seconds=job.seconds, id=job.name, coalesce=True, **first
        )
    return schedule


async def _run(job: Job, desk: JobDesk) -> None:
    try:
        await job.run(desk)
    except asyncio.CancelledError:  # the house closes; APScheduler would call it a failure
        log.info("job cut off", job=job.name)
    except Exception as error:  # noqa: BLE001 - the next run comes all the same
        log.error("job failed", job=job.name, error=type(error).__name__)
