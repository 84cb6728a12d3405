"""A workshop for tests: the real queue of either database, a real process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.application import Application
from bot.heavy import OneProcessRunner, Workshop
from bot.heavy_pool import Pool
from bot.heavy_queue import ManyMachines, ManyMachinesRunner
from handlers.heavy import Finishing, HeavyWork
from handlers.messages import Reply
from services.text import Texts
from tests.county import TestClock
from tests.heavy import children

Finish = Callable[[Finishing, Any], Awaitable[Reply]]


@dataclass
class Bench:
    """Jobs that note in `results` what they came to."""

    application: Application
    runner: OneProcessRunner | ManyMachinesRunner
    clock: TestClock
    offered: dict[str, HeavyWork]
    results: list[Any] = field(default_factory=list)

    @property
    def workshop(self) -> Workshop:
        return self.runner.workshop

    def offers(
        self,
        name: str,
        work: Callable[..., Any],
        finish: Finish | None = None,
        **more: Any,
    ) -> None:
        self.offered[name] = HeavyWork(work, finish or self._note, **more)

    async def _note(self, scene: Finishing, result: Any) -> Reply:
        self.results.append(result)
        return None

    async def defer(self, name: str, *, chat_id: int | None = None, **arguments: Any) -> int:
        async with self.application.transaction() as services:
            job_id: int = await services.heavy.defer(name, chat_id=chat_id, **arguments)
            return job_id

    async def works(self) -> None:
        """Do everything that is due now."""
        await self.runner.work_off()

    async def works_through_all_waits(self) -> None:
        for _ in range(6):
            await self.works()
            self.clock.forward(hours=1)

    async def starts_again(self) -> None:
        """What a new process does first about jobs the dead one held."""
        if isinstance(self.runner, OneProcessRunner):
            await self.runner.free_running()
        else:
            await self.runner.rescue(seconds=0)

    async def delivered_again(self, job_id: int) -> None:
        """The same number comes a second time."""
        await self.workshop.attempt(job_id)


@pytest.fixture
async def bench(application: Application, texts: Texts, clock: TestClock) -> AsyncIterator[Bench]:
    offered: dict[str, HeavyWork] = {}
    workshop = Workshop(application.work, offered, Pool(limit=timedelta(seconds=20)), texts)
    queue = application.work.house.queue
    async with AsyncExitStack() as stack:
        stack.callback(workshop.pool.close)
        runner: OneProcessRunner | ManyMachinesRunner = OneProcessRunner(workshop)
        if isinstance(queue, ManyMachines):
            runner = ManyMachinesRunner(queue, workshop)
            async with application.database.engine.begin() as connection:
                await connection.execute(
                    sql("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
                )
            await stack.enter_async_context(queue.app.open_async())
        bench = Bench(application, runner, clock, offered)
        bench.offers("add", children.add)
        yield bench
