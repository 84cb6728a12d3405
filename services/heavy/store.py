"""Queries on heavy work; the only place of this feature that writes SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.heavy.model import HeavyJob, State

OPEN = (State.WAITING, State.RUNNING)


async def put(session: AsyncSession, **columns: Any) -> int:
    """Note a job; return its number."""
    job = HeavyJob(state=State.WAITING, attempts=0, **columns)
    session.add(job)
    await session.flush()
    return job.id


async def next_due(session: AsyncSession, now: datetime) -> int | None:
    """Return the job that has waited longest; None when none is due."""
    query = (
        select(HeavyJob.id)
        .where(HeavyJob.state == State.WAITING, HeavyJob.not_before <= now)
        .order_by(HeavyJob.not_before, HeavyJob.id)
    )
    return (await session.scalars(query.limit(1))).first()


async def claim(session: AsyncSession, job_id: int) -> HeavyJob | None:
    """Count an attempt and return the job; None when it is finished, set aside or erased."""
    return await session.scalar(
        update(HeavyJob)
        .where(HeavyJob.id == job_id, HeavyJob.state.in_(OPEN))
        .values(state=State.RUNNING, attempts=HeavyJob.attempts + 1)
        .returning(HeavyJob)
        .execution_options(populate_existing=True)
    )


async def finish(session: AsyncSession, job_id: int) -> bool:
    """Remove a job that is done; only one caller is told so."""
    done = delete(HeavyJob).where(HeavyJob.id == job_id, HeavyJob.state.in_(OPEN))
    return (await session.scalar(done.returning(HeavyJob.id))) is not None


async def put_back(
    session: AsyncSession, job_id: int, attempts: int, state: State, not_before: datetime
) -> bool:
    """Note what becomes of a failed attempt; False when another one has been begun since."""
    result = await session.scalar(
        update(HeavyJob)
        .where(
            HeavyJob.id == job_id,
            HeavyJob.state == State.RUNNING,
            HeavyJob.attempts == attempts,
        )
        .values(state=state, not_before=not_before)
        .returning(HeavyJob.id)
    )
    return result is not None


async def free_running(session: AsyncSession) -> int:
    """Let everything that was running when the process died wait again; return how many."""
    freed = await session.scalars(
        update(HeavyJob)
        .where(HeavyJob.state == State.RUNNING)
        .values(state=State.WAITING)
        .returning(HeavyJob.id)
    )
    return len(freed.all())


async def forget(session: AsyncSession, before: datetime) -> int:
    """Delete what was set aside and asked for before a time."""
    gone = await session.scalars(
        delete(HeavyJob)
        .where(HeavyJob.state == State.SET_ASIDE, HeavyJob.created_at < before)
        .returning(HeavyJob.id)
    )
    return len(gone.all())
