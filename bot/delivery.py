"""The one way out: sends what the outbox holds, in order, within Telegram's limits."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import Message
from sqlalchemy import Row

from bot.limits import Limits
from bot.replies import as_method
from bot.tasks import Tasks
from bot.unit_of_work import UnitsOfWork, rest
from handlers.messages import Address, Renderer, say
from services.chats.model import Kind
from services.text import Texts

log = structlog.get_logger()
IDLE_SECONDS = 1.0
CLOSING_SECONDS = 10.0
UNAUTHORIZED_SECONDS = 60.0
NOT_MODIFIED = "message is not modified"
QUOTED = re.compile(r"""["'].*["']""", re.DOTALL)


class Delivery:
    """Renders and sends; marks a message before the call as being sent, and after it as sent."""

    def __init__(
        self,
        work: UnitsOfWork,
        bot: Bot,
        texts: Texts,
        renderers: Mapping[str, Renderer],
        tasks: Tasks,
        limits: Limits | None = None,
    ) -> None:
        self.work = work
        self.bot = bot
        self.texts = texts
        self.renderers = renderers
        self.tasks = tasks
        self.limits = limits or Limits()
        self.in_flight: dict[int, int] = {}
        self.starting = asyncio.Lock()
        self.closing = False

    async def run(self) -> None:
        """Send until cancelled; a database that is away for a while ends nothing."""
        started = False
        while True:
            self.work.outbox_bell.clear()
            try:
                if not started:
                    await self._lose_track()
                    started = True
                wait = await self.send_due()
            except Exception as error:  # noqa: BLE001 - see above
                log.error("outbox not worked off", error=type(error).__name__)
                wait = IDLE_SECONDS
            await rest(self.work.outbox_bell, wait)

    async def _lose_track(self) -> None:
        async with self.work.transaction() as services:
            lost = await services.sending.lose_track()
        if lost:
            log.warning("messages with unknown fate after a crash", count=lost)

    async def finish(self) -> None:
        """Start nothing more and wait a little for what is being sent: its fate shall be known."""
        async with self.starting:
            self.closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                while self.in_flight:
                    self.work.outbox_bell.clear()
                    await self.work.outbox_bell.wait()

    async def send_due(self) -> float:
        """Start sending what may leave now; return the seconds until it is worth looking again."""
        async with self.starting:
            return IDLE_SECONDS if self.closing else await self._start_due()

    async def _start_due(self) -> float:
        self.limits.tidy()
        waiting = self.limits.waiting()
        async with self.work.reading() as services:
            rows = await services.sending.due({*self.in_flight.values(), *waiting})
        chosen, wait = self._choose(rows)
        wait = min(wait, *waiting.values(), IDLE_SECONDS)
        if chosen:
            async with self.work.transaction() as services:
                claimed = await services.sending.claim([row.id for row in chosen])
            self.work.outbox_bell.clear()  # our own commit is no news
            for row in chosen:
                if row.id in claimed:
                    self.in_flight[row.id] = row.chat_id
                    self.tasks.start(self._send(row), "send")
        return wait

    def _choose(self, rows: Sequence[Row[Any]]) -> tuple[list[Row[Any]], float]:
        """Pick the rows that may leave now: lanes in order, one message of a chat at a time."""
        busy = set(self.in_flight.values())
        chosen: list[Row[Any]] = []
        wait = IDLE_SECONDS
        for row in rows:
            if row.chat_id in busy:
                continue
            busy.add(row.chat_id)  # its later messages wait, whatever becomes of this one
            seconds = self.limits.wait(row.chat_id)
            if seconds > 0:
                wait = min(wait, seconds)
                continue
            self.limits.take(row.chat_id, is_group=_is_group(row))
            chosen.append(row)
        return chosen, wait

    async def _send(self, row: Row[Any]) -> None:
        try:
            await self._try(row)
        finally:
            self.in_flight.pop(row.id, None)
            self.work.outbox_bell.set()

    async def _try(self, row: Row[Any]) -> None:
        try:
            method = await self._method(row)
        except Exception as error:  # noqa: BLE001 - a message that cannot be rendered stops nobody
            log.error("message not rendered", text_key=row.text_key, error=type(error).__name__)
            await self._note(row, failed=f"not rendered: {type(error).__name__}")
            return
        if method is None:
            await self._note(row, failed="nothing to say any more")
            return
        try:
            result = await self._call(row, method)
        except TelegramAPIError as error:
            await self._problem(row, error)
        except Exception as error:  # noqa: BLE001 - no refusal: it may have arrived
            log.error("answer not understood", method=row.method, error=type(error).__name__)
            async with self.work.transaction() as services:
                await services.sending.unknown(row.id, type(error).__name__)
        else:
            message_id = result.message_id if isinstance(result, Message) else None
            async with self.work.transaction() as services:
                await services.sending.sent(row.id, message_id)

    async def _call(self, row: Row[Any], method: TelegramMethod[Any]) -> Any:
        began, outcome = time.perf_counter(), "sent"
        try:
            return await self.bot(method)
        except Exception as error:
            outcome = type(error).__name__
            raise
        finally:
            self.work.metrics.message_sent(row.lane, outcome, time.perf_counter() - began)

    async def _method(self, row: Row[Any]) -> TelegramMethod[Any] | None:
        if row.method:
            return as_method(row.method, row.payload or {}, row.telegram_id)
        text = self.texts.of(row.language)
        params = row.params or {}
        renderer = self.renderers.get(row.text_key)
        if renderer is None:
            return say(row.telegram_id, text(row.text_key, **params))
        address = Address(row.chat_id, row.telegram_id, row.language)
        async with self.work.reading() as services:
            return await renderer(services, address, text, params)

    async def _problem(self, row: Row[Any], error: TelegramAPIError) -> None:
        """Treat each of Telegram's refusals as what it is."""
        if isinstance(error, TelegramRetryAfter):
            await self._retry(row, float(error.retry_after), "too many requests", counts=False)
        elif isinstance(error, TelegramUnauthorizedError):
            log.error("token refused")
            await self._retry(row, UNAUTHORIZED_SECONDS, "token refused", counts=False)
        elif isinstance(error, TelegramMigrateToChat):
            async with self.work.transaction() as services:
                await services.chats.moved(old=row.telegram_id, new=error.migrate_to_chat_id)
            await self._retry(row, 0, "group was upgraded")
        elif isinstance(error, TelegramForbiddenError):
            await self._blocked(row, error)
        elif isinstance(error, TelegramBadRequest):
            await self._bad_request(row, error)
        elif isinstance(error, TelegramServerError | TelegramNetworkError):
            await self._retry(row, 2.0**row.attempts, type(error).__name__)
        else:
            await self._note(row, failed=type(error).__name__)

    async def _bad_request(self, row: Row[Any], error: TelegramBadRequest) -> None:
        if NOT_MODIFIED in error.message:
            async with self.work.transaction() as services:
                await services.sending.sent(row.id, None)
            return
        why = QUOTED.sub("…", error.message)  # Telegram may quote what was written
        log.error("message refused", method=row.method, text_key=row.text_key, why=why)
        await self._note(row, failed=why)

    async def _blocked(self, row: Row[Any], error: TelegramForbiddenError) -> None:
        """The person does not want us (or is gone): pause everything for this chat."""
        async with self.work.transaction() as services:
            await services.sending.failed(row.id, error.message)
            await services.chats.can_write(row.telegram_id, possible=False)
            await services.outbox.cancel_for_chat(row.telegram_id)

    async def _retry(
        self, row: Row[Any], seconds: float, why: str, *, counts: bool = True
    ) -> None:
        """Send it again later; until then the chat's later messages wait, too."""
        async with self.work.transaction() as services:
            await services.sending.retry(
                row.id, row.attempts + counts, timedelta(seconds=seconds), why
            )
        self.limits.pause(row.chat_id, seconds, is_group=_is_group(row))

    async def _note(self, row: Row[Any], *, failed: str) -> None:
        async with self.work.transaction() as services:
            await services.sending.failed(row.id, failed)

    async def drain(self) -> None:
        """Wait until everything that may leave has left; for tests and for closing down."""
        while True:
            wait = await self.send_due()
            if not self.in_flight:
                async with self.work.reading() as services:
                    if not await services.sending.due(()):
                        return
            await rest(self.work.outbox_bell, wait)
            self.work.outbox_bell.clear()


def _is_group(row: Row[Any]) -> bool:
    return row.kind in {Kind.GROUP, Kind.SUPERGROUP, Kind.CHANNEL}
