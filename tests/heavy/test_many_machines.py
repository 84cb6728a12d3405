"""What procrastinate adds on PostgreSQL: transactions, dead workers, nothing of it on SQLite."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from bot.heavy_queue import QUEUE, ManyMachinesRunner
from tests.heavy import children
from tests.heavy.conftest import Bench
from tests.rigging import eventually


@pytest.fixture
def database_url(migrated_postgresql: str) -> str:
    return migrated_postgresql


@pytest.fixture
async def runner(bench: Bench) -> ManyMachinesRunner:
    assert isinstance(bench.runner, ManyMachinesRunner)
    return bench.runner


async def brought(bench: Bench) -> list[tuple[str, dict[str, int]]]:
    """Return what procrastinate still holds: state and arguments."""
    async with bench.application.database.engine.connect() as connection:
        rows = await connection.execute(
            sql("SELECT status::text, args FROM procrastinate_jobs ORDER BY id")
        )
        return [(row[0], row[1]) for row in rows]


async def test_it_is_told_with_the_transaction_or_not_at_all(bench: Bench) -> None:
    async with bench.application.transaction() as services:
        job_id = await services.heavy.defer("add", a=1, b=2)
        assert await brought(bench) == [], "nobody sees it before the commit"
    assert await brought(bench) == [("todo", {"number": job_id})], "a number, nothing else"
    async with bench.application.database.write() as session:
        await bench.application.work.house.queue.announce(session, 7, not_before=None)
        await session.rollback()
    assert len(await brought(bench)) == 1


async def test_what_is_done_leaves_nothing_behind(bench: Bench) -> None:
    await bench.defer("add", a=1, b=2)
    await bench.works()
    assert bench.results == [3]
    assert await brought(bench) == []


async def test_what_a_dead_worker_held_goes_to_another(
    bench: Bench, runner: ManyMachinesRunner
) -> None:
    await bench.defer("add", a=1, b=2)
    manager = runner.app.job_manager
    dead = await manager.register_worker()
    assert await manager.fetch_job(queues=[QUEUE], worker_id=dead)
    await bench.works()
    assert bench.results == [], "it may yet be alive"
    assert await runner.rescue() == 0
    assert await runner.rescue(seconds=0) == 1
    await bench.works()
    assert bench.results == [3]


async def test_what_a_stopping_worker_was_at_waits_for_another(
    bench: Bench, runner: ManyMachinesRunner, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    bench.offers("hang", children.hang)
    job_id = await bench.defer("hang", mark=str(mark))
    running = asyncio.ensure_future(runner.run())

    async def begun() -> bool:
        return mark.exists()

    await eventually(begun, 20)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await brought(bench) == [("todo", {"number": job_id})]


async def test_a_database_that_was_away_costs_no_job(bench: Bench) -> None:
    """The attempt could be noted nowhere: procrastinate itself brings the number again."""
    await bench.defer("add", a=1, b=2)
    async with bench.application.database.engine.begin() as connection:
        await connection.execute(sql("ALTER TABLE heavy_job RENAME TO heavy_job_away"))
    try:
        await bench.works()
    finally:
        async with bench.application.database.engine.begin() as connection:
            await connection.execute(sql("ALTER TABLE heavy_job_away RENAME TO heavy_job"))
            await connection.execute(sql("UPDATE procrastinate_jobs SET scheduled_at = NULL"))
    assert [status for status, _ in await brought(bench)] == ["todo"]
    await bench.works()
    assert bench.results == [3]
