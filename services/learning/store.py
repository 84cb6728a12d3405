"""Queries on questions; the only place of this feature that writes SQL."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.db import insert_new
from services.learning.model import (
    REVISION_ROW,
    AskedQuestion,
    Signal,
    State,
    TaughtRevision,
)

REVISION = select(TaughtRevision.revision).where(TaughtRevision.id == REVISION_ROW)
SAME = (AskedQuestion.text, AskedQuestion.entry_id, AskedQuestion.signal)
"""What makes two open questions one for staff."""
WAITS = and_(AskedQuestion.state == State.OPEN, AskedQuestion.signal != Signal.OPEN)


async def put(session: AsyncSession, **columns: Any) -> int:
    """Note a question; return its number."""
    row = insert_new(session, AskedQuestion).values(**columns, state=State.OPEN, count=1)
    number: int = (await session.execute(row.returning(AskedQuestion.id))).scalar_one()
    return number


async def entry_of(session: AsyncSession, number: int, today: date) -> str | None:
    """Return what was answered or chosen; None when a press comes too late."""
    query = select(AskedQuestion.entry_id).where(*_pressable(number, today))
    return (await session.scalars(query)).first()


async def press(session: AsyncSession, number: int, today: date, **columns: Any) -> None:
    """Note what a person did with the answer of today; the last press counts."""
    await session.execute(
        update(AskedQuestion)
        .where(*_pressable(number, today))
        .values(**columns)
        .execution_options(synchronize_session=False)
    )


def _pressable(number: int, today: date) -> tuple[ColumnElement[bool], ...]:
    """Older questions may stand for many people: one press must not change all of them."""
    return (
        AskedQuestion.id == number,
        AskedQuestion.state == State.OPEN,
        AskedQuestion.created_at == today,
    )


def _settled() -> ColumnElement[bool]:
    """Whether staff have decided about the text, and nothing speaks against what they said."""
    decided = aliased(AskedQuestion)
    agrees = and_(
        AskedQuestion.entry_id.in_(("", decided.entry_id)),
        AskedQuestion.signal != Signal.THUMB_DOWN,
    )
    return exists().where(
        decided.text == AskedQuestion.text,
        decided.state != State.OPEN,
        or_(decided.state == State.REJECTED, agrees),
    )


def _grouped(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return equal questions as one, with how often they came."""
    grouped: Select[*tuple[Any, ...]] = (
        select(
            func.min(AskedQuestion.id).label("id"),
            *SAME,
            func.min(AskedQuestion.language).label("language"),
            func.min(AskedQuestion.decision).label("decision"),
            func.sum(AskedQuestion.count).label("count"),
        )
        .where(WAITS, *conditions)
        .group_by(*SAME)
    )
    return grouped


async def waiting(
    session: AsyncSession, *, page: int, size: int
) -> tuple[int, Sequence[Row[Any]]]:
    """Return how many different questions wait, and a page of them, the most counted first."""
    found = _grouped(~_settled()).subquery()
    total = (await session.scalar(select(func.count()).select_from(found))) or 0
    ordered = select(found).order_by(found.c.count.desc(), found.c.id.desc())
    rows = await session.execute(ordered.limit(size).offset(page * size))
    return total, rows.all()


async def unanswered(session: AsyncSession, most: int) -> Sequence[Row[Any]]:
    """Return the questions that found nothing, the most counted first."""
    found = _grouped(AskedQuestion.signal == Signal.UNANSWERED, ~_settled()).subquery()
    ordered = select(found).order_by(found.c.count.desc(), found.c.id.desc())
    return (await session.execute(ordered.limit(most))).all()


async def lock(
    session: AsyncSession, number: int, *, before: date | None = None
) -> AskedQuestion | None:
    """Return a question as it is now, and keep others from deciding about its text meanwhile.

    With a day, questions asked from that day on are left to those who asked them.
    """
    text = select(AskedQuestion.text).where(AskedQuestion.id == number).scalar_subquery()
    query = select(AskedQuestion).where(AskedQuestion.text == text)
    if before is not None:
        mine = or_(AskedQuestion.created_at < before, AskedQuestion.state != State.OPEN)
        query = query.where(mine)
    rows = await session.scalars(
        query.order_by(AskedQuestion.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return next((row for row in rows if row.id == number), None)


async def decided(session: AsyncSession, text: str) -> AskedQuestion | None:
    """Return what staff said about a text before."""
    query = select(AskedQuestion).where(
        AskedQuestion.text == text, AskedQuestion.state != State.OPEN
    )
    return (await session.scalars(query)).first()


async def gather(session: AsyncSession, row: AskedQuestion, *, before: date | None = None) -> None:
    """Take into a row what was asked in the same words; questions still open today stay.

    With a day: only what is equal and older, since the buttons of that day still mean one person.
    """
    same = [WAITS, AskedQuestion.text == row.text, AskedQuestion.id != row.id]
    if before is not None:
        same += [
            AskedQuestion.entry_id == row.entry_id,
            AskedQuestion.signal == row.signal,
            AskedQuestion.created_at < before,
        ]
    gone = await session.scalars(delete(AskedQuestion).where(*same).returning(AskedQuestion.count))
    row.count += sum(gone.all())
    await session.flush()


async def repeated(session: AsyncSession, today: date, most: int) -> Sequence[int]:
    """Return questions of earlier days that came several times or are settled, oldest first."""
    number = func.min(AskedQuestion.id)
    query = (
        select(number)
        .where(WAITS, AskedQuestion.created_at < today)
        .group_by(*SAME)
        .having(or_(func.count() > 1, func.max(case((_settled(), 1), else_=0)) == 1))
        .order_by(number)
        .limit(most)
    )
    return (await session.scalars(query)).all()


async def is_settled(session: AsyncSession, number: int) -> bool:
    """Whether a question says again what staff have decided about."""
    query = select(AskedQuestion.id).where(AskedQuestion.id == number, _settled())
    return (await session.scalar(query)) is not None


async def forget(session: AsyncSession, *, unsignalled: date, kept: date) -> int:
    """Delete what nobody said anything to before a day; later what waited or was rejected."""
    gone = await session.scalars(
        delete(AskedQuestion)
        .where(
            or_(
                and_(
                    AskedQuestion.state == State.OPEN,
                    AskedQuestion.signal == Signal.OPEN,
                    AskedQuestion.created_at < unsignalled,
                ),
                and_(AskedQuestion.state != State.RELEASED, AskedQuestion.created_at < kept),
            )
        )
        .returning(AskedQuestion.id)
    )
    return len(gone.all())


async def revision(session: AsyncSession) -> int:
    """Return the number of changes of the examples so far."""
    return (await session.scalar(REVISION)) or 0


async def next_revision(session: AsyncSession) -> None:
    """Tell every process that the examples changed."""
    row = insert_new(session, TaughtRevision).values(id=REVISION_ROW, revision=1)
    counted = {"revision": TaughtRevision.revision + 1}
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=counted))


async def examples(session: AsyncSession) -> Sequence[Row[str, str, str]]:
    """Return entry, language and text of every released question, in a fixed order."""
    query = select(AskedQuestion.entry_id, AskedQuestion.language, AskedQuestion.text)
    query = query.where(AskedQuestion.state == State.RELEASED)
    return (await session.execute(query.order_by(AskedQuestion.entry_id, AskedQuestion.id))).all()


async def released(
    session: AsyncSession, *, page: int, size: int
) -> tuple[int, Sequence[AskedQuestion]]:
    """Return how many examples were released, and a page of them, the newest first."""
    is_released = AskedQuestion.state == State.RELEASED
    total = select(func.count()).select_from(AskedQuestion).where(is_released)
    query = select(AskedQuestion).where(is_released)
    ordered = query.order_by(AskedQuestion.decided_at.desc(), AskedQuestion.id.desc())
    rows = await session.scalars(ordered.limit(size).offset(page * size))
    return (await session.scalar(total)) or 0, rows.all()
