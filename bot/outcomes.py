"""Notes what became of each message, and lets the limits know."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from aiogram.exceptions import TelegramMigrateToChat, TelegramRetryAfter

from bot.limits import Limits, Parcel
from bot.refusals import Fate, fate, reason
from bot.unit_of_work import UnitsOfWork
from bot.wiring import Services
from handlers.messages import FollowUp
from services.outbox.model import Lane
from services.outbox.reading import Found

log = structlog.get_logger()
UNAUTHORIZED_SECONDS = 60.0
STORE_ATTEMPTS = 30
STORE_PAUSE = 1.0

Note = Callable[[Services], Awaitable[None]]


@dataclass(frozen=True)
class Outcomes:
    """What follows from a call's result or refusal, in one transaction each."""

    work: UnitsOfWork
    limits: Limits
    follow_ups: Mapping[str, FollowUp] = field(default_factory=dict)

    async def sent(self, row: Found, telegram_message_id: int | None) -> None:
        """Telegram took it; what follows from that is queued in the same transaction."""
        self.limits.reached()

        async def note(services: Services) -> None:
            if await services.sending.sent(row.id, telegram_message_id):
                await self._follow(services, row)

        await self._store(note)

    async def _follow(self, services: Services, row: Found) -> None:
        """Queue what belongs to a message; trouble with it is no doubt about the message."""
        follow = self.follow_ups.get(row.text_key)
        if follow is None:
            return
        try:
            async with services.outbox.session.begin_nested():
                await follow(services, row.id, row.params or {})
        except Exception as error:  # noqa: BLE001 - see above
            log.error("nothing follows", text_key=row.text_key, error=type(error).__name__)

    async def nothing_to_say(self, row: Found) -> None:
        """There is nothing to say any more; of a late attachment nobody needs to know."""
        why = "nothing to say any more"
        if row.lane == Lane.ATTACHMENT:
            await self._store(lambda services: services.sending.dropped(row.id, why))
        else:
            await self.failed(row, why)

    async def failed(self, row: Found, why: str) -> None:
        """It never left, and never will."""
        await self._store(lambda services: services.sending.failed(row.id, why))

    async def refused(self, row: Found, parcel: Parcel, error: Exception) -> Fate:
        """Do what follows from an error; return what the error was taken for."""
        found = fate(error)
        if found not in {Fate.UNREACHABLE, Fate.UNCLEAR}:
            self.limits.reached()
        follow: dict[Fate, Callable[[], Awaitable[None]]] = {
            Fate.ARRIVED: lambda: self.sent(row, None),
            Fate.TOO_MANY: lambda: self._too_many(row, parcel, error),
            Fate.TOKEN_REFUSED: lambda: self._token_refused(row),
            Fate.UNREACHABLE: lambda: self._unreachable(row, error),
            Fate.MOVED: lambda: self._moved(row, error),
            Fate.GONE: lambda: self._gone(row, error),
            Fate.LATER: lambda: self._store(
                lambda services: services.sending.retry(row, reason(error))
            ),
            Fate.REFUSED: lambda: self._given_up(row, error),
            Fate.UNCLEAR: lambda: self._unclear(row, error),
        }
        await follow[found]()
        return found

    async def _too_many(self, row: Found, parcel: Parcel, error: Exception) -> None:
        seconds = float(error.retry_after) if isinstance(error, TelegramRetryAfter) else 0.0
        self.limits.too_many(parcel, seconds)

        async def note(services: Services) -> None:
            sending = services.sending
            if await sending.put_back(row, reason(error)):  # not erased in the meantime
                await sending.keep(self.limits.record([parcel], sending.clock()))

        await self._store(note)

    async def _token_refused(self, row: Found) -> None:
        log.error("token refused")
        self.limits.hold(UNAUTHORIZED_SECONDS)

        async def note(services: Services) -> None:
            await services.sending.put_back(row, "token refused")

        await self._store(note)

    async def _unreachable(self, row: Found, error: Exception) -> None:
        self.limits.unreachable()
        log.warning("Telegram not reached", why=reason(error))
        await self._store(lambda services: services.sending.not_reached(row, reason(error)))

    async def _moved(self, row: Found, error: Exception) -> None:
        new = error.migrate_to_chat_id if isinstance(error, TelegramMigrateToChat) else 0

        async def note(services: Services) -> None:
            await services.chats.moved(old=row.telegram_id, new=new)
            await services.sending.put_back(row, "group was upgraded")

        await self._store(note)

    async def _gone(self, row: Found, error: Exception) -> None:
        """Pause everything for this chat."""

        async def note(services: Services) -> None:
            await services.sending.failed(row.id, reason(error))
            await services.chats.can_write(row.telegram_id, possible=False)
            await services.outbox.cancel_for_chat(row.telegram_id)

        await self._store(note)

    async def _given_up(self, row: Found, error: Exception) -> None:
        why = reason(error)
        log.error("message refused", method=row.method, text_key=row.text_key, why=why)
        await self.failed(row, why)

    async def _unclear(self, row: Found, error: Exception) -> None:
        log.warning("message in doubt", method=row.method, why=reason(error))

        async def note(services: Services) -> None:
            await services.deliveries.doubt([row.id], reason(error))

        await self._store(note)

    async def _store(self, note: Note) -> None:
        """Write down a result; a database that is away for a while must not turn it into a doubt.

        After that the lease is over, and the message is one nobody knows of.
        """
        for attempt in range(1, STORE_ATTEMPTS + 1):
            try:
                async with self.work.transaction() as services:
                    await note(services)
            except Exception as error:  # noqa: BLE001 - see above
                log.error("result not stored", error=type(error).__name__, attempt=attempt)
                await asyncio.sleep(STORE_PAUSE)
            else:
                return
