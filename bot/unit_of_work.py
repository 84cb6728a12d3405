"""One transaction with all use cases in it; what it queued is sent after it committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from bot.metrics import Metrics
from bot.wiring import House, Services, wire
from services.db import Database


class UnitsOfWork:
    """Opens transactions; whoever waits for new work is woken by the bells."""

    def __init__(self, database: Database, house: House) -> None:
        self.database = database
        self.house = house
        self.inbox_bell = asyncio.Event()
        self.outbox_bell = asyncio.Event()
        self.uplinks_bell = asyncio.Event()
        self.alarms_bell = asyncio.Event()
        self.metrics = Metrics()
        self._open = 0
        self._closed = asyncio.Event()
        # SQLite has one writer: waiting for our turn here is fair and costs no busy loop.
        one_writer = database.engine.dialect.name == "sqlite"
        self._turn: AbstractAsyncContextManager[object] = (
            asyncio.Lock() if one_writer else nullcontext()
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Services]:
        """Yield the use cases; commit when left in peace, roll back on any error."""
        self._open += 1
        try:
            async with self._turn, self.database.write.begin() as session:
                yield wire(session, self.house)
        finally:
            self._open -= 1
            self._closed.set()
        self.outbox_bell.set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Services]:
        """Yield the use cases for looking only; takes no write lock."""
        async with self.database.read() as session:
            yield wire(session, self.house)

    async def at_rest(self) -> None:
        """Wait for a moment in which no transaction is open or waits for its turn."""
        while self._open:
            self._closed.clear()
            await self._closed.wait()


async def rest(bell: asyncio.Event, seconds: float) -> None:
    """Wait for a bell, but not longer than some seconds."""
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        return
