"""Connections to a bot's endpoint: how many there may be, and how fast new ones are opened."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.clock import Clock
from simulator.limits import Bucket, Rule
from simulator.tasks import Tasks

HEALTHY = Rule(10, 0.5)
"""New connections to an endpoint that answers."""
UNHEALTHY = Rule(1, 2.0)
"""New connections to one that has not answered of late, of which there is only one at a time."""
HEALTHY_FOR = 10
"""Seconds after a success."""


class Connections:
    """Hands out connections in the order of asking; those that have served are used again."""

    def __init__(self, clock: Clock, tasks: Tasks, most: int) -> None:
        self._clock = clock
        self._tasks = tasks
        self._most = most
        self._open = 0
        self._idle = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._alarm_set = False
        self._last_success = clock.now()
        self._opened = {True: Bucket(HEALTHY), False: Bucket(UNHEALTHY)}

    @property
    def healthy(self) -> bool:
        """Tell whether the endpoint has taken an update in the last seconds."""
        return self._clock.now() - self._last_success <= HEALTHY_FOR

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[None]:
        """Hold a connection; an exception means that it is broken."""
        await self._acquire()
        try:
            yield
        except BaseException:
            self._open -= 1
            self._serve()
            raise
        self._idle += 1
        self._serve()

    def succeeded(self) -> None:
        """Note that the endpoint has taken an update."""
        self._last_success = self._clock.now()

    async def _acquire(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._idle += 1
                self._serve()
            raise

    def _serve(self) -> None:
        """Give those who wait the longest what there is; come back when there may be more."""
        while self._waiting:
            if self._waiting[0].done():
                _ = self._waiting.popleft()
            elif self._take():
                self._waiting.popleft().set_result(None)
            else:
                self._set_alarm()
                return

    def _take(self) -> bool:
        if self._idle:
            self._idle -= 1
            return True
        if self._full or self._wait() > 0:
            return False
        self._open += 1
        self._opened[self.healthy].take(self._clock.now(), 1)
        return True

    @property
    def _full(self) -> bool:
        return self._open >= (self._most if self.healthy else 1)

    def _wait(self) -> float:
        return self._opened[self.healthy].wait(self._clock.now(), 1)

    def _set_alarm(self) -> None:
        if not self._full and not self._alarm_set:
            self._alarm_set = True
            _ = self._tasks.start(self._serve_later(self._wait()), "webhook connections")

    async def _serve_later(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._alarm_set = False
        self._serve()
