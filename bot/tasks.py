"""Background work: kept referenced, logged when it fails, cancelled when the house closes."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

import structlog

log = structlog.get_logger()


class Tasks:
    """A nursery for background work: `async with Tasks() as tasks: tasks.start(…)`."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        """Run something beside the caller."""
        task = asyncio.create_task(work, name=name)  # noqa: TID251 - this is the one place
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def finished(self, seconds: float) -> bool:
        """Wait until everything has ended, but not longer; return whether it has."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        return not self._running

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("background work failed", work=task.get_name(), error=type(error).__name__)


async def first_ended(*works: Coroutine[Any, Any, Any]) -> None:
    """Do several things at once until one of them ends; cancel the others, raise its error."""
    tasks = [asyncio.create_task(work) for work in works]  # noqa: TID251 - see above
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
