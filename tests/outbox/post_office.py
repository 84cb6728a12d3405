"""What the tests of the delivery share: messages queued, the network broken, a process killed."""

from datetime import timedelta

from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import SendMessage
from aiohttp import ClientConnectorError, ServerDisconnectedError
from aiohttp.client_reqrep import ConnectionKey

from bot.delivery import Delivery
from bot.limits import Limits
from bot.replies import as_reply
from handlers.messages import say
from services.chats.model import Kind
from services.outbox.model import Lane
from tests.county import CHANNEL, County
from tests.rigging import outbox, slot

ERIKA, HANS = 7310099881, 7310099882
KEY = "golive.dropped"
CALL = SendMessage(chat_id=ERIKA, text="x")
LEASE = timedelta(seconds=15)
HOST = ConnectionKey("api.telegram.org", 443, True, True, None, None, None)


def broken(cause: Exception) -> TelegramNetworkError:
    """Return aiogram's error for one of aiohttp's."""
    error = TelegramNetworkError(CALL, "HTTP Client says")
    error.__cause__ = cause
    return error


def hung_up() -> TelegramNetworkError:
    """The connection broke when the request was written."""
    return broken(ServerDisconnectedError())


def no_connection() -> TelegramNetworkError:
    return broken(ClientConnectorError(HOST, OSError(111, "refused")))


async def meet(county: County, telegram_id: int) -> int:
    kinds = {CHANNEL: Kind.CHANNEL}
    kind = kinds.get(telegram_id, Kind.PRIVATE if telegram_id > 0 else Kind.SUPERGROUP)
    async with county.application.transaction() as services:
        return (await services.chats.meet(telegram_id, kind, "de")).id


async def queue(county: County, telegram_id: int, *words: str) -> None:
    chat = await meet(county, telegram_id)
    async with county.application.transaction() as services:
        await services.outbox.reply(chat, [as_reply(say(telegram_id, one)) for one in words])


async def tell(county: County, telegram_id: int, lane: Lane, cause: str = "a") -> None:
    chat = await meet(county, telegram_id)
    async with county.application.transaction() as services:
        key = f"{chat}:{lane}:{cause}"
        await services.outbox.tell(chat, KEY, dedup_key=key, lane=lane)


async def statuses(county: County) -> list[str]:
    return [row["status"] for row in await outbox(county)]


async def claimed_and_killed(county: County) -> Delivery:
    """Mark what is due as being sent, as a process that dies then; return its successor."""
    async with county.application.transaction() as services:
        rows = await services.sending.due([])
        await services.sending.claim([row.id for row in rows], LEASE)
    return successor(county)


def successor(county: County) -> Delivery:
    """Return a delivery that knows only what is stored; the county's seconds are its seconds."""
    old = county.delivery
    limits = Limits(now=lambda: county.clock().timestamp())
    new = Delivery(
        old.work,
        old.bot,
        old.texts,
        old.renderers,
        old.tasks,
        limits,
        follow_ups=old.follow_ups,
    )
    county.delivery = new
    return new


async def passes(county: County, seconds: float, step: float = 0.5) -> None:
    """Let time pass, and the delivery do what it does."""
    for _ in range(int(seconds / step)):
        await slot(county)
        county.clock.forward(seconds=step)
