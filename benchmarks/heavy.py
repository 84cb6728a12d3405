"""How many heavy jobs a second pass through either queue, and what the bot feels of a long one.

    python benchmarks/heavy.py [--jobs 300] [--database postgresql://…]

Each job is empty, but goes the whole way: deferred in a transaction, begun, computed in another
process, finished in a transaction. The baselines of the same run: an empty task deferred and
worked off by procrastinate alone (with --database, whose jobs are emptied), and a 300 ms
computation in the event loop itself.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text as sql

from bot.application import Application
from bot.heavy import OneProcessRunner, Workshop
from bot.heavy_pool import Pool
from bot.migrate import upgrade
from bot.settings import LOCALES, REGIONS, DatabaseSettings, Settings
from handlers.heavy import Finishing, HeavyWork
from services.region.service import load_region
from services.text import load_texts

REGION = REGIONS / "anhalt-bitterfeld"
SECONDS = 0.3


def nothing() -> None:
    """Do nothing, in another process."""


def compute(seconds: float) -> None:
    """Keep one processor busy."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


async def finish(_scene: Finishing, _result: Any) -> None:
    """Store nothing and say nothing."""


OFFERED = {"nothing": HeavyWork(nothing, finish), "compute": HeavyWork(compute, finish)}


@asynccontextmanager
async def open_house(url: str) -> AsyncIterator[tuple[Application, Any]]:
    """Yield a house and who works its heavy jobs off."""
    region = load_region(REGION)
    database = DatabaseSettings(url=url)
    house = Application(Settings(_env_file=None, region=str(REGION), database=database), region)
    texts = load_texts(LOCALES, ZoneInfo(region.facts.timezone))
    workshop = Workshop(house.work, OFFERED, Pool(), texts)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(house.close)
        stack.callback(workshop.pool.close)
        await upgrade(house.database)
        if house.database.engine.dialect.name == "sqlite":
            yield house, OneProcessRunner(workshop)
            return
        from bot.heavy_queue import ManyMachinesRunner  # noqa: PLC0415

        async with house.database.engine.begin() as connection:
            await connection.execute(sql("TRUNCATE heavy_job, procrastinate_jobs CASCADE"))
        runner = ManyMachinesRunner(house.work.house.queue, workshop)  # type: ignore[arg-type]
        await stack.enter_async_context(runner.app.open_async())
        yield house, runner


async def through_the_house(url: str, jobs: int) -> tuple[float, float]:
    """Return jobs a second when deferring, one transaction each, and when working them off."""
    async with open_house(url) as (house, runner):
        await _defer(house, "nothing")
        await runner.work_off()  # the process is there now
        deferring = await _seconds(lambda: _each(jobs, lambda: _defer(house, "nothing")))
        working = await _seconds(runner.work_off)
        return jobs / deferring, jobs / working


async def through_procrastinate_alone(url: str, jobs: int) -> tuple[float, float]:
    """Return the same of an empty task, without our table, our process and our transactions."""
    async with open_house(url) as (_, runner):

        @runner.app.task(name="empty", queue="bench")
        async def empty() -> None:
            return

        deferring = await _seconds(lambda: _each(jobs, empty.defer_async))
        working = await _seconds(
            lambda: runner.app.run_worker_async(
                queues=["bench"], wait=False, install_signal_handlers=False, delete_jobs="always"
            )
        )
        return jobs / deferring, jobs / working


async def longest_block(url: str, *, inline: bool) -> float:
    """Return the longest time the event loop stood still during a long computation (seconds)."""
    async with open_house(url) as (house, runner):
        await _defer(house, "nothing")
        await runner.work_off()

        async def here() -> None:
            compute(SECONDS)

        await _defer(house, "compute", seconds=SECONDS)
        working = asyncio.ensure_future(here() if inline else runner.work_off())
        longest = 0.0
        while not working.done():
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before - 0.001)
        await working
        return longest


async def _defer(house: Application, name: str, **arguments: Any) -> None:
    async with house.transaction() as services:
        await services.heavy.defer(name, **arguments)


async def _each(times: int, do: Callable[[], Awaitable[Any]]) -> None:
    for _ in range(times):
        await do()


async def _seconds(do: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await do()
    return time.perf_counter() - began


async def measure(jobs: int, postgresql: str | None) -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = f"sqlite+aiosqlite:///{Path(folder) / 'heavy.db'}"
        rows = [("SQLite, whole way", await through_the_house(sqlite, jobs))]
        if postgresql:
            rows.append(("PostgreSQL, whole way", await through_the_house(postgresql, jobs)))
            bare = await through_procrastinate_alone(postgresql, jobs)
            rows.append(("procrastinate alone (baseline)", bare))
        for name, (deferred, worked) in rows:
            print(f"{name:32} deferred {deferred:6.0f}/s  worked off {worked:6.0f}/s")
        for name, inline in (("inline (baseline)", True), ("as a heavy job", False)):
            block = await longest_block(sqlite, inline=inline)
            print(f"{SECONDS * 1000:.0f} ms {name:25} event loop blocked {block * 1000:6.1f} ms")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--database")
    arguments = parser.parse_args()
    asyncio.run(measure(arguments.jobs, arguments.database))


if __name__ == "__main__":
    main()
