"""Queries on raw messages and their sources; plain statements, since every message passes here."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.db import insert_new
from services.uplinks.model import RawUplink, Stage, UplinkSource
from services.uplinks.statements import (
    FINISH,
    HEARD,
    NEW,
    ODD,
    PUT_ALL,
    PUT_EACH,
    WAITING,
)

New = tuple[str, str, str, bytes, bytes]
"""source, event, form, digest, body."""
Waiting = Row[int, str, str, str, bytes, datetime, bytes, int]
"""id, source, event, form, digest, received_at, body, attempts."""
IS_NEW = RawUplink.stage == NEW
ENDS = select(  # each looked up in the index; both in one query would read all of it
    select(func.min(RawUplink.id)).where(IS_NEW).scalar_subquery(),
    select(func.max(RawUplink.id)).where(IS_NEW).scalar_subquery(),
)


async def put(session: AsyncSession, messages: Sequence[New], now: datetime) -> None:
    """Store messages in one statement, note who was heard; what is known is left as it is."""
    connection = await session.connection()  # past the ORM, which would look at every row
    if connection.dialect.name == "sqlite":
        rows = [
            {"s": source, "e": event, "f": form, "d": digest, "b": body, "now": now}
            for source, event, form, digest, body in messages
        ]
        await connection.execute(PUT_EACH, rows)
    else:
        sources, events, forms, digests, bodies = (
            list(each) for each in zip(*messages, strict=True)
        )
        values = {"sources": sources, "events": events, "forms": forms, "digests": digests}
        await connection.execute(PUT_ALL, {**values, "bodies": bodies, "now": now})
    counts = Counter(source for source, *_ in messages)
    # Last, and in one order: on PostgreSQL the next group waits for these rows until our commit.
    heard = [{"n": name, "c": counts[name], "now": now} for name in sorted(counts)]
    await connection.execute(HEARD[connection.dialect.name], heard)


async def is_full(session: AsyncSession, most: int) -> bool:
    """Whether so many wait; counted only where the first and the last are that far apart."""
    first, last = (await session.execute(ENDS)).one()
    if first is None or last - first + 1 < most:
        return False
    some = select(RawUplink.id).where(IS_NEW).limit(most).subquery()
    return (await session.scalar(select(func.count()).select_from(some)) or 0) >= most


async def waiting(session: AsyncSession, now: datetime, limit: int) -> Sequence[Waiting]:
    """Return what is due, the oldest first."""
    return (await session.execute(WAITING, {"now": now, "most": limit})).all()


async def finish(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """Mark messages as worked off; return those that were new."""
    return set(await session.scalars(FINISH, {"ids": list(ids)})) if ids else set()


async def not_understood(session: AsyncSession, ids: Collection[int], problem: str) -> set[int]:
    """Mark messages we can make nothing of; return those that were new."""
    return set(await session.scalars(ODD, {"ids": list(ids), "why": problem}))


async def postpone(
    session: AsyncSession, message_id: int, *, tried: int, failed: bool, **values: object
) -> str | None:
    """Note another failed attempt and return the source; None when somebody else has."""
    return await session.scalar(
        update(RawUplink)
        .where(RawUplink.id == message_id, IS_NEW, RawUplink.attempts == tried)
        .values(attempts=tried + 1, stage=Stage.FAILED if failed else Stage.NEW, **values)
        .returning(RawUplink.source)
    )


async def open_again(
    session: AsyncSession, now: datetime, stages: Iterable[Stage], source: str | None
) -> int:
    """Put back what was set aside and still has its content; return how many."""
    again = (
        update(RawUplink)
        .where(RawUplink.stage.in_(list(stages)), func.length(RawUplink.body) > 0)
        .values(stage=Stage.NEW, attempts=0, not_before=now, problem=None)
        .returning(RawUplink.id)
    )
    if source is not None:
        again = again.where(RawUplink.source == source)
    return len((await session.scalars(again)).all())


async def counts(session: AsyncSession) -> Sequence[Row[str, str, int, datetime]]:
    """Return source, stage, how many, and the oldest arrival; of all but what is worked off."""
    query = (
        select(RawUplink.source, RawUplink.stage, func.count(), func.min(RawUplink.received_at))
        .where(RawUplink.stage != Stage.DONE)
        .group_by(RawUplink.source, RawUplink.stage)
    )
    return (await session.execute(query)).all()


async def sources(session: AsyncSession) -> Mapping[str, UplinkSource]:
    """Return how each source stands that was heard or watched."""
    return {one.name: one for one in await session.scalars(select(UplinkSource))}


async def watch(session: AsyncSession, names: Iterable[str], now: datetime) -> None:
    """Begin to watch sources that were never heard: their silence counts from now."""
    rows = [{"name": name, "heard_at": now, "received": 0} for name in names]
    if rows:
        new = insert_new(session, UplinkSource).values(rows)
        await session.execute(new.on_conflict_do_nothing(index_elements=["name"]))


async def silent(
    session: AsyncSession, name: str, since: datetime | None, *, was: datetime | None
) -> bool:
    """Note that a source fell silent (or, with None, speaks again); False when others have."""
    before = (
        UplinkSource.silent_since.is_(None) if was is None else (UplinkSource.silent_since == was)
    )
    changed = await session.scalar(
        update(UplinkSource)
        .where(UplinkSource.name == name, before)
        .values(silent_since=since)
        .returning(UplinkSource.name)
    )
    return changed is not None


async def old_content(session: AsyncSession, before: datetime, most: int) -> Sequence[int]:
    """Return what was worked off, came before a time and still has its content."""
    query = select(RawUplink.id).where(
        RawUplink.received_at < before, RawUplink.stage != NEW, func.length(RawUplink.body) > 0
    )
    return (await session.scalars(query.order_by(RawUplink.received_at).limit(most))).all()


async def old_rows(session: AsyncSession, before: datetime, most: int) -> Sequence[int]:
    """Return what was worked off and came before a time."""
    query = select(RawUplink.id).where(RawUplink.received_at < before, RawUplink.stage != NEW)
    return (await session.scalars(query.order_by(RawUplink.received_at).limit(most))).all()


async def empty(session: AsyncSession, ids: Collection[int]) -> None:
    """Empty the content of messages; the rows stay, against repeats."""
    await session.execute(update(RawUplink).where(RawUplink.id.in_(ids)).values(body=b""))


async def remove(session: AsyncSession, ids: Collection[int]) -> None:
    """Delete messages."""
    await session.execute(delete(RawUplink).where(RawUplink.id.in_(ids)))


async def recorded(
    session: AsyncSession, source: str | None, since: datetime, after: int, many: int
) -> Sequence[Row[int, datetime, str, str, bytes]]:
    """Return messages that still have their content, in the order in which they came."""
    query = select(
        RawUplink.id, RawUplink.received_at, RawUplink.event, RawUplink.form, RawUplink.body
    ).where(RawUplink.received_at >= since, RawUplink.id > after, func.length(RawUplink.body) > 0)
    if source is not None:
        query = query.where(RawUplink.source == source)
    return (await session.execute(query.order_by(RawUplink.id).limit(many))).all()
