"""Who holds a role: one at a time, the next one within a second, nobody whose connection died."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from bot.leadership import Alone, Elected, connect, leadership
from bot.tasks import Tasks
from services.db import alive, lock_key, open_database

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
NAME = "test role"


class Candidate:
    """A process that wants the role."""

    def __init__(self, url: str) -> None:
        self.stopping = asyncio.Event()
        self.elected = Elected(url, self.stopping)
        self.terms = 0
        self.works = False
        self.errors: list[BaseException] = []

    async def run(self) -> None:
        try:
            await self.elected.while_holding(NAME, self._work)
        except psycopg.Error as error:
            self.errors.append(error)

    async def _work(self) -> None:
        self.terms, self.works = self.terms + 1, True
        try:
            await self.stopping.wait()
        finally:
            self.works = False


async def until(look: Callable[[], object], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110 - several things are looked at
            await asyncio.sleep(0.02)


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    async with Tasks() as tasks:
        yield tasks


@pytest.fixture
async def server(migrated_postgresql: str) -> AsyncIterator[AsyncConnection[Any]]:
    async with await connect(migrated_postgresql, "test") as connection:
        yield connection


async def test_one_holds_the_role_and_hands_over_when_it_stops(
    migrated_postgresql: str, tasks: Tasks
) -> None:
    first, second = Candidate(migrated_postgresql), Candidate(migrated_postgresql)
    tasks.start(first.run(), "first")
    await until(lambda: first.works)
    tasks.start(second.run(), "second")
    await asyncio.sleep(0.3)
    assert not second.works
    first.stopping.set()
    await until(lambda: second.works, 2)
    assert not first.works
    assert not first.errors


async def test_whoever_stands_by_stops_without_having_worked(
    migrated_postgresql: str, tasks: Tasks
) -> None:
    first, second = Candidate(migrated_postgresql), Candidate(migrated_postgresql)
    tasks.start(first.run(), "first")
    await until(lambda: first.works)
    second.stopping.set()
    await second.run()
    assert second.terms == 0


async def test_a_lost_connection_ends_the_work_at_once(
    migrated_postgresql: str, tasks: Tasks, server: AsyncConnection[Any]
) -> None:
    first, second = Candidate(migrated_postgresql), Candidate(migrated_postgresql)
    tasks.start(first.run(), "first")
    await until(lambda: first.works)
    tasks.start(second.run(), "second")
    began = time.monotonic()
    await server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND ((classid::bigint << 32) | objid::bigint) = %s",
        (lock_key(NAME),),
    )
    await until(lambda: not first.works and second.works, 4)
    assert time.monotonic() - began < 4
    assert first.errors


async def test_both_ends_notice_a_machine_that_is_gone(server: AsyncConnection[Any]) -> None:
    async def setting(name: str) -> int:
        row = await (await server.execute("SELECT current_setting(%s)", (name,))).fetchone()
        assert row
        return int(row[0].removesuffix("ms"))

    silence = await setting("tcp_keepalives_idle") + await setting(
        "tcp_keepalives_interval"
    ) * await setting("tcp_keepalives_count")
    given = server.info.get_parameters()
    ours = 1 + int(given["tcp_user_timeout"]) / 1000
    assert ours < silence <= 5, "we stop before the server gives the role to somebody else"


async def test_with_sqlite_nobody_else_is_there(tmp_path: Any) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")
    alone = leadership(database, asyncio.Event())
    assert isinstance(alone, Alone)
    done: list[str] = []

    async def work() -> None:
        done.append("work")

    await alone.while_holding(NAME, work)
    await database.close()
    assert done == ["work"]


def test_options_of_the_address_are_kept() -> None:
    options = alive("postgresql+psycopg://x/y?options=-csearch_path%3Dz")["options"]
    assert "search_path=z" in options
    assert "tcp_keepalives_idle" in options


def test_another_role_has_another_lock() -> None:
    assert len({lock_key(name) for name in ("web", "delivery", "schedule", "migration")}) == 4
