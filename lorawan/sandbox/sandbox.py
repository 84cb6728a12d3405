"""Asks worker processes to run scripts; ends one that does not answer in time."""

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import orjson

from lorawan.sandbox.answers import read_answer
from lorawan.sandbox.breaker import Breaker
from lorawan.sandbox.call import (
    HARD_PROBLEMS,
    MOST_PAYLOAD,
    MOST_SOURCE,
    TIME_LIMIT,
    Call,
    Outcome,
    Script,
)
from lorawan.sandbox.process import Worker, WorkerDiedError

PATIENCE = 0.15
"""Seconds after which a worker that does not answer is ended. JavaScript is interrupted after
`TIME_LIMIT` by itself, but not inside every built-in function."""
LAST_PATIENCE = 0.8
"""Seconds for one that had no chance to compute, on a machine that is busy with other things."""
LOOK_AGAIN = 0.02
MOST_CALLS = 10_000
"""After so many a worker is replaced, so that nothing grows for ever."""


class Sandbox:
    """Runs scripts in a few processes; the first starts with the first call.

    `async with Sandbox() as sandbox: outcome = await sandbox.run(script, call)`. One event loop;
    as many calls at once as there are workers, the others wait in their order.
    """

    def __init__(self, workers: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self.breaker = Breaker(clock)
        self._turn = asyncio.Semaphore(workers)
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End all workers; a later call starts new ones."""
        while self._idle:
            await self._idle.pop().end()
        for worker in list(self._busy):
            await worker.end()

    @property
    def started(self) -> bool:
        """Whether any worker runs."""
        return bool(self._idle or self._busy)

    async def run(self, script: Script, call: Call) -> Outcome:
        """Return what the script makes of a frame; never raises for what a script does.

        Raises `ValueError` for a call that nobody may make: a script or a payload that is too
        long, a time without zone.
        """
        source = script.source.encode(errors="replace")
        if len(source) > MOST_SOURCE or len(call.payload) > MOST_PAYLOAD:
            raise ValueError("too long")
        if call.time.tzinfo is None:
            raise ValueError("naive datetime")
        if not self.breaker.admits(script.sha256):
            return Outcome(problem="breaker")
        try:
            async with self._turn:
                outcome = await self._run(source, _request(call))
        except WorkerDiedError:  # it did not even start: no fault of the script
            self.breaker.gave_up(script.sha256)
            return Outcome(problem="crashed", detail="no worker")
        except BaseException:
            self.breaker.gave_up(script.sha256)
            raise
        if outcome.problem in HARD_PROBLEMS:
            self.breaker.failed(script.sha256)
        else:
            self.breaker.succeeded(script.sha256)
        return outcome

    async def _run(self, source: bytes, request: bytes) -> Outcome:
        worker = await self._worker()
        self._busy.add(worker)
        try:
            outcome = await _ask(worker, source, request)
        except TimeoutError:
            outcome = Outcome(problem="time")
        except WorkerDiedError:
            outcome = Outcome(problem="crashed")
        except BaseException:
            self._busy.discard(worker)
            await worker.end()  # it owes an answer nobody waits for
            raise
        else:
            self._busy.discard(worker)
            if worker.calls < MOST_CALLS and worker.process.returncode is None:
                self._idle.append(worker)
                return outcome
        self._busy.discard(worker)
        await worker.end()
        return outcome

    async def _worker(self) -> Worker:
        """Return one that waits, or a new one; one that died meanwhile is passed over."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.returncode is None:
                return worker
            await worker.end()
        return await Worker.start()


async def _ask(worker: Worker, source: bytes, request: bytes) -> Outcome:
    """Return the answer; raise `TimeoutError` when there is none in time."""
    before, last = worker.computed(), time.monotonic() + LAST_PATIENCE
    try:
        async with asyncio.timeout(PATIENCE):
            await worker.send(source, request)
            return read_answer(await worker.receive())
    except TimeoutError:
        if not _has_time_left(worker, before):
            raise
    while True:
        try:
            async with asyncio.timeout(LOOK_AGAIN):
                return read_answer(await worker.receive())
        except TimeoutError:
            if time.monotonic() > last or not _has_time_left(worker, before):
                raise


def _has_time_left(worker: Worker, before: float | None) -> bool:
    """Whether a worker that is late could not compute as long as it may."""
    now = worker.computed()
    return before is not None and now is not None and now - before <= TIME_LIMIT


def _request(call: Call) -> bytes:
    return orjson.dumps(
        {
            "bytes": list(call.payload),
            "fPort": call.f_port,
            "time": int(call.time.timestamp() * 1000),
            "variables": dict(call.variables),
        }
    )
