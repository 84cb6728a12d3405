"""Works off the inbox: groups of updates in one transaction, each person's updates in their order.

Several workers, in one process or on many machines, never handle one person at the same time.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import TelegramMethod
from aiogram.types import Update

from bot.ahead import Ahead
from bot.batch import Batch, Desk
from bot.replies import as_reply
from bot.scene import event_of, scene
from bot.trouble import where
from bot.unit_of_work import UnitsOfWork, rest
from bot.wiring import Services
from handlers.messages import say
from services.errors import ServiceError
from services.inbox.store import Waiting
from services.text import Texts

log = structlog.get_logger()
IDLE_SECONDS = 0.5
CLAIM = 16
"""Updates taken at a time: who has a slow one among them waits for it."""
GROUP = 64
GROUP_SECONDS = 0.025
"""A group stops growing after so many updates, or after so long."""
LANES = 2
"""Groups a worker handles beside each other where the database has more than one writer."""


@dataclass
class Group:
    """What was claimed for one transaction, and what must be handled without others."""

    begun: list[Waiting] = field(default_factory=list)
    alone: list[Waiting] = field(default_factory=list)
    put_off: int = 0
    """Updates left in the inbox until what they ask is understood."""
    handled: int = 0

    @property
    def moved(self) -> int:
        """How many updates are no longer where they were."""
        return self.handled + self.put_off


class Worker:
    """Takes updates from the inbox and lets the dispatcher's handlers answer them."""

    def __init__(
        self,
        work: UnitsOfWork,
        dispatcher: Dispatcher,
        bot: Bot,
        texts: Texts,
        given: dict[str, Any],
        ahead: Ahead,
    ) -> None:
        self.work = work
        self.dispatcher = dispatcher
        self.bot = bot
        self.texts = texts
        self.given = given
        self.ahead = ahead
        self.tasks = ahead.tasks

    async def run(self) -> None:
        """Work until cancelled; a database that is away for a while ends nothing."""
        one_writer = self.work.database.engine.dialect.name == "sqlite"
        await asyncio.gather(*(self._lane() for _ in range(1 if one_writer else LANES)))

    async def _lane(self) -> None:
        while True:
            self.work.inbox_bell.clear()
            try:
                if await self._something_waits():
                    while (await self._group()).moved:
                        pass
            except Exception as error:  # noqa: BLE001 - see above
                log.error("inbox not worked off", error=type(error).__name__)
            await rest(self.work.inbox_bell, IDLE_SECONDS)

    async def _something_waits(self) -> bool:
        """Look without a write lock: most of the time nothing does."""
        async with self.work.reading() as services:
            return not await services.inbox.is_empty()

    async def work_off(self) -> int:
        """Handle what waits now; return how many updates that were."""
        handled = 0
        while True:
            somebody_waited = bool(self.ahead.people)
            group = await self._group()
            handled += group.handled
            waited = await self.ahead.one_understood() if not group.moved else True
            if not waited and not somebody_waited:  # their questions may be understood by now
                return handled

    async def _group(self) -> Group:
        """Handle some updates together; where that fails, each of them alone."""
        group = Group()
        try:
            group.handled = await self._together(group)
        except Exception as error:
            if not group.begun:
                raise
            if len(group.begun) == 1:
                group.handled = await self._went_wrong(group.begun[0], error)
            else:
                log.info("group taken apart", error=type(error).__name__)
                group.alone += group.begun
        for row in sorted(group.alone, key=attrgetter("update_id")):
            await self.ahead.understand(row)
            group.handled += await self._alone(row)
        return group

    async def _together(self, group: Group) -> int:
        """Handle updates in one transaction, as many as begin in time; return how many."""
        handled, spent = 0, 0.0
        async with self.work.transaction() as services:
            batch = Batch(self._desk, services)
            # The next claim will take about as long as the one before.
            while handled + group.put_off < GROUP and spent < GROUP_SECONDS / 2:
                put_off = group.put_off
                rows = await self._claim(services, group)
                updates = await batch.prepare(rows)
                begun = time.monotonic()
                for row, update in zip(rows, updates, strict=True):
                    await batch.handle(row, update)
                    if spent + time.monotonic() - begun >= GROUP_SECONDS:
                        break
                spent += time.monotonic() - begun
                finished = await batch.finish()
                handled += finished
                if not finished and group.put_off == put_off:
                    break
        for _ in range(handled):
            self.work.metrics.update_handled(spent / handled)
        self._send(batch.at_once)
        return handled

    async def _claim(self, services: Services, group: Group) -> Sequence[Waiting]:
        turn = await services.inbox.claim(CLAIM, self.ahead.people)
        known = {row.update_id for row in group.alone}
        group.alone += [row for row in turn.alone if row.update_id not in known]
        now = await self.ahead.put_off(services, turn.together)
        group.put_off += len(turn.together) - len(now)
        group.begun += now
        return now

    async def _alone(self, row: Waiting) -> int:
        """Handle one update in its own transaction; return 0 when somebody else has it."""
        try:
            return await self._in_transaction(row, None)
        except Exception as error:  # noqa: BLE001 - one update must never stop the others
            return await self._went_wrong(row, error)

    async def _went_wrong(self, row: Waiting, error: Exception) -> int:
        """Say which rule an update broke; after any other error it is tried again later."""
        if isinstance(error, ServiceError):
            try:
                return await self._in_transaction(row, error)
            except Exception as another:  # noqa: BLE001 - see above
                error = another
        await self._failed(row, error)
        return 1

    async def _in_transaction(self, row: Waiting, error: ServiceError | None) -> int:
        began = time.monotonic()
        async with self.work.transaction() as services:
            claimed = await services.inbox.claim_one(row.update_id)
            if claimed is None:
                return 0
            batch = Batch(self._desk, services)
            [update] = await batch.prepare([claimed])
            await batch.handle(claimed, update, error)
            handled = await batch.finish()
        self.work.metrics.update_handled(time.monotonic() - began)
        self._send(batch.at_once)
        return handled

    @property
    def _desk(self) -> Desk:
        return Desk(self.dispatcher, self.bot, self.texts, self.given)

    async def _failed(self, row: Waiting, error: Exception) -> None:
        """Note a failure under a number that stands in the log, as no text and no person does.

        When it was the last attempt, the person hears an apology and the operators an alarm.
        """
        number, update = secrets.token_hex(3), self._readable(row)
        self.work.metrics.update_failed()
        log.error(
            "update failed",
            number=number,
            update_kind=type(event_of(update)).__name__,
            error=type(error).__name__,
            attempt=row.attempts + 1,
            where=where(error),
        )
        async with self.work.transaction() as services:
            given_up = await services.inbox.failed(
                row.update_id, tried=row.attempts, number=number
            )
            if given_up:
                await services.operators.alarm("inbox.set-aside", number=number)
                await self._apologise(services, update, number)

    async def _apologise(self, services: Services, update: Update | None, number: str) -> None:
        found = await scene(services, update, self.texts) if update else None
        if found is not None:
            chat, words = found["chat"], found["text"]("error.unknown", number=number)
            await services.outbox.reply(chat.id, [as_reply(say(chat.telegram_id, words))])

    def _readable(self, row: Waiting) -> Update | None:
        try:
            return self._desk.read(row)
        except ValueError:
            return None

    def _send(self, methods: Sequence[TelegramMethod[Any]]) -> None:
        """Call what is worthless when late; it answers effects that are committed."""
        for method in methods:
            self.tasks.start(self._try(method), type(method).__name__)

    async def _try(self, method: TelegramMethod[Any]) -> None:
        try:
            await self.bot(method)
        except TelegramAPIError as error:
            log.info(
                "not answered at once", method=type(method).__name__, error=type(error).__name__
            )
