"""Background work of the simulator: kept alive, logged when it fails, stopped as a whole."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

logger = logging.getLogger(__name__)


class Tasks:
    """Holds a reference to each running task, which asyncio itself does not."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run the work in the background under a name that shows up in the log."""
        task = asyncio.create_task(work, name=name)  # noqa: TID251 - this is the keeper itself
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    async def close(self) -> None:
        """Cancel all that still runs and wait until it is gone."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("background work %s failed", task.get_name(), exc_info=error)
