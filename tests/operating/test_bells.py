"""Bells ring in every process when something was stored, and only when it committed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import text as sql

from bot.application import Application
from bot.bells import listen
from bot.intake import store
from bot.tasks import Tasks
from bot.unit_of_work import UnitsOfWork
from bot.wiring import wire

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
ALL = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'abibot bells'"


@pytest.fixture
async def elsewhere(application: Application) -> AsyncIterator[UnitsOfWork]:
    """Another process that listens."""
    if application.database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one process")
    other = UnitsOfWork(application.database, replace(application.work.house))
    async with Tasks() as tasks:
        tasks.start(listen(other), "bells")
        await heard(other.inbox_bell)
        await heard(other.outbox_bell)
        yield other


async def heard(bell: asyncio.Event) -> None:
    """Wait until it rings, then make it silent."""
    async with asyncio.timeout(5):
        await bell.wait()
    bell.clear()


async def test_an_update_wakes_the_workers_elsewhere(
    application: Application, elsewhere: UnitsOfWork
) -> None:
    await store(application.work, [{"update_id": 1, "message": {"from": {"id": 7}}}])
    await heard(elsewhere.inbox_bell)
    assert not elsewhere.outbox_bell.is_set()


async def test_a_message_wakes_the_delivery_elsewhere(
    application: Application, elsewhere: UnitsOfWork
) -> None:
    async with application.transaction() as services:
        chat = await services.chats.meet(7, "private", "de")
        await services.outbox.tell(chat.id, "error.too-fast", dedup_key="x")
    await heard(elsewhere.outbox_bell)
    assert not elsewhere.inbox_bell.is_set()


async def test_what_is_rolled_back_or_stores_nothing_wakes_nobody(
    application: Application, elsewhere: UnitsOfWork
) -> None:
    async with application.database.write() as session:
        await wire(session, application.work.house).inbox.put([{"update_id": 1}])
        await session.rollback()
    await asyncio.sleep(0.1)
    assert not elsewhere.inbox_bell.is_set()
    async with application.transaction() as services:
        await services.chats.meet(7, "private", "de")
    await store(application.work, [{"update_id": 2}])
    await heard(elsewhere.inbox_bell)
    assert not elsewhere.outbox_bell.is_set()


async def test_a_lost_connection_is_opened_again(
    application: Application, elsewhere: UnitsOfWork
) -> None:
    async with application.database.engine.begin() as connection:
        await connection.execute(sql(ALL.replace("count(*)", "pg_terminate_backend(pid)")))
    await heard(elsewhere.inbox_bell)  # whatever came meanwhile
    await heard(elsewhere.outbox_bell)
    await store(application.work, [{"update_id": 1}])
    await heard(elsewhere.inbox_bell)


async def test_in_one_process_the_transaction_itself_rings(application: Application) -> None:
    await store(application.work, [{"update_id": 1}])
    assert application.work.inbox_bell.is_set()
    assert application.work.outbox_bell.is_set()
