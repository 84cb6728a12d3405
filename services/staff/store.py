"""Queries on staff; the only place of this feature that writes SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.chats.model import Chat, State
from services.staff.model import EnrolmentCode, StaffMember, StaffRole


async def of_chat(session: AsyncSession, chat_id: int) -> StaffMember | None:
    """Return the staff member of a chat."""
    return await session.scalar(select(StaffMember).where(StaffMember.chat_id == chat_id))


async def roles_of(session: AsyncSession, chat_id: int) -> Sequence[StaffRole]:
    """Return all roles of a chat, also ended and future ones."""
    query = select(StaffRole).join(StaffMember, StaffMember.id == StaffRole.staff_id)
    mine = query.where(StaffMember.chat_id == chat_id).order_by(StaffRole.id)
    return (await session.scalars(mine)).all()


async def active_roles(
    session: AsyncSession, now: datetime, *, reachable: bool
) -> Sequence[tuple[StaffMember, StaffRole]]:
    """Return every role that holds now, with its member; on request only of reachable chats."""
    query = (
        select(StaffMember, StaffRole)
        .join(StaffRole, StaffRole.staff_id == StaffMember.id)
        .join(Chat, Chat.id == StaffMember.chat_id)
        .where(
            StaffRole.valid_from <= now,
            StaffRole.valid_until.is_(None) | (StaffRole.valid_until > now),
        )
        .order_by(StaffMember.id, StaffRole.id)
    )
    if reachable:
        query = query.where(Chat.state == State.ACTIVE)
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def use_code(session: AsyncSession, digest: str, now: datetime) -> EnrolmentCode | None:
    """Mark a code as used; None when it is unknown, used or expired. Only one caller wins."""
    return await session.scalar(
        update(EnrolmentCode)
        .where(
            EnrolmentCode.digest == digest,
            EnrolmentCode.used_at.is_(None),
            EnrolmentCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(EnrolmentCode)
    )


def _not_ended(staff_id: int, now: datetime) -> ColumnElement[bool]:
    return (StaffRole.staff_id == staff_id) & (
        StaffRole.valid_until.is_(None) | (StaffRole.valid_until > now)
    )


async def open_roles(session: AsyncSession, staff_id: int, now: datetime) -> Sequence[StaffRole]:
    """Return the roles of a member that hold now or will."""
    return (await session.scalars(select(StaffRole).where(_not_ended(staff_id, now)))).all()


async def end_roles(session: AsyncSession, staff_id: int, now: datetime) -> int:
    """End every role of a member that holds or will; return how many."""
    result = await session.scalars(
        update(StaffRole)
        .where(_not_ended(staff_id, now))
        .values(valid_until=now)
        .returning(StaffRole.id)
    )
    return len(result.all())


async def end_codes(session: AsyncSession, staff_id: int, now: datetime) -> None:
    """Let the unused codes expire that a member gave out."""
    await session.execute(
        update(EnrolmentCode)
        .where(
            EnrolmentCode.created_by == staff_id,
            EnrolmentCode.used_at.is_(None),
            EnrolmentCode.expires_at > now,
        )
        .values(expires_at=now)
    )
