"""Tells chats of alarms: looks when something changed or falls due, one process at a time."""

import asyncio

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from bot.unit_of_work import UnitsOfWork, rest

log = structlog.get_logger()
LOOK_SECONDS = 0.5
PAUSE_SECONDS = 1.0
TROUBLE = (DBAPIError, NoConnectionError, OSError)


class HeraldDesk:
    """Plans what is due; every look is one transaction."""

    def __init__(self, work: UnitsOfWork) -> None:
        self.work = work

    async def run(self) -> None:
        """Work until cancelled; a database that is away for a while ends nothing."""
        while True:
            self.work.alarms_bell.clear()
            try:
                busy = await self.look()
            except TROUBLE as error:
                log.warning("alarms wait", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if not busy:
                await rest(self.work.alarms_bell, LOOK_SECONDS)

    async def look(self) -> bool:
        """Tell what is due now; return whether there was anything.

        Most of the time nothing is: then no write lock is taken.
        """
        async with self.work.reading() as services:
            if not await services.heralds.something_is_due():
                return False
        try:
            async with self.work.transaction() as services:
                await services.heralds.look()
        except TROUBLE:
            raise
        except Exception as error:  # noqa: BLE001 - one group must not keep the others waiting
            log.error("alarms looked at one by one", error=type(error).__name__)
            await self._one_by_one()
        return True

    async def _one_by_one(self) -> None:
        """Tell each group by itself; one that cannot be told is put off."""
        async with self.work.transaction() as services:
            await services.heralds.route()
            numbers = await services.heralds.due()
        for number in numbers:
            try:
                async with self.work.transaction() as services:
                    await services.heralds.look(only=number)
            except TROUBLE:
                raise
            except Exception as error:  # noqa: BLE001 - see above
                log.error("group not told", group=number, error=type(error).__name__)
                async with self.work.transaction() as services:
                    await services.heralds.put_off(number)
