"""Delivery of updates to the bot's own HTTP endpoint, with the retries of the real server."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from random import Random

import aiohttp

from simulator.bodies import read_reply
from simulator.clock import Clock
from simulator.connections import Connections
from simulator.faults import Faults
from simulator.tasks import Tasks
from simulator.updates import Update, UpdateQueue
from simulator.wire import Json, encode

TIMEOUT = 60
SUCCESS = range(200, 300)
LONGEST_WAIT = 60
"""Once retries are this far apart, chance decides between this and twice as much."""
LONGEST_RETRY_AFTER = 3600
GONE_FOR = 23 * 3600
"""An endpoint that answers 410 for so long loses its webhook."""
DEFAULT_CONNECTIONS = 40

_NEVER_IN_REPLY = ("deletewebhook", "setwebhook", "close", "logout")


@dataclass(slots=True, frozen=True)
class Settings:
    """What setWebhook fixed."""

    url: str
    address: str
    """The URL in full, with its scheme."""
    secret_token: str = ""
    max_connections: int = DEFAULT_CONNECTIONS
    ip_address: str = ""


@dataclass(slots=True, frozen=True)
class Failure:
    """Why an update did not get through, and how long the endpoint asked us to wait."""

    reason: str
    retry_after: int = 0
    gone: bool = False


class Webhook:
    """Brings updates to an endpoint: in order inside a lane, lanes side by side."""

    def __init__(
        self, clock: Clock, tasks: Tasks, updates: UpdateQueue, chance: Random, faults: Faults
    ) -> None:
        self._clock = clock
        self._tasks = tasks
        self._updates = updates
        self._chance = chance
        self._faults = faults
        self._lanes: defaultdict[int, deque[Update]] = defaultdict(deque)
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._connections = Connections(clock, tasks, DEFAULT_CONNECTIONS)
        self._gone_since: float | None = None
        self.settings: Settings | None = None
        self.last_error: tuple[int, str] | None = None
        self.execute: Callable[[str, Json], Awaitable[object]] | None = None
        """Runs the method an endpoint put into its reply."""

    @property
    def url(self) -> str:
        return self.settings.url if self.settings else ""

    async def set(self, settings: Settings) -> None:
        """Deliver to this endpoint from now on, beginning with what is waiting."""
        await self.remove()
        self.settings = settings
        most = settings.max_connections
        self._connections = Connections(self._clock, self._tasks, most)
        self._updates.listener = self._enqueue
        for update in self._updates.pending():
            self._enqueue(update)

    async def remove(self) -> None:
        """Stop delivering; what has not been delivered stays in the queue."""
        self._updates.listener = None
        self.settings = self.last_error = self._gone_since = None
        workers = [task for task in self._workers.values() if task is not asyncio.current_task()]
        self._workers.clear()
        self._lanes.clear()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def close(self) -> None:
        """Stop delivering and hang up."""
        await self.remove()
        if self._session:
            await self._session.close()
            self._session = None

    def _enqueue(self, update: Update) -> None:
        self._lanes[update.lane].append(update)
        if update.lane not in self._workers:
            work = self._work_through(update.lane)
            self._workers[update.lane] = self._tasks.start(work, f"webhook lane {update.lane}")

    async def _work_through(self, lane: int) -> None:
        waiting = self._lanes[lane]
        while waiting:
            self._faults.reorder(waiting)
            await self._faults.delay()
            await self._deliver(waiting[0])
            if self._faults.duplicates():
                await self._deliver(waiting[0])
            if self._workers.get(lane) is not asyncio.current_task():
                return
            self._updates.forget(waiting.popleft())
        del self._workers[lane], self._lanes[lane]

    async def _deliver(self, update: Update) -> None:
        """Return when the endpoint has accepted the update or its time is over."""
        failures, delay = 0, 1
        while self._clock.now() < update.expires_at:
            failure = await self._attempt(update)
            if failure is None:
                return
            if await self._given_up(failure):
                return
            wait = failure.retry_after
            if not wait and failures:
                delay = min(LONGEST_WAIT, delay * 2)
                wait = delay if delay < LONGEST_WAIT else self._longest_wait()
            failures += 1
            if self._clock.now() + wait > update.expires_at:
                return
            await self._clock.sleep(wait)

    def _longest_wait(self) -> int:
        return self._chance.randint(LONGEST_WAIT, 2 * LONGEST_WAIT)

    async def _attempt(self, update: Update) -> Failure | None:
        settings = self.settings
        if settings is None:
            return None
        if self._faults.webhook_unreachable():
            return self._failed(Failure("Connection refused"))
        try:
            async with self._connections.connection():
                failure = await self._post(settings, update)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = Failure(_described(error))
        return self._failed(failure) if failure else None

    def _failed(self, failure: Failure) -> Failure:
        self.last_error = (int(self._clock.now()), failure.reason)
        return failure

    async def _post(self, settings: Settings, update: Update) -> Failure | None:
        headers = {"Content-Type": "application/json"}
        if settings.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = settings.secret_token
        body = encode(update.as_json()).encode()
        session = self._opened_session()
        async with session.post(settings.address, data=body, headers=headers) as response:
            if response.status not in SUCCESS:
                return _failure(response)
            self._connections.succeeded()
            reply = await read_reply(response)
        await self._execute(reply)
        return None

    async def _execute(self, reply: Json) -> None:
        method = str(reply.pop("method", "")).lower()
        forbidden = method in _NEVER_IN_REPLY or method.startswith("get")
        if method and not forbidden and self.execute:
            await self.execute(method, reply)

    async def _given_up(self, failure: Failure) -> bool:
        now = self._clock.now()
        if not failure.gone:
            self._gone_since = None
            return False
        if self._gone_since is None:
            self._gone_since = now
        if now <= self._gone_since + GONE_FOR:
            return False
        await self.remove()
        return True

    def _opened_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT)
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)
        return self._session


def _failure(response: aiohttp.ClientResponse) -> Failure:
    asked = response.headers.get("Retry-After", "")
    return Failure(
        reason=f"Wrong response from the webhook: {response.status} {response.reason}",
        retry_after=min(int(asked[:9]), LONGEST_RETRY_AFTER) if asked.isdecimal() else 0,
        gone=response.status == HTTPStatus.GONE,
    )


def _described(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "Read timeout expired"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "Connection refused"
    return "Webhook connection closed"
