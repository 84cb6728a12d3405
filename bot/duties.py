"""Keeps the work of a process going: what fails starts again, and says so."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog

from bot.leadership import Leadership
from bot.metrics import Metrics
from bot.tasks import Tasks
from bot.unit_of_work import rest

log = structlog.get_logger()
AGAIN_SECONDS = 1.0


class Standing(StrEnum):
    """How a duty stands in this process."""

    STARTING = "starting"
    RUNNING = "running"
    STANDING_BY = "standing by"
    """Another process does it; this one takes over when that one is gone."""
    FAILED = "failed"
    """It starts again in a moment."""


WELL = frozenset({Standing.RUNNING, Standing.STANDING_BY})


@dataclass(frozen=True)
class Duty:
    """Work that goes on until the house closes, and then finishes what it has begun."""

    name: str
    work: Callable[[], Awaitable[None]]
    one_holder: bool = False
    """Only one process at a time may do it."""


class Duties:
    """The duties of this process, each in a task of its own."""

    def __init__(self, leadership: Leadership, metrics: Metrics, stopping: asyncio.Event) -> None:
        self.leadership = leadership
        self.metrics = metrics
        self.stopping = stopping
        self.standing: dict[str, Standing] = {}

    def start(self, duties: Sequence[Duty], tasks: Tasks) -> None:
        for duty in duties:
            self.standing[duty.name] = Standing.STARTING
            if duty.one_holder:
                self.metrics.leads(duty.name, yes=False)
            tasks.start(self.keep(duty), duty.name)

    async def keep(self, duty: Duty) -> None:
        """Do it until the house closes; begin anew after a failure."""
        structlog.contextvars.bind_contextvars(role=duty.name)
        while not self.stopping.is_set():
            try:
                await self._do(duty)
            except Exception as error:  # noqa: BLE001 - whatever it was, it begins anew
                log.error("role failed", error=type(error).__name__)
            else:
                if self.stopping.is_set():
                    return
                log.error("role ended")
            self.standing[duty.name] = Standing.FAILED
            await rest(self.stopping, AGAIN_SECONDS)

    async def _do(self, duty: Duty) -> None:
        async def work() -> None:
            self.standing[duty.name] = Standing.RUNNING
            await duty.work()

        if not duty.one_holder:
            await work()
            return
        self.standing[duty.name] = Standing.STANDING_BY
        await self.leadership.while_holding(duty.name, lambda: self._in_office(duty.name, work))

    async def _in_office(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.metrics.leads(name, yes=True)
        try:
            await work()
        finally:
            self.metrics.leads(name, yes=False)
