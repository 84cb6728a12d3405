"""Sensor data on its way in: messages are committed raw, and only then acknowledged."""

from collections.abc import Mapping, Sequence

from bot.application import Application
from bot.commits import Commits, Room
from bot.unit_of_work import UnitsOfWork
from bot.wiring import Services
from handlers.uplinks.sources import Sender
from services.uplinks.service import Incoming


class UplinkRoom(Room):
    """Whether more raw messages may wait."""

    async def is_full(self, services: Services) -> bool:
        return await services.uplinks.is_full(self.most_open)


class UplinkCommits(Commits[Incoming]):
    """Stores messages that arrive together in one transaction; returns when they are durable."""

    def __init__(self, work: UnitsOfWork, most_open: int) -> None:
        super().__init__(work, UplinkRoom(work, most_open))

    async def store(self, items: Sequence[Incoming]) -> None:
        async with self.work.transaction() as services:
            await services.uplinks.put(items)
        self.work.uplinks_bell.set()


class Hooks:
    """Implements `handlers.web.WebDesk`."""

    def __init__(self, application: Application) -> None:
        work, settings = application.work, application.settings.lorawan
        self.sources: Mapping[str, Sender] = application.senders
        self.store = UplinkCommits(work, settings.most_waiting).put
        self.counted = work.metrics.uplinks.received
