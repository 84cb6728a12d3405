"""Queries on the inbox; plain statements, since every update passes here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.inbox.model import DONE, FAILED, NEW, OPEN, InboxUpdate
from services.inbox.statements import (
    CLAIM,
    CLAIM_WITHOUT,
    FINISH,
    FIRST,
    INBOX,
    PUT_ALL,
    PUT_EACH,
    RECEIVED,
    WAITING,
    claimed,
)

New = tuple[int, int, str]
"""update_id, person_id, body."""
Waiting = Row[int, int, str, datetime, int, datetime]
"""update_id, person_id, body, received_at, attempts, not_before."""
IS_OPEN = InboxUpdate.state == OPEN


@dataclass(frozen=True)
class Received:
    """How many updates came within a time: of each person, and of all together."""

    of_person: Mapping[int, int]
    overall: int


async def put(session: AsyncSession, updates: Sequence[New], now: datetime) -> None:
    """Store updates in one statement; those already known are left as they are."""
    connection = await session.connection()  # past the ORM, which would look at every row
    if connection.dialect.name == "sqlite":
        rows = [
            {"u": number, "p": person, "b": body, "now": now} for number, person, body in updates
        ]
        await connection.execute(PUT_EACH, rows)
        return
    numbers, people, bodies = zip(*updates, strict=True)
    arrays = {"numbers": list(numbers), "people": list(people), "bodies": list(bodies)}
    await connection.execute(PUT_ALL, {**arrays, "now": now})


async def count_open(session: AsyncSession, most: int) -> int:
    """Count what waits, but not further than `most`."""
    some = select(InboxUpdate.update_id).where(IS_OPEN).limit(most).subquery()
    return (await session.scalar(select(func.count()).select_from(some))) or 0


async def claim(
    session: AsyncSession, now: datetime, *, people: int, without: Collection[int] = ()
) -> Sequence[int]:
    """Return people whose first open update is due, and keep others away from them.

    On PostgreSQL two locks do that, and both end with the transaction or its connection. The one
    on the row: what another worker has just done is not done again. The one on the person: an
    earlier update may arrive while a later one is being handled. SQLite has one writer anyway.
    """
    dialect, values = session.get_bind().dialect.name, {"now": now, "people": people}
    if not without:
        return (await session.scalars(CLAIM[dialect], values)).all()
    values["without"] = list(without)
    return (await session.scalars(CLAIM_WITHOUT[dialect], values)).all()


async def waiting(
    session: AsyncSession, people: Collection[int], *, limit: int
) -> Sequence[Waiting]:
    """Return the open updates of people in their order, locked until the transaction ends."""
    return (await session.execute(WAITING, {"people": list(people), "most": limit})).all()


async def claim_one(session: AsyncSession, now: datetime, update_id: int) -> Waiting | None:
    """Claim a person's first open update, if it is this one; see `claim`."""
    first = FIRST.where(INBOX.c.update_id == update_id)
    query = first if session.get_bind().dialect.name == "sqlite" else claimed(first)
    people = (await session.scalars(query, {"now": now, "people": 1})).all()
    return next(iter(await waiting(session, people, limit=1)), None) if people else None


async def finish(session: AsyncSession, update_ids: Collection[int]) -> set[int]:
    """Mark updates as done; return those that were open."""
    return set(await session.scalars(FINISH, {"update_ids": list(update_ids)}))


async def postpone(
    session: AsyncSession, update_id: int, *, tried: int, failed: bool, **values: object
) -> bool:
    """Note another failed attempt; False when somebody else has handled or noted it meanwhile."""
    noted = await session.scalar(
        update(InboxUpdate)
        .where(InboxUpdate.update_id == update_id, IS_OPEN, InboxUpdate.attempts == tried)
        .values(attempts=tried + 1, state=FAILED if failed else NEW, **values)
        .returning(InboxUpdate.update_id)
    )
    return noted is not None


async def set_aside(
    session: AsyncSession,
) -> Sequence[Row[int, datetime, int, str | None]]:
    """Return what was given up and still has its content, the oldest first."""
    query = select(
        InboxUpdate.update_id, InboxUpdate.received_at, InboxUpdate.attempts, InboxUpdate.number
    ).where(InboxUpdate.state == FAILED, InboxUpdate.body != "")
    return (await session.execute(query.order_by(InboxUpdate.update_id))).all()


async def open_again(session: AsyncSession, now: datetime, update_id: int | None) -> int:
    """Put back what was given up and still has its content, or one of them; return how many."""
    again = (
        update(InboxUpdate)
        .where(InboxUpdate.state == FAILED, InboxUpdate.body != "")
        .values(state=NEW, attempts=0, not_before=now, number=None)
        .returning(InboxUpdate.update_id)
    )
    if update_id is not None:
        again = again.where(InboxUpdate.update_id == update_id)
    return len((await session.scalars(again)).all())


async def previous(
    session: AsyncSession, update_id: int, person_id: int
) -> Row[int, datetime] | None:
    """Return number and time of the update a person sent before this one."""
    query = (
        select(InboxUpdate.update_id, InboxUpdate.received_at)
        .where(InboxUpdate.person_id == person_id, InboxUpdate.update_id < update_id)
        .order_by(InboxUpdate.update_id.desc())
        .limit(1)
    )
    return (await session.execute(query)).first()


async def received(
    session: AsyncSession, *, since: datetime, until_update: int, person_id: int | None = None
) -> int:
    """Count updates since a time, up to and with one of them; of one person, or of all."""
    query = select(func.count()).where(
        InboxUpdate.received_at > since, InboxUpdate.update_id <= until_update
    )
    if person_id is not None:
        query = query.where(InboxUpdate.person_id == person_id)
    return (await session.scalar(query)) or 0


async def received_by_all(
    session: AsyncSession,
    people: Collection[int],
    *,
    since: datetime,
    until_update: int,
    most: int,
) -> Received:
    """Count updates of these people, and of all together but not further than `most`."""
    span = {"since": since, "until_update": until_update}
    values = {**span, "people": list(people), "most": most}
    rows = (await session.execute(RECEIVED, values)).all()
    return Received({row[0]: row[1] for row in rows}, rows[0][2] if rows else 0)


async def forget(session: AsyncSession, before: datetime) -> int:
    """Empty the bodies of processed updates received before a time; return how many."""
    result = await session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.state != NEW, InboxUpdate.received_at < before, InboxUpdate.body != "")
        .values(body="", person_id=0)
        .returning(InboxUpdate.update_id)
    )
    return len(result.all())


async def forget_numbers(session: AsyncSession, before: datetime) -> None:
    """Delete the rows of processed updates received before a time."""
    await session.execute(
        delete(InboxUpdate).where(InboxUpdate.state != NEW, InboxUpdate.received_at < before)
    )


async def forget_person(
    session: AsyncSession, person_id: int, states: Collection[str] = (NEW, DONE, FAILED)
) -> int:
    """Empty everything a person sent; the numbers of the updates stay, against repeats.

    What was not worked off yet never will be: there is nothing left of it.
    """
    result = await session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.person_id == person_id, InboxUpdate.state.in_(states))
        .values(body="", person_id=0, state=DONE)
        .returning(InboxUpdate.update_id)
    )
    return len(result.all())


async def of_person(session: AsyncSession, person_id: int) -> Sequence[Row[datetime, str]]:
    """Return what a person sent and is still kept."""
    query = select(InboxUpdate.received_at, InboxUpdate.body).where(
        InboxUpdate.person_id == person_id
    )
    return (await session.execute(query.order_by(InboxUpdate.update_id))).all()
