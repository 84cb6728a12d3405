"""Heavy jobs through procrastinate, for several machines; imported on PostgreSQL only.

procrastinate brings the numbers of our jobs, in time and to one worker at a time, and hands on
what a dead worker held. What a job is, and how often it may be tried, stands in our own table.
"""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.jobs import DeleteJobCondition
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession

if TYPE_CHECKING:
    from bot.heavy import Workshop

log = structlog.get_logger()
TASK = "abibot-heavy-work"
QUEUE = "abibot-heavy"
HEARTBEAT_SECONDS = 10.0
STALLED_SECONDS = 30.0
AGAIN_SECONDS = 5
"""When the database itself was away: the attempt is neither noted nor lost."""


class ManyMachines:
    """The queue of a house with several processes."""

    def __init__(self, url: str) -> None:
        address = make_url(url).set(drivername="postgresql")
        conninfo = address.render_as_string(hide_password=False)
        self.app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))

    async def announce(
        self, session: AsyncSession, job_id: int, *, not_before: datetime | None
    ) -> None:
        """Defer on the session's own connection: with its transaction or not at all."""
        connection = await (await session.connection()).get_raw_connection()
        job = self.app.configure_task(
            TASK, queue=QUEUE, schedule_at=not_before, connection=connection.driver_connection
        )
        await job.defer_async(number=job_id)


class ManyMachinesRunner:
    """One of the workers."""

    def __init__(self, queue: ManyMachines, workshop: "Workshop") -> None:
        self.app = queue.app
        self.workshop = workshop

        @self.app.task(name=TASK, queue=QUEUE, retry=RetryStrategy(wait=AGAIN_SECONDS))
        async def attempt(number: int) -> None:
            await workshop.attempt(number)

    async def run(self) -> None:
        """Work until cancelled; a database that is away for a while ends nothing."""
        try:
            while True:
                try:
                    async with self.app.open_async():
                        await self._work_and_rescue()
                except Exception as error:  # noqa: BLE001 - see above
                    log.error("heavy work not worked off", error=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            self.workshop.pool.close()

    async def _work_and_rescue(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.work_off(wait=True))
            group.create_task(self._rescue_for_ever())

    async def work_off(self, *, wait: bool = False) -> None:
        """Do everything that is due, and with `wait` everything to come; the app must be open."""
        await self.app.run_worker_async(
            queues=[QUEUE],
            wait=wait,
            install_signal_handlers=False,
            delete_jobs=DeleteJobCondition.ALWAYS.value,
            shutdown_graceful_timeout=0,  # what is running is repeated after the restart
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
        )
        if wait:
            raise ConnectionError("the worker stopped by itself")

    async def rescue(self, seconds: float = STALLED_SECONDS) -> int:
        """Hand on what workers hold that gave no sign of life for some seconds; how many."""
        stalled = await self.app.job_manager.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=seconds
        )
        count = 0
        for job in stalled:
            await self.app.job_manager.retry_job(job)
            count += 1
        if count:
            log.warning("heavy jobs of a dead worker, repeated now", count=count)
        return count

    async def _rescue_for_ever(self) -> None:
        while True:
            await self.rescue()
            await asyncio.sleep(STALLED_SECONDS)
