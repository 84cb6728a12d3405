"""What arrives together is stored in one transaction; whoever sent it hears when it is durable."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from bot.tasks import Tasks
from bot.unit_of_work import UnitsOfWork
from bot.wiring import Services

RETRY_AFTER = "5"
GATHER_SECONDS = 0.001
WRITERS = 2
"""Groups PostgreSQL commits at once: while one waits for the disk the next is put together."""
LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 10.0
"""A database that takes longer is as good as away: the sender comes again, or must be told."""
MOST_TOGETHER = 1_000

Item = TypeVar("Item")


class InboxFullError(Exception):
    """So much waits to be handled that no more is taken."""


class Room(ABC):
    """Whether there is room for more; the database is asked once a second."""

    def __init__(self, work: UnitsOfWork, most_open: int) -> None:
        self.work = work
        self.most_open = most_open
        self._full = False
        self._look_at = 0.0

    @abstractmethod
    async def is_full(self, services: Services) -> bool:
        """Ask the database."""

    async def check(self) -> None:
        """Raise `InboxFullError` while there is none."""
        now = asyncio.get_running_loop().time()
        if now >= self._look_at:
            async with self.work.reading() as services:
                self._full = await self.is_full(services)
            self._look_at = now + LOOK_SECONDS
        if self._full:
            raise InboxFullError


class Commits(ABC, Generic[Item]):
    """Stores what arrives together in one transaction; returns when it is durable."""

    def __init__(self, work: UnitsOfWork, room: Room) -> None:
        self.work = work
        self.room = room
        self.waiting: list[tuple[Item, asyncio.Future[None]]] = []
        one_writer = work.database.engine.dialect.name == "sqlite"
        self.most_writers = 1 if one_writer else WRITERS
        self.writers = 0
        self.tasks = Tasks()

    @abstractmethod
    async def store(self, items: Sequence[Item]) -> None:
        """Commit a group."""

    async def put(self, item: Item) -> None:
        """Return once it is committed; raise when it could not be, or not soon."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append((item, stored))
        if self.writers < self.most_writers:
            self.writers += 1
            self.tasks.start(self._write(), "inbox")  # not ours: who hangs up stops nobody
        await stored

    async def _write(self) -> None:
        """Write what came while the group before was written, until nobody waits any more."""
        try:
            while self.waiting:
                if len(self.waiting) > 1:  # in a rush, larger groups cost less
                    await asyncio.sleep(GATHER_SECONDS)
                group = self.waiting[:MOST_TOGETHER]
                del self.waiting[:MOST_TOGETHER]
                await self._settle(group)
        finally:
            self.writers -= 1

    async def _settle(self, group: Sequence[tuple[Item, asyncio.Future[None]]]) -> None:
        """Store a group and tell everybody who waits for it."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.room.check()
                await self.store([item for item, _ in group])
        except Exception as error:  # noqa: BLE001 - everybody who waits must hear of it
            if isinstance(error, RecursionError) and len(group) > 1:
                for one in group:  # one absurd item must not hold back the others
                    await self._settle([one])
                return
            _tell(group, error)
        else:
            _tell(group, None)


def _tell(group: Sequence[tuple[Item, asyncio.Future[None]]], error: Exception | None) -> None:
    """Tell everybody who waits and has not hung up."""
    for _, stored in group:
        if stored.done():
            continue
        if error is None:
            stored.set_result(None)
        else:
            stored.set_exception(error)
