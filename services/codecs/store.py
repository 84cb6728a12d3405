"""Queries on codecs; the only place of this feature that writes SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from services.codecs.model import Codec, CodecUpload, State, UploadState


async def by_digest(session: AsyncSession, sha256: str) -> Codec | None:
    """Return the codec with exactly this text."""
    return await session.scalar(select(Codec).where(Codec.sha256 == sha256))


async def newest(session: AsyncSession, limit: int) -> Sequence[Codec]:
    """Return codecs without their text, newest first."""
    query = select(Codec).options(defer(Codec.source)).order_by(Codec.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def released(session: AsyncSession) -> Sequence[Codec]:
    """Return the codecs devices may use, with their text."""
    return (await session.scalars(select(Codec).where(Codec.state == State.RELEASED))).all()


async def move(
    session: AsyncSession,
    codec_id: int,
    *,
    before: Collection[State],
    after: State,
    by: int | None,
    at: datetime,
) -> bool:
    """Change a codec's state; False when it was not in one of those before (somebody else won)."""
    won = await session.scalar(
        update(Codec)
        .where(Codec.id == codec_id, Codec.state.in_(before))
        .values(state=after, decided_by=by, decided_at=at)
        .returning(Codec.id)
        .execution_options(synchronize_session=False)
    )
    return won is not None


async def count_failures(session: AsyncSession, codec_id: int, count: int, problem: str) -> None:
    """Add to what a codec failed at."""
    await session.execute(
        update(Codec)
        .where(Codec.id == codec_id)
        .values(failures=Codec.failures + count, last_problem=problem)
    )


async def open_upload(session: AsyncSession, staff_id: int, name: str) -> CodecUpload | None:
    """Return what somebody has sent under a name and is not complete."""
    return await session.scalar(
        select(CodecUpload)
        .where(
            CodecUpload.staff_id == staff_id,
            CodecUpload.name == name,
            CodecUpload.state == UploadState.INCOMPLETE,
        )
        .order_by(CodecUpload.id.desc())
        .limit(1)
    )


async def waiting(session: AsyncSession, limit: int) -> Sequence[CodecUpload]:
    """Return uploads to check, those first that were tried least."""
    query = (
        select(CodecUpload)
        .where(CodecUpload.state == UploadState.WAITING)
        .order_by(CodecUpload.attempts, CodecUpload.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def many_uploads(session: AsyncSession, staff_id: int, most: int) -> bool:
    """Whether somebody has so many uploads waiting that more must wait."""
    query = (
        select(CodecUpload.id)
        .where(CodecUpload.staff_id == staff_id, CodecUpload.state != UploadState.FAILED)
        .limit(most)
    )
    return len((await session.scalars(query)).all()) >= most


async def forget_uploads(session: AsyncSession, before: datetime) -> int:
    """Delete old uploads that nobody will check; return how many."""
    result = await session.scalars(
        delete(CodecUpload)
        .where(CodecUpload.created_at < before, CodecUpload.state != UploadState.WAITING)
        .returning(CodecUpload.id)
    )
    return len(result.all())
