"""The simulator's time: the wall clock in service, a hand-turned one in tests."""

import asyncio
import heapq
import itertools
import time
from typing import Protocol


class Clock(Protocol):
    """Source of time for everything that has a date, a lifetime or a delay."""

    def now(self) -> float:
        """Return seconds since 1970."""

    async def sleep(self, seconds: float) -> None:
        """Return after that many seconds of this clock."""

    def advance(self, seconds: float) -> None:
        """Travel forward in time: everyone whose time has come wakes."""


class SystemClock:
    """The time of the machine, and however far somebody has travelled ahead of it."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._sleepers: set[asyncio.Future[None]] = set()

    def now(self) -> float:
        return time.time() + self._ahead

    async def sleep(self, seconds: float) -> None:
        until = self.now() + seconds
        await asyncio.sleep(0)
        while (left := until - self.now()) > 0:
            wakes: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.add(wakes)
            try:
                await asyncio.wait((wakes,), timeout=left)
            finally:
                self._sleepers.discard(wakes)

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
        for wakes in list(self._sleepers):
            if not wakes.done():
                wakes.set_result(None)


class ManualClock:
    """A clock that moves only when told to, so that tests can cross a day in no time."""

    def __init__(self, start: float = 1_800_000_000) -> None:
        self._now = start
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        wakes: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), wakes))
        await wakes

    def sleeping_until(self) -> list[float]:
        """Return when the sleepers want to wake, as seconds from now, soonest first."""
        waiting = (at for at, _, wakes in self._sleepers if not wakes.done())
        return sorted(at - self._now for at in waiting)

    def advance(self, seconds: float) -> None:
        """Move forward and wake everyone whose time has come."""
        self._now += seconds
        while self._sleepers and self._sleepers[0][0] <= self._now:
            _, _, wakes = heapq.heappop(self._sleepers)
            if not wakes.done():
                wakes.set_result(None)
