"""The one way out: sends what the outbox holds, in order, within Telegram's limits."""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from types import MappingProxyType
from typing import Any, cast

import structlog
from aiogram import Bot
from aiogram.methods import Response, TelegramMethod
from aiogram.types import Message
from aiohttp import ClientTimeout

from bot.limits import Limits, Parcel
from bot.outcomes import Outcomes
from bot.rendering import Rendering, messages_in
from bot.tasks import Tasks
from bot.unit_of_work import UnitsOfWork, rest
from handlers.messages import FollowUp, Renderer
from services.chats.model import Kind
from services.outbox.model import Lane
from services.outbox.reading import Found
from services.text import Texts

log = structlog.get_logger()
IDLE_SECONDS = 1.0
TIDY_SECONDS = 60.0
CALL_SECONDS = 10.0
STORING_SECONDS = 5.0
LEASE_SHARE = 1.5
"""So much longer than a call may take its sender is thought to live."""
STOPPED = "stopped while sending"
ANSWERS = (Response[Message], Response[bool], Response[Message | bool])
"""aiogram asks for these at every call; what nobody keeps, pydantic builds anew each time."""


class Delivery:
    """Renders and sends; marks a message before the call as being sent, and after it as sent."""

    def __init__(  # noqa: PLR0913 - the one place where all of it comes together
        self,
        work: UnitsOfWork,
        bot: Bot,
        texts: Texts,
        renderers: Mapping[str, Renderer],
        tasks: Tasks,
        limits: Limits | None = None,
        *,
        follow_ups: Mapping[str, FollowUp] = MappingProxyType({}),
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self.work = work
        self.bot = bot
        self.texts = texts
        self.renderers = renderers
        self.follow_ups = follow_ups
        self.tasks = tasks
        self.limits = limits or Limits()
        self.call_seconds = call_seconds
        self.in_flight: dict[int, int] = {}
        self.starting = asyncio.Lock()
        self.closing = False
        self.looked_at = self.tidied_at = 0.0

    async def run(self) -> None:
        """Send until cancelled; a database that is away for a while ends nothing."""
        started = False
        while True:
            self.work.outbox_bell.clear()
            try:
                if not started:
                    await self.take_up()
                    started = True
                await self._look_after()
                wait = await self.send_due()
            except Exception as error:  # noqa: BLE001 - see above
                log.error("outbox not worked off", error=type(error).__name__)
                wait = IDLE_SECONDS
            await rest(self.work.outbox_bell, wait)

    async def take_up(self) -> None:
        """Go on where a former process stopped: its limits hold, its calls are settled.

        On SQLite there is no other process, so whatever is being sent is nobody's any more.
        """
        async with self.work.reading() as services:
            self.limits.restore(await services.sending.kept(), services.sending.clock())
        alone = self.work.database.engine.dialect.name == "sqlite"
        await self._settle_lost(every=alone)

    async def _look_after(self) -> None:
        """Now and then: find what a dead process was sending, forget what no limit needs."""
        now = asyncio.get_running_loop().time()
        if now >= self.looked_at + IDLE_SECONDS:
            self.looked_at = now
            await self._settle_lost(every=False)
        if now >= self.tidied_at + TIDY_SECONDS:
            self.tidied_at = now
            async with self.work.transaction() as services:
                await services.sending.forget_full()

    async def _settle_lost(self, *, every: bool) -> None:
        async with self.work.reading() as services:
            lost = await services.sending.lost(self.in_flight, every=every)
        if lost:
            async with self.work.transaction() as services:
                count = await services.deliveries.doubt(lost, STOPPED)
            log.warning("messages with unknown fate after a crash", count=count)

    async def finish(self) -> None:
        """Start nothing more and wait a little for what is being sent: its fate shall be known."""
        async with self.starting:
            self.closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self.call_seconds + STORING_SECONDS):
                while self.in_flight:
                    self.work.outbox_bell.clear()
                    await self.work.outbox_bell.wait()

    async def send_due(self) -> float:
        """Start sending what may leave now; return the seconds until it is worth looking again."""
        async with self.starting:
            return IDLE_SECONDS if self.closing else await self._start_due()

    async def _start_due(self) -> float:
        self.limits.tidy()
        wait = self.limits.wait_for_all()
        if wait > 0:
            return min(wait, IDLE_SECONDS)
        waiting = self.limits.waiting()
        lane_wait = self.limits.wait_for_broadcast()
        lanes = [lane for lane in Lane if lane is not Lane.BROADCAST or lane_wait <= 0]
        async with self.work.reading() as services:
            rows = await services.sending.due({*self.in_flight.values(), *waiting}, lanes=lanes)
        chosen, wait = self._choose(rows)
        await self._start(dict(chosen))
        soonest = min([wait, *waiting.values(), *([lane_wait] if lane_wait > 0 else [])])
        return min(soonest, IDLE_SECONDS)

    def _choose(self, rows: Sequence[Found]) -> tuple[list[tuple[Parcel, Found]], float]:
        """Pick what may leave now: lanes in order, one message of a chat at a time.

        When the next one must wait for a slot, nothing less urgent takes that slot.
        """
        busy = set(self.in_flight.values())
        chosen: list[tuple[Parcel, Found]] = []
        wait = IDLE_SECONDS
        for row in rows:
            if row.chat_id in busy:
                continue
            busy.add(row.chat_id)  # its later messages wait, whatever becomes of this one
            parcel = _parcel(row)
            seconds = self.limits.wait(parcel)
            if seconds <= 0:
                self.limits.take(parcel)
                chosen.append((parcel, row))
                continue
            wait = min(wait, seconds)
            if self.limits.wait_for_all(parcel.count) > 0:
                break
        return chosen, wait

    async def _start(self, chosen: Mapping[Parcel, Found]) -> None:
        """Claim messages, write down what the limits counted for them, and begin to send."""
        if not chosen:
            return
        claimed: Collection[int] = ()
        lease = timedelta(seconds=self.call_seconds * LEASE_SHARE)
        try:
            async with self.work.transaction() as services:
                sending = services.sending
                taken = await sending.claim([parcel.id for parcel in chosen], lease)
                leaving = [parcel for parcel in chosen if parcel.id in taken]
                await sending.keep(self.limits.record(leaving, sending.clock()))
            claimed = taken
        finally:
            for parcel, row in chosen.items():
                if parcel.id in claimed:
                    self.in_flight[row.id] = row.chat_id
                    self.tasks.start(self._send(row, parcel), "send")
                else:
                    self.limits.drop(parcel)

    async def _send(self, row: Found, parcel: Parcel) -> None:
        try:
            await self._try(row, parcel)
        finally:
            self.in_flight.pop(row.id, None)
            self.work.outbox_bell.set()

    async def _try(self, row: Found, parcel: Parcel) -> None:
        outcomes = Outcomes(self.work, self.limits, self.follow_ups)
        try:
            method = await Rendering(self.work, self.texts, self.renderers).method(row)
        except Exception as error:  # noqa: BLE001 - a message that cannot be rendered stops nobody
            log.error("message not rendered", text_key=row.text_key, error=type(error).__name__)
            self.limits.drop(parcel)
            await outcomes.failed(row, f"not rendered: {type(error).__name__}")
            return
        if method is None:
            self.limits.drop(parcel)
            await outcomes.nothing_to_say(row)
            return
        try:
            result = await self._call(row, method, parcel)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no reason to forget
            await outcomes.refused(row, parcel, error)
        else:
            message_id = result.message_id if isinstance(result, Message) else None
            await outcomes.sent(row, message_id)

    async def _call(self, row: Found, method: TelegramMethod[Any], parcel: Parcel) -> Any:
        """Call Telegram, for a limited time; without a connection it is over earlier.

        So that a connection that does not come about is told from an answer that does not come.
        """
        patience = ClientTimeout(total=None, connect=self.call_seconds / 2)
        began, outcome = time.perf_counter(), "sent"
        self.limits.begins(parcel)
        try:
            async with asyncio.timeout(self.call_seconds):
                # aiogram hands it on to aiohttp as it is
                return await self.bot(method, request_timeout=cast("int", patience))
        except Exception as error:
            outcome = type(error).__name__
            raise
        finally:
            self.limits.ends(parcel)
            self.work.metrics.message_sent(row.lane, outcome, time.perf_counter() - began)

    async def drain(self) -> None:
        """Wait until everything that may leave has left; for tests and for closing down."""
        while True:
            wait = await self.send_due()
            if not self.in_flight and await self._is_done():
                return
            await rest(self.work.outbox_bell, wait)
            self.work.outbox_bell.clear()

    async def _is_done(self) -> bool:
        """Whether nothing is due but what Telegram asked us to keep."""
        if self.limits.all_paused:
            return True
        async with self.work.reading() as services:
            return not await services.sending.due(self.limits.paused(), limit=1)


def _parcel(row: Found) -> Parcel:
    return Parcel(
        id=row.id,
        chat_id=row.chat_id,
        is_group=row.kind != Kind.PRIVATE,
        is_broadcast=row.lane == Lane.BROADCAST,
        is_extra=row.lane == Lane.ATTACHMENT,
        count=messages_in(row.payload),
    )
