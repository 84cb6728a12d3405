"""Who does what only one process may do: the others stand by and take over within seconds.

An operator starts the same roles on several machines; PostgreSQL decides who holds them. The
holder's lock lives and dies with one connection: no lease to renew, no clocks to compare.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from sqlalchemy import make_url

from bot.tasks import first_ended
from bot.unit_of_work import rest
from services.db import Database, alive, lock_key

if TYPE_CHECKING:
    from psycopg import AsyncConnection

log = structlog.get_logger()
TRY_SECONDS = 1.0
Work = Callable[[], Awaitable[None]]


class Leadership(Protocol):
    """Lets one process at a time do something."""

    async def while_holding(self, name: str, work: Work) -> None:
        """Wait until it is ours, then work; end the work at once when it is no longer ours."""
        ...


class Alone:
    """There is no other process (SQLite): everything is ours."""

    async def while_holding(self, name: str, work: Work) -> None:  # noqa: ARG002 - ours in any case
        await work()


class Elected:
    """The holder has an advisory lock of PostgreSQL on a connection of its own."""

    def __init__(self, url: str, stopping: asyncio.Event) -> None:
        self.url = url
        self.stopping = stopping

    async def while_holding(self, name: str, work: Work) -> None:
        async with await connect(self.url, name) as connection:
            if not await self._win(connection, lock_key(name)):
                return
            log.info("role taken", holds=name)
            await first_ended(_call(work), _watch(connection))

    async def _win(self, connection: "AsyncConnection[Any]", key: int) -> bool:
        """Try every second; return False when we are to stop meanwhile."""
        while not self.stopping.is_set():
            cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (key,))
            row = await cursor.fetchone()
            if row and row[0]:
                return True
            await rest(self.stopping, TRY_SECONDS)
        return False


async def _call(work: Work) -> None:
    await work()


async def _watch(connection: "AsyncConnection[Any]") -> None:
    """Ask every second whether the connection lives; raise the driver's error when it does not.

    No timeout of ours: as long as the server's machine acknowledges, the session lives there and
    nobody else can hold the lock; when it does not, TCP ends the connection (see
    `services.db.ALIVE`), here sooner than there.
    """
    while True:
        await connection.execute("SELECT 1")
        await asyncio.sleep(TRY_SECONDS)


async def connect(url: str, name: str) -> "AsyncConnection[Any]":
    """Open a connection outside the pool, for what must live as long as itself."""
    from psycopg import AsyncConnection  # noqa: PLC0415 - SQLite needs no driver of PostgreSQL

    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return await AsyncConnection.connect(
        address, autocommit=True, application_name=f"abibot {name}", **alive(url)
    )


def leadership(database: Database, stopping: asyncio.Event) -> Leadership:
    """Return what decides who holds a role for this kind of database."""
    url = database.engine.url
    if url.get_backend_name() == "sqlite":
        return Alone()
    return Elected(url.render_as_string(hide_password=False), stopping)
