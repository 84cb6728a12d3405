"""A process for what takes long, so that nobody's answer waits for it."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from functools import partial
from typing import Any

TIME_LIMIT = timedelta(minutes=10)


class Pool:
    """Processes that start with the first job; a new set replaces one that died or hung."""

    def __init__(
        self,
        workers: int = 1,
        limit: timedelta = TIME_LIMIT,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`environment` are variables for libraries that can be told in no other way."""
        self.workers = workers
        self.environment = dict(environment or {})
        self.limit = limit
        self._executor: ProcessPoolExecutor | None = None

    @property
    def started(self) -> bool:
        return self._executor is not None

    async def run(self, work: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
        """Return what the function returns, or raise what it raises.

        `BrokenProcessPool` when the process died, `TimeoutError` after the time limit; whoever
        stops waiting ends the process, so that nothing goes on that nobody wants any more.
        """
        executor = self._started()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self.limit.total_seconds()):
                return await loop.run_in_executor(executor, partial(work, **arguments))
        except (BrokenProcessPool, TimeoutError, asyncio.CancelledError):
            self._end(executor)
            raise

    def close(self) -> None:
        """End the processes at once, whatever they do."""
        if self._executor is not None:
            self._end(self._executor)

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            # Not fork: the child would inherit locks of our threads and sockets of the database.
            spawn = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(
                self.workers,
                mp_context=spawn,
                initializer=_begin,
                initargs=(self.environment,),
            )
        return self._executor

    def _end(self, executor: ProcessPoolExecutor) -> None:
        if self._executor is executor:
            self._executor = None
        # Python has a public name for this from 3.14 on (kill_workers).
        processes = list((executor._processes or {}).values())  # noqa: SLF001
        for process in processes:
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)


def _begin(environment: Mapping[str, str]) -> None:
    """In the new process: Ctrl-C is the parent's affair, its sudden death is ours."""
    for name, value in environment.items():  # what the operator has set counts
        os.environ.setdefault(name, value)  # noqa: TID251 - no setting of ours
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
