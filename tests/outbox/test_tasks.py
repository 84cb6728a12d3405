"""Background work is kept alive, its failures are noticed, and closing ends it."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.tasks import Tasks
from bot.unit_of_work import rest


async def test_work_goes_on_beside_the_caller() -> None:
    done = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.set()

    async with Tasks() as tasks:
        tasks.start(work(), "work")
        await asyncio.wait_for(done.wait(), 1)


async def test_a_failure_is_logged_by_name_and_kind_and_harms_nobody() -> None:
    done = asyncio.Event()

    async def fails() -> None:
        raise ValueError("Vertraulich")

    async def works() -> None:
        done.set()

    with capture_logs() as logs:
        async with Tasks() as tasks:
            tasks.start(fails(), "fails")
            tasks.start(works(), "works")
            await asyncio.wait_for(done.wait(), 1)
            await asyncio.sleep(0)
    assert logs == [
        {
            "event": "background work failed",
            "work": "fails",
            "error": "ValueError",
            "log_level": "error",
        }
    ]


async def test_closing_ends_what_still_runs_without_a_word() -> None:
    ended = asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with capture_logs() as logs:
        async with Tasks() as tasks:
            tasks.start(forever(), "forever")
            await asyncio.sleep(0)
    assert ended.is_set()
    assert logs == []


async def test_closing_ends_work_also_when_the_house_is_on_fire() -> None:
    ended = asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def house() -> None:
        async with Tasks() as tasks:
            tasks.start(forever(), "forever")
            await asyncio.sleep(0)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await house()
    assert ended.is_set()


@pytest.mark.parametrize("rung", [True, False])
async def test_a_rest_ends_with_the_bell_or_its_time(*, rung: bool) -> None:
    bell = asyncio.Event()
    if rung:
        bell.set()
    loop = asyncio.get_running_loop()
    before = loop.time()
    await rest(bell, 30 if rung else 0.02)
    assert loop.time() - before < 1
