"""Hand over work that is too long for an answer; it is done after the transaction, not in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.heavy import store
from services.heavy.model import State
from services.heavy.rules import after_failure

RETENTION = timedelta(days=30)


class Queue(Protocol):
    """Brings the numbers of jobs to whoever works them off."""

    async def announce(
        self, session: AsyncSession, job_id: int, *, not_before: datetime | None
    ) -> None:
        """Bring a number, now or later, if and only if the session's transaction commits."""
        ...


class OneProcess:
    """The queue of a house with one process: its runner looks into the table."""

    async def announce(
        self, session: AsyncSession, job_id: int, *, not_before: datetime | None
    ) -> None:
        """Do nothing: the row is the message."""


@dataclass(frozen=True)
class Claimed:
    """A job somebody works on now; `attempts` counts this one."""

    id: int
    name: str
    arguments: dict[str, Any]
    chat_id: int | None
    attempts: int


class Fate(Enum):
    """What becomes of a job whose attempt failed."""

    AGAIN = auto()
    SET_ASIDE = auto()
    TAKEN_OVER = auto()
    """Another attempt has been begun, or the job is done: this one no longer counts."""


@dataclass(frozen=True)
class Heavy:
    """Use cases around heavy work."""

    session: AsyncSession
    queue: Queue
    clock: Clock

    async def defer(self, name: str, *, chat_id: int | None = None, **arguments: Any) -> int:
        """Have work done once this transaction commits; return the job's number.

        The arguments are plain JSON and say nothing about a person. The work runs at least once,
        on any machine; its results take effect exactly once.
        """
        now = self.clock()
        job_id = await store.put(
            self.session,
            name=name,
            chat_id=chat_id,
            arguments=arguments,
            not_before=now,
            created_at=now,
        )
        await self.queue.announce(self.session, job_id, not_before=None)
        return job_id

    async def next_due(self) -> int | None:
        """Return the number of the next job; only where one process does everything."""
        return await store.next_due(self.session, self.clock())

    async def claim(self, job_id: int) -> Claimed | None:
        """Begin an attempt, which counts from now on; None when there is nothing left to do."""
        job = await store.claim(self.session, job_id)
        if job is None:
            return None
        return Claimed(job.id, job.name, job.arguments, job.chat_id, job.attempts)

    async def finish(self, job_id: int) -> bool:
        """Whether this transaction is the one whose effects count; the job is done with it."""
        return await store.finish(self.session, job_id)

    async def failed(self, job: Claimed) -> Fate:
        """Note a failed attempt: the job waits for the next one, or for people."""
        wait = after_failure(job.attempts).wait
        state = State.SET_ASIDE if wait is None else State.WAITING
        not_before = self.clock() + (wait or timedelta())
        if not await store.put_back(self.session, job.id, job.attempts, state, not_before):
            return Fate.TAKEN_OVER
        if wait is None:
            return Fate.SET_ASIDE
        await self.queue.announce(self.session, job.id, not_before=not_before)
        return Fate.AGAIN

    async def free_running(self) -> int:
        """At the start of the only process: whatever was running was interrupted."""
        return await store.free_running(self.session)

    async def forget_old(self) -> int:
        """Delete what was set aside after the retention time."""
        return await store.forget(self.session, self.clock() - RETENTION)
