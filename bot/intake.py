"""The one way in: updates are committed to the inbox, and only then acknowledged."""

import asyncio
import json
import time
from collections.abc import Sequence
from hmac import compare_digest
from typing import Any, cast

import structlog
from aiohttp import ClientSession, ClientTimeout, web

from bot.commits import PATIENCE_SECONDS, RETRY_AFTER, Commits, Room
from bot.unit_of_work import UnitsOfWork
from bot.wiring import Services

log = structlog.get_logger()
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
BODY_LIMIT = 1024 * 1024
POLL_SECONDS = 25
BIGGEST_NUMBER = 2**63 - 1
NOT_AN_UPDATE = "not a Telegram update"
MOST_OPEN = 100_000
"""Updates that may wait to be handled: what comes beyond stays with Telegram."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


class InboxRoom(Room):
    """Whether the inbox has room for more updates."""

    async def is_full(self, services: Services) -> bool:
        return await services.inbox.is_full(self.most_open)


class GroupedCommits(Commits[dict[str, Any]]):
    """Stores updates that arrive together in one transaction; returns when they are durable."""

    def __init__(self, work: UnitsOfWork, most_open: int = MOST_OPEN) -> None:
        super().__init__(work, InboxRoom(work, most_open))

    async def store(self, items: Sequence[dict[str, Any]]) -> None:
        await store(self.work, items)


async def store(work: UnitsOfWork, updates: Sequence[dict[str, Any]]) -> None:
    """Commit raw updates to the inbox and wake the worker."""
    async with work.transaction() as services:
        await services.inbox.put(updates)
    work.inbox_bell.set()


def webhook(work: UnitsOfWork, secret: str, most_open: int = MOST_OPEN) -> web.Application:
    """Return the web application that receives Telegram's updates at /telegram."""
    commits = GroupedCommits(work, most_open)

    async def receive(request: web.Request) -> web.Response:
        began = time.perf_counter()
        given = request.headers.get(SECRET_HEADER, "")
        if not compare_digest(given.encode(errors="surrogateescape"), secret.encode()):
            return web.Response(status=401)
        try:
            update = _parse(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400, text=NOT_AN_UPDATE)
        try:
            await commits.put(update)
        except RecursionError:
            return web.Response(status=400, text=NOT_AN_UPDATE)
        except Exception as error:  # noqa: BLE001 - Telegram shall come again, whatever it was
            log.error("update not stored", error=type(error).__name__)
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})
        work.metrics.acknowledged(time.perf_counter() - began)
        return web.Response()

    application = web.Application(client_max_size=BODY_LIMIT)
    application.router.add_post("/telegram", receive)
    return application


def _parse(body: bytes) -> dict[str, Any]:
    """Return the update in a request's body, or raise `ValueError`."""
    update: Any = json.loads(body)
    number = update.get("update_id") if isinstance(update, dict) else None
    if type(number) is not int or not 0 <= number <= BIGGEST_NUMBER:
        raise ValueError("no update_id")
    return cast("dict[str, Any]", update)


class Poller:
    """Fetches updates by long polling; the next offset is asked for only after the commit."""

    def __init__(
        self, work: UnitsOfWork, api: str, pause: float = 1.0, most_open: int = MOST_OPEN
    ) -> None:
        """Take the address (with the token in it) and the seconds after a first failure."""
        self.work = work
        self.room = InboxRoom(work, most_open)
        self.api = api
        self.pause = pause
        self.offset = 0

    async def run(self) -> None:
        """Fetch until cancelled; wait longer after each failure in a row."""
        failures = 0
        async with ClientSession(timeout=ClientTimeout(total=POLL_SECONDS + 15)) as session:
            while True:
                try:
                    await self.fetch(session)
                    failures = 0
                except Exception as error:  # noqa: BLE001 - polling never ends by an error
                    failures += 1
                    log.warning("updates not fetched", error=_shown(error), attempt=failures)
                    await asyncio.sleep(min(30.0, self.pause * 2 ** (failures - 1)))

    async def fetch(self, session: ClientSession) -> None:
        """Fetch once, store, and move on; while the inbox is full, nothing is fetched."""
        await self.room.check()
        question = {
            "offset": self.offset,
            "timeout": POLL_SECONDS,
            "allowed_updates": ALLOWED_UPDATES,
        }
        async with session.post(f"{self.api}/getUpdates", json=question) as response:
            answer = await response.json(content_type=None)
        if not answer.get("ok"):
            raise PollError(str(answer.get("description", "no description")))
        updates = answer["result"]
        if updates:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await store(self.work, updates)
            self.offset = max(update["update_id"] for update in updates) + 1


class PollError(Exception):
    """Telegram did not give updates; the message is Telegram's own description."""


def _shown(error: Exception) -> str:
    """Return an error without the address, in which the bot's token stands."""
    return str(error) if isinstance(error, PollError) else type(error).__name__
